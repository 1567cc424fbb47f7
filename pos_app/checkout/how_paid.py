"""How a customer pays, in words: by whom, and by which gesture. Slips, lists and details say it alike."""

from functools import cache

from pos_app.checkout.views import PaymentView, ScanSource
from pos_app.payments.gateway_names import asks_nobody, brand
from pos_app.words import NOTHING, Text

_SCANNED = Text("quét mã khách", "customer's code")
_GESTURES = {
    ScanSource.SHOWN: Text("khách quét mã", "code shown"),
    ScanSource.LINK: Text("qua liên kết", "payment link"),
    ScanSource.REGULAR: Text("khách quen", "regular customer"),
    ScanSource.RESTORED: NOTHING,
    ScanSource.CASH: NOTHING,
}
_OWN_CODE = Text("VietQR của tiệm", "shop's own VietQR")


def gesture(payment: PaymentView) -> Text:
    """What was scanned, or not; nothing where nobody knows it any more."""
    return _gesture(payment.gateway, payment.source)


def _gesture(gateway: str, source: ScanSource) -> Text:
    return _OWN_CODE if asks_nobody(gateway) else _GESTURES.get(source, _SCANNED)


def how_paid(payment: PaymentView) -> Text:
    """`ZaloPay, quét mã khách`."""
    return method_words(payment.gateway, payment.source)


@cache
def method_words(gateway: str, source: ScanSource) -> Text:
    """The same of any payment by that gateway whose code was read so."""
    who, how = brand(gateway), _gesture(gateway, source)
    return Text("{who}, {how}", "{who}, {how}").fill(who=who, how=how) if how.vi else who
