"""Finding a payment by what is at hand: its amount, its slip's number, the last digits of an id."""

from pos_app.checkout.views import PaymentView
from pos_app.journal.projections import PaymentKeys

DIGITS_MIN = 3
"""Fewer last digits of an id fit too many payments."""


def fits(payment: PaymentView | PaymentKeys, wanted: str) -> bool:
    """Whether the payment is one that somebody who typed `wanted` may mean; "" fits every one."""
    text = "".join(wanted.split()).replace(".", "").lower()
    if not text:
        return True
    ids = (payment.slip_number, payment.payment_id, payment.zp_trans_id, payment.payment_id.rpartition("-")[0])
    ended = len(text) >= DIGITS_MIN and any(one.lower().endswith(text) for one in ids)
    return ended or str(payment.amount).startswith(text)
