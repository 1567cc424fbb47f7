"""Counting what happened at the cash drawer, for reports: sales alike counted where they lie, all else one by one.

A sale, a refund and a move count when they happened, what was over or short when its shift was closed.
"""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from pos_app.journal import shift_facts
from pos_app.journal.projections import cash, shift
from pos_app.payments.cash import CashKind

# Written out, as `figures` has it of payments: a division of whole numbers.
_HOUR: ColumnElement[int] = literal_column("(cash.at_ms + 25200000) / 3600000")
_MOVES = (CashKind.PAY_IN.value, CashKind.PAY_OUT.value, CashKind.OPENED.value)


class CashAlike(NamedTuple):
    """How many sales or refunds in cash, and dong, of one cashier in a shift and a Vietnamese hour (from 1970)."""

    hour: int
    shift: int
    cashier: str
    is_refund: bool
    times: int
    amount: int


class MovedOnce(NamedTuple):
    """Money that was put in or taken out without a sale, or the drawer that was only opened (0 dong)."""

    at_ms: int
    shift: int
    cashier: str
    kind: CashKind
    amount: int
    by: str
    reason: str


class DrawerClosed(NamedTuple):
    """A shift that was closed with a counted drawer: by whom, what must have been there, what was, and why it differed.

    All in dong, as its Z has them.
    """

    at_ms: int
    shift: int
    cashier: str
    expected: int
    counted: int
    reason: str


class CashFigures(NamedTuple):
    """What a time comes to in cash."""

    sold: tuple[CashAlike, ...]
    moved: tuple[MovedOnce, ...]
    closed: tuple[DrawerClosed, ...]


def cash_figures(connection: Connection, start_ms: int, end_ms: int) -> CashFigures:
    """Count what happened from `start_ms` on and before `end_ms`.

    Raises:
        JournalDamagedError: what was stored of a closed shift cannot be read.
    """
    in_time = (cash.c.at_ms >= start_ms, cash.c.at_ms < end_ms)
    keys = (_HOUR, cash.c.shift, cash.c.cashier, cash.c.kind)
    counted = select(*keys, func.count(), func.sum(cash.c.amount)).group_by(*keys)
    alike = connection.execute(counted.where(*in_time, cash.c.slip_number.is_not(None)))
    table = cash.c
    columns = select(table.at_ms, table.shift, table.cashier, table.kind, table.amount, table.allowed_by, table.reason)
    moved = connection.execute(columns.where(*in_time, table.kind.in_(_MOVES)).order_by(table.n))
    return CashFigures(
        tuple(
            CashAlike(hour, number, cashier, kind == CashKind.REFUND, times, amount)
            for hour, number, cashier, kind, times, amount in alike
        ),
        tuple(MovedOnce(*row[:3], CashKind(row[3]), *row[4:]) for row in moved),
        tuple(_closed(connection, start_ms, end_ms)),
    )


def _closed(connection: Connection, start_ms: int, end_ms: int) -> list[DrawerClosed]:
    in_time = (shift.c.closed_at_ms >= start_ms, shift.c.closed_at_ms < end_ms)
    found = []
    for at_ms, to_n in connection.execute(select(shift.c.closed_at_ms, shift.c.to_n).where(*in_time)).all():
        closed = shift_facts.closing(connection, to_n)
        if closed.counted_dong is not None:
            expected = shift_facts.read_totals(closed).cash.expected
            why = closed.difference_reason
            found.append(DrawerClosed(at_ms, closed.number, closed.by, expected, closed.counted_dong, why))
    return found
