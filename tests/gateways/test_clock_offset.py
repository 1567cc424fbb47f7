"""The offset to the gateway's clock, on a clock that the test moves."""

from email.utils import formatdate

import pytest

from pos_app.gateways.clock_offset import FRESH_FOR_MS, ClockHealth, ClockOffset

NOON_MS = 1_790_000_000_000


class MovedClock:
    """A clock that stands where the test puts it."""

    def __init__(self) -> None:
        self.wall = NOON_MS
        self.monotonic = 5_000_000

    def wall_ms(self) -> int:
        return self.wall

    def monotonic_ms(self) -> int:
        return self.monotonic

    async def sleep(self, ms: int) -> None:
        self.pass_ms(ms)

    def pass_ms(self, ms: int) -> None:
        self.wall += ms
        self.monotonic += ms


def measure(offset: ClockOffset, clock: MovedClock, off_by_ms: int, round_trip_ms: int = 0) -> None:
    header = formatdate((clock.wall + off_by_ms) // 1000, usegmt=True)
    offset.measure(header, sent_wall_ms=clock.wall - round_trip_ms // 2, round_trip_ms=round_trip_ms)


def test_nothing_measured_corrects_nothing() -> None:
    offset = ClockOffset(clock := MovedClock())
    assert (offset.offset_ms, offset.health(), offset.fresh) == (0, ClockHealth.UNMEASURED, False)
    assert offset.corrected_ms() == clock.wall


def test_the_median_of_the_last_five_counts() -> None:
    offset = ClockOffset(clock := MovedClock())
    for off_by_ms in (900_000, 10_000, 10_000, 10_000, 500_000, 10_000):
        measure(offset, clock, off_by_ms)
        clock.pass_ms(1_000)
    assert offset.offset_ms == 10_500
    assert offset.corrected_ms() == clock.wall + 10_500
    for _ in range(3):
        measure(offset, clock, 500_000)
    assert offset.offset_ms == 500_500


def test_the_middle_of_the_request_is_what_is_compared() -> None:
    offset = ClockOffset(clock := MovedClock())
    header = formatdate(clock.wall // 1000 + 30, usegmt=True)
    offset.measure(header, sent_wall_ms=clock.wall, round_trip_ms=2_000)
    assert offset.offset_ms == 29_500


@pytest.mark.parametrize(
    "header", ["", "yesterday", "Sun, 99 Nov 2026 04:00:00 GMT", "Sun, 22 Nov 2026 04:00:00", "\0"]
)
def test_odd_dates_count_for_nothing(header: str) -> None:
    offset = ClockOffset(clock := MovedClock())
    offset.measure(header, sent_wall_ms=clock.wall, round_trip_ms=10)
    assert offset.health() is ClockHealth.UNMEASURED


@pytest.mark.parametrize("round_trip_ms", [-1, 4_001, 60_000])
def test_slow_answers_count_for_nothing(round_trip_ms: int) -> None:
    offset = ClockOffset(clock := MovedClock())
    measure(offset, clock, 60_000, round_trip_ms)
    assert offset.health() is ClockHealth.UNMEASURED


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("seconds", "health"),
    [(0, ClockHealth.OK), (58, ClockHealth.OK), (62, ClockHealth.WARN), (298, ClockHealth.WARN),
     (302, ClockHealth.BAD), (838, ClockHealth.BAD), (900, ClockHealth.BAD)],
)  # fmt: skip
def test_how_far_off_is_how_bad(seconds: int, health: ClockHealth, sign: int) -> None:
    offset = ClockOffset(clock := MovedClock())
    measure(offset, clock, sign * seconds * 1000)
    assert offset.health() is health


@pytest.mark.parametrize(("seconds", "health"), [(842, ClockHealth.STOP), (838, ClockHealth.BAD)])
def test_far_off_and_not_measured_lately_stops(seconds: int, health: ClockHealth) -> None:
    offset = ClockOffset(clock := MovedClock())
    measure(offset, clock, seconds * 1000)
    clock.pass_ms(FRESH_FOR_MS)
    assert offset.health() is ClockHealth.BAD
    clock.pass_ms(1)
    assert offset.health() is health


@pytest.mark.parametrize("jump_ms", [3_600_000, -3_600_000])
def test_a_clock_that_was_set_makes_old_measurements_worthless(jump_ms: int) -> None:
    offset = ClockOffset(clock := MovedClock())
    for _ in range(5):
        measure(offset, clock, 0)
    assert (offset.fresh, offset.jumped) == (True, False)
    clock.wall += jump_ms
    assert (offset.fresh, offset.jumped) == (False, True)
    measure(offset, clock, -jump_ms)
    assert (offset.fresh, offset.jumped) == (True, False)
    assert offset.offset_ms == -jump_ms + 500


def test_of_an_even_number_the_middle_two_count() -> None:
    offset = ClockOffset(clock := MovedClock())
    measure(offset, clock, 10_000)
    measure(offset, clock, 20_000)
    assert offset.offset_ms == 15_500
