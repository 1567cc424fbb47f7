"""Our requests (ZaloPay API v2, form-encoded): each field is made once, and signed as it is sent.

`…_fields` make what v1 sends too, under names of its own (`v1_requests.py`).
"""

import json
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from pos_app.gateways.gateway import Order, PayMethod
from pos_app.gateways.zalopay.public_key import PublicKey
from pos_app.gateways.zalopay.signing import (
    SignedOrder,
    create_mac,
    query_mac,
    query_refund_mac,
    quick_pay_mac,
    refund_mac,
)
from pos_app.payments.refund import REFUND_ID_LENGTH_MAX, Refund
from pos_app.vietnam_day import yymmdd

QUICK_PAY_PATH = "/v2/quick_pay"
CREATE_PATH = "/v2/create"
QUERY_PATH = "/v2/query"
CANCEL_PATH = "/v2/cancel"
REFUND_PATH = "/v2/refund"
QUERY_REFUND_PATH = "/v2/query_refund"
CALLBACK_PATH = "/zalopay/v2/callback"
"""Of our own service, as `REDIRECT_PATH`."""
REDIRECT_PATH = "/zalopay/redirect"

_APP_USER_MAX = 50
_DESCRIPTION_MAX = 100
_ORDER_ID = re.compile(r"[0-9]{6}[A-Za-z0-9_-]{1,34}")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the shop got from ZaloPay.

    Attributes:
        app_id: the shop's number there.
        key1: signs everything we send; in memory only.
        public_key: encrypts the payment code.
        app_user: who pays; as the payer is not known, the till's name, 1 to 50 characters.
        public_url: where the world reaches our own service of notifications, "" where there is none.
    """

    app_id: int
    key1: str = field(repr=False)
    public_key: PublicKey = field(repr=False)
    app_user: str
    public_url: str = ""

    def __post_init__(self) -> None:
        if self.app_id <= 0 or not self.key1:
            raise ValueError("app_id and key1 are needed")
        if not 0 < len(self.app_user) <= _APP_USER_MAX:
            raise ValueError("app_user must have 1 to 50 characters")


Fields = dict[str, str | int]
"""The fields of a request by their names in v2."""


def form(fields: Fields) -> bytes:
    """The fields as they are sent."""
    return urlencode(fields).encode()


def quick_pay_body(credentials: Credentials, order: Order, code: bytes) -> bytes:
    """The body of `quick_pay`; raises as `quick_pay_fields`."""
    return form(quick_pay_fields(credentials, order, code))


def quick_pay_fields(credentials: Credentials, order: Order, code: bytes) -> Fields:
    """The order, and the customer's code.

    Raises:
        ValueError: the order breaks a rule of the API: our own bug.
        CodeTooLongError: the code does not fit the key.
    """
    check_order(order)
    signed = SignedOrder(credentials.app_id, order.app_trans_id, credentials.app_user, order.amount, order.app_time_ms)
    return {
        **_order_fields(signed, order),
        "payment_code": credentials.public_key.encrypt(code),
        "mac": quick_pay_mac(credentials.key1, signed, code),
    }


METHODS: dict[PayMethod, tuple[str, dict[str, object]]] = {
    PayMethod.ANY: ("", {}),
    PayMethod.WALLET: ("zalopayapp", {}),
    PayMethod.VIETQR: ("", {"preferred_payment_method": ["vietqr"]}),
    PayMethod.BANK_ATM: ("", {"preferred_payment_method": ["domestic_card", "account"]}),
    PayMethod.BANK_CARD: ("", {"preferred_payment_method": ["international_card"]}),
}
"""`bank_code` and members of `embed_data` that say how an order is meant to be paid."""
LIFE_S = range(300, 2_592_001)
"""`expire_duration_seconds` that ZaloPay takes."""


def create_body(credentials: Credentials, order: Order, life_s: int, method: PayMethod) -> bytes:
    """The body of `create`.

    Raises:
        ValueError: the order breaks a rule of the API, or ZaloPay has no such way to pay: our own bug.
    """
    if life_s not in LIFE_S:
        raise ValueError("a shown order lives 300 s to 30 days")
    fields = {**create_fields(credentials, order, method), "expire_duration_seconds": life_s}
    if credentials.public_url:  # not with a scanned code: there ZaloPay may call back for a failure too
        fields["callback_url"] = credentials.public_url + CALLBACK_PATH
    return form(fields)


def create_fields(credentials: Credentials, order: Order, method: PayMethod) -> Fields:
    """The order, and how it is meant to be paid.

    Raises:
        ValueError: as for `create_body`.
    """
    check_order(order)
    if method not in METHODS:
        raise ValueError("ZaloPay has no such way to pay")
    bank_code, embedded = METHODS[method]
    if credentials.public_url:
        embedded = {**embedded, "redirecturl": credentials.public_url + REDIRECT_PATH}
    signed = SignedOrder(
        credentials.app_id,
        order.app_trans_id,
        credentials.app_user,
        order.amount,
        order.app_time_ms,
        embed_data=json.dumps(embedded, separators=(",", ":")),
    )
    return {
        **_order_fields(signed, order),
        "bank_code": order.bank_code or bank_code,
        "mac": create_mac(credentials.key1, signed),
    }


def _order_fields(signed: SignedOrder, order: Order) -> Fields:
    """What every order has, as it is signed."""
    return {
        "app_id": signed.app_id,
        "app_user": signed.app_user,
        "app_time": signed.app_time_ms,
        "amount": signed.amount,
        "app_trans_id": signed.app_trans_id,
        "embed_data": signed.embed_data,
        "item": signed.item,
        "description": order.description[:_DESCRIPTION_MAX],
    }


def query_body(credentials: Credentials, app_trans_id: str) -> bytes:
    """The body of `query`, and of `cancel`: the same fields, signed the same way."""
    return form(query_fields(credentials, app_trans_id))


def query_fields(credentials: Credentials, app_trans_id: str) -> Fields:
    """The order that is asked about."""
    mac = query_mac(credentials.key1, credentials.app_id, app_trans_id)
    return {"app_id": credentials.app_id, "app_trans_id": app_trans_id, "mac": mac}


def refund_body(credentials: Credentials, refund: Refund) -> bytes:
    """The body of `refund`; raises as `refund_fields`."""
    return form(refund_fields(credentials, refund))


def refund_fields(credentials: Credentials, refund: Refund) -> Fields:
    """What to give back, without a fee.

    Raises:
        ValueError: the refund breaks a rule of the API: our own bug.
    """
    check_refund(refund)
    description = refund.description[:_DESCRIPTION_MAX]
    mac = refund_mac(
        credentials.key1, credentials.app_id, refund.zp_trans_id, refund.amount, description, refund.requested_at_ms
    )
    return {
        "app_id": credentials.app_id,
        "m_refund_id": refund.m_refund_id,
        "zp_trans_id": refund.zp_trans_id,
        "amount": refund.amount,
        "timestamp": refund.requested_at_ms,
        "description": description,
        "mac": mac,
    }


def query_refund_body(credentials: Credentials, m_refund_id: str, timestamp_ms: int) -> bytes:
    """The body of `query_refund`."""
    return form(query_refund_fields(credentials, m_refund_id, timestamp_ms))


def query_refund_fields(credentials: Credentials, m_refund_id: str, timestamp_ms: int) -> Fields:
    """The refund that is asked about."""
    mac = query_refund_mac(credentials.key1, credentials.app_id, m_refund_id, timestamp_ms)
    return {"app_id": credentials.app_id, "m_refund_id": m_refund_id, "timestamp": timestamp_ms, "mac": mac}


def check_refund(refund: Refund) -> None:
    """Hold a refund to the rules of the API.

    Raises:
        ValueError: an id that is longer than 45 characters or does not begin with the Vietnamese day and the app id,
            no number of a payment, or an amount below 1 dong.
    """
    if not refund.m_refund_id.startswith(f"{yymmdd(refund.requested_at_ms)}_{refund.app_id}_"):
        raise ValueError("a refund id is yymmdd, the app id, and more")
    if len(refund.m_refund_id) > REFUND_ID_LENGTH_MAX:
        raise ValueError("a refund id has at most 45 characters")
    if not refund.zp_trans_id or refund.amount < 1:
        raise ValueError("a refund names a payment and at least 1 dong")


def check_order(order: Order) -> None:
    """Hold an order to the rules of the API.

    Raises:
        ValueError: an id that is longer than 40 characters or does not begin with the Vietnamese day of
            `app_time_ms`, or an amount below 1 dong.
    """
    if not _ORDER_ID.fullmatch(order.app_trans_id):
        raise ValueError("an order id is yymmdd and more, at most 40 characters")
    if not order.app_trans_id.startswith(yymmdd(order.app_time_ms)):
        raise ValueError("the order id does not begin with the Vietnamese day of its time")
    if order.amount < 1:
        raise ValueError("the amount must be at least 1 dong")
