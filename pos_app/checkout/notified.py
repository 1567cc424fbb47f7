"""What a gateway tells by itself: stored before it is acknowledged, asked about after that, believed never."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from pos_app.checkout.asking import Tasks
from pos_app.checkout.open_payment import Books, OpenPayment
from pos_app.checkout.refused import RefusedError
from pos_app.clock import Clock
from pos_app.gateways.notification import Kind, Notification, Taken
from pos_app.journal.entries import OrphanNotified
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.gateway_names import brand
from pos_app.payments.payment import Evidence, Source, State

log = logging.getLogger(__name__)

ASK_AFTER_MS = 1_000
"""The gateway may still read "not paid" while it waits for our acknowledgement."""
_NEVER_LEFT = (State.PREPARED, State.NOT_SENT)


class Notified:
    """Takes verified notifications in.

    Args:
        books: where they go.
        clock: for the wait before the question.
        tasks: where that runs.
        find: the payment of an id.
        hold: keeps one that was closed from being taken up twice; says whether it is followed already.
        let_go: it needs nobody any more.
        follow: goes on asking about one that was closed.
        ask_now: asks about an open one.
        alarm: somebody must look at money that is of no payment here.

    Attributes:
        binding_told: something happened to a regular customer's agreement of that id; what, its gateway is asked.
    """

    def __init__(  # noqa: PLR0913 - the desk names each part once
        self,
        books: Books,
        clock: Clock,
        tasks: Tasks,
        *,
        find: Callable[[str], Awaitable[OpenPayment]],
        hold: Callable[[OpenPayment], bool],
        let_go: Callable[[OpenPayment], None],
        follow: Callable[[OpenPayment], None],
        ask_now: Callable[[str], None],
        alarm: Callable[[OrphanNotified], None] = lambda _orphan: None,
    ) -> None:
        self._books = books
        self._clock = clock
        self._tasks = tasks
        self._find = find
        self._hold = hold
        self._let_go = let_go
        self._follow = follow
        self._ask_now = ask_now
        self.binding_told: Callable[[str], None] = lambda _app_trans_id: None
        self._alarm = alarm
        self._one_at_a_time = asyncio.Lock()

    async def take(self, told: Notification) -> Taken:
        """Make it durable; returns when it may be acknowledged.

        Raises:
            JournalError: it could not be stored: the gateway must tell it again.
        """
        if told.kind is Kind.AGREEMENT:
            self.binding_told(told.app_trans_id)
            return Taken.NEW
        self._tasks.refuse_when_stopping()
        async with self._one_at_a_time:
            try:
                payment = await self._find(told.app_trans_id)
            except RefusedError:
                return await self._orphan(told)
            if payment.state in _NEVER_LEFT or not _is_of(payment, told):
                return await self._orphan(told)
            return await self._note(payment, told)

    async def _note(self, payment: OpenPayment, told: Notification) -> Taken:
        now = self._books.now_ms()
        answer = Answer(
            AnswerClass.NEGATIVE if told.says_paid is False else AnswerClass.PAID,
            zp_trans_id=told.zp_trans_id,
            amount=told.amount,
            app_trans_id=told.app_trans_id,
            app_id=told.app_id,
        )
        if any(one.source is Source.NOTIFIED and one.answer == answer for one in payment.evidence):
            return Taken.REPEATED
        followed = self._hold(payment)
        try:
            await self._books.note(payment, Evidence(Source.NOTIFIED, now, now, answer))
        finally:
            self._tasks.spawn(self._ask(payment, followed=followed))
        return Taken.NEW

    async def _ask(self, payment: OpenPayment, *, followed: bool) -> None:
        await self._clock.sleep(ASK_AFTER_MS)
        if followed and self._hold(payment):  # who followed it may have come to the end of its watch meanwhile
            self._ask_now(payment.id)
        elif payment.state is State.PAID:
            self._let_go(payment)
        else:
            self._follow(payment)

    async def _orphan(self, told: Notification) -> Taken:
        orphan = OrphanNotified(told.gateway, told.app_trans_id, told.zp_trans_id, told.amount, told.app_id)
        known = await asyncio.wrap_future(self._books.journal.orphans(0, self._books.now_ms() + 1))
        if any(one == orphan for _, one in known):
            return Taken.REPEATED
        await self._books.write(orphan)
        self._alarm(orphan)
        log.error("a gateway tells of a payment that is not this till's", extra={"order": told.app_trans_id})
        return Taken.ORPHAN


def _is_of(payment: OpenPayment, told: Notification) -> bool:
    return brand(payment.attempt.gateway) == brand(told.gateway)
