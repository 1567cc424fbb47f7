"""After a restore: the gateway is asked for what the backup does not know. No payment of a lost journal stays unknown.

Order ids can be told in advance: day, till, running number, the journal's old epoch. So the numbers after the last one
of the backup are asked for, day by day, until a row of them is nobody's. What the gateway says is paid becomes a
payment of this journal, marked as restored. What was closed in the backup, but could still turn, is asked once more.
A refund made after the backup is recognised by its number, but not what it gave back: it is an alarm in the log.
The gateway answers for 48 hours: what is older has to be looked up in its portal.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pos_app.checkout.durable import Asked, usable_or_broken
from pos_app.checkout.open_payment import Books, OpenPayment
from pos_app.checkout.shop import Shop
from pos_app.checkout.views import ScanSource
from pos_app.checkout.ways import Way
from pos_app.clock import Clock
from pos_app.journal.entries import EvidenceAdded, PaymentPrepared, PaymentSettled
from pos_app.journal.errors import CannotStoreError, StorageFullError
from pos_app.journal.own_row import LostNumbers
from pos_app.journal.projections import PaymentRecord
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.order_number import order_number, slip_number
from pos_app.payments.payment import (
    CLOCK_MARGIN_MS,
    LIVE,
    STATUS_VALID_MS,
    Attempt,
    Evidence,
    Source,
    State,
    fold,
    refused_request,
)
from pos_app.payments.refund import refund_number
from pos_app.vietnam_day import day_bounds_ms, day_of

log = logging.getLogger(__name__)

NOBODYS_MAX = 200
"""So many numbers in a row that the gateway does not know end the search: while the network is out, each try takes a
number and is never sent."""
ASK_AGAIN_MS = 30_000
_REFUND_ASKED_MAX = 3
_REFUSED_MAX = 10
_NOT_STORED = (StorageFullError, CannotStoreError)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an order may be: a number of an epoch, on a day."""

    epoch: str
    running: int
    day_ms: int


class _NoContractError(Exception):
    """The gateway refuses to answer this account."""


class CatchUp:
    """Asks for what a restored journal does not know.

    Args:
        way: who is asked.
        books: where what was found goes, and who is told.
        clock: for the waits.
        shop: whose payments they are.
        find: the payment of an id, the one that is followed if it is.
        follow: takes on what was found and has no result, unless it has done so already.
    """

    def __init__(
        self,
        way: Way,
        books: Books,
        clock: Clock,
        shop: Shop,
        *,
        find: Callable[[str], Awaitable[OpenPayment]],
        follow: Callable[[OpenPayment], None],
    ) -> None:
        self._way, self._gateway = way, way.gateway
        self._books = books
        self._journal = books.journal
        self._clock = clock
        self._shop = shop
        self._find = find
        self._follow = follow
        self._unfinished: list[_Place] = []
        self._not_stored: set[str] = set()

    async def run(self, again: tuple[PaymentRecord, ...], lost: tuple[LostNumbers, ...]) -> bool:
        """Ask until everything has been answered; returns whether all that was said is stored.

        Args:
            again: the payments of the backup that could still turn.
            lost: the numbers that may have been given after it.
        """
        for record in again:
            if record.state not in LIVE:  # those are asked about anyway
                await self._ask_about(record.attempt.app_trans_id)
        try:
            for one in lost:
                await self._search(one)
            if lost and self._way.life_s is not None:  # there "no such order" may have meant "not paid yet"
                await self._clock.sleep(self._way.life_s * 1000 + CLOCK_MARGIN_MS)
                for one in lost:
                    await self._search(one)
        except _NoContractError:
            log.exception("a gateway refuses to be asked: look in its portal", extra={"gateway": self._way.name})
        await self._wait_for_the_unfinished(self._books.now_ms())
        return not self._not_stored

    async def _ask_about(self, order_id: str) -> None:
        said = await self._answer(order_id)
        try:
            payment = await self._find(order_id)
            await self._books.note(payment, said)
            if payment.live:  # it was closed, and that does not hold any more
                self._follow(payment)
        except _NOT_STORED:
            log.exception("an answer could not be stored", extra={"payment": order_id})
            self._not_stored.add(order_id)
        except Exception:  # the others are asked about all the same
            log.exception("an answer does not fit the journal", extra={"payment": order_id})

    async def _search(self, lost: LostNumbers) -> None:
        running, nobodys = lost.after, 0
        while nobodys < NOBODYS_MAX:
            running += 1
            known = await self._look_for(running, lost)
            nobodys = 0 if known else nobodys + 1

    async def _look_for(self, running: int, lost: LostNumbers) -> bool:
        """Whether somebody knows an order of this number, on any day; a refund may have the number too."""
        looked: list[int] = []
        while left := [day for day in self._days(lost) if day not in looked]:  # an answer may correct the clock
            looked.append(left[0])
            if await self._look_at(_Place(lost.epoch, running, left[0])):
                return True
        for day_ms in looked:
            await self._look_for_a_refund(_Place(lost.epoch, running, day_ms))
        return False

    def _days(self, lost: LostNumbers) -> list[int]:
        """The first instant of each Vietnamese day that the gateway still knows."""
        now = self._books.now_ms()
        days = [day_bounds_ms(day_of(max(min(lost.since_ms, now), now - STATUS_VALID_MS)))[0]]
        while (following := day_bounds_ms(day_of(days[-1]))[1]) <= now:
            days.append(following)
        return days

    async def _look_at(self, place: _Place) -> bool:
        """Whether the gateway knows the order; what is paid is taken in."""
        order_id = order_number(place.day_ms, self._journal.till, place.running, place.epoch)
        said = await self._answer(order_id)
        meaning = _meaning(said)
        if meaning is AnswerClass.NOT_FOUND:
            return False
        if await asyncio.wrap_future(self._journal.payment(order_id)) is not None:
            return True  # taken in by a search that was broken off
        if meaning is AnswerClass.PROCESSING:
            self._unfinished.append(place)
        if meaning is AnswerClass.PAID:
            self._not_stored.discard(order_id)
            try:
                await self._take_in(order_id, place, said)
            except _NOT_STORED:
                log.exception("a payment that was found could not be stored", extra={"payment": order_id})
                self._not_stored.add(order_id)
                self._unfinished.append(place)
            except Exception:  # the others are searched for all the same
                log.exception("a payment that was found does not fit the journal", extra={"payment": order_id})
        return True

    async def _look_for_a_refund(self, place: _Place) -> None:
        till, day_ms = self._journal.till, place.day_ms
        m_refund_id = refund_number(day_ms, self._way.app_id, till, place.running, place.epoch)
        answer = await self._refund_answer(m_refund_id)
        if answer.meaning in (AnswerClass.PAID, AnswerClass.PROCESSING):
            log.error("a refund that the backup does not know: look it up in the portal", extra={"refund": m_refund_id})

    async def _wait_for_the_unfinished(self, since_ms: int) -> None:
        """What was being paid while the backup was put back: asked about as long as the gateway answers."""
        while self._unfinished and self._books.now_ms() < since_ms + STATUS_VALID_MS:
            await self._clock.sleep(ASK_AGAIN_MS)
            unfinished, self._unfinished = self._unfinished, []
            for place in unfinished:
                await self._look_at(place)

    async def _take_in(self, order_id: str, place: _Place, said: Evidence) -> None:
        slip, day_ms = slip_number(self._journal.till, place.running), place.day_ms
        attempt = Attempt(
            app_trans_id=order_id,
            sale_id=f"{slip}-{place.epoch}",
            attempt=1,
            slip_number=slip,
            amount=(said.answer.amount if said.answer else None) or 0,
            app_id=self._way.app_id,
            app_time_ms=day_ms,
            fence_at_ms=self._way.fence_ms(day_ms, self._shop.code_life_ms),
            scanned_at_ms=day_ms,
            source=ScanSource.RESTORED.value,
            note="",
            gateway=self._way.name,
        )
        evidence = (Evidence(Source.SENDING, day_ms, day_ms), said)
        verdict = fold(attempt, evidence)
        settled = [PaymentSettled(order_id, State.PAID, verdict.zp_trans_id)] if verdict.state is State.PAID else []
        await self._books.write(PaymentPrepared(attempt), *(EvidenceAdded(order_id, one) for one in evidence), *settled)
        log.info("a payment that the backup did not know was found", extra={"payment": order_id})
        restored = await self._find(order_id)
        restored.late, restored.since_ms = True, self._clock.monotonic_ms()
        if restored.live:  # paid, but the numbers do not fit
            self._follow(restored)
        self._books.tell(restored)

    async def _answer(self, order_id: str) -> Evidence:
        """A usable answer, however long that takes.

        Raises:
            _NoContractError: the questions are refused, one after the other.
        """
        refused = 0
        while True:
            asked = Asked(self._books.now_ms, self._clock)
            answer = await usable_or_broken(self._gateway.query(order_id), payment=order_id)
            said = asked.answered(Source.QUERY, answer)
            if answer.meaning is not AnswerClass.UNUSABLE:
                return said
            if refused_request(said):
                refused += 1
                if refused == _REFUSED_MAX:
                    raise _NoContractError
            await self._clock.sleep(ASK_AGAIN_MS)

    async def _refund_answer(self, m_refund_id: str) -> Answer:
        """What the gateway says of a refund; one that may never have been must not hold up the payments."""
        for _ in range(_REFUND_ASKED_MAX - 1):
            answer = await usable_or_broken(self._gateway.query_refund(m_refund_id), refund=m_refund_id)
            if answer.meaning is not AnswerClass.UNUSABLE or answer.fault == "no_such_call":
                return answer
            await self._clock.sleep(ASK_AGAIN_MS)
        return await usable_or_broken(self._gateway.query_refund(m_refund_id), refund=m_refund_id)


def _meaning(said: Evidence) -> AnswerClass:
    return said.answer.meaning if said.answer else AnswerClass.UNUSABLE
