"""The chained entries, the payments projected from them, and the journal's own row."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPLICATION_ID = 0x7A6C7069

_STATEMENTS = (
    f"PRAGMA application_id = {APPLICATION_ID}",
    """
    CREATE TABLE journal (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        till TEXT NOT NULL,
        epoch TEXT NOT NULL,
        clean_stop INTEGER NOT NULL CHECK (clean_stop IN (0, 1)),
        checked_at_ms INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE payment (
        app_trans_id TEXT PRIMARY KEY,
        sale_id TEXT NOT NULL,
        slip_number TEXT NOT NULL UNIQUE,
        running INTEGER NOT NULL UNIQUE CHECK (running > 0),
        amount INTEGER NOT NULL CHECK (amount > 0),
        state TEXT NOT NULL CHECK (state IN (
            'prepared', 'sending', 'unknown', 'processing', 'mismatch', 'paid', 'failed', 'not_sent', 'not_created')),
        zp_trans_id TEXT NOT NULL,
        prepared_at_ms INTEGER NOT NULL,
        settled_at_ms INTEGER,
        released_at_ms INTEGER,
        CONSTRAINT paid_is_settled CHECK (state <> 'paid' OR (zp_trans_id <> '' AND settled_at_ms IS NOT NULL))
    ) STRICT
    """,
    """
    CREATE UNIQUE INDEX one_live_attempt ON payment (sale_id)
    WHERE state IN ('prepared', 'sending', 'unknown', 'processing', 'mismatch') AND released_at_ms IS NULL
    """,
    "CREATE UNIQUE INDEX one_payment_per_zp_trans_id ON payment (zp_trans_id) WHERE zp_trans_id <> ''",
    "CREATE INDEX payment_by_time ON payment (prepared_at_ms)",
    "CREATE INDEX payment_by_sale ON payment (sale_id)",
    "CREATE INDEX payment_by_state ON payment (state)",
    """
    CREATE TABLE entry (
        n INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        kind TEXT NOT NULL,
        app_trans_id TEXT REFERENCES payment (app_trans_id),
        payload TEXT NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT
    """,
    "CREATE INDEX entry_by_payment ON entry (app_trans_id, n)",
    """
    CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    """
    CREATE TRIGGER entry_never_goes BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    # Also closes the back door of INSERT OR REPLACE, which deletes without asking the trigger above.
    """
    CREATE TRIGGER entry_comes_last BEFORE INSERT ON entry
    WHEN NEW.n <> (SELECT coalesce(max(n), 0) + 1 FROM entry)
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    """
    CREATE TRIGGER payment_never_goes BEFORE DELETE ON payment
    BEGIN SELECT RAISE(ABORT, 'a payment stays'); END
    """,
)


def upgrade() -> None:
    """Make the schema."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """There is no way back: an older program must not open a newer journal."""
    raise NotImplementedError
