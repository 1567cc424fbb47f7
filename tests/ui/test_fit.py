"""Nothing is cut, nothing overlaps, in any state, size and language; and the window never needs to scroll."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from pos_app.ui.look import Look
from pos_app.ui.theme import TEXT_SIZES, Role, Theme
from pos_app.ui.widgets.head import Popover
from pos_app.ui.widgets.label import FitLabel, Label
from pos_app.words import Language
from tests.ui import samples
from tests.ui.conftest import OpenScene
from tests.ui.gallery import SCENES, SIZES


def place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())


def seen(widget: QWidget, window: QWidget) -> QRect:
    """As `place`, without what is scrolled out of sight."""
    part = widget.visibleRegion().boundingRect()
    return QRect(widget.mapTo(window, part.topLeft()), part.size())


def cut(label: QLabel) -> bool:
    if isinstance(label, FitLabel):
        return QFontMetrics(label.font()).horizontalAdvance(label.text()) > label.width()
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height()
    need = label.minimumSizeHint()
    return need.width() > label.width() or need.height() > label.height()


def test_a_cut_label_would_be_found(qapp: QApplication) -> None:
    look = Look()
    for wrap in (False, True):
        label = Label(look, Role.TITLE, "Mời khách đưa mã thanh toán", wrap=wrap)
        label.resize(label.sizeHint())
        assert not cut(label)
        label.resize(label.width() // 3, label.height())
        assert cut(label)


def in_a_scroll_area(widget: QWidget, window: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and parent is not window:
        if parent.objectName() == "qt_scrollarea_viewport":
            return True
        parent = parent.parentWidget()
    return False


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_a_long_store_name_gives_way_to_lights_and_counter(
    open_scene: OpenScene, qapp: QApplication, size: tuple[int, int]
) -> None:
    name = "Siêu thị tiện lợi Hoàng Gia, chi nhánh Nguyễn Thị Minh Khai"
    scene = open_scene(size, place=samples.DEMO._replace(store=name, cashier="Nguyễn Thị Thanh Hằng"))
    SCENES["13-trouble"](scene)
    scene.bridge.post(replace(samples.PAID, late=True))
    qapp.processEvents()
    head = scene.window.head
    buttons = [button for button in head.findChildren(QPushButton) if button.isVisible()]
    assert len(buttons) == 6
    boxes = [place(button, head) for button in buttons]
    assert all(head.rect().contains(box) for box in boxes)
    assert all(box.width() >= button.sizeHint().width() for box, button in zip(boxes, buttons, strict=True))
    assert not any(first.intersects(second) for first in boxes for second in boxes if first is not second)


MANAGERS = ("14", "15", "16", "17", "18", "30", "31")
"""What the scenes of a manager and of the set-up begin with: cards that the smallest window tries hardest."""
CASES = [(name, size) for name in SCENES for size in SIZES if size != SIZES[1] or not name.startswith(MANAGERS)]


@pytest.mark.parametrize(("name", "size"), CASES, ids=[f"{one[0]}-{one[1][0]}" for one in CASES])
def test_everything_fits(open_scene: OpenScene, qapp: QApplication, name: str, size: tuple[int, int]) -> None:
    """In the one language and then, switched, in the other: `test_look` holds that to one that began with it."""
    scene = open_scene(size, language=Language.VI, theme=Theme.LIGHT, place=samples.DEMO)
    SCENES[name](scene)
    for language in Language:
        scene.look.speak(language)
        for _ in range(3):  # a height found in one pass is used in the next
            qapp.processEvents()
        all_fits(scene.window, size)


LARGE = [
    (name, SIZES[1]) for name in ("02b-standing", "06-unknown", "12-payments", "12b-help", "17-refund", "42-shift")
]
LARGE += [("07-customer-scans", SIZES[0]), ("06-unknown", SIZES[0]), ("05-declined", SIZES[0]), ("04-paid", SIZES[2])]
LARGE += [("30e-keys-mistakes", SIZES[0]), ("31-settings", SIZES[0])]


@pytest.mark.parametrize(("name", "size"), LARGE, ids=[f"{one[0]}-{one[1][0]}" for one in LARGE])
def test_large_texts_fit(open_scene: OpenScene, qapp: QApplication, name: str, size: tuple[int, int]) -> None:
    """At 150 %; a part of the window without the room for it writes smaller, and then larger again."""
    scene = open_scene(size, place=samples.DEMO, text=150)
    SCENES[name](scene)
    for language in Language:
        scene.look.speak(language)
        for _ in range(12):  # a part that has no room takes the next smaller size, and is laid out anew
            qapp.processEvents()
        all_fits(scene.window, size)
    if (name, size) == ("06-unknown", SIZES[1]):
        assert scene.window.head._look.text == scene.window.sale.card._look.text == 150


def test_texts_grow_and_shrink_where_people_choose(open_scene: OpenScene, qapp: QApplication) -> None:
    scene = open_scene()
    label = scene.window.sale.card.findChildren(Label)[0]
    before = label.font().pixelSize()
    scene.press(Qt.Key.Key_F1)
    for text in (150, 100):
        scene.window.screens.help._texts[text].click()
        qapp.processEvents()
        assert scene.till.calls[-1] == f"prefer vi light {text}"
        assert label.font().pixelSize() == before * text // 100
    assert TEXT_SIZES == (100, 125, 150)


def all_fits(window: QWidget, size: tuple[int, int]) -> None:
    assert (window.width(), window.height()) == size
    labels = [label for label in window.findChildren(QLabel) if label.isVisible() and label.text()]
    assert len(labels) > 10
    assert [label.text() for label in labels if cut(label)] == []
    clipped = [label.text() for label in labels if not in_a_scroll_area(label, window)
               and not (label.parentWidget() or window).rect().contains(label.geometry())]  # fmt: skip
    assert clipped == []
    outside = [label.text() for label in labels if not in_a_scroll_area(label, window)
               and not window.rect().contains(place(label, window))]  # fmt: skip
    assert outside == []
    buttons = [button for button in window.findChildren(QPushButton) if button.isVisible()]
    boxes = [place(button, window) for button in buttons]
    for first in range(len(boxes)):
        assert boxes[first].height() >= 48 or buttons[first].property("kind") in {
            "plain",
            "light",
            "warn",
            "bad",
            "pill_amber",
            "good",
        }
        for second in range(first):
            assert not boxes[first].intersects(boxes[second]), (
                buttons[first].accessibleName(), buttons[second].accessibleName())  # fmt: skip
    notes = [note for note in window.findChildren(Popover) if note.isVisible()]  # they lie over the screen
    unequal = [
        label.text()
        for label in labels
        for box, button in zip(boxes, buttons, strict=True)
        if not (button.isAncestorOf(label) or any(note.isAncestorOf(button) for note in notes))
        and box.intersects(seen(label, window))
    ]
    assert unequal == []
