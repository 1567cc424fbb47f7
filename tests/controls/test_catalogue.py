"""The catalogue fits the program as it is now, and the runner tells a bug that is found from one that is not."""

import ast
import asyncio
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests.controls.bug import Bug, BugMisplacedError
from tests.controls.catalogue import BUGS
from tests.controls.runner import ROOT, Outcome, can_be_tried, run_broken, run_unbroken, snapshot

CHEAP = ("code_given_out_twice",)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_can_be_planted_and_names_tests_that_exist(bug: Bug) -> None:
    sound = (ROOT / bug.file).read_text(encoding="utf-8")
    broken = bug.planted(sound)
    assert broken != sound
    compile(broken, bug.file, "exec")
    assert bug.found_by
    for test in bug.found_by:
        assert exists(test), f"{test} is not there"


def test_names_are_unique_and_every_bug_says_what_it_stands_for() -> None:
    assert [name for name, count in Counter(bug.name for bug in BUGS).items() if count > 1] == []
    assert len(BUGS) >= 40
    for bug in BUGS:
        assert bug.name.replace("_", "a").isalnum()
        assert bug.breaks.endswith(".")
        assert bug.stands_for


def exists(test: str) -> bool:
    """Whether pytest would find it: a folder, a file, or a test function in one."""
    file, _, function = test.partition("::")
    if not function:
        return (ROOT / file).exists()
    return function.partition("[")[0] in functions_in(ROOT / file)


@cache
def functions_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_a_text_that_is_not_there_or_not_alone_is_refused() -> None:
    bug = replace(BUGS[0], old="x = 1\n", new="x = 2\n")
    assert bug.planted("x = 1\n") == "x = 2\n"
    for content in ("", "x = 1\nx = 1\n"):
        with pytest.raises(BugMisplacedError):
            bug.planted(content)


def test_a_bug_whose_tests_fail_without_it_is_not_tried() -> None:
    bug = replace(BUGS[0], found_by=("tests/a/test_b.py::test_c",))
    assert can_be_tried(bug, Outcome((), 1.0))
    assert can_be_tried(bug, Outcome(("tests/a/test_b.py::test_d",), 1.0))
    assert not can_be_tried(bug, Outcome(("tests/a/test_b.py::test_d", "tests/a/test_b.py::test_c[1]"), 1.0))


def test_bugs_are_found_in_a_copy_and_harmless_changes_are_not() -> None:
    cheap = [bug for bug in BUGS if bug.name in CHEAP]
    harmless = replace(cheap[0], name="harmless", old='"""What a scanned text is: ', new='"""What a scan is: ')
    absent = replace(cheap[0], name="absent", found_by=("tests/payments/test_payment_code.py::test_of_no_such_name",))
    before = {bug.file: (ROOT / bug.file).read_bytes() for bug in cheap}
    told: list[str] = []

    async def run(copy: Path) -> tuple[Outcome, dict[str, Outcome]]:
        unbroken = await run_unbroken(copy, cheap)
        return unbroken, await run_broken(copy, [*cheap, harmless, absent], lambda bug, _: told.append(bug.name))

    with snapshot() as copy:
        unbroken, outcomes = asyncio.run(run(copy))
        left = sorted(path.name for path in copy.parent.iterdir())
    assert (unbroken.failed, unbroken.trouble) == ((), "")
    for bug in cheap:
        assert outcomes[bug.name].failed == bug.found_by
        assert outcomes[bug.name].trouble == ""
    assert (outcomes["harmless"].failed, outcomes["harmless"].trouble) == ((), "")
    assert outcomes["absent"].failed == ()
    assert "could not be run" in outcomes["absent"].trouble
    assert sorted(told) == ["absent", *sorted(CHEAP), "harmless"]
    assert left == ["unbroken"]
    assert not copy.exists()
    assert before == {file: (ROOT / file).read_bytes() for file in before}
