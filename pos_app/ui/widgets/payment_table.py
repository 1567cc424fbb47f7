"""The table of the day's payments: one line each, in columns that its head shares."""

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from pos_app.checkout.how_paid import gesture
from pos_app.checkout.views import PaymentView, Stage
from pos_app.money import with_sign
from pos_app.payments.gateway_names import brand
from pos_app.ui.icons import icon
from pos_app.ui.look import Look
from pos_app.ui.signs import sign_of
from pos_app.ui.theme import Role
from pos_app.ui.widgets.row_list import SHOWN_ROLE, Index, RowModel, paint_row_ground
from pos_app.vietnam_day import clock_time
from pos_app.words import Text

_ROW, _ROW_WIDE = 49, 61
_HEADS = (
    Text("Giờ", "Time"), Text("Số phiếu", "Slip number"), Text("Số tiền", "Amount"), Text("Cách trả", "Paid by"),
    Text("Trạng thái", "State"),
)  # fmt: skip


def columns(width: float) -> tuple[QRectF, ...]:
    """Where the five columns are in a row `width` px wide (height 1)."""
    inner = width - 40
    parts = (0.09, 0.16, 0.20, 0.02, 0.23, 0.30)
    boxes, x = [], 20.0
    for part in parts:
        boxes.append(QRectF(x, 0, inner * part, 1))
        x += inner * part
    return (*boxes[:3], *boxes[4:])


class TableHead(QWidget):
    """The head of the table, in the same columns as its rows."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFixedHeight(41)
        look.changed.connect(self.update)

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
        return QSize(100, _ROW_WIDE if self._look.size.wide else _ROW)

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
        for text, half in ((self._look.say(brand(view.gateway)), -10 if how else 0), (how, 10)):
            style = (Role.BODY if half <= 0 else Role.SMALL, "text2", middle)
            self._write(painter, boxes[3].translated(0, half), text, style)
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
        fitting = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()) - 4)
        painter.drawText(box, int(where), fitting)


class PaymentTable(QListView):
    """The rows; `selectionModel` tells which one is chosen."""

    def __init__(self, look: Look, name: Text) -> None:
        super().__init__()
        self._look, self._name = look, name
        self.payments: RowModel[PaymentView] = RowModel(
            self, lambda view: f"{view.slip_number} {with_sign(view.amount)}"
        )
        self.setObjectName("rows")
        self.setModel(self.payments)
        self.setItemDelegate(_Painter(look, self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        look.changed.connect(self._dress)
        self._dress()

    @Slot()
    def _dress(self) -> None:
        self.setAccessibleName(self._look.say(self._name))
        self.doItemsLayout()  # rows are higher where there is room
