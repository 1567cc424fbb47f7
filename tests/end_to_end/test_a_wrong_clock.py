"""A machine whose clock is wrong: orders carry the gateway's time; a clock not checked lately begins nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.checkout.views import Health, HealthView, Light, Stage
from pos_app.clock import Clock
from pos_app.sandbox.server import Sandbox
from tests.clocks import FastClock
from tests.end_to_end.world import Counter, counter, let_pass

SLOW_BY_MS = 16 * 60_000
"""So far behind that the gateway takes no order of this machine's own time."""
NOT_MEASURED_FOR_MS = 11 * 60_000


class Ahead:
    """A clock ahead of another one."""

    def __init__(self, clock: Clock, ms: int) -> None:
        self._clock, self._ms = clock, ms

    def wall_ms(self) -> int:
        return self._clock.wall_ms() + self._ms

    def monotonic_ms(self) -> int:
        return self._clock.monotonic_ms()

    async def sleep(self, ms: int) -> None:
        await self._clock.sleep(ms)


@pytest.fixture
def slow_machine(tmp_path: Path) -> Iterator[tuple[Counter, FastClock]]:
    clock = FastClock()
    with Sandbox(clock=Ahead(clock, SLOW_BY_MS)) as sandbox, counter(sandbox, tmp_path / "data", clock) as made:
        yield made, clock
        clock.run(1)


def is_bad_clock(told: object) -> bool:
    return isinstance(told, HealthView) and (told.light, told.health) == (Light.CLOCK, Health.BAD)


def test_orders_carry_the_gateways_time(slow_machine: tuple[Counter, FastClock]) -> None:
    at_counter, _ = slow_machine
    at_counter.until(is_bad_clock)
    at_counter.scan(50_000)
    paid = at_counter.until_final()
    assert paid.stage is Stage.PAID
    assert at_counter.gateway_order(paid.payment_id)["state"] == "paid"


def test_a_clock_not_checked_lately_is_checked_before_anything_is_dated(
    slow_machine: tuple[Counter, FastClock],
) -> None:
    at_counter, clock = slow_machine
    at_counter.until(is_bad_clock)
    let_pass(clock, 5_000, NOT_MEASURED_FOR_MS)
    at_counter.scan(50_000)
    paid = at_counter.until_final()
    assert paid.stage is Stage.PAID
    assert at_counter.gateway_order(paid.payment_id)["state"] == "paid"


def test_a_clock_that_nobody_can_check_begins_nothing(slow_machine: tuple[Counter, FastClock]) -> None:
    at_counter, clock = slow_machine
    at_counter.until(is_bad_clock)
    at_counter.sandbox.stop()
    let_pass(clock, 5_000, NOT_MEASURED_FOR_MS)
    at_counter.scan(50_000)
    assert at_counter.until_refused().title.en == "The computer's clock cannot be trusted"
    assert at_counter.till.journal.recent(1).result() == ()
