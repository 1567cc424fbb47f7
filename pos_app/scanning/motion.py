"""How often a camera's picture is looked at, and how hard: all there is while something moves, little at rest.

Pure: times come in as arguments. No camera, no thread and no decoding here.
"""

from enum import Enum, auto

import numpy as np

from pos_app.scanning.capture import Picture

FRAMES_PER_SECOND_MAX = 30
RESTING_FRAMES_PER_SECOND = 5
"""Nothing moves and nobody waits for a code: a hand that comes into view is noticed at this rate."""

_SECOND_NS = 1_000_000_000
_AWAKE_AFTER_A_STIR_NS = 2 * _SECOND_NS
_HARDER_AFTER_A_STIR_NS = _SECOND_NS
_FAST_EVERY_NS, _HARDER_EVERY_NS = _SECOND_NS // 5, _SECOND_NS
"""While a code is awaited and nothing moves."""
_FAST_AT_REST_EVERY_NS, _HARDER_AT_REST_EVERY_NS = _SECOND_NS, 3 * _SECOND_NS
_STIR_LEVELS = 12
"""Grey levels by which a part of the picture must change; a cheap sensor's noise stays well below."""


class Effort(Enum):
    """How much a picture is worth."""

    NONE = auto()
    FAST = auto()
    HARDER = auto()


class MotionGate:
    """Spares the processor while nothing moves. Wakes with the very picture that shows the change."""

    def __init__(self) -> None:
        self.awaited = False
        """Whether there is an amount that awaits a code: then there is no rest."""
        self._before: Picture | None = None
        self._stirred_ns = -_AWAKE_AFTER_A_STIR_NS
        self._looked_ns = self._looked_hard_ns = -_HARDER_AT_REST_EVERY_NS

    def wake(self, now_ns: int) -> None:
        """Look as if something moved: somebody wants to see."""
        self._stirred_ns = now_ns

    def is_due(self, taken_ns: int, now_ns: int) -> bool:
        """Whether a picture at `now_ns` is wanted, when the last one was taken at `taken_ns`."""
        rate = RESTING_FRAMES_PER_SECOND if self._resting(now_ns) else FRAMES_PER_SECOND_MAX
        return now_ns - taken_ns >= _SECOND_NS // rate * 3 // 4

    def effort(self, small: Picture, now_ns: int) -> Effort:
        """What the picture is worth, by a small grey copy of it."""
        if self._before is None or _differ(small, self._before):
            self._stirred_ns = now_ns
        self._before = small
        resting = self._resting(now_ns)
        hard_every = _HARDER_AT_REST_EVERY_NS if resting else _HARDER_EVERY_NS
        if now_ns - self._stirred_ns < _HARDER_AFTER_A_STIR_NS or now_ns - self._looked_hard_ns >= hard_every:
            self._looked_ns = self._looked_hard_ns = now_ns
            return Effort.HARDER
        if now_ns - self._looked_ns >= (_FAST_AT_REST_EVERY_NS if resting else _FAST_EVERY_NS):
            self._looked_ns = now_ns
            return Effort.FAST
        return Effort.NONE

    def _resting(self, now_ns: int) -> bool:
        return not self.awaited and now_ns - self._stirred_ns >= _AWAKE_AFTER_A_STIR_NS


def _differ(one: Picture, other: Picture) -> bool:
    return int(np.abs(one.astype(np.int16) - other).max()) > _STIR_LEVELS
