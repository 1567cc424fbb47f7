"""Kill -9 at every statement of the steps from one schema to the next (T21), by a warm process that forks.

    python -m tests.journal.migrating FOLDER new|update STEP [careless]

"new" makes a journal, "update" brings one of the first schema up to date; every STEP-th statement is one to die at.
"careless" is the control: steps that commit after each statement. Prints one JSON object.
"""

import json
import os
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from alembic import op

from pos_app.journal.errors import JournalError
from pos_app.journal.opening import THOROUGH_EVERY_MS
from pos_app.journal.sqlite_file import FILE_NAME
from pos_app.payments.payment import State
from tests.journal.killing import die, forked, lines_of, warm_up
from tests.journal.power_cut import MEMORY
from tests.journal.stories import NOW, opened, sqlite_in

FIRST = Path(__file__).parent / "first_schema.sql"
PAID_IN_FIRST = 2
Schema = frozenset[tuple[str, str]]


def first(folder: Path) -> Path:
    """A journal of the first schema, as the program of that time left it."""
    folder.mkdir(parents=True)
    with sqlite_in(folder) as tool:
        tool.executescript(FIRST.read_text(encoding="utf-8"))
    return folder


def schema_in(folder: Path) -> tuple[str, Schema]:
    """Which schema the files have, seen in a copy."""
    if not (folder / FILE_NAME).exists():
        return "", frozenset()
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        copy = Path(name) / "copy"
        shutil.copytree(folder, copy)
        with closing(sqlite3.connect(copy / FILE_NAME)) as tool:
            found = frozenset(tool.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall())
            known = any(name == "alembic_version" for name, _ in found)
            version = tool.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    return (version[0] if version else ""), found


def open_and_die(folder: Path, last: int, *, careless: bool) -> None:
    """Open the journal, and be killed when SQLite begins its `last`-th statement."""
    real, count, raw = sqlite3.connect, 0, []

    def begun(_statement: str) -> None:
        nonlocal count
        count += 1
        if count == last:
            die()

    def connect(*arguments: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = real(*arguments, **named)
        connection.set_trace_callback(begun)
        raw.append(connection)
        return connection

    run = op.execute

    def execute_and_commit(statement: str) -> None:
        run(statement)
        raw[0].execute("COMMIT")
        raw[0].execute("BEGIN")

    setattr(sqlite3, "connect", connect)  # noqa: B010 - no type fits all its forms
    if careless:
        setattr(op, "execute", execute_and_commit)  # noqa: B010 - the same
    opened(folder).close()


def main() -> None:
    place, kind, step = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    careless = "careless" in sys.argv[4:]
    warm_up(place / "warm")
    known: dict[str, Schema] = {"": frozenset()}
    before = first(place / "before")
    known.update([schema_in(before)])
    shutil.copytree(before, place / "after")
    opened(place / "after").close()
    known.update([schema_in(place / "after")])
    seen, bad, number = set(), [], 1
    while True:
        folder = place / str(number)
        if kind == "update":
            shutil.copytree(before, folder)

        def work(pipe: int) -> None:
            open_and_die(folder, number, careless=careless)  # noqa: B023 - done at once
            os.write(pipe, json.dumps(["lived", []]).encode() + b"\n")

        if [said for said, _ in lines_of(*forked(work), kill_after_s=60)] == ["lived"]:
            break
        version, schema = schema_in(folder)
        seen.add(version)
        if schema != known[version]:
            bad.append(f"half a schema after statement {number}")
        with suppress(JournalError):
            journal = opened(folder, now_ms=NOW + 2 * THOROUGH_EVERY_MS)  # so late that everything is checked
            paid = [one.state for one in journal.recent(9).result()].count(State.PAID)
            journal.close()
            if paid == (PAID_IN_FIRST if kind == "update" else 0):
                shutil.rmtree(folder)
                number += step
                continue
        bad.append(f"not to be opened after statement {number}")
        number += step
        if careless:
            break
    print(json.dumps({"statements": number, "seen": sorted(seen), "bad": bad}))


if __name__ == "__main__":
    main()
