"""The desk: what a screen or a command can ask for, done in the order that loses nothing.

    C1  the attempt is durable             nothing has left: a stop here is "not sent"
        connection, TLS
    C2  SENDING is durable                 from here on it may have left: a stop here is "unknown"
        the request's bytes, the answer
    C3  the answer is durable              then the gateway is asked until the evidence proves a result
    C5  the result is durable              only now "paid" is told to anybody

The desk runs on one asyncio loop. It keeps no truth of its own: what it tells is folded from the evidence that the
journal holds. It never sends a code twice: after C2 it only asks (`asking`). Refunds have a desk of their own
(`refunds`), with the same order.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from pos_app.checkout.asking import Asking, Tasks
from pos_app.checkout.attempts import Attempts
from pos_app.checkout.durable import Asked, stopped
from pos_app.checkout.moments import Moments, Step, Timed
from pos_app.checkout.notified import Notified
from pos_app.checkout.open_payment import Books, OpenPayment
from pos_app.checkout.recovery import Recovery
from pos_app.checkout.refunds import Refunds
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.shop import Approval, Charge, Shop, Show, ask_the_time, refuse_forbidden
from pos_app.checkout.shown import code_to_show
from pos_app.checkout.used_codes import UsedCodes
from pos_app.checkout.views import PaymentView, Stage
from pos_app.checkout.ways import Way, Ways
from pos_app.clock import Clock
from pos_app.gateways.gateway import AboutToSend, NotSentError, Order, PayMethod
from pos_app.journal.entries import CancelWished, ManagerActed, OrphanNotified
from pos_app.journal.errors import JournalError
from pos_app.journal.store import Journal
from pos_app.money import with_sign
from pos_app.payments.acts import Act
from pos_app.payments.answer import Answer, AnswerClass, NotSentCause
from pos_app.payments.gateway_names import asks_nobody
from pos_app.payments.payment import (
    Evidence,
    Source,
    State,
)
from pos_app.payments.payment_code import PaymentCode
from pos_app.words import Text

LIFE_S = range(300, 24 * 3600 + 1)
"""How long an order may be shown: no longer than the gateway answers for it, with a day to spare."""
ON_A_PAGE = frozenset({PayMethod.BANK_ATM, PayMethod.BANK_CARD})
_DECISIONS = {Act.DECIDE_PAID: Source.DECIDED_PAID, Act.DECIDE_UNPAID: Source.DECIDED_UNPAID}


class Desk:
    """Runs payments for one till.

    Args:
        ways: where charges and shown orders go.
        journal: where everything is written first.
        clock: the monotonic clock.
        now_ms: the wall clock, corrected by what is known of the gateway's.
        shop: the shop's facts.
        tell: called on the desk's loop with each new picture of a payment.
        chance: random bytes from the system; the desk itself draws none.
        may_start: raises `RefusedError` when no payment may start (clock, storage).
        clock_doubtful: whether the computer slept or its clock was set since the gateway last said the time.
        alarm: called when a gateway tells of money that is of no payment here.
        cashier: name and id of whoever asks for what is being begun.
    """

    def __init__(  # noqa: PLR0913 - the composition root names each part once
        self,
        *,
        ways: Ways,
        journal: Journal,
        clock: Clock,
        now_ms: Callable[[], int],
        shop: Shop,
        tell: Callable[[PaymentView], None],
        chance: Callable[[int], bytes],
        may_start: Callable[[], None] = lambda: None,
        clock_doubtful: Callable[[], bool] = lambda: False,
        alarm: Callable[[OrphanNotified], None] = lambda _orphan: None,
        cashier: Callable[[], tuple[str, str]] = lambda: ("", ""),
    ) -> None:
        self._ways = ways
        self._journal = journal
        self._clock = clock
        self._shop = shop
        self._tasks = Tasks()
        self._books = Books(journal, now_ms, tell)
        self._asking = Asking(ways, self._books, clock=clock, chance=chance, tasks=self._tasks)
        self._clock_doubtful = clock_doubtful
        self._cashier = cashier
        self.refunds = Refunds(
            ways,
            self._books,
            self._asking,
            shop=shop,
            clock=clock,
            tasks=self._tasks,
            find=self.find,
            clock_doubtful=clock_doubtful,
            cashier=cashier,
        )
        self.notified = Notified(
            self._books,
            clock,
            self._tasks,
            find=self.find,
            hold=self._hold,
            let_go=self._ended,
            follow=self._follow,
            ask_now=self.ask_now,
            alarm=alarm,
        )
        self._recovery = Recovery(self._books, clock, hold=self._hold, let_go=self._ended, follow=self._follow)
        self._may_start = may_start
        self.timed = Timed(self._books.write)
        self._open: dict[str, OpenPayment] = {}
        self._preparing = False
        self._used_codes = UsedCodes(clock, chance(32))
        self._attempts = Attempts(self._books, shop, cashier)

    # --- commands --------------------------------------------------------------------------------------------------

    def now_ms(self) -> int:
        """The wall clock, corrected by what is known of the gateway's."""
        return self._books.now_ms()

    async def open_ahead(self) -> None:
        """An amount stands: have the connection ready."""
        await self._ways.first.gateway.open_ahead()

    async def charge(self, request: Charge, code: PaymentCode) -> PaymentView:
        """Charge the code; returns when the first answer is evidence, while the asking goes on by itself.

        The code is used up whatever happens.

        Raises:
            RefusedError: nothing was written and nothing was sent.
        """
        way = self._ways.first
        try:
            return await self.charge_by(way, request, lambda order, about: way.gateway.submit(order, code, about), code)
        finally:
            code.forget()

    async def charge_by(
        self,
        way: Way,
        request: Charge,
        send: Callable[[Order, AboutToSend], Awaitable[Answer]],
        code: PaymentCode | None = None,
    ) -> PaymentView:
        """As `charge`, by whatever `send` has to send: a code, or a token; a code is guarded against a second use."""
        payment = await self._begin(request, way, code)
        try:
            await self._submit(payment, send)
        finally:
            self._go_on(payment)
        return payment.view()

    async def show(self, request: Show) -> PaymentView:
        """Make an order that the customer scans; its view says what to show, and until when.

        Raises:
            RefusedError: nothing was written and nothing was sent.
        """
        way = self._ways.showing(request.method)
        way.refuse_amount(request.amount)
        if request.life_s is not None and request.life_s not in LIFE_S:
            raise RefusedError(
                Text("Thời hạn không hợp lệ", "It cannot live that long"),
                Text("Từ 5 phút đến 24 giờ.", "From 5 minutes to 24 hours."),
            )
        life_s = self._attempts.life_s(request, way)
        payment = await self._begin(request, way)

        async def create(order: Order, about_to_send: AboutToSend) -> Answer:
            wanted = replace(order, bank_code=request.bank_code)
            created = await way.gateway.create(wanted, life_s, request.method, about_to_send)
            payment.shown = code_to_show(created, request.amount, way.wallet, page=request.method in ON_A_PAGE)
            return created.answer

        try:
            answer = await self._submit(payment, create)
        finally:
            self._go_on(payment)
        is_there = answer is not None and answer.meaning is AnswerClass.PROCESSING
        if is_there and payment.shown is None and payment.live:
            await self.cancel(payment.id)  # the order is there, but its code is not one that anybody may scan
        return payment.view()

    def _go_on(self, payment: OpenPayment) -> None:
        """However the charge ended, by a fault of ours too: what has no result is followed until it has one."""
        if payment.state is State.NOT_SENT:
            self._open.pop(payment.id, None)
        elif not self._tasks.stopping:
            self._asking.begin(payment, ended=self._ended)

    def _ended(self, payment: OpenPayment) -> None:
        if not payment.live:
            self._open.pop(payment.id, None)

    def ask_now(self, payment_id: str) -> None:
        """Ask the gateway at once instead of at the planned time, or once more where no question is planned."""
        payment = self._open.get(payment_id)
        if payment is not None and payment.asking_ended:
            payment.asking_ended = False
            self._follow(payment)
        elif payment is not None:
            payment.wake.set()

    def ask_again(self, payment: OpenPayment) -> None:
        """Ask the gateway at once about a payment that `find` found, also when it is closed."""
        if self._hold(payment):
            self.ask_now(payment.id)
        else:
            self._follow(payment)

    async def cancel(self, payment_id: str) -> None:
        """The cashier or the customer wants it not to happen: noted, told to the gateway, and asked about.

        It stays open until the gateway has said what became of it.

        Raises:
            RefusedError: the wish cannot be stored.
        """
        payment = self._open.get(payment_id)
        if payment is None or not payment.live or payment.cancel_wished:
            return
        payment.cancel_wished = True
        try:
            await self._books.write(CancelWished(payment_id))
        except JournalError as error:
            payment.cancel_wished = False
            raise RefusedError(error.title, error.advice) from error
        self._books.tell(payment)
        payment.wake.set()

    async def act(self, act: Act, payment_id: str, approval: Approval) -> None:
        """Do what a manager allowed: let a sale go on, decide about a payment, keep late money.

        Raises:
            RefusedError: the rules forbid it, or it cannot be stored: nothing was changed.
        """
        payment = await self.find(payment_id)
        refuse_forbidden(act, payment, self.now_ms())
        by, by_id = approval.by, approval.by_id
        acted = ManagerActed(payment_id, act, by, approval.reason, approval.note, approval.number, by_id)
        try:
            if act in _DECISIONS:
                now = self.now_ms()
                await self._books.note(payment, Evidence(_DECISIONS[act], now, now), before=(acted,))
            else:
                await self._books.write(acted)
        except JournalError as error:
            raise RefusedError(error.title, error.advice) from error
        payment.let_go = payment.let_go or act is Act.RELEASE
        payment.released = payment.released or payment.let_go
        payment.waited_long = payment.waited_long or act is Act.RELEASE  # the counter is free, the camera looks
        payment.kept = payment.kept or act is Act.KEEP
        if act is not Act.KEEP and self._books.at_counter == payment_id:
            self._books.at_counter = ""
        self._books.tell(payment)

    async def find(self, payment_id: str) -> OpenPayment:
        """The payment, open or from the journal; its facts are not for changing.

        Raises:
            RefusedError: there is none of that id.
        """
        if payment_id in self._open:
            return self._open[payment_id]
        record = await asyncio.wrap_future(self._journal.payment(payment_id))
        if record is None:
            raise RefusedError(Text("Không thấy giao dịch", "No such payment"), Text("Chọn lại.", "Choose again."))
        return self._books.opened(record, self._clock)

    def next_customer(self) -> bool:
        """The cashier turns to the next customer; False while the payment at the counter is still being charged."""
        payment = self._open.get(self._books.at_counter)
        if payment is not None and payment.view().stage in (Stage.SENDING, Stage.PROCESSING, Stage.SHOWN):
            return False
        self._books.at_counter = ""
        return True

    def open_views(self) -> tuple[PaymentView, ...]:
        """All payments whose result is not known, oldest first."""
        return tuple(one.view() for one in self._open.values() if one.live)

    async def recover(self) -> tuple[PaymentView, ...]:
        """At start: take up all that was open, say what became of it, and ask at once.

        What is closed and still watched is left to `watch_on`: the counter need not wait for it.
        """
        taken_up = await self._recovery.take_up()
        await self.refunds.recover()
        if self._journal.restored_at_ms is not None:
            self._tasks.spawn(self._recovery.catch_up(self._ways, self._shop, self.find))
        return tuple(payment.view() for payment in taken_up)

    def watch_on(self) -> None:
        """After `recover`: take up what was closed and is still asked about, while the counter works already."""
        self._tasks.spawn(self._recovery.watch_on())

    async def stop(self) -> None:
        """End all work; what was in flight is written down as far as it went."""
        await self._tasks.stop()

    # --- C1 ------------------------------------------------------------------------------------------------------

    async def _begin(self, request: Charge | Show, way: Way, code: PaymentCode | None = None) -> OpenPayment:
        away = isinstance(request, Show) and request.link
        self._guard(request.amount, at_counter=not away)
        if code is not None:
            self._used_codes.use(code)
        self._preparing = True  # two codes held out at once must not both pass while the first is being written
        try:
            if not asks_nobody(way.name):
                await ask_the_time(self._ways.first.gateway, self._clock_doubtful)
            attempt = await self._attempts.prepare(request, way)
        finally:
            self._preparing = False
        moments = request.moments if isinstance(request, Charge) else Moments()
        moments.note(Step.C1)
        payment = self._books.begun(attempt, self._clock, cashier=self._cashier()[0], moments=moments)
        self._open[payment.id] = payment
        self.timed.begin(payment.id, moments)
        if not away:
            self._books.at_counter = payment.id
        self._books.tell(payment)
        return payment

    def _guard(self, amount: int, *, at_counter: bool = True) -> None:
        self._tasks.refuse_when_stopping()
        if not 1 <= amount <= self._shop.amount_max:
            limit = with_sign(self._shop.amount_max)
            raise RefusedError(
                Text("Số tiền không hợp lệ", "The amount is not valid"),
                Text("Nhập từ 1 ₫ đến {limit}.", "Enter 1 ₫ to {limit}.").fill(limit=limit),
            )
        self._may_start()
        standing = self._open.get(self._books.at_counter) if at_counter else None
        if self._preparing or (standing is not None and standing.live):
            raise RefusedError(
                Text("Khoản này chưa rõ kết quả", "This payment has no result yet"),
                Text("ĐỪNG thu lại. Đợi kết quả.", "Do NOT charge again. Wait for the result."),
            )

    # --- C2, C3 ----------------------------------------------------------------------------------------------------

    async def _submit(
        self, payment: OpenPayment, send: Callable[[Order, AboutToSend], Awaitable[Answer]]
    ) -> Answer | None:
        """C2, the bytes, C3. Returns the answer, None when it provably never left."""
        attempt = payment.attempt
        order = Order(
            attempt.app_trans_id,
            attempt.amount,
            attempt.app_time_ms,
            f"{self._shop.description} {attempt.slip_number}"[:100],
        )
        asked = Asked(self.now_ms, self._clock)

        async def about_to_send() -> Callable[[], None]:
            payment.moments.note(Step.CONNECTED)
            if attempt.attempt > 1 and await self._attempts.must_wait(attempt):
                raise NotSentError(NotSentCause.STOPPED)
            now = self.now_ms()
            await self._books.note(payment, Evidence(Source.SENDING, now, now), tell=False)
            payment.moments.note(Step.C2)
            return left

        def left() -> None:
            payment.moments.note(Step.SENT)
            self._books.tell(payment)  # not sooner: whoever is told would hold the request up

        try:
            answer = await send(order, about_to_send)
            if answer.meaning is not AnswerClass.UNUSABLE:
                payment.moments.heard()
        except NotSentError as error:
            await self._books.note_or_keep_asking(payment, asked.not_sent(error.cause))
            return None
        except JournalError as error:
            # C2 could not be stored, so the gateway client sent nothing.
            await self._books.note_or_keep_asking(payment, asked.not_sent(NotSentCause.STOPPED))
            if payment.state is not State.NOT_SENT:  # it never left all the same: the counter is free, the camera looks
                self._books.at_counter, payment.waited_long = "", True
                self._books.tell(payment)
            raise RefusedError(error.title, error.advice) from error
        except BaseException:
            await asyncio.shield(self._books.note_or_keep_asking(payment, *stopped(payment.evidence, self.now_ms())))
            raise
        else:
            await self._books.note_or_keep_asking(payment, asked.answered(Source.CREATE, answer))
            return answer

    # --- what is open ------------------------------------------------------------------------------------------------

    def _hold(self, payment: OpenPayment) -> bool:
        """Whether it is followed already. From now on it is open here."""
        followed = payment.id in self._open
        self._open.setdefault(payment.id, payment)
        return followed

    def _follow(self, payment: OpenPayment) -> None:
        self._open[payment.id] = payment
        self._asking.take_up(payment, ended=self._ended)
