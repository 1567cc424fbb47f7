"""The list of regular customers, two lines each: the name, and below it the masked phone or what is waited for."""

import unicodedata

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pos_app.checkout.events import BindingView
from pos_app.customers.customer import RegularCustomer
from pos_app.money import with_sign
from pos_app.ui.icons import icon
from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.payment_list import VIEW_ROLE, Index, paint_row_ground
from pos_app.words import Text

ROW_PX = 60
_SIDE = 24
Regular = RegularCustomer | BindingView
"""Who is bound, or was asked and has not answered yet."""
WAITS = Text("Đang chờ khách đồng ý", "Waiting for the customer to agree")
_NO_PHONE = Text("Ví ZaloPay", "ZaloPay wallet")
_LIMIT = Text("{who} · mỗi lần tối đa {limit}", "{who} · at most {limit} each time")


def below(one: Regular) -> Text:
    """The second line of a row."""
    if isinstance(one, BindingView):
        return WAITS
    who = Text(one.phone, one.phone) if one.phone else _NO_PHONE
    return _LIMIT.fill(who=who, limit=with_sign(one.max_amount)) if one.max_amount else who


def fits(one: Regular, typed: str) -> bool:
    """Whether each word typed is in the name, with or without its accents, or in the digits of the phone."""
    phone = one.phone if isinstance(one, RegularCustomer) else ""
    known = f"{one.name.casefold()} {_bare(one.name)} {phone}"
    return all(word in known for word in typed.casefold().split())


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


class _Model(QAbstractListModel):
    def __init__(self, owner: "CustomerList", look: Look) -> None:
        super().__init__(owner)
        self.rows: tuple[Regular, ...] = ()
        self._look = look

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        one = self.rows[index.row()]
        if role == VIEW_ROLE:
            return one
        return f"{one.name}, {self._look.say(below(one))}" if role == Qt.ItemDataRole.DisplayRole else None

    def show(self, rows: tuple[Regular, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()


class _Painter(QStyledItemDelegate):
    def __init__(self, look: Look, owner: QListView) -> None:
        super().__init__(owner)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one: Regular = index.data(VIEW_ROLE)
        colour, size, rect = self._look.colour, self._look.size, QRectF(option.rect)
        paint_row_ground(painter, rect, self._look, chosen=bool(option.state & QStyle.StateFlag.State_Selected))
        sign = "hourglass" if isinstance(one, BindingView) else "person"
        pixmap = icon(sign, colour("text2"), _SIDE, painter.device().devicePixelRatioF())
        painter.drawPixmap(round(rect.left() + 20), round(rect.center().y() - _SIDE / 2), pixmap)
        line = QRectF(rect.left() + 20 + _SIDE + 16, rect.center().y() - 25, rect.width() - 76, 26)
        for text, role, token in (
            (one.name, Role.BODY_STRONG, "text"),
            (self._look.say(below(one)), Role.SMALL, "text2"),
        ):
            painter.setFont(size.font(role))
            painter.setPen(QColor(colour(token)))
            said = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(line.width()))
            painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), said)
            line.translate(0, 24)


class CustomerList(QListView):
    """Shows customers; tells which one is chosen. All keys but the arrows are left to the screen.

    Args:
        name: the accessible name of the list.
    """

    chosen = Signal(object)

    def __init__(self, look: Look, name: Text) -> None:
        super().__init__()
        self._look, self._name = look, name
        self.setObjectName("rows")
        self._model = _Model(self, look)
        self.setModel(self._model)
        self.setItemDelegate(_Painter(look, self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.selectionModel().currentChanged.connect(self._changed)
        look.changed.connect(self._dress)
        self._dress()

    @property
    def rows(self) -> tuple[Regular, ...]:
        """What is shown."""
        return self._model.rows

    @property
    def current(self) -> Regular | None:
        """The chosen one."""
        place = self.currentIndex().row()
        return self._model.rows[place] if 0 <= place < len(self._model.rows) else None

    def show_rows(self, rows: tuple[Regular, ...], *, wanted: str = "") -> None:
        """Show these and choose the one of the number `wanted`, or the one that was chosen, or the first."""
        wanted = wanted or (self.current.number if self.current is not None else "")
        if rows != self._model.rows:
            self._model.show(rows)
        numbers = [one.number for one in rows]
        if rows:
            self.setCurrentIndex(self._model.index(numbers.index(wanted) if wanted in numbers else 0))
        else:
            self.chosen.emit(None)

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
        self.viewport().update()
