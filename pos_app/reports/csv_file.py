"""A table as CSV that spreadsheets show as it is: UTF-8 with BOM, nothing that they would run, text as it was typed."""

import csv
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from unicodedata import normalize

from pos_app.reports.table import Column, Row, Shape, Value
from pos_app.vietnam_day import local_time
from pos_app.words import Language, Text

_BOM = "\ufeff"
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_LOOKS_LIKE_A_NUMBER = re.compile(r"[0-9][0-9.,/:\-]*([eE][0-9]+)?")


class CsvFile:
    """Writes a table into a file that takes its place when all is written.

    Args:
        path: of the file.
        columns: of the table.
        language: of its words.
    """

    def __init__(self, path: Path, columns: tuple[Column, ...], language: Language) -> None:
        self._path, self._columns, self._language = path, columns, language
        self._draft = path.with_name(f".{path.name}.part")
        self._file = self._draft.open("w", encoding="utf-8", newline="")
        self._file.write(_BOM)
        self._writer = csv.writer(self._file, lineterminator="\r\n")
        self._writer.writerow([_tame(one.name.say(language)) for one in columns])

    def add(self, rows: Iterable[Row]) -> None:
        """Add rows at the end."""
        for row in rows:
            self._writer.writerow(
                [_cell(value, column.shape, self._language) for value, column in zip(row, self._columns, strict=True)]
            )

    def close(self, *, whole: bool) -> None:
        """Put the file in its place; what is not whole goes away."""
        self._file.close()
        if whole:
            self._draft.replace(self._path)
        else:
            self._draft.unlink(missing_ok=True)


def _cell(value: Value, shape: Shape, language: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, Text):
        return _tame(value.say(language))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        text = _tame(value)
        # Spreadsheets read what looks like a number or a day as one: bill 0123 is 123 then, 1/2 the first of February.
        return f'="{text}"' if _LOOKS_LIKE_A_NUMBER.fullmatch(text) else text
    if shape is Shape.MOMENT:
        return local_time(value).strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


def _tame(text: str) -> str:
    """No control characters, and nothing at the beginning that a spreadsheet runs as a formula (CWE-1236)."""
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    bare = normalize("NFKC", text).lstrip()  # some take a full-width sign for the narrow one
    return f"'{text}" if bare.startswith(_RUNS) or text.startswith(_RUNS) else text
