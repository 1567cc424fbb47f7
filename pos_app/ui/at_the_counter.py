"""How a payment stands for the sale at the counter: waited for, paid, to be tried again. Rules only, nothing of Qt."""

from typing import TYPE_CHECKING

from pos_app.checkout.standing import ScanSource, Stage, Work

if TYPE_CHECKING:
    from pos_app.checkout.views import PaymentView

JUST_NOW_MS = 10_000
CHARGING = frozenset({Stage.SENDING, Stage.PROCESSING, Stage.SHOWN})
"""While the customer is waited for."""
_OF_THEIR_OWN = (ScanSource.SHOWN, ScanSource.LINK, ScanSource.REGULAR, ScanSource.CASH)
"""What was not scanned is told apart by where it came from."""


def is_charging(view: "PaymentView") -> bool:
    """Whether the customer is waited for: what a manager let go on is not."""
    return view.stage in CHARGING and not view.released


def can_be_dropped(view: "PaymentView") -> bool:
    """Whether it makes sense to say that it is not wanted: what the gateway calls paid already is not called off."""
    return is_charging(view) and not view.cancel_wished and not view.told_paid


def looks_paid(view: "PaymentView") -> bool:
    """Whether it fills the stage with green: late money does not, the sale went on without it."""
    return view.stage is Stage.PAID and view.work is not Work.LATE_MONEY


def is_over(view: "PaymentView") -> bool:
    """Whether nothing is left to do but the next customer: any key goes on."""
    return looks_paid(view) or view.stage is Stage.CASH


def is_without_money(view: "PaymentView") -> bool:
    """Whether nothing was charged, for sure: it may be tried again."""
    return view.stage in {Stage.DECLINED, Stage.NOT_SENT}


def is_same(view: "PaymentView", ours: "PaymentView") -> bool:
    """Whether it is the payment on the stage; until that has its number, the one that just began."""
    if ours.payment_id:
        return view.payment_id == ours.payment_id
    if view.source is not ours.source and (view.source in _OF_THEIR_OWN or ours.source in _OF_THEIR_OWN):
        return False
    just_now = abs(view.scanned_at_ms - ours.scanned_at_ms) < JUST_NOW_MS
    return view.amount == ours.amount and not view.late and (view.stage is Stage.SENDING or just_now)
