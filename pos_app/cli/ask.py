"""`pos-app ask` and `pos-app cancel`: what became of a payment, now; and the wish that it does not happen."""

import argparse
from collections.abc import Callable
from functools import partial

from pos_app.checkout.errands import is_open
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.views import RefundStage, Stage
from pos_app.cli.hidden import NotTypedError
from pos_app.cli.own_till import add_gateway, add_wait
from pos_app.cli.payments import tell_payment
from pos_app.cli.person import add_person
from pos_app.cli.reach import Answer, Reached, Waiting, look_up, reach, refused, undisturbed
from pos_app.cli.say import DECLINED, DONE, NOT_KNOWN, NOT_SENT, Say
from pos_app.cli.watch import EXIT_CODES
from pos_app.door import NobodyHomeError, NotAnsweredError
from pos_app.journal.errors import JournalError
from pos_app.keys.errors import NoGatewayError
from pos_app.payments.gateway_names import asks_nobody
from pos_app.settings import Settings
from pos_app.words import Text

ASK_SECONDS = 15
CANCEL_SECONDS = 75

Work = Callable[[Reached, Answer, Waiting], None]
"""Does something about a payment that is open, and waits for what comes of it."""


def add_ask(parser: argparse.ArgumentParser) -> None:
    """The arguments of `ask`."""
    _add_payment(parser, ASK_SECONDS)
    parser.set_defaults(command=partial(_about_a_payment, work=_ask, exit_code=came_to))


def add_cancel(parser: argparse.ArgumentParser) -> None:
    """The arguments of `cancel`."""
    _add_payment(parser, CANCEL_SECONDS)
    add_person(parser)
    parser.set_defaults(command=partial(_about_a_payment, work=_cancel, exit_code=_cancelled))


def _add_payment(parser: argparse.ArgumentParser, seconds: int) -> None:
    parser.add_argument("--payment", required=True, metavar="PAYMENT", help="order id or slip number")
    add_wait(parser, seconds)
    add_gateway(parser)


def _about_a_payment(
    options: argparse.Namespace, settings: Settings, say: Say, *, work: Work, exit_code: Callable[[Answer], int]
) -> int:
    try:
        with reach(settings, options, say) as till:
            payment = till.ask("payment", payment=options.payment)
            if "refused" in payment:
                return refused(payment, say)
            try:
                work(till, payment, Waiting(say, options.wait))
            except KeyboardInterrupt:
                say.stopped_waiting()
            with undisturbed():
                till.stop()
                payment = look_up(settings, payment["order_id"])
                return tell_result(payment, exit_code(payment), say)
    except (JournalError, NoGatewayError, NotTypedError, RefusedError) as error:
        return say.refuse(error.title, error.advice)
    except (NobodyHomeError, NotAnsweredError):
        return say.cannot_answer(NOT_KNOWN)


def _ask(till: Reached, payment: Answer, waiting: Waiting) -> None:
    payment_id = payment["order_id"]
    till.ask("ask", payment=payment_id)

    def heard() -> bool | None:
        now = till.ask("payment", payment=payment_id)
        fresh = not is_open(now) or now["asked"] > payment["asked"]
        return True if fresh and not any(_refund_is_open(one) for one in now["refunds"]) else None

    waiting.look_until(heard)


def _refund_is_open(refund: Answer) -> bool:
    return RefundStage(refund["stage"]) in (RefundStage.SENDING, RefundStage.PROCESSING, RefundStage.UNKNOWN)


def _cancel(till: Reached, payment: Answer, waiting: Waiting) -> None:
    payment_id = payment["order_id"]
    answer = till.ask("cancel", payment=payment_id)
    if "refused" in answer and is_open(till.ask("payment", payment=payment_id)):  # else its result is told
        raise RefusedError(Text(**answer["refused"]["title"]), Text(**answer["refused"]["advice"]))
    waiting.look_until(lambda: None if is_open(till.ask("payment", payment=payment_id)) else True)


def came_to(payment: Answer) -> int:
    """The exit code of what a payment came to."""
    stage = Stage(payment["stage"])
    if asks_nobody(payment["gateway"]):  # there a person's word is all there can be
        return {Stage.DECIDED_PAID: DONE, Stage.DECIDED_UNPAID: DECLINED}.get(stage, EXIT_CODES.get(stage, NOT_KNOWN))
    return EXIT_CODES.get(stage, NOT_KNOWN)


def _cancelled(payment: Answer) -> int:
    return {DONE: DECLINED, DECLINED: DONE, NOT_SENT: DONE}.get(came_to(payment), NOT_KNOWN)


def tell_result(payment: Answer, code: int, say: Say, **more: object) -> int:
    """Say what a payment came to; `more` is for programs. Returns the exit code."""
    say.result({**payment, **more, "exit_code": code})
    tell_payment(payment, say)
    say.line(Text(**payment["advice"]))
    if is_open(payment):
        say.line(
            Text(
                "Máy hỏi tiếp khi đang mở. ĐỪNG thu lại.",
                "The till goes on asking while it is open. Do NOT charge again.",
            )
        )
    return code
