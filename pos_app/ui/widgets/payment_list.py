"""A list of payments to choose from, two lines each: amount and verdict, below them when and which."""

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)  # fmt: skip
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pos_app.checkout.views import PaymentView
from pos_app.money import with_sign
from pos_app.ui.icons import icon
from pos_app.ui.look import Look
from pos_app.ui.signs import sign_of
from pos_app.ui.theme import Role
from pos_app.words import Text

VIEW_ROLE = Qt.ItemDataRole.UserRole
"""Where a row has its `PaymentView`."""
Index = QModelIndex | QPersistentModelIndex
Below = Callable[[PaymentView], Text]


class PaymentModel(QAbstractListModel):
    """Payments as Qt's lists want them.

    Args:
        spoken: what a screen reader says of one.
    """

    def __init__(self, owner: QListView, spoken: Callable[[PaymentView], str]) -> None:
        super().__init__(owner)
        self.views: tuple[PaymentView, ...] = ()
        self._spoken = spoken

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """See Qt."""
        return 0 if parent is not None and parent.isValid() else len(self.views)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """See Qt."""
        view = self.views[index.row()]
        if role == VIEW_ROLE:
            return view
        return self._spoken(view) if role == Qt.ItemDataRole.DisplayRole else None

    def show(self, views: tuple[PaymentView, ...]) -> None:
        """Show these."""
        self.beginResetModel()
        self.views = views
        self.endResetModel()


def paint_row_ground(painter: QPainter, rect: QRectF, look: Look, *, chosen: bool) -> None:
    """The hairline under a row, and the tint with its bar of a chosen one."""
    if chosen:
        painter.fillRect(rect, QColor(look.colour("accent_soft")))
        painter.fillRect(QRectF(rect.left(), rect.top(), 4, rect.height()), QColor(look.colour("accent")))
    painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), QColor(look.colour("line")))


class _Painter(QStyledItemDelegate):
    def __init__(self, look: Look, below: Below, row_px: int, owner: QListView) -> None:
        super().__init__(owner)
        self._look, self._below, self._row_px = look, below, row_px

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, self._row_px)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view: PaymentView = index.data(VIEW_ROLE)
        colour, size = self._look.colour, self._look.size
        rect = QRectF(option.rect)
        paint_row_ground(painter, rect, self._look, chosen=bool(option.state & QStyle.StateFlag.State_Selected))
        inner = rect.adjusted(20, 0, -16, 0)
        sign = sign_of(view)
        word = self._look.say(sign.word)
        painter.setFont(size.font(Role.BODY_STRONG))
        wide = painter.fontMetrics().horizontalAdvance(word)
        line = QRectF(inner.left(), inner.center().y() - 25, inner.width(), 26)
        pixmap = icon(sign.icon, colour(sign.token), 18, painter.device().devicePixelRatioF())
        painter.drawPixmap(round(line.right() - wide - 26), round(line.center().y() - 9), pixmap)
        painter.setPen(QColor(colour(sign.token)))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, int(right), word)
        painter.setFont(size.font(Role.FIGURE_STRONG))
        painter.setPen(QColor(colour("text")))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, int(left), with_sign(view.amount))
        painter.setFont(size.font(Role.SMALL))
        painter.setPen(QColor(colour("text2")))
        said = painter.fontMetrics().elidedText(
            self._look.say(self._below(view)), Qt.TextElideMode.ElideRight, int(inner.width())
        )
        painter.drawText(line.translated(0, 24), int(left), said)


class PaymentList(QListView):
    """Shows payments; tells which one is chosen. Enter and all keys but the arrows are left to the screen.

    Args:
        below: the second line of a row.
        name: the accessible name of the list.
        row_px: the height of a row.
    """

    chosen = Signal(object)

    def __init__(self, look: Look, name: Text, *, below: Below, row_px: int = 60) -> None:
        super().__init__()
        self._look, self._name, self._below = look, name, below
        self.setObjectName("rows")
        self._model = PaymentModel(self, self._spoken)
        self.setModel(self._model)
        self.setItemDelegate(_Painter(look, below, row_px, self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.selectionModel().currentChanged.connect(self._changed)
        look.changed.connect(self._dress)
        self._dress()

    @property
    def views(self) -> tuple[PaymentView, ...]:
        """What is shown."""
        return self._model.views

    @property
    def current(self) -> PaymentView | None:
        """The chosen one."""
        place = self.currentIndex().row()
        return self._model.views[place] if 0 <= place < len(self._model.views) else None

    def show_payments(self, views: tuple[PaymentView, ...], *, wanted: str = "") -> None:
        """Show these and choose `wanted`, or the one that was chosen, or the first."""
        before = self.current
        if views != self._model.views:
            self._model.show(views)
        ids = [view.payment_id for view in views]
        wanted = wanted or (before.payment_id if before else "")
        if ids:
            self.setCurrentIndex(self._model.index(ids.index(wanted) if wanted in ids else 0))

    def leave(self) -> None:
        """None of them is the chosen one."""
        self.setCurrentIndex(QModelIndex())

    def step(self, by: int) -> None:
        """Choose the next one, or the one before."""
        if self._model.views:
            place = min(max(self.currentIndex().row() + by, 0), len(self._model.views) - 1)
            self.setCurrentIndex(self._model.index(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Only the arrows mean something here."""
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            super().keyPressEvent(event)
        else:
            event.ignore()

    @Slot(QModelIndex, QModelIndex)
    def _changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(self._model.views[now.row()])

    def _spoken(self, view: PaymentView) -> str:
        say = self._look.say
        return f"{with_sign(view.amount)}, {say(sign_of(view).word)}, {say(self._below(view))}"

    @Slot()
    def _dress(self) -> None:
        self.setAccessibleName(self._look.say(self._name))
        self.viewport().update()
