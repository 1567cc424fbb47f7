"""The parts of "shift": the figures at the left; at the right what is to be done before closing, and what is done."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pos_app.checkout.shift_report import NOT_OPENED, method_label
from pos_app.money import grouped, read_amount, with_sign
from pos_app.payments.reason import REASON_LENGTH_MAX, is_too_short
from pos_app.shifts.report import Line, Section, ShiftReport
from pos_app.shifts.shift import Shift
from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import Divider, FitLabel, Frame, Label
from pos_app.ui.widgets.layouts import empty
from pos_app.ui.widgets.scrolled import Scrolled
from pos_app.ui.widgets.text_field import TextField
from pos_app.vietnam_day import clock_time, day_text
from pos_app.words import NOTHING, Text, same

_SHIFT = Text("Ca {n}", "Shift {n}")
_FROM = Text("{day}, từ {since} đến {until}", "{day}, {since} to {until}")
_X = Text("Xem giữa ca (X)", "X report")
_Z = Text("Báo cáo Z số {z}", "Z report no. {z}")
_HEADS = (
    Text("Cách thu", "Method"),
    Text("Giao dịch", "Payments"),
    Text("Đã thu", "Taken"),
    Text("Hoàn", "Refunded"),
    Text("Thực thu", "Net"),
)
_SUM = Text("Cộng", "Sum")
_ABOUT = Text("CA NÀY", "THIS SHIFT")
_NONE = Text("Chưa thu khoản nào trong ca này.", "Nothing was taken in this shift yet.")
_FACTS, _TABLE = 0, 1
"""Which sections are told otherwise: in the line under the title, and by the table."""


class FiguresCard(Frame):
    """The report of a shift: a table by method, the net, and all the rest below it."""

    def __init__(self, look: Look, *, prints: Callable[[], None], saves: Callable[[], None]) -> None:
        super().__init__("card")
        self._look = look
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 8, 0)
        column.setSpacing(4)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 16, 0)
        self._title = FitLabel(look, Role.TITLE)
        self._kind = Label(look, Role.BODY_STRONG, ink="text2")
        top.addWidget(self._title, 1)
        top.addWidget(self._kind)
        column.addLayout(top)
        self._when = Label(look, Role.BODY, ink="text2")
        column.addWidget(self._when)
        page = QWidget()
        page.setObjectName("page")
        self._page = QVBoxLayout(page)
        self._page.setContentsMargins(0, 4, 6, 8)
        self._page.setSpacing(4)
        self.rows = Scrolled(look, page)
        column.addWidget(self.rows, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 8, 16, 16)
        foot.setSpacing(12)
        small = Role.SMALL_BUTTON
        foot.addWidget(Button(look, Text("In báo cáo", "Print"), prints, cap="P", role=small))
        foot.addWidget(Button(look, Text("Lưu PDF", "Save as PDF"), saves, cap="S", role=small))
        self._said = Label(look, Role.SMALL, ink="text2", wrap=True)
        foot.addWidget(self._said, 1)
        column.addLayout(foot)

    def show_report(self, report: ShiftReport, shift: Shift, now_ms: int) -> None:
        """Show a report; `now_ms` is the wall clock."""
        final = shift.z_number is not None
        self._title.show_text(_SHIFT.fill(n=shift.number))
        self._when.show_text(_when(shift, now_ms))
        self._kind.show_text(_Z.fill(z=shift.z_number) if final else _X)
        self._said.show_text(NOTHING)
        empty(self._page)
        self._page.addWidget(self._table(shift))
        for place, section in enumerate(report.sections):
            if place not in (_FACTS, _TABLE):
                self._add(section)
        self._add(Section(_ABOUT, report.sections[_FACTS].lines))
        self._page.addStretch()
        self.rows.verticalScrollBar().setValue(0)

    def say(self, said: Text, *, wrong: bool = False) -> None:
        """What became of printing or saving."""
        self._said.set_ink("red_text" if wrong else "text2")
        self._said.show_text(said)

    def _table(self, shift: Shift) -> QWidget:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 12, 0, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        self._cells(grid, 0, _HEADS[0], _HEADS[1:], Role.LABEL, "text2")
        totals = shift.totals
        for row, one in enumerate(totals.confirmed, start=1):
            grid.addWidget(Divider(), 2 * row - 1, 0, 1, 5)
            figures = (one.count, one.amount, -one.refunded, one.net)
            self._cells(grid, 2 * row, method_label(one.method), _figures(figures), Role.FIGURE, "text")
        last = 2 * len(totals.confirmed) + 1
        grid.addWidget(Divider(), last, 0, 1, 5)
        if totals.confirmed:
            sums = (*_figures((totals.count, totals.amount, -totals.refunded)), same(with_sign(totals.net)))
            self._cells(grid, last + 1, _SUM, sums, Role.FIGURE_STRONG, "text")
        else:
            grid.addWidget(Label(self._look, Role.BODY, _NONE, ink="text2"), last + 1, 0, 1, 5)
        return table

    def _cells(self, grid: QGridLayout, row: int, label: Text, figures: tuple[Text, ...], role: Role, ink: str) -> None:
        plain = {Role.FIGURE: Role.BODY, Role.FIGURE_STRONG: Role.BODY_STRONG}.get(role, role)
        grid.addWidget(Label(self._look, plain, label, ink=ink, wrap=True), row, 0)
        for column, figure in enumerate(figures, start=1):
            grid.addWidget(Label(self._look, role, figure, ink=ink).right(), row, column)

    def _add(self, section: Section) -> None:
        if section.title.vi:
            title = Label(self._look, Role.LABEL, section.title, ink="text2")
            title.setContentsMargins(0, 10, 0, 0)
            self._page.addWidget(title)
            self._page.addWidget(Divider())
        for line in section.lines:
            self._page.addWidget(self._row(line))

    def _row(self, line: Line) -> QWidget:
        widget = QWidget()
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        ink = "red_text" if line.bad else "text" if line.strong else "text2"
        row.addWidget(Label(self._look, Role.BODY, line.label, ink=ink, wrap=True), 1)
        value = Label(self._look, Role.BODY_STRONG, line.value, ink="red_text" if line.bad else "text").right()
        row.addWidget(value)
        return widget


def _when(shift: Shift, now_ms: int) -> Text:
    if shift.opened_at_ms is None:
        return NOT_OPENED
    since, until = shift.opened_at_ms, shift.closed_at_ms or now_ms
    end = clock_time(until, seconds=False)
    if day_text(until) != day_text(since):
        end = f"{end} {day_text(until)}"
    who = f" · {shift.opened_by}" if shift.opened_by else ""
    told = _FROM.fill(day=day_text(since), since=clock_time(since, seconds=False), until=end)
    return Text(told.vi + who, told.en + who)


def _figures(figures: tuple[int, ...]) -> tuple[Text, ...]:
    return tuple(same(grouped(one)) for one in figures)


class Card(Frame):
    """A card with a title, room, and a foot with a sentence and one button."""

    def __init__(self, look: Look, act: Callable[[], None]) -> None:
        super().__init__("card")
        self._look = look
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self.column = QVBoxLayout()
        self.column.setContentsMargins(24, 16, 24, 12)
        self.column.setSpacing(8)
        self.title = FitLabel(look, Role.TITLE)
        self.column.addWidget(self.title)
        whole.addLayout(self.column, 1)
        foot = Frame("buttons")
        self._foot = QBoxLayout(QBoxLayout.Direction.LeftToRight, foot)
        self._foot.setContentsMargins(24, 14, 24, 16)
        self.said = Label(look, Role.BODY, ink="text2", wrap=True)
        self._foot.addWidget(self.said, 1)
        self.do = Button(look, "", act, kind="primary", cap="Enter")
        self._foot.addWidget(self.do, alignment=Qt.AlignmentFlag.AlignRight)
        whole.addWidget(foot)
        look.changed.connect(self._lay)
        self._lay()

    @Slot()
    def _lay(self) -> None:
        """Beside the button where there is room for a sentence in two lines, else above it."""
        above, way = self._look.size.narrow and not self._fits_beside(), QBoxLayout.Direction
        self._foot.setDirection(way.TopToBottom if above else way.LeftToRight)
        self._foot.setSpacing(8 if above else 16)
        self.said.setVisible(not above or bool(self.said.text()))

    def _fits_beside(self) -> bool:
        metrics, room = self.said.fontMetrics(), self.width() - self.do.sizeHint().width() - 2 * 24 - 16
        box = metrics.boundingRect(0, 0, max(room, 1), 0, Qt.TextFlag.TextWordWrap, self.said.text())
        return box.width() <= room and box.height() <= 2 * metrics.lineSpacing()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The sentence has another room."""
        super().resizeEvent(event)
        self._lay()

    def say(self, said: Text, *, wrong: bool = False) -> None:
        """What is missing, or what went wrong."""
        self.said.set_ink("red_text" if wrong else "text2")
        self.said.show_text(said)
        self._lay()

    def open_button(self, text: Text, *, on: bool) -> None:
        """Name the button, and say whether it does something now."""
        self.do.show_text(text)
        self.do.lead(on=on)
        self._lay()

    def signed(self, title: Text, detail: Text, *, good: bool, waits: bool = False) -> QWidget:
        """A round sign with a sentence and a detail: good, bad, or not known yet."""
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(16)
        fill, ink, sign = ("green_soft", "green_text", "tick") if good else ("red_soft", "red_text", "cross")
        if waits:
            fill, ink, sign = "amber_soft", "amber_text", "hourglass"
        row.addWidget(Disc(self._look, 36, fill, ink, icon=sign), alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(self._look, Role.BODY_STRONG, title, wrap=True))
        words.addWidget(Label(self._look, Role.BODY, detail, ink="text2", wrap=True))
        row.addLayout(words, 1)
        return line


_BEFORE = Text("Trước khi chốt", "Before closing")
_AGREES = Text("Số của ca và sổ cái khớp nhau", "The figures and the ledger agree")
_BOTH = Text("Hai bên đều {net}", "Both say {net}")
_DIFFERS = Text("Số của ca và sổ cái không khớp", "The figures and the ledger differ")
_CALL = Text("Chốt được, nhưng hãy báo người hỗ trợ.", "It can be closed, but tell support.")
_ALL_KNOWN = Text("Mọi khoản đều có kết quả", "Every payment has its result")
_NOTHING_OPEN = Text("Không có gì chuyển sang ca sau.", "Nothing goes over to the next shift.")
_SOME_OPEN = Text("{n} khoản chưa rõ kết quả", "{n} payments are not known yet")
_NOT_COUNTED = Text(
    "Chưa tính vào tổng. Nên chờ; cần chốt ngay thì quản lý ký chuyển sang ca sau.",
    "In no total. Better wait; to close now, a manager signs them over to the next shift.",
)
_REASON = Text("Lý do chuyển sang ca sau", "Why they go over to the next shift")
_SEEN_MAX, _TWO_ROWS = 40, 52
_DRAWER = Text("Nộp, rút, mở ngăn kéo", "Pay in, pay out, open the drawer")
_DRAWER_IN_SHORT = Text("Ngăn kéo", "Drawer")
_ASK = Text("Hỏi cổng ngay", "Ask now")
_WHY_DIFFERS = Text("Lý do thừa hoặc thiếu tiền", "Why the cash is over or short")
_COUNT_FIRST = Text("Đếm tiền trong ngăn kéo", "Count the cash drawer")
_BLIND = Text("Số phải có chỉ hiện sau khi đếm.", "What must be there is shown after the count.")
_STALE = Text("Đếm rồi lại có tiền vào ra: đếm lại.", "Cash moved after the count: count again.")
_FITS = Text("Tiền mặt đủ", "The cash is right")
_OVER, _SHORT = Text("Tiền mặt thừa {n}", "The cash is {n} over"), Text("Tiền mặt thiếu {n}", "The cash is {n} short")
_CASH_BOTH = Text("Đếm được {counted}, phải có {expected}", "{counted} counted, {expected} must be there")


class ClosePage(Card):
    """What there is to know and to say before a shift is closed."""

    def __init__(
        self, look: Look, act: Callable[[], None], ask: Callable[[], None], drawer: Callable[[], None]
    ) -> None:
        super().__init__(look, act)
        self.title.show_text(_BEFORE)
        self._signs = QVBoxLayout()
        self._signs.setSpacing(4)
        self.column.addLayout(self._signs)
        self._box = Frame("sunk")
        inside = QVBoxLayout(self._box)
        inside.setContentsMargins(16, 8, 8, 8)
        page = QWidget()
        page.setObjectName("page")
        self._rows = QVBoxLayout(page)
        self._rows.setContentsMargins(0, 0, 12, 0)
        self._scroll = Scrolled(look, page)
        inside.addWidget(self._scroll, 1)
        self._box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)  # gives way to the signs
        self._box.setMinimumHeight(_TWO_ROWS + 16)
        self._scroll.setMinimumHeight(_TWO_ROWS)
        self.column.addWidget(self._box, 1)
        self.reason = TextField(look, _REASON, length=REASON_LENGTH_MAX, tells_end=True)
        self.column.addWidget(self.reason)
        self.difference = TextField(look, _WHY_DIFFERS, length=REASON_LENGTH_MAX, tells_end=True)
        self.column.addWidget(self.difference)
        acts = QWidget()
        acts.setSizePolicy(
            QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed
        )  # the figures beside it keep their room
        row = QHBoxLayout(acts)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._again = Button(look, _ASK, ask, role=Role.SMALL_BUTTON, icon=("refresh", "text"))
        self._drawer = Button(look, _DRAWER, drawer, cap="D", role=Role.SMALL_BUTTON)
        row.addWidget(self._again)
        row.addWidget(self._drawer)
        row.addStretch()
        self.column.addWidget(acts)
        self._room = QWidget()
        self.column.addWidget(self._room, 1)

    def show_shift(self, shift: Shift, *, keeps_cash: bool = False) -> None:
        """Show what stands in the way of closing it, or nothing."""
        empty(self._signs)
        net = same(with_sign(shift.totals.net))
        agrees = not shift.disagreements
        detail = _BOTH.fill(net=net) if agrees else _CALL
        self._signs.addWidget(self.signed(_AGREES if agrees else _DIFFERS, detail, good=agrees))
        opened = shift.totals.open
        if opened:
            self._signs.addWidget(self.signed(_SOME_OPEN.fill(n=len(opened)), _NOT_COUNTED, good=False, waits=True))
        else:
            self._signs.addWidget(self.signed(_ALL_KNOWN, _NOTHING_OPEN, good=True))
        for widget in (self._box, self._again, self.reason):
            widget.setVisible(bool(opened))
        self._drawer.show_text(_DRAWER_IN_SHORT if opened else _DRAWER)
        self._room.setVisible(not opened)
        self._show_cash(shift, keeps_cash=keeps_cash)
        empty(self._rows)
        for one in opened[:_SEEN_MAX]:
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(Label(self._look, Role.FIGURE_STRONG, one.slip_number), 1)
            row.addWidget(Label(self._look, Role.FIGURE_STRONG, with_sign(one.amount)))
            self._rows.addWidget(line)
        if len(opened) > _SEEN_MAX:
            more = Text("và {n} khoản nữa", "and {n} more").fill(n=len(opened) - _SEEN_MAX)
            self._rows.addWidget(Label(self._look, Role.BODY, more, ink="text2"))
        self._rows.addStretch()

    def _show_cash(self, shift: Shift, *, keeps_cash: bool) -> None:
        cash = shift.totals.cash
        self._drawer.setVisible(keeps_cash)
        self.difference.setVisible(bool(cash.over))
        if not keeps_cash:
            return
        if cash.counted is None:
            again = _STALE if cash.counts else _BLIND
            self._signs.addWidget(self.signed(_COUNT_FIRST, again, good=False, waits=True))
            return
        both = _CASH_BOTH.fill(counted=with_sign(cash.counted), expected=with_sign(cash.expected))
        title = _FITS if not cash.over else _OVER if cash.over > 0 else _SHORT
        self._signs.addWidget(self.signed(title.fill(n=with_sign(abs(cash.over))), both, good=not cash.over))

    @property
    def has_reason(self) -> bool:
        """Whether enough was said."""
        return not is_too_short(self.reason.text)

    @property
    def explains(self) -> bool:
        """Whether enough was said of the cash."""
        return not is_too_short(self.difference.text)


_DONE = Text("Đã chốt ca {n}", "Shift {n} is closed")
_NEXT = Text("Ca sau mở với khoản thu đầu tiên, hoặc mở ngay.", "The next one opens with its first payment, or now.")
_KEPT = Text("Báo cáo Z số {z} đã ghi vào sổ, không sửa được.", "Z report no. {z} is in the journal for good.")


class DonePage(Card):
    """A shift was closed."""

    def __init__(self, look: Look, act: Callable[[], None]) -> None:
        super().__init__(look, act)
        self._signs = QVBoxLayout()
        self.column.addLayout(self._signs)
        self.column.addStretch(1)

    def show_shift(self, shift: Shift) -> None:
        """Show that it is done."""
        self.title.show_text(_DONE.fill(n=shift.number))
        empty(self._signs)
        net = Text("Thực thu {net}", "Net {net}").fill(net=with_sign(shift.totals.net))
        self._signs.addWidget(self.signed(net, _KEPT.fill(z=shift.z_number), good=True))
        self.say(_NEXT)
        self.open_button(Text("Ca hiện tại", "The running shift"), on=True)


_CLOSED_NOW = Text("Ca {n} chưa mở", "Shift {n} is not open")
_OPENS = Text(
    "Khoản thu đầu tiên tự mở ca. Mở bằng tay để ghi ai nhận quầy.",
    "The first payment opens it by itself. Open it by hand to note who takes over the till.",
)


_FLOAT = Text("Tiền đầu ca trong ngăn kéo", "Float in the drawer")


class OpenPage(Card):
    """The running shift is not open yet."""

    def __init__(self, look: Look, act: Callable[[], None], close: Callable[[], None]) -> None:
        super().__init__(look, act)
        self.column.addWidget(Label(look, Role.DETAIL, _OPENS, ink="text2", wrap=True))
        self.float = TextField(look, _FLOAT, icon="money", length=15)
        self.float.entered.connect(act)
        self.column.addWidget(self.float)
        self.column.addStretch(1)
        empty_one = Button(look, Text("Chốt ca trống", "Close it empty"), close, cap="C", role=Role.SMALL_BUTTON)
        self.column.addWidget(empty_one, alignment=Qt.AlignmentFlag.AlignLeft)

    @property
    def float_dong(self) -> int | None:
        """The cash in the drawer as it was typed; None where it is no amount."""
        try:
            return read_amount(self.float.text) if self.float.text else 0
        except ValueError:
            return None

    def show_shift(self, shift: Shift, *, takes_cash: bool = False) -> None:
        """Show it."""
        self.title.show_text(_CLOSED_NOW.fill(n=shift.number))
        self.float.setVisible(takes_cash)
        self.say(NOTHING)
        self.open_button(Text("Mở ca", "Open the shift"), on=True)
