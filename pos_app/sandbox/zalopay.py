"""The order book: what becomes of an order, and what the three calls answer.

Written from the documentation of ZaloPay's v2 API (QuickPay, order query, order cancel, status codes). What a right
request is stands in `requests`, what a scenario is in `faults`; bytes and sockets are `wire`'s.
"""

import hashlib
import hmac
import threading
from collections import Counter, deque
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from pos_app.clock import Clock
from pos_app.sandbox.customer import CodeState, Customer
from pos_app.sandbox.faults import (
    BY_AMOUNT,
    PAID_AT_ONCE,
    SCENARIOS,
    WAITS_FOR_CUSTOMER,
    Scenario,
    Truth,
    Twist,
    Waits,
    Wire,
    twisted,
)
from pos_app.sandbox.payment_key import PaymentKey
from pos_app.sandbox.requests import APP_ID, Fields, Payment, RefusedError, right_payment, right_question
from pos_app.vietnam_day import yymmdd

ORDER_LIFE_MS = 15 * 60_000
ANSWERABLE_MS = 48 * 3_600_000
"""Beyond this the status of an order can no longer be asked for."""

SUCCESS, FAILURE, PROCESSING = 1, 2, 3

CODES = {
    1: "SUCCESSFUL", 3: "PROCESSING", -4: "APP_TIME_INVALID", -5: "AMOUNT_INVALID", -36: "OVER_LIMIT",
    -43: "BANK_MAINTENANCE", -49: "TRANS_INFO_NOT_FOUND", -52: "ITEMS_INVALID", -54: "ORDER_EXPIRED",
    -57: "APP_USER_INVALID", -59: "ZPW_PURCHASE_FAIL", -61: "WALLET_SUSPENDED", -63: "ZPW_BALANCE_NOT_ENOUGH",
    -65: "WRONG_PIN", -68: "DUPLICATE_APP_TRANS_ID", -92: "APPTRANSID_INVALID", -101: "ORDER_NOT_EXIST",
    -217: "BANK_ERROR", -244: "FRAUD_SUSPECTED", -290: "DUPLICATE_PAYMENTCODE", -291: "AMOUNT_NOT_SUPPORTED",
    -292: "PAYMENT_CODE_INVALID", -293: "TRANS_NOT_MATCH", -296: "USER_NOT_SUBMIT_PIN",
    -322: "PAYMENT_CODE_EXPIRED", -329: "USER_CANCELLED", -332: "PROMOTION_FAILED", -1330: "OVER_DAILY_LIMIT",
    -1340: "OVER_MONTHLY_LIMIT", -401: "ILLEGAL_DATA_REQUEST", -402: "ILLEGAL_APP_OR_SIGNATURE",
    -403: "ILLEGAL_SIGNATURE_REQUEST", -405: "ILLEGAL_CLIENT_REQUEST", 406: "ILLEGAL_STATUS",
    -429: "LIMIT_REQUEST_REACH", -500: "SYSTEM_ERROR", -999: "SYSTEM_MAINTENANCE",
}  # fmt: skip
_MESSAGES = {SUCCESS: "Giao dịch thành công", FAILURE: "Giao dịch thất bại", PROCESSING: "Giao dịch đang xử lý"}
_BAD_CODES = {CodeState.UNKNOWN: -292, CodeState.EXPIRED: -322, CodeState.USED: -290}


class OrderState(StrEnum):
    """Where an order is."""

    PROCESSING = "processing"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    """Known to the record only: for queries there is no such order."""


@dataclass(slots=True)
class Order:
    """One order of the book. Times are ms since 1970; the payment code is kept as a salted hash only."""

    app_trans_id: str
    amount: int
    description: str
    created_ms: int
    scenario: Scenario
    code_hash: str
    state: OrderState = OrderState.PROCESSING
    zp_trans_id: int = 0
    code: int = 0
    ended_ms: int = 0
    queries: int = 0
    found_from_ms: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer, and how it leaves."""

    body: dict[str, object]
    wire: Wire = Wire.PLAIN
    wait_ms: int = 0


class ZaloPay:
    """The gateway's order book behind its three calls. Safe to use from any thread.

    Attributes:
        key: the RSA pair for payment codes.
    """

    def __init__(self, *, clock: Clock, random: Random, customer: Customer, key: PaymentKey) -> None:
        self.key = key
        self._clock = clock
        self._random = random
        self._customer = customer
        self._orders: dict[str, Order] = {}
        self._creates: Counter[str] = Counter()
        self._presented: Counter[str] = Counter()
        self._armed: deque[Scenario] = deque()
        self._armed_queries: deque[Scenario] = deque()
        self._salt = random.randbytes(16)
        self._lock = threading.RLock()

    # The three calls

    def quick_pay(self, fields: Fields) -> Reply:
        """`POST /v2/quick_pay`: check, look at the code, charge."""
        with self._lock:
            try:
                payment = right_payment(fields, key=self.key, now_ms=self._clock.wall_ms())
            except RefusedError as refused:
                return Reply(self._answer(FAILURE, code=refused.code))
            reply = self._submit(payment)
            return self._submit(payment) if reply.wire is Wire.TWICE else reply

    def query(self, fields: Fields) -> Reply:
        """`POST /v2/query`: the order as it is now."""
        with self._lock:
            armed = self._armed_queries.popleft() if self._armed_queries else PAID_AT_ONCE
            return Reply(self._query_answer(fields), armed.wire, armed.wait_ms)

    def cancel(self, fields: Fields) -> Reply:
        """`POST /v2/cancel`: end an order that is not paid."""
        with self._lock:
            try:
                order = self._asked_order(fields)
            except RefusedError as refused:
                return Reply(self._answer(FAILURE, code=refused.code))
            if order.state is OrderState.PAID:
                return Reply(self._answer(FAILURE, code=406))
            if order.state is OrderState.PROCESSING:
                self._end(order, OrderState.CANCELLED, code=-54)
            return Reply(self._answer(SUCCESS))

    # What tests and the control call do

    def arm(self, name: str, *, wait_ms: int | None = None, times: int = 1, on: str = "create") -> None:
        """Let the next `times` accepted orders follow a scenario, or the next queries leave as its answer does.

        Raises:
            ValueError: no such scenario, or one that says nothing about how a query's answer leaves.
        """
        scenario = SCENARIOS.get(name)
        if scenario is None or times < 1 or on not in {"create", "query"}:
            message = f"no such scenario: {name!r} times {times} on {on!r}"
            raise ValueError(message)
        if on == "query" and scenario.wire in {Wire.PLAIN, Wire.TWICE}:
            message = f"{name} does not change how an answer leaves"
            raise ValueError(message)
        with self._lock:
            armed = self._armed if on == "create" else self._armed_queries
            armed.extend([scenario.lasting(wait_ms)] * times)

    def pay_later(self, app_trans_id: str) -> bool:
        """Make an order paid, whatever was answered before. False when it is unknown or paid already."""
        with self._lock:
            order = self._orders.get(app_trans_id)
            if order is None or order.state is OrderState.PAID:
                return False
            self._customer.pay(order.amount)
            self._paid(order)
            return True

    def orders(self) -> list[Order]:
        """The book as of now, oldest first, with what was only refused."""
        with self._lock:
            for order in self._orders.values():
                self._settle(order)
            return list(self._orders.values())

    def record(self) -> list[dict[str, object]]:
        """The book as plain values, with how often each create arrived and each code was presented."""
        with self._lock:
            return [
                {
                    "app_trans_id": order.app_trans_id,
                    "amount": order.amount,
                    "state": order.state.value,
                    "zp_trans_id": order.zp_trans_id,
                    "sub_return_code": order.code,
                    "scenario": order.scenario.name,
                    "created_ms": order.created_ms,
                    "ended_ms": order.ended_ms,
                    "creates": self._creates[order.app_trans_id],
                    "queries": order.queries,
                    "code_hash": order.code_hash,
                    "code_presented": self._presented[order.code_hash],
                }
                for order in self.orders()
            ]

    def _asked_order(self, fields: Fields) -> Order:
        app_trans_id = right_question(fields)
        order, now = self._orders.get(app_trans_id), self._clock.wall_ms()
        if order is None or order.state is OrderState.REFUSED or now < order.found_from_ms:
            raise RefusedError(-101)
        if now - order.created_ms > ANSWERABLE_MS:
            raise RefusedError(-49)
        self._settle(order)
        return order

    # The order's life

    def _submit(self, payment: Payment) -> Reply:
        code_hash = hmac.new(self._salt, payment.code.encode(), hashlib.sha256).hexdigest()[:16]
        self._creates[payment.app_trans_id] += 1
        self._presented[code_hash] += 1
        known = self._orders.get(payment.app_trans_id)
        if known is not None and known.state is not OrderState.REFUSED:
            return Reply(self._answer(FAILURE, code=-68))
        order = Order(
            payment.app_trans_id, payment.amount, payment.description, self._clock.wall_ms(), PAID_AT_ONCE, code_hash
        )
        self._orders[order.app_trans_id] = order
        code_state = self._customer.spend(payment.code)
        if code_state is not CodeState.GOOD:
            self._end(order, OrderState.FAILED, code=_BAD_CODES[code_state])
            return Reply(self._create_answer(order))
        return self._follow(order, self._scenario(order.amount))

    def _scenario(self, amount: int) -> Scenario:
        if self._armed:
            return self._armed.popleft()
        return BY_AMOUNT.get(amount, WAITS_FOR_CUSTOMER if self._customer.asks_first else PAID_AT_ONCE)

    def _follow(self, order: Order, scenario: Scenario) -> Reply:
        order.scenario = scenario
        if scenario.truth is Truth.UNRECORDED:
            self._end(order, OrderState.REFUSED, code=scenario.claim)
        if scenario.truth is Truth.WAITING:
            self._customer.ask(order.app_trans_id, order.amount, order.description)
        if scenario.waits is Waits.FOUND:
            order.found_from_ms = order.created_ms + scenario.wait_ms
        self._settle(order)
        return Reply(self._create_answer(order), scenario.wire, scenario.wait_ms)

    def _settle(self, order: Order) -> None:
        """Let happen what is due by now."""
        if order.state is not OrderState.PROCESSING or order.scenario.truth is Truth.STUCK:
            return
        now, scenario = self._clock.wall_ms(), order.scenario
        due_ms = order.created_ms + (scenario.wait_ms if scenario.waits is Waits.TRUTH else 0)
        tapped = self._customer.answer(order.app_trans_id)
        if tapped or (scenario.truth is Truth.PAID and now >= due_ms):
            if self._customer.pay(order.amount):
                self._paid(order)
            else:
                self._end(order, OrderState.FAILED, code=-63)
        elif tapped is False:
            self._end(order, OrderState.FAILED, code=-329)
        elif scenario.truth is Truth.FAILED and now >= due_ms:
            self._end(order, OrderState.FAILED, code=scenario.code)
        elif now - order.created_ms >= ORDER_LIFE_MS:
            self._end(order, OrderState.FAILED, code=-54)

    def _paid(self, order: Order) -> None:
        day = yymmdd(self._clock.wall_ms())
        order.zp_trans_id = int(f"{day}{self._random.randrange(1, 10**9):09}")
        self._end(order, OrderState.PAID, code=SUCCESS)

    def _end(self, order: Order, state: OrderState, *, code: int) -> None:
        order.state, order.code, order.ended_ms = state, code, self._clock.wall_ms()
        self._customer.withdraw(order.app_trans_id)

    # Answers

    def _create_answer(self, order: Order) -> dict[str, object]:
        claim = order.scenario.claim
        answer = self._answer(FAILURE, code=claim) if claim else self._answer_about(order)
        return self._twisted(order, answer, queries=0)

    def _query_answer(self, fields: Fields) -> dict[str, object]:
        more: dict[str, object] = {"amount": 0, "server_time": self._clock.wall_ms(), "discount_amount": 0}
        try:
            order = self._asked_order(fields)
        except RefusedError as refused:
            return {**self._answer(FAILURE, code=refused.code), **more}
        order.queries += 1
        more["amount"] = order.amount if order.state is OrderState.PAID else 0
        return self._twisted(order, {**self._answer_about(order), **more}, queries=order.queries)

    def _answer_about(self, order: Order) -> dict[str, object]:
        if order.state is OrderState.PROCESSING:
            return self._answer(PROCESSING, code=PROCESSING)
        if order.state is OrderState.PAID:
            return self._answer(SUCCESS, zp_trans_id=order.zp_trans_id)
        return self._answer(FAILURE, code=order.code)

    def _twisted(self, order: Order, answer: dict[str, object], *, queries: int) -> dict[str, object]:
        if order.scenario.twist is Twist.NONE:
            return answer
        return twisted(order.scenario.twist, answer, queries=queries, app_id=APP_ID, app_trans_id=order.app_trans_id)

    def _answer(self, return_code: int, *, code: int = SUCCESS, zp_trans_id: int = 0) -> dict[str, object]:
        return {
            "return_code": return_code,
            "return_message": _MESSAGES[return_code],
            "sub_return_code": code,
            "sub_return_message": CODES.get(code, "UNKNOWN"),
            "is_processing": return_code == PROCESSING,
            "zp_trans_id": zp_trans_id,
        }
