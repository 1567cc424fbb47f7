"""Reading out of the journal which keys its payments are made with, and so whether it is a demo's."""

from sqlalchemy import Connection, select

from pos_app.journal import projections
from pos_app.journal.canonical import from_json
from pos_app.journal.entries import KeysChanged


def last_key_change(connection: Connection) -> KeysChanged | None:
    """The newest change; None in a demo's journal. For `Journal.read`."""
    found = last_key_change_at(connection)
    return found[1] if found else None


def last_key_change_at(connection: Connection) -> tuple[int, KeysChanged] | None:
    """The newest change and when it was, wall clock; None in a demo's journal. For `Journal.read`."""
    entry = projections.entry.c
    # Those of no payment are few, and have an index.
    chosen = select(entry.at_ms, entry.payload).where(entry.app_trans_id.is_(None), entry.kind == KeysChanged.kind)
    row = connection.execute(chosen.order_by(entry.n.desc()).limit(1)).first()
    found = from_json(row.payload) if row is not None else None
    return (row.at_ms, found) if row is not None and isinstance(found, KeysChanged) else None
