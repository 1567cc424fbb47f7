"""Backing up the journal into one sealed file while payments go on, and restoring it into an empty folder.

A restored journal is a sound one of a past moment. It gets other order ids, so that none is given twice, and says
(`Journal.restored_at_ms`, `Journal.to_ask_again`) that the gateway must be asked what became of its payments.
"""

import errno
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from pos_app.journal.append import head
from pos_app.journal.canonical import from_json
from pos_app.journal.entries import Entry, KeysChanged
from pos_app.journal.errors import (
    BackupError,
    BackupNotWrittenError,
    CannotStoreError,
    JournalError,
    JournalThereError,
    StorageFullError,
)
from pos_app.journal.folder import take_folder
from pos_app.journal.installation import INSTALL_NAME
from pos_app.journal.key_changes import last_key_change
from pos_app.journal.own_row import begin_epoch, change_own_row, read_own_row
from pos_app.journal.sealed_file import Facts, read_head, seal, unseal
from pos_app.journal.sqlite_file import FILE_NAME, MARKER_NAME, JournalFile, speaking_plainly
from pos_app.journal.store import Journal
from pos_app.journal.verify import verified
from pos_app.payments.environment import Environment
from pos_app.payments.order_number import epoch_from
from pos_app.private_file import put_in_place, read_within, sync_folder

LAST_NAME = "journal.backup"
"""Beside the journal: when it was last backed up, and how far it had come."""
_LAST_BYTES_MAX = 1_000
_PASSING = "journal.passing-"
_one_at_a_time = Lock()
"""A backup begins by sweeping away what an earlier one left: not under another that is being made."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself.

    Attributes:
        till: whose journal.
        epoch: the random part of its order ids.
        entries: how many entries it holds.
        head: the hash of the last one, as hex digits.
        made_at_ms: wall clock of the backup.
        environment: whose money its payments moved. The keys themselves are in no backup.
    """

    till: str
    epoch: str
    entries: int
    head: str
    made_at_ms: int
    environment: Environment = Environment.BUILT_IN


def back_up(journal: Journal, target: Path, passphrase: str, *, made_at_ms: int) -> Backup:
    """Copy the open journal, check the copy, and seal it into `target`. Blocks; payments go on meanwhile.

    A journal opened by `open_read_only` is copied as it is, unchecked: for those who can mend it.

    Args:
        journal: any open journal.
        target: the backup's file, nowhere in the journal's folder; what stands there is replaced when the new one is
            whole and durable.
        passphrase: 8 characters or more; without it nothing can be restored.
        made_at_ms: wall clock.

    Raises:
        ValueError: the passphrase is too short.
        BackupNotWrittenError: the place that was chosen for it did not take it, or the journal itself lies there.
        JournalError: the journal cannot be copied, is not sound, or its own disk is full.
    """
    if target.resolve().is_relative_to(journal.folder.resolve()):
        message = "in the journal's folder it could replace what the till needs"
        raise BackupNotWrittenError(message)
    with _one_at_a_time, _scratch(journal.workplace) as place:
        copy = place / FILE_NAME
        journal.copy_to(copy).result()
        made = _described(copy, made_at_ms) if not journal.read_only else _as_it_is(copy, made_at_ms)
        facts: Facts = {name: getattr(made, name) for name in Backup.__dataclass_fields__}
        try:
            seal(copy, target, passphrase, facts)
        except (OSError, CannotStoreError) as error:
            message = f"its place did not take it ({type(error).__name__})"
            raise BackupNotWrittenError(message) from None
    if not journal.read_only:
        note = {"entries": made.entries, "made_at_ms": made.made_at_ms}
        with suppress(OSError):  # the backup is made, whether that can be noted or not
            put_in_place(json.dumps(note).encode(), journal.workplace / LAST_NAME)
    return made


def last_backup_at_ms(folder: Path) -> int | None:
    """Wall clock of the last backup of this folder's journal, None where none is known."""
    try:
        return int(json.loads(read_within(folder / LAST_NAME, _LAST_BYTES_MAX) or b"")["made_at_ms"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def describe(file: Path) -> Backup:
    """What a backup says of itself: readable without the passphrase, and to be believed only once it is restored.

    Raises:
        BackupError: it cannot be used.
    """
    try:
        return _backup(read_head(file).facts)
    except OSError as error:
        message = f"it cannot be read ({type(error).__name__})"
        raise BackupError(message) from None


def restore(file: Path, passphrase: str, folder: Path, *, now_ms: int, entropy: bytes) -> Backup:
    """Put a backup in place as the folder's journal, once everything in it was checked; open it as any other then.

    Args:
        file: the backup.
        passphrase: what it was sealed with.
        folder: without a journal; made when missing.
        now_ms: wall clock.
        entropy: at least four random bytes, for the new order ids.

    Raises:
        JournalThereError: the folder has a journal.
        WrongPassphraseError, OtherBackupFormatError, BackupError: nothing was written.
        NewerVersionError: a newer version of the program made it.
        JournalError: the folder cannot be used; see `errors`.
    """
    describe(file)
    take_folder(folder)
    if any((folder / name).exists() for name in (FILE_NAME, f"{FILE_NAME}-wal", MARKER_NAME)):
        message = "the folder has a journal already"
        raise JournalThereError(message)
    with _scratch(folder) as place:
        try:
            backup = _backup(unseal(file, passphrase, place / FILE_NAME).facts)
            _check_and_renew(place, backup, now_ms, entropy)
            (folder / INSTALL_NAME).unlink(missing_ok=True)
            (place / FILE_NAME).replace(folder / FILE_NAME)
            sync_folder(folder)
        except OSError as error:
            raise _not_stored(error) from None
    return backup


def _check_and_renew(place: Path, backup: Backup, now_ms: int, entropy: bytes) -> None:
    opened = JournalFile(place)
    clean = False
    try:
        opened.find_damage(thorough=True)
        with speaking_plainly(), opened.connection.begin():
            report = verified(opened.connection, None)
            own, last = read_own_row(opened.connection), head(opened.connection)
            if not report.ok:
                message = "; ".join(line.en for line in report.problems[:3])
                raise BackupError(message)
            found = (own.till, own.epoch, last.n, last.hash.hex()) if own else None
            if found != (backup.till, backup.epoch, backup.entries, backup.head) or backup.environment is not (
                _environment_of(last_key_change(opened.connection))
            ):
                message = "it holds another journal than it says"
                raise BackupError(message)
            begin_epoch(opened.connection, epoch_from(entropy), "restored", now_ms)
            change_own_row(
                opened.connection,
                clean_stop=1,
                installed_on="",
                restored_at_ms=now_ms,
                backed_up_at_ms=backup.made_at_ms,
            )
        clean = True
    finally:
        opened.close(clean=clean)


def _described(copy: Path, made_at_ms: int) -> Backup:
    with speaking_plainly(), closing(sqlite3.connect(copy)) as connection:
        if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            message = "the copy is not sound"
            raise BackupError(message)
        till, epoch = connection.execute("SELECT till, epoch FROM journal").fetchone() or ("", "")
        last = connection.execute("SELECT n, hash FROM entry ORDER BY n DESC LIMIT 1").fetchone() or (0, b"")
        changed = connection.execute(
            "SELECT payload FROM entry WHERE app_trans_id IS NULL AND kind = ? ORDER BY n DESC LIMIT 1",
            (KeysChanged.kind,),
        ).fetchone()
    return Backup(till, epoch, last[0], last[1].hex(), made_at_ms, _environment_of(changed and from_json(changed[0])))


def _environment_of(changed: Entry | None) -> Environment:
    """Whose money moves by the journal's last change of keys; a demo's has none."""
    return Environment(changed.environment) if isinstance(changed, KeysChanged) else Environment.BUILT_IN


def _as_it_is(copy: Path, made_at_ms: int) -> Backup:
    try:
        return _described(copy, made_at_ms)
    except JournalError:
        return Backup("", "", 0, "", made_at_ms)


def _backup(facts: Facts) -> Backup:
    try:
        return Backup(
            str(facts["till"]), str(facts["epoch"]), int(facts["entries"]), str(facts["head"]),
            int(facts["made_at_ms"]), Environment(str(facts.get("environment", Environment.BUILT_IN.value))),
        )  # fmt: skip
    except (KeyError, ValueError, TypeError):
        message = "it does not say what it holds"
        raise BackupError(message) from None


@contextmanager
def _scratch(place: Path) -> Iterator[Path]:
    """A folder of our own in `place`, gone afterwards; what an earlier stop left there goes too."""
    try:
        for left in place.glob(f"{_PASSING}*"):
            shutil.rmtree(left, ignore_errors=True)
        made = Path(tempfile.mkdtemp(prefix=_PASSING, dir=place))  # 0700
    except OSError as error:
        raise _not_stored(error) from None
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _not_stored(error: OSError) -> JournalError:
    full = error.errno == errno.ENOSPC
    message = f"the disk did not take it ({type(error).__name__})"
    return StorageFullError(message) if full else CannotStoreError(message)
