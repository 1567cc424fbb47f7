"""The customer scans us: an order is shown, and ends in its true state whatever the gateway does with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.checkout.views import Stage
from pos_app.payments.payment import State
from pos_app.qr.vietqr import check_gateway_code
from pos_app.sandbox.server import Sandbox
from tests.clocks import FastClock
from tests.end_to_end.world import Counter, counter


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[Counter, FastClock]]:
    clock = FastClock(10)
    sandbox = Sandbox(clock=clock)
    sandbox.start()
    try:
        with counter(sandbox, tmp_path, clock) as made:
            yield made, clock
    finally:
        sandbox.stop()


def test_shown_and_paid_by_the_customer(shop: tuple[Counter, FastClock]) -> None:
    made, _ = shop
    made.till.show(amount=69_000, note="Bàn 5")
    view = made.until_stage(Stage.SHOWN)
    assert view.shown is not None
    assert view.shown.any_bank
    assert check_gateway_code(view.shown.text, amount=69_000).amount == 69_000
    assert view.expires_at_ms is not None
    assert made.sandbox.pay_order(view.payment_id)
    paid = made.until_stage(Stage.PAID)
    assert (paid.payment_id, paid.amount, paid.shown) == (view.payment_id, 69_000, None)
    order = made.gateway_order(view.payment_id)
    assert (order["state"], order["paid"]) == ("paid", 69_000)


@pytest.mark.parametrize(
    ("scenario", "stage", "state"),
    [
        ("order_paid", Stage.PAID, State.PAID),
        ("order_paid_later", Stage.PAID, State.PAID),
        ("order_expires", Stage.DECLINED, State.EXPIRED),
        ("order_fails_later", Stage.DECLINED, State.EXPIRED),
        ("order_underpaid", Stage.MISMATCH, State.MISMATCH),
        ("order_overpaid", Stage.MISMATCH, State.MISMATCH),
        ("order_app_in_maintenance", Stage.DECLINED, State.FAILED),
        ("order_request_refused", Stage.DECLINED, State.FAILED),
    ],
)
def test_each_end(shop: tuple[Counter, FastClock], scenario: str, stage: Stage, state: State) -> None:
    made, clock = shop
    made.sandbox.arm(scenario)
    clock.run(60)
    made.till.show(amount=69_000, note="")
    view = made.until_stage(Stage.PAID, Stage.DECLINED, Stage.MISMATCH)
    assert (view.stage, view.state) == (stage, state)


def test_cancelled_by_the_cashier_only_when_the_gateway_says_so(shop: tuple[Counter, FastClock]) -> None:
    made, _ = shop
    made.till.show(amount=69_000, note="")
    view = made.until_stage(Stage.SHOWN)
    made.till.cancel(view.payment_id)
    cancelled = made.until_stage(Stage.DECLINED)
    assert cancelled.state == State.CANCELLED
    assert cancelled.cause.en == "Cancelled, not charged"
    assert not made.sandbox.pay_order(view.payment_id), "what is cancelled cannot be paid"
    after = [one for one in made.views if one.cancel_wished]
    assert after
    assert all(one.stage is not Stage.SHOWN and one.shown is None for one in after), "off the screen at once"


@pytest.mark.parametrize("scenario", ["order_qr_other_amount", "order_qr_wrong_crc"])
def test_a_code_that_is_not_ours_is_never_shown(shop: tuple[Counter, FastClock], scenario: str) -> None:
    made, _ = shop
    made.sandbox.arm(scenario)
    made.till.show(amount=69_000, note="")
    view = made.until_stage(Stage.DECLINED, Stage.PAID)
    assert view.state == State.CANCELLED
    assert all(one.stage is not Stage.SHOWN and one.shown is None for one in made.views)


def test_one_at_the_counter_and_the_next_only_after_it(shop: tuple[Counter, FastClock]) -> None:
    made, _ = shop
    made.till.show(amount=69_000, note="")
    view = made.until_stage(Stage.SHOWN)
    made.till.show(amount=10_000, note="")
    assert made.until_refused().title.en == "This payment has no result yet"
    made.till.cancel(view.payment_id)
    made.until_stage(Stage.DECLINED)
    made.till.show(amount=10_000, note="", retry_of=view.payment_id)
    assert made.until_stage(Stage.SHOWN).attempt == 2
