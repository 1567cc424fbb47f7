"""The cash desk: sales, refunds and moves of cash, and the count of the drawer. First the journal, then the drawer.

    the entry is durable        from here on it is taken, whatever becomes of the program
    the drawer opens            and where it does not, that is said; the money is taken all the same
    the slip is printed

Nothing here is ever sent to a gateway or asked of one.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from pos_app.checkout.cash_views import cash_view
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.shop import Approval
from pos_app.checkout.views import Health, HealthView, Light, PaymentView, RefundView
from pos_app.journal import cash_rows, shift_facts
from pos_app.journal.cash_entries import CashCounted, CashEntry, CashGivenBack, CashMoved, CashTaken
from pos_app.journal.cash_rows import CashRecord, Done
from pos_app.journal.errors import IntentTakenError, JournalError
from pos_app.journal.store import Journal
from pos_app.money import with_sign
from pos_app.payments.cash import (
    REASON_LENGTH_MAX,
    CashError,
    CashKind,
    change,
    checked_amount,
    checked_reason,
    checked_refund,
)
from pos_app.payments.order_number import slip_number
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
        tell: gets the picture of each sale that changed.
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
        self._after: set[asyncio.Task[None]] = set()
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
            slip = self._next_slip()
            await self._store(CashTaken(slip, amount, given, note, intent, *self._cashier()))
            view = await self.view(slip)
            self._hand_over(view, None)
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
            sale = await self.view(of_slip)
            if await self._done_before(intent, kind=CashKind.REFUND, amount=amount, of_slip=of_slip):
                return sale
            _lawful(lambda: checked_refund(amount, sale.refundable))
            word = (approval.reason, approval.note, approval.by, approval.by_id)
            back = CashGivenBack(self._next_slip(), of_slip, amount, *word, intent, *self._cashier())
            await self._store(back)
            view = await self.view(of_slip)
            self._hand_over(view, view.refunds[-1])
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
            if await self._done_before(intent, kind=what, amount=dong, reason=why):
                return
            await self._store(CashMoved(what, dong, why, by, by_id, *self._cashier(), intent))
        self._spawn(self._drawer_opened())

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
        if len(_lawful(lambda: checked_reason(reason))) > REASON_LENGTH_MAX:
            most = Text("Nhiều nhất {n} ký tự.", "{n} characters at most.").fill(n=REASON_LENGTH_MAX)
            raise RefusedError(Text("Lý do quá dài", "The reason is too long"), most)

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
        record = await self.record(number)
        if record is None:
            raise RefusedError(*_NONE_SUCH)
        return cash_view(record, demo=self._demo)

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
        done: Done | None = await self._read(partial(cash_rows.with_intent, intent=intent))
        if done is not None and any(getattr(done, name) != value for name, value in wanted.items()):
            said = _DONE_BEFORE[CashKind(done.kind)]
            raise RefusedError(
                IntentTakenError.title, said.fill(n=with_sign(done.amount), slip=done.slip_number, why=done.reason)
            )
        return done

    def _next_slip(self) -> str:
        return slip_number(self._journal.till, self._journal.next_running())

    async def _store(self, entry: CashEntry) -> None:
        try:
            await asyncio.wrap_future(self._journal.write(entry, at_ms=self._now_ms()))
        except JournalError as error:
            raise RefusedError(error.title, error.advice) from error

    async def _read(self, work: Callable[[Any], Any]) -> Any:
        try:
            return await asyncio.wrap_future(self._journal.read(work))
        except JournalError as error:
            raise RefusedError(error.title, error.advice) from error

    def _hand_over(self, view: PaymentView, refund: RefundView | None) -> None:
        self._tell(view)
        self._spawn(self._drawer_and_slip(view, refund))

    def _spawn(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._after.add(task)
        task.add_done_callback(self._after.discard)

    async def _drawer_and_slip(self, view: PaymentView, refund: RefundView | None) -> None:
        stuck = await self._opened()
        await self._prints(view, refund)
        self._say_stuck(stuck)

    async def _drawer_opened(self) -> None:
        self._say_stuck(await self._opened())

    async def _opened(self) -> PrinterError | None:
        if self._open_drawer is None:
            return None
        try:
            await self._open_drawer()
        except PrinterError as error:
            log.warning("the drawer did not open", extra={"cause": error.cause.en})
            return error
        return None

    def _say_stuck(self, stuck: PrinterError | None) -> None:
        if stuck is not None:
            self._tell(HealthView(Light.PRINTER, Health.BAD, stuck.cause, stuck.remedy))


def _lawful(made: Callable[[], Any]) -> Any:
    try:
        return made()
    except CashError as error:
        raise RefusedError(error.title, error.advice) from error
