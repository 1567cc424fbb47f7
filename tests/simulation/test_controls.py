"""Seeded bugs in the program: the same simulation must find each of them, or its green results mean nothing."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from pos_app.checkout import open_payment, recovery, story
from pos_app.checkout.asking import Asking
from pos_app.checkout.attempts import Attempts
from pos_app.checkout.desk import Desk
from pos_app.checkout.open_payment import Books, OpenPayment
from pos_app.checkout.recovery import Recovery
from pos_app.checkout.refunds import Refunds
from pos_app.journal.entries import EvidenceAdded, PaymentSettled
from pos_app.payments import payment as rules
from pos_app.payments.answer import AnswerClass
from pos_app.payments.payment import LIVE, Evidence, Source, State, fold
from pos_app.payments.refund import RefundState
from pos_app.simulation.run import simulate
from pos_app.simulation.store import Store
from pos_app.simulation.virtual_time import ComputerClock
from pos_app.simulation.world import run_world
from tests.simulation.control import EACH, SEED, Control, Patch, control

# --- the bugs ------------------------------------------------------------------------------------------------------


def timeout_is_failed(patch: Patch) -> None:
    """No answer to the charge counts as a no."""

    def lost(facts: Any) -> list[Evidence]:
        return [*facts.created(AnswerClass.UNUSABLE), *rules._agreeing_negatives(facts)]

    table = tuple((state, lost if state is State.FAILED else proof) for state, proof in rules.RULES)
    patch.setattr(rules, "RULES", table)


def no_c2(patch: Patch) -> None:
    """The bytes leave without a durable SENDING."""
    note = Books.note

    async def forgets(self: Books, payment: OpenPayment, *evidence: Evidence, **more: Any) -> None:
        if evidence and evidence[0].source is Source.SENDING:
            return
        await note(self, payment, *evidence, **more)

    patch.setattr(Books, "note", forgets)


def not_found_at_receipt(patch: Patch) -> None:
    """ "No such order" counts as of when it was heard, not as of when it was asked."""

    def twice(facts: Any) -> list[Evidence]:
        heard = [one for one in facts.asked(AnswerClass.NOT_FOUND) if facts.attempt.fence_at_ms <= one.received_at_ms]
        if not heard:
            return []
        first, last = (choose(heard, key=lambda one: one.received_at_ms) for choose in (min, max))
        return [first, last] if last.received_at_ms - first.received_at_ms >= rules.NOT_FOUND_APART_MS else []

    patch.setattr(rules, "_not_found_twice", twice)


def one_not_found_is_enough(patch: Patch) -> None:
    """A single "no such order" after the fence closes the payment."""

    def once(facts: Any) -> list[Evidence]:
        return [one for one in facts.asked(AnswerClass.NOT_FOUND) if facts.attempt.fence_at_ms <= one.asked_at_ms]

    patch.setattr(rules, "_not_found_twice", once)


def not_found_before_the_fence(patch: Patch) -> None:
    """ "No such order" counts at once."""

    def early(facts: Any) -> list[Evidence]:
        return [*facts.asked(AnswerClass.NOT_FOUND)]

    patch.setattr(rules, "_not_found_twice", early)


def one_negative_is_enough(patch: Patch) -> None:
    """A single "failed" to the charge closes the payment."""

    def at_once(facts: Any) -> list[Evidence]:
        return [*facts.created(AnswerClass.REFUSED, AnswerClass.NEGATIVE), *rules._agreeing_negatives(facts)]

    table = tuple((state, at_once if state is State.FAILED else proof) for state, proof in rules.RULES)
    patch.setattr(rules, "RULES", table)


def new_refund_id_on_retry(patch: Patch) -> None:
    """A refund whose answer was lost is sent again under another id."""
    ask = Refunds._ask

    async def again(self: Refunds, one: Any) -> None:
        if one.state is RefundState.UNKNOWN:
            other = replace(one.refund, m_refund_id=f"{one.refund.m_refund_id}x")

            async def about_to_send() -> None:
                pass

            await one.gateway.refund(other, about_to_send)
        await ask(self, one)

    patch.setattr(Refunds, "_ask", again)


def second_attempt_without_release(patch: Patch) -> None:
    """A new code is charged while the first try is open, and no constraint of the journal stops it."""

    async def any_sale(self: Attempts, payment_id: str) -> tuple[str, int]:
        record = await asyncio.wrap_future(self._journal.payment(payment_id))
        assert record is not None
        tries = await asyncio.wrap_future(self._journal.sale_attempts(record.attempt.sale_id))
        self._books.at_counter = ""
        return record.attempt.sale_id, len(tries) + 1

    patch.setattr(Attempts, "_sale_of", any_sale)
    patch.setattr(Desk, "_guard", lambda _self, _amount, **_more: None)
    patch.setattr(Store, "_check_changed", lambda _self, _payment, _row: None)


def recovery_forgets(patch: Patch) -> None:
    """What was open before a restart is not taken up."""

    async def nothing(self: Desk) -> tuple[()]:
        return ()

    patch.setattr(Desk, "recover", nothing)


def sending_is_not_sent_after_a_restart(patch: Patch) -> None:
    """What was being sent when the program died is taken for never sent."""

    def always_not_sent(_evidence: object, now_ms: int, *, elsewhere: bool = False) -> tuple[Evidence, ...]:
        del elsewhere
        return (Evidence(Source.DECIDED_UNPAID, now_ms, now_ms),)

    patch.setattr(recovery, "stopped", always_not_sent)


def paid_told_before_it_is_stored(patch: Patch) -> None:
    """The screen says paid, then it is written down."""

    async def note(
        self: Books, payment: OpenPayment, *evidence: Evidence, before: tuple[Any, ...] = (), **_: object
    ) -> None:
        was, together = payment.state, [*payment.evidence, *evidence]
        payment.evidence, payment.verdict = together, fold(payment.attempt, together)
        self.tell(payment)
        entries = [*before, *(EvidenceAdded(payment.id, one) for one in evidence)]
        if payment.state is not was and payment.state not in LIVE:
            entries.append(PaymentSettled(payment.id, payment.state, payment.verdict.zp_trans_id))
        await self.write(*entries)

    patch.setattr(Books, "note", note)


def cap_unchecked(patch: Patch) -> None:
    """Any amount is refunded, and no trigger of the journal stops it."""
    view_of = story.view_of

    def generous(*args: Any) -> Any:
        view = view_of(*args)
        return replace(view, refundable=view.amount)

    patch.setattr(open_payment, "view_of", generous)
    patch.setattr(Store, "_check_refund", lambda _self, _row, _one: None)


def wall_clock_for_timers(patch: Patch) -> None:
    """Waiting goes by the wall clock."""

    async def sleep(self: ComputerClock, ms: int) -> None:
        end = self.wall_ms() + ms
        while (left := end - self.wall_ms()) > 0:
            await self._time.timer(left)

    patch.setattr(ComputerClock, "sleep", sleep)


def asking_stops_at_the_first_trouble(patch: Patch) -> None:
    """An answer that could not be stored ends the asking."""

    async def gives_up(self: Books, payment: OpenPayment, *evidence: Evidence) -> None:
        await self.note(payment, *payment.unstored, *evidence)

    patch.setattr(Books, "note_or_keep_asking", gives_up)


def restart_believes_the_clock(patch: Patch) -> None:
    """After a restart this machine's clock says what is still watched, however wrong it may be."""

    async def now(self: Recovery) -> int:
        return self._books.now_ms()

    patch.setattr(Recovery, "_last_at_work_ms", now)


def declined_is_not_watched(patch: Patch) -> None:
    """What is closed is never asked about again."""
    patch.setattr(Asking, "_watched", lambda _self, _payment: False)


CONTROLS = (
    control(timeout_is_failed, "I5"),
    control(no_c2, "I2"),
    control(not_found_before_the_fence, "I5"),
    control(not_found_at_receipt, "I5", worlds=20, request_lost=0.3, answer_slow=0.3, computer_sleeps=0.02),
    control(one_not_found_is_enough, "I5", worlds=20, request_lost=0.05, computer_sleeps=0.01),
    control(one_negative_is_enough, "I5", "lost", worlds=20, false_fail=0.02, request_doubled=0.02),
    control(new_refund_id_on_retry, "I2", "I11", worlds=20, refund=0.2),
    control(second_attempt_without_release, "I1", "doubled"),
    control(recovery_forgets, "I8", "I22", "I23"),
    control(sending_is_not_sent_after_a_restart, "I23", "fault", worlds=20, crash_after_c2=0.01),
    control(paid_told_before_it_is_stored, "I16"),
    control(cap_unchecked, "I10", worlds=20, refund=0.2),
    control(wall_clock_for_timers, "I22", worlds=20, clock_set=0.03, slow_customer=0.1, request_lost=0.05),
    control(asking_stops_at_the_first_trouble, "I8", "I22", "I23", "unresolved", worlds=20, disk_full=0.01),
    control(declined_is_not_watched, "lost", worlds=20, false_fail=0.02),
    control(restart_believes_the_clock, "lost", worlds=20, false_fail=0.2, crash_after_c5=0.1, clock_set=0.05),
)


@pytest.mark.parametrize("one", CONTROLS, ids=lambda one: one.bug.__name__)
def test_the_simulation_finds(one: Control, monkeypatch: Patch) -> None:
    one.must_be_found(monkeypatch)


def test_without_a_bug_the_same_worlds_are_clean() -> None:
    assert [one for number in range(5) for one in run_world(SEED, number, EACH).violations] == []


def test_a_violation_is_told_with_its_seed_and_a_short_trace(monkeypatch: Patch) -> None:
    timeout_is_failed(monkeypatch)
    report = simulate(EACH, SEED, workers=1, shorten=1)
    example = report.examples[0]
    assert example.payments < EACH / 2
    assert len(example.off) > 20
    assert 0 < len(example.trace) < 100
    assert any("settled" in line.lower() for line in example.trace)
    told = "\n".join(line.en for line in report.lines())
    assert f"seed {example.seed}, world {example.world}" in told
    assert example.trace[-1] in told
    again = run_world(example.seed, example.world, example.payments, off=example.off)
    assert example.invariant in {one.invariant for one in again.violations}
