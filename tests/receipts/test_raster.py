"""The slip in dots: as wide as the printer, black and white, and its code can be scanned from it."""

import io

import pytest
import zxingcpp
from PIL import Image

from pos_app.receipts.content import Slip, slip_blocks
from pos_app.receipts.drawing import Panel, Words
from pos_app.receipts.layout import PAPERS, ROLL_80, Paper, lay_out
from pos_app.receipts.raster import png, raster
from pos_app.words import Language
from tests.receipts.slips import DEMO_COPY, LONG, PAID, SLIPS

ON_ALL_PAPERS = pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS.keys())


@ON_ALL_PAPERS
@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS.keys())
def test_the_code_is_read_back_from_the_dots(slip: Slip, paper: Paper) -> None:
    sheets = lay_out(slip_blocks(slip, Language.VI), paper)
    picture = raster(sheets)
    assert picture.mode == "1"
    assert picture.size == (paper.width, sum(sheet.height for sheet in sheets))
    assert [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))] == [slip.code]


def test_a_slip_on_80_mm_paper_is_as_long_as_a_hand() -> None:
    [sheet] = lay_out(slip_blocks(PAID, Language.VI), ROLL_80)
    assert 1100 < sheet.height < 1400  # 140 to 175 mm


def test_every_run_of_text_leaves_ink_inside_its_room() -> None:
    [sheet] = lay_out(slip_blocks(LONG, Language.VI), ROLL_80)
    picture = raster([sheet])
    for run in (mark for mark in sheet.marks if isinstance(mark, Words)):
        dots = picture.crop(run.bounds).convert("L").histogram()
        dark = dots[0] / sum(dots)
        assert (0.5 < dark < 0.95) if run.white else (0.04 < dark < 0.5), run.text


def test_nothing_is_black_where_nothing_stands() -> None:
    [sheet] = lay_out(slip_blocks(PAID, Language.VI), ROLL_80)
    picture = raster([sheet]).convert("L")
    for mark in sheet.marks:
        left, top, right, bottom = mark.bounds
        picture.paste(255, (left - 2, top, right + 2, bottom))  # a letter may lean a dot over its advance
    assert picture.getextrema() == (255, 255)


def test_a_demo_band_is_black_from_edge_to_edge() -> None:
    [sheet] = lay_out(slip_blocks(DEMO_COPY, Language.VI), ROLL_80)
    band = next(mark for mark in sheet.marks if isinstance(mark, Panel))
    picture = raster([sheet])
    for x in range(band.x + band.radius, band.x + band.width - band.radius):
        assert picture.getpixel((x, band.y + 2)) == 0


def test_the_png_is_the_same_picture() -> None:
    sheets = lay_out(slip_blocks(PAID, Language.VI), ROLL_80)
    shown = Image.open(io.BytesIO(png(sheets)))
    assert shown.format == "PNG"
    assert shown.mode == "1"
    assert shown.tobytes() == raster(sheets).tobytes()
