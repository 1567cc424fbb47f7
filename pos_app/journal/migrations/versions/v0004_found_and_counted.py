"""Finding and counting among a million payments: what is searched for has an index, newest last.

The note is kept a second time as it is searched for: without marks and capitals. The last digits of ids are indexed by
their own last digits. `counts_at_ms` is when a payment counts in a report: when its result was known, an open one when
it was begun.
"""

from alembic import op
from sqlalchemy import text

from pos_app.journal.plain_text import plain

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_LIVE = "'prepared', 'sending', 'unknown', 'processing', 'mismatch'"
_COLUMNS = (
    "ALTER TABLE payment ADD COLUMN plain_note TEXT NOT NULL DEFAULT ''",
    f"""
    ALTER TABLE payment ADD COLUMN counts_at_ms INTEGER GENERATED ALWAYS AS (
        CASE WHEN state IN ({_LIVE}) THEN prepared_at_ms ELSE coalesce(settled_at_ms, prepared_at_ms) END) VIRTUAL
    """,
)
_NOTES = """
    SELECT payment.running, json_extract(entry.payload, '$.attempt.note') FROM payment
    JOIN entry ON entry.app_trans_id = payment.app_trans_id AND entry.kind = 'payment_prepared'
    WHERE json_extract(entry.payload, '$.attempt.note') <> ''
"""
_INDEXES = (
    "DROP INDEX payment_by_time",
    "CREATE INDEX payment_by_time ON payment (prepared_at_ms, running)",
    "DROP INDEX payment_by_state",
    "CREATE INDEX payment_by_state ON payment (state, running)",
    "CREATE INDEX payment_by_cashier ON payment (cashier, running)",
    "CREATE INDEX payment_by_method ON payment (gateway, source, running)",
    "CREATE INDEX payment_by_amount ON payment (amount, running)",
    "CREATE INDEX payment_by_slip_end ON payment (substr(slip_number, -3), running)",
    "CREATE INDEX payment_by_number_end ON payment (substr(zp_trans_id, -4), running) WHERE zp_trans_id <> ''",
    "CREATE INDEX payment_by_note ON payment (running, plain_note) WHERE plain_note <> ''",
    # All that a report counts: it is read from here alone.
    """
    CREATE INDEX payment_by_count
    ON payment (counts_at_ms, state, gateway, source, cashier, cause, amount, settled_at_ms, scanned_at_ms)
    """,
    "CREATE INDEX refund_by_end ON refund (settled_at_ms) WHERE settled_at_ms IS NOT NULL",
    "CREATE INDEX manager_acts_by_time ON entry (at_ms) WHERE kind = 'manager_acted'",
)


def upgrade() -> None:
    """Bring the schema here."""
    for statement in _COLUMNS:
        op.execute(statement)
    connection = op.get_bind()
    found = connection.execute(text(_NOTES)).all()
    notes = [{"running": running, "note": plain(note)} for running, note in found]
    if notes:
        connection.execute(text("UPDATE payment SET plain_note = :note WHERE running = :running"), notes)
    for statement in _INDEXES:
        op.execute(statement)


def downgrade() -> None:
    """There is no way back: an older program must not open a newer journal."""
    raise NotImplementedError
