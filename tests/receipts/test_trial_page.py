"""The page to try a printer with: its ruler reaches both ends of every paper, its code is nobody's payment."""

import pytest
import zxingcpp

from pos_app.payments.payment_code import NotACode, WrongCode, read_scan
from pos_app.receipts.drawing import Line, Words
from pos_app.receipts.layout import PAPERS, Paper, lay_out
from pos_app.receipts.raster import raster
from pos_app.receipts.trial_page import CODE, trial_page
from pos_app.words import Language
from tests.receipts.slips import texts

ON_ALL_PAPERS = pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS.keys())


@ON_ALL_PAPERS
def test_the_ruler_goes_from_the_first_dot_to_the_last(paper: Paper) -> None:
    [sheet] = lay_out(trial_page("192.0.2.7:9100", paper, Language.VI).blocks, paper)
    ticks = [mark for mark in sheet.marks if isinstance(mark, Line) and mark.width < 10]
    assert min(mark.x for mark in ticks) == 0
    assert max(mark.x + mark.width for mark in ticks) == paper.width
    by_mm = {mark.x for mark in ticks if mark.width == 2}
    assert by_mm == {8 * mm for mm in range(1, (paper.width - 6) // 8 + 1)}
    picture = raster([sheet])
    y = ticks[0].y
    for x in (0, paper.width - 1):
        assert picture.getpixel((x, y)) == 0
    numbers = [mark for mark in sheet.marks if isinstance(mark, Words) and mark.text in {"10", "20", "30", "40"}]
    assert [mark.x + mark.width / 2 for mark in numbers] == pytest.approx([80, 160, 240, 320], abs=1)


@ON_ALL_PAPERS
@pytest.mark.parametrize("language", Language)
def test_its_code_is_read_and_is_no_payment(paper: Paper, language: Language) -> None:
    page = trial_page("192.0.2.7:9100", paper, language)
    picture = raster(lay_out(page.blocks, paper)).convert("L")
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [CODE]
    scanned = read_scan(CODE)
    assert isinstance(scanned, WrongCode)
    assert scanned.what is NotACode.SLIP
    assert "phiếu thanh toán" not in " ".join(texts(page.blocks)).casefold()
    assert "payment slip" not in " ".join(texts(page.blocks)).casefold()
