"""`pos-app payments` and `pos-app verify`: what the journal says, also while the till is open."""

import argparse
from collections.abc import Callable
from datetime import date
from typing import Any

from pos_app.checkout.records import payments_of, report_json
from pos_app.checkout.report_answers import find_answer
from pos_app.checkout.views import Work
from pos_app.cli.journal_reading import ask_or_read
from pos_app.cli.reach import refused
from pos_app.cli.say import DONE, FOUND_WRONG, Say
from pos_app.clock import MachineClock
from pos_app.door import NotAnsweredError
from pos_app.journal.errors import JournalError
from pos_app.journal.store import Journal
from pos_app.money import with_sign
from pos_app.payments.gateway_names import named
from pos_app.settings import Settings
from pos_app.words import Text

_WORK = {
    Work.LATE_MONEY: Text("Việc cần làm: tiền về muộn, hoàn lại hoặc giữ cho đơn",
                       "To do: late money, give it back or keep it for the sale"),
    Work.MISMATCH: Text("Việc cần làm: tiền không khớp, quản lý xem", "To do: the money does not fit, a manager looks"),
    Work.CONFLICT: Text("Việc cần làm: ZaloPay trả lời trái nhau, quản lý xem",
                     "To do: ZaloPay's answers contradict each other, a manager looks"),
    Work.TOO_OLD: Text("Việc cần làm: ZaloPay không trả lời nữa, quản lý quyết định",
                    "To do: ZaloPay answers no more, a manager decides"),
}  # fmt: skip


_FILTERS = {
    "range": "find among these days instead: today, week, 2026-11, 2026-11-01..2026-11-22",
    "shift": "find those of this shift",
    "cashier": "find those of this cashier",
    "method": "find those of this gateway or source",
    "state": "find those that are paid, declined, open, decided or refunded",
    "amount": "find those of this many dong",
    "text": "find by the last digits of an id, an amount, or a part of the note",
}
"""With any of these it is a search: the newest hundred that fit."""


def add_payments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `payments`."""
    parser.add_argument("--day", default="", metavar="YYYY-MM-DD", help="default: today, in Vietnam")
    for name, what in _FILTERS.items():
        parser.add_argument(f"--{name}", metavar=name.upper(), help=what)
    parser.set_defaults(command=_payments)


def add_verify(parser: argparse.ArgumentParser) -> None:
    """The arguments of `verify`."""
    parser.set_defaults(command=_verify)


def _payments(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    given = {name: getattr(options, name) for name in _FILTERS if getattr(options, name) is not None}
    if given:
        return _find({"range": options.day, **given} if options.day else given, settings, say)
    try:
        date.fromisoformat(options.day or "2026-01-01")
    except ValueError:
        title = Text("Ngày không hợp lệ", "The day is not valid")
        return say.refuse(title, Text("Ví dụ: 2026-11-22.", "Such as 2026-11-22."))

    def read(journal: Journal) -> Any:
        return payments_of(journal, options.day, MachineClock().wall_ms())

    return _answered(say, lambda: ask_or_read("payments", settings, read, day=options.day), _tell_day)


def _find(given: dict[str, Any], settings: Settings, say: Say) -> int:
    def read(journal: Journal) -> Any:
        return find_answer(journal, given, now_ms=MachineClock().wall_ms())

    return _answered(say, lambda: ask_or_read("find", settings, read, **given), _tell_found)


def _tell_found(answer: dict[str, Any], say: Say) -> int:
    for payment in answer["payments"]:
        tell_payment(payment, say)
    if not answer["payments"]:
        say.line(Text("Không thấy giao dịch nào.", "No payment was found."))
    return DONE if answer["payments"] else FOUND_WRONG


def _verify(_options: argparse.Namespace, settings: Settings, say: Say) -> int:
    def read(journal: Journal) -> Any:
        return report_json(journal.verify(say.count).result())

    return _answered(say, lambda: ask_or_read("verify", settings, read), _tell_report)


def _answered(say: Say, ask: Callable[[], Any], tell: Callable[[dict[str, Any], Say], int]) -> int:
    try:
        data = ask()
    except JournalError as error:
        return say.refuse(error.title, error.advice)
    except NotAnsweredError:
        return say.cannot_answer()
    if "refused" in data:
        return refused(data, say)
    say.result(data)
    return tell(data, say)


def _tell_report(report: dict[str, Any], say: Say) -> int:
    for line in report["lines"]:
        say.line(Text(**line))
    return DONE if report["ok"] else FOUND_WRONG


def _tell_day(day: dict[str, Any], say: Say) -> int:
    for payment in day["payments"]:
        tell_payment(payment, say)
        for line in payment["story"]:
            say.line(f"    {line['time']}  {say.words(Text(**line['text']))}")
    say.line(
        Text("{day}: {count} khoản đã thu, {total}", "{day}: {count} paid, {total}").fill(
            day=day["day_text"], count=day["paid_count"], total=with_sign(day["paid_total"])
        )
    )
    if day["decided_count"]:
        said = Text(
            "Quản lý xác nhận, không qua cổng: {count} khoản, {total}",
            "Taken for paid by a manager, no gateway's word: {count}, {total}",
        )
        say.line(said.fill(count=day["decided_count"], total=with_sign(day["decided_total"])))
    for sale in day.get("cash", ()):
        tell_payment(sale, say)
    if "cash" in day:
        said = Text(
            "Thu tiền mặt, không qua cổng: {count} khoản, {total}, hoàn {back}",
            "Taken in cash, no gateway: {count}, {total}, refunded {back}",
        )
        sums = {"total": with_sign(day["cash_total"]), "back": with_sign(day["cash_refunded_total"])}
        say.line(said.fill(count=len(day["cash"]), **sums))
    for orphan in day["orphans"]:
        said = Text(
            "Tiền không rõ của đơn nào: {total}, mã {number}, đơn {order}",
            "Money of an order that is not here: {total}, number {number}, order {order}",
        )
        say.line(said.fill(total=with_sign(orphan["amount"]), number=orphan["zp_trans_id"], order=orphan["order_id"]))
    if day["refunded_total"]:
        say.line(Text("Đã hoàn {total}", "Refunded: {total}").fill(total=with_sign(day["refunded_total"])))
    if day["open_count"]:
        say.line(Text("Chưa rõ: {n} khoản", "Not known yet: {n}").fill(n=day["open_count"]))
    return DONE


def tell_payment(payment: dict[str, Any], say: Say) -> None:
    """One payment: its state, its refunds, and what a manager has to settle."""
    say.line(
        Text("{slip}  {amount:>16}  {cause}  {id}", "{slip}  {amount:>16}  {cause}  {id}").fill(
            slip=payment["slip_number"], amount=with_sign(payment["amount"]), cause=Text(**payment["cause"]),
            id=payment["order_id"],
        )
    )  # fmt: skip
    if payment["released"]:
        say.line(Text("    Quản lý đã cho đơn đi tiếp", "    A manager let the sale go on"))
    for refund in payment["refunds"]:
        tell_refund(refund, say)
    if payment["work"]:
        work = named(_WORK[Work(payment["work"])], payment["gateway"])
        say.line(Text("    {work}", "    {work}").fill(work=work))


def tell_refund(refund: dict[str, Any], say: Say) -> None:
    """One refund: its state, and who allowed it why."""
    said = Text(
        "    {slip}  hoàn {amount}: {cause} ({by}: {why})", "    {slip}  refund {amount}: {cause} ({by}: {why})"
    )
    say.line(
        said.fill(
            slip=refund["slip_number"], amount=with_sign(refund["amount"]), cause=Text(**refund["cause"]),
            by=refund["by"], why=Text(**refund["reason"]),
        )
    )  # fmt: skip
