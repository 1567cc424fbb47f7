"""Which writes are the commit points of a payment, and where a crash may come right before or after them."""

from pos_app.journal.entries import (
    Entry,
    EvidenceAdded,
    PaymentPrepared,
    PaymentSettled,
    RefundEvidenceAdded,
    RefundRequested,
    RefundSettled,
)
from pos_app.payments.payment import Source
from pos_app.simulation.faults import Fault

BEFORE = {
    "c1": Fault.CRASH_BEFORE_C1,
    "c2": Fault.CRASH_BEFORE_C2,
    "c3": Fault.CRASH_BEFORE_C3,
    "c5": Fault.CRASH_BEFORE_C5,
}
AFTER = {
    "c1": Fault.CRASH_AFTER_C1,
    "c2": Fault.CRASH_AFTER_C2,
    "c3": Fault.CRASH_AFTER_C3,
    "c5": Fault.CRASH_AFTER_C5,
}


def commit_point(entries: tuple[Entry, ...]) -> str:
    """Which commit point a write is: "c1", "c2", "c3" or "c5"; "" for a write that is none."""
    last = entries[-1] if entries else None
    match last:
        case PaymentPrepared() | RefundRequested():
            return "c1"
        case PaymentSettled() | RefundSettled():
            return "c5"
        case EvidenceAdded(_, evidence) | RefundEvidenceAdded(_, _, evidence):
            return "c2" if evidence.source is Source.SENDING else "c3"
        case _:
            return ""
