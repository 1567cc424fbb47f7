"""The offset to the gateway's clock, on a clock that the test moves."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import formatdate
from itertools import product

import pytest

from pos_app.gateways.clock_offset import FRESH_FOR_MS, ClockHealth, ClockOffset
from pos_app.payments.payment import CLOCK_MARGIN_MS, GATEWAY_WINDOW_MS, HOUR_MS, MINUTE_MS

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


# --- clocks at their worst (T11) -------------------------------------------------------------------------------------

DAY_MS = 24 * HOUR_MS
MIDNIGHT_IN_VIETNAM = int(datetime(2026, 11, 22, 17, tzinfo=UTC).timestamp() * 1000)
LEAP_DAY = int(datetime(2028, 2, 29, 16, 59, 58, tzinfo=UTC).timestamp() * 1000)
YEAR_2000 = 946_684_800_000
NEAR_MS = 2_000


class WrongClock:
    """A computer's clocks beside the true time: off from the start, set by somebody, stopped by a sleep."""

    def __init__(self, true_ms: int, off_ms: int) -> None:
        self.true_ms, self.off_ms, self.slept_ms = true_ms, off_ms, 0

    def wall_ms(self) -> int:
        return self.true_ms + self.off_ms

    def monotonic_ms(self) -> int:
        return self.true_ms - self.slept_ms - NOON_MS

    async def sleep(self, ms: int) -> None:
        self.true_ms += ms

    def set_to(self, wall_ms: int) -> None:
        self.off_ms = wall_ms - self.true_ms

    def fall_asleep(self, ms: int) -> None:
        self.true_ms += ms
        self.slept_ms += ms


def answer(offset: ClockOffset, clock: WrongClock, meanwhile: Callable[[], None] = lambda: None) -> None:
    """One exchange with the gateway, half a second each way, as the client measures it."""
    sent_wall_ms, sent_mono_ms = clock.wall_ms(), clock.monotonic_ms()
    clock.true_ms += 500
    date = formatdate(clock.true_ms // 1000, usegmt=True)
    meanwhile()
    clock.true_ms += 500
    offset.measure(date, sent_wall_ms=sent_wall_ms, round_trip_ms=clock.monotonic_ms() - sent_mono_ms)


HAPPENINGS: dict[str, Callable[[WrongClock], None]] = {
    "nothing": lambda _: None,
    "an hour on": lambda clock: clock.set_to(clock.wall_ms() + HOUR_MS),
    "ten minutes back": lambda clock: clock.set_to(clock.wall_ms() - 10 * MINUTE_MS),
    "a day on": lambda clock: clock.set_to(clock.wall_ms() + DAY_MS),
    "a day back": lambda clock: clock.set_to(clock.wall_ms() - DAY_MS),
    "year 2000": lambda clock: clock.set_to(YEAR_2000),
    "set right": lambda clock: clock.set_to(clock.true_ms),
    "a nap": lambda clock: clock.fall_asleep(10 * MINUTE_MS),
    "a night": lambda clock: clock.fall_asleep(9 * HOUR_MS),
}


def worlds() -> Iterator[tuple[int, int, str, bool]]:
    """Every start, distance in minutes, happening, and whether it comes in mid-exchange."""
    starts = (NOON_MS, MIDNIGHT_IN_VIETNAM - 1_500, LEAP_DAY)
    return product(starts, range(-30, 31), HAPPENINGS, (False, True))


def wrong(make: type[ClockOffset]) -> Iterator[str]:
    """Where in all these worlds the corrected time could give a wrong fence or an order time that is refused."""
    for start, off_min, name, in_flight in worlds():
        clock = WrongClock(start, off_min * MINUTE_MS)
        offset = make(clock)
        for fault in _wrong_in(clock, offset, HAPPENINGS[name], in_flight=in_flight):
            yield f"{off_min} min off, {name}{' in mid-exchange' if in_flight else ''}: {fault}"


def _wrong_in(
    clock: WrongClock, offset: ClockOffset, happening: Callable[[WrongClock], None], *, in_flight: bool
) -> Iterator[str]:
    def ahead_ms() -> int:
        return offset.corrected_ms() - clock.true_ms

    for _ in range(3):
        answer(offset, clock)
        if abs(ahead_ms()) > NEAR_MS:
            yield "wrong though measured"
    if in_flight:
        answer(offset, clock, lambda: happening(clock))
    else:
        happening(clock)
    for _ in range(3):
        if ahead_ms() > NEAR_MS:
            yield "ahead, so that a fence comes too early"
        if ahead_ms() < -NEAR_MS and not (clock.slept_ms and offset.jumped):
            yield "behind, and nobody can tell"
        clock.true_ms += 3 * MINUTE_MS
        answer(offset, clock)
        if abs(ahead_ms()) > NEAR_MS:
            yield "wrong after a new measurement"


def test_no_clock_of_this_world_moves_a_fence() -> None:
    assert NEAR_MS < CLOCK_MARGIN_MS < GATEWAY_WINDOW_MS
    assert next(wrong(ClockOffset), "") == ""


class ByTheWall(ClockOffset):
    """The control: a build that goes by the wall clock."""

    def corrected_ms(self) -> int:
        return self._clock.wall_ms() + self.offset_ms


class NeverForgets(ClockOffset):
    """Another control: measurements from before the clock was set still count."""

    @property
    def jumped(self) -> bool:
        return False


@pytest.mark.parametrize("broken", [ByTheWall, NeverForgets])
def test_control_a_wrong_build_is_found(broken: type[ClockOffset]) -> None:
    assert next(wrong(broken), "")
