"""The doctor of the till that is open: it looks at what that till holds, and disturbs no payment."""

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pos_app.checkout.lights import AnswerCount
from pos_app.checkout.printing import PrinterErrand
from pos_app.checkout.printing import run as run_at_printer
from pos_app.checkout.ways import Ways
from pos_app.clock import Clock
from pos_app.doctor import gateway_probe, machine_probes
from pos_app.doctor.checks import Check, Finding
from pos_app.doctor.examine import Probe, examine
from pos_app.doctor.recent_log import RecentLog
from pos_app.doctor.support import Gathered, support_text
from pos_app.doctor.views import (
    AllChecked,
    BackedUp,
    BackupRefused,
    Checked,
    SupportRefused,
    SupportSaved,
    SupportShown,
)
from pos_app.journal.backup import back_up, last_backup_at_ms
from pos_app.journal.errors import BackupNotWrittenError, JournalDamagedError, JournalError
from pos_app.journal.store import Journal
from pos_app.journal.tally import Tally, tally
from pos_app.journal.verify import VerifyReport
from pos_app.payments.gateway_names import is_demo
from pos_app.private_file import put_in_place
from pos_app.receipts.printers.choice import saves_slips
from pos_app.receipts.spool import Spool
from pos_app.scanning.source import SourceHealth
from pos_app.settings import Settings
from pos_app.words import Text

log = logging.getLogger(__name__)

NOT_SAVED = (
    Text("Không ghi được tệp", "The file cannot be written"),
    Text("Chọn chỗ khác còn trống, rồi thử lại.", "Choose another place with room, then try again."),
)


class Eyes(Protocol):
    """What reads codes at this till."""

    scanner_seen_ns: int | None

    def camera_health(self) -> SourceHealth | None:
        """How the camera is now, None where none is used."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What a till is made of, as far as the doctor looks at it.

    Attributes:
        wait_for: has the till's own thread do something asynchronous.
    """

    settings: Settings
    folder: Path
    clock: Clock
    offset: AnswerCount
    ways: Ways
    journal: Journal
    spool: Spool
    eyes: Eyes
    wait_for: Callable[[Any], Future[Any]]


def _in_one_file_system(one: Path, other: Path) -> bool:
    try:
        return one.stat().st_dev == other.stat().st_dev
    except OSError:  # the stick was pulled out at once
        return False


class TillDoctor:
    """Looks at one open till, and writes the report for support.

    Args:
        parts: the till's.
        tell: gets what the screens are told.
    """

    def __init__(self, parts: Parts, tell: Callable[[object], None]) -> None:
        self._it = parts
        self._ended = False
        self._tell_screens = tell
        self._shown = ""
        self._backing_up: threading.Thread | None = None
        self._audit: Future[VerifyReport] | None = None
        self.log = RecentLog()
        self.log.begin()

    def _tell(self, told: object) -> None:
        if not self._ended:
            self._tell_screens(told)

    def begin(self) -> None:
        """Look at everything, on a thread of its own. Told as `Checked`, one by one, then `AllChecked`."""
        threading.Thread(target=self._examine_and_tell, name="doctor", daemon=True).start()

    def _examine_and_tell(self) -> None:
        clock = self._it.clock
        at_ms, began_ms = clock.wall_ms(), clock.monotonic_ms()
        self.examine(lambda finding: self._tell(Checked(finding)))
        self._tell(AllChecked(at_ms, clock.monotonic_ms() - began_ms))

    def examine(self, tell: Callable[[Finding], None] = lambda _: None) -> tuple[Finding, ...]:
        """Look at everything; blocks."""
        return examine(self._probes(), tell)

    def begin_report(self) -> None:
        """Write the report for support, on a thread of its own. Told as `SupportShown`."""

        def write() -> None:
            self._shown = self.report()
            self._tell(SupportShown(self._shown))

        threading.Thread(target=write, name="doctor", daemon=True).start()

    def save_report(self, path: Path) -> None:
        """Save the very text that was shown. Told as `SupportSaved` or `SupportRefused`."""
        try:
            put_in_place(self._shown.encode(), path)
        except OSError:
            log.exception("the report for support could not be saved")
            self._tell(SupportRefused(*NOT_SAVED))
        else:
            self._tell(SupportSaved(path))

    def begin_backup(self, path: Path, passphrase: str) -> None:
        """Back the journal up, on a thread of its own. Told as `BackedUp`, with its check, or `BackupRefused`."""

        def work() -> None:
            self._tell(self._backed_up(path, passphrase))
            for finding in self._backup():
                self._tell(Checked(finding))

        self._backing_up = threading.Thread(target=work, name="backup", daemon=True)
        self._backing_up.start()

    def wait_for_backup(self, seconds_max: float) -> None:
        """Let a backup that is being made come to its end, before the journal is closed under it."""
        if self._backing_up is not None:
            self._backing_up.join(seconds_max)

    def _backed_up(self, path: Path, passphrase: str) -> BackedUp | BackupRefused:
        it = self._it
        try:
            made = back_up(it.journal, path, passphrase, made_at_ms=it.clock.wall_ms())
            return BackedUp(path, made.entries, here=_in_one_file_system(path, it.folder),
                            checked=not it.journal.read_only)  # fmt: skip
        except JournalError as error:
            log.warning("the journal was not backed up: %s", type(error).__name__)
            return BackupRefused(error.title, error.advice)
        except Exception:  # whoever waits for it is told in any case
            log.exception("the journal was not backed up")
            return BackupRefused(BackupNotWrittenError.title, BackupNotWrittenError.advice)

    def report(self) -> str:
        """The report for support, looked up anew; blocks."""
        it = self._it
        gathered = Gathered(
            it.clock.wall_ms(), it.settings, is_demo(it.ways.first.name), till_open=True, findings=self.examine(),
            tally=self._tally(), log=self.log.lines,
        )  # fmt: skip
        return support_text(gathered)

    def end(self) -> None:
        """The till is closed: nothing more is begun or told."""
        self._ended = True
        self.log.end()

    # --- what is looked at -----------------------------------------------------------------------------------------

    def _probes(self) -> tuple[Probe, ...]:
        it = self._it
        return (
            Probe(gateway_probe.CHECKS, self._gateways),
            Probe((Check.CAMERA,), lambda: [machine_probes.look_at_camera(it.settings.scanning.camera,
                                                                          it.eyes.camera_health())]),
            Probe((Check.DECODER,), lambda: [machine_probes.look_at_decoder()]),
            Probe((Check.SCANNER,), self._scanner),
            Probe((Check.PRINTER,), self._printer),
            Probe((Check.DISK,), lambda: [machine_probes.look_at_disk(it.folder)]),
            Probe((Check.JOURNAL,), self._journal),
            Probe((Check.BACKUP,), self._backup),
        )  # fmt: skip

    def _gateways(self) -> Iterable[Finding]:
        it, counted = self._it, self._tally()
        if self._ended:
            return ()
        refused = counted.codes_refused if counted is not None else 0
        asking = gateway_probe.look_at_gateways(it.ways, it.offset, it.clock, codes_refused=refused)
        found: tuple[Finding, ...] = it.wait_for(asking).result()
        with suppress(JournalError):  # its own check says what is wrong with it
            found = gateway_probe.with_last_change(found, it.journal)
        return found

    def _scanner(self) -> Iterable[Finding]:
        seen_ns, clock = self._it.eyes.scanner_seen_ns, self._it.clock
        ago_ms = clock.monotonic_ms() - seen_ns // 1_000_000 if seen_ns is not None else 0
        return [machine_probes.look_at_scanner(clock.wall_ms() - ago_ms if seen_ns is not None else None)]

    def _printer(self) -> Iterable[Finding]:
        it = self._it
        if self._ended:
            return ()
        status = it.wait_for(run_at_printer(PrinterErrand.STATUS, it.spool, it.settings)).result()
        return [machine_probes.look_at_printer(status, saves=saves_slips(it.settings.printer))]

    def _journal(self) -> Iterable[Finding]:
        if self._it.journal.read_only:
            return [machine_probes.journal_refuses(JournalDamagedError())]
        if self._audit is None or self._audit.done():  # of a large journal one at a time is enough
            self._audit = self._it.journal.verify()
        try:
            return [machine_probes.look_at_journal(self._audit.result())]
        except JournalError as error:
            return [machine_probes.journal_refuses(error)]

    def _backup(self) -> Iterable[Finding]:
        made_at_ms = last_backup_at_ms(self._it.folder)
        return [machine_probes.look_at_backup(made_at_ms, self._it.clock.wall_ms(), self._tally())]

    def _tally(self) -> Tally | None:
        try:
            return self._it.journal.read(tally).result()
        except JournalError:
            return None
