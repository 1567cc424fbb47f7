"""The key of the regular customers' sealed store, kept with the other secrets."""

from collections.abc import Callable

from pos_app.customers.errors import CustomersWriteError, NoSealError
from pos_app.customers.seal_key import KEY_BYTES
from pos_app.keys.errors import CannotKeepError
from pos_app.keys.keystore import Keystore

_NAME = "customers"


class SealInKeystore:
    """A `customers.seal_key.SealKey`.

    Args:
        keystore: opened.
        entropy: gives so many random bytes.
    """

    def __init__(self, keystore: Keystore, entropy: Callable[[int], bytes]) -> None:
        self._keystore, self._entropy = keystore, entropy

    def get(self) -> bytes | None:
        """See `SealKey`."""
        kept = self._keystore.get(_NAME)
        if kept is None:
            return None
        try:
            key = bytes.fromhex(kept)
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise NoSealError
        return key

    def make(self) -> bytes:
        """See `SealKey`."""
        key = self._entropy(KEY_BYTES)
        try:
            self._keystore.put(_NAME, key.hex())
        except CannotKeepError as error:
            raise CustomersWriteError from error
        return key
