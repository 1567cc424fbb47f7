"""What stays as fast with a million payments as with ten thousand: start, list, report, X, export.

A start is that of the whole program; beside it stands what the journal takes of it. The journals are made when this
runs (`tests.bench.filled`), on a real disk, and go again. POS_APP_BENCH_PAYMENTS names other sizes, as "10000,100000".
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from pos_app.checkout.records import record_view
from pos_app.checkout.reporting import export, made_for, report_for
from pos_app.journal import shift_facts
from pos_app.journal.finding import read_found
from pos_app.journal.store import Journal
from pos_app.journal.wanted import Wanted
from pos_app.payments.payment import NEGATIVE, State
from pos_app.reports.ranges import Days
from pos_app.vietnam_day import day_of
from pos_app.words import Language
from tests.bench.figures import folder_on_disk, line
from tests.bench.filled import fill
from tests.bench.program import start

SIZES = tuple(int(one) for one in os.environ.get("POS_APP_BENCH_PAYMENTS", "10000,1000000").split(","))
ROUNDS = 9
STARTS = 4
NOW_MS = time.time_ns() // 1_000_000
TODAY = day_of(NOW_MS)
MONTH = Days(TODAY - timedelta(days=30), TODAY)
_START, _END = Days(TODAY, TODAY).bounds_ms

SEARCHES = {
    "newest": Wanted(),
    "day": Wanted(_START, _END),
    "month": Wanted(*MONTH.bounds_ms),
    "shift": Wanted(shift=100),
    "cashier": Wanted(cashier="Ngọc Lan"),
    "method": Wanted(methods=(("demo_appotapay_v1", "shown"),)),
    "declined": Wanted(states=tuple(NEGATIVE)),
    "decided": Wanted(states=(State.MANUAL_PAID,)),
    "refunded": Wanted(refunded=True),
    "amount": Wanted(amount=50_000),
    "end of a slip": Wanted(text="148"),
    "end of an id": Wanted(text="4821"),
    "a rare note": Wanted(text="anh do"),
    "a common note": Wanted(text="bàn 5"),
    "what is not there": Wanted(text="zzz"),
}


def run() -> list[str]:
    """The lines of the table, each size beside the smallest, the start beside an empty journal's."""
    lines: list[str] = []
    first: dict[str, list[float]] = {}
    with folder_on_disk() as place:
        empty = Path(place) / "empty"
        for name, values in (("ready to scan", ready(empty)), ("journal's start", starts(empty))):
            first[name] = values
            lines.append(line(f"{name}, empty", values, "ms"))
        for size in SIZES:
            folder = Path(place) / str(size)
            fill(folder, size, until_ms=NOW_MS)
            for name, values, aim in measured(folder, Path(place)):
                beside = first.get(name)
                words = "an empty one" if name in ("ready to scan", "journal's start") else f"{SIZES[0]:,} payments"
                lines.append(
                    line(f"{name}, {size:,}", values, "ms", beside=(words, beside) if beside else None, aim=aim)
                )
                first.setdefault(name, values)
    return lines


def opened(folder: Path) -> Journal:
    return Journal.open(folder, till="02", now_ms=NOW_MS, entropy=b"some random bytes")


def times_ms(work: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    took = []
    for _ in range(rounds):
        began = time.perf_counter_ns()
        work()
        took.append((time.perf_counter_ns() - began) / 1e6)
    return took


def ready(folder: Path) -> list[float]:
    """Until the whole program, with this journal, can charge."""

    def begin() -> float:
        return start(["-m", "pos_app", "run", "--demo", "--json"], folder, ready=True)["till"]

    begin()  # what is not in memory yet, and what is compiled once
    return [begin() for _ in range(STARTS)]


def starts(folder: Path) -> list[float]:
    """Until the journal can be written to, and what a till looks at when it starts has been read."""

    def start() -> None:
        journal = opened(folder)
        try:
            for looked in (journal.live(), journal.watched(NOW_MS), journal.open_refunds(NOW_MS), journal.late_money(),
                           journal.in_conflict(), journal.recent(100)):  # fmt: skip
                looked.result()
            took.append((time.perf_counter_ns() - began) / 1e6)
        finally:
            journal.close()

    took: list[float] = []
    opened(folder).close()  # a new one is made
    for _ in range(ROUNDS):
        began = time.perf_counter_ns()
        start()
    return took


def measured(folder: Path, place: Path) -> list[tuple[str, list[float], str]]:
    told = [("ready to scan", ready(folder), "≤ 1.2 ×"), ("journal's start", starts(folder), "")]
    journal = opened(folder)
    try:
        for name, wanted in SEARCHES.items():
            print(f"  {folder.name}: list by {name}", file=sys.stderr, flush=True)
            told.append((f"list by {name}", times_ms(partial(listed, journal, wanted)), "≤ 100 ms"))
        told.append(("report of a month", times_ms(lambda: report_for(journal, MONTH)), "≤ 500 ms"))
        told.append(("X report", times_ms(lambda: journal.read(shift_facts.running).result()), "≤ 100 ms"))
        report = report_for(journal, MONTH)
        for kind in ("csv", "xlsx"):
            work = partial(
                export, journal, place / f"a.{kind}", report, Language.VI, about=made_for("", "02", NOW_MS),
                progress=lambda *_: None,
            )  # fmt: skip
            told.append((f"export of a month, {kind}", times_ms(work, rounds=1), "with progress"))
    finally:
        journal.close()
    return told


def listed(journal: Journal, wanted: Wanted) -> None:
    for record in journal.read(partial(read_found, wanted=wanted, count=100)).result():
        record_view(record)


if __name__ == "__main__":
    print("\n".join(run()))
