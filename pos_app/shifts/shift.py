"""One shift: who opened and closed it and when, what forbids closing it, and whether its figures agree.

A shift is everything the journal stored after the last closing, up to its own. X looks at the running one and changes
nothing; Z closes it under a number without gaps, and never changes afterwards.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from pos_app.payments.ledger import Account
from pos_app.payments.reason import REASON_LENGTH_MAX, is_too_long, is_too_short
from pos_app.shifts.totals import Open, Totals
from pos_app.words import Text


@dataclass(frozen=True, slots=True)
class SignedOff:
    """The manager who answers for what was open when the shift was closed.

    Attributes:
        by, by_id: who.
        reason: in the manager's own words; "" where nothing was open.
        payments: those that were open.
    """

    by: str
    by_id: str
    reason: str
    payments: tuple[Open, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift as its report tells it.

    Attributes:
        number: which one of this till.
        z_number: of its report; None while it runs.
        opened_at_ms: wall clock, None while nothing opened it.
        opened_by: who, "" for the first payment.
        closed_at_ms: wall clock, None while it runs.
        closed_by: who.
        totals: its figures.
        ledger: by how many dong each account moved in it, as the ledger has it.
        signed_off: None while it runs.
        difference_reason: why the cash that was counted is not what must be there, "" where it is.
    """

    number: int
    z_number: int | None
    opened_at_ms: int | None
    opened_by: str
    closed_at_ms: int | None
    closed_by: str
    totals: Totals
    ledger: Mapping[str, int]
    signed_off: SignedOff | None = None
    difference_reason: str = ""

    @property
    def disagreements(self) -> dict[Account, tuple[int, int]]:
        """Accounts of which the figures and the ledger tell different dong: the figures' first. There must be none."""
        told = asdict(self.totals.moves) | {Account.CASH.value: self.totals.cash.moved}
        pairs = {Account(name): (dong, self.ledger.get(name, 0)) for name, dong in told.items()}
        return {account: pair for account, pair in pairs.items() if pair[0] != pair[1]}


def forbidden_to_close(
    shift: Shift, *, number: int, sending: bool, reason: str, keeps_cash: bool = False, difference_reason: str = ""
) -> Text | None:
    """Why this shift is not to be closed now, in plain words; None when it is.

    Args:
        shift: the running one.
        number: the one whose figures were looked at.
        sending: a payment or refund is on its way this very moment.
        reason: why what is open is left open.
        keeps_cash: there is a cash drawer to be counted.
        difference_reason: why what was counted is not what must be there.
    """
    cash = shift.totals.cash
    rows = (
        (shift.number != number, Text("Ca này đã chốt rồi. Mở lại màn hình ca.", "This shift was closed meanwhile.")),
        (
            sending,
            Text(
                "Đang gửi một khoản thu. Đợi vài giây rồi chốt lại.",
                "A payment is being sent. Wait a few seconds, then close again.",
            ),
        ),
        (
            bool(shift.totals.open) and is_too_short(reason),
            Text(
                "Còn khoản chưa rõ: ghi lý do để chuyển sang ca sau.",
                "Some payments are not known yet: say why they go over to the next shift.",
            ),
        ),
        (
            keeps_cash and cash.counted is None,
            Text(
                "Đếm tiền trong ngăn kéo trước khi chốt.",
                "Count the cash drawer before closing.",
            ),
        ),
        (
            cash.over != 0 and is_too_short(difference_reason),
            Text(
                "Tiền mặt thừa hoặc thiếu: ghi lý do.",
                "The cash is over or short: say why.",
            ),
        ),
        (
            (bool(shift.totals.open) and is_too_long(reason)) or (cash.over != 0 and is_too_long(difference_reason)),
            Text("Lý do quá dài: nhiều nhất {n} ký tự.", "The reason is too long: {n} characters at most.").fill(
                n=REASON_LENGTH_MAX
            ),
        ),
    )
    return next((why for forbids, why in rows if forbids), None)
