"""The manager's PIN, which approves what a cashier must not do alone: a release, a manual decision, a refund.

What holds, and how:

- A guess is counted in the file, synced, *before* it is judged. A program killed between the two has spent a guess,
  and never gained one. A right PIN sets the count back afterwards.
- After each miss there is a wait that grows (`pin_rules.WAITS_S`). It is measured on the monotonic clock from the miss
  or from the start of the program, whichever is later: setting the clock does nothing, a restart begins it anew.
- After ten misses in a row the PIN is dead. Only the owner's recovery code, shown once when the PIN was set, sets a new
  one. Its 20 digits (66 bits) need no wait and no count.

What does not hold: whoever can write the data folder can delete the file, put an old copy back, or write one of their
own, and whoever can read it can try all PINs of six digits in a day or two at leisure. A PIN keeps people at the
counter from acting, not the owner of the disk. So that a new PIN out of nowhere is noticed, `fingerprint` is for the
journal: it differs whenever another PIN was set.

Python cannot wipe a text from memory; nothing here keeps one, shows one or puts one into an error.
"""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from pos_app.clock import Clock
from pos_app.staff.errors import (
    AlreadySetError,
    LockedError,
    WaitError,
    WeakPinError,
    WrongPinError,
    WrongRecoveryError,
)
from pos_app.staff.pin_file import PinFile, PinRecord
from pos_app.staff.pin_rules import MISSES_MAX, WRONG_FORM, find_weakness, has_form, wait_s

RECOVERY_DIGITS = 20
_RECOVERY_GROUP = 4
_RECOVERY_BYTES = 16
_SALT_BYTES = 16
_HASH_BYTES = 32


class Cost(NamedTuple):
    """What one guess costs by Argon2id: memory in KiB, passes over it, lanes."""

    memory_kib: int
    passes: int
    lanes: int


COST = Cost(64 * 1024, 3, 4)
"""RFC 9106, second recommended choice: 64 MiB, t = 3, p = 4; 0.1 to 0.3 s on a till."""

COST_FLOOR = Cost(19 * 1024, 2, 1)
"""Never lower in a shop, however slow the machine. Tests pass less."""


class ManagerPin:
    """The PIN kept in one data folder. One object per folder; it may be used from any thread.

    `set_first`, `change`, `reset` and `check` take a few tenths of a second: call them off the loop and off the window.
    All of them raise `PinFileError` when the file cannot be used, and then nothing was approved.
    """

    def __init__(self, folder: Path, clock: Clock, entropy: Callable[[int], bytes], cost: Cost = COST) -> None:
        self._file = PinFile(folder)
        self._clock = clock
        self._entropy = entropy
        self._cost = cost
        self._lock = threading.Lock()
        self._wait_from_ms = clock.monotonic_ms()

    @property
    def is_set(self) -> bool:
        """Whether a PIN is set; a file that cannot be used means that one is."""
        return self._file.exists()

    @property
    def fingerprint(self) -> str:
        """Eight hex digits that change with each PIN set, even to the same digits, and tell nothing about it.

        Raises:
            NoPinError: none is set.
            PinFileError: the file cannot be used.
        """
        return hashlib.sha256(self._file.read().pin.encode()).hexdigest()[:8]

    def set_first(self, pin: str) -> str:
        """Set the first PIN. Returns the owner's recovery code, to be shown once: it is kept as a hash only.

        Raises:
            WeakPinError: the PIN is too easy to guess, or not 6 to 12 digits.
            AlreadySetError: there is a PIN.
        """
        _refuse_weak(pin)
        with self._lock:
            if self._file.exists():
                raise AlreadySetError
            return self._store_new(pin)

    def change(self, old: str, new: str) -> None:
        """Replace the PIN; the recovery code stays. A wrong `old` counts as a guess.

        Raises:
            WeakPinError: as in `set_first`; nothing was counted.
            PinError: as `check` does about `old`.
        """
        _refuse_weak(new)
        _refuse_form(old)
        with self._lock:
            record = self._judge(old)
            self._file.write(replace(record, pin=self._hash(new)))

    def reset(self, recovery_code: str, new_pin: str) -> str:
        """Set a new PIN by the owner's recovery code, locked or not. Returns the next code; the old one is dead.

        Raises:
            WeakPinError: as in `set_first`.
            WrongRecoveryError: not the code; nothing changed.
            NoPinError: none is set.
        """
        _refuse_weak(new_pin)
        with self._lock:
            record = self._file.read()
            if not _matches(_digits_of(recovery_code), record.recovery):
                raise WrongRecoveryError
            return self._store_new(new_pin)

    def check(self, pin: str) -> None:
        """Return when this is the manager's PIN.

        Raises:
            WrongPinError: it is not; says how long to wait and how many tries are left.
            WaitError: too early after the last miss, or after a restart with misses; not judged.
            LockedError: this was the tenth miss in a row, or it was locked before.
            NoPinError: none is set.
            WeakPinError: not 6 to 12 digits, so a slip of the hand: neither judged nor counted.
        """
        _refuse_form(pin)
        with self._lock:
            self._judge(pin)

    def _judge(self, pin: str) -> PinRecord:
        """Count the guess, then judge it. Returns the record with no misses when it is right."""
        counted = self._count_guess()
        try:
            right = _matches(pin, counted.pin)
        finally:
            self._wait_from_ms = self._clock.monotonic_ms()
        if right:
            cleared = replace(counted, misses=0)
            self._file.write(cleared)
            return cleared
        if counted.misses >= MISSES_MAX:
            raise LockedError
        raise WrongPinError(wait_s(counted.misses), MISSES_MAX - counted.misses)

    def _count_guess(self) -> PinRecord:
        """Write down that a guess is made, if one may be."""
        record = self._file.read()
        if record.misses >= MISSES_MAX:
            raise LockedError
        left_ms = self._wait_from_ms + wait_s(record.misses) * 1000 - self._clock.monotonic_ms()
        if left_ms > 0:
            raise WaitError(-(-left_ms // 1000))
        counted = replace(record, misses=record.misses + 1)
        self._file.write(counted)
        return counted

    def _store_new(self, pin: str) -> str:
        number = int.from_bytes(self._entropy(_RECOVERY_BYTES)) % 10**RECOVERY_DIGITS
        code = f"{number:0{RECOVERY_DIGITS}}"
        self._file.write(PinRecord(self._hash(pin), self._hash(code)))
        groups = (code[start : start + _RECOVERY_GROUP] for start in range(0, RECOVERY_DIGITS, _RECOVERY_GROUP))
        return " ".join(groups)

    def _hash(self, secret: str) -> str:
        memory_kib, passes, lanes = self._cost
        return Argon2id(
            salt=self._entropy(_SALT_BYTES), length=_HASH_BYTES, iterations=passes, lanes=lanes, memory_cost=memory_kib
        ).derive_phc_encoded(secret.encode())


def _matches(secret: str, stored: str) -> bool:
    """Whether `stored` is the hash of `secret`; compared in constant time by the library."""
    try:
        Argon2id.verify_phc_encoded(secret.encode(errors="replace"), stored)
    except InvalidKey:
        return False
    return True


def _digits_of(recovery_code: str) -> str:
    """The code as it was hashed, whatever blanks and dashes a person typed between the groups."""
    return "".join(recovery_code.split()).replace("-", "")


def _refuse_form(pin: str) -> None:
    if not has_form(pin):
        raise WeakPinError(WRONG_FORM)


def _refuse_weak(pin: str) -> None:
    weakness = find_weakness(pin)
    if weakness is not None:
        raise WeakPinError(weakness)
