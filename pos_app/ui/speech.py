"""The paid amount said aloud, by the system's own voice, where the shop switched it on. No code is ever said.

Never blocks, never fails: where there is no voice, it keeps still.
"""

import contextlib
import shutil
import sys
import time
from threading import Thread

from pos_app.money import in_words
from pos_app.words import Language, Text

AFTER_SOUND_S = 0.7
"""The notes of "paid" come first; no sound of the till is longer."""
SECONDS_MAX = 30
_PAID = Text("Đã thanh toán: {amount}", "Paid: {amount}")
_SAPI = """
$in = New-Object IO.StreamReader([Console]::OpenStandardInput(), [Text.Encoding]::UTF8)
Add-Type -AssemblyName System.Speech
$voice = New-Object System.Speech.Synthesis.SpeechSynthesizer
try { $voice.SelectVoiceByHints('NotSet', 'NotSet', 0, '%s') } catch { }
$voice.Speak($in.ReadToEnd())
"""
_WINDOWS_NAMES = {Language.VI: "vi-VN", Language.EN: "en-US"}


class Speech:
    """Says what was paid, on a thread of its own."""

    def say_paid(self, amount: int, language: Language) -> None:
        """Say that `amount` dong were paid, right after the sound; returns at once."""
        words = words_for(amount).say(language)
        Thread(target=_speak, args=(words, language), name="speech", daemon=True).start()


def _speak(words: str, language: Language) -> None:
    import subprocess  # noqa: PLC0415 - only where something is said

    program, *arguments = _voice_of(language, words)
    path = shutil.which(program)
    if path is None:
        return
    time.sleep(AFTER_SOUND_S)
    no_window = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        subprocess.run(  # noqa: S603 - a program of the system, words of ours
            [path, *arguments], input=words.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=SECONDS_MAX, check=False, creationflags=no_window,
        )  # fmt: skip


def words_for(amount: int) -> Text:
    """What is said: "Đã thanh toán: năm mươi nghìn đồng"."""
    words = in_words(amount)
    return _PAID.fill(amount=Text(words.vi[0].lower() + words.vi[1:], words.en[0].lower() + words.en[1:]))


def _voice_of(language: Language, words: str) -> list[str]:
    """The program of this system that speaks, with its arguments; all but Linux's read the words from their input."""
    if sys.platform == "win32":
        return ["powershell", "-NoProfile", "-NonInteractive", "-Command", _SAPI % _WINDOWS_NAMES[language]]
    if sys.platform == "darwin":
        return ["say", *(["-v", "Linh"] if language is Language.VI else [])]
    return ["spd-say", "-w", "-l", language.value, "--", words]
