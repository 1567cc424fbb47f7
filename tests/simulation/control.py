"""A bug that is put into the program on purpose, and whether the simulation finds it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from pos_app.simulation import faults
from pos_app.simulation.faults import Fault
from pos_app.simulation.world import WorldReport, run_world

Patch = pytest.MonkeyPatch
SEED, EACH = 11, 200


@dataclass(frozen=True)
class Control:
    """A bug, what the simulation says about it, within how many worlds, and what is worse in them than usual."""

    bug: Callable[[Patch], None]
    found_as: frozenset[str]
    worlds: int = 10
    weather: dict[Fault, float] = field(default_factory=dict)

    def must_be_found(self, patch: Patch) -> None:
        """Let one world happen after the other until a violation shows, at most so many."""
        for fault, rate in self.weather.items():
            patch.setitem(faults.USUAL, fault, rate)
        self.bug(patch)
        reports: list[WorldReport] = []
        for number in range(self.worlds):
            reports.append(run_world(SEED, number, EACH, until=self.found_as))
            if self.found_as & {one.invariant for one in reports[-1].violations}:
                return
        raise AssertionError([one for report in reports for one in report.violations])


def control(bug: Callable[[Patch], None], *found_as: str, worlds: int = 10, **weather: float) -> Control:
    """A control, with the rates of `weather` by the names of the faults."""
    return Control(bug, frozenset(found_as), worlds, {Fault[name.upper()]: rate for name, rate in weather.items()})
