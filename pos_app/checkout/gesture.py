"""The one-gesture payment: when an amount and a code become a charge. Pure: times come in as arguments.

The rules: an amount *stands* by Enter or by a quick amount. A hand-held scanner takes the amount as it is shown,
unless a digit was typed less than half a second before. A camera sees by chance and submits only an amount that
stands. A code without a standing amount is kept in memory for no longer than it lives. No timer ever turns typing
into charging: time can only forget a code.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pos_app.checkout.standing import ScanSource
from pos_app.money import AMOUNT_MAX

if TYPE_CHECKING:
    from pos_app.payments.payment_code import PaymentCode

CODE_LIFE_MS = 60_000
"""The longest a scanned code is kept: a payment code changes every minute on the phone."""
TYPING_MS = 500
"""A scan this soon after a digit waits for Enter: the digit may not have been the last."""


class Charge(NamedTuple):
    """Amount and code have met: to be submitted at once.

    `decoded_at_ns` is when the code was read; 0 where it had to wait for its amount: the time since is not ours.
    """

    amount: int
    code: "PaymentCode"
    source: ScanSource
    scanned_at_ns: int
    decoded_at_ns: int = 0


class Waits(StrEnum):
    """What a gesture is still waiting for."""

    AMOUNT = "amount"
    ENTER = "enter"
    CODE = "code"


Outcome = Charge | Waits


class _Kept(NamedTuple):
    code: "PaymentCode"
    source: ScanSource
    scanned_at_ns: int
    until_ms: int


class SaleGesture:
    """The amount being entered and the code that may already be there, until they make a `Charge`.

    All `now_ms` are one monotonic clock, in milliseconds.
    """

    def __init__(self) -> None:
        self._amount = 0
        self._stands = False
        self._typed_at_ms: int | None = None
        self._kept: _Kept | None = None

    @property
    def amount(self) -> int:
        """The amount as shown, in dong; 0 when none was entered."""
        return self._amount

    @property
    def stands(self) -> bool:
        """Whether the amount was confirmed and not changed since."""
        return self._stands

    def waits(self, *, now_ms: int) -> Waits:
        """What is missing for a charge. With Waits.ENTER and `has_code`, Enter charges."""
        if self._amount == 0:
            return Waits.AMOUNT
        return Waits.CODE if self._stands or not self.has_code(now_ms=now_ms) else Waits.ENTER

    def has_code(self, *, now_ms: int) -> bool:
        """Whether a code that still lives is kept; forgets one that does not."""
        if self._kept is not None and now_ms >= self._kept.until_ms:
            self.forget_code()
        return self._kept is not None

    def type_digits(self, digits: str, *, now_ms: int) -> bool:
        """Type `7` or `000`. False, and nothing changes, where the amount would be too large to be meant."""
        amount = int(f"{self._amount}{digits}")
        if amount > AMOUNT_MAX:
            return False
        self._change(amount, now_ms)
        return True

    def delete(self, *, now_ms: int) -> None:
        """Take the last digit away."""
        self._change(self._amount // 10, now_ms)

    def clear(self) -> None:
        """Take the amount away; a kept code stays for its life."""
        self._amount, self._stands, self._typed_at_ms = 0, False, None

    def tap_amount(self, amount: int, *, now_ms: int) -> Outcome:
        """A quick amount: it stands at once."""
        self._amount = amount
        return self.enter(now_ms=now_ms)

    def enter(self, *, now_ms: int) -> Outcome:
        """Enter: the amount stands; with a living code it is a charge."""
        if self._amount == 0:
            return Waits.AMOUNT
        self._stands = True
        if not self.has_code(now_ms=now_ms):
            return Waits.CODE
        kept, self._kept = self._kept, None
        assert kept is not None  # noqa: S101 - has_code said so
        return Charge(self._amount, kept.code, kept.source, kept.scanned_at_ns)

    def scan(
        self, code: "PaymentCode", source: ScanSource, *, scanned_at_ns: int, now_ms: int, decoded_at_ns: int = 0
    ) -> Outcome:
        """A payment code was read. It replaces one that was kept."""
        self.forget_code()
        if self._may_submit(source, now_ms):
            self._stands = True
            return Charge(self._amount, code, source, scanned_at_ns, decoded_at_ns)
        self._kept = _Kept(code, source, scanned_at_ns, now_ms + CODE_LIFE_MS)
        return Waits.AMOUNT if self._amount == 0 else Waits.ENTER

    def forget_code(self) -> None:
        """Overwrite a kept code."""
        if self._kept is not None:
            self._kept.code.forget()
            self._kept = None

    def _may_submit(self, source: ScanSource, now_ms: int) -> bool:
        if self._amount == 0 or self._stands:
            return self._stands
        if source is ScanSource.CAMERA:
            return False
        return self._typed_at_ms is None or now_ms - self._typed_at_ms >= TYPING_MS

    def _change(self, amount: int, now_ms: int) -> None:
        self._amount, self._stands, self._typed_at_ms = amount, False, now_ms
