"""The gateway answers with another payment's number: it is kept as evidence, proves nothing, and a manager looks."""

import asyncio
from pathlib import Path

from pos_app.checkout.views import Stage
from pos_app.payments.payment import NUMBER_TAKEN, State
from tests.checkout.scripted import PROCESSING, World, on_a_loop, paid


@on_a_loop
async def test_it_is_a_mismatch_now_and_after_a_restart(tmp_path: Path) -> None:
    world = World(tmp_path, PROCESSING, paid(number="zp1"))
    world.open()
    first = await world.charge()
    await world.clock.move(3_000)
    second = await world.charge()
    await world.clock.move(3_000)
    try:
        record = await asyncio.wrap_future(world.journal.payment(second.payment_id))
        assert record is not None
        assert record.state is State.MISMATCH
        assert record.evidence[-1].cause == NUMBER_TAKEN
        assert [view.payment_id for view in world.desk.open_views()] == [second.payment_id]
        assert world.views[-1].stage is Stage.MISMATCH
        assert (await world.record(first.payment_id)).state is State.PAID
        assert (await asyncio.wrap_future(world.journal.verify())).ok
    finally:
        await world.desk.stop()
        world.journal.close()
    world.open()
    try:
        assert [one.state for one in await asyncio.wrap_future(world.journal.live())] == [State.MISMATCH]
    finally:
        await world.desk.stop()
        world.journal.close()
