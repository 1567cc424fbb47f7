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
AUDIT_AGAIN_MS = 60 * 60_000
"""After a check that could not be made."""
_DAMAGED = Text("bị hỏng", "damaged")
NOT_CHECKED = HealthView(
    Light.JOURNAL,
    Health.WARN,
    Text("chưa kiểm được", "not checked"),
    Text(
        "Vẫn bán được, máy kiểm lại sau một giờ. Nếu vẫn vậy: xem ổ đĩa, gọi người hỗ trợ.",
        "Payments go on; it is tried again in an hour. If it stays so, look at the disk and call for support.",
    ),
)


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
        """Once a day the whole journal against itself, while payments go on; unsound, it takes no new ones.

        A check that could not be made proves nothing: that is shown, selling goes on, and it is made again in an hour.
        """
        await self._clock.sleep(AUDIT_AFTER_MS)
        while not self._unsound:
            try:
                problems = await self._problems()
            except Exception:  # whatever ends one check must not end all that were to come
                log.exception("the daily check of the journal could not be made")
                self._tell(NOT_CHECKED)
                await self._clock.sleep(AUDIT_AGAIN_MS)
                continue
            if problems:
                self._unsound = True
                log.error("the journal is not sound: %s", "; ".join(problems[:3]))
                self._tell(HealthView(Light.JOURNAL, Health.BAD, _DAMAGED, JournalDamagedError.advice))
                self._tell(Refused(JournalDamagedError.title, JournalDamagedError.advice))
            else:
                self._tell(HealthView(Light.JOURNAL, Health.OK))
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
