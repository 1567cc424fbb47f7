"""Counting what is stored, for reports: payments alike counted where they lie, refunds and managers' acts one by one.

Each function counts, in a transaction, what happened from `start_ms` on and before `end_ms`. A payment counts when its
result was known, an open one when it was begun (`counts_at_ms`), a refund when it was done.
"""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Text, func, literal_column, select

from pos_app.journal.entries import ManagerActed
from pos_app.journal.finding import IS_DONE
from pos_app.journal.projections import entry, payment, refund, unindexed_state
from pos_app.payments.acts import Act
from pos_app.payments.payment import State

# Written out: a number that is handed over apart is not seen to be the same one twice.
_HOUR: ColumnElement[int] = literal_column("(payment.counts_at_ms + 25200000) / 3600000")
_SECONDS: ColumnElement[int] = literal_column("max(0, (payment.settled_at_ms - payment.scanned_at_ms + 500) / 1000)")
_CAUSE: ColumnElement[str] = literal_column("coalesce(payment.cause, '')", Text)
# The plus keeps SQLite from going through all payments of that source: the time alone narrows it down.
_source: ColumnElement[str] = literal_column("+payment.source", Text)
_IS_ACT = entry.c.kind == literal_column(f"'{ManagerActed.kind}'")


class PaymentsAlike(NamedTuple):
    """How many payments, and dong, got a result in a Vietnamese hour (counted from 1970), alike in all the rest."""

    hour: int
    cashier: str
    gateway: str
    source: str
    state: str
    cause: str
    payments: int
    amount: int


class WaitsAlike(NamedTuple):
    """How many payments took so many whole seconds from the scan until they were known to be paid."""

    seconds: int
    cashier: str
    gateway: str
    source: str
    payments: int


class RefundDone(NamedTuple):
    """One refund; times in ms, amounts in dong."""

    at_ms: int
    slip_number: str
    payment_slip: str
    payment_id: str
    m_refund_id: str
    amount: int
    by: str
    reason: str
    cashier: str
    gateway: str
    source: str


class ActDone(NamedTuple):
    """Something that a manager allowed, refunds left out, with its payment."""

    at_ms: int
    act: Act
    by: str
    reason: str
    note: str
    payment_id: str
    payment_slip: str
    amount: int
    cashier: str
    gateway: str
    source: str


def payments_alike(connection: Connection, start_ms: int, end_ms: int) -> list[PaymentsAlike]:
    """Count the payments of that time."""
    table = payment.c
    alike = (
        _HOUR,
        table.cashier,
        table.gateway,
        table.source,
        table.state,
        _CAUSE,
    )
    counted = select(*alike, func.count(), func.sum(table.amount))
    rows = connection.execute(
        counted.where(table.counts_at_ms >= start_ms, table.counts_at_ms < end_ms).group_by(*alike)
    )
    return [PaymentsAlike._make(row) for row in rows]


def waits_alike(connection: Connection, start_ms: int, end_ms: int, scanned: tuple[str, ...]) -> list[WaitsAlike]:
    """Count how long the paid ones took whose code was scanned: that came from one of these sources."""
    table = payment.c
    alike = (_SECONDS, table.cashier, table.gateway, table.source)
    fits = (unindexed_state == State.PAID.value, _source.in_(scanned))
    in_time = (table.counts_at_ms >= start_ms, table.counts_at_ms < end_ms)
    rows = connection.execute(select(*alike, func.count()).where(*in_time, *fits).group_by(*alike))
    return [WaitsAlike._make(row) for row in rows]


def refunds_done(connection: Connection, start_ms: int, end_ms: int) -> list[RefundDone]:
    """The refunds of that time, oldest first."""
    done = (
        IS_DONE,
        refund.c.settled_at_ms >= start_ms,
        refund.c.settled_at_ms < end_ms,
    )
    ids = select(refund.c.app_trans_id).where(*done)
    allowed = select(_told("number"), _told("reason")).where(entry.c.app_trans_id.in_(ids), _IS_ACT)
    reasons: dict[str, str] = {row[0]: row[1] for row in connection.execute(allowed)}
    columns = select(
        refund.c.settled_at_ms,
        refund.c.slip_number,
        payment.c.slip_number.label("payment_slip"),
        refund.c.app_trans_id,
        refund.c.m_refund_id,
        refund.c.amount,
        refund.c.allowed_by,
        payment.c.cashier,
        payment.c.gateway,
        payment.c.source,
    )
    rows = connection.execute(columns.join_from(refund, payment, refund.c.app_trans_id == payment.c.app_trans_id)
                              .where(*done).order_by(refund.c.settled_at_ms, refund.c.running))  # fmt: skip
    return [RefundDone._make((*row[:7], reasons.get(row.m_refund_id, ""), *row[7:])) for row in rows]


def acts_done(connection: Connection, start_ms: int, end_ms: int) -> list[ActDone]:
    """What managers allowed in that time, oldest first."""
    columns = select(
        entry.c.at_ms,
        _told("act"),
        _told("by"),
        _told("reason"),
        _told("note"),
        entry.c.app_trans_id,
        payment.c.slip_number,
        payment.c.amount,
        payment.c.cashier,
        payment.c.gateway,
        payment.c.source,
    )
    rows = connection.execute(
        columns.join_from(entry, payment, entry.c.app_trans_id == payment.c.app_trans_id)
        .where(_IS_ACT, entry.c.at_ms >= start_ms, entry.c.at_ms < end_ms)
        .order_by(entry.c.n)
    )
    return [ActDone(at_ms, Act(act), *rest) for at_ms, act, *rest in rows if act != Act.REFUND]


def _told(name: str) -> ColumnElement[str]:
    """A field of an entry, read by the database: hundreds of them are wanted at once."""
    return literal_column(f"json_extract(entry.payload, '$.{name}')", Text)
