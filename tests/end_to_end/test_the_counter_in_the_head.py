"""The counter in the head holds every payment that nobody may forget, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.checkout.events import OpenCount
from pos_app.checkout.views import Stage
from pos_app.sandbox.server import Sandbox
from tests.end_to_end.world import Counter, counter


@pytest.fixture
def at_counter(tmp_path: Path) -> Iterator[Counter]:
    with Sandbox() as sandbox, counter(sandbox, tmp_path / "data") as made:
        yield made


@pytest.mark.usefixtures("quick_limits")
@pytest.mark.parametrize(
    ("scenario", "stage"),
    [("answer_lost", Stage.UNKNOWN), ("other_amount", Stage.MISMATCH)],
)
def test_what_is_open_is_counted(at_counter: Counter, scenario: str, stage: Stage) -> None:
    at_counter.sandbox.arm(scenario)
    at_counter.scan(50_000)
    counted = at_counter.until(lambda told: isinstance(told, OpenCount) and bool(told.views))
    assert isinstance(counted, OpenCount)
    assert [view.stage for view in counted.views] == [stage]


def test_what_is_settled_is_not(at_counter: Counter) -> None:
    at_counter.scan(50_000)
    at_counter.until_stage(Stage.PAID)
    counted = at_counter.until(lambda told: isinstance(told, OpenCount))
    assert counted == OpenCount(())
