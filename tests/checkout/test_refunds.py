"""Refunds over the real journal: durable before sent, sent under one id for good, done only by the gateway's word."""

import asyncio
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pos_app.checkout.refused import RefusedError
from pos_app.checkout.views import RefundStage
from pos_app.gateways.gateway import NotSentError
from pos_app.journal.entries import RefundEvidenceAdded, RefundRequested, RefundSettled
from pos_app.journal.errors import IntentTakenError
from pos_app.payments.acts import Act
from pos_app.payments.answer import Answer, AnswerClass, NotSentCause
from pos_app.payments.payment import HOUR_MS, MINUTE_MS, Source
from pos_app.payments.refund import RefundState
from tests.checkout.scripted import (
    MANAGER,
    NEGATIVE,
    NOT_FOUND,
    PROCESSING,
    UNUSABLE,
    World,
    counter,
    on_a_loop,
    paid,
)

REFUNDED = Answer(AnswerClass.PAID, 1, 1, "rf1")
ACCEPTED = Answer(AnswerClass.PAID, 1)
DUPLICATE = Answer(AnswerClass.DUPLICATE, 2, -23)
REFUSED = Answer(AnswerClass.REFUSED, 2, -13)
FENCE_MS = 17 * MINUTE_MS
PAID = {"sales_due": -50_000, "wallet": 50_000}
GIVEN_BACK = {"sales_due": -30_000, "wallet": 30_000}


async def refund_state(world: World, payment_id: str) -> RefundState:
    (one,) = await world.refunds_of(payment_id)
    return one.state


def told(world: World) -> RefundStage:
    """What was last told about the refund."""
    (one,) = world.views[-1].refunds
    return one.stage


def one_id(world: World) -> bool:
    """Whatever was sent or asked was about one refund."""
    return len({one.m_refund_id for one in world.gateway.refunds} | {one for _, one in world.gateway.refund_asked}) == 1


# --- the order of the commit points ---------------------------------------------------------------------------------


@on_a_loop
async def test_each_commit_point_is_durable_before_the_next_step(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        world.log.clear()
        world.gateway.refund_lines = deque([REFUNDED])
        await world.refund(payment.payment_id, 20_000)
        assert told(world) is RefundStage.PROCESSING
        assert await world.ledger() == PAID, "nothing moves before it is done"
        await world.clock.move(3_000)
        assert [line for line in world.log if not line.startswith("tell")] == [
            "durable manager_acted",
            "durable refund_requested",
            "durable refund sending",
            "refund bytes",
            "durable refund create",
            "ask refund",
            "durable refund query",
            "durable refund done",
        ]
        (shown,) = world.views[-1].refunds
        assert (shown.stage, shown.refund_id, shown.by) == (RefundStage.DONE, "rf1", MANAGER.by)
        assert world.views[-1].refundable == 30_000
        assert await world.ledger() == GIVEN_BACK


@on_a_loop
async def test_refunded_is_never_told_before_it_is_durable(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        world.gateway.refund_lines = deque([REFUNDED])
        await world.refund(payment.payment_id, 20_000)
        world.failing = lambda entries: any(isinstance(one, RefundSettled) for one in entries)
        await world.clock.move(MINUTE_MS)
        stages = {one.stage for view in world.views for one in view.refunds}
        assert RefundStage.DONE not in stages
        assert await world.ledger() == PAID
        assert 10 <= len(world.gateway.refund_asked) <= 25, "on the plan"
        world.failing = lambda _: False
        await world.clock.move(MINUTE_MS)
        assert told(world) is RefundStage.DONE
        assert await world.ledger() == GIVEN_BACK
        assert len(world.gateway.refunds) == 1


@on_a_loop
async def test_the_gateway_gets_what_the_journal_has(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        await world.refund(payment.payment_id, 20_000)
        (sent,) = world.gateway.refunds
        (kept,) = await world.refunds_of(payment.payment_id)
        assert sent == kept.refund
        zp_trans_id = (await world.record(payment.payment_id)).zp_trans_id
        assert (sent.zp_trans_id, sent.amount) == (zp_trans_id, 20_000)
        day, app_id, _ = sent.m_refund_id.split("_")
        assert (day, app_id) == (payment.payment_id[:6], str(sent.app_id))


@on_a_loop
async def test_no_answer_came_before_its_question(tmp_path: Path) -> None:
    """The answer to the refund tells that our clock was thought half a minute too far on."""
    world = World(tmp_path)
    ahead = {"ms": 0}
    world.now_ms = lambda: world.clock.wall_ms() + ahead["ms"]
    world.open()
    try:
        payment = await world.paid_one()
        ahead["ms"] = 30_000
        real = world.gateway.refund

        async def corrected(*arguments: Any) -> Any:
            answer = await real(*arguments)
            ahead["ms"] = 0
            return answer

        world.gateway.refund = corrected  # type: ignore[method-assign, assignment]
        await world.refund(payment.payment_id, 20_000)
        (kept,) = await world.refunds_of(payment.payment_id)
        (answer,) = (one for one in kept.evidence if one.source is Source.CREATE)
        assert answer.asked_at_ms <= answer.received_at_ms
    finally:
        await world.desk.stop()
        world.journal.close()


# --- an answer that says nothing, or not yet --------------------------------------------------------------------------


@on_a_loop
async def test_a_lost_answer_is_asked_about_for_days_under_the_same_id(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        world.gateway.refund_line, world.gateway.refund_lines = UNUSABLE, deque([UNUSABLE])
        await world.refund(payment.payment_id, 50_000)
        assert told(world) is RefundStage.UNKNOWN
        await world.clock.move(5 * MINUTE_MS)
        for _ in range(3):
            world.clock.now += 2 * HOUR_MS
            await world.restart()
            await world.clock.move(10 * MINUTE_MS)
        asked = len(world.gateway.refund_asked)
        world.clock.now += 6 * 24 * HOUR_MS
        await world.restart()
        await world.calm()
        assert len(world.gateway.refund_asked) == asked + 1, "a week later it is still asked about"
        assert await refund_state(world, payment.payment_id) is RefundState.UNKNOWN
        with pytest.raises(RefusedError, match="refund amount"):
            await world.refund(payment.payment_id, 1, "press-2")
        await world.clock.move(24 * HOUR_MS + 1)
        world.gateway.refund_lines = deque([REFUNDED])
        world.desk.refunds.ask_now(payment.payment_id)
        await world.calm()
        assert await refund_state(world, payment.payment_id) is RefundState.DONE
        assert (len(world.gateway.refunds), one_id(world)) == (1, True)
        assert await world.ledger() == {}


@on_a_loop
async def test_days_of_processing_are_asked_about_rarely_and_never_count_as_done(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        world.gateway.refund_line = ACCEPTED
        await world.refund(payment.payment_id, 20_000)
        world.clock.now += 3 * 24 * HOUR_MS
        await world.restart()
        for _ in range(4):
            await world.clock.move(24 * HOUR_MS)
        assert len(world.gateway.refund_asked) <= 6
        assert await refund_state(world, payment.payment_id) is RefundState.PROCESSING
        assert await world.ledger() == PAID


@on_a_loop
async def test_accepted_and_later_failed_frees_the_amount_and_moves_nothing(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        world.gateway.refund_line, world.gateway.refund_lines = ACCEPTED, deque([NEGATIVE])
        await world.refund(payment.payment_id, 50_000)
        await world.clock.move(3_000)
        assert await refund_state(world, payment.payment_id) is RefundState.PROCESSING, "one word against another"
        await world.clock.move(6_000)
        assert await refund_state(world, payment.payment_id) is RefundState.FAILED
        assert (told(world), world.views[-1].refundable) == (RefundStage.DECLINED, 50_000)
        assert await world.ledger() == PAID
        world.gateway.refund_line, world.gateway.refund_lines = PROCESSING, deque([REFUNDED])
        await world.refund(payment.payment_id, 50_000, "press-2")
        await world.clock.move(3_000)
        assert [one.state for one in await world.refunds_of(payment.payment_id)] == [
            RefundState.FAILED,
            RefundState.DONE,
        ]
        assert await world.ledger() == {}


@on_a_loop
async def test_a_failed_one_is_watched_until_it_cannot_come_any_more(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        world.gateway.refund_line, world.gateway.refund_lines = NEGATIVE, deque([NEGATIVE])
        await world.refund(payment.payment_id, 50_000)
        await world.clock.move(4_000)
        assert await refund_state(world, payment.payment_id) is RefundState.FAILED
        await world.restart()
        world.gateway.refund_lines = deque([REFUNDED])
        await world.clock.move(31_000)
        assert await refund_state(world, payment.payment_id) is RefundState.DONE
        assert await world.ledger() == {}


@on_a_loop
async def test_a_duplicate_is_our_own_and_is_asked_about(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        world.gateway.refund_line = DUPLICATE
        await world.refund(payment.payment_id, 20_000)
        assert await refund_state(world, payment.payment_id) is RefundState.PROCESSING
        world.gateway.refund_lines = deque([REFUNDED])
        await world.clock.move(4_000)
        assert await refund_state(world, payment.payment_id) is RefundState.DONE
        assert (len(world.gateway.refunds), one_id(world)) == (1, True)


@on_a_loop
async def test_not_found_means_something_only_after_the_fence(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        world.gateway.refund_line, world.gateway.refund_lines = UNUSABLE, deque([NOT_FOUND])
        await world.refund(payment.payment_id, 50_000)
        await world.clock.move(MINUTE_MS)
        world.clock.now = FENCE_MS - MINUTE_MS
        await world.clock.move(MINUTE_MS)
        assert await refund_state(world, payment.payment_id) is RefundState.UNKNOWN
        with pytest.raises(RefusedError, match="refund amount"):
            await world.refund(payment.payment_id, 1, "press-2")
        await world.clock.move(2 * MINUTE_MS)
        assert await refund_state(world, payment.payment_id) is RefundState.NOT_CREATED
        assert (told(world), world.views[-1].refundable) == (RefundStage.DECLINED, 50_000)
        asked = len(world.gateway.refund_asked)
        await world.clock.move(HOUR_MS)
        assert len(world.gateway.refund_asked) == asked, "it cannot come any more: nobody is asked"
        assert (len(world.gateway.refunds), one_id(world)) == (1, True)


@pytest.mark.parametrize("line", [NotSentError(NotSentCause.NO_NETWORK), REFUSED], ids=["no network", "refused"])
def test_what_was_surely_not_done_may_be_asked_for_again(tmp_path: Path, line: object) -> None:
    async def run() -> None:
        async with counter(tmp_path) as world:
            payment = await world.paid_one()
            world.gateway.refund_line, world.gateway.refund_lines = line, deque([NEGATIVE])
            await world.refund(payment.payment_id, 50_000)
            if line is REFUSED:
                assert await refund_state(world, payment.payment_id) is RefundState.PROCESSING, "one word is no proof"
                await world.clock.move(4_000)
            state = await refund_state(world, payment.payment_id)
            assert state is (RefundState.FAILED if line is REFUSED else RefundState.NOT_SENT)
            shown = world.views[-1].refunds[0]
            assert shown.stage is (RefundStage.DECLINED if line is REFUSED else RefundStage.NOT_SENT)
            assert shown.cause.vi
            assert shown.advice.vi
            world.gateway.refund_line, world.gateway.refund_lines = PROCESSING, deque([REFUNDED])
            await world.refund(payment.payment_id, 50_000, "press-2")
            await world.clock.move(3_000)
            assert await world.ledger() == {}
            ids = {one.refund.m_refund_id for one in await world.refunds_of(payment.payment_id)}
            assert len(ids) == 2

    asyncio.run(run())


# --- two hands ------------------------------------------------------------------------------------------------------


@on_a_loop
async def test_the_same_press_twice_is_one_refund(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        await asyncio.gather(*(world.refund(payment.payment_id, 20_000) for _ in range(3)))
        await world.refund(payment.payment_id, 20_000)
        await world.restart()
        await world.refund(payment.payment_id, 20_000)
        assert (len(world.gateway.refunds), len(await world.refunds_of(payment.payment_id))) == (1, 1)


@on_a_loop
async def test_another_refund_under_the_same_press_is_refused_in_words(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment, other = await world.paid_one(), await world.paid_one()
        await world.refund(payment.payment_id, 20_000, "a press")
        for payment_id, amount, said in (
            (payment.payment_id, 10_000, f"That one gave back 20.000\u00a0₫. {IntentTakenError.advice.en}"),
            (other.payment_id, 20_000, IntentTakenError.advice.en),
        ):
            with pytest.raises(RefusedError) as refused:
                await world.refunding(payment_id, amount, "a press")
            assert refused.value.title == IntentTakenError.title
            assert refused.value.advice.en == said
        assert len(world.gateway.refunds) == 1


@on_a_loop
async def test_two_managers_at_once_never_give_back_more_than_was_paid(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        presses = [world.refunding(payment.payment_id, 30_000, f"press-{n}") for n in range(3)]
        done = await asyncio.gather(*presses, return_exceptions=True)
        assert [type(one).__name__ for one in done] == ["NoneType", "RefusedError", "RefusedError"]
        assert len(world.gateway.refunds) == 1
        assert world.views[-1].refundable == 20_000


@on_a_loop
async def test_partial_refunds_stop_at_what_was_paid(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        world.gateway.refund_lines = deque([REFUNDED])
        for press, amount in enumerate((20_000, 29_999)):
            await world.refund(payment.payment_id, amount, f"press-{press}")
            await world.clock.move(4_000)
        for press, amount in enumerate((0, -1, 2, 50_000), 10):
            with pytest.raises(RefusedError, match="refund amount") as refused:
                await world.refund(payment.payment_id, amount, f"press-{press}")
            assert "1 ₫" in refused.value.advice.vi.replace("\u00a0", " ")
        await world.refund(payment.payment_id, 1, "press-20")
        await world.clock.move(4_000)
        with pytest.raises(RefusedError, match="refund amount"):
            await world.refund(payment.payment_id, 1, "press-21")
        assert sum(one.amount for one in world.gateway.refunds) == 50_000
        assert await world.ledger() == {}


@on_a_loop
async def test_only_what_zalopay_confirms_as_paid_is_refunded(tmp_path: Path) -> None:
    async with counter(tmp_path, UNUSABLE, PROCESSING) as world:
        with pytest.raises(RefusedError):
            await world.refund("no such payment", 1)
        payment = await world.charge()
        with pytest.raises(RefusedError, match="cannot be done") as refused:
            await world.refund(payment.payment_id, 1)
        assert "ZaloPay" in refused.value.advice.vi
        await world.clock.move(3 * MINUTE_MS)
        await world.act(Act.DECIDE_PAID, payment.payment_id)
        assert await world.ledger() == {"manual": 50_000, "sales_due": -50_000}
        with pytest.raises(RefusedError, match="cannot be done"):
            await world.refund(payment.payment_id, 1)
        world.gateway.create = NotSentError(NotSentCause.NO_NETWORK)
        not_sent = await world.charge()
        with pytest.raises(RefusedError, match="cannot be done"):
            await world.refund(not_sent.payment_id, 1)
        assert world.gateway.refunds == []
        world.gateway.queries = deque([paid()])
        await world.clock.move(MINUTE_MS)
        await world.refund(payment.payment_id, 1)
        assert len(world.gateway.refunds) == 1, "once the gateway has confirmed it"


# --- a stop, a kill, a full disk --------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["stop", "kill"])
@pytest.mark.parametrize("point", ["connecting", "sending", "processing", "done"])
def test_a_restart_takes_it_up_under_the_same_id(tmp_path: Path, point: str, how: str) -> None:
    async def run() -> None:
        async with counter(tmp_path) as world:
            payment = await world.paid_one()
            gateway = world.gateway
            gateway.refund_lines = deque([REFUNDED])
            {"connecting": gateway.connected.clear, "sending": gateway.answer_held.clear}.get(point, lambda: None)()
            pressed = world.refunding(payment.payment_id, 20_000)
            await world.calm(20)
            if point == "done":
                await world.clock.move(3_000)
            if how == "kill":
                world.failing = lambda _entries: True
            pressed.cancel()
            await asyncio.wait((pressed,))
            before, asked = await world.ledger(), len(gateway.refund_asked)
            gateway.connected.set()
            gateway.answer_held.set()
            await world.restart()
            await world.calm()
            state = await refund_state(world, payment.payment_id)
            if point == "connecting":
                assert state is RefundState.NOT_SENT
                assert (gateway.refunds, gateway.refund_asked) == ([], [])
                assert await world.ledger() == before == PAID
                await world.refund(payment.payment_id, 50_000, "press-2")
                return
            assert state is RefundState.DONE
            assert (len(gateway.refunds), one_id(world)) == (1, True)
            assert len(gateway.refund_asked) == asked + (point != "done")
            assert before == (GIVEN_BACK if point == "done" else PAID)
            assert await world.ledger() == GIVEN_BACK

    asyncio.run(run())


@on_a_loop
async def test_a_restart_shows_what_is_on_its_way_before_anybody_answers(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        world.gateway.answer_held.clear()
        pressed = world.refunding(payment.payment_id, 20_000)
        await world.calm(20)
        assert told(world) is RefundStage.SENDING
        world.failing = lambda _entries: True
        pressed.cancel()
        await asyncio.wait((pressed,))
        world.gateway.refund_lines = deque([UNUSABLE])
        await world.restart()
        assert world.views[-1].payment_id == payment.payment_id
        assert told(world) is RefundStage.UNKNOWN
        assert world.views[-1].refundable == 30_000, "its amount stays reserved"


@on_a_loop
async def test_what_cannot_be_stored_is_not_begun(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        world.failing = lambda entries: any(isinstance(one, RefundRequested) for one in entries)
        with pytest.raises(RefusedError, match="Cannot store"):
            await world.refund(payment.payment_id, 20_000)
        assert "refund bytes" not in world.log
        assert await world.refunds_of(payment.payment_id) == ()
        world.failing = lambda _: False
        await world.refund(payment.payment_id, 50_000)
        assert len(world.gateway.refunds) == 1


def is_refund(source: Source) -> Callable[[tuple[object, ...]], bool]:
    def found(entries: tuple[object, ...]) -> bool:
        return any(isinstance(one, RefundEvidenceAdded) and one.evidence.source is source for one in entries)

    return found


@pytest.mark.parametrize("for_how_long", ["a moment", "a minute"])
def test_sending_that_cannot_be_stored_sends_nothing(tmp_path: Path, for_how_long: str) -> None:
    async def run() -> None:
        async with counter(tmp_path) as world:
            payment = await world.paid_one()
            only_sending = is_refund(Source.SENDING)
            world.failing = (
                only_sending
                if for_how_long == "a moment"
                else lambda entries: any(isinstance(one, RefundEvidenceAdded) for one in entries)
            )
            with pytest.raises(RefusedError, match="Cannot store"):
                await world.refund(payment.payment_id, 20_000)
            await world.clock.move(MINUTE_MS)
            world.failing = lambda _: False
            await world.clock.move(MINUTE_MS)
            assert await refund_state(world, payment.payment_id) is RefundState.NOT_SENT
            assert (world.gateway.refunds, world.gateway.refund_asked) == ([], [])
            await world.refund(payment.payment_id, 50_000, "press-2")
            assert len(world.gateway.refunds) == 1

    asyncio.run(run())


@on_a_loop
async def test_the_answer_that_could_not_be_stored_is_kept_as_evidence(tmp_path: Path) -> None:
    """A claim of success that the disk did not take must not let one later negative pass for "not refunded"."""
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        world.failing = is_refund(Source.CREATE)
        world.gateway.refund_line, world.gateway.refund_lines = ACCEPTED, deque([NEGATIVE, PROCESSING])
        await world.refund(payment.payment_id, 20_000)
        world.failing = lambda _: False
        await world.clock.move(4_000)
        (one,) = await world.refunds_of(payment.payment_id)
        assert [it.source for it in one.evidence] == [Source.SENDING, Source.CREATE, Source.QUERY]
        assert one.state is RefundState.PROCESSING


@on_a_loop
async def test_a_stop_while_sending_is_being_written_leaves_journal_and_desk_of_one_mind(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        real = world.journal.write

        def write(*entries: object, at_ms: int) -> object:
            done = real(*entries, at_ms=at_ms)  # type: ignore[arg-type]
            if is_refund(Source.SENDING)(entries):
                pressed.cancel()
            return done

        world.journal.write = write  # type: ignore[method-assign, assignment]
        pressed = world.refunding(payment.payment_id, 20_000)
        await asyncio.wait((pressed,))
        assert pressed.cancelled()
        assert "refund bytes" not in world.log
        assert await refund_state(world, payment.payment_id) is RefundState.UNKNOWN
        assert told(world) is RefundStage.UNKNOWN


@on_a_loop
async def test_a_question_that_breaks_does_not_end_the_asking(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        real, breaks = world.gateway.query_refund, [True, True]

        async def query_refund(m_refund_id: str) -> Answer:
            if breaks:
                breaks.pop()
                raise RuntimeError
            return await real(m_refund_id)

        world.gateway.query_refund = query_refund  # type: ignore[method-assign]
        world.gateway.refund_lines = deque([REFUNDED])
        await world.refund(payment.payment_id, 20_000)
        await world.clock.move(10_000)
        assert await refund_state(world, payment.payment_id) is RefundState.DONE


@on_a_loop
async def test_nothing_is_begun_while_closing(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        payment = await world.paid_one()
        await world.desk.stop()
        with pytest.raises(RefusedError, match="closing"):
            await world.refund(payment.payment_id, 20_000)
        assert world.gateway.refunds == []
