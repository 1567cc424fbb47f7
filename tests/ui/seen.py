"""What can be seen of a window, what a screen reader says of it, and what is wrong with it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import combinations, product
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QAccessible, QFontMetrics, QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from pos_app.reports.table import Shape
from pos_app.ui.theme import TOKENS, Theme, Tokens
from pos_app.ui.widgets.amount_box import AmountBox, BigAmount
from pos_app.ui.widgets.bar_chart import BarChart
from pos_app.ui.widgets.camera_view import CameraPicture
from pos_app.ui.widgets.disc import Disc, Ring
from pos_app.ui.widgets.figures_table import FiguresTable
from pos_app.ui.widgets.head import Popover
from pos_app.ui.widgets.label import FitLabel
from pos_app.ui.widgets.shown_code import TimeLeft
from pos_app.ui.widgets.text_room import squeezed

_CELL_SIDES = 22
"""px that a cell of figures keeps free beside its words; Qt breaks lines as if there were none."""
PICTURES = (CameraPicture, Ring, TimeLeft, BigAmount, AmountBox, BarChart)
"""Painted things that say something which no label says."""
LOW_BUTTONS = {"plain", "light", "warn", "bad", "pill_amber", "good"}
"""Kinds that may be lower than a finger."""
_CARET = 4
"""px that a line keeps for itself."""
READS_THE_SAME = re.compile(
    # keys and what is named after nobody's language
    r"app_id|key[12]|(58|80) mm|/dev/ttyUSB\d|F\d+|Shift F2|Enter|Esc|Del|[A-Z]|ZaloPay|AppotaPay|Camera|Tiếng Việt|English|https?://\S+|[\dA-Z]{12}"
    # the shop, its people and its customers, and what they wrote
    r"|Tạp hóa Minh Anh|Trần Minh Anh|Thu Hà|(Nguyễn Thị )?Ngọc Lan|Bảo|Bà Mai"
    r"|(Chú Tư|Anh Đức, quán phở đầu ngõ)(, \*{4}\d{4})?|Bàn 5"
    r"|Vietcombank · \d+|khách đã về, cổng chưa trả lời|[Tt]hối nhầm cho khách"
    r"|Nguyễn Thị Minh Khai|mua đá và ly nhựa|khách đổi tiền|thêm tiền lẻ"
    # a file, its headings, and the report for support, which is read by people and programs
    r"|sao-ke-zalopay-11-2026.xlsx( · 21/11/2026)?( · ZaloPay)?|Loại giao dịch|Thời gian giao dịch|Mã giao dịch ZaloPay"
    r"|261121_07-000002-zzzz|Số tiền \(VNĐ\)|Trạng thái|Mã đơn hàng|Mã hoàn tiền|pos-app support report\n(?s:.*)"
)


def place(widget: QWidget, window: QWidget) -> QRect:
    """Where it lies in the window."""
    return QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())


def seen(widget: QWidget, window: QWidget) -> QRect:
    """As `place`, without what is scrolled out of sight."""
    part = widget.visibleRegion().boundingRect()
    return QRect(widget.mapTo(window, part.topLeft()), part.size())


def cut(label: QLabel) -> bool:
    """Whether a part of its words has no room."""
    if isinstance(label, FitLabel):
        return QFontMetrics(label.font()).horizontalAdvance(label.text()) > label.width()
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height()
    need = label.minimumSizeHint()
    return need.width() > label.width() or need.height() > label.height()


def widgets_there() -> dict[int, str]:
    """All widgets, by address: of what lives in C++ alone each look makes another Python object."""
    QApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))
    return {shiboken6.getCppPointer(widget)[0]: type(widget).__name__ for widget in QApplication.allWidgets()}


def in_a_scroll_area(widget: QWidget, window: QWidget) -> bool:
    """Whether it may be out of sight."""
    parent = widget.parentWidget()
    while parent is not None and parent is not window:
        if parent.objectName() == "qt_scrollarea_viewport":
            return True
        parent = parent.parentWidget()
    return False


def luminance(colour: str) -> float:
    """By WCAG: 0 for black, 1 for white."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(tokens: Tokens, first: str, second: str) -> float:
    """How far apart two colours of a theme are: 1 for the same, 21 at most."""
    return apart(getattr(tokens, first), getattr(tokens, second))


@cache
def apart(first: str, second: str) -> float:
    """How far apart two colours are."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def faint_discs(window: QWidget) -> list[str]:
    """Signs and figures on a disc that cannot be told from it in one of the themes."""
    discs = [disc for disc in window.findChildren(Disc) if disc.isVisible() and disc._fill and disc._ink]
    return [
        f"faint in {theme.value}: {disc._ink} on {disc._fill}"
        for disc in discs
        for theme in Theme
        if contrast(TOKENS[theme], disc._ink, disc._fill) < (4.5 if theme is Theme.CONTRAST else 3)
    ]


def faults(window: QWidget) -> list[str]:
    """What is cut, lies outside or over something else, or is too low for a finger; [] where all fits."""
    labels = [label for label in window.findChildren(QLabel) if label.isVisible() and label.text()]
    buttons = [button for button in window.findChildren(QPushButton) if button.isVisible()]
    found = [] if len(labels) > 10 else [f"only {len(labels)} labels"]
    for label in labels:
        if cut(label):
            found.append(f"cut: {label.text()}")
        if in_a_scroll_area(label, window):
            continue
        if not (label.parentWidget() or window).rect().contains(label.geometry()):
            found.append(f"clipped: {label.text()}")
        if not window.rect().contains(place(label, window)):
            found.append(f"outside: {label.text()}")
    for table in window.findChildren(FiguresTable):
        heads = table.horizontalHeader()
        narrow = [n for n in range(heads.count()) if table.columnWidth(n) < heads.sectionSizeHint(n)]
        found += [f"cut cell: {said}" for said in cut_cells(table)]
        found += [f"cut head: {table.table.columns[n].name.vi}" for n in narrow if table.isVisible()]
    for part in squeezed(window):
        first = next((one.text() for one in labels if part.isAncestorOf(one)), "")
        found.append(f"squeezed: {type(part).__name__} of {first}")
    return found + _touching(window, labels, buttons)


def cut_cells(table: FiguresTable) -> list[str]:
    """The words that a table has no room for, by Qt's own word; a column may be seen in part where it scrolls."""
    option, model, found = QStyleOptionViewItem(), table.model(), []
    table.initViewItemOption(option)
    words = [place for place, column in enumerate(table.table.columns) if column.shape is Shape.TEXT]
    for row, column in product(range(model.rowCount() if table.isVisible() else 0), words):
        cell = model.index(row, column)
        option.rect = QRect(0, 0, table.columnWidth(column) - _CELL_SIDES, table.rowHeight(row))
        need = table.itemDelegate().sizeHint(option, cell)
        if need.width() > table.columnWidth(column) or need.height() > table.rowHeight(row):
            found.append(cell.data())
    return found


def cut_hints(window: QWidget) -> list[str]:
    """What is to be typed into a field, where the field has no room to say it."""
    edits = [edit for edit in window.findChildren(QLineEdit) if edit.isVisible() and not edit.text()]
    return [
        hint for edit in edits
        if edit.fontMetrics().horizontalAdvance(hint := edit.placeholderText()) > edit.width() - _CARET
    ]  # fmt: skip


def _touching(window: QWidget, labels: list[QLabel], buttons: list[QPushButton]) -> list[str]:
    boxes = {button: place(button, window) for button in buttons}
    found = [
        f"low: {button.accessibleName()}" for button, box in boxes.items()
        if box.height() < 48 and button.property("kind") not in LOW_BUTTONS
    ]  # fmt: skip
    boxes = {button: seen(button, window) for button in buttons}  # what is scrolled away lies over nothing
    for (first, its), (second, other) in combinations(boxes.items(), 2):
        if its.intersects(other):
            found.append(f"{first.accessibleName()} over {second.accessibleName()}")
    notes = [note for note in window.findChildren(Popover) if note.isVisible()]  # they lie over the screen
    under = [(button, box) for button, box in boxes.items() if not any(note.isAncestorOf(button) for note in notes)]
    for label in labels:
        part = seen(label, window)
        for button, box in under:
            if box.intersects(part) and not button.isAncestorOf(label):
                found.append(f"{label.text()} over {button.accessibleName()}")
    return found


@contextmanager
def painted() -> Iterator[list[str]]:
    """What is painted meanwhile without the room for it: cut short, or wider or higher than its box."""
    found: list[str] = []
    draw, elide = QPainter.drawText, QFontMetrics.elidedText

    def drawing(painter: QPainter, *what: Any) -> Any:
        if isinstance(what[0], QRect | QRectF) and isinstance(what[-1], str):
            metrics, box, text = painter.fontMetrics(), what[0], what[-1]
            flags = what[1] if isinstance(what[1], int) else 0
            free, wraps = flags & int(Qt.TextFlag.TextDontClip), flags & int(Qt.TextFlag.TextWordWrap)
            need = QRectF(0, 0, metrics.horizontalAdvance(text), metrics.height())
            if wraps:
                need = QFontMetricsF(painter.font()).boundingRect(QRectF(0, 0, box.width(), 0), flags, text)
            if not free and (need.width() > box.width() + 1 or need.height() > box.height() + 1):
                found.append(text)
        return draw(painter, *what)

    def eliding(metrics: QFontMetrics, text: str, *how: Any) -> str:
        short = elide(metrics, text, *how)
        if short != text:
            found.append(text)
        return short

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QPainter, "drawText", drawing)
        patch.setattr(QFontMetrics, "elidedText", eliding)
        yield found


def words_on(widget: QWidget) -> set[str]:
    """All words that it has, also where they are not shown now."""
    texts = {label.text() for label in widget.findChildren(QLabel)}
    texts |= {button.accessibleName() for button in widget.findChildren(QPushButton)}
    return {text for text in texts if any(letter.isalpha() for letter in text)}


def seen_on(window: QWidget) -> set[str]:
    """What can be read, and what a screen reader says of what can be reached."""
    texts = {label.text() for label in window.findChildren(QLabel) if label.isVisible()}
    texts |= {widget.accessibleName() for widget in reached_on(window)}
    texts |= {said for view in views_on(window) for said in rows_of(view)}
    return {text for text in texts if any(letter.isalpha() for letter in text)}


def reached_on(window: QWidget) -> list[QWidget]:
    """What Tab reaches, and pictures that say something."""
    return [
        widget for widget in window.findChildren(QWidget)
        if widget.isVisible() and (widget.focusPolicy() & Qt.FocusPolicy.TabFocus or isinstance(widget, PICTURES))
    ]  # fmt: skip


def views_on(window: QWidget) -> list[QAbstractItemView]:
    """Lists and tables."""
    views = window.findChildren(QAbstractItemView)
    return [view for view in views if view.isVisible() and not isinstance(view, QHeaderView)]


def rows_of(view: QAbstractItemView) -> list[str]:
    """What a screen reader says of each row of a list, of each head and cell of a table; a cell may be empty."""
    model = view.model()
    rows = range(model.rowCount())
    if not isinstance(view, QTableView):
        return [model.index(row, 0).data() for row in rows]
    columns = range(model.columnCount())
    heads: list[str] = [model.headerData(column, Qt.Orientation.Horizontal) for column in columns]
    return heads + [cell for row in rows for column in columns if (cell := model.index(row, column).data())]


def unnamed_on(window: QWidget) -> list[str]:
    """What a screen reader would pass over in silence."""
    there = [(widget, QAccessible.queryAccessibleInterface(widget)) for widget in reached_on(window)]
    silent = [repr(widget) for widget, said in there if not any(map(str.isalnum, said.text(QAccessible.Text.Name)))]
    return silent + [
        repr(view) for view in views_on(window) if not all(any(map(str.isalnum, said)) for said in rows_of(view))
    ]
