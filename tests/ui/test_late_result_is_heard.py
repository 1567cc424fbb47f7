"""A result that comes while the cashier serves somebody else is heard, and heard as what it is."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from pos_app.checkout.events import OpenCount
from pos_app.checkout.views import PaymentView
from pos_app.ui.sounds import Sound, Sounds
from tests.ui import samples
from tests.ui.conftest import OpenScene


class Heard(Sounds):
    """Writes down what it would play."""

    def __init__(self) -> None:
        super().__init__(on=False)
        self.played: list[Sound] = []

    def play(self, sound: Sound) -> None:
        self.played.append(sound)


@pytest.mark.parametrize(
    ("view", "sound"),
    [
        (samples.PAID, Sound.PAID),
        (samples.DECLINED, Sound.DECLINED),
        (samples.MISMATCH, Sound.UNKNOWN),
    ],
)
def test_a_late_result_has_its_sound(view: PaymentView, sound: Sound, open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.charge(samples.UNKNOWN)
    scene.bridge.post(OpenCount((samples.UNKNOWN,)))
    scene.press(Qt.Key.Key_Escape)
    scene.press(Qt.Key.Key_Return)
    heard = Heard()
    scene.window.arrivals._sounds = heard
    scene.bridge.post(replace(view, late=True))
    assert heard.played == [sound]
