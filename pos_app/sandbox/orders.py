"""The order book: what becomes of each order, and what the wallet has to do with it.

Answers are made elsewhere; nothing here is locked: `zalopay` takes care that one thing happens at a time.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from pos_app.clock import Clock
from pos_app.sandbox.answers import SUCCESS
from pos_app.sandbox.customer import Customer
from pos_app.sandbox.order_code import Ticket
from pos_app.sandbox.requests import Bill, RefusedError
from pos_app.sandbox.scenario import Scenario, Truth, Waits
from pos_app.vietnam_day import yymmdd

ORDER_LIFE_MS = 15 * 60_000
ANSWERABLE_MS = 48 * 3_600_000
"""Beyond this the status of an order can no longer be asked for."""


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
    """One order of the book. Times are ms since 1970; the payment code is kept as a salted hash only.

    Attributes:
        bill: what it is about.
        zp_trans_id: the gateway's own number for it; answers tell it once the order is paid.
        ticket: what it is known by when it is shown to the customer, None for a QuickPay order.
        to_pay: what the customer pays, in dong; not always what was asked for.
        paid: what the customer paid, in dong.
    """

    bill: Bill
    zp_trans_id: int
    created_ms: int
    scenario: Scenario
    code_hash: str
    life_ms: int
    ticket: Ticket | None
    to_pay: int
    paid: int = 0
    state: OrderState = OrderState.PROCESSING
    code: int = 0
    ended_ms: int = 0
    queries: int = 0
    found_from_ms: int = 0

    @property
    def app_trans_id(self) -> str:
        """The shop's id for it."""
        return self.bill.app_trans_id

    @property
    def amount(self) -> int:
        """What it is about, in dong."""
        return self.bill.amount

    @property
    def description(self) -> str:
        """What the payer reads."""
        return self.bill.description


def new_number(random: Random, *, now_ms: int) -> int:
    """A number of the gateway's own: the Vietnamese day and nine digits."""
    return int(f"{yymmdd(now_ms)}{random.randrange(1, 10**9):09}")


class Orders:
    """All orders, by the shop's id and by the gateway's number."""

    def __init__(self, *, clock: Clock, random: Random, customer: Customer) -> None:
        self.arrivals: Counter[str] = Counter()
        """How often an order with that id was asked for."""
        self._clock = clock
        self._random = random
        self._customer = customer
        self._book: dict[str, Order] = {}
        self._by_number: dict[str, Order] = {}

    def enter(
        self, bill: Bill, scenario: Scenario, *, code_hash: str = "", life_ms: int = ORDER_LIFE_MS,
        ticket: Ticket | None = None,
    ) -> Order:  # fmt: skip
        """A new order.

        Raises:
            RefusedError: there is one with that id (-68).
        """
        self.arrivals[bill.app_trans_id] += 1
        known = self._book.get(bill.app_trans_id)
        if known is not None and known.state is not OrderState.REFUSED:
            raise RefusedError(-68)
        now = self._clock.wall_ms()
        order = Order(bill, self._number(), now, scenario, code_hash, life_ms, ticket, bill.amount)
        self._book[bill.app_trans_id] = self._by_number[str(order.zp_trans_id)] = order
        return order

    def follow(self, order: Order, scenario: Scenario) -> None:
        """Let the scenario begin."""
        order.scenario, order.to_pay = scenario, order.amount + scenario.off_by
        if scenario.truth is Truth.UNRECORDED:
            self.end(order, OrderState.REFUSED, code=scenario.claim)
        if scenario.truth is Truth.WAITING and order.ticket is None:
            self.ask_customer(order)
        if scenario.waits is Waits.FOUND:
            order.found_from_ms = order.created_ms + scenario.wait_ms
        self.settle(order)

    def ask_customer(self, order: Order) -> None:
        """Let the phone show the order and wait for a tap."""
        self._customer.ask(order.app_trans_id, order.to_pay, order.description)

    def asked(self, app_trans_id: str) -> Order:
        """The order as queries find it, as of now.

        Raises:
            RefusedError: there is none yet (-101), or it is too old to be asked for (-49).
        """
        order, now = self._book.get(app_trans_id), self._clock.wall_ms()
        if order is None or order.state is OrderState.REFUSED or now < order.found_from_ms:
            raise RefusedError(-101)
        if now - order.created_ms > ANSWERABLE_MS:
            raise RefusedError(-49)
        self.settle(order)
        return order

    def numbered(self, zp_trans_id: str) -> Order | None:
        """The order with the gateway's number, as of now."""
        order = self._by_number.get(zp_trans_id)
        if order is None or order.state is OrderState.REFUSED:
            return None
        self.settle(order)
        return order

    def all(self) -> list[Order]:
        """As of now, oldest first, with what was only refused."""
        for order in self._book.values():
            self.settle(order)
        return list(self._book.values())

    def settle(self, order: Order) -> None:
        """Let happen what is due by now."""
        now, scenario = self._clock.wall_ms(), order.scenario
        if order.state is OrderState.PROCESSING and scenario.truth is not Truth.STUCK:
            tapped = self._customer.answer(order.app_trans_id)
            if tapped is not None:
                self._tapped(order, confirmed=tapped)
            else:
                self._let_due_happen(order, now)
        late_from_ms = order.ended_ms + scenario.late_ms
        if order.state in {OrderState.FAILED, OrderState.CANCELLED} and scenario.late_ms and now >= late_from_ms:
            self._charge(order, at_ms=late_from_ms)

    def pay(self, order: Order) -> bool:
        """The customer pays now; False when the order has ended or the wallet holds too little."""
        self.settle(order)
        if order.state is OrderState.PROCESSING:
            self._charge(order, at_ms=self._clock.wall_ms())
        return order.state is OrderState.PAID

    def pay_anyway(self, app_trans_id: str) -> bool:
        """Make an order paid, whatever became of it. False when it is unknown or paid already."""
        order = self._book.get(app_trans_id)
        if order is None or order.state is OrderState.PAID:
            return False
        self._customer.pay(order.to_pay)
        order.paid = order.to_pay
        self.end(order, OrderState.PAID, code=SUCCESS)
        return True

    def end(self, order: Order, state: OrderState, *, code: int, at_ms: int | None = None) -> None:
        """It is over, now or since `at_ms`; the phone stops asking."""
        order.state, order.code = state, code
        order.ended_ms = self._clock.wall_ms() if at_ms is None else at_ms
        self._customer.withdraw(order.app_trans_id)

    def _tapped(self, order: Order, *, confirmed: bool) -> None:
        if confirmed:
            self._charge(order, at_ms=self._clock.wall_ms())
        elif order.ticket is None:
            self.end(order, OrderState.FAILED, code=-329)
        self._customer.withdraw(order.app_trans_id)  # an order that is shown can be opened again

    def _let_due_happen(self, order: Order, now: int) -> None:
        scenario, end_ms = order.scenario, order.created_ms + order.life_ms
        due_ms = order.created_ms + (scenario.wait_ms if scenario.waits is Waits.TRUTH else 0)
        if scenario.truth is Truth.DONE and due_ms <= now and due_ms < end_ms:
            self._charge(order, at_ms=due_ms)
        elif scenario.truth is Truth.FAILED and due_ms <= now:
            self.end(order, OrderState.FAILED, code=scenario.code, at_ms=due_ms)
        elif end_ms <= now:
            self.end(order, OrderState.FAILED, code=-54, at_ms=end_ms)

    def _charge(self, order: Order, *, at_ms: int) -> None:
        """Take the money; a wallet that holds too little ends a QuickPay order, one that is shown stays payable."""
        if self._customer.pay(order.to_pay):
            order.paid = order.to_pay
            self.end(order, OrderState.PAID, code=SUCCESS, at_ms=at_ms)
        elif order.ticket is None:
            self.end(order, OrderState.FAILED, code=-63, at_ms=at_ms)

    def _number(self) -> int:
        number = new_number(self._random, now_ms=self._clock.wall_ms())
        return self._number() if str(number) in self._by_number else number
