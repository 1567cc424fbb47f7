"""How far this machine's clock is from the gateway's, by the `Date` of its answers over verified TLS.

The gateway takes an order only within 15 minutes of its own clock, so order times are corrected by this offset.
"""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from pos_app.clock import Clock

SAMPLES = 5
WARN_ABOVE_MS = 60_000
BAD_ABOVE_MS = 5 * 60_000
STOP_ABOVE_MS = 14 * 60_000
FRESH_FOR_MS = 10 * 60_000
_ROUND_TRIP_MS_MAX = 4_000
_JUMP_MS = 5_000
_HALF_SECOND_MS = 500


class ClockHealth(StrEnum):
    """How this machine's clock stands."""

    UNMEASURED = "unmeasured"
    OK = "ok"
    WARN = "warn"
    """More than a minute off: the head counter should know."""
    BAD = "bad"
    """More than five minutes off: order times are corrected, the clock should be set."""
    STOP = "stop"
    """More than 14 minutes off and not measured lately: no new payments."""


@dataclass(frozen=True, slots=True)
class _Sample:
    offset_ms: int
    measured_mono_ms: int
    wall_minus_mono_ms: int


class ClockOffset:
    """The median of the last five measurements; forgets them when the clock was set in between."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._samples: deque[_Sample] = deque(maxlen=SAMPLES)
        self._offset_ms = 0

    def measure(self, date_header: str, *, sent_wall_ms: int, round_trip_ms: int) -> None:
        """Take in one answer: its `Date`, when its request left by our wall clock, and how long the answer took.

        Unreadable dates and slow answers count for nothing; neither does an answer on whose way the clock was set.
        """
        gateway_ms = _date_ms(date_header)
        if gateway_ms is None or not 0 <= round_trip_ms <= _ROUND_TRIP_MS_MAX:
            return
        if abs(self._clock.wall_ms() - sent_wall_ms - round_trip_ms) > _JUMP_MS:
            return
        if self.jumped:
            self._samples.clear()
        offset_ms = gateway_ms - (sent_wall_ms + round_trip_ms // 2)
        self._samples.append(_Sample(offset_ms, self._clock.monotonic_ms(), self._wall_minus_mono_ms()))
        self._offset_ms = _median([sample.offset_ms for sample in self._samples])

    @property
    def offset_ms(self) -> int:
        """Gateway's clock minus ours, in ms; 0 while nothing was measured."""
        return self._offset_ms

    def corrected_ms(self) -> int:
        """Now, by the gateway's clock: milliseconds since 1970.

        Counted on from the last measurement by the monotonic clock, so that setting this machine's clock moves
        nothing. A sleep stops that clock: until the next answer the time is then too early, which proves nothing too
        soon.
        """
        since_ms = self._samples[-1].wall_minus_mono_ms if self._samples else self._wall_minus_mono_ms()
        return since_ms + self._clock.monotonic_ms() + self.offset_ms

    @property
    def fresh(self) -> bool:
        """Measured within the last ten minutes, and our clock was not set since (a sleep looks the same)."""
        if not self._samples or self.jumped:
            return False
        return self._clock.monotonic_ms() - self._samples[-1].measured_mono_ms <= FRESH_FOR_MS

    def health(self) -> ClockHealth:
        """How far off our clock is."""
        if not self._samples:
            return ClockHealth.UNMEASURED
        distance_ms = abs(self.offset_ms)
        if distance_ms > STOP_ABOVE_MS and not self.fresh:
            return ClockHealth.STOP
        if distance_ms > BAD_ABOVE_MS:
            return ClockHealth.BAD
        return ClockHealth.WARN if distance_ms > WARN_ABOVE_MS else ClockHealth.OK

    def _wall_minus_mono_ms(self) -> int:
        return self._clock.wall_ms() - self._clock.monotonic_ms()

    @property
    def jumped(self) -> bool:
        """Whether the wall clock and the monotonic one moved apart since the last measurement."""
        if not self._samples:
            return False
        return abs(self._wall_minus_mono_ms() - self._samples[-1].wall_minus_mono_ms) > _JUMP_MS

    @property
    def doubtful(self) -> bool:
        """Whether the gateway must say the time before anything is dated: the clock is far off, or it jumped."""
        return self.jumped or self.health() is ClockHealth.STOP


def _median(offsets: list[int]) -> int:
    ordered, count = sorted(offsets), len(offsets)
    return (ordered[(count - 1) // 2] + ordered[count // 2]) // 2


def _date_ms(header: str) -> int | None:
    """The instant of a `Date` header, in the middle of the second that it names; None when unreadable."""
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - the window comes up without it

    try:
        moment = parsedate_to_datetime(header)
        if moment.tzinfo is None:
            return None
        return round(moment.timestamp()) * 1000 + _HALF_SECOND_MS
    except (ValueError, OverflowError, TypeError):
        return None
