"""kill -9 in the middle of writing: what was acknowledged is there afterwards, and everything still fits."""

import multiprocessing
import random
import signal
import sys
import time
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from pos_app.payments.payment import State
from tests.journal.stories import journal_in, write_until_killed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a thing of Unix")
KILLS = 30
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


def test_nothing_acknowledged_is_lost(tmp_path: Path, processes: ForkServerContext) -> None:
    chance = random.Random(20261122)
    told: Told = []
    for _ in range(KILLS):
        told += killed(processes, tmp_path, after=chance.randrange(1, 9), moment_s=chance.random() * 0.004)
        assert lost(tmp_path, told) == []
    assert len(told) >= KILLS
    assert len({number for number, _ in told}) > KILLS // 2, "no number was given twice after a kill"


def test_killed_while_it_is_made(tmp_path: Path, processes: ForkServerContext) -> None:
    chance = random.Random(5)
    for n in range(12):
        folder = tmp_path / str(n)
        told = killed(processes, folder, after=0, moment_s=0.005 + chance.random() * 0.06)
        assert lost(folder, told) == [], "the old or the new schema, never half: it opens"


def test_control_acknowledging_before_the_commit_is_found(tmp_path: Path, processes: ForkServerContext) -> None:
    for n in range(20):
        told = killed(processes, tmp_path, after=1 + n % 3, moment_s=0, tell_too_early=True)
        if lost(tmp_path, told):
            return
    pytest.fail("a till that acknowledges too early was not caught")
