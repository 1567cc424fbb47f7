"""AppotaPay's API v2: orders of any method, their status, refunds. Nothing but the token is signed here.

Written from AppotaPay's documentation of v2.
"""

from collections.abc import Callable
from urllib.parse import parse_qs

from pos_app.sandbox.answers import Reply
from pos_app.sandbox.appotapay_account import PARTNER_CODE
from pos_app.sandbox.appotapay_faults import PAID, WAITING, Lie
from pos_app.sandbox.appotapay_orders import Bill, Book, CodedError, Order, Refund
from pos_app.sandbox.appotapay_qr import bank_qr
from pos_app.sandbox.appotapay_requests import (
    WRONG,
    Members,
    amount,
    last_part,
    lied,
    message_of,
    part,
    read_members,
    text,
    url,
)
from pos_app.sandbox.appotapay_v1 import status_of
from pos_app.sandbox.wire import Request
from pos_app.vietnam_day import local_time

AMOUNT_MIN = 1_000
_METHODS = frozenset({"ATM", "CC", "EWALLET", "VA", "MM", "ISTM", "ALL"})
_METHOD_REFUSED = 140
_BY_NUMBER, _BY_SHOPS_ID = "TRANSACTION_ID", "PARTNER_ORDER_ID"
_FEE = 1_100
"""What the customer pays beside the bill, in dong: so `amount` is not what the shop asked for."""
_QR_LIFE_MS = 900_000


class V2:
    """The calls. `page_url` tells where an order's page is."""

    def __init__(self, book: Book, page_url: Callable[[Order], str]) -> None:
        self._book = book
        self._page_url = page_url

    def create(self, request: Request) -> Reply:
        """`POST /api/v2/orders/payment`."""
        order = self._book.enter(_bill(read_members(request.body)))
        lie, shown = order.course.lie_created, None
        if order.bill.method == "VA":
            content = "" if lie is Lie.PICTURE else bank_qr(order.number, order.bill.amount)
            expiry = local_time(order.created_ms + _QR_LIFE_MS).isoformat(timespec="seconds")
            shown = {"url": f"{self._page_url(order)}.png", "content": content, "expiry": expiry}
        transaction = lied(lie, _transaction(order, WAITING), amount_in="orderAmount", order_in="transactionId")
        answer = {
            "transaction": transaction,
            "partnerReference": {"order": _order(order, lie)},
            "payment": {"url": self._page_url(order), "qrCode": shown, "deepLinkUrl": ""},
        }
        return Reply(answer, order.course.wire, order.course.wait_ms)

    def status(self, request: Request) -> Members:
        """`GET /api/v2/orders/transaction`."""
        asked = {name: values[0] for name, values in parse_qs(request.url.query).items()}
        kind, reference = asked.get("type", _BY_NUMBER), asked.get("referenceId", "")
        if kind not in (_BY_NUMBER, _BY_SHOPS_ID) or not reference:
            raise CodedError(WRONG)
        order = self._book.numbered(reference) if kind == _BY_NUMBER else self._book.asked(reference)
        order.queries += 1
        return data_of(order)

    def refund(self, request: Request) -> Reply:
        """`POST /api/v2/transaction/refund`."""
        members = read_members(request.body)
        refund_id, number = text(members, "partnerRefId", length_max=50), text(members, "transactionId", length_max=64)
        if not refund_id.isalnum() or members.get("currency") != "VND":
            raise CodedError(WRONG)
        dong, reason = amount(members, least=AMOUNT_MIN), text(members, "reason", length_max=100)
        asked = self._book.refund(number, refund_id, dong, reason)
        return Reply(_refund_answer(number, asked), asked.course.wire, asked.course.wait_ms)

    def refund_status(self, request: Request) -> Members:
        """`GET /api/v2/transaction/refund/{refundRefId}`; this book knows the shop's ids only."""
        if parse_qs(request.url.query).get("type") != [_BY_SHOPS_ID]:
            raise CodedError(WRONG)
        order, asked = self._book.asked_refund(last_part(request))
        return _refund_answer(order.number, asked)


def data_of(order: Order) -> Members:
    """How an order stands: what the status call, the notification and the way back say alike."""
    lie = order.course.lie_told
    transaction = lied(lie, _transaction(order, order.code), amount_in="orderAmount", order_in="bankCode")
    return {"transaction": transaction, "partnerReference": {"order": _order(order, lie)}, "tokenResult": None}


def _transaction(order: Order, code: int) -> Members:
    at = local_time(order.created_ms).isoformat(timespec="seconds")
    ended = local_time(order.ended_ms or order.created_ms).isoformat(timespec="seconds")
    status = "success" if code == PAID else "pending" if code == WAITING else "error"
    return {
        "transactionId": order.number, "reconciliationId": f"{order.number}R", "partnerCode": PARTNER_CODE,
        "status": status, "errorCode": code, "errorMessage": message_of(code), "orderAmount": order.bill.amount,
        "amount": order.bill.amount + _FEE, "discountAmount": 0, "currency": "VND", "bankCode": order.bill.bank_code,
        "paymentMethod": order.bill.method, "action": "PAY", "version": "v2", "fee": {"customer_fee": _FEE},
        "createdAt": at, "updatedAt": ended,
    }  # fmt: skip


def _order(order: Order, lie: Lie) -> Members:
    bill = order.bill
    told: Members = {"id": bill.order_id, "info": bill.info, "extraData": bill.extra_data}
    return {**told, "id": f"{bill.order_id[:40]}X"} if lie is Lie.OTHER_ORDER else told


def _refund_answer(number: str, refund: Refund) -> Members:
    at = local_time(refund.created_ms).isoformat(timespec="seconds")
    return {
        "refundId": refund.number, "transactionId": number, "partnerRefId": refund.refund_id, "amount": refund.amount,
        "currency": "VND", "reason": refund.reason, "status": status_of(refund), "createdAt": at,
        "refundedAt": at if refund.code == PAID else "",
    }  # fmt: skip


def _bill(members: Members) -> Bill:
    transaction, reference = part(members, "transaction"), part(members, "partnerReference")
    order, config = part(reference, "order"), part(reference, "notificationConfig")
    method = text(transaction, "paymentMethod", length_max=20)
    if transaction.get("currency") != "VND" or transaction.get("action") != "PAY":
        raise CodedError(WRONG)
    if method not in _METHODS:
        raise CodedError(_METHOD_REFUSED)
    return Bill(
        api="v2", order_id=text(order, "id", length_max=50), amount=amount(transaction, least=AMOUNT_MIN),
        info=text(order, "info", length_max=150), method=method,
        bank_code=text(transaction, "bankCode", length_max=30, needed=False),
        extra_data=text(order, "extraData", length_max=200, needed=False),
        notify_url=url(config, "notifyUrl", length_max=100), redirect_url=url(config, "redirectUrl", length_max=100),
    )  # fmt: skip
