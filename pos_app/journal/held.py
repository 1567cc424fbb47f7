"""Payments as they are held against a statement: a few columns each, for hundreds of thousands of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, literal_column, select

from pos_app.journal.projections import payment, refund
from pos_app.payments.refund import RefundState

_AT_ONCE = 5_000


class RefundHeld(NamedTuple):
    """A refund that is done; dong and ms."""

    refund_id: str
    m_refund_id: str
    amount: int
    at_ms: int


class PaymentHeld(NamedTuple):
    """A payment; `at_ms` is when its result was known, of an open one when it was begun."""

    payment_id: str
    slip_number: str
    number: str
    amount: int
    state: str
    at_ms: int
    gateway: str
    refunds: tuple[RefundHeld, ...]


def held_between(connection: Connection, start_ms: int, end_ms: int) -> list[PaymentHeld]:
    """What got its result from `start_ms` on and before `end_ms`, and what was given back then, oldest first."""
    table = payment.c
    given_back = select(refund.c.app_trans_id).where(
        refund.c.state == RefundState.DONE.value, refund.c.settled_at_ms >= start_ms, refund.c.settled_at_ms < end_ms
    )
    counted = _read(connection, (table.counts_at_ms >= start_ms, table.counts_at_ms < end_ms))
    before = (table.app_trans_id.in_(given_back), table.counts_at_ms < start_ms)
    return [*_read(connection, before), *counted]


def held_by_ids(connection: Connection, ids: Sequence[str], numbers: Sequence[str]) -> list[PaymentHeld]:
    """What has one of these order ids, or one of these numbers of the gateway."""
    found: dict[str, PaymentHeld] = {}
    for some in _slices(ids):
        found |= {one.payment_id: one for one in _read(connection, (payment.c.app_trans_id.in_(some),))}
    has_one = payment.c.zp_trans_id != literal_column("''")  # written out as its index has it
    for some in _slices(numbers):
        found |= {one.payment_id: one for one in _read(connection, (has_one, payment.c.zp_trans_id.in_(some)))}
    return list(found.values())


def _slices(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def _read(connection: Connection, where: Iterable[ColumnElement[bool]]) -> list[PaymentHeld]:
    table = payment.c
    where = tuple(where)
    back = select(
        refund.c.app_trans_id, refund.c.refund_id, refund.c.m_refund_id, refund.c.amount, refund.c.settled_at_ms
    )
    back = back.join_from(refund, payment, refund.c.app_trans_id == table.app_trans_id)
    refunds: dict[str, list[RefundHeld]] = defaultdict(list)
    done = (refund.c.state == RefundState.DONE.value, refund.c.settled_at_ms.is_not(None))
    for payment_id, *one in connection.execute(back.where(*done, *where).order_by(refund.c.running)):
        refunds[payment_id].append(RefundHeld(*one))
    columns = select(
        table.app_trans_id,
        table.slip_number,
        table.zp_trans_id,
        table.amount,
        table.state,
        table.counts_at_ms,
        table.gateway,
    )
    rows = connection.execute(columns.where(*where).order_by(table.counts_at_ms, table.running))
    return [PaymentHeld(*row, tuple(refunds.get(row[0], ()))) for row in rows]
