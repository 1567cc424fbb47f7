"""The doctor where no till is open: it looks by itself, makes nothing, and opens no journal but a copy of it."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from pos_app.checkout.printing import PrinterErrand
from pos_app.checkout.printing import run as run_at_printer
from pos_app.clock import Clock
from pos_app.doctor import gateway_probe, machine_probes
from pos_app.doctor.checks import Cause, Check, Finding, not_checked, wrong
from pos_app.doctor.examine import Probe
from pos_app.gateway_access import GatewayAccess, open_ways
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.journal.backup import last_backup_at_ms
from pos_app.journal.errors import JournalError
from pos_app.journal.sqlite_file import FILE_NAME, MARKER_NAME
from pos_app.journal.store import Journal
from pos_app.journal.tally import Tally, tally
from pos_app.keys.home_check import refuse_strangers
from pos_app.receipts.printers.choice import chosen_spool, saves_slips
from pos_app.scanning.source import SourceHealth, SourceState, open_camera
from pos_app.settings import Settings
from pos_app.words import Text

CAMERA_S_MAX = 8.0
"""How long a camera may take until its first picture."""
CAMERA_LOOKED_AT_S = 1.0
_PRINTER_S_AT_THE_END = 1
_OTHER_TILL = Text("Sổ này của quầy {till}", "The journal is till {till}’s")
_NAME_THE_TILL = Text('Đặt till = "{till}" trong settings.toml.', 'Set till = "{till}" in settings.toml.')

Reach = Callable[[], AbstractContextManager[GatewayAccess]]
"""The way to the gateways, for as long as it is used.

Raises:
    NoWayError: there is none.
"""


class NoWayError(Exception):
    """No gateway can be asked; why, and what to do."""

    def __init__(self, title: Text, advice: Text) -> None:
        super().__init__(title.en)
        self.title, self.advice = title, advice


class Alone:
    """What there is to look at where no till is open. Made by `alone`.

    Attributes:
        journal: a copy that nothing can be written to; None where there is none, or none that can be read.
        tally: what is in it, None where that is not known.
    """

    def __init__(self, settings: Settings, folder: Path, clock: Clock, reach: Reach) -> None:
        self._settings, self._folder, self._clock, self._reach = settings, folder, clock, reach
        self.journal: Journal | None = None
        self.tally: Tally | None = Tally(0, {}, 0)
        self._trouble: JournalError | None = None

    def open(self) -> None:
        """Look for the journal."""
        if not any((self._folder / name).exists() for name in (FILE_NAME, MARKER_NAME)):
            return
        self.tally = None
        try:
            self.journal = Journal.open_read_only(self._folder)
            self.tally = self.journal.read(tally).result()
        except JournalError as error:
            self._trouble = error

    def close(self) -> None:
        """Remove the copy."""
        if self.journal is not None:
            self.journal.close()

    def probes(self) -> tuple[Probe, ...]:
        """All that can be looked at without a till."""
        folder = self._folder
        return (
            Probe(gateway_probe.CHECKS, self._gateways),
            Probe((Check.CAMERA,), self._camera),
            Probe((Check.DECODER,), lambda: [machine_probes.look_at_decoder()]),
            Probe((Check.SCANNER,), lambda: [machine_probes.look_at_scanner(None, till_open=False)]),
            Probe((Check.PRINTER,), self._printer),
            Probe((Check.DISK,), lambda: [machine_probes.look_at_disk(folder)]),
            Probe((Check.JOURNAL,), self._journal),
            Probe((Check.BACKUP,), self._backup),
        )

    def _gateways(self) -> Iterable[Finding]:
        try:
            with self._reach() as access:
                found = asyncio.run(self._asked(access))
                if self.journal is not None:
                    with suppress(JournalError):  # its own check says what is wrong with it
                        found = gateway_probe.with_last_change(found, self.journal)
                strange = self._strange(access)
                return [strange if strange and one.check is Check.KEYS else one for one in found]
        except NoWayError as error:
            return [
                wrong(Check.GATEWAY, Cause.NO_ANSWER, error.title, error.advice),
                *(not_checked(one, Cause.NO_ANSWER, error.title, error.advice) for one in (Check.CLOCK, Check.KEYS)),
            ]

    def _strange(self, access: GatewayAccess) -> Finding | None:
        """What the owner did not agree to: with that no till opens, whatever the gateways answer."""
        if self.journal is None:
            return None
        try:
            refuse_strangers(self.journal, access.environment, access.marks, self._settings.own_vietqr.receiver)
        except JournalError as error:
            return wrong(Check.KEYS, Cause.NOT_CONFIRMED, error.title, error.advice)
        return None

    async def _asked(self, access: GatewayAccess) -> tuple[Finding, ...]:
        offset = ClockOffset(self._clock)
        ways = open_ways(access, self._settings, self._clock, offset)
        refused = self.tally.codes_refused if self.tally is not None else 0
        try:
            return await gateway_probe.look_at_gateways(ways, offset, self._clock, codes_refused=refused)
        finally:
            await ways.close()

    def _camera(self) -> Iterable[Finding]:
        setting = self._settings.scanning.camera
        return [machine_probes.look_at_camera(setting, _watched(setting) if setting else None)]

    def _printer(self) -> Iterable[Finding]:
        spool = chosen_spool(self._settings.printer, self._folder)
        try:
            status = asyncio.run(run_at_printer(PrinterErrand.STATUS, spool, self._settings))
        finally:
            spool.close(_PRINTER_S_AT_THE_END)
        return [machine_probes.look_at_printer(status, saves=saves_slips(self._settings.printer))]

    def _journal(self) -> Iterable[Finding]:
        if self.journal is None:
            error = self._trouble
            return [machine_probes.no_journal_yet() if error is None else machine_probes.journal_refuses(error)]
        till = self.journal.till
        if till != self._settings.shop.till:
            said, advice = _OTHER_TILL.fill(till=till), _NAME_THE_TILL.fill(till=till)
            return [wrong(Check.JOURNAL, Cause.TROUBLE, said, advice)]
        try:
            return [machine_probes.look_at_journal(self.journal.verify().result())]
        except JournalError as error:
            return [machine_probes.journal_refuses(error)]

    def _backup(self) -> Iterable[Finding]:
        made_at_ms = last_backup_at_ms(self._folder)
        return [machine_probes.look_at_backup(made_at_ms, self._clock.wall_ms(), self.tally)]


@contextmanager
def alone(settings: Settings, folder: Path, clock: Clock, reach: Reach) -> Iterator[Alone]:
    """What there is to look at, for a while."""
    made = Alone(settings, folder, clock, reach)
    made.open()
    try:
        yield made
    finally:
        made.close()


def _watched(setting: str) -> SourceHealth:
    """The camera after it gave pictures for a moment, or could not."""
    camera = open_camera(setting, on_frame=lambda _: None)
    camera.start()
    until = time.monotonic() + CAMERA_S_MAX
    try:
        while (health := camera.health()).state is SourceState.STARTING and time.monotonic() < until:
            time.sleep(0.02)
        if health.state is SourceState.RUNNING:
            time.sleep(CAMERA_LOOKED_AT_S)
            health = camera.health()
        return health
    finally:
        camera.stop()
