"""Payments (F3): today's payments, newest on top, and the whole story of the chosen one."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QListView,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from pos_app.checkout.events import StoryView
from pos_app.checkout.views import PaymentView, RefundStage, Stage
from pos_app.clock import Clock
from pos_app.money import with_sign
from pos_app.payments.acts import Act
from pos_app.ui.icons import icon
from pos_app.ui.look import Look
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.screens.situation import ACTS, asks, can_refund, possible_acts
from pos_app.ui.signs import SOURCES, sign_of
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.label import Frame, IconLabel, Label
from pos_app.ui.widgets.time_line import TimeLine
from pos_app.vietnam_day import clock_time
from pos_app.words import Text

_ROW, _ROW_WIDE = 49, 61
_ROLE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex
_HEADS = (
    Text("Giờ", "Time"), Text("Số phiếu", "Slip number"), Text("Số tiền", "Amount"), Text("Nguồn mã", "Code from"),
    Text("Trạng thái", "State"),
)  # fmt: skip

_NONE_YET = Text("Chưa có giao dịch hôm nay.", "No payments yet today.")
_CHOOSE = Text("Chọn một giao dịch để xem diễn biến.", "Choose a payment to see its story.")


def columns(width: float) -> tuple[QRectF, ...]:
    """Where the five columns are in a row `width` px wide (height 1)."""
    inner = width - 40
    parts = (0.10, 0.16, 0.20, 0.05, 0.20, 0.29)
    boxes, x = [], 20.0
    for part in parts:
        boxes.append(QRectF(x, 0, inner * part, 1))
        x += inner * part
    return (*boxes[:3], *boxes[4:])


class _Payments(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.views: tuple[PaymentView, ...] = ()

    def rowCount(self, parent: _Index | None = None) -> int:  # noqa: N802 - Qt's name
        return 0 if parent is not None and parent.isValid() else len(self.views)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        view = self.views[index.row()]
        if role == _ROLE:
            return view
        return f"{view.slip_number} {with_sign(view.amount)}" if role == Qt.ItemDataRole.DisplayRole else None

    def show(self, views: tuple[PaymentView, ...]) -> None:
        self.beginResetModel()
        self.views = views
        self.endResetModel()


class _RowPainter(QStyledItemDelegate):
    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(100, _ROW_WIDE if self._look.size.wide else _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        view: PaymentView = index.data(_ROLE)
        colour, size = self._look.colour, self._look.size
        rect = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, QColor(colour("accent_soft")))
            painter.fillRect(QRectF(rect.left(), rect.top(), 4, rect.height()), QColor(colour("accent")))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), QColor(colour("line")))
        sign = sign_of(view)
        strong = "text" if view.stage is Stage.PAID or chosen else "text2"
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        cells = (
            (clock_time(view.scanned_at_ms, seconds=False), Role.FIGURE, "text2", middle),
            (view.slip_number, Role.FIGURE, "text", middle),
            (with_sign(view.amount), Role.FIGURE_STRONG, strong, right),
            (self._look.say(SOURCES[view.source]), Role.BODY, "text2", middle),
        )
        boxes = [QRectF(rect.left() + box.left(), rect.top(), box.width(), rect.height() - 1)
                 for box in columns(rect.width())]  # fmt: skip
        for box, (text, role, token, where) in zip(boxes[:4], cells, strict=True):
            painter.setFont(size.font(role))
            painter.setPen(QColor(colour(token)))
            fitting = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()) - 4)
            painter.drawText(box, int(where), fitting)
        last = boxes[4]
        pixmap = icon(sign.icon, colour(sign.token), 18, painter.device().devicePixelRatioF())
        painter.drawPixmap(round(last.left()), round(last.center().y() - 9), pixmap)
        painter.setFont(size.font(Role.BODY_STRONG))
        painter.setPen(QColor(colour(sign.token)))
        painter.drawText(last.adjusted(26, 0, 0, 0), int(middle), self._look.say(sign.word))


class PaymentsScreen(OtherScreen):
    """The list at the left, the chosen payment's details and story at the right.

    Args:
        slip: shows the slip of the chosen payment.
        act: an act and its payment: a manager is to approve it.

    Signals:
        wants_slip: payment id and refund id of the slip to show.
    """

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
        self._model = _Payments()
        self._outer = QHBoxLayout(self)
        self._outer.addWidget(self._list(look), 63)
        self._outer.addWidget(self._detail(look), 37)
        look.changed.connect(self._dress)
        self._dress()
        self._show_sums()

    def _list(self, look: Look) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 0, 1, 1)
        column.setSpacing(0)
        self._heads = _Heads(look)
        column.addWidget(self._heads)
        self.rows = QListView()
        self.rows.setObjectName("rows")
        self.rows.setModel(self._model)
        self.rows.setItemDelegate(_RowPainter(look))
        self.rows.setFrameShape(QListView.Shape.NoFrame)
        self.rows.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.rows.setUniformItemSizes(True)
        self.rows.selectionModel().currentChanged.connect(self._choose)
        column.addWidget(self.rows, 1)
        sums = Frame("strip")
        row = QHBoxLayout(sums)
        row.setContentsMargins(20, 10, 20, 10)
        row.setSpacing(32)
        self._sums = (
            self._sum(row, Text("Giao dịch", "Payments")),
            self._sum(row, Text("Đã thu", "Received")),
            self._sum(row, Text("Đã hoàn", "Refunded")),
            self._sum(row, Text("Chưa rõ", "Not known yet")),
        )
        row.addStretch()
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
        top = QHBoxLayout()
        self._amount = Label(look, Role.FIGURE_TITLE)
        top.addWidget(self._amount, 1)
        self._pill = Frame("pill_none")
        self._pill.setFixedHeight(30)
        self._pill.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        pill = QHBoxLayout(self._pill)
        pill.setContentsMargins(12, 4, 12, 4)
        pill.setSpacing(6)
        self._sign = IconLabel(look, "tick", "text2", 18)
        self._state = Label(look, Role.LABEL)
        pill.addWidget(self._sign)
        pill.addWidget(self._state)
        top.addWidget(self._pill)
        column.addLayout(top)
        self._about = Label(look, Role.SMALL, ink="text2", wrap=True)
        column.addWidget(self._about)
        self._story = TimeLine(look)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._story)
        column.addWidget(scroll, 1)
        self._left = Label(look, Role.BODY_STRONG, wrap=True)
        column.insertWidget(2, self._left)
        self._buttons = QGridLayout()
        self._buttons.setSpacing(8)
        column.addLayout(self._buttons)
        self._nothing = Label(look, Role.BODY, _NONE_YET, ink="text2", wrap=True)
        column.insertWidget(0, self._nothing)
        self._hide_detail(hide=True)
        return card

    def _hide_detail(self, *, hide: bool) -> None:
        self._nothing.setVisible(hide)
        for widget in (self._amount, self._pill, self._about, self._story):
            widget.setVisible(not hide)
        if hide:
            self._left.hide()
            self._offer(())

    def show_list(self, payments: tuple[PaymentView, ...]) -> None:
        """Show today's payments, keeping the chosen one."""
        if payments != self._model.views:
            self._model.show(payments)
            self._nothing.show_text(_CHOOSE if payments else _NONE_YET)
            self._show_sums()
        ids = [view.payment_id for view in payments]
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
        sign = sign_of(view)
        self._view = view
        self._hide_detail(hide=False)
        self._amount.show_text(with_sign(view.amount))
        self._pill.wear(sign.pill)
        self._sign.show_icon(sign.icon, sign.token)
        self._state.show_text(sign.word)
        self._state.set_ink(sign.token)
        note = f" · {view.note}" if view.note else ""
        about = Text("Phiếu {number}{note}", "Slip {number}{note}").fill(number=view.slip_number, note=note)
        self._about.show_text(about)
        self._story.show_lines(story.lines)
        self._pill.updateGeometry()
        rest = Text("Còn lại sau khi hoàn {left}", "Left after refunds {left}").fill(left=with_sign(view.refundable))
        self._left.show_text(rest)
        self._left.setVisible(view.stage is Stage.PAID and view.refundable < view.amount)
        self._offer(self._buttons_of(view))

    def _buttons_of(self, view: PaymentView) -> tuple[Button, ...]:
        """What can be done about it: the gateway asked, an act approved, a slip shown."""
        buttons = []
        if asks(view):
            ask = Text("Hỏi ZaloPay ngay", "Ask ZaloPay now")
            buttons.append(self._button(ask, self._ask_now, icon="refresh"))
        for act in possible_acts(view, self._clock.wall_ms()):
            cap = "F4" if act is Act.REFUND else ""
            buttons.append(self._button(ACTS[act].button, self._actor(act), icon="lock", cap=cap))
        buttons.append(self._button(Text("In lại", "Reprint"), self._slip, cap="F9"))
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
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for place, button in enumerate(buttons):
            self._buttons.addWidget(button, place // 2, place % 2)

    @property
    def chosen_refundable(self) -> PaymentView | None:
        """The chosen payment, when something of it can be given back."""
        chosen = next((view for view in self._model.views if view.payment_id == self.chosen_id), None)
        return chosen if chosen is not None and can_refund(chosen) else None

    def press(self, event: QKeyEvent) -> bool:
        """The arrows move in the list."""
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down} and self._model.views:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            place = min(max(self.rows.currentIndex().row() + step, 0), len(self._model.views) - 1)
            self.rows.setCurrentIndex(self._model.index(place))
            return True
        return False

    @Slot(QModelIndex, QModelIndex)
    def _choose(self, now: QModelIndex, _before: QModelIndex) -> None:
        if not now.isValid():
            return
        self.chosen_id = self._model.views[now.row()].payment_id
        if self._commands is not None:
            self._commands.story(self.chosen_id)

    def _ask_now(self) -> None:
        if self._commands is not None and self.chosen_id:
            self._commands.ask_now(self.chosen_id)

    def _show_sums(self) -> None:
        views = self._model.views
        paid = sum(view.amount for view in views if view.stage is Stage.PAID)
        still_open = sum(view.amount for view in views if view.stage is Stage.UNKNOWN)
        back = sum(one.amount for view in views for one in view.refunds if one.stage is RefundStage.DONE)
        said = (str(len(views)), with_sign(paid), with_sign(back), with_sign(still_open))
        for label, text in zip(self._sums, said, strict=True):
            label.show_text(text)

    @Slot()
    def _dress(self) -> None:
        gap = self._look.size.gap
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._outer.setSpacing(gap)
        name = self._look.say(Text("Giao dịch hôm nay", "Today’s payments"))
        self.rows.setAccessibleName(name)
        self.rows.doItemsLayout()  # rows are higher where there is room


class _Heads(QWidget):
    """The head of the table, in the same columns as its rows."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFixedHeight(41)
        look.changed.connect(self.update)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setFont(self._look.size.font(Role.LABEL))
        painter.setPen(QColor(self._look.colour("text2")))
        for place, (box, word) in enumerate(zip(columns(self.width()), _HEADS, strict=True)):
            right = Qt.AlignmentFlag.AlignRight if place == 2 else Qt.AlignmentFlag.AlignLeft  # noqa: PLR2004
            where = QRectF(box.left(), 0, box.width(), 40)
            painter.drawText(where, int(right | Qt.AlignmentFlag.AlignVCenter), self._look.say(word))
        painter.fillRect(QRectF(0, 40, self.width(), 1), QColor(self._look.colour("line")))
