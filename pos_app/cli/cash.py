"""`pos-app cash`: a sale paid in cash, where the shop takes cash; also while the till is open."""

import argparse
import secrets

from pos_app.cli.hidden import NotTypedError
from pos_app.cli.own_till import add_gateway
from pos_app.cli.pay import WRONG_AMOUNT, WRONG_AMOUNT_ADVICE
from pos_app.cli.person import add_person
from pos_app.cli.reach import reach, refused
from pos_app.cli.say import DONE, NOT_KNOWN, Say
from pos_app.door import NobodyHomeError, NotAnsweredError
from pos_app.journal.errors import JournalError
from pos_app.keys.errors import NoGatewayError
from pos_app.money import read_amount, with_sign
from pos_app.settings import Settings
from pos_app.words import Text


def add_cash(parser: argparse.ArgumentParser) -> None:
    """The arguments of `cash`."""
    parser.add_argument("--amount", required=True, help="whole dong, such as 50000 or 50.000")
    parser.add_argument("--given", default="", help="dong that the customer gave; without it, exactly the amount")
    parser.add_argument("--note", default="", help="bill number or note")
    parser.add_argument("--intent", default="", metavar="ID",
                        help="any name for this one sale: asked for again under it, it is still one")  # fmt: skip
    add_person(parser)
    add_gateway(parser)
    parser.set_defaults(command=_cash)


def _cash(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    try:
        amount = read_amount(options.amount)
        given = read_amount(options.given) if options.given else amount
    except ValueError:
        return say.refuse(WRONG_AMOUNT, WRONG_AMOUNT_ADVICE)
    intent, begun = options.intent or secrets.token_hex(8), False
    try:
        with reach(settings, options, say) as till:
            begun = True
            answer = till.ask("cash", amount=amount, given=given, note=options.note, intent=intent)
    except (JournalError, NoGatewayError, NotTypedError) as error:
        return say.refuse(error.title, error.advice)
    except (NobodyHomeError, NotAnsweredError):
        return not_known(intent, say) if begun else say.cannot_answer()
    if "refused" in answer:
        return refused(answer, say)
    say.result({**answer, "exit_code": DONE})
    said = Text(
        "Đã thu tiền mặt, phiếu {slip}: {amount}. Khách đưa {given}, thối lại {change}",
        "Paid in cash, slip {slip}: {amount}. Given {given}, change {change}",
    )
    dong = {name: with_sign(answer[name]) for name in ("amount", "given", "change")}
    say.line(said.fill(slip=answer["slip_number"], **dong))
    return DONE


def not_known(intent: str, say: Say) -> int:
    """The till went away before it answered: the exit code."""
    title = Text("Chưa rõ đã ghi chưa", "Not known whether it was written down")
    advice = Text(
        "Chạy lại với --intent {intent}: vẫn chỉ là một lần.", "Run it again with --intent {intent}: still one."
    )
    return say.refuse(title, advice.fill(intent=intent), NOT_KNOWN, intent=intent)
