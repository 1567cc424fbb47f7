"""Refunds: a manager's word, then the same order as a payment: durable, sent once, asked about until it is known.

    C1  the manager's act and the refund are durable, its amount is reserved
        connection, TLS
    C2  SENDING is durable            from here on it may have left
        the request's bytes, the answer
    C3  the answer is durable         then the gateway is asked, under the same id, for days if need be
    C5  the result is durable         only now "refunded" is told, and only now the ledger moves

A refund that may have left is never sent under another id. The same press of the button (`intent`) is one refund.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from pos_app.checkout.asking import Asking, Tasks
from pos_app.checkout.durable import (
    Asked,
    stopped,
    usable_or_broken,
    wait,
    what_is_left,
)
from pos_app.checkout.open_payment import Books, OpenPayment
from pos_app.checkout.refund_story import refund_views
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.shop import Approval, Shop, ask_the_time, refuse_forbidden
from pos_app.checkout.ways import Ways
from pos_app.clock import Clock
from pos_app.gateways.gateway import Gateway, NotSentError
from pos_app.journal.entries import ManagerActed, RefundEvidenceAdded, RefundRequested, RefundSettled
from pos_app.journal.errors import IntentTakenError, JournalError
from pos_app.journal.projections import RefundRecord
from pos_app.money import with_sign
from pos_app.payments.acts import Act
from pos_app.payments.order_number import running_of, slip_number
from pos_app.payments.payment import Evidence, Source
from pos_app.payments.refund import (
    OPEN,
    Refund,
    RefundState,
    RefundVerdict,
    fold_refund,
    refund_number,
    still_asked,
)
from pos_app.payments.schedule import next_refund_ask_in_ms, next_watch_in_ms
from pos_app.words import Text

log = logging.getLogger(__name__)


@dataclass(eq=False)
class _OpenRefund:
    """A refund that is being worked on: its facts as far as the journal has them, and whose it is."""

    refund: Refund
    gateway: Gateway
    evidence: list[Evidence]
    since_ms: int
    unstored: list[Evidence] = field(default_factory=list)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    verdict: RefundVerdict = field(init=False)

    def __post_init__(self) -> None:
        self.verdict = fold_refund(self.refund, self.evidence)

    @property
    def state(self) -> RefundState:
        return self.verdict.state


class Refunds:
    """Runs refunds for one till. Each change is told as the view of its payment.

    Args:
        ways: where refunds go.
        books: the journal, and who is told.
        asking: for the jitter of the plan.
        shop: the shop's facts.
        clock: the monotonic clock.
        tasks: where the followers run.
        find: the payment of an id.
        clock_doubtful: whether the computer slept or its clock was set since the gateway last said the time.
        cashier: name and id of whoever asks for what is being begun.
    """

    def __init__(  # noqa: PLR0913 - the desk names each part once
        self,
        ways: Ways,
        books: Books,
        asking: Asking,
        *,
        shop: Shop,
        clock: Clock,
        tasks: Tasks,
        find: Callable[[str], Awaitable[OpenPayment]],
        clock_doubtful: Callable[[], bool],
        cashier: Callable[[], tuple[str, str]] = lambda: ("", ""),
    ) -> None:
        self._ways = ways
        self._books = books
        self._asking = asking
        self._shop = shop
        self._clock = clock
        self._tasks = tasks
        self._find = find
        self._clock_doubtful = clock_doubtful
        self._cashier = cashier
        self._open: dict[str, _OpenRefund] = {}
        self._one_at_a_time = asyncio.Lock()

    async def refund(self, payment_id: str, amount: int, intent: str, approval: Approval) -> None:
        """Give back `amount` dong of a payment; returns when the first answer is evidence.

        Args:
            payment_id: what to give back.
            amount: dong, not above what is left.
            intent: one for each press of the button: the same one again is the same refund.
            approval: the manager's word.

        Raises:
            RefusedError: nothing was sent.
        """
        async with self._one_at_a_time:
            begun = await self._begin(payment_id, amount, intent, approval)
        if begun is None:
            return
        await self._send(begun)

    def ask_now(self, payment_id: str) -> None:
        """Ask at once about all open refunds of a payment."""
        for one in self._open.values():
            if one.refund.app_trans_id == payment_id:
                one.wake.set()

    async def recover(self) -> None:
        """At start: take up all that was open, and ask at once."""
        for record in await asyncio.wrap_future(self._books.journal.open_refunds(self._books.now_ms())):
            await self._take_up(record)

    # --- C1 --------------------------------------------------------------------------------------------------------

    async def _begin(self, payment_id: str, amount: int, intent: str, approval: Approval) -> _OpenRefund | None:
        self._tasks.refuse_when_stopping()
        payment = await self._find(payment_id)
        record = await asyncio.wrap_future(self._books.journal.payment(payment_id))
        if record is None:
            return None
        pressed = next((one.refund for one in record.refunds if one.refund.intent == intent), None)
        if pressed is not None and pressed.amount != amount:
            said = Text("Lần đó hoàn {n}.", "That one gave back {n}.").fill(n=with_sign(pressed.amount))
            raise RefusedError(*IntentTakenError.because(said))
        if pressed is not None:
            return None  # the same press, arrived twice
        refuse_forbidden(Act.REFUND, payment, self._books.now_ms())
        payment.refunds = refund_views(record.entries)
        left = payment.view().refundable
        if not 1 <= amount <= left:
            raise RefusedError(
                Text("Số tiền hoàn không hợp lệ", "The refund amount is not valid"),
                Text("Còn hoàn được {left}.", "{left} can still be refunded.").fill(left=with_sign(left)),
            )
        way = self._ways.way(payment.attempt)
        if way is not None:
            way.refuse_amount(amount)
        await ask_the_time(self._ways.first.gateway, self._clock_doubtful)
        refund = self._new(payment, amount, intent)
        acted = ManagerActed(
            payment_id, Act.REFUND, approval.by, approval.reason, approval.note, refund.m_refund_id, approval.by_id
        )
        try:
            await self._books.write(acted, RefundRequested(refund, *self._cashier()))
        except JournalError as error:
            raise RefusedError(error.title, error.advice) from error
        begun = _OpenRefund(refund, self._ways.gateway(payment.attempt), [], self._clock.monotonic_ms())
        self._open[refund.m_refund_id] = begun
        await self._tell(begun)
        return begun

    def _new(self, payment: OpenPayment, amount: int, intent: str) -> Refund:
        journal, now = self._books.journal, self._books.now_ms()
        running = journal.next_running()
        return Refund(
            m_refund_id=refund_number(now, payment.attempt.app_id, journal.till, running, journal.epoch),
            slip_number=slip_number(journal.till, running),
            app_trans_id=payment.id,
            zp_trans_id=payment.verdict.zp_trans_id,
            amount=amount,
            app_id=payment.attempt.app_id,
            requested_at_ms=now,
            intent=intent,
            description=f"{self._shop.description} hoàn {payment.attempt.slip_number}"[:100],
        )

    # --- C2, C3 ----------------------------------------------------------------------------------------------------

    async def _send(self, one: _OpenRefund) -> None:
        asked = Asked(self._books.now_ms, self._clock)

        async def about_to_send() -> None:
            now = self._books.now_ms()
            await self._note(one, Evidence(Source.SENDING, now, now))

        try:
            answer = await one.gateway.refund(one.refund, about_to_send)
        except NotSentError as error:
            await self._note_or_keep_asking(one, asked.not_sent(error.cause))
        except JournalError as error:
            await self._note_or_keep_asking(one, *stopped(one.evidence, asked.at_ms))
            raise RefusedError(error.title, error.advice) from error
        except BaseException:
            await asyncio.shield(self._note_or_keep_asking(one, *stopped(one.evidence, self._books.now_ms())))
            raise
        else:
            await self._note_or_keep_asking(one, asked.answered(Source.CREATE, answer))
        finally:
            self._go_on(one)

    def _go_on(self, one: _OpenRefund) -> None:
        if one.state is RefundState.NOT_SENT:
            self._open.pop(one.refund.m_refund_id, None)
        elif not self._tasks.stopping:
            self._tasks.spawn(self._follow(one))

    async def _note(self, one: _OpenRefund, *evidence: Evidence) -> None:
        refund, was = one.refund, one.state
        together = [*one.evidence, *evidence]
        verdict = fold_refund(refund, together)
        entries: list[RefundEvidenceAdded | RefundSettled] = [
            RefundEvidenceAdded(refund.app_trans_id, refund.m_refund_id, it) for it in evidence
        ]
        if verdict.state is not was and verdict.state not in OPEN:
            entries.append(RefundSettled(refund.app_trans_id, refund.m_refund_id, verdict.state, verdict.refund_id))

        def take_in() -> None:
            one.evidence, one.verdict = together, verdict

        await self._books.write(*entries, take_in=take_in)
        await self._tell(one)

    async def _note_or_keep_asking(self, one: _OpenRefund, *evidence: Evidence) -> None:
        """As `_note`, but a journal that cannot store leaves the refund open, and its amount reserved."""
        together = (*one.unstored, *evidence)
        one.unstored = []
        one.unstored += await what_is_left(partial(self._note, one), together, refund=one.refund.m_refund_id)

    async def _tell(self, one: _OpenRefund) -> None:
        """Trouble with the picture is no trouble of the refund: it goes on."""
        try:
            payment = await self._find(one.refund.app_trans_id)
            record = await asyncio.wrap_future(self._books.journal.payment(payment.id))
            if record is not None:
                payment.refunds = refund_views(record.entries)
            self._books.tell(payment)
        except Exception:
            log.exception("a refund could not be told", extra={"refund": one.refund.m_refund_id})

    # --- asking until it is known ----------------------------------------------------------------------------------

    async def _follow(self, one: _OpenRefund) -> None:
        while (wait_ms := self._next_wait_ms(one)) is not None:
            await wait(self._clock, wait_ms, one.wake)
            one.wake.clear()
            await self._ask(one)
        self._open.pop(one.refund.m_refund_id, None)

    def _next_wait_ms(self, one: _OpenRefund) -> int | None:
        if not still_asked(one.refund, one.state, one.evidence, self._books.now_ms()):
            return None
        age = self._clock.monotonic_ms() - one.since_ms
        if one.state not in OPEN:
            return next_watch_in_ms(age)
        return next_refund_ask_in_ms(age, jitter_permille=self._asking.jitter_permille())

    async def _ask(self, one: _OpenRefund) -> None:
        if one.state is RefundState.REQUESTED:  # nothing left, only the journal could not take it yet
            await self._note_or_keep_asking(one)
            return
        asked = Asked(self._books.now_ms, self._clock)
        number = one.refund.m_refund_id
        answer = await usable_or_broken(one.gateway.query_refund(number), refund=number)
        await self._note_or_keep_asking(one, asked.answered(Source.QUERY, answer))

    async def _take_up(self, record: RefundRecord) -> None:
        now = self._books.now_ms()
        age = max(0, now - record.refund.requested_at_ms)
        payment = await self._find(record.refund.app_trans_id)
        gateway = self._ways.gateway(payment.attempt)
        one = _OpenRefund(record.refund, gateway, list(record.evidence), self._clock.monotonic_ms() - age)
        self._open[record.refund.m_refund_id] = one
        if one.state in (RefundState.REQUESTED, RefundState.SENDING):
            elsewhere = one.refund.m_refund_id != self._numbered_now(one.refund)
            await self._note_or_keep_asking(one, *stopped(one.evidence, now, elsewhere=elsewhere))
        one.wake.set()
        self._go_on(one)

    def _numbered_now(self, refund: Refund) -> str:
        """The id it would have in the journal's present epoch: it has another when a backup was put back since."""
        journal = self._books.journal
        running = running_of(refund.slip_number)
        return refund_number(refund.requested_at_ms, refund.app_id, journal.till, running, journal.epoch)
