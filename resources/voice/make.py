# ruff: noqa: INP001 - data, not a package
"""Records the voice of the till: `python resources/voice/make.py`, on a machine with `espeak-ng`.

Every word that an amount can be read with, one after another in one file a language (22,050 Hz, 16 bit, mono), and
`words.json`: word → first sample and number of samples. What the words are is asked of `pos_app.money`.
"""

import json
import re
import subprocess
import tempfile
import wave
from array import array
from pathlib import Path

from pos_app.money import in_words
from pos_app.ui.speech import PAID
from pos_app.words import Language

RATE = 22_050
QUIET = 300
"""Below this (of 32,767) it is silence around a word."""
EDGE = RATE // 100
"""How much of the silence stays: 10 ms."""
VOICES = {Language.VI: ("vi", "165"), Language.EN: ("en-us", "175")}
AMOUNTS = (*range(1_000), *(1000**power for power in range(1, 4)), 1_000_005)


def words_of(language: Language) -> list[str]:
    """Every word, and the phrase in front of the amount."""
    said = (in_words(amount).say(language).lower() for amount in AMOUNTS)
    return [PAID.say(language), *sorted({word for amount in said for word in re.split(r"[ -]", amount)})]


def spoken(word: str, language: Language) -> "array[int]":
    """The word's samples, without the silence around it."""
    voice, pace = VOICES[language]
    with tempfile.NamedTemporaryFile(suffix=".wav") as made:
        command = ["espeak-ng", "-v", voice, "-s", pace, "-a", "180", "-w", made.name, "--", word]
        subprocess.run(command, check=True)  # noqa: S603 - words of ours
        with wave.open(made.name) as file:
            if file.getframerate() != RATE:
                message = f"espeak-ng spoke at {file.getframerate()} Hz"
                raise SystemExit(message)
            samples = array("h", file.readframes(file.getnframes()))
    loud = [place for place, sample in enumerate(samples) if abs(sample) > QUIET]
    return samples[max(0, loud[0] - EDGE) : loud[-1] + EDGE]


def main() -> None:
    """Write all files beside this one."""
    index: dict[str, dict[str, tuple[int, int]]] = {}
    for language in Language:
        samples, places = array("h"), index.setdefault(language.value, {})
        for word in words_of(language):
            one = spoken(word, language)
            places[word] = len(samples), len(one)
            samples.extend(one)
        with wave.open(str(Path(__file__).with_name(f"{language.value}.wav")), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples.tobytes())
    text = json.dumps(index, ensure_ascii=False, indent=1, sort_keys=True)
    Path(__file__).with_name("words.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
