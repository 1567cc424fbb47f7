"""The slip's letters: which font file, how wide a text runs, how far its letters reach up and down.

Lengths are in dots, eighths of a millimetre.
"""

from enum import Enum
from functools import lru_cache

from PIL.ImageFont import FreeTypeFont, truetype

from pos_app.resources import font_file


class Face(Enum):
    """A font of the slip: Be Vietnam Pro for words, IBM Plex Sans for what people compare and type off."""

    WORDS = ("BeVietnamPro-Medium", 0)
    WORDS_STRONG = ("BeVietnamPro-Bold", 0)
    FIGURES = ("IBMPlexSans", 500)
    FIGURES_STRONG = ("IBMPlexSans", 700)

    @property
    def file(self) -> str:
        """The font file's name for `font_file`."""
        return self.value[0]

    @property
    def weight(self) -> int:
        """The weight to choose in a variable font, 0 where the file has only its own."""
        return self.value[1]


REACH_UP = 1.22
"""How far above the baseline the highest letter reaches, in sizes: Ẳ in Be Vietnam Pro Bold (measured)."""
REACH_DOWN = 0.25
"""How far below the baseline the lowest letter reaches: ỵ in Be Vietnam Pro Bold (measured)."""
PITCH = REACH_UP + REACH_DOWN
"""From one baseline to the next: so marks above and below can never touch."""

NO_BREAK = "\u00a0"
_WIDTH_NORMAL = 100


@lru_cache(maxsize=64)
def font(face: Face, size: int) -> FreeTypeFont:
    """The font of `face`, `size` dots high."""
    loaded = truetype(str(font_file(face.file)), size)
    if face.weight:
        loaded.set_variation_by_axes([face.weight, _WIDTH_NORMAL])
    return loaded


def width(text: str, face: Face, size: int) -> float:
    """How wide `text` runs."""
    return font(face, size).getlength(text)


def wrapped(text: str, face: Face, size: int, room: float) -> list[str]:
    """`text` in lines no wider than `room`: broken at blanks, never at a no-break blank (which comes out as a blank).

    A single word too long for a line is broken where it must.
    """
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, face, size) <= room:
            lines[-1] = longer
            continue
        pieces = _pieces(word, face, size, room)
        lines[-1:] = [*filter(None, lines[-1:]), *pieces]
    return [line.replace(NO_BREAK, " ") for line in lines]


def balanced(text: str, face: Face, size: int, room: float) -> list[str]:
    """`text` in as few lines as `wrapped` needs, all about as long: no single word is left over below."""
    lines = wrapped(text, face, size, room)
    narrowest = max(width(word, face, size) for word in text.split(" "))
    while len(lines) > 1:
        room = max(width(line, face, size) for line in lines) - 1
        closer = wrapped(text, face, size, room)
        if room < narrowest or len(closer) > len(lines):
            break
        lines = closer
    return lines


def _pieces(word: str, face: Face, size: int, room: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, face, size) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces
