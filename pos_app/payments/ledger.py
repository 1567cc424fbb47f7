"""The ledger: which account holds a payment's dong, as a function of what is true of it.

No posting is thought up. What a payment means for the accounts is one small table (`balance`), and a posting is the
difference between what it meant before and what it means now (`posting`). So each posting is even, what was pending
resolves exactly once, and the totals of the accounts are the same however the payment came to its state.

    SALES_DUE   what customers owe for their goods; falls when a payment is begun
    SUSPENSE    may have been taken, nobody knows yet
    WALLET      what ZaloPay has taken for us and owes us
    MANUAL      what a manager decided to be paid, not ZaloPay
    SURPLUS     money that came when the sale no longer waited for it: owed back until a manager says otherwise
    CASH        what is in the cash drawer beyond the float; CASH_MOVED what was put in or taken out without a sale.
                Both are posted by `payments.cash`, never for a payment.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from pos_app.payments.payment import LIVE, State


class Account(StrEnum):
    """Where dong stand. A positive balance is a debit, a negative one a credit."""

    SALES_DUE = "sales_due"
    SUSPENSE = "suspense"
    WALLET = "wallet"
    MANUAL = "manual"
    SURPLUS = "surplus"
    CASH = "cash"
    CASH_MOVED = "cash_moved"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ledger must know of a payment.

    Attributes:
        amount: dong.
        state: its state.
        late: it was paid after the sale had been let go on, or after a negative result.
        kept: a manager said that late money belongs to the sale: the goods were given on trust.
        refunded: dong whose refund is done.
    """

    amount: int
    state: State = State.PREPARED
    late: bool = False
    kept: bool = False
    refunded: int = 0


def balance(standing: Standing) -> dict[Account, int]:
    """The payment's share of each account, in dong; the shares add up to nothing."""
    amount, back = standing.amount, standing.refunded
    if standing.state is State.PREPARED:
        return {}
    if standing.state is State.PAID:
        owed_to = Account.SURPLUS if standing.late and not standing.kept else Account.SALES_DUE
        return {Account.WALLET: amount - back, owed_to: back - amount}
    if standing.state is State.MANUAL_PAID:
        return {Account.MANUAL: amount, Account.SALES_DUE: -amount}
    if standing.state in LIVE:
        return {Account.SUSPENSE: amount, Account.SALES_DUE: -amount}
    return {}


def posting(before: Standing, now: Standing) -> dict[Account, int]:
    """What moves between the accounts, in dong; empty when nothing does. Debits and credits are equal."""
    moved = Counter(balance(now))
    moved.subtract(balance(before))
    return {account: amount for account, amount in sorted(moved.items()) if amount}
