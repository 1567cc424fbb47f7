"""The cash drawer in a report: folded in any order, of the days and people that were chosen; nothing without cash."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from pos_app.checkout.report_answers import report_answer, report_json
from pos_app.checkout.reporting import WORDING, export, facts_of, report_for
from pos_app.journal.cash_entries import CashGivenBack, CashMoved, CashTaken
from pos_app.journal.store import Journal
from pos_app.payments.cash import CashKind
from pos_app.payments.gateway_names import CASH, brand
from pos_app.reports.drawer import NO_DRAWER, DrawerLine, DrawerSums, drawer_of
from pos_app.reports.facts import CashCell, DrawerClosed, DrawerMoved, Facts, together
from pos_app.reports.ranges import Days
from pos_app.reports.report import Choice, report_of
from pos_app.reports.sheets import sheets
from pos_app.vietnam_day import day_bounds_ms
from pos_app.words import Language, Text
from tests.journal.shifts import Till
from tests.journal.stories import journal_in

DAY = date(2026, 11, 30)
"""The last of a month."""
MIDNIGHT = day_bounds_ms(DAY)[1]
MONTH = Days(date(2026, 11, 1), DAY)
SIGNS = ("=1+1", "+84", "-5", "@x", "Lan|dir")
SOLD = st.builds(
    CashCell, st.just(494_000), st.sampled_from(["02", "03"]), st.integers(1, 3), st.sampled_from(["Lan", "Hà"]),
    st.booleans(), st.integers(1, 5), st.integers(1, 10**9),
)  # fmt: skip
MOVED = st.builds(
    DrawerMoved, st.integers(0, 9), st.just("02"), st.integers(1, 3), st.sampled_from(["Lan", "Hà"]),
    st.sampled_from([CashKind.PAY_IN, CashKind.PAY_OUT]), st.integers(1, 10**6), st.just("Lan"), st.just("đổi tiền"),
)  # fmt: skip
CLOSED = st.builds(
    DrawerClosed, st.integers(0, 9), st.just("02"), st.integers(1, 3), st.sampled_from(["Lan", "Hà"]),
    st.integers(0, 10**6), st.integers(0, 10**6), st.just(""),
)  # fmt: skip


@given(st.lists(SOLD, max_size=6), st.lists(MOVED | CLOSED, max_size=6))
def test_the_order_and_the_splitting_change_nothing(
    sold: list[CashCell], log: list[DrawerMoved | DrawerClosed]
) -> None:
    told = drawer_of(sold, log)
    assert drawer_of(sold[::-1], log[::-1]) == told
    halves = together([Facts(cash=tuple(sold[:2]), drawer=tuple(log[:2])),
                       Facts(cash=tuple(sold[2:]), drawer=tuple(log[2:]))])  # fmt: skip
    assert drawer_of(halves.cash, halves.drawer) == told
    assert told.total.sold == sum(one.amount for one in sold if not one.is_refund)
    assert told.total.paid_in == sum(
        one.amount for one in log if isinstance(one, DrawerMoved) and one.kind is CashKind.PAY_IN
    )
    closed = [one.over for one in log if isinstance(one, DrawerClosed)]
    assert told.total.over == (sum(closed) if closed else None)
    assert sum((one.sums for one in told.lines), DrawerSums()) == told.total


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    """Two shifts around a month's end. An opens; Lan and somebody with a sign in front of the name sell."""
    with journal_in(tmp_path_factory.mktemp("drawer"), now_ms=MIDNIGHT) as made:
        till = Till(made, at_ms=MIDNIGHT - 10_000)

        def sell(amount: int, who: str = "Lan") -> CashTaken:
            slip = f"02-{made.next_running():06}"
            taken = CashTaken(slip, amount, amount, "=1+1", slip, who, "")
            made.write(taken, at_ms=till.later()).result()
            return taken

        def move(what: CashKind, amount: int, why: str) -> None:
            made.write(CashMoved(what, amount, why, "Minh", "", "Lan", ""), at_ms=till.later()).result()

        first = sell(50_000)
        sell(20_000, SIGNS[0])
        move(CashKind.PAY_OUT, 30_000, "=mua đá lạnh")
        move(CashKind.PAY_IN, 10_000, "thêm tiền lẻ")
        move(CashKind.OPENED, 0, "khách đổi tiền")
        till.count(45)
        till.close()  # 5 000 short, before midnight
        assert till.at_ms < MIDNIGHT - 1
        till.at_ms = MIDNIGHT - 1_001
        last = sell(7_000)
        sell(9_000)
        for sold, amount in ((first, 15_000), (last, 1_000)):  # of the earlier shift, and of the last second
            slip = f"02-{made.next_running():06}"
            back = CashGivenBack(slip, sold.slip_number, amount, "other", "", "Minh", "", slip, "Lan", "")
            made.write(back, at_ms=till.later()).result()
        till.count(2)
        till.close()  # 2 000 over, after midnight
        yield made


def test_the_drawer_in_a_report(journal: Journal) -> None:
    november = report_for(journal, MONTH).drawer
    assert november.lines == (
        DrawerLine("02", 1, SIGNS[0], DrawerSums(1, 20_000)),
        DrawerLine("02", 1, "An", DrawerSums(over=-5_000)),
        DrawerLine("02", 1, "Lan", DrawerSums(1, 50_000, 0, 0, 10_000, 30_000, 1)),
        DrawerLine("02", 2, "Lan", DrawerSums(1, 7_000)),
    )
    december = report_for(journal, Days(date(2026, 12, 1), date(2026, 12, 1))).drawer
    assert december.lines == (
        DrawerLine("02", 2, "An", DrawerSums(over=2_000)),
        DrawerLine("02", 2, "Lan", DrawerSums(1, 9_000, 2, 16_000)),
    )
    both = report_for(journal, Days(DAY, date(2026, 12, 1))).drawer
    assert both.total == november.total + december.total


@pytest.mark.parametrize(
    ("choice", "total"),
    [
        (Choice(cashier="Lan"), DrawerSums(2, 57_000, 0, 0, 10_000, 30_000, 1)),
        (Choice(cashier="An"), DrawerSums(over=-5_000)),
        (Choice(method=brand(CASH)), DrawerSums(3, 77_000, 0, 0, 10_000, 30_000, 1, -5_000)),
        (Choice(method=Text("ZaloPay", "ZaloPay")), DrawerSums()),
        (Choice(till="03"), DrawerSums()),
    ],
)
def test_a_part_of_it(journal: Journal, choice: Choice, total: DrawerSums) -> None:
    report = report_for(journal, MONTH, choice)
    assert report.drawer.total == total
    assert (report.drawer == NO_DRAWER) is (total == DrawerSums())


def test_without_cash_there_is_none_of_it() -> None:
    report = report_of(Facts(), MONTH, WORDING)
    assert "drawer" not in report_json(report)
    assert not any("tiền mặt" in one.name.vi.lower() or "ngăn kéo" in one.name.vi.lower() for one in sheets(report))


def test_two_tills_are_told_apart(journal: Journal) -> None:
    here = facts_of(journal, MONTH)
    there = Facts(cash=(CashCell(494_000, "03", 1, "Lan", False, 1, 5),))
    (table,) = (one for one in sheets(report_of(together([here, there]), MONTH, WORDING)) if "theo ca" in one.name.vi)
    assert [row[0] for row in table.rows] == ["02 · 1", "02 · 1", "02 · 1", "02 · 2", "03 · 1"]


def test_files_and_programs_are_told_the_same(journal: Journal, tmp_path: Path) -> None:
    report = report_for(journal, MONTH)
    for kind in ("csv", "xlsx", "pdf"):
        path = tmp_path / f"a.{kind}"
        export(journal, path, report, Language.VI, about=Text("x", "x"), progress=lambda *_: None)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_bytes().decode("utf-8-sig"))))
    assert [(one["Trạng thái"], one["Số tiền, ₫"], one["Ca"]) for one in rows] == [
        ("Đã thu tiền mặt", "7000", "2"), ("Đã thu tiền mặt", "20000", "1"), ("Đã thu tiền mặt", "50000", "1"),
        ("Rút tiền ra", "-30000", "1"), ("Nộp tiền vào", "10000", "1"), ("Chỉ mở ngăn kéo", "0", "1"),
        ("Thiếu khi chốt ca", "-5000", "1"),
    ]  # fmt: skip
    assert {one["Thu ngân"] for one in rows} == {"Lan", "'=1+1", "An"}
    assert rows[3]["Ghi chú"] == "'=mua đá lạnh"
    book = CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    by_shift = book.get_sheet_by_name("Tiền mặt theo ca").to_python()
    assert by_shift[-1] == ["Cộng", "", 77_000, 0, 10_000, 30_000, -5_000]
    assert by_shift[1][:3] == ["1", "=1+1", 20_000]
    log = book.get_sheet_by_name("Ngăn kéo").to_python()
    assert [row[2:4] for row in log[1:]] == [
        ["Rút tiền ra", -30_000], ["Nộp tiền vào", 10_000], ["Chỉ mở ngăn kéo", 0], ["Thiếu khi chốt ca", -5_000],
    ]  # fmt: skip
    words = "\n".join(page.extract_text() for page in PdfReader(tmp_path / "a.pdf").pages)
    assert {"Tiền mặt theo ca", "Thiếu khi chốt ca"} <= {one for one in words.splitlines() if one}
    answer = report_answer(journal, {"range": "2026-11"}, now_ms=MIDNIGHT, language=Language.VI, about=Text("x", "x"))
    assert (answer["drawer"]["paid_out"], answer["drawer"]["over"]) == (30_000, -5_000)
    assert [one.get("over") for one in answer["drawer"]["log"]] == [None, None, None, -5_000]


def test_a_file_of_a_part_has_that_part_and_says_so(journal: Journal, tmp_path: Path) -> None:
    report = report_for(journal, MONTH, Choice(cashier=SIGNS[0], method=brand(CASH)))
    path = tmp_path / "a.xlsx"
    assert export(journal, path, report, Language.VI, about=Text("x", "x"), progress=lambda *_: None) == (0, 1)
    book = CalamineWorkbook.from_path(path)
    assert book.get_sheet_by_name("Tổng quan").to_python()[0][0] == "01/11/2026 – 30/11/2026 · =1+1 · Tiền mặt"
    assert [row[6] for row in book.get_sheet_by_name("Từng giao dịch").to_python()[1:]] == ["=1+1"]
