"""`pos-app customer list | bind | balance | pay | unbind`: regular customers, whose wallets are linked to the shop."""

import argparse

from pos_app.cli.hidden import NotTypedError
from pos_app.cli.own_till import add_gateway, add_wait
from pos_app.cli.pay import WAIT_SECONDS, WRONG_AMOUNT, WRONG_AMOUNT_ADVICE
from pos_app.cli.person import add_person
from pos_app.cli.reach import Answer, Reached, Waiting, reach, refused
from pos_app.cli.say import DECLINED, DONE, NOT_KNOWN, NOT_SENT, USAGE, Say
from pos_app.cli.show import follow
from pos_app.door import NobodyHomeError, NotAnsweredError
from pos_app.journal.errors import JournalError
from pos_app.keys.errors import NoGatewayError
from pos_app.money import read_amount
from pos_app.settings import Settings
from pos_app.words import Text

_NEEDS = {
    "bind": ("name",),
    "balance": ("customer", "amount"),
    "pay": ("customer", "amount"),
    "unbind": ("customer",),
    "list": (),
}
_CAN_PAY = {
    True: (DONE, Text("Ví trả được", "The wallet can pay it")),
    False: (DECLINED, Text("Ví không trả được", "The wallet cannot pay it")),
    None: (NOT_KNOWN, Text("Chưa biết ví có trả được không", "Nobody knows whether the wallet can pay it")),
}
_MISSING = Text("Thiếu {what}", "Missing: {what}")


def add_customer(parser: argparse.ArgumentParser) -> None:
    """The arguments of `customer`."""
    about = "who there is; link a wallet; whether one can pay; charge one whose owner is here; let one go"
    parser.add_argument("what", choices=tuple(_NEEDS), help=about)
    parser.add_argument("--name", default="", help="of the customer, for `bind`")
    parser.add_argument(
        "--customer", default="", metavar="NUMBER", help="as `list` shows it, for `balance`, `pay`, `unbind`"
    )
    parser.add_argument("--amount", default="", help="whole dong, such as 50000 or 50.000, for `balance` and `pay`")
    parser.add_argument("--note", default="", help="bill number or note, for `pay`")
    add_wait(parser, WAIT_SECONDS)
    add_person(parser)
    add_gateway(parser)
    parser.set_defaults(command=_customer)


def _customer(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    missing = [f"--{name}" for name in _NEEDS[options.what] if not getattr(options, name)]
    if missing:
        return say.refuse(_MISSING.fill(what=", ".join(missing)), Text("Xem --help.", "See --help."))
    if options.what == "pay":
        asked = {"number": options.customer, "note": options.note}
        return follow(options, settings, say, lambda till, dong: till.ask("charge_customer", amount=dong, **asked))
    work = {"list": _list, "bind": _bind, "balance": _balance, "unbind": _unbind}[options.what]
    try:
        with reach(settings, options, say) as till:
            return work(till, options, say)
    except (JournalError, NoGatewayError, NotTypedError) as error:
        return say.refuse(error.title, error.advice)
    except (NobodyHomeError, NotAnsweredError):
        return say.cannot_answer()


def _list(till: Reached, _options: argparse.Namespace, say: Say) -> int:
    answer = till.ask("customers")
    if "refused" in answer:
        return refused(answer, say)
    say.result({**answer, "exit_code": DONE})
    for one in answer["customers"]:
        say.line(f"{one['number']}  {one['name']}  {one['phone']}")
    if not answer["customers"]:
        say.line(Text("Chưa có khách quen", "No regular customers yet"))
    return DONE


def _bind(till: Reached, options: argparse.Namespace, say: Say) -> int:
    bound = till.ask("bind", name=options.name)
    if "refused" in bound:
        return refused(bound, say, NOT_SENT)
    say.progress(Text("Khách quét mã hoặc mở liên kết này:", "The customer scans or opens this:"))
    say.progress(Text("{link}", "{link}").fill(link=bound["link"]))
    try:
        number = Waiting(say, options.wait).look_until(lambda: _number_of(till, bound))
    except KeyboardInterrupt:
        say.stopped_waiting()
        number = None
    if number is None:
        title = Text("Khách chưa đồng ý", "The customer has not agreed")
        return say.refuse(title, Text("Máy còn đợi 15 phút.", "The till waits for 15 minutes."), DECLINED)
    say.result({"customer": number, "name": bound["name"], "exit_code": DONE})
    say.line(Text("Đã liên kết {name}: {number}", "Linked {name}: {number}").fill(name=bound["name"], number=number))
    return DONE


def _balance(till: Reached, options: argparse.Namespace, say: Say) -> int:
    """Exit 0: the wallet can pay it now; 10: it cannot; 11: nobody knows."""
    try:
        amount = read_amount(options.amount)
    except ValueError:
        return say.refuse(WRONG_AMOUNT, WRONG_AMOUNT_ADVICE)
    answer = till.ask("balance", number=options.customer, amount=amount)
    if "refused" in answer:
        return refused(answer, say)
    code, said = _CAN_PAY[answer["payable"]]
    say.result({**answer, "exit_code": code})
    say.line(said)
    return code


def _number_of(till: Reached, bound: Answer) -> str | None:
    answer = till.ask("customers")
    found = (one["number"] for one in answer.get("customers", ()) if one["number"] == bound["number"])
    return next(found, None)


def _unbind(till: Reached, options: argparse.Namespace, say: Say) -> int:
    answer = till.ask("unbind", number=options.customer)
    if "refused" in answer:
        return refused(answer, say, USAGE)
    say.result({"exit_code": DONE})
    say.line(Text("Đã bỏ liên kết", "Unlinked"))
    return DONE
