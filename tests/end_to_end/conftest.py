"""What every whole-payment test leaves behind is searched for payment codes and keys (T14)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.sandbox.server import Sandbox
from tests.end_to_end.world import leaks


@pytest.fixture(autouse=True)
def nothing_leaks(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    yield
    if request.node.get_closest_marker("leaks_on_purpose") is None:
        assert leaks([Sandbox.key1, Sandbox.key2], tmp_path) == []
