"""A manager's acts and the wish to cancel, over the real journal: what each frees, what it can never undo."""

import asyncio
from collections import deque
from concurrent.futures import Future
from pathlib import Path

import pytest

from pos_app.checkout.records import record_view
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.views import PaymentView, Stage, Work
from pos_app.journal.entries import EvidenceAdded, ManagerActed
from pos_app.journal.errors import LawlessEntryError
from pos_app.payments.acts import Act
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment import HOUR_MS, MINUTE_MS, Evidence, Source, State
from pos_app.payments.schedule import ASK_UNTIL_MS
from tests.checkout.scripted import (
    NEGATIVE,
    NOT_FOUND,
    PROCESSING,
    T0,
    UNUSABLE,
    World,
    counter,
    on_a_loop,
    paid,
)

DONE = Answer(AnswerClass.PAID, 1)
WAITS = {"sales_due": -50_000, "suspense": 50_000}
PAID = {"sales_due": -50_000, "wallet": 50_000}
LATE = {"surplus": -50_000, "wallet": 50_000}
DECIDED_PAID = {"manual": 50_000, "sales_due": -50_000}
DECIDE = {True: Act.DECIDE_PAID, False: Act.DECIDE_UNPAID}


def last(world: World, payment: PaymentView) -> PaymentView:
    return next(view for view in reversed(world.views) if view.payment_id == payment.payment_id)


async def state(world: World, payment: PaymentView) -> State:
    return (await world.record(payment.payment_id)).state


async def answers(world: World, payment: PaymentView, *lines: Answer) -> None:
    """The gateway's next word, asked for at once."""
    world.gateway.queries = deque(lines)
    world.desk.ask_now(payment.payment_id)
    await world.calm(10)


# --- letting a sale go on --------------------------------------------------------------------------------------------


@on_a_loop
async def test_a_release_frees_the_counter_and_the_sale_but_settles_nothing(tmp_path: Path) -> None:
    async with counter(tmp_path, UNUSABLE, PROCESSING) as world:
        first = await world.charge()
        with pytest.raises(RefusedError, match="no result yet"):
            await world.charge(retry_of=first.payment_id)
        await world.act(Act.RELEASE, first.payment_id)
        assert (last(world, first).released, last(world, first).stage) == (True, Stage.UNKNOWN)
        assert await world.ledger() == WAITS
        second = await world.charge(retry_of=first.payment_id)
        assert second.attempt == 2
        assert {view.payment_id for view in world.desk.open_views()} == {first.payment_id, second.payment_id}
        for again in (first, second):
            world.desk.next_customer()
            with pytest.raises(RefusedError, match=r"no result yet|not finished"):
                await world.charge(retry_of=again.payment_id)


@on_a_loop
async def test_it_is_released_once(tmp_path: Path) -> None:
    async with counter(tmp_path, UNUSABLE, PROCESSING) as world:
        first = await world.charge()
        await world.act(Act.RELEASE, first.payment_id)
        for _ in range(2):
            with pytest.raises(RefusedError, match="cannot be done"):
                await world.act(Act.RELEASE, first.payment_id)
            await world.restart()
        acted = [one for _, one in (await world.record(first.payment_id)).entries if isinstance(one, ManagerActed)]
        assert len(acted) == 1


@pytest.mark.parametrize("restart", [False, True])
def test_money_that_comes_after_a_release_is_late_and_stays_a_managers_work(tmp_path: Path, *, restart: bool) -> None:
    async def run() -> None:
        async with counter(tmp_path, UNUSABLE, PROCESSING) as world:
            first = await world.charge()
            await world.act(Act.RELEASE, first.payment_id)
            if restart:
                await world.restart()
                await world.calm(10)
                assert last(world, first).released
            await answers(world, first, paid())
            shown = last(world, first)
            assert (shown.stage, shown.work) == (Stage.PAID, Work.LATE_MONEY)
            assert await world.ledger() == LATE
            record = await world.record(first.payment_id)
            assert (record.late, record_view(record).work) == (True, Work.LATE_MONEY)
            assert [one.attempt for one in await asyncio.wrap_future(world.journal.late_money())] == [record.attempt]
            with pytest.raises(RefusedError, match="paid already"):
                await world.charge(retry_of=first.payment_id)

    asyncio.run(run())


@on_a_loop
async def test_late_money_is_given_back_or_kept(tmp_path: Path) -> None:
    async with counter(tmp_path, UNUSABLE, PROCESSING) as world:
        first = await world.charge()
        await world.act(Act.RELEASE, first.payment_id)
        await answers(world, first, paid())
        world.gateway.refund_lines = deque([DONE])
        await world.refund(first.payment_id, 20_000)
        await world.clock.move(3_000)
        assert await world.ledger() == {"surplus": -30_000, "wallet": 30_000}
        assert last(world, first).work is Work.LATE_MONEY
        await world.act(Act.KEEP, first.payment_id)
        assert await world.ledger() == {"sales_due": -30_000, "wallet": 30_000}
        shown = last(world, first)
        assert (shown.work, shown.refundable, len(shown.refunds)) == (None, 30_000, 1)
        assert await asyncio.wrap_future(world.journal.late_money()) == ()
        with pytest.raises(RefusedError, match="cannot be done"):
            await world.act(Act.KEEP, first.payment_id)
        await world.refund(first.payment_id, 30_000, "press-2")
        await world.clock.move(3_000)
        assert await world.ledger() == {}


@on_a_loop
async def test_money_in_time_is_nobodys_work(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        assert last(world, payment).work is None
        for act in (Act.KEEP, Act.RELEASE, *DECIDE.values()):
            with pytest.raises(RefusedError, match="cannot be done"):
                await world.act(act, payment.payment_id)
        assert await world.ledger() == PAID


@on_a_loop
async def test_money_after_a_proven_no_is_late_too(tmp_path: Path) -> None:
    async with counter(tmp_path, NEGATIVE, NEGATIVE) as world:
        payment = await world.charge()
        await world.clock.move(0)
        assert await state(world, payment) is State.FAILED
        assert await world.ledger() == {}
        await answers(world, payment, paid())
        assert last(world, payment).work is Work.LATE_MONEY
        assert await world.ledger() == LATE


@pytest.mark.parametrize("act", [Act.RELEASE, Act.DECIDE_UNPAID, Act.DECIDE_PAID])
def test_an_act_and_the_result_at_the_same_moment(tmp_path: Path, act: Act) -> None:
    """Whichever the journal takes first: money in time and the act refused, or late money; never in between."""

    async def run() -> None:
        outcomes = set()
        async with counter(tmp_path, UNUSABLE, PROCESSING) as world:
            for turns in range(-3, 4):
                payment = await world.charge()
                world.clock.now += 3 * MINUTE_MS
                world.gateway.queries = deque([paid(number=f"z{turns}")])
                acting = asyncio.ensure_future(world.act(act, payment.payment_id)) if turns > 0 else None
                for _ in range(turns):
                    await asyncio.sleep(0)
                world.desk.ask_now(payment.payment_id)
                for _ in range(-turns):
                    await asyncio.sleep(0)
                acting = acting or asyncio.ensure_future(world.act(act, payment.payment_id))
                await asyncio.wait((acting,))
                done = acting.exception() is None
                outcomes.add(done)
                await world.calm(10)
                record = await world.record(payment.payment_id)
                assert record.state is State.PAID
                assert record.late == (done and act is not Act.DECIDE_PAID)
                assert (last(world, payment).work is Work.LATE_MONEY) == record.late
                assert any(isinstance(one, ManagerActed) for _, one in record.entries) == done
                world.desk.next_customer()
            await world.ledger()
        assert outcomes == {True, False}, "both orders were seen"

    asyncio.run(run())


# --- deciding --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("says_paid", [True, False])
def test_a_decision_comes_after_three_minutes_and_frees_the_counter(tmp_path: Path, *, says_paid: bool) -> None:
    async def run() -> None:
        async with counter(tmp_path, UNUSABLE, PROCESSING) as world:
            payment = await world.charge()
            world.clock.now = 3 * MINUTE_MS - 1
            with pytest.raises(RefusedError, match="cannot be done") as refused:
                await world.act(DECIDE[says_paid], payment.payment_id)
            assert "3" in refused.value.advice.vi
            world.clock.now = 3 * MINUTE_MS
            await world.act(DECIDE[says_paid], payment.payment_id)
            assert last(world, payment).stage is (Stage.DECIDED_PAID if says_paid else Stage.DECIDED_UNPAID)
            assert await state(world, payment) is (State.MANUAL_PAID if says_paid else State.MANUAL_UNPAID)
            assert await world.ledger() == (DECIDED_PAID if says_paid else {})
            assert payment.payment_id not in {view.payment_id for view in world.desk.open_views()}
            with pytest.raises(RefusedError, match="cannot be done"):
                await world.act(DECIDE[not says_paid], payment.payment_id)
            if says_paid:
                with pytest.raises(RefusedError, match="paid already"):
                    await world.charge(retry_of=payment.payment_id)
                await world.charge()
            else:
                assert (await world.charge(retry_of=payment.payment_id)).attempt == 2

    asyncio.run(run())


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("says_paid", [True, False])
def test_the_gateways_later_yes_beats_a_decision(tmp_path: Path, *, says_paid: bool, restart: bool) -> None:
    async def run() -> None:
        async with counter(tmp_path, UNUSABLE, PROCESSING) as world:
            payment = await world.charge()
            world.clock.now = 3 * MINUTE_MS
            await world.act(DECIDE[says_paid], payment.payment_id)
            if restart:
                await world.restart()
            world.gateway.queries = deque([paid()])
            await world.clock.move(10 * MINUTE_MS)
            assert await state(world, payment) is State.PAID
            assert last(world, payment).work is (None if says_paid else Work.LATE_MONEY)
            assert await world.ledger() == (PAID if says_paid else LATE)

    asyncio.run(run())


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize(
    ("says_paid", "line"),
    [(True, NEGATIVE), (True, paid(49_999)), (False, paid(49_999))],
    ids=["paid, no", "paid, another amount", "unpaid, another amount"],
)
def test_a_word_against_a_decision_is_a_conflict_and_undoes_nothing(
    tmp_path: Path, line: Answer, *, says_paid: bool, restart: bool
) -> None:
    async def run() -> None:
        async with counter(tmp_path, PROCESSING, PROCESSING) as world:
            payment = await world.charge()
            world.clock.now = 3 * MINUTE_MS
            await world.act(DECIDE[says_paid], payment.payment_id)
            decided, ledger = await state(world, payment), await world.ledger()
            if restart:
                await world.restart()
            world.gateway.queries = deque([line])
            await world.clock.move(21 * MINUTE_MS)
            assert await state(world, payment) is decided
            assert last(world, payment).work is Work.CONFLICT
            assert record_view(await world.record(payment.payment_id)).work is Work.CONFLICT
            assert await world.ledger() == ledger

    asyncio.run(run())


@on_a_loop
async def test_a_mismatch_is_a_managers_case_at_once(tmp_path: Path) -> None:
    async with counter(tmp_path, PROCESSING, paid(49_999)) as world:
        payment = await world.charge()
        await world.clock.move(1_000)
        assert (last(world, payment).stage, last(world, payment).work) == (Stage.MISMATCH, Work.MISMATCH)
        assert await world.ledger() == WAITS
        await world.act(Act.DECIDE_UNPAID, payment.payment_id)
        assert await state(world, payment) is State.MANUAL_UNPAID
        assert await world.ledger() == {}


@on_a_loop
async def test_what_was_decided_is_asked_about_as_rarely_as_the_plan_says(tmp_path: Path) -> None:
    async with counter(tmp_path, UNUSABLE, PROCESSING) as world:
        payment = await world.charge()
        world.clock.now = 30 * MINUTE_MS
        await world.act(Act.DECIDE_PAID, payment.payment_id)
        await world.clock.move(10 * MINUTE_MS)
        asked = len(world.gateway.asked_at)
        await world.clock.move(HOUR_MS)
        assert 5 <= len(world.gateway.asked_at) - asked <= 7
        world.clock.now = ASK_UNTIL_MS
        await world.clock.move(11 * MINUTE_MS)
        asked = len(world.gateway.asked_at)
        await world.clock.move(HOUR_MS)
        assert len(world.gateway.asked_at) == asked, "the gateway answers no longer"


@pytest.mark.parametrize("line", [NEGATIVE, PROCESSING, UNUSABLE, NOT_FOUND], ids=lambda line: line.meaning.value)
@pytest.mark.parametrize("first", ["answer", "decision"])
def test_a_decision_and_an_answer_at_the_same_moment_are_both_kept(tmp_path: Path, first: str, line: Answer) -> None:
    """Both are written before either is done: what the desk knows must be what the journal has."""

    async def run() -> None:
        async with counter(tmp_path, UNUSABLE, PROCESSING) as world:
            payment = await world.charge()
            world.clock.now = 3 * MINUTE_MS
            real, held = world.journal.write, asyncio.Event()
            acting: list[asyncio.Future[None]] = []

            def write(*entries: object, at_ms: int) -> Future[None]:
                done = real(*entries, at_ms=at_ms)  # type: ignore[arg-type]
                asked = [
                    one for one in entries if isinstance(one, EvidenceAdded) and one.evidence.source is Source.QUERY
                ]
                if asked and not acting:
                    acting.append(asyncio.ensure_future(world.act(Act.DECIDE_PAID, payment.payment_id)))
                if any(isinstance(one, ManagerActed) for one in entries) and not held.is_set():
                    held.set()
                    world.desk.ask_now(payment.payment_id)
                return done

            world.journal.write = write  # type: ignore[method-assign]
            world.gateway.queries = deque([line])
            if first == "answer":
                world.desk.ask_now(payment.payment_id)
            else:
                acting.append(asyncio.ensure_future(world.act(Act.DECIDE_PAID, payment.payment_id)))
            await world.calm(20)
            await asyncio.gather(*acting)
            await world.calm(20)
            record = await world.record(payment.payment_id)
            assert tuple(world.desk._open[payment.payment_id].evidence) == record.evidence
            assert Source.DECIDED_PAID in {one.source for one in record.evidence}

    asyncio.run(run())


# --- what is refused -------------------------------------------------------------------------------------------------


@on_a_loop
async def test_a_decision_without_its_manager_does_not_get_into_the_journal(tmp_path: Path) -> None:
    async with counter(tmp_path, UNUSABLE, PROCESSING) as world:
        payment = await world.charge()
        evidence = Evidence(Source.DECIDED_PAID, T0, T0)
        with pytest.raises(LawlessEntryError, match="manager"):
            await asyncio.wrap_future(world.journal.write(EvidenceAdded(payment.payment_id, evidence), at_ms=T0))
        assert await state(world, payment) is State.UNKNOWN


@pytest.mark.parametrize("act", [Act.RELEASE, Act.DECIDE_PAID, Act.DECIDE_UNPAID])
def test_an_act_that_cannot_be_stored_changes_nothing(tmp_path: Path, act: Act) -> None:
    async def run() -> None:
        async with counter(tmp_path, UNUSABLE, PROCESSING) as world:
            payment = await world.charge()
            world.clock.now = 3 * MINUTE_MS
            world.failing = lambda entries: any(isinstance(one, ManagerActed) for one in entries)
            with pytest.raises(RefusedError, match="Cannot store"):
                await world.act(act, payment.payment_id)
            assert (last(world, payment).released, last(world, payment).state) == (False, "unknown")
            with pytest.raises(RefusedError, match="no result yet"):
                await world.charge()
            world.failing = lambda _: False
            await world.act(act, payment.payment_id)
            await world.charge()

    asyncio.run(run())


@on_a_loop
async def test_there_is_no_act_on_a_payment_that_is_not_there(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        for act in Act:
            with pytest.raises(RefusedError, match="No such payment"):
                await world.act(act, "no such payment")


# --- cancelling ------------------------------------------------------------------------------------------------------


def cancels(world: World, *, taken: bool) -> None:
    world.gateway.cancel_line = DONE if taken else UNUSABLE


@on_a_loop
async def test_a_cancel_is_told_once_and_counts_only_when_a_later_question_agrees(tmp_path: Path) -> None:
    async with counter(tmp_path, PROCESSING, PROCESSING) as world:
        cancels(world, taken=True)
        payment = await world.charge()
        for _ in range(2):
            await world.desk.cancel(payment.payment_id)
        await world.calm(10)
        assert last(world, payment).cancel_wished
        assert world.gateway.cancelled == [payment.payment_id]
        assert await state(world, payment) is State.PROCESSING
        assert world.log.index("durable cancel_wished") < world.log.index("durable cancel")
        await world.desk.cancel(payment.payment_id)
        await answers(world, payment, NEGATIVE)
        assert await state(world, payment) is State.CANCELLED
        assert last(world, payment).stage is Stage.DECLINED
        assert world.gateway.cancelled == [payment.payment_id]
        assert await world.ledger() == {}


@on_a_loop
async def test_the_wish_alone_is_no_result(tmp_path: Path) -> None:
    async with counter(tmp_path, UNUSABLE, NOT_FOUND) as world:
        cancels(world, taken=False)
        payment = await world.charge()
        await world.desk.cancel(payment.payment_id)
        await world.clock.move(2 * MINUTE_MS)
        assert await state(world, payment) is State.UNKNOWN
        assert Stage.DECLINED not in {view.stage for view in world.views}
        assert world.gateway.cancelled == [payment.payment_id]
        await answers(world, payment, paid())
        assert last(world, payment).stage is Stage.PAID


@on_a_loop
async def test_cancelled_while_it_is_being_sent(tmp_path: Path) -> None:
    async with counter(tmp_path, PROCESSING, PROCESSING) as world:
        cancels(world, taken=True)
        world.gateway.answer_held.clear()
        charging = asyncio.ensure_future(world.charge())
        await world.calm()
        payment = world.views[-1]
        assert payment.stage is Stage.SENDING
        await world.desk.cancel(payment.payment_id)
        await world.calm()
        assert (last(world, payment).stage, last(world, payment).cancel_wished) == (Stage.SENDING, True)
        assert world.gateway.cancelled == [], "not before the charge has its answer"
        world.gateway.answer_held.set()
        await charging
        await world.calm(10)
        assert world.gateway.cancelled == [payment.payment_id]


@pytest.mark.parametrize("how", ["stop", "kill"])
@pytest.mark.parametrize("told", [False, True])
def test_the_wish_to_cancel_outlives_the_program(tmp_path: Path, *, told: bool, how: str) -> None:
    async def run() -> None:
        async with counter(tmp_path, PROCESSING, PROCESSING) as world:
            cancels(world, taken=True)
            world.gateway.answer_held.clear()
            charging = asyncio.ensure_future(world.charge())
            await world.calm()
            payment = world.views[-1]
            await world.desk.cancel(payment.payment_id)
            if told:
                world.gateway.answer_held.set()
                await world.calm(10)
            if how == "kill":
                world.failing = lambda _entries: True
            charging.cancel()
            await asyncio.wait((charging,))
            world.gateway.answer_held.set()
            await world.restart()
            await world.calm(10)
            assert last(world, payment).cancel_wished
            assert world.gateway.cancelled == [payment.payment_id], "told once"
            await answers(world, payment, NOT_FOUND)
            assert await state(world, payment) is State.CANCELLED

    asyncio.run(run())


@on_a_loop
async def test_a_wish_that_cannot_be_stored_says_so_and_may_be_wished_again(tmp_path: Path) -> None:
    async with counter(tmp_path, PROCESSING, PROCESSING) as world:
        payment = await world.charge()
        world.failing = lambda entries: any(entry.kind == "cancel_wished" for entry in entries)
        with pytest.raises(RefusedError, match="Cannot store"):
            await world.desk.cancel(payment.payment_id)
        world.failing = lambda _: False
        await world.desk.cancel(payment.payment_id)
        entries = (await world.record(payment.payment_id)).entries
        assert [one.kind for _, one in entries].count("cancel_wished") == 1


@on_a_loop
async def test_what_is_over_cannot_be_cancelled(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        await world.desk.cancel(payment.payment_id)
        await world.desk.cancel("no such payment")
        await world.calm()
        assert world.gateway.cancelled == []
        assert not last(world, payment).cancel_wished


# --- when the gateway answers no longer ------------------------------------------------------------------------------


@pytest.mark.parametrize("restart", [False, True])
def test_after_two_days_a_person_must_decide(tmp_path: Path, *, restart: bool) -> None:
    async def run() -> None:
        async with counter(tmp_path, UNUSABLE, PROCESSING) as world:
            payment = await world.charge()
            world.clock.now = ASK_UNTIL_MS
            if restart:  # its clock may be wrong: asked for an hour more
                await world.restart()
                await world.clock.move(HOUR_MS + 10 * MINUTE_MS)
            await world.clock.move(2_000)
            await world.calm(10)
            shown = last(world, payment)
            assert (shown.stage, shown.work, shown.next_ask_at_ms) == (Stage.UNKNOWN, Work.TOO_OLD, None)
            asked = len(world.gateway.asked_at)
            await world.clock.move(HOUR_MS)
            assert len(world.gateway.asked_at) == asked
            assert [view.payment_id for view in world.desk.open_views()] == [payment.payment_id], "never forgotten"
            await world.act(Act.DECIDE_UNPAID, payment.payment_id)
            assert last(world, payment).work is None
            assert world.desk.open_views() == ()

    asyncio.run(run())


@on_a_loop
async def test_what_was_let_go_on_leaves_the_counter_for_the_list(tmp_path: Path) -> None:
    async with counter(tmp_path, PROCESSING, PROCESSING) as world:
        view = await world.charge()
        await world.clock.move(2_000)
        await world.act(Act.RELEASE, view.payment_id)
        await world.clock.move(3_000)
        (one,) = world.desk.open_views()
        assert one.stage is Stage.UNKNOWN
