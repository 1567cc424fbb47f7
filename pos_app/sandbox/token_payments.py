"""Payments by token: an order that nobody is shown, and the charge of a bound wallet for it.

Written from the documentation of ZaloPay's v2 API (agreement). The orders are those of the one order book, so
questions, refunds and callbacks know them. Scenarios of shown orders befall the creation, those of payments the charge.
"""

from random import Random

from pos_app.clock import Clock
from pos_app.sandbox.agreement import Agreements
from pos_app.sandbox.agreement_requests import AskedCharge, right_charge
from pos_app.sandbox.answers import FAILURE, PROCESSING, SUCCESS, Reply, create_answer
from pos_app.sandbox.callbacks import Callbacks
from pos_app.sandbox.faults import PAID_AT_ONCE
from pos_app.sandbox.order_code import new_ticket, order_url
from pos_app.sandbox.order_faults import WAITS_TO_BE_PAID
from pos_app.sandbox.order_requests import AskedOrder, right_order
from pos_app.sandbox.orders import Order, Orders, OrderState
from pos_app.sandbox.requests import APP_ID, Fields, RefusedError
from pos_app.sandbox.scenario import Repertoire, Scenario, Truth, Wire
from pos_app.sandbox.untruths import twisted

PRODUCT = "AGREEMENT"
"""The `product_code` of an order that a token pays."""
_OVER_LIMIT = -36


class TokenPayments:
    """Orders that wait to be paid by token. Not locked: see `zalopay`.

    Args:
        clock, random: the gateway's.
        orders, callbacks: the book, and who tells shops of it.
        agreements: knows the tokens.
        scenarios: those of creations, and those of payments.
    """

    def __init__(
        self, *, clock: Clock, random: Random, orders: Orders, callbacks: Callbacks, agreements: Agreements,
        scenarios: tuple[Repertoire[Scenario], Repertoire[Scenario]],
    ) -> None:  # fmt: skip
        self._clock = clock
        self._random = random
        self._orders = orders
        self._callbacks = callbacks
        self._agreements = agreements
        self._creations, self._charges = scenarios
        self._to_pay: dict[str, Order] = {}
        """By their `zp_trans_token`."""
        self._begun: set[str] = set()

    def create(self, fields: Fields) -> Reply:
        """`POST /v2/create` with this product: an order that only a token can pay."""
        try:
            asked = right_order(fields, now_ms=self._clock.wall_ms())
            reply = self._enter(asked)
            return self._enter(asked) if reply.wire is Wire.TWICE else reply
        except RefusedError as refused:
            return Reply(create_answer(FAILURE, code=refused.code))

    def pay(self, fields: Fields) -> Reply:
        """`POST /v2/agreement/pay`: charge the wallet for an order that was made before."""
        try:
            asked = right_charge(fields, now_ms=self._clock.wall_ms())
            reply = self._charge(asked)
            return self._charge(asked) if reply.wire is Wire.TWICE else reply
        except RefusedError as refused:
            return Reply(create_answer(FAILURE, code=refused.code))

    def _enter(self, asked: AskedOrder) -> Reply:
        order = self._orders.enter(asked.bill, WAITS_TO_BE_PAID, life_ms=asked.life_ms)
        scenario = self._creations.next(order.amount, usual=WAITS_TO_BE_PAID)
        if scenario.truth not in {Truth.WAITING, Truth.UNRECORDED}:
            scenario = WAITS_TO_BE_PAID  # only a token can pay it or let it fail
        ticket = new_ticket(self._random, now_ms=order.created_ms)
        if scenario.truth is Truth.UNRECORDED:
            self._orders.end(order, OrderState.REFUSED, code=scenario.claim)
        else:
            self._to_pay[ticket.token] = order
        if scenario.claim:
            return Reply(create_answer(FAILURE, code=scenario.claim), scenario.wire, scenario.wait_ms)
        more = {"order_url": order_url(ticket), "zp_trans_token": ticket.token, "order_token": ticket.order_token}
        return Reply({**create_answer(SUCCESS), **more}, scenario.wire, scenario.wait_ms)

    def _charge(self, asked: AskedCharge) -> Reply:
        order = self._payable(asked)
        scenario = self._charges.next(order.amount, usual=PAID_AT_ONCE)
        if scenario.truth is not Truth.UNRECORDED:  # else nothing begins, and the order stays as it is
            self._begun.add(asked.zp_trans_token)
            self._orders.follow(order, scenario)
            self._callbacks.watch(order)
        return Reply(_first_answer(order, scenario), scenario.wire, scenario.wait_ms)

    def _payable(self, asked: AskedCharge) -> Order:
        """The order that shall be paid.

        Raises:
            RefusedError: unknown (-101), paid or begun before (-68), the token is no good (see `Agreements.usable`),
                above what the customer agreed to (-36), or it has ended (with its own code).
        """
        order = self._to_pay.get(asked.zp_trans_token)
        if order is None:
            raise RefusedError(-101)
        if asked.zp_trans_token in self._begun:
            raise RefusedError(-68)
        binding = self._agreements.usable(asked.pay_token, asked.identifier)
        if order.amount > (binding.asked.max_amount or order.amount):
            raise RefusedError(_OVER_LIMIT)
        self._orders.settle(order)
        if order.state is not OrderState.PROCESSING:
            raise RefusedError(order.code)
        return order


def _first_answer(order: Order, scenario: Scenario) -> dict[str, object]:
    """What the charge itself is answered with: "in processing" and its number, also when it is paid by then."""
    if scenario.claim:
        answer = create_answer(FAILURE, code=scenario.claim)
    elif order.state in {OrderState.FAILED, OrderState.CANCELLED}:
        answer = create_answer(FAILURE, code=order.code)
    else:
        number: dict[str, object] = {"app_trans_id": order.app_trans_id, "zp_trans_id": order.zp_trans_id}
        answer = {**create_answer(PROCESSING, code=PROCESSING), **number}
    return twisted(scenario.twist, answer, queries=0, app_id=APP_ID, app_trans_id=order.app_trans_id)
