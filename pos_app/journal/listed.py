"""Payments one after the other with what a list of them tells: for files of many thousands, read in slices."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, literal_column, or_, select

from pos_app.journal.finding import IS_DONE, fitting
from pos_app.journal.projections import entry, payment, refund
from pos_app.journal.wanted import Wanted

_NOTE: ColumnElement[str] = literal_column("json_extract(entry.payload, '$.attempt.note')")
_PREPARED: ColumnElement[str] = literal_column("'payment_prepared'")


class PaymentListed(NamedTuple):
    """One payment; times in ms, amounts in dong. `running` goes up from one to the next of the same moment."""

    running: int
    counts_at_ms: int
    prepared_at_ms: int
    settled_at_ms: int | None
    slip_number: str
    payment_id: str
    number: str
    gateway: str
    source: str
    cashier: str
    shift: int
    state: str
    cause: str
    amount: int
    refunded: int
    note: str


def how_many(connection: Connection, start_ms: int, end_ms: int) -> int:
    """How many payments count in this time."""
    table = payment.c
    counted = select(func.count()).where(table.counts_at_ms >= start_ms, table.counts_at_ms < end_ms)
    return connection.execute(counted).scalar_one()


def how_many_found(connection: Connection, wanted: Wanted) -> int:
    """How many payments fit."""
    return connection.execute(
        select(func.count()).select_from(payment).where(*fitting(connection, wanted))
    ).scalar_one()


def listed(
    connection: Connection, start_ms: int, end_ms: int, after: tuple[int, int] | None, count: int
) -> list[PaymentListed]:
    """The next `count` payments that count in this time, in its order; `after` is the last one's place."""
    table = payment.c
    where = [table.counts_at_ms >= start_ms, table.counts_at_ms < end_ms]
    if after is not None:
        at_ms, running = after
        where.append(table.counts_at_ms >= at_ms)
        where.append(or_(table.counts_at_ms > at_ms, table.running > running))
    return _read(connection, where, (table.counts_at_ms, table.running), count)


def listed_found(connection: Connection, wanted: Wanted, before: int | None, count: int) -> list[PaymentListed]:
    """The next `count` payments that fit, newest first; `before` is the last one's running number."""
    where = fitting(connection, wanted)
    if before is not None:
        where.append(payment.c.running < before)
    return _read(connection, where, (payment.c.running.desc(),), count)


def _read(
    connection: Connection, where: list[ColumnElement[bool]], order: tuple[ColumnElement[int], ...], count: int
) -> list[PaymentListed]:
    table = payment.c
    back = (
        select(func.coalesce(func.sum(refund.c.amount), 0))
        .where(refund.c.app_trans_id == table.app_trans_id, IS_DONE)
        .scalar_subquery()
    )
    columns = select(
        table.running,
        table.counts_at_ms,
        table.prepared_at_ms,
        table.settled_at_ms,
        table.slip_number,
        table.app_trans_id,
        table.zp_trans_id,
        table.gateway,
        table.source,
        table.cashier,
        table.shift,
        table.state,
        func.coalesce(table.cause, ""),
        table.amount,
        back,
        _NOTE,
    ).join_from(payment, entry, and_(entry.c.app_trans_id == table.app_trans_id, entry.c.kind == _PREPARED))
    rows = connection.execute(columns.where(*where).order_by(*order).limit(count))
    return [PaymentListed._make(row) for row in rows]
