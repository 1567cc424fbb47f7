"""Painted telephones: how the customer gets to the payment code. Not pictures of any app."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from pos_app.ui.look import Look

_BARS = (2, 1, 1, 3, 1, 2, 2, 1, 3, 1, 1, 2, 1, 3, 2, 1)
_MODULES = 17


class Phone(QWidget):
    """A telephone that shows the home of an app (`open`), a payment code (`code`) or something else (`other`).

    `two` are two of them, each with a payment code, in the room of one.
    """

    def __init__(self, look: Look, shows: str, width: int) -> None:
        super().__init__()
        self._look, self._shows = look, shows
        self.resize_to(width)
        look.changed.connect(self.update)

    def resize_to(self, width: int) -> None:
        """Take another width."""
        self.setFixedSize(QSize(width, round(width * 1.76)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the case and what it shows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = self.width() / 100
        painter.scale(scale, scale)
        if self._shows != "two":
            self._paint_phone(painter, self._shows)
            return
        for left, top in ((0, 0), (36, 63)):
            painter.save()
            painter.translate(left, top)
            painter.scale(0.64, 0.64)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._look.colour("surface")))  # apart also where both are white
            painter.drawRoundedRect(QRectF(-3, -3, 106, 182), 20, 20)
            self._paint_phone(painter, "code")
            painter.restore()

    def _paint_phone(self, painter: QPainter, shows: str) -> None:
        painter.setPen(QPen(QColor(self._look.colour("text")), 4))
        painter.setBrush(QColor("#FFFFFF") if shows != "open" else QColor(self._look.colour("surface")))
        painter.drawRoundedRect(QRectF(4, 4, 92, 168), 15, 15)
        painter.setPen(Qt.PenStyle.NoPen)
        dark = self._look.colour("text") if shows == "open" else "#141A22"
        painter.setBrush(QColor(dark))
        painter.drawRoundedRect(QRectF(40, 157, 20, 4), 2, 2)
        if shows == "open":
            self._paint_home(painter)
        elif shows == "code":
            _paint_bars(painter, QRectF(20, 32, 60, 22))
            _paint_square(painter, QRectF(23, 70, 54, 54))
        else:
            _paint_square(painter, QRectF(18, 34, 64, 64))
            painter.setBrush(QColor("#C9D0D8"))
            painter.drawRoundedRect(QRectF(28, 112, 44, 5), 2.5, 2.5)
            painter.drawRoundedRect(QRectF(36, 123, 28, 5), 2.5, 2.5)

    def _paint_home(self, painter: QPainter) -> None:
        painter.setBrush(QColor(self._look.colour("accent_soft")))
        painter.drawRoundedRect(QRectF(18, 26, 64, 22), 5, 5)
        painter.setBrush(QColor(self._look.colour("line")))
        for row in range(3):
            for column in range(3):
                painter.drawRoundedRect(QRectF(18 + 24 * column, 62 + 24 * row, 17, 17), 4, 4)
        painter.setPen(QPen(QColor(self._look.colour("accent")), 3))
        painter.setBrush(QColor(self._look.colour("surface")))
        painter.drawEllipse(QPointF(50.5, 70.5), 16, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.colour("accent")))
        painter.drawRoundedRect(QRectF(42, 62, 17, 17), 4, 4)


def _paint_bars(painter: QPainter, box: QRectF) -> None:
    """Bars that read as a bar code to a person and as nothing to a machine."""
    unit = box.width() / (sum(_BARS) + len(_BARS) * 0.9)
    x = box.left()
    painter.setBrush(QColor("#141A22"))
    for width in _BARS:
        painter.drawRect(QRectF(x, box.top(), width * unit, box.height()))
        x += (width + 0.9) * unit


def _paint_square(painter: QPainter, box: QRectF) -> None:
    """A square of dots with three finders: looks like a QR, holds nothing."""
    unit = box.width() / _MODULES
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setBrush(QColor("#141A22"))
    for row in range(_MODULES):
        for column in range(_MODULES):
            in_finder = (row < 8 or row > 8) and (column < 8 or column > 8) and not (row > 8 and column > 8)  # noqa: PLR2004
            if not in_finder and (row * row * 3 + column * 7 + row * column * 5) % 7 < 3:  # noqa: PLR2004
                painter.drawRect(QRectF(box.left() + column * unit, box.top() + row * unit, unit + 0.3, unit + 0.3))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    for column, row in ((0, 0), (_MODULES - 7, 0), (0, _MODULES - 7)):
        corner = QPointF(box.left() + column * unit, box.top() + row * unit)
        for inset, colour in ((0.0, "#141A22"), (1.0, "#FFFFFF"), (2.0, "#141A22")):
            painter.setBrush(QColor(colour))
            side = (7 - 2 * inset) * unit
            painter.drawRect(QRectF(corner.x() + inset * unit, corner.y() + inset * unit, side, side))
