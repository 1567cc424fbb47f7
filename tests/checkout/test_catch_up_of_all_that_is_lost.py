"""What a restored journal cannot know: found again by number, whatever the clock, the row or the stop in between."""

import asyncio
import logging
import shutil
from pathlib import Path

from pos_app.gateways.gateway import AboutToSend, NotSentError, Order
from pos_app.journal.backup import back_up, restore
from pos_app.payments.answer import Answer, NotSentCause
from pos_app.payments.order_number import epoch_of
from pos_app.payments.payment import HOUR_MS, State
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.refund import RefundState, refund_number
from tests.checkout.scripted import PROCESSING, T0, UNUSABLE, World, on_a_loop, paid
from tests.checkout.test_catch_up import PASSPHRASE, a_day_that_is_lost, desk_of, opened_again


@on_a_loop
async def test_a_catch_up_that_was_broken_off_goes_on_past_what_it_found(tmp_path: Path) -> None:
    ids = await a_day_that_is_lost(tmp_path)

    class CutOff(dict[str, list[Answer]]):
        def get(self, key: str, _default: object = None) -> list[Answer]:
            return [paid(75_000, "zp1")] if key == ids[1] else [UNUSABLE]

    world, _ = opened_again(tmp_path, CutOff(), after_ms=90_000)
    await world.desk.recover()
    await world.clock.move(60_000)
    assert (await world.record(ids[1])).state is State.PAID, "the first one was found"
    await world.desk.stop()
    world.journal.close()
    world, _ = opened_again(tmp_path, {ids[1]: [paid(75_000, "zp1")], ids[3]: [paid(20_000, "zp3")]}, after_ms=700_000)
    try:
        await world.desk.recover()
        await world.clock.move(120_000)
        found = {one.attempt.app_trans_id for one in await asyncio.wrap_future(world.journal.recent(10))}
        assert ids[3] in found
        assert world.journal.restored_at_ms is None
    finally:
        await world.desk.stop()
        world.journal.close()


async def lost_day(tmp_path: Path, restore_ms: int) -> list[str]:
    ids = await a_day_that_is_lost(tmp_path)
    shutil.rmtree(tmp_path / "new")
    await asyncio.to_thread(
        restore, tmp_path / "backup", PASSPHRASE, tmp_path / "new", now_ms=restore_ms, entropy=b"other"
    )
    return ids


@on_a_loop
async def test_a_restore_while_the_clock_is_behind_finds_the_lost_payments_too(tmp_path: Path) -> None:
    ids = await lost_day(tmp_path, T0 - 24 * HOUR_MS)  # a new computer whose clock is a day behind
    world, _ = opened_again(tmp_path, {ids[1]: [paid(75_000, "zp1")]})
    try:
        await world.desk.recover()
        await world.clock.move(120_000)
        found = {one.attempt.app_trans_id for one in await asyncio.wrap_future(world.journal.recent(10))}
        assert world.journal.restored_at_ms is not None or ids[1] in found
    finally:
        await world.desk.stop()
        world.journal.close()


@on_a_loop
async def test_a_second_loss_right_after_a_restore_is_found_too(tmp_path: Path) -> None:
    await a_day_that_is_lost(tmp_path)
    world, _ = opened_again(tmp_path, {})
    await world.desk.recover()
    await world.clock.move(120_000)
    assert world.journal.restored_at_ms is None
    await asyncio.to_thread(back_up, world.journal, tmp_path / "b2", PASSPHRASE, made_at_ms=world.clock.wall_ms())
    world.desk = desk_of(world, world.gateway)
    world.gateway.queries.clear()
    world.gateway.queries.append(paid(number="zpX"))
    view = await world.charge()
    await world.clock.move(3_000)
    assert (await world.record(view.payment_id)).state is State.PAID
    now = world.clock.wall_ms()
    await world.desk.stop()
    world.journal.close()
    shutil.rmtree(tmp_path / "new")
    await asyncio.to_thread(restore, tmp_path / "b2", PASSPHRASE, tmp_path / "new", now_ms=now + 1000, entropy=b"third")
    world, _ = opened_again(tmp_path, {view.payment_id: [paid(50_000, "zpX")]}, after_ms=now - T0 + 60_000)
    try:
        await world.desk.recover()
        await world.clock.move(120_000)
        found = {one.attempt.app_trans_id for one in await asyncio.wrap_future(world.journal.recent(10))}
        assert view.payment_id in found
    finally:
        await world.desk.stop()
        world.journal.close()


@on_a_loop
async def test_a_backup_of_a_payment_that_was_about_to_be_sent_does_not_say_not_sent(tmp_path: Path) -> None:
    world = World(tmp_path / "old", PROCESSING, paid())
    world.open()
    hold = asyncio.Event()
    real = world.gateway.submit

    async def slow(order: Order, code: PaymentCode, about: AboutToSend) -> Answer:
        await hold.wait()  # connection and TLS
        return await real(order, code, about)

    world.gateway.submit = slow  # type: ignore[method-assign, assignment]
    charging = asyncio.ensure_future(world.charge())
    await world.clock.calm()
    await asyncio.to_thread(back_up, world.journal, tmp_path / "b", PASSPHRASE, made_at_ms=world.clock.wall_ms())
    hold.set()
    view = await charging
    await world.clock.move(3_000)
    assert (await world.record(view.payment_id)).state is State.PAID
    await world.desk.stop()
    world.journal.close()
    await asyncio.to_thread(restore, tmp_path / "b", PASSPHRASE, tmp_path / "new", now_ms=T0 + 60_000, entropy=b"other")
    world, _ = opened_again(tmp_path, {view.payment_id: [paid()]}, after_ms=70_000)
    try:
        await world.desk.recover()
        await world.clock.move(120_000)
        assert (await world.record(view.payment_id)).state is State.PAID
    finally:
        await world.desk.stop()
        world.journal.close()


@on_a_loop
async def test_a_backup_of_a_refund_that_was_about_to_be_sent_keeps_its_amount_reserved(tmp_path: Path) -> None:
    world = World(tmp_path / "old")
    world.open()
    view = await world.paid_one()
    world.gateway.connected.clear()
    refunding = world.refunding(view.payment_id, 50_000)
    await world.clock.calm()
    await asyncio.to_thread(back_up, world.journal, tmp_path / "b", PASSPHRASE, made_at_ms=world.clock.wall_ms())
    world.gateway.connected.set()
    await refunding
    assert len(world.gateway.refunds) == 1
    await world.desk.stop()
    world.journal.close()
    await asyncio.to_thread(restore, tmp_path / "b", PASSPHRASE, tmp_path / "new", now_ms=T0 + 60_000, entropy=b"other")
    world, _ = opened_again(tmp_path, {}, after_ms=70_000)
    try:
        await world.desk.recover()
        await world.clock.calm()
        (one,) = await world.refunds_of(view.payment_id)
        assert one.state is not RefundState.NOT_SENT
    finally:
        await world.desk.stop()
        world.journal.close()


@on_a_loop
async def test_a_row_of_charges_that_were_never_sent_does_not_end_the_search(tmp_path: Path) -> None:
    """The network is out for a while: every try takes a number. Then it is back, and a customer pays."""
    world = World(tmp_path / "old")
    world.open()
    await world.paid_one()
    await asyncio.to_thread(back_up, world.journal, tmp_path / "b", PASSPHRASE, made_at_ms=world.clock.wall_ms())
    world.gateway.create = NotSentError(NotSentCause.NO_NETWORK)
    for _ in range(20):
        await world.charge()
        world.desk.next_customer()
    view = await world.paid_one(75_000)
    await world.desk.stop()
    world.journal.close()
    await asyncio.to_thread(restore, tmp_path / "b", PASSPHRASE, tmp_path / "new", now_ms=T0 + 60_000, entropy=b"other")
    world, _ = opened_again(tmp_path, {view.payment_id: [paid(75_000, "zpY")]}, after_ms=70_000)
    try:
        await world.desk.recover()
        await world.clock.move(120_000)
        found = {one.attempt.app_trans_id for one in await asyncio.wrap_future(world.journal.recent(10))}
        assert view.payment_id in found
    finally:
        await world.desk.stop()
        world.journal.close()


@on_a_loop
async def test_a_backup_without_a_payment_is_searched_from_the_first_number(tmp_path: Path) -> None:
    world = World(tmp_path / "old")
    world.open()
    await asyncio.to_thread(back_up, world.journal, tmp_path / "b", PASSPHRASE, made_at_ms=world.clock.wall_ms())
    view = await world.paid_one(75_000)
    await world.desk.stop()
    world.journal.close()
    await asyncio.to_thread(restore, tmp_path / "b", PASSPHRASE, tmp_path / "new", now_ms=T0 + 60_000, entropy=b"other")
    world, _ = opened_again(tmp_path, {view.payment_id: [paid(75_000, "zpY")]}, after_ms=70_000)
    try:
        await world.desk.recover()
        await world.clock.move(120_000)
        assert await asyncio.wrap_future(world.journal.payment(view.payment_id)) is not None
    finally:
        await world.desk.stop()
        world.journal.close()


@on_a_loop
async def test_a_refund_that_the_backup_does_not_know_is_an_alarm(tmp_path: Path) -> None:
    ids = await a_day_that_is_lost(tmp_path)
    world, gateway = opened_again(tmp_path, {})
    number = refund_number(T0, 2553, "02", 3, epoch_of(ids[0]))
    gateway.known_refunds[number] = PROCESSING
    told = Told()
    logging.getLogger("pos_app.checkout.catch_up").addHandler(told)
    try:
        await world.desk.recover()
        await world.clock.move(60_000)
        assert told.refunds == [number]
        assert world.journal.restored_at_ms is None
    finally:
        logging.getLogger("pos_app.checkout.catch_up").removeHandler(told)
        await world.desk.stop()
        world.journal.close()


class Told(logging.Handler):
    """The refunds that were told as errors."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.refunds: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.refunds.append(record.__dict__["refund"])
