"""The paid amount is said from recorded words: a real player on PATH gets them, and nothing waits for it."""

import json
import sys
import time
import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos_app.resources import resource
from pos_app.settings import LookSettings, Settings, load, save
from pos_app.ui.bridge import Bridge
from pos_app.ui.look import Look
from pos_app.ui.main_window import MainWindow
from pos_app.ui.sounds import Sounds, player_of_the_system
from pos_app.ui.speech import Speech, words_for, write_wave
from pos_app.words import Language
from tests.ui import samples
from tests.ui.gallery import Scene

not_windows = pytest.mark.skipif(sys.platform == "win32", reason="Windows plays by itself")


class Player:
    """A `pw-play` that keeps what it is given, and takes its time while `hold` is there."""

    def __init__(self, folder: Path) -> None:
        self.hold = folder / "hold"
        self.heard_in = folder / "heard"
        self.heard_in.mkdir()
        program = folder / "pw-play"
        program.write_text(
            "#!/bin/sh\n"
            f'/bin/cp "$1" {self.heard_in}/$$.part; /bin/mv {self.heard_in}/$$.part {self.heard_in}/$$.wav\n'
            f"while [ -e {self.hold} ]; do /bin/sleep 0.02; done\n"
        )
        program.chmod(0o755)

    def heard(self, amount: int, language: Language = Language.VI) -> bool:
        """Whether this amount was given to it, byte for byte as it was recorded."""
        wanted = self.heard_in.parent / "wanted"
        write_wave(wanted, words_for(amount, language), language)
        return any(one.read_bytes() == wanted.read_bytes() for one in self.heard_in.glob("*.wav"))

    @property
    def times(self) -> int:
        """How often it was called."""
        return len(list(self.heard_in.glob("*.wav")))


@pytest.fixture
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Player]:
    made = Player(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("pos_app.ui.speech.AFTER_SOUND_S", 0.05)
    player_of_the_system.cache_clear()
    yield made
    player_of_the_system.cache_clear()
    made.hold.unlink(missing_ok=True)


@not_windows
def test_the_amount_is_said_and_nobody_waits(player: Player, qtbot: QtBot) -> None:
    player.hold.touch()
    Speech().say_paid(185_000, Language.VI)  # would wait as long as the player is held up
    player.hold.unlink()
    qtbot.waitUntil(lambda: player.heard(185_000), timeout=60_000)


@not_windows
def test_a_newer_amount_breaks_off_an_older_one(player: Player, qtbot: QtBot) -> None:
    speech = Speech()
    player.hold.touch()
    speech.say_paid(185_000, Language.VI)
    qtbot.waitUntil(lambda: player.heard(185_000), timeout=60_000)
    speech.say_paid(20_000, Language.EN)  # the first still holds the player
    qtbot.waitUntil(lambda: player.heard(20_000, Language.EN), timeout=60_000)


@not_windows
def test_of_amounts_that_come_together_the_last_is_said(player: Player, qtbot: QtBot) -> None:
    speech = Speech()
    for amount in (1_000, 2_000, 3_000):
        speech.say_paid(amount, Language.VI)
    qtbot.waitUntil(lambda: player.heard(3_000), timeout=60_000)
    assert player.times == 1


@not_windows
def test_paid_on_the_stage_is_said_and_an_older_payment_is_not(player: Player, qtbot: QtBot) -> None:
    scene = Scene(speech=Speech())
    try:
        scene.keys("1000")
        scene.scan()
        scene.bridge.post(replace(samples.PAID, payment_id="261121_02_000001", late=True))
        time.sleep(0.6)
        assert player.times == 0
        scene.bridge.post(replace(samples.SENDING, amount=1000))
        scene.bridge.post(replace(samples.PAID, amount=1000))
        qtbot.waitUntil(lambda: player.heard(1_000), timeout=60_000)
        assert player.times == 1
    finally:
        scene.close()


def test_off_is_silent(qtbot: QtBot) -> None:
    window = MainWindow(Bridge(), Look(), samples.FixedClock(), samples.PLACE, Sounds(on=False))
    qtbot.addWidget(window)
    assert window.sale._speech is None


def test_without_a_player_nothing_fails(player: Player, tmp_path: Path) -> None:
    (tmp_path / "pw-play").unlink()
    speech = Speech()
    speech.say_paid(185_000, Language.EN)
    time.sleep(0.3)  # pytest fails on what a thread raises
    assert speech._thread is not None
    assert speech._thread.is_alive()


def test_what_is_said_in_both_languages() -> None:
    assert words_for(50_000, Language.VI) == ("đã thanh toán", "năm", "mươi", "nghìn", "đồng")
    assert words_for(1_021_000, Language.EN) == ("paid", "one", "million", "twenty", "one", "thousand", "dong")


@pytest.mark.parametrize("language", list(Language))
def test_every_word_of_every_amount_is_recorded(language: Language) -> None:
    places = json.loads(resource("voice", "words.json").read_text("utf-8"))[language.value]
    amounts = (*range(2_000), *range(0, 999_999_999, 1_234_567), 999_999_999)
    said = {word for amount in amounts for word in words_for(amount, language)}
    assert said <= places.keys()
    with wave.open(str(resource("voice", f"{language.value}.wav"))) as recorded:
        rate, samples_in_all = recorded.getframerate(), recorded.getnframes()
    assert sum(count for _, count in places.values()) == samples_in_all
    for word, (first, count) in places.items():
        assert 0.1 < count / rate < 1, word
        assert 0 <= first <= samples_in_all - count, word


def test_the_settings_are_off_by_default_and_kept(tmp_path: Path) -> None:
    assert load(tmp_path).look == LookSettings(speak=False, reduce_motion=False)
    save(Settings(look=LookSettings(speak=True, reduce_motion=True)), tmp_path)
    assert load(tmp_path).look == LookSettings(speak=True, reduce_motion=True)
    assert "speak = true" in (tmp_path / "settings.toml").read_text()
