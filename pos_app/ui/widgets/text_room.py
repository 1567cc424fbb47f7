"""Large texts where there is room for them: a part of the window writes smaller before it would cut a word."""

from itertools import combinations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QStackedWidget, QWidget

from pos_app.ui.look import Look
from pos_app.ui.theme import FULL, TEXT_SIZES
from pos_app.ui.widgets.label import FitLabel

_LOOKS = 3
"""What lies deep is laid out a turn later than what it lies in."""
_MOVES = {QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Show}


class TextRoom(QObject):
    """Looks at a part of the window whenever it is laid out. Does nothing where texts have their usual size.

    Args:
        part: head, foot, card, or pages of which one is shown.
        look: the part's own, which follows the window's (`Look.beside`).
    """

    def __init__(self, part: QWidget, look: Look) -> None:
        super().__init__(part)
        self._part, self._look = part, look
        self._looks = 0
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._fit)
        part.installEventFilter(self)
        look.changed.connect(self._changed)

    def begin(self) -> None:
        """Something else is shown: it begins as large as is wanted."""
        self._look.write(self._look.whole.text)
        self._changed()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """It may have another size, or other words."""
        if event.type() in _MOVES:
            self._changed()
        return False

    @Slot()
    def _changed(self) -> None:
        if self._look.text > FULL:
            self._looks = _LOOKS
            self._later.start()

    @Slot()
    def _fit(self) -> None:
        shown = self._part.currentWidget() if isinstance(self._part, QStackedWidget) else self._part
        if self._look.text == FULL or shown is None or not shown.isVisible():
            return
        self._looks -= 1
        if not _has_room(shown):
            self._look.write(TEXT_SIZES[TEXT_SIZES.index(self._look.text) - 1])
        elif self._looks:
            self._later.start()


def own_look(part: QWidget, look: Look) -> Look:
    """The look of a part that writes smaller by itself where it has to."""
    own = look.beside()
    TextRoom(part, own)
    return own


def squeezed(part: QWidget) -> list[QWidget]:
    """What is smaller than what stands in it needs at least; pages of which one is seen tell that of themselves."""
    there = [one for one in (part, *part.findChildren(QWidget)) if one.isVisible()]
    return [one for one in there if not isinstance(one, QStackedWidget) and one.findChild(QStackedWidget) is None
            and _lacks_room(one)]  # fmt: skip


def _lacks_room(widget: QWidget) -> bool:
    if isinstance(widget, QScrollArea):  # it scrolls up and down
        page = widget.widget()
        inside = page.layout() if page is not None else None
        return inside is not None and inside.totalMinimumSize().width() > widget.viewport().width()
    layout = widget.layout()
    if layout is None:
        return False
    least = layout.totalMinimumSize()
    if layout.hasHeightForWidth():
        least.setHeight(layout.totalMinimumHeightForWidth(widget.width()))
    return least.width() > widget.width() or least.height() > widget.height()


def _has_room(part: QWidget) -> bool:
    """Whether every word on it is seen whole, save for what can be scrolled."""
    if squeezed(part):
        return False
    boxes = [
        QRect(button.mapTo(part, QPoint()), button.size())
        for button in part.findChildren(QPushButton)
        if button.isVisible()
    ]
    if any(first.intersects(second) for first, second in combinations(boxes, 2)):
        return False
    return not any(_is_cut(label, part) for label in part.findChildren(QLabel) if label.isVisible() and label.text())


def _is_cut(label: QLabel, part: QWidget) -> bool:
    if isinstance(label, FitLabel):
        return label.fontMetrics().horizontalAdvance(label.text()) > label.width()
    if label.wordWrap():
        cut = label.heightForWidth(label.width()) > label.height()
    else:
        need = label.minimumSizeHint()
        cut = need.width() > label.width() or need.height() > label.height()
    parent = label.parentWidget()
    outside = parent is not None and not parent.rect().contains(label.geometry())
    return cut or (outside and not _scrolls(label, part))


def _scrolls(widget: QWidget, part: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and parent is not part:
        if parent.objectName() == "qt_scrollarea_viewport":
            return True
        parent = parent.parentWidget()
    return False
