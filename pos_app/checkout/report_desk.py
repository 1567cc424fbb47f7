"""What managers look at: lists of payments, reports, their files, statements. Told as views; the journal is only read.

Everything runs beside the desk's loop, and reads in slices: a payment never waits for a report.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from pos_app.checkout.cash import CashDesk
from pos_app.checkout.desk import Desk
from pos_app.checkout.records import record_view
from pos_app.checkout.report_views import (
    Compared,
    Comparing,
    Exported,
    Exporting,
    PaymentsListed,
    ReportRefused,
    ReportShown,
    StatementOpened,
)
from pos_app.checkout.reporting import (
    WORDING,
    Listed,
    export,
    export_found,
    facts_of,
    made_for,
    reconcile_file,
    report_for,
)
from pos_app.journal import cash_finding
from pos_app.journal.errors import JournalError
from pos_app.journal.finding import choices, read_found, sums
from pos_app.journal.store import Journal
from pos_app.journal.wanted import Choices, Sums, Wanted
from pos_app.payments.gateway_names import CASH, brand
from pos_app.reports.facts import Cell, RefundFact
from pos_app.reports.forms import known_forms, remember
from pos_app.reports.ranges import Days, before
from pos_app.reports.report import Choice, report_of
from pos_app.reports.statement import Form
from pos_app.reports.statement_file import StatementError, guess, head_of
from pos_app.reports.table import TooManyRowsError
from pos_app.words import Language, Text

log = logging.getLogger(__name__)

LIST_COUNT = 100
"""How many payments a list on screen holds."""
SHIFTS_OFFERED = 10
SUMMED_DAYS_MAX = 40
_DAY_MS = 86_400_000
_NOT_WRITTEN = (
    Text("Không ghi được tệp", "The file cannot be written"),
    Text("Đóng tệp nếu đang mở, rồi thử lại.", "Close the file if it is open, then try again."),
)
_NOT_OPENED = (Text("Không mở được tệp", "The file cannot be opened"), Text("Chọn tệp khác.", "Choose another file."))


class ReportDesk:
    """Answers what the screens of payments and reports want. Lives on the desk's loop.

    Args:
        journal: what is read.
        desk: knows the open payments better than the journal does.
        folder: the data folder, where forms of statements are remembered.
        store: the shop's name, for files.
        language: of files, asked for each.
        now_ms: wall clock.
        tell: gets each view.
    """

    def __init__(  # noqa: PLR0913 - by keyword
        self,
        journal: Journal,
        desk: Desk,
        *,
        folder: Path,
        store: str,
        language: Callable[[], Language],
        now_ms: Callable[[], int],
        tell: Callable[[object], None],
    ) -> None:
        self._journal, self._desk = journal, desk
        self._folder, self._store, self._language = folder, store, language
        self._now_ms, self._tell = now_ms, tell
        self.cash: CashDesk

    async def list(self, wanted: Wanted) -> None:
        """The newest payments that fit. Told as `PaymentsListed`."""
        await self._or_say(self._list(wanted))

    async def _list(self, wanted: Wanted) -> None:
        records = await self._read(partial(read_found, wanted=wanted, count=LIST_COUNT + 1))
        there: Choices = await self._read(partial(choices, shifts=SHIFTS_OFFERED))
        live = {view.payment_id: view for view in self._desk.open_views()}
        views = [live.get(one.attempt.app_trans_id) or record_view(one) for one in records]
        views += self.cash.pictures(await self._read(partial(cash_finding.found, wanted=wanted, count=LIST_COUNT + 1)))
        views.sort(key=lambda view: view.scanned_at_ms, reverse=True)
        if await self._read(cash_finding.there_is):
            there = there._replace(methods=(*there.methods, cash_finding.METHOD))
        short = wanted.shift is not None or (
            wanted.start_ms is not None
            and wanted.end_ms is not None
            and wanted.end_ms - wanted.start_ms <= SUMMED_DAYS_MAX * _DAY_MS
        )
        summed = await self._summed(wanted) if short else None
        self._tell(
            PaymentsListed(wanted, tuple(views[:LIST_COUNT]), summed, there, more=len(views) > LIST_COUNT)
        )  # fmt: skip

    async def _summed(self, wanted: Wanted) -> Sums:
        told: Sums = await self._read(partial(sums, wanted=wanted))
        count, dong = await self._read(partial(cash_finding.sums, wanted=wanted))
        return told._replace(cash_sales=count, cash=dong)

    async def report(self, days: Days, choice: Choice) -> None:
        """The report of these days. Told as `ReportShown`."""
        await self._or_say(asyncio.to_thread(self._report, days, choice))

    def _report(self, days: Days, choice: Choice) -> None:
        facts = facts_of(self._journal, days)
        earlier = report_of(facts_of(self._journal, before(days)), before(days), WORDING, choice)
        alike: tuple[Cell | RefundFact, ...] = (*facts.cells, *facts.refunds)
        of_cash = {brand(CASH)} if facts.of_cash else set()
        self._tell(
            ReportShown(
                report_of(facts, days, WORDING, choice),
                choice,
                earlier.total.net if earlier.total.count else None,
                tuple(sorted({one.till for one in (*alike, *facts.of_cash)})),
                tuple(sorted({one.cashier for one in (*alike, *facts.of_cash)})),
                tuple(sorted({WORDING.method(one.method) for one in alike} | of_cash)),
                self._now_ms(),
            )
        )

    async def export(self, path: Path, days: Days, choice: Choice) -> None:
        """Write the report of these days into a file. Told as `Exporting` and `Exported`."""

        def work() -> Listed:
            path.parent.mkdir(parents=True, exist_ok=True)
            about = made_for(self._store, self._journal.till, self._now_ms())
            report = report_for(self._journal, days, choice)
            return export(
                self._journal, path, report, self._language(), about=about, progress=self._progress(path)
            )  # fmt: skip

        await self._or_say(self._write(path, work))

    async def export_list(self, path: Path, wanted: Wanted) -> None:
        """Write every payment that fits into a file. Told as `Exporting` and `Exported`."""

        def work() -> Listed:
            path.parent.mkdir(parents=True, exist_ok=True)
            return export_found(self._journal, path, wanted, self._language(), progress=self._progress(path))

        await self._or_say(self._write(path, work))

    def _progress(self, path: Path) -> Callable[[int, int], None]:
        return lambda done, _of: self._tell(Exporting(path, done))

    async def _write(self, path: Path, work: Callable[[], Listed]) -> None:
        try:
            listed = await asyncio.to_thread(work)
        except OSError:
            log.exception("an export could not be written")
            self._tell(ReportRefused(*_NOT_WRITTEN))
        else:
            self._tell(Exported(path, *listed))

    async def open_statement(self, path: Path) -> None:
        """What columns a statement file has, and what they likely hold. Told as `StatementOpened`."""

        def work() -> None:
            names = head_of(path).names
            before = tuple(known_forms(self._folder, names))
            form = before[-1] if before else Form(guess(names), "ZaloPay")
            self._tell(StatementOpened(path, tuple(name for name in names if name), form, before))

        await self._or_say(asyncio.to_thread(work))

    async def reconcile(self, path: Path, form: Form, days: Days | None) -> None:
        """Hold a statement against the journal, and remember its form. Told as `Comparing` and `Compared`."""

        def work() -> None:
            told = reconcile_file(
                self._journal, path, form, days, lambda rows, _of: self._tell(Comparing(path, rows))
            )  # fmt: skip
            remember(self._folder, form)
            self._tell(Compared(path, told, form))

        await self._or_say(asyncio.to_thread(work))

    async def _read(self, work: Callable[[Any], Any]) -> Any:
        return await asyncio.wrap_future(self._journal.read(work))

    async def _or_say(self, work: Awaitable[None]) -> None:
        try:
            await work
        except (JournalError, StatementError, TooManyRowsError) as error:
            self._tell(ReportRefused(error.title, error.advice))
        except OSError:
            log.exception("a file could not be read")
            self._tell(ReportRefused(*_NOT_OPENED))
