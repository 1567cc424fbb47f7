"""The PDF holds real text: two independent readers find the very words, in order, with every Vietnamese mark."""

import io
import subprocess
import unicodedata
from collections.abc import Callable

import pytest
from pypdf import PdfReader

from pos_app.receipts.content import Slip, slip_blocks
from pos_app.receipts.drawing import Words
from pos_app.receipts.layout import A5, PAPERS, ROLL_58, Paper, lay_out
from pos_app.receipts.printers.pdf import pdf
from pos_app.words import Language
from tests.receipts.slips import ITEMS, LONG, PAID, SLIPS, WAITING


def words(text: str) -> list[str]:
    return text.replace("\u00a0", " ").split()


def by_poppler(content: bytes) -> str:
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, timeout=20, check=True)
    return done.stdout.decode()


def by_pypdf(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("read", [by_poppler, by_pypdf])
@pytest.mark.parametrize("paper", [ROLL_58, A5])
@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS.keys())
def test_the_words_are_read_back_exactly(slip: Slip, paper: Paper, read: Callable[[bytes], str]) -> None:
    sheets = lay_out(slip_blocks(slip, Language.VI), paper)
    text = read(pdf(sheets, title=slip.slip_number, language=Language.VI))
    laid_out = [mark.text for sheet in sheets for mark in sheet.marks if isinstance(mark, Words)]
    assert words(text) == words(" ".join(laid_out))
    assert unicodedata.is_normalized("NFC", text)
    assert ("ĐÃ THANH TOÁN" in text) is (slip is not WAITING and slip.kind == PAID.kind)


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS.keys())
def test_pages_have_the_size_of_the_paper(paper: Paper) -> None:
    sheets = lay_out(slip_blocks(ITEMS, Language.VI), paper)
    [page] = PdfReader(io.BytesIO(pdf(sheets, title="02-000148", language=Language.VI))).pages
    assert float(page.mediabox.width) == pytest.approx(paper.width / 8 / 25.4 * 72, abs=0.01)
    assert float(page.mediabox.height) == pytest.approx(sheets[0].height / 8 / 25.4 * 72, abs=0.01)


def test_no_text_runs_out_of_its_place() -> None:
    """The letters that the PDF's own fonts draw are as wide as the layout measured, to a dot."""
    sheets = lay_out(slip_blocks(LONG, Language.VI), A5)
    content = pdf(sheets, title="x", language=Language.VI)
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, timeout=20, check=True)
    rights = [float(part.split('"')[0]) for part in done.stdout.decode().split('xMax="')[1:]]
    page_points = (A5.width - A5.margin) / 8 / 25.4 * 72
    assert len(rights) > 50
    assert max(rights) == pytest.approx(page_points, abs=0.5)


def test_the_file_names_itself_and_is_the_same_each_time() -> None:
    sheets = lay_out(slip_blocks(PAID, Language.EN), A5)
    first = pdf(sheets, title="02-000148", language=Language.EN)
    reader = PdfReader(io.BytesIO(first))
    assert reader.metadata is not None
    assert reader.metadata.title == "02-000148"
    assert str(reader.root_object["/Lang"]) == "en"
    assert pdf(sheets, title="02-000148", language=Language.EN) == first


def test_all_fonts_are_inside() -> None:
    content = pdf(lay_out(slip_blocks(PAID, Language.VI), A5), title="x", language=Language.VI)
    done = subprocess.run(["pdffonts", "-"], input=content, capture_output=True, timeout=20, check=True)
    fonts = [line.split() for line in done.stdout.decode().splitlines()[2:]]
    ours = [font for font in fonts if "Helvetica" not in font[0]]
    assert len(ours) == 3
    assert all(font[-5:-2] == ["yes", "yes", "yes"] for font in ours)  # embedded, subset, with its letters' meaning
