"""Tells a hand-held scanner from a person, by the times of the keys alone. No Qt, no clock, no meaning of a code.

A scanner that plays keyboard ("wedge") sends a code as key presses 1 to 45 ms apart, mostly with Enter or Tab at the
end. A person leaves 60 ms and more between keys. So every character is held for a moment: what turns out to be typing
is let go in its order, and what turns out to be a scan never reaches the field that has the focus.

- From 12 characters on the *median* gap decides (`GAP_MS_MAX`): a busy machine stretches single gaps of a scanner, and
  nobody types twelve keys at that pace. Payment codes are longer.
- Fewer are a scan only when no gap at all is over `GAP_MS_SHORT`, that before the end included: rolling fingers make
  some short gaps, and then a longer one to Enter. 6 characters with Enter or Tab, 10 without, are the fewest.
- A gap over `SILENCE_MS` ends a burst. It delays a typed key by that much at most: not felt.
- After a scan, a late Enter or Tab is swallowed too (`LATE_END_MS`): it must never confirm an amount.
- A key that repeats because it is held down is a person's, and so is a burst of one and the same character.
- Backspaces and accented letters are held like the rest: a typing tool may have put them there (`typing_tool`). What
  it did to a code of digits is undone; what cannot be undone is an empty scan, so that people scan again.

Times are the window system's own (X server or Windows message times, ms): arrival in the program jitters by 100 ms
when it is busy. A key typed within `GAP_MS_MAX` before a scan begins cannot be told from it; the code then is wrong and
the gateway refuses it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise
from statistics import median, median_low

from pos_app.scanning.typing_tool import BACKSPACE, Key, is_touched, keys_before

GAP_MS_MAX = 50
GAP_MS_SHORT = 38
SILENCE_MS = 80
LATE_END_MS = 300
ENDED_LENGTH_MIN = 6
SILENT_LENGTH_MIN = 10
LONG = 12
LENGTH_MAX = 512
"""More characters than this without an end are no code; what is held stays bounded."""

_REPEAT_MS_MIN = 15
"""X flags a scanner's second "1" of "11" as a repeat when both fall into one millisecond; a real repeat is slower."""
_WORD_LENGTH_MAX = 16
_DIGITS = re.compile(r"(\][A-Za-z][0-9A-Za-z])?[0-9]+")
"""All that is believed of a code which a typing tool has touched; what a scanner puts before it may be there too."""


class KeyKind(Enum):
    """What a key press is to a scanner."""

    CHARACTER = auto()
    END = auto()
    """Enter or Tab."""
    PREFIX = auto()
    """STX, or the function key that the scanner is set to send before a code."""
    BACKSPACE = auto()
    """A person's, or a typing tool's."""
    BESIDE = auto()
    """Shift and its like: belongs to nothing."""
    OTHER = auto()
    """A person's key: arrows, Space, Ctrl+P."""


class Fate(Enum):
    """What happens to the key that was pressed."""

    PASS = auto()
    HOLD = auto()
    SWALLOW = auto()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do now, in this order.

    Attributes:
        release: this many of the held keys, oldest first, are typing: deliver them.
        scan: the code, when the held keys are a scan: drop them; "" when it cannot be read. Never shown in a repr.
        fate: the key that was asked about.
    """

    release: int = 0
    scan: str | None = None
    fate: Fate = Fate.PASS

    def __repr__(self) -> str:
        return f"Verdict(release={self.release}, scan={'…' if self.scan else None}, fate={self.fate.name})"


class WedgeDetector:
    """Follows key presses one by one and says of each whether it is held, passed on or swallowed."""

    def __init__(self) -> None:
        self._held: list[Key] = []
        self._word = ""
        """The letters that somebody typed last: a typing tool changes them. No digit of a PIN or an amount."""
        self._scan_ended_ms: int | None = None

    @property
    def holding(self) -> bool:
        """Whether keys are held: then call `silence` after `SILENCE_MS` without a key."""
        return bool(self._held)

    def press(self, kind: KeyKind, character: str, time_ms: int, *, repeats: bool = False) -> Verdict:
        """A key went down.

        Args:
            kind: what it is.
            character: the one character of a CHARACTER, else "".
            time_ms: the window system's time of the press.
            repeats: the window system says that the key is held down.
        """
        if kind is KeyKind.BESIDE:
            return Verdict()
        if self._held and not 0 <= time_ms - self._held[-1].time_ms <= SILENCE_MS:
            silent = self.silence()
            verdict = self._next(kind, character, time_ms, repeats=repeats)
            return Verdict(silent.release, silent.scan, verdict.fate)
        return self._next(kind, character, time_ms, repeats=repeats)

    def silence(self) -> Verdict:
        """No key came for `SILENCE_MS`: what is held is a scan without an end, or typing."""
        code = self._code(SILENT_LENGTH_MIN)
        return Verdict(release=self._let_go()) if code is None else self._scan(code)

    def would_end_scan(self, time_ms: int) -> bool:
        """Whether an Enter or Tab at `time_ms` would be a scanner's, so that no shortcut may have it."""
        if self._held and 0 <= time_ms - self._held[-1].time_ms <= SILENCE_MS:
            return self._code(ENDED_LENGTH_MIN, time_ms) is not None
        return self._code(SILENT_LENGTH_MIN) is not None or self._is_late_end(time_ms)

    def _next(self, kind: KeyKind, character: str, time_ms: int, *, repeats: bool) -> Verdict:
        if kind is KeyKind.END:
            return self._end(time_ms)
        slow_repeat = repeats and not (self._held and time_ms - self._held[-1].time_ms < _REPEAT_MS_MIN)
        if kind is KeyKind.OTHER or slow_repeat or (kind is KeyKind.PREFIX and self._held):
            released = self._let_go()
            self._word = ""
            return Verdict(release=released)
        self._held.append(Key(BACKSPACE if kind is KeyKind.BACKSPACE else character, time_ms))
        typed = self._let_go(but=1) if self._is_typing() else 0
        return Verdict(release=typed, fate=Fate.HOLD)

    def _end(self, time_ms: int) -> Verdict:
        code = self._code(ENDED_LENGTH_MIN, time_ms)
        if code is not None:
            return self._scan(code, Fate.SWALLOW, ended_ms=time_ms)
        if not self._held and self._is_late_end(time_ms):
            return Verdict(fate=Fate.SWALLOW)
        released = self._let_go()
        self._word = ""
        return Verdict(release=released)

    def _is_late_end(self, time_ms: int) -> bool:
        return self._scan_ended_ms is not None and 0 <= time_ms - self._scan_ended_ms <= LATE_END_MS

    def _is_typing(self) -> bool:
        gaps = _gaps(self._held)
        return len(self._held) > LENGTH_MAX or (bool(gaps) and median_low(gaps) > GAP_MS_MAX)

    def _code(self, length_min: int, ended_ms: int | None = None) -> str | None:
        """The code that the held keys are, "" for one that cannot be read; None for typing."""
        if not is_touched(self._held):
            return _text(self._held) if _is_scanned(self._held, length_min, ended_ms) else None
        pressed = keys_before(self._word, self._held)
        if pressed is None:
            pressed = [key for key in self._held if key.character.isdecimal()]
            return "" if _is_scanned(pressed, LONG, ended_ms) else None
        if not _is_scanned(pressed, length_min, ended_ms):
            return None
        text = _text(pressed)
        return text if _DIGITS.fullmatch(text) else ""

    def _scan(self, code: str, fate: Fate = Fate.PASS, *, ended_ms: int | None = None) -> Verdict:
        self._scan_ended_ms = self._held[-1].time_ms if ended_ms is None else ended_ms
        self._held = []
        return Verdict(scan=code, fate=fate)

    def _let_go(self, *, but: int = 0) -> int:
        """Forget what is held, but for the newest `but` keys; how many went."""
        count = len(self._held) - but
        for key in self._held[:count]:
            self._remember(key.character)
        self._held = self._held[count:]
        return count

    def _remember(self, typed: str) -> None:
        if typed == BACKSPACE:
            self._word = self._word[:-1]
        else:
            self._word = (self._word + typed)[-_WORD_LENGTH_MAX:] if typed.isalpha() else ""


def _is_scanned(keys: Sequence[Key], length_min: int, ended_ms: int | None) -> bool:
    """Whether these keys came from a scanner, by their number and their pace."""
    gaps = _gaps(keys)
    if len(keys) < length_min or len({key.character for key in keys}) == 1:
        return False
    if len(keys) >= LONG:
        return median(gaps) <= GAP_MS_MAX
    to_end = [] if ended_ms is None else [ended_ms - keys[-1].time_ms]
    return max(gaps + to_end) <= GAP_MS_SHORT


def _gaps(keys: Sequence[Key]) -> list[int]:
    return [after.time_ms - before.time_ms for before, after in pairwise(keys)]


def _text(keys: Sequence[Key]) -> str:
    return "".join(key.character for key in keys)
