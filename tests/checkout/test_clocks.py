"""The desk with clocks at their worst (T11): no fence too early, no order time that is refused, one day for both.

The gateway's clock is the true one; the computer's is off, is set by somebody, or stands still in a sleep.
"""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import formatdate
from itertools import product
from pathlib import Path

import pytest

from pos_app.checkout.refused import RefusedError
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import AboutToSend, Order
from pos_app.payments.answer import Answer
from pos_app.payments.payment import HOUR_MS, MINUTE_MS, State
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.refund import RefundState
from pos_app.vietnam_day import yymmdd
from tests.checkout.quick import QuickWorld, at_once
from tests.checkout.scripted import NOT_FOUND, UNUSABLE, HandClock, ScriptedGateway, paid

CODE_LIFE_MS = 5 * MINUTE_MS
WINDOW_MS = 15 * MINUTE_MS
NEAR_MS = 3_000
STARTS = {
    "a second before midnight": datetime(2026, 11, 22, 16, 59, 59, tzinfo=UTC),
    "leap day": datetime(2028, 2, 28, 16, 59, 59, tzinfo=UTC),
    "noon": datetime(2026, 11, 22, 5, tzinfo=UTC),
}


class OddClock(HandClock):
    """`now` is what its monotonic clock has counted."""

    def __init__(self, true_ms: int, off_ms: int) -> None:
        super().__init__()
        self.began_ms, self.off_ms, self.slept_ms = true_ms, off_ms, 0

    @property
    def true_ms(self) -> int:
        return self.began_ms + self.now + self.slept_ms

    def wall_ms(self) -> int:
        return self.true_ms + self.off_ms

    def set_by(self, ms: int) -> None:
        self.off_ms += ms

    def fall_asleep(self, ms: int) -> None:
        self.slept_ms += ms


class TimelyGateway(ScriptedGateway):
    """Its answers say what time it is there; a charge's answer is lost, and its order never arrives."""

    heard = True
    world: "OddWorld"

    def _measured(self) -> None:
        clock = self.world.odd
        if self.heard:
            date = formatdate(clock.true_ms // 1000, usegmt=True)
            self.world.offset.measure(date, sent_wall_ms=clock.wall_ms(), round_trip_ms=0)

    async def open_ahead(self) -> None:
        self._measured()

    async def submit(self, order: Order, code: PaymentCode, about_to_send: AboutToSend) -> Answer:
        self.world.sent_at_ms = self.world.odd.true_ms
        answer = await super().submit(order, code, about_to_send)
        if answer is not UNUSABLE:
            self._measured()
        return answer

    async def query(self, app_trans_id: str) -> Answer:
        self._measured()
        return await super().query(app_trans_id)

    async def query_refund(self, m_refund_id: str) -> Answer:
        self._measured()
        return await super().query_refund(m_refund_id)


class OddWorld(QuickWorld):
    """One till with an odd clock."""

    measuring: type[ClockOffset] = ClockOffset

    def __init__(self, folder: Path, true_ms: int, off_ms: int) -> None:
        super().__init__(folder)
        self.clock = self.odd = OddClock(true_ms, off_ms)
        self.clock.calm = self.calm
        self.gateway = self.timely = TimelyGateway(self.log, UNUSABLE, NOT_FOUND)
        self.timely.world = self
        self.sent_at_ms = 0

    def open(self) -> None:
        self.offset = self.measuring(self.odd)
        self.now_ms = self.offset.corrected_ms
        self.clock_doubtful = lambda: self.offset.jumped
        super().open()

    async def step(self, ms: int) -> None:
        """Let time pass; whoever waited till then wakes once."""
        self.odd.now += ms
        await self.odd.move(0)


HAPPENINGS: dict[str, Callable[[OddClock], None]] = {
    "nothing": lambda _: None,
    "an hour on": lambda clock: clock.set_by(HOUR_MS),
    "ten minutes on": lambda clock: clock.set_by(10 * MINUTE_MS),
    "ten minutes back": lambda clock: clock.set_by(-10 * MINUTE_MS),
    "a day back": lambda clock: clock.set_by(-24 * HOUR_MS),
    "set right": lambda clock: clock.set_by(-clock.off_ms),
    "a nap": lambda clock: clock.fall_asleep(4 * MINUTE_MS),
    "ten minutes of sleep": lambda clock: clock.fall_asleep(10 * MINUTE_MS),
    "a night": lambda clock: clock.fall_asleep(9 * HOUR_MS),
}
MOMENTS = ("before the charge", "after it", "before a restart")
OFFS = (-30, 30, -14, 8, 0, 14, -8)


CASES = [
    (happening, moment, list(STARTS)[turn // 2 % len(STARTS)], OFFS[turn % len(OFFS)])
    for turn, (happening, moment) in enumerate(product(HAPPENINGS, MOMENTS))
]
"""Every happening at every moment; starts and distances take turns."""


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    patch = at_once()
    yield
    patch.undo()


def world_of(folder: Path, start: str, off_min: int) -> OddWorld:
    world = OddWorld(folder, int(STARTS[start].timestamp() * 1000), off_min * MINUTE_MS)
    world.open()
    return world


@pytest.mark.parametrize(("happening", "moment", "start", "off_min"), CASES)
def test_no_fence_and_no_order_time_is_wrong(
    tmp_path: Path, happening: str, moment: str, start: str, off_min: int
) -> None:
    asyncio.run(_lives_through(world_of(tmp_path, start, off_min), HAPPENINGS[happening], moment))


async def _lives_through(world: OddWorld, happening: Callable[[OddClock], None], moment: str) -> None:
    await world.desk.open_ahead()
    if moment == "before the charge":
        happening(world.odd)
    view = await world.charge()
    attempt = (await world.record(view.payment_id)).attempt
    assert abs(attempt.app_time_ms - world.sent_at_ms) <= NEAR_MS < WINDOW_MS
    assert attempt.app_trans_id[:6] == yymmdd(attempt.app_time_ms)
    await world.step(2_000)
    if moment != "before the charge":
        happening(world.odd)
    if moment == "before a restart":
        await world.restart()
    state = State.UNKNOWN
    for ms in (1_000, 31_000, *[65_000] * 4, 150_000, *[11 * MINUTE_MS] * 2):
        world.desk.ask_now(view.payment_id)
        await world.step(ms)
        state = (await world.record(view.payment_id)).state
        if world.odd.true_ms < world.sent_at_ms + CODE_LIFE_MS:
            assert state is State.UNKNOWN, "the gateway may still accept it"
    assert state is State.NOT_CREATED
    await world.desk.stop()
    world.journal.close()


@pytest.mark.parametrize("sleep_ms", [4 * MINUTE_MS, 12 * MINUTE_MS, 9 * HOUR_MS])
def test_a_refund_after_a_sleep_has_the_right_time(tmp_path: Path, sleep_ms: int) -> None:
    async def run() -> None:
        world = world_of(tmp_path, "noon", 0)
        await world.desk.open_ahead()
        world.gateway.create, world.gateway.queries[0] = paid(), paid()
        view = await world.charge()
        await world.step(2_000)
        world.odd.fall_asleep(sleep_ms)
        world.gateway.refund_line, world.gateway.refund_lines[0] = UNUSABLE, NOT_FOUND
        await world.refund(view.payment_id, 1_000)
        (refund,) = await world.refunds_of(view.payment_id)
        sent_at_ms = world.odd.true_ms
        assert abs(refund.refund.requested_at_ms - sent_at_ms) <= NEAR_MS
        for _ in range(12):
            world.desk.refunds.ask_now(view.payment_id)
            await world.step(100_000)
            (refund,) = await world.refunds_of(view.payment_id)
            if world.odd.true_ms < sent_at_ms + WINDOW_MS:
                assert refund.state is RefundState.UNKNOWN
        assert refund.state is RefundState.NOT_CREATED
        await world.desk.stop()
        world.journal.close()

    asyncio.run(run())


@pytest.mark.parametrize("happening", ["an hour on", "a day back", "ten minutes of sleep"])
def test_nothing_is_begun_while_nobody_knows_the_time(tmp_path: Path, happening: str) -> None:
    async def run() -> None:
        world = world_of(tmp_path, "noon", 0)
        await world.desk.open_ahead()
        world.gateway.create, world.gateway.queries[0] = paid(), paid()
        view = await world.charge()
        await world.step(2_000)
        HAPPENINGS[happening](world.odd)
        world.timely.heard = False
        with pytest.raises(RefusedError, match="clock"):
            await world.charge()
        with pytest.raises(RefusedError, match="clock"):
            await world.refund(view.payment_id, 1_000)
        assert (len(world.gateway.orders), world.gateway.refunds) == (1, [])
        world.timely.heard = True
        await world.charge()
        await world.refund(view.payment_id, 1_000)
        assert (len(world.gateway.orders), len(world.gateway.refunds)) == (2, 1)
        await world.desk.stop()
        world.journal.close()

    asyncio.run(run())


class ByTheWall(ClockOffset):
    """The control: a build that goes by the wall clock, and trusts it."""

    def corrected_ms(self) -> int:
        return self._clock.wall_ms() + self.offset_ms

    @property
    def jumped(self) -> bool:
        return False


class NeverJumps(ClockOffset):
    """Another: one that does not ask for the time after a sleep."""

    @property
    def jumped(self) -> bool:
        return False


@pytest.mark.parametrize(
    ("broken", "happening", "moment"),
    [
        (ByTheWall, "ten minutes on", "before the charge"),
        (NeverJumps, "ten minutes of sleep", "before the charge"),
    ],
)
def test_control_a_wrong_build_is_found(
    tmp_path: Path, broken: type[ClockOffset], happening: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OddWorld, "measuring", broken)
    with pytest.raises(AssertionError):
        asyncio.run(_lives_through(world_of(tmp_path, "noon", 0), HAPPENINGS[happening], moment))
