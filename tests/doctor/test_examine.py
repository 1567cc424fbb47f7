"""All probes look at once: one that breaks, hangs or forgets something takes nothing from the others."""

import threading
from collections.abc import Iterator

import pytest

from pos_app.doctor.checks import Cause, Check, Finding, Verdict, well
from pos_app.doctor.examine import Probe, examine
from pos_app.words import Text

SEEN = Text("thấy", "seen")
SECRET = "sk-live-4821"


def test_each_is_told_as_it_comes_and_given_in_the_order_of_the_table() -> None:
    first = threading.Event()

    def slow() -> list[Finding]:
        assert first.wait(20)
        return [well(Check.GATEWAY, SEEN)]

    told: list[Check] = []

    def tell(finding: Finding) -> None:
        told.append(finding.check)
        first.set()

    probes = (Probe((Check.GATEWAY,), slow), Probe((Check.DISK,), lambda: [well(Check.DISK, SEEN)]))
    assert [one.check for one in examine(probes, tell)] == [Check.GATEWAY, Check.DISK]
    assert told == [Check.DISK, Check.GATEWAY]


def test_a_probe_that_breaks_is_a_finding_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    def breaks() -> Iterator[Finding]:
        yield well(Check.GATEWAY, SEEN)
        raise OSError(SECRET)

    found = examine((Probe((Check.GATEWAY, Check.KEYS), breaks), Probe((Check.DISK,), list)))
    assert [(one.check, one.verdict, one.cause) for one in found] == [
        (Check.GATEWAY, Verdict.OK, Cause.NONE),
        (Check.KEYS, Verdict.UNKNOWN, Cause.FAULT),
        (Check.DISK, Verdict.UNKNOWN, Cause.FAULT),
    ]
    assert SECRET not in "".join(f"{one.seen}{one.remedy}" for one in found)
    assert [record.message for record in caplog.records] == ["a check broke"]


def test_a_probe_that_hangs_is_not_waited_for() -> None:
    let_go = threading.Event()

    def hangs() -> list[Finding]:
        let_go.wait(60)
        return [well(Check.JOURNAL, SEEN)]

    try:
        found = examine((Probe((Check.JOURNAL,), hangs), Probe((Check.DISK,), lambda: [well(Check.DISK, SEEN)])),
                        limit_s=1.0)  # fmt: skip
    finally:
        let_go.set()
    assert [(one.check, one.cause) for one in found] == [(Check.DISK, Cause.NONE), (Check.JOURNAL, Cause.TOO_LONG)]
