"""How much is in the journal: numbers alone, no name, id or amount."""

from dataclasses import dataclass
from itertools import takewhile

from sqlalchemy import Connection, func, select

from pos_app.journal.projections import entry, payment
from pos_app.payments.payment import State

_CODE_NOT_OPENED = "-292"
"""What ZaloPay answers to a payment code that it cannot open: no code of its own, or encrypted for another key."""
_SCANNED = ("camera", "scanner", "file", "stdin", "demo")
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of one journal.

    Attributes:
        entries: all.
        payments: by what they stand at.
        codes_refused: how many of the newest customers' codes the gateway could not open, without one between.
    """

    entries: int
    payments: dict[State, int]
    codes_refused: int


def tally(connection: Connection) -> Tally:
    """Count them."""
    entries = connection.execute(select(func.count()).select_from(entry)).scalar_one()
    by_state = connection.execute(select(payment.c.state, func.count()).group_by(payment.c.state))
    known = {state.value: state for state in State}
    payments = {known[state]: count for state, count in by_state if state in known}
    newest = select(payment.c.cause).where(payment.c.source.in_(_SCANNED)).order_by(payment.c.running.desc())
    causes = connection.execute(newest.limit(_LOOKED_AT)).scalars()
    return Tally(entries, payments, sum(1 for _ in takewhile(lambda cause: cause == _CODE_NOT_OPENED, causes)))
