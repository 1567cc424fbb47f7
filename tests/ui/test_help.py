"""F1 tells of the screen on which it is pressed: what it means, what to do, which keys it has; Esc goes back there."""

from functools import cached_property
from pathlib import Path

import pypdf
import pytest
from PIL import Image as Picture
from PIL import ImageChops, ImageStat
from PySide6.QtCore import QStandardPaths, Qt

from pos_app.cli import main
from pos_app.reports.guide import PICTURES, picture_file
from pos_app.ui.all_screens import _OTHERS
from pos_app.ui.screens.help_topics import OTHER, SCREENS, STAGES
from pos_app.ui.screens.sale_stages import SaleStages
from pos_app.ui.widgets.button import KeyCap
from pos_app.words import Language
from tests.ui import samples
from tests.ui.conftest import OpenScene
from tests.ui.gallery import SCENES, SIZES, Scene
from tests.ui.guide_pictures import draw


def told(scene: Scene) -> tuple[set[str], list[str]]:
    words = scene.words()
    return words, [cap.text() for cap in scene.window.screens.help.findChildren(KeyCap) if cap.isVisible()]


def test_nothing_is_left_without_a_word() -> None:
    """A new stage or screen says in `help_topics` what it means."""
    stages = {name for name, made in vars(SaleStages).items() if isinstance(made, cached_property)}
    assert stages | {"ready"} == set(STAGES)
    assert set(_OTHERS) - {"help", "lock"} == set(SCREENS)
    for topic in (*STAGES.values(), *SCREENS.values(), OTHER):
        assert 1 <= len(topic.todo) <= 3


@pytest.mark.parametrize(
    ("name", "stage", "caps"),
    [
        ("01-ready", "ready", {"0–9", "Enter", "F3"}),
        ("02b-standing", "waiting", {"F2", "F8", "Esc"}),
        ("03b-processing", "processing", {"F2", "Esc"}),
        ("04-paid", "paid", {"Enter", "F9"}),
        ("05-declined", "declined", {"Enter", "F2", "Esc"}),
        ("06-unknown", "unknown", {"Enter", "F9"}),
        ("07-customer-scans", "customer_scans", {"F2", "F8", "Esc"}),
    ],
)
def test_f1_tells_of_the_stage_and_of_its_keys(open_scene: OpenScene, name: str, stage: str, caps: set[str]) -> None:
    scene = open_scene(language=Language.EN, place=samples.DEMO)
    SCENES[name](scene)
    scene.words()
    scene.press(Qt.Key.Key_F1)
    words, shown = told(scene)
    topic = STAGES[stage]
    assert {topic.title.en, topic.meaning.en, *(text.en for text in topic.todo)} <= words
    assert caps <= set(shown)
    assert len(shown) == len(set(shown))
    if stage == "unknown":
        assert "F2" not in shown


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_the_help_names_the_ways_to_doctor_staff_and_settings(open_scene: OpenScene, size: tuple[int, int]) -> None:
    scene = open_scene(size)
    scene.press(Qt.Key.Key_F1)
    assert {"Kiểm tra máy", "Nhân viên", "Cài đặt", "Quay lại"} <= set(scene.buttons())


def test_esc_and_f1_go_back_to_what_it_was_about(open_scene: OpenScene) -> None:
    scene = open_scene()
    for key in (Qt.Key.Key_F1, Qt.Key.Key_Escape):
        scene.press(Qt.Key.Key_F3)
        scene.press(Qt.Key.Key_F1)
        assert SCREENS["payments"].title.vi in told(scene)[0]
        scene.press(key)
        assert scene.window.on("payments")
        scene.press(Qt.Key.Key_Escape)
        assert scene.window.on("sale")


def test_help_does_not_lead_back_to_where_somebody_was_to_sign(open_scene: OpenScene) -> None:
    scene = open_scene()
    SCENES["18-approve-paid"](scene)
    scene.press(Qt.Key.Key_F1)
    assert SCREENS["approval"].title.vi in told(scene)[0]
    scene.press(Qt.Key.Key_F1)
    assert scene.window.on("sale")


@pytest.mark.parametrize(("language", "says"), [("vi", "ĐỪNG thu lại"), ("en", "do NOT charge again")])
def test_the_guide_has_two_pages_whose_words_are_found(tmp_path: Path, language: str, says: str) -> None:
    assert main(["guide", "--out", str(tmp_path / "guide.pdf"), "--language", language]) == 0
    pages = pypdf.PdfReader(tmp_path / "guide.pdf").pages
    assert len(pages) == 2
    assert says in pages[1].extract_text()
    assert sum(len(page.images) for page in pages) == len(PICTURES)


def test_the_guide_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    assert main(["guide", "--out", str(tmp_path / "nowhere" / "guide.pdf")]) == 2


def test_the_help_saves_the_guide(open_scene: OpenScene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _which: str(tmp_path))
    scene = open_scene()
    scene.press(Qt.Key.Key_F1)
    scene.buttons()["Lưu hướng dẫn 2 trang (PDF)"].click()
    (saved,) = tmp_path.glob("*.pdf")
    assert f"Đã ghi {saved}" in scene.words()


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_of_the_guide_show_the_screens_as_they_are(open_scene: OpenScene, name: str) -> None:
    """Drawn anew by `python -m tests.ui.guide_pictures` after a screen changed."""
    for language in Language:
        with Picture.open(picture_file(name, language)) as kept:
            assert difference(draw(name, language), kept.convert("RGB")) < 3
    assert difference(draw(name, Language.VI), draw(name, Language.EN)) > 0.5


def difference(first: Picture.Image, second: Picture.Image) -> float:
    """Mean of a colour's distance, 0 to 255."""
    assert first.size == second.size
    return sum(ImageStat.Stat(ImageChops.difference(first, second)).mean) / 3
