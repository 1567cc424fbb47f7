"""Taking a journal: whose it is, whether it is whole, whether it is at home here. A new one is begun here too."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, select

from pos_app import __version__
from pos_app.journal import installation, own_row
from pos_app.journal.append import append, head
from pos_app.journal.ballast import Ballast
from pos_app.journal.canonical import from_json
from pos_app.journal.chain import START
from pos_app.journal.entries import JournalOpened, PaymentPrepared
from pos_app.journal.errors import (
    CannotStoreError,
    ForeignFolderError,
    JournalDamagedError,
    MovedJournalError,
    NewerVersionError,
)
from pos_app.journal.folder import take_folder
from pos_app.journal.installation import Installation
from pos_app.journal.own_row import OwnRow
from pos_app.journal.projections import entry
from pos_app.journal.sqlite_file import JournalFile
from pos_app.journal.verify import verified
from pos_app.payments.order_number import epoch_from
from pos_app.payments.payment import HOUR_MS, RULES_VERSION

THOROUGH_EVERY_MS = 7 * 24 * HOUR_MS


class Opening:
    """One opening. Used in the journal's thread."""

    def __init__(self, folder: Path, *, till: str, now_ms: int, entropy: bytes, take_over: bool) -> None:
        """What `Journal.open` was told."""
        self._folder = folder
        self._till = till
        self._now_ms = now_ms
        self._entropy = entropy
        self._take_over = take_over

    def take(self, ballast: Ballast) -> JournalFile:
        """The open file, checked, begun and marked.

        Raises:
            JournalError: as `Journal.open`.
        """
        take_folder(self._folder)
        self._file = JournalFile(self._folder)
        try:
            own, here, moved = self._look()
            ballast.makes_room(lambda: self._file.transaction(lambda connection: self._begin(connection, own, moved)))
            self._file.keep_log = True  # from here on the file says "not stopped"
            self._file.mark()
            self._note_installation(here)
        except BaseException:
            self._file.close(clean=False)
            raise
        ballast.take()
        return self._file

    def _look(self) -> tuple[OwnRow, Installation, str]:
        """The own row as it is to be, where the journal is at home now, and why that is another place; else ""."""
        own = self._file.transaction(self._own_row)
        clean, checked_at_ms = own.clean_stop, own.checked_at_ms
        if not clean and self._file.log_is_lost:
            message = "the write-ahead log is gone although the journal was not stopped"
            raise JournalDamagedError(message)
        # A clock set back must not put the weekly check off for ever.
        if not clean or not 0 <= self._now_ms - checked_at_ms < THOROUGH_EVERY_MS:
            own = self._check(own, from_the_beginning=not clean)
        here = installation.installation_of(self._folder)
        moved = self._file.transaction(lambda connection: installation.is_moved(connection, own.installed_on, here))
        if moved and not self._take_over:
            raise MovedJournalError(moved)
        if moved or here is None:
            here = installation.new_installation()
            installation.keep_installation(self._folder, here)
        return replace(own, installed_on=here.here()), here, moved

    def _own_row(self, connection: Connection) -> OwnRow:
        """Whose journal this is; a new one gets its row here."""
        own = own_row.read_own_row(connection)
        if own is None:
            if self._file.was_marked:
                message = "the journal's own row is gone"
                raise JournalDamagedError(message)
            own = own_row.make_own_row(connection, till=self._till, epoch=epoch_from(self._entropy))
        if own.till != self._till:
            message = "the journal belongs to another till"
            raise ForeignFolderError(message)
        if _newest_rules(connection) > RULES_VERSION:
            message = "its payments are judged by rules that are not known here"
            raise NewerVersionError(message)
        return own

    def _check(self, own: OwnRow, *, from_the_beginning: bool) -> OwnRow:
        """Check the file and what is in it; of a large one what came since the last check.

        The rest of a large one is checked once a day while payments go on: it holds a chain of hashes up to there.
        """
        if not self._file.is_large:
            self._file.find_damage(thorough=True)
        since = START if from_the_beginning and not self._file.is_large else own.checked
        report = self._file.transaction(lambda connection: verified(connection, None, since=since, noted=own.checked))
        if not report.ok:
            raise JournalDamagedError("; ".join(line.en for line in report.problems[:3]))
        return replace(own, checked=report.anchor, checked_at_ms=self._now_ms)

    def _begin(self, connection: Connection, own: OwnRow, moved: str) -> None:
        own_row.change_own_row(connection, clean_stop=0, checked_at_ms=own.checked_at_ms, installed_on=own.installed_on)
        own_row.note_checked(connection, own.checked)
        epoch = own.epoch
        if moved:
            epoch = epoch_from(self._entropy)
            own_row.begin_epoch(connection, epoch, "moved", self._now_ms)
        append(connection, (JournalOpened(self._till, epoch, __version__),), self._now_ms)

    def _note_installation(self, here: Installation) -> None:
        """Beside the journal: how far it had come when it was opened here. An older state of it is known by that."""
        last = self._file.transaction(head)
        with suppress(CannotStoreError):  # what was noted before still holds
            installation.keep_installation(self._folder, replace(here, n=last.n, hash=last.hash.hex()))


def _newest_rules(connection: Connection) -> int:
    """The rules that the newest payment was begun under; 0 where nobody can tell: the checks say why."""
    prepared = select(entry.c.payload).where(entry.c.kind == PaymentPrepared.kind).order_by(entry.c.n.desc())
    payload = connection.execute(prepared.limit(1)).scalar()
    with suppress(JournalDamagedError):
        newest = from_json(payload) if isinstance(payload, str) else None
        return newest.attempt.rules if isinstance(newest, PaymentPrepared) else 0
    return 0
