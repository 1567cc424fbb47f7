"""Timed gestures are found by time, and what a report tells of them is read from the index alone: from the entries.

Nothing is kept a second time: SQLite works the spans out of each entry when it is stored, and the chain guards them.
"""

from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

_INDEX = """
    CREATE INDEX gestures_by_time ON entry (
        at_ms,
        app_trans_id,
        json_extract(payload, '$.sent_us'),
        json_extract(payload, '$.answered_us') - json_extract(payload, '$.sent_us'),
        json_extract(payload, '$.shown_us') - json_extract(payload, '$.known_us')
    ) WHERE kind = 'gesture_timed'
"""


def upgrade() -> None:
    """Bring the schema here."""
    op.execute(_INDEX)


def downgrade() -> None:
    """There is no way back: an older program must not open a newer journal."""
    raise NotImplementedError
