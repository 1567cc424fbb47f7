"""Closing: the window says so and stays alive while the till ends; then it goes by itself."""

import threading
import time

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui import samples
from tests.ui.conftest import OpenScene


class Slow(samples.WrittenDown):
    """A till that needs a while to end."""

    def __init__(self) -> None:
        super().__init__()
        self.may_end = threading.Event()
        self.thread = ""

    def stop(self) -> None:
        self.thread = threading.current_thread().name
        self.may_end.wait(100)
        super().stop()


class Broken(samples.WrittenDown):
    """A till that fails to end."""

    def stop(self) -> None:
        raise TimeoutError


def test_the_window_lives_while_the_till_ends(open_scene: OpenScene, qtbot: QtBot) -> None:
    scene = open_scene()
    slow = Slow()
    scene.window.obey(slow)
    began = time.monotonic()
    scene.window.close()
    assert time.monotonic() - began < 60, "the window does not wait"
    assert scene.window.isVisible()
    assert "Đang đóng…" in scene.words()
    ticks: list[float] = []
    beat = QTimer(scene.window, interval=10)
    beat.timeout.connect(lambda: ticks.append(time.monotonic()))
    beat.start()
    qtbot.waitUntil(lambda: len(ticks) >= 5, timeout=60_000)
    scene.window.close()
    assert scene.window.isVisible(), "asked twice, it still ends in order"
    slow.may_end.set()
    qtbot.waitUntil(lambda: not scene.window.isVisible(), timeout=60_000)
    assert slow.calls.count("stop") == 1
    assert slow.thread == "stop-till"


def test_nothing_is_charged_and_no_key_works_meanwhile(open_scene: OpenScene, qtbot: QtBot) -> None:
    scene = open_scene()
    slow = Slow()
    scene.window.obey(slow)
    scene.keys("1000")
    scene.press(Qt.Key.Key_Return)
    before = list(slow.calls)
    scene.window.close()
    focus = scene.window.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_F3)
    scene.scan()
    assert (slow.charges, slow.calls) == ([], before)
    assert "Đang đóng…" in scene.words()
    slow.may_end.set()
    qtbot.waitUntil(lambda: not scene.window.isVisible(), timeout=60_000)


def test_a_till_that_fails_to_end_keeps_no_window(
    open_scene: OpenScene, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    scene = open_scene()
    scene.window.obey(Broken())
    scene.window.close()
    qtbot.waitUntil(lambda: not scene.window.isVisible(), timeout=60_000)
    assert "did not end in order" in caplog.text
