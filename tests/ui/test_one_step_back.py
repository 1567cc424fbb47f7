"""Esc on a screen that is open: one step back within it, then away from it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.gallery import SCENES, Scene


@pytest.mark.parametrize(
    ("name", "screen"), [("17g-done", "refund"), ("14e-reconciled", "reports"), ("41c-adding", "staff")]
)
@pytest.mark.usefixtures("qapp")
def test_esc_goes_one_step_back_and_then_away(name: str, screen: str) -> None:
    scene = Scene()
    SCENES[name](scene)
    window = scene.window
    assert window.on(screen)
    assert getattr(window.screens, screen).can_go_back
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.on(screen)
    assert not getattr(window.screens, screen).can_go_back
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.on("sale")
    scene.close()
