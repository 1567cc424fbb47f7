"""The line between the till and the gateway (`Gateway` protocol): it loses, delays, doubles and garbles.

A request that is delayed may arrive when nobody waits for it any more. An answer tells how things were when its
question arrived, however late it is read. What the gateway tells by itself comes another way (`notices`).
"""

import asyncio
from collections.abc import Callable
from email.utils import formatdate
from typing import Protocol

from pos_app.gateways.clock_offset import ClockHealth, ClockOffset
from pos_app.gateways.gateway import AboutToSend, Created, NotSentError, Order, PayMethod
from pos_app.payments.answer import Answer, AnswerClass, NotSentCause
from pos_app.payments.payment import MINUTE_MS
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.refund import Refund
from pos_app.simulation.bank import Bank
from pos_app.simulation.customs import Customs
from pos_app.simulation.faults import Fault, Faults
from pos_app.simulation.virtual_time import ComputerClock, VirtualTime

DEADLINE_MS = 15_000
"""The client waits no longer for a whole answer."""
_DELAY_MS_MAX = 25 * MINUTE_MS
_LOST = Answer(AnswerClass.UNUSABLE, fault="timeout")
_NO_NETWORK = Answer(AnswerClass.UNUSABLE, fault=NotSentCause.NO_NETWORK.value)
_BROKEN = (
    (Fault.ANSWER_GARBAGE, Answer(AnswerClass.UNUSABLE, fault="not_json", body_size=7, body_hash="0" * 16)),
    (Fault.ANSWER_CUT, Answer(AnswerClass.UNUSABLE, fault="cut", body_size=40, body_hash="1" * 16)),
    (Fault.SERVER_ERROR, Answer(AnswerClass.UNUSABLE, fault="http_502")),
)
_NO_SUCH_CALL = Answer(AnswerClass.UNUSABLE, fault="no_such_call")
_CAUSES = (NotSentCause.NO_NETWORK, NotSentCause.NAME_NOT_FOUND, NotSentCause.TIMEOUT, NotSentCause.NOT_TRUSTED)


class OnTheWire(Protocol):
    """Who watches what leaves the till."""

    def charge_left(self, order: Order, code: bytes) -> None:
        """The first byte of a charge is about to leave."""
        ...

    def wallet_left(self, order: Order) -> None:
        """The first byte of a charge of a linked wallet is about to leave."""
        ...

    def order_left(self, order: Order) -> None:
        """The first byte of an order to be shown is about to leave."""
        ...

    def refund_left(self, refund: Refund) -> None:
        """The first byte of a refund is about to leave."""
        ...

    def asked(self, app_trans_id: str) -> None:
        """A question leaves."""
        ...


class Network:
    """What all tills share: whether there is a network at all.

    Attributes:
        down_until_ms: no network before that true time.
    """

    def __init__(self) -> None:
        self.down_until_ms = 0


class Line:
    """One run's connection to the gateway.

    Args:
        bank: the gateway.
        customs: what it has and has not.
        network: whether there is one.
        time, clock: virtual time, and the computer's clocks.
        offset: measured from the `Date` of answers, as the real client does.
        faults: what goes wrong.
        watcher: sees what leaves.
        patient: the client of this world has no deadline: answers may come very late.

    Attributes:
        knows_time_since_ms: monotonic clock of the first measurement.
    """

    def __init__(  # noqa: PLR0913 - made in one place
        self,
        bank: Bank,
        customs: Customs,
        network: Network,
        *,
        time: VirtualTime,
        clock: ComputerClock,
        offset: ClockOffset,
        faults: Faults,
        watcher: OnTheWire,
        patient: bool,
    ) -> None:
        self._bank = bank
        self._customs = customs
        self._network = network
        self._time = time
        self._clock = clock
        self._offset = offset
        self._faults = faults
        self._watcher = watcher
        self._deadline_ms = _DELAY_MS_MAX if patient else DEADLINE_MS
        self.alive = True
        self.knows_time_since_ms: int | None = None

    async def open_ahead(self) -> None:
        """See `Gateway`; an answer tells the time."""
        try:
            await self._connect()
        except NotSentError:
            return
        await self._exchange(lambda: _LOST, DEADLINE_MS)

    async def close(self) -> None:
        """See `Gateway`."""

    async def submit(self, order: Order, code: PaymentCode, about_to_send: AboutToSend) -> Answer:
        """See `Gateway`."""
        await self._connect()
        await about_to_send()
        taken = code.take()
        self._live()
        self._watcher.charge_left(order, taken)
        return await self._exchange(lambda: self._bank.create(order, taken), DEADLINE_MS)

    async def charge_wallet(self, order: Order, about_to_send: AboutToSend) -> Answer:
        """As `submit`, of a wallet that is linked."""
        await self._connect()
        await about_to_send()
        self._live()
        self._watcher.wallet_left(order)
        return await self._exchange(lambda: self._bank.charge_wallet(order), DEADLINE_MS)

    async def refund(self, refund: Refund, about_to_send: AboutToSend) -> Answer:
        """See `Gateway`."""
        await self._connect()
        await about_to_send()
        self._live()
        self._watcher.refund_left(refund)
        return await self._exchange(lambda: self._bank.refund(refund), DEADLINE_MS)

    async def create(self, order: Order, life_s: int, method: PayMethod, about_to_send: AboutToSend) -> Created:
        """See `Gateway`."""
        del method
        await self._connect()
        await about_to_send()
        self._live()
        self._watcher.order_left(order)
        made: list[Created] = []

        def arrive() -> Answer:
            made.append(self._bank.show(order, life_s))
            return made[-1].answer

        answer = await self._exchange(arrive, DEADLINE_MS)
        return next((one for one in made if one.answer is answer), Created(answer))

    async def query(self, app_trans_id: str) -> Answer:
        """See `Gateway`."""
        self._live()
        self._watcher.asked(app_trans_id)
        return await self._exchange(lambda: self._bank.query(app_trans_id), self._deadline_ms)

    async def query_refund(self, m_refund_id: str) -> Answer:
        """See `Gateway`."""
        self._live()
        return await self._exchange(lambda: self._bank.query_refund(m_refund_id), self._deadline_ms)

    async def cancel(self, app_trans_id: str) -> Answer:
        """See `Gateway`."""
        self._live()
        if not self._customs.cancels:
            return _NO_SUCH_CALL
        return await self._exchange(lambda: self._bank.cancel(app_trans_id), DEADLINE_MS)

    # --- the wire ----------------------------------------------------------------------------------------------------

    def _live(self) -> None:
        if not self.alive:  # the program is gone: it does nothing any more
            raise asyncio.CancelledError

    async def _connect(self) -> None:
        self._live()
        if self._down() or self._faults.strikes(Fault.NO_CONNECTION):
            await self._time.timer(self._faults.between(0, 5_000))
            raise NotSentError(_CAUSES[self._faults.between(0, len(_CAUSES))])

    def _down(self) -> bool:
        return self._time.now_ms < self._network.down_until_ms and not self._faults.over

    async def _exchange(self, arrive: Callable[[], Answer], deadline_ms: int) -> Answer:
        faults, time = self._faults, self._time
        if self._down():
            await time.timer(faults.between(1, 6_000))
            return _NO_NETWORK
        if faults.strikes(Fault.REQUEST_LOST):
            await time.timer(deadline_ms)
            return _LOST
        if faults.strikes(Fault.REQUEST_DELAYED):
            return await self._late(arrive, faults.between(1_000, _DELAY_MS_MAX), deadline_ms)
        answer = arrive()
        if faults.strikes(Fault.REQUEST_DOUBLED):
            answer = self._doubled(arrive, answer)
        sent_wall_ms, takes_ms = self._clock.wall_ms(), faults.between(60, 400)
        date = formatdate(time.now_ms // 1000, usegmt=True) if self._measures() else ""
        if faults.strikes(Fault.ANSWER_LOST):
            await time.timer(deadline_ms)
            return _LOST
        if faults.strikes(Fault.ANSWER_SLOW):
            takes_ms = faults.between(1_000, deadline_ms)
        await time.timer(takes_ms)
        if date:
            self._measure(date, sent_wall_ms, takes_ms)
        for fault, broken in _BROKEN:
            if faults.strikes(fault):
                return broken
        return answer

    def _measures(self) -> bool:
        """Some answers lack their date; what was just measured need not be measured again."""
        return not self._offset.fresh or not self._faults.between(0, 10)

    def _measure(self, date: str, sent_wall_ms: int, takes_ms: int) -> None:
        self._offset.measure(date, sent_wall_ms=sent_wall_ms, round_trip_ms=takes_ms)
        if self.knows_time_since_ms is None and self._offset.health() is not ClockHealth.UNMEASURED:
            self.knows_time_since_ms = self._clock.monotonic_ms()

    async def _late(self, arrive: Callable[[], Answer], delay_ms: int, deadline_ms: int) -> Answer:
        """The request arrives late; its answer is only heard if somebody still waits."""
        heard: list[Answer] = []
        self._time.at(self._time.now_ms + delay_ms, lambda: heard.append(arrive()))
        await self._time.timer(min(delay_ms + 100, deadline_ms))
        return heard[0] if heard else _LOST

    def _doubled(self, arrive: Callable[[], Answer], answer: Answer) -> Answer:
        """A second copy arrives, at once or minutes later; which answer comes back is not sure."""
        if self._faults.between(0, 2):
            again = arrive()
            return again if self._faults.between(0, 2) else answer
        self._time.at(self._time.now_ms + self._faults.between(100, 5 * MINUTE_MS), lambda: _ignore(arrive()))
        return answer


def _ignore(_: Answer) -> None:
    """Nobody waits for it."""
