"""Reading who works here out of the journal. What the changes come to is `staff.roster`'s business."""

from sqlalchemy import Connection, select

from pos_app.journal import projections
from pos_app.journal.canonical import from_json
from pos_app.journal.entries import StaffChanged


def staff_changes(connection: Connection) -> tuple[StaffChanged, ...]:
    """Every change of the staff, oldest first; for `Journal.read`."""
    entry = projections.entry.c
    # Those of no payment are few, and have an index.
    chosen = select(entry.payload).where(entry.app_trans_id.is_(None), entry.kind == StaffChanged.kind)
    found = (from_json(payload) for payload in connection.scalars(chosen.order_by(entry.n)))
    return tuple(one for one in found if isinstance(one, StaffChanged))
