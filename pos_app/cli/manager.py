"""`pos-app manager release | paid | unpaid | keep`: what only a manager may allow, with a reason and the PIN."""

import argparse

from pos_app.cli.approval import ManagersWord, add_approval
from pos_app.cli.hidden import NotTypedError
from pos_app.cli.own_till import add_gateway
from pos_app.cli.payments import tell_payment
from pos_app.cli.reach import Reached, Waiting, reach, refused
from pos_app.cli.say import DONE, NOT_KNOWN, Say
from pos_app.door import NobodyHomeError, NotAnsweredError
from pos_app.journal.errors import JournalError
from pos_app.keys.errors import NoGatewayError
from pos_app.payments.acts import Act
from pos_app.settings import Settings
from pos_app.words import Text

_ACTS = {"release": Act.RELEASE, "paid": Act.DECIDE_PAID, "unpaid": Act.DECIDE_UNPAID, "keep": Act.KEEP}
_WAIT_SECONDS = 30


def add_manager(parser: argparse.ArgumentParser) -> None:
    """The arguments of `manager`."""
    about = "let the sale go on; take it for paid or not paid; keep late money for the sale"
    parser.add_argument("act", choices=tuple(_ACTS), help=about)
    add_approval(parser, *_ACTS.values())
    parser.add_argument("--number", default="", metavar="ID", help="the gateway's transaction number, for `paid`")
    add_gateway(parser)
    parser.set_defaults(command=_manager)


def _manager(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    word = ManagersWord(options, say)
    try:
        with reach(settings, options, say) as till:
            return _act(till, word, options, say)
    except (JournalError, NoGatewayError, NotTypedError) as error:
        return say.refuse(error.title, error.advice)
    except (NobodyHomeError, NotAnsweredError):
        return _not_known(say) if word.begun else say.cannot_answer()
    except KeyboardInterrupt:
        if not word.begun:
            raise
        return _not_known(say)


def _act(till: Reached, word: ManagersWord, options: argparse.Namespace, say: Say) -> int:
    payment = till.ask("payment", payment=options.payment)
    if "refused" in payment:
        return refused(payment, say)
    payment_id, pin = payment["order_id"], word.pin()
    answer = word.act(till, _ACTS[options.act], payment_id, pin, Waiting(say, _WAIT_SECONDS), number=options.number)
    if answer is None:
        return _not_known(say)
    if "refused" in answer:
        return refused(answer, say)
    payment = till.ask("payment", payment=payment_id)
    say.result({**payment, "exit_code": DONE})
    tell_payment(payment, say)
    say.line(Text(**payment["advice"]))
    return DONE


def _not_known(say: Say) -> int:
    title = Text("Chưa rõ đã ghi chưa", "Not known whether it was noted")
    return say.refuse(title, Text("Xem `pos-app payments`.", "See `pos-app payments`."), NOT_KNOWN)
