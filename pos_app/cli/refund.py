"""`pos-app refund`: give money back, wait for the gateway's word, and say what is not known."""

import argparse
import secrets
from dataclasses import dataclass

from pos_app.checkout.views import RefundStage, Stage
from pos_app.cli.approval import ManagersWord, add_approval
from pos_app.cli.hidden import NotTypedError
from pos_app.cli.own_till import add_gateway, add_wait
from pos_app.cli.pay import WAIT_SECONDS, WRONG_AMOUNT, WRONG_AMOUNT_ADVICE
from pos_app.cli.reach import Answer, Reached, Waiting, look_up, reach, refused, undisturbed
from pos_app.cli.say import DECLINED, DONE, NOT_KNOWN, NOT_SENT, Say
from pos_app.door import NobodyHomeError, NotAnsweredError, somebody_home
from pos_app.journal.errors import IntentTakenError, JournalError
from pos_app.keys.errors import NoGatewayError
from pos_app.money import read_amount, with_sign
from pos_app.payments.acts import Act
from pos_app.payments.gateway_names import named
from pos_app.settings import Settings, data_folder
from pos_app.words import Text

_ONLY_PAID = Text(
    "Chỉ hoàn được khoản mà ZaloPay xác nhận đã thu.", "Only what ZaloPay confirms as paid can be refunded."
)
_EXIT_CODES = {RefundStage.DONE: DONE, RefundStage.DECLINED: DECLINED, RefundStage.NOT_SENT: NOT_SENT}


def add_refund(parser: argparse.ArgumentParser) -> None:
    """The arguments of `refund`."""
    add_approval(parser, Act.REFUND)
    how_much = parser.add_mutually_exclusive_group(required=True)
    how_much.add_argument("--amount", help="whole dong, such as 20000 or 20.000")
    how_much.add_argument("--all", action="store_true", help="all that is left of the payment")
    parser.add_argument("--intent", default="", metavar="ID",
                        help="any name for this one refund: asked for again under it, it is still one")  # fmt: skip
    add_wait(parser, WAIT_SECONDS)
    add_gateway(parser)
    parser.set_defaults(command=_refund)


@dataclass
class _Wanted:
    """The refund that is wanted, and how far this command has come with it."""

    intent: str
    amount: int | None
    """Dong; None for all that is left."""
    payment: Answer


def _refund(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    try:
        amount = None if options.all else read_amount(options.amount)
    except ValueError:
        return say.refuse(WRONG_AMOUNT, WRONG_AMOUNT_ADVICE)
    try:
        with reach(settings, options, say) as till:
            payment = till.ask("payment", payment=options.payment)
            if "refused" in payment:
                return refused(payment, say)
            wanted = _Wanted(options.intent or secrets.token_hex(8), amount, payment)
            return _Refunding(wanted, options, settings, say).run(till)
    except (JournalError, NoGatewayError, NotTypedError) as error:
        return say.refuse(error.title, error.advice)
    except (NobodyHomeError, NotAnsweredError):
        return say.cannot_answer()


class _Refunding:
    def __init__(self, wanted: _Wanted, options: argparse.Namespace, settings: Settings, say: Say) -> None:
        self._wanted = wanted
        self._payment_id: str = wanted.payment["order_id"]
        self._settings = settings
        self._say = say
        self._word = ManagersWord(options, say)
        self._waiting = Waiting(say, options.wait)
        self._said: dict[str, str] = {}

    def run(self, till: Reached) -> int:
        """The exit code. Ctrl-C says what is open before it ends."""
        known = self._found_in(self._wanted.payment)
        if known and self._wanted.amount not in (None, known["amount"]):
            said = Text("Lần đó hoàn {amount}.", "That one gave back {amount}.")
            return self._say.refuse(*IntentTakenError.because(said.fill(amount=with_sign(known["amount"]))))
        if not known and self._wanted.amount is None and not self._wanted.payment["refundable"]:
            return self._nothing_left()
        try:
            if not known:
                answer = self._ask_for_it(till)
                if answer and "refused" in answer:
                    return refused(answer, self._say)
            self._waiting.look_until(lambda: self._settled(till))
        except KeyboardInterrupt:
            if not (known or self._word.begun):
                raise
            with undisturbed():
                self._say.stopped_waiting()
                return self._end(till)
        except (NobodyHomeError, NotAnsweredError):
            if not (known or self._word.begun):
                raise
        with undisturbed():
            return self._end(till)

    def _nothing_left(self) -> int:
        paid = self._wanted.payment["stage"] == Stage.PAID.value
        only_paid = named(_ONLY_PAID, self._wanted.payment["gateway"])
        why = Text("Đã hoàn hết.", "All of it was asked back already.") if paid else only_paid
        return self._say.refuse(Text("Không có gì để hoàn", "There is nothing to refund"), why)

    def _ask_for_it(self, till: Reached) -> Answer | None:
        payment, amount = self._wanted.payment, self._wanted.amount
        amount = payment["refundable"] if amount is None else amount
        self._say.progress(
            Text("Hoàn {amount} của phiếu {slip}, {of}", "Refunding {amount} of slip {slip}, {of}").fill(
                amount=with_sign(amount), slip=payment["slip_number"], of=with_sign(payment["amount"])
            )
        )
        pin = self._word.pin()
        self._waiting.begin()
        self._say.progress(Text("Đang gửi lệnh hoàn…", "Sending the refund…"))
        return self._word.act(
            till, Act.REFUND, self._payment_id, pin, self._waiting, amount=amount, intent=self._wanted.intent
        )

    def _settled(self, till: Reached) -> Answer | None:
        refund = self._found_in(till.ask("payment", payment=self._payment_id))
        if refund is None:
            return None
        if refund["cause"] != self._said:
            self._said = refund["cause"]
            self._say.progress(Text(**self._said))
        return refund if RefundStage(refund["stage"]) in _EXIT_CODES else None

    def _found_in(self, payment: Answer) -> Answer | None:
        refunds: list[Answer] = payment["refunds"]
        return next((one for one in refunds if one["intent"] == self._wanted.intent), None)

    def _end(self, till: Reached) -> int:
        """What it came to, by the journal: when the command's own till has ended nothing is under way any more."""
        till.stop()
        try:
            refund = self._found_in(look_up(self._settings, self._payment_id))
        except (JournalError, NobodyHomeError, NotAnsweredError):
            return self._nobody_knows()
        if refund is None:
            return self._not_there()
        return self._tell(refund)

    def _not_there(self) -> int:
        if somebody_home(data_folder()):
            return self._nobody_knows()
        return self._say.refuse(
            Text("Chưa gửi lệnh hoàn", "The refund was not sent"), Text("Thử lại.", "Try again."), NOT_SENT
        )

    def _nobody_knows(self) -> int:
        advice = Text(
            "ĐỪNG hoàn lại cách khác. Chạy lại lệnh với --intent {intent} để biết.",
            "Do NOT refund in another way. Run it again with --intent {intent} to see.",
        )
        title = Text("Chưa rõ đã hoàn chưa", "Not known yet whether it was refunded")
        intent = self._wanted.intent
        return self._say.refuse(title, advice.fill(intent=intent), NOT_KNOWN, intent=intent)

    def _tell(self, refund: Answer) -> int:
        code = _EXIT_CODES.get(RefundStage(refund["stage"]), NOT_KNOWN)
        say = self._say
        say.result({**refund, "order_id": self._payment_id, "exit_code": code})
        say.line(
            Text("{cause}: {amount}. {advice}", "{cause}: {amount}. {advice}").fill(
                cause=Text(**refund["cause"]), amount=with_sign(refund["amount"]), advice=Text(**refund["advice"])
            )
        )
        say.line(
            Text("Phiếu {slip} · mã hoàn {id}", "Slip {slip} · refund {id}").fill(
                slip=refund["slip_number"], id=refund["refund"]
            )
        )
        if code == NOT_KNOWN:
            say.line(
                Text(
                    "Máy hỏi tiếp khi đang mở. ĐỪNG hoàn lại.",
                    "The till goes on asking while it is open. Do NOT refund again.",
                )
            )
        return code
