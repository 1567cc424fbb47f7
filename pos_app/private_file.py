"""Small files for this user only: read within a limit, put in place whole or not at all. What they hold others know."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


class NotAFileError(OSError):
    """There is something of that name, and it is no file: a pipe would keep us waiting, a folder says nothing."""


class TooLargeError(OSError):
    """The file is larger than what is read."""


def read_within(path: Path, size_max: int) -> bytes | None:
    """The file's content, None when there is no such file.

    Raises:
        NotAFileError, TooLargeError: it is not what we would have written.
        OSError: the system does not let us read it.
    """
    try:
        path.lstat()
        if not path.is_file():
            raise NotAFileError
        with path.open("rb") as file:
            content = file.read(size_max + 1)
    except FileNotFoundError:
        return None
    if len(content) > size_max:
        raise TooLargeError
    return content


def put_in_place(content: bytes, path: Path, *, first: Callable[[], object] = lambda: None) -> None:
    """Replace the file. When this returns, a power cut cannot bring the old one back.

    Args:
        content: of the new one.
        path: where it goes.
        first: done once the new one lies ready on the disk, and needs no more room to take the old one's place.

    Raises:
        OSError: it could not be kept; the file is the old one or the new one, whole.
        Exception: what `first` raised; the file is the old one.
    """
    unfinished = path.with_name(path.name + ".new")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished.unlink(missing_ok=True)
    # A name of its own, freshly made: no link left there leads the bytes elsewhere, no wider rights remain.
    with open(unfinished, "xb", opener=_open_private) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        first()
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    unfinished.replace(path)
    sync_folder(path.parent)


def refuse_unwritable(folder: Path) -> None:
    """See that a file can be made in the folder, or in the one that it would be made in; nothing is left there.

    Raises:
        OSError: it cannot.
    """
    place = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    with tempfile.TemporaryFile(dir=place):
        pass


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk. Windows has no such call; its file system logs names itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
