"""A gateway that contradicts itself is a matter for people: the journal stores it, and never takes it for damage."""

from pathlib import Path

import pytest
from sqlalchemy import event

from pos_app.journal.bookkeeping import NumberTakenError
from pos_app.journal.entries import Entry, PaymentPrepared, PaymentSettled
from pos_app.journal.errors import LawlessEntryError
from pos_app.journal.opening import THOROUGH_EVERY_MS
from pos_app.journal.projections import PaymentRecord
from pos_app.journal.store import Journal
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment import Attempt, Source, State
from pos_app.payments.refund import Refund, RefundState
from tests.journal.stories import (
    AMOUNT,
    an_attempt,
    answered,
    journal_in,
    number_of,
    opened,
    paid,
    sending,
    tell,
)
from tests.journal.test_refunds_are_lawful import LATER, bought, happened, requested, settled


def sound_a_week_later(folder: Path) -> None:
    """An ordinary start, with its thorough check."""
    journal = opened(folder, now_ms=LATER + THOROUGH_EVERY_MS)
    try:
        assert journal.verify().result().problems == ()
    finally:
        journal.close()


def record_of(journal: Journal, attempt: Attempt) -> PaymentRecord:
    record = journal.payment(attempt.app_trans_id).result()
    assert record is not None
    return record


def refused(journal: Journal, attempt: Attempt) -> Refund:
    """A refund that the gateway says twice it will not make."""
    wanted = requested(journal, attempt, attempt.amount)
    journal.write(happened(wanted, Source.SENDING), at_ms=LATER).result()
    journal.write(happened(wanted, Source.CREATE, AnswerClass.NEGATIVE, after_ms=100), at_ms=LATER).result()
    no = happened(wanted, Source.QUERY, AnswerClass.NEGATIVE, after_ms=3_000)
    journal.write(no, settled(wanted, RefundState.FAILED), at_ms=LATER).result()
    return wanted


def done(wanted: Refund, after_ms: int) -> tuple[Entry, ...]:
    return happened(wanted, Source.QUERY, AnswerClass.PAID, after_ms=after_ms), settled(wanted, RefundState.DONE)


def test_a_refund_that_turns_out_done_after_another_one_is_no_damage(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        attempt = bought(journal)
        first = refused(journal, attempt)
        second = requested(journal, attempt, attempt.amount)
        journal.write(happened(second, Source.SENDING, after_ms=9_000), at_ms=LATER).result()
        journal.write(*done(second, 12_000), at_ms=LATER).result()
        assert journal.in_conflict().result() == ()
        journal.write(*done(first, 33_000), at_ms=LATER).result()
        assert journal.in_conflict().result() == (record_of(journal, attempt),), "but people are told"
    sound_a_week_later(tmp_path)


def test_an_order_number_that_changes_between_a_no_and_a_yes_is_no_damage(tmp_path: Path) -> None:
    no = Answer(AnswerClass.NEGATIVE, 2, -63, zp_trans_id="A")
    with journal_in(tmp_path) as journal:
        attempt = an_attempt(journal)
        tell(journal, attempt)
        journal.write(answered(attempt, Source.QUERY, no, 1_000), at_ms=LATER).result()
        failed = PaymentSettled(attempt.app_trans_id, State.FAILED, "A")
        journal.write(answered(attempt, Source.QUERY, no, 9_000), failed, at_ms=LATER).result()
        yes = answered(attempt, Source.QUERY, Answer(AnswerClass.PAID, 1, 1, "B", attempt.amount), 60_000)
        journal.write(yes, PaymentSettled(attempt.app_trans_id, State.PAID, "B"), at_ms=LATER).result()
        assert record_of(journal, attempt).zp_trans_id == "B"
    sound_a_week_later(tmp_path)


@pytest.mark.parametrize(
    ("source", "meaning", "amount", "state"),
    [
        (Source.CREATE, AnswerClass.PROCESSING, None, State.PROCESSING),
        (Source.QUERY, AnswerClass.PROCESSING, None, State.PROCESSING),
        (Source.QUERY, AnswerClass.PAID, AMOUNT - 1, State.MISMATCH),
    ],
)
def test_an_answer_that_repeats_the_number_of_another_payment_is_kept(
    tmp_path: Path, source: Source, meaning: AnswerClass, amount: int | None, state: State
) -> None:
    with journal_in(tmp_path) as journal:
        first = bought(journal)
        second = an_attempt(journal)
        tell(journal, second)
        repeated = answered(second, source, Answer(meaning, zp_trans_id=number_of(first), amount=amount), 300)
        journal.write(repeated, at_ms=LATER).result()
        record = record_of(journal, second)
        assert (record.state, record.evidence[-1], record.zp_trans_id) == (state, repeated.evidence, "")
        assert record_of(journal, first).zp_trans_id == number_of(first)
    sound_a_week_later(tmp_path)


def test_nothing_is_paid_by_a_number_that_another_payment_has(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        first = bought(journal)
        second = an_attempt(journal)
        tell(journal, second)
        number = number_of(first)
        same = answered(second, Source.QUERY, Answer(AnswerClass.PAID, 1, 1, number, second.amount), 1_000)
        settled_so = PaymentSettled(second.app_trans_id, State.PAID, number)
        assert isinstance(journal.write(same, settled_so, at_ms=LATER).exception(), NumberTakenError)
        assert isinstance(journal.write(same, at_ms=LATER).exception(), LawlessEntryError)
        assert record_of(journal, second).state is State.SENDING
        journal.write(*paid(second), at_ms=LATER).result()
    sound_a_week_later(tmp_path)


def test_a_number_is_looked_up_by_its_index(tmp_path: Path) -> None:
    """With each piece of evidence: however many payments there are."""
    asked: list[tuple[str, tuple[object, ...]]] = []
    with journal_in(tmp_path) as journal:
        engine = journal._file.connection.engine
        event.listen(engine, "before_cursor_execute", lambda *about: asked.append((about[2], about[3])))
        bought(journal)
        statement, values = next(one for one in asked if one[0].startswith("SELECT") and "zp_trans_id = " in one[0])
        plan = journal._in_transaction(
            lambda connection: str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all())
        ).result()
    assert "USING INDEX one_payment_per_zp_trans_id" in plan


def test_two_payments_of_one_transaction_cannot_share_a_number_either(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        one, other = an_attempt(journal), an_attempt(journal)
        yes = {it: Answer(AnswerClass.PAID, 1, 1, "same", it.amount) for it in (one, other)}
        entries: list[Entry] = []
        for it, answer in yes.items():
            told = (PaymentPrepared(it), sending(it), answered(it, Source.QUERY, answer, 500))
            entries += [*told, PaymentSettled(it.app_trans_id, State.PAID, "same")]
        assert isinstance(journal.write(*entries, at_ms=LATER).exception(), NumberTakenError)
        assert journal.recent(9).result() == ()
