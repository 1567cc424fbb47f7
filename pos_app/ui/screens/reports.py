"""Reports (F7): the figures of some days as cards, charts and tables; their files; statements held against them."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.checkout.report_views import (
    Compared,
    Comparing,
    Exported,
    Exporting,
    OfReports,
    ReportRefused,
    ReportShown,
    StatementOpened,
)
from pos_app.clock import Clock
from pos_app.money import grouped, with_sign
from pos_app.reports import sheets
from pos_app.reports.drawer import NO_DRAWER
from pos_app.reports.ranges import SPAN_WORDS, Days, Span, days_of
from pos_app.reports.report import EVERYTHING, Choice, Report
from pos_app.reports.table import Table, percent
from pos_app.ui.look import Look
from pos_app.ui.screens.exports import export_path, export_words
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.screens.reconcile import ReconcilePage
from pos_app.ui.screens.report_cards import ChartCard, FigureCard
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.days_popup import DaysPopup
from pos_app.ui.widgets.figures_table import FiguresTable
from pos_app.ui.widgets.label import CentredLines, Frame, Label
from pos_app.ui.widgets.pages import Pages
from pos_app.ui.widgets.picker import Picker
from pos_app.ui.widgets.tabs import Tabs
from pos_app.vietnam_day import clock_time, day_of, local_time
from pos_app.words import NOTHING, Text, same

if TYPE_CHECKING:
    from pos_app.ui.commands import Commands

_ANY = "days"
_NO_NAME = "\0"
_TABLES: dict[str, tuple[Text, Callable[[Report], Table]]] = {
    "day": (Text("Ngày", "Days"), sheets.by_day),
    "hour": (Text("Giờ", "Hours"), sheets.by_hour),
    "cashier": (Text("Thu ngân", "Cashiers"), sheets.by_cashier),
    "method": (Text("Cách trả", "Methods"), sheets.by_method),
    "declined": (Text("Chưa thu", "Declined"), sheets.declined),
    "refunds": (Text("Hoàn", "Refunds"), sheets.refunds),
    "people": (Text("Duyệt", "Approvals"), sheets.people),
    "timed": (Text("Tốc độ", "Speed"), sheets.timed),
}
_OF_CASH: dict[str, tuple[Text, Callable[[Report], Table]]] = {
    "cash": (Text("Tiền mặt theo ca", "Cash by shift"), sheets.drawer_in_short),
    "drawer": (Text("Nộp, rút, đếm ngăn kéo", "Drawer in, out, counted"), sheets.drawer_log_in_short),
}
"""Tables that a shop without cash has not; in a row of their own, for the first is full."""
_KINDS = {
    "xlsx": Text("Excel (XLSX): báo cáo và từng giao dịch", "Excel (XLSX): report and payments"),
    "csv": Text("CSV: từng giao dịch", "CSV: payments"),
    "pdf": Text("PDF: báo cáo", "PDF: report"),
}


class ReportsScreen(OtherScreen):
    """The ranges and filters on top, three figures, two charts, and the tables.

    Signals:
        opens: the id of a payment to be seen.
    """

    opens = Signal(str)

    def __init__(self, look: Look, clock: Clock, *, takes_cash: bool = False) -> None:
        super().__init__()
        self._look, self._clock, self._takes_cash = look, clock, takes_cash
        self._days: Days | None = None
        self._choice = EVERYTHING
        self._shown: ReportShown | None = None
        self._pages = Pages(look)
        self._report = QWidget()
        self.reconcile = ReconcilePage(look, today=self._today, back=self.back)
        self.reconcile.opens.connect(self.opens)
        self._column = QVBoxLayout(self._report)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._tools(look))
        self._column.addLayout(self._figures(look))
        self._below = QHBoxLayout()
        self._below.addWidget(self._charts(look), 40)
        self._below.addWidget(self._table_card(look), 60)
        self._column.addLayout(self._below, 1)
        for page in (self._report, self.reconcile):
            self._pages.join(page)
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self._pages)
        self.popup: DaysPopup | None = None
        look.changed.connect(self._dress)
        self._dress()

    def _today(self) -> date:
        return day_of(self._clock.wall_ms())

    # --- what it is made of ----------------------------------------------------------------------------------------

    def _tools(self, look: Look) -> QBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        names = {span.value: words for span, words in SPAN_WORDS.items()} | {_ANY: Text("Chọn ngày", "Choose days")}
        self.spans = Tabs(look, names, role=Role.LABEL, side=8)
        self.spans.chosen.connect(self._choose_span)
        self.till = Picker(look, Text("Mọi quầy", "Any till"))
        self.cashier = Picker(look, Text("Mọi thu ngân", "Any cashier"))
        self.method = Picker(look, Text("Mọi cách trả", "Any method"))
        row.addWidget(self.spans)
        for picker in (self.till, self.cashier, self.method):
            picker.chosen.connect(self._choose)
            row.addWidget(picker)
        self.till.hide()
        row.addStretch()
        self._to_reconcile = self._tool(look, Text("Đối chiếu", "Reconcile"), "swap", self._open_reconcile)
        self.export = Picker(look, Text("Xuất", "Export"), icon="export")
        self.export.offer(_KINDS)
        self.export.chosen.connect(self._export)
        row.addWidget(self._to_reconcile)
        row.addWidget(self.export)
        return row

    def _tool(self, look: Look, text: Text, icon: str, pressed: Callable[[], None]) -> Button:
        button = Button(look, text, pressed, role=Role.SMALL_BUTTON, icon=(icon, "text", 18))
        button.setMinimumHeight(48)
        layout = button.layout()
        assert layout is not None  # noqa: S101 - every button has one
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(8)
        return button

    def _figures(self, look: Look) -> QBoxLayout:
        row = QHBoxLayout()
        self._net = FigureCard(look, "money", Text("Thực thu", "Net"))
        self._paid = FigureCard(look, "tick", Text("Đã thanh toán", "Paid"))
        self._speed = FigureCard(look, "clock", Text("Từ lúc quét đến khi trả tiền", "From the scan to paid"))
        self._cards = (self._net, self._paid, self._speed)
        for card in self._cards:
            row.addWidget(card, 1)
        self._figures_row = row
        return row

    def _charts(self, look: Look) -> QWidget:
        page = QWidget()
        self._chart_column = QVBoxLayout(page)
        self._chart_column.setContentsMargins(0, 0, 0, 0)
        self._by_hour = ChartCard(look, Text("Thực thu theo giờ", "Net by hour"))
        self._by_day = ChartCard(look, Text("Thực thu theo ngày", "Net by day"))
        self._chart_column.addWidget(self._by_hour, 1)
        self._chart_column.addWidget(self._by_day, 1)
        return page

    def _table_card(self, look: Look) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(0)
        self.tabs = Tabs(look, {name: words for name, (words, _) in _TABLES.items()}, side=8)
        self.cash_tabs = Tabs(look, {name: words for name, (words, _) in _OF_CASH.items()}, side=8)
        self._choose_table("day")
        for tabs in (self.tabs, self.cash_tabs):
            tabs.chosen.connect(self._show_table)
            column.addWidget(tabs)
            column.addSpacing(4)
        self.cash_tabs.setVisible(self._takes_cash)  # in its place by now: else it would be a window of its own
        self.table = FiguresTable(look)
        self.table.opened.connect(self._open_row)
        column.addWidget(self.table, 1)
        self._nothing = CentredLines(look, Role.BODY, ink="text2")
        column.addWidget(self._nothing, 1)
        self._said = Label(look, Role.SMALL, ink="text2", wrap=True)
        self._said.setContentsMargins(12, 4, 12, 4)
        column.addWidget(self._said)
        return card

    # --- what is asked for -----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """It was opened: today's figures, or those that were looked at last."""
        self._say(NOTHING)
        if not self.spans.value:
            self.spans.show_chosen(Span.TODAY.value)
        self._ask()
        QTimer.singleShot(0, self, self._draw)

    def _ask(self) -> None:
        if self._commands is not None:
            self._commands.report(self.days, self._choice)

    @property
    def days(self) -> Days:
        """Which days are looked at."""
        if self.spans.value == _ANY and self._days is not None:
            return self._days
        name = self.spans.value if self.spans.value != _ANY else Span.TODAY.value
        return days_of(Span(name), self._today())

    @Slot(str)
    def _choose_span(self, name: str) -> None:
        if name == _ANY:
            self.popup = self.popup or DaysPopup(self._look, self.window(), today=self._today, taken=self._take_days)
            self.popup.drop(self.spans, self._days or days_of(Span.MONTH, self._today()))
        else:
            self._ask()

    def _take_days(self, days: Days) -> None:
        self._days = days
        self.spans.show_chosen(_ANY)
        self._ask()

    @Slot(str)
    def _choose(self, _value: str) -> None:
        methods = {words.vi: words for words in self._shown.methods} if self._shown else {}
        cashier = self.cashier.value.replace(_NO_NAME, "") if self.cashier.value else None
        self._choice = Choice(self.till.value, cashier, methods.get(self.method.value))
        self._ask()

    @Slot(str)
    def _export(self, kind: str) -> None:
        self.export.value = ""
        self.export.offer(_KINDS)
        if kind and self._commands is not None:
            path = export_path("bao-cao", f".{kind}", self._clock.wall_ms())
            self._commands.export_report(path, self.days, self._choice)

    # --- what the till tells ---------------------------------------------------------------------------------------

    def receive(self, event: OfReports) -> None:
        """Figures, a file, a comparison; or why not."""
        match event:
            case ReportShown():
                self._show(event)
            case StatementOpened() | Comparing() | Compared():
                self.reconcile.receive(event)
            case ReportRefused() if self._pages.currentWidget() is self.reconcile:
                self.reconcile.refuse(event)
            case Exporting() | Exported() | ReportRefused():
                self._say(export_words(event))
            case _:
                pass

    def _say(self, text: Text) -> None:
        self._said.show_text(text)
        self._said.setVisible(bool(text.vi))

    def _show(self, shown: ReportShown) -> None:
        if (shown.report.days, shown.choice) != (self.days, self._choice):
            return  # what was asked for before may come after what is chosen now
        self._shown = shown
        if shown.choice == EVERYTHING:  # of a part, the others are not there
            nobody = Text("Không ghi tên", "No name noted")
            self.till.offer({name: same(name) for name in shown.tills})
            self.till.setVisible(len(shown.tills) > 1)
            self.cashier.offer({name or _NO_NAME: same(name) if name else nobody for name in shown.cashiers})
            self.method.offer({words.vi: words for words in shown.methods})
        has_cash = self._takes_cash or shown.report.drawer != NO_DRAWER
        self.cash_tabs.setVisible(has_cash)
        if not has_cash and self.tabs.value in _OF_CASH:
            self._choose_table("day")
        self._show_figures(shown)
        self._show_table(self.tabs.value)
        self._draw()

    def _choose_table(self, name: str) -> None:
        """Both rows of tabs know which it is."""
        for tabs in (self.tabs, self.cash_tabs):
            tabs.show_chosen(name)

    def _show_figures(self, shown: ReportShown) -> None:
        report = shown.report
        about = _compared(report, shown.before)
        if report.cash.net or report.cash.count:
            about = _CASH_TOO.fill(n=with_sign(report.cash.net), compared=_compared(report, shown.before, short=True))
        self._net.tell(grouped(report.total.net), same("₫"), about)
        declined = Text("{n} chưa thu được", "{n} declined").fill(n=report.refused.count)
        if report.refused.count:
            tried = report.refused.count + report.total.count + report.decided.count
            share = percent(report.refused.count * 1000 // tried)
            most = report.declined[0].cause
            declined = Text("{n} chưa thu ({share}): {most}", "{n} declined ({share}): {most}").fill(
                n=report.refused.count, share=share, most=Text(most.vi[:1].lower() + most.vi[1:], most.en))  # fmt: skip
        self._paid.tell(grouped(report.total.count), Text("giao dịch", "payments"), declined)
        if report.median_s is None:
            self._speed.tell("–", NOTHING, Text("Chưa quét mã nào", "No code was scanned"))
        else:
            said = Text("Một nửa nhanh hơn; 95% dưới {n} giây", "Half are faster; 95% within {n} s")
            self._speed.tell(str(report.median_s), Text("giây", "s"), said.fill(n=report.p95_s))

    @Slot(str)
    def _show_table(self, name: str) -> None:
        self._choose_table(name)
        if self._shown is None:
            return
        table = (_TABLES | _OF_CASH)[name][1](self._shown.report)
        self.table.show_table(table)
        self.table.setVisible(bool(table.rows))
        self._nothing.setVisible(not table.rows)
        self._nothing.show_text(table.empty)

    @Slot(int)
    def _open_row(self, place: int) -> None:
        if self._shown is not None and self.tabs.value == "refunds":
            self.opens.emit(self._shown.report.refunds[place].payment_id)

    @Slot()
    def _draw(self) -> None:
        """The charts; what they need is loaded when the screen is there already."""
        if self._shown is None or not self.isVisible():
            return
        from pos_app.ui.widgets.bar_chart import Bar  # noqa: PLC0415 - dear to import

        report, now_ms = self._shown.report, self._shown.today_ms
        today, hour = day_of(now_ms), local_time(now_ms).hour
        busy = [place for place, money in report.by_hour if money.count or money.refunds]
        hours = range(min(busy), max(busy) + 1) if busy else range(8, 21)
        only_today = report.days == Days(today, today)
        self._by_hour.draw(
            [Bar(same(str(n)), report.by_hour[n][1].net, unfinished=only_today and n == hour) for n in hours],
            Text("triệu đồng", "million dong"),
        )
        told = Text("triệu đồng", "million dong")
        if any(day == today for day, _ in report.by_day):
            until = Text("triệu đồng; hôm nay đến {time}", "million dong; today up to {time}")
            told = until.fill(time=clock_time(now_ms, seconds=False))
        self._by_day.draw(
            [Bar(same(f"{day:%d/%m}"), money.net, unfinished=day == today) for day, money in report.by_day],
            told,
        )

    # --- other pages and keys --------------------------------------------------------------------------------------

    def _open_reconcile(self) -> None:
        self._pages.turn_to(self.reconcile)
        self.reconcile.begin()

    @property
    def can_go_back(self) -> bool:
        """Whether Esc leads to the report."""
        return self._pages.currentWidget() is self.reconcile

    def back(self) -> None:
        """To the report."""
        self._pages.turn_to(self._report)

    def obey(self, commands: "Commands | None") -> None:
        """The till is there, or it ends."""
        super().obey(commands)
        self.reconcile.obey(commands)

    def press(self, event: QKeyEvent) -> bool:
        """Left and right choose the range."""
        if self.can_go_back:
            return self.reconcile.press(event)
        if event.key() not in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            return False
        names = [span.value for span in Span]
        if self.spans.value in names:
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            name = names[min(max(names.index(self.spans.value) + step, 0), len(names) - 1)]
            self.spans.show_chosen(name)
            self._ask()
        return True

    @Slot()
    def _dress(self) -> None:
        gap = 12 if not self._look.size.wide else self._look.size.gap
        self._outer.setContentsMargins(gap, gap, gap, gap)
        for layout in (self._column, self._figures_row, self._below, self._chart_column):
            layout.setSpacing(gap)


_CASH_TOO = Text("{compared}Ngoài ra tiền mặt {n}", "{compared}Besides, cash {n}")
_MORE = Text("Tăng {share} so với kỳ trước", "{share} more than before")
_LESS = Text("Giảm {share} so với kỳ trước", "{share} less than before")
_MORE_SHORT, _LESS_SHORT = Text("Tăng {share}. ", "{share} more. "), Text("Giảm {share}. ", "{share} less. ")


def _compared(report: Report, before: int | None, *, short: bool = False) -> Text:
    """How the net stands to as many days just before; in short where more has to stand beside it."""
    if not before or before < 0:
        return NOTHING if short else Text("Chưa có kỳ trước để so", "Nothing to compare with before")
    permille = (report.total.net - before) * 1000 // before
    more, less = (_MORE_SHORT, _LESS_SHORT) if short else (_MORE, _LESS)
    return (more if permille >= 0 else less).fill(share=percent(abs(permille)))
