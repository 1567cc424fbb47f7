"""Sounds are played by a program of the system, and never hold anything up."""

import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos_app.resources import resource
from pos_app.ui.sounds import Sound, Sounds, player_of_the_system


@pytest.fixture(autouse=True)
def _another_path() -> Iterator[None]:
    player_of_the_system.cache_clear()
    yield
    player_of_the_system.cache_clear()


@pytest.mark.parametrize("sound", list(Sound))
def test_sounds_are_short(sound: Sound) -> None:
    with wave.open(str(resource("sounds", f"{sound.value}.wav"))) as file:
        assert 0.02 < file.getnframes() / file.getframerate() < 0.7


@pytest.mark.skipif(sys.platform == "win32", reason="Windows plays by itself")
def test_a_player_of_the_system_gets_the_file(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = tmp_path / "heard"
    player = tmp_path / "pw-play"
    player.write_text(f'#!/bin/sh\nprintf %s "$1" > {heard}\n')
    player.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    Sounds(on=False).play(Sound.PAID)
    Sounds(on=True).play(Sound.DECLINED)
    qtbot.waitUntil(lambda: heard.exists() and heard.read_text().endswith("declined.wav"), timeout=60_000)


def test_without_a_player_nothing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    Sounds(on=True).play(Sound.PAID)
