"""What a right request is: members, types, signature, time and values, checked in a fixed order.

Written from the documentation of ZaloPay's v2 API (QuickPay and order query). Nothing here knows of earlier requests.
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

_ID_LENGTH_MAX, _USER_LENGTH_MAX, _JSON_LENGTH_MAX = 40, 50, 1_024
_TEXT_LENGTHS = {"description": 100, "device_info": 256}
_AMOUNT_MAX = 2**53
_NUMBERS = frozenset({"app_id", "app_time", "amount"})
_FIELDS_MAX = 50

Fields = dict[str, object]
"""The members of a request: texts, and integers where the API says so."""


@dataclass(frozen=True, slots=True)
class Payment:
    """What a right payment request asks for: `amount` dong from the wallet that showed `code`."""

    app_trans_id: str
    amount: int
    description: str
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
    texts = {name: _text(fields, name) for name in ("app_user", "app_trans_id", "embed_data", "item", "mac")}
    numbers = {name: _integer(fields, name) for name in ("app_id", "app_time", "amount")}
    encrypted = _text(fields, "payment_code")
    if any(len(_text(fields, name, default="")) > length for name, length in _TEXT_LENGTHS.items()):
        raise RefusedError(-401)
    if numbers["app_id"] != APP_ID:
        raise RefusedError(-402)
    code = key.open_code(encrypted)
    if code is None:
        raise RefusedError(-292)
    _check_signature(
        texts["mac"], APP_ID, texts["app_trans_id"], texts["app_user"], numbers["amount"],
        numbers["app_time"], texts["embed_data"], texts["item"], code,
    )  # fmt: skip
    _check_time(numbers["app_time"], now_ms)
    _check_values(texts, numbers)
    return Payment(texts["app_trans_id"], numbers["amount"], _text(fields, "description", default=""), code)


def right_question(fields: Fields) -> str:
    """The `app_trans_id` that a query or cancel asks about.

    Raises:
        RefusedError: a member is missing or of a wrong type (-401), wrong app or signature (-402).
    """
    app_id, app_trans_id, mac = _integer(fields, "app_id"), _text(fields, "app_trans_id"), _text(fields, "mac")
    if app_id != APP_ID:
        raise RefusedError(-402)
    _check_signature(mac, APP_ID, app_trans_id, KEY1)
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


def _number(text: str) -> int | str:
    """The integer a form means, or the text when it is none in plain decimal."""
    plain = text.removeprefix("-")
    return int(text) if plain.isascii() and plain.isdecimal() and plain == str(int(plain)) else text


def _once(pairs: list[tuple[str, object]]) -> Fields:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        message = "a member is named twice"
        raise ValueError(message)
    return fields


def _text(fields: Fields, name: str, *, default: str | None = None) -> str:
    value = fields.get(name, default)
    if not isinstance(value, str):
        raise RefusedError(-401)
    return value


def _integer(fields: Fields, name: str) -> int:
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise RefusedError(-401)
    return value


def _check_signature(mac: str, *parts: str | int) -> None:
    """HMAC-SHA256 with key1 over the parts joined by `|`, lower-case hex."""
    signed = "|".join(map(str, parts)).encode("utf-8", "surrogatepass")
    right = hmac.new(KEY1.encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), mac.encode("utf-8", "surrogatepass")):
        raise RefusedError(-402)


def _check_time(app_time_ms: int, now_ms: int) -> None:
    ahead_ms = app_time_ms - now_ms
    if ahead_ms < -CLOCK_WINDOW_MS:
        raise RefusedError(-54)
    if ahead_ms > CLOCK_WINDOW_MS:
        raise RefusedError(-4)


def _check_values(texts: dict[str, str], numbers: dict[str, int]) -> None:
    app_trans_id, day = texts["app_trans_id"], yymmdd(numbers["app_time"])
    if not re.fullmatch(rf"{day}[A-Za-z0-9_-]+", app_trans_id) or len(app_trans_id) > _ID_LENGTH_MAX:
        raise RefusedError(-92)
    if not texts["app_user"].strip() or len(texts["app_user"]) > _USER_LENGTH_MAX:
        raise RefusedError(-57)
    if not 1 <= numbers["amount"] <= _AMOUNT_MAX:
        raise RefusedError(-5)
    if not _is_json(texts["item"], list):
        raise RefusedError(-52)
    if not _is_json(texts["embed_data"], dict):
        raise RefusedError(-401)


def _is_json(text: str, kind: type) -> bool:
    if len(text) > _JSON_LENGTH_MAX:
        return False
    try:
        return isinstance(json.loads(text), kind)
    except (ValueError, RecursionError):
        return False
