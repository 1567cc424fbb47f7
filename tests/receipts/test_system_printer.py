"""Printers of the computer, through Qt: the process that talks to them, and what it paints, in true size."""

import base64
import io
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops
from pypdf import PdfReader
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter

from pos_app.receipts.content import Slip
from pos_app.receipts.layout import A5, ROLL_58, ROLL_80, Paper, lay_out
from pos_app.receipts.printers import system
from pos_app.receipts.printers.printer import PrinterError, PrinterState
from pos_app.receipts.printers.system import SystemPrinter, system_printers
from pos_app.receipts.printers.system_child import paint
from pos_app.receipts.raster import png
from tests.receipts.slips import HUNDRED, PAID, paper_of

ITEMS_ON_PAGES = replace(HUNDRED, items=HUNDRED.items[:30])
POINTS_PER_MM = 72 / 25.4


def painted(slip_pages: list[dict[str, object]], path: Path) -> PdfReader:
    """What the child paints, on a printer that is a PDF file: the same Qt painting, another engine at its end."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    assert paint(printer, slip_pages) == {}
    return PdfReader(path)


@pytest.mark.parametrize(
    ("slip", "paper"),
    [(PAID, ROLL_58), (PAID, ROLL_80), (ITEMS_ON_PAGES, A5)],
    ids=["58", "80", "A5, pages"],
)
def test_pages_come_out_in_true_size_and_can_be_read(
    slip: Slip, paper: Paper, tmp_path: Path, qapp: QGuiApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, object] = {}
    monkeypatch.setattr(system, "_ask", lambda what, **given: asked.update(given, what=what))
    SystemPrinter("Quầy 2", paper=paper).print(paper_of(slip))
    assert (asked["what"], asked["queue"], asked["title"]) == ("print", "Quầy 2", "02-000148")
    pages = asked["pages"]
    assert isinstance(pages, list)
    reader = painted(pages, tmp_path / "out.pdf")
    count = len(lay_out(paper_of(slip).blocks, paper))
    assert len(reader.pages) == count
    for page, given in zip(reader.pages, pages, strict=True):
        assert float(page.mediabox.width) == pytest.approx(given["width_mm"] * POINTS_PER_MM, abs=1.5)
        assert float(page.mediabox.height) == pytest.approx(given["height_mm"] * POINTS_PER_MM, abs=1.5)
    assert pages[0]["width_mm"] == pytest.approx(paper.width / 8)
    draw = ["pdftoppm", "-r", "203", "-gray", "-png", "-f", str(count), "-l", str(count)]
    subprocess.run([*draw, str(tmp_path / "out.pdf"), str(tmp_path / "p")], check=True, timeout=60)
    [picture] = tmp_path.glob("p*.png")
    with Image.open(picture) as shown:
        assert [code.text for code in zxingcpp.read_barcodes(shown)] == ["PHIEU:261121_02-000148"]


def test_the_picture_is_finer_than_a_thermal_printers(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, list[dict[str, str]]] = {}
    monkeypatch.setattr(system, "_ask", lambda _what, **given: asked.update(given))
    SystemPrinter(paper=ROLL_80).print(paper_of(PAID))
    with (
        Image.open(io.BytesIO(base64.b64decode(asked["pages"][0]["png"]))) as page,
        Image.open(io.BytesIO(png(lay_out(paper_of(PAID).blocks, ROLL_80)))) as thermal,
    ):
        assert page.size == (2 * thermal.width, 2 * thermal.height)
        small = page.convert("L").resize(thermal.size)
        wrong = ImageChops.difference(small, thermal.convert("L")).point(lambda grey: 255 if grey > 200 else 0)
        assert wrong.histogram()[255] < 0.01 * thermal.width * thermal.height, "the same picture"


def test_a_printer_that_the_system_does_not_know_is_told() -> None:
    """With the real process: it answers, and knows no such queue."""
    printer = SystemPrinter("no such queue")
    with pytest.raises(PrinterError) as raised:
        printer.print(paper_of(PAID))
    assert raised.value.cause.vi == "Không thấy máy in"
    assert not raised.value.begun
    assert printer.status().state is PrinterState.TROUBLE
    assert "no such queue" not in system_printers()
    assert printer.name == "no such queue"


def test_a_driver_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "_SECONDS_MAX", 0.01)  # the process cannot even be started in that
    with pytest.raises(PrinterError) as raised:
        SystemPrinter().print(paper_of(PAID))
    assert raised.value.cause.en == "The print queue does not answer"
    assert raised.value.begun, "the queue may have it"


def test_a_driver_that_breaks_its_process_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "_CHILD", "pos_app.nowhere")
    with pytest.raises(PrinterError) as raised:
        SystemPrinter().print(paper_of(PAID))
    assert raised.value.cause.en == "The system cannot print"
    with pytest.raises(PrinterError) as again:
        SystemPrinter().print(paper_of(PAID))
    assert len(again.traceback) == len(raised.traceback), "nothing of the first is kept"
    assert system_printers() == ()
