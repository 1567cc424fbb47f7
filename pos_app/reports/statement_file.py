"""Statement files as rows of cells: CSV in whatever shape portals write it, and XLSX; their columns recognised.

A file is read from front to back, twice: once for its head, once for its lines.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from pos_app.reports.statement import Cell, Field, Form, Line, Unread, heading, read_line
from pos_app.words import Text

_HEAD_ROWS_MAX = 40
_XLSX = b"PK\x03\x04"
_ENCODINGS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_FILLED_MIN = 2
_CELL_MAX = 1 << 20
_SIZE_MAX = 1 << 30
_INFLATES_MAX = 100
"""How many times its size a workbook unpacks to at most; a statement does so some ten times, a zip bomb a thousand."""
_XLSX_ROWS_MAX = 1_048_576


class StatementError(Exception):
    """The file cannot be used; why, and what helps, in both languages."""

    def __init__(self, title: Text, advice: Text) -> None:
        super().__init__(title.en)
        self.title, self.advice = title, advice


@dataclass(frozen=True, slots=True)
class Head:
    """The row with the names of the columns.

    Attributes:
        place: its number in the file, from 1.
        names: as they stand there.
    """

    place: int
    names: tuple[str, ...]


_GUESSES: tuple[tuple[Field, tuple[str, ...]], ...] = (
    (Field.REFUND_ID, ("ma hoan", "refund id", "refund_id", "m_refund_id", "ma giao dich hoan")),
    (Field.REFUNDED, ("so tien hoan", "so tien da hoan", "refund amount", "refunded")),
    (Field.ORDER_ID, ("app_trans_id", "apptransid", "ma don", "order id", "orderid", "order_id", "ma doi tac")),
    (Field.NUMBER, ("zp_trans_id", "zptransid", "ma giao dich", "transaction id", "transid", "trans id", "ma gd")),
    (Field.AMOUNT, ("so tien", "amount", "gia tri")),
    (Field.TIME, ("thoi gian", "ngay", "time", "date")),
    (Field.KIND, ("loai", "type", "kind")),
    (Field.STATUS, ("trang thai", "ket qua", "status", "state")),
)


def rows_of(path: Path) -> Iterator[tuple[Cell, ...]]:
    """The rows of a CSV or XLSX file.

    Raises:
        StatementError: neither, or damaged, or too large to be a statement.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        begin = file.read(4)
    if path.stat().st_size > _SIZE_MAX:
        raise _too_large()
    return _xlsx(path) if begin == _XLSX else _csv(path)


def _csv(path: Path) -> Iterator[tuple[Cell, ...]]:
    encoding = _encoding(path)
    try:
        with path.open(encoding=encoding, newline="") as file:
            sample = "".join(islice(file, _HEAD_ROWS_MAX))
        with path.open(encoding=encoding, newline="") as file:
            csv.field_size_limit(_CELL_MAX)
            for row in csv.reader(file, delimiter=_delimiter(sample)):
                yield tuple(row)
    except (UnicodeDecodeError, csv.Error) as error:
        raise _unreadable() from error


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        begin = file.read(3)
    named = next((encoding for mark, encoding in _ENCODINGS if begin.startswith(mark)), "")
    if named:
        return named
    try:
        with path.open(encoding="utf-8") as text:
            for _ in text:
                pass
    except UnicodeDecodeError:
        return "cp1258"  # what Excel in Vietnam wrote before UTF-8
    return "utf-8"


def _delimiter(sample: str) -> str:
    """The mark that splits the most rows into the most columns, and the same way."""
    candidates = (",", ";", "\t", "|")

    def columns(mark: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(sample.splitlines(keepends=True), delimiter=mark)]
        usual = max(set(widths), key=lambda width: (widths.count(width) if width > 1 else 0, width), default=0)
        return (widths.count(usual) if usual > 1 else 0), usual

    return max(candidates, key=columns)


def _xlsx(path: Path) -> Iterator[tuple[Cell, ...]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to load

    try:
        _look_at_size(path)
        with closing(load_workbook(path, read_only=True, data_only=True)) as book:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # some writers note the wrong size
            for row in _counted(sheet.iter_rows(values_only=True)):
                yield tuple(row)  # dates, numbers and text only, with data_only
    except (StatementError, OSError):
        raise
    except Exception as error:  # whatever openpyxl stumbles over, the file is damaged
        raise _unreadable() from error


def _look_at_size(path: Path) -> None:
    with ZipFile(path) as book:
        unpacked = sum(part.file_size for part in book.infolist())
    if unpacked > min(_SIZE_MAX, _INFLATES_MAX * path.stat().st_size):
        raise _too_large()


def _counted(rows: Iterable[Any]) -> Iterator[Any]:
    """The rows; a row may say that it is the two thousand millionth, and all before it are made up then."""
    for place, row in enumerate(rows, start=1):
        if place > _XLSX_ROWS_MAX:
            raise _too_large()
        yield row


def _unreadable() -> StatementError:
    title = Text("Không đọc được tệp đối soát", "The statement file cannot be read")
    return StatementError(title, Text("Xuất lại tệp CSV hoặc XLSX.", "Export it again as CSV or XLSX."))


def _too_large() -> StatementError:
    title = Text("Tệp đối soát quá lớn", "The statement file is too large")
    return StatementError(title, Text("Xuất lại ít ngày hơn.", "Export fewer days."))


def head_of(path: Path, form: Form | None = None) -> Head:
    """The row with the names of the columns: the first that has those of the form, or that looks like one.

    Raises:
        StatementError: there is none.
    """
    best: tuple[int, Head] | None = None
    for place, row in enumerate(islice(rows_of(path), _HEAD_ROWS_MAX), start=1):
        names = tuple(str(cell or "").strip() for cell in row)
        known = {heading(name) for name in names} - {""}
        if form and set(form.columns.values()) <= known:
            return Head(place, names)
        likely = len(guess(names))
        if likely > (best[0] if best else 1):
            best = likely, Head(place, names)
        elif best is None and len(known) > _FILLED_MIN and not any(name[:1].isdigit() for name in known):
            best = 1, Head(place, names)
    if form or best is None:
        title = Text("Không thấy hàng tiêu đề", "There is no row with the names of columns")
        raise StatementError(title, Text("Chọn lại các cột của tệp.", "Choose the columns of the file again."))
    return best[1]


def guess(names: tuple[str, ...]) -> dict[Field, str]:
    """Which column likely holds what; each once."""
    left = [heading(name) for name in names if heading(name)]
    found: dict[Field, str] = {}
    for exact in (True, False):
        for field, words in _GUESSES:
            if field in found:
                continue
            column = next(
                (name for word in words for name in left if (name == word if exact else word in name)), None
            )  # fmt: skip
            if column is not None:
                found[field] = column
                left.remove(column)
    return found


def read_statement(
    path: Path, form: Form, progress: Callable[[int], None] | None = None
) -> tuple[list[Line], list[Unread]]:
    """The lines of the file, and those that cannot be read; `progress(rows so far)` now and then.

    Raises:
        StatementError: it cannot be used.
        OSError: it cannot be read.
    """
    head = head_of(path, form)
    places = _places(head, form)
    lines: list[Line] = []
    unread: list[Unread] = []
    for place, row in enumerate(rows_of(path), start=1):
        if place <= head.place:
            continue
        first = next((str(cell) for cell in row if cell not in (None, "")), "")
        cells = {field: row[column] if column < len(row) else None for field, column in places.items()}
        told = read_line(place, cells, first) if first else ()
        if isinstance(told, Unread):
            unread.append(told)
        else:
            lines += told
        if progress and place % 5_000 == 0:
            progress(place)
    return lines, unread


def _places(head: Head, form: Form) -> Mapping[Field, int]:
    names = [heading(name) for name in head.names]
    return {field: names.index(column) for field, column in form.columns.items() if column in names}
