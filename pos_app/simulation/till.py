"""One run of the till program in a virtual world: the real desk over a store, a line and a clock that die with it."""

import asyncio
from collections.abc import Callable
from random import Random
from typing import cast

from pos_app.checkout.desk import Desk
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.shop import Shop
from pos_app.checkout.views import PaymentView
from pos_app.checkout.ways import Way, Ways
from pos_app.gateways.clock_offset import ClockHealth, ClockOffset
from pos_app.journal.store import Journal
from pos_app.simulation.network import Line
from pos_app.simulation.store import OpenStore
from pos_app.simulation.virtual_time import ComputerClock
from pos_app.words import Text

APP_ID = 2553
AMOUNT_MAX = 50_000_000
_CLOCK = Text("Giờ máy sai", "The computer's clock is wrong")


class Till:
    """A running program.

    Args:
        store: its journal.
        line: its connection; `offset` is measured by it.
        clock: of its computer.
        offset: how far the gateway's clock is from it.
        code_life_ms: the shop's setting.
        chance: of the world.
        tell: a picture reaches the screen.
    """

    def __init__(  # noqa: PLR0913 - made in one place
        self,
        store: OpenStore,
        line: Line,
        *,
        clock: ComputerClock,
        offset: ClockOffset,
        code_life_ms: int,
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
        self.desk = Desk(
            ways=Ways(Way("simulation", line, APP_ID)),
            journal=cast(Journal, store),  # the part of it that the desks use
            clock=clock,
            now_ms=offset.corrected_ms,
            shop=Shop("Tạp hóa", AMOUNT_MAX, code_life_ms),
            tell=self._told,
            chance=self._bytes,
            may_start=self._may_start,
        )

    async def stop(self) -> None:
        """End it as a person does."""
        await self.desk.stop()
        self._store.close()
        self.die()

    def die(self) -> None:
        """From this instant nothing of it writes, sends or tells any more."""
        self.alive = self._line.alive = False
        self._store.die()

    async def bury(self) -> None:
        """Let go of what is left of a dead run."""
        await asyncio.gather(self.desk.stop(), return_exceptions=True)

    def _told(self, view: PaymentView) -> None:
        if self.alive:
            self._tell(view)

    def _bytes(self, count: int) -> bytes:
        return self._chance.randbytes(count) if self.alive else bytes(count)

    def _may_start(self) -> None:
        if self._offset.health() is ClockHealth.STOP:
            raise RefusedError(_CLOCK, _CLOCK)
