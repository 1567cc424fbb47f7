"""What is shown of an order: its link and its QR text, made and read with this gateway's own small code.

The QR text has the shape of those that ZaloPay publishes: EMVCo's objects with ZaloPay's block and NAPAS's block, for
wallet and bank apps alike.
"""

import base64
import binascii
import json
from dataclasses import dataclass, field
from random import Random
from urllib.parse import parse_qs, urlsplit

from pos_app.sandbox.requests import APP_ID
from pos_app.vietnam_day import local_time

_PAGE = "https://qcgateway.zalopay.vn/openinapp?order="
_REFERENCE_DIGITS = 17
_CRC_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Ticket:
    """What an order that is shown is known by.

    Attributes:
        token: `zp_trans_token`, inside of the link.
        order_token: for the vendor's own SDKs.
        reference: 17 digits, inside of the QR text.
        account: the account at ZaloPay's bank that exists for this order only.
    """

    token: str = field(repr=False)
    order_token: str = field(repr=False)
    reference: str
    account: str


def new_ticket(random: Random, *, now_ms: int) -> Ticket:
    """A ticket that no other order has."""
    day = local_time(now_ms).strftime("%y%j")
    return Ticket(
        token="AC" + base64.urlsafe_b64encode(random.randbytes(18)).decode()[2:],
        order_token=base64.urlsafe_b64encode(random.randbytes(48)).decode(),
        reference=str(random.randrange(10 ** (_REFERENCE_DIGITS - 1), 10**_REFERENCE_DIGITS)),
        account=f"99ZP{day}O{random.randrange(10**8):08}",
    )


def order_url(ticket: Ticket) -> str:
    """The link that opens the order in the wallet."""
    order = json.dumps({"zptranstoken": ticket.token, "appid": APP_ID}, separators=(",", ":"))
    return _PAGE + base64.b64encode(order.encode()).decode()


def qr_code(ticket: Ticket, amount: int) -> str:
    """The QR text for an order of `amount` dong."""
    wallet = _object("00", "vn.zalopay") + _object("02", "001") + _object("01", "270005")
    bank = _object("00", "970454") + _object("01", ticket.account)
    text = (
        _object("00", "01") + _object("01", "12")
        + _object("26", wallet + _object("03", ticket.reference))
        + _object("38", _object("00", "A000000727") + _object("01", bank) + _object("02", "QRIBFTTA"))
        + _object("52", "7399") + _object("53", "704") + _object("54", str(amount)) + _object("58", "VN")
        + _object("62", _object("08", ticket.reference)) + "6304"
    )  # fmt: skip
    return text + crc(text)


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE of the text, four capital hex digits."""
    register = 0xFFFF
    for byte in text.encode():
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1) ^ 0x1021 if register & 0x8000 else register << 1
        register &= 0xFFFF
    return f"{register:04X}"


def read_shown(shown: str) -> tuple[str, int] | None:
    """What a phone finds in a link or a QR text: token or reference, and the amount (0 in a link). None: nothing."""
    shown = shown.strip()
    if shown.startswith("000201"):
        return _read_qr(shown)
    try:
        order = parse_qs(urlsplit(shown).query)["order"][0].replace(" ", "+")
        told = json.loads(base64.b64decode(order + "=" * (-len(order) % 4), validate=True))
        token, app_id = told["zptranstoken"], told["appid"]
    except (KeyError, TypeError, ValueError, RecursionError, binascii.Error):
        return None
    return (token, 0) if isinstance(token, str) and app_id == APP_ID else None


def _read_qr(text: str) -> tuple[str, int] | None:
    if crc(text[:-_CRC_LENGTH]) != text[-_CRC_LENGTH:]:
        return None
    try:
        objects = _objects(text)
        return _objects(objects["62"])["08"], int(objects["54"])
    except (KeyError, ValueError):
        return None


def _object(name: str, value: str) -> str:
    return f"{name}{len(value):02}{value}"


def _objects(text: str) -> dict[str, str]:
    """Objects by their two digits.

    Raises:
        ValueError: a length is no number.
    """
    objects, at = {}, 0
    while at < len(text):
        end = at + 4 + int(text[at + 2 : at + 4])
        objects[text[at : at + 2]] = text[at + 4 : end]
        at = end
    return objects
