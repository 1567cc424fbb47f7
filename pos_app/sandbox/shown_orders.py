"""Orders that the shop shows: create one, open its link or QR text on the phone, pay it.

Written from the documentation of ZaloPay's v2 API (create order). What a right request is stands in `order_requests`.
"""

from random import Random

from pos_app.clock import Clock
from pos_app.sandbox.answers import FAILURE, SUCCESS, Reply, create_answer
from pos_app.sandbox.callbacks import Callbacks
from pos_app.sandbox.order_code import Ticket, new_ticket, order_url, qr_code, read_shown
from pos_app.sandbox.order_faults import ORDER_SCENARIOS, WAITS_TO_BE_PAID
from pos_app.sandbox.order_requests import AskedOrder, right_order
from pos_app.sandbox.orders import Order, Orders, OrderState
from pos_app.sandbox.requests import Fields, RefusedError
from pos_app.sandbox.scenario import Repertoire, Wire
from pos_app.sandbox.untruths import twisted_order

_OTHER_BY = 1_000
"""How many dong more a QR text for another amount is for."""


class ShownOrders:
    """Orders that are shown to the customer."""

    def __init__(self, *, clock: Clock, random: Random, orders: Orders, callbacks: Callbacks) -> None:
        self.scenarios = Repertoire(ORDER_SCENARIOS.values())
        self._clock = clock
        self._random = random
        self._orders = orders
        self._callbacks = callbacks
        self._by_mark: dict[str, Order] = {}

    def create(self, fields: Fields) -> Reply:
        """`POST /v2/create`: check, and answer what can be shown."""
        try:
            asked = right_order(fields, now_ms=self._clock.wall_ms())
            reply = self._submit(asked)
            return self._submit(asked) if reply.wire is Wire.TWICE else reply
        except RefusedError as refused:
            return Reply(create_answer(FAILURE, code=refused.code))

    def open(self, shown: str) -> bool:
        """The customer reads a link or a QR text: the phone asks. False when it leads to no order that can be paid."""
        mark, amount = read_shown(shown) or ("", 0)
        order = self._by_mark.get(mark)
        if order is None:
            return False
        self._orders.settle(order)
        if order.state is not OrderState.PROCESSING:
            return False
        order.to_pay = amount or order.to_pay  # a bank's app pays what the QR text says
        self._orders.ask_customer(order)
        return True

    def _submit(self, asked: AskedOrder) -> Reply:
        ticket = new_ticket(self._random, now_ms=self._clock.wall_ms())
        order = self._orders.enter(asked.bill, WAITS_TO_BE_PAID, life_ms=asked.life_ms, ticket=ticket)
        scenario = self.scenarios.next(order.amount, usual=WAITS_TO_BE_PAID)
        self._orders.follow(order, scenario)
        if order.state is not OrderState.REFUSED:
            self._by_mark[ticket.token] = self._by_mark[ticket.reference] = order
            self._callbacks.watch(order)
        return Reply(_first_answer(order, ticket), scenario.wire, scenario.wait_ms)


def _first_answer(order: Order, ticket: Ticket) -> dict[str, object]:
    scenario = order.scenario
    if scenario.claim:
        answer = create_answer(FAILURE, code=scenario.claim)
    else:
        answer = {
            **create_answer(SUCCESS),
            "order_url": order_url(ticket),
            "zp_trans_token": ticket.token,
            "order_token": ticket.order_token,
            "qr_code": qr_code(ticket, order.amount),
        }
    return twisted_order(scenario.twist, answer, other_qr=qr_code(ticket, order.amount + _OTHER_BY))
