"""A payment's story: times at the left, a dot with an icon for each line, a hairline through the dots."""

from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.checkout.views import StoryLine
from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import Label
from pos_app.ui.widgets.layouts import empty
from pos_app.vietnam_day import clock_time
from pos_app.words import Text

_STRONG = {
    "tick": ("green", "on_green"), "cross": ("red", "on_red"), "hourglass": ("amber", "on_amber"),
    "triangle": ("amber", "on_amber"),
}  # fmt: skip


def joined(text: Text) -> Text:
    """The same, no line of which ends between an … and the last digits of an id."""
    return Text(*(each.replace("…", "…\u2060") for each in text))


class TimeLine(QWidget):
    """The lines of a story, oldest first."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("page")
        self._look = look
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 8, 0)
        look.changed.connect(self._dress)
        self._dress()

    @Slot()
    def _dress(self) -> None:
        self._column.setSpacing(20 if self._look.size.wide else 8)

    def show_lines(self, lines: tuple[StoryLine, ...]) -> None:
        """Show these lines."""
        empty(self._column)
        for line in lines:
            self._column.addWidget(self._line(line))
        self._column.addStretch()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the hairline from the first dot to the last; the dots lie over it."""
        dots = [QPointF(disc.mapTo(self, disc.rect().center())) for disc in self.findChildren(Disc) if disc.isVisible()]
        if dots:
            painter = QPainter(self)
            painter.setPen(QPen(QColor(self._look.colour("line")), 2))
            painter.drawLine(dots[0], dots[-1])

    def _line(self, line: StoryLine) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        time = Label(self._look, Role.FIGURE, clock_time(line.at_ms), ink="text2")
        fill, ink = _STRONG.get(line.icon, ("accent", "on_accent")) if line.strong else ("sunk", "text2")
        text = Label(self._look, Role.BODY_STRONG if line.strong else Role.BODY, joined(line.text), wrap=True)
        for widget in (time, text):
            widget.setMinimumHeight(26)
        row.addWidget(time, alignment=top)
        row.addWidget(Disc(self._look, 26, fill, ink, icon=line.icon), alignment=top)
        row.addWidget(text, 1)
        return box
