"""The QR text that AppotaPay shows for an order: a VietQR to an account that exists for this order only."""

from pos_app.sandbox.order_code import crc

_BANK, _NAPAS, _TO_ACCOUNT = "970432", "A000000727", "QRIBFTTA"
_REFERENCE_LENGTH_MAX = 25


def bank_qr(number: str, amount: int) -> str:
    """The text for the order with AppotaPay's `number`, of `amount` dong."""
    bank = _object("00", _BANK) + _object("01", f"MQQ{number[-12:]}")
    text = (
        _object("00", "01") + _object("01", "12")
        + _object("38", _object("00", _NAPAS) + _object("01", bank) + _object("02", _TO_ACCOUNT))
        + _object("52", "4900") + _object("53", "704") + _object("54", str(amount)) + _object("58", "VN")
        + _object("59", "APPOTAPAY DEMO") + _object("60", "HA NOI")
        + _object("62", _object("08", number[:_REFERENCE_LENGTH_MAX])) + "6304"
    )  # fmt: skip
    return text + crc(text)


def _object(name: str, value: str) -> str:
    return f"{name}{len(value):02}{value}"
