"""Every scenario of the built-in gateway, through the real till: it ends in its true state, and in no other."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from pos_app.checkout.views import PaymentView, Stage
from pos_app.gateways.transport import Limits
from pos_app.sandbox.faults import describe_scenarios
from pos_app.sandbox.server import Sandbox
from tests.clocks import FastClock
from tests.end_to_end.conftest import set_limits
from tests.end_to_end.world import Counter, counter, truth

RATE, RATE_OF_THE_REST = 10, 60
TILLS_AT_ONCE = 6
LIMITS = Limits(connect_ms=5_000, first_byte_ms=2_000, answer_ms=3_000)
"""A fifth of the till's: whoever never answers is waited for in real time."""

MISMATCH = {"other_amount", "other_zp_trans_id", "other_app_trans_id", "other_app_id"}
LIVE = {"stuck", "waits_for_customer", "no_zp_trans_id", "zero_zp_trans_id"}
"""Neither paid nor not paid as long as the gateway says no more: never shown as either."""
NEVER_THERE = {"never_arrived"}
PAID_OR_LATER_PAID = {"failed_then_paid"}
"""Two agreeing negatives, then money: first declined, and paid as soon as the gateway says so."""


def play(sandbox: Sandbox, clock: FastClock, folder: Path, amount: int, name: str) -> PaymentView:
    with counter(sandbox, folder, clock) as till:
        till.scan(amount)
        if name in LIVE:
            return till.until_stage(Stage.UNKNOWN, seconds=110)
        ended = till.until_final(seconds=110)
        if name in PAID_OR_LATER_PAID and ended.stage is not Stage.PAID:
            ended = till.until_stage(Stage.PAID, seconds=110)
        return ended


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, dict[str, PaymentView]]]:
    clock = FastClock(RATE)
    with (
        pytest.MonkeyPatch.context() as patch,
        Sandbox(clock=clock) as sandbox,
        ThreadPoolExecutor(TILLS_AT_ONCE) as pool,
    ):
        set_limits(patch, LIMITS)
        plays = {
            name: pool.submit(play, sandbox, clock, tmp_path_factory.mktemp(name), amount or 50_000, name)
            for amount, name, _ in sorted(describe_scenarios(), key=lambda row: row[1] not in NEVER_THERE | LIVE)
        }
        wait(one for name, one in plays.items() if name not in NEVER_THERE)
        clock.run(RATE_OF_THE_REST)  # only the fence is waited for now
        yield sandbox, {name: one.result() for name, one in plays.items()}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", sorted(name for _, name, _ in describe_scenarios()))
def test_it_ends_in_its_true_state(ends: tuple[Sandbox, dict[str, PaymentView]], name: str) -> None:
    sandbox, views = ends
    view = views[name]
    really = truth(sandbox, view.payment_id)
    match view.stage:
        case Stage.PAID:
            assert really == "paid"
        case Stage.DECLINED | Stage.NOT_SENT:
            assert really != "paid"
        case Stage.MISMATCH:
            assert name in MISMATCH
        case _:
            assert name in LIVE
    if really == "paid":
        assert view.stage is (Stage.MISMATCH if name in MISMATCH else Stage.UNKNOWN if name in LIVE else Stage.PAID)
    assert view.cause.vi
    assert view.advice.vi


@pytest.mark.timeout(300)
def test_no_code_was_presented_twice(ends: tuple[Sandbox, dict[str, PaymentView]]) -> None:
    sandbox, _ = ends
    assert {one["code_presented"] for one in sandbox.orders() if one["scenario"] != "answer_twice"} == {1}
    assert all(one["creates"] in (0, 1) for one in sandbox.orders() if one["scenario"] != "answer_twice")


def test_the_customer_confirms_or_declines(tmp_path: Path) -> None:
    clock = FastClock(RATE)
    with Sandbox(clock=clock) as sandbox, counter(sandbox, tmp_path, clock) as till:
        for answer, stage in ((True, Stage.PAID), (False, Stage.DECLINED)):
            till.scan(10_002)
            asked = till.until_stage(Stage.PROCESSING)
            tap(till, asked.payment_id, confirm=answer)
            assert till.until_final().stage is stage


def tap(till: Counter, payment_id: str, *, confirm: bool) -> None:
    if confirm:
        till.sandbox.customer.confirm(payment_id)
    else:
        till.sandbox.customer.decline(payment_id)
    till.till.ask_now(payment_id)
