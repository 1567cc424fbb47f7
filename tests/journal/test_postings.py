"""The postings come to what the ledger says, also in a journal that was kept before there was one."""

from collections import Counter
from pathlib import Path

import pytest

from pos_app.journal.canonical import from_json, to_json
from pos_app.journal.chain import link_hash
from pos_app.journal.entries import PaymentPrepared
from pos_app.journal.projections import PaymentRecord
from pos_app.payments.acts import Act
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.ledger import Standing, balance
from pos_app.payments.payment import Source, State
from pos_app.payments.refund import RefundState
from tests.journal.migrating import first
from tests.journal.stories import (
    AMOUNT,
    NOW,
    an_attempt,
    answered,
    journal_in,
    number_of,
    paid,
    payments_of_all_kinds,
    sqlite_in,
    tell,
)
from tests.journal.test_bookkeeping import acted, decided, one


def postings(folder: Path) -> dict[str, dict[str, int]]:
    """Each payment's share of the accounts."""
    found: dict[str, Counter[str]] = {}
    with sqlite_in(folder) as tool:
        for app_trans_id, account, amount in tool.execute("SELECT app_trans_id, account, amount FROM posting"):
            found.setdefault(app_trans_id, Counter())[account] += amount
    return {payment: {name: it for name, it in total.items() if it} for payment, total in found.items()}


def due(records: tuple[PaymentRecord, ...]) -> dict[str, dict[str, int]]:
    """The same by the table of the ledger."""
    shares = {}
    for record in records:
        back = sum(it.refund.amount for it in record.refunds if it.state is RefundState.DONE)
        standing = Standing(record.attempt.amount, record.state, record.late, record.kept, back)
        shares[record.attempt.app_trans_id] = {account.value: it for account, it in balance(standing).items() if it}
    return {payment: share for payment, share in shares.items() if share}


def test_postings_come_to_what_the_ledger_says(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        for entries, at_ms in payments_of_all_kinds(journal):
            journal.write(*entries, at_ms=at_ms).result()
        attempt = an_attempt(journal)
        tell(journal, attempt, acted(attempt, Act.DECIDE_PAID), decided(attempt, Source.DECIDED_PAID))
        records = journal.recent(99).result()
    assert {record.state for record in records} >= {State.PAID, State.SENDING, State.NOT_SENT, State.MANUAL_PAID}
    found = {payment: share for payment, share in postings(tmp_path).items() if share}
    assert found == due(records)


def test_a_journal_without_a_ledger_gets_opening_postings_for_every_state(tmp_path: Path) -> None:
    """Also for what the first schema let stand open: unknown, processing, mismatch."""
    folder = first(tmp_path / "journal")
    with journal_in(folder) as journal:
        records = journal.recent(99).result()
        assert journal.verify().result().ok
    opening = {payment: share for payment, share in postings(folder).items() if share}
    assert opening == due(records)
    assert {record.state for record in records} >= {State.PAID, State.FAILED, State.SENDING}
    with sqlite_in(folder) as tool:
        times = tool.execute("SELECT DISTINCT p.at_ms = coalesce(q.settled_at_ms, q.prepared_at_ms) FROM posting p "
                             "JOIN payment q USING (app_trans_id)").fetchall()  # fmt: skip
    assert times == [(1,)]


def test_late_money_in_a_journal_without_a_ledger_is_late(tmp_path: Path) -> None:
    """A failed payment of the first schema that was paid after all, as the program of that time wrote it down."""
    folder = first(tmp_path / "journal")
    with sqlite_in(folder) as tool:
        prepared = "SELECT payload FROM entry JOIN payment USING (app_trans_id) WHERE state = 'failed' AND kind = "
        begun = from_json(one(tool, prepared + "'payment_prepared'"))
        assert isinstance(begun, PaymentPrepared)
        number, it = begun.app_trans_id, begun.attempt
        for entry in paid(it):
            n, previous = tool.execute("SELECT n + 1, hash FROM entry ORDER BY n DESC").fetchone()
            payload = to_json(entry)
            link = link_hash(n, previous, NOW + 60_000, payload)
            tool.execute(
                "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", (n, NOW + 60_000, entry.kind, number, payload, link)
            )
        tool.execute(
            "UPDATE payment SET state = 'paid', zp_trans_id = ?, settled_at_ms = ? WHERE app_trans_id = ?",
            (number_of(it), NOW + 60_000, number),
        )
    with journal_in(folder) as journal:
        assert [record.attempt.app_trans_id for record in journal.late_money().result()] == [number]
        assert journal.verify().result().problems == ()
        records = journal.recent(99).result()
    assert {payment: share for payment, share in postings(folder).items() if share} == due(records)
    assert postings(folder)[number] == {"wallet": it.amount, "surplus": -it.amount}


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(AnswerClass.PAID, zp_trans_id="zp-x", amount=AMOUNT - 1), State.MISMATCH),
        (Answer(AnswerClass.PROCESSING), State.PROCESSING),
        (Answer(AnswerClass.UNUSABLE, fault="timeout"), State.UNKNOWN),
    ],
)
def test_an_opening_posting_resolves_as_any_other(tmp_path: Path, answer: Answer, state: State) -> None:
    """What stood open in a journal of the first schema ends in the accounts where a new one would."""
    folder = first(tmp_path / "journal")
    with journal_in(folder) as journal:
        (it,) = (record for record in journal.recent(99).result() if record.state is State.SENDING)
        attempt = it.attempt
        journal.write(answered(attempt, Source.QUERY, answer, 500), at_ms=NOW + 500).result()
        after = journal.payment(attempt.app_trans_id).result()
        assert after is not None
        assert after.state is state
        journal.write(*paid(attempt), at_ms=NOW + 9_000).result()
        assert journal.verify().result().ok
        settled = journal.payment(attempt.app_trans_id).result()
        assert settled is not None
        assert settled.state is State.PAID
    assert postings(folder)[attempt.app_trans_id] == {"sales_due": -attempt.amount, "wallet": attempt.amount}
