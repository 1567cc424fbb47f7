"""Killed at every commit point, and at random moments: each payment comes back in its true state, no code sent twice.

A first form of the kill test (T3); `make soak` raises the number of random kills.
"""

import os
import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.checkout.views import Stage
from pos_app.sandbox.server import Sandbox
from tests.clocks import FastClock
from tests.end_to_end.world import counter, truth
from tests.figures import note
from tests.warm import Warm

RANDOM_KILLS = 1_000 if os.environ.get("POS_APP_SOAK") else 12
AMOUNT = 50_000


@pytest.fixture(scope="module")
def gateway() -> Iterator[tuple[Sandbox, FastClock]]:
    clock = FastClock()
    with Sandbox(clock=clock) as sandbox:
        yield sandbox, clock


def run_and_die(
    sandbox: Sandbox, folder: Path, moment: str, number: int, after_s: float | None = None, amount: int = AMOUNT
) -> str:
    """Start a till process, hand it a code, and let it die; what it had printed."""
    arguments = ("tests.end_to_end.killed_till", sandbox.url, str(folder), moment, str(number))
    with Warm(*arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(f"{sandbox.customer.fresh_code()}\n{amount}\n")
        child.stdin.flush()
        assert child.stdout.readline() == "scanning\n"
        if after_s is not None:
            time.sleep(after_s)
            child.kill()
        out, _ = child.communicate(timeout=100)
    return out


def settle(sandbox: Sandbox, clock: FastClock, folder: Path) -> list[tuple[str, str]]:
    """Start the till again and wait until nothing is open; (order id, state) of all payments."""
    with counter(sandbox, folder, clock) as till:
        clock.run(120)
        try:
            deadline = time.monotonic() + 60
            while till.till.journal.live().result():
                assert time.monotonic() < deadline, "still open"
                time.sleep(0.05)
            records = till.till.journal.recent(10).result()
            return [(one.attempt.app_trans_id, one.state.value) for one in records]
        finally:
            clock.run(1)


# The writes of one payment: 1 prepared (C1), 2 sending (C2), 3 answer (C3), 4 query and result (C5), 5 slip.
POINTS = [
    ("before", 1, []),
    ("after", 1, ["not_sent"]),
    ("before", 2, ["not_sent"]),
    ("after", 2, ["not_created", "paid"]),  # the bytes may just have left
    ("before", 3, ["paid"]),
    ("after", 3, ["paid"]),
    ("before", 4, ["paid"]),
    ("after", 4, ["paid"]),
    ("before", 5, ["paid"]),
    ("after", 5, ["paid"]),
]


@pytest.mark.parametrize(("moment", "number", "allowed"), POINTS, ids=str)
def test_killed_at_each_commit_point(
    gateway: tuple[Sandbox, FastClock], tmp_path: Path, moment: str, number: int, allowed: list[str]
) -> None:
    sandbox, clock = gateway
    printed = run_and_die(sandbox, tmp_path, moment, number)
    ended = settle(sandbox, clock, tmp_path)
    assert [state for _, state in ended if state not in allowed] == []
    assert len(ended) == (1 if allowed else 0)
    for order_id, state in ended:
        really = truth(sandbox, order_id)
        assert (state == "paid") == (really == "paid")
        if "paid" in printed:
            assert state == "paid"
    assert all(one["code_presented"] == 1 and one["creates"] == 1 for one in sandbox.orders())


def test_without_c2_the_kill_test_fails(gateway: tuple[Sandbox, FastClock], tmp_path: Path) -> None:
    """The control: a till that skips the SENDING write says "not sent" of money that was taken."""
    sandbox, clock = gateway
    run_and_die(sandbox, tmp_path, "careless", 3)
    ((order_id, state),) = settle(sandbox, clock, tmp_path)
    assert (state, truth(sandbox, order_id)) == ("not_sent", "paid")


@pytest.mark.timeout(600 if RANDOM_KILLS < 100 else 36_000)
def test_killed_at_random_moments(gateway: tuple[Sandbox, FastClock], tmp_path: Path) -> None:
    sandbox, clock = gateway
    chance = random.Random(20_261_122)
    for kill in range(RANDOM_KILLS):
        folder = tmp_path / str(kill)
        amount = chance.choice([AMOUNT, 10_001, 10_063, 10_603])
        printed = run_and_die(sandbox, folder, "never", 0, after_s=chance.random() * 0.25, amount=amount)
        for order_id, state in settle(sandbox, clock, folder):
            assert (state == "paid") == (truth(sandbox, order_id) == "paid"), (kill, order_id)
            if "paid" in printed:
                assert state == "paid"
    assert all(one["code_presented"] == 1 and one["creates"] == 1 for one in sandbox.orders())
    note("program", kills=RANDOM_KILLS, payments=len(sandbox.orders()), wrong=0, seed="20261122")


def test_a_restart_changes_nothing_else(gateway: tuple[Sandbox, FastClock], tmp_path: Path) -> None:
    sandbox, clock = gateway
    with counter(sandbox, tmp_path, clock) as till:
        till.scan(AMOUNT)
        till.until_stage(Stage.PAID)
        before = till.till.journal.recent(1).result()[0]
    with counter(sandbox, tmp_path, clock) as till:
        after = till.till.journal.recent(1).result()[0]
    assert (after.state, after.evidence, after.settled_at_ms) == (before.state, before.evidence, before.settled_at_ms)
