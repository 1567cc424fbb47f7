"""A file that only takes up room beside the journal: given back when the disk is full, so that running payments end.

Whoever fills the disk meanwhile cannot take that room: it was ours.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from pos_app.journal.errors import StorageFullError
from pos_app.journal.folder import make_private
from pos_app.private_file import sync_folder

NAME = "journal.ballast"
BYTES = 16_000_000

Result = TypeVar("Result")


class Ballast:
    """The file of one folder.

    Attributes:
        given_back: it was given back, and not taken again since.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self.given_back = False

    def take(self) -> None:
        """Take up the room, if it is not taken and there is twice as much."""
        try:
            whole = self._path.exists() and self._path.stat().st_size == BYTES
            if not whole and shutil.disk_usage(self._path.parent).free >= 2 * BYTES:
                self._fill()
                whole = True
        except OSError:
            self._path.unlink(missing_ok=True)
            return
        self.given_back = self.given_back and not whole

    def release(self) -> bool:
        """Give the room back; whether there was any to give."""
        try:
            self._path.unlink()
        except OSError:
            return False
        self.given_back = True
        with suppress(OSError):
            sync_folder(self._path.parent)  # some disks give room back only then
        return True

    def makes_room(self, work: Callable[[], Result]) -> Result:
        """Do the work; when the disk is full, once more without the ballast.

        Raises:
            StorageFullError: even that did not help.
        """
        try:
            return work()
        except StorageFullError:
            if not self.release():
                raise
        return work()

    def _fill(self) -> None:
        make_private(self._path)
        with self._path.open("wb") as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, BYTES)
            else:
                for _ in range(0, BYTES, _PIECE):
                    file.write(bytes(_PIECE))
            file.flush()
            os.fsync(file.fileno())


_PIECE = 1_000_000
