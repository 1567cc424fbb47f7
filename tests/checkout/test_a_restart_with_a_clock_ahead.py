"""A restart while this machine's clock is far ahead, and no gateway has answered yet: nothing watched is forgotten.

Found by the simulation. A payment that was declined falsely was paid a minute later; the till had been restarted
meanwhile on a computer whose clock ran half an hour ahead, and took the watching for over.
"""

from pathlib import Path

import pytest

from pos_app.checkout.views import Stage
from pos_app.payments.payment import HOUR_MS, MINUTE_MS
from tests.checkout.scripted import NEGATIVE, PROCESSING, HandClock, World, paid


class ClockAhead(HandClock):
    """Its wall clock can be set."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead_ms = 0

    def wall_ms(self) -> int:
        return super().wall_ms() + self.ahead_ms


@pytest.mark.anyio
@pytest.mark.parametrize("ahead_ms", [29 * MINUTE_MS, 24 * HOUR_MS], ids=["half an hour", "a day"])
async def test_what_was_watched_is_watched_on(tmp_path: Path, ahead_ms: int) -> None:
    world, clock = World(tmp_path, NEGATIVE, NEGATIVE), ClockAhead()
    world.clock, clock.calm, world.gateway.now = clock, world.calm, clock.monotonic_ms
    world.open()
    try:
        await world.charge()
        await clock.move(MINUTE_MS)
        assert await world.states() == ["failed"]
        await world.desk.stop()
        world.journal.close()
        clock.ahead_ms = ahead_ms
        world.open()
        await world.desk.recover()
        world.desk.watch_on()
        await clock.move(MINUTE_MS)
        world.gateway.queries.clear()
        world.gateway.queries.append(paid())
        await clock.move(MINUTE_MS)
        assert await world.states() == ["paid"]
        assert world.views[-1].stage is Stage.PAID
    finally:
        await world.desk.stop()
        world.journal.close()


@pytest.mark.anyio
async def test_a_live_payment_is_asked_on_however_far_ahead_the_clock_is(tmp_path: Path) -> None:
    world, clock = World(tmp_path, PROCESSING, PROCESSING), ClockAhead()
    world.clock, clock.calm, world.gateway.now = clock, world.calm, clock.monotonic_ms
    world.open()
    try:
        await world.charge()
        await clock.move(MINUTE_MS)
        await world.desk.stop()
        world.journal.close()
        clock.ahead_ms = 72 * HOUR_MS
        world.open()
        await world.desk.recover()
        world.desk.watch_on()
        await clock.move(5_000)
        clock.ahead_ms = 0  # the gateway's answer corrected the clock
        world.gateway.queries.clear()
        world.gateway.queries.append(paid())
        await clock.move(30 * MINUTE_MS)
        assert await world.states() == ["paid"]
    finally:
        await world.desk.stop()
        world.journal.close()
