"""What the customer scans: the code with its quiet zone, always dark on white, and the ring of the time left."""

from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QLayout, QSizePolicy, QWidget

from pos_app.qr.picture import Modules, modules
from pos_app.ui.icons import icon
from pos_app.ui.look import Look
from pos_app.ui.theme import FIGURES, Size, make_font
from pos_app.words import Text

SIDE_MIN = 240
"""px that a code is never smaller than, its quiet zone included."""
PAPER, DARK = "#FFFFFF", "#000000"
"""A code is read by its contrast: the same in both themes."""
_ROUND = 10.0
_NAME = Text("Mã để khách quét", "Code for the customer to scan")


class Instead(NamedTuple):
    """What stands in the place of a code that is not there: icon, and tokens of its colours."""

    icon: str
    fill: str = "sunk"
    ink: str = "text2"


WAITS, TIMED_OUT = Instead("hourglass"), Instead("clock")
PAID, NOT_PAID = Instead("tick", "green_soft", "green_text"), Instead("cross", "red_soft", "red_text")

_modules = lru_cache(maxsize=2)(modules)
"""Both windows show the same code; it is worked out once."""


class ShownQr(QWidget):
    """A QR code on a white card, as large as whole pixels allow; without a text, an icon in its place."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._text, self._instead = "", WAITS
        self._rows: Modules = ()
        self.setMinimumSize(SIDE_MIN, SIDE_MIN)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.changed.connect(self._dress)

    def show_code(self, text: str, *, instead: Instead = WAITS) -> None:
        """Show `text` as a code; "" takes the code away and shows a sign `instead`."""
        if (text, instead) == (self._text, self._instead):
            return  # it is told each second, and painting it takes its time
        self._text, self._instead = text, instead
        self._rows = _modules(text) if text else ()
        self._dress()

    @Slot()
    def _dress(self) -> None:
        self.setAccessibleName(self._look.say(_NAME) if self._rows else "")
        self.update()

    @property
    def readable(self) -> bool:
        """Whether a code is there to be scanned."""
        return bool(self._rows)

    def sizeHint(self) -> QSize:
        """The layout gives what there is."""
        return QSize(SIDE_MIN, SIDE_MIN)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the white square in the middle, and the code or the icon on it."""
        painter = QPainter(self)
        side = min(self.width(), self.height())
        square = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._look.colour("line")), 1))
        painter.setBrush(QColor(PAPER if self._rows else self._look.colour(self._instead.fill)))
        painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)
        if self._rows:
            self._paint_code(painter, square)
        else:
            px = round(side * 0.3)
            ink = self._look.colour(self._instead.ink)
            pixmap = icon(self._instead.icon, ink, px, self.devicePixelRatioF(), bold=True)
            painter.drawPixmap(QPointF(square.center().x() - px / 2, square.center().y() - px / 2), pixmap)

    def _paint_code(self, painter: QPainter, square: QRectF) -> None:
        """Whole pixels of the screen to a module, whatever its scaling: half ones would blur."""
        ratio = self.devicePixelRatioF()
        unit = max(1, int(square.width() * ratio) // len(self._rows))
        code = unit * len(self._rows)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.scale(1 / ratio, 1 / ratio)
        left = round(square.left() * ratio) + (int(square.width() * ratio) - code) // 2
        top = round(square.top() * ratio) + (int(square.height() * ratio) - code) // 2
        ink = QColor(DARK)
        for row, line in enumerate(self._rows):
            for column, dark in enumerate(line):
                if dark:
                    painter.fillRect(left + column * unit, top + row * unit, unit, unit, ink)


class TimeLeft(QWidget):
    """The time left as a ring that empties, one step a second, with minutes and seconds inside."""

    WORD = Text("còn {left}", "{left} left")

    def __init__(self, look: Look, px: int) -> None:
        super().__init__()
        self._look = look
        self._left_s, self._of_s = 0, 1
        self.resize_to(px)
        look.changed.connect(self._name)

    def resize_to(self, px: int) -> None:
        """Take another diameter."""
        self.setFixedSize(px, px)

    def show_left(self, left_s: int, of_s: int) -> None:
        """Show `left_s` of `of_s` seconds."""
        self._left_s, self._of_s = max(0, left_s), max(1, of_s)
        self._name()
        self.update()

    @property
    def words(self) -> str:
        """`3:52`."""
        return f"{self._left_s // 60}:{self._left_s % 60:02}"

    @Slot()
    def _name(self) -> None:
        self.setAccessibleName(self._look.say(self.WORD.fill(left=self.words)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint track, arc and figures."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px = self.width()
        width = px * 0.09
        square = QRectF(0, 0, px, px).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.setPen(QPen(QColor(self._look.colour("line")), width))
        painter.drawEllipse(square)
        pen = QPen(QColor(self._look.colour("accent")), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        if self._left_s:
            painter.drawArc(square, 90 * 16, -round(360 * 16 * min(1.0, self._left_s / self._of_s)))
        painter.setPen(QColor(self._look.colour("text")))
        painter.setFont(make_font(FIGURES, round(px * 0.26), 600))
        painter.drawText(QRectF(0, 0, px, px), Qt.AlignmentFlag.AlignCenter, self.words)


class CodeAndWords(QBoxLayout):
    """A code with the words beside it; where the window is narrow they stand below it.

    Args:
        narrow_px: the height of the code where the window is narrow.
        below_px: the room below the words there.
    """

    def __init__(self, code: ShownQr, words: QLayout, *, narrow_px: int, below_px: int = 8) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight)
        self._code, self._narrow_px, self._below_px = code, narrow_px, below_px
        self.addWidget(code)
        self.addLayout(words, 1)

    def fit(self, size: Size) -> None:
        """Stand as there is room."""
        narrow = size.narrow
        self.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self.setContentsMargins(*((24, 16, 24, self._below_px) if narrow else (40, 24, 32, 24)))
        self.setSpacing(8 if narrow else 40)
        side = 560 if size.wide else 418
        self._code.setFixedSize(QSize(550, self._narrow_px) if narrow else QSize(side, side))
