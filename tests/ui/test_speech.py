"""The paid amount is said by the system's own voice: a real program on PATH hears it, and nothing waits for it."""

import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos_app.settings import LookSettings, Settings, load, save
from pos_app.ui.bridge import Bridge
from pos_app.ui.look import Look
from pos_app.ui.main_window import MainWindow
from pos_app.ui.sounds import Sounds
from pos_app.ui.speech import Speech, words_for
from pos_app.words import Language
from tests.ui import samples
from tests.ui.gallery import Scene

linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems have other voices")


@pytest.fixture
def voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `spd-say` that takes its time and writes down what it was to say."""
    heard = tmp_path / "heard"
    program = tmp_path / "spd-say"
    wait = f"while [ -e {tmp_path}/hold ]; do /bin/sleep 0.02; done"
    program.write_text(f'#!/bin/sh\n{wait}\nprintf "%s|" "$@" > {heard}.part\n/bin/mv {heard}.part {heard}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("pos_app.ui.speech.AFTER_SOUND_S", 0.05)
    return heard


@linux
def test_the_voice_says_the_amount_and_nobody_waits(voice: Path, qtbot: QtBot) -> None:
    hold = voice.with_name("hold")
    hold.touch()
    Speech().say_paid(185_000, Language.VI)  # would wait as long as the voice is held up
    hold.unlink()
    qtbot.waitUntil(voice.exists, timeout=60_000)
    assert voice.read_text() == "-w|-l|vi|--|Đã thanh toán: một trăm tám mươi lăm nghìn đồng|"


@linux
def test_paid_on_the_stage_is_said_and_an_older_payment_is_not(voice: Path, qtbot: QtBot) -> None:
    scene = Scene(speech=Speech())
    try:
        scene.keys("1000")
        scene.scan()
        scene.bridge.post(replace(samples.PAID, payment_id="261121_02_000001", late=True))
        time.sleep(0.6)
        assert not voice.exists()
        scene.bridge.post(replace(samples.SENDING, amount=1000))
        scene.bridge.post(replace(samples.PAID, amount=1000))
        qtbot.waitUntil(voice.exists, timeout=60_000)
        assert voice.read_text().endswith("|Đã thanh toán: một nghìn đồng|")
        assert samples.CODE not in voice.read_text()
    finally:
        scene.close()


@linux
def test_off_is_silent(voice: Path, qtbot: QtBot) -> None:
    window = MainWindow(Bridge(), Look(), samples.FixedClock(), samples.PLACE, Sounds(on=False))
    qtbot.addWidget(window)
    assert window.sale._speech is None


def test_without_a_voice_nothing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("pos_app.ui.speech.AFTER_SOUND_S", 0)
    Speech().say_paid(185_000, Language.EN)
    time.sleep(0.1)


def test_the_words_in_both_languages() -> None:
    assert words_for(50_000).vi == "Đã thanh toán: năm mươi nghìn đồng"
    assert words_for(50_000).en == "Paid: fifty thousand dong"


def test_the_settings_are_off_by_default_and_kept(tmp_path: Path) -> None:
    assert load(tmp_path).look == LookSettings(speak=False, reduce_motion=False)
    save(Settings(look=LookSettings(speak=True, reduce_motion=True)), tmp_path)
    assert load(tmp_path).look == LookSettings(speak=True, reduce_motion=True)
    assert "speak = true" in (tmp_path / "settings.toml").read_text()
