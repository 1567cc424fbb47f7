"""The list of those who work here, two lines each: the name, and below it the role."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pos_app.staff.roles import ROLE_WORDS, Role
from pos_app.staff.roster import Person
from pos_app.ui.icons import icon
from pos_app.ui.look import Look
from pos_app.ui.theme import Role as Type
from pos_app.ui.widgets.row_list import SHOWN_ROLE, Index, RowList, paint_row_ground
from pos_app.words import Text

ROW_PX = 68
_SIDE = 24
_GONE = Text("Đã nghỉ", "Works here no more")
_KEEPS_CODE = Text("Giữ mã khôi phục", "Keeps the recovery code")
_SIGNS = {Role.CASHIER: "user", Role.MANAGER: "person", Role.OWNER: "lock"}


def below(person: Person) -> Text:
    """The second line of a row; an owner without a name has the role in the first."""
    if not person.name:
        return _KEEPS_CODE
    return ROLE_WORDS[person.role] if person.active else _GONE


class _Painter(QStyledItemDelegate):
    def __init__(self, look: Look, owner: QListView) -> None:
        super().__init__(owner)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one: Person = index.data(SHOWN_ROLE)
        colour, size, rect = self._look.colour, self._look.size, QRectF(option.rect)
        paint_row_ground(painter, rect, self._look, chosen=bool(option.state & QStyle.StateFlag.State_Selected))
        pixmap = icon(_SIGNS[one.role], colour("text2"), _SIDE, painter.device().devicePixelRatioF())
        painter.drawPixmap(round(rect.left() + 20), round(rect.center().y() - _SIDE / 2), pixmap)
        line = QRectF(rect.left() + 20 + _SIDE + 16, rect.center().y() - 25, rect.width() - 76, 26)
        for text, role, token in (
            (one.words, Type.BODY_STRONG, "text" if one.active else "text2"),
            (below(one), Type.SMALL, "text2"),
        ):
            painter.setFont(size.font(role))
            painter.setPen(QColor(colour(token)))
            said = self._look.say(text)
            said = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, int(line.width()))
            painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), said)
            line.translate(0, 24)


class PeopleList(RowList[Person]):
    """Shows people."""

    def __init__(self, look: Look, name: Text) -> None:
        super().__init__(look, name, lambda one: f"{look.say(one.words)}, {look.say(below(one))}")
        self.setItemDelegate(_Painter(look, self))

    @property
    def rows(self) -> tuple[Person, ...]:
        """Who is shown."""
        return self._model.rows

    def show_people(self, people: tuple[Person, ...], *, wanted: str = "") -> None:
        """Show these and choose the one of the id `wanted`, or the one that was chosen, or the first."""
        self._show_and_choose(people, lambda one: one.id, wanted)
