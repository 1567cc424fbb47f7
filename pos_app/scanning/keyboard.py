"""Tells a hand-held scanner from a person, by the times of the keys alone. No Qt, no clock, no meaning of a code.

A scanner that plays keyboard ("wedge") sends a code as key presses a few milliseconds apart, mostly with Enter or Tab
at the end. A person leaves 60 ms and more between keys. So every character is held for a moment: what turns out to be
typing is let go in its order, and what turns out to be a scan never reaches the field that has the focus.

- The *median* gap decides (`GAP_MS_MAX`): a busy machine stretches single gaps of a scanner, and a person's rolling
  fingers make two or three short ones.
- A gap over `SILENCE_MS` ends a burst. It delays a typed key by that much at most: not felt.
- A scan ended by Enter or Tab has at least 6 characters. One that just stops has at least 10, because a drumming hand
  makes six quick keys more easily than ten, and a code that scanners send without an end is a long one.
- After a scan, a late Enter or Tab is swallowed too (`LATE_END_MS`): it must never confirm an amount.
- A key that repeats because it is held down is a person's, and so is a burst of one and the same character.

Times are the window system's own (X server or Windows message times, ms): arrival in the program jitters by 100 ms
when it is busy. A key typed within `GAP_MS_MAX` before a scan begins cannot be told from it; the code then is wrong and
the gateway refuses it.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto
from statistics import median, median_low

GAP_MS_MAX = 38
SILENCE_MS = 80
LATE_END_MS = 300
ENDED_LENGTH_MIN = 6
SILENT_LENGTH_MIN = 10
LENGTH_MAX = 512
"""More characters than this without an end are no code; what is held stays bounded."""

_REPEAT_MS_MIN = 15
"""X flags a scanner's second "1" of "11" as a repeat when both fall into one millisecond; a real repeat is slower."""

_SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
"""What some scanners put before a code to name its kind (ISO/IEC 15424), such as "]Q1"."""


class KeyKind(Enum):
    """What a key press is to a scanner."""

    CHARACTER = auto()
    END = auto()
    """Enter or Tab."""
    PREFIX = auto()
    """STX, or the function key that the scanner is set to send before a code."""
    BESIDE = auto()
    """Shift and its like: belongs to nothing."""
    OTHER = auto()
    """A person's key: Backspace, arrows, Space, Ctrl+P."""


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
        scan: the code, when the held keys are a scan: drop them. Never shown in a repr.
        fate: the key that was asked about.
    """

    release: int = 0
    scan: str | None = None
    fate: Fate = Fate.PASS

    def __repr__(self) -> str:
        return f"Verdict(release={self.release}, scan={'…' if self.scan else None}, fate={self.fate.name})"


@dataclass(frozen=True, slots=True, repr=False)
class _Key:
    character: str
    time_ms: int


class WedgeDetector:
    """Follows key presses one by one and says of each whether it is held, passed on or swallowed."""

    def __init__(self) -> None:
        self._held: list[_Key] = []
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
        if self._is_scan(SILENT_LENGTH_MIN):
            return self._scan()
        return Verdict(release=self._let_go())

    def would_end_scan(self, time_ms: int) -> bool:
        """Whether an Enter or Tab at `time_ms` would be a scanner's, so that no shortcut may have it."""
        if self._held and 0 <= time_ms - self._held[-1].time_ms <= SILENCE_MS:
            return self._is_scan(ENDED_LENGTH_MIN)
        return self._is_scan(SILENT_LENGTH_MIN) or self._is_late_end(time_ms)

    def _next(self, kind: KeyKind, character: str, time_ms: int, *, repeats: bool) -> Verdict:
        if kind is KeyKind.END:
            return self._end(time_ms)
        slow_repeat = repeats and not (self._held and time_ms - self._held[-1].time_ms < _REPEAT_MS_MIN)
        if kind is KeyKind.OTHER or slow_repeat or (kind is KeyKind.PREFIX and self._held):
            return Verdict(release=self._let_go())
        self._held.append(_Key(character, time_ms))
        typed = self._let_go(but=1) if self._is_typing() else 0
        return Verdict(release=typed, fate=Fate.HOLD)

    def _end(self, time_ms: int) -> Verdict:
        if self._is_scan(ENDED_LENGTH_MIN):
            return self._scan(Fate.SWALLOW, ended_ms=time_ms)
        if not self._held and self._is_late_end(time_ms):
            return Verdict(fate=Fate.SWALLOW)
        return Verdict(release=self._let_go())

    def _is_late_end(self, time_ms: int) -> bool:
        return self._scan_ended_ms is not None and 0 <= time_ms - self._scan_ended_ms <= LATE_END_MS

    def _gaps(self) -> list[int]:
        return [after.time_ms - before.time_ms for before, after in zip(self._held, self._held[1:], strict=False)]

    def _is_typing(self) -> bool:
        gaps = self._gaps()
        return len(self._held) > LENGTH_MAX or (bool(gaps) and median_low(gaps) > GAP_MS_MAX)

    def _is_scan(self, length_min: int) -> bool:
        text = self._text()
        return len(text) >= length_min and len(set(text)) > 1 and median(self._gaps()) <= GAP_MS_MAX

    def _text(self) -> str:
        return "".join(key.character for key in self._held)

    def _scan(self, fate: Fate = Fate.PASS, *, ended_ms: int | None = None) -> Verdict:
        self._scan_ended_ms = self._held[-1].time_ms if ended_ms is None else ended_ms
        text = _SYMBOLOGY.sub("", self._text())
        self._held = []
        return Verdict(scan=text, fate=fate)

    def _let_go(self, *, but: int = 0) -> int:
        """Forget what is held, but for the newest `but` keys; how many went."""
        count = len(self._held) - but
        self._held = self._held[count:]
        return count
