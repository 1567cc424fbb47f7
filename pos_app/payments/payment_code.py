"""What a scanned text is: a customer's payment code, or surely something else.

ZaloPay documents neither length, alphabet nor prefix of its payment code (QuickPay API), so a code is taken as
an opaque text of 1 to 53 printable ASCII characters, and only what is *surely* something else is turned away, with
a sentence for the cashier. The refused text itself goes nowhere.
"""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pos_app.words import Text

CODE_LENGTH_MAX = 53
"""What fits into one PKCS#1 v1.5 block of the smallest published key (512 bits)."""

_PRINTABLE = re.compile(r"[\x21-\x7e]+")


class PaymentCode:
    """A customer's payment code: in memory only, given out once, never shown.

    `take` hands the bytes to the one request that carries them and forgets them. Python cannot promise that no
    other copy of the bytes remains in memory; nothing of ours keeps one.
    """

    __slots__ = ("_bytes",)

    def __init__(self, text: str) -> None:
        """Keep the code.

        Raises:
            ValueError: it is not 1 to 53 printable ASCII characters.
        """
        if not _PRINTABLE.fullmatch(text) or len(text) > CODE_LENGTH_MAX:
            message = "a payment code is 1 to 53 printable ASCII characters"
            raise ValueError(message)
        self._bytes: bytearray | None = bytearray(text, "ascii")

    def take(self) -> bytes:
        """The code, once.

        Raises:
            CodeUsedError: it was taken before: a code goes on the wire at most once.
        """
        if self._bytes is None:
            raise CodeUsedError
        taken = bytes(self._bytes)
        self.forget()
        return taken

    def forget(self) -> None:
        """Overwrite the code; it cannot be taken any more."""
        if self._bytes is not None:
            self._bytes[:] = bytes(len(self._bytes))
            self._bytes = None

    def fingerprint(self, key: bytes) -> bytes:
        """A trace to recognise the same code again; it tells nothing without `key`, which lives no longer than the run.

        Raises:
            CodeUsedError: the code was taken or forgotten.
        """
        if self._bytes is None:
            raise CodeUsedError
        return hmac.digest(key, self._bytes, "sha256")

    @property
    def used(self) -> bool:
        """Whether the code was taken or forgotten."""
        return self._bytes is None

    def __repr__(self) -> str:
        return "PaymentCode(…)"

    def __reduce__(self) -> str:
        message = "a payment code is never copied or stored"
        raise TypeError(message)


class CodeUsedError(Exception):
    """A payment code was asked for twice."""


class NotACode(StrEnum):
    """What a scan surely is, when it is no payment code."""

    EMPTY = "empty"
    PRODUCT = "product"
    VIETQR = "vietqr"
    ZALOPAY_ORDER = "zalopay_order"
    OTHER_WALLET = "other_wallet"
    LINK = "link"
    CARD = "card"
    SLIP = "slip"
    TWO_CODES = "two_codes"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class WrongCode:
    """A scan that is no payment code: nothing was sent, the till goes on waiting.

    Attributes:
        what: which kind it is.
        title: what to tell the cashier, as one short sentence.
        shown: what the customer just showed, two or three words for under the picture.
    """

    what: NotACode
    title: Text
    shown: Text


def _wrong(what: NotACode, title: Text, shown: Text) -> WrongCode:
    return WrongCode(what, title, shown)


WRONG_CODES = {
    wrong.what: wrong
    for wrong in (
        _wrong(NotACode.EMPTY, Text("Chưa đọc được mã", "The code could not be read"),
               Text("mã trống", "an empty code")),
        _wrong(NotACode.PRODUCT, Text("Đây là mã vạch hàng hóa", "This is a product barcode"),
               Text("mã vạch hàng hóa", "a product barcode")),
        _wrong(NotACode.VIETQR, Text("Đây là mã nhận tiền VietQR", "This is a VietQR for receiving money"),
               Text("mã để nhận tiền", "a code to receive money")),
        _wrong(NotACode.ZALOPAY_ORDER, Text("Đây là mã nhận tiền ZaloPay", "This is a ZaloPay code to receive money"),
               Text("mã để nhận tiền", "a code to receive money")),
        _wrong(NotACode.OTHER_WALLET, Text("Đây là mã của ví khác", "This code is from another wallet"),
               Text("mã của ví khác", "another wallet's code")),
        _wrong(NotACode.LINK, Text("Đây là một đường dẫn", "This is a web link"),
               Text("mã có đường dẫn", "a web link")),
        _wrong(NotACode.CARD, Text("Đây giống số thẻ ngân hàng", "This looks like a bank card number"),
               Text("số thẻ", "a card number")),
        _wrong(NotACode.SLIP, Text("Đây là mã trên phiếu của tiệm", "This is the code on our own slip"),
               Text("mã trên phiếu", "the code on a slip")),
        _wrong(NotACode.TWO_CODES,
               Text("Có hai mã, chỉ đưa một mã", "Two codes: show only one"),
               Text("hai mã cùng lúc", "two codes at once")),
        _wrong(NotACode.UNREADABLE, Text("Đây không phải mã thanh toán", "This is not a payment code"),
               Text("mã khác", "another kind of code")),
    )
}  # fmt: skip

SLIP_PREFIX = "PHIEU:"
"""What the QR on our own slips begins with; the order id follows."""

_SCANNER_ENDS = "".join(map(chr, range(0x21))) + "\x7f\ufeff"
"""What scanners put around a code: blanks, Tab, Enter, STX, ETX, separators."""

_LINK = re.compile(r"(?i)[a-z][a-z0-9+.-]*://|www\.|(mailto|tel|sms|smsto|geo|wifi|begin|matmsg|mecard|market|intent):")
_OTHER_WALLETS = re.compile(r"(?i)(2\|99\||MM\d{10,}|momo|weixin|wxp:|alipay|viettelpay|shopeepay|vnpay|moca)")
_CARD = re.compile(
    r"4\d{12}(\d{3}){0,2}|(5[1-5]|2[2-7])\d{14}|3[47]\d{13}|35\d{14}|3[068]\d{12}|9704(\d{12}|\d{15})|6(011|5\d\d)\d{12}|62\d{14}"
)
_PRODUCT_LENGTHS = (8, 12, 13, 14)


def read_scan(text: str, *, code_pattern: str = "") -> PaymentCode | WrongCode:
    """Tell what a scanned text is.

    Args:
        text: what the scanner or camera read; blanks and control characters at its ends do not count.
        code_pattern: the shop's own regular expression for payment codes, "" for none; what does not match it
            whole is turned away.
    """
    cleaned = text.strip(_SCANNER_ENDS)
    what = _surely_not(cleaned)
    if what is None and code_pattern and not re.fullmatch(code_pattern, cleaned):
        what = NotACode.UNREADABLE
    return PaymentCode(cleaned) if what is None else WRONG_CODES[what]


def of_one_picture(reads: Iterable[PaymentCode | WrongCode]) -> PaymentCode | WrongCode | None:
    """What the codes of one picture come to: its payment code, whatever else lies on the counter.

    Two payment codes are two customers: which of them pays is not for a camera to choose. Both are forgotten.
    None where nothing was read.
    """
    reads = list(reads)
    codes = [read for read in reads if isinstance(read, PaymentCode)]
    if len(codes) > 1:
        for code in codes:
            code.forget()
        return WRONG_CODES[NotACode.TWO_CODES]
    return next(iter(codes or reads), None)


def _surely_not(text: str) -> NotACode | None:
    tests = (
        (NotACode.EMPTY, not text),
        (NotACode.VIETQR, text.startswith("000201") and "vn.zalopay" not in text),
        (
            NotACode.ZALOPAY_ORDER,
            text.startswith("000201") or "zalopay.vn" in text or "zalopay.com.vn" in text,
        ),
        (NotACode.SLIP, text.startswith(SLIP_PREFIX)),
        (NotACode.OTHER_WALLET, bool(_OTHER_WALLETS.match(text))),
        (NotACode.LINK, bool(_LINK.match(text))),
        (NotACode.UNREADABLE, not _PRINTABLE.fullmatch(text) or len(text) > CODE_LENGTH_MAX),
        (NotACode.PRODUCT, _is_product(text)),
        (NotACode.CARD, bool(_CARD.fullmatch(text)) and _luhn(text)),
    )
    return next((what for what, true in tests if true), None)


def _is_product(text: str) -> bool:
    """EAN-8, UPC-A, EAN-13 or GTIN-14 with a right GS1 check digit."""
    if not (text.isdecimal() and len(text) in _PRODUCT_LENGTHS):
        return False
    digits = [int(digit) for digit in reversed(text)]
    return (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 == 0


def _luhn(text: str) -> bool:
    digits = [int(digit) for digit in reversed(text)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[0::2]) + sum(doubled)) % 10 == 0
