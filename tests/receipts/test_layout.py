"""Where things stand: inside the paper, never on top of each other, amounts and ids in one piece."""

from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.money import AMOUNT_MAX, with_sign
from pos_app.receipts.blocks import Columns, Row, Total
from pos_app.receipts.content import Item, Slip, SlipKind, slip_blocks
from pos_app.receipts.drawing import CodeModules, Line, Panel, Sheet, Stroke, Words
from pos_app.receipts.layout import A5, PAPERS, ROLL_58, ROLL_80, Paper, lay_out
from pos_app.words import Language
from tests.receipts.slips import HALF_A_BILLION, HUNDRED, ITEMS, LONG, ONE_DONG, PAID, SLIPS

ON_ALL_PAPERS = pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS.keys())


def runs(sheets: tuple[Sheet, ...]) -> list[Words]:
    return [mark for sheet in sheets for mark in sheet.marks if isinstance(mark, Words)]


def check(sheets: tuple[Sheet, ...], paper: Paper) -> None:
    """Nothing leaves the margins, nothing covers anything but a panel its own words."""
    for sheet in sheets:
        solid = [mark.bounds for mark in sheet.marks if not isinstance(mark, Panel | Stroke)]
        panels = [mark.bounds for mark in sheet.marks if isinstance(mark, Panel)]
        for left, top, right, bottom in [mark.bounds for mark in sheet.marks]:
            assert paper.margin <= left < right <= paper.width - paper.margin
            assert 0 <= top < bottom <= sheet.height
        assert not [pair for pair in combinations(solid, 2) if overlap(*pair)]
        for panel in panels:
            assert all(contains(panel, mark) for mark in solid if overlap(panel, mark))


def overlap(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def contains(outer: tuple[int, ...], inner: tuple[int, ...]) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


@ON_ALL_PAPERS
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS.keys())
def test_everything_has_its_own_place(slip: Slip, language: Language, paper: Paper) -> None:
    check(lay_out(slip_blocks(slip, language), paper), paper)


@ON_ALL_PAPERS
@pytest.mark.parametrize("slip", [HUNDRED, ONE_DONG, HALF_A_BILLION], ids=["hundred", "1 dong", "500 million"])
def test_the_longest_and_the_largest_have_their_place_too(slip: Slip, paper: Paper) -> None:
    sheets = lay_out(slip_blocks(slip, Language.VI), paper)
    check(sheets, paper)
    said = [run.text for run in runs(sheets)]
    assert with_sign(slip.amount) in said
    assert sum(text.startswith("× ") for text in said) == len(slip.items)


WORDS = st.text(st.sampled_from("aàảãáạăặâấiuươợệỗẫỳđ ABCDẤẶỖỮ 0123456789 .,-()/"), max_size=160)
IDS = st.text("0123456789_-", min_size=1, max_size=40)


@settings(max_examples=25, deadline=None)
@given(
    slip=st.builds(
        Slip,
        kind=st.sampled_from(SlipKind),
        store_name=WORDS.filter(str.strip),
        slip_number=IDS,
        at_ms=st.integers(0, 4_000_000_000_000),
        amount=st.integers(1, AMOUNT_MAX),
        method=st.just(PAID.method),
        app_trans_id=IDS,
        store_address=WORDS,
        note=WORDS,
        cashier=WORDS,
        zp_trans_id=IDS,
        copy_number=st.integers(0, 200),
        demo=st.booleans(),
        items=st.lists(
            st.builds(Item, WORDS.filter(str.strip), st.integers(0, AMOUNT_MAX), st.integers(1, 999)), max_size=3
        ).map(tuple),
    ),
    language=st.sampled_from(Language),
    paper=st.sampled_from(list(PAPERS.values())),
)
def test_any_slip_fits_on_any_paper(slip: Slip, language: Language, paper: Paper) -> None:
    sheets = lay_out(slip_blocks(slip, language), paper)
    check(sheets, paper)
    said = [run.text for run in runs(sheets)]
    for whole in (with_sign(slip.amount), slip.app_trans_id, slip.slip_number, slip.zp_trans_id):
        assert whole in said


@ON_ALL_PAPERS
@pytest.mark.parametrize("amount", [1, 999, 185_000, 99_999_999, 999_999_999])
def test_the_amount_is_in_one_piece_and_the_biggest(amount: int, paper: Paper) -> None:
    sheets = lay_out(slip_blocks(replace(PAID, amount=amount), Language.VI), paper)
    found = [run for run in runs(sheets) if run.text == with_sign(amount)]
    assert len(found) == 1
    assert found[0].size == max(run.size for run in runs(sheets))
    assert found[0].bounds[2] == paper.width - paper.margin


def test_an_amount_that_cannot_stand_beside_its_label_goes_under_it() -> None:
    [sheet] = lay_out([Total("TỔNG CỘNG", with_sign(999_999_999))], ROLL_58)
    label, amount = sheet.marks
    assert amount.bounds[1] >= label.bounds[3]
    [sheet] = lay_out([Total("TỔNG CỘNG", with_sign(185_000))], ROLL_58)
    label, amount = sheet.marks
    assert isinstance(label, Words)
    assert isinstance(amount, Words)
    assert label.y == amount.y


@ON_ALL_PAPERS
def test_a_long_label_wraps_above_its_figure_and_a_sentence_stays_readable(paper: Paper) -> None:
    label = "Ca 11, phiếu 02-000148 của Nguyễn Thị Ngọc Lan: chưa rõ kết quả, nay đã trả đủ, tiền về muộn"
    reason = "ZaloPay chưa trả lời, đã ghi sổ và gọi tổng đài lúc 21:30, hẹn trả lời sáng mai, quản lý đã biết"
    rows = [Row(label, "185.000\u00a0₫", whole=True), Row("Lý do", reason, whole=True), Row("Mã", "9" * 40, whole=True)]
    sheets = lay_out(rows, paper)
    check(sheets, paper)
    said = runs(sheets)
    sizes = {run.size for run in said if not run.text.startswith("9")}
    assert len(sizes) == 1
    assert [run.text for run in said if "185" in run.text] == ["185.000 ₫"]
    assert "9" * 40 in [run.text for run in said]


def test_two_columns_have_half_the_paper_each() -> None:
    [sheet] = lay_out([Columns("Thu Hà", "", "Nguyễn Thị Ngọc Lan")], ROLL_80)
    assert [mark.text for mark in sheet.marks if isinstance(mark, Words)] == ["Thu Hà", "Nguyễn Thị Ngọc Lan"]
    assert {mark.size for mark in sheet.marks if isinstance(mark, Words)} == {24}


@ON_ALL_PAPERS
def test_the_marks_come_in_reading_order(paper: Paper) -> None:
    for sheet in lay_out(slip_blocks(PAID, Language.VI), paper):
        rows = [mark.y for mark in sheet.marks if isinstance(mark, Words) and mark.x == paper.margin]
        assert len(rows) > 5
        assert all(above < below for above, below in pairwise(rows))


@ON_ALL_PAPERS
def test_the_code_can_be_read(paper: Paper) -> None:
    codes = [mark for sheet in lay_out(slip_blocks(LONG, Language.VI), paper) for mark in sheet.marks
             if isinstance(mark, CodeModules)]  # fmt: skip
    assert len(codes) == 1
    assert codes[0].module >= 3


def test_rolls_are_one_sheet_and_pages_are_filled_before_they_become_more() -> None:
    assert len(lay_out(slip_blocks(LONG, Language.VI), ROLL_80)) == 1
    [page] = lay_out(slip_blocks(ITEMS, Language.VI), A5)
    assert (page.width, page.height) == (1184, 1680)
    many = replace(PAID, items=ITEMS.items * 10)
    pages = lay_out(slip_blocks(many, Language.VI), A5)
    assert len(pages) > 1
    assert all(page.marks for page in pages)
    check(pages, A5)


def test_a_dashed_line_is_dashes_and_ends_where_it_should() -> None:
    line = Line(x=10, y=5, width=101, thickness=2, dashed=True)
    assert len(line.dashes) > 5
    assert line.dashes[-1][2] <= 111
    assert all(one[2] < other[0] for one, other in pairwise(line.dashes))
    assert len(Line(10, 5, 101, 2).dashes) == 1
