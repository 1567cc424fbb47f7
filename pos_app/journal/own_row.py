"""The journal's own row: whose it is, how it was stopped, up to where it was checked, where it came from."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from pos_app.journal.append import append
from pos_app.journal.chain import START, Anchor
from pos_app.journal.entries import EpochBegun
from pos_app.journal.projections import journal, last_running

_NUMBERS_LEFT_OUT = 10_000


@dataclass(frozen=True, slots=True)
class OwnRow:
    """What the row says.

    Attributes:
        till: the till's id.
        epoch: the random part of order ids.
        clean_stop: it was stopped, and not just ended.
        checked_at_ms: when everything was checked last, 0 for never.
        checked: up to which entry.
        installed_on: which installation it belongs to; "" in a journal of the first form.
        running_from: running numbers begin after this one.
        restored_at_ms: when it was restored, until everything has been asked again; else None.
        backed_up_at_ms: what came after this is missing in a restored journal.
    """

    till: str
    epoch: str
    clean_stop: bool
    checked_at_ms: int
    checked: Anchor
    installed_on: str
    running_from: int
    restored_at_ms: int | None
    backed_up_at_ms: int | None


def read_own_row(connection: Connection) -> OwnRow | None:
    """The row; None in a journal that has none yet."""
    row = connection.execute(select(journal)).mappings().first()
    if row is None:
        return None
    return OwnRow(
        row["till"],
        row["epoch"],
        clean_stop=bool(row["clean_stop"]),
        checked_at_ms=row["checked_at_ms"],
        checked=Anchor(row["checked_n"], row["checked_hash"]) if row["checked_n"] else START,
        installed_on=row["installed_on"],
        running_from=row["running_from"],
        restored_at_ms=row["restored_at_ms"],
        backed_up_at_ms=row["backed_up_at_ms"],
    )


def make_own_row(connection: Connection, *, till: str, epoch: str) -> OwnRow:
    """The row of a new journal, which is not stopped until it is."""
    connection.execute(insert(journal).values(one=1, till=till, epoch=epoch, clean_stop=0, checked_at_ms=0))
    return OwnRow(till, epoch, False, 0, START, "", 0, None, None)  # noqa: FBT003 - the columns in order


def change_own_row(connection: Connection, **values: object) -> None:
    """Set columns of the row."""
    connection.execute(update(journal).values(values))


def note_checked(connection: Connection, checked: Anchor) -> None:
    """Everything up to here was checked."""
    change_own_row(connection, checked_n=checked.n, checked_hash=checked.hash if checked.n else b"")


def begin_epoch(connection: Connection, epoch: str, cause: str, at_ms: int) -> None:
    """Another random part for order ids, and slip numbers well past those that are lost: none is given twice."""
    append(connection, (EpochBegun(epoch, cause),), at_ms)
    running_from = (last_running(connection) // _NUMBERS_LEFT_OUT + 1) * _NUMBERS_LEFT_OUT
    change_own_row(connection, epoch=epoch, running_from=running_from)
