"""AppotaPay: its calls behind their addresses, what a control call can do to it, and its record.

One thing happens at a time. The versions, the order book, the page and the notifications have files of their own.
"""

import threading
from collections import deque
from collections.abc import Callable
from random import Random

from pos_app.clock import Clock
from pos_app.sandbox.answers import Reply
from pos_app.sandbox.appotapay_account import API_KEY, PARTNER_CODE, SECRET, TERMINAL_ID, is_ours, sealed_data, sign
from pos_app.sandbox.appotapay_faults import PAID, UNDETERMINED, WAITING, Course
from pos_app.sandbox.appotapay_notices import Notice, Notices
from pos_app.sandbox.appotapay_orders import Book, CodedError, Order
from pos_app.sandbox.appotapay_page import Page
from pos_app.sandbox.appotapay_pos import Pos, end_of
from pos_app.sandbox.appotapay_qr import bank_qr
from pos_app.sandbox.appotapay_requests import NOT_OURS, pos_refusal, refusal
from pos_app.sandbox.appotapay_v1 import RESULT, V1, result, status_of
from pos_app.sandbox.appotapay_v2 import V2, data_of
from pos_app.sandbox.customer import Question
from pos_app.sandbox.scenario import Wire
from pos_app.sandbox.wire import Request, Response

Call = Callable[[Request], Reply | dict[str, object]]

PAGE = "/appotapay"
"""Where the payment page is, below the phone's path."""


class AppotaPay:
    """The gateway's books behind its calls. Safe to use from any thread.

    Args:
        clock: its wall clock is the gateway's.
        random: makes numbers.
        phone_url: where the phone's server is, once it runs.
    """

    def __init__(self, *, clock: Clock, random: Random, phone_url: Callable[[], str]) -> None:
        self._clock = clock
        self._phone_url = phone_url
        self._book = Book(clock=clock, random=random)
        self._page = Page(self._book, _told)
        self._notices = Notices(clock=clock, book=self._book, body_of=_told)
        self._spoiled: deque[Course] = deque()
        self._on_phone: list[Order] = []
        self._lock = threading.RLock()
        v1, v2 = V1(self._book, self._page_url), V2(self._book, self._page_url)
        self.pos = pos = Pos(self._book)
        self._calls: dict[tuple[str, str], Call] = {
            ("POST", "/api/v1/orders/payment/bank"): v1.bank,
            ("POST", "/api/v1/orders/payment/qr"): v1.qr,
            ("POST", "/api/v1/orders/transaction/bank/status"): v1.status,
            ("POST", "/api/v1/transaction/refund"): v1.refund,
            ("GET", "/api/v1/transaction/refund/"): v1.refund_status,
            ("POST", "/api/v2/orders/payment"): v2.create,
            ("GET", "/api/v2/orders/transaction"): v2.status,
            ("POST", "/api/v2/transaction/refund"): v2.refund,
            ("GET", "/api/v2/transaction/refund/"): v2.refund_status,
            ("POST", "/api/v2/partner/orders/payment/create"): pos.create,
            ("GET", "/api/v2/partner/orders/transaction/"): pos.detail,
        }
        """By method and address; an address that ends in a slash is followed by an id."""

    # What the servers ask

    def credentials(self) -> dict[str, object]:
        """What a client needs beside the address. Published demo keys, no secret."""
        return {"partner_code": PARTNER_CODE, "api_key": API_KEY, "secret": SECRET, "terminal_id": TERMINAL_ID}

    def serves(self, request: Request) -> bool:
        """Whether a request is one of AppotaPay's calls."""
        return self._call_for(request) is not None

    def answer(self, request: Request) -> Response | Reply:
        """The answer to one of AppotaPay's calls."""
        call, refused = self._call_for(request), _refusal_for(request)
        if call is None or not is_ours(request.headers.get("x-appotapay-auth", ""), now_ms=self._clock.wall_ms()):
            return refused(NOT_OURS)
        with self._lock:
            try:
                told = call(request)
            except CodedError as error:
                return refused(error.code)
            if isinstance(told, Reply):
                return told
            spoiled = self._spoiled.popleft() if self._spoiled else None
            return Reply(told, spoiled.wire, spoiled.wait_ms) if spoiled else Reply(told)

    def page(self, request: Request) -> Response:
        """The payment page."""
        with self._lock:
            return self._page.answer(request)

    def notices_due(self) -> list[Notice]:
        """The notifications that leave now; each is to be followed by `notice_answered`."""
        with self._lock:
            return self._notices.due()

    def notice_answered(self, notice: Notice, *, taken: bool) -> None:
        """Whether the shop's server took it."""
        with self._lock:
            self._notices.answered(notice, taken=taken)

    # What the phone does

    def open_order(self, shown: str) -> bool:
        """The phone reads a page's address or a QR text. False when it leads to no order that is open."""
        with self._lock:
            waiting = (order for order in self._book.all() if order.known and order.code == WAITING)
            order = next((order for order in waiting if shown in self._shown(order)), None)
            if order is not None and order not in self._on_phone:
                self._on_phone.append(order)
            return order is not None

    def questions(self) -> list[Question]:
        """What was read on the phone and waits for a tap there, oldest first."""
        with self._lock:
            self._on_phone = [order for order in self._on_phone if order.code == WAITING]
            return [Question(one.bill.order_id, one.bill.amount, one.bill.info) for one in self._on_phone]

    def _shown(self, order: Order) -> tuple[str, str]:
        return self._page_url(order), bank_qr(order.number, order.bill.amount)

    # What tests and the control call do

    def arm(self, name: str, *, wait_ms: int | None = None, times: int = 1, on: str = "create") -> None:
        """Let the next `times` orders or refunds take a course, or the next questions be answered so.

        Args:
            name: a course of orders or refunds.
            wait_ms: another waiting time.
            times: how often.
            on: "create", or "query" to let answers to questions leave as the course's answer does.

        Raises:
            ValueError: no such course, or one that says nothing about how an answer leaves.
        """
        with self._lock:
            courses = self._book.courses if self._book.courses.named(name) else self._book.refund_courses
            course = courses.named(name)
            if course is None or times < 1 or on not in ("create", "query"):
                message = f"no such scenario: {name!r} times {times} on {on!r}"
                raise ValueError(message)
            course = course.lasting(wait_ms)
            if on == "create":
                courses.arm(course, times=times)
            elif course.wire is Wire.PLAIN:
                message = f"{name} does not change how an answer leaves"
                raise ValueError(message)
            else:
                self._spoiled.extend([course] * times)

    def pay_order(self, order_id: str) -> bool:
        """The customer pays an open order. False when it is unknown, stuck, or has ended."""
        return self._chosen(order_id, self._book.pay)

    def refuse_order(self, order_id: str) -> bool:
        """The customer cancels an open order. False as for `pay_order`."""
        return self._chosen(order_id, self._book.refuse)

    def pay_later(self, order_id: str) -> bool:
        """Make an order paid, whatever was answered before. False when it is unknown or paid already."""
        with self._lock:
            return self._book.pay_anyway(order_id)

    def record(self) -> list[dict[str, object]]:
        """The book as plain values, oldest first, with the names that ZaloPay's record has where there is the same."""
        with self._lock:
            return [self._recorded(order) for order in self._book.all()]

    def _recorded(self, order: Order) -> dict[str, object]:
        bill = order.bill
        return {
            "gateway": "appotapay",
            "api": bill.api,
            "app_trans_id": bill.order_id,
            "shown": True,
            "amount": bill.amount,
            "paid": bill.amount if order.paid else 0,
            "state": _state(order),
            "zp_trans_id": order.number,
            "sub_return_code": order.code,
            "method": bill.method,
            "scenario": order.course.name,
            "created_ms": order.created_ms,
            "ended_ms": order.ended_ms,
            "creates": order.creates,
            "queries": order.queries,
            "refunded": sum(one.amount for one in order.refunds if one.code == PAID),
            "refunds": [
                {
                    "m_refund_id": one.refund_id, "refund_id": one.number, "amount": one.amount,
                    "state": status_of(one), "created_ms": one.created_ms,
                }
                for one in order.refunds
            ],
            "callbacks": self._notices.record(order),
        }  # fmt: skip

    def _chosen(self, order_id: str, choose: Callable[[Order], bool]) -> bool:
        with self._lock:
            try:
                return choose(self._book.asked(order_id))
            except CodedError:
                return False

    def _call_for(self, request: Request) -> Call | None:
        path = request.url.path
        whole = self._calls.get((request.method, path))
        return whole or self._calls.get((request.method, f"{path.rpartition('/')[0]}/"))

    def _page_url(self, order: Order) -> str:
        return f"{self._phone_url()}{PAGE}?tran={order.token}"


def _state(order: Order) -> str:
    if order.paid:
        return "paid"
    return "processing" if not order.ended_ms or order.code in UNDETERMINED else "failed"


def _refusal_for(request: Request) -> Callable[[int], Response]:
    return pos_refusal if request.url.path.startswith("/api/v2/partner/") else refusal


def _told(order: Order) -> dict[str, object]:
    """What a notification and the way back to the shop say, signed as the order's version signs."""
    if order.bill.api == "v1":
        return {**result(order), "signature": sign(result(order), RESULT)}
    if order.bill.api == "pos":
        return sealed_data(end_of(order), order.ended_ms // 1000)
    return sealed_data(data_of(order), order.ended_ms // 1000)
