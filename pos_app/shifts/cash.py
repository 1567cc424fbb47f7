"""The cash of a shift: what came in and went out, what must be in the drawer, and what was counted.

A count is blind: it is a fact before anybody is told what must be there. Whatever moves after it makes it stale.
"""

from dataclasses import dataclass

from pos_app.payments.cash import CashFact, CashKind, moved


@dataclass(frozen=True, slots=True)
class CashBack:
    """One refund in cash: its slip, the sale's, dong, and who allowed it."""

    slip_number: str
    of_slip: str
    amount: int
    by: str


@dataclass(frozen=True, slots=True)
class CashMove:
    """Dong put in (above nothing) or taken out (below) without a sale; 0 for a drawer that was only opened."""

    amount: int
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cash:
    """What a shift comes to in cash.

    Attributes:
        float_dong: in the drawer at the beginning.
        sales, sold: sales in cash, and their dong.
        refunds: each one.
        moves: each time money went in or out without a sale.
        openings: each time it was opened and nothing moved.
        counts: what was counted, each time.
        stale: something moved since the last count.
    """

    float_dong: int = 0
    sales: int = 0
    sold: int = 0
    refunds: tuple[CashBack, ...] = ()
    moves: tuple[CashMove, ...] = ()
    openings: tuple[CashMove, ...] = ()
    counts: tuple[int, ...] = ()
    stale: bool = False

    @property
    def refunded(self) -> int:
        """Dong that were given back."""
        return sum(one.amount for one in self.refunds)

    @property
    def net(self) -> int:
        """Sales less refunds."""
        return self.sold - self.refunded

    @property
    def paid_in(self) -> int:
        """Dong put in without a sale."""
        return sum(one.amount for one in self.moves if one.amount > 0)

    @property
    def paid_out(self) -> int:
        """Dong taken out without a sale."""
        return -sum(one.amount for one in self.moves if one.amount < 0)

    @property
    def moved(self) -> int:
        """By how many dong the drawer must hold more than at the beginning: what the ledger must say."""
        return self.sold - self.refunded + self.paid_in - self.paid_out

    @property
    def expected(self) -> int:
        """Dong that must be in the drawer."""
        return self.float_dong + self.moved

    @property
    def counted(self) -> int | None:
        """The last count, None where there is none that still holds."""
        return self.counts[-1] if self.counts and not self.stale else None

    @property
    def over(self) -> int:
        """Dong too many in the drawer, or below nothing too few; 0 before it was counted."""
        return 0 if self.counted is None else self.counted - self.expected


NO_CASH = Cash()


class CashTally:
    """Takes in what happened at the drawer, in the order in which it did."""

    def __init__(self) -> None:
        self._sales = self._sold = 0
        self._refunds: list[CashBack] = []
        self._moves: list[CashMove] = []
        self._openings: list[CashMove] = []
        self._counts: list[int] = []
        self._stale = False

    def add(self, one: CashFact) -> None:
        """Take in what happened next."""
        dong = moved(one.kind, one.amount)
        match one.kind:
            case CashKind.SALE:
                self._sales, self._sold = self._sales + 1, self._sold + one.amount
            case CashKind.REFUND:
                self._refunds.append(CashBack(one.slip_number, one.of_slip, one.amount, one.by))
            case CashKind.PAY_IN | CashKind.PAY_OUT:
                self._moves.append(CashMove(dong, one.by, one.reason))
            case CashKind.OPENED:
                self._openings.append(CashMove(0, one.by, one.reason))
            case CashKind.COUNTED:
                self._counts.append(one.amount)
                self._stale = False
        if dong and self._counts:
            self._stale = True

    def cash(self, float_dong: int = 0) -> Cash:
        """What it comes to so far, with what was there at the beginning."""
        return Cash(
            float_dong,
            self._sales,
            self._sold,
            tuple(self._refunds),
            tuple(self._moves),
            tuple(self._openings),
            tuple(self._counts),
            self._stale,
        )
