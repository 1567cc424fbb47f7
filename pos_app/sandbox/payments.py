"""QuickPay: look at the customer's code, charge, answer. What a right request is stands in `requests`."""

import hashlib
import hmac
from collections import Counter
from random import Random

from pos_app.clock import Clock
from pos_app.sandbox.answers import FAILURE, PROCESSING, SUCCESS, Reply, order_answer
from pos_app.sandbox.callbacks import Callbacks
from pos_app.sandbox.customer import CodeState, Customer
from pos_app.sandbox.faults import PAID_AT_ONCE, SCENARIOS, WAITS_FOR_CUSTOMER
from pos_app.sandbox.orders import Order, Orders, OrderState
from pos_app.sandbox.payment_key import PaymentKey
from pos_app.sandbox.requests import APP_ID, Fields, Payment, RefusedError, right_payment
from pos_app.sandbox.scenario import Repertoire, Wire
from pos_app.sandbox.untruths import twisted

_BAD_CODES = {CodeState.UNKNOWN: -292, CodeState.EXPIRED: -322, CodeState.USED: -290}


class Payments:
    """Payments with the code on a customer's phone."""

    def __init__(
        self, *, clock: Clock, random: Random, customer: Customer, key: PaymentKey, orders: Orders,
        callbacks: Callbacks,
    ) -> None:  # fmt: skip
        self.scenarios = Repertoire(SCENARIOS.values())
        self.presented: Counter[str] = Counter()
        """How often a code was presented, by its hash."""
        self._clock = clock
        self._customer = customer
        self._key = key
        self._orders = orders
        self._callbacks = callbacks
        self._salt = random.randbytes(16)

    def quick_pay(self, fields: Fields) -> Reply:
        """`POST /v2/quick_pay`: check, look at the code, charge."""
        try:
            payment = right_payment(fields, key=self._key, now_ms=self._clock.wall_ms())
            reply = self._submit(payment)
            return self._submit(payment) if reply.wire is Wire.TWICE else reply
        except RefusedError as refused:
            return Reply(order_answer(FAILURE, code=refused.code))

    def _submit(self, payment: Payment) -> Reply:
        code_hash = hmac.new(self._salt, payment.code.encode(), hashlib.sha256).hexdigest()[:16]
        self.presented[code_hash] += 1
        order = self._orders.enter(payment.bill, PAID_AT_ONCE, code_hash=code_hash)
        code_state = self._customer.spend(payment.code)
        if code_state is not CodeState.GOOD:
            self._orders.end(order, OrderState.FAILED, code=_BAD_CODES[code_state])
            return Reply(_first_answer(order))
        usual = WAITS_FOR_CUSTOMER if self._customer.asks_first else PAID_AT_ONCE
        scenario = self.scenarios.next(order.amount, usual=usual)
        self._orders.follow(order, scenario)
        self._callbacks.watch(order)
        return Reply(_first_answer(order), scenario.wire, scenario.wait_ms)


def _first_answer(order: Order) -> dict[str, object]:
    """What the payment itself is answered with."""
    claim = order.scenario.claim
    answer = order_answer(FAILURE, code=claim) if claim else answer_about(order)
    return twisted(order.scenario.twist, answer, queries=0, app_id=APP_ID, app_trans_id=order.app_trans_id)


def answer_about(order: Order) -> dict[str, object]:
    """The order as it is now."""
    if order.state is OrderState.PROCESSING:
        return order_answer(PROCESSING, code=PROCESSING)
    if order.state is OrderState.PAID:
        return order_answer(SUCCESS, zp_trans_id=order.zp_trans_id)
    return order_answer(FAILURE, code=order.code)
