"""What is wrong with the shifts: each stored report folded again, and each row that says which shift it belongs to.

It reads entries, so it is a second opinion on `shift_facts`, which reads the tables.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, select

from pos_app.journal.canonical import from_json
from pos_app.journal.cash_entries import CashCounted, CashEntry, CashGivenBack, CashMoved, CashTaken
from pos_app.journal.chain import Anchor
from pos_app.journal.entries import (
    ManagerActed,
    PaymentPrepared,
    RefundRequested,
    ShiftClosed,
    ShiftOpened,
    SlipPrinted,
)
from pos_app.journal.errors import JournalDamagedError, LawlessEntryError
from pos_app.journal.projections import carried, entry, posting, refund, shift
from pos_app.journal.shift_course import Course, Told
from pos_app.payments.acts import Act
from pos_app.payments.ledger import Standing
from pos_app.payments.payment import LIVE, State
from pos_app.shifts.spelling import spelled
from pos_app.shifts.totals import Tally
from pos_app.words import Text

OTHER_SHIFT = Text("thuộc ca khác với ca đã ghi.", "belongs to another shift than is down.")


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the tables say of one payment's shifts."""

    carried: dict[int, Standing]
    postings: dict[int, Counter[str]]
    refunds: dict[str, RowMapping]


class ShiftAudit:
    """Folds again what was closed when it began; payments go on meanwhile."""

    def __init__(self, connection: Connection, since: Anchor) -> None:
        """Only reports of shifts that began after `since` are folded: of the others not every entry is read."""
        self._rows: list[Row[Any]] = []
        self._begins: list[int] = []
        self._know(connection)
        closed = (row for row in self._rows if row.to_n is not None and row.number > 0 and row.from_n > since.n)
        self._tallies = {row.number: Tally(row.number) for row in closed}

    @property
    def reports(self) -> int:
        """How many reports are folded again."""
        return len(self._tallies)

    def _know(self, connection: Connection) -> None:
        """The shifts there are by now."""
        newer = select(shift).where(shift.c.number >= len(self._rows)).order_by(shift.c.number)
        self._rows += connection.execute(newer).all()
        self._begins = [row.from_n for row in self._rows]

    def know(self, connection: Connection) -> None:
        """Others may have closed a shift since."""
        self._know(connection)

    def shift_of(self, n: int) -> int:
        """The shift that the entry of this number belongs to."""
        return bisect_right(self._begins, n) - 1

    def tally_of(self, n: int) -> Tally | None:
        """What the report of that shift is folded in, None where it is not folded again."""
        return self._tallies.get(self.shift_of(n))

    def check(
        self, connection: Connection, told: dict[str, list[Told]], rows: dict[str, RowMapping]
    ) -> list[tuple[str, Text]]:
        """Take in some payments, each with all its entries and its row; say what is wrong with their shifts."""
        self._know(connection)
        beside = _rows_of(connection, rows)
        faults = []
        for number, story in told.items():
            try:
                course = Course(story, rows[number], beside[number].refunds, self.shift_of)
            except (LawlessEntryError, ValueError, KeyError):
                continue  # told as a fault of the payment
            self._count(course)
            if not _fits(course, rows[number], beside[number]):
                faults.append((number, OTHER_SHIFT))
        return faults

    # --- the reports -------------------------------------------------------------------------------------------------

    def _count(self, course: Course) -> None:
        for before, end in course.pairs():
            if end.shift in self._tallies and before != end.standing:
                self._tallies[end.shift].payment(course.fact(before, end))
        self._count_open(course)
        for number, one in course.refund_facts():
            if number in self._tallies:
                self._tallies[number].refund(one)
        for it in course.story:
            tally = self._tallies.get(self.shift_of(it.n))
            match it.entry:
                case ManagerActed() as acted if tally and acted.act is not Act.REFUND:
                    tally.act(acted.by, acted.act.value, course.prepared.attempt.amount)
                case SlipPrinted() as slip if tally and slip.copy > 0:
                    tally.reprinted()
                case _:
                    pass

    def _count_open(self, course: Course) -> None:
        """It stands in the report of every shift at whose end it had no result."""
        for end, shifts in course.spans(max(self._tallies, default=0)):
            for tally in (self._tallies[number] for number in shifts if number in self._tallies):
                if end.standing.state in LIVE:
                    tally.open(course.open())
                for one in end.open_refunds:
                    tally.open_refund(one)

    def faults(self, connection: Connection) -> Iterator[Text]:
        """What is wrong with the shifts themselves, and with their reports."""
        rows = list(connection.execute(select(shift).order_by(shift.c.number)))
        gap = Text("Các ca không nối tiếp nhau: ca {n}.", "Shifts do not follow each other: shift {n}.")
        after = 0
        for number, row in enumerate(rows):
            closed = number < len(rows) - 1
            due = (number, after + 1, number if closed and number else None, closed)
            if (row.number, row.from_n, row.z_number, row.to_n is not None) != due:
                yield gap.fill(n=number)
                return
            if (row.opened_at_ms, row.opened_by, row.opened_by_id, row.float_dong) != _opening(connection, row):
                yield Text("Ca {n}: giờ mở hoặc người mở khác với sổ.", "Shift {n} was opened otherwise.").fill(
                    n=number
                )
            after = row.to_n or 0
        fault = Text("Báo cáo chốt ca Z số {z} khác với sổ.", "Z report no. {z} is not what the journal says.")
        for number, tally in self._tallies.items():
            if not _is_report_of(connection, rows[number], rows[number - 1], tally):
                yield fault.fill(z=rows[number].z_number)


_OPENS = (ShiftOpened, PaymentPrepared, RefundRequested, CashTaken, CashGivenBack, CashMoved, CashCounted)


def _opening(connection: Connection, row: Row[Any]) -> tuple[int | None, str, str, int]:
    """When, by whom and with how much cash a shift was opened, by its entries: by hand, or by its first payment."""
    opens = entry.c.kind.in_([one.kind for one in _OPENS])
    there = select(entry.c.at_ms, entry.c.payload).where(opens, entry.c.n >= row.from_n)
    if row.to_n is not None:
        there = there.where(entry.c.n <= row.to_n)
    first = connection.execute(there.order_by(entry.c.n).limit(1)).first() if row.number else None
    try:
        told = from_json(first.payload) if first else None
    except JournalDamagedError:
        return None, "", "", 0
    if first is not None and isinstance(told, ShiftOpened):
        return first.at_ms, told.by, told.by_id, told.float_dong
    if first is not None and isinstance(told, PaymentPrepared | RefundRequested | CashEntry):
        return first.at_ms, told.cashier, told.cashier_id, 0
    return None, "", "", 0


def _is_report_of(connection: Connection, row: Row[Any], before: Row[Any], tally: Tally) -> bool:
    found = connection.execute(select(entry.c.at_ms, entry.c.payload).where(entry.c.n == row.to_n)).first()
    try:
        closed = from_json(found.payload) if found else None
    except JournalDamagedError:
        return False
    if not isinstance(closed, ShiftClosed) or found is None:
        return False
    totals = tally.totals(before.grand_total, before.grand_by_hand, row.float_dong)
    return (
        (closed.number, closed.z_number, found.at_ms) == (row.number, row.z_number, row.closed_at_ms)
        and closed.totals == spelled(totals)
        and closed.counted_dong == totals.cash.counted
        and {one.app_trans_id: one.amount for one in closed.signed_off}
        == {one.number: one.amount for one in totals.open}
        and (row.grand_total, row.grand_by_hand) == (totals.grand_total, totals.grand_by_hand)
    )


# --- the rows ------------------------------------------------------------------------------------------------------


def _rows_of(connection: Connection, rows: dict[str, RowMapping]) -> dict[str, _Rows]:
    beside = {number: _Rows({}, {}, {}) for number in rows}
    for row in connection.execute(select(carried).where(carried.c.app_trans_id.in_(rows))):
        amount = rows[row.app_trans_id]["amount"]
        was = Standing(amount, State(row.state), bool(row.late), bool(row.kept), row.refunded)
        beside[row.app_trans_id].carried[row.shift] = was
    for row in connection.execute(select(posting).where(posting.c.app_trans_id.in_(rows))):
        beside[row.app_trans_id].postings.setdefault(row.shift, Counter())[row.account] += row.amount
    for line in connection.execute(select(refund).where(refund.c.app_trans_id.in_(rows))).mappings():
        beside[line["app_trans_id"]].refunds[line["m_refund_id"]] = line
    return beside


def _fits(course: Course, row: RowMapping, beside: _Rows) -> bool:
    columns = ("shift", "gateway", "source", "scanned_at_ms", "cashier", "cashier_id")
    lines = {it: {name: dong for name, dong in sums.items() if dong} for it, sums in beside.postings.items()}
    marks = {it: (line["shift"], line["settled_shift"], line["allowed_by"]) for it, line in beside.refunds.items()}
    return (
        tuple(row[column] for column in columns) == course.said()
        and row["in_shift"] == max((course.begun, *beside.carried))
        and course.carries(beside.carried)
        and course.moves() == {it: sums for it, sums in lines.items() if sums}
        and marks == course.refund_marks()
    )
