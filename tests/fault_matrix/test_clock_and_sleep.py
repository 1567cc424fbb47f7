"""E, the clock (F61–F63): asleep in mid-attempt, wrong, set while a payment is open, midnight in between."""

import signal
import subprocess
import time
from email.utils import formatdate
from itertools import pairwise
from pathlib import Path

import pytest

from pos_app.checkout.views import Health, Light, Stage
from pos_app.sandbox.server import Sandbox
from pos_app.vietnam_day import VIETNAM, day_of
from tests.end_to_end.world import let_pass
from tests.fault_matrix.gateway import AMOUNT, NOT_FOUND, PROCESSING, MakeGateway, paid, says_bytes, silent
from tests.fault_matrix.world import DO_NOT_CHARGE, NOT_PAID, BuiltIn, WrongClock, on_disk, quiet, the_one, till_at
from tests.gateways.tls_server import Manners
from tests.warm import Warm


@pytest.mark.usefixtures("quick_limits")
def test_f61_asleep_in_mid_attempt(scripted: MakeGateway, tmp_path: Path) -> None:
    """Two hours asleep: only the wall clock goes on. Nothing fails at waking; it asks, and nothing is concluded."""
    clock = WrongClock()
    with scripted(silent, NOT_FOUND) as gateway, till_at(gateway, tmp_path, clock=clock) as till:
        till.scan(AMOUNT)
        view = till.until_stage(Stage.UNKNOWN, *NOT_PAID)
        clock.set_to(clock.wall_ms() + 2 * 3_600_000)
        asked = gateway.asked
        while gateway.asked < asked + 2:
            till.till.ask_now(view.payment_id)
            quiet(0.05)
        assert not till.stages() & NOT_PAID
        assert the_one(tmp_path).state == "unknown"
        gateway.says_now(paid())
        assert till.ask_until(view.payment_id, Stage.PAID, *NOT_PAID).stage is Stage.PAID


def test_f61_a_process_that_was_stopped_for_a_while(built_in: BuiltIn, tmp_path: Path) -> None:
    """As a laptop that sleeps: the process stands still in the middle of a payment and then goes on."""
    sandbox, _ = built_in
    sandbox.arm("paid_later", seconds=1)
    arguments = ("tests.end_to_end.killed_till", sandbox.url, str(tmp_path), "never", "0")
    with Warm(*arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(f"{sandbox.customer.fresh_code()}\n{AMOUNT}\n")
        child.stdin.flush()
        assert child.stdout.readline() == "scanning\n"
        while not on_disk(tmp_path):
            time.sleep(0.01)
        child.send_signal(signal.SIGSTOP)
        time.sleep(1.2)
        child.send_signal(signal.SIGCONT)
        payment_id, stage = child.stdout.readline().split()
        child.wait(60)
    assert (stage, the_one(tmp_path).settled) == ("paid", ("paid",))
    order = next(one for one in sandbox.orders() if one["app_trans_id"] == payment_id)
    assert (order["creates"], order["state"]) == (1, "paid")


DAY_MS = 86_400_000
YEAR_2000_MS = 946_684_800_000


@pytest.mark.parametrize("off", ["+10 min", "-10 min", "+1 day", "-1 day", "2000"])
def test_f62_a_clock_that_is_wrong(built_in: BuiltIn, tmp_path: Path, off: str) -> None:
    """Order times are the gateway's, the light says that the clock is wrong, nothing has negative length."""
    sandbox, right = built_in
    offs = {"+10 min": 600_000, "-10 min": -600_000, "+1 day": DAY_MS, "-1 day": -DAY_MS}
    clock = WrongClock(off_ms=offs.get(off, 0))
    if off == "2000":
        clock.set_to(YEAR_2000_MS)
    with till_at(sandbox, tmp_path, clock=clock) as till:
        light = till.light(Light.CLOCK)
        assert (light.health, light.cause.vi) == (Health.BAD, "giờ máy sai")
        assert light.remedy.vi == "Chỉnh giờ máy tự động theo mạng."
        till.scan(AMOUNT)
        view = till.until_final()
        assert view.stage is Stage.PAID, "the gateway took it: its time was right"
        kept = the_one(tmp_path)
        assert abs(kept.facts["app_time_ms"] - right.wall_ms()) < 60_000
        assert kept.facts["fence_at_ms"] - kept.facts["app_time_ms"] == 420_000
        times = [kept.facts["app_time_ms"], *(one["asked_at_ms"] for one in kept.evidence)]
        # the gateway's clock is measured to the second, again with each answer: our times may move by so much
        assert all(later - earlier > -1_500 for earlier, later in pairwise(times))
        assert all(one["asked_at_ms"] <= one["received_at_ms"] for one in kept.of("query"))
        assert view.payment_id.startswith(day_of(right.wall_ms()).strftime("%y%m%d"))


def test_f62_no_answer_came_before_its_question(scripted: MakeGateway, tmp_path: Path) -> None:
    """The answer to the charge tells that our clock was thought half a minute too far on."""

    def dated(off_s: int, body: bytes = b"{}") -> Manners:
        return says_bytes(body, headers=f"Date: {formatdate(time.time() + off_s, usegmt=True)}\r\n")

    processing = b'{"return_code":3,"sub_return_code":3,"is_processing":true}'
    with scripted(dated(0, processing), PROCESSING, ahead=dated(30)) as gateway, till_at(gateway, tmp_path) as till:
        till.scan(AMOUNT)
        till.until_stage(Stage.PROCESSING)
        (create,) = the_one(tmp_path).of("create")
        assert create["asked_at_ms"] <= create["received_at_ms"]


@pytest.mark.usefixtures("quick_limits")
def test_f62_a_clock_set_in_mid_attempt_moves_no_fence(scripted: MakeGateway, tmp_path: Path) -> None:
    clock = WrongClock()
    with scripted(silent, NOT_FOUND) as gateway, till_at(gateway, tmp_path, clock=clock) as till:
        till.scan(AMOUNT)
        view = till.until_stage(Stage.UNKNOWN, *NOT_PAID)
        for jump in (-3_600_000, 10 * 3_600_000, -DAY_MS):
            clock.set_to(clock.wall_ms() + jump)
            asked = gateway.asked
            till.till.ask_now(view.payment_id)
            while gateway.asked == asked:
                quiet(0.02)
            assert not till.stages() & NOT_PAID
        assert the_one(tmp_path).state == "unknown"
        assert DO_NOT_CHARGE in till.views[-1].advice.vi


def test_f63_midnight_in_vietnam_between_scan_and_send(tmp_path: Path) -> None:
    ahead = VIETNAM.utcoffset(None)
    assert ahead is not None
    clock = WrongClock()
    midnight_ms = clock.wall_ms() + DAY_MS - (clock.wall_ms() + int(ahead.total_seconds() * 1000)) % DAY_MS
    clock.set_to(midnight_ms - 60_000)
    with Sandbox(clock=clock) as sandbox, till_at(sandbox, tmp_path, clock=clock) as till:
        let_pass(clock, 50, midnight_ms - 250 - clock.wall_ms())
        dates: list[str] = []
        before, after = (day_of(at_ms).strftime("%y%m%d") for at_ms in (midnight_ms - 1, midnight_ms))
        while len(dates) < 3 or dates[-1] != after:
            till.scan(AMOUNT)
            view = till.until_stage(Stage.PAID, *NOT_PAID)
            assert view.stage is Stage.PAID
            till.till.next_customer()
            dates.append(view.payment_id[:6])
            if len(dates) > 1:
                let_pass(clock, 50, max(0, midnight_ms - clock.wall_ms()))  # however quick the machine is
        for kept in on_disk(tmp_path):
            assert kept.facts["app_trans_id"][:6] == day_of(kept.facts["app_time_ms"]).strftime("%y%m%d")
        assert set(dates) <= {before, after}
