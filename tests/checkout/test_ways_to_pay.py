"""Several ways to pay at one desk, over the real journal: who is asked, what holds the counter, who may decide."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.checkout.records import record_story
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.shop import Show
from pos_app.checkout.views import PaymentView, ScanSource, Stage
from pos_app.checkout.ways import Way, Ways
from pos_app.gateways.gateway import AboutToSend, Created, NotSentError, Order, PayMethod
from pos_app.gateways.own_vietqr import OwnVietQr, reference_of
from pos_app.payments.acts import Act
from pos_app.payments.answer import Answer
from pos_app.payments.payment import HOUR_MS, MINUTE_MS, State
from pos_app.qr.vietqr import Receiver, read_vietqr
from tests.checkout.scripted import (
    NEGATIVE,
    NOT_FOUND,
    PROCESSING,
    UNUSABLE,
    ScriptedGateway,
    World,
    counter,
    on_a_loop,
    paid,
    ways_of,
)

PAGE = "https://payment.example/page?order=1"
ACCOUNT = Receiver("970436", "0071000123456")


class Page(ScriptedGateway):
    """A gateway that shows the address of its page."""

    link = PAGE

    async def create_order(self, order: Order, about_to_send: AboutToSend) -> Created:
        await about_to_send()
        self.orders.append(order)
        return Created(PROCESSING, order_url=self.link)


class Shows:
    """The protocol's `create` for a scripted gateway, whose own attribute of that name is a line."""

    def __init__(self, gateway: Page) -> None:
        self.gateway = gateway
        self.lives: list[int] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self.gateway, name)

    async def create(self, order: Order, life_s: int, method: PayMethod, about_to_send: AboutToSend) -> Created:
        self.lives.append(life_s)
        return await self.gateway.create_order(order, about_to_send)


@asynccontextmanager
async def several(folder: Path, *lines: Answer) -> AsyncIterator[tuple[World, Shows]]:
    """The counter's own gateway, a second one with a page, the shop's account."""
    world = World(folder, *lines)
    page = Shows(Page(world.log, PROCESSING))
    page.gateway.now = world.clock.monotonic_ms
    world.ways = Ways(
        ways_of(world.gateway).first,
        Way("demo_appotapay_v1", page, 0, frozenset({PayMethod.BANK_ATM, PayMethod.WALLET})),  # type: ignore[arg-type]
        Way("demo_own_vietqr", OwnVietQr(ACCOUNT), 0, frozenset({PayMethod.OWN_VIETQR})),
    )
    world.open()
    try:
        yield world, page
    finally:
        await world.desk.stop()
        world.journal.close()


async def shown(world: World, method: PayMethod, *, link: bool = False) -> PaymentView:
    life_s = 2 * 3600 if link else None
    return await world.desk.show(Show(50_000, "Bàn 5", method, link=link, life_s=life_s))


def last(world: World, payment: PaymentView) -> PaymentView:
    return next(view for view in reversed(world.views) if view.payment_id == payment.payment_id)


@on_a_loop
async def test_the_gateway_of_the_payment_is_asked_not_the_one_of_the_counter(tmp_path: Path) -> None:
    async with several(tmp_path) as (world, page):
        page.gateway.queries = deque([paid()])
        view = await shown(world, PayMethod.BANK_ATM)
        assert (view.stage, view.gateway) == (Stage.SHOWN, "demo_appotapay_v1")
        assert view.shown is not None
        assert view.shown.text == PAGE
        await world.clock.move(3_000)
        assert last(world, view).stage is Stage.PAID
        assert len(page.gateway.asked_at) == 1
        assert world.gateway.asked_at == []
        assert "AppotaPay" in last(world, view).to_customer.vi or last(world, view).stage is Stage.PAID


@on_a_loop
async def test_an_account_that_is_gone_leaves_the_payment_open(tmp_path: Path) -> None:
    async with several(tmp_path) as (world, _):
        view = await shown(world, PayMethod.BANK_ATM)
        world.ways = None
        await world.restart()
        await world.clock.move(HOUR_MS)
        assert (await world.record(view.payment_id)).state in (State.PROCESSING, State.UNKNOWN)
        assert world.gateway.asked_at == []


@on_a_loop
async def test_another_account_under_the_same_name_is_not_asked(tmp_path: Path) -> None:
    """The owner entered other keys: that account never had the order, and would say so."""
    async with counter(tmp_path, UNUSABLE, UNUSABLE) as world:
        await world.charge()
        world.ways = Ways(replace(ways_of(world.gateway).first, app_id=3999))
        world.gateway.queries = deque([NOT_FOUND])
        world.gateway.asked_at.clear()
        await world.restart()
        await world.clock.move(HOUR_MS)
        assert world.gateway.asked_at == []
        assert await world.states() == ["unknown"]


@on_a_loop
async def test_what_the_shop_does_not_take_is_refused_in_words(tmp_path: Path) -> None:
    async with several(tmp_path) as (world, _):
        with pytest.raises(RefusedError):
            await shown(world, PayMethod.BANK_CARD)
        assert await world.states() == []


@on_a_loop
async def test_a_gateway_without_a_cancel_does_not_hold_the_counter(tmp_path: Path) -> None:
    async with several(tmp_path) as (world, page):
        page.gateway.cancel_line = UNUSABLE
        view = await shown(world, PayMethod.BANK_ATM)
        assert not world.desk.next_customer(), "the customer may be paying"
        await world.desk.cancel(view.payment_id)
        await world.clock.move(0)
        assert last(world, view).stage is Stage.UNKNOWN
        assert world.desk.next_customer()
        page.gateway.queries = deque([paid()])
        await world.clock.move(10_000)
        assert last(world, view).stage is Stage.PAID, "and it is still asked about"


# --- the shop's own account ------------------------------------------------------------------------------------------


@on_a_loop
async def test_nobody_is_asked_about_the_shops_own_code_and_a_manager_decides_at_once(tmp_path: Path) -> None:
    async with several(tmp_path) as (world, _):
        view = await shown(world, PayMethod.OWN_VIETQR)
        assert view.stage is Stage.SHOWN
        assert view.shown is not None
        code = read_vietqr(view.shown.text)
        assert (code.receiver.account, code.amount) == (ACCOUNT.account, 50_000)
        assert code.purpose == reference_of(view.payment_id) == "02 000001 0000"
        await world.clock.move(4 * MINUTE_MS)
        record = await world.record(view.payment_id)
        assert [one.source.value for one in record.evidence] == ["sending", "create"], "nothing came of itself"
        assert last(world, view).next_ask_at_ms is None
        await world.act(Act.DECIDE_PAID, view.payment_id)
        assert last(world, view).stage is Stage.DECIDED_PAID
        assert "ZaloPay" not in "".join((*last(world, view).cause, *last(world, view).advice))
        assert await world.ledger() == {"manual": 50_000, "sales_due": -50_000}


@on_a_loop
async def test_after_its_time_and_after_a_restart_the_own_code_still_waits_for_a_person(tmp_path: Path) -> None:
    async with several(tmp_path) as (world, _):
        view = await shown(world, PayMethod.OWN_VIETQR)
        await world.clock.move(HOUR_MS)
        assert last(world, view).stage is Stage.UNKNOWN, "the counter is free"
        assert world.desk.next_customer()
        await world.restart()
        await world.clock.move(50 * HOUR_MS)
        assert await world.states() == ["processing"]
        story = record_story(await world.record(view.payment_id))
        assert not any("ZaloPay" in line.text.vi for line in story)


@on_a_loop
async def test_the_own_code_taken_back_is_cancelled_and_nothing_stands_in_the_ledger(tmp_path: Path) -> None:
    async with several(tmp_path) as (world, _):
        view = await shown(world, PayMethod.OWN_VIETQR)
        await world.desk.cancel(view.payment_id)
        await world.clock.move(0)
        assert last(world, view).stage is Stage.DECLINED
        assert await world.states() == ["cancelled"]
        assert await world.ledger() == {}


@on_a_loop
async def test_a_transfer_that_is_seen_after_the_code_was_taken_back_can_still_be_noted(tmp_path: Path) -> None:
    async with several(tmp_path) as (world, _):
        view = await shown(world, PayMethod.OWN_VIETQR)
        await world.desk.cancel(view.payment_id)
        await world.clock.move(2_000)
        await world.act(Act.DECIDE_PAID, view.payment_id)
        assert await world.states() == ["manual_paid"]
        assert await world.ledger() == {"manual": 50_000, "sales_due": -50_000}


@on_a_loop
async def test_the_own_code_needs_no_network_also_after_a_sleep(tmp_path: Path) -> None:
    async with several(tmp_path) as (world, _):
        world.clock_doubtful = lambda: True
        with pytest.raises(RefusedError):
            await shown(world, PayMethod.BANK_ATM)
        assert (await shown(world, PayMethod.OWN_VIETQR)).stage is Stage.SHOWN


def test_a_bank_account_takes_no_code_and_gives_nothing_back() -> None:
    async def run() -> None:
        own = OwnVietQr(ACCOUNT)
        for call in (own.submit(None, None, None), own.refund(None, None)):  # type: ignore[arg-type]
            with pytest.raises(NotSentError):
                await call

    asyncio.run(run())


# --- links -----------------------------------------------------------------------------------------------------------


@on_a_loop
async def test_a_link_leaves_the_counter_free_and_is_asked_about_ever_more_rarely(tmp_path: Path) -> None:
    async with several(tmp_path, paid(), paid()) as (world, page):
        link = await shown(world, PayMethod.WALLET, link=True)
        assert (link.source, link.stage) == (ScanSource.LINK, Stage.SHOWN)
        assert page.lives == [2 * 3600]
        at_counter = await world.charge()
        await world.clock.move(2_000)
        assert last(world, at_counter).stage is Stage.PAID, "another customer pays meanwhile"
        await world.clock.move(HOUR_MS)
        assert len(page.gateway.asked_at) < 150, "an hour of a link is no flood of questions"
        assert last(world, link).stage is Stage.SHOWN, "and no alarm: the customer has time"
        page.gateway.queries = deque([paid(number="zp9")])
        await world.clock.move(3 * MINUTE_MS)
        assert last(world, link).stage is Stage.PAID
        assert last(world, link).late, "news: the cashier was busy with others"


@on_a_loop
async def test_a_link_that_nobody_paid_expires(tmp_path: Path) -> None:
    async with several(tmp_path) as (world, page):
        link = await shown(world, PayMethod.WALLET, link=True)
        await world.clock.move(2 * HOUR_MS)
        answer: Answer = replace(NEGATIVE, sub_return_code=-54)
        page.gateway.queries = deque([answer])
        await world.clock.move(5 * MINUTE_MS)
        assert last(world, link).stage is Stage.DECLINED
        assert await world.states() == ["expired"]


@on_a_loop
async def test_a_link_still_waits_after_a_restart(tmp_path: Path) -> None:
    async with several(tmp_path) as (world, _):
        link = await shown(world, PayMethod.WALLET, link=True)
        await world.restart()
        await world.clock.move(10 * MINUTE_MS)
        assert last(world, link).stage is Stage.SHOWN
        assert last(world, link).cause.en == "Waiting for the customer to pay by the link"


@pytest.mark.parametrize("life_s", [0, 299, 24 * 3600 + 1, 30 * 24 * 3600])
def test_a_link_lives_five_minutes_to_a_day(tmp_path: Path, life_s: int) -> None:
    @on_a_loop
    async def run(folder: Path) -> None:
        async with several(folder) as (world, _):
            with pytest.raises(RefusedError, match="live"):
                await world.desk.show(Show(50_000, "", PayMethod.WALLET, link=True, life_s=life_s))
            assert await world.states() == []

    run(tmp_path)


@on_a_loop
async def test_an_amount_that_the_gateway_would_turn_away_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    world = World(tmp_path, PROCESSING)
    way, shows = ways_of(world.gateway).first, frozenset({PayMethod.ANY})
    world.ways = Ways(replace(way, shows=shows, amounts=range(2_000, 1_000_001)))
    world.open()
    try:
        payment = await world.paid_one()
        for amount in (1_999, 1_000_001):
            with pytest.raises(RefusedError, match="does not take that amount"):
                await world.desk.show(Show(amount, "", PayMethod.ANY))
        with pytest.raises(RefusedError, match="does not take that amount"):
            await world.refund(payment.payment_id, 1_999)
        assert world.gateway.refunds == []
        assert await world.states() == [State.PAID]
    finally:
        await world.desk.stop()
        world.journal.close()
