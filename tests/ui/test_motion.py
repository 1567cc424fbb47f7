"""What moves on screen: stages fade, the outline of a found code stays a moment. And all of it off."""

from dataclasses import replace
from time import monotonic

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from pos_app.ui.screens.stages import WaitingStage
from pos_app.ui.widgets.camera_view import FOUND_MS
from pos_app.ui.widgets.fade import FADE_MS
from tests.ui import samples
from tests.ui.conftest import OpenScene
from tests.ui.gallery import Scene, video

GREEN = QColor("#0B7544")


def middle(scene: Scene) -> QColor:
    """The colour of the stage at a place that is nothing but its fill."""
    stage = scene.window.sale.stage
    return stage.grab().toImage().pixelColor(stage.width() // 2, 40)


def test_a_stage_fades_into_the_next(open_scene: OpenScene, qtbot: QtBot) -> None:
    scene = open_scene(motion=True)
    stage = scene.window.sale.stage
    scene.charge(samples.PAID)
    scene.press(Qt.Key.Key_Return)
    began = monotonic()
    assert stage.currentWidget() is stage.ready, "the new stage is there at once"
    assert stage.fading
    assert middle(scene) == GREEN
    qtbot.waitUntil(lambda: not stage.fading, timeout=60_000)
    assert monotonic() - began >= FADE_MS / 1000 * 0.9
    assert middle(scene) != GREEN


def test_a_result_is_there_at_once(open_scene: OpenScene) -> None:
    scene = open_scene(motion=True)
    scene.charge(samples.PROCESSING)
    stage = scene.window.sale.stage
    fading = [stage.fading]
    scene.bridge.post(samples.PAID)
    assert [*fading, stage.fading] == [True, False]
    assert middle(scene) == GREEN


def test_keys_count_while_it_fades(open_scene: OpenScene) -> None:
    scene = open_scene(motion=True)
    scene.keys("1")
    assert scene.window.sale.stage.fading
    scene.keys("2000")
    assert scene.window.sale.card.box.accessibleName() == "12.000 ₫"
    scene.press(Qt.Key.Key_Escape)
    assert scene.window.sale.stage.currentWidget() is scene.window.sale.stage.ready


def test_without_motion_a_stage_changes_at_once(open_scene: OpenScene) -> None:
    scene = open_scene(motion=False)
    scene.charge(samples.PROCESSING)
    scene.bridge.post(samples.PAID)
    assert not scene.window.sale.stage.fading
    assert middle(scene) == GREEN


def found_pixels(stage: WaitingStage) -> int:
    """How much of the picture has the colour of the outline."""
    image = stage.camera.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    return bytes(image.constBits()).count(bytes((0x3B, 0xD4, 0x86)))


@pytest.mark.parametrize("motion", [True, False])
def test_the_outline_of_a_found_code_stays_a_moment(motion: bool, open_scene: OpenScene, qtbot: QtBot) -> None:
    scene = open_scene(motion=motion)
    scene.keys("1000")
    stage = scene.window.sale.stage.waiting
    scene.bridge.post(video())
    began = monotonic()
    assert found_pixels(stage) > 100
    scene.bridge.post(replace(video(), outline=()))
    if not motion:
        assert found_pixels(stage) == 0
        return
    assert found_pixels(stage) > 100 or monotonic() - began > FOUND_MS / 1000
    qtbot.waitUntil(lambda: found_pixels(stage) == 0, timeout=60_000)
    assert monotonic() - began >= FOUND_MS / 1000 * 0.9
