"""Follows the one payment of `pay` to its result, and never ends without saying what is open."""

import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

from pos_app.checkout.events import PrintState, PrintView, Refused
from pos_app.checkout.records import payment_json
from pos_app.checkout.views import PaymentView, Stage
from pos_app.cli.reach import undisturbed
from pos_app.cli.say import DECLINED, DONE, NOT_KNOWN, NOT_SENT, SPEAK_EVERY_SECONDS, Say
from pos_app.money import with_sign
from pos_app.words import Text

EXIT_CODES = {Stage.PAID: DONE, Stage.DECLINED: DECLINED, Stage.NOT_SENT: NOT_SENT}
"""By what a payment came to; everything else is not known."""


class Watch:
    """Follows the one payment of `pay` until its result is known, or the waiting is over."""

    def __init__(self, told: SimpleQueue[object], say: Say, wait_s: float) -> None:
        self.begun = False
        self._told = told
        self._say = say
        self._wait_s = wait_s
        self._payment: PaymentView | Refused | None = None
        self._older: set[str] = set()
        self._exit_code: int | None = None
        self._since = self._spoke_at = time.monotonic()

    def begin(self) -> None:
        """Right before the charge: what the till has told so far is about older payments it took up."""
        while not self._told.empty():
            self._older.add(getattr(self._told.get(), "payment_id", ""))
        self._since = self._spoke_at = time.monotonic()
        self.begun = True

    def until_known(self, stop: Callable[[], None]) -> int:
        """The exit code. Ctrl-C says what is open before it ends.

        Args:
            stop: ends the till: then nothing is under way any more, and what was told last stands.
        """
        over = False
        try:
            while not over and time.monotonic() < self._since + self._wait_s:
                over = self._take(self._next())
        except KeyboardInterrupt:
            self._say.stopped_waiting()
        if not over:
            stop()
            self._take_all()
        return self._end()

    def interrupted(self) -> int:
        """Ctrl-C at any other moment after the beginning: never "nothing was sent" without the till's word."""
        with undisturbed():
            return self._end_anyhow()

    def _end_anyhow(self) -> int:
        if self._exit_code is not None:
            return self._exit_code
        self._take_all()
        if self._payment is not None:
            return self._end()
        return self._say.may_be_under_way()

    def _take_all(self) -> None:
        while not self._told.empty():
            if self._take(self._told.get()):
                return

    def _take(self, told: object) -> bool:
        """Take in what the till tells; whether the payment is over with it."""
        match told:
            case Refused():
                self._payment = told
                return True
            case PrintView() if told.state is not PrintState.PRINTING:
                return told.payment_id == getattr(self._payment, "payment_id", None)
            case PaymentView() if told.payment_id not in self._older:
                self._note(told)
                return told.stage in {Stage.DECLINED, Stage.NOT_SENT, Stage.MISMATCH}
            case _:
                return False

    def _next(self) -> object:
        now = time.monotonic()
        if now - self._spoke_at >= SPEAK_EVERY_SECONDS:
            self._spoke_at = now
            self._say.still_waiting(now - self._since)
        try:
            return self._told.get(timeout=0.2)
        except Empty:
            return None

    def _note(self, payment: PaymentView) -> None:
        before, self._payment = self._payment, payment
        if not isinstance(before, PaymentView) or before.cause != payment.cause:
            self._say.progress(
                Text("{slip}  {amount}  {cause}", "{slip}  {amount}  {cause}").fill(
                    slip=payment.slip_number, amount=with_sign(payment.amount), cause=payment.cause
                )
            )

    def _end(self) -> int:
        payment = self._payment
        if payment is None:
            return self._say.refuse(Text("Chưa gửi gì", "Nothing was sent"), Text("Thử lại.", "Try again."), NOT_SENT)
        if isinstance(payment, Refused):
            return self._say.refuse(payment.title, payment.advice, NOT_SENT)
        code = EXIT_CODES.get(payment.stage, NOT_KNOWN)
        self._say.result({**payment_json(payment), "exit_code": code})
        self._say.line(
            Text("{cause}: {amount}. {advice}", "{cause}: {amount}. {advice}").fill(
                cause=payment.cause, amount=with_sign(payment.amount), advice=payment.advice
            )
        )
        self._say.line(
            Text("Phiếu {slip} · mã đơn {id}", "Slip {slip} · order {id}").fill(
                slip=payment.slip_number, id=payment.payment_id
            )
        )
        if code == NOT_KNOWN:
            self._say.line(
                Text(
                    "Mở máy lại là máy hỏi tiếp. ĐỪNG thu lại.",
                    "The till goes on asking when it is opened again. Do NOT charge again.",
                )
            )
        self._exit_code = code
        return code
