"""Whole payments through the real till and the built-in gateway: every scenario ends in its true state and words."""

import logging
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.checkout.events import ShiftState
from pos_app.checkout.views import Stage
from pos_app.payments.payment_code import PaymentCode
from pos_app.sandbox.server import Sandbox
from tests.clocks import FastClock
from tests.end_to_end.world import Counter, counter, leaks


@pytest.fixture(scope="module")
def gateway() -> Iterator[tuple[Sandbox, FastClock]]:
    clock = FastClock()
    with Sandbox(clock=clock) as sandbox:
        yield sandbox, clock


@pytest.fixture
def at_counter(gateway: tuple[Sandbox, FastClock], tmp_path: Path) -> Iterator[Counter]:
    sandbox, clock = gateway
    with counter(sandbox, tmp_path / "data", clock) as made:
        yield made
        clock.run(1)


def test_paid_agrees_with_the_gateways_own_record(at_counter: Counter) -> None:
    at_counter.scan(50_000)
    paid = at_counter.until_final()
    order = at_counter.gateway_order(paid.payment_id)
    assert paid.stage is Stage.PAID
    assert (order["state"], order["amount"], str(order["zp_trans_id"])) == ("paid", 50_000, paid.zp_trans_id)
    assert (order["creates"], order["code_presented"]) == (1, 1)


def test_paid_is_told_only_when_the_result_is_durable(at_counter: Counter) -> None:
    at_counter.scan(50_000)
    at_counter.until_stage(Stage.PAID)
    # read past the till, from a copy of the files: what a power cut would leave
    names = ["journal.sqlite3", "journal.sqlite3-wal"]
    copy = at_counter.folder / "copy"
    copy.mkdir()
    for name in names:
        if (at_counter.folder / name).exists():
            (copy / name).write_bytes((at_counter.folder / name).read_bytes())
    with sqlite3.connect(copy / "journal.sqlite3") as connection:
        kinds = [kind for (kind,) in connection.execute("SELECT kind FROM entry ORDER BY 1")]
    connection.close()
    assert "payment_settled" in kinds


def test_the_same_code_scanned_twice_is_one_payment(at_counter: Counter) -> None:
    code = at_counter.sandbox.customer.fresh_code()
    at_counter.scan(20_000, code=PaymentCode(code))
    at_counter.scan(20_000, code=PaymentCode(code))
    refused = at_counter.until_refused()
    assert "vừa dùng rồi" in refused.title.vi or "chưa rõ" in refused.title.vi
    if all(view.stage is not Stage.PAID for view in at_counter.views):
        at_counter.until_stage(Stage.PAID)
    assert len([order for order in at_counter.sandbox.orders() if order["amount"] == 20_000]) == 1


def test_a_second_charge_while_the_first_is_open_is_refused(at_counter: Counter) -> None:
    at_counter.sandbox.arm("stuck")
    at_counter.scan(30_000)
    at_counter.until_stage(Stage.PROCESSING)
    at_counter.scan(30_000)
    refused = at_counter.until_refused()
    assert "ĐỪNG thu lại" in refused.advice.vi
    assert len([order for order in at_counter.sandbox.orders() if order["amount"] == 30_000]) == 1


def test_a_declined_payment_can_be_tried_again_as_the_same_sale(
    at_counter: Counter, gateway: tuple[Sandbox, FastClock]
) -> None:
    gateway[1].run(10)
    at_counter.sandbox.arm("balance_too_low")
    at_counter.scan(40_000)
    declined = at_counter.until_final()
    assert declined.stage is Stage.DECLINED
    assert declined.cause_code == "−63"
    at_counter.scan(40_000, retry_of=declined.payment_id)
    paid = at_counter.until_stage(Stage.PAID)
    assert paid.attempt == 2


def test_a_gateway_that_is_gone_means_not_sent(tmp_path: Path) -> None:
    sandbox = Sandbox()
    sandbox.start()
    with counter(sandbox, tmp_path) as made:
        sandbox.stop()
        time.sleep(0.1)
        code = PaymentCode("280000000000000001")
        made.scan(50_000, code=code)
        view = made.until_final()
        assert view.stage is Stage.NOT_SENT
        assert code.used


@pytest.mark.usefixtures("quick_limits")
def test_unknown_becomes_not_created_after_the_fence(at_counter: Counter, gateway: tuple[Sandbox, FastClock]) -> None:
    at_counter.sandbox.arm("never_arrived")
    at_counter.scan(60_000)
    at_counter.until_stage(Stage.UNKNOWN)
    gateway[1].run(120)
    ended = at_counter.until_final()
    assert (ended.stage, ended.state) == (Stage.DECLINED, "not_created")


def test_what_was_declined_is_watched_on_by_the_next_run(tmp_path: Path) -> None:
    """The counter does not wait for it, but it comes: the gateway changed its word after the till was closed."""
    clock = FastClock(10)
    with Sandbox(clock=clock) as sandbox:
        sandbox.arm("balance_too_low")
        with counter(sandbox, tmp_path / "data", clock) as first:
            first.scan(50_000)
            declined = first.until_final()
            assert declined.stage is Stage.DECLINED
        assert sandbox.pay_later(declined.payment_id)
        with counter(sandbox, tmp_path / "data", clock) as again:
            again.until(lambda told: isinstance(told, ShiftState) and told.number == 1)
            assert again.until_stage(Stage.PAID, of=declined).late


def test_no_code_and_no_key_is_left_anywhere(
    at_counter: Counter,
    gateway: tuple[Sandbox, FastClock],
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    gateway[1].run(10)
    codes = [at_counter.sandbox.customer.fresh_code() for _ in range(4)]
    scenarios = ["paid", "balance_too_low", "answer_reset", "answer_garbage"]
    for code, scenario in zip(codes, scenarios, strict=True):
        at_counter.sandbox.arm(scenario)
        at_counter.scan(50_000, code=PaymentCode(code))
        at_counter.until_final()
        at_counter.till.next_customer()
    out, err = capfd.readouterr()
    secrets = [*codes, at_counter.sandbox.key1]
    assert leaks(secrets, at_counter.folder, out, err, caplog.text, repr(at_counter.views)) == []


@pytest.mark.leaks_on_purpose
def test_the_search_for_leaks_finds_them(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("sent aGVsbG8gMjgxMjM0NTY3ODkwMTIzNDU2 for 281234567890123456")
    assert leaks(["281234567890123456"], tmp_path)
    assert leaks(["KEYKEYKEYKEY"], tmp_path, "x" + b"KEYKEYKEYKEY".hex())
    assert not leaks(["KEYKEYKEYKEY"], tmp_path / "none", "nothing here")
