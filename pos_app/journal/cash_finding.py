"""Finding and counting cash sales: the same wishes as for payments, and sums that stand apart from theirs."""

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select

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


class CashListed(NamedTuple):
    """A cash sale as a list tells it; `refunded` in dong."""

    running: int
    at_ms: int
    slip_number: str
    cashier: str
    shift: int
    note: str
    amount: int
    refunded: int


def found(connection: Connection, wanted: Wanted, count: int) -> tuple[CashRecord, ...]:
    """At most `count` cash sales that fit, newest first."""
    return sales(connection, *where, count=count) if (where := _where(wanted)) is not None else ()


def listed(connection: Connection, wanted: Wanted, before: int | None, count: int) -> list[CashListed]:
    """The next `count` cash sales that fit, newest first; `before` is the last one's running number."""
    where = _where(wanted)
    if where is None:
        return []
    if before is not None:
        where.append(cash.c.running < before)
    table = cash.c
    back = func.coalesce(_GIVEN_BACK, 0)
    columns = (table.running, table.at_ms, table.slip_number, table.cashier, table.shift, table.note, table.amount)
    chosen = select(*columns, back).where(_IS_SALE, *where).order_by(table.running.desc()).limit(count)
    return [CashListed(*row) for row in connection.execute(chosen)]


def sums(connection: Connection, wanted: Wanted) -> tuple[int, int]:
    """How many cash sales fit, and their dong less what was given back of them."""
    where = _where(wanted)
    if where is None:
        return 0, 0
    told = select(func.count(), func.sum(cash.c.amount), func.sum(_GIVEN_BACK)).where(_IS_SALE, *where)
    count, sold, back = connection.execute(told).one()
    return count, (sold or 0) - (back or 0)


def there_is(connection: Connection) -> bool:
    """Whether anything was ever sold for cash."""
    return connection.execute(select(cash.c.n).where(_IS_SALE).limit(1)).first() is not None


_IS_SALE = cash.c.kind == CashKind.SALE.value
_GIVEN_BACK = select(func.sum(_back.c.amount)).where(_back.c.of_slip == cash.c.slip_number).scalar_subquery()


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
