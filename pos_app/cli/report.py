"""`pos-app report` and `pos-app reconcile`: the shop's figures, their files, a statement held against the journal."""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from pos_app.checkout.report_answers import reconcile_answer, report_answer
from pos_app.checkout.reporting import made_for
from pos_app.cli.hidden import NotTypedError
from pos_app.cli.journal_reading import ask_or_read
from pos_app.cli.person import add_person, who_does_it
from pos_app.cli.reach import Answer, refused
from pos_app.cli.say import DONE, FOUND_WRONG, USAGE, Say
from pos_app.clock import MachineClock
from pos_app.door import NobodyHomeError, NotAnsweredError
from pos_app.journal.errors import JournalError
from pos_app.journal.store import Journal
from pos_app.money import with_sign
from pos_app.reports.statement import FIELD_WORDS, Field
from pos_app.settings import Settings, data_folder
from pos_app.words import Text

Work = Callable[[argparse.Namespace, Settings, Say, Answer], int]
"""Does it in the name of whoever was named."""


def add_report(parser: argparse.ArgumentParser) -> None:
    """The arguments of `report`."""
    parser.add_argument(
        "--range", default="today", metavar="RANGE",
        help="today, yesterday, week, month, a day 2026-11-22, a month 2026-11, or 2026-11-01..2026-11-22",
    )  # fmt: skip
    parser.add_argument("--till", default="", metavar="TILL", help="of this till only")
    parser.add_argument("--cashier", metavar="NAME", help="of this cashier only")
    parser.add_argument("--method", default="", metavar="WORDS", help="of this way to pay only, as the report names it")
    for kind, what in (("csv", "every payment"), ("xlsx", "the report and every payment"), ("pdf", "the report")):
        parser.add_argument(f"--{kind}", type=Path, metavar="FILE", help=f"write {what} into this file")
    add_person(parser)
    parser.set_defaults(command=partial(_signed, work=_report))


def add_reconcile(parser: argparse.ArgumentParser) -> None:
    """The arguments of `reconcile`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the gateway's statement, CSV or XLSX")
    parser.add_argument("--range", default="", metavar="RANGE", help="its days; default: those of its lines")
    parser.add_argument("--brand", default="", metavar="NAME", help="whose statement it is: ZaloPay or AppotaPay")
    parser.add_argument(
        "--column", action="append", default=[], metavar="WHAT=NAME",
        help=f"which column holds what, remembered for files alike; WHAT is one of {', '.join(Field)}",
    )  # fmt: skip
    add_person(parser)
    parser.set_defaults(command=partial(_signed, work=_reconcile))


def _signed(options: argparse.Namespace, settings: Settings, say: Say, *, work: Work) -> int:
    """One PIN, however many files are written."""
    try:
        who = who_does_it(options, say)
    except NotTypedError as error:
        return say.refuse(error.title, error.advice)
    return work(options, settings, say, {"who": who} if who else {})


def _asked(question: str, settings: Settings, say: Say, read: Any, given: Answer) -> Answer:
    """The answer; a refusal has said itself and is {"exit_code": …}."""
    try:
        answer: Answer = ask_or_read(question, settings, read, **given)
    except JournalError as error:
        return {"exit_code": say.refuse(error.title, error.advice)}
    except (NobodyHomeError, NotAnsweredError):
        return {"exit_code": say.cannot_answer()}
    return {"exit_code": refused(answer, say)} if "refused" in answer else answer


# --- report --------------------------------------------------------------------------------------------------------


def _report(options: argparse.Namespace, settings: Settings, say: Say, who: Answer) -> int:
    given = {"range": options.range, "till": options.till, "method": options.method}
    if options.cashier is not None:
        given["cashier"] = options.cashier
    answer: Answer = {}
    files = [str(_with_suffix(path, kind).absolute()) for path, kind in _kinds(options)]
    for path in files or [""]:
        wanted = {**given, "path": path} if path else given

        def read(journal: Journal, wanted: Answer = wanted) -> Answer:
            now_ms = MachineClock().wall_ms()
            return report_answer(
                journal, wanted, now_ms=now_ms, language=settings.look.language,
                about=made_for(settings.shop.store, settings.shop.till, now_ms),
                progress=say.count_up,
            )  # fmt: skip

        answer = _asked("report", settings, say, read, wanted | who)
        if "exit_code" in answer:
            return int(answer["exit_code"])
        if path:
            said = Text("Đã ghi {file}", "Wrote {file}").fill(file=path)
            say.line(said)
    say.result({**answer, "files": files, "exit_code": DONE})
    _tell_report(answer, say)
    return DONE


def _kinds(options: argparse.Namespace) -> list[tuple[Path, str]]:
    return [(path, kind) for kind in ("csv", "xlsx", "pdf") if (path := getattr(options, kind)) is not None]


def _with_suffix(path: Path, kind: str) -> Path:
    return path if path.suffix.lower() == f".{kind}" else path.with_name(f"{path.name}.{kind}")


def _tell_report(report: Answer, say: Say) -> None:
    total = report["total"]
    said = Text(
        "{first} – {last}: thực thu {net} ({count} khoản đã thu {amount}, hoàn {refunded})",
        "{first} – {last}: net {net} ({count} paid {amount}, refunded {refunded})",
    )
    say.line(
        said.fill(
            first=report["from"], last=report["to"], net=with_sign(total["net"]), count=total["count"],
            amount=with_sign(total["amount"]), refunded=with_sign(total["refunded"]),
        )
    )  # fmt: skip
    for one in report["by_method"]:
        say.line(
            Text("  {net:>18}  {name}", "  {net:>18}  {name}").fill(
                net=with_sign(one["net"]), name=Text(**one["method"])
            )
        )
    for one in report["by_cashier"]:
        say.line(f"  {with_sign(one['net']):>18}  {one['cashier'] or '–'}")
    if report["decided"]["count"]:
        said = Text(
            "Quản lý xác nhận, không qua cổng: {count} khoản, {total}",
            "Taken for paid by a manager, no gateway's word: {count}, {total}",
        )
        say.line(said.fill(count=report["decided"]["count"], total=with_sign(report["decided"]["amount"])))
    if report["cash"]["count"] or report["cash"]["refunds"]:
        said = Text(
            "Thu tiền mặt, không qua cổng: {count} khoản, {total}, hoàn {back}",
            "Taken in cash, no gateway: {count}, {total}, refunded {back}",
        )
        sums = {"total": with_sign(report["cash"]["amount"]), "back": with_sign(report["cash"]["refunded"])}
        say.line(said.fill(count=report["cash"]["count"], **sums))
    if "drawer" in report:
        _tell_drawer(report["drawer"], say)
    for one in report["causes"]:
        said = Text("Chưa thu được {count}: {cause}", "Declined {count}: {cause}")
        say.line(said.fill(count=one["count"], cause=Text(**one["cause"])))
    if report["median_s"] is not None:
        said = Text(
            "Từ quét đến trả: một nửa dưới {a} giây, 95% dưới {b} giây",
            "Scan to paid: half within {a} s, 95% within {b} s",
        )
        say.line(said.fill(a=report["median_s"], b=report["p95_s"]))


def _tell_drawer(drawer: Answer, say: Say) -> None:
    if drawer["paid_in"] or drawer["paid_out"]:
        said = Text("Nộp vào ngăn kéo {into}, rút ra {out}", "Paid into the drawer {into}, out of it {out}")
        say.line(said.fill(into=with_sign(drawer["paid_in"]), out=with_sign(drawer["paid_out"])))
    for one in drawer["log"]:
        if one.get("over"):
            said = Text("Ca {shift}, {who} chốt: thừa {n}", "Shift {shift}, closed by {who}: {n} over")
            if one["over"] < 0:
                said = Text("Ca {shift}, {who} chốt: thiếu {n}", "Shift {shift}, closed by {who}: {n} short")
            say.line(said.fill(shift=one["shift"], who=one["cashier"] or "–", n=with_sign(abs(one["over"]))))


# --- reconcile -----------------------------------------------------------------------------------------------------


def _reconcile(options: argparse.Namespace, settings: Settings, say: Say, who: Answer) -> int:
    columns = dict(one.partition("=")[::2] for one in options.column)
    given = {"path": str(options.file.absolute()), "range": options.range, "brand": options.brand, "columns": columns}

    def read(journal: Journal) -> Answer:
        return reconcile_answer(
            journal, given, folder=data_folder(), now_ms=MachineClock().wall_ms(), progress=say.count_up
        )  # fmt: skip

    answer = _asked("reconcile", settings, say, read, given | who)
    if "exit_code" in answer:
        return int(answer["exit_code"])
    if "columns_wanted" in answer:
        return _tell_columns(answer, say)
    wrong = bool(answer["differences"])
    form = answer["form"]
    said = Text(
        "Sao kê {brand}, {columns}. Sai thì đổi bằng --brand, --column.",
        "Statement of {brand}, {columns}. If that is wrong, change it by --brand, --column.",
    )
    say.line(
        said.fill(brand=form["brand"], columns=", ".join(f"{it} = {name}" for it, name in form["columns"].items()))
    )
    say.result({**answer, "exit_code": FOUND_WRONG if wrong else DONE})
    said = Text(
        "Khớp {n} khoản, {amount}; ở đây {ours}, sao kê {theirs}",
        "{n} match, {amount}; here {ours}, in the statement {theirs}",
    )
    say.line(
        said.fill(
            n=answer["matched"], amount=with_sign(answer["matched_amount"]), ours=with_sign(answer["ours"]["net"]),
            theirs=with_sign(answer["theirs"]["net"]),
        )
    )  # fmt: skip
    for one in answer["differences"]:
        _tell_difference(one, say)
    return FOUND_WRONG if wrong else DONE


def _tell_difference(one: Answer, say: Say) -> None:
    said = Text(
        "{kind}: {which}, ở đây {ours}, sao kê {theirs} {note}", "{kind}: {which}, here {ours}, there {theirs} {note}"
    )
    which = one["slip_number"] or one["order_id"] or one["number"] or f"#{one['place']}"
    say.line(
        said.fill(
            kind=Text(**one["words"]), which=which, ours=with_sign(one["ours"]), theirs=with_sign(one["theirs"]),
            note=Text(**one["note"]),
        )
    )  # fmt: skip


def _tell_columns(answer: Answer, say: Say) -> int:
    """The columns are not known: which there are, and what they may hold."""
    title = Text("Chưa biết cột nào là gì", "It is not known which column holds what")
    example = " ".join(f"--column '{field}={name}'" for field, name in answer["guess"].items())
    needed = "; ".join(f"{field} = {FIELD_WORDS[Field(field)].vi}" for field in Field)
    advice = Text(
        "Các cột: {names}. Thử: {example}. ({needed})", "Columns: {names}. Try: {example}."
    ).fill(names=", ".join(answer["columns_wanted"]), example=example, needed=needed)  # fmt: skip
    return say.refuse(title, advice, USAGE, columns=answer["columns_wanted"], guess=answer["guess"])
