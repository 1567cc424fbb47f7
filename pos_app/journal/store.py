"""The journal as the rest of the program knows it: open, write, read, verify, close.

Every write is one transaction of entries and what they come to, durable when its future is done. One thread owns the
one connection. This module gives the order of things; file, chain, projections and checks have their own.
"""

import shutil
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future
from contextlib import ExitStack
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Self, TypeVar

from sqlalchemy import ColumnElement, Connection, literal_column, select

from pos_app.journal import own_row, projections, shift_facts, shift_rows
from pos_app.journal.append import append
from pos_app.journal.ballast import Ballast
from pos_app.journal.canonical import from_json
from pos_app.journal.cash_entries import CashGivenBack, CashTaken
from pos_app.journal.chain import START
from pos_app.journal.entries import Entry, OrphanNotified, PaymentPrepared, RefundRequested, ShiftClosed
from pos_app.journal.errors import CannotStoreError, JournalError, ReadOnlyError
from pos_app.journal.opening import Opening
from pos_app.journal.own_row import LostNumbers
from pos_app.journal.projections import PaymentKeys, PaymentRecord, RefundRecord
from pos_app.journal.read_only import copy_untouched
from pos_app.journal.sqlite_file import JournalFile, speaking_plainly
from pos_app.journal.verify import Progress, VerifyReport, audit
from pos_app.journal.writer import Writer
from pos_app.payments.payment import (
    DECIDED,
    HOUR_MS,
    LIVE,
    NEGATIVE,
    STATUS_VALID_MS,
    State,
    watched,
)
from pos_app.payments.refund import OPEN, RefundState, still_asked
from pos_app.shifts.shift import Shift

RESERVE_BYTES = 200_000_000
"""With less free than this no new payment is begun, so that the running ones can be finished."""

Result = TypeVar("Result")
_READ_ONLY = ReadOnlyError("the journal was opened for reading only")


class Journal:
    """One till's journal. Made by `Journal.open`; safe to use from any thread.

    Every method that returns a future returns at once. A future of `write` that is done means durable; one that failed
    means that nothing of it is stored, and its error (a `JournalError`) says why. Only where the disk failed in the
    act (`CannotStoreError`) such a write may turn up after a power cut, whole. What was handed over is done even if
    nobody waits for it any more.

    Attributes:
        till: the till's id.
        epoch: the random part of this journal's order ids.
        read_only: nothing can be written; see `open_read_only`.
        restored_at_ms: wall clock of the restoring, while not everything has been asked again; else None.
        backed_up_at_ms: wall clock of that backup: what came after it is missing here.
    """

    till: str
    epoch: str
    restored_at_ms: int | None
    backed_up_at_ms: int | None

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        """Not for callers: use `Journal.open`."""
        self.read_only = read_only
        self._folder = folder
        self._ballast = Ballast(folder)
        self._counter = threading.Lock()
        self._running = 0
        self._file: JournalFile
        self._writer = Writer("journal", CannotStoreError("the journal is closed"))

    @classmethod
    def open(cls, folder: Path, *, till: str, now_ms: int, entropy: bytes, take_over: bool = False) -> Self:
        """Take the folder's journal, or begin one where there never was any.

        After a stop that was not clean, everything in it is checked first; once a week, what came since the last check.

        Args:
            folder: a folder of this computer, made when missing.
            till: the till's id; a journal belongs to one till for good.
            now_ms: wall clock.
            entropy: at least four random bytes, for the order ids of a new journal.
            take_over: a manager said that a journal which was copied here goes on here, with other order ids.

        Raises:
            MovedJournalError: it was copied here, or put back by hand, and nobody said that it may go on.
            JournalError: the folder, the file or its content cannot be used; see `errors`.
        """
        opening = Opening(folder, till=till, now_ms=now_ms, entropy=entropy, take_over=take_over)
        journal = cls(folder)
        journal._in_its_thread(lambda: journal._open(opening))
        return journal

    @classmethod
    def open_read_only(cls, folder: Path) -> Self:
        """Look into a journal that cannot be opened any more: into a copy, so that the damaged files stay untouched.

        Lists, `verify` and a backup work as far as the damage lets them; every `write` is refused. What is missing in
        it is not known. Not while this process has the journal open.

        Raises:
            JournalError: not even that can be done.
        """
        journal = cls(folder, read_only=True)
        journal._in_its_thread(journal._open_copy)
        return journal

    def _in_its_thread(self, begin: Callable[[], None]) -> None:
        try:
            self._writer.do(begin).result()
        except BaseException:
            self._writer.stop()
            raise

    def next_running(self) -> int:
        """The next running number: each is given once."""
        with self._counter:
            self._running += 1
            return self._running

    def room_left(self, reserve_bytes: int = RESERVE_BYTES) -> bool:
        """Whether the disk has room enough to begin a payment. The ballast, when it was given back, comes first."""
        try:
            free = shutil.disk_usage(self._folder).free
        except OSError:
            return False
        if self.read_only or free < reserve_bytes:
            return False
        if self._ballast.given_back:
            self._writer.do(self._ballast.take)
            return False
        return True

    def write(self, *entries: Entry, at_ms: int) -> Future[None]:
        """Store the entries, all or none. PAID needs its `PaymentSettled` in the same call as its proof.

        On a full disk the ballast makes room for what a running payment still has to store.

        Errors of the future:
            LiveAttemptError: the sale has an open attempt.
            StorageFullError, CannotStoreError: the disk did not take it.
            LawlessEntryError: the entries contradict the rules.
            ReadOnlyError: the journal was opened for reading only.
        """
        return self._writer.do(lambda: self._write(entries, at_ms))

    def close_shift(self, make: Callable[[Shift, bool], ShiftClosed], *, at_ms: int) -> Future[None]:
        """Close the running shift with the entry that `make` makes of it, all in one transaction.

        `make` also gets whether something is being sent this very moment; what it raises is the future's error.
        """
        return self._writer.do(lambda: self._close_shift(make, at_ms))

    def payment(self, app_trans_id: str) -> Future[PaymentRecord | None]:
        """One payment, None when there is none of that id."""
        return self._in_transaction(lambda connection: projections.read_payment(connection, app_trans_id))

    def live(self) -> Future[tuple[PaymentRecord, ...]]:
        """The payments whose result is open, oldest first."""
        return self._read(projections.payment.c.state.in_([state.value for state in LIVE]))

    def watched(self, now_ms: int) -> Future[tuple[PaymentRecord, ...]]:
        """The closed ones that are still asked about in the background, oldest first."""
        closed = projections.unindexed_state.in_([state.value for state in NEGATIVE | DECIDED])
        recent = projections.payment.c.prepared_at_ms >= _known_since_ms(now_ms)

        def read(connection: Connection) -> tuple[PaymentRecord, ...]:
            found = projections.read_payments(connection, closed, recent)
            return tuple(one for one in found if watched(one.attempt, one.state, one.evidence, now_ms))

        return self._in_transaction(read)

    def open_refunds(self, now_ms: int) -> Future[tuple[RefundRecord, ...]]:
        """The refunds whose end is not known, and the negative ones that are still asked about, oldest first."""
        table = projections.refund.c
        negative = table.state.in_([RefundState.FAILED.value, RefundState.NOT_CREATED.value])
        recent = table.requested_at_ms >= _known_since_ms(now_ms)
        chosen = table.state.in_([state.value for state in OPEN]) | (negative & recent)

        def read(connection: Connection) -> tuple[RefundRecord, ...]:
            ids = select(table.app_trans_id).where(chosen)
            found = projections.read_payments(connection, projections.payment.c.app_trans_id.in_(ids))
            every = (one for record in found for one in record.refunds)
            asked = [one for one in every if still_asked(one.refund, one.state, one.evidence, now_ms)]
            return tuple(sorted(asked, key=lambda one: one.refund.requested_at_ms))

        return self._in_transaction(read)

    def late_money(self) -> Future[tuple[PaymentRecord, ...]]:
        """The payments that were paid too late and that nobody has settled, oldest first."""
        table = projections.payment.c  # written out as its index has it: else every payment is looked at
        late = (table.late == literal_column("1"), table.kept == literal_column("0"))
        return self._read(projections.unindexed_state == State.PAID.value, *late)

    def recent(self, count: int) -> Future[tuple[PaymentRecord, ...]]:
        """The last `count` payments, newest first."""
        return self._in_transaction(
            lambda connection: projections.read_payments(connection, newest_first=True, count=count)
        )

    def between(self, start_ms: int, end_ms: int) -> Future[tuple[PaymentRecord, ...]]:
        """The payments prepared from `start_ms` on and before `end_ms`, oldest first."""
        prepared = projections.payment.c.prepared_at_ms
        return self._read(prepared >= start_ms, prepared < end_ms)

    def with_slip(self, slip_number: str) -> Future[PaymentRecord | None]:
        """The payment of a slip's number, None when there is none."""

        def read(connection: Connection) -> PaymentRecord | None:
            found = projections.read_payments(connection, projections.payment.c.slip_number == slip_number)
            return next(iter(found), None)

        return self._in_transaction(read)

    def find(
        self, start_ms: int, end_ms: int, wanted: Callable[[PaymentKeys], bool], count: int
    ) -> Future[tuple[PaymentRecord, ...]]:
        """At most `count` payments prepared from `start_ms` on and before `end_ms` that are wanted, newest first.

        Only those are read whole.
        """
        table = projections.payment.c

        def read(connection: Connection) -> tuple[PaymentRecord, ...]:
            keys = projections.read_keys(connection, table.prepared_at_ms >= start_ms, table.prepared_at_ms < end_ms)
            found = [one.payment_id for one in islice(filter(wanted, keys), count)]
            return projections.read_payments(connection, table.app_trans_id.in_(found), newest_first=True)

        return self._in_transaction(read)

    def read(self, work: Callable[[Connection], Result]) -> Future[Result]:
        """What `work` reads in a transaction of its own, such as of `finding` and `figures`; it writes nothing."""
        return self._in_transaction(work)

    def orphans(self, start_ms: int, end_ms: int) -> Future[tuple[tuple[int, OrphanNotified], ...]]:
        """What gateways told of money of no payment here, each with when, from `start_ms` on and before `end_ms`."""

        def read(connection: Connection) -> tuple[tuple[int, OrphanNotified], ...]:
            told = projections.entry.c
            # Those of no payment are few, and have an index.
            of_none = (told.app_trans_id.is_(None), told.kind == OrphanNotified.kind)
            chosen = select(told.at_ms, told.payload).where(*of_none, told.at_ms >= start_ms, told.at_ms < end_ms)
            rows = connection.execute(chosen.order_by(told.n))
            found = ((at_ms, from_json(payload)) for at_ms, payload in rows)
            return tuple((at_ms, one) for at_ms, one in found if isinstance(one, OrphanNotified))

        return self._in_transaction(read)

    def sale_attempts(self, sale_id: str) -> Future[tuple[PaymentRecord, ...]]:
        """The attempts of one sale, oldest first."""
        return self._read(projections.payment.c.sale_id == sale_id)

    def verify(self, progress: Progress | None = None) -> Future[VerifyReport]:
        """Check the chain, every payment against its evidence, and the invariants; `progress(done, of)` meanwhile.

        Payments go on: it reads in slices, up to the entry that is last now.
        """
        return self._writer.do_in_slices(self._verify(progress))

    def to_ask_again(self) -> Future[tuple[PaymentRecord, ...]]:
        """In a restored journal, the payments that may have gone on after the backup, oldest first; else none."""

        def read(connection: Connection) -> tuple[PaymentRecord, ...]:
            if self.restored_at_ms is None:
                return ()
            backed_up_at_ms = self.backed_up_at_ms or 0
            told = projections.entry.c
            cut = own_row.restored_at_entry(connection)
            ids = select(told.app_trans_id).where(told.kind == PaymentPrepared.kind, told.n < cut)
            table = projections.payment.c
            known = projections.read_payments(connection, table.app_trans_id.in_(ids), table.state != State.PAID.value)

            def went_on(one: PaymentRecord) -> bool:
                return one.state in LIVE or watched(one.attempt, one.state, one.evidence, backed_up_at_ms)

            return tuple(filter(went_on, known))

        return self._in_transaction(read)

    def lost_numbers(self) -> Future[tuple[LostNumbers, ...]]:
        """In a restored journal, which numbers may have been given after the backup; else none."""

        def read(connection: Connection) -> tuple[LostNumbers, ...]:
            return () if self.restored_at_ms is None else own_row.lost_numbers(connection)

        return self._in_transaction(read)

    def in_conflict(self) -> Future[tuple[PaymentRecord, ...]]:
        """The payments whose result something speaks against, oldest first."""
        return self._read(projections.payment.c.conflict == literal_column("1"))

    def caught_up(self) -> Future[None]:
        """Everything that could be asked again was: the journal is an ordinary one from here on."""

        def note(connection: Connection) -> None:
            own_row.change_own_row(connection, restored_at_ms=None)
            self.restored_at_ms = None

        return self._in_transaction(note)

    def copy_to(self, path: Path) -> Future[None]:
        """Copy the journal's file as it is now into a new one for its owner's eyes; payments go on meanwhile."""
        return self._writer.do(lambda: self._file.copy_to(path, self._writer.let_others_in))

    @property
    def folder(self) -> Path:
        """Where the journal lies."""
        return self._folder

    @property
    def workplace(self) -> Path:
        """A folder for passing files: the journal's own, or the copy's when the journal is not to be touched."""
        return self._place

    def close(self) -> None:
        """Finish what was handed over, note the clean stop, let go of the file. May be called again."""
        self._writer.stop(self._close)

    # --- in the writer thread ------------------------------------------------------------------------------------

    def _in_transaction(self, work: Callable[[Connection], Result]) -> Future[Result]:
        return self._writer.do(lambda: self._transaction(work))

    def _transaction(self, work: Callable[[Connection], Result]) -> Result:
        return self._file.transaction(work)

    def _read(self, *where: ColumnElement[bool]) -> Future[tuple[PaymentRecord, ...]]:
        return self._in_transaction(lambda connection: projections.read_payments(connection, *where))

    def _write(self, entries: tuple[Entry, ...], at_ms: int) -> None:
        if self.read_only:
            raise _READ_ONLY
        begun = PaymentPrepared | RefundRequested | CashTaken | CashGivenBack
        begins = any(isinstance(one, begun) for one in entries)
        store = partial(self._transaction, lambda connection: append(connection, entries, at_ms))
        if begins:
            store()  # the ballast is for what has begun
        else:
            self._ballast.makes_room(store)

    def _close_shift(self, make: Callable[[Shift, bool], ShiftClosed], at_ms: int) -> None:
        if self.read_only:
            raise _READ_ONLY

        def close(connection: Connection) -> None:
            now = shift_facts.running(connection)
            append(connection, (make(now, shift_rows.is_sending(connection)),), at_ms)

        self._transaction(close)

    def _verify(self, progress: Progress | None) -> Generator[None, None, VerifyReport]:
        own = self._transaction(own_row.read_own_row)
        report = yield from audit(self._transaction, progress, noted=own.checked if own else START)
        if report.ok and not self.read_only:
            self._transaction(lambda connection: own_row.note_checked(connection, report.anchor))
        return report

    def _open(self, opening: Opening) -> None:
        self._place = self._folder
        self._file = opening.take(self._ballast)
        self._transaction(self._know)

    def _know(self, connection: Connection) -> None:
        """What the journal's own row says, for everyone to read."""
        own = own_row.read_own_row(connection)
        self.till, self.epoch = (own.till, own.epoch) if own else ("", "")
        self.restored_at_ms = own.restored_at_ms if own else None
        self.backed_up_at_ms = own.backed_up_at_ms if own else None
        if own:
            self._running = projections.last_running(connection)
            self._running = max(self._running, own.running_from)

    def _open_copy(self) -> None:
        self._place = copy_untouched(self._folder)
        with ExitStack() as undone:
            undone.callback(shutil.rmtree, self._place, ignore_errors=True)
            self._file = JournalFile(self._place, even_damaged=True)
            undone.callback(self._file.close, clean=True)
            self._transaction(self._know)
            undone.pop_all()

    def _close(self) -> None:
        if self.read_only:
            self._file.close(clean=True)
            shutil.rmtree(self._place, ignore_errors=True)
            return
        clean = self._note_clean_stop() or (self._ballast.release() and self._note_clean_stop())
        self._file.close(clean=clean or self._note_clean_stop())

    def _note_clean_stop(self) -> bool:
        try:
            with speaking_plainly():
                self._file.pragma("wal_checkpoint(TRUNCATE)")  # on a full disk this may make the room the note needs
                self._transaction(lambda connection: own_row.change_own_row(connection, clean_stop=1))
        except JournalError:
            return False
        return True


def _known_since_ms(now_ms: int) -> int:
    """What is older the gateway does not answer for; with room for clocks, the rules themselves decide."""
    return now_ms - STATUS_VALID_MS - HOUR_MS
