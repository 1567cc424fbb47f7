"""Reports (F7), reconcile, and the filters of payments (F3): what they ask the till, and what they show."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from pos_app.checkout.events import RecentView, Refused, StoryView
from pos_app.checkout.report_views import Exported, Exporting, PaymentsListed, ReportRefused
from pos_app.money import grouped
from pos_app.payments.payment import NEGATIVE
from pos_app.reports.ranges import Days
from pos_app.reports.reconcile import Kind
from pos_app.reports.report import Choice, Money
from pos_app.reports.statement import Field, Form, heading
from pos_app.words import Language, Text
from tests.ui import figures, samples
from tests.ui.conftest import OpenScene
from tests.ui.gallery import Scene

TODAY = date(2026, 11, 21)
WEEK = Days(date(2026, 11, 16), TODAY)


@pytest.fixture
def scene(open_scene: OpenScene) -> Scene:
    made = open_scene()
    made.clock.now_ms = samples.at("15:02:00")
    return made


def opened(scene: Scene) -> None:
    scene.press(Qt.Key.Key_F7)
    scene.window.screens.reports.spans._tapped("week")
    scene.bridge.post(figures.shown(WEEK, scene.clock.now_ms))


def test_f7_asks_for_today_then_for_what_is_chosen(scene: Scene) -> None:
    scene.press(Qt.Key.Key_F7)
    assert scene.window.on("reports")
    assert scene.till.reports == [(Days(TODAY, TODAY), Choice())]
    scene.press(Qt.Key.Key_Right)
    scene.press(Qt.Key.Key_Right)
    assert scene.till.reports[-1] == (WEEK, Choice())
    scene.bridge.post(figures.shown(WEEK, scene.clock.now_ms))
    scene.window.screens.reports.cashier.pick("Thu Hà")
    assert scene.till.reports[-1] == (WEEK, Choice(cashier="Thu Hà"))
    scene.press(Qt.Key.Key_Escape)
    assert scene.window.on("sale") or scene.window.screens.currentWidget() is scene.window.sale


def test_figures_that_come_late_are_not_shown_under_another_name(scene: Scene) -> None:
    opened(scene)
    scene.window.screens.reports.cashier.pick("Thu Hà")
    view = figures.shown(WEEK, scene.clock.now_ms)
    late = replace(view, report=replace(view.report, total=Money(1, 1_234_567)))
    scene.bridge.post(late)
    assert grouped(1_234_567) not in scene.words(), "those are of everybody"
    scene.bridge.post(replace(late, choice=Choice(cashier="Thu Hà")))
    assert grouped(1_234_567) in scene.words()


def test_cash_stands_beside_the_net_and_not_in_it(scene: Scene) -> None:
    opened(scene)
    view = figures.shown(WEEK, scene.clock.now_ms)
    assert not any("tiền mặt" in one for one in scene.words())
    with_cash = replace(view.report, cash=Money(2, 185_000, 1, 45_000))
    scene.bridge.post(replace(view, report=with_cash))
    assert grouped(view.report.total.net) in scene.words()
    assert any(one.startswith("Tăng ") and one.endswith("%. Ngoài ra tiền mặt 140.000\xa0₫") for one in scene.words())


def test_the_drawer_has_its_tables_where_there_is_cash(scene: Scene) -> None:
    opened(scene)
    screen = scene.window.screens.reports
    assert not screen.cash_tabs.isVisible()
    view = figures.shown(WEEK, scene.clock.now_ms, cash=True)
    scene.bridge.post(view)
    assert screen.cash_tabs.isVisible(), "it was switched off since: what was is still told"
    screen.cash_tabs._tapped("cash")
    assert len(screen.table.table.rows) == len(view.report.drawer.lines)
    assert screen.table.table.total is not None
    assert screen.table.table.total[1:] == (None, 32_025_000, 270_000, -1_900_000, -30_000)
    screen.cash_tabs._tapped("drawer")
    assert {row[1].vi for row in screen.table.table.rows if isinstance(row[1], Text)} == {
        "Rút ra", "Nộp vào", "Chỉ mở", "Thiếu", "Đếm đủ"
    }  # fmt: skip
    scene.bridge.post(figures.shown(WEEK, scene.clock.now_ms))
    assert screen.table.table.name.vi == "Theo ngày", "what is not there is not shown"
    assert not screen.cash_tabs.isVisible()


def test_the_figures_tables_and_charts_are_those_of_the_report(scene: Scene) -> None:
    opened(scene)
    report = figures.shown(WEEK, scene.clock.now_ms).report
    assert {grouped(report.total.net), grouped(report.total.count), str(report.median_s)} <= scene.words()
    screen = scene.window.screens.reports
    assert len(screen.table.table.rows) == 6
    assert screen._by_day._chart is not None
    assert [bar.amount for bar in screen._by_day._chart._bars] == [money.net for _, money in report.by_day]
    assert [bar.unfinished for bar in screen._by_day._chart._bars] == [False] * 5 + [True], "today is not over"
    screen.tabs._tapped("declined")
    assert screen.table.table.name.vi == "Chưa thu được"


def test_days_are_typed(scene: Scene) -> None:
    scene.press(Qt.Key.Key_F7)
    screen = scene.window.screens.reports
    screen.spans._tapped("days")
    assert screen.popup is not None
    screen.popup.first.edit.setText("1/11")
    screen.popup.last.edit.setText("31/11/2026")
    screen.popup.take()
    assert scene.till.reports[-1][0] == Days(TODAY, TODAY), "no such day: nothing is asked"
    screen.popup.last.edit.setText("10/11/26")
    screen.popup.take()
    assert scene.till.reports[-1][0] == Days(date(2026, 11, 1), date(2026, 11, 10))


def test_a_report_of_other_days_that_comes_late_is_not_shown(scene: Scene) -> None:
    opened(scene)
    other = Days(TODAY, TODAY)
    scene.bridge.post(figures.shown(other, scene.clock.now_ms))
    assert scene.window.screens.reports._shown == figures.shown(WEEK, scene.clock.now_ms)


def test_an_export_is_asked_for_and_told(scene: Scene) -> None:
    opened(scene)
    screen = scene.window.screens.reports
    screen.export.pick("xlsx")
    path, days, choice = scene.till.exports[-1]
    assert isinstance(path, Path)
    assert (path.suffix, days, choice) == (".xlsx", WEEK, Choice())
    assert screen.export.value == "", "it is no choice that stays"
    scene.bridge.post(Exporting(path, 4_000))
    assert "Đang xuất: 4.000 dòng" in scene.words()
    for payments, cash_rows, said in (
        (4_321, 12, "Đã ghi 4.321 giao dịch, 12 dòng tiền mặt: {path}"), (4_321, 0, "Đã ghi 4.321 giao dịch: {path}"),
        (0, 2, "Đã ghi 0 giao dịch, 2 dòng tiền mặt: {path}"), (0, 0, "Đã ghi {path}"),
    ):  # fmt: skip
        scene.bridge.post(Exported(path, payments, cash_rows))
        assert said.format(path=path) in scene.words()
    scene.bridge.post(Refused(Text("Việc này cần quản lý", "This needs a manager"), Text("Mời quản lý.", "Call one.")))
    assert "Việc này cần quản lý. Mời quản lý." in scene.words()


def test_a_statement_whose_columns_are_not_known_is_described_once(scene: Scene) -> None:
    opened(scene)
    page = scene.window.screens.reports.reconcile
    scene.window.screens.reports._open_reconcile()
    page.open_file(figures.PATH)
    assert scene.till.calls[-1] == f"statement {figures.PATH}"
    scene.bridge.post(figures.OPENED)
    assert page.fields[Field.AMOUNT].value == figures.FORM.columns[Field.AMOUNT]
    page.fields[Field.AMOUNT].pick("")
    assert not page.go.isEnabled()
    page.compare()
    assert scene.till.comparisons == []
    page.fields[Field.AMOUNT].pick(figures.FORM.columns[Field.AMOUNT])
    page.go.click()
    assert scene.till.comparisons == [(figures.PATH, figures.FORM, None)]


def test_a_known_form_is_compared_at_once_and_each_row_leads_to_its_payment(scene: Scene) -> None:
    opened(scene)
    scene.window.screens.reports._open_reconcile()
    scene.bridge.post(replace(figures.OPENED, before=(figures.FORM,)))
    assert len(scene.till.comparisons) == 1
    scene.bridge.post(figures.COMPARED)
    page = scene.window.screens.reports.reconcile
    told = figures.COMPARED.told
    assert len(page.table.table.rows) == len(told.differences)
    page.kind.pick(Kind.AMOUNT.value)
    assert len(page.table.table.rows) == told.counts[Kind.AMOUNT] == 1
    payment_id = next(one.payment_id for one in told.differences if one.kind is Kind.AMOUNT)
    page.table.opened.emit(0)
    assert scene.window.on("payments")
    assert scene.till.searches[-1].text == payment_id
    assert scene.till.searches[-1].start_ms is None, "of whatever day"


def test_the_columns_that_were_taken_are_told_and_can_be_changed(scene: Scene) -> None:
    """Two gateways' files may have the same heads: which form was taken must be seen."""
    opened(scene)
    scene.window.screens.reports._open_reconcile()
    page = scene.window.screens.reports.reconcile
    scene.bridge.post(replace(figures.OPENED, before=(figures.FORM,)))
    scene.bridge.post(figures.COMPARED)
    assert any(one.endswith("· ZaloPay, cột như lần trước") for one in scene.words())
    scene.buttons()["Đổi cột"].click()
    page.brand.pick("AppotaPay")
    page.go.click()
    assert scene.till.comparisons[-1][1].brand == "AppotaPay"
    scene.bridge.post(figures.COMPARED)
    assert any(one.endswith("· ZaloPay, cột như lần trước") for one in scene.words()), "by that one it was read"
    scene.bridge.post(replace(figures.COMPARED, form=scene.till.comparisons[-1][1]))
    assert any(one.endswith("· AppotaPay") for one in scene.words())
    scene.bridge.post(replace(figures.COMPARED, path=Path("hom-qua.csv")))
    assert not any("hom-qua.csv" in one for one in scene.words()), "another file was opened since"


def test_another_gateway_brings_the_columns_that_were_named_for_it(scene: Scene) -> None:
    theirs = Form({**figures.FORM.columns, Field.AMOUNT: heading(figures.NAMES[0])}, "AppotaPay")
    opened(scene)
    scene.window.screens.reports._open_reconcile()
    page = scene.window.screens.reports.reconcile
    scene.bridge.post(replace(figures.OPENED, before=(theirs, figures.FORM)))
    scene.bridge.post(figures.COMPARED)
    scene.buttons()["Đổi cột"].click()
    for form in (theirs, figures.FORM):
        page.brand.pick(form.brand)
        page.go.click()
        assert scene.till.comparisons[-1][1] == form
    scene.bridge.post(figures.OPENED)
    page.fields[Field.AMOUNT].pick("")
    page.brand.pick("AppotaPay")
    assert page.fields[Field.ORDER_ID].value == figures.FORM.columns[Field.ORDER_ID], "never named: they stay"
    assert not page.go.isEnabled()


def test_esc_leads_from_reconcile_to_the_report(scene: Scene) -> None:
    opened(scene)
    scene.window.screens.reports._open_reconcile()
    scene.bridge.post(ReportRefused(Text("Không đọc được", "Cannot be read"), Text("Chọn tệp khác.", "Another.")))
    assert "Không đọc được. Chọn tệp khác." in scene.words()
    scene.press(Qt.Key.Key_Escape)
    assert scene.window.on("reports")
    assert not scene.window.screens.reports.can_go_back


# --- the filters of payments ---------------------------------------------------------------------------------------


def listed_now(scene: Scene, *payments: object) -> PaymentsListed:
    return figures.listed(scene.window.screens.payments.filters.wanted, payments)  # type: ignore[arg-type]


def test_each_filter_is_asked_for(scene: Scene) -> None:
    scene.bridge.post(RecentView(samples.TODAY))
    scene.press(Qt.Key.Key_F3)
    start, end = Days(TODAY, TODAY).bounds_ms
    assert (scene.till.searches[-1].start_ms, scene.till.searches[-1].end_ms) == (start, end)
    scene.bridge.post(listed_now(scene, *samples.TODAY))
    filters = scene.window.screens.payments.filters
    filters.shift.pick("2")
    assert scene.till.searches[-1].shift == 2
    filters.cashier.pick("Thu Hà")
    assert scene.till.searches[-1].cashier == "Thu Hà"
    filters.method.pick("ZaloPay, khách quét mã")
    assert scene.till.searches[-1].methods == (("zalopay_v2", "shown"),)
    filters.state.pick("declined")
    assert set(scene.till.searches[-1].states) == NEGATIVE
    filters.state.pick("refunded")
    assert scene.till.searches[-1].refunded
    filters.day.pick("any")
    assert scene.till.searches[-1].start_ms is None


def test_what_is_typed_is_looked_for_when_the_typing_ends(scene: Scene, qtbot: object) -> None:
    scene.press(Qt.Key.Key_F3)
    filters = scene.window.screens.payments.filters
    before = len(scene.till.searches)
    QTest.keyClicks(filters.search.edit, "4821")
    assert len(scene.till.searches) == before
    qtbot.waitUntil(lambda: len(scene.till.searches) > before, timeout=30_000)  # type: ignore[attr-defined]
    assert scene.till.searches[-1].text == "4821"
    QTest.keyClick(filters.search.edit, Qt.Key.Key_Return)
    assert len(scene.till.searches) == before + 2


def test_what_was_found_is_shown_and_an_answer_to_another_search_is_not(scene: Scene) -> None:
    scene.bridge.post(RecentView(samples.TODAY))
    scene.press(Qt.Key.Key_F3)
    old = listed_now(scene, *samples.TODAY)
    scene.bridge.post(old)
    payments = scene.window.screens.payments
    payments.filters.cashier.pick("Thu Hà")
    scene.bridge.post(old)
    assert len(payments._model.rows) == len(samples.TODAY), "it was asked for before"
    scene.bridge.post(listed_now(scene, *samples.TODAY[:2]))
    assert payments._model.rows == samples.TODAY[:2]
    assert [label.text().replace("\u00a0", " ") for label in payments._sums] == [
        "23", "3.240.500 ₫", "45.000 ₫", "68.000 ₫"]  # fmt: skip
    scene.bridge.post(RecentView(samples.TODAY))
    assert payments._model.rows == samples.TODAY[:2], "news do not push away what was looked for"


def test_ids_are_copied_and_the_list_exported(scene: Scene) -> None:
    scene.bridge.post(RecentView(samples.TODAY))
    scene.press(Qt.Key.Key_F3)
    scene.bridge.post(StoryView(samples.TODAY[0], samples.STORY))
    scene.buttons()["Chép mã"].click()
    copied = QGuiApplication.clipboard().text().split("\t")
    assert copied[:2] == [samples.TODAY[0].slip_number, samples.TODAY[0].payment_id]
    scene.buttons()["Xuất danh sách"].click()
    path, wanted = scene.till.exports[-1]
    assert isinstance(path, Path)
    assert path.suffix == ".xlsx"
    assert wanted == scene.window.screens.payments.filters.wanted
    scene.bridge.post(Exported(path, 9, 0))
    assert f"Đã ghi 9 giao dịch: {path}" in scene.words()


def test_yesterdays_payments_are_not_todays(scene: Scene) -> None:
    yesterday = replace(samples.TODAY[0], payment_id="old", scanned_at_ms=samples.TODAY[0].scanned_at_ms - 86_400_000)
    scene.bridge.post(RecentView((*samples.TODAY, yesterday)))
    scene.press(Qt.Key.Key_F3)
    assert scene.window.screens.payments._model.rows == samples.TODAY


def test_both_languages(open_scene: OpenScene) -> None:
    scene = open_scene(language=Language.EN)
    opened(scene)
    assert {"Net by hour", "Net by day", "Reconcile"} <= scene.words()
