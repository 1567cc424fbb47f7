"""A shift's report on paper: every figure is there, nothing is cut, and a difference to the ledger cannot be missed."""

from dataclasses import replace

import pytest

from pos_app.receipts.blocks import Band, Block, Centred, Row, Style, Total
from pos_app.receipts.layout import PAPERS, lay_out
from pos_app.receipts.shift_slip import shift_blocks, shift_document
from pos_app.shifts.report import Line, Section, ShiftReport
from pos_app.words import NOTHING, Language, Text, same

LONG = Text("02-000195 của 02-000148, Nguyễn Thị Ngọc Lan duyệt", "02-000195 of 02-000148, by Nguyễn Thị Ngọc Lan")
REPORT = ShiftReport(
    title=Text("BÁO CÁO CHỐT CA Z SỐ 7", "Z REPORT NO. 7"),
    name="02-z-000007",
    store_name="Tạp hóa Minh Anh",
    store_address="45 Lê Lợi",
    store_phone="028 3822 1234",
    tax_code="0301234567",
    net=9_832_500,
    sections=(
        Section(NOTHING, (Line(Text("Ca số", "Shift no."), same("7")),)),
        Section(Text("HOÀN TIỀN", "REFUNDS"), (Line(LONG, same("−45.000 ₫")),)),
    ),
    is_final=True,
    agrees=True,
    demo=False,
    cashier="Thu Hà",
    manager="Ngọc Lan",
)


def words(blocks: tuple[Block, ...]) -> str:
    return "\n".join(" ".join(str(getattr(one, name)) for name in one.__slots__) for one in blocks)


@pytest.mark.parametrize("language", Language)
def test_everything_stands_on_it(language: Language) -> None:
    told = words(shift_blocks(REPORT, language))
    for wanted in ("Tạp hóa Minh Anh", "0301234567", REPORT.title.say(language), "9.832.500", "Thu Hà", "Ngọc Lan"):
        assert wanted in told
    assert "−45.000" in told
    assert LONG.say(language) in told
    assert "e-invoice" in told or "hóa đơn điện tử" in told


def test_a_look_says_that_it_is_no_closing() -> None:
    final, looked = (shift_blocks(report, Language.EN) for report in (REPORT, replace(REPORT, is_final=False)))
    subtitle = [one.text for one in looked if isinstance(one, Centred) and one.style is Style.SUBTITLE]
    assert subtitle == ["– a look at the running shift –"]
    assert subtitle != [one.text for one in final if isinstance(one, Centred) and one.style is Style.SUBTITLE]


def test_a_difference_is_white_on_black() -> None:
    wrong = Line(Text("Cổng lệch sổ cái", "Gateways: the ledger differs"), same("1 ₫"), bad=True)
    report = replace(REPORT, sections=(*REPORT.sections, Section(same("SỔ"), (wrong,))))
    bands = [one.text for one in shift_blocks(report, Language.EN) if isinstance(one, Band)]
    assert bands == ["Gateways: the ledger differs: 1 ₫"]


def test_a_demo_says_so() -> None:
    report = replace(REPORT, demo=True)
    assert isinstance(shift_blocks(report, Language.VI)[0], Band)
    assert isinstance(shift_blocks(replace(REPORT, sandbox=True), Language.VI)[0], Band)
    assert not isinstance(shift_blocks(REPORT, Language.VI)[0], Band)


@pytest.mark.parametrize("paper", ["58", "80", "A5"])
def test_it_fits_every_paper(paper: str) -> None:
    blocks = shift_blocks(REPORT, Language.VI)
    assert Row(LONG.vi, "−45.000 ₫", whole=True) in blocks
    assert any(isinstance(one, Total) for one in blocks)
    sheet = lay_out(blocks, PAPERS[paper])[0]
    assert (sheet.width, bool(sheet.marks)) == (PAPERS[paper].width, True)


def test_a_file_of_it_is_named_by_its_number() -> None:
    document = shift_document(REPORT, Language.VI)
    assert (document.name, document.title) == ("02-z-000007", "BÁO CÁO CHỐT CA Z SỐ 7")


def test_long_names_of_those_who_sign_do_not_run_into_each_other() -> None:
    """Two names side by side do not fit on a narrow roll: each has a line, and room to sign beneath."""
    name = "Nguyễn Thị Thuỷ Hương Giang"
    rows = [
        one for one in shift_blocks(replace(REPORT, cashier=name, manager=name), Language.VI) if isinstance(one, Row)
    ]
    assert rows[-2:] == [Row("Thu ngân", name, whole=True), Row("Quản lý", name, whole=True)]


def test_a_copy_of_a_report_says_so() -> None:
    first, again = shift_document(REPORT, Language.VI), shift_document(REPORT, Language.VI, 2)
    assert (first.name, again.name) == ("02-z-000007", "02-z-000007-copy-2")
    assert [one for one in again.blocks if one not in first.blocks] == [Centred("BẢN SAO 2", Style.SUBTITLE)]
    assert Centred("COPY 2", Style.SUBTITLE) in shift_document(REPORT, Language.EN, 2).blocks
