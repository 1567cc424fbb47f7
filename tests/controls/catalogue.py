"""All seeded bugs: what a hurried colleague would really write, each with the tests that must notice it.

A change to the program that moves a bug's text must move the bug too; `test_catalogue` says so at once. A new guard
gets its bug in the module of its room.
"""

from tests.controls.bug import Bug
from tests.controls.bugs import (
    cash,
    checkout,
    doctor,
    gateways,
    ground,
    journal,
    keys,
    managers,
    payments,
    receipts,
    reports,
    sandbox,
    scanning,
    service,
    setting_up,
    staff,
    ui,
    ways,
)

ROOMS = (
    gateways,
    payments,
    checkout,
    managers,
    journal,
    scanning,
    sandbox,
    receipts,
    ui,
    ground,
    service,
    ways,
    staff,
    reports,
    keys,
    doctor,
    cash,
    setting_up,
)
BUGS: tuple[Bug, ...] = tuple(bug for room in ROOMS for bug in room.BUGS)
"""In the order of the table."""
