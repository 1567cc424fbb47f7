"""The desk over the real journal: what is durable before what, and that trouble never makes a payment look otherwise.

The gateway here says lines; the real servers are in the tests of `gateways`, `sandbox` and `end_to_end`.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pos_app.checkout.refused import RefusedError
from pos_app.checkout.views import Stage
from pos_app.gateways.gateway import NotSentError
from pos_app.journal.entries import EvidenceAdded, PaymentPrepared
from pos_app.journal.errors import JournalDamagedError
from pos_app.payments.answer import NotSentCause
from pos_app.payments.payment import Attempt, Evidence, Source, fence_ms
from pos_app.payments.schedule import CUSTOMER_WAITS_MS, WATCH_EVERY_MS
from tests.checkout.scripted import (
    AMOUNT_MAX,
    NEGATIVE,
    NOT_FOUND,
    PROCESSING,
    RATE_LIMITED,
    T0,
    UNUSABLE,
    counter,
    on_a_loop,
    paid,
)


def is_evidence(source: Source) -> Callable[[tuple[object, ...]], bool]:
    def found(entries: tuple[object, ...]) -> bool:
        return any(isinstance(one, EvidenceAdded) and one.evidence.source is source for one in entries)

    return found


# --- the order of the commit points ---------------------------------------------------------------------------------


@on_a_loop
async def test_each_commit_point_is_durable_before_the_next_step(tmp_path: Path) -> None:
    async with counter(tmp_path, paid(), paid()) as world:
        await world.charge()
        await world.clock.move(0)
        order = [line for line in world.log if not line.startswith("tell")]
        assert order == [
            "durable prepared",
            "durable sending",
            "bytes",
            "durable create",
            "ask",
            "durable query",
            "durable settled paid",
        ]
        assert world.log.index("tell paid") > world.log.index("durable settled paid")
        assert await world.states() == ["paid"]


@on_a_loop
async def test_nobody_is_told_between_what_is_durable_and_the_first_byte(tmp_path: Path) -> None:
    async with counter(tmp_path, paid(), paid()) as world:
        world.gateway.says_what_left = True
        await world.charge()
        told = [line for line in world.log if line.startswith("tell") or line == "bytes"]
        assert told[:3] == ["tell sending", "bytes", "tell sending"]


@on_a_loop
async def test_paid_is_never_told_from_the_answer_to_the_charge_alone(tmp_path: Path) -> None:
    async with counter(tmp_path, paid(), UNUSABLE) as world:
        await world.charge()
        await world.clock.move(20_000)
        assert Stage.PAID not in {view.stage for view in world.views}
        assert await world.states() == ["processing"]


@on_a_loop
async def test_c1_that_cannot_be_stored_sends_nothing(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        world.failing = lambda entries: isinstance(entries[0], PaymentPrepared)
        code = world.code()
        with pytest.raises(RefusedError, match="Cannot store"):
            await world.charge(code=code)
        assert world.log == []
        assert code.used


@on_a_loop
async def test_c2_that_cannot_be_stored_sends_nothing(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        world.failing = is_evidence(Source.SENDING)
        code = world.code()
        with pytest.raises(RefusedError, match="Cannot store"):
            await world.charge(code=code)
        assert "bytes" not in world.log
        assert code.used
        assert world.views[-1].stage is Stage.NOT_SENT
        assert await world.states() == ["not_sent"]
        world.failing = lambda _: False
        assert (await world.charge()).stage is Stage.PROCESSING  # the till is free again


@on_a_loop
async def test_c3_that_cannot_be_stored_goes_on_asking_and_never_says_paid(tmp_path: Path) -> None:
    async with counter(tmp_path, paid(), paid()) as world:
        world.failing = lambda entries: (
            not isinstance(entries[0], PaymentPrepared) and not is_evidence(Source.SENDING)(entries)
        )
        view = await world.charge()
        assert view.stage is Stage.SENDING
        await world.clock.move(30_000)
        assert 10 <= len(world.gateway.asked_at) <= 20  # on the plan: neither silent nor in a rush
        assert Stage.PAID not in {one.stage for one in world.views}
        assert await world.states() == ["sending"]
        world.failing = lambda _: False
        await world.clock.move(5_000)
        assert world.views[-1].stage is Stage.PAID
        assert await world.states() == ["paid"]


@on_a_loop
async def test_a_result_that_cannot_be_stored_is_asked_for_on_the_plan(tmp_path: Path) -> None:
    """The charge's answer is stored and claims the end; only the confirmation is not."""
    async with counter(tmp_path, paid(), paid()) as world:
        world.failing = is_evidence(Source.QUERY)
        await world.charge()
        await world.clock.move(30_000)
        assert 10 <= len(world.gateway.asked_at) <= 20
        assert Stage.PAID not in {one.stage for one in world.views}


@on_a_loop
async def test_a_cancelled_charge_that_may_have_left_is_asked_about(tmp_path: Path) -> None:
    async with counter(tmp_path, paid(), paid()) as world:
        world.gateway.answer_held.clear()
        code = world.code()
        charging = asyncio.ensure_future(world.charge(code=code))
        await world.calm()
        assert "bytes" in world.log
        charging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await charging
        assert code.used
        assert await world.states() == ["unknown"]
        with pytest.raises(RefusedError, match="no result yet"):
            await world.charge()


@on_a_loop
async def test_a_cancel_before_the_bytes_means_not_sent(tmp_path: Path) -> None:
    def cancelled() -> None:
        raise asyncio.CancelledError

    async with counter(tmp_path) as world:
        world.gateway.before_send = cancelled
        with pytest.raises(asyncio.CancelledError):
            await world.charge()
        assert await world.states() == ["not_sent"]
        assert "bytes" not in world.log


@pytest.mark.parametrize("how", ["once", "twice", "every_task"])
def test_a_stop_while_sending_is_being_written_leaves_journal_and_desk_of_one_mind(tmp_path: Path, how: str) -> None:
    """The write is handed over and will be durable: a desk that says "not sent" meanwhile contradicts the journal."""

    async def run() -> None:
        async with counter(tmp_path) as world:
            real, durable = world.journal.write, threading.Event()

            def write(*entries: Any, at_ms: int) -> Future[None]:
                if any(isinstance(one, EvidenceAdded) and one.evidence.source is Source.SENDING for one in entries):
                    world.journal.read(lambda _connection: durable.wait(60))
                    stop()
                return real(*entries, at_ms=at_ms)

            def stop() -> None:
                tasks = asyncio.all_tasks() - {me} if how == "every_task" else {charging}
                for task in tasks:
                    task.cancel()
                if how == "twice":
                    asyncio.get_running_loop().call_later(0.02, charging.cancel)
                asyncio.get_running_loop().call_later(0.1, durable.set)

            me = asyncio.current_task()
            world.journal.write = write  # type: ignore[method-assign]
            charging = asyncio.ensure_future(world.charge())
            with pytest.raises(asyncio.CancelledError):
                await charging
            assert await world.states() == ["unknown"]
            assert "bytes" not in world.log

    asyncio.run(run())


@on_a_loop
async def test_not_sent_frees_the_till_at_once(tmp_path: Path) -> None:
    async with counter(tmp_path, NotSentError(NotSentCause.NO_NETWORK)) as world:
        first = await world.charge()
        assert first.stage is Stage.NOT_SENT
        again = await world.charge(retry_of=first.payment_id)
        assert again.attempt == 2
        assert await world.states() == ["not_sent", "not_sent"]
        assert "ask" not in world.log


# --- after a restart ------------------------------------------------------------------------------------------------

ATTEMPT = Attempt(
    "261122_02-000001-0000", "02-000001-0000", 1, "02-000001", 50_000, 2553, T0, fence_ms(T0, 300_000), T0 - 200,
    "camera", "", "demo",
)  # fmt: skip
SENDING = Evidence(Source.SENDING, T0, T0)


@pytest.mark.parametrize(
    ("evidence", "taken_up", "ends"),
    [
        ([], "not_sent", "not_sent"),
        ([SENDING], "unknown", "paid"),
        ([SENDING, Evidence(Source.CREATE, T0, T0 + 300, PROCESSING)], "processing", "paid"),
        ([SENDING, Evidence(Source.CREATE, T0, T0 + 300, UNUSABLE)], "unknown", "paid"),
        ([SENDING, Evidence(Source.CREATE, T0, T0 + 300, paid())], "processing", "paid"),
    ],
    ids=["prepared", "sending", "processing", "unknown", "claimed paid"],
)
def test_a_restart_takes_up_what_was_open(tmp_path: Path, evidence: list[Evidence], taken_up: str, ends: str) -> None:
    async def run() -> None:
        async with counter(tmp_path, PROCESSING, paid()) as world:
            facts = [EvidenceAdded(ATTEMPT.app_trans_id, one) for one in evidence]
            await asyncio.wrap_future(world.journal.write(PaymentPrepared(ATTEMPT), *facts, at_ms=T0))
            world.clock.now = 10_000
            (view,) = await world.desk.recover()
            assert view.state == taken_up
            assert view.stage is not Stage.PAID
            await world.calm()
            assert await world.states() == [ends]
            assert "bytes" not in world.log
            assert world.log.count("ask") == (0 if ends == "not_sent" else 1)

    asyncio.run(run())


@on_a_loop
async def test_a_restart_goes_on_watching_a_negative(tmp_path: Path) -> None:
    async with counter(tmp_path, NEGATIVE, NEGATIVE) as world:
        first = await world.charge()
        await world.clock.move(0)
        assert await world.states() == ["failed"]
        await world.desk.stop()
        world.journal.close()
        world.gateway.queries.clear()
        world.gateway.queries.append(paid())
        world.open()
        await world.desk.recover()
        world.desk.watch_on()
        await world.calm()
        assert await world.states() == ["paid"]
        assert (world.views[-1].payment_id, world.views[-1].late) == (first.payment_id, True)


@on_a_loop
async def test_who_looks_for_what_is_watched_has_the_picture_that_is_followed(tmp_path: Path) -> None:
    """Else there were two pictures of one payment, and what a manager decides would be missing in one of them."""
    async with counter(tmp_path, NEGATIVE, NEGATIVE) as world:
        first = await world.charge()
        await world.clock.move(0)
        await world.desk.stop()
        world.journal.close()
        world.gateway.queries.append(NEGATIVE)
        world.open()
        await world.desk.recover()
        world.desk.watch_on()
        found = await world.desk.find(first.payment_id)
        await world.calm()
        assert await world.desk.find(first.payment_id) is found


@on_a_loop
async def test_what_is_watched_is_read_as_soon_as_it_can_be(tmp_path: Path) -> None:
    async with counter(tmp_path, NEGATIVE, NEGATIVE) as world:
        first = await world.charge()
        await world.clock.move(0)
        await world.desk.stop()
        world.journal.close()
        world.gateway.queries.clear()
        world.gateway.queries.append(paid())
        world.open()
        unread: Future[Any] = Future()
        unread.set_exception(JournalDamagedError("a page"))
        watched = world.journal.watched
        world.journal.watched = lambda now_ms: unread  # type: ignore[method-assign]
        await world.desk.recover()
        world.desk.watch_on()
        await world.calm()
        found = await world.desk.find(first.payment_id)
        world.journal.watched = watched  # type: ignore[method-assign]
        assert await world.states() == ["failed"]
        await world.clock.move(60_000)
        assert await world.states() == ["paid"]
        assert found.state.value == "paid"


# --- the counter ----------------------------------------------------------------------------------------------------


@on_a_loop
async def test_the_next_customer_waits_until_it_is_paid_or_a_minute_has_passed(tmp_path: Path) -> None:
    async with counter(tmp_path, PROCESSING, PROCESSING) as world:
        assert world.desk.next_customer()
        first = await world.charge()
        assert not world.desk.next_customer()
        await world.clock.move(CUSTOMER_WAITS_MS)
        assert world.views[-1].stage is Stage.UNKNOWN
        with pytest.raises(RefusedError, match="no result yet"):
            await world.charge()
        assert world.desk.next_customer()
        second = await world.charge()
        assert {view.payment_id for view in world.desk.open_views()} == {first.payment_id, second.payment_id}


@on_a_loop
async def test_a_result_after_the_next_customer_came_is_late(tmp_path: Path) -> None:
    async with counter(tmp_path, UNUSABLE, PROCESSING) as world:
        first = await world.charge()
        assert first.stage is Stage.UNKNOWN
        assert world.desk.next_customer()
        world.gateway.queries.append(paid())
        await world.clock.move(10_000)
        assert (world.views[-1].stage, world.views[-1].late) == (Stage.PAID, True)


@on_a_loop
async def test_ask_now_does_not_wait_for_the_plan(tmp_path: Path) -> None:
    async with counter(tmp_path, PROCESSING, paid()) as world:
        view = await world.charge()
        await world.calm()
        assert "ask" not in world.log
        world.desk.ask_now(view.payment_id)
        await world.calm()
        assert world.views[-1].stage is Stage.PAID
        assert world.clock.now == 0
        world.desk.ask_now("unknown id")


@on_a_loop
async def test_too_many_requests_makes_the_questions_rarer(tmp_path: Path) -> None:
    async with counter(tmp_path, PROCESSING, RATE_LIMITED, RATE_LIMITED, RATE_LIMITED, PROCESSING) as world:
        await world.charge()
        await world.clock.move(50_000)
        asked = world.gateway.asked_at
        gaps = [later - earlier for earlier, later in pairwise(asked)]
        assert gaps[:3] == sorted(gaps[:3])
        assert gaps[2] >= 4 * gaps[3]  # and as often as before when it is over


@on_a_loop
async def test_a_declined_payment_that_turns_out_paid_is_told(tmp_path: Path) -> None:
    async with counter(tmp_path, NEGATIVE, NEGATIVE) as world:
        await world.charge()
        await world.clock.move(0)
        assert world.views[-1].stage is Stage.DECLINED
        assert world.desk.next_customer()
        assert world.desk.open_views() == ()
        world.gateway.queries.append(paid())
        world.gateway.queries.popleft()
        await world.clock.move(WATCH_EVERY_MS + 100)
        assert (world.views[-1].stage, world.views[-1].late) == (Stage.PAID, True)
        assert await world.states() == ["paid"]


@on_a_loop
async def test_never_arrived_is_proven_after_the_fence(tmp_path: Path) -> None:
    async with counter(tmp_path, UNUSABLE, NOT_FOUND) as world:
        await world.charge()
        await world.clock.move(300_000)
        assert await world.states() == ["unknown"]
        await world.clock.move(300_000)
        assert await world.states() == ["not_created"]


# --- what is not begun ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [0, -1, AMOUNT_MAX + 1])
def test_an_amount_out_of_bounds_is_refused(tmp_path: Path, amount: int) -> None:
    async def run() -> None:
        async with counter(tmp_path) as world:
            code = world.code()
            with pytest.raises(RefusedError, match="amount") as refused:
                await world.charge(amount, code=code)
            assert "50.000.000" in refused.value.advice.vi
            assert code.used
            assert world.log == []
            assert (await world.charge(AMOUNT_MAX)).amount == AMOUNT_MAX

    asyncio.run(run())


@on_a_loop
async def test_a_code_works_once(tmp_path: Path) -> None:
    async with counter(tmp_path, NotSentError(NotSentCause.NO_NETWORK)) as world:
        await world.charge(code=(world.code()))
        world.codes -= 1  # the same digits again
        with pytest.raises(RefusedError, match="just used"):
            await world.charge(code=world.code())
        assert await world.states() == ["not_sent"]


@on_a_loop
async def test_two_codes_at_the_same_moment_are_one_charge(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        done = await asyncio.gather(world.charge(), world.charge(), return_exceptions=True)
        assert [type(one).__name__ for one in done] == ["PaymentView", "RefusedError"]
        assert world.log.count("bytes") == 1
        assert len(await world.states()) == 1


@on_a_loop
async def test_a_retry_needs_a_try_that_is_over_and_a_sale_that_is_not_paid(tmp_path: Path) -> None:
    async with counter(tmp_path, NEGATIVE, NEGATIVE) as world:
        with pytest.raises(RefusedError, match="not finished"):
            await world.charge(retry_of="no such payment")
        first = await world.charge()
        await world.clock.move(0)
        world.gateway.create = UNUSABLE
        world.gateway.queries.append(PROCESSING)
        world.gateway.queries.popleft()
        second = await world.charge(retry_of=first.payment_id)
        assert second.attempt == 2
        assert world.desk.next_customer()
        for tried in (first, second):
            with pytest.raises(RefusedError, match="not finished"):
                await world.charge(retry_of=tried.payment_id)
        world.gateway.queries.append(paid())
        world.gateway.queries.popleft()
        world.desk.ask_now(second.payment_id)
        await world.calm()
        for tried in (first, second):
            with pytest.raises(RefusedError, match="paid already"):
                await world.charge(retry_of=tried.payment_id)
        assert await world.states() == ["failed", "paid"]


@on_a_loop
async def test_a_desk_that_is_closing_begins_nothing(tmp_path: Path) -> None:
    async with counter(tmp_path) as world:
        await world.desk.stop()
        with pytest.raises(RefusedError, match="closing"):
            await world.charge()


@on_a_loop
async def test_the_spy_sees_a_wrong_order(tmp_path: Path) -> None:
    """The control: a gateway client that sends before SENDING is durable shows in the log."""
    async with counter(tmp_path) as world:
        world.gateway.before_send = lambda: world.log.append("bytes")
        await world.charge()
        assert world.log.index("bytes") < world.log.index("durable sending")
