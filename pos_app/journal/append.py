"""Entries to the end of the chain, and what they come to with them: all in the caller's transaction."""

from sqlalchemy import Connection, func, insert, select

from pos_app.journal import bookkeeping, chain
from pos_app.journal.canonical import to_json
from pos_app.journal.chain import START, Anchor
from pos_app.journal.entries import Entry, payment_of
from pos_app.journal.errors import LawlessEntryError
from pos_app.journal.fixed import Fixed
from pos_app.journal.projections import entry

_HEAD = Fixed(select(entry.c.n, entry.c.hash).where(entry.c.n == select(func.max(entry.c.n)).scalar_subquery()))
_ENTRY = Fixed(insert(entry))


def head(connection: Connection) -> Anchor:
    """The last entry; `START` when there is none."""
    last = _HEAD.rows(connection)
    return Anchor(*last[0]) if last else START


def append(connection: Connection, entries: tuple[Entry, ...], at_ms: int) -> None:
    """Put the entries at the end, and bring their payments up to date.

    Raises:
        LawlessEntryError: they contradict the rules.
        sqlite3.IntegrityError: they break a constraint.
    """
    bookkeeping.project(connection, entries, at_ms)
    last = head(connection)
    n, previous = last.n, last.hash
    rows = []
    for one in entries:
        try:
            payload = to_json(one)
        except (ValueError, KeyError, TypeError) as error:
            message = f"the entry cannot be written down ({type(error).__name__})"
            raise LawlessEntryError(message) from None
        n, previous = n + 1, chain.link_hash(n + 1, previous, at_ms, payload)
        row = {"n": n, "at_ms": at_ms, "kind": one.kind, "app_trans_id": payment_of(one)}
        rows.append({**row, "payload": payload, "hash": previous})
    _ENTRY.carry_out(connection, rows)
