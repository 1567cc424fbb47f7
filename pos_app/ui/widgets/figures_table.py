"""A table of figures as reports have them: words at the left, digits lined up at the right, the total set apart."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QRect, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from pos_app.reports.table import RIGHT, Row, Shape, Table, said
from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.row_list import Index
from pos_app.words import Text

_ROW, _ROW_WIDE = 40, 48
_TEXT_MIN = 80
_BETWEEN, _SIDES = 12, 24
"""px above and below several lines; beside the words of a cell."""
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
    """Shows a `Table`; its columns share the width as the table says, and never less than their widest value.

    Signals:
        opened: the place of a row that was tapped, or entered.
    """

    opened = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._model = _Model(look, self)
        self._grown = False
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

    @staticmethod
    def _longest(lengths: list[int], too_long: int) -> int:
        """Down to which length the longest must be cut, so that all together are so much shorter."""
        longest, room = max(lengths), sum(lengths) - too_long
        while longest > _TEXT_MIN and sum(min(one, longest) for one in lengths) > room:
            longest -= 1
        return longest

    def _share(self) -> None:
        columns = self._model.table.columns
        if not columns:
            return
        heads = [self.horizontalHeader().sectionSizeHint(n) + 4 for n in range(len(columns))]
        wanted = [max(self.sizeHintForColumn(n) + 4, heads[n]) for n in range(len(columns))]
        spare = self.viewport().width() - sum(wanted)
        texts = [place for place, column in enumerate(columns) if column.shape is Shape.TEXT]
        if spare < 0 and texts:  # words are cut before figures are, and none where it has to scroll all the same
            longest = self._longest([wanted[place] for place in texts], -spare)
            cut = {place: min(wanted[place], max(longest, heads[place])) for place in texts}
            if sum(cut.get(n, wanted[n]) for n in range(len(columns))) <= self.viewport().width():
                wanted = [cut.get(n, wanted[n]) for n in range(len(columns))]
            spare = 0
        else:
            texts = []
        shares = sum(column.share for column in columns)
        for place, column in enumerate(columns):
            self.setColumnWidth(place, wanted[place] + max(0, spare * column.share // shares))
        self._grow(words_were_cut=bool(texts))

    def _grow(self, *, words_were_cut: bool) -> None:
        """Words that have no room in one line go on in the next."""
        usual = self.verticalHeader().defaultSectionSize()
        if not words_were_cut and not self._grown:
            return
        self._grown = words_were_cut
        texts = [n for n, column in enumerate(self._model.table.columns) if column.shape is Shape.TEXT]
        for row in range(self._model.rowCount()):
            lines = max((self._lines_px(row, n) for n in texts), default=0) if words_were_cut else 0
            self.setRowHeight(row, max(usual, lines + _BETWEEN))

    def _lines_px(self, row: int, column: int) -> int:
        """How high the words of one cell are, in as many lines as they need."""
        index = self._model.index(row, column)
        metrics = QFontMetrics(self._model.data(index, Qt.ItemDataRole.FontRole))
        room = QRect(0, 0, self.columnWidth(column) - _SIDES, 10_000)
        return metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), self._model.data(index) or "").height()
