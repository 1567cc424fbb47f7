"""The files in which PINs are kept: hashes and counts of misses. No PIN is known here, and no rule.

`manager.pin` is the owner's, with the recovery code; `staff.pins` has those of all others. Each is one line of JSON
ending with its own SHA-256, so that a flipped bit is seen. The sum is no secret: whoever can write the file can write a
right sum, and needs no more than to delete the file (see `pos_app.staff.pin`).
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from pos_app.private_file import TooLargeError, put_in_place, read_within
from pos_app.staff.errors import NewerPinFileError, NoPinError, PinFileError, PinFileReadError, PinFileWriteError
from pos_app.staff.pin_rules import MISSES_MAX

FILE_NAME = "manager.pin"
STAFF_FILE_NAME = "staff.pins"
VERSION = 1

_SIZE_MAX = 4096
_STAFF_SIZE_MAX = 1024 * 1024
_PERSON = re.compile(r"[a-z0-9]{1,20}")
_HASH = re.compile(r"\$argon2id\$v=19\$m=[0-9]{1,6},t=[0-9],p=[0-9]\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}")
"""A hash in PHC form, with costs that this machine can pay: below 1 GiB, below ten passes."""


@dataclass(frozen=True, slots=True)
class PinRecord:
    """What is known of the PIN.

    Attributes:
        pin: its Argon2id hash in PHC form.
        recovery: that of the owner's recovery code.
        misses: wrong guesses in a row, 0 to `MISSES_MAX`; one being judged counts.
    """

    pin: str = field(repr=False)
    recovery: str = field(repr=False)
    misses: int = 0


@dataclass(frozen=True, slots=True)
class StaffPin:
    """The PIN of somebody beside the owner: its hash, and the wrong guesses in a row."""

    pin: str = field(repr=False)
    misses: int = 0


_Kept = TypeVar("_Kept")


class _OneLine(Generic[_Kept]):
    """A file of one line with its sum.

    Args:
        path: where it is.
        size_max: no more is read.
        made: what is kept, made from what the line says. Raises `PinFileError`.
        plain: what the line is to say.
    """

    def __init__(
        self,
        path: Path,
        size_max: int,
        made: Callable[[dict[str, object]], _Kept],
        plain: Callable[[_Kept], dict[str, object]],
    ) -> None:
        self._path, self._size_max = path, size_max
        self._made, self._plain = made, plain

    def exists(self) -> bool:
        """Whether there is anything by this name. What cannot be looked at counts as there."""
        try:
            self._path.lstat()
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return True

    def read(self) -> _Kept:
        """What the file says.

        Raises:
            NoPinError: there is no file.
            PinFileReadError: the system does not let us read it.
            PinFileError: it is not what `write` left. `NewerPinFileError`: a newer program left it.
        """
        try:
            content = read_within(self._path, self._size_max)
        except TooLargeError:
            raise PinFileError(self._path.name) from None
        except OSError as error:
            raise PinFileReadError(self._path.name) from error
        if content is None:
            raise NoPinError
        return self._decoded(content)

    def write(self, kept: _Kept) -> None:
        """Keep it, readable by this user only. When this returns, a power cut cannot bring the old one back.

        Raises:
            PinFileWriteError: it could not be kept; the file may hold the old one or the new one.
        """
        try:
            put_in_place(self._encoded(kept), self._path)
        except OSError as error:
            raise PinFileWriteError(self._path.name) from error

    def _encoded(self, kept: _Kept) -> bytes:
        content = {"version": VERSION, **self._plain(kept)}
        digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()
        return json.dumps({**content, "sha256": digest}).encode() + b"\n"

    def _decoded(self, content: bytes) -> _Kept:
        try:
            data = json.loads(content)
        except (ValueError, RecursionError):
            raise PinFileError(self._path.name) from None
        if not isinstance(data, dict):
            raise PinFileError(self._path.name)
        version = data.get("version")
        if type(version) is int and version > VERSION:
            raise NewerPinFileError(self._path.name)
        try:
            kept = self._made(data)
        except PinFileError:
            raise PinFileError(self._path.name) from None
        # Only the very bytes that `write` writes are ours: this compares the sum, the version, the order, every blank.
        if self._encoded(kept) != content:
            raise PinFileError(self._path.name)
        return kept


class PinFile(_OneLine[PinRecord]):
    """`manager.pin` in a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / FILE_NAME, _SIZE_MAX, _record, asdict)


class StaffPinFile(_OneLine[Mapping[str, StaffPin]]):
    """`staff.pins` in a folder: the PINs by the person's id."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / STAFF_FILE_NAME, _STAFF_SIZE_MAX, _staff, _plain_staff)

    def read(self) -> Mapping[str, StaffPin]:
        """As of any such file; where there is none, nobody has a PIN yet."""
        return super().read() if self.exists() else {}


def _record(data: dict[str, object]) -> PinRecord:
    pin, recovery = _hash_of(data.get("pin")), _hash_of(data.get("recovery"))
    return PinRecord(pin, recovery, _misses_of(data.get("misses")))


def _staff(data: dict[str, object]) -> Mapping[str, StaffPin]:
    people = data.get("people")
    if not isinstance(people, dict):
        raise PinFileError
    return {person_id: _staff_pin(person_id, one) for person_id, one in people.items()}


def _staff_pin(person_id: str, data: object) -> StaffPin:
    if not (isinstance(data, dict) and _PERSON.fullmatch(person_id)):
        raise PinFileError
    return StaffPin(_hash_of(data.get("pin")), _misses_of(data.get("misses")))


def _plain_staff(people: Mapping[str, StaffPin]) -> dict[str, object]:
    return {"people": {person_id: asdict(one) for person_id, one in people.items()}}


def _hash_of(value: object) -> str:
    if not (isinstance(value, str) and _HASH.fullmatch(value)):
        raise PinFileError
    return value


def _misses_of(value: object) -> int:
    if type(value) is not int or not 0 <= value <= MISSES_MAX:
        raise PinFileError
    return value
