"""A closed window leaves no widget behind: what is left would be destroyed later, in whatever thread collects it."""

import gc

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.gallery import SCENES, Scene


@pytest.mark.parametrize("name", SCENES)
def test_no_widget_is_left(qapp: QApplication, name: str) -> None:
    gc.disable()
    try:
        before = set(map(id, qapp.allWidgets()))
        scene = Scene()
        SCENES[name](scene)
        qapp.processEvents()
        scene.close()
        qapp.processEvents()
        left = [type(widget).__name__ for widget in qapp.allWidgets() if id(widget) not in before]
    finally:
        gc.enable()
        gc.collect()
    assert left == []
