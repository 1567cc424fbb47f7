"""VietQR: what a code of Vietnam's bank network says, the shop's own code, and the check of a gateway's code.

Fields and limits are those of NAPAS's VietQR format, which follows EMVCo. A gateway's code is checked and shown as it
came, never rebuilt: it may carry blocks for its own wallet (ZaloPay's stands in 26, sub-objects out of order).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pos_app.money import with_sign
from pos_app.qr.emv import DataObject, QrError, find, read_objects, read_text, write_objects, write_text
from pos_app.words import Text

NAPAS = "A000000727"
DONG_CODE = "704"
VIETNAM = "VN"
REFERENCE_LENGTH_MAX = 25
"""Of the specification. Some banks cut at 19, so a shop's own references are better no longer than that."""

_INITIATION, _NAPAS_BLOCK, _CATEGORY, _CURRENCY, _AMOUNT = "01", "38", "52", "53", "54"
_TIP, _FEE_FIXED, _FEE_PERCENT, _COUNTRY, _NAME, _CITY, _POSTCODE, _MORE = (
    "55", "56", "57", "58", "59", "60", "61", "62",
)  # fmt: skip
_GUID, _RECEIVER, _SERVICE = "00", "01", "02"
_BIN, _ACCOUNT = "00", "01"
_BILL, _REFERENCE, _TERMINAL, _PURPOSE = "01", "05", "07", "08"
_MANY_PAYMENTS, _ONE_PAYMENT = "11", "12"
_FEE_FOR_TIP = {"02": _FEE_FIXED, "03": _FEE_PERCENT}

OTHER_SCHEME = Text("Mã QR này không phải VietQR", "This QR code is not a VietQR")
NOT_DONG = Text("Mã QR không ghi tiền đồng", "The QR code is not in dong")
NOT_VIETNAM = Text("Mã QR không phải của Việt Nam", "The QR code is not from Vietnam")
WRONG_KIND = Text("Mã QR ghi cách dùng không rõ", "The QR code is unclear whether it is for one payment or many")
WRONG_AMOUNT = Text("Số tiền trong mã QR không hợp lệ", "The amount in the QR code is not valid")
WRONG_TIP = Text("Mã QR ghi tiền thêm không rõ", "The QR code is unclear about an extra fee")
WRONG_RECEIVER = Text("Tài khoản nhận trong mã QR không hợp lệ", "The receiving account in the QR code is not valid")
WRONG_REFERENCE = Text(
    f"Nội dung chuyển khoản chỉ gồm chữ không dấu, số, dấu cách, tối đa {REFERENCE_LENGTH_MAX} ký tự",
    f"The transfer's reference is plain letters, digits and blanks, at most {REFERENCE_LENGTH_MAX}",
)
NO_AMOUNT = Text("Mã QR không ghi số tiền", "The QR code states no amount")
OTHER_AMOUNT = Text("Mã QR ghi {stated}, đơn này là {wanted}", "The QR code states {stated}, this sale is {wanted}")
EXTRA_FEE = Text("Mã QR đòi khách trả thêm tiền", "The QR code asks the customer for extra money")
OTHER_WALLET = Text("Mã QR không có khối của ví {wallet}", "The QR code has no block of the wallet {wallet}")

_BIN_FORM = re.compile(r"[0-9]{6}")
_ACCOUNT_FORM = re.compile(r"[0-9A-Za-z]{1,19}")
_AMOUNT_FORM = re.compile(r"[1-9][0-9]{0,12}")
_FEE_PERCENT_FORM = re.compile(r"(?=.*[1-9])[0-9]{1,2}(\.[0-9]{1,2})?")
_PLAIN_FORM = re.compile(r"[0-9A-Za-z]+( [0-9A-Za-z]+)*")


class OtherSchemeError(QrError):
    """A whole and undamaged payment code, but of another scheme than VietQR: no mistake of anybody's."""

    def __init__(self) -> None:
        super().__init__(OTHER_SCHEME)


class Service(StrEnum):
    """How the money goes, as NAPAS names it."""

    TO_ACCOUNT = "QRIBFTTA"
    TO_CARD = "QRIBFTTC"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who gets the money.

    Attributes:
        bin: the bank's six digits; see `banks`.
        account: account, card or alias, 1 to 19 letters and digits.
        service: of NAPAS, as it stands in the code; None where the code names none.
    """

    bin: str
    account: str
    service: str | None = Service.TO_ACCOUNT


@dataclass(frozen=True, slots=True)
class VietQr:
    """What a VietQR says. Texts are as they stand, composed (NFC); None is what it does not say.

    Attributes:
        receiver: who gets the money.
        one_payment: the code says that it is for one payment ("dynamic"), not for many.
        amount: in dong, at least 1.
        tip: "01" the customer's app asks for one, "02" with `fee_fixed` in dong, "03" with `fee_percent`.
        purpose: what the bank's statement shows, the shop's reference.
        objects: all of it, for what has no name here.
    """

    receiver: Receiver
    one_payment: bool
    amount: int | None
    purpose: str | None
    bill: str | None
    reference: str | None
    terminal: str | None
    category: str | None
    name: str | None
    city: str | None
    postcode: str | None
    tip: str | None
    fee_fixed: int | None
    fee_percent: str | None
    objects: tuple[DataObject, ...]


def read_vietqr(text: str) -> VietQr:
    """What a VietQR says.

    Name and city are not asked for, though EMVCo does: the banks' own codes leave them out. Stricter than the standard
    is our rule on amounts: whole dong without a leading zero, because dong have no decimals.

    Raises:
        OtherSchemeError: a sound code of another scheme.
        QrError: not a sound code, or one that no Vietnamese bank should take.
    """
    objects = read_text(text)
    receiver = _read_receiver(find(objects, _NAPAS_BLOCK))
    if find(objects, _CURRENCY) != DONG_CODE:
        raise QrError(NOT_DONG)
    if find(objects, _COUNTRY) != VIETNAM:
        raise QrError(NOT_VIETNAM)
    kind = find(objects, _INITIATION)
    if kind not in (None, _MANY_PAYMENTS, _ONE_PAYMENT):
        raise QrError(WRONG_KIND)
    tip = _read_tip(objects)
    more = read_objects(find(objects, _MORE) or "")
    return VietQr(
        receiver=receiver,
        one_payment=kind == _ONE_PAYMENT,
        amount=_read_amount(find(objects, _AMOUNT)),
        purpose=_text(more, _PURPOSE),
        bill=_text(more, _BILL),
        reference=_text(more, _REFERENCE),
        terminal=_text(more, _TERMINAL),
        category=_text(objects, _CATEGORY),
        name=_text(objects, _NAME),
        city=_text(objects, _CITY),
        postcode=_text(objects, _POSTCODE),
        tip=tip,
        fee_fixed=_read_amount(find(objects, _FEE_FIXED)),
        fee_percent=find(objects, _FEE_PERCENT),
        objects=objects,
    )


def write_vietqr(receiver: Receiver, *, amount: int | None = None, reference: str = "") -> str:
    """The shop's own code, whose payments only the shop's bank can confirm.

    Args:
        receiver: the shop's account; its service must be named.
        amount: in dong; None for a code that stays valid for many payments, on which the customer types the amount.
        reference: what finds the payment on the bank's statement again. Nothing is changed in it silently: pass what
            `plain` made of a person's text. Capitals make a smaller code.

    Raises:
        QrError: something does not fit into a VietQR; the title says what.
    """
    if not _BIN_FORM.fullmatch(receiver.bin) or not _ACCOUNT_FORM.fullmatch(receiver.account) or not receiver.service:
        raise QrError(WRONG_RECEIVER)
    if amount is not None and not _AMOUNT_FORM.fullmatch(str(amount)):
        raise QrError(WRONG_AMOUNT)
    if reference and (not _PLAIN_FORM.fullmatch(reference) or len(reference) > REFERENCE_LENGTH_MAX):
        raise QrError(WRONG_REFERENCE)
    bank = write_objects([DataObject(_BIN, receiver.bin), DataObject(_ACCOUNT, receiver.account)])
    block = [DataObject(_GUID, NAPAS), DataObject(_RECEIVER, bank), DataObject(_SERVICE, receiver.service)]
    objects = [
        DataObject(_INITIATION, _MANY_PAYMENTS if amount is None else _ONE_PAYMENT),
        DataObject(_NAPAS_BLOCK, write_objects(block)),
        DataObject(_CURRENCY, DONG_CODE),
    ]
    if amount is not None:
        objects.append(DataObject(_AMOUNT, str(amount)))
    objects.append(DataObject(_COUNTRY, VIETNAM))
    if reference:
        objects.append(DataObject(_MORE, write_objects([DataObject(_PURPOSE, reference)])))
    return write_text(objects)


def check_gateway_code(text: str, *, amount: int, wallet: str = "vn.zalopay") -> VietQr:
    """What a gateway's code for one order says, once it is safe to show for this sale.

    ZaloPay's `qr_code` (ZaloPay create order API) serves its own wallet by block 26 and the banks' apps by block 38.

    Args:
        text: the code as the gateway gave it; that is what to show.
        amount: the sale's, in dong.
        wallet: how the gateway names itself in the block for its wallet; "" for a gateway that has none.

    Raises:
        QrError: damaged, another currency, another amount, extra money asked for, or no block of wallet or bank.
    """
    code = read_vietqr(text)
    if code.amount is None:
        raise QrError(NO_AMOUNT)
    if code.amount != amount:
        raise QrError(OTHER_AMOUNT.fill(stated=with_sign(code.amount), wanted=with_sign(amount)))
    if code.tip is not None:
        raise QrError(EXTRA_FEE)
    if wallet and not any(_is_wallet_block(one, wallet) for one in code.objects):
        raise QrError(OTHER_WALLET.fill(wallet=wallet))
    return code


def plain(text: str) -> str:
    """A person's text as banks take it: no accents (đ is d), letters, digits and single blanks only, 25 characters."""
    stripped = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    kept = "".join(char for char in stripped if not unicodedata.combining(char))
    words = re.sub(r"[^0-9A-Za-z]+", " ", kept).split()
    return " ".join(words)[:REFERENCE_LENGTH_MAX].rstrip()


def _read_receiver(block: str | None) -> Receiver:
    if block is None:
        raise OtherSchemeError
    parts = read_objects(block)
    if find(parts, _GUID) != NAPAS:
        raise OtherSchemeError
    account = read_objects(find(parts, _RECEIVER) or "")
    bin_, number = find(account, _BIN) or "", find(account, _ACCOUNT) or ""
    if not _BIN_FORM.fullmatch(bin_) or not _ACCOUNT_FORM.fullmatch(number):
        raise QrError(WRONG_RECEIVER)
    return Receiver(bin_, number, find(parts, _SERVICE))


def _read_amount(value: str | None) -> int | None:
    if value is None:
        return None
    if not _AMOUNT_FORM.fullmatch(value):
        raise QrError(WRONG_AMOUNT)
    return int(value)


def _read_tip(objects: tuple[DataObject, ...]) -> str | None:
    """The tip indicator, once the fee that it announces is there, and no other."""
    tip = find(objects, _TIP)
    wanted = {_FEE_FOR_TIP[tip]} if tip in _FEE_FOR_TIP else set()
    stated = {one.id for one in objects} & {_FEE_FIXED, _FEE_PERCENT}
    if tip not in (None, "01", *_FEE_FOR_TIP) or stated != wanted:
        raise QrError(WRONG_TIP)
    percent = find(objects, _FEE_PERCENT)
    if percent is not None and not _FEE_PERCENT_FORM.fullmatch(percent):
        raise QrError(WRONG_TIP)
    return tip


def _is_wallet_block(one: DataObject, wallet: str) -> bool:
    if not 26 <= int(one.id) <= 51:  # noqa: PLR2004 - the templates that name their owner
        return False
    try:
        return find(read_objects(one.value), _GUID) == wallet
    except QrError:
        return False


def _text(objects: Iterable[DataObject], id_: str) -> str | None:
    value = find(objects, id_)
    return None if value is None else unicodedata.normalize("NFC", value)
