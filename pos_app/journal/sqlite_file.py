"""The journal's file: opening SQLite by the storage rules, bringing the schema up to date, copying it while it is used.

What stands in the tables is not read here, except for whose file it is and which schema it has.
"""

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from pos_app.journal.errors import (
    AlreadyOpenError,
    CannotStoreError,
    ForeignFolderError,
    IntentTakenError,
    JournalDamagedError,
    JournalError,
    LawlessEntryError,
    LiveAttemptError,
    NewerVersionError,
    StorageFullError,
)
from pos_app.journal.folder import make_private
from pos_app.journal.migrations import REVISIONS
from pos_app.private_file import sync_folder

FILE_NAME = "journal.sqlite3"
OLD_SCHEMA_NAME = "journal.schema-{}.sqlite"
"""What the journal was before the program changed its schema. It is read by nobody: for going back by hand."""
MARKER_NAME = "journal.exists"
"""Says that this folder has a journal: without it a lost file would look like a new shop."""
APPLICATION_ID = 0x7A6C7069
SECOND_INSTANCE_WAIT_MS = 800
BUSY_WAIT_MS = 5_000
"""How long a write waits for an antivirus or a backup that holds the file."""
_PAGES_PER_STEP = 256
LARGE_BYTES = 8 << 20
"""A larger file is not read whole before the till starts: that would take as long as the shop is old."""

Result = TypeVar("Result")

_SETTINGS = [
    "locking_mode = EXCLUSIVE",  # before the first access: then there is no shared memory either
    "synchronous = FULL",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    "mmap_size = 0",
]
if sys.platform == "darwin":
    _SETTINGS += ["fullfsync = ON", "checkpoint_fullfsync = ON"]


def change_bytes(folder: Path) -> int:
    """How much room a change of the schema takes in the folder, 0 where there is no journal.

    The copy of the journal as it was, and as much for the log of the change: its tables may be made anew.
    """
    files = (folder / FILE_NAME, folder / f"{FILE_NAME}-wal")
    return 2 * sum(one.stat().st_size for one in files if one.is_file())


class JournalFile:
    """The open SQLite file. Used by one thread only.

    Attributes:
        connection: the only connection; every transaction on it begins IMMEDIATE.
        was_marked: the folder had a journal before this opening.
        log_is_lost: it had one, but no write-ahead log: lawful after a clean stop only.
        is_large: it is not read whole at a start; see `Opening`.
        keep_log: what an unclean close leaves behind is a log, since a missing one would look removed.
    """

    def __init__(self, folder: Path, *, even_damaged: bool = False) -> None:
        """Open or make the file.

        Args:
            folder: where it is.
            even_damaged: look at it all the same; for a copy that nobody needs.

        Raises:
            JournalError: see `errors`.
        """
        self._path = folder / FILE_NAME
        self._log = folder / f"{FILE_NAME}-wal"
        self._marker = folder / MARKER_NAME
        self.was_marked = self._marker.exists()
        self.log_is_lost = self.was_marked and not self._log.exists()
        self.keep_log = not self.log_is_lost
        exists = self._path.exists() and self._path.stat().st_size > 0
        self.is_large = exists and self._path.stat().st_size > LARGE_BYTES
        if not exists and (self.was_marked or self._log.exists()):
            message = "the journal's file is gone although the folder had one"
            raise JournalDamagedError(message)
        if not exists:
            make_private(self._path)
        with speaking_plainly():
            self._raw = sqlite3.connect(self._path, isolation_level=None, timeout=SECOND_INSTANCE_WAIT_MS / 1000)
        self._held = ExitStack()
        self._held.callback(self._raw.close)
        try:
            self._claim()
            if not (even_damaged or self.is_large):
                self.find_damage(thorough=False)
            self.connection = self._held.enter_context(_engine(self._raw).connect())
            self._bring_up_to_date()
        except BaseException:
            self.close(clean=False)
            raise

    def transaction(self, work: Callable[[Connection], Result]) -> Result:
        """Do the work in a transaction of its own: all of it is stored, or nothing."""
        with speaking_plainly(), self.connection.begin():
            return work(self.connection)

    def pragma(self, text: str) -> list[tuple[object, ...]]:
        """Ask SQLite itself, outside any transaction."""
        return self._raw.execute(f"PRAGMA {text}").fetchall()

    def find_damage(self, *, thorough: bool) -> None:
        """SQLite's own check of the file.

        Raises:
            JournalDamagedError: it found something.
        """
        with speaking_plainly():
            found = self.pragma("integrity_check" if thorough else "quick_check")
        if found != [("ok",)]:
            message = f"SQLite found {len(found)} faults in the file"
            raise JournalDamagedError(message)

    def copy_to(self, path: Path, between: Callable[[], None]) -> None:
        """Copy the file as it is at the end of the copying; `between` is called often, and may write meanwhile.

        Raises:
            CannotStoreError: the copy cannot be written.
        """
        make_private(path)
        with speaking_plainly(), closing(sqlite3.connect(path, isolation_level=None)) as copy:
            self._raw.backup(copy, pages=_PAGES_PER_STEP, progress=lambda *_: between(), sleep=0)
            copy.execute("PRAGMA journal_mode = DELETE")

    def mark(self) -> None:
        """Leave the mark that this folder has a journal; bring the log into the file.

        With the log empty and the file saying "not stopped", a log that vanishes later is noticed.
        """
        with speaking_plainly():
            self.pragma("wal_checkpoint(TRUNCATE)")
        try:
            with self._marker.open("a") as mark:
                mark.flush()
                os.fsync(mark.fileno())
            sync_folder(self._marker.parent)
        except OSError as error:
            message = f"the folder's mark cannot be written ({type(error).__name__})"
            raise CannotStoreError(message) from None
        self.pragma(f"busy_timeout = {BUSY_WAIT_MS}")

    def close(self, *, clean: bool) -> None:
        """Let go of the file."""
        keep_log = not clean and self.keep_log and self._log.exists()
        self._held.close()
        if keep_log:
            self._log.touch()
            sync_folder(self._log.parent)

    def _claim(self) -> None:
        """Set the storage rules, take the lock, and see that the file is ours."""
        with speaking_plainly(busy=AlreadyOpenError):
            for setting in _SETTINGS:
                self.pragma(setting)
            if self._has_tables() and not self._is_ours():
                message = "the file belongs to another program"
                raise ForeignFolderError(message)
            self.pragma("journal_mode = WAL")

    def _has_tables(self) -> bool:
        return bool(self._raw.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])

    def _is_ours(self) -> bool:
        return self.pragma("application_id") == [(APPLICATION_ID,)]

    def _bring_up_to_date(self) -> None:
        revision = self._revision() if self._is_ours() else None
        if revision is not None and revision not in REVISIONS:
            message = f"schema {revision} is newer than {REVISIONS[-1]}"
            raise NewerVersionError(message)
        if revision != REVISIONS[-1]:
            if revision is not None:
                self._keep_as_it_is(revision)
            with speaking_plainly():
                self.pragma("foreign_keys = OFF")  # a table may be made anew; it has no effect inside a transaction
                with self.connection.begin():
                    _migrate(self.connection)
                    if self.pragma("foreign_key_check"):
                        message = "the new schema does not hold the stored rows together"
                        raise JournalDamagedError(message)
                self.pragma("foreign_keys = ON")

    def _keep_as_it_is(self, revision: str) -> None:
        """Copy the file beside itself before its schema changes: for whoever must go back to the program before.

        Raises:
            JournalError: the copy cannot be kept; the schema stays as it is.
        """
        kept = self._path.with_name(OLD_SCHEMA_NAME.format(revision))
        unfinished = kept.with_name(f"{kept.name}.new")
        try:
            unfinished.unlink(missing_ok=True)
            self.copy_to(unfinished, lambda: None)
            with unfinished.open("rb+") as copy:
                os.fsync(copy.fileno())
            unfinished.replace(kept)
            sync_folder(kept.parent)
        except OSError as error:
            message = f"the journal cannot be copied before its schema changes ({type(error).__name__})"
            raise CannotStoreError(message) from None
        finally:
            with suppress(OSError):  # half a copy would hold the last of the disk
                unfinished.unlink(missing_ok=True)

    def _revision(self) -> str:
        with speaking_plainly(), self.connection.begin():
            found = self.connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
        if len(found) != 1:
            message = "the journal does not say which schema it has"
            raise JournalDamagedError(message)
        return str(found[0])


def _engine(raw: sqlite3.Connection) -> Engine:
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def begin_immediate(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - rarely needed, slow to load
    from alembic.config import Config  # noqa: PLC0415 - the same

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


# --- what went wrong, in our words ---------------------------------------------------------------------------------


@contextmanager
def speaking_plainly(*, busy: type[JournalError] = CannotStoreError) -> Iterator[None]:
    """Turn SQLite's errors into the journal's. Their texts are dropped: they may quote values."""
    try:
        yield
    except DBAPIError as error:
        raise _meaning(error.orig, busy) from None
    except sqlite3.Error as error:
        raise _meaning(error, busy) from None


_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_NO_TEXT = "Could not decode to UTF-8"
"""Python's own error, which has no code, and quotes what it could not read."""


def _meaning(error: BaseException | None, busy: type[JournalError]) -> JournalError:
    # The low byte is the primary code, the rest the detail.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    primary = code & 0xFF
    if primary == sqlite3.SQLITE_CONSTRAINT:
        return _broken_constraint(str(error), name)
    if primary in _BUSY:
        return busy(name)
    if primary in _DAMAGE or str(error).startswith(_NO_TEXT):
        return JournalDamagedError(name)
    if primary == sqlite3.SQLITE_FULL:
        return StorageFullError(name)
    return CannotStoreError(name)


def _broken_constraint(text: str, name: str) -> JournalError:
    if text in ("UNIQUE constraint failed: payment.sale_id", "UNIQUE constraint failed: index 'one_live_attempt'"):
        return LiveAttemptError("one_live_attempt")
    if text == "UNIQUE constraint failed: refund.intent":
        return IntentTakenError(name)
    # SQLite names the columns or the constraint here, never a value.
    return LawlessEntryError(f"{name}: {text}")
