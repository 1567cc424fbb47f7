"""The table of the day's payments: one line each, in columns that its head shares."""

import math

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from pos_app.checkout.how_paid import gesture
from pos_app.checkout.views import PaymentView, Stage
from pos_app.money import with_sign
from pos_app.payments.gateway_names import brand
from pos_app.ui.icons import icon
from pos_app.ui.look import Look
from pos_app.ui.signs import sign_of
from pos_app.ui.theme import Role
from pos_app.ui.widgets.row_list import SHOWN_ROLE, Index, RowModel, paint_row_ground, two_lines, two_lines_px
from pos_app.vietnam_day import clock_time
from pos_app.words import Text

_ROW, _ROW_WIDE, _APART = 49, 61, 20
_HEADS = (
    Text("Giờ", "Time"), Text("Số phiếu", "Slip number"), Text("Số tiền", "Amount"), Text("Cách trả", "Paid by"),
    Text("Trạng thái", "State"),
)  # fmt: skip


_PARTS = (0.09, 0.16, 0.19, 0.03, 0.22, 0.31)
"""The columns' shares of the width; the fourth stands empty, after figures that end at the right."""
_SIDES, _BAR, _END = 40, 16, 4
"""px: beside the columns, of a scroll bar, and kept free at the end of each column."""
_FIGURES = (("00:00", Role.FIGURE), ("00-000000", Role.FIGURE), (with_sign(1_000_000), Role.FIGURE_STRONG))
"""What the first three have room for, whatever the size of text."""


def columns(width: float) -> tuple[QRectF, ...]:
    """Where the five columns are in a row `width` px wide (height 1)."""
    inner = width - _SIDES
    boxes, x = [], _SIDES / 2
    for part in _PARTS:
        boxes.append(QRectF(x, 0, inner * part, 1))
        x += inner * part
    return (*boxes[:3], *boxes[4:])


def _least_px(look: Look) -> int:
    """How wide the table is at least, so that heads and figures are seen whole."""
    font = look.size.font
    wide = [QFontMetrics(font(Role.LABEL)).horizontalAdvance(look.say(word)) for word in _HEADS]
    for place, (text, role) in enumerate(_FIGURES):
        wide[place] = max(wide[place], QFontMetrics(font(role)).horizontalAdvance(text) + _END)
    shares = zip(wide, (*_PARTS[:3], *_PARTS[4:]), strict=True)
    return _SIDES + _BAR + math.ceil(max(px / part for px, part in shares))


class TableHead(QWidget):
    """The head of the table, in the same columns as its rows."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFixedHeight(41)
        look.changed.connect(self._dress)
        self._dress()

    @Slot()
    def _dress(self) -> None:
        self.setMinimumWidth(_least_px(self._look))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words of the columns."""
        painter = QPainter(self)
        painter.setFont(self._look.size.font(Role.LABEL))
        painter.setPen(QColor(self._look.colour("text2")))
        for place, (box, word) in enumerate(zip(columns(self.width()), _HEADS, strict=True)):
            right = Qt.AlignmentFlag.AlignRight if place == 2 else Qt.AlignmentFlag.AlignLeft  # noqa: PLR2004
            where = QRectF(box.left(), 0, box.width(), 40)
            painter.drawText(where, int(right | Qt.AlignmentFlag.AlignVCenter), self._look.say(word))
        painter.fillRect(QRectF(0, 40, self.width(), 1), QColor(self._look.colour("line")))


class _Painter(QStyledItemDelegate):
    def __init__(self, look: Look, owner: QListView) -> None:
        super().__init__(owner)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = self._look.size
        least = _ROW_WIDE if size.wide else _ROW
        return QSize(100, two_lines_px(least, size.font(Role.BODY), size.font(Role.SMALL)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view: PaymentView = index.data(SHOWN_ROLE)
        colour, size = self._look.colour, self._look.size
        rect = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        paint_row_ground(painter, rect, self._look, chosen=chosen)
        sign = sign_of(view)
        strong = "text" if view.stage in {Stage.PAID, Stage.CASH} or chosen else "text2"
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        cells = (
            (clock_time(view.scanned_at_ms, seconds=False), Role.FIGURE, "text2", middle),
            (view.slip_number, Role.FIGURE, "text", middle),
            (with_sign(view.amount), Role.FIGURE_STRONG, strong, right),
        )
        boxes = [QRectF(rect.left() + box.left(), rect.top(), box.width(), rect.height() - 1)
                 for box in columns(rect.width())]  # fmt: skip
        for box, (text, role, token, where) in zip(boxes[:3], cells, strict=True):
            self._write(painter, box, text, (role, token, where))
        how = self._look.say(gesture(view))
        upper, lower = two_lines(boxes[3], size.font(Role.BODY), size.font(Role.SMALL), apart=_APART)
        self._write(
            painter, upper if how else boxes[3], self._look.say(brand(view.gateway)), (Role.BODY, "text2", middle)
        )
        self._write(painter, lower, how, (Role.SMALL, "text2", middle))
        last = boxes[4]
        pixmap = icon(sign.icon, colour(sign.token), 18, painter.device().devicePixelRatioF())
        painter.drawPixmap(round(last.left()), round(last.center().y() - 9), pixmap)
        painter.setFont(size.font(Role.BODY_STRONG))
        painter.setPen(QColor(colour(sign.token)))
        painter.drawText(last.adjusted(26, 0, 0, 0), int(middle), self._look.say(sign.word))

    def _write(self, painter: QPainter, box: QRectF, text: str, style: tuple[Role, str, Qt.AlignmentFlag]) -> None:
        role, token, where = style
        painter.setFont(self._look.size.font(role))
        painter.setPen(QColor(self._look.colour(token)))
        fitting = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()) - _END)
        painter.drawText(box, int(where), fitting)


class PaymentTable(QListView):
    """The rows; `selectionModel` tells which one is chosen."""

    def __init__(self, look: Look, name: Text) -> None:
        super().__init__()
        self._look, self._name = look, name
        self.payments: RowModel[PaymentView] = RowModel(self, self._spoken)
        self.setObjectName("rows")
        self.setModel(self.payments)
        self.setItemDelegate(_Painter(look, self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        look.changed.connect(self._dress)
        self._dress()

    def _spoken(self, view: PaymentView) -> str:
        say, at = self._look.say, clock_time(view.scanned_at_ms, seconds=False)
        how = (say(brand(view.gateway)), say(gesture(view)))
        parts = (say(sign_of(view).word), with_sign(view.amount), at, view.slip_number, *how)
        return ", ".join(part for part in parts if part)

    @Slot()
    def _dress(self) -> None:
        self.setAccessibleName(self._look.say(self._name))
        self.doItemsLayout()  # rows are higher where there is room
