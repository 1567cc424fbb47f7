"""AppotaPay's POS API: an order with a QR, its details, and what is told of its end. A request's raw body is signed.

Written from AppotaPay's documentation of the POS API.
"""

import re

from pos_app.sandbox.answers import Reply
from pos_app.sandbox.appotapay_account import TERMINAL_ID, is_signature, sign_bytes
from pos_app.sandbox.appotapay_faults import PAID, WAITING, Lie
from pos_app.sandbox.appotapay_orders import Bill, Book, CodedError, Order
from pos_app.sandbox.appotapay_qr import bank_qr
from pos_app.sandbox.appotapay_requests import (
    WRONG,
    WRONG_SIGNATURE,
    Members,
    amount,
    last_part,
    lied,
    message_of,
    read_members,
    text,
)
from pos_app.sandbox.wire import Request
from pos_app.vietnam_day import local_time

AMOUNT_MIN = 10_000
_ID = re.compile(r"[A-Za-z0-9_-]{1,26}")
_REQUEST_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_NO_SUCH_METHOD, _WAITING_HERE = 40, 34


class Pos:
    """The calls.

    Attributes:
        ipn_url: where the shop wants to be told, "" for nowhere: agreed with AppotaPay, no call names it.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self.ipn_url = ""

    def create(self, request: Request) -> Reply:
        """`POST /api/v2/partner/orders/payment/create`."""
        _check_request_id(request)
        if not is_signature(sign_bytes(request.body), request.headers.get("x-signature", "")):
            raise CodedError(WRONG_SIGNATURE)
        members = read_members(request.body)
        order_id = text(members, "partner_ref_id", length_max=26)
        if not _ID.fullmatch(order_id) or text(members, "terminal_id", length_max=20) != TERMINAL_ID:
            raise CodedError(WRONG)
        if text(members, "payment_method", length_max=10) != "QR":
            raise CodedError(_NO_SUCH_METHOD)  # a terminal stands in no sandbox
        dong, info = amount(members, least=AMOUNT_MIN), text(members, "order_info", length_max=100)
        order = self._book.enter(self._bill(order_id, dong, info))
        lie = order.course.lie_created
        told = {**_status(order, WAITING), "partner_ref_id": order_id, "paid_at": ""}
        content = "" if lie is Lie.PICTURE else bank_qr(order.number, dong)
        answer: Members = {
            "transaction": lied(lie, told, amount_in="amount", order_in="partner_ref_id"),
            "payment_info": {"qr_content": content, "qr_url": "", "qr_type": "VIETQR"},
        }
        return Reply(answer, order.course.wire, order.course.wait_ms)

    def _bill(self, order_id: str, dong: int, info: str) -> Bill:
        return Bill(api="pos", order_id=order_id, amount=dong, info=info, method="QR", notify_url=self.ipn_url)

    def detail(self, request: Request) -> Members:
        """`GET /api/v2/partner/orders/transaction/{partner_ref_id}`; the answer does not name the shop's id."""
        _check_request_id(request)
        order = self._book.asked(last_part(request))
        order.queries += 1
        told = {**_status(order, order.code), "order_id": order.number[2:], "is_sett": order.code == PAID}
        return lied(order.course.lie_told, told, amount_in="amount", order_in="order_id")


def end_of(order: Order) -> Members:
    """What is told when an order has ended, before it is packed and signed."""
    told = {**_status(order, order.code), "error_code": order.code}
    if order.paid:
        del told["error_code"], told["error_message"]
    names = {"order_id": order.number[2:], "partner_ref_id": order.bill.order_id, "order_info": order.bill.info}
    return {
        "transaction": {**names, **told, "bank_code": "APPOTA", "bank_type": "EWALLET"},
        "version": "1.0",
        "Time": _at(order.ended_ms),
    }


def _status(order: Order, code: int) -> Members:
    status = "success" if code == PAID else "pending" if code == WAITING else "error"
    shown = "00" if code == PAID else str(_WAITING_HERE if code == WAITING else code)
    return {
        "transaction_id": order.number, "status": status, "amount": order.bill.amount, "error_code": shown,
        "error_message": message_of(code), "payment_method": "QR", "created_at": _at(order.created_ms),
        "updated_at": _at(order.ended_ms or order.created_ms), "paid_at": _at(order.ended_ms) if code == PAID else "",
    }  # fmt: skip


def _at(ms: int) -> str:
    return local_time(ms).replace(tzinfo=None).isoformat(timespec="seconds")


def _check_request_id(request: Request) -> None:
    """Every request has an id of its own, a random UUID."""
    if not _REQUEST_ID.fullmatch(request.headers.get("x-request-id", "")):
        raise CodedError(WRONG)
