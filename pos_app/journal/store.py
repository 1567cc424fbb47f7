"""The journal as the rest of the program knows it: open, write, read, verify, close.

Every write is one transaction of entries and what they come to, durable when its future is done. One thread owns the
one connection. This module gives the order of things; file, chain, projections and checks have their own.
"""

import shutil
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Self, TypeVar

from sqlalchemy import ColumnElement, Connection, insert, select, update

from pos_app import __version__
from pos_app.journal import chain, projections
from pos_app.journal.entries import Entry, JournalOpened, payment_of, to_json
from pos_app.journal.errors import (
    CannotStoreError,
    ForeignFolderError,
    JournalDamagedError,
    JournalError,
    LawlessEntryError,
)
from pos_app.journal.projections import PaymentRecord
from pos_app.journal.sqlite_file import JournalFile, speaking_plainly, take_folder
from pos_app.journal.verify import Progress, VerifyReport, verified
from pos_app.journal.writer import Writer
from pos_app.payments.order_number import epoch_from
from pos_app.payments.payment import (
    CLOCK_MARGIN_MS,
    GATEWAY_WINDOW_MS,
    HOUR_MS,
    LIVE,
    State,
    watched,
)

RESERVE_BYTES = 200_000_000
"""With less free than this no new payment is begun, so that the running ones can be finished."""
THOROUGH_EVERY_MS = 7 * 24 * HOUR_MS

Result = TypeVar("Result")


class Journal:
    """One till's journal. Made by `Journal.open`; safe to use from any thread.

    Every method that returns a future returns at once. A future of `write` that is done means durable; one that failed
    means that nothing of it is stored, and its error (a `JournalError`) says why. What was handed over is done even if
    nobody waits for it any more.

    Attributes:
        till: the till's id.
        epoch: the random part of this journal's order ids.
    """

    till: str
    epoch: str

    def __init__(self, folder: Path) -> None:
        """Not for callers: use `Journal.open`."""
        self._folder = folder
        self._counter = threading.Lock()
        self._running = 0
        self._file: JournalFile
        self._writer = Writer("journal")

    @classmethod
    def open(cls, folder: Path, *, till: str, now_ms: int, entropy: bytes) -> Self:
        """Take the folder's journal, or begin one where there never was any.

        After a stop that was not clean, and once a week, everything in it is checked first.

        Args:
            folder: a folder of this computer, made when missing.
            till: the till's id; a journal belongs to one till for good.
            now_ms: wall clock.
            entropy: at least four random bytes, for the order ids of a new journal.

        Raises:
            JournalError: the folder, the file or its content cannot be used; see `errors`.
        """
        journal = cls(folder)
        try:
            journal._do(lambda: journal._open(till, now_ms, entropy)).result()
        except BaseException:
            journal._writer.stop()
            raise
        return journal

    def next_running(self) -> int:
        """The next running number: each is given once."""
        with self._counter:
            self._running += 1
            return self._running

    def room_left(self, reserve_bytes: int = RESERVE_BYTES) -> bool:
        """Whether the disk has room enough to begin a payment."""
        try:
            return shutil.disk_usage(self._folder).free >= reserve_bytes
        except OSError:
            return False

    def write(self, *entries: Entry, at_ms: int) -> Future[None]:
        """Store the entries, all or none. PAID needs its `PaymentSettled` in the same call as its proof.

        Errors of the future:
            LiveAttemptError: the sale has an open attempt.
            StorageFullError, CannotStoreError: the disk did not take it.
            LawlessEntryError: the entries contradict the rules.
        """
        return self._in_transaction(lambda connection: _append(connection, entries, at_ms))

    def payment(self, app_trans_id: str) -> Future[PaymentRecord | None]:
        """One payment, None when there is none of that id."""
        return self._in_transaction(lambda connection: projections.read_payment(connection, app_trans_id))

    def live(self) -> Future[tuple[PaymentRecord, ...]]:
        """The payments whose result is open, oldest first."""
        return self._read(projections.payment.c.state.in_([state.value for state in LIVE]))

    def watched(self, now_ms: int) -> Future[tuple[PaymentRecord, ...]]:
        """The negative ones that are still asked about in the background, oldest first."""
        # `app_time` and the wall clock of the entry are minutes apart at most; the rule itself decides below.
        since_ms = now_ms - GATEWAY_WINDOW_MS - CLOCK_MARGIN_MS - HOUR_MS
        table = projections.payment.c
        negative = table.state.in_([State.FAILED.value, State.NOT_CREATED.value])

        def read(connection: Connection) -> tuple[PaymentRecord, ...]:
            found = projections.read_payments(connection, negative, table.prepared_at_ms >= since_ms)
            return tuple(one for one in found if watched(one.attempt, one.state, now_ms))

        return self._in_transaction(read)

    def recent(self, count: int) -> Future[tuple[PaymentRecord, ...]]:
        """The last `count` payments, newest first."""
        return self._in_transaction(
            lambda connection: projections.read_payments(connection, newest_first=True, count=count)
        )

    def between(self, start_ms: int, end_ms: int) -> Future[tuple[PaymentRecord, ...]]:
        """The payments prepared from `start_ms` on and before `end_ms`, oldest first."""
        prepared = projections.payment.c.prepared_at_ms
        return self._read(prepared >= start_ms, prepared < end_ms)

    def sale_attempts(self, sale_id: str) -> Future[tuple[PaymentRecord, ...]]:
        """The attempts of one sale, oldest first."""
        return self._read(projections.payment.c.sale_id == sale_id)

    def verify(self, progress: Progress | None = None) -> Future[VerifyReport]:
        """Check the chain, every payment against its evidence, and the invariants; `progress(done, of)` meanwhile."""
        return self._in_transaction(lambda connection: verified(connection, progress))

    def close(self) -> None:
        """Finish what was handed over, note the clean stop, let go of the file. May be called again."""
        self._do(self._close)
        self._writer.stop()

    # --- in the writer thread ------------------------------------------------------------------------------------

    def _do(self, work: Callable[[], Result]) -> Future[Result]:
        return self._writer.do(work, closed=CannotStoreError("the journal is closed"))

    def _in_transaction(self, work: Callable[[Connection], Result]) -> Future[Result]:
        def run() -> Result:
            with speaking_plainly(), self._file.connection.begin():
                return work(self._file.connection)

        return self._do(run)

    def _read(self, *where: ColumnElement[bool]) -> Future[tuple[PaymentRecord, ...]]:
        return self._in_transaction(lambda connection: projections.read_payments(connection, *where))

    def _open(self, till: str, now_ms: int, entropy: bytes) -> None:
        take_folder(self._folder)
        self._file = JournalFile(self._folder)
        try:
            self._check_and_begin(till, now_ms, entropy)
            self._file.mark()
        except BaseException:
            self._file.close(clean=False)
            raise

    def _check_and_begin(self, till: str, now_ms: int, entropy: bytes) -> None:
        with speaking_plainly(), self._file.connection.begin():
            clean, checked_at_ms = self._own_row(till, entropy)
        if not clean and self._file.log_is_lost:
            message = "the write-ahead log is gone although the journal was not stopped"
            raise JournalDamagedError(message)
        # A clock set back must not put the weekly check off for ever.
        if not clean or not 0 <= now_ms - checked_at_ms < THOROUGH_EVERY_MS:
            self._check_everything()
            checked_at_ms = now_ms
        self._begin(now_ms, checked_at_ms)

    def _own_row(self, till: str, entropy: bytes) -> tuple[bool, int]:
        """Whose journal this is; a new one gets its row here. Returns whether it was stopped, and when last checked."""
        connection = self._file.connection
        table = projections.journal
        row = connection.execute(select(table)).mappings().first()
        if row is None:
            if self._file.was_marked:
                message = "the journal's own row is gone"
                raise JournalDamagedError(message)
            self.till, self.epoch = till, epoch_from(entropy)
            own = {"one": 1, "till": till, "epoch": self.epoch, "clean_stop": 0, "checked_at_ms": 0}
            connection.execute(insert(table).values(own))
            return False, 0
        if row["till"] != till:
            message = "the journal belongs to another till"
            raise ForeignFolderError(message)
        self.till, self.epoch = row["till"], row["epoch"]
        return bool(row["clean_stop"]), row["checked_at_ms"]

    def _check_everything(self) -> None:
        self._file.find_damage(thorough=True)
        with speaking_plainly(), self._file.connection.begin():
            report = verified(self._file.connection, None)
        if not report.ok:
            raise JournalDamagedError("; ".join(line.en for line in report.problems[:3]))

    def _begin(self, now_ms: int, checked_at_ms: int) -> None:
        opened = JournalOpened(self.till, self.epoch, __version__)
        with speaking_plainly(), self._file.connection.begin():
            connection = self._file.connection
            connection.execute(update(projections.journal).values(clean_stop=0, checked_at_ms=checked_at_ms))
            _append(connection, (opened,), now_ms)
            self._running = projections.last_running(connection)

    def _close(self) -> None:
        clean = self._note_clean_stop() or self._note_clean_stop()
        self._file.close(clean=clean)

    def _note_clean_stop(self) -> bool:
        try:
            with speaking_plainly():
                self._file.pragma("wal_checkpoint(TRUNCATE)")  # on a full disk this may make the room the note needs
                with self._file.connection.begin():
                    self._file.connection.execute(update(projections.journal).values(clean_stop=1))
        except JournalError:
            return False
        return True


def _append(connection: Connection, entries: tuple[Entry, ...], at_ms: int) -> None:
    """The entries to the end of the chain, and their payments brought up to date."""
    projections.project(connection, entries, at_ms)
    table = projections.entry
    last = connection.execute(select(table.c.n, table.c.hash).order_by(table.c.n.desc()).limit(1)).first()
    n, previous = (last.n, last.hash) if last else (0, chain.GENESIS)
    for one in entries:
        try:
            payload = to_json(one)
        except (ValueError, KeyError, TypeError) as error:
            message = f"the entry cannot be written down ({type(error).__name__})"
            raise LawlessEntryError(message) from None
        n, previous = n + 1, chain.link_hash(n + 1, previous, at_ms, payload)
        row = {"n": n, "at_ms": at_ms, "kind": one.kind, "app_trans_id": payment_of(one)}
        connection.execute(insert(table).values(**row, payload=payload, hash=previous))
