"""What the tables know of a shift, as facts for its figures, and what the ledger says beside them.

Entries are not read here but for a manager's acts, so that it stays fast among a million payments.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, literal_column, select

from pos_app.journal import cash_rows
from pos_app.journal.canonical import from_json
from pos_app.journal.entries import ManagerActed, ShiftClosed
from pos_app.journal.errors import JournalDamagedError
from pos_app.journal.projections import carried, entry, payment, posting, refund, shift
from pos_app.payments.acts import Act
from pos_app.payments.ledger import Standing
from pos_app.payments.payment import LIVE, State
from pos_app.payments.refund import OPEN, RefundState
from pos_app.shifts.shift import Shift, SignedOff
from pos_app.shifts.spelling import read
from pos_app.shifts.totals import Open, PaymentFact, RefundFact, Tally, Totals

_DONE = RefundState.DONE.value
_GIVEN_BACK = (
    select(func.coalesce(func.sum(case((refund.c.state == _DONE, refund.c.amount), else_=0)), 0))
    .where(refund.c.app_trans_id == payment.c.app_trans_id)
    .scalar_subquery()
)
"""The state is no condition: else each is looked for among all refunds that are done."""
_PAYMENT = select(
    payment.c.slip_number,
    payment.c.running,
    payment.c.gateway,
    payment.c.source,
    payment.c.shift,
    payment.c.amount,
    payment.c.state,
    payment.c.late,
    payment.c.kept,
    _GIVEN_BACK,
    payment.c.cause,
)
_BEFORE = (carried.c.state, carried.c.late, carried.c.kept, carried.c.refunded)


def totals(connection: Connection, number: int) -> Totals:
    """What the running shift comes to by now; of a closed one the payments have gone on, so its totals are stored."""
    tally = Tally(number)
    for row in connection.execute(_PAYMENT.where(payment.c.shift == number)):
        tally.payment(_payment_fact(tuple(row), None))
    earlier = _PAYMENT.add_columns(*_BEFORE).join(carried, carried.c.app_trans_id == payment.c.app_trans_id)
    for row in connection.execute(earlier.where(carried.c.shift == number)):
        was = row[-4:]
        before = Standing(row.amount, State(was[0]), bool(was[1]), bool(was[2]), was[3])
        tally.payment(_payment_fact(tuple(row)[:-4], before))
    for refunded in _refunds(connection, number):
        tally.refund(refunded)
    for by, act, amount in _acts(connection, number):
        tally.act(by, act, amount)
    for one in _open(connection, payment.c.app_trans_id, payment.c.state.in_([state.value for state in LIVE])):
        tally.open(one)
    for one in _open(connection, refund.c.m_refund_id, refund.c.state.in_([state.value for state in OPEN])):
        tally.open_refund(one)
    for happened in cash_rows.facts(connection, number):
        tally.cash(happened)
    tally.reprinted(_reprints(connection, number) + cash_rows.copies(connection, *range_of(number)))
    earlier_ones = select(shift.c.grand_total, shift.c.grand_by_hand).where(shift.c.number == number - 1)
    grand_total, grand_by_hand = connection.execute(earlier_ones).one()
    float_dong = connection.execute(select(shift.c.float_dong).where(shift.c.number == number)).scalar_one()
    return tally.totals(grand_total, grand_by_hand, float_dong)


def ledger(connection: Connection, number: int) -> dict[str, int]:
    """By how many dong each account moved in the shift."""
    moved = select(posting.c.account, func.sum(posting.c.amount)).where(posting.c.shift == number)
    by_payments: Counter[str] = Counter()
    by_payments.update({row[0]: row[1] for row in connection.execute(moved.group_by(posting.c.account))})
    by_payments.update(cash_rows.moved(connection, number))
    return dict(by_payments)


def look(connection: Connection, number: int) -> Shift | None:
    """The shift as it is now, None when there is none of that number or no report of it.

    Raises:
        JournalDamagedError: what was stored of a closed one cannot be read.
    """
    row = connection.execute(select(shift).where(shift.c.number == number)).first()
    if row is None or number == 0:
        return None
    moved = ledger(connection, number)
    opened = (row.opened_at_ms, row.opened_by)
    if row.to_n is None:
        return Shift(number, None, *opened, None, "", totals(connection, number), moved)
    closed = closing(connection, row.to_n)
    told = read_totals(closed)
    signed = SignedOff(closed.signed_off_by, closed.signed_off_by_id, closed.reason, told.open)
    closed_by = (row.closed_at_ms, closed.by)
    return Shift(number, closed.z_number, *opened, *closed_by, told, moved, signed, closed.difference_reason)


def running(connection: Connection) -> Shift:
    """The running shift as it is now.

    Raises:
        JournalDamagedError: there is none.
    """
    number = connection.execute(select(shift.c.number).where(shift.c.to_n.is_(None))).scalar()
    now = look(connection, number) if number else None
    if now is None:
        message = "no shift is running"
        raise JournalDamagedError(message)
    return now


def seen(connection: Connection, number: int | None) -> Shift | None:
    """As `look`; None asks for the running one."""
    return running(connection) if number is None else look(connection, number)


def closing(connection: Connection, n: int) -> ShiftClosed:
    """The entry that closed a shift.

    Raises:
        JournalDamagedError: it is not there.
    """
    text = connection.execute(select(entry.c.payload).where(entry.c.n == n)).scalar()
    found = from_json(text) if text else None
    if not isinstance(found, ShiftClosed):
        message = "a closed shift without the entry that closed it"
        raise JournalDamagedError(message)
    return found


def read_totals(closed: ShiftClosed) -> Totals:
    """The totals in the entry that closed a shift.

    Raises:
        JournalDamagedError: they cannot be read.
    """
    try:
        return read(closed.totals)
    except ValueError as error:
        raise JournalDamagedError(str(error)) from None


def range_of(number: int) -> tuple[ColumnElement[bool], ...]:
    """Which entries belong to the shift."""
    begin, end = (
        select(column).where(shift.c.number == number).scalar_subquery() for column in (shift.c.from_n, shift.c.to_n)
    )
    return entry.c.n >= begin, entry.c.n <= func.coalesce(end, literal_column(str(2**62)))


# --- reading -------------------------------------------------------------------------------------------------------


def _payment_fact(row: tuple[Any, ...], before: Standing | None) -> PaymentFact:
    slip_number, running, gateway, source, begun_in, amount, state, late, kept, refunded, cause = row
    now = Standing(amount, State(state), bool(late), bool(kept), refunded)
    return PaymentFact(slip_number, running, gateway, source, begun_in, before, now, cause or "")


def _refunds(connection: Connection, number: int) -> Iterator[RefundFact]:
    columns = select(refund, payment.c.slip_number.label("of_slip"), payment.c.gateway, payment.c.source)
    joined = columns.join(payment, payment.c.app_trans_id == refund.c.app_trans_id)
    here: tuple[Select[tuple[object, ...]], ...] = (
        joined.where(refund.c.shift == number),
        joined.where(refund.c.settled_shift == number, refund.c.shift != number),
    )
    for rows in here:
        for row in connection.execute(rows):
            done = row.state == _DONE and row.settled_shift == number
            yield _refund_fact(row, done=done)


def _refund_fact(row: Row[tuple[object, ...]], *, done: bool) -> RefundFact:
    return RefundFact(
        row.slip_number,
        row.running,
        row.of_slip,
        row.gateway,
        row.source,
        row.shift,
        row.amount,
        row.allowed_by,
        done,
    )


def _acts(connection: Connection, number: int) -> Iterator[tuple[str, str, int]]:
    """Who did what over how many dong; a refund has its own line."""
    told = select(entry.c.payload, payment.c.amount).join(payment, payment.c.app_trans_id == entry.c.app_trans_id)
    of_managers = entry.c.kind == literal_column(f"'{ManagerActed.kind}'")  # written out as its index has it
    for text, amount in connection.execute(told.where(of_managers, *range_of(number))):
        acted = from_json(text)
        if isinstance(acted, ManagerActed) and acted.act is not Act.REFUND:
            yield acted.by, acted.act.value, amount


def _open(connection: Connection, number: ColumnElement[str], which: ColumnElement[bool]) -> Iterator[Open]:
    table = number.table
    columns = select(number, table.c.slip_number, table.c.amount, table.c.shift).where(which)
    for row in connection.execute(columns):
        yield Open(*row)


_COPIES: ColumnElement[bool] = literal_column("kind = 'slip_printed' AND instr(payload, '\"copy\":0,') = 0")
"""Copies after the first, as their index has it."""


def _reprints(connection: Connection, number: int) -> int:
    found: int = connection.execute(
        select(func.count()).select_from(entry).where(_COPIES, *range_of(number))
    ).scalar_one()
    return found
