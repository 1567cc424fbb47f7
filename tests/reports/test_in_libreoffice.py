"""Exported files, opened in LibreOffice itself: every cell of every sheet is what the program put there.

Only where LibreOffice is on the machine (`apt-get install libreoffice-calc-nogui`); it takes seconds to start.
"""

import csv
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from pos_app.checkout.reporting import LIST_COLUMNS, LIST_NAME, export, list_rows, made_for, report_for
from pos_app.reports.csv_file import CsvFile
from pos_app.reports.sheets import sheets
from pos_app.reports.table import Row, Shape, Table, Value
from pos_app.reports.xlsx_file import XlsxFile
from pos_app.vietnam_day import local_time
from pos_app.words import Language, Text
from tests.bench.filled import BASE, fill
from tests.journal.stories import journal_in
from tests.reports.test_files import ATTACKS, COLUMNS, DAYS, row

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")

NOTES = (
    "Nguyễn Thị Thuỷ – Đặng Ỷ",
    "0123",
    "1e5",
    "1.250.000",
    "22/11/2026",
    "1/2",
    "12:30",
    "TRUE",
    "a,b;c",
    *ATTACKS,
)
TRICKY = Table(
    Text("Khó", "Tricky"), COLUMNS,
    [row(slip, note) for note in NOTES for slip in ("02-000148", "0240000000000123456")],
)  # fmt: skip
VIETNAMESE = 1066
_AS_IT_IS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,true,false,false,false,-1"
"""All sheets, with cells as they are stored: days and percents in one form, numbers without dots."""


def opened(path: Path) -> dict[str, list[list[str]]]:
    """The sheets as LibreOffice has them, each by its name; a CSV as a till's own Vietnamese desktop reads it."""
    folder = path.parent / "opened"
    reads = [f"--infilter=CSV:44,34,76,1,,{VIETNAMESE},false,false"] if path.suffix == ".csv" else []
    command = ["soffice", f"-env:UserInstallation={folder.as_uri()}/profile", "--headless", *reads]
    subprocess.run(
        [*command, "--convert-to", _AS_IT_IS, "--outdir", str(folder), str(path)], check=True, timeout=120,
        capture_output=True,
    )  # fmt: skip
    found = {}
    for file in sorted(folder.glob(f"{path.stem}-*.csv")):
        with file.open(encoding="utf-8", newline="") as text:
            found[file.stem.removeprefix(f"{path.stem}-")] = list(csv.reader(text))
        file.unlink()
    return found


def cell(value: Value, shape: Shape) -> str:
    """What must stand there."""
    if value is None:
        return ""
    if isinstance(value, Text):
        return value.vi
    if isinstance(value, str):
        return "".join(letter if letter.isprintable() else " " for letter in value)
    if isinstance(value, date):
        return value.strftime("%m/%d/%Y")
    if shape is Shape.MOMENT:
        return local_time(value).strftime("%m/%d/%Y %H:%M:%S")
    return f"{value / 10:.1f}%".replace(".0%", "%") if shape is Shape.PERMILLE else str(value)


def rows_of(table: Table) -> list[list[str]]:
    rows: list[Row] = [*table.rows, *([table.total] if table.total else [])]
    shapes = [column.shape for column in table.columns]
    told = [[cell(value, shape) for value, shape in zip(one, shapes, strict=True)] for one in rows]
    return [[column.name.vi for column in table.columns], *told]


def same_cells(found: list[list[str]], must: list[list[str]]) -> None:
    assert [[one.replace(".0%", "%") for one in line] for line in found] == must


def test_workbooks_and_lists(tmp_path: Path) -> None:
    fill(tmp_path / "journal", 150, days=3, seed=8)
    with journal_in(tmp_path / "journal", now_ms=BASE) as journal:
        report = report_for(journal, DAYS)
        for kind in ("xlsx", "csv"):
            about = made_for("Tạp hóa Minh Anh", "02", BASE)
            export(journal, tmp_path / f"a.{kind}", report, Language.VI, about=about, progress=lambda *_: None)
        listed = Table(LIST_NAME, LIST_COLUMNS, [one for some in list_rows(journal, report) for one in some.rows])
    book = opened(tmp_path / "a.xlsx")
    for table in (*sheets(report), listed):
        same_cells(book.pop(table.name.vi), rows_of(table))
    assert book == {}
    (read,) = opened(tmp_path / "a.csv").values()
    assert [[_day_first(one) for one in line] for line in read] == rows_of(listed)


def _day_first(text: str) -> str:
    """A moment is text in a CSV, and sorts as it is."""
    if len(text) == len("2026-11-22 14:32:05") and text[4] == "-":
        return f"{text[5:7]}/{text[8:10]}/{text[:4]} {text[11:]}"
    return text


def test_no_text_is_run_or_changed(tmp_path: Path) -> None:
    book = XlsxFile(tmp_path / "a.xlsx", Language.VI)
    book.add_table(TRICKY)
    book.close(whole=True)
    same_cells(opened(tmp_path / "a.xlsx")["Khó"], rows_of(TRICKY))
    file = CsvFile(tmp_path / "b.csv", COLUMNS, Language.VI)
    file.add(TRICKY.rows)
    file.close(whole=True)
    (read,) = opened(tmp_path / "b.csv").values()
    tame = [one[1].removeprefix("'") for one in read[1:]]
    assert tame == [one[1] for one in rows_of(TRICKY)[1:]], "a quote before what would be run, nothing else"
    assert [one[0] for one in read[1:]] == [one[0] for one in rows_of(TRICKY)[1:]]
    assert {one[4] for one in read[1:]} == {"1250000"}
