"""A list of payments to choose from, two lines each: amount and verdict, below them when and which."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pos_app.checkout.views import PaymentView
from pos_app.money import with_sign
from pos_app.ui.icons import icon
from pos_app.ui.look import Look
from pos_app.ui.signs import sign_of
from pos_app.ui.theme import Role
from pos_app.ui.widgets.row_list import SHOWN_ROLE, Index, RowList, paint_row_ground, two_lines, two_lines_px
from pos_app.words import Text

Below = Callable[[PaymentView], Text]


class _Painter(QStyledItemDelegate):
    def __init__(self, look: Look, below: Below, row_px: int, owner: QListView) -> None:
        super().__init__(owner)
        self._look, self._below, self._row_px = look, below, row_px

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = self._look.size
        return QSize(100, two_lines_px(self._row_px, size.font(Role.BODY_STRONG), size.font(Role.SMALL)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view: PaymentView = index.data(SHOWN_ROLE)
        colour, size = self._look.colour, self._look.size
        rect = QRectF(option.rect)
        paint_row_ground(painter, rect, self._look, chosen=bool(option.state & QStyle.StateFlag.State_Selected))
        inner = rect.adjusted(20, 0, -16, 0)
        sign = sign_of(view)
        word = self._look.say(sign.word)
        strong, small = size.font(Role.BODY_STRONG), size.font(Role.SMALL)
        painter.setFont(strong)
        wide = painter.fontMetrics().horizontalAdvance(word)
        line, below = two_lines(inner, strong, small)
        pixmap = icon(sign.icon, colour(sign.token), 18, painter.device().devicePixelRatioF())
        painter.drawPixmap(round(line.right() - wide - 26), round(line.center().y() - 9), pixmap)
        painter.setPen(QColor(colour(sign.token)))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, int(right), word)
        painter.setFont(size.font(Role.FIGURE_STRONG))
        painter.setPen(QColor(colour("text")))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, int(left), with_sign(view.amount))
        painter.setFont(small)
        painter.setPen(QColor(colour("text2")))
        said = painter.fontMetrics().elidedText(
            self._look.say(self._below(view)), Qt.TextElideMode.ElideRight, int(inner.width())
        )
        painter.drawText(below, int(left), said)


class PaymentList(RowList[PaymentView]):
    """Shows payments.

    Args:
        below: the second line of a row.
        name: the accessible name of the list.
        row_px: the height of a row.
    """

    def __init__(self, look: Look, name: Text, *, below: Below, row_px: int = 60) -> None:
        super().__init__(look, name, self._spoken)
        self._below = below
        self.setItemDelegate(_Painter(look, below, row_px, self))

    @property
    def views(self) -> tuple[PaymentView, ...]:
        """What is shown."""
        return self._model.rows

    def show_payments(self, views: tuple[PaymentView, ...], *, wanted: str = "") -> None:
        """Show these and choose `wanted`, or the one that was chosen, or the first."""
        self._show_and_choose(views, lambda view: view.payment_id, wanted)

    def leave(self) -> None:
        """None of them is the chosen one."""
        self.setCurrentIndex(QModelIndex())

    def _spoken(self, view: PaymentView) -> str:
        say = self._look.say
        return f"{with_sign(view.amount)}, {say(sign_of(view).word)}, {say(self._below(view))}"
