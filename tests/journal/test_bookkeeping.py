"""What a database tool cannot do to the books, what the journal does not take in, and what an older journal becomes."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos_app.journal.entries import (
    Entry,
    EvidenceAdded,
    ManagerActed,
    PaymentSettled,
    RefundEvidenceAdded,
    RefundRequested,
    RefundSettled,
)
from pos_app.journal.errors import LawlessEntryError
from pos_app.journal.store import Journal
from pos_app.payments.acts import Act
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.order_number import slip_number
from pos_app.payments.payment import Attempt, Evidence, Source, State
from pos_app.payments.refund import Refund, RefundState, refund_number
from tests.journal.stories import (
    AMOUNT,
    NOW,
    an_attempt,
    failed,
    journal_in,
    number_of,
    opened,
    paid,
    payments_of_all_kinds,
    sqlite_in,
    tell,
)

SHOWN_REFUND = (
    "INSERT INTO refund (m_refund_id, app_trans_id, intent, slip_number, running, amount, state, refund_id,"
    " requested_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, '', 1)"
)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with journal_in(tmp_path / "journal") as journal:
        yield journal


# --- under a database tool -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal with payments of all kinds, one of them half refunded."""
    folder = tmp_path_factory.mktemp("books")
    with journal_in(folder) as journal:
        for entries, at_ms in payments_of_all_kinds(journal):
            journal.write(*entries, at_ms=at_ms).result()
    return folder


def one(tool: sqlite3.Connection, sql: str) -> str:
    found = tool.execute(sql).fetchone()
    assert found is not None
    return str(found[0])


HALF_REFUNDED = "SELECT app_trans_id FROM refund"
OPEN_ONE = "SELECT app_trans_id FROM payment WHERE state = 'sending'"
OF_THE_OPEN = "FROM payment WHERE state = 'sending'"
A_GIFT = "app_trans_id, 1, 'wallet', 7 FROM payment WHERE state = 'paid'"
FAILED_ONE = "SELECT app_trans_id FROM payment WHERE state = 'not_sent'"


@pytest.mark.parametrize(
    ("payment", "amount", "state"),
    [
        (HALF_REFUNDED, AMOUNT - AMOUNT // 2 + 1, "requested"),
        (HALF_REFUNDED, AMOUNT, "done"),
        (OPEN_ONE, 1, "requested"),
        (FAILED_ONE, 1, "requested"),
    ],
)
def test_the_database_itself_refuses_a_refund_over_the_paid_amount(
    books: Path, payment: str, amount: int, state: str
) -> None:
    with sqlite_in(books) as tool:
        row = ("new", one(tool, payment), "press", "02-999999", 999_999, amount, state)
        with pytest.raises(sqlite3.IntegrityError, match="over the paid amount"):
            tool.execute(SHOWN_REFUND, row)


def test_what_is_left_may_be_refunded_to_the_last_dong(books: Path) -> None:
    """The control of the cap: one dong less is taken. Rolled back."""
    with sqlite_in(books) as tool:
        row = ("new", one(tool, HALF_REFUNDED), "press", "02-999999", 999_999, AMOUNT - AMOUNT // 2, "requested")
        tool.execute(SHOWN_REFUND, row)
        tool.rollback()


def test_an_intent_stands_once(books: Path) -> None:
    with sqlite_in(books) as tool:
        intent = one(tool, "SELECT intent FROM refund")
        row = ("new", one(tool, HALF_REFUNDED), intent, "02-999999", 999_999, 1, "requested")
        with pytest.raises(sqlite3.IntegrityError, match=r"refund\.intent"):
            tool.execute(SHOWN_REFUND, row)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM refund",
        "DELETE FROM posting",
        "DELETE FROM payment",
        "UPDATE posting SET amount = amount + 1",
        "UPDATE posting SET account = 'wallet'",
        "INSERT OR REPLACE INTO posting SELECT id, app_trans_id, at_ms, account, -amount, shift FROM posting",
        "REPLACE INTO posting SELECT id, app_trans_id, at_ms, account, -amount, shift FROM posting WHERE id = 1",
        "UPDATE posting SET shift = 2",
        "UPDATE refund SET state = 'maybe'",
        "UPDATE refund SET amount = 0",
        "UPDATE payment SET state = 'refunded'",
        "UPDATE payment SET late = 2",
        "UPDATE payment SET zp_trans_id = '' WHERE state = 'paid'",
        "UPDATE payment SET settled_at_ms = NULL WHERE state = 'paid'",
        "INSERT INTO posting (app_trans_id, at_ms, account, amount) SELECT app_trans_id, 1, 'cash', 1 FROM payment",
        "INSERT INTO posting (app_trans_id, at_ms, account, amount) SELECT app_trans_id, 1, 'wallet', 0 FROM payment",
        "INSERT INTO posting (app_trans_id, at_ms, account, amount) SELECT app_trans_id, 1, 'wallet', 0.5 FROM payment",
        (
            "INSERT INTO payment (app_trans_id, sale_id, slip_number, running, amount, state, zp_trans_id, "
            f"prepared_at_ms) SELECT 'copy', sale_id, 'x', 77, amount, state, '', 1 {OF_THE_OPEN}"
        ),
    ],
)
def test_the_database_itself_refuses(books: Path, sql: str) -> None:
    with sqlite_in(books) as tool, pytest.raises(sqlite3.IntegrityError):
        tool.execute(sql)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE refund SET state = 'failed'", "refund is down as something else"),
        ("UPDATE refund SET amount = amount - 1", "refund is down as something else"),
        ("UPDATE payment SET late = 1 WHERE state = 'paid' AND late = 0", "ledger does not fit"),
        ("UPDATE payment SET state = 'manual_paid' WHERE state = 'sending'", "evidence proves sending"),
        (f"INSERT INTO posting (app_trans_id, at_ms, account, amount) SELECT {A_GIFT}", "ledger does not fit"),
        ("UPDATE payment SET released_at_ms = 5 WHERE state = 'sending'", "its times, number or marks"),
        ("UPDATE payment SET prepared_at_ms = prepared_at_ms + 86400000", "its times, number or marks"),
        ("UPDATE payment SET settled_at_ms = settled_at_ms - 1 WHERE state = 'paid'", "its times, number or marks"),
        ("UPDATE payment SET kept = 1 WHERE late = 0 AND state = 'paid'", "its times, number or marks"),
        ("UPDATE payment SET running = running + 900", "its times, number or marks"),
        ("UPDATE refund SET intent = intent || '!'", "refund is down as something else"),
        ("UPDATE refund SET requested_at_ms = requested_at_ms - 86400000", "refund is down as something else"),
        ("UPDATE refund SET settled_at_ms = settled_at_ms + 1", "refund is down as something else"),
        ("UPDATE refund SET slip_number = slip_number || '1'", "refund is down as something else"),
        ("DROP TRIGGER posting_is_new", "Guards are missing: posting_is_new"),
        ("DROP TRIGGER refund_cap", "Guards are missing: refund_cap"),
    ],
)
def test_what_a_database_tool_can_do_is_found(tmp_path: Path, sql: str, said: str) -> None:
    with journal_in(tmp_path) as journal:
        for entries, at_ms in payments_of_all_kinds(journal):
            journal.write(*entries, at_ms=at_ms).result()
        assert journal.verify().result().ok
    with sqlite_in(tmp_path) as tool:
        tool.execute(sql)
    journal = opened(tmp_path)
    try:
        report = journal.verify().result()
    finally:
        journal.close()
    assert not report.ok
    assert any(said in line.en for line in report.problems)


def test_late_money_that_was_hidden_with_its_postings_is_found(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        for entries, at_ms in payments_of_all_kinds(journal):
            journal.write(*entries, at_ms=at_ms).result()
    with sqlite_in(tmp_path) as tool:
        (late,) = tool.execute("SELECT app_trans_id FROM payment WHERE late = 1").fetchone()
        tool.execute("UPDATE payment SET late = 0")
        for account, amount in (("surplus", AMOUNT), ("sales_due", -AMOUNT)):
            told = "INSERT INTO posting (app_trans_id, at_ms, account, amount) VALUES (?, 1, ?, ?)"
            tool.execute(told, (late, account, amount))
    with journal_in(tmp_path) as journal:
        assert [line.en for line in journal.verify().result().problems] == [
            f"Payment {late}: its times, number or marks are not what its entries come to."
        ]


# --- lawless entries -------------------------------------------------------------------------------------------------


def acted(attempt: Attempt, act: Act, number: str = "") -> ManagerActed:
    return ManagerActed(attempt.app_trans_id, act, "Lan", "other", "đã xem kỹ rồi", number)


def decided(attempt: Attempt, source: Source) -> EvidenceAdded:
    return EvidenceAdded(attempt.app_trans_id, Evidence(source, NOW + 5_000, NOW + 5_000))


def refund_of(journal: Journal, attempt: Attempt, *, zp_trans_id: str = "", intent: str = "") -> Refund:
    running = journal.next_running()
    return Refund(
        refund_number(NOW, attempt.app_id, journal.till, running, journal.epoch),
        slip_number(journal.till, running),
        attempt.app_trans_id,
        zp_trans_id or number_of(attempt),
        1_000,
        attempt.app_id,
        NOW,
        intent or f"press {running}",
        "hoàn",
    )


def lawless(journal: Journal, *entries: Entry) -> str:
    """Why the journal refuses; nothing of it may be kept."""
    before = journal.verify().result()
    with pytest.raises(LawlessEntryError) as caught:
        journal.write(*entries, at_ms=NOW + 9_000).result()
    after = journal.verify().result()
    assert after.ok
    assert (after.entries, after.head) == (before.entries, before.head)
    return str(caught.value)


@pytest.mark.parametrize(
    ("source", "own", "other"),
    [
        (Source.DECIDED_PAID, Act.DECIDE_PAID, Act.DECIDE_UNPAID),
        (Source.DECIDED_UNPAID, Act.DECIDE_UNPAID, Act.DECIDE_PAID),
    ],
)
def test_a_decision_needs_its_manager_in_the_same_write(journal: Journal, source: Source, own: Act, other: Act) -> None:
    attempt, another = an_attempt(journal), an_attempt(journal)
    tell(journal, attempt)
    tell(journal, another)
    for before in ((), (acted(attempt, other),), (acted(another, own),), (acted(attempt, Act.RELEASE),)):
        assert "without the manager" in lawless(journal, *before, decided(attempt, source))
    assert "without the manager" in lawless(journal, decided(attempt, source), acted(attempt, own))
    journal.write(acted(attempt, own), decided(attempt, source), at_ms=NOW + 9_000).result()


@pytest.mark.parametrize("story", [paid, failed], ids=["paid", "failed"])
@pytest.mark.parametrize("act", [Act.RELEASE, Act.DECIDE_PAID, Act.DECIDE_UNPAID, Act.KEEP])
def test_what_has_its_result_in_time_needs_no_manager(
    journal: Journal, story: Callable[[Attempt], tuple[Entry, ...]], act: Act
) -> None:
    attempt = an_attempt(journal)
    tell(journal, attempt, *story(attempt))
    assert lawless(journal, acted(attempt, act))


def test_a_refund_is_of_something_paid_by_its_own_number(journal: Journal) -> None:
    open_one, closed, paid_one = (an_attempt(journal) for _ in range(3))
    tell(journal, open_one)
    tell(journal, closed, *failed(closed))
    tell(journal, paid_one, *paid(paid_one))
    for attempt in (open_one, closed):
        assert "not paid" in lawless(
            journal, acted(attempt, Act.REFUND), RefundRequested(refund_of(journal, attempt, zp_trans_id="z"))
        )
        assert "not paid" in lawless(
            journal, acted(attempt, Act.REFUND), RefundRequested(refund_of(journal, attempt, zp_trans_id=""))
        )
    other = refund_of(journal, paid_one, zp_trans_id="another")
    assert "not paid" in lawless(journal, acted(paid_one, Act.REFUND), RefundRequested(other))
    decided_one = an_attempt(journal)
    tell(journal, decided_one, acted(decided_one, Act.DECIDE_PAID), decided(decided_one, Source.DECIDED_PAID))
    assert "not paid" in lawless(
        journal, acted(decided_one, Act.REFUND), RefundRequested(refund_of(journal, decided_one))
    )


def requested(journal: Journal) -> tuple[Attempt, Refund]:
    attempt = an_attempt(journal)
    tell(journal, attempt, *paid(attempt))
    refund = refund_of(journal, attempt)
    journal.write(acted(attempt, Act.REFUND), RefundRequested(refund), at_ms=NOW + 2_000).result()
    return attempt, refund


def about(refund: Refund, source: Source, answer: Answer | None = None) -> RefundEvidenceAdded:
    at_ms = NOW + 3_000
    return RefundEvidenceAdded(refund.app_trans_id, refund.m_refund_id, Evidence(source, at_ms, at_ms + 50, answer))


def test_a_refund_is_done_with_its_proof_and_settled_as_what_is_proven(journal: Journal) -> None:
    attempt, refund = requested(journal)
    journal.write(about(refund, Source.SENDING), at_ms=NOW + 3_000).result()
    proof = about(refund, Source.QUERY, Answer(AnswerClass.PAID, zp_trans_id="r1"))
    claim = about(refund, Source.CREATE, Answer(AnswerClass.PAID, zp_trans_id="r1"))

    def settled(state: RefundState, number: str = "r1") -> RefundSettled:
        return RefundSettled(attempt.app_trans_id, refund.m_refund_id, state, number)

    assert "without the settling" in lawless(journal, proof)
    for wrong in (
        (settled(RefundState.DONE),),
        (claim, settled(RefundState.DONE)),
        (proof, settled(RefundState.DONE, "r2")),
        (proof, settled(RefundState.FAILED)),
        (proof, settled(RefundState.PROCESSING)),
        (settled(RefundState.DONE), proof),
    ):
        assert lawless(journal, *wrong)
    journal.write(proof, settled(RefundState.DONE), at_ms=NOW + 4_000).result()
    record = journal.payment(attempt.app_trans_id).result()
    assert record is not None
    assert [(it.state, it.settled_at_ms) for it in record.refunds] == [(RefundState.DONE, NOW + 4_000)]


def test_an_answer_without_sending_and_a_stranger_are_lawless(journal: Journal) -> None:
    attempt, refund = requested(journal)
    stranger = refund_of(journal, attempt)
    assert lawless(journal, about(refund, Source.QUERY, Answer(AnswerClass.PROCESSING)))
    assert "never asked for" in lawless(journal, about(stranger, Source.SENDING))
    settled = RefundSettled(attempt.app_trans_id, stranger.m_refund_id, RefundState.NOT_SENT, "")
    assert "never asked for" in lawless(journal, settled)


def test_one_press_for_two_payments_is_refused(journal: Journal) -> None:
    _, refund = requested(journal)
    other = an_attempt(journal)
    tell(journal, other, *paid(other))
    again = refund_of(journal, other, intent=refund.intent)
    assert lawless(journal, acted(other, Act.REFUND), RefundRequested(again))


def test_a_settling_without_a_change_is_refused(journal: Journal) -> None:
    attempt = an_attempt(journal)
    tell(journal, attempt)
    assert lawless(journal, PaymentSettled(attempt.app_trans_id, State.MANUAL_PAID, ""))
