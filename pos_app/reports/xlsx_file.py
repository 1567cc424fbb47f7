"""Tables as an Excel workbook, written row by row: numbers are numbers, days are days, ids and notes are text."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from pos_app.reports.table import RIGHT, SHEET_ROWS_MAX, Column, Row, Shape, Table, TooManyRowsError, Value
from pos_app.vietnam_day import local_time
from pos_app.words import Language, Text

_FORMATS = {
    Shape.COUNT: "#,##0", Shape.DONG: "#,##0", Shape.PERMILLE: "0.0%", Shape.DAY: "dd/mm/yyyy",
    Shape.MOMENT: "dd/mm/yyyy hh:mm:ss", Shape.ID: "@", Shape.TEXT: "@",
}  # fmt: skip
_HEAD, _BOLD = PatternFill("solid", fgColor="E7ECFC"), Font(bold=True)
_SHEET_NAME_MAX = 31
_PERMILLE = 1000


class XlsxFile:
    """Writes tables into a workbook that takes its place when all is written.

    Args:
        path: of the file.
        language: of its words.
    """

    def __init__(self, path: Path, language: Language) -> None:
        self._path, self._language = path, language
        self._book = Workbook(write_only=True)
        self._sheet: Any = None
        self._columns: tuple[Column, ...] = ()
        self._rows = 0

    def add_table(self, table: Table) -> None:
        """A sheet of its own."""
        self.begin(table.name, table.columns)
        self.add(table.rows)
        if table.total is not None:
            self.add([table.total], bold=True)

    def begin(self, name: Text, columns: tuple[Column, ...]) -> None:
        """A new sheet, with its head; rows are added to it from now on."""
        self._columns, self._rows = columns, 1
        self._sheet = self._book.create_sheet(name.say(self._language)[:_SHEET_NAME_MAX])
        self._sheet.freeze_panes = "A2"
        for place, column in enumerate(columns, start=1):
            self._sheet.column_dimensions[get_column_letter(place)].width = max(10, column.share * 1.6)
        self._sheet.append([self._head(column) for column in columns])

    def add(self, rows: Iterable[Row], *, bold: bool = False) -> None:
        """Add rows to the sheet.

        Raises:
            TooManyRowsError: it holds no more.
        """
        for row in rows:
            self._rows += 1
            if self._rows > SHEET_ROWS_MAX:
                raise TooManyRowsError
            self._sheet.append(
                [self._cell(value, column.shape, bold=bold) for value, column in zip(row, self._columns, strict=True)]
            )

    def close(self, *, whole: bool) -> None:
        """Put the file in its place; what is not whole goes away."""
        draft = self._path.with_name(f".{self._path.name}.part")
        try:
            self._book.save(draft)  # a workbook that is only written must be saved, or it leaves files behind
            if whole:
                draft.replace(self._path)
        finally:
            draft.unlink(missing_ok=True)

    def _head(self, column: Column) -> Any:
        cell = _text(self._sheet, column.name.say(self._language))
        cell.font, cell.fill = _BOLD, _HEAD
        if column.shape in RIGHT:
            cell.alignment = Alignment(horizontal="right")
        return cell

    def _cell(self, value: Value, shape: Shape, *, bold: bool) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, Text | str):
            cell: Any = _text(self._sheet, value.say(self._language) if isinstance(value, Text) else value)
        else:
            cell = WriteOnlyCell(self._sheet, _plain(value, shape))
            cell.number_format = _FORMATS[shape]
        if bold:
            cell.font = _BOLD
        return cell


def _plain(value: int | date, shape: Shape) -> Any:
    if isinstance(value, date):
        return value
    if shape is Shape.MOMENT:
        return local_time(value).replace(tzinfo=None, microsecond=0)
    return value / _PERMILLE if shape is Shape.PERMILLE else value


def _text(sheet: Any, text: str) -> Any:
    """Text and nothing else, whatever it begins with: never a formula."""
    cell = WriteOnlyCell(sheet, "".join(letter if letter.isprintable() else " " for letter in text))
    cell.data_type = "s"
    cell.number_format = "@"
    return cell
