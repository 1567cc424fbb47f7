"""Refunds, a manager's acts, the ledger; payments that were cancelled, expired or decided; where the checks stopped.

SQLite cannot widen a CHECK: the table of payments is made anew and filled from the old one. Foreign keys are off while
the steps run (see `sqlite_file`), and checked before they are on again. Whether anything speaks against an old
payment's result was not kept: its `conflict` stays NULL until the payment is next written to.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_LIVE = "'prepared', 'sending', 'unknown', 'processing', 'mismatch'"

_STATEMENTS = (
    f"""
    CREATE TABLE payment_new (
        app_trans_id TEXT PRIMARY KEY,
        sale_id TEXT NOT NULL,
        slip_number TEXT NOT NULL UNIQUE,
        running INTEGER NOT NULL UNIQUE CHECK (running > 0),
        amount INTEGER NOT NULL CHECK (amount > 0),
        state TEXT NOT NULL CHECK (state IN (
            {_LIVE}, 'paid', 'failed', 'not_sent', 'not_created', 'cancelled', 'expired',
            'manual_paid', 'manual_unpaid')),
        zp_trans_id TEXT NOT NULL,
        prepared_at_ms INTEGER NOT NULL,
        settled_at_ms INTEGER,
        released_at_ms INTEGER,
        late INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1)),
        kept INTEGER NOT NULL DEFAULT 0 CHECK (kept IN (0, 1)),
        conflict INTEGER CHECK (conflict IN (0, 1)),
        CONSTRAINT paid_is_settled CHECK (state <> 'paid' OR (zp_trans_id <> '' AND settled_at_ms IS NOT NULL))
    ) STRICT
    """,
    # Money that came after a negative result is late: as the entries tell it, whoever replays them.
    """
    INSERT INTO payment_new (app_trans_id, sale_id, slip_number, running, amount, state, zp_trans_id,
                             prepared_at_ms, settled_at_ms, released_at_ms, late)
    SELECT app_trans_id, sale_id, slip_number, running, amount, state, zp_trans_id,
           prepared_at_ms, settled_at_ms, released_at_ms,
           state = 'paid' AND EXISTS (
               SELECT 1 FROM entry
               WHERE entry.app_trans_id = payment.app_trans_id AND kind = 'payment_settled'
                 AND json_extract(payload, '$.state') <> 'paid')
    FROM payment
    """,
    "DROP TABLE payment",
    "ALTER TABLE payment_new RENAME TO payment",
    f"""
    CREATE UNIQUE INDEX one_live_attempt ON payment (sale_id)
    WHERE state IN ({_LIVE}) AND released_at_ms IS NULL
    """,
    "CREATE UNIQUE INDEX one_payment_per_zp_trans_id ON payment (zp_trans_id) WHERE zp_trans_id <> ''",
    "CREATE INDEX payment_by_time ON payment (prepared_at_ms)",
    "CREATE INDEX payment_by_sale ON payment (sale_id)",
    "CREATE INDEX payment_by_state ON payment (state)",
    # What a manager has to settle is asked for at each start, among however many payments.
    "CREATE INDEX late_money ON payment (prepared_at_ms) WHERE late = 1 AND kept = 0",
    "CREATE INDEX payment_in_conflict ON payment (prepared_at_ms) WHERE conflict = 1",
    """
    CREATE TRIGGER payment_never_goes BEFORE DELETE ON payment
    BEGIN SELECT RAISE(ABORT, 'a payment stays'); END
    """,
    """
    CREATE TABLE refund (
        m_refund_id TEXT PRIMARY KEY,
        app_trans_id TEXT NOT NULL REFERENCES payment (app_trans_id),
        intent TEXT NOT NULL UNIQUE,
        slip_number TEXT NOT NULL UNIQUE,
        running INTEGER NOT NULL UNIQUE CHECK (running > 0),
        amount INTEGER NOT NULL CHECK (amount > 0),
        state TEXT NOT NULL CHECK (state IN (
            'requested', 'sending', 'unknown', 'processing', 'done', 'failed', 'not_sent', 'not_created')),
        refund_id TEXT NOT NULL,
        requested_at_ms INTEGER NOT NULL,
        settled_at_ms INTEGER
    ) STRICT
    """,
    "CREATE INDEX refund_by_payment ON refund (app_trans_id)",
    "CREATE INDEX refund_by_state ON refund (state)",
    """
    CREATE TRIGGER refund_cap BEFORE INSERT ON refund
    WHEN NEW.amount
         + (SELECT coalesce(sum(amount), 0) FROM refund
            WHERE app_trans_id = NEW.app_trans_id AND state NOT IN ('failed', 'not_sent', 'not_created'))
         > (SELECT coalesce(max(amount), 0) FROM payment WHERE app_trans_id = NEW.app_trans_id AND state = 'paid')
    BEGIN SELECT RAISE(ABORT, 'over the paid amount'); END
    """,
    """
    CREATE TRIGGER refund_never_goes BEFORE DELETE ON refund
    BEGIN SELECT RAISE(ABORT, 'a refund stays'); END
    """,
    """
    CREATE TABLE posting (
        id INTEGER PRIMARY KEY,
        app_trans_id TEXT NOT NULL REFERENCES payment (app_trans_id),
        at_ms INTEGER NOT NULL,
        account TEXT NOT NULL CHECK (account IN ('sales_due', 'suspense', 'wallet', 'manual', 'surplus')),
        amount INTEGER NOT NULL CHECK (amount <> 0)
    ) STRICT
    """,
    "CREATE INDEX posting_by_payment ON posting (app_trans_id)",
    "CREATE INDEX posting_by_time ON posting (at_ms)",
    """
    CREATE TRIGGER posting_never_changes BEFORE UPDATE ON posting
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    """
    CREATE TRIGGER posting_never_goes BEFORE DELETE ON posting
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    # INSERT OR REPLACE deletes without asking the trigger above. Where no id is given, NEW.id is none of ours.
    """
    CREATE TRIGGER posting_is_new BEFORE INSERT ON posting
    WHEN EXISTS (SELECT 1 FROM posting WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    # What stood before the ledger was kept, in one posting each.
    """
    INSERT INTO posting (app_trans_id, at_ms, account, amount)
    SELECT app_trans_id, coalesce(settled_at_ms, prepared_at_ms),
           CASE state WHEN 'paid' THEN 'wallet' ELSE 'suspense' END, amount
    FROM payment WHERE state IN ('sending', 'unknown', 'processing', 'mismatch', 'paid')
    """,
    """
    INSERT INTO posting (app_trans_id, at_ms, account, amount)
    SELECT app_trans_id, coalesce(settled_at_ms, prepared_at_ms),
           CASE late WHEN 1 THEN 'surplus' ELSE 'sales_due' END, -amount
    FROM payment WHERE state IN ('sending', 'unknown', 'processing', 'mismatch', 'paid')
    """,
    "ALTER TABLE journal ADD COLUMN checked_n INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE journal ADD COLUMN checked_hash BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE journal ADD COLUMN installed_on TEXT NOT NULL DEFAULT ''",
    # Numbers given before a restored or moved journal's new epoch are left out.
    "ALTER TABLE journal ADD COLUMN running_from INTEGER NOT NULL DEFAULT 0",
    # Set while a restored journal has not asked everything again; what came after the backup is missing in it.
    "ALTER TABLE journal ADD COLUMN restored_at_ms INTEGER",
    "ALTER TABLE journal ADD COLUMN backed_up_at_ms INTEGER",
)


def upgrade() -> None:
    """Bring the schema here."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """There is no way back: an older program must not open a newer journal."""
    raise NotImplementedError
