from collections.abc import Iterator

import pytest

from pos_app.sandbox.server import Sandbox
from tests.sandbox.shop import FixedClock, Shop


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def sandbox(clock: FixedClock) -> Iterator[Sandbox]:
    with Sandbox(tls=False, clock=clock, seed=7) as running:
        yield running


@pytest.fixture
def shop(sandbox: Sandbox) -> Iterator[Shop]:
    with Shop(sandbox) as open_shop:
        yield open_shop
