"""A damaged journal's copy: what can still be read of it is read there, and the damaged files stay as they are."""

import shutil
import struct
import sys
import tempfile
from pathlib import Path

from sqlalchemy import Connection

from pos_app.journal.errors import AlreadyOpenError, CannotStoreError, JournalDamagedError
from pos_app.journal.sqlite_file import FILE_NAME

_COPY_NAME = "journal.copy"
"""Says that the file beside it is such a copy."""
_LOCK_BYTES = 0x4000_0000, 512
"""Where SQLite locks its file."""


def copy_untouched(folder: Path) -> Path:
    """Copy file and log into a fresh folder for our eyes only; whoever asks removes it.

    Raises:
        JournalDamagedError: there is no file.
        AlreadyOpenError: another program has it open.
        CannotStoreError: it cannot be read, or there is no room for the copy.
    """
    source = folder / FILE_NAME
    if not source.is_file() or not source.stat().st_size:
        message = "the journal's file is gone or empty"
        raise JournalDamagedError(message)
    place = Path(tempfile.mkdtemp(prefix="journal-copy-"))  # 0700
    try:
        _refuse_locked(source)
        for path in (source, folder / f"{FILE_NAME}-wal"):
            if path.exists():
                shutil.copyfile(path, place / path.name)
        (place / _COPY_NAME).touch()
    except OSError as error:
        shutil.rmtree(place, ignore_errors=True)
        message = f"the journal's file cannot be copied ({type(error).__name__})"
        raise CannotStoreError(message) from None
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return place


def is_copy(connection: Connection) -> bool:
    """Whether people only look at this journal: then one payment that cannot be read must not hide the others."""
    files = connection.exec_driver_sql("PRAGMA database_list").scalars("file")
    return any(file and (Path(file).parent / _COPY_NAME).exists() for file in files)


def _refuse_locked(path: Path) -> None:
    if _is_locked(path):
        message = "another program has the journal open"
        raise AlreadyOpenError(message)


def _is_locked(path: Path) -> bool:
    if sys.platform == "win32":  # pragma: no cover - there the locks are the system's own affair
        return False
    import fcntl  # noqa: PLC0415 - not on Windows

    with path.open("rb") as file:
        if sys.platform == "darwin":
            asked = struct.pack("qqihh", *_LOCK_BYTES, 0, fcntl.F_RDLCK, 0)
            kind = struct.unpack("qqihh", fcntl.fcntl(file, fcntl.F_GETLK, asked))[3]
        else:
            asked = struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, *_LOCK_BYTES, 0)
            kind = struct.unpack("hhqqi4x", fcntl.fcntl(file, fcntl.F_GETLK, asked))[0]
    return bool(kind != fcntl.F_UNLCK)
