"""The cash drawer in a report: what each person moved in each shift, each move by itself, and what was over or short.

Cash is no gateway's money and in no sum of payments. Nothing tells what must be in a drawer that is not counted yet.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pos_app.payments.cash import CashKind
from pos_app.reports.facts import CashCell, DrawerClosed, DrawerMoved


@dataclass(frozen=True, slots=True)
class DrawerSums:
    """What went through a drawer; dong.

    Attributes:
        sales, sold: sales in cash.
        refunds, refunded: of such.
        paid_in, paid_out: moved without a sale.
        openings: how often it was opened and nothing moved.
        over: too many when it was counted at the closing, below nothing too few; None where no shift was closed.
    """

    sales: int = 0
    sold: int = 0
    refunds: int = 0
    refunded: int = 0
    paid_in: int = 0
    paid_out: int = 0
    openings: int = 0
    over: int | None = None

    def __add__(self, other: "DrawerSums") -> "DrawerSums":
        counted = [one for one in (self.over, other.over) if one is not None]
        return DrawerSums(
            self.sales + other.sales,
            self.sold + other.sold,
            self.refunds + other.refunds,
            self.refunded + other.refunded,
            self.paid_in + other.paid_in,
            self.paid_out + other.paid_out,
            self.openings + other.openings,
            sum(counted) if counted else None,
        )


@dataclass(frozen=True, slots=True)
class DrawerLine:
    """What one person did at the drawer of a till in one of its shifts; over and short are theirs who closed it."""

    till: str
    shift: int
    cashier: str
    sums: DrawerSums


@dataclass(frozen=True, slots=True)
class Drawer:
    """All of it.

    Attributes:
        lines: by till, shift and person.
        log: each move without a sale and each counted closing, in order of time.
        total: of all lines.
    """

    lines: tuple[DrawerLine, ...] = ()
    log: tuple[DrawerMoved | DrawerClosed, ...] = ()
    total: DrawerSums = DrawerSums()


NO_DRAWER = Drawer()
"""No cash at all."""


def drawer_of(sold: Iterable[CashCell], log: Iterable[DrawerMoved | DrawerClosed]) -> Drawer:
    """Fold what happened, in any order of it."""
    log = tuple(sorted(log, key=lambda one: (one.at_ms, one.till, one.shift, repr(one))))
    lines: dict[tuple[str, int, str], DrawerSums] = defaultdict(DrawerSums)
    for cell in sold:
        lines[cell.till, cell.shift, cell.cashier] += _of_sales(cell)
    for one in log:
        lines[one.till, one.shift, one.cashier] += _of_closing(one) if isinstance(one, DrawerClosed) else _of_move(one)
    told = tuple(DrawerLine(*whose, sums) for whose, sums in sorted(lines.items(), key=lambda item: item[0]))
    return Drawer(told, log, sum(lines.values(), DrawerSums()))


def _of_sales(one: CashCell) -> DrawerSums:
    if one.is_refund:
        return DrawerSums(refunds=one.count, refunded=one.amount)
    return DrawerSums(sales=one.count, sold=one.amount)


def _of_move(one: DrawerMoved) -> DrawerSums:
    match one.kind:
        case CashKind.PAY_IN:
            return DrawerSums(paid_in=one.amount)
        case CashKind.PAY_OUT:
            return DrawerSums(paid_out=one.amount)
        case _:
            return DrawerSums(openings=1)


def _of_closing(one: DrawerClosed) -> DrawerSums:
    return DrawerSums(over=one.over)
