"""What a right refund request is, and a right question about one: members, signature, time, ids and values.

Written from the documentation of ZaloPay's v2 API (refund, query refund). Nothing here knows of earlier requests.
"""

import re
from dataclasses import dataclass

from pos_app.sandbox.requests import (
    AMOUNT_MAX,
    APP_ID,
    CLOCK_WINDOW_MS,
    Fields,
    RefusedError,
    check_app,
    check_lengths,
    check_signature,
    integer,
    text,
)
from pos_app.vietnam_day import yymmdd

_ID_LENGTH_MAX, _NUMBER_LENGTH_MAX, _DESCRIPTION_LENGTH_MAX = 45, 15, 100


@dataclass(frozen=True, slots=True)
class AskedRefund:
    """What a right refund request asks for: `amount` dong of the payment `zp_trans_id` back, less `fee` dong."""

    m_refund_id: str
    zp_trans_id: str
    amount: int
    fee: int
    description: str


def right_refund(fields: Fields, *, now_ms: int) -> AskedRefund:
    """A refund request, when all is right with it.

    The order of the checks: members, their types and lengths (-401), app and signature (-402), time (-13), refund id:
    its form (-24), its day (-25), its app (-26); amount and fee (-14), a description that says something (-401).

    Raises:
        RefusedError: the first check that fails.
    """
    asked = AskedRefund(
        m_refund_id=text(fields, "m_refund_id"), zp_trans_id=_payment_number(fields),
        amount=integer(fields, "amount"), fee=integer(fields, "refund_fee_amount", default=0),
        description=text(fields, "description"),
    )  # fmt: skip
    timestamp, mac = integer(fields, "timestamp"), text(fields, "mac")
    check_lengths(fields, {"description": _DESCRIPTION_LENGTH_MAX})
    check_app(fields)
    fee_if_sent = (asked.fee,) if "refund_fee_amount" in fields else ()
    check_signature(mac, APP_ID, asked.zp_trans_id, asked.amount, *fee_if_sent, asked.description, timestamp)
    _check_time(timestamp, now_ms)
    _check_id(asked.m_refund_id, day=yymmdd(timestamp))
    if not 1 <= asked.amount <= AMOUNT_MAX or not 0 <= asked.fee < asked.amount:
        raise RefusedError(-14)
    if not asked.description.strip():
        raise RefusedError(-401)
    return asked


def right_refund_question(fields: Fields, *, now_ms: int) -> str:
    """The `m_refund_id` that is asked about.

    Raises:
        RefusedError: a member is missing or of a wrong type (-401), wrong app or signature (-402), wrong time (-13).
    """
    m_refund_id, timestamp, mac = text(fields, "m_refund_id"), integer(fields, "timestamp"), text(fields, "mac")
    check_app(fields)
    check_signature(mac, APP_ID, m_refund_id, timestamp)
    _check_time(timestamp, now_ms)
    return m_refund_id


def _payment_number(fields: Fields) -> str:
    """Some pages call it a number, some a text; it is signed alike."""
    number = fields.get("zp_trans_id")
    if isinstance(number, bool) or not isinstance(number, int | str) or len(str(number)) > _NUMBER_LENGTH_MAX:
        raise RefusedError(-401)
    return str(number)


def _check_time(timestamp_ms: int, now_ms: int) -> None:
    if abs(timestamp_ms - now_ms) > CLOCK_WINDOW_MS:
        raise RefusedError(-13)


def _check_id(m_refund_id: str, *, day: str) -> None:
    """`yymmdd_appid_` and anything unique, with the Vietnamese day of the refund."""
    found = re.fullmatch(r"(\d{6})_(\d+)_[A-Za-z0-9_-]+", m_refund_id, re.ASCII)
    if found is None or len(m_refund_id) > _ID_LENGTH_MAX:
        raise RefusedError(-24)
    if found[1] != day:
        raise RefusedError(-25)
    if found[2] != str(APP_ID):
        raise RefusedError(-26)
