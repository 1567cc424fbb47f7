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
