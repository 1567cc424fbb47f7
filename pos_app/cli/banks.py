"""`pos-app banks`: the banks whose form an order can open with, for `show --bank`."""

import argparse

from pos_app.cli.hidden import NotTypedError
from pos_app.cli.own_till import add_gateway
from pos_app.cli.person import add_person
from pos_app.cli.reach import reach, refused
from pos_app.cli.say import DONE, Say
from pos_app.door import NobodyHomeError, NotAnsweredError
from pos_app.journal.errors import JournalError
from pos_app.keys.errors import NoGatewayError
from pos_app.money import with_sign
from pos_app.settings import Settings


def add_banks(parser: argparse.ArgumentParser) -> None:
    """The arguments of `banks`."""
    add_person(parser)
    add_gateway(parser)
    parser.set_defaults(command=_banks)


def _banks(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    try:
        with reach(settings, options, say) as till:
            answer = till.ask("banks")
    except (JournalError, NoGatewayError, NotTypedError) as error:
        return say.refuse(error.title, error.advice)
    except (NobodyHomeError, NotAnsweredError):
        return say.cannot_answer()
    if "refused" in answer:
        return refused(answer, say)
    say.result({**answer, "exit_code": DONE})
    for bank in answer["banks"]:
        limits = f"{with_sign(bank['amount_min'])} – {with_sign(bank['amount_max'])}"
        say.line(f"{bank['code']:<12}  {bank['name']:<32}  {limits}")
    return DONE
