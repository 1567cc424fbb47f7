"""The tables of the shifts: which one is running, how it opens and closes, and what payments stood at when it began.

A shift is a range of entries: it begins behind the entry that closed the one before, and ends with its own. Exactly
one is running at any time; it counts as open from its first payment on, or from when somebody opened it.
"""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, insert, select, update

from pos_app.journal import shift_facts
from pos_app.journal.cash_entries import CashEntry
from pos_app.journal.entries import PaymentPrepared, RefundRequested, ShiftClosed, ShiftOpened
from pos_app.journal.errors import LawlessEntryError
from pos_app.journal.fixed import Fixed
from pos_app.journal.projections import carried, entry, payment, refund, shift
from pos_app.payments.ledger import Standing
from pos_app.payments.payment import State
from pos_app.payments.refund import RefundState
from pos_app.shifts.spelling import spelled

_RUNNING = Fixed(
    select(
        shift.c.number,
        shift.c.from_n,
        shift.c.opened_at_ms,
        shift.c.opened_by,
        shift.c.opened_by_id,
        shift.c.float_dong,
    ).where(shift.c.to_n.is_(None))
)


@dataclass(frozen=True, slots=True)
class RunningShift:
    """The shift that has no report yet.

    Attributes:
        number: which one of this till.
        from_n: the number of its first entry.
        opened_at_ms: wall clock, None before anything opened it.
        opened_by, opened_by_id: by whom.
        float_dong: cash in the drawer at the beginning.
    """

    number: int
    from_n: int
    opened_at_ms: int | None
    opened_by: str
    opened_by_id: str
    float_dong: int


def running(connection: Connection) -> RunningShift:
    """The running shift."""
    found = _RUNNING.rows(connection)
    if not found:
        message = "no shift is running"
        raise LawlessEntryError(message)
    return RunningShift(*found[0])


def open_by_hand(connection: Connection, now: RunningShift, opened: ShiftOpened, at_ms: int) -> RunningShift:
    """Take in that somebody opened it.

    Raises:
        LawlessEntryError: it is open, or it is another one.
    """
    if opened.number != now.number or now.opened_at_ms is not None:
        message = "the shift is open, or it is another one"
        raise LawlessEntryError(message)
    return _open(connection, now, opened.by, opened.by_id, opened.float_dong, at_ms)


def open_by_itself(
    connection: Connection, now: RunningShift, first: PaymentPrepared | RefundRequested | CashEntry, at_ms: int
) -> RunningShift:
    """The first payment opens the shift that nobody opened, or whatever happens at the cash drawer first."""
    if now.opened_at_ms is not None:
        return now
    return _open(connection, now, first.cashier, first.cashier_id, 0, at_ms)


def _open(connection: Connection, now: RunningShift, by: str, by_id: str, float_dong: int, at_ms: int) -> RunningShift:
    said = {"opened_at_ms": at_ms, "opened_by": by, "opened_by_id": by_id, "float_dong": float_dong}
    connection.execute(update(shift).where(shift.c.number == now.number).values(said))
    return replace(now, opened_at_ms=at_ms, opened_by=by, opened_by_id=by_id, float_dong=float_dong)


def carry(connection: Connection, now: RunningShift, app_trans_id: str, stood: Standing) -> None:
    """Keep what a payment of an earlier shift stood at, before the first change in this one."""
    row = {
        "shift": now.number,
        "app_trans_id": app_trans_id,
        "state": stood.state.value,
        "late": int(stood.late),
        "kept": int(stood.kept),
        "refunded": stood.refunded,
    }
    connection.execute(insert(carried).values(row))


def close(connection: Connection, now: RunningShift, closed: ShiftClosed, at_ms: int, *, alone: bool) -> None:
    """Take in that the shift is closed; the next one is running from here on.

    Raises:
        LawlessEntryError: it is another shift by now, something is just being sent, or the books say otherwise.
    """
    if not alone or closed.number != now.number:
        message = "the running shift is another one"
        raise LawlessEntryError(message)
    if is_sending(connection):
        message = "a shift cannot be closed while something is being sent"
        raise LawlessEntryError(message)
    totals = shift_facts.totals(connection, now.number)
    unknown = {one.number: one.amount for one in totals.open}
    if spelled(totals) != closed.totals or unknown != {one.app_trans_id: one.amount for one in closed.signed_off}:
        message = "the report of a shift is not what the books say"
        raise LawlessEntryError(message)
    if closed.counted_dong != totals.cash.counted or (totals.cash.over and not closed.difference_reason):
        message = "the cash of a shift is not what was counted, or nobody said why it differs"
        raise LawlessEntryError(message)
    last = last_n(connection)
    said = {
        "to_n": last + 1,
        "closed_at_ms": at_ms,
        "z_number": closed.z_number,
        "grand_total": totals.grand_total,
        "grand_by_hand": totals.grand_by_hand,
    }
    connection.execute(update(shift).where(shift.c.number == now.number).values(said))
    connection.execute(insert(shift).values(number=now.number + 1, from_n=last + 2))


def last_n(connection: Connection) -> int:
    """The number of the last entry, 0 for none."""
    return connection.execute(select(func.max(entry.c.n))).scalar() or 0


def is_sending(connection: Connection) -> bool:
    """Whether a payment or a refund is on its way this very moment."""
    payments = select(payment.c.app_trans_id).where(payment.c.state.in_([State.PREPARED.value, State.SENDING.value]))
    states = [RefundState.REQUESTED.value, RefundState.SENDING.value]
    refunds = select(refund.c.m_refund_id).where(refund.c.state.in_(states))
    return any(connection.execute(one.limit(1)).first() is not None for one in (payments, refunds))
