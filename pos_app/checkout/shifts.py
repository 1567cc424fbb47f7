"""Opening a shift, looking at it (X), closing it (Z): what a screen or a command can ask for.

The figures are those of the moment the closing is stored: they are read and written in one transaction of the journal,
and a payment that is just being sent holds it up for that second.
"""

import asyncio
from collections.abc import Callable
from functools import partial

from pos_app.checkout.cash import CASH_IS_OFF
from pos_app.checkout.durable import when_stored
from pos_app.checkout.refused import RefusedError
from pos_app.journal import cash_rows, shift_facts, shift_rows
from pos_app.journal.entries import OpenAtClose, ShiftClosed, ShiftOpened
from pos_app.journal.errors import JournalError, LawlessEntryError
from pos_app.journal.shift_rows import RunningShift
from pos_app.journal.store import Journal
from pos_app.money import AMOUNT_MAX
from pos_app.shifts.cash import NO_CASH
from pos_app.shifts.shift import Shift, SignedOff, forbidden_to_close
from pos_app.shifts.spelling import spelled
from pos_app.words import Text

CANNOT = Text("Chưa chốt được ca", "The shift cannot be closed")
_IS_OPEN = (Text("Ca đã mở rồi", "The shift is open already"), Text("Không cần mở nữa.", "Nothing to do."))
NOT_OPEN = (Text("Chưa mở ca", "No shift is open"), Text("Bấm F6 để mở ca.", "Press F6 to open one."))
NONE_SUCH = (Text("Không có ca số đó", "No shift of that number"), Text("Xem lại số ca.", "Look at the number again."))
_FLOAT = (
    Text("Tiền đầu ca không hợp lệ", "The float is not valid"),
    Text("Nhập số đồng nguyên.", "Enter whole dong."),
)
_WRITTEN = Text("Đã ghi xong, nhưng chưa xem được số của ca", "It is done, but the shift's figures cannot be read")
_NOT_AGAIN = Text("ĐỪNG làm lại việc này. {advice}", "Do NOT do it again. {advice}")
NOBODY = SignedOff("", "", "", ())


class Shifts:
    """The shifts of one till.

    Args:
        journal: where everything is.
        now_ms: corrected wall clock.
        required: the shop wants a shift opened before the first payment.
        takes_cash: there is a cash drawer to be counted at each closing.
    """

    def __init__(
        self, journal: Journal, now_ms: Callable[[], int], *, required: bool = False, takes_cash: bool = False
    ) -> None:
        self._journal = journal
        self._now_ms = now_ms
        self.required = required
        self._takes_cash = takes_cash

    def keeps_cash(self, shift: Shift) -> bool:
        """Whether there is a drawer to be counted: where cash was switched off with some in it, too."""
        opened = self._takes_cash and shift.opened_at_ms is not None
        return opened or shift.totals.cash != NO_CASH

    async def running(self) -> RunningShift:
        """Which shift is running, without its figures.

        Raises:
            JournalError: it cannot be read.
        """
        return await asyncio.wrap_future(self._journal.read(shift_rows.running))

    async def look(self, number: int | None = None) -> Shift:
        """The running shift as it is now, or the report of a closed one.

        Raises:
            RefusedError: there is none of that number.
            JournalError: it cannot be read.
        """
        shift = await asyncio.wrap_future(self._journal.read(partial(shift_facts.seen, number=number)))
        if shift is None:
            raise RefusedError(*NONE_SUCH)
        return shift

    async def look_after(self, number: int | None = None) -> Shift:
        """The same, when something was just written: that stays so, whatever becomes of the look.

        Raises:
            RefusedError: it was written, and the shift cannot be read.
        """
        try:
            return await self.look(number)
        except JournalError as error:
            raise RefusedError(_WRITTEN, _NOT_AGAIN.fill(advice=error.advice)) from error

    async def printed(self, report: str, figures: str) -> int:
        """How often the report of that name came out with these figures."""
        read = partial(cash_rows.reports_printed, report=report, figures=figures)
        return await asyncio.wrap_future(self._journal.read(read))

    async def open(self, by: str, by_id: str = "", *, float_dong: int = 0) -> Shift:
        """Somebody opens the shift.

        Raises:
            RefusedError: it is open, or it cannot be stored.
        """
        now = await self.look()
        if now.opened_at_ms is not None:
            raise RefusedError(*_IS_OPEN)
        if float_dong and not self._takes_cash:
            raise RefusedError(*CASH_IS_OFF)
        if not 0 <= float_dong <= AMOUNT_MAX:
            raise RefusedError(*_FLOAT)
        try:
            opened = ShiftOpened(now.number, by, by_id, float_dong)
            await when_stored(self._journal.write(opened, at_ms=self._now_ms()))
        except LawlessEntryError as error:  # somebody was faster
            raise RefusedError(*_IS_OPEN) from error
        except JournalError as error:
            raise RefusedError(error.title, error.advice) from error
        return await self.look_after()

    async def close(
        self,
        number: int,
        by: str,
        by_id: str = "",
        *,
        signed_off: SignedOff = NOBODY,
        difference_reason: str = "",
    ) -> Shift:
        """Close the shift of that number for good; gives its Z.

        Args:
            number: the shift whose figures were looked at: of two who close it at once, one is refused.
            by: who closes it.
            by_id: the person's id.
            signed_off: the manager's word; `payments` are those the manager saw as open.
            difference_reason: why the cash that was counted is not what must be there.

        Raises:
            RefusedError: it is closed already, something is being sent, an open payment was not signed off, the
                drawer was not counted, nobody said why it differs, or it cannot be stored.
        """

        def make(now: Shift, sending: bool) -> ShiftClosed:  # noqa: FBT001 - as the journal calls it
            why = forbidden_to_close(
                now,
                number=number,
                sending=sending,
                reason=signed_off.reason,
                keeps_cash=self.keeps_cash(now),
                difference_reason=difference_reason,
            )
            seen = {one.number for one in signed_off.payments}
            if why is None and not {one.number for one in now.totals.open} <= seen:
                why = Text(
                    "Có khoản chưa rõ mà quản lý chưa ký. Xem lại danh sách.",
                    "A payment that is not known was not signed off. Look at the list again.",
                )
            if why is not None:
                raise RefusedError(CANNOT, why)
            open_now = tuple(OpenAtClose(one.number, one.amount) for one in now.totals.open)
            signs = signed_off if open_now else NOBODY
            return ShiftClosed(
                now.number,
                now.number,
                by,
                by_id,
                open_now,
                signs.by,
                signs.by_id,
                now.totals.cash.counted,
                signs.reason.strip(),
                spelled(now.totals),
                difference_reason.strip() if now.totals.cash.over else "",
            )

        try:
            await when_stored(self._journal.close_shift(make, at_ms=self._now_ms()))
        except JournalError as error:
            raise RefusedError(error.title, error.advice) from error
        return await self.look_after(number)
