"""Takes an update's files into the data folder: what is installed later is what was checked, byte for byte."""

import errno
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from pos_app.private_file import NotAFileError, TooLargeError, put_in_place, read_within, sync_folder
from pos_app.resources import resource
from pos_app.updates.manifest import (
    MANIFEST_BYTES_MAX,
    SIGNATURE_BYTES,
    Manifest,
    UpdateError,
    Version,
    keys_from,
    read,
    refuse_old,
    refuse_other,
    spelled,
    version_of,
    wanted,
)
from pos_app.words import Text

FOLDER = "updates"
PORTABLE = "linux-portable"
SEEN_NAME = "seen.json"
_SEEN_BYTES_MAX = 1_000
_CHUNK = 1 << 20
_NOT_THERE = Text("Không đọc được tệp {name}", "The file {name} cannot be read")
_TOGETHER = Text("Để tệp .json, .json.sig và bộ cài cùng một thư mục.",
                 "Keep the .json, the .json.sig and the package in one folder.")  # fmt: skip
_NO_ROOM = Text("Ổ đĩa không đủ chỗ cho bản cập nhật", "The disk has no room for the update")
_FREE = Text("Dọn chỗ trống rồi thử lại.", "Free some space, then try again.")
_FREE_THIS = Text(
    "Cần trống {needed} MB, kể cả bản chép sổ và chỗ để bán hàng: dọn thêm {mb} MB rồi thử lại.",
    "It takes {needed} MB, with a copy of the journal and room to go on selling: free {mb} MB more, then try again.",
)
_NOT_COPIED = Text("Không chép được bộ cài vào {place}", "The package cannot be copied into {place}")
_LOOK = Text("Xem thư mục đó có ghi được không và có gì lạ trong đó, rồi thử lại.",
             "See whether that folder can be written and what lies in it, then try again.")  # fmt: skip
_FULL = {errno.ENOSPC, errno.EDQUOT}
_MB = 1_000_000
_UNPACKED = 4
"""A portable package is unpacked beside the data, to less than so many times its size; others go elsewhere."""


def release_keys() -> tuple[bytes, ...]:
    """Whose signature counts in this build."""
    return keys_from(resource("release", "keys.txt").read_text("utf-8"))


def system() -> str:
    """Which package this copy of the program is updated by."""
    if sys.platform == "win32":
        return "windows"
    return "linux-deb" if sys.executable.startswith(("/usr/", "/opt/")) else PORTABLE


def offered(file: Path, folder: Path, *, installed: str, keys: Sequence[bytes]) -> Manifest:
    """The release whose manifest `file` is, if it can be believed and is new; that it was seen is kept.

    Args:
        file: the manifest; its signature lies beside it.
        folder: the till's data folder.
        installed: the version that runs.
        keys: whose signature counts.

    Raises:
        UpdateError: it is refused.
    """
    manifest = read(
        _content(file, MANIFEST_BYTES_MAX), _content(file.with_name(f"{file.name}.sig"), SIGNATURE_BYTES), keys
    )
    seen = _seen(folder)
    refuse_old(manifest, installed=version_of(installed), seen=seen)
    if manifest.version > seen:
        _keep_seen(folder, manifest.version)
    return manifest


def take(manifest: Manifest, beside: Path, folder: Path, *, for_system: str) -> Path:
    """Copy the package for this system into the data folder, checking what is copied; older ones go.

    Raises:
        UpdateError: it is not there, not the one that was signed for, or cannot be kept.
    """
    package = wanted(manifest, for_system)
    place = folder / FOLDER
    target, unfinished = place / package.name, place / f"{package.name}.new"
    try:
        source = (beside / package.name).open("rb")
    except OSError:
        raise _not_there(beside / package.name) from None
    try:
        with source:
            _clear(place, keep=beside)
            sha256, size = _copy(source, unfinished, package.size)
        refuse_other(package, size=size, sha256=sha256)
        unfinished.replace(target)
        sync_folder(place)
    except OSError as error:
        raise _not_copied(error, place) from None
    finally:
        with suppress(OSError):  # half a copy would hold the last of the disk
            unfinished.unlink(missing_ok=True)
    return target


def refuse_no_room(manifest: Manifest, beside: Path, folder: Path, *, for_system: str, more: int) -> None:
    """Return when there is room for the package and for so many bytes more; before anything is written.

    What `take` deletes first counts as room.

    Raises:
        UpdateError: there is not, or nothing for this system.
    """
    size = wanted(manifest, for_system).size
    needed = size + more + (_UNPACKED * size if for_system == PORTABLE else 0)
    place = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    older = sum(one.lstat().st_size for one in _older(folder / FOLDER, keep=beside))
    lacking = needed - shutil.disk_usage(place).free - older
    if lacking > 0:
        raise UpdateError(_NO_ROOM, _FREE_THIS.fill(needed=-(-needed // _MB), mb=-(-lacking // _MB)))


def _older(place: Path, *, keep: Path) -> list[Path]:
    """What goes before a package is laid there: none where one is taken from there, and no folder of somebody's."""
    if not place.is_dir() or place.samefile(keep):
        return []
    return [one for one in place.iterdir() if one.name != SEEN_NAME and (one.is_symlink() or one.is_file())]


def _clear(place: Path, *, keep: Path) -> None:
    """Older packages go. What cannot go is in nobody's way."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in _older(place, keep=keep):
        with suppress(OSError):
            old.unlink()


def _not_copied(error: OSError, place: Path) -> UpdateError:
    return UpdateError(_NO_ROOM, _FREE) if error.errno in _FULL else UpdateError(_NOT_COPIED.fill(place=place), _LOOK)


def _copy(file: BinaryIO, target: Path, size_max: int) -> tuple[str, int]:
    """Copy no more than that and one byte; the hash of what was written, and its size."""
    hashed, size = hashlib.sha256(), 0
    target.unlink(missing_ok=True)
    with target.open("xb") as copy:
        while size <= size_max and (chunk := file.read(min(_CHUNK, size_max + 1 - size))):
            hashed.update(chunk)
            size += len(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    return hashed.hexdigest(), size


def _content(file: Path, size_max: int) -> bytes:
    try:
        content = read_within(file, size_max)
    except (NotAFileError, TooLargeError):
        content = b""  # no signature fits that
    except OSError:
        raise _not_there(file) from None
    if content is None:
        raise _not_there(file)
    return content


def _not_there(file: Path) -> UpdateError:
    return UpdateError(_NOT_THERE.fill(name=file.name), _TOGETHER)


def _seen(folder: Path) -> Version:
    try:
        content = read_within(folder / FOLDER / SEEN_NAME, _SEEN_BYTES_MAX)
        return version_of(json.loads(content or b'{"version": "0.0.0"}')["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0, 0  # whoever can write there can replace the program too


def _keep_seen(folder: Path, version: Version) -> None:
    try:
        put_in_place(json.dumps({"version": spelled(version)}).encode(), folder / FOLDER / SEEN_NAME)
    except OSError as error:
        raise _not_copied(error, folder / FOLDER) from None
