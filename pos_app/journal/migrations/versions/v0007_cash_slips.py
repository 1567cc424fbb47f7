"""What came out on paper of a cash sale, and which shifts were closed in a time: found without reading them all."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_STATEMENTS = (
    # Cut out of the one spelling of an entry: where schemas are not trusted, an index calls no JSON function.
    """
    CREATE INDEX cash_slips ON entry (
        substr(payload, instr(payload, '"slip_number"') + 15,
               instr(payload, '","version"') - instr(payload, '"slip_number"') - 15), n
    ) WHERE kind = 'cash_slip_printed'
    """,
    "CREATE INDEX shift_by_closing ON shift (closed_at_ms) WHERE closed_at_ms IS NOT NULL",
)


def upgrade() -> None:
    """Bring the schema here."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """There is no way back: an older program must not open a newer journal."""
    raise NotImplementedError
