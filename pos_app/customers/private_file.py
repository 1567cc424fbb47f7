"""Small files for this user only: read within a limit, written whole or not at all. What they hold others know."""

import os
from pathlib import Path

from pos_app.customers.errors import CustomersDamagedError, CustomersReadError, CustomersWriteError


def read_private(path: Path, *, size_max: int) -> bytes | None:
    """The file's content, None when there is no such file.

    Raises:
        CustomersReadError: there is something that cannot be read.
        CustomersDamagedError: it is larger than `size_max` bytes.
    """
    try:
        path.lstat()
        if not path.is_file():
            raise CustomersReadError  # a pipe would keep us waiting, a folder or a dead link says nothing
        with path.open("rb") as file:
            content = file.read(size_max + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CustomersReadError from error
    if len(content) > size_max:
        raise CustomersDamagedError
    return content


def write_private(path: Path, content: bytes) -> None:
    """Replace the file. When this returns, a power cut cannot bring the old one back.

    Raises:
        CustomersWriteError: it could not be kept; the file is the old one or the new one, whole.
    """
    unfinished = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        # A name of its own, freshly made: no link left there leads the bytes elsewhere, no wider rights remain.
        with open(unfinished, "xb", opener=_open_private) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise CustomersWriteError from error


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    """Bring the file's new name to the disk. Windows has no such call; its file system logs names itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
