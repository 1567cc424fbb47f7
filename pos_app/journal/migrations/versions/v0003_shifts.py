"""Shifts: which one each payment, refund and posting belongs to, and what a payment stood at when a shift began.

What was there before counts as shift 0, which has no report: the first shift begins with the next entry. What a
payment was paid with and by whom is copied out of its first entry, so that totals need not read entries. Why an old
payment was declined stays NULL until the payment is next written to: no statement here can fold its evidence.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE payment ADD COLUMN shift INTEGER NOT NULL DEFAULT 0 CHECK (shift >= 0)",
    # The shift it was last written in: the first write in a later one keeps in `carried` what it stood at.
    "ALTER TABLE payment ADD COLUMN in_shift INTEGER NOT NULL DEFAULT 0 CHECK (in_shift >= shift)",
    "ALTER TABLE payment ADD COLUMN gateway TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE payment ADD COLUMN source TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE payment ADD COLUMN scanned_at_ms INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE payment ADD COLUMN cashier TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE payment ADD COLUMN cashier_id TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE payment ADD COLUMN cause TEXT",
    "ALTER TABLE refund ADD COLUMN shift INTEGER NOT NULL DEFAULT 0 CHECK (shift >= 0)",
    "ALTER TABLE refund ADD COLUMN settled_shift INTEGER",
    "ALTER TABLE refund ADD COLUMN cashier TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE refund ADD COLUMN cashier_id TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE refund ADD COLUMN allowed_by TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE refund ADD COLUMN allowed_by_id TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE posting ADD COLUMN shift INTEGER NOT NULL DEFAULT 0 CHECK (shift >= 0)",
    """
    UPDATE payment SET (gateway, source, scanned_at_ms) = (
        SELECT json_extract(payload, '$.attempt.gateway'), json_extract(payload, '$.attempt.source'),
               json_extract(payload, '$.attempt.scanned_at_ms')
        FROM entry WHERE entry.app_trans_id = payment.app_trans_id AND kind = 'payment_prepared')
    WHERE EXISTS (SELECT 1 FROM entry WHERE entry.app_trans_id = payment.app_trans_id AND kind = 'payment_prepared')
    """,
    """
    UPDATE refund SET settled_shift = CASE WHEN settled_at_ms IS NULL THEN NULL ELSE 0 END,
        allowed_by = coalesce((
            SELECT json_extract(payload, '$.by') FROM entry
            WHERE entry.app_trans_id = refund.app_trans_id AND kind = 'manager_acted'
              AND json_extract(payload, '$.number') = refund.m_refund_id), '')
    """,
    "CREATE INDEX payment_by_shift ON payment (shift, running)",
    "CREATE INDEX refund_by_shift ON refund (shift, running)",
    "CREATE INDEX refund_by_settling ON refund (settled_shift) WHERE settled_shift IS NOT NULL",
    "CREATE INDEX posting_by_shift ON posting (shift, account, amount)",
    # By the payload's one spelling: reading JSON is nothing that a schema may do by itself.
    r"""
    CREATE INDEX reprints ON entry (n) WHERE kind = 'slip_printed' AND instr(payload, '"copy"\:0,') = 0
    """,
    "CREATE INDEX manager_acts ON entry (n) WHERE kind = 'manager_acted'",
    """
    CREATE TABLE carried (
        shift INTEGER NOT NULL CHECK (shift > 0),
        app_trans_id TEXT NOT NULL REFERENCES payment (app_trans_id),
        state TEXT NOT NULL,
        late INTEGER NOT NULL CHECK (late IN (0, 1)),
        kept INTEGER NOT NULL CHECK (kept IN (0, 1)),
        refunded INTEGER NOT NULL CHECK (refunded >= 0),
        PRIMARY KEY (shift, app_trans_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE shift (
        number INTEGER PRIMARY KEY CHECK (number >= 0),
        from_n INTEGER NOT NULL,
        opened_at_ms INTEGER,
        opened_by TEXT NOT NULL DEFAULT '',
        opened_by_id TEXT NOT NULL DEFAULT '',
        float_dong INTEGER NOT NULL DEFAULT 0,
        to_n INTEGER,
        closed_at_ms INTEGER,
        z_number INTEGER UNIQUE CHECK (z_number > 0),
        grand_total INTEGER,
        grand_by_hand INTEGER,
        CONSTRAINT closed_as_a_whole CHECK ((to_n IS NULL) = (grand_total IS NULL)),
        CONSTRAINT closed_with_a_z CHECK (number = 0 OR (to_n IS NULL) = (z_number IS NULL))
    ) STRICT
    """,
    "CREATE UNIQUE INDEX one_running_shift ON shift ((to_n IS NULL)) WHERE to_n IS NULL",
    """
    INSERT INTO shift (number, from_n, to_n, grand_total, grand_by_hand)
    SELECT 0, 1, (SELECT coalesce(max(n), 0) FROM entry),
           (SELECT coalesce(sum(amount), 0) FROM posting WHERE account = 'wallet'),
           (SELECT coalesce(sum(amount), 0) FROM posting WHERE account = 'manual')
    """,
    "INSERT INTO shift (number, from_n) SELECT 1, (SELECT coalesce(max(n), 0) FROM entry) + 1",
    """
    CREATE TRIGGER closed_shift_never_changes BEFORE UPDATE ON shift WHEN OLD.to_n IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a closed shift stays as it is'); END
    """,
    """
    CREATE TRIGGER shift_never_goes BEFORE DELETE ON shift
    BEGIN SELECT RAISE(ABORT, 'a shift stays'); END
    """,
    # INSERT OR REPLACE deletes without asking the trigger above.
    """
    CREATE TRIGGER shift_comes_next BEFORE INSERT ON shift
    WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM shift)
    BEGIN SELECT RAISE(ABORT, 'shifts come one after the other'); END
    """,
    """
    CREATE TRIGGER z_without_gaps BEFORE UPDATE OF z_number ON shift
    WHEN NEW.z_number <> (SELECT coalesce(max(z_number), 0) + 1 FROM shift)
    BEGIN SELECT RAISE(ABORT, 'no gap between reports'); END
    """,
    """
    CREATE TRIGGER carried_never_changes BEFORE UPDATE ON carried
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    """
    CREATE TRIGGER carried_never_goes BEFORE DELETE ON carried
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    """
    CREATE TRIGGER carried_is_new BEFORE INSERT ON carried
    WHEN EXISTS (SELECT 1 FROM carried WHERE shift = NEW.shift AND app_trans_id = NEW.app_trans_id)
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
)


def upgrade() -> None:
    """Bring the schema here."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """There is no way back: an older program must not open a newer journal."""
    raise NotImplementedError
