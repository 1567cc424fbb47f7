"""Cash: one row for each thing that happened at the drawer, and what it moved between the accounts."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE cash (
        n INTEGER PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('sale', 'refund', 'pay_in', 'pay_out', 'opened', 'counted')),
        at_ms INTEGER NOT NULL,
        shift INTEGER NOT NULL CHECK (shift > 0),
        amount INTEGER NOT NULL CHECK (amount >= 0),
        given INTEGER CHECK (given >= amount),
        slip_number TEXT UNIQUE,
        running INTEGER UNIQUE CHECK (running > 0),
        of_slip TEXT REFERENCES cash (slip_number),
        intent TEXT UNIQUE,
        cashier TEXT NOT NULL,
        cashier_id TEXT NOT NULL,
        allowed_by TEXT NOT NULL,
        reason TEXT NOT NULL,
        note TEXT NOT NULL,
        plain_note TEXT NOT NULL,
        CONSTRAINT money_moves CHECK (amount > 0 OR kind IN ('opened', 'counted')),
        CONSTRAINT sold_with_a_slip CHECK ((kind IN ('sale', 'refund')) = (slip_number IS NOT NULL)),
        CONSTRAINT given_for_a_sale CHECK ((kind = 'sale') = (given IS NOT NULL)),
        CONSTRAINT back_of_a_sale CHECK ((kind = 'refund') = (of_slip IS NOT NULL))
    ) STRICT
    """,
    "CREATE INDEX cash_by_shift ON cash (shift, n)",
    "CREATE INDEX cash_by_time ON cash (at_ms)",
    "CREATE INDEX cash_by_sale ON cash (of_slip) WHERE of_slip IS NOT NULL",
    """
    CREATE TRIGGER cash_never_changes BEFORE UPDATE ON cash
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    """
    CREATE TRIGGER cash_never_goes BEFORE DELETE ON cash
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    # INSERT OR REPLACE deletes without asking the trigger above.
    """
    CREATE TRIGGER cash_comes_last BEFORE INSERT ON cash
    WHEN NEW.n <= (SELECT coalesce(max(n), 0) FROM cash)
        OR EXISTS (SELECT 1 FROM cash WHERE NEW.slip_number IS NOT NULL AND slip_number = NEW.slip_number)
        OR EXISTS (SELECT 1 FROM cash WHERE NEW.running IS NOT NULL AND running = NEW.running)
        OR EXISTS (SELECT 1 FROM cash WHERE NEW.intent IS NOT NULL AND intent = NEW.intent)
        OR EXISTS (SELECT 1 FROM payment WHERE running = NEW.running)
        OR EXISTS (SELECT 1 FROM refund WHERE running = NEW.running)
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    """
    CREATE TRIGGER cash_refund_cap BEFORE INSERT ON cash
    WHEN NEW.kind = 'refund' AND NEW.amount
         + (SELECT coalesce(sum(amount), 0) FROM cash WHERE of_slip = NEW.of_slip)
         > (SELECT coalesce(max(amount), 0) FROM cash WHERE slip_number = NEW.of_slip AND kind = 'sale')
    BEGIN SELECT RAISE(ABORT, 'over the sold amount'); END
    """,
    """
    CREATE TABLE cash_posting (
        n INTEGER NOT NULL REFERENCES cash (n),
        account TEXT NOT NULL CHECK (account IN ('cash', 'cash_moved', 'sales_due')),
        shift INTEGER NOT NULL CHECK (shift > 0),
        amount INTEGER NOT NULL CHECK (amount <> 0),
        PRIMARY KEY (n, account)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX cash_posting_by_shift ON cash_posting (shift, account, amount)",
    """
    CREATE TRIGGER cash_posting_never_changes BEFORE UPDATE ON cash_posting
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    """
    CREATE TRIGGER cash_posting_never_goes BEFORE DELETE ON cash_posting
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    """
    CREATE TRIGGER cash_posting_is_new BEFORE INSERT ON cash_posting
    WHEN EXISTS (SELECT 1 FROM cash_posting WHERE n = NEW.n AND account = NEW.account)
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    # Of no payment, and many by now: who works here and what is printed is looked for among them.
    "CREATE INDEX entry_of_no_payment ON entry (kind, n) WHERE app_trans_id IS NULL",
)


def upgrade() -> None:
    """Bring the schema here."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """There is no way back: an older program must not open a newer journal."""
    raise NotImplementedError
