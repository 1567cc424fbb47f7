"""The bodies of the agreement calls (ZaloPay API v2: bind, query, balance, pay, query_user, unbind), form-encoded.

The order that a token pays is an ordinary one with a product code. A token stands in a body only, never in an address.
"""

import re

from pos_app.gateways.agreement import BindWish
from pos_app.gateways.gateway import Order, PayMethod
from pos_app.gateways.zalopay.requests import LIFE_S, Credentials, Fields, check_order, create_fields, form
from pos_app.gateways.zalopay.signing import (
    SignedWish,
    balance_mac,
    bind_mac,
    binding_mac,
    query_user_mac,
    token_pay_mac,
    unbind_mac,
)
from pos_app.payments.pay_token import PayToken

BIND_PATH = "/v2/agreement/bind"
BINDING_PATH = "/v2/agreement/query"
BALANCE_PATH = "/v2/agreement/balance"
TOKEN_PAY_PATH = "/v2/agreement/pay"  # noqa: S105 - a path
UNBIND_PATH = "/v2/agreement/unbind"
QUERY_USER_PATH = "/v2/agreement/query_user"

_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,50}")
_BINDING_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def bind_body(credentials: Credentials, wish: BindWish) -> bytes:
    """The body of `agreement/bind`.

    Raises:
        ValueError: the wish breaks a rule of the API: our own bug.
    """
    check_order(Order(wish.app_trans_id, 1, wish.asked_at_ms, ""))
    check_identifier(wish.identifier)
    if wish.max_amount < 0:
        raise ValueError("the most that a payment may take is 0 dong (no limit) or more")
    signed = SignedWish(credentials.app_id, wish.app_trans_id, wish.identifier, wish.max_amount, wish.asked_at_ms)
    more = {"callback_url": wish.callback_url} if wish.callback_url else {}
    return _form(
        app_id=signed.app_id,
        app_trans_id=signed.app_trans_id,
        req_date=signed.req_date_ms,
        identifier=signed.identifier,
        max_amount=signed.max_amount,
        binding_data=signed.binding_data,
        binding_type=signed.binding_type,
        mac=bind_mac(credentials.key1, signed),
        **more,
    )


def binding_body(credentials: Credentials, app_trans_id: str, req_date_ms: int) -> bytes:
    """The body of `agreement/query`."""
    mac = binding_mac(credentials.key1, credentials.app_id, app_trans_id, req_date_ms)
    return _form(app_id=credentials.app_id, app_trans_id=app_trans_id, req_date=req_date_ms, mac=mac)


def balance_body(credentials: Credentials, token: PayToken, identifier: str, amount: int, req_date_ms: int) -> bytes:
    """The body of `agreement/balance`."""
    mac = balance_mac(credentials.key1, credentials.app_id, token.reveal(), identifier, amount, req_date_ms)
    return _form(
        app_id=credentials.app_id,
        identifier=identifier,
        pay_token=token.reveal(),
        amount=amount,
        req_date=req_date_ms,
        mac=mac,
    )


def token_order_body(credentials: Credentials, order: Order) -> bytes:
    """The body of `create` for an order that a token will pay; it lives as short as an order can.

    Raises:
        ValueError: the order breaks a rule of the API: our own bug.
    """
    made_for: Fields = {"expire_duration_seconds": LIFE_S.start, "product_code": "AGREEMENT"}
    return form({**create_fields(credentials, order, PayMethod.WALLET), **made_for})


def token_pay_body(
    credentials: Credentials, zp_trans_token: str, identifier: str, token: PayToken, req_date_ms: int
) -> bytes:
    """The body of `agreement/pay`: the one that moves money."""
    mac = token_pay_mac(credentials.key1, credentials.app_id, identifier, zp_trans_token, token.reveal(), req_date_ms)
    return _form(
        app_id=credentials.app_id,
        identifier=identifier,
        zp_trans_token=zp_trans_token,
        pay_token=token.reveal(),
        req_date=req_date_ms,
        mac=mac,
    )


def unbind_body(credentials: Credentials, identifier: str, binding_id: str, req_date_ms: int) -> bytes:
    """The body of `agreement/unbind`.

    Raises:
        ValueError: no such identifier or id can be: our own bug.
    """
    check_identifier(identifier)
    if not _BINDING_ID.fullmatch(binding_id):
        raise ValueError("a binding's id is 1 to 64 letters, digits, _ or -")
    mac = unbind_mac(credentials.key1, credentials.app_id, identifier, binding_id, req_date_ms)
    return _form(app_id=credentials.app_id, identifier=identifier, binding_id=binding_id, req_date=req_date_ms, mac=mac)


def query_user_body(credentials: Credentials, token: PayToken, req_date_ms: int) -> bytes:
    """The body of `agreement/query_user`."""
    mac = query_user_mac(credentials.key1, credentials.app_id, token.reveal(), req_date_ms)
    return _form(app_id=credentials.app_id, access_token=token.reveal(), req_date=req_date_ms, mac=mac)


def check_identifier(identifier: str) -> None:
    """Hold the shop's number for a customer to a form that cannot blur a signed text.

    Raises:
        ValueError: it is not 1 to 50 letters, digits, `_` or `-`.
    """
    if not _IDENTIFIER.fullmatch(identifier):
        raise ValueError("a customer's number is 1 to 50 letters, digits, _ or -")


def _form(**fields: str | int) -> bytes:
    return form(fields)
