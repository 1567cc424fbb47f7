"""The paths and JSON bodies of our requests to AppotaPay, version by version.

Each field is made once, and signed as it is sent.
"""

import json
import re
from urllib.parse import quote, urlencode

from pos_app.gateways.appotapay.account import AppotaPayAccount
from pos_app.gateways.appotapay.signing import signature
from pos_app.gateways.gateway import Order, PayMethod
from pos_app.payments.refund import Refund

V1_BANK_PATH = "/api/v1/orders/payment/bank"
V1_QR_PATH = "/api/v1/orders/payment/qr"
V1_STATUS_PATH = "/api/v1/orders/transaction/bank/status"
V1_REFUND_PATH = "/api/v1/transaction/refund"
V2_CREATE_PATH = "/api/v2/orders/payment"
V2_STATUS_PATH = "/api/v2/orders/transaction"
V2_REFUND_PATH = "/api/v2/transaction/refund"
POS_CREATE_PATH = "/api/v2/partner/orders/payment/create"
POS_DETAIL_PATH = "/api/v2/partner/orders/transaction"

V1_AMOUNTS = range(1, 500_000_001)
V2_AMOUNTS = range(1_000, 500_000_001)
POS_AMOUNTS = range(10_000, 500_000_001)
"""Dong that an order may be about. The upper end is documented for v2; v1 documents none."""

_ID_LENGTH_MAX, _POS_ID_LENGTH_MAX = 50, 26
_INFO_LENGTH_MAX, _POS_INFO_LENGTH_MAX, _REASON_LENGTH_MAX = 150, 100, 100
_ID = re.compile(r"[A-Za-z0-9_-]+")
_BANK_CODE = re.compile(r"[A-Za-z0-9]{0,30}")

PAGE_METHODS = {PayMethod.BANK_ATM: "ATM", PayMethod.BANK_CARD: "CC", PayMethod.WALLET: "EWALLET"}
"""What the customer chooses on AppotaPay's page."""
QR_METHODS = frozenset({PayMethod.ANY, PayMethod.VIETQR, PayMethod.BANK_QR})
_V2_METHODS = PAGE_METHODS | {PayMethod.ANY: "ALL", PayMethod.VIETQR: "VA", PayMethod.BANK_QR: "VA"}


# --- v1 ------------------------------------------------------------------------------------------------------------


def v1_order(account: AppotaPayAccount, order: Order, method: PayMethod) -> tuple[str, bytes]:
    """Path and body that create an order: for AppotaPay's page, or for a QR.

    Raises:
        ValueError: the order breaks a rule of the API.
    """
    _check_order(order, V1_AMOUNTS)
    fields: dict[str, str | int] = {
        "orderId": order.app_trans_id,
        "orderInfo": order.description[:_INFO_LENGTH_MAX],
        "amount": order.amount,
        "clientIp": account.client_ip,
        "notifyUrl": account.notify_url,
        "redirectUrl": account.redirect_url,
        "extraData": "",
    }
    if method in QR_METHODS:
        return V1_QR_PATH, _signed(account, fields)
    if method not in PAGE_METHODS:
        raise ValueError("AppotaPay has no such way to pay")
    return V1_BANK_PATH, _signed(
        account, {**fields, "paymentMethod": PAGE_METHODS[method], "bankCode": order.bank_code}
    )


def v1_status(account: AppotaPayAccount, app_trans_id: str) -> bytes:
    """The body that asks about an order."""
    return _signed(account, {"orderId": app_trans_id})


def v1_refund(account: AppotaPayAccount, refund: Refund) -> bytes:
    """The body of a refund.

    Raises:
        ValueError: the refund breaks a rule of the API.
    """
    _check_refund(refund, V1_AMOUNTS)
    return _signed(
        account,
        {
            "refundId": refund.m_refund_id,
            "appotapayTransId": refund.zp_trans_id,
            "amount": refund.amount,
            "reason": refund.description[:_REASON_LENGTH_MAX],
        },
    )


def v1_refund_path(m_refund_id: str) -> str:
    """Where a refund is asked about."""
    return f"{V1_REFUND_PATH}/{quote(m_refund_id, safe='')}"


# --- v2 ------------------------------------------------------------------------------------------------------------


def v2_order(account: AppotaPayAccount, order: Order, method: PayMethod) -> bytes:
    """The body that creates an order.

    Raises:
        ValueError: the order breaks a rule of the API.
    """
    _check_order(order, V2_AMOUNTS)
    if method not in _V2_METHODS:
        raise ValueError("AppotaPay has no such way to pay")
    bank = {"bankCode": order.bank_code} if order.bank_code else {}
    return _json(
        {
            "transaction": {
                "amount": order.amount,
                "currency": "VND",
                **bank,
                "paymentMethod": _V2_METHODS[method],
                "action": "PAY",
            },
            "partnerReference": {
                "order": {"id": order.app_trans_id, "info": order.description[:_INFO_LENGTH_MAX], "extraData": ""},
                "notificationConfig": {"notifyUrl": account.notify_url, "redirectUrl": account.redirect_url},
            },
        }
    )


def v2_status_path(app_trans_id: str) -> str:
    """Where an order is asked about, by our id."""
    return f"{V2_STATUS_PATH}?{urlencode({'referenceId': app_trans_id, 'type': 'PARTNER_ORDER_ID'})}"


def v2_refund(refund: Refund) -> bytes:
    """The body of a refund.

    Raises:
        ValueError: the refund breaks a rule of the API.
    """
    _check_refund(refund, V2_AMOUNTS)
    return _json(
        {
            "partnerRefId": v2_refund_id(refund.m_refund_id),
            "transactionId": refund.zp_trans_id,
            "amount": refund.amount,
            "currency": "VND",
            "reason": refund.description[:_REASON_LENGTH_MAX],
        }
    )


def v2_refund_id(m_refund_id: str) -> str:
    """Our refund id as v2 takes it: letters and digits only.

    Ids of one shop stay apart without their separators: day and app id, which stand first, have a fixed length.
    """
    return "".join(sign for sign in m_refund_id if sign.isalnum())


def v2_refund_path(m_refund_id: str) -> str:
    """Where a refund is asked about, by our id."""
    return f"{V2_REFUND_PATH}/{quote(v2_refund_id(m_refund_id), safe='')}?type=PARTNER_ORDER_ID"


# --- POS -----------------------------------------------------------------------------------------------------------


def pos_order(account: AppotaPayAccount, order: Order) -> bytes:
    """The body that creates an order with a QR; its bytes are what is signed.

    Raises:
        ValueError: the order breaks a rule of the API.
    """
    _check_order(order, POS_AMOUNTS, id_length_max=_POS_ID_LENGTH_MAX)
    return _json(
        {
            "partner_ref_id": order.app_trans_id,
            "order_info": order.description[:_POS_INFO_LENGTH_MAX],
            "terminal_id": account.terminal_id,
            "payment_method": "QR",
            "amount": order.amount,
        }
    )


def pos_detail_path(app_trans_id: str) -> str:
    """Where an order is asked about."""
    return f"{POS_DETAIL_PATH}/{quote(app_trans_id, safe='')}"


# -------------------------------------------------------------------------------------------------------------------


def _check_order(order: Order, amounts: range, *, id_length_max: int = _ID_LENGTH_MAX) -> None:
    if not _ID.fullmatch(order.app_trans_id) or len(order.app_trans_id) > id_length_max:
        raise ValueError(f"an order id has 1 to {id_length_max} letters, digits, - and _")
    if not _BANK_CODE.fullmatch(order.bank_code):
        raise ValueError("a bank code has at most 30 letters and digits")
    if order.amount not in amounts:
        raise ValueError(f"AppotaPay takes {amounts[0]} to {amounts[-1]} dong")


def _check_refund(refund: Refund, amounts: range) -> None:
    if not _ID.fullmatch(refund.m_refund_id) or len(refund.m_refund_id) > _ID_LENGTH_MAX:
        raise ValueError("a refund id has 1 to 50 letters, digits, - and _")
    if not refund.zp_trans_id or refund.amount not in amounts:
        raise ValueError(f"a refund names a payment, and {amounts[0]} to {amounts[-1]} dong")


def _signed(account: AppotaPayAccount, fields: dict[str, str | int]) -> bytes:
    return _json({**fields, "signature": signature(account.secret, fields)})


def _json(members: dict[str, object] | dict[str, str | int]) -> bytes:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()
