"""Slips as files: named so that they are found again, whole or not there at all."""

import resource
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from pos_app.receipts.layout import A5, ROLL_80
from pos_app.receipts.printers.file import FilePrinter
from pos_app.receipts.printers.printer import Outcome, Printer, PrinterError, PrinterState
from pos_app.words import Language
from tests.receipts.slips import DECLINED, DEMO_COPY, PAID, WAITING, paper_of


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_slip_becomes_a_pdf_and_a_picture(tmp_path: Path) -> None:
    folder = tmp_path / "phiếu" / "hôm nay"
    assert FilePrinter(folder).print(paper_of(PAID)) is Outcome.SAVED
    assert names(folder) == ["02-000148.pdf", "02-000148.png"]
    [page] = PdfReader(folder / "02-000148.pdf").pages
    assert "PHIẾU THANH TOÁN" in page.extract_text()
    with Image.open(folder / "02-000148.png") as picture:
        assert picture.size == (A5.width, A5.page_height)


def test_paper_and_language_are_chosen(tmp_path: Path) -> None:
    FilePrinter(tmp_path, paper=ROLL_80).print(paper_of(PAID, Language.EN))
    [page] = PdfReader(tmp_path / "02-000148.pdf").pages
    assert "PAYMENT SLIP" in page.extract_text()
    with Image.open(tmp_path / "02-000148.png") as picture:
        assert picture.width == ROLL_80.width


def test_names_tell_slips_apart() -> None:
    assert paper_of(PAID).name == "02-000148"
    assert paper_of(DEMO_COPY).name == "02-000148-copy-2"
    assert paper_of(WAITING).name == "02-000148-waiting"
    assert paper_of(replace(DECLINED, copy_number=1)).name == "02-000148-declined-copy-1"
    assert paper_of(replace(PAID, slip_number="../Quầy 2")).name == "___Qu_y_2"


def test_the_same_slip_again_replaces_its_file(tmp_path: Path) -> None:
    printer = FilePrinter(tmp_path)
    printer.print(paper_of(PAID))
    printer.print(paper_of(replace(PAID, note="Bàn 6")))
    assert names(tmp_path) == ["02-000148.pdf", "02-000148.png"]
    assert "Bàn 6" in PdfReader(tmp_path / "02-000148.pdf").pages[0].extract_text()


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be", encoding="utf-8")
    printer = FilePrinter(tmp_path / "taken")
    with pytest.raises(PrinterError) as raised:
        printer.print(paper_of(PAID))
    assert raised.value.cause.vi == "Không lưu được phiếu"
    assert str(tmp_path / "taken") in raised.value.remedy.vi
    assert printer.status().state is PrinterState.TROUBLE


def test_a_file_that_cannot_be_finished_leaves_the_old_one_and_no_scraps(tmp_path: Path) -> None:
    printer = FilePrinter(tmp_path)
    printer.print(paper_of(PAID))
    before = (tmp_path / "02-000148.pdf").read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))  # the system refuses as on a full disk
    try:
        with pytest.raises(PrinterError) as raised:
            printer.print(paper_of(replace(PAID, note="Bàn 6")))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert isinstance(raised.value.__cause__, OSError)
    assert names(tmp_path) == ["02-000148.pdf", "02-000148.png"]
    assert (tmp_path / "02-000148.pdf").read_bytes() == before


def test_it_is_ready_where_it_may_write(tmp_path: Path) -> None:
    printer: Printer = FilePrinter(tmp_path / "new")
    assert printer.status().state is PrinterState.READY
    assert names(tmp_path) == [], "asking makes nothing"
    assert printer.name == "file"
