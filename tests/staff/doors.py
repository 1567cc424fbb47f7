"""What an attacker at the till can do, for the tests: guess, restart, set the clock. And doors built wrong."""

import os
import random
import signal
from collections.abc import Callable, Collection
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from pos_app.staff import pin as pin_module
from pos_app.staff.errors import LockedError, PinError, WaitError, WrongPinError
from pos_app.staff.pin import Cost, Pins
from pos_app.staff.pin_file import PinFile, PinRecord
from pos_app.staff.pin_rules import MISSES_MAX, wait_s
from pos_app.staff.roster import OWNER_ID

CHEAP = Cost(8, 1, 1)
RIGHT, WRONG, OTHER = "482915", "739106", "615208"


def entropy(seed: int = 1) -> Callable[[int], bytes]:
    return random.Random(seed).randbytes


class HandClock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.wall = 1_790_000_000_000
        self.mono = 5_000

    def wall_ms(self) -> int:
        return self.wall

    def monotonic_ms(self) -> int:
        return self.mono

    async def sleep(self, ms: int) -> None:
        self.mono += ms

    def pass_s(self, seconds: float) -> None:
        self.wall += int(seconds * 1000)
        self.mono += int(seconds * 1000)


class LeapingClock(HandClock):
    """Each look is 400 seconds later: no wait ever stands in the way."""

    def monotonic_ms(self) -> int:
        self.mono += 400_000
        return self.mono


class WallClock(HandClock):
    """Broken on purpose: what should be up-time follows the wall clock."""

    def monotonic_ms(self) -> int:
        return self.wall


def make(folder: Path, clock: HandClock | None = None, kind: type[Pins] = Pins) -> Pins:
    return kind(folder, clock or HandClock(), entropy(), CHEAP)


def make_set(folder: Path, clock: HandClock | None = None) -> Pins:
    manager = make(folder, clock)
    manager.set_first(RIGHT)
    return manager


PEOPLE = ("p1", "p2", "p3", "p4", "p5", "p6")
PINS = {OWNER_ID: RIGHT, **dict(zip(PEOPLE, ("271938", "604715", "839264", "192746", "530817", "947203"), strict=True))}


def make_staffed(folder: Path, clock: HandClock | None = None, kind: type[Pins] = Pins) -> Pins:
    """A till with an owner and six people, each with a PIN."""
    pins = make(folder, clock, kind)
    pins.set_first(RIGHT)
    for person_id in PEOPLE:
        pins.put(person_id, pins.made(PINS[person_id]))
    return pins


# ---------------------------------------------------------------------- built wrong on purpose


class _MemoryFile(PinFile):
    misses = 0

    def read(self) -> PinRecord:
        return replace(super().read(), misses=self.misses)

    def write(self, record: PinRecord) -> None:
        self.misses = record.misses


class ForgetfulPin(Pins):
    """Counts misses in memory only."""

    def __init__(self, folder: Path, clock: HandClock, entropy: Callable[[int], bytes], cost: Cost) -> None:
        super().__init__(folder, clock, entropy, cost)
        self._file = _MemoryFile(folder)


class JudgeFirstPin(Pins):
    """Judges a guess, then counts it."""

    def _judge(self, pin: str, person_id: str) -> None:
        record = self._file.read()
        if record.misses >= MISSES_MAX:
            raise LockedError
        if self._clock.monotonic_ms() < self._wait_from_ms + wait_s(record.misses) * 1000:
            raise WaitError(1)
        if pin_module._matches(pin, record.pin):
            return
        self._wait_from_ms = self._clock.monotonic_ms()
        self._file.write(replace(record, misses=record.misses + 1))
        raise WrongPinError(1, 1)


class OneByOnePins(Pins):
    """Counts each person's misses alone."""

    def _count_guess(self, person_id: str) -> tuple[str, int]:
        staff = self._staff_file.read()
        whose = self._file.read() if person_id == OWNER_ID else staff[person_id]
        if whose.misses >= MISSES_MAX:
            raise LockedError
        self._keep_misses(person_id, whose.misses + 1)
        return whose.pin, whose.misses + 1


class ForgivingPins(Pins):
    """Any right PIN takes back everybody's misses."""

    def check(self, pin: str, person_id: str = OWNER_ID, *, forgives: Collection[str] = ()) -> None:
        super().check(pin, person_id, forgives=forgives)
        self._file.write(replace(self._file.read(), misses=0))
        self._forgive(self._staff_file.read())


class ImpatientPin(Pins):
    """Forgets the wait in a restart."""

    def __init__(self, folder: Path, clock: HandClock, entropy: Callable[[int], bytes], cost: Cost) -> None:
        super().__init__(folder, clock, entropy, cost)
        self._wait_from_ms = -(10**9)


# ---------------------------------------------------------------------- a process that guesses until it is killed


def guess_until_killed(folder: Path, pipe: Connection, kind: type[Pins], suicide: str) -> None:
    """Guess without end, telling each judgement by one byte; die "before" or "after" the first, or from outside."""
    judge = pin_module._matches

    def telling(secret: str, stored: str) -> bool:
        if suicide == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        os.write(pipe.fileno(), b"j")
        right = judge(secret, stored)
        if suicide == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return right

    pin_module._matches = telling
    manager = kind(folder, LeapingClock(), entropy(), CHEAP)
    while True:
        try:
            manager.check(WRONG)
        except LockedError:
            return
        except PinError:
            continue
