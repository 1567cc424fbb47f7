"""The bodies of our requests in ZaloPay's API v1: the fields of v2, signed alike, under v1's names. Forms only."""

from pos_app.gateways.gateway import Order, PayMethod
from pos_app.gateways.zalopay.requests import (
    Credentials,
    Fields,
    create_fields,
    form,
    query_fields,
    query_refund_fields,
    quick_pay_fields,
    refund_fields,
)
from pos_app.payments.refund import Refund

QUICK_PAY_PATH = "/v001/tpe/submitqrcodepay"
CREATE_PATH = "/v001/tpe/createorder"
QUERY_PATH = "/v001/tpe/getstatusbyapptransid"
REFUND_PATH = "/v001/tpe/partialrefund"
QUERY_REFUND_PATH = "/v001/tpe/getpartialrefundstatus"

LIFE_S = 900
"""How long every order of v1 lives; there is no field to say otherwise."""
METHODS = frozenset({PayMethod.ANY, PayMethod.WALLET})
"""What an order of v1 can be shown for: its answer has a link for the wallet, no code for bank apps."""


def quick_pay_body(credentials: Credentials, order: Order, code: bytes) -> bytes:
    """The body of `submitqrcodepay`; raises as v2's."""
    return _form(quick_pay_fields(credentials, order, code))


def create_body(credentials: Credentials, order: Order, life_s: int, method: PayMethod) -> bytes:
    """The body of `createorder`.

    Raises:
        ValueError: another life than 15 minutes, a way to pay that v1 does not have, or the order breaks a rule of the
            API: our own bug.
    """
    if life_s != LIFE_S:
        raise ValueError("a shown order of v1 lives 15 minutes")
    if method not in METHODS:
        raise ValueError("ZaloPay's API v1 has no such way to pay")
    return _form(create_fields(credentials, order, method))


def query_body(credentials: Credentials, app_trans_id: str) -> bytes:
    """The body of `getstatusbyapptransid`."""
    return _form(query_fields(credentials, app_trans_id))


def refund_body(credentials: Credentials, refund: Refund) -> bytes:
    """The body of `partialrefund`; raises as v2's."""
    return _form(refund_fields(credentials, refund))


def query_refund_body(credentials: Credentials, m_refund_id: str, timestamp_ms: int) -> bytes:
    """The body of `getpartialrefundstatus`."""
    return _form(query_refund_fields(credentials, m_refund_id, timestamp_ms))


def _form(fields: Fields) -> bytes:
    """v1 writes every name of v2 without its underscores."""
    return form({name.replace("_", ""): value for name, value in fields.items()})
