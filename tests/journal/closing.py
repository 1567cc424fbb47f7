"""Kill -9 at every statement of a closing, by a warm process that forks.

    python -m tests.journal.closing FOLDER STEP [careless]

Every STEP-th statement is one to die at. "careless" is the control: a closing that commits between its rows and its
entry. Prints one JSON object.
"""

import json
import os
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Any

from pos_app.journal import bookkeeping
from tests.journal.killing import die, forked, lines_of, warm_up
from tests.journal.shifts import Till, closed
from tests.journal.stories import NOW, journal_in, opened


def close_and_die(folder: Path, last: int, *, careless: bool) -> None:
    """Open the journal, and be killed when SQLite begins the `last`-th statement of the closing."""
    real, raw, count, armed = sqlite3.connect, [], 0, False

    def begun(_statement: str) -> None:
        nonlocal count
        count += armed
        if count == last:
            die()

    def connect(*arguments: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = real(*arguments, **named)
        connection.set_trace_callback(begun)
        raw.append(connection)
        return connection

    setattr(sqlite3, "connect", connect)  # noqa: B010 - no type fits all its forms
    journal = opened(folder)
    if careless:
        project = bookkeeping.project

        def project_and_commit(*arguments: Any) -> None:
            project(*arguments)
            raw[0].execute("COMMIT")
            raw[0].execute("BEGIN")

        setattr(bookkeeping, "project", project_and_commit)  # noqa: B010 - the same
    armed = True
    journal.close_shift(closed, at_ms=NOW + 30_000).result()
    armed = False
    journal.close()


def main() -> None:
    place, step, careless = Path(sys.argv[1]), int(sys.argv[2]), "careless" in sys.argv[3:]
    warm_up(place / "warm")
    with journal_in(place / "before") as journal:
        till = Till(journal)
        till.begin()
        till.pay(0)
        till.begin()
    seen, bad, number = set(), [], 1
    while True:
        folder = place / str(number)
        shutil.copytree(place / "before", folder)

        def work(pipe: int) -> None:
            close_and_die(folder, number, careless=careless)  # noqa: B023 - done at once
            os.write(pipe, json.dumps(["lived", []]).encode() + b"\n")

        if [said for said, _ in lines_of(*forked(work), kill_after_s=60)] == ["lived"]:
            break
        try:
            with journal_in(folder, now_ms=NOW + 60_000) as journal:
                till = Till(journal, at_ms=NOW + 90_000)
                till.shift = till.look().number
                seen.add(till.shift)
                till.close()
                numbers = [till.look(one).z_number for one in range(1, till.shift)]
                if numbers != list(range(1, till.shift)) or not journal.verify().result().ok:
                    bad.append(f"half a closing after statement {number}")
        except Exception as error:  # noqa: BLE001 - told
            bad.append(f"{type(error).__name__} after statement {number}")
        shutil.rmtree(folder)
        if careless and (bad or number > 100):
            break
        number += step
    print(json.dumps({"statements": number, "seen": sorted(seen), "bad": bad}))


if __name__ == "__main__":
    main()
