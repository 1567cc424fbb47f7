"""T17: a day of guessing with restarts, kills and clock changes gives ten guesses, never more. And the controls."""

import multiprocessing
import random
import signal
import sys
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.staff import pin as pin_module
from pos_app.staff.errors import LockedError, PinError, WaitError
from pos_app.staff.pin import Pins
from pos_app.staff.pin_file import PinFile, PinRecord
from pos_app.staff.pin_rules import MISSES_MAX, WAITS_S, wait_s
from tests.staff.doors import (
    RIGHT,
    WRONG,
    ForgetfulPin,
    HandClock,
    ImpatientPin,
    JudgeFirstPin,
    WallClock,
    guess_until_killed,
    make,
    make_set,
)

DAY_S = 24 * 3600


class KilledError(BaseException):
    """The program ends here, with no chance to say goodbye."""


@dataclass
class Attack:
    """Somebody alone with the till for a day. Counts what was judged, and what was judged too early."""

    folder: Path
    kind: type[Pins] = Pins
    clock: HandClock = field(default_factory=HandClock)
    judged: int = 0
    too_early: int = 0
    fuse: int | None = None

    def __post_init__(self) -> None:
        make_set(self.folder, self.clock)
        self.true_ms = 0
        self.since_ms = 0
        self.real_judge = pin_module._matches
        self.start()

    def start(self) -> None:
        """A new process: the wait begins anew; the machine's own up-time may begin anew, too."""
        self.since_ms = self.true_ms
        self.manager = make(self.folder, self.clock, self.kind)
        real_write = self.manager._file.write

        def write(kept: PinRecord) -> None:
            self.step()
            real_write(kept)
            self.step()

        self.manager._file.write = write  # type: ignore[method-assign]

    def step(self) -> None:
        """A moment at which the program may be killed."""
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse < 0:
                raise KilledError

    def judge(self, secret: str, stored: str) -> bool:
        self.step()
        self.too_early += self.true_ms - self.since_ms < wait_s(min(self.judged, MISSES_MAX - 1)) * 1000
        self.judged += 1
        self.since_ms = self.true_ms
        right = self.real_judge(secret, stored)
        self.step()
        return right

    def pass_s(self, seconds: int) -> None:
        self.clock.pass_s(seconds)
        self.true_ms += seconds * 1000

    def guess(self, fuse: int | None = None) -> None:
        self.fuse = fuse
        pin_module._matches = self.judge
        try:
            self.manager.check(WRONG)
        except PinError:
            pass
        except KilledError:
            self.start()
        finally:
            pin_module._matches = self.real_judge
            self.fuse = None

    def restart(self, up_time_ms: int) -> None:
        if not isinstance(self.clock, WallClock):
            self.clock.mono = up_time_ms
        self.start()


ACTS = st.one_of(
    st.tuples(st.just("guess"), st.none() | st.integers(0, 5)),
    st.tuples(st.just("wait"), st.sampled_from([0, 1, 2, 5, 31, 128, 300, 600, 3600])),
    st.tuples(st.just("set clock"), st.sampled_from([-(10**10), -1000, 1000, 300_000, 10**10])),
    st.tuples(st.just("restart"), st.integers(0, 10**9)),
)


def play(attack: Attack, acts: list[tuple[str, int | None]]) -> None:
    for act, value in acts:
        match act:
            case "guess":
                attack.guess(value)
            case "wait":
                attack.pass_s(value or 0)
            case "set clock":
                attack.clock.wall += value or 0
            case _:
                attack.restart(value or 0)


@settings(max_examples=150, deadline=None)
@given(st.lists(ACTS, max_size=60))
def test_whatever_somebody_does(tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int | None]]) -> None:
    attack = Attack(tmp_path_factory.mktemp("attack"))
    play(attack, acts)
    assert attack.judged <= MISSES_MAX
    assert attack.too_early == 0


def spend_a_day(attack: Attack, seed: int) -> None:
    """Guess, be killed, restart and set the clock every half minute, for 24 hours."""
    chance = random.Random(seed)
    end_ms = attack.true_ms + DAY_S * 1000
    while attack.true_ms < end_ms:
        attack.guess(chance.choice([None, None, *range(6)]))
        if chance.random() < 0.2:
            attack.restart(chance.randrange(10**9))
        if chance.random() < 0.2:
            attack.clock.wall += chance.choice([-1, 1]) * chance.randrange(10**9)
        attack.pass_s(chance.choice([1, 10, 60, 300]))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_day_of_it_ends_with_the_lock(tmp_path: Path, seed: int) -> None:
    attack = Attack(tmp_path)
    spend_a_day(attack, seed)
    assert attack.judged <= MISSES_MAX
    assert attack.too_early == 0
    attack.pass_s(DAY_S)
    with pytest.raises(LockedError):
        make(tmp_path, attack.clock).check(RIGHT)


def test_control_a_count_in_memory_fails(tmp_path: Path) -> None:
    attack = Attack(tmp_path, ForgetfulPin)
    spend_a_day(attack, 1)
    assert attack.judged > 5 * MISSES_MAX


def test_control_judging_before_counting_fails(tmp_path: Path) -> None:
    attack = Attack(tmp_path, JudgeFirstPin)
    spend_a_day(attack, 1)
    assert attack.judged > MISSES_MAX


THREE_MISSES: list[tuple[str, int | None]] = [
    ("guess", None), ("wait", 1), ("guess", None), ("wait", 2), ("guess", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "clock", "trick"),
    [(ImpatientPin, HandClock, ("restart", 0)), (Pins, WallClock, ("set clock", 10**10))],
)
def test_control_a_wait_that_a_restart_or_the_clock_ends_fails(
    tmp_path: Path, kind: type[Pins], clock: type[HandClock], trick: tuple[str, int]
) -> None:
    acts = [*THREE_MISSES, trick, ("guess", None)]
    broken = Attack(tmp_path / "broken", kind, clock())
    play(broken, acts)
    assert broken.too_early > 0
    ours = Attack(tmp_path / "ours")
    play(ours, acts)
    assert ours.too_early == 0


def test_after_a_restart_the_whole_wait_begins_anew(tmp_path: Path) -> None:
    clock = HandClock()
    manager = make_set(tmp_path, clock)
    for _ in range(5):
        clock.pass_s(WAITS_S[-1])
        with pytest.raises(PinError):
            manager.check(WRONG)
    clock.pass_s(15)
    manager = make(tmp_path, clock)
    with pytest.raises(WaitError) as said:
        manager.check(RIGHT)
    assert said.value.wait_s == wait_s(5)
    clock.pass_s(wait_s(5))
    manager.check(RIGHT)
    assert PinFile(tmp_path).read().misses == 0


# ---------------------------------------------------------------------- real processes, kill -9

needs_kill = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a thing of Unix")


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.staff.doors"])
    return context


def judged_until_killed(
    processes: ForkServerContext,
    folder: Path,
    *,
    kind: type[Pins] = Pins,
    suicide: str = "",
    after_s: float | None = None,
) -> tuple[int, bool]:
    """Let a process guess until it dies; how many guesses it had judged, and whether it was a kill."""
    ours, theirs = processes.Pipe(duplex=False)
    process = processes.Process(target=guess_until_killed, args=(folder, theirs, kind, suicide))
    process.start()
    theirs.close()
    if after_s is not None:
        process.join(after_s)
        process.kill()
    process.join()
    with open(ours.fileno(), "rb", closefd=False) as file:
        told = len(file.read())
    ours.close()
    killed = process.exitcode == -signal.SIGKILL
    process.close()
    return told, killed


@needs_kill
@pytest.mark.parametrize("suicide", ["before", "after"])
def test_killed_at_each_guess(tmp_path: Path, processes: ForkServerContext, suicide: str) -> None:
    make_set(tmp_path)
    lives = [judged_until_killed(processes, tmp_path, suicide=suicide) for _ in range(MISSES_MAX + 2)]
    assert [killed for _, killed in lives] == [True] * MISSES_MAX + [False] * 2
    assert sum(judged for judged, _ in lives) == (MISSES_MAX if suicide == "after" else 0)
    with pytest.raises(LockedError):
        make(tmp_path).check(RIGHT)


@needs_kill
def test_killed_at_random_moments(tmp_path: Path, processes: ForkServerContext) -> None:
    chance = random.Random(20261122)
    kills = 0
    for number in range(4):
        folder = tmp_path / str(number)
        make_set(folder)
        total, killed, after_s = 0, True, 0.0
        while killed:
            judged, killed = judged_until_killed(processes, folder, after_s=after_s)
            total += judged
            kills += killed
            after_s += chance.random() * 0.002  # longer and longer, so that a slow machine gets to guessing as well
        assert total <= MISSES_MAX
        assert PinFile(folder).read().misses == MISSES_MAX
    assert kills >= 4


@needs_kill
def test_control_kills_show_who_judges_before_counting(tmp_path: Path, processes: ForkServerContext) -> None:
    make_set(tmp_path)
    lives = [judged_until_killed(processes, tmp_path, kind=JudgeFirstPin, suicide="after") for _ in range(15)]
    assert sum(judged for judged, _ in lives) == 15
