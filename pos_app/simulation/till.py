"""One run of the till program in a virtual world: the real desk over a store, a line and a clock that die with it."""

import asyncio
from collections.abc import Callable
from random import Random
from typing import cast

from pos_app.checkout.desk import Desk
from pos_app.checkout.shop import Charge, Shop
from pos_app.checkout.views import PaymentView
from pos_app.checkout.ways import Way, Ways
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import PayMethod
from pos_app.journal.store import Journal
from pos_app.simulation.bank import WALLET
from pos_app.simulation.customs import ZALOPAY_V2, Customs
from pos_app.simulation.network import Line
from pos_app.simulation.store import OpenStore
from pos_app.simulation.virtual_time import ComputerClock

APP_ID = 2553
AMOUNT_MAX = 50_000_000
_LOOK_AT_CLOCK_EVERY_MS = 60_000


class Till:
    """A running program.

    Args:
        store: its journal.
        line: its connection; `offset` is measured by it.
        customs: of the gateways at its other end.
        clock: of its computer.
        offset: how far the gateway's clock is from it.
        code_life_ms, shown_life_s: the shop's settings.
        chance: of the world.
        tell: a picture reaches the screen.
    """

    def __init__(  # noqa: PLR0913 - made in one place
        self,
        store: OpenStore,
        line: Line,
        customs: Customs,
        *,
        clock: ComputerClock,
        offset: ClockOffset,
        code_life_ms: int,
        shown_life_s: int,
        chance: Random,
        tell: Callable[[PaymentView], None],
    ) -> None:
        self._store = store
        self._line = line
        self._offset = offset
        self._tell = tell
        self._chance = chance
        self.alive = True
        self.started_mono_ms = clock.monotonic_ms()
        self._clock = clock
        self._watch: asyncio.Task[None] | None = None
        self._ways = _ways(line, customs)
        self.desk = Desk(
            ways=self._ways,
            journal=cast(Journal, store),  # the part of it that the desks use
            clock=clock,
            now_ms=offset.corrected_ms,
            shop=Shop("Tạp hóa", AMOUNT_MAX, code_life_ms, shown_life_s),
            tell=self._told,
            chance=self._bytes,
            clock_doubtful=lambda: offset.doubtful,
        )

    async def charge_wallet(self, request: Charge) -> PaymentView:
        """Charge the wallet of a regular customer."""
        return await self.desk.charge_by(self._ways.first, request, self._line.charge_wallet)

    async def open(self) -> None:
        """Ask the gateway for the time, now and whenever the clock is in doubt, as the real program does."""
        self._watch = asyncio.ensure_future(self._watch_clock())
        await self.desk.open_ahead()

    async def _watch_clock(self) -> None:
        while True:
            await self._clock.sleep(_LOOK_AT_CLOCK_EVERY_MS)
            if self._offset.doubtful:
                await self.desk.open_ahead()

    async def stop(self) -> None:
        """End it as a person does."""
        await self.desk.stop()
        self._store.close()
        self.die()

    def die(self) -> None:
        """From this instant nothing of it writes, sends or tells any more."""
        self.alive = self._line.alive = False
        self._store.die()
        if self._watch is not None:
            self._watch.cancel()

    async def bury(self) -> None:
        """Let go of what is left of a dead run."""
        await asyncio.gather(self.desk.stop(), return_exceptions=True)

    def _told(self, view: PaymentView) -> None:
        if self.alive:
            self._tell(view)

    def _bytes(self, count: int) -> bytes:
        return self._chance.randbytes(count) if self.alive else bytes(count)


def _ways(line: Line, customs: Customs) -> Ways:
    shows = frozenset({PayMethod.ANY})
    shown = Way(customs.shown_at, line, APP_ID, shows=shows, wallet=WALLET, life_s=customs.life_s)
    return Ways(Way(ZALOPAY_V2.shown_at, line, APP_ID), shown) if customs.scanned_elsewhere else Ways(shown)
