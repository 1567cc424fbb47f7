"""The simulation: the same seed is the same world, every fault strikes, and nothing is lost, doubled or mis-stated."""

import os

import pytest

from pos_app.payments.payment import LIVE, State
from pos_app.simulation.faults import ALL_FAULTS
from pos_app.simulation.run import Report, simulate
from pos_app.simulation.world import run_world

PAYMENTS = 50_000
SEED = 20_261_122


@pytest.fixture(scope="module")
def report() -> Report:
    """One run for the tests of this file, on both cores."""
    return simulate(PAYMENTS, SEED, workers=min(2, os.cpu_count() or 1))


@pytest.mark.timeout(600)
def test_nothing_is_lost_doubled_misstated_or_unresolved(report: Report) -> None:
    assert report.violations == {}, "\n".join(line.en for line in report.lines())
    assert report.payments >= PAYMENTS


@pytest.mark.timeout(600)
def test_every_fault_strikes(report: Report) -> None:
    assert report.never_fired == ()
    assert set(report.fired) == set(ALL_FAULTS)
    assert report.ok


@pytest.mark.timeout(600)
def test_payments_end_in_every_way(report: Report) -> None:
    wanted = set(State) - LIVE - {State.MANUAL_PAID}
    assert wanted <= {State(name) for name in report.states}
    assert report.states[State.PAID] > 0.8 * report.payments


@pytest.mark.timeout(600)
def test_payments_begin_by_every_way(report: Report) -> None:
    others = {"zalopay_v1 scanned", "zalopay_v1 shown", "appotapay_v1 shown", "simulation regular"}
    assert report.ways.keys() == others | {"simulation scanned", "simulation shown"}
    assert min(report.ways.values()) > report.payments // 1000


@pytest.mark.timeout(600)
def test_some_worlds_were_run_twice(report: Report) -> None:
    assert report.replayed >= report.worlds // 100


def test_one_seed_is_one_world() -> None:
    first, again = (run_world(7, 3, 60, traced=True) for _ in range(2))
    assert first.trace == again.trace
    assert first.trace_hash == again.trace_hash != 0
    other = run_world(8, 3, 60, traced=True)
    assert other.trace_hash != first.trace_hash


def test_watching_changes_nothing() -> None:
    watched, unwatched = run_world(7, 4, 60, traced=True), run_world(7, 4, 60)
    assert (watched.events, watched.states, watched.fired) == (unwatched.events, unwatched.states, unwatched.fired)


def test_a_fault_that_is_switched_off_does_not_strike() -> None:
    fault, _ = run_world(7, 5, 60).fired.most_common(1)[0]
    assert not run_world(7, 5, 60, off=(fault,)).fired[fault]
    assert not run_world(7, 5, 60, off=ALL_FAULTS).fired


def test_the_number_of_processes_changes_nothing() -> None:
    alone, together = (simulate(2_000, 5, workers=workers) for workers in (1, 2))
    assert (alone.states, alone.fired, alone.events) == (together.states, together.fired, together.events)


def test_a_run_that_is_too_short_is_void() -> None:
    short = simulate(20, 1, workers=1)
    assert short.never_fired
    assert not short.ok
    assert any("VOID" in line.en and "KHÔNG TÍNH" in line.vi for line in short.lines())


def test_the_report_tells_programs_the_same() -> None:
    progress: list[tuple[int, int]] = []
    short = simulate(400, 2, workers=1, progress=lambda done, of: progress.append((done, of)))
    told = short.json()
    assert told["seed"] == 2
    assert told["payments"] == short.payments >= 400
    assert told["faults"] == short.fired
    assert told["void"] is bool(short.never_fired)
    assert progress[-1] == (400, 400)
