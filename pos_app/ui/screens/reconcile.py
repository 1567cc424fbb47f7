"""Reconcile: a gateway's statement file, its columns named once, and each difference one tap from its payment."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.checkout.report_views import Compared, Comparing, ReportRefused, StatementOpened
from pos_app.money import grouped
from pos_app.payments.gateway_names import APPOTAPAY_V1, ZALOPAY, ZALOPAY_V2, brand
from pos_app.reports.reconcile import KIND_WORDS, Difference, Kind, Reconciled
from pos_app.reports.statement import FIELD_WORDS, Field, Form, heading
from pos_app.reports.table import Column, Shape, Table
from pos_app.ui.look import Look
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.figures_table import FiguresTable
from pos_app.ui.widgets.label import Frame, IconLabel, Label
from pos_app.ui.widgets.layouts import empty
from pos_app.ui.widgets.pages import Pages
from pos_app.ui.widgets.picker import Picker
from pos_app.words import NOTHING, Text, same

TITLE = Text("Đối chiếu với sao kê của cổng", "Reconcile with a gateway’s statement")
_OPEN = Text("Chọn tệp sao kê", "Choose a statement file")
_HOW = Text(
    "Tệp CSV hoặc XLSX tải từ trang của ZaloPay hay AppotaPay. Máy chỉ đọc, không đổi gì.",
    "A CSV or XLSX file from ZaloPay’s or AppotaPay’s portal. It is only read, nothing changes.",
)
_NAME_COLUMNS = Text("Cột nào là gì? Máy nhớ cho lần sau.", "Which column is what? It is remembered.")
_NEEDED = Text("Cần cột số tiền, và mã đơn hoặc mã giao dịch.", "An amount, and an order or transaction ID are needed.")
_AS_BEFORE = Text(", cột như lần trước", ", columns as the last time")
_NOT_THERE = Text("Không có", "Not there")
_BRANDS = {ZALOPAY: brand(ZALOPAY_V2), brand(APPOTAPAY_V1).vi: brand(APPOTAPAY_V1)}
_COLUMNS = (
    Column(Text("Khác gì", "What"), Shape.TEXT, 20),
    Column(Text("Phiếu", "Slip"), Shape.ID, 10),
    Column(Text("Mã giao dịch", "Transaction ID"), Shape.ID, 14),
    Column(Text("Lúc", "At"), Shape.MOMENT, 14),
    Column(Text("Dòng", "Line"), Shape.COUNT, 6),
    Column(Text("Ở đây, ₫", "Here, ₫"), Shape.DONG, 10),
    Column(Text("Sao kê, ₫", "Statement, ₫"), Shape.DONG, 10),
)


class ReconcilePage(OtherScreen):
    """The page for a file, the one for its columns, the one for what is different.

    Args:
        today: the Vietnamese day.
        back: leads to the report.

    Signals:
        opens: the id of a payment to be seen.
    """

    opens = Signal(str)

    def __init__(self, look: Look, *, today: Callable[[], date], back: Callable[[], None]) -> None:
        super().__init__()
        self._look, self._today = look, today
        self._opened: StatementOpened | None = None
        self._told: Reconciled | None = None
        self._shown: tuple[Difference, ...] = ()
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(24, 18, 24, 16)
        column.setSpacing(12)
        top = QHBoxLayout()
        top.addWidget(Label(look, Role.TITLE, TITLE))
        top.addStretch()
        top.addWidget(self._small(look, _OPEN, "export", self.choose_file))
        top.addWidget(self._small(look, Text("Về báo cáo", "To the report"), "back", back))
        column.addLayout(top)
        self._said = Label(look, Role.BODY, _HOW, ink="text2", wrap=True)
        column.addWidget(self._said)
        self._pages = Pages(look)
        self._start = QWidget()
        self._columns_page = self._columns(look)
        self._result_page = self._result(look)
        for page in (self._start, self._columns_page, self._result_page):
            self._pages.join(page)
        column.addWidget(self._pages, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(card)

    @staticmethod
    def _small(look: Look, text: Text, icon: str, pressed: Callable[[], None]) -> Button:
        button = Button(look, text, pressed, role=Role.SMALL_BUTTON, icon=(icon, "text", 18))
        button.setMinimumHeight(48)
        layout = button.layout()
        assert layout is not None  # noqa: S101 - every button has one
        layout.setContentsMargins(12, 0, 12, 0)
        return button

    def _columns(self, look: Look) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(12)
        column.addWidget(Label(look, Role.BODY_STRONG, _NAME_COLUMNS))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self.brand = Picker(look, brand(ZALOPAY_V2))
        self.brand.offer(_BRANDS)
        self.fields = {field: Picker(look, _NOT_THERE) for field in Field}
        rows: list[tuple[Text, Picker]] = [(Text("Sao kê của", "Statement of"), self.brand)]
        rows += [(FIELD_WORDS[field], picker) for field, picker in self.fields.items()]
        for place, (words, picker) in enumerate(rows):
            row, side = place // 2, place % 2 * 2
            self._grid.addWidget(Label(look, Role.BODY, words, ink="text2"), row, side)
            self._grid.addWidget(picker, row, side + 1)
            picker.chosen.connect(self._see_whether_enough)
        self.brand.chosen.connect(self._take_columns)
        self._grid.setColumnMinimumWidth(1, 260)
        self._grid.setColumnStretch(4, 1)
        column.addLayout(self._grid)
        line = QHBoxLayout()
        self.go = Button(look, Text("Đối chiếu", "Reconcile"), self.compare, kind="primary", cap="Enter")
        line.addWidget(self.go)
        self._needed = Label(look, Role.SMALL, _NEEDED, ink="text2", wrap=True)
        line.addWidget(self._needed, 1)
        line.addStretch()
        column.addLayout(line)
        column.addStretch()
        return page

    def _result(self, look: Look) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self._sums = QHBoxLayout()
        self._sums.setSpacing(32)
        column.addLayout(self._sums)
        row = QHBoxLayout()
        self.kind = Picker(look, Text("Mọi khác biệt", "All differences"))
        self.kind.chosen.connect(self._show_rows)
        row.addWidget(self.kind)
        row.addStretch()
        row.addWidget(self._small(look, Text("Đổi cột", "Change columns"), "note", self._change_columns))
        column.addLayout(row)
        self.table = FiguresTable(look)
        self.table.opened.connect(self._open_row)
        column.addWidget(self.table, 1)
        return page

    # --- a file ----------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """It was opened."""
        if self._told is None and self._opened is None:
            self._said.show_text(_HOW)
            self._pages.turn_to(self._start)

    def choose_file(self) -> None:
        """Let the user choose a file."""
        names = "CSV, XLSX (*.csv *.xlsx *.txt)"
        downloads = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        path, _ = QFileDialog.getOpenFileName(self, self._look.say(_OPEN), downloads, names)
        if path:
            self.open_file(Path(path))

    def open_file(self, path: Path) -> None:
        """Have a file looked at."""
        if self._commands is not None:
            self._commands.open_statement(path)

    def compare(self) -> None:
        """Have it held against the journal."""
        if self._opened is not None and self._commands is not None and not self._form.missing:
            self._commands.reconcile(self._opened.path, self._form, None)

    def press(self, event: QKeyEvent) -> bool:
        """Enter compares, once the columns are named."""
        enters = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if not enters or self._pages.currentWidget() is not self._columns_page:
            return False
        self.compare()
        return True

    @property
    def _form(self) -> Form:
        columns = {field: picker.value for field, picker in self.fields.items() if picker.value}
        return Form(columns, self.brand.value or ZALOPAY)

    # --- what the till tells ---------------------------------------------------------------------------------------

    def receive(self, event: StatementOpened | Comparing | Compared) -> None:
        """Its columns, how far it was read, or what is different."""
        self._said.set_ink("text2")
        match event:
            case StatementOpened():
                self._opened = event
                self._offer_columns(event)
                if event.before:
                    self.compare()
            case Comparing():
                self._said.show_text(Text("Đã đọc {n} dòng", "{n} lines were read").fill(n=grouped(event.rows)))
            case Compared():
                self._show(event)

    def refuse(self, event: ReportRefused) -> None:
        """It cannot be used."""
        said = Text("{title}. {advice}", "{title}. {advice}")
        self._said.set_ink("red_text")
        self._said.show_text(said.fill(title=event.title, advice=event.advice))

    def _offer_columns(self, opened: StatementOpened) -> None:
        self._fill(opened.form)
        self.brand.value = opened.form.brand
        self.brand.offer(_BRANDS)
        self._said.show_text(same(opened.path.name))
        self._see_whether_enough("")
        self._pages.turn_to(self._columns_page)

    def _fill(self, form: Form) -> None:
        names = self._opened.names if self._opened is not None else ()
        choices = {heading(name): same(name) for name in names}
        for field, picker in self.fields.items():
            picker.value = form.columns.get(field, "")
            picker.offer(choices)

    @Slot(str)
    def _take_columns(self, brand_name: str) -> None:
        """The columns that were named for this gateway before; where none were, they stay as they are."""
        before = [form for form in (self._opened.before if self._opened else ()) if form.brand == brand_name]
        if before:
            self._fill(before[-1])
            self._see_whether_enough("")

    @Slot(str)
    def _see_whether_enough(self, _value: str) -> None:
        missing = bool(self._form.missing)
        self.go.setEnabled(not missing)
        self._needed.setVisible(missing)

    def _change_columns(self) -> None:
        if self._opened is not None:
            self._pages.turn_to(self._columns_page)

    def _show(self, compared: Compared) -> None:
        opened = self._opened
        if opened is not None and opened.path != compared.path:
            return  # another file was opened meanwhile
        told = self._told = compared.told
        known = opened is not None and compared.form in opened.before
        said = Text("{file} · {days} · {brand}{known}", "{file} · {days} · {brand}{known}")
        about = {
            "file": compared.path.name,
            "days": told.days.words,
            "brand": _BRANDS.get(compared.form.brand, NOTHING),
        }
        self._said.show_text(said.fill(**about, known=_AS_BEFORE if known else NOTHING))
        empty(self._sums)
        rest = told.theirs.net - told.ours.net
        for icon, token, words, figure in (
            ("tick", "green_text", Text("Khớp", "Match"),
             f"{grouped(told.matched)} · {grouped(told.matched_amount)} ₫"),
            ("money", "text2", Text("Ở đây", "Here"), f"{grouped(told.ours.net)} ₫"),
            ("slip", "text2", Text("Sao kê", "Statement"), f"{grouped(told.theirs.net)} ₫"),
            ("triangle" if told.differences else "tick", "amber_text" if told.differences else "green_text",
             Text("Chênh lệch", "Difference"), f"{grouped(rest)} ₫"),
        ):  # fmt: skip
            self._sums.addWidget(_Sum(self._look, (icon, token), words, figure))
        counts = told.counts
        self.kind.offer(
            {kind.value: Text("{kind} ({n})", "{kind} ({n})").fill(kind=KIND_WORDS[kind], n=counts[kind])
             for kind in Kind if counts[kind]}
        )  # fmt: skip
        self._show_rows(self.kind.value)
        self._pages.turn_to(self._result_page)

    @Slot(str)
    def _show_rows(self, kind: str) -> None:
        if self._told is None:
            return
        self._shown = tuple(one for one in self._told.differences if kind in ("", one.kind.value))
        rows = [
            (
                _said(one), one.slip_number or one.order_id, one.number, one.at_ms, one.place or None, one.ours,
                one.theirs,
            )
            for one in self._shown
        ]  # fmt: skip
        self.table.show_table(Table(TITLE, _COLUMNS, rows))

    @Slot(int)
    def _open_row(self, place: int) -> None:
        if self._shown[place].payment_id:
            self.opens.emit(self._shown[place].payment_id)


def _said(one: Difference) -> Text:
    words = KIND_WORDS[one.kind]
    return Text("{kind}: {note}", "{kind}: {note}").fill(kind=words, note=one.note) if one.note.vi else words


class _Sum(QWidget):
    def __init__(self, look: Look, icon: tuple[str, str], words: Text, figure: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(IconLabel(look, *icon, 24))
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(Label(look, Role.LABEL, words, ink="text2"))
        column.addWidget(Label(look, Role.FIGURE_STRONG, figure))
        row.addLayout(column)
