"""Statements that every write carries out, compiled once and then handed to SQLite as text.

The library that makes them looks each one up anew whenever it is carried out, which takes several times as long as
SQLite does, and a customer waits for it. What is asked now and then has no room here.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement

Given = Mapping[str, object]


class Fixed:
    """One statement.

    Args:
        statement: what it does; it has no parameters but those that are given with each execution.
        columns: the columns that an insert or a change sets; each execution gives all of them.
    """

    def __init__(self, statement: ClauseElement, *columns: str) -> None:
        self._statement, self._columns = statement, columns

    @cached_property
    def _text(self) -> str:
        dialect = sqlite.dialect(paramstyle="named")
        return str(self._statement.compile(dialect=dialect, column_keys=list(self._columns) or None))

    def rows(self, connection: Connection, given: Given | None = None) -> list[tuple[Any, ...]]:
        """Carry it out in the connection's transaction; what it finds.

        Raises:
            sqlite3.Error: as SQLite says it.
        """
        found: list[tuple[Any, ...]] = _raw(connection).execute(self._text, given or {}).fetchall()
        return found

    def carry_out(self, connection: Connection, rows: Sequence[Given]) -> None:
        """Carry it out once for each row, in the connection's transaction.

        Raises:
            sqlite3.Error: as SQLite says it; constraints too.
        """
        _raw(connection).executemany(self._text, rows)


def _raw(connection: Connection) -> Any:
    return connection.connection.driver_connection
