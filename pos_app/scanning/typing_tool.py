"""What Vietnamese typing tools do to a scanner's keys, undone. Pure: no Qt, no clock.

A tool with the rules of VNI (UniKey, OpenKey, …) takes a digit typed after a vowel for an accent: it keeps the digit to
itself, sends Backspaces for the letters to change, and then those letters anew. When a code is scanned right after
"Nga", the window sees no "2" but Backspace and "à". Telex makes accents of letters only: codes of digits pass it.
"""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

BACKSPACE = "\b"

_DIGIT_OF = {
    "\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5",
    "\u0302": "6", "\u031b": "7", "\u0306": "8", "stroke": "9",
}  # fmt: skip
"""Acute, grave, hook, tilde, dot below; circumflex, horn, breve; the bar of đ: VNI's digits for them."""
_NO_ACCENT = "0"


class Key(NamedTuple):
    """A key press: its character (`BACKSPACE` for that one), and the window system's time in ms."""

    character: str
    time_ms: int


def is_touched(keys: Sequence[Key]) -> bool:
    """Whether a typing tool may have had its hands on these: no scanner sends a Backspace or an accent."""
    return any(key.character == BACKSPACE or not key.character.isascii() for key in keys)


def keys_before(word: str, seen: Sequence[Key]) -> list[Key] | None:
    """The keys that were pressed, by what came through a typing tool; None when no rule of VNI explains it.

    Args:
        word: the letters that stood before the cursor, as far as they are known.
        seen: what came, in order.
    """
    there, pressed, place = word, list[Key](), 0
    while place < len(seen):
        first = seen[place]
        if first.character != BACKSPACE:
            there += first.character
            pressed.append(first)
            place += 1
            continue
        count = _backspaces(seen[place:])
        after = place + 2 * count
        again = "".join(key.character for key in seen[place + count : after])
        if len(again) < count or BACKSPACE in again:
            return None
        following = seen[after].character if after < len(seen) else ""
        digit = _digit(there[-count:] if len(there) >= count else _without_accents(again), again, following)
        if digit is None:
            return None
        there = there[:-count] + again
        pressed += [Key(digit, first.time_ms)] if digit else []
        place = after
    return pressed


def _backspaces(keys: Sequence[Key]) -> int:
    return next((place for place, key in enumerate(keys) if key.character != BACKSPACE), len(keys))


def _digit(old: str, new: str, following: str) -> str | None:
    """The digit that made `new` of `old`; "" when the accent was taken off and the digit itself follows."""
    before, after = _accents(old), _accents(new)
    added = {_DIGIT_OF.get(accent) for accent in after - before}
    if len(added) == 1:
        return added.pop()
    if added or not before - after:
        return None
    undone = {_DIGIT_OF.get(accent) for accent in before - after}
    return "" if following in undone else _NO_ACCENT


def _accents(letters: str) -> set[str]:
    stroke = {"stroke"} if set(letters) & set("đĐ") else set()
    return stroke | {one for one in unicodedata.normalize("NFD", letters) if unicodedata.combining(one)}


def _without_accents(letters: str) -> str:
    bare = "".join(one for one in unicodedata.normalize("NFD", letters) if not unicodedata.combining(one))
    return bare.replace("đ", "d").replace("Đ", "D")
