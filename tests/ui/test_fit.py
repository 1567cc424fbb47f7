"""Nothing is cut, nothing overlaps, no language is left behind, in any state and size; the window never scrolls."""

import gc
import re
from contextlib import closing
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from pos_app.ui.look import Look
from pos_app.ui.theme import FULL, TEXT_SIZES, Role, Theme
from pos_app.ui.widgets.label import Label
from pos_app.words import Language
from tests.ui import samples
from tests.ui.conftest import OpenScene
from tests.ui.gallery import SCENES, SIZES, Scene, settle
from tests.ui.reached import by_tab, faint_labels, kind_of, lost_by_tab, nameless, shows_focus, strays
from tests.ui.seen import (
    READS_THE_SAME,
    cut,
    cut_hints,
    faint_discs,
    faults,
    painted,
    place,
    seen_on,
    unnamed_on,
    widgets_there,
    words_on,
)


def test_a_cut_label_would_be_found(qapp: QApplication) -> None:
    look = Look()
    for wrap in (False, True):
        label = Label(look, Role.TITLE, "Mời khách đưa mã thanh toán", wrap=wrap)
        label.resize(label.sizeHint())
        assert not cut(label)
        label.resize(label.width() // 3, label.height())
        assert cut(label)


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


THEIRS = re.compile("https?://|Đặng Hoàng Thiên Phước")
"""What is as long as somebody made it may be cut short."""


def fits(scene: Scene, size: tuple[int, int], language: Language, text: int = FULL) -> set[str]:
    """Nothing is wrong with it as it looks then; the words that it has then."""
    scene.window.resize(*size)
    scene.look.write(text)
    scene.look.speak(language)
    settle()
    with painted() as cut_short:
        picture = scene.window.grab().toImage()
    found = faults(scene.window) + unnamed_on(scene.window)
    if scene.look.theme is Theme.LIGHT:
        found += nameless(scene.window)
    elif language is Language.VI:  # colours know no language
        found += faint_labels(scene.window, picture)
    if text == FULL:
        found += (
            cut_hints(scene.window)
            + faint_discs(scene.window)
            + [each for each in cut_short if not THEIRS.search(each)]
        )
    now = size, language, text
    assert (now, found) == (now, [])
    assert (scene.window.width(), scene.window.height()) == size
    return seen_on(scene.window)


def look_closely(scene: Scene, name: str) -> None:
    """In the one language and then, switched, in the other: that is held to a window that began with it."""
    small, *larger = SIZES
    vietnamese = fits(scene, small, Language.VI)
    assert strays(scene.window) + lost_by_tab(scene.window) == []
    assert unseen_focus(scene) == []
    for language in Language:
        fits(scene, small, language, TEXT_SIZES[-1])
    english = fits(scene, small, Language.EN)
    assert {text for text in vietnamese & english if not re.fullmatch(READS_THE_SAME, text)} == set()
    with closing(Scene(small, language=Language.EN, place=samples.DEMO)) as begun:
        SCENES[name](begun)
        settle()
        assert words_on(scene.window) == words_on(begun.window)
    for size, theme in zip(larger, (Theme.DARK, Theme.CONTRAST), strict=True):
        scene.look.wear(theme)
        for language in Language:
            fits(scene, size, language)


_LOOKED_AT: set[tuple[str, ...]] = set()
"""Kinds of widgets whose focus was seen, on whatever screen they were met first."""


def unseen_focus(scene: Scene) -> list[str]:
    """What has the keys and does not show it: one of each kind, in the theme of each scene."""
    found = []
    for widget in by_tab(scene.window):
        if kind_of(widget) not in _LOOKED_AT:
            _LOOKED_AT.add(kind_of(widget))
            found += [] if shows_focus(widget) else [f"does not show the keys: {kind_of(widget)}"]
    return found


@pytest.mark.parametrize("name", SCENES)
def test_every_scene(qapp: QApplication, name: str) -> None:
    """It fits in every size and language; closed, it leaves no widget behind.

    What were left would be destroyed later, in whatever thread collects it.
    """
    gc.disable()
    try:
        before = widgets_there()
        with closing(Scene(SIZES[0], place=samples.DEMO)) as scene:
            SCENES[name](scene)
            look_closely(scene, name)
        qapp.processEvents()
        left = [kind for address, kind in widgets_there().items() if address not in before]
    finally:
        gc.enable()
        gc.collect()
    assert left == []


@pytest.mark.parametrize(
    ("name", "size"), [("02b-standing", 1), ("06-unknown", 1), ("12-payments", 1), ("42-shift", 1), ("04-paid", 2)]
)
def test_large_texts_fit_on_larger_screens(open_scene: OpenScene, name: str, size: int) -> None:
    """At 150 %; a part of the window without the room for it writes smaller, and then larger again."""
    scene = open_scene(SIZES[size], place=samples.DEMO, text=150)
    SCENES[name](scene)
    for language in Language:
        scene.look.speak(language)
        settle()
        assert faults(scene.window) == []
    if name == "06-unknown":
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
