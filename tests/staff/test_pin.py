"""The manager's PIN: set, checked, changed, locked, reset; what it says, and what it never says."""

import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.clock import MachineClock
from pos_app.staff.errors import (
    AlreadySetError,
    LockedError,
    NoPinError,
    PinError,
    PinFileError,
    PinFileWriteError,
    WaitError,
    WeakPinError,
    WrongPinError,
    WrongRecoveryError,
)
from pos_app.staff.pin import COST, COST_FLOOR, Pins
from pos_app.staff.pin_file import FILE_NAME
from pos_app.staff.pin_rules import MISSES_MAX, WAITS_S, wait_s
from pos_app.words import Language
from tests.staff.doors import OTHER, RIGHT, WRONG, HandClock, entropy, make, make_set


def miss(manager: Pins, clock: HandClock, times: int = 1) -> None:
    for _ in range(times):
        clock.pass_s(WAITS_S[-1])
        with pytest.raises((WrongPinError, LockedError)):
            manager.check(WRONG)


def test_none_is_set_at_first(tmp_path: Path) -> None:
    manager = make(tmp_path)
    assert not manager.is_set
    acts: list[Callable[[], object]] = [
        lambda: manager.check(RIGHT),
        lambda: manager.change(RIGHT, OTHER),
        lambda: manager.reset("0" * 20, OTHER),
        manager.fingerprint,
    ]
    for act in acts:
        with pytest.raises(NoPinError):
            act()
    assert list(tmp_path.iterdir()) == []


def test_the_right_pin_approves_and_a_wrong_one_does_not(tmp_path: Path) -> None:
    clock = HandClock()
    manager = make_set(tmp_path / "made" / "on the way", clock)
    assert manager.is_set
    manager.check(RIGHT)
    manager.check(RIGHT)
    with pytest.raises(WrongPinError) as wrong:
        manager.check(WRONG)
    assert (wrong.value.wait_s, wrong.value.tries_left) == (1, 9)
    assert wrong.value.advice.vi == "Chờ 1 giây rồi nhập lại. Còn 9 lần."
    with pytest.raises(WaitError) as wait:
        manager.check(RIGHT)
    assert wait.value.wait_s == 1
    clock.pass_s(1)
    manager.check(RIGHT)
    with pytest.raises(WrongPinError) as wrong:
        manager.check(WRONG)
    assert wrong.value.tries_left == 9, "a right PIN set the count back"


def test_a_slip_of_the_hand_costs_nothing(tmp_path: Path) -> None:
    manager = make_set(tmp_path)
    for typed in ("", "48291", "48291x", "4829154829154", "\ud800" * 6):
        with pytest.raises(WeakPinError):
            manager.check(typed)
    manager.check(RIGHT)


def test_a_first_pin_is_set_once(tmp_path: Path) -> None:
    manager = make_set(tmp_path)
    with pytest.raises(AlreadySetError):
        manager.set_first(OTHER)
    manager.check(RIGHT)


def test_a_weak_pin_is_never_set(tmp_path: Path) -> None:
    manager = make(tmp_path)
    with pytest.raises(WeakPinError):
        manager.set_first("123456")
    assert not manager.is_set
    code = manager.set_first(RIGHT)
    with pytest.raises(WeakPinError):
        manager.change(RIGHT, "000000")
    with pytest.raises(WeakPinError):
        manager.reset(code, "121212")
    manager.check(RIGHT)


def test_change_wants_the_old_one_and_counts_it(tmp_path: Path) -> None:
    clock = HandClock()
    manager = make(tmp_path, clock)
    code = manager.set_first(RIGHT)
    with pytest.raises(WrongPinError):
        manager.change(WRONG, OTHER)
    with pytest.raises(WaitError):
        manager.change(RIGHT, OTHER)
    clock.pass_s(1)
    manager.change(RIGHT, OTHER)
    manager.check(OTHER)
    with pytest.raises(WrongPinError):
        manager.check(RIGHT)
    manager.reset(code, RIGHT)
    manager.check(RIGHT)


def test_locked_at_ten_until_the_owner_comes(tmp_path: Path) -> None:
    clock = HandClock()
    manager = make(tmp_path, clock)
    code = manager.set_first(RIGHT)
    miss(manager, clock, MISSES_MAX - 1)
    clock.pass_s(300)
    with pytest.raises(LockedError):
        manager.check(WRONG)
    for manager_again in (manager, make(tmp_path, clock)):
        clock.pass_s(10**6)
        with pytest.raises(LockedError):
            manager_again.check(RIGHT)
        with pytest.raises(LockedError):
            manager_again.change(RIGHT, OTHER)
    with pytest.raises(WrongRecoveryError):
        manager.reset(code[:-1] + str((int(code[-1]) + 1) % 10), OTHER)
    with pytest.raises(LockedError):
        manager.check(RIGHT)
    manager.reset(code, OTHER)
    manager.check(OTHER)


def test_the_recovery_code(tmp_path: Path) -> None:
    manager = make(tmp_path)
    code = manager.set_first(RIGHT)
    assert [len(group) for group in code.split(" ")] == [4] * 5
    assert code.replace(" ", "").isdigit()
    typed = code.replace(" ", "-") + " \n"
    second = manager.reset(typed, OTHER)
    assert second != code
    for wrong in (code, "", "x", "0" * 20, RIGHT, OTHER, "\ud800"):
        with pytest.raises(WrongRecoveryError):
            manager.reset(wrong, RIGHT)
    manager.check(OTHER)
    manager.reset(second.replace(" ", ""), RIGHT)


def test_the_fingerprint_tells_of_another_pin(tmp_path: Path) -> None:
    clock = HandClock()
    manager = make(tmp_path, clock)
    code = manager.set_first(RIGHT)
    first = manager.fingerprint()
    assert len(first) == 8
    assert int(first, 16) >= 0
    miss(manager, clock)
    assert manager.fingerprint() == first, "a miss is not another PIN"
    manager.reset(code, OTHER)
    assert manager.fingerprint() != first
    (tmp_path / FILE_NAME).unlink()
    assert not manager.is_set
    again = Pins(tmp_path, clock, entropy(2), manager._cost)
    again.set_first(RIGHT)
    assert again.fingerprint() != first, "the same digits, set anew by whoever deleted the file"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 400_000), min_size=1, max_size=25))
def test_a_guess_is_judged_only_after_the_wait(tmp_path_factory: pytest.TempPathFactory, gaps_ms: list[int]) -> None:
    """The rule, on its own terms: after the n-th miss in a row nothing is judged for `wait_s(n)` seconds."""
    clock = HandClock()
    manager = make_set(tmp_path_factory.mktemp("wait"), clock)
    misses, since_ms = 0, clock.mono
    for gap_ms in gaps_ms:
        clock.pass_s(gap_ms / 1000)
        left_ms = since_ms + wait_s(misses) * 1000 - clock.mono if misses < MISSES_MAX else 0
        with pytest.raises(PinError) as said:
            manager.check(WRONG)
        if misses == MISSES_MAX:
            assert type(said.value) is LockedError
        elif left_ms > 0:
            assert isinstance(said.value, WaitError)
            assert said.value.wait_s * 1000 - 1000 < left_ms <= said.value.wait_s * 1000
        else:
            misses, since_ms = misses + 1, clock.mono
            assert type(said.value) is (LockedError if misses == MISSES_MAX else WrongPinError)
            if isinstance(said.value, WrongPinError):
                assert (said.value.wait_s, said.value.tries_left) == (wait_s(misses), MISSES_MAX - misses)


def test_a_millisecond_too_early_is_too_early(tmp_path: Path) -> None:
    clock = HandClock()
    manager = make_set(tmp_path, clock)
    for wait in WAITS_S:
        with pytest.raises(WrongPinError):
            manager.check(WRONG)
        clock.mono += wait * 1000 - 1
        with pytest.raises(WaitError):
            manager.check(WRONG)
        clock.mono += 1
    with pytest.raises(LockedError):
        manager.check(WRONG)


def test_ten_at_once_are_one_guess(tmp_path: Path) -> None:
    manager = make_set(tmp_path)
    said: list[PinError] = []

    def guess() -> None:
        try:
            manager.check(WRONG)
        except PinError as error:
            said.append(error)

    threads = [threading.Thread(target=guess) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in said) == ["WaitError"] * 9 + ["WrongPinError"]


def test_what_cannot_be_counted_is_not_judged(tmp_path: Path) -> None:
    manager = make_set(tmp_path)
    in_the_way = tmp_path / (FILE_NAME + ".new")
    (in_the_way / "something").mkdir(parents=True)
    for pin in (WRONG, RIGHT):
        with pytest.raises(PinFileWriteError):
            manager.check(pin)
    (in_the_way / "something").rmdir()
    in_the_way.rmdir()
    manager.check(RIGHT)


def test_at_its_real_cost(tmp_path: Path) -> None:
    assert all(paid >= least for paid, least in zip(COST, COST_FLOOR, strict=True))
    manager = Pins(tmp_path, MachineClock(), entropy())
    manager.set_first(RIGHT)
    assert b"$argon2id$v=19$m=65536,t=3,p=4$" in (tmp_path / FILE_NAME).read_bytes()
    before = time.monotonic()
    manager.check(RIGHT)
    assert time.monotonic() - before > 0.02, "a guess costs next to nothing"


def test_what_is_typed_shows_up_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    clock = HandClock()
    manager = make(tmp_path, clock)
    code = manager.set_first(RIGHT)
    weak, half, wrong_code = "13" * 3, "13" * 2, "97" * 10  # put together here: tracebacks show the lines of this file
    secrets = {RIGHT, WRONG, OTHER, weak, code, code.replace(" ", ""), wrong_code}
    acts: list[Callable[[], object]] = [
        lambda: manager.check(half),
        lambda: manager.set_first(OTHER),
        lambda: manager.set_first(weak),
        lambda: manager.check(WRONG),
        lambda: manager.check(RIGHT),
        lambda: manager.change(WRONG, OTHER),
        lambda: manager.reset(wrong_code, OTHER),
        lambda: miss(manager, clock, 12),
        lambda: [(tmp_path / FILE_NAME).write_bytes(b"{"), manager.fingerprint()],
    ]
    seen = [repr(manager), repr(manager.__dict__), repr(manager._file.read()), caplog.text]
    seen.append((tmp_path / FILE_NAME).read_text())
    for act in acts:
        try:
            act()
        except PinError as error:
            seen += [repr(error), str(error), "".join(traceback.format_exception(error))]
            seen += [text.say(language) for text in (error.title, error.advice) for language in Language]
    assert len(seen) > 40
    assert [secret for secret in secrets if any(secret in one for one in seen)] == []
    assert any("not 6" in one or "6 đến 12" in one for one in seen), "this looked at nothing"


def all_errors(kind: type[PinError]) -> list[type[PinError]]:
    return [kind, *(found for one in kind.__subclasses__() for found in all_errors(one))]


@pytest.mark.parametrize("kind", all_errors(PinError), ids=lambda kind: kind.__name__)
def test_each_error_speaks_both_languages(kind: type[PinError]) -> None:
    made: dict[type[PinError], PinError] = {
        WrongPinError: WrongPinError(4, 7), WaitError: WaitError(4), WeakPinError: WeakPinError(PinFileError().advice),
    }  # fmt: skip
    error = made[kind] if kind in made else kind()
    for text in (error.title, error.advice):
        assert text.vi.strip()
        assert text.en.strip()
        assert "{" not in text.vi + text.en
        assert "!" not in text.vi + text.en


@pytest.mark.skipif(sys.platform == "win32", reason="rights of Unix")
def test_only_this_user_can_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        manager = make_set(tmp_path)
        assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600
        (tmp_path / FILE_NAME).chmod(0o644)
        manager.check(RIGHT)
        assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
