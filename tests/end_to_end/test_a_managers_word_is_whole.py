"""Whichever way a manager's act comes in, the PIN alone is not enough: who, why, and on what proof."""

from collections.abc import Iterator
from typing import Any

import pytest

from pos_app.checkout.events import ActRefused
from pos_app.checkout.views import Stage
from pos_app.payments.acts import Act
from pos_app.sandbox.server import Sandbox
from tests.clocks import FastClock
from tests.end_to_end.world import Counter, counter

PIN = "482915"
WHOLE: dict[str, Any] = {
    "by": "Ngọc Lan",
    "reason": "portal_says_so",
    "note": "đã xem trên trang ZaloPay",
    "number": "251122",
}


@pytest.fixture(scope="module")
def stuck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Counter, str]]:
    """A payment that nobody knows for four minutes, at a till with a manager's PIN."""
    clock = FastClock()
    with Sandbox(clock=clock) as sandbox, counter(sandbox, tmp_path_factory.mktemp("till"), clock) as made:
        made.till.pins.set_first(PIN)
        sandbox.arm("stuck")
        made.scan(50_000)
        payment_id = made.until_stage(Stage.PROCESSING).payment_id
        clock.run(200)
        until = clock.monotonic_ms() + 240_000
        made.until(lambda _: clock.monotonic_ms() >= until)
        clock.run(1)
        yield made, payment_id


@pytest.mark.parametrize(
    ("missing", "title"),
    [
        ({"by": " "}, "The manager's name is missing"),
        ({"reason": "because"}, "The reason is not on the list"),
        ({"note": "ngắn"}, "A note is needed"),
        ({"note": "x" * 201}, "The reason is too long"),
        ({"number": ""}, "ZaloPay's transaction number is missing"),
    ],
)
def test_an_act_of_the_window_is_held_to_the_rule_too(
    stuck: tuple[Counter, str], missing: dict[str, str], title: str
) -> None:
    made, payment_id = stuck
    made.till.act(Act.DECIDE_PAID, payment_id, pin=PIN, **WHOLE | missing)
    refused = made.until(lambda told: isinstance(told, ActRefused))
    assert isinstance(refused, ActRefused)
    assert refused.title.en == title
    record = made.till.journal.payment(payment_id).result()
    assert record is not None
    assert record.state.value == "processing"
