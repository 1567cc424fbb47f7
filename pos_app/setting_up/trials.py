"""What the test buttons do, each answered in words. All of it blocks: never call it on the window's thread."""

import asyncio
from pathlib import Path
from typing import NamedTuple

from pos_app.clock import Clock
from pos_app.keys.account import AccountError, Typed, account_of
from pos_app.keys.check import check_account
from pos_app.keys.fingerprint import marks
from pos_app.payments.payment_code import WrongCode, read_scan
from pos_app.settings import Settings
from pos_app.words import NOTHING, Text

_SECONDS_AT_THE_END = 5


class Told(NamedTuple):
    """What a test found.

    Attributes:
        well: it works.
        said: what was found.
        advice: what to do, or to know.
    """

    well: bool
    said: Text
    advice: Text = NOTHING

    @staticmethod
    def good(said: Text, advice: Text = NOTHING) -> "Told":
        """It works."""
        return Told(well=True, said=said, advice=advice)

    @staticmethod
    def bad(said: Text, advice: Text = NOTHING) -> "Told":
        """It does not."""
        return Told(well=False, said=said, advice=advice)


_METHOD = Text("ZaloPay, quét mã khách", "ZaloPay, customer's code")
_PAYMENT_CODE = Text("mã thanh toán", "a payment code")
_SCANNED = Text("Đọc được: {what}, {n} ký tự", "It reads: {what}, {n} characters")
_ANY = Text("Mã không hiện ra và không được giữ lại.", "The code is neither shown nor kept.")
_JUNK = Text("Máy quét gửi ký tự lạ", "The scanner sends odd characters")
_SET_IT = Text("Đặt lại máy quét về mặc định theo tờ hướng dẫn.", "Reset it to its defaults by its leaflet.")
_COME_OUT = Text("Xem trang in thử: hai đầu thước phải đủ.", "Look at the page: both ends of its ruler must be there.")


def try_keys(typed: Typed, clock: Clock, *, api: str) -> Told:
    """One signed question that is answered; no money can move."""
    try:
        account = account_of(typed)
    except AccountError as error:
        return Told.bad(error.title, error.advice)
    checked = check_account(account, clock, api=api)
    return Told(well=checked.ok, said=checked.title, advice=checked.advice)


def fingerprints(typed: Typed) -> dict[str, str]:
    """By which people compare keys, by name; none where the account is not whole."""
    try:
        return marks(account_of(typed))
    except AccountError:
        return {}


def tell_scan(text: str, *, code_pattern: str = "") -> Told:
    """What was scanned, without showing it."""
    read = read_scan(text, code_pattern=code_pattern)
    if isinstance(read, WrongCode):
        what = read.shown
    else:
        read.forget()
        what = _PAYMENT_CODE
    if any(not one.isprintable() for one in text.strip()):
        return Told.bad(_JUNK, _SET_IT)
    return Told.good(_SCANNED.fill(what=what, n=len(text.strip())), _ANY)


def try_printer(settings: Settings, folder: Path) -> Told:
    """A test page, by the printer that these settings choose."""
    from pos_app.checkout.printing import PrinterErrand, answer_words, has_failed, run  # noqa: PLC0415 - dear to import
    from pos_app.receipts.printers.choice import chosen_spool  # noqa: PLC0415

    spool = chosen_spool(settings.printer, folder)
    try:
        answer = asyncio.run(run(PrinterErrand.TEST, spool, settings))
    finally:
        spool.close(_SECONDS_AT_THE_END)
    well = not has_failed(answer)
    return Told(well=well, said=answer_words(answer), advice=_COME_OUT if well else NOTHING)


def slip_picture(settings: Settings, at_ms: int) -> bytes:
    """What a slip of this shop looks like, as PNG; it says that it is none."""
    from pos_app.receipts.content import Slip, SlipKind, slip_blocks  # noqa: PLC0415 - dear to import
    from pos_app.receipts.layout import PAPERS, lay_out  # noqa: PLC0415
    from pos_app.receipts.raster import png  # noqa: PLC0415

    shop = settings.shop
    sample = Slip(
        kind=SlipKind.PAID, store_name=shop.store, store_address=shop.address, store_phone=shop.phone,
        tax_code=shop.tax_code, slip_number=f"{shop.till}-000001", at_ms=at_ms, amount=50_000, method=_METHOD,
        app_trans_id="TEST", till=shop.till, cashier=shop.cashier, demo=True,
    )  # fmt: skip
    return png(lay_out(slip_blocks(sample, settings.look.language), PAPERS["58"]))


def printers_there() -> dict[str, str]:
    """The printers of this computer: kind and device as one value, by what to call them."""
    from serial.tools.list_ports import comports  # noqa: PLC0415 - rarely

    from pos_app.receipts.printers.choice import usb_printers  # noqa: PLC0415
    from pos_app.receipts.printers.system import system_printers  # noqa: PLC0415

    found = {f"system {name}": name for name in system_printers()}
    found |= {f"usb {path}": f"USB {path}" for path in usb_printers()}
    return found | {f"serial {port.device}": port.device for port in sorted(comports())}
