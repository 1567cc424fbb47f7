"""AppotaPay's API v1: bank and QR orders, their status, refunds. Every good answer is signed.

Written from AppotaPay's documentation of v1.
"""

from collections.abc import Callable

from pos_app.sandbox.answers import Reply
from pos_app.sandbox.appotapay_account import API_KEY, PARTNER_CODE, is_signature, sign
from pos_app.sandbox.appotapay_faults import PAID, Lie
from pos_app.sandbox.appotapay_orders import Bill, Book, CodedError, Order, Refund
from pos_app.sandbox.appotapay_qr import bank_qr
from pos_app.sandbox.appotapay_requests import (
    WRONG_SIGNATURE,
    Members,
    address,
    amount,
    last_part,
    lied,
    message_of,
    read_members,
    sealed,
    text,
    url,
)
from pos_app.sandbox.wire import Request

_METHODS = frozenset({"", "ATM", "CC", "EWALLET", "VA", "MM"})
_METHOD_UNKNOWN = 52
_QR_REQUEST = ("amount", "clientIp", "extraData", "notifyUrl", "orderId", "orderInfo", "redirectUrl")
_BANK_REQUEST = (*_QR_REQUEST, "bankCode", "paymentMethod")
_BANK_ANSWER = ("amount", "errorCode", "message", "orderId", "paymentUrl")
_QR_ANSWER = (*_BANK_ANSWER, "appotapayTransId", "qrCodeExpiryIn", "qrCodeUrl")
RESULT = (
    "amount", "apiKey", "appotapayTransId", "bankCode", "currency", "errorCode", "extraData", "message", "orderId",
    "partnerCode", "paymentMethod", "paymentType", "transactionTs",
)  # fmt: skip
"""What is signed of a status answer, of a notification and of the way back to the shop."""
_REFUND_REQUEST = ("amount", "appotapayTransId", "reason", "refundId")
_REFUND_ANSWER = (
    "amount", "appotapayTransId", "errorCode", "reason", "refundId", "refundOriginalId", "status", "transactionTs",
)  # fmt: skip
_QR_LIFE_S = 900


class V1:
    """The calls. `page_url` tells where an order's page is."""

    def __init__(self, book: Book, page_url: Callable[[Order], str]) -> None:
        self._book = book
        self._page_url = page_url

    def bank(self, request: Request) -> Reply:
        """`POST /api/v1/orders/payment/bank`."""
        members = _signed_request(request, _BANK_REQUEST)
        method = text(members, "paymentMethod", length_max=20, needed=False)
        if method not in _METHODS:
            raise CodedError(_METHOD_UNKNOWN)
        order = self._book.enter(_bill(members, method, text(members, "bankCode", length_max=30, needed=False)))
        lie = order.course.lie_created
        answer = self._created(order)
        return Reply(sealed(lie, answer, sign(answer, _BANK_ANSWER)), order.course.wire, order.course.wait_ms)

    def qr(self, request: Request) -> Reply:
        """`POST /api/v1/orders/payment/qr`."""
        order = self._book.enter(_bill(_signed_request(request, _QR_REQUEST), "VA", ""))
        lie = order.course.lie_created
        shown = f"{self._page_url(order)}.png" if lie is Lie.PICTURE else bank_qr(order.number, order.bill.amount)
        code: Members = {"qrCodeUrl": shown, "qrCodeExpiryIn": _QR_LIFE_S}
        answer = {**self._created(order), "appotapayTransId": order.number, "qrData": code}
        seal = sign(answer | code, _QR_ANSWER)
        return Reply(sealed(lie, answer, seal), order.course.wire, order.course.wait_ms)

    def status(self, request: Request) -> Members:
        """`POST /api/v1/orders/transaction/bank/status`."""
        members = _signed_request(request, ("orderId",))
        order = self._book.asked(text(members, "orderId", length_max=50))
        order.queries += 1
        lie = order.course.lie_told
        answer = lied(lie, result(order), amount_in="amount", order_in="orderId")
        card = {"cardNumber": "970400******0018", "cardDate": "03/07", "cardName": "NGUYEN VAN A", "countryCode": "VN"}
        return {**sealed(lie, answer, sign(answer, RESULT)), "cardInfo": card}

    def refund(self, request: Request) -> Reply:
        """`POST /api/v1/transaction/refund`."""
        members = _signed_request(request, _REFUND_REQUEST)
        number = text(members, "appotapayTransId", length_max=64)
        reason = text(members, "reason", length_max=100)
        asked = self._book.refund(number, text(members, "refundId", length_max=50), amount(members, least=1), reason)
        return Reply(_refund_answer(number, asked), asked.course.wire, asked.course.wait_ms)

    def refund_status(self, request: Request) -> Members:
        """`GET /api/v1/transaction/refund/{refundId}`."""
        order, asked = self._book.asked_refund(last_part(request))
        return _refund_answer(order.number, asked)

    def _created(self, order: Order) -> Members:
        answer: Members = {
            "errorCode": 0, "message": message_of(0), "orderId": order.bill.order_id, "amount": order.bill.amount,
            "paymentUrl": self._page_url(order),
        }  # fmt: skip
        return lied(order.course.lie_created, answer, amount_in="amount", order_in="orderId")


def result(order: Order) -> Members:
    """How an order stands: what the status call, the notification and the way back say alike, unsigned."""
    bill = order.bill
    return {
        "errorCode": order.code, "message": message_of(order.code), "partnerCode": PARTNER_CODE, "apiKey": API_KEY,
        "amount": bill.amount, "currency": "VND", "orderId": bill.order_id, "bankCode": bill.bank_code,
        "paymentMethod": bill.method, "paymentType": "WEB", "appotapayTransId": order.number,
        "transactionTs": (order.ended_ms or order.created_ms) // 1000, "extraData": bill.extra_data,
    }  # fmt: skip


def status_of(refund: Refund) -> str:
    """The word for where a refund is."""
    if refund.code is None:
        return "pending" if refund.course.stuck else "processing"
    return "success" if refund.code == PAID else "error"


def _refund_answer(number: str, refund: Refund) -> Members:
    answer: Members = {
        "errorCode": 0, "refundId": refund.refund_id, "refundOriginalId": refund.number, "appotapayTransId": number,
        "amount": refund.amount, "reason": refund.reason, "status": status_of(refund),
        "transactionTs": refund.created_ms // 1000,
    }  # fmt: skip
    return {**answer, "signature": sign(answer, _REFUND_ANSWER)}


def _bill(members: Members, method: str, bank_code: str) -> Bill:
    return Bill(
        api="v1", order_id=text(members, "orderId", length_max=50), amount=amount(members, least=1),
        info=text(members, "orderInfo", length_max=150), method=method, bank_code=bank_code,
        extra_data=text(members, "extraData", length_max=200, needed=False),
        notify_url=url(members, "notifyUrl", length_max=500), redirect_url=url(members, "redirectUrl", length_max=500),
        client_ip=address(members, "clientIp"),
    )  # fmt: skip


def _signed_request(request: Request, names: tuple[str, ...]) -> Members:
    """The members, once they are signed (2)."""
    members = read_members(request.body)
    if not is_signature(sign(members, names), members.get("signature")):
        raise CodedError(WRONG_SIGNATURE)
    return members
