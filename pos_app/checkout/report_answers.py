"""Reports, statements and searches as answers to other programs: plain values, numbers as numbers. All of it blocks."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from pos_app.checkout.cash_views import cash_view
from pos_app.checkout.records import payment_json, record_view
from pos_app.checkout.refused import RefusedError, refusal
from pos_app.checkout.reporting import WORDING, Progress, export, facts_of, reconcile_file
from pos_app.journal.cash_finding import METHOD as CASH_METHOD
from pos_app.journal.cash_finding import found as cash_found
from pos_app.journal.finding import choices, read_found
from pos_app.journal.store import Journal
from pos_app.journal.wanted import Wanted
from pos_app.money import read_amount
from pos_app.payments.gateway_names import CASH, ZALOPAY, brand
from pos_app.payments.payment import DECIDED, LIVE, NEGATIVE, State
from pos_app.reports.drawer import NO_DRAWER, Drawer
from pos_app.reports.facts import DrawerMoved
from pos_app.reports.forms import known_form, remember
from pos_app.reports.ranges import Days, read_days
from pos_app.reports.reconcile import KIND_WORDS, Reconciled
from pos_app.reports.report import Choice, Money, Report, report_of
from pos_app.reports.statement import FIELD_WORDS, Field, Form, heading
from pos_app.reports.statement_file import StatementError, guess, head_of
from pos_app.reports.table import TooManyRowsError
from pos_app.vietnam_day import day_of
from pos_app.words import Language, Text

Given = dict[str, Any]

STATES: dict[str, frozenset[State]] = {
    "paid": frozenset({State.PAID}),
    "declined": NEGATIVE,
    "open": LIVE,
    "decided": DECIDED,
}
"""What a state is called in a search."""
FOUND_MAX = 100
_SUFFIXES = (".csv", ".xlsx", ".pdf")
_NO_RANGE = (
    Text("Khoảng ngày không hợp lệ", "The range of days is not valid"),
    Text(
        "Ví dụ: today, week, 2026-11, 2026-11-01..2026-11-22.", "Such as today, week, 2026-11, 2026-11-01..2026-11-22."
    ),
)
_NO_FILE = (
    Text("Không ghi được tệp", "The file cannot be written"),
    Text("Chọn thư mục khác.", "Choose another folder."),
)
_UNREADABLE = (
    Text("Không mở được tệp", "The file cannot be opened"),
    Text("Xem lại đường dẫn.", "Look at the path again."),
)


def answered(work: Callable[[], Given]) -> Given:
    """What the work answers, or why it cannot, as a refusal."""
    try:
        return work()
    except RefusedError as error:
        return refusal(error)
    except (StatementError, TooManyRowsError) as error:
        return refusal(RefusedError(error.title, error.advice))


def days_named(text: str, now_ms: int) -> Days:
    """The range that somebody named.

    Raises:
        RefusedError: it is none.
    """
    try:
        return read_days(text, day_of(now_ms))
    except ValueError:
        raise RefusedError(*_NO_RANGE) from None


# --- reports -------------------------------------------------------------------------------------------------------


def report_answer(
    journal: Journal, given: Given, *, now_ms: int, language: Language, about: Text, progress: Progress | None = None
) -> Given:
    """A report; with `path`, written into that file too.

    Args:
        journal: what is read.
        given: `range`, and if wanted `till`, `cashier`, `method`, `path`.
        now_ms: wall clock.
        language: of a file.
        about: what a file says of whose report it is.
        progress: how far a file has come.

    Raises:
        JournalError: the journal cannot be read.
    """

    def work() -> Given:
        days = days_named(str(given.get("range", "today")), now_ms)
        facts = facts_of(journal, days)
        method = str(given.get("method", ""))
        there = {WORDING.method(one.method) for one in facts.cells} | ({brand(CASH)} if facts.of_cash else set())
        cashier = given.get("cashier")
        wanted = next((one for one in there if method and method in one), Text(method, method)) if method else None
        report = report_of(facts, days, WORDING, Choice(str(given.get("till", "")), cashier, wanted))
        answer = report_json(report)
        if path := str(given.get("path", "")):
            answer |= {"file": path, **_written(journal, Path(path), report, language, about, progress)}
        return answer

    return answered(work)


def _written(
    journal: Journal, path: Path, report: Report, language: Language, about: Text, progress: Progress | None
) -> Given:
    if path.suffix.lower() not in _SUFFIXES:
        raise RefusedError(_NO_FILE[0], Text("Tệp .csv, .xlsx hoặc .pdf.", "A .csv, .xlsx or .pdf file."))
    try:
        listed = export(journal, path, report, language, about=about, progress=progress or (lambda *_: None))
    except OSError:
        raise RefusedError(*_NO_FILE) from None
    return {"listed": listed.payments, "cash_listed": listed.cash}


def report_json(report: Report) -> Given:
    """A report for other programs: dong, counts, seconds, thousandths; words in both languages."""
    return {
        "from": report.days.first.isoformat(),
        "to": report.days.last.isoformat(),
        "total": _money(report.total),
        "decided": asdict(report.decided),
        "declined": asdict(report.refused),
        "open": asdict(report.open),
        "cash": _money(report.cash),
        "median_s": report.median_s,
        "p95_s": report.p95_s,
        "by_day": [{"day": day.isoformat(), **_money(money)} for day, money in report.by_day],
        "by_hour": [{"hour": hour, **_money(money)} for hour, money in report.by_hour],
        "by_method": [{"method": method._asdict(), **_money(money)} for method, money in report.by_method],
        "by_cashier": [{"cashier": name, **_money(money)} for name, money in report.by_cashier],
        "by_till": [{"till": name, **_money(money)} for name, money in report.by_till],
        "causes": [
            {"cause": one.cause._asdict(), **asdict(one.counted), "permille": one.permille} for one in report.declined
        ],
        "people": [
            {"name": one.name, **{name: asdict(getattr(one, name)) for name in _BY_PERSON}} for one in report.people
        ],
        "refunds": [
            {
                "at_ms": one.at_ms, "slip_number": one.slip_number, "of_slip": one.payment_slip,
                "payment": one.payment_id, "refund": one.m_refund_id, "amount": one.amount, "by": one.by,
                "reason": one.reason,
            }
            for one in report.refunds
        ],
        "acts": [
            {
                "at_ms": one.at_ms, "act": one.act.value, "by": one.by, "reason": one.reason, "note": one.note,
                "payment": one.payment_id, "slip_number": one.payment_slip, "amount": one.amount,
            }
            for one in report.acts
        ],
        "timed": [
            {
                "day": one.day.isoformat(), "till": one.till, "count": one.count,
                **{span.value: asdict(pace) for span, pace in one.parts.items()},
            }
            for one in report.timed
        ],
        **({"drawer": _drawer_json(report.drawer)} if report.drawer != NO_DRAWER else {}),
    }  # fmt: skip


def _drawer_json(drawer: Drawer) -> Given:
    """Only where there was some cash."""
    return {
        **asdict(drawer.total),
        "by_shift": [
            {"till": one.till, "shift": one.shift, "cashier": one.cashier, **asdict(one.sums)} for one in drawer.lines
        ],
        "log": [
            {**asdict(one), "kind": one.kind.value} if isinstance(one, DrawerMoved)
            else {**asdict(one), "kind": "closed", "over": one.over}
            for one in drawer.log
        ],
    }  # fmt: skip


_BY_PERSON = ("refunds", "paid", "unpaid", "released", "kept")


def _money(money: Money) -> Given:
    return {**asdict(money), "net": money.net}


# --- statements ----------------------------------------------------------------------------------------------------


def reconcile_answer(
    journal: Journal, given: Given, *, folder: Path, now_ms: int, progress: Progress | None = None
) -> Given:
    """A statement file held against the journal; or, where its columns are not known yet, what they may be.

    Args:
        journal: ours.
        given: `path`, and if wanted `range`, `brand`, and `columns` (what each holds, by its name in the file).
        folder: the data folder, where forms are remembered.
        now_ms: wall clock.
        progress: how many rows were read.

    Raises:
        JournalError: the journal cannot be read.
    """

    def work() -> Given:
        path = Path(given["path"])
        days = days_named(str(given["range"]), now_ms) if given.get("range") else None
        try:
            form = _form_of(path, given, folder)
            if form is None or form.missing:
                names = head_of(path).names
                return {"columns_wanted": [name for name in names if name], "guess": {**guess(names)}}
            told = reconcile_file(journal, path, form, days, progress)
        except OSError:
            raise RefusedError(*_UNREADABLE) from None
        remember(folder, form)
        columns = {field.value: name for field, name in form.columns.items()}
        return reconciled_json(told) | {"form": {"brand": form.brand, "columns": columns}}

    return answered(work)


def _form_of(path: Path, given: Given, folder: Path) -> Form | None:
    columns = given.get("columns")
    if columns:
        unknown = set(columns) - set(Field)
        if unknown:
            raise RefusedError(
                Text("Cột không hiểu được", "The columns are not understood"),
                Text("{names}", "{names}").fill(names=", ".join(FIELD_WORDS)),
            )
        return Form(
            {Field(field): heading(name) for field, name in columns.items()}, str(given.get("brand") or ZALOPAY)
        )
    wanted = str(given.get("brand") or "")
    known = known_form(folder, head_of(path).names, wanted)
    return known and Form(known.columns, wanted or known.brand)


def reconciled_json(told: Reconciled) -> Given:
    """A comparison for other programs."""

    def side(total: Any) -> Given:
        return {**asdict(total), "net": total.net}

    return {
        "from": told.days.first.isoformat(),
        "to": told.days.last.isoformat(),
        "ours": side(told.ours),
        "theirs": side(told.theirs),
        "matched": told.matched,
        "matched_amount": told.matched_amount,
        "matched_refunds": told.matched_refunds,
        "explained": told.explained,
        "counts": {kind.value: count for kind, count in told.counts.items()},
        "differences": [
            {
                **asdict(one), "kind": one.kind.value, "words": KIND_WORDS[one.kind]._asdict(),
                "note": one.note._asdict(),
            }
            for one in told.differences
        ],
    }  # fmt: skip


# --- searches ------------------------------------------------------------------------------------------------------


def find_answer(journal: Journal, given: Given, *, now_ms: int) -> Given:
    """The newest payments that fit: `range`, `shift`, `cashier`, `method`, `state`, `amount`, `text`, `count`.

    Raises:
        JournalError: the journal cannot be read.
    """

    def work() -> Given:
        wanted = _wanted(journal, given, now_ms)
        count = int(given.get("count", FOUND_MAX))
        records = journal.read(partial(read_found, wanted=wanted, count=count)).result()
        sold = journal.read(partial(cash_found, wanted=wanted, count=count)).result()
        return {
            "payments": [
                payment_json(record_view(one)) | {"cashier": one.cashier, "shift": one.shift} for one in records
            ]
            + [payment_json(cash_view(one, demo=False)) | {"cashier": one.cashier, "shift": one.shift} for one in sold]
        }

    return answered(work)


def _wanted(journal: Journal, given: Given, now_ms: int) -> Wanted:
    start_ms, end_ms = days_named(str(given["range"]), now_ms).bounds_ms if given.get("range") else (None, None)
    method, state = str(given.get("method", "")), str(given.get("state", ""))
    methods: tuple[tuple[str, str], ...] = ()
    if method:
        there = journal.read(partial(choices, shifts=0)).result().methods
        methods = tuple(one for one in (*there, CASH_METHOD) if method in one) or ((method, method),)
    if state and state != "refunded" and state not in STATES:
        names = ", ".join((*STATES, "refunded"))
        raise RefusedError(Text("Trạng thái không có", "There is no such state"), Text(names, names))
    try:
        amount = read_amount(str(given["amount"])) if given.get("amount") else None
    except ValueError:
        raise RefusedError(
            Text("Số tiền không hợp lệ", "The amount is not valid"), Text("Ví dụ: 50000.", "Such as 50000.")
        ) from None
    shift = given.get("shift")
    return Wanted(
        start_ms, end_ms, int(shift) if shift else None, given.get("cashier"), methods,
        tuple(STATES.get(state, ())), state == "refunded", amount, str(given.get("text", "")),
    )  # fmt: skip
