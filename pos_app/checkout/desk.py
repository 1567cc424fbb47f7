"""The desk: what a screen or a command can ask for, done in the order that loses nothing.

    C1  the attempt is durable             nothing has left: a stop here is "not sent"
        connection, TLS
    C2  SENDING is durable                 from here on it may have left: a stop here is "unknown"
        the request's bytes, the answer
    C3  the answer is durable              then the gateway is asked until the evidence proves a result
    C5  the result is durable              only now "paid" is told to anybody

The desk runs on one asyncio loop. It keeps no truth of its own: what it tells is folded from the evidence that the
journal holds. It never sends a code twice: after C2 it only asks.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from pos_app.checkout.story import Progress, view_of
from pos_app.checkout.views import PaymentView, ScanSource, Stage
from pos_app.clock import Clock
from pos_app.gateways.gateway import Gateway, NotSentError, Order
from pos_app.journal.entries import EvidenceAdded, PaymentPrepared, PaymentSettled
from pos_app.journal.errors import JournalError, LawlessEntryError
from pos_app.journal.projections import PaymentRecord
from pos_app.journal.store import Journal
from pos_app.money import with_sign
from pos_app.payments.answer import Answer, AnswerClass, NotSentCause
from pos_app.payments.order_number import order_number, slip_number
from pos_app.payments.payment import LIVE, Attempt, Evidence, Source, State, fence_ms, fold, watched
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.schedule import CUSTOMER_WAITS_MS, next_ask_in_ms
from pos_app.words import Text

log = logging.getLogger(__name__)

CODE_SEEN_MS = 5 * 60_000
"""How long a code that was used is recognised again."""
WATCH_EVERY_MS = 30_000
"""How often a negative is still asked about in the background."""
RATE_LIMITED = -429


class RefusedError(Exception):
    """The desk does not start this: nothing was sent, nothing was charged."""

    def __init__(self, title: Text, advice: Text) -> None:
        super().__init__(title.en)
        self.title = title
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Shop:
    """What the desk must know of the shop and its gateway account.

    Attributes:
        app_id: our id at the gateway.
        gateway: which gateway the journal names ("zalopay_v2", "demo").
        description: what the payer reads; the slip number is added.
        amount_max: largest amount that may be charged, in dong.
        code_life_ms: after how long a payment code is surely dead.
    """

    app_id: int
    gateway: str
    description: str
    amount_max: int
    code_life_ms: int


@dataclass(frozen=True, slots=True)
class Charge:
    """A request to charge a code.

    Attributes:
        amount: dong.
        note: what the cashier typed.
        source: how the code was read.
        scanned_at_ms: when, corrected wall clock.
        retry_of: the payment that this one tries again, "" for a new sale.
    """

    amount: int
    note: str
    source: ScanSource
    scanned_at_ms: int
    retry_of: str = ""


@dataclass(eq=False)
class _Open:
    """A payment that is being worked on: its facts as far as the journal has them."""

    attempt: Attempt
    evidence: list[Evidence]
    since_ms: int
    """Monotonic time of the send (after a restart: as if it had been sent then)."""
    unstored: Evidence | None = None
    """What became of the charge itself, while the journal could not take it: goes in with the next that it takes."""
    settled_at_ms: int | None = None
    next_ask_at_ms: int | None = None
    waited_long: bool = False
    late: bool = False
    asked: bool = False
    pushed_back: int = 0
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def state(self) -> State:
        return fold(self.attempt, self.evidence).state

    def view(self) -> PaymentView:
        return view_of(
            self.attempt,
            self.evidence,
            Progress(self.next_ask_at_ms, self.waited_long, self.late, self.settled_at_ms),
        )


class Desk:
    """Runs payments for one till.

    Args:
        gateway: where charges go.
        journal: where everything is written first.
        clock: the two clocks.
        offset_ms: the gateway's clock minus ours, as known now.
        shop: the shop's facts.
        tell: called on the desk's loop with each new picture of a payment.
        chance: random bytes from the system; the desk itself draws none.
        may_start: raises `RefusedError` when no payment may start (clock, storage).
    """

    def __init__(  # noqa: PLR0913 - the composition root names each part once
        self,
        *,
        gateway: Gateway,
        journal: Journal,
        clock: Clock,
        offset_ms: Callable[[], int],
        shop: Shop,
        tell: Callable[[PaymentView], None],
        chance: Callable[[int], bytes],
        may_start: Callable[[], None] = lambda: None,
    ) -> None:
        self._gateway = gateway
        self._journal = journal
        self._clock = clock
        self._offset_ms = offset_ms
        self._shop = shop
        self._tell_outside = tell
        self._chance = chance
        self._may_start = may_start
        self._open: dict[str, _Open] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._at_counter: str = ""
        self._preparing = False
        self._codes_seen: dict[bytes, int] = {}
        self._code_key = chance(32)
        self._stopping = False

    # --- commands --------------------------------------------------------------------------------------------------

    def now_ms(self) -> int:
        """The wall clock, corrected by what is known of the gateway's."""
        return self._clock.wall_ms() + self._offset_ms()

    async def open_ahead(self) -> None:
        """An amount stands: have the connection ready."""
        await self._gateway.open_ahead()

    async def charge(self, request: Charge, code: PaymentCode) -> PaymentView:
        """Charge the code; returns when the first answer is evidence, while the asking goes on by itself.

        The code is used up whatever happens.

        Raises:
            RefusedError: nothing was written and nothing was sent.
        """
        try:
            payment = await self._begin(request, code)
        except BaseException:
            code.forget()
            raise
        try:
            await self._submit(payment, code)
        finally:
            code.forget()
            self._go_on(payment)
        return payment.view()

    def _go_on(self, payment: _Open) -> None:
        """However the charge ended, by a fault of ours too: what has no result is followed until it has one."""
        if payment.state is State.NOT_SENT:
            self._open.pop(payment.attempt.app_trans_id, None)
        elif not self._stopping:
            self._spawn(self._follow(payment))
            self._spawn(self._customer_waits(payment))

    def ask_now(self, payment_id: str) -> None:
        """Ask the gateway at once instead of at the planned time."""
        payment = self._open.get(payment_id)
        if payment is not None:
            payment.wake.set()

    def next_customer(self) -> bool:
        """The cashier turns to the next customer; False while the payment at the counter is still being charged."""
        payment = self._open.get(self._at_counter)
        if payment is not None and payment.view().stage in (Stage.SENDING, Stage.PROCESSING):
            return False
        self._at_counter = ""
        return True

    def open_views(self) -> tuple[PaymentView, ...]:
        """All payments whose result is not known, oldest first."""
        return tuple(one.view() for one in self._open.values() if one.state in LIVE)

    async def recover(self) -> tuple[PaymentView, ...]:
        """At start: take up all that was open, say what became of it, and ask at once.

        A restart changes nothing but two things: what was prepared and not sent is "not sent", and what was being
        sent is "unknown".
        """
        now = self.now_ms()
        records = (
            *await asyncio.wrap_future(self._journal.live()),
            *await asyncio.wrap_future(self._journal.watched(now)),
        )
        taken_up = [await self._take_up(record, now) for record in records]
        return tuple(payment.view() for payment in taken_up)

    async def stop(self) -> None:
        """End all work; what was in flight is written down as far as it went."""
        self._stopping = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # --- C1 ------------------------------------------------------------------------------------------------------

    async def _begin(self, request: Charge, code: PaymentCode) -> _Open:
        self._guard(request, code)
        self._preparing = True  # two codes held out at once must not both pass while the first is being written
        try:
            attempt = await self._prepare(request)
        finally:
            self._preparing = False
        payment = _Open(attempt, [], self._clock.monotonic_ms())
        self._open[attempt.app_trans_id] = payment
        self._at_counter = attempt.app_trans_id
        self._tell(payment.view())
        return payment

    def _guard(self, request: Charge, code: PaymentCode) -> None:
        if self._stopping:
            raise RefusedError(Text("Máy đang đóng", "The till is closing"), Text("Mở lại máy.", "Start it again."))
        if not 1 <= request.amount <= self._shop.amount_max:
            limit = with_sign(self._shop.amount_max)
            raise RefusedError(
                Text("Số tiền không hợp lệ", "The amount is not valid"),
                Text("Nhập từ 1 ₫ đến {limit}.", "Enter 1 ₫ to {limit}.").fill(limit=limit),
            )
        self._may_start()
        at_counter = self._open.get(self._at_counter)
        if self._preparing or (at_counter is not None and at_counter.state in LIVE):
            raise RefusedError(
                Text("Khoản này chưa rõ kết quả", "This payment has no result yet"),
                Text("ĐỪNG thu lại. Đợi kết quả.", "Do NOT charge again. Wait for the result."),
            )
        self._guard_code(code)

    def _guard_code(self, code: PaymentCode) -> None:
        """A wallet's code works once; a scanner that fires twice must not look like a second customer."""
        now = self._clock.monotonic_ms()
        self._codes_seen = {seen: at for seen, at in self._codes_seen.items() if now - at < CODE_SEEN_MS}
        fingerprint = code.fingerprint(self._code_key)
        if fingerprint in self._codes_seen:
            raise RefusedError(
                Text("Mã này vừa dùng rồi", "This code was just used"),
                Text("Mời khách đưa mã mới.", "Ask the customer for a new code."),
            )
        self._codes_seen[fingerprint] = now

    async def _prepare(self, request: Charge) -> Attempt:
        sale_id, number = "", 1
        if request.retry_of:
            sale_id, number = await self._sale_of(request.retry_of)
        running = self._journal.next_running()
        app_time = self.now_ms()
        slip = slip_number(self._journal.till, running)
        attempt = Attempt(
            app_trans_id=order_number(app_time, self._journal.till, running, self._journal.epoch),
            sale_id=sale_id or f"{slip}-{self._journal.epoch}",
            attempt=number,
            slip_number=slip,
            amount=request.amount,
            app_id=self._shop.app_id,
            app_time_ms=app_time,
            fence_at_ms=fence_ms(app_time, self._shop.code_life_ms),
            scanned_at_ms=request.scanned_at_ms,
            source=request.source.value,
            note=request.note,
            gateway=self._shop.gateway,
        )
        try:
            await asyncio.wrap_future(self._journal.write(PaymentPrepared(attempt), at_ms=app_time))
        except JournalError as error:
            raise RefusedError(error.title, error.advice) from error
        return attempt

    async def _sale_of(self, payment_id: str) -> tuple[str, int]:
        record = await asyncio.wrap_future(self._journal.payment(payment_id))
        sale_id = record.attempt.sale_id if record else ""
        attempts = await asyncio.wrap_future(self._journal.sale_attempts(sale_id))
        # Any try of the sale counts: one may have been paid by another try, or by a late answer.
        if any(one.state is State.PAID for one in attempts):
            raise RefusedError(
                Text("Khoản này đã thu rồi", "This sale is paid already"),
                Text("ĐỪNG thu lại.", "Do NOT charge again."),
            )
        if not attempts or any(one.state in LIVE for one in attempts):
            raise RefusedError(
                Text("Lần thu trước chưa xong", "The last try is not finished"),
                Text("Đợi kết quả, ĐỪNG thu lại.", "Wait for its result, do NOT charge again."),
            )
        return sale_id, len(attempts) + 1

    # --- C2, C3 ----------------------------------------------------------------------------------------------------

    async def _submit(self, payment: _Open, code: PaymentCode) -> None:
        attempt = payment.attempt
        order = Order(
            attempt.app_trans_id,
            attempt.amount,
            attempt.app_time_ms,
            f"{self._shop.description} {attempt.slip_number}"[:100],
        )
        asked_at = self.now_ms()

        async def about_to_send() -> None:
            now = self.now_ms()
            # A stop must not part the journal from us: what is being written is waited for, then the stop goes on.
            noted = asyncio.ensure_future(self._note(payment, Evidence(Source.SENDING, now, now)))
            try:
                await asyncio.shield(noted)
            except asyncio.CancelledError:
                await asyncio.wait((noted,))
                raise

        try:
            answer = await self._gateway.submit(order, code, about_to_send)
        except NotSentError as error:
            await self._note_or_keep_asking(
                payment, Evidence(Source.NOT_SENT, asked_at, self.now_ms(), cause=error.cause)
            )
        except JournalError as error:
            # C2 could not be stored, so the gateway client sent nothing.
            not_sent = Evidence(Source.NOT_SENT, asked_at, self.now_ms(), cause=NotSentCause.STOPPED.value)
            await self._note_or_keep_asking(payment, not_sent)
            if payment.state is not State.NOT_SENT:  # it never left all the same: the counter is free, the camera looks
                self._at_counter, payment.waited_long = "", True
                self._tell(payment.view())
            raise RefusedError(error.title, error.advice) from error
        except BaseException:
            await asyncio.shield(self._note_or_keep_asking(payment, _stopped(payment.evidence, self.now_ms())))
            raise
        else:
            await self._note_or_keep_asking(payment, Evidence(Source.CREATE, asked_at, self.now_ms(), answer))

    async def _note(self, payment: _Open, *evidence: Evidence) -> None:
        """Make evidence durable, with the result when it proves one, and only then let it be seen.

        Raises:
            JournalError: the journal could not; nothing is believed that is not stored.
        """
        now = self.now_ms()
        before = payment.state
        together = [*payment.evidence, *evidence]
        verdict = fold(payment.attempt, together)
        entries: list[EvidenceAdded | PaymentSettled] = [
            EvidenceAdded(payment.attempt.app_trans_id, one) for one in evidence
        ]
        settles = verdict.state is not before and verdict.state not in LIVE
        if settles:
            entries.append(PaymentSettled(payment.attempt.app_trans_id, verdict.state, verdict.zp_trans_id))
        await asyncio.wrap_future(self._journal.write(*entries, at_ms=now))
        payment.evidence = together
        if settles:
            payment.settled_at_ms = now
            payment.late = self._at_counter != payment.attempt.app_trans_id
            log.info("payment settled", extra={"payment": payment.attempt.app_trans_id, "state": verdict.state.value})
        self._tell(payment.view())

    async def _note_or_keep_asking(self, payment: _Open, evidence: Evidence | None = None) -> None:
        """As `_note`, but a journal that cannot store leaves the payment open: the asking goes on.

        What became of the charge itself is said once only: it is kept, and stored with the next that can be.
        """
        together = [one for one in (payment.unstored, evidence) if one is not None]
        payment.unstored = None
        try:
            await self._note(payment, *together)
        except Exception as error:  # whatever it was: an open payment is not forgotten
            log.exception("evidence could not be stored", extra={"payment": payment.attempt.app_trans_id})
            once = (one for one in together if one.source is not Source.QUERY)
            payment.unstored = None if isinstance(error, LawlessEntryError) else next(once, None)
            self._tell(payment.view())

    def _tell(self, view: PaymentView) -> None:
        """Tell it to whoever watches; trouble there is no trouble of the payment."""
        try:
            self._tell_outside(view)
        except Exception:
            log.exception("a view could not be told", extra={"payment": view.payment_id})

    # --- asking until it is known --------------------------------------------------------------------------------

    async def _follow(self, payment: _Open) -> None:
        """Ask until the result is proven, and a negative a while longer; at most one question at a time."""
        while (wait := self._next_wait_ms(payment)) is not None:
            await self._wait(payment, wait)
            await self._ask(payment)
        payment.next_ask_at_ms = None
        if payment.state not in LIVE:
            self._open.pop(payment.attempt.app_trans_id, None)

    async def _ask(self, payment: _Open) -> None:
        if payment.state is State.PREPARED:  # nothing left, only the journal could not take it yet: nobody to ask
            await self._note_or_keep_asking(payment)
            return
        asked_at, asked_mono = self.now_ms(), self._clock.monotonic_ms()
        payment.asked = True
        try:
            answer = await self._gateway.query(payment.attempt.app_trans_id)
        except Exception:  # a fault of ours is no answer; the next question may do better
            log.exception("a question broke", extra={"payment": payment.attempt.app_trans_id})
            answer = Answer(AnswerClass.UNUSABLE, fault="broken")
        received_at = self.now_ms()
        # The answer itself may have told that our clock was wrong when we asked. The earlier reading is the safe one:
        # a "no such order" must not count as asked after the fence when it was not.
        asked_at = min(asked_at, received_at - (self._clock.monotonic_ms() - asked_mono))
        payment.pushed_back = payment.pushed_back + 1 if RATE_LIMITED in _codes(answer) else 0
        await self._note_or_keep_asking(payment, Evidence(Source.QUERY, asked_at, received_at, answer))

    def _next_wait_ms(self, payment: _Open) -> int | None:
        if payment.state not in LIVE:
            return WATCH_EVERY_MS if watched(payment.attempt, payment.state, self.now_ms()) else None
        if not payment.asked and _claims_an_end(payment.evidence):
            return 0
        # −20 % … +20 %, by the system's chance
        jitter = self._chance(1)[0] * 400 // 255 - 200
        return next_ask_in_ms(
            self._clock.monotonic_ms() - payment.since_ms,
            fence_age_ms=payment.attempt.fence_at_ms - payment.attempt.app_time_ms,
            jitter_permille=jitter,
            pushed_back=payment.pushed_back,
        )

    async def _wait(self, payment: _Open, wait_ms: int) -> None:
        payment.wake.clear()
        payment.next_ask_at_ms = self._clock.wall_ms() + wait_ms
        if payment.state in LIVE:
            self._tell(payment.view())
        sleep = asyncio.ensure_future(self._clock.sleep(wait_ms))
        wake = asyncio.ensure_future(payment.wake.wait())
        try:
            await asyncio.wait((sleep, wake), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleep.cancel()
            wake.cancel()

    async def _customer_waits(self, payment: _Open) -> None:
        """After a minute the till is free for the next customer; the asking goes on."""
        await self._clock.sleep(CUSTOMER_WAITS_MS)
        if payment.state in LIVE:
            payment.waited_long = True
            self._tell(payment.view())

    # --- recovery --------------------------------------------------------------------------------------------------

    async def _take_up(self, record: PaymentRecord, now: int) -> _Open:
        age = max(0, now - record.attempt.app_time_ms)
        payment = _Open(
            record.attempt,
            list(record.evidence),
            self._clock.monotonic_ms() - age,
            settled_at_ms=record.settled_at_ms,
            waited_long=True,
        )
        self._open[record.attempt.app_trans_id] = payment
        if record.state in (State.PREPARED, State.SENDING):
            await self._note_or_keep_asking(payment, _stopped(payment.evidence, now))
        else:
            self._tell(payment.view())
        if payment.state is State.NOT_SENT:
            del self._open[record.attempt.app_trans_id]
        else:
            self._spawn(self._follow_at_once(payment))
        return payment

    async def _follow_at_once(self, payment: _Open) -> None:
        await self._ask(payment)
        await self._follow(payment)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a payment's follower ended by a fault", exc_info=task.exception())


def _stopped(evidence: list[Evidence], now_ms: int) -> Evidence:
    """What a stop in between means: before SENDING nothing left, after it nobody knows."""
    if any(one.source is Source.SENDING for one in evidence):
        return Evidence(Source.CREATE, now_ms, now_ms, Answer(AnswerClass.UNUSABLE, fault=NotSentCause.STOPPED.value))
    return Evidence(Source.NOT_SENT, now_ms, now_ms, cause=NotSentCause.STOPPED.value)


def _claims_an_end(evidence: list[Evidence]) -> bool:
    """The charge was answered with a result that one question can confirm."""
    claims = (one.answer.meaning for one in evidence if one.source is Source.CREATE and one.answer)
    return any(claim in (AnswerClass.PAID, AnswerClass.NEGATIVE) for claim in claims)


def _codes(answer: Answer) -> tuple[int | None, int | None]:
    return answer.return_code, answer.sub_return_code
