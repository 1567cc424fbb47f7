"""How long gestures took, kept for reports beside the entries that tell it, and counted from there.

Only looked at by people: no rule and no other figure reads it.
"""

from typing import NamedTuple

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    func,
    insert,
    literal_column,
    select,
)

from pos_app.journal.entries import GestureTimed
from pos_app.journal.errors import LawlessEntryError
from pos_app.journal.projections import payment

gesture = Table(
    "gesture",
    MetaData(),
    Column("at_ms", Integer, primary_key=True),
    Column("app_trans_id", Text, primary_key=True),
    Column("cashier", Text),
    Column("gateway", Text),
    Column("source", Text),
    Column("sent_us", Integer),
    Column("answered_us", Integer),
    Column("shown_us", Integer),
)
_COLUMNS = ("at_ms", "app_trans_id", "cashier", "gateway", "source", "sent_us", "answered_us", "shown_us")
_KEPT = insert(gesture).from_select(
    _COLUMNS,
    select(
        bindparam("at", type_=Integer),
        payment.c.app_trans_id,
        payment.c.cashier,
        payment.c.gateway,
        payment.c.source,
        *(bindparam(name, type_=Integer) for name in ("sent", "answered", "shown")),
    ).where(payment.c.app_trans_id == bindparam("own")),
)
_SHOWN_DAY = literal_column("(gesture.at_ms + 25200000) / 86400000", Integer)
_PARTS = ("sent_us", "answered_us", "shown_us")


class TimedAlike(NamedTuple):
    """The gestures shown on one Vietnamese day (counted from 1970), alike in all but how many whole ms each took.

    Attributes:
        day, cashier, gateway, source: what they have in common.
        parts: what each part of them took, in no order; a gesture that did not come to a part is left out there.
            By their place: from the scan until it was sent, from there to the answer, from the proof to the screen.
    """

    day: int
    cashier: str
    gateway: str
    source: str
    parts: tuple[tuple[int, ...], ...]


def keep(connection: Connection, timed: GestureTimed, at_ms: int) -> None:
    """Keep what it took beside the entry.

    Raises:
        LawlessEntryError: it is of no payment.
    """
    given = {
        "at": at_ms,
        "own": timed.app_trans_id,
        "sent": timed.sent_us,
        "answered": _span(timed.sent_us, timed.answered_us),
        "shown": _span(timed.known_us, timed.shown_us),
    }
    if connection.execute(_KEPT, given).rowcount != 1:
        message = "an entry for a payment that was never prepared"
        raise LawlessEntryError(message)


def _span(began_us: int | None, ended_us: int | None) -> int | None:
    return None if began_us is None or ended_us is None else ended_us - began_us


def timed_alike(connection: Connection, start_ms: int, end_ms: int) -> list[TimedAlike]:
    """The gestures that were shown from `start_ms` on and before `end_ms`."""
    alike = (_SHOWN_DAY, gesture.c.cashier, gesture.c.gateway, gesture.c.source)
    # Next to no two took the same ms: strung together they are read at once, instead of being counted three times.
    strung = (func.group_concat(literal_column(f"(gesture.{us} + 500) / 1000", Integer)) for us in _PARTS)
    in_time = (gesture.c.at_ms >= start_ms, gesture.c.at_ms < end_ms)
    rows = connection.execute(select(*alike, *strung).where(*in_time).group_by(*alike))
    return [
        TimedAlike(day, cashier, gateway, source, tuple(map(_numbers, took)))
        for day, cashier, gateway, source, *took in rows
    ]


def _numbers(strung: str | None) -> tuple[int, ...]:
    return tuple(map(int, strung.split(","))) if strung else ()
