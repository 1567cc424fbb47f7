"""What a right request about an order is: members, types, signature, time and values, checked in a fixed order.

Written from the documentation of ZaloPay's v2 API (QuickPay, order query). What all requests have in common stands
here too; refunds have a file of their own. Nothing here knows of earlier requests.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from pos_app.sandbox.payment_key import PaymentKey
from pos_app.vietnam_day import yymmdd

APP_ID = 2553
KEY1 = "PcY4iZIKFCIdgZvA6ueMcMHHUbRLYjPL"
KEY2 = "kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz"
"""An app and its keys as ZaloPay's own pages print them, for the sandbox only."""

CLOCK_WINDOW_MS = 15 * 60_000
"""How far `app_time` may be from the gateway's clock."""

_ID_LENGTH_MAX, _USER_LENGTH_MAX, _QUICK_PAY_JSON_LENGTH_MAX = 40, 50, 1_024
_TEXT_LENGTHS = {"description": 100, "device_info": 256}
AMOUNT_MAX = 2**53
"""In dong; no amount is larger."""
_NUMBERS = frozenset({
    "app_id", "app_time", "amount", "refund_fee_amount", "timestamp", "expire_duration_seconds", "appid", "reqtime",
    "max_amount", "req_date",
})  # fmt: skip
_FIELDS_MAX = 50

Fields = dict[str, object]
"""The members of a request: texts, and integers where the API says so."""


@dataclass(frozen=True, slots=True)
class Bill:
    """What an order is about: `amount` dong, and the members that the callback gives back."""

    app_trans_id: str
    amount: int
    description: str
    app_user: str
    app_time_ms: int
    embed_data: str
    item: str
    callback_url: str


@dataclass(frozen=True, slots=True)
class Payment:
    """What a right payment request asks for: the bill, from the wallet that showed `code`."""

    bill: Bill
    code: str = field(repr=False)


class RefusedError(Exception):
    """The request is not accepted; `code` is its `sub_return_code`."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


def right_payment(fields: Fields, *, key: PaymentKey, now_ms: int) -> Payment:
    """A QuickPay request, when all is right with it.

    The order of the checks: members and their types (-401), app (-402), payment code opens (-292), signature (-402),
    time (-54 too old, -4 too new), order id (-92), payer (-57), amount (-5), items (-52), embedded data (-401).

    Raises:
        RefusedError: the first check that fails.
    """
    bill = read_bill(fields)
    mac, encrypted = text(fields, "mac"), text(fields, "payment_code")
    check_lengths(fields, _TEXT_LENGTHS)
    check_app(fields)
    code = key.open_code(encrypted)
    if code is None:
        raise RefusedError(-292)
    check_signature(mac, *signed(bill), code)
    check_bill(bill, now_ms=now_ms, json_length_max=_QUICK_PAY_JSON_LENGTH_MAX)
    return Payment(bill, code)


def right_question(fields: Fields) -> str:
    """The `app_trans_id` that a query or cancel asks about.

    Raises:
        RefusedError: a member is missing or of a wrong type (-401), wrong app or signature (-402).
    """
    app_trans_id, mac = text(fields, "app_trans_id"), text(fields, "mac")
    check_app(fields)
    check_signature(mac, APP_ID, app_trans_id, KEY1)
    return app_trans_id


def read_fields(content_type: str, body: bytes, address_query: str) -> Fields:
    """The members of a call: a JSON body, a form body, or the form in the address when there is no body.

    Raises:
        ValueError, RecursionError: neither, or a member is named twice.
    """
    if content_type.partition(";")[0].strip().lower() == "application/json" and body:
        fields = json.loads(body, object_pairs_hook=_once)
        if not isinstance(fields, dict):
            message = "not an object"
            raise ValueError(message)
        return fields
    form = body.decode() or address_query
    pairs = parse_qsl(form, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=_FIELDS_MAX)
    return _once([(name, _number(value) if name in _NUMBERS else value) for name, value in pairs])


def _number(written: str) -> int | str:
    """The integer a form means, or the text when it is none in plain decimal."""
    plain = written.removeprefix("-")
    return int(written) if plain.isascii() and plain.isdecimal() and plain == str(int(plain)) else written


def _once(pairs: list[tuple[str, object]]) -> Fields:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        message = "a member is named twice"
        raise ValueError(message)
    return fields


def text(fields: Fields, name: str, *, default: str | None = None) -> str:
    """A member that is a text; `default` when it is missing, unless None. Refused with -401."""
    value = fields.get(name, default)
    if not isinstance(value, str):
        raise RefusedError(-401)
    return value


def integer(fields: Fields, name: str, *, default: int | None = None) -> int:
    """A member that is an integer; `default` as for `text`."""
    value = fields.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool):
        raise RefusedError(-401)
    return value


def check_app(fields: Fields) -> None:
    """It is this app (-402)."""
    if integer(fields, "app_id") != APP_ID:
        raise RefusedError(-402)


def check_lengths(fields: Fields, lengths: dict[str, int]) -> None:
    """No text is longer than its length (-401); texts that are missing are none."""
    if any(len(text(fields, name, default="")) > length for name, length in lengths.items()):
        raise RefusedError(-401)


def check_signature(mac: str, *parts: str | int) -> None:
    """HMAC-SHA256 with key1 over the parts joined by `|`, lower-case hex (-402)."""
    told = "|".join(map(str, parts)).encode("utf-8", "surrogatepass")
    right = hmac.new(KEY1.encode(), told, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), mac.encode("utf-8", "surrogatepass")):
        raise RefusedError(-402)


def read_bill(fields: Fields) -> Bill:
    """The members that every order has, of the right types (-401)."""
    return Bill(
        app_trans_id=text(fields, "app_trans_id"), amount=integer(fields, "amount"),
        description=text(fields, "description", default=""), app_user=text(fields, "app_user"),
        app_time_ms=integer(fields, "app_time"), embed_data=text(fields, "embed_data"), item=text(fields, "item"),
        callback_url=text(fields, "callback_url", default=""),
    )  # fmt: skip


def signed(bill: Bill) -> tuple[str | int, ...]:
    """The parts of a bill that are signed, in their order."""
    return (
        APP_ID, bill.app_trans_id, bill.app_user, bill.amount, bill.app_time_ms, bill.embed_data, bill.item,
    )  # fmt: skip


def _check_time(app_time_ms: int, now_ms: int) -> None:
    ahead_ms = app_time_ms - now_ms
    if ahead_ms < -CLOCK_WINDOW_MS:
        raise RefusedError(-54)
    if ahead_ms > CLOCK_WINDOW_MS:
        raise RefusedError(-4)


def check_bill(bill: Bill, *, now_ms: int, json_length_max: int) -> None:
    """Time (-54 too old, -4 too new), order id (-92), payer (-57), amount (-5), items (-52), embedded data (-401)."""
    _check_time(bill.app_time_ms, now_ms)
    day = yymmdd(bill.app_time_ms)
    if not re.fullmatch(rf"{day}[A-Za-z0-9_-]+", bill.app_trans_id) or len(bill.app_trans_id) > _ID_LENGTH_MAX:
        raise RefusedError(-92)
    if not bill.app_user.strip() or len(bill.app_user) > _USER_LENGTH_MAX:
        raise RefusedError(-57)
    if not 1 <= bill.amount <= AMOUNT_MAX:
        raise RefusedError(-5)
    if not _is_json(bill.item, list, json_length_max):
        raise RefusedError(-52)
    if not _is_json(bill.embed_data, dict, json_length_max):
        raise RefusedError(-401)


def _is_json(written: str, kind: type, length_max: int) -> bool:
    if len(written) > length_max:
        return False
    try:
        return isinstance(json.loads(written), kind)
    except (ValueError, RecursionError):
        return False
