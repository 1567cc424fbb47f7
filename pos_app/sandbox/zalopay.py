"""The gateway: its calls, what a control call can do to it, and its record. One thing happens at a time.

Written from the documentation of ZaloPay's v2 API. Payments, shown orders, refunds and the order book behind
them have files of their own; bytes and sockets are `wire`'s.
"""

import threading
from collections import deque
from random import Random

from pos_app.clock import Clock
from pos_app.sandbox.agreement import Agreements, Binding
from pos_app.sandbox.answers import FAILURE, SUCCESS, Reply, order_answer
from pos_app.sandbox.banks import bank_list
from pos_app.sandbox.callbacks import Callbacks, Posting
from pos_app.sandbox.customer import Customer
from pos_app.sandbox.faults import PAID_AT_ONCE
from pos_app.sandbox.order_requests import check_bank_question
from pos_app.sandbox.orders import Order, Orders, OrderState
from pos_app.sandbox.payment_key import PaymentKey
from pos_app.sandbox.payments import Payments, answer_about
from pos_app.sandbox.refunds import Refund, Refunds, RefundState
from pos_app.sandbox.requests import APP_ID, Fields, RefusedError, right_question
from pos_app.sandbox.scenario import Scenario, Wire
from pos_app.sandbox.shown_orders import ShownOrders
from pos_app.sandbox.token_payments import PRODUCT, TokenPayments
from pos_app.sandbox.untruths import twisted

_QUESTIONS = ("query", "cancel", "query_refund", "bind", "binding", "balance", "query_user", "unbind")
"""The calls whose answers can be armed to leave in a bad way."""


class ZaloPay:
    """The gateway's books behind its calls. Safe to use from any thread.

    Attributes:
        key: the RSA pair for payment codes.
    """

    def __init__(self, *, clock: Clock, random: Random, customer: Customer, key: PaymentKey) -> None:
        self.key = key
        self._clock = clock
        self._orders = Orders(clock=clock, random=random, customer=customer)
        self._callbacks = Callbacks(clock=clock, orders=self._orders)
        self._payments = Payments(
            clock=clock, random=random, customer=customer, key=key, orders=self._orders, callbacks=self._callbacks
        )
        self._shown = ShownOrders(clock=clock, random=random, orders=self._orders, callbacks=self._callbacks)
        self._refunds = Refunds(clock=clock, random=random, customer=customer, orders=self._orders)
        self._agreements = Agreements(clock=clock, random=random, customer=customer, callbacks=self._callbacks)
        self._token_payments = TokenPayments(
            clock=clock, random=random, orders=self._orders, callbacks=self._callbacks, agreements=self._agreements,
            scenarios=(self._shown.scenarios, self._payments.scenarios),
        )  # fmt: skip
        self._spoiled: dict[str, deque[Scenario]] = {call: deque() for call in _QUESTIONS}
        self._lock = threading.RLock()

    # The calls

    def quick_pay(self, fields: Fields) -> Reply:
        """`POST /v2/quick_pay`: charge the wallet that showed the code."""
        with self._lock:
            return self._payments.quick_pay(fields)

    def create(self, fields: Fields) -> Reply:
        """`POST /v2/create`: an order that the shop shows to the customer, or one that a token shall pay."""
        with self._lock:
            if fields.get("product_code") == PRODUCT:
                return self._token_payments.create(fields)
            return self._shown.create(fields)

    def query(self, fields: Fields) -> Reply:
        """`POST /v2/query`: the order as it is now."""
        with self._lock:
            return self._leaving("query", self._query_answer(fields))

    def cancel(self, fields: Fields) -> Reply:
        """`POST /v2/cancel`: end an order that is not paid."""
        with self._lock:
            return self._leaving("cancel", self._cancel_answer(fields))

    def refund(self, fields: Fields) -> Reply:
        """`POST /v2/refund`: money of a paid order back to the customer."""
        with self._lock:
            return self._refunds.refund(fields)

    def query_refund(self, fields: Fields) -> Reply:
        """`POST /v2/query_refund`: the refund as it is now."""
        with self._lock:
            return self._leaving("query_refund", self._refunds.query(fields))

    def bind(self, fields: Fields) -> Reply:
        """`POST /v2/agreement/bind`: ask the customer to bind the wallet."""
        with self._lock:
            return self._leaving("bind", self._agreements.bind(fields))

    def query_binding(self, fields: Fields) -> Reply:
        """`POST /v2/agreement/query`: the binding as it is now."""
        with self._lock:
            return self._leaving("binding", self._agreements.query(fields))

    def balance(self, fields: Fields) -> Reply:
        """`POST /v2/agreement/balance`: whether a bound wallet can pay so much."""
        with self._lock:
            return self._leaving("balance", self._agreements.balance(fields))

    def pay_by_token(self, fields: Fields) -> Reply:
        """`POST /v2/agreement/pay`: charge a bound wallet."""
        with self._lock:
            return self._token_payments.pay(fields)

    def query_user(self, fields: Fields) -> Reply:
        """`POST /v2/agreement/query_user`: whose wallet a token stands for."""
        with self._lock:
            return self._leaving("query_user", self._agreements.query_user(fields))

    def unbind(self, fields: Fields) -> Reply:
        """`POST /v2/agreement/unbind`: let a wallet go."""
        with self._lock:
            return self._leaving("unbind", self._agreements.unbind(fields))

    def banks(self, fields: Fields) -> Reply:
        """`POST /api/getlistmerchantbanks`: the banks whose form an order can open with, in v1's names."""
        try:
            check_bank_question(fields, now_ms=self._clock.wall_ms())
        except RefusedError as refused:
            return Reply({"returncode": refused.code, "returnmessage": "Yêu cầu không hợp lệ"})
        return Reply(bank_list())

    # What the server and the phone do

    def callbacks_due(self) -> list[Posting]:
        """The callbacks that leave now; each is to be followed by `callback_answered`."""
        with self._lock:
            return self._callbacks.due()

    def callback_answered(self, posting: Posting, return_code: int | None) -> None:
        """What the shop's server said to it, None for nothing."""
        with self._lock:
            self._callbacks.answered(posting, return_code)

    def open_order(self, shown: str) -> bool:
        """The phone reads a link or QR text and asks its owner. False when it leads to nothing to pay or to bind."""
        with self._lock:
            return self._shown.open(shown) or self._agreements.opens(shown)

    def wishes_to_bind(self) -> list[Binding]:
        """What shops want to bind the wallet to, and the customer has not answered."""
        with self._lock:
            return self._agreements.waiting()

    def answer_binding(self, app_trans_id: str, *, confirmed: bool) -> bool:
        """The customer confirms or declines a wish to bind. False when no such wish waits."""
        with self._lock:
            return self._agreements.answer(app_trans_id, confirmed=confirmed)

    def end_binding(self, app_trans_id: str, *, disabled: bool = False) -> bool:
        """The customer ends a binding, or ZaloPay disables it. False when it is not confirmed."""
        with self._lock:
            return self._agreements.end(app_trans_id, disabled=disabled)

    def expire_binding(self, app_trans_id: str, *, at_ms: int) -> bool:
        """Let a binding end by itself at `at_ms`. False when there is none."""
        with self._lock:
            return self._agreements.expire(app_trans_id, at_ms=at_ms)

    def pay_order(self, app_trans_id: str) -> bool:
        """The customer pays an open order. False when it is unknown, has ended, or the wallet holds too little."""
        with self._lock:
            try:
                order = self._orders.asked(app_trans_id)
            except RefusedError:
                return False
            return order.state is OrderState.PROCESSING and self._orders.pay(order)

    # What tests and the control call do

    def arm(self, name: str, *, wait_ms: int | None = None, times: int = 1, on: str = "create") -> None:
        """Let the next `times` accepted orders or refunds follow a scenario, or the next questions be answered so.

        Args:
            name: a scenario of payments, refunds or shown orders; it waits for the next call of its kind.
            wait_ms: another waiting time.
            times: how often.
            on: "create", or one of the other calls (`_QUESTIONS`) to let its answers leave as the scenario's does.

        Raises:
            ValueError: no such scenario, or one that says nothing about how an answer leaves.
        """
        with self._lock:
            kinds = (self._payments.scenarios, self._refunds.scenarios, self._shown.scenarios)
            found = next(((kind, scenario) for kind in kinds if (scenario := kind.named(name))), None)
            if found is None or times < 1 or on not in {"create", *self._spoiled}:
                message = f"no such scenario: {name!r} times {times} on {on!r}"
                raise ValueError(message)
            kind, scenario = found[0], found[1].lasting(wait_ms)
            if on == "create":
                kind.arm(scenario, times=times)
            elif scenario.wire in {Wire.PLAIN, Wire.TWICE}:
                message = f"{name} does not change how an answer leaves"
                raise ValueError(message)
            else:
                self._spoiled[on].extend([scenario] * times)

    def pay_later(self, app_trans_id: str) -> bool:
        """Make an order paid, whatever was answered before. False when it is unknown or paid already."""
        with self._lock:
            return self._orders.pay_anyway(app_trans_id)

    def orders(self) -> list[Order]:
        """The book as of now, oldest first, with what was only refused."""
        with self._lock:
            return self._orders.all()

    def refunds(self) -> list[tuple[Order, Refund]]:
        """All refunds as of now with their orders, with what was only refused."""
        with self._lock:
            return [(order, refund) for order in self._orders.all() for refund in self._refunds.of(order)]

    def record(self) -> list[dict[str, object]]:
        """The books as plain values, with how often each create arrived and each code was presented."""
        with self._lock:
            return [self._recorded(order) for order in self._orders.all()]

    def _recorded(self, order: Order) -> dict[str, object]:
        refunds = self._refunds.of(order)
        return {
            "app_trans_id": order.app_trans_id,
            "shown": order.ticket is not None,
            "amount": order.amount,
            "paid": order.paid,
            "state": order.state.value,
            "zp_trans_id": order.zp_trans_id,
            "sub_return_code": order.code,
            "scenario": order.scenario.name,
            "created_ms": order.created_ms,
            "ended_ms": order.ended_ms,
            "creates": self._orders.arrivals[order.app_trans_id],
            "queries": order.queries,
            "code_hash": order.code_hash,
            "code_presented": self._payments.presented[order.code_hash],
            "refunded": sum(one.asked.amount for one in refunds if one.state is RefundState.REFUNDED),
            "refunds": self._refunds.record(order),
            "callbacks": self._callbacks.record(order),
        }

    # Answers

    def _leaving(self, call: str, answer: dict[str, object]) -> Reply:
        spoiled = self._spoiled[call].popleft() if self._spoiled[call] else PAID_AT_ONCE
        return Reply(answer, spoiled.wire, spoiled.wait_ms)

    def _query_answer(self, fields: Fields) -> dict[str, object]:
        more: dict[str, object] = {"amount": 0, "server_time": self._clock.wall_ms(), "discount_amount": 0}
        try:
            order = self._orders.asked(right_question(fields))
        except RefusedError as refused:
            return {**order_answer(FAILURE, code=refused.code), **more}
        order.queries += 1
        more["amount"] = order.paid
        answer = {**answer_about(order), **more}
        return twisted(
            order.scenario.twist, answer, queries=order.queries, app_id=APP_ID, app_trans_id=order.app_trans_id
        )

    def _cancel_answer(self, fields: Fields) -> dict[str, object]:
        try:
            order = self._orders.asked(right_question(fields))
        except RefusedError as refused:
            return order_answer(FAILURE, code=refused.code)
        if order.state is OrderState.PAID:
            return order_answer(FAILURE, code=406)
        if order.state is OrderState.PROCESSING:
            self._orders.end(order, OrderState.CANCELLED, code=-54)
        return order_answer(SUCCESS)
