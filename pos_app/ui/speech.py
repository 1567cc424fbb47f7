"""The paid amount said aloud, from recorded words, where the shop switched it on. No code is ever said.

Never blocks, never fails: where nothing can play, it keeps still. Never late: a newer amount breaks off an older one.
"""

import contextlib
import json
import re
import sys
import tempfile
import time
import wave
from functools import cached_property
from pathlib import Path
from threading import Condition, Thread
from typing import NamedTuple

from pos_app.money import in_words
from pos_app.resources import resource
from pos_app.ui.sounds import player_of_the_system
from pos_app.words import Language, Text

AFTER_SOUND_S = 0.7
"""The notes of "paid" come first; no sound of the till is longer."""
SECONDS_MAX = 30
PAID = Text("đã thanh toán", "paid")
_PAUSE_S = 0.2
"""Between "paid" and the amount."""


class _Wanted(NamedTuple):
    words: tuple[str, ...]
    language: Language
    at_s: float


class Speech:
    """Says what was paid, on a thread of its own."""

    def __init__(self) -> None:
        self._news = Condition()
        self._next: _Wanted | None = None
        self._thread: Thread | None = None

    def say_paid(self, amount: int, language: Language) -> None:
        """Say that `amount` dong were paid, right after the sound; returns at once."""
        with self._news:
            self._next = _Wanted(words_for(amount, language), language, time.monotonic() + AFTER_SOUND_S)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="speech", daemon=True)
                self._thread.start()
            self._news.notify()

    def _run(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._next is not None)
                wanted, self._next = self._next, None
                if wanted is None or self._news.wait_for(self._newer, wanted.at_s - time.monotonic()):
                    continue
            with contextlib.suppress(OSError, RuntimeError):  # winsound raises it where nothing can play
                self._play(wanted)

    def _newer(self) -> bool:
        return self._next is not None

    def _play(self, wanted: _Wanted) -> None:
        """Play it to its end, or until there is something newer to say.

        Raises:
            OSError: it cannot be written or played.
        """
        file = Path(self._folder.name, "amount.wav")
        if sys.platform == "win32":
            import winsound  # noqa: PLC0415 - exists on Windows only

            winsound.PlaySound(None, winsound.SND_PURGE)  # lets go of the file
            write_wave(file, wanted.words, wanted.language)
            winsound.PlaySound(str(file), winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
            return
        player = player_of_the_system()
        if player is None:
            return
        import subprocess  # noqa: PLC0415 - only where something is said

        write_wave(file, wanted.words, wanted.language)
        program, arguments = player
        quiet = subprocess.DEVNULL
        playing = subprocess.Popen([program, *arguments, str(file)], stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603 - a program of the system
        try:
            ends_s = time.monotonic() + SECONDS_MAX
            with self._news:
                while playing.poll() is None and not self._newer() and time.monotonic() < ends_s:
                    self._news.wait(0.05)
        finally:
            playing.kill()
            playing.wait()

    @cached_property
    def _folder(self) -> tempfile.TemporaryDirectory[str]:
        """Made when something is said, and gone with the program."""
        return tempfile.TemporaryDirectory(prefix="pos-app-voice-", ignore_cleanup_errors=True)


def words_for(amount: int, language: Language) -> tuple[str, ...]:
    """What is said, word by word: "đã thanh toán", "năm", "mươi", "nghìn", "đồng"."""
    return (PAID.say(language), *re.split(r"[ -]", in_words(amount).say(language).lower()))


def write_wave(file: Path, words: tuple[str, ...], language: Language) -> None:
    """Write the recorded words, one after another, as a WAV file.

    Raises:
        KeyError: a word was never recorded.
        OSError: the file cannot be written.
    """
    places = json.loads(resource("voice", "words.json").read_text("utf-8"))[language.value]
    with wave.open(str(resource("voice", f"{language.value}.wav"))) as recorded, wave.open(str(file), "wb") as made:
        made.setparams(recorded.getparams())
        for number, word in enumerate(words):
            first, count = places[word]
            recorded.setpos(first)
            made.writeframes(recorded.readframes(count))
            if number == 0:
                made.writeframes(bytes(2 * int(_PAUSE_S * recorded.getframerate())))
