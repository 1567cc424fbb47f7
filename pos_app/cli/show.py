"""`pos-app show` and `pos-app link`: a code that the customer scans, and a link for one who is not at the counter."""

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any

from pos_app.checkout.errands import is_open
from pos_app.cli.ask import came_to, tell_result
from pos_app.cli.hidden import NotTypedError
from pos_app.cli.own_till import add_gateway, add_wait
from pos_app.cli.pay import WRONG_AMOUNT, WRONG_AMOUNT_ADVICE
from pos_app.cli.person import add_person
from pos_app.cli.reach import Answer, Reached, Waiting, look_up, reach, refused, undisturbed
from pos_app.cli.say import NOT_KNOWN, NOT_SENT, Say
from pos_app.door import NobodyHomeError, NotAnsweredError
from pos_app.gateways.gateway import PayMethod
from pos_app.journal.errors import JournalError
from pos_app.keys.errors import NoGatewayError
from pos_app.money import read_amount
from pos_app.settings import Settings
from pos_app.vietnam_day import clock_time, day_text
from pos_app.words import Text

SHOW_SECONDS = 300
"""How long `show` waits for the customer by default."""

Begin = Callable[[Reached, int], Answer]
"""Begins a payment of so many dong; gives it, or a refusal."""


def add_show(parser: argparse.ArgumentParser) -> None:
    """The arguments of `show`."""
    methods = tuple(one.value for one in PayMethod)
    parser.add_argument("--method", choices=methods, default=PayMethod.ANY.value, help="how the customer pays it")
    parser.add_argument("--bank", default="", metavar="CODE", help="the bank whose form the customer gets")
    add_amount(parser)
    add_wait(parser, SHOW_SECONDS)
    add_gateway(parser)
    parser.set_defaults(command=_show)


def add_link(parser: argparse.ArgumentParser) -> None:
    """The arguments of `link`."""
    parser.add_argument("--life", type=int, metavar="MINUTES", help="how long it can be paid, by default as is set")
    add_amount(parser)
    add_wait(parser, 0)
    add_gateway(parser)
    parser.set_defaults(command=_link)


def add_amount(parser: argparse.ArgumentParser) -> None:
    """The arguments that say for what."""
    parser.add_argument("--amount", required=True, help="whole dong, such as 50000 or 50.000")
    parser.add_argument("--note", default="", help="bill number or note")
    add_person(parser)


def _show(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    wanted = {"method": options.method, "bank_code": options.bank, "note": options.note}
    return follow(options, settings, say, lambda till, amount: till.ask("show", amount=amount, **wanted))


def _link(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    life_s = 60 * (options.life or settings.links.life_min)
    wanted: dict[str, Any] = {"method": PayMethod.WALLET, "link": True, "life_s": life_s, "note": options.note}
    return follow(options, settings, say, lambda till, amount: till.ask("show", amount=amount, **wanted))


def follow(options: argparse.Namespace, settings: Settings, say: Say, begin: Begin) -> int:
    """Begin a payment, say what there is to scan, and wait for what it comes to. Returns the exit code."""
    try:
        amount = read_amount(options.amount)
    except ValueError:
        return say.refuse(WRONG_AMOUNT, WRONG_AMOUNT_ADVICE)
    try:
        with reach(settings, options, say) as till:
            try:
                begun = begin(till, amount)
            except KeyboardInterrupt:
                return say.may_be_under_way()
            if "refused" in begun:
                return refused(begun, say, NOT_SENT)
            return _to_its_end(till, begun, options, settings, say)
    except (JournalError, NoGatewayError, NotTypedError) as error:
        return say.refuse(error.title, error.advice)
    except (NobodyHomeError, NotAnsweredError):
        return say.cannot_answer(NOT_KNOWN)


def _to_its_end(till: Reached, begun: Answer, options: argparse.Namespace, settings: Settings, say: Say) -> int:
    ended = partial(_ended, till, begun["order_id"])
    try:
        _tell_what_to_scan(begun, say)
        Waiting(say, options.wait).look_until(ended)
    except KeyboardInterrupt:
        say.stopped_waiting()
    with undisturbed():
        till.stop()
        payment = look_up(settings, begun["order_id"])
        return tell_result(payment, came_to(payment), say, link=begun["link"], qr=begun["qr"])


def _ended(till: Reached, payment_id: str) -> bool | None:
    return None if is_open(till.ask("payment", payment=payment_id)) else True


def _tell_what_to_scan(begun: Answer, say: Say) -> None:
    if not begun["qr"]:
        return
    say.line(begun["link"] or begun["qr"])
    until = begun["expires_at_ms"]
    if until is not None:
        at = f"{clock_time(until)} {day_text(until)}"
        say.line(Text("Trả được đến {at}", "Can be paid until {at}").fill(at=at))
