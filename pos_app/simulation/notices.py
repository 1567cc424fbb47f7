"""What the gateway tells by itself: what was paid, mostly once; or twice, late, too soon, wrongly, or not at all.

It tells it again, a few times, until the till has acknowledged it. No signatures here: what is wrongly signed never
becomes a `Notification`.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from pos_app.checkout.refused import RefusedError
from pos_app.gateways.notification import Kind, Notification, Taken
from pos_app.journal.errors import JournalError
from pos_app.payments.payment import HOUR_MS, MINUTE_MS
from pos_app.simulation.bank import Accepted
from pos_app.simulation.faults import Fault, Faults
from pos_app.simulation.till import APP_ID, Till
from pos_app.simulation.virtual_time import VirtualTime

_AGAIN_MAX = 3
"""So often it is told anew when nobody acknowledged it (ZaloPay callback)."""
_OTHER_BY = 1000


class Notices:
    """The gateway's way to the till.

    Args:
        time: virtual time.
        faults: what goes wrong.
        till: the running program, None while nobody can reach it.
        acknowledged: told of each notification that the program says it has.
        spawn: lets it run.
        note: told of each that is sent, for the trace.
    """

    def __init__(
        self,
        time: VirtualTime,
        faults: Faults,
        *,
        till: Callable[[], Till | None],
        acknowledged: Callable[[Notification, Taken], None],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        note: Callable[[str, object], None],
    ) -> None:
        self._time = time
        self._faults = faults
        self._till = till
        self._acknowledged = acknowledged
        self._spawn = spawn
        self._note = note

    def plan(self, it: Accepted) -> None:
        """It is decided what becomes of an order: so it is what will be told of it."""
        faults, now = self._faults, self._time.now_ms
        if it.pays_at_ms is None:
            if it.fails_at_ms is not None and faults.strikes(Fault.NOTIFIED_OF_FAILURE):
                self._tell(it, it.fails_at_ms, of_failure=True)
            return
        if not faults.strikes(Fault.NOTIFIED):
            return
        when = it.pays_at_ms + faults.between(100, 3_000)
        if faults.strikes(Fault.NOTIFIED_EARLY):
            when = now + faults.between(0, it.pays_at_ms - now + 1)
            self._tell(it, when, too_soon=True)
        elif faults.strikes(Fault.NOTIFIED_LATE):
            when += faults.between(MINUTE_MS, 2 * HOUR_MS)
            self._tell(it, when)
        else:
            self._tell(it, when)
        if faults.strikes(Fault.NOTIFIED_TWICE):
            self._tell(it, when + faults.between(0, 2) * faults.between(0, 5 * MINUTE_MS))

    def _tell(self, it: Accepted, when_ms: int, *, too_soon: bool = False, of_failure: bool = False) -> None:
        def tell() -> None:
            now = self._time.now_ms
            as_it_is = it.failed(now) if of_failure else it.paid(now)
            if too_soon or as_it_is:
                self._spawn(self._send(self._about(it, of_failure=of_failure), _AGAIN_MAX))

        self._time.at(when_ms, tell)

    def _about(self, it: Accepted, *, of_failure: bool) -> Notification:
        faults, order, amount = self._faults, it.order.app_trans_id, it.took
        if faults.strikes(Fault.NOTIFIED_ORPHAN):
            order += "x"
        if faults.strikes(Fault.NOTIFIED_OTHER_AMOUNT):
            amount += _OTHER_BY
        says_paid = False if of_failure and faults.between(0, 2) else None  # some gateways say which, ZaloPay does not
        return Notification(it.told_as, order, it.zp_trans_id, amount, APP_ID, Kind.ORDER, says_paid)

    async def _send(self, told: Notification, again: int) -> None:
        self._note("notified", told)
        till = self._till()
        if till is not None and await self._is_taken(till, told):
            return
        if again:
            when = self._time.now_ms + self._faults.between(1_000, 15 * MINUTE_MS)
            self._time.at(when, lambda: self._spawn(self._send(told, again - 1)))

    async def _is_taken(self, till: Till, told: Notification) -> bool:
        """Whether the till has said so, and the gateway heard it."""
        try:
            taken = await till.desk.notified.take(told)
        except (RefusedError, JournalError, asyncio.CancelledError):
            return False
        if not till.alive:
            return False
        self._note("thanked", told)
        self._acknowledged(told, taken)
        return not self._faults.strikes(Fault.THANKS_LOST)
