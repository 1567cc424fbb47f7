"""A try counts as declined, the next is about to leave, and the first turns out paid: the next must not leave."""

from pathlib import Path

from pos_app.checkout.views import Stage
from tests.checkout.scripted import NEGATIVE, World, on_a_loop, paid


@on_a_loop
async def test_the_next_try_does_not_leave(tmp_path: Path) -> None:
    world = World(tmp_path, NEGATIVE, NEGATIVE)
    world.open()
    try:
        first = await world.charge()
        await world.clock.move(3_000)
        assert await world.states() == ["failed"]
        world.gateway.queries.clear()
        world.gateway.queries.append(paid())
        real = world.gateway.submit

        async def slow(*arguments: object) -> object:
            await world.clock.move(40_000)  # the connection takes its time; meanwhile the first is asked about again
            return await real(*arguments)  # type: ignore[arg-type]

        world.gateway.submit = slow  # type: ignore[method-assign, assignment]
        sent = len(world.gateway.orders)
        second = await world.charge(retry_of=first.payment_id)
        assert second.stage is Stage.NOT_SENT
        assert len(world.gateway.orders) == sent
        assert await world.states() == ["paid", "not_sent"]
    finally:
        await world.desk.stop()
        world.journal.close()
