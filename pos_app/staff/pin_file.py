"""The file in which the manager's PIN is kept: two hashes and the count of misses. It knows no PIN and no rule.

One line of JSON ending with its own SHA-256, so that a flipped bit is seen. The sum is no secret: whoever can write the
file can write a right sum, and needs no more than to delete the file (see `pos_app.staff.pin`).
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pos_app.private_file import TooLargeError, put_in_place, read_within
from pos_app.staff.errors import NewerPinFileError, NoPinError, PinFileError, PinFileReadError, PinFileWriteError
from pos_app.staff.pin_rules import MISSES_MAX

FILE_NAME = "manager.pin"
VERSION = 1

_SIZE_MAX = 4096
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


class PinFile:
    """`manager.pin` in a folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME

    def exists(self) -> bool:
        """Whether there is anything by this name. What cannot be looked at counts as there."""
        try:
            self._path.lstat()
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return True

    def read(self) -> PinRecord:
        """What the file says.

        Raises:
            NoPinError: there is no file.
            PinFileReadError: the system does not let us read it.
            PinFileError: it is not what `write` left. `NewerPinFileError`: a newer program left it.
        """
        try:
            content = read_within(self._path, _SIZE_MAX)
        except TooLargeError:
            raise PinFileError from None
        except OSError as error:
            raise PinFileReadError from error
        if content is None:
            raise NoPinError
        return _decode(content)

    def write(self, record: PinRecord) -> None:
        """Keep `record`, readable by this user only. When this returns, a power cut cannot bring the old one back.

        Raises:
            PinFileWriteError: it could not be kept; the file may hold the old record or the new one.
        """
        try:
            put_in_place(_encode(record), self._path)
        except OSError as error:
            raise PinFileWriteError from error


def _encode(record: PinRecord) -> bytes:
    content = {"version": VERSION, **asdict(record)}
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    return json.dumps({**content, "sha256": digest}).encode() + b"\n"


def _decode(content: bytes) -> PinRecord:
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        raise PinFileError from None
    if not isinstance(data, dict):
        raise PinFileError
    version = data.get("version")
    if type(version) is int and version > VERSION:
        raise NewerPinFileError
    record = _record(data)
    # Only the very bytes that `write` writes are ours: this compares the sum, the version, the order, every blank.
    if _encode(record) != content:
        raise PinFileError
    return record


def _record(data: dict[str, object]) -> PinRecord:
    pin, recovery, misses = data.get("pin"), data.get("recovery"), data.get("misses")
    if not (isinstance(pin, str) and _HASH.fullmatch(pin) and isinstance(recovery, str) and _HASH.fullmatch(recovery)):
        raise PinFileError
    if type(misses) is not int or not 0 <= misses <= MISSES_MAX:
        raise PinFileError
    return PinRecord(pin, recovery, misses)
