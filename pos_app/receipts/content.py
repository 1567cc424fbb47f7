"""What is on a slip, as blocks in reading order. Where they stand on the paper is `layout`'s business.

A slip proves a payment. It is not an invoice and never calls itself one (Decree 70/2025/NĐ-CP: one e-invoice per
sale, made elsewhere), it carries no code that anybody could pay, and one that is not confirmed never looks paid.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from pos_app.money import grouped, in_words, with_sign
from pos_app.payments.environment import Environment
from pos_app.payments.gateway_names import CASH, asks_nobody, environment_of, is_appotapay, named
from pos_app.payments.payment_code import SLIP_PREFIX
from pos_app.receipts.blocks import (
    Band,
    Block,
    Box,
    Centred,
    Code,
    Columns,
    Plain,
    Row,
    Rule,
    Sign,
    Style,
    Total,
)
from pos_app.receipts.document import Document, file_name
from pos_app.vietnam_day import clock_time, day_text
from pos_app.words import NOTHING, Language, Text


class SlipKind(StrEnum):
    """What the slip says about the money."""

    PAID = "paid"
    WAITING = "waiting"
    DECLINED = "declined"
    REFUND = "refund"
    """Money went back to the customer: only ever made of a refund that the gateway confirmed, or of one in cash."""
    BY_HAND = "by_hand"
    """A manager saw the money in the shop's own account: no gateway was there to confirm it."""
    CASH = "cash"
    """The shop took it in cash."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of goods: its name, the price of one in dong, how many."""

    name: str
    price: int
    quantity: int

    @property
    def amount(self) -> int:
        """Dong for the whole line."""
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Slip:
    """Everything a slip shows. A text that is "" is left out, with its label.

    Attributes:
        kind: what it says about the money.
        store_name, store_address, store_phone, tax_code: the head; the tax code is text, zeros in front count.
        slip_number: `02-000148`.
        at_ms: when the payment was settled (while it is not: when it was scanned), wall clock.
        till, shift, cashier, note: as the shop calls them.
        amount: dong.
        method: how the customer paid.
        gateway: who took the money; see `payments.gateway_names`.
        reference: what the bank's statement shows of a transfer, "" where there is none.
        zp_trans_id: the gateway's number, "" when not known.
        app_trans_id: the order id, which the slip's QR holds.
        copy_number: 0 for the original, n for its n-th copy.
        demo: charged at the built-in gateway: no real money.
        items: the goods, when the till knows them.
        original: on a refund slip, the number of the payment's own slip.
        refund_id: the gateway's number of the refund.
        left: on a refund slip, dong of the payment that were not given back.
        reason: why it was given back.
        approved_by: who allowed that, or who saw the transfer.
        refunded: on a payment's own slip, dong that went back to the customer since.
        given: on the slip of a cash sale, dong that the customer gave.
    """

    kind: SlipKind
    store_name: str
    slip_number: str
    at_ms: int
    amount: int
    method: Text
    app_trans_id: str
    store_address: str = ""
    store_phone: str = ""
    tax_code: str = ""
    till: str = ""
    shift: str = ""
    cashier: str = ""
    note: str = ""
    zp_trans_id: str = ""
    copy_number: int = 0
    demo: bool = False
    items: tuple[Item, ...] = ()
    original: str = ""
    refund_id: str = ""
    left: int = 0
    reason: Text = NOTHING
    approved_by: str = ""
    refunded: int = 0
    gateway: str = ""
    reference: str = ""
    given: int = 0

    @property
    def code(self) -> str:
        """The text of the QR: finds the payment at the till, cannot be paid."""
        return SLIP_PREFIX + self.app_trans_id


@dataclass(frozen=True, slots=True)
class _Wording:
    title: Text
    subtitle: Text
    amount: Text
    box: Text
    sign: Sign
    heading: Text
    sentence: Text


_NOT_AN_INVOICE = Text("– không phải hóa đơn –", "– not an invoice –")
_NO_MONEY_TAKEN = Text("Chưa thu được tiền", "No money was taken")

_WORDINGS = {
    SlipKind.PAID: _Wording(
        title=Text("PHIẾU THANH TOÁN", "PAYMENT SLIP"),
        subtitle=_NOT_AN_INVOICE,
        amount=Text("TỔNG CỘNG", "TOTAL"),
        box=Text("ĐÃ THANH TOÁN", "PAID"),
        sign=Sign.TICK,
        heading=Text("Đổi trả, hoàn tiền", "Returns and refunds"),
        sentence=Text(
            "Giữ phiếu này. Quầy quét mã là tìm ra giao dịch.",
            "Keep this slip. The till scans the code to find the payment.",
        ),
    ),
    SlipKind.WAITING: _Wording(
        title=Text("PHIẾU CHỜ", "NOT-CONFIRMED SLIP"),
        subtitle=_NOT_AN_INVOICE,
        amount=Text("SỐ TIỀN", "AMOUNT"),
        box=Text("CHƯA XÁC NHẬN", "NOT CONFIRMED"),
        sign=Sign.HOURGLASS,
        heading=Text("Chờ kết quả từ ZaloPay", "Waiting for ZaloPay"),
        sentence=Text(
            "Quý khách đừng trả thêm. Giữ phiếu này: quầy quét mã là biết kết quả.",
            "Do not pay again. Keep this slip: the till scans the code to see the result.",
        ),
    ),
    SlipKind.DECLINED: _Wording(
        title=Text("PHIẾU BÁO KẾT QUẢ", "RESULT SLIP"),
        subtitle=_NOT_AN_INVOICE,
        amount=Text("SỐ TIỀN", "AMOUNT"),
        box=Text("KHÔNG THÀNH CÔNG", "DECLINED"),
        sign=Sign.CROSS,
        heading=_NO_MONEY_TAKEN,
        sentence=Text(
            "Cần hỏi lại thì đưa phiếu này. Quầy quét mã là tìm ra giao dịch.",
            "For questions show this slip. The till scans the code to find the payment.",
        ),
    ),
    SlipKind.REFUND: _Wording(
        title=Text("PHIẾU HOÀN TIỀN", "REFUND SLIP"),
        subtitle=_NOT_AN_INVOICE,
        amount=Text("SỐ TIỀN HOÀN", "REFUNDED"),
        box=Text("ĐÃ HOÀN TIỀN", "REFUNDED"),
        sign=Sign.BACK,
        heading=Text("Tiền về ZaloPay của quý khách", "The money goes back to your ZaloPay"),
        sentence=Text(
            "Giữ phiếu này. Quầy quét mã là tìm ra giao dịch gốc.",
            "Keep this slip. The till scans the code to find the original payment.",
        ),
    ),
    SlipKind.BY_HAND: _Wording(
        title=Text("PHIẾU CHUYỂN KHOẢN", "TRANSFER SLIP"),
        subtitle=_NOT_AN_INVOICE,
        amount=Text("SỐ TIỀN", "AMOUNT"),
        box=Text("TIỆM TỰ XÁC NHẬN", "CONFIRMED BY THE SHOP"),
        sign=Sign.PERSON,
        heading=Text("Tiệm đã thấy tiền vào", "The shop saw the transfer"),
        sentence=Text(
            "Giữ phiếu này. Quầy quét mã là tìm ra giao dịch.",
            "Keep this slip. The till scans the code to find the payment.",
        ),
    ),
    SlipKind.CASH: _Wording(
        title=Text("PHIẾU THANH TOÁN", "PAYMENT SLIP"),
        subtitle=_NOT_AN_INVOICE,
        amount=Text("TỔNG CỘNG", "TOTAL"),
        box=Text("ĐÃ THU TIỀN MẶT", "PAID IN CASH"),
        sign=Sign.TICK,
        heading=Text("Đổi trả, hoàn tiền", "Returns and refunds"),
        sentence=Text(
            "Giữ phiếu này. Quầy quét mã là tìm ra khoản này.",
            "Keep this slip. The till scans the code to find the sale.",
        ),
    ),
}
_CASH_GIVEN_BACK = Text("Tiệm đã trả lại tiền mặt", "The shop gave the cash back")
_NO_GATEWAY = {
    SlipKind.WAITING: Text("Chờ tiệm xem tài khoản", "The shop looks at its account"),
    SlipKind.DECLINED: Text("Không ai xác nhận tiền vào", "Nobody confirmed a transfer"),
}
_BACK_TO_ITS_SOURCE = Text("Tiền về nguồn quý khách đã trả", "The money goes back to where it came from")

_RECEIVED = (SlipKind.PAID, SlipKind.CASH)
_NOT_CONFIRMED = Text("KHÔNG ĐƯỢC CỔNG THANH TOÁN XÁC NHẬN", "NOT CONFIRMED BY A GATEWAY")
DEMO = Text("DEMO – KHÔNG CÓ TIỀN THẬT", "DEMO – NO REAL MONEY")
SANDBOX = Text("SANDBOX – KHÔNG CÓ TIỀN THẬT", "SANDBOX – NO REAL MONEY")
_COPY = Text("IN LẠI lần {number}", "REPRINT no. {number}")
_PHONE = Text("ĐT {number}", "Tel. {number}")
_TAX_CODE = Text("MST {number}", "Tax code {number}")
_SLIP_NUMBER = Text("Số phiếu", "Slip no.")
_DATE_TIME = Text("Ngày giờ", "Date")
_TILL = Text("Quầy", "Till")
_SHIFT = Text("Ca", "Shift")
_CASHIER = Text("Thu ngân", "Cashier")
_NOTE = Text("Ghi chú", "Note")
_PRICE = Text("Đơn giá", "Price")
_QUANTITY = Text("SL", "Qty")
_ITEM_AMOUNT = Text("Thành tiền", "Amount")
_IN_WORDS = Text("Bằng chữ: {words}", "In words: {words}")
_METHOD = Text("Hình thức", "Method")
_ZP_TRANS_ID = Text("Mã giao dịch ZaloPay", "ZaloPay transaction ID")
_APP_TRANS_ID = Text("Mã đơn", "Order ID")
_ORIGINAL = Text("Phiếu gốc", "Original slip")
_REFUND_ID = Text("Mã hoàn ZaloPay", "ZaloPay refund ID")
_REFUNDED = Text("Đã hoàn lại", "Given back")
_LEFT = Text("Còn lại sau khi hoàn", "Left after the refund")
_REASON = Text("Lý do", "Reason")
_APPROVED_BY = Text("Người duyệt", "Approved by")
_CONFIRMED_BY = Text("Người xác nhận", "Confirmed by")
_GIVEN, _CHANGE = Text("Khách đưa", "Given"), Text("Thối lại", "Change")
_REFERENCE = Text("Nội dung chuyển khoản", "Transfer reference")
_THANKS = Text("Cảm ơn quý khách!", "Thank you!")
_NO_E_INVOICE = Text("Phiếu này không thay thế hóa đơn điện tử.", "This slip does not replace an e-invoice.")


def slip_document(slip: Slip, language: Language) -> Document:
    """The slip as a piece of paper. A file of one that is not paid says so by its name, and a copy says which."""
    kind = "" if slip.kind in _RECEIVED else slip.kind.value
    copy = f"copy-{slip.copy_number}" if slip.copy_number else ""
    name = file_name(slip.slip_number, kind, copy)
    return Document(name, slip.slip_number, slip_blocks(slip, language), language)


def slip_blocks(slip: Slip, language: Language) -> tuple[Block, ...]:
    """The slip's content from top to bottom, in `language`."""
    parts = (_head, _ids, _goods, _money, _proof, _foot)
    return tuple(block for part in parts for block in part(slip, language))


def _head(slip: Slip, language: Language) -> list[Block]:
    wording = _WORDINGS[slip.kind]
    blocks: list[Block] = _demo(slip, language)
    blocks.append(Centred(printable(slip.store_name), Style.STORE))
    address = (printable(slip.store_address), shop_numbers(slip.store_phone, slip.tax_code, language))
    blocks += [Centred(line, Style.ADDRESS) for line in address if line]
    blocks += [Rule(), Centred(wording.title.say(language), Style.TITLE)]
    blocks.append(Centred(wording.subtitle.say(language), Style.SUBTITLE))
    if slip.copy_number:
        blocks.append(Centred(_COPY.fill(number=slip.copy_number).say(language), Style.SUBTITLE))
    return [*blocks, Rule()]


def shop_numbers(phone: str, tax_code: str, language: Language) -> str:
    """The shop's telephone number and tax code in one line, without those that it has not got."""
    numbers = ((_PHONE, phone), (_TAX_CODE, tax_code))
    said = (label.fill(number=printable(number)).say(language) for label, number in numbers if number)
    return " · ".join(one.replace(" ", "\u00a0") for one in said)


def _demo(slip: Slip, language: Language) -> list[Block]:
    if slip.demo:
        return [Band(DEMO.say(language))]
    return [Band(SANDBOX.say(language))] if environment_of(slip.gateway) is Environment.SANDBOX else []


def _ids(slip: Slip, language: Language) -> list[Block]:
    at = f"{day_text(slip.at_ms)} {clock_time(slip.at_ms)}"
    rows = [_row(_SLIP_NUMBER, slip.slip_number, language, whole=True), Row(_DATE_TIME.say(language), at, whole=True)]
    if slip.original:
        rows.append(_row(_ORIGINAL, slip.original, language, whole=True))
    for label, value in ((_TILL, slip.till), (_SHIFT, slip.shift), (_CASHIER, slip.cashier), (_NOTE, slip.note)):
        if printable(value):
            rows.append(_row(label, value, language))
    return [*rows, Rule(dashed=True)]


def _row(label: Text, value: str, language: Language, *, whole: bool = False) -> Row:
    return Row(label.say(language), printable(value), whole)


def _goods(slip: Slip, language: Language) -> list[Block]:
    if not slip.items:
        return []
    price, quantity, amount = (head.say(language) for head in (_PRICE, _QUANTITY, _ITEM_AMOUNT))
    blocks: list[Block] = [Columns(price, quantity, amount, strong=False)]
    for item in slip.items:
        blocks.append(Plain(printable(item.name), Style.ITEM))
        blocks.append(Columns(grouped(item.price), f"× {grouped(item.quantity)}", grouped(item.amount)))
    return [*blocks, Rule(dashed=True)]


def _money(slip: Slip, language: Language) -> list[Block]:
    wording = _WORDINGS[slip.kind]
    words = _IN_WORDS.fill(words=in_words(slip.amount)).say(language)
    return [
        Total(wording.amount.say(language), with_sign(slip.amount)),
        Plain(words, Style.BODY),
        *_given(slip, language),
        Box(wording.box.say(language), wording.sign, filled=slip.kind not in _RECEIVED),
        *([Band(_NOT_CONFIRMED.say(language))] if slip.kind is SlipKind.BY_HAND else []),
        *_demo(slip, language),
    ]


def _given(slip: Slip, language: Language) -> list[Block]:
    if slip.kind is not SlipKind.CASH:
        return []
    told = ((_GIVEN, slip.given), (_CHANGE, slip.given - slip.amount))
    return [Row(label.say(language), with_sign(dong), whole=True) for label, dong in told]


def _proof(slip: Slip, language: Language) -> list[Block]:
    wording = _WORDINGS[slip.kind]
    rows: list[Block] = [*_refund_rows(slip, language), _row(_METHOD, slip.method.say(language), language)]
    if slip.kind is SlipKind.BY_HAND and printable(slip.approved_by):
        rows.append(_row(_CONFIRMED_BY, slip.approved_by, language))
    numbers = (
        (named(_ZP_TRANS_ID, slip.gateway), slip.zp_trans_id),
        (named(_REFUND_ID, slip.gateway), slip.refund_id),
        (_REFERENCE, slip.reference),
        (_APP_TRANS_ID, slip.app_trans_id if slip.gateway != CASH else ""),
    )
    for label, value in numbers:
        if value:
            rows.append(_row(label, value, language, whole=True))
    code = Code(slip.code, _heading(slip).say(language), wording.sentence.say(language))
    return [*rows, Rule(dashed=True), code, Rule()]


def _heading(slip: Slip) -> Text:
    """What stands beside the code, said of who took the money."""
    if asks_nobody(slip.gateway) and slip.kind in _NO_GATEWAY:
        return _NO_GATEWAY[slip.kind]
    if slip.kind is SlipKind.REFUND and slip.gateway == CASH:
        return _CASH_GIVEN_BACK
    if slip.kind is SlipKind.REFUND and is_appotapay(slip.gateway):
        return _BACK_TO_ITS_SOURCE
    return named(_WORDINGS[slip.kind].heading, slip.gateway)


def _refund_rows(slip: Slip, language: Language) -> list[Block]:
    if slip.kind is not SlipKind.REFUND:
        return [Row(_REFUNDED.say(language), with_sign(slip.refunded), whole=True)] if slip.refunded else []
    rows: list[Block] = [Row(_LEFT.say(language), with_sign(slip.left), whole=True)]
    for label, value in ((_REASON, slip.reason.say(language)), (_APPROVED_BY, slip.approved_by)):
        if printable(value):
            rows.append(_row(label, value, language))
    return [*rows, Rule(dashed=True)]


def _foot(_slip: Slip, language: Language) -> list[Block]:
    return [
        Centred(_THANKS.say(language), Style.THANKS),
        Centred(_NO_E_INVOICE.say(language), Style.FOOT),
    ]


_BEYOND_LATIN = frozenset("–—‘’“”•…₫€™−")


def printable(text: str) -> str:
    """A text as paper can show it: composed letters (NFC), single blanks, `?` for what the slip's fonts lack."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(letter if _in_the_fonts(letter) else "?" for letter in composed)


def _in_the_fonts(letter: str) -> bool:
    return (
        " " <= letter <= "~"
        or "\u00a1" <= letter <= "\u00ff"
        or letter in "ĂăĐđĨĩŨũƠơƯư"
        or "\u1ea0" <= letter <= "\u1ef9"
        or letter in _BEYOND_LATIN
    )
