"""The journal's own audit: chain, every payment against its evidence, invariants; told in words.

It only reads. What it cannot see is said in `chain`: a tail that was cut, unless the `head` was noted elsewhere.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection, RowMapping, func, select

from pos_app.journal import chain
from pos_app.journal.entries import Entry, EvidenceAdded, PaymentSettled, from_json, payment_of
from pos_app.journal.errors import JournalDamagedError
from pos_app.journal.projections import attempt_and_evidence, entry, payment
from pos_app.payments.answer import AnswerClass
from pos_app.payments.payment import LIVE, Attempt, Evidence, Source, State, fold
from pos_app.words import Text

Progress = Callable[[int, int], None]
"""Called with how many entries are done, and of how many; in the journal's thread."""
_PROGRESS_EVERY = 500
_PROBLEMS_TOLD_MAX = 50
_TRIGGERS = {"entry_never_changes", "entry_never_goes", "entry_comes_last", "payment_never_goes"}
_UNIQUE_INDEXES = {"one_live_attempt", "one_payment_per_zp_trans_id"}


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What the audit found.

    Attributes:
        ok: nothing is wrong.
        entries: how many entries were read.
        payments: how many payments were refolded.
        head: the first 16 hex digits of the last entry's hash. Noted elsewhere, it shows a cut tail.
        lines: the findings in words, good and bad.
        problems: the bad ones of them.
    """

    ok: bool
    entries: int
    payments: int
    head: str
    lines: tuple[Text, ...]
    problems: tuple[Text, ...]


def verified(connection: Connection, progress: Progress | None) -> VerifyReport:
    """Run every check, inside the caller's transaction."""
    total = connection.execute(select(func.count()).select_from(entry)).scalar_one()
    broken, head = _check_chain(connection, total, progress)
    problems = list(_broken_guards(connection))
    if broken is not None:
        problems.append(
            Text(
                "Chuỗi dữ liệu bị sửa từ mục số {n}.",
                "The chain of entries was tampered with at entry {n}.",
            ).fill(n=broken)
        )
    payments = 0
    for app_trans_id, faults in _check_payments(connection):
        payments += 1
        if len(problems) < _PROBLEMS_TOLD_MAX:
            problems += [
                Text("Giao dịch {id}: {fault}", "Payment {id}: {fault}").fill(id=app_trans_id, fault=fault)
                for fault in faults
            ]
    summary = (
        Text("Đã đọc {n} mục của sổ giao dịch.", "{n} entries of the journal were read.").fill(n=total),
        Text("Đã tính lại {n} giao dịch từ bằng chứng.", "{n} payments were worked out anew from their evidence.").fill(
            n=payments
        ),
        _NOTHING_WRONG if not problems else Text("Có {n} điểm sai.", "{n} things are wrong.").fill(n=len(problems)),
    )
    return VerifyReport(not problems, total, payments, head, (*summary, *problems), tuple(problems))


_NOTHING_WRONG = Text("Không có điểm nào sai.", "Nothing is wrong.")


def _check_chain(connection: Connection, total: int, progress: Progress | None) -> tuple[int | None, str]:
    head = ""

    def links() -> Iterator[chain.Link]:
        nonlocal head
        columns = select(entry.c.n, entry.c.at_ms, entry.c.payload, entry.c.hash).order_by(entry.c.n)
        for done, row in enumerate(connection.execute(columns), start=1):
            head = row.hash.hex()[:16]
            if progress and (done % _PROGRESS_EVERY == 0 or done == total):
                progress(done, total)
            yield chain.Link(row.n, row.at_ms, row.payload, row.hash)

    return chain.broken_at(links()), head


def _broken_guards(connection: Connection) -> Iterator[Text]:
    """I1, I6, I12, I17: the constraints are there, and hold."""
    rows = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'index')")
    missing = sorted((_TRIGGERS | _UNIQUE_INDEXES) - set(rows.scalars()))
    if missing:
        yield Text("Thiếu chốt bảo vệ: {names}.", "Guards are missing: {names}.").fill(names=", ".join(missing))
    live = payment.c.state.in_([state.value for state in LIVE]) & payment.c.released_at_ms.is_(None)
    for column, which, fault in (
        (payment.c.sale_id, live, Text("Một đơn có hai lần thu chưa rõ: {it}.", "A sale has two open attempts: {it}.")),
        (
            payment.c.zp_trans_id,
            payment.c.zp_trans_id != "",
            Text("Mã giao dịch ZaloPay dùng hai lần: {it}.", "A ZaloPay transaction ID is used twice: {it}."),
        ),
        (
            payment.c.slip_number,
            payment.c.slip_number != "",
            Text("Số phiếu dùng hai lần: {it}.", "A slip number is used twice: {it}."),
        ),
    ):
        twice = select(column).where(which).group_by(column).having(func.count() > 1)
        for value in connection.execute(twice).scalars():
            yield fault.fill(it=value)


def _check_payments(connection: Connection) -> Iterator[tuple[str, list[Text]]]:
    """Each payment with what is wrong with it; one payment in memory at a time."""
    states = {row["app_trans_id"]: row for row in connection.execute(select(payment)).mappings()}
    columns = select(entry.c.app_trans_id, entry.c.kind, entry.c.payload).order_by(entry.c.app_trans_id, entry.c.n)
    for app_trans_id, rows in groupby(connection.execute(columns), key=lambda row: row.app_trans_id):
        faults: list[Text] = []
        stored = states.pop(app_trans_id, None)
        try:
            entries = [_read(row.app_trans_id, row.kind, row.payload) for row in rows]
            if app_trans_id is None:
                continue
            faults += _faults_of(entries, stored)
        except JournalDamagedError:
            faults.append(Text("có mục không đọc được.", "an entry cannot be read."))
        yield app_trans_id or "–", faults
    for app_trans_id in states:
        yield app_trans_id, [Text("không có mục nào trong sổ.", "has no entries in the journal.")]


def _read(app_trans_id: str | None, kind: str, payload: str) -> Entry:
    found = from_json(payload)
    if (payment_of(found), found.kind) != (app_trans_id, kind):
        message = "an entry stands under the wrong payment or kind"
        raise JournalDamagedError(message)
    return found


def _faults_of(entries: list[Entry], row: RowMapping | None) -> Iterator[Text]:
    """I4, I7, I12, I17 for one payment."""
    attempt, evidence = attempt_and_evidence(entries)
    if row is None:
        yield Text("thiếu trong bảng giao dịch.", "is missing from the table of payments.")
        return
    verdict = fold(attempt, evidence)
    if (row["state"], row["zp_trans_id"]) != (verdict.state, verdict.zp_trans_id):
        yield Text("ghi là {row}, bằng chứng cho thấy {state}.", "is down as {row}, the evidence proves {state}.").fill(
            row=row["state"], state=verdict.state.value
        )
    facts = (attempt.sale_id, attempt.slip_number, attempt.amount)
    if attempt.amount <= 0 or (row["sale_id"], row["slip_number"], row["amount"]) != facts:
        yield Text("số tiền, số phiếu hoặc đơn không khớp.", "amount, slip number or sale do not fit.")
    settled = [one for one in entries if isinstance(one, PaymentSettled)]
    if row["state"] == State.PAID:
        if not any(_proves_paid(attempt, one) for one in evidence):
            yield Text("ghi là đã thanh toán nhưng không có bằng chứng.", "is down as paid without proof.")
        if not settled:
            yield Text("đã thanh toán nhưng không có mục kết thúc.", "is paid without the entry that settles it.")
    if any(fold(attempt, before).state is not one.state for one, before in _settlings(entries)):
        yield Text("mục kết thúc khác với bằng chứng lúc đó.", "was settled as something else than was proven then.")
    if len({one.zp_trans_id for one in settled} - {""}) > 1:
        yield Text("mã giao dịch ZaloPay đã đổi.", "its ZaloPay transaction ID changed.")


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
