"""The screens without a screen: Qt's offscreen platform, with the till's own fonts."""

import os
from collections.abc import Callable, Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from pos_app.ui.place import Place
from pos_app.ui.theme import Role, Theme, load_fonts, size_for
from pos_app.words import Language
from tests.ui.gallery import Scene

OpenScene = Callable[..., Scene]


@pytest.fixture(scope="session", autouse=True)
def fonts(qapp: QApplication) -> None:
    load_fonts()
    qapp.setFont(size_for(1366).font(Role.BODY))


@pytest.fixture
def open_scene(qapp: QApplication) -> Iterator[OpenScene]:
    scenes: list[Scene] = []

    def make(*args: tuple[int, int], **named: Language | Theme | Place | bool) -> Scene:
        scene = Scene(*args, **named)  # type: ignore[arg-type]
        scenes.append(scene)
        qapp.processEvents()
        return scene

    yield make
    for scene in scenes:
        scene.close()
    qapp.processEvents()
