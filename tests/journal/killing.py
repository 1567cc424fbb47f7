"""Kill -9 in mass (T3): a warm process without threads that forks tills, kills them, and looks at what they left.

    python -m tests.journal.killing FOLDER KILLS SEED [careless]

Every till is the real journal on real files. It is killed before or after one of its writes, at one of the disk's own
operations (open, write, sync, truncate, delete), or at a random moment; it tells by a pipe what it is about to write
and what was acknowledged. "careless" is the control: a till that acknowledges before it has written. Prints one JSON
object.
"""

import json
import os
import random
import select
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import alembic.command  # noqa: F401 - so that no fork has to load it

from pos_app.journal.canonical import to_json
from pos_app.journal.entries import Entry, JournalOpened
from pos_app.journal.opening import THOROUGH_EVERY_MS
from tests.journal.disk import SQLITE_OK, shimmed
from tests.journal.stories import NOW, opened, payments_of_all_kinds

KILLS_PER_FOLDER = 12
WRITES = 24
DISK_OPERATIONS = 250
LONGEST_S = 0.05


@dataclass(frozen=True, slots=True)
class Moment:
    """When a till dies: `where` is "before", "after" (a write), "disk" (an operation) or "time"."""

    where: str
    number: int = 0
    after_s: float = 0.0


@dataclass
class Known:
    """What must be in the folder, and what may be."""

    stored: list[str] = field(default_factory=list)
    trying: list[str] = field(default_factory=list)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def live(folder: Path, moment: Moment, tell: Callable[[str, list[str]], None], *, careless: bool) -> None:
    """A till's life until its moment; telling comes before and after each write."""
    count = 0

    def at_the_disk(_kind: str, _name: str) -> int:
        nonlocal count
        count += 1
        if moment.where == "disk" and count == moment.number:
            die()
        return SQLITE_OK

    def write(*entries: Entry, at_ms: int, number: int) -> None:
        texts = [to_json(one) for one in entries]
        tell("trying", texts)
        if careless:
            tell("stored", texts)
        if (moment.where, moment.number) == ("before", number):
            die()
        done = journal.write(*entries, at_ms=at_ms)
        if (moment.where, moment.number) == ("after", number):
            done.add_done_callback(lambda _: die())
        done.result()
        tell("stored", texts)

    with shimmed(folder, at_the_disk):
        while True:
            journal = opened(folder)
            for number, (entries, at_ms) in enumerate(payments_of_all_kinds(journal), start=1):
                write(*entries, at_ms=at_ms, number=number)
            journal.close()


def forked(work: Callable[[int], None]) -> tuple[int, int]:
    """Run `work` with the writing end of a pipe in a process of its own; its id and the reading end."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        try:
            work(theirs)
        except BaseException as error:  # noqa: BLE001 - the parent must hear of everything
            os.write(theirs, json.dumps(["error", [f"{type(error).__name__}: {error}"]]).encode() + b"\n")
        os._exit(0)
    os.close(theirs)
    return child, ours


def lines_of(child: int, pipe: int, kill_after_s: float) -> list[tuple[str, list[str]]]:
    """All the child said; it is killed when its time is over."""
    until, said = time.monotonic() + kill_after_s, b""
    while True:
        left = until - time.monotonic()
        if left <= 0:
            os.kill(child, signal.SIGKILL)
            left = 60
        if select.select([pipe], [], [], left)[0]:
            part = os.read(pipe, 1 << 20)
            if not part:
                break
            said += part
    os.close(pipe)
    os.waitpid(child, 0)
    # A line that was cut by the kill was never said.
    return [(kind, texts) for kind, texts in map(json.loads, said.split(b"\n")[:-1])]


def killed(folder: Path, moment: Moment, known: Known, *, careless: bool) -> str:
    """Let a till live and die; what went wrong before that."""

    def work(pipe: int) -> None:
        def tell(kind: str, texts: list[str]) -> None:
            os.write(pipe, json.dumps([kind, texts]).encode() + b"\n")

        live(folder, moment, tell, careless=careless)

    known.trying = []
    for kind, texts in lines_of(*forked(work), kill_after_s=moment.after_s or 10):
        if kind == "error":
            return texts[0]
        if kind == "stored":
            known.stored += texts
        known.trying = texts if kind == "trying" else []
    return ""


def looked_at(folder: Path, known: Known) -> str:
    """Start again and compare: nothing lost, nothing changed, and only what was being written may have come (I23)."""

    def work(pipe: int) -> None:
        journal = opened(folder, now_ms=NOW + 2 * THOROUGH_EVERY_MS)  # so late that everything is checked
        rows = journal._in_transaction(
            lambda it: it.exec_driver_sql("SELECT kind, payload FROM entry ORDER BY n").all()
        ).result()
        texts = [text for kind, text in rows if kind != JournalOpened.kind]
        os.write(pipe, json.dumps(["ok", texts]).encode() + b"\n")
        journal.close()

    ((kind, there),) = lines_of(*forked(work), kill_after_s=60)
    if kind == "error":
        return f"refused or not sound: {there[:1]}"
    must, more = there[: len(known.stored)], there[len(known.stored) :]
    if must != known.stored:
        return "lost"
    if more not in ([], known.trying):
        return "invented"
    known.stored = there
    return ""


def moments(kills: int, chance: random.Random) -> list[Moment]:
    """Each write from both sides, each of the first disk operations, the rest at random; in random order."""
    pool = [Moment(where, n) for where in ("before", "after") for n in range(1, WRITES + 1)]
    chosen = chance.sample(pool, min(len(pool), kills // 3)) + [
        Moment("disk", chance.randrange(1, DISK_OPERATIONS)) for _ in range(kills // 3)
    ]
    while len(chosen) < kills:
        timed = Moment("time", after_s=0.002 + chance.random() * LONGEST_S)
        chosen += [timed, chance.choice(pool), Moment("disk", chance.randrange(1, DISK_OPERATIONS))]
    chance.shuffle(chosen)
    return chosen[:kills]


def warm_up(folder: Path) -> None:
    """A whole life before the first fork: what Python learns by it, every fork knows."""
    for _ in range(2):
        journal = opened(folder)
        for entries, at_ms in payments_of_all_kinds(journal):
            journal.write(*entries, at_ms=at_ms).result()
        journal.verify().result()
        journal.close()
    shutil.rmtree(folder)


def main() -> None:
    place, kills, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    warm_up(place / "warm")
    careless = "careless" in sys.argv[4:]
    chance, known, bad = random.Random(seed), Known(), []
    kinds: Counter[str] = Counter()
    stored = 0
    for number, moment in enumerate(moments(kills, chance)):
        folder = place / str(number // KILLS_PER_FOLDER)
        if number % KILLS_PER_FOLDER == 0:
            stored += len(known.stored)
            known = Known()
            shutil.rmtree(place / str(number // KILLS_PER_FOLDER - 1), ignore_errors=True)
        fault = killed(folder, moment, known, careless=careless) or looked_at(folder, known)
        kinds[moment.where] += 1
        if fault:
            bad.append(f"seed {seed}, kill {number} {moment}: {fault}")
            if careless:
                break
            known = Known()
            shutil.rmtree(folder)
    print(json.dumps({"kills": dict(kinds), "stored": stored + len(known.stored), "bad": bad}))


if __name__ == "__main__":
    main()
