"""Faults in the parts around the desk: whatever breaks, an open payment goes on being asked about, and ends true."""

import asyncio
from pathlib import Path

import pytest

from pos_app.checkout.refused import RefusedError
from pos_app.checkout.views import PaymentView, Stage
from pos_app.gateways.gateway import AboutToSend, NotSentError, Order
from pos_app.journal.entries import EvidenceAdded, PaymentPrepared
from pos_app.payments.answer import Answer, NotSentCause
from pos_app.payments.payment import Source, State
from pos_app.payments.payment_code import PaymentCode
from tests.checkout.scripted import NEGATIVE, NOT_FOUND, PROCESSING, World, counter, paid


class BrokenError(RuntimeError):
    """A fault in a part that nobody thought of."""


def nothing_but_c1(entries: tuple[object, ...]) -> bool:
    return not isinstance(entries[0], PaymentPrepared)


def test_a_query_that_breaks_does_not_end_the_asking(tmp_path: Path) -> None:
    async def live() -> None:
        async with counter(tmp_path, PROCESSING, paid()) as world:
            real, breaks = world.gateway.query, [True, True]

            async def query(app_trans_id: str) -> Answer:
                if breaks:
                    breaks.pop()
                    raise BrokenError
                return await real(app_trans_id)

            world.gateway.query = query  # type: ignore[method-assign]
            await world.charge()
            await world.clock.move(10_000)
            assert await world.states() == ["paid"]

    asyncio.run(live())


def test_a_screen_that_breaks_does_not_end_the_asking(tmp_path: Path) -> None:
    async def live() -> None:
        async with counter(tmp_path, PROCESSING, PROCESSING, paid()) as world:
            await world.charge()
            told = world.views.append

            def tell(view: PaymentView) -> None:
                told(view)
                raise BrokenError

            world.views.append = tell  # type: ignore[method-assign]
            await world.clock.move(10_000)
            assert await world.states() == ["paid"]

    class Views(list[PaymentView]):
        """A list whose `append` can be replaced."""

    before = World.__init__

    def init(self: World, *arguments: object) -> None:
        before(self, *arguments)  # type: ignore[arg-type]
        self.views = Views()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(World, "__init__", init)
        asyncio.run(live())


def test_a_charge_that_breaks_after_the_bytes_left_is_asked_about(tmp_path: Path) -> None:
    async def live() -> None:
        async with counter(tmp_path, paid(), paid()) as world:
            real = world.gateway.submit

            async def submit(order: Order, code: PaymentCode, about_to_send: AboutToSend) -> Answer:
                await real(order, code, about_to_send)
                raise BrokenError

            world.gateway.submit = submit  # type: ignore[method-assign]
            with pytest.raises(BrokenError):
                await world.charge()
            assert await world.states() == ["unknown"]
            await world.clock.move(5_000)
            assert await world.states() == ["paid"]
            assert world.log.count("bytes") == 1

    asyncio.run(live())


@pytest.mark.parametrize("where", ["no connection", "c2"])
def test_not_sent_that_could_not_be_stored_is_stored_later_and_nobody_is_asked(tmp_path: Path, where: str) -> None:
    async def live() -> None:
        async with counter(tmp_path, PROCESSING, NOT_FOUND) as world:
            world.failing = nothing_but_c1
            if where == "c2":
                with pytest.raises(RefusedError):
                    await world.charge()
            else:
                world.gateway.create = NotSentError(NotSentCause.REFUSED)
                await world.charge()
            await world.clock.move(10_000)
            assert await world.states() == ["prepared"]
            world.failing = lambda _: False
            await world.clock.move(10_000)
            assert await world.states() == ["not_sent"]
            assert world.views[-1].stage is Stage.NOT_SENT
            assert "ask" not in world.log
            assert world.desk.open_views() == ()

    asyncio.run(live())


def test_after_c2_could_not_be_stored_the_till_is_free_as_soon_as_the_disk_is(tmp_path: Path) -> None:
    async def live() -> None:
        async with counter(tmp_path, PROCESSING) as world:
            world.failing = nothing_but_c1
            with pytest.raises(RefusedError):
                await world.charge()
            assert world.views[-1].stage is Stage.UNKNOWN  # not "sending" for ever: that would keep the camera resting
            world.failing = lambda _: False
            assert (await world.charge()).stage is Stage.PROCESSING

    asyncio.run(live())


def test_recovery_that_cannot_store_not_sent_stores_it_later(tmp_path: Path) -> None:
    async def live() -> None:
        async with counter(tmp_path, PROCESSING, NOT_FOUND) as world:
            world.failing = nothing_but_c1
            with pytest.raises(RefusedError):
                await world.charge()
        world.log.clear()
        world.open()  # the folder as a kill between C1 and C2 leaves it
        world.failing = nothing_but_c1
        await world.desk.recover()
        await world.clock.move(5_000)
        world.failing = lambda _: False
        await world.clock.move(5_000)
        assert await world.states() == ["not_sent"]
        assert "ask" not in world.log
        await world.desk.stop()
        world.journal.close()

    asyncio.run(live())


def test_the_charges_answer_that_could_not_be_stored_is_kept_as_evidence(tmp_path: Path) -> None:
    """A claim of success that the disk did not take must not let two later negatives pass for "not paid"."""

    def create(entries: tuple[object, ...]) -> bool:
        return any(isinstance(one, EvidenceAdded) and one.evidence.source is Source.CREATE for one in entries)

    async def live() -> None:
        async with counter(tmp_path, paid(), NEGATIVE) as world:
            world.failing = create
            await world.charge()
            await world.clock.move(3_000)
            world.failing = lambda _: False
            await world.clock.move(20_000)
            assert await world.states() == [State.MISMATCH.value]
            assert Stage.DECLINED not in {view.stage for view in world.views}

    asyncio.run(live())
