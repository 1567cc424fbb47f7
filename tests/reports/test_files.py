"""Exported files, read back by readers that share no code with what wrote them: csv, calamine (Rust), pypdf."""

import csv
import io
import shutil
import subprocess
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from unicodedata import is_normalized, normalize

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from pos_app.checkout import reporting
from pos_app.checkout.reporting import export, export_found, made_for, report_for
from pos_app.journal.wanted import Wanted
from pos_app.reports import xlsx_file
from pos_app.reports.csv_file import CsvFile
from pos_app.reports.pdf_file import pdf
from pos_app.reports.ranges import Days
from pos_app.reports.report import Choice, Report
from pos_app.reports.sheets import sheets
from pos_app.reports.table import Column, Row, Shape, Table, TooManyRowsError
from pos_app.reports.xlsx_file import XlsxFile
from pos_app.vietnam_day import day_of
from pos_app.words import Language, Text, same
from tests.bench.filled import BASE, fill
from tests.journal.stories import journal_in

COLUMNS = (
    Column(Text("Phiếu", "Slip"), Shape.ID),
    Column(Text("Ghi chú", "Note"), Shape.TEXT),
    Column(Text("Lúc", "At"), Shape.MOMENT),
    Column(Text("Ngày", "Day"), Shape.DAY),
    Column(Text("Số tiền", "Amount"), Shape.DONG),
    Column(Text("Tỷ lệ", "Share"), Shape.PERMILLE),
)
ATTACKS = (
    "=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "=HYPERLINK(\"http://x\",\"y\")",
    "|dir", "%x", "\n=1", "\0=1", "−5", "＝1+1", " ＋84", "－5", "＠x",
)  # fmt: skip
AT = 1_795_332_725_000
DAYS = Days(day_of(BASE - 2 * 86_400_000), day_of(BASE))


def row(slip: str, note: str) -> Row:
    return slip, note, AT, date(2026, 11, 22), 1_250_000, 41


def csv_of(path: Path, rows: list[Row]) -> list[list[str]]:
    file = CsvFile(path, COLUMNS, Language.VI)
    file.add(rows)
    file.close(whole=True)
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def test_a_csv_is_what_excel_wants(tmp_path: Path) -> None:
    told = csv_of(tmp_path / "a.csv", [row("02-000148", 'Bàn 5, "góc"')])
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "so that Excel shows Vietnamese"
    assert content.count(b"\r\n") == 2
    assert told[0] == ["Phiếu", "Ghi chú", "Lúc", "Ngày", "Số tiền", "Tỷ lệ"]
    assert told[1] == ['="02-000148"', 'Bàn 5, "góc"', "2026-11-22 14:32:05", "2026-11-22", "1250000", "41"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_note_becomes_a_formula(tmp_path: Path, attack: str) -> None:
    note = csv_of(tmp_path / "a.csv", [row("1", attack)])[1][1]
    assert normalize("NFKC", note).lstrip()[:1] not in ("=", "+", "-", "@", "|", "%", "\t", "\r")
    slip = csv_of(tmp_path / "a.csv", [row(attack, "x")])[1][0]
    assert normalize("NFKC", slip).lstrip()[:1] not in ("+", "-", "@", "|", "%", "\t", "\r")
    assert not slip.startswith("=") or slip == f'="{slip[2:-1]}"'
    book = XlsxFile(tmp_path / "a.xlsx", Language.VI)
    book.add_table(Table(same("x"), COLUMNS, [row("1", attack)]))
    book.close(whole=True)
    assert b"<f>" not in _xml_of(tmp_path / "a.xlsx")


@pytest.mark.parametrize("note", ["0123", "1e5", "1.250.000", "22/11/2026", "1/2", "12:30"])
def test_a_note_that_looks_like_a_number_stays_as_it_was_typed(tmp_path: Path, note: str) -> None:
    assert csv_of(tmp_path / "a.csv", [row("02-000148", note)])[1][1] == f'="{note}"'


def _xml_of(path: Path) -> bytes:
    import zipfile  # noqa: PLC0415 - only here

    with zipfile.ZipFile(path) as book:
        return b"".join(book.read(name) for name in book.namelist() if "sheet" in name)


def test_what_is_not_whole_takes_no_place(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("before", "utf-8")
    file = CsvFile(path, COLUMNS, Language.VI)
    file.add([row("1", "x")])
    file.close(whole=False)
    assert path.read_text("utf-8") == "before"
    book = XlsxFile(tmp_path / "b.xlsx", Language.VI)
    book.begin(same("x"), COLUMNS)
    book.close(whole=False)
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


def test_a_workbook_has_numbers_days_and_text(tmp_path: Path) -> None:
    book = XlsxFile(tmp_path / "a.xlsx", Language.VI)
    book.add_table(Table(Text("Tên", "Name"), COLUMNS, [row("0240000000000123456", "Bàn 5")], total=row("", "Cộng")))
    book.close(whole=True)
    sheet = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_name("Tên").to_python()
    assert sheet[0] == ["Phiếu", "Ghi chú", "Lúc", "Ngày", "Số tiền", "Tỷ lệ"]
    moment = datetime(2026, 11, 22, 14, 32, 5)  # noqa: DTZ001 - as a spreadsheet has it
    assert sheet[1] == ["0240000000000123456", "Bàn 5", moment, date(2026, 11, 22), 1_250_000.0, 0.041]
    assert sheet[2][1] == "Cộng"


def words_of(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


@pytest.mark.parametrize("language", list(Language))
def test_a_pdf_can_be_searched_in_vietnamese(tmp_path: Path, language: Language) -> None:
    note = Text("Nguyễn Thị Thuỷ – Đặng Ỷ", "Nguyễn Thị Thuỷ – Đặng Ỷ")
    table = Table(Text("Chưa thu được", "Declined"), COLUMNS, [row(f"02-{n:06d}", note.vi) for n in range(120)])
    content = pdf(Text("Báo cáo", "Report"), same("Tạp hóa <Minh Anh> & con"), (table,), language)
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    words = words_of(path)
    assert table.name.say(language) in words
    assert "Nguyễn Thị Thuỷ" in words
    assert "<Minh Anh> & con" in words
    assert "02-000119" in words
    assert "1.250.000" in words
    assert len(PdfReader(path).pages) > 2
    if shutil.which("pdftotext"):
        told = subprocess.run(
            ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
        ).stdout
        assert "Nguyễn Thị Thuỷ" in told
        assert "Đặng Ỷ" in told
        assert is_normalized("NFC", told), "one letter is one sign: what people type is found"


def test_a_note_longer_than_a_page_still_makes_a_page(tmp_path: Path) -> None:
    table = Table(same("x"), COLUMNS, [row("02-000148", "rất dài " * 2_000), row("02-000149", "ngắn")])
    (tmp_path / "a.pdf").write_bytes(pdf(same("x"), same("x"), (table,), Language.VI))
    words = words_of(tmp_path / "a.pdf")
    assert "02-000149" in words
    assert "…" in words


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled") / "journal"
    fill(folder, 150, days=3, seed=8)
    return folder


def test_every_file_of_a_report_says_what_the_report_says(place: Path, tmp_path: Path) -> None:
    told: list[int] = []
    with journal_in(place, now_ms=BASE) as journal:
        report = report_for(journal, DAYS)
        about = made_for("Tạp hóa Minh Anh", "02", BASE)
        for kind in ("csv", "xlsx", "pdf"):
            path = tmp_path / f"a.{kind}"
            listed = export(
                journal, path, report, Language.VI, about=about, progress=lambda done, _of: told.append(done)
            )
            assert listed == (0 if kind == "pdf" else 150, 0)
    assert told == [150, 150]
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_bytes().decode("utf-8-sig"))))
    paid = [one for one in rows if one["Trạng thái"] == "Đã thanh toán"]
    assert sum(int(one["Số tiền, ₫"]) for one in paid) == report.total.amount
    assert sum(int(one["Đã hoàn, ₫"] or 0) for one in rows) == report.total.refunded
    book = CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    assert book.sheet_names == [table.name.vi for table in sheets(report)] + ["Từng giao dịch"]
    days = book.get_sheet_by_name("Theo ngày").to_python()
    assert days[-1] == ["Cộng", report.total.count, report.total.amount, report.total.refunded, report.total.net]
    assert [one[0] for one in days[1:-1]] == list(DAYS)
    listed_rows = book.get_sheet_by_name("Từng giao dịch").to_python()
    assert len(listed_rows) == 151
    assert [one[3] for one in listed_rows[1:]] == [one["Mã đơn"] for one in rows]
    words = words_of(tmp_path / "a.pdf")
    assert "Tạp hóa Minh Anh" in words
    assert f"{report.total.net:,}".replace(",", ".") in words


def test_more_than_a_sheet_holds_is_refused_before_anything_is_written(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel's own limit, lowered; the head is a row too."""
    told: list[int] = []
    with journal_in(place, now_ms=BASE) as journal:
        report, part = report_for(journal, DAYS), Choice(cashier="Thu Hà")
        some = report_for(journal, DAYS, part)
        few = export_found(
            journal, tmp_path / "few.csv", Wanted(cashier="Thu Hà"), Language.VI, progress=lambda *_: None
        )
        before = set(tmp_path.iterdir())

        def into(name: str, what: Report) -> None:
            export(journal, tmp_path / name, what, Language.VI, about=same("x"), progress=lambda n, _: told.append(n))

        for limit, refused in ((150, True), (151, False)):
            for module in (reporting, xlsx_file):
                monkeypatch.setattr(module, "SHEET_ROWS_MAX", limit)
            for again in (lambda: into("a.xlsx", report), lambda: export_found(
                journal, tmp_path / "b.xlsx", Wanted(), Language.VI, progress=lambda n, _: told.append(n)
            )):  # fmt: skip
                with pytest.raises(TooManyRowsError) if refused else nullcontext():
                    again()
            if refused:
                assert (told, set(tmp_path.iterdir())) == ([], before), "not a row was written"
                into("a.csv", report)
                (tmp_path / "a.csv").unlink()
                told.clear()
        for module in (reporting, xlsx_file):
            monkeypatch.setattr(module, "SHEET_ROWS_MAX", few.payments + 1)
        into("part.xlsx", some)
        book = XlsxFile(tmp_path / "grown.xlsx", Language.VI)
        book.begin(same("x"), COLUMNS)
        with pytest.raises(TooManyRowsError):
            book.add([row("02-000148", "x")] * (few.payments + 1))
        book.close(whole=False)
    assert len(CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_name("Từng giao dịch").to_python()) == 151
    assert not (tmp_path / "grown.xlsx").exists()


def test_a_list_that_was_looked_for_is_exported(place: Path, tmp_path: Path) -> None:
    wanted = Wanted(cashier="Thu Hà")
    with journal_in(place, now_ms=BASE) as journal:
        listed = export_found(journal, tmp_path / "a.csv", wanted, Language.EN, progress=lambda *_: None)
        with pytest.raises(ValueError, match=r"\.pdf"):
            export_found(journal, tmp_path / "a.pdf", wanted, Language.EN, progress=lambda *_: None)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_bytes().decode("utf-8-sig"))))
    assert len(rows) == listed.payments > 10
    assert listed.cash == 0
    assert {one["Cashier"] for one in rows} == {"Thu Hà"}
