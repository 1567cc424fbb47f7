"""Finding and counting cash sales: the same wishes as for payments, and sums that stand apart from theirs."""

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, exists, func, literal_column, or_, select

from pos_app.journal.cash_rows import CashRecord, sales
from pos_app.journal.plain_text import plain
from pos_app.journal.projections import cash
from pos_app.journal.wanted import Wanted
from pos_app.money import read_amount
from pos_app.payments.cash import CashKind
from pos_app.payments.gateway_names import CASH

METHOD = (CASH, CASH)
"""What a list is narrowed by to see cash alone."""
_SLIP_END = 3
_back = cash.alias("back")


class CashAlike(NamedTuple):
    """How many sales or refunds in cash, and dong, of one cashier in a Vietnamese hour (counted from 1970)."""

    hour: int
    cashier: str
    is_refund: bool
    times: int
    amount: int


def found(connection: Connection, wanted: Wanted, count: int | None = None) -> tuple[CashRecord, ...]:
    """At most `count` cash sales that fit, newest first."""
    return sales(connection, *where, count=count) if (where := _where(wanted)) is not None else ()


def sums(connection: Connection, wanted: Wanted) -> tuple[int, int]:
    """How many cash sales fit, and their dong less what was given back of them."""
    where = _where(wanted)
    if where is None:
        return 0, 0
    given_back = select(func.sum(_back.c.amount)).where(_back.c.of_slip == cash.c.slip_number).scalar_subquery()
    told = select(func.count(), func.sum(cash.c.amount), func.sum(given_back)).where(_IS_SALE, *where)
    count, sold, back = connection.execute(told).one()
    return count, (sold or 0) - (back or 0)


def there_is(connection: Connection) -> bool:
    """Whether anything was ever sold for cash."""
    return connection.execute(select(cash.c.n).where(_IS_SALE).limit(1)).first() is not None


def alike(connection: Connection, start_ms: int, end_ms: int) -> list[CashAlike]:
    """What was sold and given back for cash from `start_ms` on and before `end_ms`, counted."""
    is_refund = cash.c.kind == CashKind.REFUND.value
    keys = (_HOUR, cash.c.cashier, is_refund)
    counted = select(*keys, func.count(), func.sum(cash.c.amount)).group_by(*keys)
    in_time = (cash.c.at_ms >= start_ms, cash.c.at_ms < end_ms)
    rows = connection.execute(counted.where(*in_time, cash.c.slip_number.is_not(None)))
    return [CashAlike(row[0], row[1], bool(row[2]), row[3], row[4]) for row in rows]


_IS_SALE = cash.c.kind == CashKind.SALE.value
# Written out, as `figures` has it of payments: a division of whole numbers.
_HOUR: ColumnElement[int] = literal_column("(cash.at_ms + 25200000) / 3600000")


def _where(wanted: Wanted) -> list[ColumnElement[bool]] | None:
    """The conditions; None where no cash sale can fit: a state is one of a gateway's."""
    if wanted.states or (wanted.methods and METHOD not in wanted.methods):
        return None
    return list(_conditions(wanted))


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.start_ms is not None and wanted.end_ms is not None:
        yield cash.c.at_ms >= wanted.start_ms
        yield cash.c.at_ms < wanted.end_ms
    if wanted.shift is not None:
        yield cash.c.shift == wanted.shift
    if wanted.cashier is not None:
        yield cash.c.cashier == wanted.cashier
    if wanted.amount is not None:
        yield cash.c.amount == wanted.amount
    if wanted.refunded:
        yield exists().where(_back.c.of_slip == cash.c.slip_number)
    if wanted.text.strip():
        yield or_(*_meant(wanted.text))


def _meant(text: str) -> Iterator[ColumnElement[bool]]:
    """What somebody who typed this may mean."""
    key = "".join(text.split()).lower()
    with suppress(ValueError):
        yield cash.c.amount == read_amount(text)
    if len(key) >= _SLIP_END:
        yield func.lower(func.substr(cash.c.slip_number, -len(key))) == key
        ends = func.lower(func.substr(_back.c.slip_number, -len(key))) == key
        yield exists().where(_back.c.of_slip == cash.c.slip_number, ends)
    yield func.instr(cash.c.plain_note, plain(text)) > 0
