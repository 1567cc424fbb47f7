"""Plants each bug in a copy of the tree and runs the tests that must find it; nothing touches the tree itself."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.controls.bug import Bug
from tests.controls.witness import NOTE

ROOT = Path(__file__).parents[2]
PARTS = ("pos_app", "resources", "tests", "pyproject.toml", "packaging", "README.md")
AT_ONCE = 2
SECONDS_MAX = 150
"""How long the tests of one bug may take; more is no find."""
SECONDS_MAX_UNBROKEN = 900
_TEST_SECONDS_MAX = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the tests said.

    Attributes:
        failed: the tests that failed, the first one first.
        seconds: how long they took.
        trouble: why the tests say nothing (they could not be run, or did not end), "" when they do.
    """

    failed: tuple[str, ...]
    seconds: float
    trouble: str = ""


Told = Callable[[Bug, Outcome], None]


@contextmanager
def snapshot() -> Iterator[Path]:
    """A copy of the tree as it is now, with room beside it for the broken ones; gone after the block."""
    with tempfile.TemporaryDirectory(prefix="ctl-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder, "unbroken")
        copy.mkdir()
        for part in PARTS:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, copy / part, ignore=shutil.ignore_patterns("__pycache__", ".*"))
            else:
                shutil.copy2(source, copy / part)
        yield copy


async def run_unbroken(copy: Path, bugs: Iterable[Bug]) -> Outcome:
    """All the tests that are to find bugs, on a program without: they must pass."""
    tests = sorted({test for bug in bugs for test in bug.found_by})
    return await _run(copy, "-n", str(AT_ONCE), *tests, seconds_max=SECONDS_MAX_UNBROKEN)


def can_be_tried(bug: Bug, unbroken: Outcome) -> bool:
    """Whether the tests of this bug pass without it; else they say nothing."""
    return not any(
        failed == test or failed.startswith((f"{test}[", f"{test}::", f"{test}/"))
        for failed in unbroken.failed
        for test in bug.found_by
    )


async def run_broken(copy: Path, bugs: Sequence[Bug], told: Told) -> dict[str, Outcome]:
    """Each bug in a copy of its own, two at a time; `told` of each outcome as it comes."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, bug: Bug) -> Outcome:
        async with turn:
            outcome = await _plant_and_run(copy, copy.parent / str(number), bug)
        told(bug, outcome)
        return outcome

    async with asyncio.TaskGroup() as group:
        tasks = {bug.name: group.create_task(one(number, bug)) for number, bug in enumerate(bugs)}
    return {name: task.result() for name, task in tasks.items()}


async def _plant_and_run(copy: Path, broken: Path, bug: Bug) -> Outcome:
    shutil.copytree(copy, broken, copy_function=os.link, ignore=shutil.ignore_patterns(NOTE, "t", ".*"))
    try:
        bug.plant(broken)
        return await _run(broken, "-n", "0", "-x", *bug.found_by)
    finally:
        shutil.rmtree(broken, ignore_errors=True)


async def _run(root: Path, *arguments: str, seconds_max: int = SECONDS_MAX) -> Outcome:
    started = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=short",
        "-p", "tests.controls.witness", "-p", "no:cacheprovider", "-p", "no:randomly",
        "--basetemp", str(root / "t"), "--timeout", str(_TEST_SECONDS_MAX), *arguments,
        cwd=root, env=_environment(root), start_new_session=True,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, ended = b"", False
    try:
        async with asyncio.timeout(seconds_max):
            output, _ = await process.communicate()
        ended = True
    except TimeoutError:
        pass
    finally:
        # The tests' own children too, however the tests ended.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    seconds = time.monotonic() - started
    if not ended:
        return Outcome((), seconds, f"the tests did not end within {seconds_max} s")
    note = root / NOTE
    if process.returncode and note.exists():
        return Outcome(tuple(note.read_text(encoding="utf-8").splitlines()), seconds)
    if process.returncode == 0:
        return Outcome((), seconds)
    told = output.decode("utf-8", "replace").strip().splitlines()
    return Outcome((), seconds, "the tests could not be run: " + " | ".join(told[-6:]))


def _environment(root: Path) -> dict[str, str]:
    """Ours without the outer pytest's; the copy comes first, and Hypothesis draws the same examples each time."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COVERAGE_"))}
    return ours | {"PYTHONPATH": str(root), "QT_QPA_PLATFORM": "offscreen", "CI": "1"}
