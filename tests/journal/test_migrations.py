"""Killed at every statement of the steps from one schema to the next (T21): the old schema or the new, never half.

`make test` tries every seventh statement, POS_APP_SOAK=1 each.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pos_app.journal.errors import CannotStoreError
from pos_app.journal.migrations import REVISIONS
from pos_app.journal.sqlite_file import OLD_SCHEMA_NAME
from tests.journal.migrating import first
from tests.journal.power_cut import MEMORY
from tests.journal.stories import journal_in, sqlite_in

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks are things of Unix")
SOAK = bool(os.environ.get("POS_APP_SOAK"))
STEP = "1" if SOAK else "7"


@pytest.fixture
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        yield Path(name)


def killed(place: Path, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.journal.migrating", str(place), *arguments]
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found


@pytest.mark.timeout(3_600 if SOAK else 120)
@pytest.mark.parametrize(("kind", "schemas"), [("new", ["", REVISIONS[-1]]), ("update", ["0001", REVISIONS[-1]])])
def test_killed_at_each_statement(place: Path, kind: str, schemas: list[str]) -> None:
    told = killed(place, kind, STEP)
    assert told["bad"] == []
    assert told["seen"] == schemas
    assert told["statements"] > 60


def test_control_steps_without_a_transaction_are_found(place: Path) -> None:
    assert killed(place, "update", "2", "careless")["bad"]


def test_the_journal_is_copied_before_its_schema_changes(tmp_path: Path) -> None:
    folder = first(tmp_path / "journal")
    with sqlite_in(folder) as tool:
        before = tool.execute("SELECT * FROM entry ORDER BY n").fetchall()
    with journal_in(folder):
        pass
    kept = folder / OLD_SCHEMA_NAME.format("0001")
    with closing(sqlite3.connect(kept)) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert copy.execute("SELECT * FROM entry ORDER BY n").fetchall() == before
    assert kept.stat().st_mode & 0o077 == 0, "for its owner only"
    with journal_in(folder):
        pass
    assert [one.name for one in folder.glob("journal.schema-*")] == [kept.name], "once"


def test_where_no_copy_can_be_kept_the_schema_stays(tmp_path: Path) -> None:
    folder = first(tmp_path / "journal")
    in_the_way = folder / OLD_SCHEMA_NAME.format("0001")
    in_the_way.mkdir()
    with pytest.raises(CannotStoreError), journal_in(folder):
        pass
    with sqlite_in(folder) as tool:
        assert tool.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
    in_the_way.rmdir()
    with journal_in(folder) as journal:
        assert journal.verify().result().ok


def test_an_update_keeps_what_was_stored(tmp_path: Path) -> None:
    folder = first(tmp_path / "journal")
    with sqlite_in(folder) as tool:
        before = tool.execute("SELECT * FROM entry ORDER BY n").fetchall()
    with journal_in(folder) as journal:
        assert journal.verify().result().ok
        epoch = journal.epoch
    with sqlite_in(folder) as tool:
        assert tool.execute("SELECT * FROM entry ORDER BY n").fetchall()[: len(before)] == before
        assert tool.execute("SELECT epoch FROM journal").fetchone() == (epoch,)
        assert tool.execute("SELECT sum(amount) FROM posting").fetchone() == (0,)
        assert tool.execute("PRAGMA foreign_key_check").fetchall() == []
        wallet = tool.execute("SELECT sum(amount) FROM posting WHERE account = 'wallet'").fetchone()
        paid = tool.execute("SELECT sum(amount) FROM payment WHERE state = 'paid'").fetchone()
    assert wallet == paid
