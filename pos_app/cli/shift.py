"""`pos-app shift`: the figures, opening, closing for good, and the cash drawer; also while the till is open."""

import argparse
import secrets
from typing import Any

from pos_app.checkout.refused import RefusedError, refusal
from pos_app.checkout.shift_errands import told
from pos_app.checkout.shift_report import ReportHead
from pos_app.checkout.shifts import NONE_SUCH
from pos_app.cli.approval import MANAGERS_PIN, patiently
from pos_app.cli.cash import not_known
from pos_app.cli.hidden import Hidden, NotTypedError
from pos_app.cli.journal_reading import ask_or_read
from pos_app.cli.own_till import add_gateway
from pos_app.cli.pay import WRONG_AMOUNT, WRONG_AMOUNT_ADVICE
from pos_app.cli.person import PIN_OF, who_does_it
from pos_app.cli.reach import Answer, Reached, reach, refused
from pos_app.cli.say import DONE, FOUND_WRONG, NOT_KNOWN, USAGE, Say
from pos_app.clock import MachineClock
from pos_app.door import NobodyHomeError, NotAnsweredError
from pos_app.journal.errors import JournalError
from pos_app.journal.shift_facts import seen
from pos_app.journal.store import Journal
from pos_app.keys.errors import NoGatewayError
from pos_app.money import read_amount, with_sign
from pos_app.payments.cash import CashKind
from pos_app.payments.environment import Environment
from pos_app.settings import Settings, environment_in_use
from pos_app.words import Text

_MOVES = {"pay-in": CashKind.PAY_IN, "pay-out": CashKind.PAY_OUT, "drawer": CashKind.OPENED}
_SHORT = Text("Tiền mặt thiếu {n}", "The cash is {n} short")
_UNSIGNED = (
    Text("Còn {n} khoản chưa rõ, {sum}", "{n} payments are not known yet, {sum}"),
    Text("Đợi, hoặc quản lý ký: --by TÊN --reason LÝ_DO.", "Wait, or have a manager sign: --by NAME --reason TEXT."),
)


def add_shift(parser: argparse.ArgumentParser) -> None:
    """The arguments of `shift`."""
    parser.add_argument("what", choices=("x", "open", "close", *_MOVES),
                        help="look at it, open it, close it for good; cash in, out, the drawer")  # fmt: skip
    parser.add_argument("--number", type=int, metavar="N", help="for x: the report of the closed shift of that number")
    parser.add_argument("--by", default="", metavar="NAME", help="who does it; with --reason the manager who signs")
    parser.add_argument("--reason", default="", metavar="TEXT",
                        help="for close: why that is left open, or the cash differs; else why it moves")  # fmt: skip
    parser.add_argument("--float", default="0", metavar="DONG", help="for open: cash in the drawer")
    parser.add_argument("--counted", default="", metavar="DONG", help="for close: cash that was counted")
    parser.add_argument("--amount", default="0", metavar="DONG", help="for pay-in and pay-out")
    parser.add_argument("--intent", default="", metavar="ID",
                        help="any name for this one move: asked for again under it, it is still one")  # fmt: skip
    parser.add_argument("--pin-stdin", action="store_true", help="read that person's PIN from standard input")
    add_gateway(parser)
    parser.set_defaults(command=_shift)


def _shift(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    try:
        if options.what == "x":
            return _told(_looked(options, settings, say), say)
        with reach(settings, options, say) as till:
            if options.what == "open":
                return _told(till.ask("shift_open", float=read_amount(options.float)), say)
            return _close(till, options, say) if options.what == "close" else _move(till, options, say)
    except ValueError:
        return say.refuse(WRONG_AMOUNT, WRONG_AMOUNT_ADVICE)
    except (JournalError, NoGatewayError, NotTypedError) as error:
        return say.refuse(error.title, error.advice)
    except (NobodyHomeError, NotAnsweredError):
        return say.cannot_answer()


def _looked(options: argparse.Namespace, settings: Settings, say: Say) -> Answer:
    number, shop = options.number, settings.shop

    def read(journal: Journal) -> Answer:
        shift = journal.read(lambda connection: seen(connection, number)).result()
        if shift is None:
            return refusal(RefusedError(*NONE_SUCH))
        here = environment_in_use()
        head = ReportHead(
            shop.store, shop.address, shop.phone, shop.tax_code, shop.till, demo=here is Environment.BUILT_IN,
            sandbox=here is Environment.SANDBOX,
        )  # fmt: skip
        return told(shift, head, MachineClock().wall_ms())

    wanted: dict[str, Any] = {} if number is None else {"number": number}
    if who := who_does_it(options, say):
        wanted["who"] = who
    answer: Answer = ask_or_read("shift", settings, read, **wanted)
    return answer


def _close(till: Reached, options: argparse.Namespace, say: Say) -> int:
    now = till.ask("cash_count", counted=read_amount(options.counted)) if options.counted else till.ask("shift")
    if "refused" in now:
        return refused(now, say)
    if now["cash"]["over"] and not options.reason:
        return _differs(now, say)
    if now["totals"]["open"] and not (options.by and options.reason):
        return _unsigned(now, say)
    given = _signature(now, options, say)
    try:
        return _told(patiently(lambda: till.ask("shift_close", **given), say), say)
    except (NobodyHomeError, NotAnsweredError):
        return _closed_or_not(say)


def _differs(now: Answer, say: Say) -> int:
    """It was counted, and is not what must be there: only now that is told."""
    cash = now["cash"]
    title = Text("Tiền mặt thừa {n}", "The cash is {n} over") if cash["over"] > 0 else _SHORT
    advice = Text("Phải có {n}. Ghi --reason LÝ_DO.", "{n} must be there. Add --reason TEXT.")
    said = title.fill(n=with_sign(abs(cash["over"])))
    return say.refuse(said, advice.fill(n=with_sign(cash["expected"])), USAGE, cash=cash)


def _move(till: Reached, options: argparse.Namespace, say: Say) -> int:
    given = {"kind": _MOVES[options.what].value, "amount": read_amount(options.amount), "reason": options.reason}
    pin = Hidden(say, option="--pin-stdin", from_stdin=options.pin_stdin).get(MANAGERS_PIN)
    intent = options.intent or secrets.token_hex(8)
    try:
        answer = patiently(lambda: till.ask("cash_move", **given, intent=intent, by=options.by, pin=pin), say)
    except (NobodyHomeError, NotAnsweredError):
        return not_known(intent, say)
    return _told(answer, say)


def _unsigned(now: Answer, say: Say) -> int:
    opened = now["totals"]["open"]
    for one in opened:
        say.line(f"    {one['slip_number']}  {with_sign(one['amount']):>16}")
    title, advice = _UNSIGNED
    said = title.fill(n=len(opened), sum=with_sign(now["open_amount"]))
    return say.refuse(said, advice, USAGE, open=opened)


def _signature(now: Answer, options: argparse.Namespace, say: Say) -> dict[str, Any]:
    given: dict[str, Any] = {"number": now["shift"], "difference_reason": options.reason}
    if not now["totals"]["open"] and options.by and options.reason:  # then it is nobody's signature, but who does it
        pin = Hidden(say, option="--pin-stdin", from_stdin=options.pin_stdin).get(PIN_OF.fill(name=options.by))
        given["who"] = {"by": options.by, "pin": pin}
    if now["totals"]["open"]:
        pin = Hidden(say, option="--pin-stdin", from_stdin=options.pin_stdin).get(MANAGERS_PIN)
        given |= {"seen": [one["number"] for one in now["totals"]["open"]], "by": options.by, "pin": pin}
        given["reason"] = options.reason
    return given


def _told(answer: Answer, say: Say) -> int:
    if "refused" in answer:
        return refused(answer, say)
    code = DONE if answer["agrees"] else FOUND_WRONG
    say.result({**answer, "exit_code": code})
    say.line(Text(**answer["title"]))
    for section in answer["sections"]:
        if section["title"]["vi"]:
            say.line("")
            say.line(Text(**section["title"]))
        for line in section["lines"]:
            label, value = say.words(Text(**line["label"])), say.words(Text(**line["value"]))
            say.line(f"  {label:<44} {value:>26}")
    return code


def _closed_or_not(say: Say) -> int:
    title = Text("Chưa rõ đã chốt chưa", "Not known whether it was closed")
    return say.refuse(title, Text("Xem `pos-app shift x`.", "See `pos-app shift x`."), NOT_KNOWN)
