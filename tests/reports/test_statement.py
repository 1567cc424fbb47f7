"""How people write amounts and times in statements, and which files are understood at all."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from pos_app.reports.forms import FILE_NAME, known_form, remember
from pos_app.reports.statement import Cell, Field, Form, Line, Unread, dong, heading, instant, read_line
from pos_app.reports.statement_file import StatementError, guess, head_of, read_statement, rows_of
from pos_app.vietnam_day import local_time
from tests.reports.shop import COLUMNS, FORM, HEADS

NAMES = tuple(HEADS[field] for field in COLUMNS)


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("1250000", 1_250_000), ("1.250.000", 1_250_000), ("1,250,000", 1_250_000), ("1 250 000", 1_250_000),
        ("1\u00a0250\u00a0000 ₫", 1_250_000), ("1.250.000đ", 1_250_000), ("1.250.000 VNĐ", 1_250_000),
        ("VND 1,250,000", 1_250_000), ("1,250,000.00", 1_250_000), ("1.250.000,00", 1_250_000),
        ("1250000.0", 1_250_000),
        ("-50.000", -50_000), ("−50.000", -50_000), ("(50.000)", -50_000), ("+50.000", 50_000), ("'50000", 50_000),
        ("50,000", 50_000), ("5.000", 5_000), ("0", 0), (50_000, 50_000), (50_000.0, 50_000), ("500", 500),
        ("1.250.000 đồng", 1_250_000),
    ],
)  # fmt: skip
def test_amounts(said: Cell, amount: int) -> None:
    assert dong(said) == amount


@pytest.mark.parametrize(
    "said",
    ["", "abc", "12,5", "1.25", "1.250.00", "1,250.000", "12.50.000", "1e6", 0.5, True, None, "50.000 50", "50.000,50",
     2.0**60, "--5", "5,0000"],
)  # fmt: skip
def test_what_is_no_amount_is_refused(said: Cell) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        dong(said)


@pytest.mark.parametrize(
    "said",
    ["22/11/2026 14:32:05", "22-11-2026 14:32:05", "22.11.26 14:32:05", "14:32:05 22/11/2026", "2026-11-22 14:32:05",
     "2026-11-22T14:32:05", "2026-11-22T14:32:05+07:00", "2026-11-22T07:32:05Z", "22/11/2026 2:32:05 CH",
     "22/11/2026 02:32:05 PM", "22/11/2026, 14:32:05", "14:32:05 ngày 22/11/2026", "22/11/2026 14:32:05.250",
     datetime.fromisoformat("2026-11-22 14:32:05"), datetime(2026, 11, 22, 7, 32, 5, tzinfo=UTC), "1795332725000",
     1795332725000],
)  # fmt: skip
def test_times(said: Cell) -> None:
    at_ms, whole_day = instant(said)
    assert local_time(at_ms).strftime("%d/%m/%Y %H:%M:%S") == "22/11/2026 14:32:05"
    assert not whole_day


@pytest.mark.parametrize("said", ["22/11/2026", "2026-11-22", date(2026, 11, 22), "22-11-26"])
def test_days(said: Cell) -> None:
    at_ms, whole_day = instant(said)
    assert local_time(at_ms).strftime("%d/%m/%Y %H:%M") == "22/11/2026 12:00"
    assert whole_day


def test_noon_and_midnight_in_halves() -> None:
    assert local_time(instant("22/11/2026 12:05 SA")[0]).strftime("%H:%M") == "00:05"
    assert local_time(instant("22/11/2026 12:05 CH")[0]).strftime("%H:%M") == "12:05"


@pytest.mark.parametrize(
    "said", ["", "hôm qua", "32/11/2026", "11/22/2026", "13:32 CH 22/11/2026", 46348.6, True, "14:32"]
)
def test_what_is_no_time_is_refused(said: Cell) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        instant(said)


def line(**cells: Cell) -> tuple[Line, ...] | Unread:
    return read_line(3, {Field(name): value for name, value in cells.items()}, "x")


def test_a_line() -> None:
    told = line(order_id=" o1 ", number=240000000000123, amount="50.000", time="22/11/2026 14:32", kind="Thanh toán")
    assert isinstance(told, tuple)
    assert (told[0].order_id, told[0].number, told[0].amount, told[0].is_refund) == (
        "o1",
        "240000000000123",
        50_000,
        False,
    )


@pytest.mark.parametrize(
    "status", ["Thất bại", "Không thành công", "Đã huỷ", "FAILED", "Đang xử lý", "Chờ thanh toán", "Unpaid"]
)
def test_what_did_not_happen_tells_of_no_money(status: str) -> None:
    assert line(order_id="o1", amount="1", status=status) == ()


def test_what_cannot_be_read_says_why() -> None:
    for cells, word in (
        ({"order_id": "o1", "amount": "x"}, "amount"),
        ({"order_id": "o1", "amount": "1", "time": "x"}, "time"),
        ({"order_id": "o1", "amount": "1", "status": "???"}, "state"),
        ({"order_id": "o1", "amount": "1", "time": "31/12/9999"}, "time"),
        ({"order_id": "o1", "amount": "1", "time": "0001-01-01T00:00:00+23:59"}, "time"),
        ({"order_id": "o1", "amount": "9" * 4_000}, "amount"),
        ({"amount": "1"}, "no id"),
        ({"order_id": "o1", "number": "2,4E+14", "amount": "1"}, "damaged"),
        ({"number": 2.4e20, "amount": "1"}, "damaged"),
    ):
        told = line(**cells)
        assert isinstance(told, Unread)
        assert word in told.why.en


def test_a_refund_in_the_same_line_is_a_line_of_its_own() -> None:
    told = line(order_id="o1", amount="50.000", refunded="20.000", time="22/11/2026")
    assert isinstance(told, tuple)
    assert [(one.amount, one.is_refund) for one in told] == [(50_000, False), (20_000, True)]


def test_the_id_of_our_own_file_is_read_back() -> None:
    told = line(number='="0123456789012345"', amount="1")
    assert isinstance(told, tuple)
    assert told[0].number == "0123456789012345"


# --- files ---------------------------------------------------------------------------------------------------------


def test_columns_are_guessed_and_the_head_is_found_below_a_title(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Sao kê,,\n,,\n" + ",".join(NAMES) + "\no1,n1,50.000,22/11/2026,Thanh toán,Thành công,\n", "utf-8")
    head = head_of(path)
    assert (head.place, head.names) == (3, NAMES)
    assert guess(head.names) == FORM.columns
    assert guess(("app_trans_id", "zp_trans_id", "amount", "status", "created time")) == {
        Field.ORDER_ID: "app_trans_id", Field.NUMBER: "zp_trans_id", Field.AMOUNT: "amount", Field.STATUS: "status",
        Field.TIME: "created time",
    }  # fmt: skip


def test_a_form_is_kept_and_known_again(tmp_path: Path) -> None:
    assert known_form(tmp_path, NAMES) is None
    remember(tmp_path, FORM)
    remember(tmp_path, Form({Field.AMOUNT: heading("Tiền"), Field.NUMBER: heading("Mã")}, "AppotaPay"))
    assert known_form(tmp_path, (*NAMES[::-1], "Phí")) == FORM, "in any order, with more columns"
    assert known_form(tmp_path, NAMES[:2]) is None
    remember(tmp_path, Form(FORM.columns, "AppotaPay"))
    assert known_form(tmp_path, NAMES, "ZaloPay") == FORM, "the same heads, and another gateway's: both are kept"
    known = known_form(tmp_path, NAMES)
    assert known is not None
    assert known.brand == "AppotaPay"
    assert len(json.loads((tmp_path / FILE_NAME).read_text("utf-8"))) == 3
    (tmp_path / FILE_NAME).write_text("{", "utf-8")
    assert known_form(tmp_path, NAMES) is None, "what cannot be read is described again"
    remember(tmp_path / FILE_NAME, FORM)
    assert known_form(tmp_path / FILE_NAME, NAMES) is None, "and so is what the disk did not take"


def test_what_a_form_needs() -> None:
    assert Form({Field.NUMBER: "n"}, "ZaloPay").missing == (Field.AMOUNT,)
    assert Form({Field.AMOUNT: "a"}, "ZaloPay").missing == (Field.ORDER_ID,)
    assert FORM.missing == ()


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", b"\xff\xfe\x00", b"", b"\x00\x01\x02\x03"])
def test_damaged_files_are_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(StatementError) as refused:
        read_statement(path, FORM)
    assert refused.value.title.vi


def workbook(path: Path, **parts: bytes) -> Path:
    """A workbook of one line, with parts in place of its own, or beside them."""
    book = Workbook()
    for row in (["Mã đơn", "Số tiền"], ["o1", 5_000]):
        book.worksheets[0].append(row)
    whole = io.BytesIO()
    book.save(whole)
    names = {"xl/worksheets/sheet1.xml": "sheet", "xl/styles.xml": "styles"}
    with zipfile.ZipFile(whole) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in made.namelist():
            changed.writestr(name, parts.get(names.get(name, ""), made.read(name)))
        changed.writestr("xl/media/image1.png", parts.get("beside", b""))
    return path


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ({"styles": b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" no="1"/>'}, "read"),
        ({"sheet": b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + SHEET % b'<row><c t="str"><v>&a;</v></c></row>'}, "read"),
        ({"sheet": SHEET % b'<row r="2000000000"><c><v>1</v></c></row>'}, "large"),
        ({"beside": bytes(5_000_000)}, "large"),
    ],
    ids=["styles", "entities", "row", "bomb"],
)
def test_a_hostile_workbook_is_refused_in_words(tmp_path: Path, parts: dict[str, bytes], word: str) -> None:
    assert list(rows_of(workbook(tmp_path / "good.xlsx"))) == [("Mã đơn", "Số tiền"), ("o1", 5_000)]
    with pytest.raises(StatementError, match=word):
        list(rows_of(workbook(tmp_path / "a.xlsx", **parts)))


def test_a_packed_part_that_is_damaged_is_refused_in_words(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", beside=b"")
    with zipfile.ZipFile(path) as book:
        at = book.getinfo("xl/workbook.xml").header_offset + 30 + len("xl/workbook.xml")
    content = bytearray(path.read_bytes())
    content[at : at + 8] = b"\xff" * 8
    path.write_bytes(content)
    with pytest.raises(StatementError, match="read"):
        read_statement(path, FORM)


def test_old_spreadsheets_letters(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Mã đơn;Số tiền\r\no1;5.000\r\n".encode("cp1258", errors="replace"))
    assert list(rows_of(path))[1] == ("o1", "5.000")


def test_a_cell_with_the_delimiter_a_quote_and_a_line_break(tmp_path: Path) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["Mã đơn", "Số tiền", "Ghi chú"], ["o1", "5,000", 'bàn "5",\nhai dòng']])
    path = tmp_path / "a.csv"
    path.write_text("\ufeff" + text.getvalue(), "utf-8", newline="")
    form = Form({Field.ORDER_ID: "ma don", Field.AMOUNT: "so tien"}, "ZaloPay")
    lines, unread = read_statement(path, form)
    assert ([(one.order_id, one.amount) for one in lines], unread) == ([("o1", 5_000)], [])
