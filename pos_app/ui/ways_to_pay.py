"""The ways to pay in words: what each is called on its button, and what reads its code. Nothing of Qt."""

from enum import Enum, auto

from pos_app.checkout.views import PaymentView, ScanSource, ShownCode
from pos_app.gateways.gateway import PayMethod
from pos_app.payments.gateway_names import asks_nobody, is_appotapay, named
from pos_app.words import Text

LINK = "link"
"""Beside the methods: a link for a customer who is not at the counter."""
WAYS = {
    PayMethod.ANY.value: Text("ZaloPay, mọi ngân hàng", "ZaloPay, any bank"),
    PayMethod.WALLET.value: Text("Chỉ ví ZaloPay", "ZaloPay wallet only"),
    PayMethod.VIETQR.value: Text("Chỉ ngân hàng (VietQR)", "Banks only (VietQR)"),
    PayMethod.BANK_ATM.value: Text("Thẻ ATM nội địa", "Domestic bank card"),
    PayMethod.BANK_CARD.value: Text("Thẻ quốc tế", "International card"),
    PayMethod.BANK_QR.value: Text("QR ngân hàng AppotaPay", "AppotaPay bank QR"),
    PayMethod.OWN_VIETQR.value: Text("Tài khoản của tiệm", "Shop’s bank account"),
    LINK: Text("Gửi liên kết", "Send a link"),
}
DO_NOT = Text("ĐỪNG thu lại khi chưa có kết quả.", "Do NOT charge again before the result.")


def switching(then: str, view: PaymentView) -> tuple[Text, Text, Text]:
    """What is said while the way `then` waits for this payment to end: title, detail, and the line at the foot."""
    title = Text("Đang hủy mã cũ", "Cancelling the old code")
    if view.source is not ScanSource.SHOWN:
        title = Text("Đang hủy lần quét", "Cancelling the scan")
    detail = Text("Hủy xong, máy mới làm: {way}. {do_not}", "Only then: {way}. {do_not}")
    asking = named(Text("Đang hỏi ZaloPay", "Asking ZaloPay"), view.gateway)
    return title, detail.fill(way=WAYS[then], do_not=DO_NOT), asking


class Reader(Enum):
    """What reads the code that is shown."""

    ANY = auto()
    WALLET = auto()
    BANKS = auto()
    PAGE = auto()
    """The phone's camera: it opens a payment page."""


READERS = {
    Reader.ANY: Text("ZaloPay và 40+ ứng dụng ngân hàng", "ZaloPay and 40+ banking apps"),
    Reader.WALLET: Text("Chỉ quét bằng ZaloPay", "ZaloPay only"),
    Reader.BANKS: Text("Chỉ quét bằng ứng dụng ngân hàng", "Banking apps only"),
    Reader.PAGE: Text("Quét bằng camera điện thoại", "Scan with the phone’s camera"),
}
_NARROWER = {PayMethod.WALLET.value: Reader.WALLET, PayMethod.VIETQR.value: Reader.BANKS}


def reader(shown: ShownCode, gateway: str, method: str) -> Reader:
    """What reads this code of that gateway, made for that method."""
    if asks_nobody(gateway):
        return Reader.BANKS
    if is_appotapay(gateway):
        return Reader.PAGE if shown.text.startswith("http") else Reader.BANKS
    if not shown.any_bank:
        return Reader.PAGE if method in (PayMethod.BANK_ATM, PayMethod.BANK_CARD) else Reader.WALLET
    return _NARROWER.get(method, Reader.ANY)


def offered(methods: tuple[PayMethod, ...], now: str = "") -> tuple[str, ...]:
    """The ways to choose from, but for the one that is shown `now`; a link last."""
    return (*(one.value for one in methods if one.value != now), LINK)


def cannot_be_cancelled(view: PaymentView) -> bool:
    """Whether its gateway has no cancel: what was shown can be paid until its time is over."""
    return is_appotapay(view.gateway)
