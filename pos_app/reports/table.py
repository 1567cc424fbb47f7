"""A table as screens, files and paper share it: named columns, each of one shape, and plain values in the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pos_app.money import grouped
from pos_app.vietnam_day import clock_time, day_text
from pos_app.words import Language, Text

Value = Text | str | int | date | None
Row = tuple[Value, ...]


class Shape(StrEnum):
    """What a column's values are."""

    TEXT = "text"
    ID = "id"
    """Kept letter by letter, also where it is all digits."""
    COUNT = "count"
    DONG = "dong"
    PERMILLE = "permille"
    DAY = "day"
    MOMENT = "moment"
    """An instant in ms, told in Vietnam's time."""


RIGHT = frozenset({Shape.COUNT, Shape.DONG, Shape.PERMILLE})
"""Shapes that stand at the right of their column, so that digits line up."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what its values are, and how much of the width it takes beside the others."""

    name: Text
    shape: Shape
    share: int = 10


NONE = Text("Không có.", "None.")


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        name: short, unique in its report: the name of a sheet.
        columns: what its rows have.
        rows: as many values each as there are columns.
        total: a last row, set apart; None for none.
        empty: what is said when there are no rows.
    """

    name: Text
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    total: Row | None = None
    empty: Text = NONE


SHEET_ROWS_MAX = 1_048_576
"""What a sheet of a workbook holds (Excel's own limit), its head among them."""


class TooManyRowsError(Exception):
    """More rows than a sheet holds: nothing of it is written. In words for the manager."""

    title = Text("Quá nhiều dòng cho một tệp Excel", "Too many rows for an Excel file")
    advice = Text("Xuất tệp CSV, hoặc chọn ít ngày hơn.", "Export CSV, or choose fewer days.")


_WEEKDAYS = (
    Text("Thứ hai", "Mon"), Text("Thứ ba", "Tue"), Text("Thứ tư", "Wed"), Text("Thứ năm", "Thu"),
    Text("Thứ sáu", "Fri"), Text("Thứ bảy", "Sat"), Text("Chủ nhật", "Sun"),
)  # fmt: skip


def day_name(day: date) -> Text:
    """`Thứ hai 16/11`."""
    name = _WEEKDAYS[day.weekday()]
    told = day.strftime("%d/%m")
    return Text(f"{name.vi} {told}", f"{name.en} {told}")


def percent(permille: int) -> Text:
    """`4,1%`; `4.1%` in English."""
    whole, tenth = divmod(permille, 10)
    return Text(f"{whole},{tenth}%", f"{whole}.{tenth}%")


def said(value: Value, shape: Shape, language: Language) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, Text):
        return value.say(language)
    if isinstance(value, date):
        return day_name(value).say(language)
    if isinstance(value, str):
        return value
    if shape is Shape.MOMENT:
        return f"{day_text(value)} {clock_time(value, seconds=False)}"
    return percent(value).say(language) if shape is Shape.PERMILLE else grouped(value)
