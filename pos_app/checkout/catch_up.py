"""After a restore: the gateway is asked for what the backup does not know. No payment of a lost journal stays unknown.

Order ids can be told in advance: day, till, running number, the journal's old epoch. So the numbers after the last one
of the backup are asked for, day by day, until a row of them is nobody's. What the gateway says is paid becomes a
payment of this journal, marked as restored. What was closed in the backup, but could still turn, is asked once more.
The gateway answers for 48 hours: what is older has to be looked up in its portal.
"""

import logging
from collections.abc import Callable

from pos_app.checkout.open_payment import Books, OpenPayment
from pos_app.checkout.shop import Shop
from pos_app.checkout.views import ScanSource
from pos_app.clock import Clock
from pos_app.gateways.gateway import Gateway
from pos_app.journal.entries import EvidenceAdded, PaymentPrepared, PaymentSettled
from pos_app.journal.projections import PaymentRecord
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.order_number import epoch_of, order_number, running_of, slip_number
from pos_app.payments.payment import LIVE, STATUS_VALID_MS, Attempt, Evidence, Source, State, fence_ms, fold
from pos_app.vietnam_day import day_bounds_ms, day_of

log = logging.getLogger(__name__)

NOBODYS_MAX = 20
"""So many numbers in a row that the gateway does not know end the search: some were given and never sent."""
ASK_AGAIN_MS = 30_000


class CatchUp:
    """Asks for what a restored journal does not know.

    Args:
        gateway: who is asked.
        books: where what was found goes, and who is told.
        clock: for the waits.
        shop: whose payments they are.
        follow: takes on what was found and has no result.
    """

    def __init__(
        self, gateway: Gateway, books: Books, clock: Clock, shop: Shop, follow: Callable[[OpenPayment], None]
    ) -> None:
        self._gateway = gateway
        self._books = books
        self._journal = books.journal
        self._clock = clock
        self._shop = shop
        self._follow = follow
        self._unfinished: list[tuple[str, int, int]] = []

    async def run(self, again: tuple[PaymentRecord, ...], last: PaymentRecord | None) -> tuple[str, ...]:
        """Ask until everything has been answered; returns the order ids that were found paid.

        Args:
            again: the payments that were closed in the backup and could still turn.
            last: the newest payment of the backup.
        """
        for record in again:
            if record.state not in LIVE:
                await self._ask_about(record)
        if last is None:
            return ()
        found = await self._search(last)
        return (*found, *await self._wait_for_the_unfinished(self._books.now_ms()))

    async def _ask_about(self, record: PaymentRecord) -> None:
        payment = OpenPayment(record.attempt, list(record.evidence), self._clock.monotonic_ms())
        payment.released, payment.was_late = record.released_at_ms is not None, record.late
        asked_at, answer = await self._answer(payment.id)
        await self._books.note(payment, Evidence(Source.QUERY, asked_at, self._books.now_ms(), answer))

    async def _search(self, last: PaymentRecord) -> tuple[str, ...]:
        now = self._books.now_ms()
        since = max(last.attempt.app_time_ms, now - STATUS_VALID_MS)
        epoch = epoch_of(last.attempt.app_trans_id)
        running, nobodys, found = running_of(last.attempt.slip_number), 0, []
        while nobodys < NOBODYS_MAX:
            running += 1
            known = False
            for day_ms in _days(since, now):
                order_id = order_number(day_ms, self._journal.till, running, epoch)
                known, paid = await self._look_at(order_id, running, day_ms)
                if paid:
                    found.append(order_id)
                if known:
                    break
            nobodys = 0 if known else nobodys + 1
        return tuple(found)

    async def _look_at(self, order_id: str, running: int, day_ms: int) -> tuple[bool, bool]:
        """Whether the gateway knows the order, and whether it is paid."""
        asked_at, answer = await self._answer(order_id)
        if answer.meaning is AnswerClass.PROCESSING:
            self._unfinished.append((order_id, running, day_ms))
        if answer.meaning is AnswerClass.PAID:
            await self._take_in(order_id, slip_number(self._journal.till, running), day_ms, asked_at, answer)
        return answer.meaning is not AnswerClass.NOT_FOUND, answer.meaning is AnswerClass.PAID

    async def _wait_for_the_unfinished(self, since_ms: int) -> tuple[str, ...]:
        """What was being paid while the backup was put back: asked about as long as the gateway answers."""
        found = []
        while self._unfinished and self._books.now_ms() < since_ms + STATUS_VALID_MS:
            await self._clock.sleep(ASK_AGAIN_MS)
            unfinished, self._unfinished = self._unfinished, []
            found += [one[0] for one in unfinished if (await self._look_at(*one))[1]]
        return tuple(found)

    async def _take_in(self, order_id: str, slip: str, day_ms: int, asked_at: int, answer: Answer) -> None:
        attempt = Attempt(
            app_trans_id=order_id,
            sale_id=f"{slip}-{epoch_of(order_id)}",
            attempt=1,
            slip_number=slip,
            amount=answer.amount or 0,
            app_id=self._shop.app_id,
            app_time_ms=day_ms,
            fence_at_ms=fence_ms(day_ms, self._shop.code_life_ms),
            scanned_at_ms=day_ms,
            source=ScanSource.RESTORED.value,
            note="",
            gateway=self._shop.gateway,
        )
        evidence = (
            Evidence(Source.SENDING, day_ms, day_ms),
            Evidence(Source.QUERY, asked_at, self._books.now_ms(), answer),
        )
        verdict = fold(attempt, evidence)
        settled = [PaymentSettled(order_id, State.PAID, verdict.zp_trans_id)] if verdict.state is State.PAID else []
        await self._books.write(PaymentPrepared(attempt), *(EvidenceAdded(order_id, one) for one in evidence), *settled)
        log.info("a payment that the backup did not know was found", extra={"payment": order_id})
        restored = OpenPayment(attempt, list(evidence), self._clock.monotonic_ms(), late=True, waited_long=True)
        if restored.live:  # paid, but the numbers do not fit
            self._follow(restored)
        else:
            restored.settled_at_ms = self._books.now_ms()
        self._books.tell(restored)

    async def _answer(self, order_id: str) -> tuple[int, Answer]:
        """When it was asked, and a usable answer, however long that takes."""
        while True:
            asked_at = self._books.now_ms()
            answer = await self._gateway.query(order_id)
            if answer.meaning is not AnswerClass.UNUSABLE:
                return asked_at, answer
            await self._clock.sleep(ASK_AGAIN_MS)


def _days(since_ms: int, until_ms: int) -> list[int]:
    """The first instant of each Vietnamese day from one moment to another."""
    days = [day_bounds_ms(day_of(since_ms))[0]]
    while (following := day_bounds_ms(day_of(days[-1]))[1]) <= until_ms:
        days.append(following)
    return days
