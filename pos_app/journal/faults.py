"""What is wrong with one payment: its rows in the tables, held against what its entries prove and come to.

It judges the books, never the gateway: answers that contradict each other are for people, no damage.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, select

from pos_app.journal.bookkeeping import replayed
from pos_app.journal.entries import Entry, EvidenceAdded, PaymentPrepared, PaymentSettled, RefundRequested
from pos_app.journal.errors import JournalDamagedError, LawlessEntryError
from pos_app.journal.plain_text import plain
from pos_app.journal.projections import RefundRecord, attempt_and_evidence, posting, refund, refunds_of
from pos_app.payments.answer import AnswerClass
from pos_app.payments.cause import cause_of
from pos_app.payments.ledger import Standing, balance
from pos_app.payments.order_number import running_of
from pos_app.payments.payment import Attempt, Evidence, Source, State, fold
from pos_app.payments.refund import RefundState, left_to_refund
from pos_app.words import Text

UNREADABLE = Text("có mục không đọc được.", "an entry cannot be read.")
_STATES = {state.value for state in State}


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands in the other tables for some payments, by their order id."""

    refunds: dict[str, dict[str, RowMapping]]
    postings: dict[str, Counter[str]]

    @classmethod
    def of(cls, connection: Connection, ids: Iterable[str]) -> "Beside":
        """Read it for these payments."""
        ids = tuple(ids)
        refunds: dict[str, dict[str, RowMapping]] = {one: {} for one in ids}
        postings: dict[str, Counter[str]] = {one: Counter() for one in ids}
        for line in connection.execute(select(refund).where(refund.c.app_trans_id.in_(ids))).mappings():
            refunds[line["app_trans_id"]][line["m_refund_id"]] = line
        for row in connection.execute(select(posting).where(posting.c.app_trans_id.in_(ids))):
            postings[row.app_trans_id][row.account] += row.amount
        return cls(refunds, postings)


def faults_of(found: list[tuple[int, Entry | None]], row: RowMapping, beside: Beside) -> Iterator[Text]:
    """I4, I7, I10, I12, I13, I17 for one payment.

    Args:
        found: its entries, each with its wall clock; None for one that cannot be read.
        row: what stands in the table of payments.
        beside: what stands in the other tables.
    """
    story = [(at_ms, one) for at_ms, one in found if one is not None]
    entries = [one for _, one in story]
    try:
        attempt, evidence = attempt_and_evidence(entries if len(entries) == len(found) else ())
        refunds = refunds_of(story)
    except JournalDamagedError:
        yield UNREADABLE
        return
    yield from _faults_of_the_row(attempt, evidence, entries, row)
    yield from _faults_of_times_and_marks(story, row)
    yield from _faults_of_the_refunds(story, refunds, beside.refunds[attempt.app_trans_id])
    if _over_the_cap(attempt, story):
        yield Text("hoàn nhiều hơn số đã thu.", "more was refunded than was paid.")
    if row["state"] in _STATES and not _fits_the_ledger(attempt, refunds, row, beside.postings[attempt.app_trans_id]):
        yield Text("sổ cái không khớp với kết quả.", "the ledger does not fit the result.")


def _fits_the_ledger(
    attempt: Attempt, refunds: tuple[RefundRecord, ...], row: RowMapping, postings: Counter[str]
) -> bool:
    back = sum(one.refund.amount for one in refunds if one.state is RefundState.DONE)
    standing = Standing(attempt.amount, State(row["state"]), bool(row["late"]), bool(row["kept"]), back)
    posted = {account: amount for account, amount in postings.items() if amount}
    return posted == {account.value: amount for account, amount in balance(standing).items() if amount}


def _faults_of_the_row(
    attempt: Attempt, evidence: tuple[Evidence, ...], entries: list[Entry], row: RowMapping
) -> Iterator[Text]:
    verdict = fold(attempt, evidence)
    # A number that another payment has is left out of the table, unless it would be the proof.
    number_fits = row["zp_trans_id"] == verdict.zp_trans_id or (not row["zp_trans_id"] and row["state"] != State.PAID)
    if row["state"] != verdict.state or not number_fits:
        yield Text("ghi là {row}, bằng chứng cho thấy {state}.", "is down as {row}, the evidence proves {state}.").fill(
            row=row["state"], state=verdict.state.value
        )
    if row["cause"] not in (None, cause_of(verdict, evidence)):
        yield Text("nguyên nhân khác với bằng chứng.", "its cause is not what the evidence says.")
    facts = (attempt.sale_id, attempt.slip_number, attempt.amount, plain(attempt.note))
    if attempt.amount <= 0 or (row["sale_id"], row["slip_number"], row["amount"], row["plain_note"]) != facts:
        yield Text("số tiền, số phiếu hoặc đơn không khớp.", "amount, slip number or sale do not fit.")
    settled = [one for one in entries if isinstance(one, PaymentSettled)]
    if row["state"] == State.PAID:
        if not any(_proves_paid(attempt, one) for one in evidence):
            yield Text("ghi là đã thanh toán nhưng không có bằng chứng.", "is down as paid without proof.")
        if not settled:
            yield Text("đã thanh toán nhưng không có mục kết thúc.", "is paid without the entry that settles it.")
    if any(fold(attempt, before).state is not one.state for one, before in _settlings(entries)):
        yield Text("mục kết thúc khác với bằng chứng lúc đó.", "was settled as something else than was proven then.")
    if len({one.zp_trans_id for one in settled if one.state is State.PAID}) > 1:
        yield Text("mã giao dịch ZaloPay đã đổi.", "its ZaloPay transaction ID changed.")


def _faults_of_times_and_marks(story: list[tuple[int, Entry]], row: RowMapping) -> Iterator[Text]:
    """What no evidence tells but the entries do, by the bookkeeping's own rules: done once more from the first on."""
    try:
        account = replayed(story)
    except LawlessEntryError:
        yield Text("có mục trái quy tắc.", "an entry contradicts the rules.")
        return
    (prepared_at_ms,) = (at_ms for at_ms, one in story if isinstance(one, PaymentPrepared))
    due = (prepared_at_ms, account.settled_at_ms, account.released_at_ms, account.late, account.kept)
    columns = ("prepared_at_ms", "settled_at_ms", "released_at_ms", "late", "kept")
    marked = tuple(row[column] for column in columns) == due
    if row["conflict"] is not None:  # NULL where the first form of the journal did not keep it
        marked = marked and row["conflict"] == account.in_conflict
    if not marked or row["running"] != _running(account.attempt.slip_number):
        yield Text(
            "thời điểm, số thứ tự hoặc đánh dấu khác với các mục trong sổ.",
            "its times, number or marks are not what its entries come to.",
        )


def _faults_of_the_refunds(
    story: list[tuple[int, Entry]], refunds: tuple[RefundRecord, ...], rows: dict[str, RowMapping]
) -> Iterator[Text]:
    asked_at_ms = {one.refund.m_refund_id: at_ms for at_ms, one in story if isinstance(one, RefundRequested)}
    due = {
        (number := one.refund.m_refund_id): {
            "m_refund_id": number,
            "app_trans_id": one.refund.app_trans_id,
            "intent": one.refund.intent,
            "slip_number": one.refund.slip_number,
            "running": _running(one.refund.slip_number),
            "amount": one.refund.amount,
            "state": one.state.value,
            "refund_id": one.refund_id,
            "requested_at_ms": asked_at_ms[number],
            "settled_at_ms": one.settled_at_ms,
        }
        for one in refunds
    }
    told = {number: {name: row[name] for name in due.get(number, row)} for number, row in rows.items()}
    if told != due:
        yield Text("khoản hoàn ghi khác với bằng chứng.", "a refund is down as something else than is proven.")
    for one in refunds:
        row = rows.get(one.refund.m_refund_id)
        proven = one.settled_at_ms is not None and any(_proves_refunded(it) for it in one.evidence)
        if row and row["state"] == RefundState.DONE and not proven:
            yield Text("ghi là đã hoàn nhưng không có bằng chứng.", "is down as refunded without proof.")


def _over_the_cap(attempt: Attempt, story: list[tuple[int, Entry]]) -> bool:
    """Whether a refund was asked for that what stood then left no room for.

    Not by what stands now: the gateway may say "not refunded", and later that it was. That is for people, no damage.
    """
    for place, (_, one) in enumerate(story, start=1):
        if isinstance(one, RefundRequested):
            then = refunds_of(story[:place])
            if left_to_refund(attempt.amount, ((it.refund.amount, it.state) for it in then)) < 0:
                return True
    return False


def _settlings(entries: list[Entry]) -> Iterator[tuple[PaymentSettled, tuple[Evidence, ...]]]:
    """Each settling with the evidence that stood before it."""
    before: tuple[Evidence, ...] = ()
    for one in entries:
        if isinstance(one, EvidenceAdded):
            before = (*before, one.evidence)
        elif isinstance(one, PaymentSettled):
            yield one, before


def _proves_paid(attempt: Attempt, one: Evidence) -> bool:
    """Told apart from `fold` on purpose: a second opinion on what paid means."""
    answer = one.answer
    return (
        one.source is Source.QUERY
        and answer is not None
        and answer.meaning is AnswerClass.PAID
        and answer.amount == attempt.amount
        and answer.app_trans_id in ("", attempt.app_trans_id)
        and answer.app_id in (None, attempt.app_id)
        and answer.zp_trans_id != ""
    )


def _proves_refunded(one: Evidence) -> bool:
    """The same for a refund: only the answer to a question, whatever `fold_refund` says."""
    return one.source is Source.QUERY and one.answer is not None and one.answer.meaning is AnswerClass.PAID


def _running(slip_number: str) -> int | None:
    try:
        return running_of(slip_number)
    except ValueError:
        return None
