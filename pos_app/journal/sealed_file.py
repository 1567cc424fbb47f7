"""A file sealed with a passphrase: AES-256-GCM over its content, the key from the passphrase by Argon2id (RFC 9106).

What stands before the content (format, salt, parameters, facts about the content) can be read without the passphrase
and is bound to it: a changed bit anywhere is found before anything is handed out. Nothing here knows a journal.

    "POSAPPBK" | format, 1 byte | length of the facts, 4 bytes | facts, JSON | SHA-256 of all before | content | GCM tag
"""

import hashlib
import hmac
import json
import os
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from pos_app.journal.errors import BackupError, OtherBackupFormatError, WrongPassphraseError
from pos_app.journal.folder import make_private
from pos_app.private_file import sync_folder

FORMAT = 1
PASSPHRASE_LENGTH_MIN = 8
_MAGIC = b"POSAPPBK"
_HEAD_BYTES = len(_MAGIC) + 1 + 4
_FACTS_BYTES_MAX = 4096
_DIGEST_BYTES = 32
_TAG_BYTES = 16
_PIECE = 1 << 20
_MEMORY_KIB, _PASSES, _LANES = 65_536, 3, 4
"""Argon2id: 64 MiB, 3 passes, 4 lanes, the second recommended choice of RFC 9106."""

Facts = dict[str, int | str]


@dataclass(frozen=True, slots=True)
class Sealed:
    """The head of a sealed file.

    Attributes:
        facts: what was said about the content.
        head: all the bytes before the content.
        how: how the key and the content were made.
    """

    facts: Facts
    head: bytes
    how: Facts


def seal(source: Path, target: Path, passphrase: str, facts: Facts) -> None:
    """Seal a file's content into `target`: whole and durable, or not at all; for its owner only.

    Args:
        source: the content.
        target: replaced when it exists.
        passphrase: at least `PASSPHRASE_LENGTH_MIN` characters.
        facts: readable without the passphrase, bound to the content.

    Raises:
        ValueError: the passphrase is too short.
        OSError, CannotStoreError: it cannot be read or written; what was at `target` is still there.
    """
    if len(passphrase) < PASSPHRASE_LENGTH_MIN:
        message = f"a passphrase has at least {PASSPHRASE_LENGTH_MIN} characters"
        raise ValueError(message)
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    key = _key(passphrase, salt)
    how: Facts = {
        "check": _check(key).hex(),
        "lanes": _LANES,
        "memory_kib": _MEMORY_KIB,
        "nonce": nonce.hex(),
        "passes": _PASSES,
        "salt": salt.hex(),
    }
    told = json.dumps({"facts": facts, "how": how}, sort_keys=True, ensure_ascii=False).encode()
    head = _MAGIC + bytes([FORMAT]) + len(told).to_bytes(4) + told
    head += hashlib.sha256(head).digest()
    fresh = target.with_name(target.name + ".new")
    try:
        make_private(fresh)
        with source.open("rb") as content, fresh.open("wb") as out:
            encryptor = Cipher(AES(key), GCM(nonce)).encryptor()
            encryptor.authenticate_additional_data(head)
            out.write(head)
            while piece := content.read(_PIECE):
                out.write(encryptor.update(piece))
            out.write(encryptor.finalize() + encryptor.tag)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(target)
        sync_folder(target.parent)
    finally:
        fresh.unlink(missing_ok=True)


def read_head(path: Path) -> Sealed:
    """What stands before the content.

    Raises:
        OtherBackupFormatError: of a format that is not known here.
        BackupError: cut, changed, or no sealed file.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return _read_head(file)


def unseal(path: Path, passphrase: str, target: Path) -> Sealed:
    """Write the content to a new file, which is only to be believed when this returns; else it is gone again.

    Raises:
        WrongPassphraseError: sealed with another one.
        OtherBackupFormatError: of a format that is not known here.
        BackupError: cut, changed, or no sealed file.
        OSError, CannotStoreError: it cannot be read or written.
    """
    try:
        make_private(target)
        with path.open("rb") as file, target.open("wb") as out:
            sealed = _read_head(file)
            key, nonce = _key_of(sealed, passphrase)
            content_bytes = _content_bytes(path, sealed)
            file.seek(-_TAG_BYTES, os.SEEK_END)
            decryptor = Cipher(AES(key), GCM(nonce, file.read())).decryptor()
            decryptor.authenticate_additional_data(sealed.head)
            file.seek(len(sealed.head))
            while content_bytes and (piece := file.read(min(_PIECE, content_bytes))):
                content_bytes -= len(piece)
                out.write(decryptor.update(piece))
            out.write(decryptor.finalize())
            out.flush()
            os.fsync(out.fileno())
    except InvalidTag:
        target.unlink(missing_ok=True)
        message = "its content was changed or cut"
        raise BackupError(message) from None
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return sealed


def _read_head(file: BinaryIO) -> Sealed:
    start = file.read(_HEAD_BYTES)
    if len(start) < _HEAD_BYTES or not start.startswith(_MAGIC):
        message = "it is no backup"
        raise BackupError(message)
    length = int.from_bytes(start[-4:])
    told = file.read(min(length, _FACTS_BYTES_MAX))
    digest = file.read(_DIGEST_BYTES)
    if start[len(_MAGIC)] != FORMAT:
        message = f"format {start[len(_MAGIC)]} is not known here"
        raise OtherBackupFormatError(message)
    if len(told) != length or digest != hashlib.sha256(start + told).digest():
        message = "its head was changed or cut"
        raise BackupError(message)
    try:
        facts, how = (dict(json.loads(told)[part]) for part in ("facts", "how"))
    except (ValueError, KeyError, TypeError):
        message = "its head says nothing"
        raise BackupError(message) from None
    return Sealed(facts, start + told + digest, how)


def _content_bytes(path: Path, sealed: Sealed) -> int:
    content_bytes = path.stat().st_size - len(sealed.head) - _TAG_BYTES
    if content_bytes < 0:
        message = "it ends before its content"
        raise BackupError(message)
    return content_bytes


def _key_of(sealed: Sealed, passphrase: str) -> tuple[bytes, bytes]:
    try:
        work = tuple(int(sealed.how[name]) for name in ("memory_kib", "passes", "lanes"))
        salt, nonce, check = (bytes.fromhex(str(sealed.how[name])) for name in ("salt", "nonce", "check"))
    except (KeyError, ValueError):
        message = "it does not say how its key was made"
        raise BackupError(message) from None
    if work != (_MEMORY_KIB, _PASSES, _LANES):  # a made-up head must not eat the machine's memory
        message = "its key was made in another way"
        raise OtherBackupFormatError(message)
    key = _key(passphrase, salt)
    if not hmac.compare_digest(_check(key), check):
        message = "sealed with another passphrase"
        raise WrongPassphraseError(message)
    return key, nonce


def _key(passphrase: str, salt: bytes) -> bytes:
    # The same letters typed on another keyboard are the same passphrase.
    typed = unicodedata.normalize("NFC", passphrase).encode()
    return Argon2id(salt=salt, length=32, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY_KIB).derive(typed)


def _check(key: bytes) -> bytes:
    """Tells a wrong passphrase from a damaged file; helps nobody to guess who has the file anyway."""
    return hmac.digest(key, b"the right passphrase", "sha256")[:8]
