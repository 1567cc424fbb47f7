"""What the walk through all scenes looks for is found where it is planted; and what a screen reader is told at once."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos_app.checkout.events import LatestView, StoryView
from pos_app.checkout.views import Stage
from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.label import Label
from pos_app.ui.widgets.pages import Pages
from pos_app.ui.widgets.text_field import TextField
from pos_app.words import same
from tests.ui import samples
from tests.ui.conftest import OpenScene
from tests.ui.gallery import SCENES
from tests.ui.reached import faint_labels, lost_by_tab, nameless, shows_focus


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.setStyleSheet("background: #FFFFFF; color: #141A22;")
    qtbot.addWidget(made)
    QVBoxLayout(made)
    return made


def shown(qtbot: QtBot, window: QWidget, *widgets: QWidget) -> QWidget:
    layout = window.layout()
    assert layout is not None
    for widget in widgets:
        layout.addWidget(widget)
    with qtbot.waitActive(window):
        window.show()
    return window


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_faint_words_are_found(qtbot: QtBot, window: QWidget) -> None:
    plain, faint = QLabel("185.000"), QLabel("Bàn 5")
    faint.setStyleSheet("color: #B4BECB;")
    picture = shown(qtbot, window, plain, faint).grab().toImage()
    assert faint_labels(window, picture) == ["faint: Bàn 5, #b4becb on #ffffff"]


class Trap(TextField):
    """With a focus proxy Tab turns back at the field, and nothing behind it can be had by keys."""

    def __init__(self) -> None:
        super().__init__(Look(), same("name"))
        self.setFocusProxy(self.edit)


@pytest.mark.qt_log_ignore("propagateSizeHints")
@pytest.mark.parametrize(("field", "lost"), [(Trap, True), (lambda: TextField(Look(), same("name")), False)])
def test_what_tab_passes_is_found(
    qtbot: QtBot,
    window: QWidget,
    field: Callable[[], TextField],
    lost: bool,
) -> None:
    page = QWidget()
    column = QVBoxLayout(page)
    for widget in (QPushButton("first"), field(), QPushButton("second"), QPushButton("third")):
        column.addWidget(widget)
    pages = Pages(Look())
    shown(qtbot, window, QPushButton("head"), pages, QPushButton("foot"))
    pages.turn_to(page)
    page.setFocus()
    assert bool(lost_by_tab(window)) is lost


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_keys_that_are_not_seen_and_buttons_without_a_name_are_found(qtbot: QtBot, window: QWidget) -> None:
    silent, plain = QPushButton(""), QLabel("185.000")
    plain.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field = TextField(Look(), same("name"))
    shown(qtbot, window, silent, plain, field)
    assert len(nameless(window)) >= 1
    assert not shows_focus(plain)
    assert shows_focus(field.edit)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What a screen reader was told at once."""
    told: list[str] = []

    def update(event: object) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            assert event.politeness() is QAccessible.AnnouncementPoliteness.Assertive
            told.append(event.message().replace("\u00a0", " "))

    monkeypatch.setattr(QAccessible, "updateAccessibility", staticmethod(update))
    QAccessible.setActive(True)
    yield told
    QAccessible.setActive(False)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("02b-standing", "185.000 ₫"),
        ("04-paid", "Đã thanh toán. 185.000 ₫. "),
        ("05-declined", "Chưa thu được tiền. Số dư không đủ. "),
        ("06-unknown", "Chưa rõ kết quả. ĐỪNG thu lại. "),
        ("13d-news", "185.000 ₫: Đã thu"),
        ("17h-declined", "Chưa hoàn tiền. Quá hạn hoàn tiền. "),
        ("17i-unknown", "Chưa rõ kết quả. ĐỪNG hoàn lại. "),
        ("40b-wrong", "PIN không đúng. Chờ 8 giây rồi nhập lại."),
    ],
)
def test_results_and_refusals_are_told_at_once(open_scene: OpenScene, heard: list[str], name: str, said: str) -> None:
    SCENES[name](open_scene((1024, 768)))
    assert [one for one in heard if one.startswith(said)], heard
    assert len(heard) == len(set(heard)), "the same is told twice"


def test_an_answer_that_changes_under_the_eyes_is_told(open_scene: OpenScene, heard: list[str]) -> None:
    scene = open_scene((1024, 768))
    SCENES["15b-unknown"](scene)
    heard.clear()
    chosen = samples.LATEST[2]
    paid = StoryView(replace(chosen.payment, stage=Stage.PAID, to_customer=samples.WATCHED.to_customer), chosen.lines)
    scene.bridge.post(LatestView((*samples.LATEST[:2], paid, *samples.LATEST[3:])))
    assert [one for one in heard if one.startswith("Đã thanh toán. 68.000 ₫. ")], heard


def test_seconds_that_run_are_not_told_each(open_scene: OpenScene, heard: list[str]) -> None:
    scene = open_scene((1024, 768))
    label = Label(scene.look, Role.BODY, ink="red_text")
    label.setParent(scene.window)
    label.show()
    for second in (3, 2, 1):
        label.show_text(f"Chờ {second} giây")
    assert heard == ["Chờ 3 giây"]
