"""How a customer pays, in words: by whom, and by which gesture. Slips, lists and details say it alike."""

from pos_app.checkout.views import PaymentView, ScanSource
from pos_app.payments.gateway_names import asks_nobody, brand
from pos_app.words import NOTHING, Text

_SCANNED = Text("quét mã khách", "customer's code")
_GESTURES = {
    ScanSource.SHOWN: Text("khách quét mã", "code shown"),
    ScanSource.LINK: Text("qua liên kết", "payment link"),
    ScanSource.REGULAR: Text("khách quen", "regular customer"),
    ScanSource.RESTORED: NOTHING,
}
_OWN_CODE = Text("VietQR của tiệm", "shop's own VietQR")


def gesture(payment: PaymentView) -> Text:
    """What was scanned, or not; nothing where nobody knows it any more."""
    if asks_nobody(payment.gateway):
        return _OWN_CODE
    return _GESTURES.get(payment.source, _SCANNED)


def how_paid(payment: PaymentView) -> Text:
    """`ZaloPay, quét mã khách`."""
    who, how = brand(payment.gateway), gesture(payment)
    return Text("{who}, {how}", "{who}, {how}").fill(who=who, how=how) if how.vi else who
