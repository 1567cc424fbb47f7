"""kill -9 in the middle of writing: what was acknowledged is there afterwards, and everything still fits."""

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest

from pos_app.payments.payment import State
from tests.figures import note
from tests.journal.power_cut import MEMORY
from tests.journal.stories import journal_in, write_until_killed

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks and the shim are things of Linux")
SOAK = bool(os.environ.get("POS_APP_SOAK"))
KILLS = 10_000 if SOAK else 120
Told = list[tuple[str, int]]


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.journal.stories", "alembic.command"])
    return context


def killed(
    processes: ForkServerContext, folder: Path, *, after: int, moment_s: float, tell_too_early: bool = False
) -> Told:
    """Start a process that writes, kill it `moment_s` after it acknowledged `after` writes; what it acknowledged."""
    ours, theirs = processes.Pipe(duplex=False)
    process = processes.Process(
        target=write_until_killed, args=(folder, theirs), kwargs={"tell_too_early": tell_too_early}
    )
    process.start()
    theirs.close()
    told: Told = [ours.recv() for _ in range(after)]
    time.sleep(moment_s)
    process.kill()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    while True:
        try:
            told.append(ours.recv())
        except EOFError:
            ours.close()
            return told


def lost(folder: Path, told: Told) -> Told:
    """Acknowledged but not there, or there without what it proves."""
    with journal_in(folder) as journal:
        report = journal.verify().result()
        assert report.ok, report.problems
        records = {one.attempt.app_trans_id: one for one in journal.recent(10**6).result()}
    paid = {one.attempt.app_trans_id for one in records.values() if one.state is State.PAID}
    steps = {number: len(one.evidence) for number, one in records.items()}
    return [
        (number, step) for number, step in told if steps.get(number, -1) < step or (step == 2 and number not in paid)
    ]


def mass(place: Path, kills: int, seed: int, *more: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.journal.killing", str(place), str(kills), str(seed), *more]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found: dict[str, Any] = json.loads(told)
    return found


@pytest.fixture
def place() -> Iterator[Path]:
    """Whoever is killed leaves his writes with the system: memory is as good as a disk here, and quicker."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        yield Path(name)


@pytest.mark.timeout(36_000 if SOAK else 120)
def test_nothing_acknowledged_is_lost(place: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda seed: mass(place / str(seed), KILLS // 2, seed), (1, 2)))
    assert [line for run in runs for line in run["bad"]] == []
    assert sum(sum(run["kills"].values()) for run in runs) == KILLS
    assert all(set(run["kills"]) == {"before", "after", "disk", "time"} for run in runs)
    note("kills", kills=KILLS, entries=sum(run["stored"] for run in runs), acknowledged_entries_lost=0, seeds="1, 2")


def test_control_a_till_that_acknowledges_too_early_is_found(place: Path) -> None:
    assert "lost" in mass(place, 60, 7, "careless")["bad"][0]


def test_killed_while_it_is_made(tmp_path: Path, processes: ForkServerContext) -> None:
    chance = random.Random(5)
    for n in range(12):
        folder = tmp_path / str(n)
        told = killed(processes, folder, after=0, moment_s=0.005 + chance.random() * 0.06)
        assert lost(folder, told) == [], "the old or the new schema, never half: it opens"
