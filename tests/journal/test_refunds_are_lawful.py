"""A refund in the journal: its amount is reserved while it is open, it has its manager, and too much is noticed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.journal.entries import Entry, ManagerActed, RefundEvidenceAdded, RefundRequested, RefundSettled
from pos_app.journal.errors import LawlessEntryError
from pos_app.journal.store import Journal
from pos_app.payments.acts import Act
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.order_number import slip_number
from pos_app.payments.payment import Attempt, Evidence, Source
from pos_app.payments.refund import Refund, RefundState, refund_number
from tests.journal.stories import AMOUNT, NOW, an_attempt, journal_in, number_of, opened, paid, sqlite_in, tell

LATER = NOW + 60_000


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with journal_in(tmp_path) as made:
        yield made


def bought(journal: Journal) -> Attempt:
    attempt = an_attempt(journal)
    tell(journal, attempt, *paid(attempt))
    return attempt


def a_refund(journal: Journal, attempt: Attempt, amount: int) -> Refund:
    running = journal.next_running()
    return Refund(
        m_refund_id=refund_number(LATER, attempt.app_id, journal.till, running, journal.epoch),
        slip_number=slip_number(journal.till, running),
        app_trans_id=attempt.app_trans_id,
        zp_trans_id=number_of(attempt),
        amount=amount,
        app_id=attempt.app_id,
        requested_at_ms=LATER,
        intent=f"press {running}",
        description="hoàn",
    )


def allowed(attempt: Attempt, act: Act = Act.REFUND) -> ManagerActed:
    return ManagerActed(attempt.app_trans_id, act, "Lan", "goods_returned", "", "")


def requested(journal: Journal, attempt: Attempt, amount: int) -> Refund:
    wanted = a_refund(journal, attempt, amount)
    journal.write(allowed(attempt), RefundRequested(wanted), at_ms=LATER).result()
    return wanted


def happened(wanted: Refund, source: Source, meaning: AnswerClass | None = None, *, after_ms: int = 0) -> Entry:
    asked, answer = LATER + after_ms, Answer(meaning) if meaning else None
    return RefundEvidenceAdded(wanted.app_trans_id, wanted.m_refund_id, Evidence(source, asked, asked + 50, answer))


def settled(wanted: Refund, state: RefundState) -> Entry:
    return RefundSettled(wanted.app_trans_id, wanted.m_refund_id, state, "")


def lawless(journal: Journal, *entries: Entry) -> None:
    before = journal.verify().result().head
    with pytest.raises(LawlessEntryError):
        journal.write(*entries, at_ms=LATER + 5_000).result()
    assert journal.verify().result().head == before, "nothing of it is kept"


OPEN: dict[str, tuple[tuple[Source, AnswerClass | None], ...]] = {
    "requested": (),
    "sending": ((Source.SENDING, None),),
    "unknown": ((Source.SENDING, None), (Source.CREATE, AnswerClass.UNUSABLE)),
    "processing": ((Source.SENDING, None), (Source.CREATE, AnswerClass.PAID)),
}


@pytest.mark.parametrize("state", OPEN)
def test_an_open_refund_keeps_its_amount_reserved(journal: Journal, state: str) -> None:
    attempt = bought(journal)
    first = requested(journal, attempt, AMOUNT)
    for source, meaning in OPEN[state]:
        journal.write(happened(first, source, meaning), at_ms=LATER).result()
    record = journal.payment(attempt.app_trans_id).result()
    assert record is not None
    assert [one.state.value for one in record.refunds] == [state]
    lawless(journal, allowed(attempt), RefundRequested(a_refund(journal, attempt, 1)))


def test_a_proven_no_gives_the_amount_free(journal: Journal) -> None:
    attempt = bought(journal)
    first = requested(journal, attempt, AMOUNT)
    journal.write(happened(first, Source.SENDING), at_ms=LATER).result()
    journal.write(happened(first, Source.CREATE, AnswerClass.REFUSED), at_ms=LATER).result()
    denied = happened(first, Source.QUERY, AnswerClass.NEGATIVE, after_ms=3_000)
    journal.write(denied, settled(first, RefundState.FAILED), at_ms=LATER).result()
    requested(journal, attempt, AMOUNT)
    assert journal.verify().result().ok


def test_a_refund_needs_its_manager_in_the_same_write(journal: Journal) -> None:
    attempt = bought(journal)
    lawless(journal, RefundRequested(a_refund(journal, attempt, 1_000)))
    lawless(journal, allowed(attempt, Act.RELEASE), RefundRequested(a_refund(journal, attempt, 1_000)))
    journal.write(allowed(attempt), at_ms=LATER).result()
    lawless(journal, RefundRequested(a_refund(journal, attempt, 1_000)))


def test_the_audit_sees_that_more_was_given_back_than_was_paid(tmp_path: Path) -> None:
    """Without the database's own cap, which somebody took away and put back."""
    journal = opened(tmp_path)
    attempt = bought(journal)
    requested(journal, attempt, AMOUNT)
    journal.close()
    with sqlite_in(tmp_path) as tool:
        (cap,) = tool.execute("SELECT sql FROM sqlite_master WHERE name = 'refund_cap'").fetchone()
        tool.execute("DROP TRIGGER refund_cap")
    with journal_in(tmp_path) as open_to_all:
        requested(open_to_all, attempt, 1)
    with sqlite_in(tmp_path) as tool:
        tool.execute(cap)
    with journal_in(tmp_path) as again:
        report = again.verify().result()
    assert [line.en for line in report.problems] == [
        f"Payment {attempt.app_trans_id}: more was refunded than was paid."
    ]
