"""Reading out of the journal which keys its payments are made with, and so whether it is a demo's."""

from sqlalchemy import Connection, select

from pos_app.journal import projections
from pos_app.journal.canonical import from_json
from pos_app.journal.entries import KeysChanged


def last_key_change(connection: Connection) -> KeysChanged | None:
    """The newest change; None in a demo's journal. For `Journal.read`."""
    entry = projections.entry.c
    # Those of no payment are few, and have an index.
    chosen = select(entry.payload).where(entry.app_trans_id.is_(None), entry.kind == KeysChanged.kind)
    payload = connection.scalars(chosen.order_by(entry.n.desc()).limit(1)).first()
    found = from_json(payload) if payload is not None else None
    return found if isinstance(found, KeysChanged) else None
