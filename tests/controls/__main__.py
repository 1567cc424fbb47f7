"""`python -m tests.controls [NAME…]`: seeded bugs and the test that found each. One not found is exit 1."""

import asyncio
import signal
import sys
from collections.abc import Sequence

from tests.controls.bug import Bug
from tests.controls.catalogue import BUGS
from tests.controls.runner import Outcome, can_be_tried, run_broken, run_unbroken, snapshot

_STOPPED = 130
_EXAMPLE_MAX = 40
_NOT_TRIED = Outcome((), 0, "not tried: its tests fail without it")


def main(names: Sequence[str]) -> int:
    chosen = [bug for bug in BUGS if not names or bug.name in names]
    unknown = sorted(set(names) - {bug.name for bug in chosen})
    if unknown:
        print(f"no such bug: {', '.join(unknown)}", file=sys.stderr)
        return 2
    # A stop by whatever signal cleans up like Ctrl-C, also where that was off (started in the background).
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        return asyncio.run(_run(chosen))
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return _STOPPED


async def _run(bugs: Sequence[Bug]) -> int:
    with snapshot() as copy:
        _say(f"{len(bugs)} bugs. First their tests on the program without any …")
        unbroken = await run_unbroken(copy, bugs)
        if unbroken.trouble:
            _say(unbroken.trouble)
            return 1
        for failed in unbroken.failed:
            _say(f"fails without any bug: {failed}")
        trying = [bug for bug in bugs if can_be_tried(bug, unbroken)]
        _say(f"({unbroken.seconds:.0f} s) Now with one bug each:")
        done = 0

        def told(bug: Bug, outcome: Outcome) -> None:
            nonlocal done
            done += 1
            _say(f"[{done:3}/{len(trying)}] {bug.name} … {_finder(outcome)} ({outcome.seconds:.1f} s)")

        outcomes = dict.fromkeys((bug.name for bug in bugs), _NOT_TRIED) | await run_broken(copy, trying, told)
    for line in table(bugs, outcomes):
        print(line)
    missed = [name for name, outcome in outcomes.items() if not outcome.failed]
    print(f"{len(bugs) - len(missed)} of {len(bugs)} bugs found" + (f", NOT: {', '.join(missed)}" if missed else ""))
    return 1 if missed else 0


def table(bugs: Sequence[Bug], outcomes: dict[str, Outcome]) -> list[str]:
    """The bugs in the catalogue's order: name, what it stands for, who found it, seconds."""
    rows = [
        (bug.name, bug.stands_for, _finder(outcomes[bug.name]), f"{outcomes[bug.name].seconds:.1f}") for bug in bugs
    ]
    head = ("bug", "stands for", "found by", "s")
    rows = [head, ("---", "---", "---", "---"), *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]


def _finder(outcome: Outcome) -> str:
    if not outcome.failed:
        return outcome.trouble or "NOTHING"
    test, bracket, example = outcome.failed[0].partition("[")
    return test + bracket + (example if len(example) <= _EXAMPLE_MAX else f"{example[:_EXAMPLE_MAX]}…]")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
