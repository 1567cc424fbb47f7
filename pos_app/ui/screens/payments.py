"""Payments (F3): today's payments, or those that were looked for, newest on top; and the story of the chosen one."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from pos_app.checkout.events import StoryView
from pos_app.checkout.how_paid import how_paid
from pos_app.checkout.report_views import Exported, Exporting, PaymentsListed, ReportRefused
from pos_app.checkout.views import PaymentView, RefundStage, Stage
from pos_app.clock import Clock
from pos_app.money import with_sign
from pos_app.payments.acts import Act
from pos_app.payments.gateway_names import named
from pos_app.ui.look import Look
from pos_app.ui.screens.exports import export_path, export_words
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.screens.payment_filters import PaymentFilters
from pos_app.ui.screens.situation import ACTS, asks, can_refund, possible_acts
from pos_app.ui.theme import Role
from pos_app.ui.widgets.amount_and_sign import AmountAndSign
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.label import Frame, Label
from pos_app.ui.widgets.layouts import empty
from pos_app.ui.widgets.payment_table import PaymentTable, TableHead
from pos_app.ui.widgets.scrolled import Scrolled
from pos_app.ui.widgets.time_line import TimeLine
from pos_app.vietnam_day import day_of
from pos_app.words import NOTHING, Text

_TODAY = Text("Giao dịch hôm nay", "Today’s payments")
_NONE_YET = Text("Chưa có giao dịch hôm nay.", "No payments yet today.")
_NONE_SO = Text("Không có giao dịch nào như vậy.", "There is no such payment.")
_CHOOSE = Text("Chọn một giao dịch để xem diễn biến.", "Choose a payment to see its story.")

_ONE_LINE_MAX = 16
"""Characters of a note that is not parted: "Bàn 5" with its number in the next line would be read as something else."""


class PaymentsScreen(OtherScreen):
    """The list at the left, the chosen payment's details and story at the right.

    Args:
        slip: shows the slip of the chosen payment.
        act: an act and its payment: a manager is to approve it.

    Signals:
        wants_export: what is listed, as a file.
        wants_slip: payment id and refund id of the slip to show.
    """

    wants_export = Signal()
    wants_slip = Signal(str, str)

    def __init__(
        self, look: Look, *, slip: Callable[[], None], act: Callable[[Act, PaymentView], None], clock: Clock
    ) -> None:
        super().__init__()
        self._look = look
        self._slip = slip
        self._act, self._clock = act, clock
        self._view: PaymentView | None = None
        self.chosen_id = ""
        self.filters = PaymentFilters(look, today=lambda: day_of(clock.wall_ms()))
        self.filters.changed.connect(self._search)
        self._listed: PaymentsListed | None = None
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self.filters)
        self._both = QHBoxLayout()
        self._both.addWidget(self._list(look), 63)
        self._both.addWidget(self._detail(look), 37)
        self._outer.addLayout(self._both, 1)
        look.changed.connect(self._dress)
        self._dress()
        self._show_sums()
        self._show_emptiness()

    def _list(self, look: Look) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 0, 1, 1)
        column.setSpacing(0)
        column.addWidget(TableHead(look))
        self.rows = PaymentTable(look, _TODAY)
        self._model = self.rows.payments
        self.rows.selectionModel().currentChanged.connect(self._choose)
        self._none = Label(look, Role.DETAIL, _NONE_YET, ink="text2").centred()
        over = QVBoxLayout(self.rows.viewport())
        over.addWidget(self._none)
        column.addWidget(self.rows, 1)
        sums = Frame("strip")
        row = self._strip = QHBoxLayout(sums)
        self._sums = (
            self._sum(row, Text("Giao dịch", "Payments")),
            self._sum(row, Text("Đã thu", "Received")),
            self._sum(row, Text("Đã hoàn", "Refunded")),
            self._sum(row, Text("Chưa rõ", "Not known yet")),
        )
        self._cash_column = QWidget()
        column_of_cash = QHBoxLayout(self._cash_column)
        column_of_cash.setContentsMargins(0, 0, 0, 0)
        self._cash = self._sum(column_of_cash, Text("Tiền mặt", "Cash"))
        row.addWidget(self._cash_column)
        row.addStretch()
        self._said = Label(look, Role.SMALL, ink="text2", wrap=True)
        self._said.setContentsMargins(20, 8, 20, 8)
        self._said.hide()
        column.addWidget(self._said)
        self._export = Button(look, Text("Xuất danh sách", "Export list"), self.wants_export.emit,
                              role=Role.SMALL_BUTTON, icon=("export", "text", 18))  # fmt: skip
        self._export.setMinimumHeight(48)
        layout = self._export.layout()
        assert layout is not None  # noqa: S101 - every button has one
        layout.setContentsMargins(12, 0, 12, 0)
        row.addWidget(self._export)
        column.addWidget(sums)
        return card

    def _sum(self, row: QHBoxLayout, word: Text) -> Label:
        column = QVBoxLayout()
        column.setSpacing(0)
        figure = Label(self._look, Role.FIGURE_STRONG, "0")
        column.addWidget(Label(self._look, Role.LABEL, word, ink="text2"))
        column.addWidget(figure)
        row.addLayout(column)
        return figure

    def _detail(self, look: Look) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(20, 20, 16, 20)
        column.setSpacing(12)
        self._head = AmountAndSign(look)
        column.addWidget(self._head)
        self._about = Label(look, Role.SMALL, ink="text2", wrap=True)
        column.addWidget(self._about)
        self._story = TimeLine(look)
        self._scroll = Scrolled(look, self._story)
        column.addWidget(self._scroll, 1)
        self._left = Label(look, Role.BODY_STRONG, wrap=True)
        column.insertWidget(2, self._left)
        self._buttons = QGridLayout()
        self._buttons.setSpacing(8)
        column.addLayout(self._buttons)
        self._nothing = Label(look, Role.BODY, _CHOOSE, ink="text2", wrap=True)
        column.insertWidget(0, self._nothing)
        self._detail_card = card
        self._hide_detail(hide=True)
        return card

    def _hide_detail(self, *, hide: bool) -> None:
        self._nothing.setVisible(hide)
        for widget in (self._head, self._about, self._story):
            widget.setVisible(not hide)
        if hide:
            self._left.hide()
            self._offer(())

    def _show_emptiness(self) -> None:
        """Of nothing there are no details."""
        there = bool(self._model.rows)
        self._none.setVisible(not there)
        self._detail_card.setVisible(there or self._view is not None)
        self._export.setEnabled(there)

    def begin(self) -> None:
        """It was opened: the list is asked for anew."""
        self._say(NOTHING)
        self._search()

    @Slot()
    def _search(self) -> None:
        if self._commands is not None:
            self._commands.list_payments(self.filters.wanted)

    def look_for(self, payment_id: str) -> None:
        """Show this one payment, of whatever day it is."""
        self.chosen_id = payment_id
        self.filters.look_for(payment_id)

    def show_listed(self, listed: PaymentsListed) -> None:
        """Show what was found, unless something else is looked for by now."""
        self.filters.offer(listed.choices)
        if listed.wanted == self.filters.wanted:
            self._listed = listed
            self._show(listed.payments)

    def show_list(self, payments: tuple[PaymentView, ...]) -> None:
        """The newest payments as the till knows them: today's are shown at once, whatever else is looked for anew."""
        if self.filters.is_default:
            today = day_of(self._clock.wall_ms())
            self._listed = None
            self._show(tuple(view for view in payments if day_of(view.scanned_at_ms) == today))
        if self.isVisible():
            self._search()

    def _show(self, payments: tuple[PaymentView, ...]) -> None:
        """Show these, keeping the chosen one."""
        if payments != self._model.rows:
            self._model.show(payments)
            self._none.show_text(_NONE_YET if self.filters.is_default else _NONE_SO)
        self._show_emptiness()
        self._show_sums()
        ids = [view.payment_id for view in payments]
        if payments and self.chosen_id not in ids and not self.filters.is_default:
            self.chosen_id = ""  # what was found has another first one
        if self.chosen_id in ids or (payments and not self.chosen_id):
            place = ids.index(self.chosen_id) if self.chosen_id in ids else 0
            self.rows.setCurrentIndex(self._model.index(place))

    def show_payment(self, view: PaymentView) -> None:
        """A payment changed: the story of the chosen one is asked for anew."""
        if view.payment_id == self.chosen_id and self._commands is not None and self.isVisible():
            self._commands.story(view.payment_id)

    def show_story(self, story: StoryView) -> None:
        """Show the chosen payment's story."""
        view = story.payment
        if view.payment_id != self.chosen_id:
            return
        self._view = view
        self._hide_detail(hide=False)
        self._head.show_payment(view)
        note = f" · {_in_one_line(view.note)}" if view.note else ""
        about = Text("Phiếu {number} · {how}{note}", "Slip {number} · {how}{note}")
        about = about.fill(number=view.slip_number, how=how_paid(view), note=note)
        self._about.show_text(about)
        self._story.show_lines(story.lines)
        rest = Text("Còn lại sau khi hoàn {left}", "Left after refunds {left}").fill(left=with_sign(view.refundable))
        self._left.show_text(rest)
        self._left.setVisible(view.stage in {Stage.PAID, Stage.CASH} and view.refundable < view.amount)
        self._offer(self._buttons_of(view))

    def _buttons_of(self, view: PaymentView) -> tuple[Button, ...]:
        """What can be done about it: the gateway asked, an act approved, a slip shown."""
        buttons = []
        if asks(view):
            ask = named(Text("Hỏi ZaloPay ngay", "Ask ZaloPay now"), view.gateway)
            buttons.append(self._button(ask, self._ask_now, icon="refresh"))
        for act in possible_acts(view, self._clock.wall_ms()):
            cap = "F4" if act is Act.REFUND else ""
            buttons.append(self._button(ACTS[act].button, self._actor(act), icon="lock", cap=cap))
        buttons.append(self._button(Text("In lại", "Reprint"), self._slip, cap="F9"))
        buttons.append(self._button(Text("Chép mã", "Copy IDs"), self._copy, icon="copy"))
        for refund in view.refunds:
            if refund.stage is RefundStage.DONE:
                word = Text("Phiếu hoàn {n}", "Refund {n}").fill(n=refund.slip_number.rpartition("-")[2].lstrip("0"))
                buttons.append(self._button(word, self._slip_shower(refund.m_refund_id), icon="slip"))
        return tuple(buttons)

    def _button(self, text: Text, pressed: Callable[[], None], *, icon: str = "", cap: str = "") -> Button:
        button = Button(self._look, text, pressed, role=Role.SMALL_BUTTON, cap=cap,
                        icon=None if cap else (icon, "text"))  # fmt: skip
        layout = button.layout()
        if layout is not None:
            layout.setContentsMargins(8, 0, 8, 0)
            layout.setSpacing(8)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return button

    def _actor(self, act: Act) -> Callable[[], None]:
        return lambda: self._act(act, self._view) if self._view is not None else None

    def _slip_shower(self, m_refund_id: str) -> Callable[[], None]:
        return lambda: self.wants_slip.emit(self.chosen_id, m_refund_id)

    def _offer(self, buttons: tuple[Button, ...]) -> None:
        empty(self._buttons)
        before: QWidget = self._scroll
        for place, button in enumerate(buttons):
            self._buttons.addWidget(button, place // 2, place % 2)
            self.setTabOrder(before, button)
            before = button

    @property
    def chosen_refundable(self) -> PaymentView | None:
        """The chosen payment, when something of it can be given back."""
        chosen = next((view for view in self._model.rows if view.payment_id == self.chosen_id), None)
        return chosen if chosen is not None and can_refund(chosen) else None

    def press(self, event: QKeyEvent) -> bool:
        """The arrows move in the list."""
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down} and self._model.rows:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            place = min(max(self.rows.currentIndex().row() + step, 0), len(self._model.rows) - 1)
            self.rows.setCurrentIndex(self._model.index(place))
            return True
        return False

    @Slot(QModelIndex, QModelIndex)
    def _choose(self, now: QModelIndex, _before: QModelIndex) -> None:
        if not now.isValid():
            return
        self.chosen_id = self._model.rows[now.row()].payment_id
        if self._commands is not None:
            self._commands.story(self.chosen_id)

    def _copy(self) -> None:
        if self._view is not None:
            ids = (self._view.slip_number, self._view.payment_id, self._view.zp_trans_id)
            QGuiApplication.clipboard().setText("\t".join(one for one in ids if one))
            self._say(Text("Đã chép mã của phiếu {n}", "Copied the IDs of slip {n}").fill(n=ids[0]))

    def export_list(self) -> None:
        """Write what is listed into a file, once that may be."""
        if self._commands is not None:
            self._commands.export_payments(
                export_path("giao-dich", ".xlsx", self._clock.wall_ms()), self.filters.wanted
            )

    def _say(self, text: Text) -> None:
        self._said.show_text(text)
        self._said.setVisible(bool(text.vi))

    def tell(self, event: Exporting | Exported | ReportRefused) -> None:
        """How an export goes."""
        self._say(export_words(event))

    def _ask_now(self) -> None:
        if self._commands is not None and self.chosen_id:
            self._commands.ask_now(self.chosen_id)

    def _show_sums(self) -> None:
        views = self._model.rows
        summed = self._listed.sums if self._listed is not None else None
        more = self._listed is not None and self._listed.more
        if summed is not None:
            told = (str(summed.payments), with_sign(summed.paid), with_sign(summed.refunded), with_sign(summed.open))
            for label, text in zip(self._sums, told, strict=True):
                label.show_text(text)
            self._show_cash(summed.cash_sales, summed.cash, on=bool(summed.cash_sales))
            return
        paid = sum(view.amount for view in views if view.stage is Stage.PAID)
        still_open = sum(view.amount for view in views if view.stage is Stage.UNKNOWN)
        sold = [view for view in views if view.stage is Stage.CASH]
        self._show_cash(len(sold), sum(view.refundable for view in sold), on=bool(sold) and not more)
        by_gateway = [view for view in views if view.stage is not Stage.CASH]
        back = sum(one.amount for view in by_gateway for one in view.refunds if one.stage is RefundStage.DONE)
        # Of more than are shown nobody has added up the rest.
        said = (f"{len(views)}+" if more else str(len(by_gateway)),
                *("–" if more else with_sign(one) for one in (paid, back, still_open)))  # fmt: skip
        for label, text in zip(self._sums, said, strict=True):
            label.show_text(text)

    def _show_cash(self, sales: int, dong: int, *, on: bool) -> None:
        """Cash sales, and their dong less what was given back, apart from what came through gateways."""
        self._cash.show_text(f"{sales} · {with_sign(dong)}")
        self._cash_column.setVisible(on)
        tight = on and self._look.size.narrow
        self._strip.setContentsMargins(*((12, 10, 12, 10) if tight else (20, 10, 20, 10)))
        self._strip.setSpacing(8 if tight else 16)

    @Slot()
    def _dress(self) -> None:
        gap = self._look.size.gap
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._outer.setSpacing(gap)
        self._both.setSpacing(gap)


def _in_one_line(note: str) -> str:
    return note.replace(" ", "\N{NO-BREAK SPACE}") if len(note) <= _ONE_LINE_MAX else note
