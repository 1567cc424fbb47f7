"""What is wrong with the cash drawer: its tables, held against its entries; and its figures counted once more.

It reads entries, so it is a second opinion on `cash_rows`, whose tables the reports of shifts are made of.
"""

from typing import Any, Protocol

from sqlalchemy import Connection, RowMapping, exists, func, select

from pos_app.journal.canonical import from_json
from pos_app.journal.cash_entries import CashCounted, CashEntry, CashGivenBack, CashMoved, CashSlipPrinted, CashTaken
from pos_app.journal.cash_rows import fact_of, postings_of, row_of
from pos_app.journal.entries import ReportPrinted
from pos_app.journal.errors import JournalDamagedError, LawlessEntryError
from pos_app.journal.projections import cash, cash_posting, entry, payment, refund
from pos_app.payments.cash import CashKind
from pos_app.shifts.totals import Tally
from pos_app.words import Text

_PER_SLICE = 500
_KINDS = tuple(one.kind for one in (CashTaken, CashGivenBack, CashMoved, CashCounted))
_PRINTED = (CashSlipPrinted.kind, ReportPrinted.kind)
_DRAWER = "tiền mặt / cash"
_OTHERWISE = Text("sổ tiền mặt khác với mục đã ghi.", "the table of cash is not what the entry says.")
_LAWLESS = Text("có mục tiền mặt trái quy tắc.", "an entry of cash contradicts the rules.")
_LEDGER = Text("sổ cái tiền mặt không khớp.", "the ledger of cash does not fit.")
_NO_ENTRY = Text("có dòng tiền mặt không có mục nào trong sổ.", "a row of cash has no entry in the journal.")
_OVER = Text("hoàn nhiều hơn số đã thu.", "more was refunded than was taken.")
_TWICE = Text("số phiếu dùng hai lần.", "a slip number is used twice.")
Faults = list[tuple[str, Text]]


class Shifts(Protocol):
    """Which shift an entry belongs to, and what its report is folded in; see `ShiftAudit`."""

    def know(self, connection: Connection) -> None: ...  # noqa: D102 - said above
    def shift_of(self, n: int) -> int: ...  # noqa: D102
    def tally_of(self, n: int) -> Tally | None: ...  # noqa: D102


def check(connection: Connection, after: int, shifts: Shifts) -> tuple[int, Faults] | None:
    """Hold the entries that follow number `after` against their rows, and count them in their shifts' reports.

    Returns the number of the last one, and what is wrong; None after the last.
    """
    shifts.know(connection)
    columns = select(entry.c.n, entry.c.at_ms, entry.c.payload)
    chosen = columns.where(entry.c.app_trans_id.is_(None), entry.c.kind.in_((*_KINDS, *_PRINTED)), entry.c.n > after)
    told = connection.execute(chosen.order_by(entry.c.n).limit(_PER_SLICE)).all()
    if not told:
        return None
    within = (told[0].n, told[-1].n)
    rows = {row["n"]: row for row in connection.execute(select(cash).where(cash.c.n.between(*within))).mappings()}
    lines: dict[int, list[dict[str, Any]]] = {}
    for line in connection.execute(select(cash_posting).where(cash_posting.c.n.between(*within))).mappings():
        lines.setdefault(line["n"], []).append(dict(line))
    faults: Faults = []
    for n, at_ms, payload in told:
        try:
            one = from_json(payload)
        except JournalDamagedError:
            continue  # told with the chain
        tally = shifts.tally_of(n)
        if isinstance(one, CashSlipPrinted | ReportPrinted):
            if tally is not None and one.copy > 0:
                tally.reprinted()
        elif isinstance(one, CashEntry):
            faults += _faults_of(one, n, shifts.shift_of(n), at_ms, tally, rows.get(n), lines.get(n, []))
    return told[-1].n, faults


def _faults_of(  # noqa: PLR0913, PLR0917 - an entry and all that stands beside it
    one: CashEntry, n: int, shift: int, at_ms: int, tally: Tally | None, row: RowMapping | None,
    lines: list[dict[str, Any]],
) -> Faults:  # fmt: skip
    try:
        due = row_of(one, n, shift, at_ms)
    except LawlessEntryError:
        return [(_DRAWER, _LAWLESS)]
    if tally is not None:
        tally.cash(fact_of(due))
    name = due["slip_number"] or _DRAWER
    if row is None or dict(row) != due:
        return [(name, _OTHERWISE)]
    by_account = sorted(lines, key=lambda line: str(line["account"]))
    return [] if by_account == sorted(postings_of(due), key=lambda line: str(line["account"])) else [(name, _LEDGER)]


def of_the_tables(connection: Connection, after: int) -> Faults:
    """What no entry tells: rows without one, more given back than was taken, numbers given twice."""
    there = exists().where(entry.c.n == cash.c.n, entry.c.kind.in_(_KINDS))
    lost = connection.execute(select(cash.c.slip_number).where(cash.c.n > after, ~there).limit(1)).first()
    faults: Faults = [(_DRAWER, _NO_ENTRY)] if lost is not None else []
    sold = select(cash.c.slip_number, cash.c.amount).where(cash.c.kind == CashKind.SALE.value).subquery()
    back = select(cash.c.of_slip).where(cash.c.of_slip.is_not(None))
    back = back.join(sold, sold.c.slip_number == cash.c.of_slip, isouter=True)
    too_much = func.sum(cash.c.amount) > func.coalesce(sold.c.amount, 0)
    faults += [(slip, _OVER) for slip in connection.execute(back.group_by(cash.c.of_slip).having(too_much)).scalars()]
    for other in (payment, refund):
        both = select(cash.c.slip_number).join(other, other.c.running == cash.c.running)
        faults += [(slip, _TWICE) for slip in connection.execute(both.where(cash.c.n > after)).scalars()]
    return faults
