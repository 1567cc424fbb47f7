"""Round signs: an icon in a disc, the ring of seconds, a numbered dot."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from pos_app.ui.icons import icon
from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.words import Text

ICON_PART = 0.65
LARGE = 120


class Disc(QWidget):
    """An icon or a figure in a filled disc; `line` instead of a fill draws a ring."""

    def __init__(self, look: Look, px: int, fill: str, ink: str, *, icon: str = "", figure: str = "") -> None:
        super().__init__()
        self._look, self._fill, self._ink, self._icon, self._figure = look, fill, ink, icon, figure
        self._line = ""
        self.resize_to(px)
        look.changed.connect(self._dress)

    @Slot()
    def _dress(self) -> None:
        self.update()  # connected itself, it would leave something behind with every disc that goes

    def resize_to(self, px: int) -> None:
        """Take another diameter."""
        self._px = px
        self.setFixedSize(px, px)

    def show_sign(self, *, fill: str = "", ink: str = "", icon: str = "", line: str = "") -> None:
        """Show another sign; without `fill` it is a ring in the colour of `line`, with a dot where `ink` is given."""
        self._fill, self._ink, self._icon, self._line, self._figure = fill, ink, icon, line, ""
        self.update()

    def show_number(self, figure: str, *, fill: str, ink: str) -> None:
        """Show a figure instead of a sign."""
        self._fill, self._ink, self._icon, self._line, self._figure = fill, ink, "", "", figure
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the disc."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        square = QRectF(0, 0, self._px, self._px)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._fill:
            painter.setBrush(QColor(self._look.colour(self._fill)))
            painter.drawEllipse(square)
            self._paint_content(painter, square)
            return
        width = 3.0 if self._ink else 2.0
        painter.setPen(QPen(QColor(self._look.colour(self._line)), width))
        painter.drawEllipse(square.adjusted(width / 2, width / 2, -width / 2, -width / 2))
        if self._ink:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._look.colour(self._ink)))
            painter.drawEllipse(square.center(), self._px * 0.19, self._px * 0.19)

    def _paint_content(self, painter: QPainter, square: QRectF) -> None:
        ink = self._look.colour(self._ink)
        if self._figure:
            painter.setPen(QColor(ink))
            painter.setFont(self._look.size.font(Role.FIGURE_STRONG))
            painter.drawText(square, Qt.AlignmentFlag.AlignCenter, self._figure)
            return
        side = round(self._px * (ICON_PART if self._px > 40 else 0.6))  # noqa: PLR2004 - small dots need air
        pixmap = icon(self._icon, ink, side, self.devicePixelRatioF(), bold=self._px >= LARGE)
        painter.drawPixmap(QPointF((self._px - side) / 2, (self._px - side) / 2), pixmap)


class Ring(QWidget):
    """The seconds of waiting: the figure inside, the ring fills over `FULL` seconds, one step a second."""

    FULL = 60
    WORD = Text("giây", "seconds")

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._seconds = 0
        look.changed.connect(self._dress)
        self._dress()

    @Slot()
    def _dress(self) -> None:
        self.setFixedSize(self.sizeHint())
        self.show_seconds(self._seconds)

    def sizeHint(self) -> QSize:
        """The ring's diameter in the size in force."""
        return QSize(self._look.size.ring, self._look.size.ring)

    def show_seconds(self, seconds: int) -> None:
        """Show how long it has been."""
        self._seconds = seconds
        self.setAccessibleName(f"{seconds} {self._look.say(self.WORD)}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint track, arc, figure and word."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px = self.width()
        width = px * 0.065
        square = QRectF(0, 0, px, px).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.setPen(QPen(QColor(self._look.colour("accent_soft")), width))
        painter.drawEllipse(square)
        pen = QPen(QColor(self._look.colour("accent")), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        part = min(self._seconds, self.FULL) / self.FULL
        if part:
            painter.drawArc(square, 90 * 16, -round(360 * 16 * part))
        painter.setPen(QColor(self._look.colour("text")))
        painter.setFont(self._look.size.font(Role.COUNT))
        box = QRectF(0, 0, px, px)
        painter.drawText(box.adjusted(0, -px * 0.1, 0, -px * 0.1), Qt.AlignmentFlag.AlignCenter, str(self._seconds))
        painter.setPen(QColor(self._look.colour("text2")))
        painter.setFont(self._look.size.font(Role.BODY))
        low = box.adjusted(0, px * 0.36, 0, 0)
        painter.drawText(low, Qt.AlignmentFlag.AlignCenter, self._look.say(self.WORD))


class Countdown(QWidget):
    """The line at the foot of the paid stage: how much of its seconds is left, from 1 to 0."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._left = 1.0
        self.setFixedHeight(6)

    def show_left(self, part: float) -> None:
        """Show the part that is left."""
        self._left = part
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QPainterPath()
        card.addRoundedRect(QRectF(0, self.height() - 60, self.width(), 60), 15, 15)
        painter.setClipPath(card)
        painter.fillRect(QRectF(0, 0, self.width() * self._left, self.height()),
                         QColor(self._look.colour("on_green")))  # fmt: skip
