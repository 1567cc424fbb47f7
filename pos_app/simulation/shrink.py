"""The shortest way to a violation that can be found: fewer payments, then faults switched off one by one."""

from collections.abc import Collection
from dataclasses import dataclass

from pos_app.simulation.faults import ALL_FAULTS, Fault
from pos_app.simulation.world import WorldReport, run_world

_TRIES_MAX = 50
_ABOUT_ONE = (" told ", " stored ", " asked ", " left ", " accepted ", " decided ", " notified ", " thanked ")


@dataclass(frozen=True, slots=True)
class Example:
    """A violation, as short as it was found.

    Attributes:
        seed, world: replay it.
        payments: how many payments that world needs.
        off: faults that it does not need.
        invariant, payment, what: what did not hold.
        trace: what happened to that payment, with the trouble around it.
    """

    seed: int
    world: int
    payments: int
    off: tuple[Fault, ...]
    invariant: str
    payment: str
    what: str
    trace: tuple[str, ...]


def shrink(seed: int, found: WorldReport) -> Example:
    """Look for a shorter world with the same violation as the first of `found`."""
    wanted = found.violations[0].invariant

    def again(payments: int, off: Collection[Fault], *, traced: bool = False) -> WorldReport | None:
        report = run_world(seed, found.number, payments, off=off, traced=traced, until=(wanted,))
        return report if any(one.invariant == wanted for one in report.violations) else None

    best, payments = found, found.payments
    tries = 0
    for fewer in _fewer(found, wanted):
        tries += 1
        report = again(fewer, ())
        if report is not None:
            best, payments = report, fewer
            break
    off = frozenset(ALL_FAULTS) - frozenset(best.fired)
    for fault in sorted(best.fired, key=lambda one: (best.fired[one], one.value)):
        tries += 1
        report = again(payments, off | {fault}) if tries < _TRIES_MAX else None
        if report is not None:
            best, off = report, off | {fault}
            payments = min(payments, max(1, _begun(report, wanted)))
    traced = again(payments, off, traced=True) or again(found.payments, (), traced=True) or best
    violation = next(one for one in traced.violations if one.invariant == wanted)
    unneeded = tuple(sorted(off, key=lambda one: one.value))
    trace = _about(violation.payment, traced.trace)
    return Example(
        seed, found.number, payments, unneeded, violation.invariant, violation.payment, violation.what, trace
    )


def _begun(report: WorldReport, wanted: str) -> int:
    return min(one.begun for one in report.violations if one.invariant == wanted)


def _fewer(found: WorldReport, wanted: str) -> tuple[int, ...]:
    """How many payments may do, the fewest first."""
    begun = max(1, _begun(found, wanted))
    return tuple(sorted({one for one in (1, 2, 4, 8, 16, 32, 64, begun) if one <= begun}))


def _about(payment: str, trace: tuple[str, ...]) -> tuple[str, ...]:
    """The lines about one payment, and what befell the till meanwhile."""
    about = [at for at, line in enumerate(trace) if payment and payment in line]
    if not about:
        return trace[-40:]
    first, last = max(0, about[0] - 2), about[-1]
    return tuple(
        line for line in trace[first : last + 1] if payment in line or not any(word in line for word in _ABOUT_ONE)
    )
