"""What timed gestures took, by the time they were shown: all that a report counts of them, in the order it reads it."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLE = """
    CREATE TABLE gesture (
        at_ms INTEGER NOT NULL,
        app_trans_id TEXT NOT NULL REFERENCES payment (app_trans_id),
        cashier TEXT NOT NULL,
        gateway TEXT NOT NULL,
        source TEXT NOT NULL,
        sent_us INTEGER,
        answered_us INTEGER,
        shown_us INTEGER,
        PRIMARY KEY (at_ms, app_trans_id)
    ) STRICT, WITHOUT ROWID
"""


def upgrade() -> None:
    """Bring the schema here."""
    op.execute(_TABLE)


def downgrade() -> None:
    """There is no way back: an older program must not open a newer journal."""
    raise NotImplementedError
