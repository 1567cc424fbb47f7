"""The cash desk: sales, refunds and moves of cash, and the count of the drawer. First the journal, then the drawer.

    the entry is durable        from here on it is taken, whatever becomes of the program
    the drawer opens            and where it does not, that is said; the money is taken all the same
    the slip is printed         from what was written, where the journal cannot be read again

Nothing here is ever sent to a gateway or asked of one.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from pos_app.checkout.cash_views import cash_view
from pos_app.checkout.durable import when_stored
from pos_app.checkout.events import DrawerMoved
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.shop import Approval
from pos_app.checkout.views import Health, HealthView, Light, PaymentView, RefundView
from pos_app.journal import cash_rows, shift_facts
from pos_app.journal.cash_entries import CashCounted, CashEntry, CashGivenBack, CashMoved, CashTaken
from pos_app.journal.cash_rows import CashRecord, CashRefundRecord, Done
from pos_app.journal.errors import IntentTakenError, JournalError
from pos_app.journal.store import Journal
from pos_app.money import with_sign
from pos_app.payments.cash import (
    CashError,
    CashKind,
    change,
    checked_amount,
    checked_reason,
    checked_refund,
)
from pos_app.payments.order_number import running_of, slip_number
from pos_app.payments.reason import TOO_LONG, is_too_long
from pos_app.receipts.printers.printer import PrinterError
from pos_app.shifts.cash import NO_CASH
from pos_app.shifts.shift import Shift
from pos_app.words import Text

log = logging.getLogger(__name__)

CASH_IS_OFF = (
    Text("Quầy này không thu tiền mặt", "This till takes no cash"),
    Text("Bật [cash] enabled = true trong settings.toml.", "Set [cash] enabled = true in settings.toml."),
)
_NONE_SUCH = (Text("Không thấy khoản tiền mặt này", "No such cash sale"), Text("Xem lại số phiếu.", "Look again."))
_DONE_BEFORE = {
    CashKind.SALE: Text("Đã thu {n}, phiếu {slip}.", "{n} was taken, slip {slip}."),
    CashKind.REFUND: Text("Đã hoàn {n}, phiếu {slip}.", "{n} was given back, slip {slip}."),
    CashKind.PAY_IN: Text("Đã nộp vào {n}: {why}.", "{n} was paid in: {why}."),
    CashKind.PAY_OUT: Text("Đã rút ra {n}: {why}.", "{n} was paid out: {why}."),
    CashKind.OPENED: Text("Đã mở ngăn kéo: {why}.", "The drawer was opened: {why}."),
}
_CLOSING = (Text("Máy đang đóng", "The till is closing"), Text("Mở lại máy.", "Start it again."))
_STOP_SECONDS = 3
_T = TypeVar("_T")


class CashDesk:
    """Takes cash for one till. Lives on the desk's loop.

    Args:
        journal: where everything is written first.
        now_ms: corrected wall clock.
        enabled: the shop takes cash here.
        amount_max: largest single sale, in dong.
        demo: no real money moves.
        may_start: raises `RefusedError` when nothing may be taken.
        cashier: name and id of whoever does it.
        tell: gets the picture of each sale that changed, and each `DrawerMoved`.
        open_drawer: opens the drawer; None where none hangs on the printer.
        prints: prints the slip of a sale, or of the refund of that number.
    """

    def __init__(  # noqa: PLR0913 - the composition root names each part once
        self,
        journal: Journal,
        *,
        now_ms: Callable[[], int],
        enabled: bool,
        amount_max: int,
        demo: bool,
        may_start: Callable[[], None],
        cashier: Callable[[], tuple[str, str]],
        tell: Callable[[object], None],
        open_drawer: Callable[[], Awaitable[Any]] | None,
        prints: Callable[[PaymentView, RefundView | None], Awaitable[Any]],
    ) -> None:
        self._journal, self._now_ms, self.enabled = journal, now_ms, enabled
        self._amount_max, self._demo, self._may_start = amount_max, demo, may_start
        self._cashier, self._tell = cashier, tell
        self._open_drawer, self._prints = open_drawer, prints
        self._after: set[asyncio.Task[Any]] = set()
        self._one_at_a_time = asyncio.Lock()
        self._stopping = False

    # --- what is done ----------------------------------------------------------------------------------------------

    async def take(self, amount: int, given: int, note: str, intent: str) -> PaymentView:
        """Take a sale in cash. The same `intent` again is the same sale.

        Raises:
            RefusedError: it must not be, or cannot be stored, or the intent is another act's: then nothing was taken.
        """
        async with self._one_at_a_time:
            done = await self._done_before(intent, kind=CashKind.SALE, amount=amount, given=given)
            if done is not None:
                return await self.view(done.slip_number)
            self._refuse_sale(amount, given)
            sale = CashTaken(self._next_slip(), amount, given, note, intent, *self._cashier())
            opening = await self._store_and_open(sale)
            view = await self._read_back(_as_written(sale, self._now_ms()))
            self._hand_over(view, None, opening)
            return view

    def _refuse_sale(self, amount: int, given: int) -> None:
        self._refuse_when_off()
        self._may_start()
        _lawful(lambda: change(amount, given))
        if amount > self._amount_max:
            most = Text("Nhiều nhất {n} một lần.", "{n} at most for one sale.").fill(n=with_sign(self._amount_max))
            raise RefusedError(Text("Số tiền quá lớn", "The amount is too large"), most)

    async def give_back(self, of_slip: str, amount: int, intent: str, approval: Approval) -> PaymentView:
        """Give cash of a sale back, as a manager allowed it. The same `intent` again is the same refund.

        Raises:
            RefusedError: more than is left, or it cannot be stored, or the intent is another act's: then nothing was
                given back.
        """
        async with self._one_at_a_time:
            record = await self._found(of_slip)
            sale = cash_view(record, demo=self._demo)
            if await self._done_before(intent, kind=CashKind.REFUND, amount=amount, of_slip=of_slip):
                return sale
            _lawful(lambda: checked_refund(amount, sale.refundable))
            word = (approval.reason, approval.note, approval.by, approval.by_id)
            back = CashGivenBack(self._next_slip(), of_slip, amount, *word, intent, *self._cashier())
            opening = await self._store_and_open(back)
            view = await self._read_back(_with_refund(record, back, self._now_ms()))
            self._hand_over(view, view.refunds[-1], opening)
            return view

    async def move(self, what: CashKind, amount: int, reason: str, intent: str, by: str, by_id: str) -> None:
        """Put money in, take it out, or only open the drawer. The same `intent` again is the same move.

        Raises:
            RefusedError: something is missing, or it cannot be stored, or the intent is another act's: then the drawer
                stays closed.
        """
        self.check_move(what, amount, reason)
        dong, why = 0 if what is CashKind.OPENED else amount, reason.strip()
        async with self._one_at_a_time:
            done = await self._booked(intent)
            if done is None:
                opening = await self._store_and_open(CashMoved(what, dong, why, by, by_id, *self._cashier(), intent))
                _ = self._spawn(self._say_when_stuck(opening))
        self._tell(DrawerMoved(intent))
        _refuse_another(done, kind=what, amount=dong, reason=why)

    async def opened_elsewhere(self, by: str, by_id: str) -> None:
        """Another program is about to open the drawer: written down first, where there is cash in it."""
        if self.enabled:
            await self._store(CashMoved(CashKind.OPENED, 0, "pos-app printer drawer", by, by_id, *self._cashier()))

    def check_move(self, what: CashKind, amount: int, reason: str) -> None:
        """Whether all is there, before anybody's PIN is looked at.

        Raises:
            RefusedError: something is missing, or this till takes no cash.
        """
        self._refuse_when_off()
        if what is not CashKind.OPENED:
            _lawful(lambda: checked_amount(amount))
        if is_too_long(_lawful(lambda: checked_reason(reason))):
            raise RefusedError(*TOO_LONG)

    async def count(self, counted: int) -> None:
        """The drawer was counted, by whoever stands here.

        Raises:
            RefusedError: it cannot be so much, or cannot be stored.
        """
        # Also where cash was switched off meanwhile: a shift that holds some is closed by counting it.
        if self._stopping or not (self.enabled or await self._is_held()):
            self._refuse_when_off()
        if counted:
            _lawful(lambda: checked_amount(counted))
        await self._store(CashCounted(counted, *self._cashier()))

    # --- what there is ---------------------------------------------------------------------------------------------

    async def record(self, number: str) -> CashRecord | None:
        """The cash sale of that slip number, None when there is none."""
        found: CashRecord | None = await self._read(partial(cash_rows.sale, slip_number=number))
        return found

    async def view(self, number: str) -> PaymentView:
        """The same as a picture.

        Raises:
            RefusedError: there is none.
        """
        return cash_view(await self._found(number), demo=self._demo)

    async def _found(self, number: str) -> CashRecord:
        record = await self.record(number)
        if record is None:
            raise RefusedError(*_NONE_SUCH)
        return record

    async def newest(self, count: int) -> list[PaymentView]:
        """The newest sales, newest first."""
        found = await self._read(partial(cash_rows.sales, count=count))
        return [cash_view(one, demo=self._demo) for one in found]

    def pictures(self, records: tuple[CashRecord, ...]) -> list[PaymentView]:
        """Sales that were read, as pictures."""
        return [cash_view(one, demo=self._demo) for one in records]

    async def stop(self) -> None:
        """Let what is under way at the drawer and the printer end, if it does so soon."""
        self._stopping = True
        if self._after:
            await asyncio.wait(self._after, timeout=_STOP_SECONDS)

    # --- how -------------------------------------------------------------------------------------------------------

    async def _is_held(self) -> bool:
        """Whether the running shift has cash of its own."""
        shift: Shift = await self._read(shift_facts.running)
        return shift.totals.cash != NO_CASH

    def _refuse_when_off(self) -> None:
        if self._stopping:
            raise RefusedError(*_CLOSING)
        if not self.enabled:
            raise RefusedError(*CASH_IS_OFF)

    async def _done_before(self, intent: str, **wanted: object) -> Done | None:
        """What this press of the button came to, None for nothing yet.

        Raises:
            RefusedError: to something else than is wanted now.
        """
        done = await self._booked(intent)
        _refuse_another(done, **wanted)
        return done

    async def _booked(self, intent: str) -> Done | None:
        done: Done | None = await self._read(partial(cash_rows.with_intent, intent=intent))
        return done

    def _next_slip(self) -> str:
        return slip_number(self._journal.till, self._journal.next_running())

    async def _store(self, entry: CashEntry, take_in: Callable[[], object] = lambda: None) -> None:
        try:
            await when_stored(self._journal.write(entry, at_ms=self._now_ms()), take_in)
        except JournalError as error:
            raise RefusedError(error.title, error.advice) from error

    async def _store_and_open(self, entry: CashEntry) -> "_Opening":
        """Store it; from then on the drawer opens, whatever is read, and also when we are stopped meanwhile."""
        begun: list[_Opening] = []
        await self._store(entry, lambda: begun.append(self._spawn(self._opened())))
        return begun[0]

    async def _read_back(self, written: CashRecord) -> PaymentView:
        """What was just stored, as the journal reads it; as it was written where it cannot be read: it is done."""
        try:
            return await self.view(written.slip_number)
        except RefusedError:
            log.exception("cash that is stored could not be read back", extra={"slip": written.slip_number})
            return cash_view(written, demo=self._demo)

    async def _read(self, work: Callable[[Any], Any]) -> Any:
        try:
            return await asyncio.wrap_future(self._journal.read(work))
        except JournalError as error:
            raise RefusedError(error.title, error.advice) from error

    def _hand_over(self, view: PaymentView, refund: RefundView | None, opening: "_Opening") -> None:
        self._tell(view)
        _ = self._spawn(self._slip_after(opening, view, refund))

    def _spawn(self, work: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        task = asyncio.ensure_future(work)
        self._after.add(task)
        task.add_done_callback(self._after.discard)
        return task

    async def _slip_after(self, opening: "_Opening", view: PaymentView, refund: RefundView | None) -> None:
        await opening
        await self._prints(view, refund)
        await self._say_when_stuck(opening)  # last: a slip that came out says that the printer is well

    async def _opened(self) -> PrinterError | None:
        if self._open_drawer is None:
            return None
        try:
            await self._open_drawer()
        except PrinterError as error:
            log.warning("the drawer did not open", extra={"cause": error.cause.en})
            return error
        return None

    async def _say_when_stuck(self, opening: "_Opening") -> None:
        stuck = await opening
        if stuck is not None:
            self._tell(HealthView(Light.PRINTER, Health.BAD, stuck.cause, stuck.remedy))


_Opening = asyncio.Task[PrinterError | None]
"""The drawer on its way; why it did not open, None where it did."""


def _as_written(sale: CashTaken, at_ms: int) -> CashRecord:
    """A sale that is stored; which shift it is in only the journal knows."""
    of = (sale.slip_number, running_of(sale.slip_number), sale.amount, sale.given, at_ms, 0, sale.note)
    return CashRecord(*of, sale.cashier, sale.cashier_id, refunds=(), printed=())


def _with_refund(sale: CashRecord, back: CashGivenBack, at_ms: int) -> CashRecord:
    """A sale with a refund that is stored."""
    of = (back.slip_number, back.amount, at_ms, back.by, back.reason, back.note, back.cashier, 0, back.intent)
    return replace(sale, refunds=(*sale.refunds, CashRefundRecord(*of, copies=0)))


def _refuse_another(done: Done | None, **wanted: object) -> None:
    """Hold something else up that comes under the intent of what was done."""
    if done is not None and any(getattr(done, name) != value for name, value in wanted.items()):
        said = _DONE_BEFORE[CashKind(done.kind)].fill(n=with_sign(done.amount), slip=done.slip_number, why=done.reason)
        raise RefusedError(*IntentTakenError.because(said))


def _lawful(made: Callable[[], Any]) -> Any:
    try:
        return made()
    except CashError as error:
        raise RefusedError(error.title, error.advice) from error
