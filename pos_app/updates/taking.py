"""Takes an update's files into the data folder: what is installed later is what was checked, byte for byte."""

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

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
SEEN_NAME = "seen.json"
_SEEN_BYTES_MAX = 1_000
_CHUNK = 1 << 20
_NOT_THERE = Text("Không đọc được tệp {name}", "The file {name} cannot be read")
_TOGETHER = Text("Để tệp .json, .json.sig và bộ cài cùng một thư mục.",
                 "Keep the .json, the .json.sig and the package in one folder.")  # fmt: skip
_NO_ROOM = Text("Không chép được bộ cài vào máy", "The package cannot be copied to this computer")
_FREE = Text("Giải phóng đĩa rồi thử lại.", "Free some disk space, then try again.")


def release_keys() -> tuple[bytes, ...]:
    """Whose signature counts in this build."""
    return keys_from(resource("release", "keys.txt").read_text("utf-8"))


def system() -> str:
    """Which package this copy of the program is updated by."""
    if sys.platform == "win32":
        return "windows"
    return "linux-deb" if sys.executable.startswith(("/usr/", "/opt/")) else "linux-portable"


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
    target = place / package.name
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in place.iterdir():
            if old.name != SEEN_NAME:
                old.unlink()
        sha256, size = _copy(beside / package.name, target.with_name(f"{target.name}.new"), package.size)
    except FileNotFoundError:
        raise _not_there(beside / package.name) from None
    except OSError:
        raise UpdateError(_NO_ROOM, _FREE) from None
    refuse_other(package, size=size, sha256=sha256)
    target.with_name(f"{target.name}.new").replace(target)
    sync_folder(place)
    return target


def _copy(source: Path, target: Path, size_max: int) -> tuple[str, int]:
    """Copy no more than that and one byte; the hash of what was written, and its size."""
    hashed, size = hashlib.sha256(), 0
    with source.open("rb") as file, target.open("xb") as copy:
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
    except OSError:
        raise UpdateError(_NO_ROOM, _FREE) from None
