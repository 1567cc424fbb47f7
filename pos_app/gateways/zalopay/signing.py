"""The signed text of each call, and its MAC (ZaloPay API: "secure data transmission").

A MAC is lower-case hex of HMAC-SHA256 over the UTF-8 fields joined by `|`. The text of `quick_pay` holds the raw
payment code and that of `query` holds the key itself: these texts are made here, used here, and shown nowhere.
"""

import hmac
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignedOrder:
    """The fields of an order that its MAC covers, exactly as they are sent; `embed_data` and `item` are JSON texts."""

    app_id: int
    app_trans_id: str
    app_user: str
    amount: int
    app_time_ms: int
    embed_data: str = "{}"
    item: str = "[]"


@dataclass(frozen=True, slots=True)
class SignedWish:
    """The fields of a wish to bind that its MAC covers, exactly as they are sent; `binding_data` is a JSON text."""

    app_id: int
    app_trans_id: str
    identifier: str
    max_amount: int
    req_date_ms: int
    binding_data: str = "{}"
    binding_type: str = "WALLET"


def create_mac(key1: str, order: SignedOrder) -> str:
    """The MAC of `create`: the seven fields of the order."""
    return _mac(key1, *_order_fields(order))


def quick_pay_mac(key1: str, order: SignedOrder, code: bytes) -> str:
    """The MAC of `quick_pay`: the order, then the raw code (not the encrypted one)."""
    return _mac(key1, *_order_fields(order), code)


def query_mac(key1: str, app_id: int, app_trans_id: str) -> str:
    """The MAC of `query`: the key is part of its own text."""
    return _mac(key1, app_id, app_trans_id, key1)


def refund_mac(key1: str, app_id: int, zp_trans_id: str, amount: int, description: str, timestamp_ms: int) -> str:
    """The MAC of `refund` without a fee; the refund's own id is not signed."""
    return _mac(key1, app_id, zp_trans_id, amount, description, timestamp_ms)


def query_refund_mac(key1: str, app_id: int, m_refund_id: str, timestamp_ms: int) -> str:
    """The MAC of `query_refund`."""
    return _mac(key1, app_id, m_refund_id, timestamp_ms)


def bind_mac(key1: str, wish: SignedWish) -> str:
    """The MAC of `agreement/bind`."""
    return _mac(
        key1,
        wish.app_id,
        wish.app_trans_id,
        wish.binding_data,
        wish.binding_type,
        wish.identifier,
        wish.max_amount,
        wish.req_date_ms,
    )


def binding_mac(key1: str, app_id: int, app_trans_id: str, req_date_ms: int) -> str:
    """The MAC of `agreement/query`."""
    return _mac(key1, app_id, app_trans_id, req_date_ms)


def balance_mac(key1: str, app_id: int, pay_token: str, identifier: str, amount: int, req_date_ms: int) -> str:
    """The MAC of `agreement/balance`: the token stands before the customer here, and after in `agreement/pay`."""
    return _mac(key1, app_id, pay_token, identifier, amount, req_date_ms)


def token_pay_mac(
    key1: str, app_id: int, identifier: str, zp_trans_token: str, pay_token: str, req_date_ms: int | None
) -> str:
    """The MAC of `agreement/pay`; a `req_date` that the body does not have is signed as nothing."""
    return _mac(key1, app_id, identifier, zp_trans_token, pay_token, "" if req_date_ms is None else req_date_ms)


def unbind_mac(key1: str, app_id: int, identifier: str, binding_id: str, req_date_ms: int) -> str:
    """The MAC of `agreement/unbind`."""
    return _mac(key1, app_id, identifier, binding_id, req_date_ms)


def query_user_mac(key1: str, app_id: int, access_token: str, req_date_ms: int) -> str:
    """The MAC of `agreement/query_user`; the access token is the pay token."""
    return _mac(key1, app_id, access_token, req_date_ms)


def bank_list_mac(key1: str, app_id: int, reqtime_ms: int) -> str:
    """The MAC of `getlistmerchantbanks`."""
    return _mac(key1, app_id, reqtime_ms)


def callback_mac(key2: str, data: str) -> str:
    """The MAC of what ZaloPay sends us: over the `data` text as received, never written anew."""
    return _mac(key2, data)


def same_mac(expected: str, received: str) -> bool:
    """Compare in constant time; anything but the exact lower-case hex is different."""
    return hmac.compare_digest(expected.encode(), received.encode("utf-8", "surrogatepass"))


def _order_fields(order: SignedOrder) -> tuple[str | int, ...]:
    return (
        order.app_id,
        order.app_trans_id,
        order.app_user,
        order.amount,
        order.app_time_ms,
        order.embed_data,
        order.item,
    )


def _mac(key: str, *fields: str | int | bytes) -> str:
    text = b"|".join(field if isinstance(field, bytes) else str(field).encode() for field in fields)
    return hmac.new(key.encode(), text, "sha256").hexdigest()
