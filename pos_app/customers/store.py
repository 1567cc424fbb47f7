"""The sealed store of regular customers and their tokens: one file, AES-256-GCM, whole or not at all.

    "POSAPPRC" | format, 1 byte | trace of the key, 8 bytes | nonce, 12 bytes | content and GCM tag

All before the content is bound to it, so a changed bit anywhere is found. Names, phones, tokens and links stand in the
content only. Everything here reads or writes the disk at once: an event loop calls it in a thread.
"""

import hmac
import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pos_app.customers.customer import NAME_LENGTH_MAX, BindingUnderWay, RegularCustomer
from pos_app.customers.errors import (
    CustomersDamagedError,
    NewerCustomersError,
    NoSealError,
    OtherSealError,
    TooManyCustomersError,
)
from pos_app.customers.private_file import read_private, write_private
from pos_app.customers.seal_key import Entropy, SealKey, seal_key_in
from pos_app.payments.pay_token import PayToken

FILE_NAME = "customers.sealed"
FORMAT = 2
"""1 knew of no binding that nobody waits for any more."""

_MAGIC = b"POSAPPRC"
_TRACE_BYTES, _NONCE_BYTES = 8, 12
_HEAD_BYTES = len(_MAGIC) + 1 + _TRACE_BYTES + _NONCE_BYTES
_SIZE_MAX = 8 * 1024 * 1024
_NUMBER_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_NUMBER_LENGTH = 10

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class _Content:
    """All that is kept, by number and by id."""

    customers: dict[str, RegularCustomer] = field(default_factory=dict)
    tokens: dict[str, PayToken] = field(default_factory=dict)
    under_way: dict[str, BindingUnderWay] = field(default_factory=dict)


class CustomerStore:
    """The regular customers kept in a folder. Safe to use from any thread of one program.

    Args:
        folder: the till's data folder.
        entropy: random bytes for key, nonces and numbers.
        key: where the key is kept, by default beside the store.

    Every method but the constructor may raise a `CustomersError`, and has then changed nothing.
    """

    def __init__(self, folder: Path, entropy: Entropy, *, key: SealKey | None = None) -> None:
        self._path = folder / FILE_NAME
        self._entropy = entropy
        self._key = key or seal_key_in(folder, entropy)
        self._lock = threading.Lock()

    def customers(self) -> tuple[RegularCustomer, ...]:
        """All regular customers, by name."""
        return tuple(sorted(self._read().customers.values(), key=lambda one: (one.name.casefold(), one.number)))

    def customer(self, number: str) -> RegularCustomer | None:
        """The customer with that number, None for nobody."""
        return self._read().customers.get(number)

    def token(self, number: str) -> PayToken | None:
        """What the customer's wallet is charged with, None for nobody."""
        return self._read().tokens.get(number)

    def under_way(self) -> tuple[BindingUnderWay, ...]:
        """The bindings that wait for their customer, oldest first."""
        return tuple(sorted(self._read().under_way.values(), key=lambda one: (one.asked_at_ms, one.app_trans_id)))

    def new_number(self) -> str:
        """A number that no customer has or will have."""
        content = self._read()
        taken = {*content.customers, *(one.number for one in content.under_way.values())}
        while True:
            drawn = self._entropy(_NUMBER_LENGTH)
            number = "kh-" + "".join(_NUMBER_ALPHABET[byte % len(_NUMBER_ALPHABET)] for byte in drawn)
            if number not in taken:
                return number

    def begin(self, binding: BindingUnderWay) -> None:
        """Keep a binding that waits for its customer, also again when more is known of it.

        Raises:
            ValueError: a name that is empty or too long.
        """
        _check_name(binding.name)
        self._change(lambda now: replace(now, under_way={**now.under_way, binding.app_trans_id: binding}))

    def wait_no_more(self, app_trans_id: str) -> None:
        """Note that nobody waits for a binding any more, unless it is over."""

        def noted(now: _Content) -> _Content:
            if app_trans_id not in now.under_way:
                return now
            dropped = replace(now.under_way[app_trans_id], dropped=True)
            return replace(now, under_way={**now.under_way, app_trans_id: dropped})

        self._change(noted)

    def drop(self, app_trans_id: str) -> None:
        """Forget a binding that came to nothing."""
        self._change(lambda now: replace(now, under_way=_without(now.under_way, app_trans_id)))

    def keep(self, customer: RegularCustomer, token: PayToken, *, bound_by: str = "") -> None:
        """Keep a customer with the token, in place of an older one; in the same step the binding `bound_by` is over.

        Raises:
            ValueError: a name that is empty or too long.
        """
        _check_name(customer.name)
        self._change(
            lambda now: _Content(
                {**now.customers, customer.number: customer},
                {**now.tokens, customer.number: token},
                _without(now.under_way, bound_by),
            )
        )

    def forget(self, number: str) -> None:
        """Forget a customer, token and all."""
        self._change(
            lambda now: replace(now, customers=_without(now.customers, number), tokens=_without(now.tokens, number))
        )

    # The file

    def _change(self, change: Callable[[_Content], _Content]) -> None:
        with self._lock:
            key = self._key.get()
            content = change(self._opened(key))
            key = key or self._key.make()
            head = _MAGIC + bytes([FORMAT]) + _trace(key) + self._entropy(_NONCE_BYTES)
            sealed = AESGCM(key).encrypt(head[-_NONCE_BYTES:], _encode(content), head)
            if len(head) + len(sealed) > _SIZE_MAX:
                raise TooManyCustomersError
            write_private(self._path, head + sealed)

    def _read(self) -> _Content:
        with self._lock:
            return self._opened(self._key.get())

    def _opened(self, key: bytes | None) -> _Content:
        sealed = read_private(self._path, size_max=_SIZE_MAX)
        if sealed is None:
            return _Content()
        head = sealed[:_HEAD_BYTES]
        if len(head) < _HEAD_BYTES or not head.startswith(_MAGIC):
            raise CustomersDamagedError
        if head[len(_MAGIC)] > FORMAT:
            raise NewerCustomersError
        if key is None:
            raise NoSealError
        if not hmac.compare_digest(head[len(_MAGIC) + 1 : -_NONCE_BYTES], _trace(key)):
            raise OtherSealError
        try:
            return _decode(AESGCM(key).decrypt(head[-_NONCE_BYTES:], sealed[_HEAD_BYTES:], head))
        except (InvalidTag, ValueError, KeyError, TypeError, RecursionError):
            pass
        raise CustomersDamagedError  # outside of the handler: an error of the parser holds what it read


def _trace(key: bytes) -> bytes:
    """Tells another key from a damaged file, and tells nothing about the key."""
    return hmac.digest(key, b"the right seal", "sha256")[:_TRACE_BYTES]


def _encode(content: _Content) -> bytes:
    told = {
        "customers": [
            {**asdict(one), "pay_token": content.tokens[number].reveal()} for number, one in content.customers.items()
        ],
        "under_way": [asdict(one) for one in content.under_way.values()],
    }
    return json.dumps(told, ensure_ascii=False).encode()


def _decode(plain: bytes) -> _Content:
    """What `_encode` wrote. Raises ValueError, KeyError or TypeError for anything else."""
    told = json.loads(plain)
    tokens = {one["number"]: PayToken(one.pop("pay_token")) for one in told["customers"]}
    customers = {one["number"]: RegularCustomer(**one) for one in told["customers"]}
    under_way = {one["app_trans_id"]: BindingUnderWay(**one) for one in told["under_way"]}
    return _Content(customers, tokens, under_way)


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > NAME_LENGTH_MAX:
        message = f"a name has 1 to {NAME_LENGTH_MAX} characters"
        raise ValueError(message)


def _without(kept: dict[str, Kept], name: str) -> dict[str, Kept]:
    return {key: value for key, value in kept.items() if key != name}
