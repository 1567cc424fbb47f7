"""Where secrets are kept: named texts in one sealed file of the data folder, AES-256-GCM, whole or not at all.

    "POSAPPKY" | format, 1 byte | length of the head, 2 bytes | head, JSON | nonce, 12 bytes | content and GCM tag

All before the content is bound to it, so a changed bit anywhere is found. The key of the file is where the head says:

- KEYCHAIN: in the system's keychain (`keychain`). The first choice.
- PASSPHRASE: nowhere. It comes from what the owner types at each start, by Argon2id (RFC 9106).
- FILE: in a file beside it, for this user only, mixed with this machine's id: where there is no keychain and a till
  must start by itself. It keeps out other users and whoever copied the folder, not whoever has the whole disk.

That way secrets of any length fit, change together, and lie on no disk in the clear, whichever it is.
"""

import hmac
import json
import secrets
import unicodedata
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from pos_app.journal.installation import machine_id
from pos_app.keys.errors import (
    CannotKeepError,
    KeysDamagedError,
    KeysError,
    NoKeychainError,
    NoKeysError,
    OtherComputerError,
    PassphraseNeededError,
    ShortPassphraseError,
    WrongPassphraseError,
)
from pos_app.keys.keychain import Keychain, probing
from pos_app.private_file import put_in_place, read_within
from pos_app.settings import KEYS_NAME

FILE_KEY_NAME = "keys.key"
PASSPHRASE_LENGTH_MIN = 12
FORMAT = 1
_MAGIC = b"POSAPPKY"
_START_BYTES = len(_MAGIC) + 1 + 2
_NONCE_BYTES, _KEY_BYTES, _SALT_BYTES = 12, 32, 16
_SIZE_MAX = 64 * 1024
_MEMORY_KIB, _PASSES, _LANES = 64 * 1024, 3, 4
"""Argon2id: 64 MiB, 3 passes, 4 lanes, the second recommended choice of RFC 9106."""


class SealedBy(StrEnum):
    """Where the key of the sealed file is."""

    KEYCHAIN = "keychain"
    PASSPHRASE = "passphrase"  # noqa: S105 - the word, not one
    FILE = "file"


class Keystore:
    """The secrets of one data folder, opened. Made by `make_keystore`, opened by `open_keystore`.

    Attributes:
        sealed_by: where its key is.
    """

    def __init__(self, path: Path, head: dict[str, str], key: bytes, kept: dict[str, str]) -> None:
        self._path, self._head, self._key, self._kept = path, head, key, kept
        self.sealed_by = SealedBy(head["by"])

    def __repr__(self) -> str:
        return f"Keystore(sealed by {self.sealed_by.value})"

    def get(self, name: str) -> str | None:
        """A secret, None when there is none of that name."""
        return self._kept.get(name)

    def all(self) -> dict[str, str]:
        """Every secret by its name."""
        return dict(self._kept)

    def put(self, name: str, secret: str) -> None:
        """Keep a secret, in place of an older one. When this returns, a power cut cannot undo it.

        Raises:
            CannotKeepError: the disk did not take it; all is as before.
        """
        self.store({**self._kept, name: secret})

    def remove(self, name: str) -> None:
        """Forget a secret; none of that name is fine.

        Raises:
            CannotKeepError: the disk did not take it; all is as before.
        """
        self.store({known: secret for known, secret in self._kept.items() if known != name})

    def store(self, kept: dict[str, str]) -> None:
        """Keep these secrets and no others; raises as `put`."""
        told = json.dumps(self._head, sort_keys=True).encode()
        nonce = secrets.token_bytes(_NONCE_BYTES)
        head = _MAGIC + bytes([FORMAT]) + len(told).to_bytes(2) + told + nonce
        sealed = AESGCM(self._key).encrypt(nonce, json.dumps(kept, sort_keys=True).encode(), head)
        try:
            put_in_place(head + sealed, self._path)
        except OSError:
            raise CannotKeepError from None
        self._kept = kept


def sealed_by(folder: Path) -> SealedBy | None:
    """How the folder's secrets are sealed, without opening them; None when there are none.

    Raises:
        KeysDamagedError: there is a file that is none of ours.
    """
    try:
        head, _, _ = _read(folder)
    except NoKeysError:
        return None
    return SealedBy(head["by"])


def make_keystore(
    folder: Path, kept: dict[str, str], *, passphrase: str = "", keychain: Keychain | None = None
) -> Keystore:
    """Seal these secrets anew, in place of all that is there.

    By the passphrase where one is given, else by the keychain where one works, else by a file.

    Raises:
        ShortPassphraseError: under `PASSPHRASE_LENGTH_MIN` characters.
        NoKeychainError: it worked, and then did not.
        CannotKeepError: the disk did not take it; all is as before.
    """
    before = _keychain_name(folder)
    head, key = _new_key(folder, passphrase, keychain)
    made = Keystore(folder / KEYS_NAME, {**head, "check": _check(key)}, key, {})
    made.store(kept)
    if before:
        with suppress(NoKeychainError):
            (keychain or probing()).remove(before)
    return made


def _new_key(folder: Path, passphrase: str, keychain: Keychain | None) -> tuple[dict[str, str], bytes]:
    if passphrase:
        if len(passphrase) < PASSPHRASE_LENGTH_MIN:
            raise ShortPassphraseError
        salt = secrets.token_bytes(_SALT_BYTES)
        return {"by": SealedBy.PASSPHRASE.value, "salt": salt.hex()}, _from_passphrase(passphrase, salt)
    if (keychain or probing()).works:
        key, name = secrets.token_bytes(_KEY_BYTES), secrets.token_hex(_SALT_BYTES)
        (keychain or Keychain()).put(name, key.hex())
        return {"by": SealedBy.KEYCHAIN.value, "name": name}, key
    path = folder / FILE_KEY_NAME
    try:
        key = read_within(path, _KEY_BYTES) or b""
        if len(key) != _KEY_BYTES:  # one that is there may be that of the file to be replaced
            key = secrets.token_bytes(_KEY_BYTES)
            put_in_place(key, path)
    except OSError:
        raise CannotKeepError from None
    return {"by": SealedBy.FILE.value}, _of_this_machine(key)


def _keychain_name(folder: Path) -> str:
    """What the keychain calls the key of the folder's file, "" when it has none of it."""
    try:
        head, _, _ = _read(folder)
    except KeysError:
        return ""
    return head.get("name", "")


def open_keystore(folder: Path, *, passphrase: str = "", keychain: Keychain | None = None) -> Keystore:
    """The folder's secrets. Blocks: a keychain may ask somebody to unlock it.

    Raises:
        NoKeysError: there are none.
        PassphraseNeededError, WrongPassphraseError: they are sealed with a passphrase, and it was not given.
        NoKeychainError: the keychain does not open.
        OtherComputerError: they were sealed on another computer.
        KeysDamagedError: the file was cut or changed.
    """
    head, bound, sealed = _read(folder)
    by = SealedBy(head["by"])
    key = _key_of(folder, head, passphrase, keychain or Keychain())
    if not hmac.compare_digest(_check(key), head["check"]):
        raise WrongPassphraseError if by is SealedBy.PASSPHRASE else OtherComputerError
    try:
        kept = json.loads(AESGCM(key).decrypt(bound[-_NONCE_BYTES:], sealed, bound))
    except (InvalidTag, ValueError):
        kept = None
    if not isinstance(kept, dict):  # outside of the handler: an error of the parser holds what it read
        raise KeysDamagedError
    return Keystore(folder / KEYS_NAME, head, key, kept)


def _key_of(folder: Path, head: dict[str, str], passphrase: str, keychain: Keychain) -> bytes:
    match SealedBy(head["by"]):
        case SealedBy.PASSPHRASE:
            if not passphrase:
                raise PassphraseNeededError
            return _from_passphrase(passphrase, bytes.fromhex(head["salt"]))
        case SealedBy.KEYCHAIN:
            found = keychain.get(head["name"])
            if found is None:
                raise OtherComputerError
            return _key_bytes(found)
        case SealedBy.FILE:
            try:
                key = read_within(folder / FILE_KEY_NAME, _KEY_BYTES)
            except OSError:
                raise KeysDamagedError from None
            if key is None or len(key) != _KEY_BYTES:
                raise OtherComputerError
            return _of_this_machine(key)


def _read(folder: Path) -> tuple[dict[str, str], bytes, bytes]:
    """The head, all the bytes that are bound to the content, and the sealed content."""
    try:
        file = read_within(folder / KEYS_NAME, _SIZE_MAX)
    except OSError:
        raise KeysDamagedError from None
    if file is None:
        raise NoKeysError
    length = int.from_bytes(file[len(_MAGIC) + 1 : _START_BYTES])
    bound = file[: _START_BYTES + length + _NONCE_BYTES]
    if not file.startswith(_MAGIC + bytes([FORMAT])) or len(bound) != _START_BYTES + length + _NONCE_BYTES:
        raise KeysDamagedError
    return _head_of(bound[_START_BYTES:-_NONCE_BYTES]), bound, file[len(bound) :]


def _head_of(told: bytes) -> dict[str, str]:
    needed = {SealedBy.KEYCHAIN: {"name"}, SealedBy.PASSPHRASE: {"salt"}, SealedBy.FILE: set()}
    try:
        head = json.loads(told)
        whole = needed[SealedBy(head["by"])] | {"by", "check"} == head.keys() and all(
            type(one) is str for one in head.values()
        )
        bytes.fromhex(head.get("salt", ""))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise KeysDamagedError from None
    if not whole:
        raise KeysDamagedError
    return dict(head)


def _check(key: bytes) -> str:
    """Tells another key from a damaged file; helps nobody to guess who has the file anyway."""
    return hmac.digest(key, b"the right key", "sha256")[:8].hex()


def _key_bytes(found: str) -> bytes:
    try:
        key = bytes.fromhex(found)
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise KeysDamagedError
    return key


def _from_passphrase(passphrase: str, salt: bytes) -> bytes:
    # The same letters typed on another keyboard are the same passphrase.
    typed = unicodedata.normalize("NFC", passphrase).encode(errors="replace")
    return Argon2id(salt=salt, length=32, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY_KIB).derive(typed)


def _of_this_machine(key: bytes) -> bytes:
    return hmac.digest(key, b"pos-app keys\n" + machine_id().encode(), "sha256")
