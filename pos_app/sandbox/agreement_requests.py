"""What a right request of the agreement calls is: bind, query, balance, pay, query_user, unbind.

Written from the documentation of ZaloPay's v2 API (agreement). Nothing here knows of earlier requests.
"""

import json
import re
from dataclasses import dataclass, field

from pos_app.sandbox.requests import (
    APP_ID,
    CLOCK_WINDOW_MS,
    Fields,
    RefusedError,
    check_app,
    check_signature,
    integer,
    text,
)
from pos_app.vietnam_day import yymmdd

_ID_LENGTH_MAX, _IDENTIFIER_LENGTH_MAX = 40, 50
_NO_TOKEN = -7041


@dataclass(frozen=True, slots=True)
class AskedBinding:
    """What a right bind request asks for; `max_amount` dong is the most of one payment, 0 for no limit."""

    app_trans_id: str
    identifier: str
    max_amount: int
    callback_url: str


@dataclass(frozen=True, slots=True)
class AskedCharge:
    """What a right pay request asks for: the order behind `zp_trans_token`, from the wallet of `pay_token`."""

    identifier: str
    zp_trans_token: str
    pay_token: str = field(repr=False)


def right_bind(fields: Fields, *, now_ms: int) -> AskedBinding:
    """A bind request, when all is right with it.

    The order of the checks: members and their types (-401), app and signature (-402), time (-4), id (-92), customer
    (-57), limit (-5), kind and data (-401).

    Raises:
        RefusedError: the first check that fails.
    """
    app_trans_id, identifier, mac = (text(fields, name) for name in ("app_trans_id", "identifier", "mac"))
    req_date, max_amount = integer(fields, "req_date"), integer(fields, "max_amount", default=0)
    data, kind = text(fields, "binding_data", default=""), text(fields, "binding_type", default="WALLET")
    _check(fields, mac, app_trans_id, data, kind, identifier, max_amount, req_date=req_date, now_ms=now_ms)
    day = yymmdd(req_date)
    if not re.fullmatch(rf"{day}[A-Za-z0-9_-]+", app_trans_id) or len(app_trans_id) > _ID_LENGTH_MAX:
        raise RefusedError(-92)
    if not identifier.strip() or len(identifier) > _IDENTIFIER_LENGTH_MAX:
        raise RefusedError(-57)
    if max_amount < 0:
        raise RefusedError(-5)
    if kind != "WALLET" or not _is_object(data or "{}"):
        raise RefusedError(-401)
    return AskedBinding(app_trans_id, identifier, max_amount, text(fields, "callback_url", default=""))


def right_binding_question(fields: Fields, *, now_ms: int) -> str:
    """The `app_trans_id` of the bind request that is asked about. Refused with -401, -402 or -4."""
    app_trans_id, mac, req_date = text(fields, "app_trans_id"), text(fields, "mac"), integer(fields, "req_date")
    _check(fields, mac, app_trans_id, req_date=req_date, now_ms=now_ms)
    return app_trans_id


def right_balance_question(fields: Fields, *, now_ms: int) -> tuple[str, str, int]:
    """Token, customer and amount. Refused with -401, -402, -4, -5, or -7041 for an empty token."""
    token, identifier, mac = (text(fields, name) for name in ("pay_token", "identifier", "mac"))
    amount, req_date = integer(fields, "amount"), integer(fields, "req_date")
    _check(fields, mac, token, identifier, amount, req_date=req_date, now_ms=now_ms)
    if amount < 1:
        raise RefusedError(-5)
    return _present(token), identifier, amount


def right_charge(fields: Fields, *, now_ms: int) -> AskedCharge:
    """A pay request, when all is right with it. Refused with -401, -402, -4, or -7041 for an empty token."""
    identifier, order, token, mac = (
        text(fields, name) for name in ("identifier", "zp_trans_token", "pay_token", "mac")
    )
    req_date = integer(fields, "req_date")
    _check(fields, mac, identifier, order, token, req_date=req_date, now_ms=now_ms)
    return AskedCharge(identifier, order, _present(token))


def right_unbind(fields: Fields, *, now_ms: int) -> tuple[str, str]:
    """Customer and binding. Refused with -401, -402 or -4."""
    identifier, binding_id, mac = (text(fields, name) for name in ("identifier", "binding_id", "mac"))
    req_date = integer(fields, "req_date")
    _check(fields, mac, identifier, binding_id, req_date=req_date, now_ms=now_ms)
    return identifier, binding_id


def right_user_question(fields: Fields, *, now_ms: int) -> str:
    """The token whose owner is asked for. Refused with -401, -402, -4, or -7041 for an empty token."""
    token, mac, req_date = text(fields, "access_token"), text(fields, "mac"), integer(fields, "req_date")
    _check(fields, mac, token, req_date=req_date, now_ms=now_ms)
    return _present(token)


def _present(token: str) -> str:
    if not token:
        raise RefusedError(_NO_TOKEN)
    return token


def _check(fields: Fields, mac: str, *signed: str | int, req_date: int, now_ms: int) -> None:
    """App and signature (-402), then time (-4). What each call signs begins with the app and ends with the time."""
    check_app(fields)
    check_signature(mac, APP_ID, *signed, req_date)
    if abs(req_date - now_ms) > CLOCK_WINDOW_MS:
        raise RefusedError(-4)


def _is_object(written: str) -> bool:
    try:
        return isinstance(json.loads(written), dict)
    except (ValueError, RecursionError):
        return False
