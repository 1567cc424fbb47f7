"""What was open when the till was closed, cut off, or put back from a backup: taken up, told, and asked about.

A restart changes nothing but two things: what was prepared and not sent is "not sent", and what was being sent is
"unknown". What was prepared before a backup was put back may have been sent after the backup: it is "unknown" too.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from pos_app.checkout.catch_up import CatchUp
from pos_app.checkout.durable import stopped
from pos_app.checkout.open_payment import Books, OpenPayment
from pos_app.checkout.shop import Shop
from pos_app.checkout.ways import Way, Ways
from pos_app.clock import Clock
from pos_app.journal.errors import JournalError
from pos_app.journal.projections import PaymentRecord
from pos_app.payments.gateway_names import asks_nobody
from pos_app.payments.payment import HOUR_MS, State
from pos_app.payments.schedule import ASK_UNTIL_MS

log = logging.getLogger(__name__)

_READ_AGAIN_MS = 60_000


class Recovery:
    """Runs once, at the start.

    Args:
        books: what was open, and where is written what became of it.
        clock: the monotonic clock.
        hold: it is open at the desk; says whether it is followed already.
        let_go: nothing of it is open any more.
        follow: it is asked about until its result is known.
    """

    def __init__(
        self,
        books: Books,
        clock: Clock,
        *,
        hold: Callable[[OpenPayment], bool],
        let_go: Callable[[OpenPayment], None],
        follow: Callable[[OpenPayment], None],
    ) -> None:
        self._books, self._journal, self._clock = books, books.journal, clock
        self._hold, self._let_go, self._follow = hold, let_go, follow
        self._stopped_at_ms = 0

    async def take_up(self) -> tuple[OpenPayment, ...]:
        """All that was open."""
        self._stopped_at_ms = await self._last_at_work_ms()
        return await self._taken_up(await asyncio.wrap_future(self._journal.live()))

    async def watch_on(self) -> None:
        """What was closed and is still asked about. After `take_up`, beside which it may be much.

        What cannot be read now is read as soon as it can: meanwhile nobody asks about it.
        """
        while True:
            try:
                records = await asyncio.wrap_future(self._journal.watched(self._stopped_at_ms))
            except JournalError:
                log.exception("what is to be watched cannot be read")
                await self._clock.sleep(_READ_AGAIN_MS)
            else:
                await self._taken_up(records)
                return

    async def _taken_up(self, records: tuple[PaymentRecord, ...]) -> tuple[OpenPayment, ...]:
        return tuple([await self._take_up(record, self._stopped_at_ms) for record in records])

    async def _last_at_work_ms(self) -> int:
        """When the till was last at work: what was watched then is watched on.

        Not by this machine's clock: until the gateway has answered, it may be far ahead, and what may still turn out
        paid would be forgotten.
        """
        newest = await asyncio.wrap_future(self._journal.recent(1))
        return newest[0].entries[-1][0] if newest else self._books.now_ms()

    async def _take_up(self, record: PaymentRecord, stopped_at_ms: int) -> OpenPayment:
        payment = self._books.opened(record, self._clock)
        if self._hold(payment):  # somebody was faster: a notification, the customer's page
            return payment
        age_ms = max(0, stopped_at_ms - record.attempt.app_time_ms)
        if payment.live:  # a clock that is far ahead must not end the asking before an answer has corrected it
            age_ms = min(self._clock.monotonic_ms() - payment.since_ms, max(age_ms, ASK_UNTIL_MS - HOUR_MS))
        payment.since_ms = self._clock.monotonic_ms() - age_ms
        if record.state in (State.PREPARED, State.SENDING):
            elsewhere = not payment.id.endswith(self._journal.epoch)
            what_became = stopped(payment.evidence, self._books.now_ms(), elsewhere=elsewhere)
            await self._books.note_or_keep_asking(payment, *what_became)
        else:
            self._books.tell(payment)
        if payment.state is State.NOT_SENT:
            self._let_go(payment)
        else:
            self._follow(payment)
        return payment

    def _go_on(self, payment: OpenPayment) -> None:
        if not self._hold(payment):
            self._follow(payment)

    async def catch_up(self, ways: Ways, shop: Shop, find: Callable[[str], Awaitable[OpenPayment]]) -> None:
        """A restored journal: ask for what it does not know, then it is an ordinary one."""
        again = await asyncio.wrap_future(self._journal.to_ask_again())
        lost = await asyncio.wrap_future(self._journal.lost_numbers())

        async def at(way: Way) -> bool:
            its_own = tuple(one for one in again if one.attempt.gateway == way.name)
            catch_up = CatchUp(way, self._books, self._clock, shop, find=find, follow=self._go_on)
            return await catch_up.run(its_own, lost if way.active else ())

        if all(await asyncio.gather(*(at(way) for way in ways if not asks_nobody(way.name)))):
            await asyncio.wrap_future(self._journal.caught_up())
