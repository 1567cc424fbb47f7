"""What payments are looked for, and what is told of all that fit: plain values, which screens may hold."""

from dataclasses import dataclass
from typing import NamedTuple

from pos_app.payments.payment import State


@dataclass(frozen=True, slots=True)
class Wanted:
    """What payments are looked for; everything that is named must fit.

    Attributes:
        start_ms, end_ms: begun from here on, and before; None for any time.
        shift: begun in this shift.
        cashier: the person's name as slips have it; "" is one of those where nobody was noted.
        methods: (gateway, source) as the journal has them, one of them; () for any.
        states: one of them; () for any.
        refunded: something was given back.
        amount: dong.
        text: an amount, last digits of an id or a slip number (from three on), or a part of the note.
    """

    start_ms: int | None = None
    end_ms: int | None = None
    shift: int | None = None
    cashier: str | None = None
    methods: tuple[tuple[str, str], ...] = ()
    states: tuple[State, ...] = ()
    refunded: bool = False
    amount: int | None = None
    text: str = ""


class Sums(NamedTuple):
    """What all that fits comes to: payments, dong that a gateway confirmed, given back, decided by hand, open.

    And apart from all of it: how many cash sales, and their dong less what was given back.
    """

    payments: int
    paid: int
    refunded: int
    decided: int
    open: int
    cash_sales: int = 0
    cash: int = 0


class Choices(NamedTuple):
    """What can be chosen from: names of cashiers, (gateway, source) of methods, the newest shifts."""

    cashiers: tuple[str, ...]
    methods: tuple[tuple[str, str], ...]
    shifts: tuple[int, ...]
