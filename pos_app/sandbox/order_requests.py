"""What a right request for an order to show is, and for the list of banks.

Written from the documentation of ZaloPay's v2 API (create order, list of banks). Nothing here knows of earlier
requests.
"""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from pos_app.sandbox.banks import BANK_CODES
from pos_app.sandbox.requests import (
    APP_ID,
    CLOCK_WINDOW_MS,
    Bill,
    Fields,
    RefusedError,
    check_app,
    check_bill,
    check_lengths,
    check_signature,
    integer,
    read_bill,
    signed,
    text,
)

LIFE_S, LIFE_MIN_S, LIFE_MAX_S = 900, 300, 2_592_000
_JSON_LENGTH_MAX = 2_048
_TEXT_LENGTHS = {
    "description": 256, "title": 256, "device_info": 256, "bank_code": 20, "sub_app_id": 50, "phone": 50, "email": 100,
    "address": 1_024, "currency": 3,
}  # fmt: skip
_METHODS = frozenset(
    {"domestic_card", "account", "vietqr", "zalopay_wallet", "international_card", "applepay", "bnpl"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskedOrder:
    """What a right create request asks for: the bill, payable for `life_ms`."""

    bill: Bill
    life_ms: int


def right_order(fields: Fields, *, now_ms: int) -> AskedOrder:
    """A create request, when all is right with it.

    The order of the checks: members, their types and lengths (-401), app and signature (-402), then as `check_bill`,
    then life, currency, addresses and payment methods (-401), bank (-289).

    Raises:
        RefusedError: the first check that fails.
    """
    bill, mac = read_bill(fields), text(fields, "mac")
    life_s = integer(fields, "expire_duration_seconds", default=LIFE_S)
    check_lengths(fields, _TEXT_LENGTHS)
    check_app(fields)
    check_signature(mac, *signed(bill))
    check_bill(bill, now_ms=now_ms, json_length_max=_JSON_LENGTH_MAX)
    addresses = (bill.callback_url, text(fields, "redirect_url", default=""))
    right = (
        bill.description.strip(),
        LIFE_MIN_S <= life_s <= LIFE_MAX_S,
        text(fields, "currency", default="VND") == "VND",
        all(_is_address(address) for address in addresses if address),
        _knows_methods(bill.embed_data),
    )
    if not all(right):
        raise RefusedError(-401)
    if text(fields, "bank_code", default="") not in {"", *BANK_CODES}:
        raise RefusedError(-289)
    return AskedOrder(bill, life_s * 1_000)


def check_bank_question(fields: Fields, *, now_ms: int) -> None:
    """A request for the list of banks is right; it has v1's names.

    Raises:
        RefusedError: a member is missing or of a wrong type (-401), wrong app or signature (-402), wrong time (-4).
    """
    app_id, reqtime, mac = integer(fields, "appid"), integer(fields, "reqtime"), text(fields, "mac")
    if app_id != APP_ID:
        raise RefusedError(-402)
    check_signature(mac, app_id, reqtime)
    if abs(reqtime - now_ms) > CLOCK_WINDOW_MS:
        raise RefusedError(-4)


def _is_address(address: str) -> bool:
    try:
        where = urlsplit(address)
    except ValueError:
        return False
    return where.scheme in {"http", "https"} and bool(where.hostname)


def _knows_methods(embed_data: str) -> bool:
    """`preferred_payment_method`, when it is there, is a list of methods that exist."""
    methods = json.loads(embed_data).get("preferred_payment_method", [])
    return isinstance(methods, list) and all(isinstance(one, str) and one in _METHODS for one in methods)
