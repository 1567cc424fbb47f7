"""What holds for all tests. On a CI machine Hypothesis draws the same examples each time, so that red is repeatable."""

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.quick_journal import be_quick

# No clock decides whether a property holds: neither how long an example takes, nor how long it takes to draw one.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("steady"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "steady")


@pytest.fixture(scope="module", autouse=True)
def quick_journals(request: pytest.FixtureRequest) -> Iterator[None]:
    """What is alike for all journals of a process is worked out once."""
    with pytest.MonkeyPatch.context() as patch:
        be_quick(patch, tables=not request.module.__name__.startswith("tests.journal."))
        yield


def pytest_collection_finish() -> None:
    """Thousands of tests were collected: the collector of garbage need not look at them again and again."""
    gc.collect()
    gc.freeze()


LONGEST = (
    "simulation/test_simulation", "ui/test_fit", "end_to_end/test_a_managers_day",
    "end_to_end/test_manager_commands",
    "end_to_end/test_scenarios", "end_to_end/test_safekeeping_commands", "end_to_end/test_window",
    "end_to_end/test_kill", "end_to_end/test_commands",
    "end_to_end/test_every_way_to_pay", "fault_matrix/test_after_bytes_may_have_left", "ui/test_ways_to_pay",
    "fault_matrix/test_callbacks", "journal/test_kill", "journal/test_power_cut", "fault_matrix/test_hostile_gateway",
    "controls/test_catalogue", "end_to_end/test_cash", "end_to_end/test_going_live",
    "end_to_end/test_devices_that_go_and_come", "fault_matrix/test_what_is_left", "ui/test_gesture_is_timed",
)  # fmt: skip
"""The modules that take longest, in seconds: begun first, so that no worker is left with one of them at the end."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest modules first; else in the order, or the disorder, that they came in."""
    place = {name: number for number, name in enumerate(LONGEST)}

    def rank(item: pytest.Item) -> int:
        return place.get("/".join(item.path.with_suffix("").parts[-2:]), len(LONGEST))

    items.sort(key=rank)
