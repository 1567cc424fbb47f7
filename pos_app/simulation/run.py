"""Many worlds: `simulate` runs them on all cores, adds up what happened, and shortens what went wrong."""

import gc
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from pos_app.payments.payment import State
from pos_app.simulation.faults import ALL_FAULTS, Fault
from pos_app.simulation.shrink import Example, shrink
from pos_app.simulation.world import WorldReport, run_world
from pos_app.words import Text, same

PAYMENTS_PER_WORLD = 200
REPLAY_EVERY = 100
"""One world in this many is run twice, and must be the same twice."""
_WORLDS_PER_PIECE = 5
_NEW_OBJECTS = 20_000
"""So many make the collector of garbage look: a world leaves little of it."""

Progress = Callable[[int, int], None]
"""Told how many payments are done, of how many."""


@dataclass(slots=True)
class _Tally:
    """What some worlds came to."""

    payments: int = 0
    worlds: int = 0
    events: int = 0
    replayed: int = 0
    states: Counter[State] = field(default_factory=Counter)
    fired: Counter[Fault] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    violations: Counter[str] = field(default_factory=Counter)
    bad: list[WorldReport] = field(default_factory=list)

    def add(self, report: WorldReport) -> None:
        self.payments += report.payments
        self.worlds += 1
        self.events += report.events
        self.states += report.states
        self.fired += report.fired
        self.ways += report.ways
        self.violations += Counter(one.invariant for one in report.violations)
        if report.violations:
            self.bad.append(report)

    def take_in(self, other: "_Tally") -> None:
        self.payments += other.payments
        self.worlds += other.worlds
        self.events += other.events
        self.replayed += other.replayed
        self.states += other.states
        self.fired += other.fired
        self.ways += other.ways
        self.violations += other.violations
        self.bad += other.bad


@dataclass(frozen=True, slots=True)
class Report:
    """What a simulation came to.

    Attributes:
        seed: replays all of it.
        payments: how many payments were begun.
        worlds: in how many worlds.
        events: how many moments there were in them.
        replayed: how many worlds were run twice, to see that they are the same twice.
        states: how many payments ended in each state.
        fired: how often each fault struck; one that never did voids the run.
        violations: how many there were of each invariant.
        worst: the worlds with violations, the worst first.
        examples: the shortest ways to some of them.
        seconds: wall time.
        ways: how many payments were begun by each way.
    """

    seed: int
    payments: int
    worlds: int
    events: int
    replayed: int
    states: dict[str, int]
    fired: dict[str, int]
    violations: dict[str, int]
    worst: tuple[int, ...]
    examples: tuple[Example, ...]
    seconds: float
    ways: dict[str, int]

    @property
    def never_fired(self) -> tuple[str, ...]:
        """Faults that did not strike once."""
        return tuple(name for name, count in self.fired.items() if not count)

    @property
    def ok(self) -> bool:
        """Whether everything held, and everything was tried."""
        return not self.violations and not self.never_fired

    def json(self) -> dict[str, Any]:
        """For other programs."""
        return {
            "ok": self.ok,
            "void": bool(self.never_fired),
            "seed": self.seed,
            "payments": self.payments,
            "worlds": self.worlds,
            "events": self.events,
            "replayed": self.replayed,
            "seconds": round(self.seconds, 1),
            "states": self.states,
            "ways": self.ways,
            "faults": self.fired,
            "violations": self.violations,
            "worst_worlds": list(self.worst),
            "examples": [
                {
                    "seed": one.seed,
                    "world": one.world,
                    "payments": one.payments,
                    "without": [fault.value for fault in one.off],
                    "invariant": one.invariant,
                    "payment": one.payment,
                    "what": one.what,
                    "trace": list(one.trace),
                }
                for one in self.examples
            ],
        }

    def lines(self) -> tuple[Text, ...]:
        """For people."""
        return (
            Text(
                "{n} khoản thu giả lập trong {worlds} ngày bán hàng, {events} sự kiện, {s} giây; mã lặp lại {seed}",
                "{n} simulated payments in {worlds} shop days, {events} events, {s} seconds; seed {seed}",
            ).fill(n=self.payments, worlds=self.worlds, events=self.events, s=round(self.seconds, 1), seed=self.seed),
            Text("Cách trả: {all}", "Ways to pay: {all}").fill(all=_counts(self.ways)),
            Text("Kết quả: {all}", "Results: {all}").fill(all=_counts(self.states)),
            Text("Sự cố đã xảy ra: {all}", "Faults that struck: {all}").fill(all=_counts(self.fired)),
            Text("Chạy lại giống hệt: {n} ngày", "Run twice, the same twice: {n} days").fill(n=self.replayed),
            *self._verdict(),
            *(line for one in self.examples for line in _example(one)),
        )

    def _verdict(self) -> Iterator[Text]:
        if self.never_fired:
            names = ", ".join(self.never_fired)
            yield Text("KHÔNG TÍNH: sự cố chưa hề xảy ra: {names}", "VOID: these faults never struck: {names}").fill(
                names=names
            )
        if self.violations:
            yield Text("VI PHẠM: {all}", "VIOLATIONS: {all}").fill(all=_counts(self.violations))
        else:
            yield Text(
                "Không mất, không thu hai lần, không báo sai, không bỏ sót",
                "0 lost, 0 doubled, 0 mis-stated, 0 unresolved",
            )


def _counts(counted: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counted.items())


def _example(one: Example) -> Iterator[Text]:
    yield Text(
        "{invariant}: {what} ({payment}); lặp lại: mã {seed}, ngày {world}, {n} khoản",
        "{invariant}: {what} ({payment}); replay: seed {seed}, world {world}, {n} payments",
    ).fill(invariant=one.invariant, what=one.what, payment=one.payment, seed=one.seed, world=one.world, n=one.payments)
    yield from (same(f"    {line}") for line in one.trace)


def simulate(
    payments: int, seed: int, *, workers: int, progress: Progress = lambda _done, _of: None, shorten: int = 3
) -> Report:
    """Run as many worlds as `payments` need.

    Args:
        payments: how many payments at least.
        seed: the same seed and the same number of payments give the same worlds, whatever the number of workers.
        workers: how many processes; 1 stays in this one.
        progress: told of how many are done.
        shorten: for how many violations the shortest way is looked for.
    """
    began = time.perf_counter()
    each = min(PAYMENTS_PER_WORLD, payments)
    worlds = -(-payments // each)
    total = _Tally()
    for tally in _pieces(seed, worlds, each, workers):
        total.take_in(tally)
        progress(min(total.payments, payments), payments)
    bad = sorted(total.bad, key=lambda one: (-len(one.violations), one.number))
    examples = tuple(shrink(seed, one) for one in _different(bad)[:shorten])
    return Report(
        seed,
        total.payments,
        total.worlds,
        total.events,
        total.replayed,
        {state.value: total.states[state] for state in State if total.states[state]},
        {fault.value: total.fired[fault] for fault in ALL_FAULTS},
        dict(sorted(total.violations.items())),
        tuple(one.number for one in bad),
        examples,
        time.perf_counter() - began,
        dict(sorted(total.ways.items())),
    )


def _different(bad: Iterable[WorldReport]) -> list[WorldReport]:
    """Some violated worlds to be shortened: each for another invariant."""
    found: dict[str, WorldReport] = {}
    for one in sorted(bad, key=lambda one: one.number):
        if one.violations[0].invariant != "replay":
            found.setdefault(one.violations[0].invariant, one)
    return list(found.values())


def _pieces(seed: int, worlds: int, each: int, workers: int) -> Iterator[_Tally]:
    pieces = [range(at, min(at + _WORLDS_PER_PIECE, worlds)) for at in range(0, worlds, _WORLDS_PER_PIECE)]
    if workers <= 1:
        yield from (_run(seed, piece, each) for piece in pieces)
        return
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_settle)
    try:
        for done in as_completed([pool.submit(_run, seed, piece, each) for piece in pieces]):
            yield done.result()
    finally:  # whoever stops it need not wait for the rest
        pool.shutdown(wait=False, cancel_futures=True)


def _settle() -> None:
    """In a process of its own: what is loaded stays loaded, so the collector of garbage need not look at it."""
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)


def _run(seed: int, numbers: range, each: int) -> _Tally:
    tally = _Tally()
    for number in numbers:
        report = run_world(seed, number, each)
        tally.add(report)
        if number % REPLAY_EVERY == 0:
            tally.replayed += 1
            tally.violations += _replayed(seed, report, each)
    return tally


def _replayed(seed: int, first: WorldReport, each: int) -> Counter[str]:
    twice = [run_world(seed, first.number, each, traced=True) for _ in range(2)]
    same_hash = twice[0].trace_hash == twice[1].trace_hash
    return Counter() if same_hash and twice[0].events == first.events else Counter(("replay",))
