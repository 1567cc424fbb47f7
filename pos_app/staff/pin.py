"""The PINs of all who work here: they approve what a cashier must not do alone, and say who stands at the till.

What holds, and how:

- A guess is counted in its file, synced, *before* it is judged. A program killed between the two has spent a guess,
  and never gained one. A right PIN sets the count back afterwards.
- There is one count for everybody together: the misses in a row of all people, added up. Somebody at the pad may choose
  whose PIN to guess; were each person counted alone, ten people would be a hundred guesses, and a PIN of six digits is
  only as good as the number of guesses at *any* of them. So ten misses in a row, at whomever, lock the pad for all, and
  only the owner's recovery code, shown once when the first PIN was set, opens it again. Its 20 digits (66 bits) need no
  wait and no count. The price is that ten wrong guesses stop signing in; who is signed in goes on selling.
- A right PIN takes back the misses of its own person, and of those whose PIN this person may set anew anyway. Whoever
  knows one cashier's PIN can therefore not guess at the others' for ever by typing their own in between.
- After each miss there is a wait that grows (`pin_rules.WAITS_S`), for everybody too. It is measured on the monotonic
  clock from the miss or from the start of the program, whichever is later: setting the clock does nothing, a restart
  begins it anew.

What does not hold: whoever can write the data folder can delete the files, put old copies back, or write some of their
own, and whoever can read it can try all PINs of six digits in a day or two at leisure. A PIN keeps people at the
counter from acting, not the owner of the disk. So that a new PIN out of nowhere is noticed, `fingerprint` is for the
journal: it differs whenever another PIN was set.

Python cannot wipe a text from memory; nothing here keeps one, shows one or puts one into an error.
"""

import hashlib
import threading
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from pos_app.clock import Clock
from pos_app.staff.errors import (
    AlreadySetError,
    LockedError,
    NoStaffPinError,
    WaitError,
    WeakPinError,
    WrongPinError,
    WrongRecoveryError,
)
from pos_app.staff.pin_file import PinFile, PinRecord, StaffPin, StaffPinFile
from pos_app.staff.pin_rules import MISSES_MAX, WRONG_FORM, find_weakness, has_form, wait_s
from pos_app.staff.roster import OWNER_ID

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


class Pins:
    """The PINs kept in one data folder. One object per folder; it may be used from any thread.

    What sets or checks a PIN takes a few tenths of a second: call it off the loop and off the window. All of it raises
    `PinFileError` when a file cannot be used, and then nothing was approved.
    """

    def __init__(self, folder: Path, clock: Clock, entropy: Callable[[int], bytes], cost: Cost = COST) -> None:
        self._file = PinFile(folder)
        self._staff_file = StaffPinFile(folder)
        self._clock = clock
        self._entropy = entropy
        self._cost = cost
        self._lock = threading.Lock()
        self._wait_from_ms = clock.monotonic_ms()

    @property
    def is_set(self) -> bool:
        """Whether the owner's PIN is set; a file that cannot be used means that one is."""
        return self._file.exists()

    def fingerprint(self, person_id: str = OWNER_ID) -> str:
        """Eight hex digits that change with each PIN set, even to the same digits, and tell nothing about it.

        Raises:
            NoPinError: none is set.
            PinFileError: the file cannot be used.
        """
        return fingerprint_of(self._hash_of(person_id))

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

    def change(self, old: str, new: str, person_id: str = OWNER_ID) -> None:
        """Replace a person's own PIN; the recovery code stays. A wrong `old` counts as a guess.

        Raises:
            WeakPinError: as in `set_first`; nothing was counted.
            PinError: as `check` does about `old`.
        """
        _refuse_weak(new)
        _refuse_form(old)
        with self._lock:
            self._judge(old, person_id)
            self._put(person_id, self._hash(new))

    def reset(self, recovery_code: str, new_pin: str) -> str:
        """Set a new PIN for the owner by the recovery code, locked or not. Returns the next code; the old one is dead.

        The misses of all others are taken back too: their PINs work again.

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
            self._forgive(self._staff_file.read())
            return self._store_new(new_pin)

    def check(self, pin: str, person_id: str = OWNER_ID, *, forgives: Collection[str] = ()) -> None:
        """Return when this is the person's PIN.

        Args:
            pin: as typed.
            person_id: whose it is to be.
            forgives: whose misses a right one takes back too: of those whose PIN this person may set anew.

        Raises:
            WrongPinError: it is not; says how long to wait and how many tries are left.
            WaitError: too early after the last miss, or after a restart with misses; not judged.
            LockedError: this was the tenth miss in a row, or it was locked before.
            NoPinError: none is set.
            WeakPinError: not 6 to 12 digits, so a slip of the hand: neither judged nor counted.
        """
        _refuse_form(pin)
        with self._lock:
            self._judge(pin, person_id)
            self._forgive(forgives)

    def made(self, pin: str) -> str:
        """What is kept of a new PIN, to be `put`.

        Raises:
            WeakPinError: as in `set_first`.
        """
        _refuse_weak(pin)
        return self._hash(pin)

    def put(self, person_id: str, made: str) -> None:
        """Keep a PIN that was `made` for somebody, whose misses are taken back; who may do that is not known here."""
        with self._lock:
            self._put(person_id, made)

    # --- with the lock held ----------------------------------------------------------------------------------------

    def _judge(self, pin: str, person_id: str) -> None:
        """Count the guess, then judge it; a right one takes its person's misses back."""
        stored, misses = self._count_guess(person_id)
        try:
            right = _matches(pin, stored)
        finally:
            self._wait_from_ms = self._clock.monotonic_ms()
        if right:
            self._keep_misses(person_id, 0)
            return
        if misses >= MISSES_MAX:
            raise LockedError
        raise WrongPinError(wait_s(misses), MISSES_MAX - misses)

    def _count_guess(self, person_id: str) -> tuple[str, int]:
        """Write down that a guess is made, if one may be. Returns the hash to judge by, and all misses with this."""
        owner, staff = self._file.read(), self._staff_file.read()
        if person_id != OWNER_ID and person_id not in staff:
            raise NoStaffPinError
        misses = owner.misses + sum(one.misses for one in staff.values())
        if misses >= MISSES_MAX:
            raise LockedError
        left_ms = self._wait_from_ms + wait_s(misses) * 1000 - self._clock.monotonic_ms()
        if left_ms > 0:
            raise WaitError(-(-left_ms // 1000))
        whose: PinRecord | StaffPin = owner if person_id == OWNER_ID else staff[person_id]
        self._keep_misses(person_id, whose.misses + 1)
        return whose.pin, misses + 1

    def _keep_misses(self, person_id: str, misses: int) -> None:
        if person_id == OWNER_ID:
            self._file.write(replace(self._file.read(), misses=misses))
            return
        staff = self._staff_file.read()
        self._staff_file.write({**staff, person_id: replace(staff[person_id], misses=misses)})

    def _forgive(self, people: Collection[str]) -> None:
        """Take back the misses of these, as far as they have a PIN here."""
        staff = self._staff_file.read() if people else {}
        if any(staff[one].misses for one in people if one in staff):
            self._staff_file.write({
                one: replace(kept, misses=0) if one in people else kept for one, kept in staff.items()
            })  # fmt: skip

    def _hash_of(self, person_id: str) -> str:
        if person_id == OWNER_ID:
            return self._file.read().pin
        staff = self._staff_file.read()
        if person_id not in staff:
            raise NoStaffPinError
        return staff[person_id].pin

    def _put(self, person_id: str, made: str) -> None:
        if person_id == OWNER_ID:
            self._file.write(replace(self._file.read(), pin=made, misses=0))
        else:
            self._staff_file.write({**self._staff_file.read(), person_id: StaffPin(made)})

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


def fingerprint_of(made: str) -> str:
    """The fingerprint of a PIN that was `made`."""
    return hashlib.sha256(made.encode()).hexdigest()[:8]


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
