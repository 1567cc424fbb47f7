"""The long runs: `make soak`, or `python -m tests.soak kills images` for some of them.

Each part is a command that fails when it finds anything. Its figures, the date and the seconds go into the table of the
README between its two marks; the rows of parts that were not run stay as they are.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pos_app.vietnam_day import VIETNAM

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- soak -->", "<!-- /soak -->"
SEED = 20_261_122
PAYMENTS = 1_000_000
NOTIFICATIONS = 1_000_000


@dataclass(frozen=True)
class Part:
    """One long run: what it is for people, and the arguments of Python that run it."""

    name: str
    what: str
    arguments: tuple[str, ...]


def _tests(*paths: str) -> tuple[str, ...]:
    return ("-m", "pytest", "-q", "-n", "0", "-p", "no:randomly", "--timeout", "0", *paths)


PARTS = (
    Part(
        "simulation",
        "simulated payments, all invariants after every event",
        ("-m", "pos_app", "simulate", "--payments", str(PAYMENTS), "--seed", str(SEED), "--workers", "2", "--json"),
    ),
    Part("kills", "`kill -9` of a till that writes its journal", _tests("tests/journal/test_kill.py")),
    Part("images", "crash images of recorded writes", _tests("tests/journal/test_power_cut.py")),
    Part(
        "faults", "I/O errors and full disks, at each write, sync and open", _tests("tests/journal/test_io_errors.py")
    ),
    Part(
        "program", "`kill -9` of the whole program in the middle of payments", _tests("tests/end_to_end/test_kill.py")
    ),
    Part(
        "notifications",
        "hostile notifications, altered or wrongly signed; each bit of 100 right ones flipped",
        ("-m", "tests.service.altered", str(NOTIFICATIONS)),
    ),
    Part(
        "decoding",
        "strips of Code 128 at the edge of legibility, and counter-top frames, every try made on each",
        ("-m", "tests.scanning.legibility", "50000", "20000"),
    ),
    Part("model", "random walks of the desk against an independent model", _tests("tests/checkout/test_model.py")),
)


def main(names: list[str]) -> int:
    """Run the parts named, all when none is; 1 when one of them failed."""
    unknown = set(names) - {part.name for part in PARTS}
    if unknown:
        print(f"no such part: {', '.join(sorted(unknown))}; there are: {', '.join(part.name for part in PARTS)}")
        return 2
    failed = []
    for part in PARTS:
        if names and part.name not in names:
            continue
        print(f"{part.name}: {part.what} …", flush=True)
        ok, figures, seconds = run(part)
        row = f"| {part.name} | {part.what} | {figures} | {seconds:,.0f} s | {_today()} |"
        print(row, flush=True)
        if ok:
            write_row(ROOT / "README.md", part.name, row)
        else:
            failed.append(part.name)
    print(f"failed: {', '.join(failed)}" if failed else "all parts passed")
    return 1 if failed else 0


def run(part: Part) -> tuple[bool, str, float]:
    """Whether it found nothing, its figures in words, and how long it took in seconds."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        noted = Path(place) / "figures"
        environment = {
            **os.environ,
            "POS_APP_SOAK": "1",
            "POS_APP_LIVES": os.environ.get("POS_APP_LIVES", "2000"),
            "POS_APP_FIGURES": str(noted),
            "POS_APP_HOME": place,
            "QT_QPA_PLATFORM": "offscreen",
        }
        done = subprocess.run(
            [sys.executable, *part.arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        lines = noted.read_text(encoding="utf-8").splitlines() if noted.exists() else []
    figures = [_words(json.loads(line)) for line in lines]
    if part.name == "simulation" and done.stdout.strip():
        figures.append(_simulated(json.loads(done.stdout.strip().splitlines()[-1])))
    if done.returncode:
        print(done.stdout[-4_000:], done.stderr[-4_000:], sep="\n")
    return done.returncode == 0, "; ".join(figures) or "passed", time.monotonic() - started


def _words(noted: dict[str, object]) -> str:
    return ", ".join(
        f"{value:,} {name.replace('_', ' ')}" if isinstance(value, int) else f"{name.replace('_', ' ')} {value}"
        for name, value in noted.items()
        if name != "what"  # the seeds as they are, the counts with their thousands apart
    )


def _simulated(report: dict[str, object]) -> str:
    faults, violations = report["faults"], report["violations"]
    assert isinstance(faults, dict)
    assert isinstance(violations, dict)
    return (
        f"{report['payments']:,} payments, {sum(faults.values()):,} faults of {len(faults)} kinds, "
        f"{sum(violations.values()):,} violations; seed {report['seed']}"
    )


def write_row(readme: Path, name: str, row: str) -> None:
    """Put the row of a part in place of its last one."""
    before, mark, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    table, end, after = rest.partition(END)
    rows = [line for line in table.strip().splitlines() if not line.startswith(f"| {name} |")]
    order = [part.name for part in PARTS]
    head, body = rows[:2], [*rows[2:], row]
    body.sort(key=lambda line: order.index(line.split(" | ")[0].strip("| ")))
    readme.write_text(before + mark + "\n" + "\n".join([*head, *body]) + "\n" + end + after, encoding="utf-8")


def _today() -> str:
    return datetime.fromtimestamp(time.time(), VIETNAM).strftime("%Y-%m-%d")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
