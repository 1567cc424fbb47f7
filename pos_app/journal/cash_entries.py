"""The facts of the cash drawer as the journal stores them; see `entries`, which has them among all others.

None of them belongs to a payment: no gateway has a part in it.
"""

from dataclasses import dataclass
from typing import ClassVar

from pos_app.payments.cash import CashKind


@dataclass(frozen=True, slots=True)
class CashTaken:
    """A sale was paid in cash. No gateway knows of it.

    Attributes:
        slip_number: from the same running number as those of payments.
        amount: dong of the sale.
        given: dong that the customer gave; the change is the difference.
        note: what the cashier typed.
        intent: one for each press of the button: it is taken once.
        cashier, cashier_id: who stood at the till.
    """

    kind: ClassVar[str] = "cash_taken"
    slip_number: str
    amount: int
    given: int
    note: str
    intent: str
    cashier: str
    cashier_id: str


@dataclass(frozen=True, slots=True)
class CashGivenBack:
    """Cash of a cash sale went back to the customer.

    Attributes:
        slip_number: its own.
        of_slip: the sale's.
        amount: dong.
        reason: a word of the list of reasons.
        note: in the manager's own words.
        by, by_id: the manager who allowed it.
        intent: one for each press of the button.
        cashier, cashier_id: who stood at the till.
    """

    kind: ClassVar[str] = "cash_given_back"
    slip_number: str
    of_slip: str
    amount: int
    reason: str
    note: str
    by: str
    by_id: str
    intent: str
    cashier: str
    cashier_id: str


@dataclass(frozen=True, slots=True)
class CashMoved:
    """Money was put into the drawer or taken out of it, or it was only opened: without a sale.

    Attributes:
        what: PAY_IN, PAY_OUT or OPENED.
        amount: dong; 0 where it was only opened.
        reason: in the manager's own words.
        by, by_id: the manager who allowed it.
        cashier, cashier_id: who stood at the till.
        intent: one for each press of the button; "" where it is never asked for twice, or was not kept yet.
    """

    kind: ClassVar[str] = "cash_moved"
    what: CashKind
    amount: int
    reason: str
    by: str
    by_id: str
    cashier: str
    cashier_id: str
    intent: str = ""


@dataclass(frozen=True, slots=True)
class CashCounted:
    """The drawer was counted, before anybody was told what must be in it. A second count leaves the first one there.

    Attributes:
        counted: dong.
        cashier, cashier_id: who counted.
    """

    kind: ClassVar[str] = "cash_counted"
    counted: int
    cashier: str
    cashier_id: str


@dataclass(frozen=True, slots=True)
class CashSlipPrinted:
    """The slip of a cash sale, or of a refund of one, was printed or saved; see `SlipPrinted`."""

    kind: ClassVar[str] = "cash_slip_printed"
    slip_number: str
    copy: int
    where: str


CashEntry = CashTaken | CashGivenBack | CashMoved | CashCounted
"""What happened at the drawer: each has one row in the table of cash, and opens the shift where nothing did."""
