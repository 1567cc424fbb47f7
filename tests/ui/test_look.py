"""Colours that can be read, icons for every name used, language and theme that change completely."""

import ast
import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QFontMetricsF
from PySide6.QtWidgets import QApplication

from pos_app.checkout.views import Stage
from pos_app.resources import resource
from pos_app.ui.icons import icon
from pos_app.ui.signs import SIGNS
from pos_app.ui.sounds import Sound
from pos_app.ui.theme import SIZES, TOKENS, Role, Theme, size_for, style_sheet
from pos_app.words import Language
from tests.ui import samples
from tests.ui.conftest import OpenScene
from tests.ui.seen import contrast

READ = (
    ("text", "bg"), ("text", "surface"), ("text", "sunk"), ("text2", "bg"), ("text2", "surface"), ("text2", "sunk"),
    ("text", "accent_soft"), ("text2", "accent_soft"), ("text", "red_soft"), ("text2", "red_soft"),
    ("text", "amber_soft"), ("text2", "amber_soft"), ("on_accent", "accent"), ("accent_text", "accent_soft"),
    ("accent_text", "surface"), ("on_green", "green"), ("green_text", "green_soft"), ("green_text", "surface"),
    ("green_text", "accent_soft"), ("on_amber", "amber"), ("amber_text", "amber_soft"), ("amber_text", "surface"),
    ("text", "pressed"), ("text2", "pressed"), ("accent_text", "pressed"),
    ("on_red", "red"), ("red_text", "red_soft"), ("red_text", "surface"), ("on_camera", "camera"), ("found", "camera"),
)  # fmt: skip
SEEN = (("edge", "bg"), ("edge", "surface"), ("accent", "surface"), ("green_text", "sunk"), ("red", "red_soft"))


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize(("ink", "ground"), READ)
def test_texts_can_be_read(theme: Theme, ink: str, ground: str) -> None:
    """WCAG AA; AAA where strong contrast is wanted."""
    assert contrast(TOKENS[theme], ink, ground) >= (7 if theme is Theme.CONTRAST else 4.5)


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize(("line", "ground"), SEEN)
def test_edges_and_signs_are_seen(theme: Theme, line: str, ground: str) -> None:
    assert contrast(TOKENS[theme], line, ground) >= (4.5 if theme is Theme.CONTRAST else 3)


@pytest.mark.parametrize("theme", list(Theme))
def test_style_sheet_names_only_known_tokens(theme: Theme) -> None:
    assert "@" not in style_sheet(TOKENS[theme])


@pytest.mark.parametrize(
    ("width", "name"), [(800, 1024), (1024, 1024), (1365, 1024), (1366, 1366), (1919, 1366), (3840, 1920)]
)
def test_size_by_width(width: int, name: int) -> None:
    assert size_for(width).name == name


def test_figures_are_plex_and_of_one_width(qapp: QApplication) -> None:
    for size in SIZES:
        font = size.font(Role.AMOUNT)
        assert QFontInfo(font).family() == "IBM Plex Sans"
        assert len({round(QFontMetricsF(font).horizontalAdvance(digit), 2) for digit in "0123456789"}) == 1
        assert QFontInfo(size.font(Role.BODY)).family() == "Be Vietnam Pro"


@pytest.mark.parametrize("file", sorted(resource("icons").glob("*.svg")), ids=lambda file: file.stem)
def test_icons_take_the_colour(qapp: QApplication, file: Path) -> None:
    image = icon(file.stem, "#FF0000", 48).toImage()
    inks = {
        image.pixelColor(x, y).name() for x in range(48) for y in range(48) if image.pixelColor(x, y).alpha() == 255
    }
    assert inks == {"#ff0000"}


def test_every_sign_has_its_icon_and_every_sound_its_file() -> None:
    assert set(SIGNS) == set(Stage)
    for sign in SIGNS.values():
        assert resource("icons", f"{sign.icon}.svg").is_file()
    for line in samples.STORY:
        assert resource("icons", f"{line.icon}.svg").is_file()
    for sound in Sound:
        assert resource("sounds", f"{sound.value}.wav").is_file()


def vietnamese_outside_texts(tree: ast.AST) -> list[str]:
    """Literals with Vietnamese letters that are no argument of `Text(…)` and no docstring."""
    excused: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Text", "same"}:
            excused |= {id(one) for one in ast.walk(node)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            excused.add(id(node.value))
    return [
        node.value for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in excused
        and VIETNAMESE.search(node.value)
    ]  # fmt: skip


VIETNAMESE = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹàáãèéìíòóõùúýĩũ]", re.IGNORECASE)
ROOT = resource().parent


ROOMS = ("ui", "cli", "checkout", "receipts", "reports", "doctor", "keys", "staff", "shifts", "updates")
"""Where people are spoken to; the built-in gateway speaks as the real ones do, in their language."""
NO_WORDS = ("đ", "Đ", "ĂăĐđĨĩŨũƠơƯư", "Ạ", "ỹ", "\\s*(?:đồng|vnđ|vnd|₫|đ)\\.?\\s*", "[ ,]+(?:ngày )?")
"""Letters, and what is read from a file."""
PAIRED = {"ngày", "giờ", "phút", "có", " hoàn "}
"""Vietnamese halves whose English stands beside them."""


def test_no_word_stands_in_one_language_only() -> None:
    found = {
        file.stem: words
        for room in ROOMS
        for file in sorted((ROOT / "pos_app" / room).rglob("*.py"))
        if (words := set(vietnamese_outside_texts(ast.parse(file.read_text(encoding="utf-8")))) - PAIRED - {*NO_WORDS})
    }
    assert found == {}


def test_a_word_in_one_language_would_be_found() -> None:
    tree = ast.parse('"""Đây là mô tả"""\nLabel("Hủy")\nText("Hủy", "Cancel")')
    assert vietnamese_outside_texts(tree) == ["Hủy"]


def test_help_switches_language_and_theme_and_has_it_remembered(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.press(Qt.Key.Key_F1)
    scene.window.screens.help._languages[Language.EN].click()
    scene.window.screens.help._themes[Theme.DARK].click()
    assert scene.till.calls[-2:] == ["prefer en light 100", "prefer en dark 100"]
    assert TOKENS[Theme.DARK].bg in scene.window.styleSheet()
    scene.press(Qt.Key.Key_F1)
    assert scene.window.screens.currentWidget() is scene.window.sale


def test_the_help_uses_the_room_of_a_wide_screen(open_scene: OpenScene) -> None:
    scene = open_scene((1920, 1080))
    scene.press(Qt.Key.Key_F1)
    QApplication.processEvents()
    help_screen = scene.window.screens.help
    assert all(label.role is Role.DETAIL for label in help_screen._details)
    scene.window.resize(1024, 768)
    QApplication.processEvents()
    assert all(label.role is Role.BODY for label in help_screen._details)


def test_tab_goes_from_the_amount_to_the_stage(open_scene: OpenScene) -> None:
    """Stages are made late; Tab reaches them in their place all the same."""
    scene = open_scene()
    scene.charge(samples.DECLINED)
    reached = []
    for _ in range(2):
        scene.press(Qt.Key.Key_Tab)
        widget = scene.window.focusWidget()
        assert widget is not None
        reached.append(widget.accessibleName().replace("\u00a0", " "))
    assert reached == ["Thử lại 185.000 ₫", "Sửa số tiền"]
