"""Where the key of the sealed store is kept: the one place to change when the system's own key store takes it over."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from pos_app.customers.errors import CustomersDamagedError, NoSealError
from pos_app.customers.private_file import read_private, write_private

FILE_NAME = "seal.key"
KEY_BYTES = 32

Entropy = Callable[[int], bytes]
"""Gives so many random bytes, fit for keys."""


class SealKey(Protocol):
    """Keeps one key of 32 bytes."""

    def get(self) -> bytes | None:
        """The key, None when none was made yet.

        Raises:
            CustomersReadError: it cannot be asked for.
            NoSealError: what is there cannot be a key.
        """
        ...

    def make(self) -> bytes:
        """A new key, kept for good when this returns.

        Raises:
            CustomersWriteError: it could not be kept.
        """
        ...


def seal_key_in(folder: Path, entropy: Entropy) -> SealKey:
    """The key of the store in `folder`."""
    return _KeyFile(folder / FILE_NAME, entropy)


class _KeyFile:
    """A `SealKey` in a file beside the store: it keeps out who reads the store alone, not who reads the folder."""

    def __init__(self, path: Path, entropy: Entropy) -> None:
        self._path = path
        self._entropy = entropy

    def get(self) -> bytes | None:
        """See `SealKey`."""
        try:
            key = read_private(self._path, size_max=KEY_BYTES)
        except CustomersDamagedError:
            raise NoSealError from None
        if key is not None and len(key) != KEY_BYTES:
            raise NoSealError
        return key

    def make(self) -> bytes:
        """See `SealKey`."""
        key = self._entropy(KEY_BYTES)
        write_private(self._path, key)
        return key
