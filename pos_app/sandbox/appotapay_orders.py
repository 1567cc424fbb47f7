"""AppotaPay's order book: what becomes of orders and refunds. Answers are made elsewhere; nothing here is locked."""

from dataclasses import dataclass, field
from random import Random

from pos_app.clock import Clock
from pos_app.sandbox.appotapay_faults import (
    COURSES,
    PAID,
    REFUND_COURSES,
    REFUNDED,
    WAITING,
    WAITS_TO_BE_PAID,
    Course,
)
from pos_app.sandbox.scenario import Repertoire
from pos_app.vietnam_day import yymmdd

CANCELLED = 38
_KNOWN, _REFUND_KNOWN, _MISSING, _TOO_MUCH, _NOT_PAID = 30, 31, 36, 103, 102


@dataclass(frozen=True, slots=True)
class Bill:
    """What the shop asked for."""

    api: str
    order_id: str
    amount: int
    info: str
    method: str
    bank_code: str = ""
    extra_data: str = ""
    notify_url: str = ""
    redirect_url: str = ""
    client_ip: str = ""


@dataclass(slots=True)
class Refund:
    """One refund. `code` is None while it is on its way."""

    refund_id: str
    number: str
    amount: int
    reason: str
    created_ms: int
    course: Course
    code: int | None = None


@dataclass(slots=True)
class Order:
    """One order of the book. Times are ms since 1970.

    Attributes:
        number: AppotaPay's own.
        token: what its page is known by.
        code: 35 while it waits, 0 paid, others as the customer or the course decided.
        known: False for one that was turned away: the record keeps it, questions do not find it.
    """

    bill: Bill
    number: str
    token: str
    created_ms: int
    course: Course
    code: int = WAITING
    known: bool = True
    ended_ms: int = 0
    queries: int = 0
    creates: int = 1
    refunds: list[Refund] = field(default_factory=list)

    @property
    def paid(self) -> bool:
        """Whether the customer paid."""
        return self.code == PAID


class CodedError(Exception):
    """The request is not accepted."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class Book:
    """All orders, by the shop's id, by AppotaPay's number and by the page's token."""

    def __init__(self, *, clock: Clock, random: Random) -> None:
        self.courses = Repertoire(COURSES.values())
        self.refund_courses = Repertoire(REFUND_COURSES.values())
        self._clock = clock
        self._random = random
        self._orders: dict[str, Order] = {}

    def enter(self, bill: Bill) -> Order:
        """A new order.

        Raises:
            CodedError: there is one with that id (30), or its course turns it away.
        """
        old = self._orders.get(bill.order_id)
        if old is not None and old.known:
            old.creates += 1
            raise CodedError(_KNOWN)
        course = self.courses.next(bill.amount, usual=WAITS_TO_BE_PAID)
        number = f"AP{yymmdd(self._clock.wall_ms())}{self._random.randrange(10**9):09}"
        order = Order(bill, number, f"{self._random.getrandbits(128):032x}", self._clock.wall_ms(), course)
        self._orders[bill.order_id] = order
        if course.refused:
            order.known, order.code, order.ended_ms = False, course.refused, order.created_ms
            raise CodedError(course.refused)
        self.settle(order)
        return order

    def asked(self, order_id: str) -> Order:
        """The order that a question names by the shop's id, as of now.

        Raises:
            CodedError: there is none (36).
        """
        return self._found(self._orders.get(order_id))

    def numbered(self, number: str) -> Order:
        """The order with AppotaPay's number, as of now.

        Raises:
            CodedError: there is none (36).
        """
        return self._found(next((order for order in self._orders.values() if order.number == number), None))

    def on_page(self, token: str) -> Order | None:
        """The order that a page shows, as of now."""
        order = next((one for one in self._orders.values() if one.token == token and one.known), None)
        if order is not None:
            self.settle(order)
        return order

    def all(self) -> list[Order]:
        """As of now, oldest first, with what was turned away."""
        for order in self._orders.values():
            self.settle(order)
        return list(self._orders.values())

    def pay(self, order: Order) -> bool:
        """The customer pays; False when the order has ended or is stuck."""
        return self._decide(order, PAID)

    def refuse(self, order: Order) -> bool:
        """The customer cancels; False when the order has ended or is stuck."""
        return self._decide(order, CANCELLED)

    def pay_anyway(self, order_id: str) -> bool:
        """Make an order paid, whatever became of it. False when it is unknown or paid already."""
        order = self._orders.get(order_id)
        if order is None or order.paid:
            return False
        order.known = True
        self._end(order, PAID, self._clock.wall_ms())
        return True

    def refund(self, number: str, refund_id: str, amount: int, reason: str) -> Refund:
        """A new refund.

        Raises:
            CodedError: no such payment (36), not paid (102), known id (31), too much (103), or its course.
        """
        order = self.numbered(number)
        if any(refund.refund_id == refund_id for one in self._orders.values() for refund in one.refunds):
            raise CodedError(_REFUND_KNOWN)
        if not order.paid:
            raise CodedError(_NOT_PAID)
        if amount > order.bill.amount - sum(one.amount for one in order.refunds if one.code in (None, PAID)):
            raise CodedError(_TOO_MUCH)
        course = self.refund_courses.next(amount, usual=REFUNDED)
        if course.refused:
            raise CodedError(course.refused)
        number = f"RF{yymmdd(self._clock.wall_ms())}{self._random.randrange(10**9):09}"
        refund = Refund(refund_id, number, amount, reason, self._clock.wall_ms(), course)
        order.refunds.append(refund)
        self._settle_refund(refund)
        return refund

    def asked_refund(self, refund_id: str) -> tuple[Order, Refund]:
        """The refund that a question names by the shop's id, as of now.

        Raises:
            CodedError: there is none (36).
        """
        for order in self._orders.values():
            for refund in order.refunds:
                if refund.refund_id == refund_id:
                    self._settle_refund(refund)
                    return order, refund
        raise CodedError(_MISSING)

    def settle(self, order: Order) -> None:
        """Let happen what is due by now."""
        now, course = self._clock.wall_ms(), order.course
        due_ms = order.created_ms + course.wait_ms
        if order.code == WAITING and course.code is not None and not course.stuck and due_ms <= now:
            self._end(order, course.code, due_ms)
        if not order.paid and order.known and course.later_ms and due_ms + course.later_ms <= now:
            self._end(order, PAID, due_ms + course.later_ms)
        for refund in order.refunds:
            self._settle_refund(refund)

    def _settle_refund(self, refund: Refund) -> None:
        course = refund.course
        if not course.stuck and refund.created_ms + course.wait_ms <= self._clock.wall_ms():
            refund.code = course.code

    def _found(self, order: Order | None) -> Order:
        if order is None or not order.known:
            raise CodedError(_MISSING)
        self.settle(order)
        return order

    def _decide(self, order: Order, code: int) -> bool:
        self.settle(order)
        if order.code != WAITING or order.course.stuck:
            return False
        self._end(order, code, self._clock.wall_ms())
        return True

    def _end(self, order: Order, code: int, at_ms: int) -> None:
        order.code, order.ended_ms = code, at_ms
