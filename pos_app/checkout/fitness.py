"""Whether the till may take money at all: a journal that is sound, room on the disk, a clock that is right."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from pos_app.checkout.events import Refused
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.views import Health, HealthView, Light
from pos_app.checkout.wording import CLOCK_REMEDY, DISK_NEARLY_FULL, MAKE_ROOM
from pos_app.clock import Clock
from pos_app.gateways.clock_offset import ClockHealth, ClockOffset
from pos_app.journal.errors import JournalDamagedError
from pos_app.journal.store import Journal
from pos_app.words import Text

log = logging.getLogger(__name__)

CLOCK_EVERY_MS = 60_000
AUDIT_AFTER_MS = 10 * 60_000
AUDIT_EVERY_MS = 24 * 60 * 60_000


class Fitness:
    """Watches journal and clock while the till runs.

    Args:
        journal: what is checked.
        clock: for the waits.
        offset: how far the machine's clock is off.
        tell: gets the light of the clock, and what is wrong with the journal.
    """

    def __init__(self, journal: Journal, clock: Clock, offset: ClockOffset, tell: Callable[[object], None]) -> None:
        self._journal = journal
        self._clock = clock
        self._offset = offset
        self._tell = tell
        self._unsound = False

    def tell_clock(self) -> None:
        """The light of the clock, as it is now."""
        minutes = abs(self._offset.offset_ms) // 60_000
        match self._offset.health():
            case ClockHealth.OK | ClockHealth.UNMEASURED:
                self._tell(HealthView(Light.CLOCK, Health.OK))
            case ClockHealth.WARN:
                cause = Text("lệch {n} phút", "{n} min off").fill(n=minutes)
                self._tell(HealthView(Light.CLOCK, Health.WARN, cause, CLOCK_REMEDY))
            case ClockHealth.BAD | ClockHealth.STOP:
                self._tell(HealthView(Light.CLOCK, Health.BAD, Text("giờ máy sai", "wrong time"), CLOCK_REMEDY))

    async def audit_daily(self) -> None:
        """Once a day the whole journal against itself, while payments go on; unsound, it takes no new ones."""
        await self._clock.sleep(AUDIT_AFTER_MS)
        while not self._unsound:
            if problems := await self._problems():
                self._unsound = True
                log.error("the journal is not sound: %s", "; ".join(problems[:3]))
                self._tell(Refused(JournalDamagedError.title, JournalDamagedError.advice))
            await self._clock.sleep(AUDIT_EVERY_MS)

    async def _problems(self) -> list[str]:
        """What is wrong with the journal; a page that cannot be read too: of a large file nobody has read it before."""
        try:
            report = await asyncio.wrap_future(self._journal.verify())
        except JournalDamagedError as error:
            return [str(error)]
        return [line.en for line in report.problems]

    async def watch_clock(self, open_ahead: Callable[[], Awaitable[None]]) -> None:
        """A clock that stops payments is measured again by itself, so that setting it right is enough."""
        while True:
            await self._clock.sleep(CLOCK_EVERY_MS)
            if self._offset.doubtful:
                await open_ahead()
                self.tell_clock()

    def refuse_when_unfit(self) -> None:
        """No payment is begun that the till could not finish.

        Raises:
            RefusedError: the journal is damaged, or the disk is nearly full.
        """
        if self._journal.read_only or self._unsound:
            raise RefusedError(JournalDamagedError.title, JournalDamagedError.advice)
        if not self._journal.room_left():
            raise RefusedError(
                DISK_NEARLY_FULL,
                MAKE_ROOM,
            )
