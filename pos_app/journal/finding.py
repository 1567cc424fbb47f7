"""Finding payments among a million: by day, shift, person, method, state, amount, the last digits of an id, a word.

What is wanted is split into branches that each have an index of their own and come newest first (by running number);
the newest of all branches are read whole. So it takes as long as what is found, not as long as what is stored.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import product

from sqlalchemy import ColumnElement, Connection, Text, and_, exists, func, literal_column, or_, select, true, tuple_

from pos_app.journal.plain_text import plain
from pos_app.journal.projections import PaymentRecord, payment, read_payments, refund
from pos_app.journal.wanted import Choices, Sums, Wanted
from pos_app.money import read_amount
from pos_app.payments.payment import DECIDED, LIVE, State
from pos_app.payments.refund import RefundState

_SLIP_END, _NUMBER_END = 3, 4
# Written out as their indexes have them: a number that is handed over apart makes another expression of it.
_slip_end: ColumnElement[str] = literal_column(f"substr(payment.slip_number, -{_SLIP_END})", Text)
_number_end: ColumnElement[str] = literal_column(f"substr(payment.zp_trans_id, -{_NUMBER_END})", Text)
_REFUNDS_MAX = 100
IS_DONE = literal_column("+refund.state", Text) == RefundState.DONE.value
"""That a refund is done; the plus keeps SQLite from going through all that are."""
_EPOCH = re.compile(r"(.*[0-9])-[0-9a-z]{4}")


def found(connection: Connection, wanted: Wanted, count: int) -> list[int]:
    """The running numbers of at most `count` payments that fit, newest first."""
    shared = list(_shared(connection, wanted))
    numbers: set[int] = set()
    for branch in _branches(connection, wanted):
        chosen = select(payment.c.running).where(*shared, *branch).order_by(payment.c.running.desc()).limit(count)
        numbers.update(connection.execute(chosen).scalars())
    return sorted(numbers, reverse=True)[:count]


def fitting(connection: Connection, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The same as conditions, for what has to look at all that fits."""
    return [*_shared(connection, wanted), or_(*(and_(true(), *branch) for branch in _branches(connection, wanted)))]


def sums(connection: Connection, wanted: Wanted) -> Sums:
    """What all that fits comes to. Takes as long as there are such payments: for a range of days."""
    given_back = (
        select(func.sum(refund.c.amount))
        .where(refund.c.app_trans_id == payment.c.app_trans_id, IS_DONE)
        .scalar_subquery()
    )
    by_state = select(payment.c.state, func.count(), func.sum(payment.c.amount), func.sum(given_back))
    rows = connection.execute(by_state.where(*fitting(connection, wanted)).group_by(payment.c.state)).all()

    def amount_of(*states: State) -> int:
        return sum(amount for state, _, amount, _ in rows if state in states)

    return Sums(
        sum(count for _, count, _, _ in rows),
        amount_of(State.PAID),
        sum(back or 0 for _, _, _, back in rows),
        amount_of(*(DECIDED - {State.MANUAL_UNPAID})),
        amount_of(*LIVE),
    )


def _shared(connection: Connection, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """The conditions that every branch has."""
    table = payment.c
    if wanted.start_ms is not None and wanted.end_ms is not None:
        in_time = (table.prepared_at_ms >= wanted.start_ms, table.prepared_at_ms < wanted.end_ms)
        # By the numbers of that time too: an index has its rows in their order, whatever else it is of.
        first, last = connection.execute(select(func.min(table.running), func.max(table.running)).where(*in_time)).one()
        yield and_(*in_time, table.running.between(first or 0, last or 0))
    if wanted.shift is not None:
        yield table.shift == wanted.shift
    if wanted.cashier is not None:
        yield table.cashier == wanted.cashier
    if wanted.amount is not None:
        yield table.amount == wanted.amount
    if wanted.refunded:
        done = (refund.c.app_trans_id == table.app_trans_id, IS_DONE)
        yield exists().where(*done)  # asked of each on the way, which ends when there are enough


def _branches(connection: Connection, wanted: Wanted) -> Iterator[list[ColumnElement[bool]]]:
    """One of each: each branch is a straight walk along one index."""
    methods = [and_(payment.c.gateway == one, payment.c.source == other) for one, other in wanted.methods]
    states = [payment.c.state == one.value for one in wanted.states]
    texts = list(_meant(connection, wanted.text)) if wanted.text.strip() else []
    for branch in product(*filter(None, (methods, states, texts))):
        yield list(branch)


def _meant(connection: Connection, text: str) -> Iterator[ColumnElement[bool]]:
    """What somebody who typed this may mean."""
    table = payment.c
    key = "".join(text.split()).lower()
    with suppress(ValueError):
        yield table.amount == read_amount(text)
    yield table.app_trans_id == key
    without_epoch = _EPOCH.fullmatch(key)
    end = (without_epoch[1] if without_epoch else key)[-_SLIP_END:]
    if len(end) == _SLIP_END and end.isascii() and end.isdecimal():
        slip = _slip_end == end
        dated = func.substr(table.app_trans_id, 1, func.length(table.app_trans_id) - 5)
        yield and_(slip, or_(*(_ends_with(one, key) for one in (table.slip_number, table.app_trans_id, dated))))
        same = or_(_ends_with(refund.c.slip_number, key), _ends_with(refund.c.refund_id, key))
        refunds = select(refund.c.app_trans_id).where(same).order_by(refund.c.running.desc()).limit(_REFUNDS_MAX)
        yield table.app_trans_id.in_(connection.execute(refunds).scalars().all())
    if len(key) >= _NUMBER_END:
        has_one = table.zp_trans_id != literal_column("''")  # written out as its index has it
        last = _number_end == key[-_NUMBER_END:]
        yield and_(has_one, last, _ends_with(table.zp_trans_id, key))
    noted = table.plain_note != literal_column("''")
    yield and_(noted, func.instr(table.plain_note, plain(text)) > 0)


def _ends_with(column: ColumnElement[str], end: str) -> ColumnElement[bool]:
    return func.lower(func.substr(column, -len(end))) == end


def choices(connection: Connection, shifts: int) -> Choices:
    """What there is among all payments; of the shifts the last few."""
    table = payment.c
    newest: list[int] = []
    following = select(func.max(table.shift))
    while len(newest) < shifts:
        one = connection.execute(following.where(table.shift < newest[-1]) if newest else following).scalar()
        if one is None:
            break
        newest.append(one)
    return Choices(
        tuple(row[0] for row in _each(connection, table.cashier)),
        tuple((row[0], row[1]) for row in _each(connection, table.gateway, table.source)),
        tuple(newest),
    )


def _each(connection: Connection, *columns: ColumnElement[str]) -> Iterator[tuple[str, ...]]:
    """The different values of an index's columns: from one to the next, however many rows have each."""
    key = tuple_(*columns)
    last: tuple[str, ...] | None = None
    while True:
        following = select(*columns).order_by(*columns).limit(1)
        row = connection.execute(following if last is None else following.where(key > tuple_(*last))).first()
        if row is None:
            return
        last = tuple(row)
        yield last


def read_found(connection: Connection, wanted: Wanted, count: int) -> tuple[PaymentRecord, ...]:
    """At most `count` payments that fit, newest first."""
    numbers = found(connection, wanted, count)
    return read_payments(connection, payment.c.running.in_(numbers), newest_first=True)
