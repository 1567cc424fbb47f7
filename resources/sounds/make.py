# ruff: noqa: INP001 - data, not a package
"""Makes the sounds of the till from their formula: `python resources/sounds/make.py`.

Each sound is a row of sine notes with a soft start and end; 22,050 Hz, 16 bit, mono.
"""

import math
import struct
import wave
from pathlib import Path

RATE = 22_050
NOTES = {
    "submit": ((1200, 30),),
    "paid": ((784, 140), (1047, 260)),
    "declined": ((220, 420),),
    "unknown": ((523, 150), (0, 90), (523, 150), (0, 90), (523, 150)),
    "wrong_code": ((330, 110),),
}
"""Name: frequency in Hz (0 is silence) and length in ms of each note."""


def samples(frequency: int, length_ms: int) -> list[int]:
    """One note: a sine and its octave, fading in over 5 ms and out towards the end."""
    count = RATE * length_ms // 1000
    made = []
    for place in range(count):
        time = place / RATE
        loud = min(1.0, place / (RATE * 0.005)) * (1 - place / count) ** 0.6
        tone = math.sin(2 * math.pi * frequency * time) + 0.25 * math.sin(4 * math.pi * frequency * time)
        made.append(round(11_000 * loud * tone))
    return made


def main() -> None:
    """Write all files beside this one."""
    for name, notes in NOTES.items():
        with wave.open(str(Path(__file__).with_name(f"{name}.wav")), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            for note in notes:
                made = samples(*note)
                file.writeframes(struct.pack(f"<{len(made)}h", *made))


if __name__ == "__main__":
    main()
