"""Cash: change, counting notes, and what must be in the drawer. Exact dong, no gateway, nothing that anybody waits for.

A cash sale is a fact of its own and never a payment: no gateway confirms it, and it stands in no gateway's total.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pos_app.money import AMOUNT_MAX, with_sign
from pos_app.payments.ledger import Account
from pos_app.payments.reason import NO_REASON, is_too_short
from pos_app.words import Text

NOTES = (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000)
"""The notes that a drawer is counted by, in dong, the largest first."""
QUICK_NOTES = (50_000, 100_000, 200_000, 500_000)
"""What customers hold out most."""


class CashError(ValueError):
    """This cannot be done with cash; in words for the cashier."""

    def __init__(self, title: Text, advice: Text) -> None:
        super().__init__(title.en)
        self.title, self.advice = title, advice


class CashKind(StrEnum):
    """What happened at the drawer."""

    SALE = "sale"
    REFUND = "refund"
    PAY_IN = "pay_in"
    PAY_OUT = "pay_out"
    OPENED = "opened"
    """It was opened, and no money was to move."""
    COUNTED = "counted"


MOVE_WORDS = {
    CashKind.PAY_IN: Text("Nộp tiền vào", "Pay in"),
    CashKind.PAY_OUT: Text("Rút tiền ra", "Pay out"),
    CashKind.OPENED: Text("Chỉ mở ngăn kéo", "Only open the drawer"),
}
"""What can be done at the drawer without a sale."""


@dataclass(frozen=True, slots=True)
class CashFact:
    """One thing that happened at the drawer.

    Attributes:
        kind: what.
        amount: dong, above nothing; of a count what was counted, of an opening 0.
        slip_number: of a sale or a refund, else "".
        of_slip: of a refund, the sale's.
        by: who allowed it, "" for whoever stood there.
        reason: in that person's words.
    """

    kind: CashKind
    amount: int
    slip_number: str = ""
    of_slip: str = ""
    by: str = ""
    reason: str = ""


def change(amount: int, given: int) -> int:
    """The dong that go back to a customer who gives `given` for `amount`.

    Raises:
        CashError: nothing is to be paid, it is not enough, or more than anybody gives.
    """
    if amount <= 0:
        raise CashError(*_NO_AMOUNT)
    if given > AMOUNT_MAX:
        raise CashError(*_TOO_MUCH)
    if given < amount:
        title = Text("Khách đưa chưa đủ", "Not enough was given")
        raise CashError(title, Text("Còn thiếu {n}.", "{n} is missing.").fill(n=with_sign(amount - given)))
    return given - amount


def counted(notes: Mapping[int, int]) -> int:
    """The dong of so many notes of each kind.

    Raises:
        CashError: there is no such note, fewer than none, or more than any drawer holds.
    """
    if any(note not in NOTES or count < 0 for note, count in notes.items()):
        raise CashError(*_NO_SUCH_NOTE)
    total = sum(note * count for note, count in notes.items())
    if total > AMOUNT_MAX:
        raise CashError(*_TOO_MUCH)
    return total


def checked_amount(amount: int) -> int:
    """Dong that move between the drawer and somebody.

    Raises:
        CashError: nothing, or more than any drawer holds.
    """
    if amount <= 0:
        raise CashError(*_NO_AMOUNT)
    if amount > AMOUNT_MAX:
        raise CashError(*_TOO_MUCH)
    return amount


def checked_refund(amount: int, left: int) -> int:
    """Dong that go back to the customer of a cash sale, of which `left` were not given back yet.

    Raises:
        CashError: nothing, or more than is left.
    """
    if checked_amount(amount) > left:
        title = Text("Không hoàn quá số còn lại", "Not more than is left can be given back")
        raise CashError(title, Text("Chỉ còn hoàn được {n}.", "Only {n} can be refunded.").fill(n=with_sign(left)))
    return amount


def checked_reason(reason: str) -> str:
    """Why money moved without a sale.

    Raises:
        CashError: too few words for anybody to understand later.
    """
    if is_too_short(reason):
        raise CashError(*NO_REASON)
    return reason.strip()


def left_to_give_back(amount: int, refunds: Iterable[int]) -> int:
    """Dong of a cash sale that were not given back yet."""
    return amount - sum(refunds)


_IN_DRAWER = {CashKind.SALE: 1, CashKind.REFUND: -1, CashKind.PAY_IN: 1, CashKind.PAY_OUT: -1}
_AGAINST = {CashKind.SALE: Account.SALES_DUE, CashKind.REFUND: Account.SALES_DUE,
            CashKind.PAY_IN: Account.CASH_MOVED, CashKind.PAY_OUT: Account.CASH_MOVED}  # fmt: skip


def moved(kind: CashKind, amount: int) -> int:
    """By how many dong the drawer holds more, or less."""
    return _IN_DRAWER.get(kind, 0) * amount


def posting(kind: CashKind, amount: int) -> dict[Account, int]:
    """What moves between the accounts, in dong; empty when nothing does. Debits and credits are equal."""
    dong = moved(kind, amount)
    return {Account.CASH: dong, _AGAINST[kind]: -dong} if dong else {}


_NO_AMOUNT = (Text("Chưa có số tiền", "No amount yet"), Text("Nhập số đồng nguyên.", "Enter whole dong."))
_TOO_MUCH = (
    Text("Số tiền quá lớn", "The amount is too large"),
    Text("Nhiều nhất {n}. Xem lại số vừa nhập.", "{n} at most. Look at the figures again.").fill(
        n=with_sign(AMOUNT_MAX)
    ),
)
_NO_SUCH_NOTE = (Text("Không có tờ này", "There is no such note"), Text("Đếm lại.", "Count again."))
