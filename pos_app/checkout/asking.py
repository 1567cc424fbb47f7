"""Asking the gateway until the evidence proves a result: when, how often, and what stops it. Nothing is sent anew."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from pos_app.checkout.durable import Asked, usable_or_broken, wait
from pos_app.checkout.open_payment import Books, OpenPayment
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.ways import Ways
from pos_app.clock import Clock
from pos_app.gateways.gateway import Gateway
from pos_app.payments.answer import AnswerClass
from pos_app.payments.gateway_names import asks_nobody
from pos_app.payments.payment import (
    CLOCK_MARGIN_MS,
    DECIDED,
    GATEWAY_WINDOW_MS,
    HOUR_MS,
    Source,
    State,
    certain_from_ms,
    watched,
)
from pos_app.payments.schedule import CUSTOMER_WAITS_MS, next_ask_in_ms, next_watch_in_ms
from pos_app.words import Text

log = logging.getLogger(__name__)

RATE_LIMITED = -429
WAIT_FOR_A_PERSON_MS = HOUR_MS
ASK_SOON_MS = 1_000


class Tasks:
    """The work that goes on by itself; a fault in it is logged, never lost."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self.stopping = False

    def refuse_when_stopping(self) -> None:
        """Nothing new is begun any more.

        Raises:
            RefusedError: it is so.
        """
        if self.stopping:
            raise RefusedError(Text("Máy đang đóng", "The till is closing"), Text("Mở lại máy.", "Start it again."))

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Let it run."""
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def stop(self) -> None:
        """End all of it, and take no more."""
        self.stopping = True
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("work in the background ended by a fault", exc_info=task.exception())


class Asking:
    """Follows open payments.

    Args:
        ways: who is asked.
        books: where answers go.
        clock: the monotonic clock of the plan.
        chance: random bytes, for the jitter.
        tasks: where the followers run.
    """

    def __init__(self, ways: Ways, books: Books, *, clock: Clock, chance: Callable[[int], bytes], tasks: Tasks) -> None:
        self._ways = ways
        self._books = books
        self._clock = clock
        self._chance = chance
        self._tasks = tasks

    def begin(self, payment: OpenPayment, *, ended: Callable[[OpenPayment], None]) -> None:
        """Follow a payment that was just sent; `ended` when there is no more to ask."""
        self._tasks.spawn(self._follow(payment, ended))
        self._tasks.spawn(self._customer_waits(payment))

    def take_up(self, payment: OpenPayment, *, ended: Callable[[OpenPayment], None]) -> None:
        """Follow a payment of an earlier run: asked at once."""
        payment.wake.set()
        self._tasks.spawn(self._follow(payment, ended))

    def jitter_permille(self) -> int:
        """−20 % … +20 %, by the system's chance."""
        return self._chance(1)[0] * 400 // 255 - 200

    async def _follow(self, payment: OpenPayment, ended: Callable[[OpenPayment], None]) -> None:
        """Ask until the result is proven, and what is closed a while longer; at most one question at a time."""
        if payment.wake.is_set():
            await self._ask(payment)
        while (wait_ms := self._next_wait_ms(payment)) is not None:
            if not payment.to_cancel:
                await self._wait(payment, wait_ms)
            if payment.to_cancel and not _to_be_confirmed(payment):
                await self._cancel(payment)
            await self._ask(payment)
        payment.next_ask_at_ms = None
        if payment.live:
            payment.asking_ended = True
            self._books.tell(payment)
        ended(payment)

    def _gateway(self, payment: OpenPayment) -> Gateway:
        return self._ways.gateway(payment.attempt)

    async def _cancel(self, payment: OpenPayment) -> None:
        """Tell the gateway once that it is not wanted; what that came to, the next question says."""
        payment.cancel_sent = True
        asked = Asked(self._books.now_ms, self._clock)
        answer = await usable_or_broken(self._gateway(payment).cancel(payment.id), payment=payment.id)
        if answer.meaning is not AnswerClass.PAID and payment.attempt.expires_at_ms is not None:
            payment.waited_long = True  # it may be paid till its time is over: the counter need not wait for that
        await self._books.note_or_keep_asking(payment, asked.answered(Source.CANCEL, answer))

    async def _ask(self, payment: OpenPayment) -> None:
        payment.wake.clear()  # a wish that comes meanwhile is for the next question
        if payment.state is State.PREPARED:  # nothing left, only the journal could not take it yet: nobody to ask
            await self._books.note_or_keep_asking(payment)
            return
        if asks_nobody(payment.attempt.gateway) and not payment.cancel_sent:
            return
        asked = Asked(self._books.now_ms, self._clock)
        payment.asked = True
        answer = await usable_or_broken(self._gateway(payment).query(payment.id), payment=payment.id)
        if payment.live and answer.meaning is not AnswerClass.UNUSABLE:
            payment.moments.heard()
        said = asked.answered(Source.QUERY, answer)
        limited = RATE_LIMITED in (answer.return_code, answer.sub_return_code)
        payment.pushed_back = payment.pushed_back + 1 if limited else 0
        asked_at_ms = _not_older_than_it_is(payment, said.asked_at_ms, asked.mono_ms)
        await self._books.note_or_keep_asking(payment, replace(said, asked_at_ms=asked_at_ms))

    def _next_wait_ms(self, payment: OpenPayment) -> int | None:
        if not payment.live and not self._watched(payment):
            return None
        if payment.live and asks_nobody(payment.attempt.gateway):
            soon = payment.state is State.PREPARED or payment.cancel_sent
            return ASK_SOON_MS if soon else WAIT_FOR_A_PERSON_MS
        if not payment.live and payment.state not in DECIDED:
            return next_watch_in_ms(self._clock.monotonic_ms() - payment.since_ms)
        if _to_be_confirmed(payment):
            return 0
        return next_ask_in_ms(
            self._clock.monotonic_ms() - payment.since_ms,
            fence_age_ms=certain_from_ms(payment.attempt, payment.evidence) - payment.attempt.app_time_ms,
            jitter_permille=self.jitter_permille(),
            pushed_back=payment.pushed_back,
            shown_for_ms=_shown_for_ms(payment),
        )

    def _watched(self, payment: OpenPayment) -> bool:
        """By the clock that is behind: the wall clock may be far ahead until the gateway has answered."""
        age = self._clock.monotonic_ms() - payment.since_ms
        now = min(self._books.now_ms(), payment.attempt.app_time_ms + age)
        return watched(payment.attempt, payment.state, payment.evidence, now)

    async def _wait(self, payment: OpenPayment, wait_ms: int) -> None:
        asked = not asks_nobody(payment.attempt.gateway)
        payment.next_ask_at_ms = self._books.now_ms() + wait_ms if asked else None
        if payment.live:
            self._books.tell(payment)
        await wait(self._clock, wait_ms, payment.wake)

    async def _customer_waits(self, payment: OpenPayment) -> None:
        """After a minute, or a shown order's life, the till is free for the next customer; the asking goes on."""
        await self._clock.sleep(max(CUSTOMER_WAITS_MS, _shown_for_ms(payment)))
        if payment.live:
            payment.waited_long = True
            self._books.tell(payment)


def _not_older_than_it_is(payment: OpenPayment, asked_at_ms: int, asked_mono_ms: int) -> int:
    """When it was asked, but not later after the charge than really passed.

    The charge may have been dated by a clock that nobody had measured yet: set right since, it would make the code old
    that is a minute old. What is further apart than such a clock can be wrong is a sleep.
    """
    by_age = payment.attempt.app_time_ms + asked_mono_ms - payment.since_ms
    return by_age if 0 < asked_at_ms - by_age <= GATEWAY_WINDOW_MS + CLOCK_MARGIN_MS else asked_at_ms


def _shown_for_ms(payment: OpenPayment) -> int:
    expires = payment.attempt.expires_at_ms
    return 0 if expires is None else expires - payment.attempt.app_time_ms


def _to_be_confirmed(payment: OpenPayment) -> bool:
    """The charge was answered with a result that one question can confirm.

    It comes before a cancel too: a gateway takes the cancel of what it has declined, and then nobody learns why it did.
    """
    claims = (one.answer.meaning for one in payment.evidence if one.source is Source.CREATE and one.answer)
    ends = (AnswerClass.PAID, AnswerClass.NEGATIVE, AnswerClass.REFUSED)
    return not payment.asked and any(claim in ends for claim in claims)
