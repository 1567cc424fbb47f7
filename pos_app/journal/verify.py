"""The journal's own audit: chain, every payment against its evidence, invariants; told in words.

It only reads. What it cannot see is said in `chain`: a tail that was cut, unless the `head` was noted elsewhere.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Row, exists, func, select

from pos_app.journal import cash_faults, chain
from pos_app.journal.canonical import from_json
from pos_app.journal.chain import START, Anchor
from pos_app.journal.entries import Entry, payment_of
from pos_app.journal.errors import JournalDamagedError
from pos_app.journal.faults import UNREADABLE, Beside, faults_of
from pos_app.journal.projections import entry, payment, refund
from pos_app.journal.shift_course import Told
from pos_app.journal.shift_faults import ShiftAudit
from pos_app.payments.payment import LIVE
from pos_app.payments.refund import OPEN
from pos_app.words import Text

Progress = Callable[[int, int], None]
"""Called with how many entries are done, and of how many; in the journal's thread."""
Result = TypeVar("Result")
ENTRIES_PER_SLICE = 1000
PAYMENTS_PER_SLICE = 200
_PROBLEMS_TOLD_MAX = 50
_BEFORE_ALL = -(2**63)
_TRIGGERS = {
    "entry_never_changes",
    "entry_never_goes",
    "entry_comes_last",
    "payment_never_goes",
    "posting_never_changes",
    "posting_never_goes",
    "posting_is_new",
    "refund_cap",
    "refund_never_goes",
    "closed_shift_never_changes",
    "shift_never_goes",
    "shift_comes_next",
    "z_without_gaps",
    "carried_never_changes",
    "carried_never_goes",
    "carried_is_new",
    "cash_never_changes",
    "cash_never_goes",
    "cash_comes_last",
    "cash_refund_cap",
    "cash_posting_never_changes",
    "cash_posting_never_goes",
    "cash_posting_is_new",
}
_UNIQUE_INDEXES = {"one_live_attempt", "one_payment_per_zp_trans_id", "one_running_shift"}


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
        anchor: the last entry that was read.
    """

    ok: bool
    entries: int
    payments: int
    head: str
    lines: tuple[Text, ...]
    problems: tuple[Text, ...]
    anchor: Anchor


def verified(
    connection: Connection, progress: Progress | None, *, since: Anchor = START, noted: Anchor = START
) -> VerifyReport:
    """Run every check at once, inside the caller's transaction; see `audit`."""
    slices = audit(lambda work: work(connection), progress, since=since, noted=noted)
    while True:
        try:
            next(slices)
        except StopIteration as end:
            report: VerifyReport = end.value
            return report


class Read(Protocol):
    """Does a piece of reading in a transaction of its own."""

    def __call__(self, work: Callable[[Connection], Result]) -> Result: ...  # noqa: D102 - said above


def audit(
    read: Read, progress: Progress | None, *, since: Anchor = START, noted: Anchor = START
) -> Generator[None, None, VerifyReport]:
    """Run every check in slices: after each `yield` others may write. It goes up to the entry that is last now.

    Args:
        read: does one slice's reading.
        progress: told after each slice.
        since: what was checked before up to here is left out, and so are the payments that had nothing since.
        noted: an entry noted before; it must be there.
    """
    found = _Findings(since, read(lambda connection: list(_broken_guards(connection))))
    last, total = read(_last_and_count)
    if not read(lambda connection: _is_there(connection, noted)):
        found.problems.append(_NOTED_IS_GONE)
    yield
    after = since.n or _BEFORE_ALL
    while rows := read(lambda connection: _entries(connection, after, last)):  # noqa: B023 - read at once
        after = rows[-1].n
        found.follow(rows)
        if progress:
            progress(since.n + found.entries, total)
        yield
    found.end_chain()
    found.add(read(lambda connection: _without_payment(connection, since)))
    shifts = read(lambda connection: ShiftAudit(connection, since))
    running = 0
    while True:
        checked = read(lambda connection: _check_payments(connection, running, since, shifts))  # noqa: B023 - the same
        if checked is None:
            break
        running, payments, faults = checked
        found.payments += payments
        found.add(faults)
        yield
    after = since.n
    while (some := read(lambda connection: cash_faults.check(connection, after, shifts))) is not None:  # noqa: B023
        after, faults = some
        found.add(faults)
        yield
    found.add(read(lambda connection: cash_faults.of_the_tables(connection, since.n)))
    found.problems += read(lambda connection: list(shifts.faults(connection)))
    found.reports = shifts.reports
    return found.report()


_REPORTS = Text("Đã cộng lại {n} báo cáo chốt ca.", "{n} shift reports were added up anew.")
_NOTHING_WRONG = Text("Không có điểm nào sai.", "Nothing is wrong.")
_NOTED_IS_GONE = Text(
    "Các mục đã kiểm tra trước đây bị cắt bớt hoặc bị thay.",
    "Entries that were checked before were cut off or replaced.",
)
_Faults = list[tuple[str, Text]]
"""Order ids, each with one thing that is wrong with it."""


@dataclass
class _Findings:
    """What the audit has found so far."""

    since: Anchor
    problems: list[Text]
    entries: int = 0
    payments: int = 0
    reports: int = 0
    broken: int | None = None
    anchor: Anchor = field(init=False)

    def __post_init__(self) -> None:
        self.anchor = self.since

    def follow(self, rows: list[Row[Any]]) -> None:
        """The next links of the chain; entries of the journal itself are read here too."""
        if self.broken is None:
            links = (chain.Link(row.n, row.at_ms, row.payload, row.hash) for row in rows)
            after = self.since.n + self.entries
            self.broken = chain.broken_at(links, after=after, previous=self.anchor.hash)
        self.entries += len(rows)
        self.anchor = Anchor(rows[-1].n, rows[-1].hash)
        for row in rows:
            if row.app_trans_id is None and _read(None, row.kind, row.payload) is None:
                self.add([("–", UNREADABLE)])

    def end_chain(self) -> None:
        broken = self.broken
        if broken is not None:
            self.problems.append(
                Text(
                    "Chuỗi dữ liệu bị sửa từ mục số {n}.",
                    "The chain of entries was tampered with at entry {n}.",
                ).fill(n=broken)
            )

    def add(self, faults: _Faults) -> None:
        for app_trans_id, fault in faults:
            if len(self.problems) < _PROBLEMS_TOLD_MAX:
                told = Text("Giao dịch {id}: {fault}", "Payment {id}: {fault}")
                self.problems.append(told.fill(id=app_trans_id, fault=fault))

    def report(self) -> VerifyReport:
        wrong = len(self.problems)
        summary = (
            Text("Đã đọc {n} mục của sổ giao dịch.", "{n} entries of the journal were read.").fill(n=self.entries),
            Text(
                "Đã tính lại {n} giao dịch từ bằng chứng.", "{n} payments were worked out anew from their evidence."
            ).fill(n=self.payments),
            *(_REPORTS.fill(n=n) for n in (self.reports,) if n),
            Text("Có {n} điểm sai.", "{n} things are wrong.").fill(n=wrong) if wrong else _NOTHING_WRONG,
        )
        head = self.anchor.hash.hex()[:16] if self.anchor.n else ""
        lines = (*summary, *self.problems)
        return VerifyReport(not wrong, self.entries, self.payments, head, lines, tuple(self.problems), self.anchor)


# --- one slice each ------------------------------------------------------------------------------------------------


def _last_and_count(connection: Connection) -> tuple[int, int]:
    row = connection.execute(select(func.max(entry.c.n), func.count())).one()
    return row[0] or 0, row[1]


def _is_there(connection: Connection, noted: Anchor) -> bool:
    found = connection.execute(select(entry.c.hash).where(entry.c.n == noted.n)).scalar()
    return noted == START or found == noted.hash


def _entries(connection: Connection, after: int, last: int) -> list[Row[Any]]:
    columns = select(entry).where(entry.c.n > after, entry.c.n <= last).order_by(entry.c.n)
    return list(connection.execute(columns.limit(ENTRIES_PER_SLICE)).all())


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


def _without_payment(connection: Connection, since: Anchor) -> _Faults:
    known = exists().where(payment.c.app_trans_id == entry.c.app_trans_id)
    lost = select(entry.c.app_trans_id).distinct().where(entry.c.app_trans_id.is_not(None), ~known)
    fault = Text("thiếu trong bảng giao dịch.", "is missing from the table of payments.")
    found = connection.execute(lost.where(entry.c.n > (since.n or _BEFORE_ALL)).limit(_PROBLEMS_TOLD_MAX)).scalars()
    return [(app_trans_id, fault) for app_trans_id in found]


def _check_payments(
    connection: Connection, after: int, since: Anchor, shifts: ShiftAudit
) -> tuple[int, int, _Faults] | None:
    """The payments that follow a running number: the last one's, how many, and what is wrong; None after the last."""
    rows = select(payment).where(payment.c.running > after).order_by(payment.c.running).limit(PAYMENTS_PER_SLICE)
    if since != START:
        told_since = exists().where(entry.c.app_trans_id == payment.c.app_trans_id, entry.c.n > since.n)
        refund_open = refund.c.state.in_([state.value for state in OPEN])
        waits = exists().where(refund.c.app_trans_id == payment.c.app_trans_id, refund_open)
        # What is open stands in the report of every shift, whether anything happened to it or not.
        rows = rows.where(told_since | waits | payment.c.state.in_([state.value for state in LIVE]))
    stored = {row["app_trans_id"]: row for row in connection.execute(rows).mappings()}
    if not stored:
        return None
    columns = select(entry.c.n, entry.c.app_trans_id, entry.c.at_ms, entry.c.kind, entry.c.payload)
    told = connection.execute(columns.where(entry.c.app_trans_id.in_(stored)).order_by(entry.c.app_trans_id, entry.c.n))
    beside = Beside.of(connection, stored)
    faults: _Faults = []
    with_entries = set()
    stories: dict[str, list[Told]] = {}
    for app_trans_id, group in groupby(told, key=lambda row: row.app_trans_id):
        with_entries.add(app_trans_id)
        entries = [(row.n, row.at_ms, _read(app_trans_id, row.kind, row.payload)) for row in group]
        told_of_it = [(at_ms, one) for _, at_ms, one in entries]
        faults += [(app_trans_id, fault) for fault in faults_of(told_of_it, stored[app_trans_id], beside)]
        stories[app_trans_id] = [Told(n, at_ms, one) for n, at_ms, one in entries if one is not None]
    told_already = {app_trans_id for app_trans_id, _ in faults}
    faults += [one for one in shifts.check(connection, stories, stored) if one[0] not in told_already]
    nothing = Text("không có mục nào trong sổ.", "has no entries in the journal.")
    faults += [(app_trans_id, nothing) for app_trans_id in stored if app_trans_id not in with_entries]
    return max(row["running"] for row in stored.values()), len(stored), faults


def _read(app_trans_id: str | None, kind: str, payload: str) -> Entry | None:
    """The entry; None when it cannot be read, or stands under the wrong payment or kind."""
    try:
        found = from_json(payload)
    except JournalDamagedError:
        return None
    return found if (payment_of(found), found.kind) == (app_trans_id, kind) else None
