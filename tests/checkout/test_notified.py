"""What a gateway tells by itself: durable before it is acknowledged, once, followed by a question, believed never."""

import asyncio
import itertools
from collections import deque
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.checkout.refused import RefusedError
from pos_app.checkout.views import PaymentView, Stage, Work
from pos_app.gateways.gateway import AboutToSend, NotSentCause, NotSentError, Order
from pos_app.gateways.notification import Kind, Notification, Taken
from pos_app.journal.entries import OrphanNotified
from pos_app.journal.errors import CannotStoreError
from pos_app.payments.acts import Act
from pos_app.payments.answer import Answer
from pos_app.payments.payment import HOUR_MS, MINUTE_MS, Source, State
from pos_app.payments.payment_code import PaymentCode
from tests.checkout.scripted import NEGATIVE, NOT_FOUND, PROCESSING, UNUSABLE, World, counter, on_a_loop, paid


def about(payment: PaymentView, **changes: object) -> Notification:
    told = Notification("zalopay", payment.payment_id, "zp1", payment.amount, 2553, Kind.ORDER)
    return replace(told, **changes)  # type: ignore[arg-type]


def times_told(world: World) -> int:
    return world.log.count("durable notified")


@on_a_loop
async def test_it_is_a_reason_to_ask_a_second_later_and_no_proof(tmp_path: Path) -> None:
    async with counter(tmp_path, UNUSABLE, UNUSABLE) as world:
        payment = await world.charge()
        world.log.clear()
        world.gateway.asked_at.clear()
        assert await world.desk.notified.take(about(payment)) is Taken.NEW
        assert "durable notified" in world.log, "before it is acknowledged"
        assert "ask" not in world.log, "ZaloPay still waits for our word"
        assert (await world.record(payment.payment_id)).state is State.PROCESSING
        world.gateway.queries = deque([paid()])
        now = world.clock.monotonic_ms()
        await world.clock.move(1_000)
        assert world.gateway.asked_at[0] - now <= 1_000
        assert (await world.record(payment.payment_id)).state is State.PAID


@on_a_loop
async def test_told_while_a_question_is_on_its_way_it_is_asked_once_more(tmp_path: Path) -> None:
    """The answer on its way may be of before; the next one must not wait for the plan, ten minutes by then."""
    async with counter(tmp_path, UNUSABLE, UNUSABLE) as world:
        payment = await world.charge()
        await world.clock.move(30 * MINUTE_MS)
        real, slow = world.gateway.query, asyncio.Event()

        async def slowly(app_trans_id: str) -> Answer:
            answer = await real(app_trans_id)
            await slow.wait()
            return answer

        world.gateway.query = slowly  # type: ignore[method-assign]
        world.desk.ask_now(payment.payment_id)
        await world.clock.move(10)
        await world.desk.notified.take(about(payment))
        await world.clock.move(2_000)
        world.gateway.queries = deque([paid()])
        slow.set()
        await world.clock.move(1_000)
        assert await world.states() == ["paid"]


@on_a_loop
async def test_told_a_thousand_times_it_is_stored_once(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.charge()
        taken = [await world.desk.notified.take(about(payment)) for _ in range(1_000)]
        assert taken == [Taken.NEW, *[Taken.REPEATED] * 999]
        assert times_told(world) == 1
        await world.restart()
        assert await world.desk.notified.take(about(payment)) is Taken.REPEATED, "also after a restart"


@on_a_loop
async def test_a_declined_payment_is_open_again_and_what_it_turns_out_to_be_is_late_money(tmp_path: Path) -> None:
    async with counter(tmp_path, NEGATIVE, NEGATIVE) as world:
        payment = await world.charge()
        await world.clock.move(30 * MINUTE_MS)
        assert await world.states() == ["failed"]
        assert await world.desk.notified.take(about(payment)) is Taken.NEW
        assert await world.states() == ["processing"]
        world.gateway.queries = deque([paid()])
        await world.clock.move(2_000)
        record = await world.record(payment.payment_id)
        assert (record.state, record.late) == (State.PAID, True)
        assert await world.ledger() == {"surplus": -50_000, "wallet": 50_000}


@on_a_loop
async def test_one_that_is_watched_is_asked_about_by_one_follower(tmp_path: Path) -> None:
    """Closed, but still asked about in the background: telling of it must not begin a second asking."""
    async with counter(tmp_path, NEGATIVE, NEGATIVE) as world:
        payment = await world.charge()
        await world.clock.move(60_000)
        assert await world.states() == ["failed"]
        world.gateway.queries = deque([PROCESSING])
        await world.desk.notified.take(about(payment))
        await world.desk.notified.take(about(payment, zp_trans_id="zp2"))
        await world.clock.move(5_000)
        world.gateway.asked_at.clear()
        await world.clock.move(20_000)
        apart = [after - before for before, after in itertools.pairwise(world.gateway.asked_at)]
        assert apart, "it is asked about"
        assert min(apart) >= 1_500, "by one"
        assert len(world.desk.open_views()) == 1


@on_a_loop
async def test_a_sale_that_is_open_again_is_charged_again_only_with_a_manager(tmp_path: Path) -> None:
    """What was over and is told to be paid may be just that: a new try would charge twice."""
    async with counter(tmp_path, NEGATIVE, NEGATIVE) as world:
        payment = await world.charge()
        await world.clock.move(2_000)
        assert await world.states() == ["failed"]
        world.desk.next_customer()
        world.gateway.queries = deque([UNUSABLE])
        await world.desk.notified.take(about(payment))
        with pytest.raises(RefusedError, match="not finished"):
            await world.charge(retry_of=payment.payment_id)
        await world.act(Act.RELEASE, payment.payment_id)
        world.gateway.create = PROCESSING
        again = await world.charge(retry_of=payment.payment_id)
        assert again.attempt == 2


@on_a_loop
async def test_a_second_try_does_not_leave_when_the_first_is_told_to_be_paid_meanwhile(tmp_path: Path) -> None:
    async with counter(tmp_path, NEGATIVE, NEGATIVE) as world:
        payment = await world.charge()
        await world.clock.move(2_000)
        world.desk.next_customer()
        world.gateway.queries = deque([UNUSABLE])
        sent = len(world.gateway.orders)
        loop = asyncio.get_running_loop()
        told: list[asyncio.Task[Taken]] = []
        world.gateway.before_send = lambda: told.append(loop.create_task(world.desk.notified.take(about(payment))))
        real = world.gateway.submit

        async def slowly(order: Order, code: PaymentCode, about_to_send: AboutToSend) -> Answer:
            world.gateway.before_send()
            await asyncio.wait(told)
            world.gateway.before_send = lambda: None
            return await real(order, code, about_to_send)

        world.gateway.submit = slowly  # type: ignore[method-assign]
        again = await world.charge(retry_of=payment.payment_id)
        assert len(world.gateway.orders) == sent, "nothing left"
        assert again.stage is Stage.NOT_SENT


@pytest.mark.parametrize("rounds", range(8))
def test_told_while_its_watch_comes_to_an_end_it_is_asked_about_all_the_same(tmp_path: Path, rounds: int) -> None:
    @on_a_loop
    async def run(folder: Path) -> None:
        async with counter(folder, NEGATIVE, NEGATIVE) as world:
            payment = await world.charge()
            await world.clock.move(17 * MINUTE_MS - 20_000)
            taking: list[asyncio.Task[Taken]] = []
            real = world.gateway.query

            async def told_meanwhile(app_trans_id: str) -> Answer:
                answer = await real(app_trans_id)
                if world.clock.monotonic_ms() > 17 * MINUTE_MS - 10_000 and not taking:
                    taking.append(asyncio.ensure_future(world.desk.notified.take(about(payment))))
                    for _ in range(rounds):
                        await asyncio.sleep(0)
                return answer

            world.gateway.query = told_meanwhile  # type: ignore[method-assign]
            await world.clock.move(60_000)
            assert taking
            world.gateway.queries = deque([paid()])
            await world.clock.move(20 * MINUTE_MS)
            assert await world.states() == ["paid"]

    run(tmp_path)


@on_a_loop
async def test_told_when_nobody_asks_any_more_it_is_asked_about_once_more(tmp_path: Path) -> None:
    """Open for two days, given up, on a manager's list; then the gateway tells of the money."""
    async with counter(tmp_path, UNUSABLE, UNUSABLE) as world:
        payment = await world.charge()
        await world.clock.move(48 * HOUR_MS + 10 * MINUTE_MS)
        assert world.views[-1].work is Work.TOO_OLD
        world.gateway.asked_at.clear()
        assert await world.desk.notified.take(about(payment)) is Taken.NEW
        await world.clock.move(2_000)
        assert len(world.gateway.asked_at) == 1
        world.gateway.queries = deque([paid()])
        world.desk.ask_now(payment.payment_id)  # as a person may, by the button
        await world.clock.move(0)
        assert await world.states() == ["paid"]
        assert world.desk.open_views() == ()


@on_a_loop
async def test_a_customer_who_comes_back_from_paying_what_is_closed_is_a_reason_to_ask(tmp_path: Path) -> None:
    async with counter(tmp_path, NEGATIVE, NEGATIVE) as world:
        payment = await world.charge()
        await world.clock.move(30 * MINUTE_MS)
        assert await world.states() == ["failed"]
        world.gateway.queries = deque([paid()])
        world.desk.ask_again(await world.desk.find(payment.payment_id))
        await world.clock.move(0)
        record = await world.record(payment.payment_id)
        assert (record.state, record.late) == (State.PAID, True)
        assert world.views[-1].work is Work.LATE_MONEY


@on_a_loop
async def test_once_told_only_a_person_may_say_that_it_was_not_paid(tmp_path: Path) -> None:
    async with counter(tmp_path, UNUSABLE, NOT_FOUND) as world:
        payment = await world.charge()
        await world.desk.notified.take(about(payment))
        await world.clock.move(60 * MINUTE_MS)
        assert await world.states() == ["processing"]
        await world.act(Act.DECIDE_UNPAID, payment.payment_id)
        assert await world.states() == ["manual_unpaid"]


@on_a_loop
async def test_of_another_payment_it_is_kept_for_a_person_and_changes_nothing(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.charge()
        before = await world.ledger()
        anothers = about(payment, app_trans_id="261122_99-000001-zzzz")
        for told in (anothers, about(payment, gateway="appotapay"), about(payment, app_trans_id="")):
            assert [await world.desk.notified.take(told) for _ in range(2)] == [Taken.ORPHAN, Taken.REPEATED]
        assert world.log.count(f"durable {OrphanNotified.kind}") == 3
        now = world.now_ms()
        orphans = await asyncio.wrap_future(world.journal.orphans(now, now + 1))
        assert [one.order_id for _, one in orphans] == ["261122_99-000001-zzzz", payment.payment_id, ""]
        assert await asyncio.wrap_future(world.journal.orphans(0, now)) == ()
        assert times_told(world) == 0
        assert await world.ledger() == before


@on_a_loop
async def test_of_a_charge_that_never_left_it_is_an_orphan(tmp_path: Path) -> None:
    async with counter(tmp_path, NotSentError(NotSentCause.NO_NETWORK)) as world:
        payment = await world.charge()
        assert (await world.record(payment.payment_id)).state is State.NOT_SENT
        assert await world.desk.notified.take(about(payment)) is Taken.ORPHAN


@on_a_loop
async def test_what_cannot_be_stored_is_not_acknowledged(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.charge()
        world.failing = lambda _entries: True
        with pytest.raises(CannotStoreError):
            await world.desk.notified.take(about(payment))
        world.failing = lambda _entries: False
        assert await world.desk.notified.take(about(payment)) is Taken.NEW, "told again, it is taken"


@on_a_loop
async def test_another_amount_is_a_managers_case(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.charge()
        await world.desk.notified.take(about(payment, amount=1))
        assert await world.states() == ["mismatch"]
        assert world.views[-1].stage is Stage.MISMATCH


@on_a_loop
async def test_a_failure_that_is_told_forbids_nothing(tmp_path: Path) -> None:
    async with counter(tmp_path, PROCESSING, PROCESSING) as world:
        payment = await world.charge()
        await world.desk.notified.take(about(payment, says_paid=False))
        assert await world.states() == ["processing"]
        world.gateway.queries = deque([NEGATIVE])
        await world.clock.move(10_000)
        assert await world.states() == ["failed"]


@on_a_loop
async def test_a_confirmed_payment_hears_it_without_a_question(tmp_path: Path) -> None:
    async with counter(tmp_path, paid(), paid()) as world:
        payment = await world.charge()
        await world.clock.move(20 * MINUTE_MS)
        world.log.clear()
        assert await world.desk.notified.take(about(payment)) is Taken.NEW
        await world.clock.move(5_000)
        assert "ask" not in world.log
        record = await world.record(payment.payment_id)
        assert (record.state, record.late) == (State.PAID, False)
        assert sum(one.source is Source.NOTIFIED for one in record.evidence) == 1


@on_a_loop
async def test_a_binding_is_told_to_those_who_wait_for_it(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        told: list[str] = []
        world.desk.notified.binding_told = told.append
        await world.desk.notified.take(Notification("zalopay", "261122_b1", "", 0, 2553, Kind.AGREEMENT))
        assert told == ["261122_b1"]
