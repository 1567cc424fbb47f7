"""What a release says of itself, and whether that may be believed: pure, but for the signature's arithmetic.

A release is a manifest (`pos-app-update.json`), its detached Ed25519 signature (`pos-app-update.json.sig`, 64 bytes)
and the packages that it names. The signature is over the manifest's very bytes, and is checked before they are read. A
manifest that was right once is refused when the till has, or has seen, a newer one: an old fault does not come back.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pos_app.words import Text

PROGRAM = "pos-app"
MANIFEST_BYTES_MAX = 64 * 1024
SIGNATURE_BYTES = 64
_VERSION = re.compile(r"(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})", re.ASCII)
_NAME = re.compile(r"[a-z0-9][A-Za-z0-9._+-]{0,100}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_KEY = re.compile(r"[0-9a-f]{64}")

Version = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Package:
    """One file of a release.

    Attributes:
        name: the file's name, without any folder.
        system: for which system: `linux-deb`, `linux-portable`, `windows`.
        size: in bytes.
        sha256: 64 hex digits.
    """

    name: str
    system: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A release.

    Attributes:
        version: of the program.
        released_ms: when it was signed, wall clock of the one who signed.
        schema: what the journal is brought to by its first start, such as `0005`.
        packages: its files.
    """

    version: Version
    released_ms: int
    schema: str
    packages: tuple[Package, ...]

    def package_for(self, system: str) -> Package | None:
        """The file for this system; None when there is none."""
        return next((one for one in self.packages if one.system == system), None)


class UpdateError(Exception):
    """This update is not taken; nothing was changed.

    Attributes:
        title: what is wrong, in a sentence.
        advice: what to do.
    """

    def __init__(self, title: Text, advice: Text) -> None:
        super().__init__(title.en)
        self.title, self.advice = title, advice


_ASK = Text("Tải lại từ nơi phát hành.", "Download it again from where it is released.")
_NO_KEYS = Text("Bản này không nhận cập nhật", "This build takes no updates")
_REINSTALL = Text("Cài bản mới bằng tay.", "Install the new version by hand.")
_NOT_SIGNED = Text("Chữ ký của bản cập nhật không đúng", "The update is not signed by the maker")
_BROKEN = Text("Bản cập nhật bị hỏng", "The update is damaged")
_OLD = Text("Bản cập nhật {version} không mới hơn", "Update {version} is not newer")
_NOTHING = Text("Không cần làm gì.", "There is nothing to do.")
_SEEN = Text("Máy đã thấy bản mới hơn bản {version}", "The till has seen a newer one than {version}")
_NOT_FOR_US = Text("Bản cập nhật không dành cho máy này", "The update is not for this computer")


def keys_from(text: str) -> tuple[bytes, ...]:
    """The public keys in `keys.txt`: a line each, `#` begins a remark.

    Raises:
        ValueError: a line is no key.
    """
    lines = (line.partition("#")[0].strip().lower() for line in text.splitlines())
    found = [line for line in lines if line]
    if not all(_KEY.fullmatch(line) for line in found):
        message = "a release key is 64 hex digits"
        raise ValueError(message)
    return tuple(bytes.fromhex(line) for line in found)


def read(content: bytes, signature: bytes, keys: Sequence[bytes]) -> Manifest:
    """The manifest, once one of the keys has signed these very bytes.

    Raises:
        UpdateError: it is not signed so, or says something that cannot be.
    """
    if not keys:
        raise UpdateError(_NO_KEYS, _REINSTALL)
    if len(content) > MANIFEST_BYTES_MAX or len(signature) != SIGNATURE_BYTES:
        raise UpdateError(_NOT_SIGNED, _ASK)
    if not any(_signed(content, signature, key) for key in keys):
        raise UpdateError(_NOT_SIGNED, _ASK)
    try:
        return _manifest(json.loads(content))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UpdateError(_BROKEN, _ASK) from None


def _signed(content: bytes, signature: bytes, key: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, content)
    except InvalidSignature:
        return False
    return True


def _manifest(said: Any) -> Manifest:
    if said["program"] != PROGRAM or not isinstance(said["packages"], list):
        raise ValueError
    packages = tuple(_package(one) for one in said["packages"])
    if len({one.system for one in packages}) != len(packages):
        raise ValueError
    return Manifest(
        version_of(said["version"]), _whole(said["released_ms"]), _text(said["schema"], r"[0-9]{4}"), packages
    )


def _package(said: Any) -> Package:
    name, sha256 = _text(said["name"], _NAME), _text(said["sha256"], _SHA256)
    return Package(name, _text(said["system"], r"[a-z-]{1,30}"), _whole(said["size"]), sha256)


def _text(value: Any, form: str | re.Pattern[str]) -> str:
    if not isinstance(value, str) or not re.fullmatch(form, value):
        raise ValueError
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or value <= 0:
        raise ValueError
    return value


def version_of(text: str) -> Version:
    """`1.2.3` as numbers, which are compared as numbers: 1.10.0 is newer than 1.9.0.

    Raises:
        ValueError: it is no such version.
    """
    found = _VERSION.fullmatch(text)
    if found is None:
        message = "a version is three numbers"
        raise ValueError(message)
    major, minor, patch = map(int, found.groups())
    return major, minor, patch


def spelled(version: Version) -> str:
    """`1.2.3`."""
    return ".".join(map(str, version))


def refuse_old(manifest: Manifest, *, installed: Version, seen: Version) -> None:
    """Refuse what was released once and is over.

    Args:
        manifest: what is offered.
        installed: what runs now.
        seen: the newest that this till was ever offered and could believe.

    Raises:
        UpdateError: it is not newer than what runs, or older than what was seen.
    """
    version = spelled(manifest.version)
    if manifest.version <= installed:
        raise UpdateError(_OLD.fill(version=version), _NOTHING)
    if manifest.version < seen:
        raise UpdateError(_SEEN.fill(version=version), _ASK)


def refuse_other(package: Package, *, size: int, sha256: str) -> None:
    """Refuse a file that is not the one that was signed for.

    Raises:
        UpdateError: its size or its hash differ.
    """
    if (size, sha256) != (package.size, package.sha256):
        raise UpdateError(_BROKEN, _ASK)


def wanted(manifest: Manifest, system: str) -> Package:
    """The file for this system.

    Raises:
        UpdateError: there is none.
    """
    package = manifest.package_for(system)
    if package is None:
        raise UpdateError(_NOT_FOR_US, _REINSTALL)
    return package


def cannot_go_back(manifest: Manifest, schemas: Iterable[str]) -> bool:
    """Whether the journal gets a form that this version cannot read: then there is no way back."""
    return manifest.schema not in set(schemas)
