"""Refunds: money of a paid order back into the customer's wallet, in parts or whole, now or later.

Written from the documentation of ZaloPay's v2 API (refund, query refund). What a right request is stands in
`refund_requests`. Nothing here is locked: `zalopay` takes care that one thing happens at a time.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from pos_app.clock import Clock
from pos_app.sandbox.answers import FAILURE, PROCESSING, SUCCESS, Reply, refund_answer
from pos_app.sandbox.customer import Customer
from pos_app.sandbox.orders import Order, Orders, OrderState, new_number
from pos_app.sandbox.refund_faults import REFUND_SCENARIOS, REFUNDED_AT_ONCE
from pos_app.sandbox.refund_requests import AskedRefund, right_refund, right_refund_question
from pos_app.sandbox.requests import Fields, RefusedError
from pos_app.sandbox.scenario import Repertoire, Scenario, Truth, Waits, Wire
from pos_app.sandbox.untruths import twisted_refund

_IN_PROCESSING = 2


class RefundState(StrEnum):
    """Where a refund is."""

    PROCESSING = "processing"
    REFUNDED = "refunded"
    FAILED = "failed"
    REFUSED = "refused"
    """Known to the record only: for queries there is no such refund."""


@dataclass(slots=True)
class Refund:
    """One refund. Times are ms since 1970."""

    asked: AskedRefund
    refund_id: int
    created_ms: int
    scenario: Scenario
    state: RefundState = RefundState.PROCESSING
    code: int = 0
    ended_ms: int = 0
    queries: int = 0
    found_from_ms: int = 0


class Refunds:
    """All refunds."""

    def __init__(self, *, clock: Clock, random: Random, customer: Customer, orders: Orders) -> None:
        self.scenarios = Repertoire(REFUND_SCENARIOS.values())
        self._clock = clock
        self._random = random
        self._customer = customer
        self._orders = orders
        self._book: dict[str, Refund] = {}
        self._of_payment: defaultdict[str, dict[str, Refund]] = defaultdict(dict)
        self._arrivals: Counter[str] = Counter()

    # The two calls

    def refund(self, fields: Fields) -> Reply:
        """`POST /v2/refund`: check, look at what is left of the payment, give back."""
        try:
            asked = right_refund(fields, now_ms=self._clock.wall_ms())
            reply = self._submit(asked)
            return self._submit(asked) if reply.wire is Wire.TWICE else reply
        except RefusedError as refused:
            return Reply(refund_answer(FAILURE, code=refused.code))

    def query(self, fields: Fields) -> dict[str, object]:
        """`POST /v2/query_refund`: the refund as it is now."""
        try:
            refund = self._asked(right_refund_question(fields, now_ms=self._clock.wall_ms()))
        except RefusedError as refused:
            return refund_answer(FAILURE, code=refused.code)
        refund.queries += 1
        return twisted_refund(refund.scenario.twist, _answer_about(refund), queries=refund.queries)

    # The record

    def of(self, order: Order) -> list[Refund]:
        """The refunds of an order as of now, oldest first, with what was only refused."""
        mine = list(self._of_payment.get(str(order.zp_trans_id), {}).values())
        for refund in mine:
            self._settle(refund)
        return mine

    def record(self, order: Order) -> list[dict[str, object]]:
        """The refunds of an order as plain values, with how often each arrived and was asked about."""
        return [
            {
                "m_refund_id": refund.asked.m_refund_id,
                "refund_id": refund.refund_id,
                "amount": refund.asked.amount,
                "fee": refund.asked.fee,
                "description": refund.asked.description,
                "state": refund.state.value,
                "sub_return_code": refund.code,
                "scenario": refund.scenario.name,
                "created_ms": refund.created_ms,
                "ended_ms": refund.ended_ms,
                "creates": self._arrivals[refund.asked.m_refund_id],
                "queries": refund.queries,
            }
            for refund in self.of(order)
        ]

    # A refund's life

    def _asked(self, m_refund_id: str) -> Refund:
        refund = self._book.get(m_refund_id)
        if refund is None or refund.state is RefundState.REFUSED or self._clock.wall_ms() < refund.found_from_ms:
            raise RefusedError(-101)
        self._settle(refund)
        return refund

    def _submit(self, asked: AskedRefund) -> Reply:
        self._arrivals[asked.m_refund_id] += 1
        known = self._book.get(asked.m_refund_id)
        if known is not None and known.state is not RefundState.REFUSED:
            raise RefusedError(-23)
        order = self._orders.numbered(asked.zp_trans_id)
        if order is None:
            raise RefusedError(-101)
        reason_against = self._reason_against(order, asked.amount)
        now = self._clock.wall_ms()
        refund = Refund(asked, new_number(self._random, now_ms=now), now, REFUNDED_AT_ONCE)
        self._book[asked.m_refund_id] = self._of_payment[asked.zp_trans_id][asked.m_refund_id] = refund
        if reason_against:
            self._end(refund, RefundState.FAILED, code=reason_against, at_ms=now)
            return Reply(_first_answer(refund))
        scenario = refund.scenario = self.scenarios.next(asked.amount, usual=REFUNDED_AT_ONCE)
        if scenario.truth is Truth.UNRECORDED:
            self._end(refund, RefundState.REFUSED, code=scenario.claim, at_ms=now)
        if scenario.waits is Waits.FOUND:
            refund.found_from_ms = now + scenario.wait_ms
        self._settle(refund)
        return Reply(_first_answer(refund), scenario.wire, scenario.wait_ms)

    def _reason_against(self, order: Order, amount: int) -> int:
        """Why so much of the order cannot be given back: not paid (yet), all of it is back, more than is left."""
        if order.state is not OrderState.PAID:
            return -5 if order.state is OrderState.PROCESSING else -6
        counted = (RefundState.PROCESSING, RefundState.REFUNDED)
        given = {state: sum(one.asked.amount for one in self.of(order) if one.state is state) for state in counted}
        if given[RefundState.REFUNDED] == order.paid:
            return -11
        return -14 if amount > order.paid - sum(given.values()) else 0

    def _settle(self, refund: Refund) -> None:
        """Let happen what is due by now."""
        scenario = refund.scenario
        due_ms = refund.created_ms + (scenario.wait_ms if scenario.waits is Waits.TRUTH else 0)
        if refund.state is not RefundState.PROCESSING or self._clock.wall_ms() < due_ms:
            return
        if scenario.truth is Truth.DONE:
            self._customer.top_up(refund.asked.amount - refund.asked.fee)
            self._end(refund, RefundState.REFUNDED, code=SUCCESS, at_ms=due_ms)
        elif scenario.truth is Truth.FAILED:
            self._end(refund, RefundState.FAILED, code=scenario.code, at_ms=due_ms)

    def _end(self, refund: Refund, state: RefundState, *, code: int, at_ms: int) -> None:
        refund.state, refund.code, refund.ended_ms = state, code, at_ms


# Answers


def _first_answer(refund: Refund) -> dict[str, object]:
    claim = refund.scenario.claim
    answer = refund_answer(SUCCESS if claim == SUCCESS else FAILURE, code=claim) if claim else _answer_about(refund)
    if refund.state is not RefundState.REFUSED:
        answer["refund_id"] = refund.refund_id
    return twisted_refund(refund.scenario.twist, answer, queries=0)


def _answer_about(refund: Refund) -> dict[str, object]:
    if refund.state is RefundState.PROCESSING:
        return refund_answer(PROCESSING, code=refund.scenario.meanwhile or _IN_PROCESSING)
    if refund.state is RefundState.REFUNDED:
        return refund_answer(SUCCESS)
    return refund_answer(FAILURE, code=refund.code)
