"""The counted facts that a report is made of.

A cell stands for any number of payments that agree in everything a report tells apart: the journal counts them where
they are stored. One payment alone is a cell too, and the report of both is the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pos_app.payments.acts import Act
from pos_app.payments.cash import CashKind
from pos_app.payments.payment import State

HOUR_MS = 3_600_000
_VIETNAM_MS = 7 * HOUR_MS
_FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Method:
    """How a payment was to be paid: by which gateway (`payments.gateway_names`), and how its code was read."""

    gateway: str
    source: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Some payments alike.

    Attributes:
        hour: in which hour they got their result, see `hour_of`; for open ones, in which they were begun.
        till: the till's id.
        cashier: who stood there; "" where it was not noted.
        method: how they were to be paid.
        state: what is true of them.
        cause: why they were declined, as the journal notes it; "" for the others.
        count: how many.
        amount: dong, of all of them.
    """

    hour: int
    till: str
    cashier: str
    method: Method
    state: State
    cause: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Paid payments whose code was scanned, alike in the whole seconds from the scan until it was known."""

    seconds: int
    till: str
    cashier: str
    method: Method
    count: int


class Part(StrEnum):
    """A part of a gesture: what the till, the gateway and the screen took."""

    SENT = "sent"
    """From the scan until the request left."""
    ANSWERED = "answered"
    """From then until the gateway's first answer."""
    SHOWN = "shown"
    """From the answer that proved the result until it was on screen."""


@dataclass(frozen=True, slots=True)
class Timed:
    """How long one part of the gesture took, of scanned payments whose result was shown on one day.

    Attributes:
        day: Vietnam's, counted from 1970.
        span: which part.
        till, cashier, method: of the payments.
        took: whole ms, of each payment that came to that part, in no order.
    """

    day: int
    span: Part
    till: str
    cashier: str
    method: Method
    took: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RefundFact:
    """One refund that is done.

    Attributes:
        at_ms: when it was known to be done.
        slip_number: its own.
        payment_slip, payment_id: of the payment that was given back.
        m_refund_id: its id.
        amount: dong.
        by: the manager who allowed it.
        reason: a word of `payments.acts.Reason`.
        till, cashier, method: of the payment.
    """

    at_ms: int
    slip_number: str
    payment_slip: str
    payment_id: str
    m_refund_id: str
    amount: int
    by: str
    reason: str
    till: str
    cashier: str
    method: Method


@dataclass(frozen=True, slots=True)
class ActFact:
    """Something that a manager allowed, refunds left out.

    Attributes:
        at_ms: when.
        act: what.
        by: who.
        reason: a word of `payments.acts.Reason`.
        note: in the manager's own words.
        payment_id, payment_slip, amount, till, cashier, method: of the payment.
    """

    at_ms: int
    act: Act
    by: str
    reason: str
    note: str
    payment_id: str
    payment_slip: str
    amount: int
    till: str
    cashier: str
    method: Method


@dataclass(frozen=True, slots=True)
class CashCell:
    """Some sales in cash alike, or refunds of such: no payments, and in no sum of theirs."""

    hour: int
    till: str
    shift: int
    cashier: str
    is_refund: bool
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class DrawerMoved:
    """Money put into the drawer or taken out without a sale, or the drawer only opened (0 dong)."""

    at_ms: int
    till: str
    shift: int
    cashier: str
    kind: CashKind
    amount: int
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class DrawerClosed:
    """A shift that was closed with a counted drawer, as its Z has it; dong.

    Attributes:
        at_ms: when. till, shift: which.
        cashier: who closed it.
        expected, counted: what must have been there, and what was.
        reason: why it was not the same, "" where it was.
    """

    at_ms: int
    till: str
    shift: int
    cashier: str
    expected: int
    counted: int
    reason: str

    @property
    def over(self) -> int:
        """Too many, or below nothing too few."""
        return self.counted - self.expected


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a range of days comes to."""

    cells: tuple[Cell, ...] = ()
    waits: tuple[Wait, ...] = ()
    refunds: tuple[RefundFact, ...] = ()
    acts: tuple[ActFact, ...] = ()
    timed: tuple[Timed, ...] = ()
    cash: tuple[CashCell, ...] = ()
    drawer: tuple[DrawerMoved | DrawerClosed, ...] = ()

    @property
    def of_cash(self) -> tuple[CashCell | DrawerMoved | DrawerClosed, ...]:
        """All that is of cash."""
        return (*self.cash, *self.drawer)


def hour_of(at_ms: int) -> int:
    """The Vietnamese clock hour of an instant, counted through from 1970."""
    return (at_ms + _VIETNAM_MS) // HOUR_MS


def day_of_hour(hour: int) -> date:
    """The Vietnamese day of such an hour."""
    return day_counted(hour // 24)


def day_counted(days: int) -> date:
    """So many days after the first of 1970."""
    return _FIRST_DAY + timedelta(days=days)


def together(parts: Iterable[Facts]) -> Facts:
    """The facts of several journals, or of several ranges, as one."""
    parts = tuple(parts)
    return Facts(
        tuple(one for part in parts for one in part.cells),
        tuple(one for part in parts for one in part.waits),
        tuple(one for part in parts for one in part.refunds),
        tuple(one for part in parts for one in part.acts),
        tuple(one for part in parts for one in part.timed),
        tuple(one for part in parts for one in part.cash),
        tuple(one for part in parts for one in part.drawer),
    )
