"""Reports of the shop's figures, their files, and a statement held against the journal: read, never changed.

All of it blocks, and reads the journal in slices: payments go on meanwhile.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pos_app.checkout.cash_views import TAKEN
from pos_app.checkout.how_paid import method_words
from pos_app.checkout.views import ScanSource
from pos_app.checkout.wording import closed_words
from pos_app.journal import cash_finding
from pos_app.journal.cash_figures import cash_figures
from pos_app.journal.cash_finding import CashListed
from pos_app.journal.figures import acts_done, payments_alike, refunds_done, waits_alike
from pos_app.journal.gestures import timed_alike
from pos_app.journal.held import PaymentHeld, held_between, held_by_ids
from pos_app.journal.listed import PaymentListed, how_many, how_many_found, listed, listed_found
from pos_app.journal.store import Journal
from pos_app.journal.wanted import Wanted
from pos_app.payments.gateway_names import CASH, asks_nobody, brand
from pos_app.payments.payment import DECIDED, LIVE, State
from pos_app.private_file import put_in_place
from pos_app.reports.csv_file import CsvFile
from pos_app.reports.facts import (
    ActFact,
    CashCell,
    Cell,
    DrawerClosed,
    DrawerMoved,
    Facts,
    Method,
    Part,
    RefundFact,
    Timed,
    Wait,
)
from pos_app.reports.ranges import Days
from pos_app.reports.reconcile import OurPayment, OurRefund, Reconciled, days_of_lines, reconcile
from pos_app.reports.report import EVERYTHING, Choice, Report, Wording, report_of
from pos_app.reports.sheets import dong_moved, sheets, what_happened
from pos_app.reports.statement import Form, Line
from pos_app.reports.statement_file import StatementError, read_statement
from pos_app.reports.table import SHEET_ROWS_MAX, Column, Row, Shape, Table, TooManyRowsError
from pos_app.vietnam_day import clock_time, day_bounds_ms, day_text
from pos_app.words import Language, Text

SCANNED = (ScanSource.CAMERA, ScanSource.SCANNER, ScanSource.FILE, ScanSource.STDIN, ScanSource.DEMO)
"""A customer's code was scanned: only these have a time from the scan on."""
Result = TypeVar("Result")
_AT_ONCE = 2_000
_AROUND_DAYS = 2
"""How far around a statement's days our payments are looked at: what was paid at midnight may stand on either day."""
Progress = Callable[[int, int], None]
"""Told how much is done, of how much; 0 where that is not known."""

STATE_WORDS = {
    State.PAID: Text("Đã thanh toán", "Paid"),
    State.MANUAL_PAID: Text("Quản lý xác nhận đã trả", "Decided paid"),
    State.MANUAL_UNPAID: Text("Quản lý xác nhận chưa trả", "Decided unpaid"),
    State.FAILED: Text("Chưa thu được", "Declined"),
    State.NOT_SENT: Text("Chưa gửi", "Not sent"),
    State.NOT_CREATED: Text("Chưa thu được", "Declined"),
    State.CANCELLED: Text("Đã hủy", "Cancelled"),
    State.EXPIRED: Text("Hết hạn", "Expired"),
}
_OPEN = Text("Chưa rõ", "Not known yet")


def method_of(method: Method) -> Text:
    """How a method is called."""
    return method_words(method.gateway, ScanSource(method.source))


def cause_of(method: Method, state: State, cause: str) -> Text:
    """Why payments were declined, in words, by the cause that the journal noted."""
    return closed_words(method.gateway, state, cause)


WORDING = Wording(method_of, cause_of)
_STATES = {state.value: state for state in State}


def facts_of(journal: Journal, days: Days) -> Facts:
    """What these days come to.

    Counted part by part, so that no payment waits for all of it: what happens meanwhile is in the later parts only.

    Raises:
        JournalError: the journal cannot be read.
    """

    def counted(count: Callable[..., Result]) -> Result:
        return journal.read(lambda connection: count(connection, *days.bounds_ms)).result()

    drawer = counted(cash_figures)
    till = journal.till
    method = cache(Method)  # some thousand rows name the same few
    return Facts(
        tuple(
            Cell(
                one.hour, till, one.cashier, method(one.gateway, one.source), _STATES[one.state], one.cause,
                one.payments, one.amount,
            )
            for one in counted(payments_alike)
        ),
        tuple(
            Wait(one.seconds, till, one.cashier, method(one.gateway, one.source), one.payments)
            for one in counted(partial(waits_alike, scanned=SCANNED))
        ),
        tuple(
            RefundFact(
                one.at_ms, one.slip_number, one.payment_slip, one.payment_id, one.m_refund_id, one.amount, one.by,
                one.reason, till, one.cashier, method(one.gateway, one.source),
            )
            for one in counted(refunds_done)
        ),
        tuple(
            ActFact(
                one.at_ms, one.act, one.by, one.reason, one.note, one.payment_id, one.payment_slip, one.amount, till,
                one.cashier, method(one.gateway, one.source),
            )
            for one in counted(acts_done)
        ),
        tuple(
            Timed(one.day, part, till, one.cashier, method(one.gateway, one.source), took)
            for one in counted(timed_alike) for part, took in zip(Part, one.parts, strict=True) if took
        ),
        tuple(
            CashCell(one.hour, till, one.shift, one.cashier, one.is_refund, one.times, one.amount)
            for one in drawer.sold
        ),
        (
            *(DrawerMoved(one.at_ms, till, *one[1:]) for one in drawer.moved),
            *(DrawerClosed(one.at_ms, till, *one[1:]) for one in drawer.closed),
        ),
    )  # fmt: skip


def report_for(journal: Journal, days: Days, choice: Choice = EVERYTHING) -> Report:
    """The report of these days.

    Raises:
        JournalError: the journal cannot be read.
    """
    return report_of(facts_of(journal, days), days, WORDING, choice)


# --- files ---------------------------------------------------------------------------------------------------------

LIST_COLUMNS = (
    Column(Text("Lúc thu", "Begun"), Shape.MOMENT, 13),
    Column(Text("Có kết quả", "Result at"), Shape.MOMENT, 13),
    Column(Text("Số phiếu", "Slip number"), Shape.ID, 9),
    Column(Text("Mã đơn", "Order ID"), Shape.ID, 16),
    Column(Text("Mã giao dịch", "Transaction ID"), Shape.ID, 12),
    Column(Text("Cách trả", "Paid by"), Shape.TEXT, 16),
    Column(Text("Thu ngân", "Cashier"), Shape.TEXT, 11),
    Column(Text("Ca", "Shift"), Shape.COUNT, 5),
    Column(Text("Ghi chú", "Note"), Shape.TEXT, 14),
    Column(Text("Trạng thái", "State"), Shape.TEXT, 14),
    Column(Text("Lý do", "Cause"), Shape.TEXT, 16),
    Column(Text("Số tiền, ₫", "Amount, ₫"), Shape.DONG, 10),
    Column(Text("Đã hoàn, ₫", "Refunded, ₫"), Shape.DONG, 10),
)
LIST_NAME = Text("Từng giao dịch", "Payments")


class Listed(NamedTuple):
    """How many rows a file has: of payments, and of cash, which is none."""

    payments: int = 0
    cash: int = 0


class _Some(NamedTuple):
    """Some thousand rows: all of payments, or all of cash."""

    rows: list[Row]
    of_cash: bool = False


def list_row(one: PaymentListed) -> Row:
    """A payment as a row of the list."""
    state = State(one.state)
    method = Method(one.gateway, one.source)
    closed = state not in LIVE and state is not State.PAID and state not in DECIDED
    return (
        one.prepared_at_ms, one.settled_at_ms, one.slip_number, one.payment_id, one.number, method_of(method),
        one.cashier,
        one.shift, one.note, STATE_WORDS.get(state, _OPEN), cause_of(method, state, one.cause) if closed else None,
        one.amount, one.refunded or None,
    )  # fmt: skip


def cash_row(one: CashListed) -> Row:
    """A cash sale as a row of the list: of no gateway, and told so."""
    return (
        one.at_ms, one.at_ms, one.slip_number, "", "", brand(CASH), one.cashier, one.shift, one.note, TAKEN, None,
        one.amount, one.refunded or None,
    )  # fmt: skip


def drawer_row(one: DrawerMoved | DrawerClosed) -> Row:
    """A move of cash without a sale, or what was over or short at a closing, as a row of the list."""
    return (
        one.at_ms, one.at_ms, "", "", "", brand(CASH), one.cashier, one.shift, one.reason, what_happened(one), None,
        dong_moved(one), None,
    )  # fmt: skip


def _cash_listed(journal: Journal, wanted: Wanted) -> Iterator[list[CashListed]]:
    """The cash sales that fit, newest first, some thousand at a time."""
    before: int | None = None
    while some := journal.read(
        partial(cash_finding.listed, wanted=wanted, before=before, count=_AT_ONCE)
    ).result():  # fmt: skip
        before = some[-1].running
        yield some


def found_rows(journal: Journal, wanted: Wanted) -> Iterator[_Some]:
    """Every payment that fits, newest first, some thousand at a time; the cash sales behind them."""
    before: int | None = None
    while some := journal.read(partial(listed_found, wanted=wanted, before=before, count=_AT_ONCE)).result():
        before = some[-1].running
        yield _Some([list_row(one) for one in some])
    for sold in _cash_listed(journal, wanted):
        yield _Some([cash_row(one) for one in sold], of_cash=True)


def list_rows(journal: Journal, report: Report) -> Iterator[_Some]:
    """Every payment that a report is of, some thousand at a time; behind them the cash sales, and what else moved."""
    start_ms, end_ms = report.days.bounds_ms
    chosen, till = report.choice, journal.till
    after: tuple[int, int] | None = None
    while some := journal.read(
        partial(listed, start_ms=start_ms, end_ms=end_ms, after=after, count=_AT_ONCE)
    ).result():  # fmt: skip
        after = some[-1].counts_at_ms, some[-1].running
        yield _Some([
            list_row(one) for one in some
            if chosen.fits(till, one.cashier, method_of(Method(one.gateway, one.source)))
        ])  # fmt: skip
    for sold in _cash_listed(journal, Wanted(start_ms, end_ms)):
        yield _Some([cash_row(one) for one in sold if chosen.fits(till, one.cashier, brand(CASH))], of_cash=True)
    if report.drawer.log:
        yield _Some([drawer_row(one) for one in report.drawer.log], of_cash=True)


def _refuse_too_many(path: Path, at_most: int, some: Iterable[_Some]) -> None:
    """Hold up what no sheet holds, before anything is written; only where there may be so much is it counted.

    Raises:
        TooManyRowsError: it is so much.
    """
    may_be = path.suffix.lower() == ".xlsx" and at_most >= SHEET_ROWS_MAX  # the head is a row too
    if may_be and sum(len(one.rows) for one in some) >= SHEET_ROWS_MAX:
        raise TooManyRowsError


def export(
    journal: Journal, path: Path, report: Report, language: Language, *, about: Text, progress: Progress
) -> Listed:
    """Write a report into a file: `.csv` has its payments, `.xlsx` the report and its payments, `.pdf` the report.

    Returns how many were listed.

    Raises:
        TooManyRowsError: a sheet does not hold them; nothing is written.
        ValueError: another kind of file.
        OSError: it cannot be written.
        JournalError: the journal cannot be read.
    """
    tables = sheets(report)
    if path.suffix.lower() == ".pdf":
        from pos_app.reports.pdf_file import pdf  # noqa: PLC0415 - slow to load

        put_in_place(pdf(REPORT_TITLE, about, tables, language), path)
        return Listed()
    start_ms, end_ms = report.days.bounds_ms
    paid = journal.read(partial(how_many, start_ms=start_ms, end_ms=end_ms)).result()
    sold, _ = journal.read(partial(cash_finding.sums, wanted=Wanted(start_ms, end_ms))).result()
    _refuse_too_many(path, paid + sold + len(report.drawer.log), list_rows(journal, report))
    return _into(_list_file(path, language, tables), list_rows(journal, report), progress)


REPORT_TITLE = Text("Báo cáo", "Report")


def made_for(store: str, till: str, now_ms: int) -> Text:
    """What a file says of whose report it is and when it was made."""
    said = Text("{store} · quầy {till} · lập lúc {time} {day}", "{store} · till {till} · made at {time} on {day}")
    return said.fill(store=store, till=till, time=clock_time(now_ms, seconds=False), day=day_text(now_ms))


def export_found(journal: Journal, path: Path, wanted: Wanted, language: Language, *, progress: Progress) -> Listed:
    """Write every payment that fits into a `.csv` or `.xlsx` file, newest first. Returns how many.

    Raises:
        TooManyRowsError: a sheet does not hold them; nothing is written.
        ValueError: another kind of file.
        OSError: it cannot be written.
        JournalError: the journal cannot be read.
    """
    paid = journal.read(partial(how_many_found, wanted=wanted)).result()
    sold, _ = journal.read(partial(cash_finding.sums, wanted=wanted)).result()
    _refuse_too_many(path, paid + sold, found_rows(journal, wanted))
    return _into(_list_file(path, language), found_rows(journal, wanted), progress)


def _list_file(path: Path, language: Language, tables: tuple[Table, ...] = ()) -> Any:
    """A file that takes the rows of a list; a workbook has these tables before it."""
    match path.suffix.lower():
        case ".csv":
            return CsvFile(path, LIST_COLUMNS, language)
        case ".xlsx":
            from pos_app.reports.xlsx_file import XlsxFile  # noqa: PLC0415 - slow to load

            book = XlsxFile(path, language)
            for table in tables:
                book.add_table(table)
            book.begin(LIST_NAME, LIST_COLUMNS)
            return book
        case other:
            raise ValueError(other)


def _into(file: Any, some: Iterable[_Some], progress: Progress) -> Listed:
    payments = cash = 0
    whole = False
    try:
        for rows, of_cash in some:
            file.add(rows)
            payments += 0 if of_cash else len(rows)
            cash += len(rows) if of_cash else 0
            progress(payments + cash, 0)
        whole = True
    finally:
        file.close(whole=whole)
    return Listed(payments, cash)


# --- a gateway's statement -----------------------------------------------------------------------------------------

NO_DAYS = (
    Text("Tệp không có cột thời gian", "The file has no column of times"),
    Text("Chọn cột nào là thời gian, hoặc cho biết ngày.", "Choose the column that holds it, or say which days."),
)


def reconcile_file(
    journal: Journal, path: Path, form: Form, days: Days | None = None, progress: Progress | None = None
) -> Reconciled:
    """Hold a statement file against the journal.

    Args:
        journal: ours.
        path: the file.
        form: which column holds what.
        days: of the statement; None for those of its lines.
        progress: told now and then how many rows were read.

    Raises:
        StatementError: the file cannot be used.
        OSError: it cannot be read.
        JournalError: the journal cannot be read.
    """
    lines, unread = read_statement(path, form, (lambda rows: progress(rows, 0)) if progress else None)
    days = days or days_of_lines(lines)
    if days is None:
        raise StatementError(*NO_DAYS)
    return reconcile(lines, unread, ours_for(journal, lines, days, form.brand), days)


def ours_for(journal: Journal, lines: list[Line], days: Days, brand_name: str) -> list[OurPayment]:
    """Our payments that these lines may be of: of these days and around them, and whatever else they name."""
    found: dict[str, OurPayment] = {}

    def take(some: list[PaymentHeld]) -> None:
        found.update((one.payment_id, _ours(one)) for one in some if _is_of(one.gateway, brand_name))

    first = days.first - timedelta(days=_AROUND_DAYS)
    for n in range((days.last - first).days + 1 + _AROUND_DAYS):
        take(journal.read(partial(_held, bounds=day_bounds_ms(first + timedelta(days=n)))).result())
    numbers = {one.number for one in found.values()}
    others = [one for one in lines if one.order_id not in found and one.number not in numbers]
    ids = sorted({one.order_id for one in others} - {""})
    missing = sorted({one.number for one in others} - {""})
    if others:
        take(journal.read(partial(held_by_ids, ids=ids, numbers=missing)).result())
    return list(found.values())


def _held(connection: Any, bounds: tuple[int, int]) -> list[PaymentHeld]:
    return held_between(connection, *bounds)


def _is_of(gateway: str, brand_name: str) -> bool:
    return not asks_nobody(gateway) and brand(gateway).vi == brand_name


def _ours(one: PaymentHeld) -> OurPayment:
    refunds = tuple(OurRefund(*refund) for refund in one.refunds)
    return OurPayment(
        one.payment_id, one.slip_number, one.number, one.amount, State(one.state), one.at_ms, refunds
    )  # fmt: skip
