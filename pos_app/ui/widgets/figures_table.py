"""A table of figures as reports have them: words at the left, digits lined up at the right, the total set apart."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from pos_app.reports.table import RIGHT, Row, Shape, Table, said
from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.row_list import Index
from pos_app.words import Text

_ROW, _ROW_WIDE = 40, 48
_BESIDE, _ABOVE = 24, 16
"""px: what the words of a cell leave free, in all, at their sides, and above and below."""
_LINES_MAX = 9
_APART = 2
"""px: between the columns."""
_FIGURES = RIGHT | {Shape.ID, Shape.MOMENT}
_NOTHING = Table(Text("", ""), (), ())


class _Model(QAbstractTableModel):
    def __init__(self, look: Look, owner: QTableView) -> None:
        super().__init__(owner)
        self._look = look
        self.table = _NOTHING

    def show(self, table: Table) -> None:
        self.beginResetModel()
        self.table = table
        self.endResetModel()

    def row(self, place: int) -> Row:
        rows = self.table.rows
        return rows[place] if place < len(rows) else self.table.total or ()

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        if parent is not None and parent.isValid():
            return 0
        return len(self.table.rows) + (self.table.total is not None and bool(self.table.rows))

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return 0 if parent is not None and parent.isValid() else len(self.table.columns)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.table.columns):
            return None
        column = self.table.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._look.say(column.name)
        if role == Qt.ItemDataRole.FontRole:  # its own font a section keeps when it is to be written smaller
            return self._look.size.font(Role.LABEL)
        return int(_side(column.shape)) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        column = self.table.columns[index.column()]
        value = self.row(index.row())[index.column()]
        total = index.row() >= len(self.table.rows)
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return said(value, column.shape, self._look.language)
            case Qt.ItemDataRole.TextAlignmentRole:
                return int(_side(column.shape))
            case Qt.ItemDataRole.FontRole:
                figures = column.shape in _FIGURES and not isinstance(value, Text)
                last = index.column() == len(self.table.columns) - 1
                strong = total or (last and column.shape is Shape.DONG)
                return self._look.size.font(_ROLES[figures, strong])
            case Qt.ItemDataRole.BackgroundRole:
                return QColor(self._look.colour("sunk")) if total else None
            case _:
                return None


_ROLES = {
    (True, True): Role.FIGURE_STRONG, (True, False): Role.FIGURE, (False, True): Role.BODY_STRONG,
    (False, False): Role.BODY,
}  # fmt: skip


def _side(shape: Shape) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if shape in RIGHT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class FiguresTable(QTableView):
    """Shows a `Table`; its columns share the width as the table says.

    Figures are never cut; words go on in more lines where there is no room beside them.

    Signals:
        opened: the place of a row that was tapped, or entered.
    """

    opened = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._model = _Model(look, self)
        self.setObjectName("figures")
        self.setModel(self._model)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.verticalHeader().hide()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        self.clicked.connect(self._tapped)
        self.activated.connect(self._tapped)
        look.changed.connect(self._dress)
        self._dress()

    @property
    def table(self) -> Table:
        """What is shown."""
        return self._model.table

    def show_table(self, table: Table) -> None:
        """Show this one, from its top."""
        self._model.show(table)
        self.setAccessibleName(self._look.say(table.name))
        self._share()
        self.scrollToTop()

    @Slot(QModelIndex)
    def _tapped(self, index: QModelIndex) -> None:
        if index.row() < len(self._model.table.rows):
            self.opened.emit(index.row())

    @Slot()
    def _dress(self) -> None:
        self.verticalHeader().setDefaultSectionSize(_ROW_WIDE if self._look.size.wide else _ROW)
        self.horizontalHeader().setFont(self._look.size.font(Role.LABEL))
        self.horizontalHeader().setFixedHeight(40)
        self._model.show(self._model.table)
        self.setAccessibleName(self._look.say(self._model.table.name))
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        columns = self._model.table.columns
        if not columns:
            return
        self.setWordWrap(False)  # each is measured as one line
        heads = [self.horizontalHeader().sectionSizeHint(n) + _APART for n in range(len(columns))]
        wanted = [max(self.sizeHintForColumn(n) + _APART, heads[n]) for n in range(len(columns))]
        room = self.viewport().width()
        texts = [place for place, column in enumerate(columns) if column.shape is Shape.TEXT]
        if sum(wanted) > room and texts:  # in more lines, but not where it has to scroll all the same
            wanted = self._narrower(wanted, heads, texts, room)
        spare, shares = room - sum(wanted), sum(column.share for column in columns)
        for place, column in enumerate(columns):
            self.setColumnWidth(place, wanted[place] + max(0, spare * column.share // shares))
        self.setWordWrap(True)
        self._make_room(texts)

    def _narrower(self, wanted: list[int], heads: list[int], texts: list[int], room: int) -> list[int]:
        """The widths where the longest words go on in more lines; as they were where that is not enough."""
        least = {place: max(heads[place], self._widest_word(place)) for place in texts}
        for longest in range(max(wanted[place] for place in texts), 0, -1):
            made = [min(px, max(longest, least.get(place, px))) for place, px in enumerate(wanted)]
            if sum(made) <= room:
                return made
        return wanted

    def _texts(self, place: int) -> list[str]:
        return [str(self._model.index(row, place).data() or "") for row in range(self._model.rowCount())]

    def _widest_word(self, place: int) -> int:
        metrics = QFontMetrics(self._look.size.font(Role.BODY_STRONG))
        words = {word for text in self._texts(place) for word in text.split()}
        return max((metrics.horizontalAdvance(word) for word in words), default=0) + _BESIDE

    def _make_room(self, texts: list[int]) -> None:
        """As high as their words need, each row for itself."""
        high = [self.verticalHeader().defaultSectionSize()] * self._model.rowCount()
        for place in texts:
            told = self._texts(place)
            need = {text: self._need(text, self.columnWidth(place) - _BESIDE) for text in set(told)}
            high = [max(px, need[text]) for px, text in zip(high, told, strict=True)]
        for row, px in enumerate(high):
            if self.rowHeight(row) != px:
                self.setRowHeight(row, px)

    def _need(self, text: str, width: int) -> int:
        """How high a cell of that width is at least, in px; 0 where its words have room in one line."""
        metrics = QFontMetrics(self._look.size.font(Role.BODY))
        if metrics.horizontalAdvance(text) <= width:
            return 0
        box = metrics.boundingRect(0, 0, width, 0, Qt.TextFlag.TextWordWrap, text)
        return min(box.height(), _LINES_MAX * metrics.lineSpacing()) + _ABOVE
