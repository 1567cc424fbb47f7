"""A wall clock that is set, or jumps, moves no question and no waiting time (I22) and hurries no answer."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from pos_app.checkout.views import Stage
from pos_app.payments.answer import Answer
from pos_app.payments.payment import HOUR_MS, MINUTE_MS, Source
from pos_app.payments.schedule import CUSTOMER_WAITS_MS
from tests.checkout.scripted import NOT_FOUND, PROCESSING, T0, UNUSABLE, HandClock, World

YEAR_2000_MS = 946_684_800_000
MINUTES = 3


class SetClock(HandClock):
    """Its wall clock can be set."""

    def __init__(self) -> None:
        super().__init__()
        self.set_by_ms = 0

    def wall_ms(self) -> int:
        return super().wall_ms() + self.set_by_ms


def world_by(clock: SetClock, folder: Path, create: object = PROCESSING, *queries: object) -> World:
    """A counter that goes by this clock."""
    world = World(folder, create, *queries)
    world.clock, clock.calm, world.gateway.now = clock, world.calm, clock.monotonic_ms
    world.open()
    return world


async def asked(folder: Path, set_by_ms: int) -> tuple[list[int], list[int]]:
    """When the gateway was asked over some minutes with the clock set after 3 s, and when the till was free."""
    clock = SetClock()
    world = world_by(clock, folder)
    freed: list[int] = []
    try:
        await world.charge()
        await clock.move(3_000)
        clock.set_by_ms = set_by_ms
        for _ in range(MINUTES):
            await clock.move(MINUTE_MS)
            freed += [clock.now] if world.views[-1].stage is Stage.UNKNOWN else []
    finally:
        await world.desk.stop()
        world.journal.close()
    return world.gateway.asked_at, freed[:1]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[int], list[int]]:
    """With a clock that nobody touches."""
    found = asyncio.run(asked(tmp_path_factory.mktemp("planned"), 0))
    assert len(found[0]) > 30
    assert found[1] == [3_000 + MINUTE_MS]
    assert found[1][0] >= CUSTOMER_WAITS_MS
    return found


@pytest.mark.parametrize(
    "set_by_ms",
    [-24 * HOUR_MS, 10 * MINUTE_MS, 3 * 24 * HOUR_MS, YEAR_2000_MS - T0],
    ids=["a day back", "10 minutes on", "three days on", "year 2000"],
)
def test_questions_and_waiting_go_on_as_planned(
    set_by_ms: int, planned: tuple[list[int], list[int]], tmp_path: Path
) -> None:
    assert asyncio.run(asked(tmp_path, set_by_ms)) == planned


@pytest.mark.parametrize("takes_ms", [0, 200])
@pytest.mark.parametrize("ahead_ms", [10 * MINUTE_MS, 60 * MINUTE_MS])
def test_a_question_counts_from_when_it_was_asked_by_the_right_clock(
    ahead_ms: int, takes_ms: int, tmp_path: Path
) -> None:
    """The clock ran ahead, so by it the fence was over; the answer to the question itself tells so.

    Ten minutes may be a clock that was not measured yet, an hour may be a sleep: the one is told by the payment's own
    age, the other by the question's.
    """

    async def live() -> None:
        clock = SetClock()
        world = world_by(clock, tmp_path, UNUSABLE, NOT_FOUND)
        answered: Callable[[str], Awaitable[Answer]] = world.gateway.query

        async def query(app_trans_id: str) -> Answer:
            answer = await answered(app_trans_id)
            clock.now += takes_ms
            clock.set_by_ms = 0
            return answer

        world.gateway.query = query  # type: ignore[method-assign]
        try:
            await world.charge()
            clock.set_by_ms = ahead_ms
            await clock.move(4_000)
            (record,) = await asyncio.wrap_future(world.journal.recent(1))
        finally:
            await world.desk.stop()
            world.journal.close()
        questions = [one for one in record.evidence if one.source is Source.QUERY]
        assert len(questions) >= 2
        assert all(one.asked_at_ms < record.attempt.fence_at_ms for one in questions)

    asyncio.run(live())
