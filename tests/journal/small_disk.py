"""A disk of its own, small and really full, where the system lets us make one."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


@contextmanager
def disk_of(place: Path, size: str) -> Iterator[Path]:
    """A disk of that size at `place`, for a while."""
    place.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("a disk of its own needs Linux and root")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def fill(film: Path) -> None:
    """Take up all the room there is."""
    with film.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
