"""Regular customers: what is kept when, what a restart goes on with, and what a charge by token may never do."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from pos_app.checkout.events import BindingState, BindingView, CustomersView
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.regulars import Regulars
from pos_app.checkout.views import ScanSource, Stage
from pos_app.customers.store import CustomerStore
from pos_app.gateways.agreement import BIND_LIFE_MS, Balance, Binding, BindingStatus, BindWish, Bound, Channel, Owner
from pos_app.gateways.gateway import AboutToSend, Order
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.pay_token import PayToken
from pos_app.payments.payment import CLOCK_MARGIN_MS, GATEWAY_WINDOW_MS
from tests.checkout.scripted import NEGATIVE, PROCESSING, UNUSABLE, World, counter, on_a_loop, paid

TOKEN = "a-token-of-a-wallet"
DONE = Answer(AnswerClass.PAID, 1)
WAITS = Binding(PROCESSING, BindingStatus.WAITING)
AGREED = Binding(PROCESSING, BindingStatus.CONFIRMED, PayToken(TOKEN), "b-1", "****3801")
LINK = "https://zlpmcagp.example/agreement/1"


class Wallets:
    """A gateway of wallets that answers as the test says."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.bound = Bound(PROCESSING, LINK)
        self.bindings: deque[Binding] = deque([WAITS])
        self.wishes: list[BindWish] = []
        self.asked = 0
        self.line: Answer = PROCESSING
        self.unbound: Answer = DONE
        self.let_go: list[tuple[str, str]] = []
        self.balance_said = Balance(PROCESSING, (Channel(38, payable=True, bank_code="zalopayapp"),))
        self.charged: list[tuple[str, int]] = []

    async def open_ahead(self) -> None:
        """Nothing to open."""

    async def bind(self, wish: BindWish) -> Bound:
        self.wishes.append(wish)
        return self.bound

    async def binding(self, app_trans_id: str) -> Binding:
        self.asked += 1
        return self.bindings.popleft() if len(self.bindings) > 1 else self.bindings[0]

    async def balance(self, token: PayToken, identifier: str, amount: int) -> Balance:
        return self.balance_said

    async def charge(self, order: Order, identifier: str, token: PayToken, about_to_send: AboutToSend) -> Answer:
        await about_to_send()
        assert token.reveal() == TOKEN
        self.world.log.append("bytes")
        self.charged.append((identifier, order.amount))
        return self.line

    async def unbind(self, identifier: str, binding_id: str) -> Answer:
        self.let_go.append((identifier, binding_id))
        return self.unbound

    async def customer(self, token: PayToken) -> Owner:
        return Owner(PROCESSING)

    async def close(self) -> None:
        """Nothing to close."""


class Shop:
    """A counter with its regular customers; `told` is what it says of them."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder
        self.told: list[object] = []
        self.wallets = Wallets(world)
        self.open()

    def open(self) -> None:
        self.store = CustomerStore(self.folder, lambda count: bytes([len(self.told) % 250]) * count)
        self.regulars = Regulars(
            self.store, self.wallets, self.world.desk._ways.first, self.world.desk,
            clock=self.world.clock, chance=bytes, tell=self.told.append,
        )  # fmt: skip

    @property
    def states(self) -> list[BindingState]:
        return [one.state for one in self.told if isinstance(one, BindingView)]

    async def settle(self, ms: int) -> None:
        """Let time pass, and the store's threads come to their end."""
        for _ in range(20):
            await asyncio.sleep(0.005)
        await self.world.clock.move(ms)
        for _ in range(20):
            await asyncio.sleep(0.005)

    async def a_regular(self) -> str:
        self.wallets.bindings = deque([AGREED])
        bound = await self.regulars.bind("Chị Lan")
        await self.settle(0)
        self.told.clear()
        return bound.number


@asynccontextmanager
async def shop(folder: Path, *lines: object) -> AsyncIterator[Shop]:
    async with counter(folder / "journal", *(lines or (PROCESSING,))) as world:
        made = Shop(world, folder / "customers")
        try:
            yield made
        finally:
            await made.regulars.stop()


@on_a_loop
async def test_a_customer_who_agrees_is_kept_and_then_told(tmp_path: Path) -> None:
    async with shop(tmp_path) as it:
        bound = await it.regulars.bind("  Chị   Lan ", max_amount=200_000)
        assert (bound.name, bound.state, bound.link) == ("Chị Lan", BindingState.WAITING, LINK)
        assert it.wallets.wishes[0].max_amount == 200_000
        await it.settle(0)
        assert it.states == [BindingState.WAITING]
        it.wallets.bindings = deque([AGREED])
        it.regulars.told(bound.binding_id)  # the gateway called
        await it.settle(0)
        assert it.states[-1] is BindingState.BOUND
        told = next(one for one in it.told if isinstance(one, CustomersView))
        assert [(one.name, one.phone, one.max_amount) for one in told.customers] == [("Chị Lan", "****3801", 200_000)]
        assert it.store.under_way() == ()
        assert TOKEN not in repr(it.told)


@on_a_loop
async def test_a_restart_goes_on_waiting(tmp_path: Path) -> None:
    async with shop(tmp_path) as it:
        bound = await it.regulars.bind("Anh Ba")
        await it.settle(0)
        await it.regulars.stop()
        it.wallets.bindings = deque([AGREED])
        it.open()
        await it.regulars.take_up()
        await it.settle(0)
        assert [one.number for one in it.store.customers()] == [bound.number]


@pytest.mark.parametrize("status", [BindingStatus.CANCELLED, BindingStatus.DISABLED])
def test_a_customer_who_refuses_is_forgotten(tmp_path: Path, status: BindingStatus) -> None:
    @on_a_loop
    async def run(folder: Path) -> None:
        async with shop(folder) as it:
            it.wallets.bindings = deque([Binding(PROCESSING, status)])
            await it.regulars.bind("Anh Ba")
            await it.settle(0)
            assert it.states == [BindingState.WAITING, BindingState.REFUSED]
            assert (it.store.under_way(), it.store.customers()) == ((), ())

    run(tmp_path)


@on_a_loop
async def test_nobody_answers_in_time(tmp_path: Path) -> None:
    async with shop(tmp_path) as it:
        await it.regulars.bind("Anh Ba")
        await it.settle(0)
        it.world.clock.now += BIND_LIFE_MS
        for _ in range(3):
            await it.settle(3_000)
        assert it.states[-1] is BindingState.OVER
        asked = it.wallets.asked
        await it.settle(60_000)
        assert it.wallets.asked == asked, "nobody is asked any more"


@on_a_loop
async def test_a_wish_that_is_dropped_leaves_no_wallet_linked(tmp_path: Path) -> None:
    """The customer may agree in the very moment: what was agreed is ended again."""
    async with shop(tmp_path) as it:
        bound = await it.regulars.bind("Anh Ba")
        await it.settle(0)
        await it.regulars.drop(bound.binding_id)
        it.wallets.bindings = deque([AGREED])
        await it.settle(3_000)
        assert it.wallets.let_go == [(bound.number, "b-1")]
        assert (it.store.under_way(), it.store.customers()) == ((), ())
        assert it.states == [BindingState.WAITING], "nobody waits for news of it"


@on_a_loop
async def test_a_dropped_wish_is_dropped_after_a_restart_too_and_ended_by_the_gateways_word(tmp_path: Path) -> None:
    async with shop(tmp_path) as it:
        bound = await it.regulars.bind("Anh Ba")
        await it.settle(0)
        await it.regulars.drop(bound.binding_id)
        await it.regulars.stop()
        it.told.clear()
        it.wallets.bindings, it.wallets.unbound = deque([AGREED]), UNUSABLE
        it.open()
        await it.regulars.take_up()
        await it.settle(0)
        assert it.wallets.let_go == [(bound.number, "b-1")]
        assert len(it.store.under_way()) == 1, "nobody knows yet whether it is ended"
        it.wallets.unbound = DONE
        await it.settle(3_000)
        assert it.wallets.let_go == [(bound.number, "b-1")] * 2
        assert (it.store.under_way(), it.store.customers(), it.told) == ((), (), [])


@on_a_loop
async def test_a_customer_who_agreed_while_the_till_was_closed_is_not_forgotten(tmp_path: Path) -> None:
    async with shop(tmp_path) as it:
        bound = await it.regulars.bind("Anh Ba")
        await it.settle(0)
        await it.regulars.stop()
        it.world.clock.now += 10 * BIND_LIFE_MS
        it.wallets.bindings = deque([Binding(UNUSABLE, BindingStatus.UNKNOWN), AGREED])
        it.open()
        await it.regulars.take_up()
        await it.settle(60_000)
        assert [one.number for one in it.store.customers()] == [bound.number]


@on_a_loop
async def test_without_a_link_or_a_name_nothing_is_kept(tmp_path: Path) -> None:
    async with shop(tmp_path) as it:
        it.wallets.bound = Bound(UNUSABLE)
        for name in ("Anh Ba", "  ", "x" * 61):
            with pytest.raises(RefusedError):
                await it.regulars.bind(name)
        assert it.store.under_way() == ()


@on_a_loop
async def test_a_charge_goes_the_way_of_every_charge(tmp_path: Path) -> None:
    async with shop(tmp_path) as it:
        number = await it.a_regular()
        it.world.gateway.queries = deque([paid()])
        it.world.log.clear()
        view = await it.regulars.charge(number, amount=50_000, note="Bàn 5")
        assert view.source is ScanSource.REGULAR
        assert it.world.log.index("durable sending") < it.world.log.index("bytes")
        await it.settle(2_000)
        record = await it.world.record(view.payment_id)
        assert record.state.value == "paid"
        assert it.wallets.charged == [(number, 50_000)]


@on_a_loop
async def test_a_token_outlives_its_request_so_its_fence_is_the_gateways_window(tmp_path: Path) -> None:
    async with shop(tmp_path) as it:
        number = await it.a_regular()
        view = await it.regulars.charge(number, amount=50_000, note="")
        attempt = (await it.world.record(view.payment_id)).attempt
        assert attempt.fence_at_ms - attempt.app_time_ms == GATEWAY_WINDOW_MS + CLOCK_MARGIN_MS


@on_a_loop
async def test_a_charge_that_is_turned_away_is_taken_back(tmp_path: Path) -> None:
    """The wallet was not charged, but the order that it should have paid is still open at the gateway."""
    async with shop(tmp_path) as it:
        number = await it.a_regular()
        it.wallets.line = NEGATIVE
        it.world.gateway.cancel_line = DONE
        it.world.gateway.queries = deque([PROCESSING, NEGATIVE])
        view = await it.regulars.charge(number, amount=50_000, note="")
        await it.settle(1_000)
        assert it.world.gateway.cancelled == [view.payment_id]
        await it.settle(5_000)
        assert next(one for one in reversed(it.world.views)).stage is Stage.DECLINED


@on_a_loop
async def test_a_wallet_that_the_gateway_declined_is_declined_and_not_cancelled(tmp_path: Path) -> None:
    """The gateway would take a cancel too, and nobody would learn that the balance was too low."""
    async with shop(tmp_path) as it:
        number = await it.a_regular()
        it.wallets.line = NEGATIVE
        it.world.gateway.cancel_line = DONE
        it.world.gateway.queries = deque([NEGATIVE])
        await it.regulars.charge(number, amount=50_000, note="")
        await it.settle(5_000)
        last = next(one for one in reversed(it.world.views))
        assert (last.stage, last.state, it.world.gateway.cancelled) == (Stage.DECLINED, "failed", [])


@on_a_loop
async def test_more_than_the_customer_agreed_to_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    async with shop(tmp_path) as it:
        it.wallets.bindings = deque([AGREED])
        bound = await it.regulars.bind("Chị Lan", max_amount=20_000)
        await it.settle(0)
        with pytest.raises(RefusedError, match="More than"):
            await it.regulars.charge(bound.number, amount=20_001, note="")
        with pytest.raises(RefusedError, match="No such"):
            await it.regulars.charge("kh-nobody", amount=1, note="")
        assert await it.world.states() == []
        assert it.wallets.charged == []


@on_a_loop
async def test_whether_a_wallet_can_pay(tmp_path: Path) -> None:
    async with shop(tmp_path) as it:
        number = await it.a_regular()
        assert await it.regulars.payable(number, 50_000) is True
        it.wallets.balance_said = Balance(PROCESSING, (Channel(38, payable=False, bank_code=""),))
        assert await it.regulars.payable(number, 50_000) is False
        it.wallets.balance_said = Balance(UNUSABLE)
        assert await it.regulars.payable(number, 50_000) is None, "nobody knows"


@on_a_loop
async def test_a_customer_is_forgotten_only_when_the_gateway_has_let_go(tmp_path: Path) -> None:
    async with shop(tmp_path) as it:
        number = await it.a_regular()
        it.wallets.unbound = UNUSABLE
        with pytest.raises(RefusedError):
            await it.regulars.unbind(number)
        assert it.store.token(number) is not None
        it.wallets.unbound = DONE
        await it.regulars.unbind(number)
        assert it.store.customers() == ()
        assert it.store.token(number) is None


@on_a_loop
async def test_a_damaged_book_is_said_in_words_and_stops_no_selling(tmp_path: Path) -> None:
    async with shop(tmp_path) as it:
        number = await it.a_regular()
        (it.folder / "customers.sealed").write_bytes(b"POSAPPRC and nothing more")
        it.open()
        for refused in (it.regulars.take_up(), it.regulars.customers(), it.regulars.bind("Anh Ba")):
            with pytest.raises(RefusedError, match="damaged"):
                await refused
        with pytest.raises(RefusedError, match="damaged"):
            await it.regulars.charge(number, amount=1, note="")
        assert (await it.world.charge()).stage is not Stage.NOT_SENT
