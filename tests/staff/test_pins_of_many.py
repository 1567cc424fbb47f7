"""One pad, many people: each PIN is its own, and all together are worth ten guesses (T17). And the controls."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.staff import pin as pin_module
from pos_app.staff.errors import (
    LockedError,
    NoPinError,
    NoStaffPinError,
    PinError,
    PinFileError,
    WaitError,
    WeakPinError,
    WrongPinError,
)
from pos_app.staff.pin import Pins
from pos_app.staff.pin_file import STAFF_FILE_NAME, StaffPin, StaffPinFile
from pos_app.staff.pin_rules import MISSES_MAX, WAITS_S, wait_s
from pos_app.staff.roster import OWNER_ID
from tests.staff.doors import (
    OTHER,
    PEOPLE,
    PINS,
    RIGHT,
    WRONG,
    ForgivingPins,
    HandClock,
    OneByOnePins,
    entropy,
    make,
    make_staffed,
)

EVERYBODY = (OWNER_ID, *PEOPLE)


def miss(pins: Pins, clock: HandClock, person_id: str) -> None:
    clock.pass_s(WAITS_S[-1])
    with pytest.raises((WrongPinError, LockedError)):
        pins.check(WRONG, person_id)


def test_each_pin_is_its_own(tmp_path: Path) -> None:
    clock = HandClock()
    pins = make_staffed(tmp_path, clock)
    for person_id, pin in PINS.items():
        pins.check(pin, person_id)
    for person_id in EVERYBODY:
        for whose, pin in PINS.items():
            if whose != person_id:
                clock.pass_s(WAITS_S[-1])
                with pytest.raises(WrongPinError):
                    pins.check(pin, person_id)
                clock.pass_s(WAITS_S[-1])
                pins.check(PINS[person_id], person_id)


def test_who_has_none_cannot_be_guessed_at(tmp_path: Path) -> None:
    pins = make_staffed(tmp_path)
    for _ in range(3):
        with pytest.raises(NoStaffPinError):
            pins.check(WRONG, "p99")
    pins.check(RIGHT)
    with pytest.raises(NoPinError):
        make(tmp_path / "nobody").check(WRONG, "p1")


def test_the_wait_after_a_miss_is_everybodys(tmp_path: Path) -> None:
    clock = HandClock()
    pins = make_staffed(tmp_path, clock)
    for misses in range(1, 4):
        with pytest.raises(WrongPinError) as wrong:
            pins.check(WRONG, PEOPLE[misses])
        assert (wrong.value.wait_s, wrong.value.tries_left) == (wait_s(misses), MISSES_MAX - misses)
        with pytest.raises(WaitError):
            pins.check(PINS["p6"], "p6")
        clock.pass_s(wait_s(misses))


def test_ten_misses_at_whomever_lock_all_until_the_owner_comes(tmp_path: Path) -> None:
    clock = HandClock()
    pins = make(tmp_path, clock)
    code = pins.set_first(RIGHT)
    for person_id in PEOPLE:
        pins.put(person_id, pins.made(PINS[person_id]))
    for number in range(MISSES_MAX):
        miss(pins, clock, EVERYBODY[number % len(EVERYBODY)])
    for again in (pins, make(tmp_path, clock)):
        for person_id, pin in PINS.items():
            clock.pass_s(10**6)
            with pytest.raises(LockedError):
                again.check(pin, person_id)
    pins.reset(code, OTHER)
    for person_id in PEOPLE:
        pins.check(PINS[person_id], person_id)
    pins.check(OTHER)


def test_a_right_pin_takes_back_its_own_misses_and_of_those_below(tmp_path: Path) -> None:
    clock = HandClock()
    pins = make_staffed(tmp_path, clock)
    for person_id in ("p1", "p1", "p2", OWNER_ID):
        miss(pins, clock, person_id)
    clock.pass_s(WAITS_S[-1])
    pins.check(PINS["p3"], "p3", forgives=("p2", "nobody"))
    staff = StaffPinFile(tmp_path).read()
    assert (staff["p1"].misses, staff["p2"].misses) == (2, 0)
    clock.pass_s(WAITS_S[-1])
    pins.check(PINS["p1"], "p1")
    clock.pass_s(WAITS_S[-1])
    with pytest.raises(WrongPinError) as wrong:
        pins.check(WRONG, "p4")
    assert wrong.value.tries_left == MISSES_MAX - 2, "the miss at the owner stands"


def test_another_pin_takes_the_misses_back(tmp_path: Path) -> None:
    clock = HandClock()
    pins = make_staffed(tmp_path, clock)
    before = pins.fingerprint("p1")
    miss(pins, clock, "p1")
    pins.put("p1", pins.made(OTHER))
    clock.pass_s(WAITS_S[-1])
    pins.check(OTHER, "p1")
    assert pins.fingerprint("p1") != before
    with pytest.raises(WeakPinError):
        pins.made("123456")
    pins.change(OTHER, WRONG, "p1")
    pins.check(WRONG, "p1")
    pins.check(RIGHT)


def test_a_damaged_file_approves_nobody(tmp_path: Path) -> None:
    pins = make_staffed(tmp_path)
    path = tmp_path / STAFF_FILE_NAME
    whole = path.read_bytes()
    for content in (b"", b"{}", whole[:-9], whole.replace(b'"p1"', b'"p7"'), whole.replace(b"0", b"1", 1)):
        path.write_bytes(content)
        for person_id, pin in PINS.items():
            with pytest.raises(PinFileError) as said:
                pins.check(pin, person_id)
            assert STAFF_FILE_NAME in said.value.advice.vi
    path.write_bytes(whole)
    pins.check(PINS["p1"], "p1")


def test_only_the_own_user_can_read_it_and_it_shows_no_pin(tmp_path: Path) -> None:
    make_staffed(tmp_path)
    content = (tmp_path / STAFF_FILE_NAME).read_text()
    assert (tmp_path / STAFF_FILE_NAME).stat().st_mode & 0o077 == 0
    assert not [pin for pin in PINS.values() if pin in content]
    assert repr(StaffPin("a hash")) == "StaffPin(misses=0)"


# ---------------------------------------------------------------------- a day alone with the pad


class KilledError(BaseException):
    """The program ends here."""


class Attack:
    """Somebody who may know one PIN guesses at all the others; counts the wrong guesses that were judged."""

    def __init__(self, folder: Path, kind: type[Pins]) -> None:
        self.folder, self.kind, self.clock = folder, kind, HandClock()
        make_staffed(folder, self.clock)
        self.judged = 0
        self.fuse: int | None = None
        self.start()

    def start(self) -> None:
        self.pins = self.kind(self.folder, self.clock, entropy(), pin_cost())
        for file in (self.pins._file, self.pins._staff_file):
            file.write = self.burning(file.write)  # type: ignore[method-assign]

    def burning(self, write: Callable[..., None]) -> Callable[..., None]:
        def burn(kept: object) -> None:
            self.burn()
            write(kept)
            self.burn()

        return burn

    def burn(self) -> None:
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse < 0:
                raise KilledError

    def judge(self, secret: str, stored: str) -> bool:
        self.burn()
        right = JUDGE(secret, stored)
        self.judged += not right
        self.burn()
        return right

    def type(self, pin: str, person_id: str, fuse: int | None = None) -> None:
        self.fuse = fuse
        pin_module._matches = self.judge
        try:
            self.pins.check(pin, person_id)
        except PinError:
            pass
        except KilledError:
            self.start()
        finally:
            pin_module._matches = JUDGE
            self.fuse = None

    def restart(self, up_time_ms: int) -> None:
        self.clock.mono = up_time_ms
        self.start()


JUDGE = pin_module._matches
KNOWN = "p1"


def pin_cost() -> pin_module.Cost:
    return pin_module.Cost(8, 1, 1)


ACTS = st.one_of(
    st.tuples(st.sampled_from(EVERYBODY), st.none() | st.integers(0, 5)),
    st.tuples(st.just("own"), st.none()),
    st.tuples(st.just("wait"), st.sampled_from([0, 1, 31, 300, 3600])),
    st.tuples(st.just("set clock"), st.sampled_from([-(10**10), 300_000, 10**10])),
    st.tuples(st.just("restart"), st.integers(0, 10**9)),
)


def play(attack: Attack, acts: list[tuple[str, int | None]]) -> None:
    for act, value in acts:
        match act:
            case "own":
                attack.type(PINS[KNOWN], KNOWN)
            case "wait":
                attack.clock.pass_s(value or 0)
            case "set clock":
                attack.clock.wall += value or 0
            case "restart":
                attack.restart(value or 0)
            case _ if act != KNOWN:
                attack.type(WRONG, act, value)
            case _:
                pass


@settings(max_examples=60, deadline=None)
@given(st.lists(ACTS, max_size=60))
def test_whatever_somebody_does(tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int | None]]) -> None:
    attack = Attack(tmp_path_factory.mktemp("attack"), Pins)
    play(attack, acts)
    assert attack.judged <= MISSES_MAX


def spend_a_day(attack: Attack, seed: int) -> None:
    """Guess at anybody, type the one PIN that is known in between, be killed, restart, set the clock."""
    chance = random.Random(seed)
    for _ in range(400):
        attack.type(WRONG, chance.choice([one for one in EVERYBODY if one != KNOWN]), chance.choice([None, None, 0, 3]))
        attack.clock.pass_s(chance.choice([1, 60, 300, 300]))
        if chance.random() < 0.3:
            attack.type(PINS[KNOWN], KNOWN)
        if chance.random() < 0.2:
            attack.restart(chance.randrange(10**9))
        attack.clock.wall += chance.randrange(-(10**9), 10**9)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_day_of_it_ends_with_the_lock(tmp_path: Path, seed: int) -> None:
    attack = Attack(tmp_path, Pins)
    spend_a_day(attack, seed)
    assert attack.judged <= MISSES_MAX
    attack.clock.pass_s(10**6)
    with pytest.raises(LockedError):
        attack.pins.check(PINS[KNOWN], KNOWN)


@pytest.mark.parametrize("kind", [OneByOnePins, ForgivingPins])
def test_control_other_counts_give_more_guesses(tmp_path: Path, kind: type[Pins]) -> None:
    attack = Attack(tmp_path, kind)
    spend_a_day(attack, 1)
    assert attack.judged > 2 * MISSES_MAX
