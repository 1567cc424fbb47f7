"""The journal's own row: whose it is, how it was stopped, up to where it was checked, where it came from.

And the epochs of its order ids: which numbers were given, and which may have been given after a backup. That goes by
the order of the entries, never by a clock.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from pos_app.journal.append import append
from pos_app.journal.canonical import from_json
from pos_app.journal.chain import START, Anchor
from pos_app.journal.entries import EpochBegun, JournalOpened, PaymentPrepared, RefundRequested
from pos_app.journal.projections import cash, entry, journal, last_running, payment
from pos_app.payments.order_number import running_of

_NUMBERS_LEFT_OUT = 10_000
_RESTORED = "restored"
_EPOCHS_MAX = 2


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
    own = read_own_row(connection)
    given = max(last_running(connection), own.running_from if own else 0)
    change_own_row(connection, epoch=epoch, running_from=_well_past(given))


@dataclass(frozen=True, slots=True)
class LostNumbers:
    """Numbers that may have been given after the backup that was put back.

    Attributes:
        epoch: the random part of their order ids.
        after: they come after this one.
        since_ms: wall clock of the last that the journal knows of that time.
    """

    epoch: str
    after: int
    since_ms: int


def lost_numbers(connection: Connection) -> tuple[LostNumbers, ...]:
    """For the epochs that a restoring ended, the newest first: of an older one a catching up may not be finished."""
    kinds = (JournalOpened.kind, EpochBegun.kind)
    told = select(entry.c.n, entry.c.at_ms, entry.c.payload).where(entry.c.kind.in_(kinds)).order_by(entry.c.n)
    epoch, running_from, since_ms = "", 0, 0
    lost: list[LostNumbers] = []
    for n, at_ms, payload in connection.execute(told).all():
        one = from_json(payload)
        if not isinstance(one, JournalOpened | EpochBegun) or one.epoch == epoch:
            continue
        if isinstance(one, EpochBegun):
            after = max(_given_before(connection, n), running_from)
            if one.cause == _RESTORED and epoch:
                lost.append(LostNumbers(epoch, after, _last_at_ms(connection, n) or since_ms))
            running_from = _well_past(after)
        epoch, since_ms = one.epoch, at_ms
    return tuple(reversed(lost[-_EPOCHS_MAX:]))


def restored_at_entry(connection: Connection) -> int:
    """The number of the entry that the last restoring wrote: what is older comes from the backup. 0 for none."""
    begun = select(entry.c.n, entry.c.payload).where(entry.c.kind == EpochBegun.kind).order_by(entry.c.n.desc())
    found = ((n, from_json(payload)) for n, payload in connection.execute(begun))
    return next((n for n, one in found if isinstance(one, EpochBegun) and one.cause == _RESTORED), 0)


def _well_past(running: int) -> int:
    """A round number, thousands away: so many may have been given that are not known here."""
    return ((running + _NUMBERS_LEFT_OUT // 2) // _NUMBERS_LEFT_OUT + 1) * _NUMBERS_LEFT_OUT


def _given_before(connection: Connection, n: int) -> int:
    """The highest running number in entries before this one."""
    prepared = select(entry.c.app_trans_id).where(entry.c.kind == PaymentPrepared.kind, entry.c.n < n)
    highest = select(func.max(payment.c.running)).where(payment.c.app_trans_id.in_(prepared))
    asked = select(entry.c.payload).where(entry.c.kind == RefundRequested.kind, entry.c.n < n)
    refunds = (from_json(payload) for payload in connection.execute(asked).scalars())
    given = [running_of(one.refund.slip_number) for one in refunds if isinstance(one, RefundRequested)]
    sold = connection.execute(select(func.max(cash.c.running)).where(cash.c.n < n)).scalar_one()
    return max(connection.execute(highest).scalar_one() or 0, *given, sold or 0)


def _last_at_ms(connection: Connection, n: int) -> int | None:
    """Wall clock of the last thing that happened to a payment before this entry."""
    happened = select(entry.c.at_ms).where(entry.c.app_trans_id.is_not(None), entry.c.n < n)
    found: int | None = connection.execute(happened.order_by(entry.c.n.desc()).limit(1)).scalar()
    return found
