"""What screens and other programs have done about shifts and their cash: look, open, count, close, print, save.

Told as events or answers.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from pos_app.checkout.cash import CashDesk
from pos_app.checkout.duty import Duty
from pos_app.checkout.events import PrintState, ShiftRefused, ShiftSaved, ShiftState, ShiftView
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.shift_report import ReportHead, shift_json, shift_report
from pos_app.checkout.shifts import NOT_OPEN, Shifts
from pos_app.checkout.staffing import Signature
from pos_app.journal.errors import JournalError
from pos_app.payments.cash import CashKind
from pos_app.receipts.document import Document
from pos_app.receipts.printers.printer import PrinterError
from pos_app.shifts.report import ShiftReport
from pos_app.shifts.shift import Shift, SignedOff
from pos_app.shifts.spelling import figures_of
from pos_app.shifts.totals import Open
from pos_app.staff.errors import PinError
from pos_app.staff.permissions import Right
from pos_app.words import Language

log = logging.getLogger(__name__)

Given = dict[str, Any]
FOLDER = "reports"
"""Beside the journal: where a report is saved that nobody named a place for."""


class Prints(Protocol):
    """Prints a report; see `Slips.print_report`."""

    def __call__(  # noqa: D102 - said above
        self, key: str, figures: str, copies: int, paper: Callable[[int], Document]
    ) -> Coroutine[Any, Any, PrintState]: ...


class ShiftErrands:
    """Runs them. Lives on the desk's loop.

    Args:
        shifts: does the work.
        duty: says who stands here, and who may sign.
        head: what reports say of the shop.
        now_ms: corrected wall clock.
        tell: gets the events.
        prints: the printer.
        cash: the drawer.
        language: what paper is written in.
        folder: the data folder.
    """

    def __init__(  # noqa: PLR0913 - the composition root names each part once
        self,
        shifts: Shifts,
        duty: Duty,
        *,
        head: ReportHead,
        now_ms: Callable[[], int],
        tell: Callable[[object], None],
        prints: Prints,
        cash: CashDesk,
        language: Language,
        folder: Path,
    ) -> None:
        self._shifts, self._duty, self._head = shifts, duty, head
        self._now_ms, self._tell, self._prints, self._cash = now_ms, tell, prints, cash
        self._language, self._folder = language, folder
        self._is_open = False

    def refuse_when_closed(self) -> None:
        """Hold a payment up where the shop wants a shift opened first.

        Raises:
            RefusedError: nobody has opened one.
        """
        if self._shifts.required and not self._is_open:
            raise RefusedError(*NOT_OPEN)

    # --- for screens -----------------------------------------------------------------------------------------------

    async def tell_state(self) -> None:
        """Tell which shift is running, for the head."""
        running = await self._shifts.running()
        self._is_open = running.opened_at_ms is not None
        self._tell(ShiftState(running.number, running.opened_at_ms, running.opened_by))

    async def payment_told(self) -> None:
        """A payment was begun or went on: the first one opens the shift."""
        if not self._is_open:
            await self.tell_state()

    async def show(self, number: int | None = None) -> None:
        """X of the running shift, or the Z of that number. Told as `ShiftView` or `ShiftRefused`."""
        await self._tried(self._shifts.look(number))

    async def open(self, float_dong: int = 0) -> None:
        """Whoever stands at the till opens the shift, with so much cash. Told as `ShiftView` or `ShiftRefused`."""
        await self._tried(self._shifts.open(*self._duty.cashier(), float_dong=float_dong))

    async def close(
        self, number: int, seen: tuple[Open, ...], *, reason: str, by: str, pin: str, difference_reason: str = ""
    ) -> None:
        """Close that shift; what was seen as open is signed off by `by` with the PIN. Told the same."""
        await self._tried(self._closed(number, seen, reason, Signature(by, pin), difference_reason))

    async def _closed(
        self, number: int, seen: tuple[Open, ...], reason: str, signature: Signature, difference_reason: str
    ) -> Shift:
        by, by_id = self._duty.cashier()
        name, name_id = await self._duty.approve(Right.SIGN_OFF, signature) if seen else ("", "")
        signed = SignedOff(name, name_id, reason, seen)
        return await self._shifts.close(number, by, by_id, signed_off=signed, difference_reason=difference_reason)

    async def count_cash(self, counted: int) -> None:
        """The drawer was counted by whoever stands here. Told the same."""
        await self._tried(self._after(self._cash.count(counted)))

    async def move_cash(self, what: CashKind, amount: int, *, reason: str, intent: str, by: str, pin: str) -> None:
        """Money goes in or out without a sale, or the drawer only opens: signed with the PIN. Told the same.

        What is in the journal, now or under this intent before, is first told as `DrawerMoved`.
        """
        await self._tried(self._after(self._moved(what, amount, reason, intent, Signature(by, pin))))

    async def _moved(self, what: CashKind, amount: int, reason: str, intent: str, signature: Signature) -> None:
        self._cash.check_move(what, amount, reason)  # costs no guess
        right = Right.OPEN_DRAWER if what is CashKind.OPENED else Right.MOVE_CASH
        await self._cash.move(what, amount, reason, intent, *await self._duty.approve(right, signature))

    async def drawer_opened(self) -> None:
        """Another program opens the drawer: where cash is kept, it counts as opened without a sale."""
        await self._cash.opened_elsewhere(*self._duty.cashier())

    async def _after(self, work: Coroutine[Any, Any, None]) -> Shift:
        await work
        return await self._shifts.look_after()

    async def _tried(self, work: Coroutine[Any, Any, Shift]) -> None:
        try:
            shift = await work
        except (RefusedError, PinError, JournalError) as error:
            self._tell(ShiftRefused(error.title, error.advice, getattr(error, "wait_s", 0)))
            return
        try:
            await self.tell_state()
        except JournalError:
            log.exception("the running shift could not be read")
        self._tell(ShiftView(self._report(shift), shift))

    async def print(self, number: int | None = None) -> None:
        """Print a report; the same figures once more are a copy. Told as `PrintView` under its name."""
        from pos_app.receipts.shift_slip import shift_document  # noqa: PLC0415 - dear to import

        shift = await self._shifts.look(number)
        report = self._report(shift)
        figures = figures_of(shift.totals)
        before = await self._shifts.printed(report.name, figures)
        await self._prints(report.name, figures, before, lambda copy: shift_document(report, self._language, copy))

    async def save(self, number: int | None = None) -> None:
        """Save a report as PDF and as a picture. Told as `ShiftSaved` or `ShiftRefused`."""
        document, folder = await self._document(number), self._folder / FOLDER
        try:
            await asyncio.to_thread(_save, document, folder)
        except PrinterError as error:
            self._tell(ShiftRefused(error.cause, error.remedy))
        else:
            self._tell(ShiftSaved(str(folder / f"{document.name}.pdf")))

    async def _document(self, number: int | None) -> Document:
        from pos_app.receipts.shift_slip import shift_document  # noqa: PLC0415 - dear to import

        return shift_document(self._report(await self._shifts.look(number)), self._language)

    def _report(self, shift: Shift) -> ShiftReport:
        keeps_cash = self._shifts.keeps_cash(shift)
        return replace(shift_report(shift, self._head, self._now_ms()), keeps_cash=keeps_cash)

    # --- for other programs ----------------------------------------------------------------------------------------

    async def answer(self, given: Given) -> dict[str, Any]:
        """What was asked, done; the report as plain values: for programs, and its lines for people.

        Raises:
            RefusedError, PinError, JournalError: it was not done.
            ValueError, KeyError: it is not understood.
        """
        match given["what"]:
            case "look":
                number = given.get("number")
                shift = await self._shifts.look(None if number is None else int(number))
            case "open":
                shift = await self._shifts.open(*self._duty.cashier(), float_dong=_dong(given.get("float", 0)))
            case "close":
                number = int(given["number"])
                seen = tuple(Open(str(one), "", 0, 0) for one in given.get("seen", ()))
                signature = Signature(str(given.get("by", "")), str(given.get("pin", "")))
                why = str(given.get("difference_reason", ""))
                shift = await self._closed(number, seen, str(given.get("reason", "")), signature, why)
            case "count":
                shift = await self._after(self._cash.count(_dong(given["counted"])))
            case "move":
                signature = Signature(str(given.get("by", "")), str(given.get("pin", "")))
                what, amount, intent = CashKind(given["kind"]), _dong(given["amount"]), str(given["intent"])
                if not intent:
                    raise ValueError(intent)
                shift = await self._after(self._moved(what, amount, str(given["reason"]), intent, signature))
            case unknown:
                raise ValueError(unknown)
        await self.tell_state()
        return told(shift, self._head, self._now_ms())


def told(shift: Shift, head: ReportHead, now_ms: int) -> dict[str, Any]:
    """A report as plain values: for programs, and its title and lines for people."""
    report = shift_report(shift, head, now_ms)
    sections = [
        {
            "title": section.title._asdict(),
            "lines": [{"label": one.label._asdict(), "value": one.value._asdict()} for one in section.lines],
        }
        for section in report.sections
    ]
    return {**shift_json(shift), "title": report.title._asdict(), "sections": sections}


def _dong(value: object) -> int:
    if type(value) is not int:
        raise ValueError(value)
    return value


def _save(document: Document, folder: Path) -> None:
    from pos_app.receipts.printers.file import FilePrinter  # noqa: PLC0415 - dear to import

    FilePrinter(folder).print(document)
