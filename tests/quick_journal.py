"""Thousands of journals are opened by the tests of one process: what is alike for all of them is worked out once.

The tables of a new journal are made by the migrations the first time, and then by the very same statements; the text of
each statement that the program asks is made once. `tests/journal`, whose matter is the making, does without the first.
"""

import sqlite3
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from pos_app.journal import sqlite_file

_migrate, _engine = sqlite_file._migrate, sqlite_file._engine
_statements: list[tuple[str, Any]] = []
_first: list[Engine] = []


def migrate(connection: Connection) -> None:
    """As the journal does it; a file without tables gets them by the statements of the first time."""
    file = connection.connection.driver_connection
    assert isinstance(file, sqlite3.Connection)
    if file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        _migrate(connection)
        return
    if _statements:
        for statement, values in _statements:
            file.execute(statement, values)
        return
    made: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        made.append((statement, values))

    event.listen(connection, "before_cursor_execute", note)
    _migrate(connection)
    event.remove(connection, "before_cursor_execute", note)
    _statements.extend(made)


def engine(file: sqlite3.Connection) -> Engine:
    """As the journal's, with the statements that others of this process have worked out."""
    made = _engine(file)
    if _first:
        made.dialect, made._compiled_cache = _first[0].dialect, _first[0]._compiled_cache
    else:
        _first.append(made)
    return made


def be_quick(patch: pytest.MonkeyPatch, *, tables: bool) -> None:
    """From now on; `tables` also for making the tables of a new journal."""
    patch.setattr(sqlite_file, "_engine", engine)
    patch.setattr(sqlite_file, "_migrate", migrate if tables else _migrate)
