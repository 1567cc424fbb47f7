"""A list to choose one of its rows from, and what such lists share; what a row shows is each list's own business."""

import math
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

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
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pos_app.ui.icons import icon
from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.words import Text

SHOWN_ROLE = Qt.ItemDataRole.UserRole
"""Where a row has what it shows."""
_SIDE = 24
_APART, _AIR = 24, 6
"""px from the one line to the other, at least; and above and below both."""
Index = QModelIndex | QPersistentModelIndex
Shown = TypeVar("Shown")


class RowModel(QAbstractListModel, Generic[Shown]):
    """Rows as Qt's lists want them.

    Args:
        spoken: what a screen reader says of one.
    """

    def __init__(self, owner: QListView, spoken: Callable[[Shown], str]) -> None:
        super().__init__(owner)
        self.rows: tuple[Shown, ...] = ()
        self._spoken = spoken

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """See Qt."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """See Qt."""
        row = self.rows[index.row()]
        if role == SHOWN_ROLE:
            return row
        return self._spoken(row) if role == Qt.ItemDataRole.DisplayRole else None

    def show(self, rows: tuple[Shown, ...]) -> None:
        """Show these."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()


def paint_row_ground(painter: QPainter, rect: QRectF, look: Look, *, chosen: bool) -> None:
    """The hairline under a row, and the tint with its bar of a chosen one."""
    if chosen:
        painter.fillRect(rect, QColor(look.colour("accent_soft")))
        painter.fillRect(QRectF(rect.left(), rect.top(), 4, rect.height()), QColor(look.colour("accent")))
    painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), QColor(look.colour("line")))


def two_lines(rect: QRectF, *fonts: QFont, apart: float = _APART) -> tuple[QRectF, QRectF]:
    """Where the two lines of a row stand, their middles `apart` px or more."""
    upper, lower = (QFontMetricsF(font).height() for font in fonts)
    apart = max(apart, (upper + lower) / 2)
    first = QRectF(rect.left(), rect.center().y() - apart / 2 - upper / 2, rect.width(), upper)
    return first, QRectF(rect.left(), rect.center().y() + apart / 2 - lower / 2, rect.width(), lower)


def two_lines_px(least: int, *fonts: QFont) -> int:
    """How high a row of two lines is: more than `least` where texts are large."""
    return max(least, math.ceil(sum(QFontMetricsF(font).height() for font in fonts)) + _AIR)


class TwoLines(NamedTuple):
    """What a row of two lines shows: a sign at the left, a name, and something about it below."""

    sign: str
    name: Text | str
    below: Text
    ink: str = "text"


class TwoLinePainter(QStyledItemDelegate, Generic[Shown]):
    """Paints rows of two lines.

    Args:
        height: of a row, px.
        lines: what one shows.
    """

    def __init__(self, look: Look, owner: QListView, height: int, lines: Callable[[Shown], TwoLines]) -> None:
        super().__init__(owner)
        self._look, self._height, self._lines = look, height, lines

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """See Qt."""
        size = self._look.size
        return QSize(100, two_lines_px(self._height, size.font(Role.BODY_STRONG), size.font(Role.SMALL)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """See Qt."""
        one = self._lines(index.data(SHOWN_ROLE))
        colour, size, rect = self._look.colour, self._look.size, QRectF(option.rect)
        paint_row_ground(painter, rect, self._look, chosen=bool(option.state & QStyle.StateFlag.State_Selected))
        pixmap = icon(one.sign, colour("text2"), _SIDE, painter.device().devicePixelRatioF())
        painter.drawPixmap(round(rect.left() + 20), round(rect.center().y() - _SIDE / 2), pixmap)
        fonts = size.font(Role.BODY_STRONG), size.font(Role.SMALL)
        lines = two_lines(rect.adjusted(20 + _SIDE + 16, 0, -16, 0), *fonts)
        for text, token, font, line in zip((one.name, one.below), (one.ink, "text2"), fonts, lines, strict=True):
            painter.setFont(font)
            painter.setPen(QColor(colour(token)))
            said = self._look.say(text) if isinstance(text, Text) else text
            said = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, int(line.width()))
            painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), said)


class RowList(QListView, Generic[Shown]):
    """Tells which row is chosen. Enter and all keys but the arrows are left to the screen.

    Args:
        name: the accessible name of the list.
        spoken: what a screen reader says of a row.
    """

    chosen = Signal(object)

    def __init__(self, look: Look, name: Text, spoken: Callable[[Shown], str]) -> None:
        super().__init__()
        self._look, self._name = look, name
        self.setObjectName("rows")
        self._model = RowModel(self, spoken)
        self.setModel(self._model)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.selectionModel().currentChanged.connect(self._changed)
        look.changed.connect(self._dress)
        self._dress()

    @property
    def current(self) -> Shown | None:
        """The chosen one."""
        place = self.currentIndex().row()
        return self._model.rows[place] if 0 <= place < len(self._model.rows) else None

    def _show_and_choose(self, rows: tuple[Shown, ...], key: Callable[[Shown], str], wanted: str) -> None:
        """Show these and choose the one of the key `wanted`, or the one that was chosen, or the first."""
        before = self.current
        wanted = wanted or (key(before) if before is not None else "")
        if rows != self._model.rows:
            self._model.show(rows)
        keys = [key(row) for row in rows]
        if keys:
            self.setCurrentIndex(self._model.index(keys.index(wanted) if wanted in keys else 0))

    def step(self, by: int) -> None:
        """Choose the next one, or the one before."""
        if self._model.rows:
            place = min(max(self.currentIndex().row() + by, 0), len(self._model.rows) - 1)
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
            self.chosen.emit(self._model.rows[now.row()])

    @Slot()
    def _dress(self) -> None:
        self.setAccessibleName(self._look.say(self._name))
        self.doItemsLayout()  # rows are higher where texts are larger
