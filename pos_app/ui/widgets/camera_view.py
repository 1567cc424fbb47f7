"""The camera's picture with the aiming frame and the outline of a code that was found."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.icons import icon
from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.words import Text

if TYPE_CHECKING:
    from pos_app.checkout.events import CameraView

READY = Text("Camera sẵn sàng", "Camera ready")
NONE = Text("Dùng máy quét cầm tay", "Use the hand-held scanner")
NONE_SMALL = Text("Máy quét cầm tay", "Hand-held scanner")
SEEN = Text("Đã thấy mã", "Code seen")
SEEN_ENTER = Text("Đã thấy mã, bấm Enter", "Code seen, press Enter")

FOUND_MS = 160
"""How long the outline of a code that was found stays."""
_BESIDE, _SMALLEST = 52, 11
"""px beside the words over the picture; their least height."""


class CameraPicture(QWidget):
    """Live video, cut to fill its place; without a camera a quiet picture of a counter."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._frame: CameraView | None = None
        self._image = QImage()
        self._note: Text | None = None
        self._outline: tuple[tuple[int, int], ...] = ()
        self._outline_end = QTimer(self)
        self._outline_end.setSingleShot(True)
        self._outline_end.timeout.connect(self._drop_outline)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(160, 96))
        look.changed.connect(self._dress)
        self._dress()

    def show_frame(self, frame: "CameraView") -> None:
        """Show the newest frame."""
        self._frame = frame
        self._image = (
            QImage(frame.rgb, frame.width, frame.height, 3 * frame.width, QImage.Format.Format_RGB888)
            if frame.rgb
            else QImage()
        )
        self._show_outline(frame)
        self.update()

    def _show_outline(self, frame: "CameraView") -> None:
        """A code that was found keeps its outline for a moment, though the next frame may have lost it."""
        if frame.outline:
            self._outline = frame.outline
            if self._look.motion:
                self._outline_end.start(FOUND_MS)
        elif not self._outline_end.isActive():
            self._outline = ()

    @Slot()
    def _drop_outline(self) -> None:
        self._outline = ()
        self.update()

    @property
    def _ready(self) -> bool:
        return self._frame is not None and self._frame.ready

    def show_note(self, note: Text | None) -> None:
        """Say something over the picture instead of how the camera is."""
        if note != self._note:
            self._note = note
            self._dress()

    @Slot()
    def _dress(self) -> None:
        self.setAccessibleName(self._look.say(self._note or Text("Hình camera", "Camera picture")))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint picture, frame, outline and label."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(box, 12, 12)
        painter.setClipPath(path)
        if self._image.isNull():
            _paint_counter(painter, box)
        else:
            self._paint_video(painter, box)
        label = self._paint_label(painter, box)
        if self._ready:
            self._paint_aim(painter, box, label)

    def _paint_video(self, painter: QPainter, box: QRectF) -> None:
        scale = max(box.width() / self._image.width(), box.height() / self._image.height())
        size = QPointF(self._image.width() * scale, self._image.height() * scale)
        corner = box.center() - size / 2
        painter.drawImage(QRectF(corner.x(), corner.y(), size.x(), size.y()), self._image)
        if not self._outline:
            return
        outline = QPolygonF([corner + QPointF(x, y) * scale for x, y in self._outline])
        for token, width in (("camera", 10), ("found", 6)):
            pen = QPen(QColor(self._look.colour(token)), width)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolygon(outline)

    def _paint_aim(self, painter: QPainter, box: QRectF, label: QRectF) -> None:
        side = min(box.height() * 0.76, box.width() * 0.52)
        width = 3.0 if side < 200 else 5.0  # noqa: PLR2004 - the small preview has thinner lines
        pen = QPen(QColor(self._look.colour("on_camera")), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        aim = QRectF(0, 0, side * (0.8 if side < 200 else 0.86), side)  # noqa: PLR2004
        aim.moveCenter(box.center())
        if aim.adjusted(-8, 0, 8, 8).intersects(label):
            # The label never covers a corner of the frame.
            aim.setBottom(label.top() - 12)
            aim.setTop(max(box.top() + 20, aim.top() - 8))
        arm = side * 0.17
        for x, dx in ((aim.left(), 1), (aim.right(), -1)):
            for y, dy in ((aim.top(), 1), (aim.bottom(), -1)):
                corner = QPainterPath(QPointF(x, y + dy * arm))
                corner.lineTo(x, y + dy * 6)
                corner.quadTo(x, y, x + dx * 6, y)
                corner.lineTo(x + dx * arm, y)
                painter.drawPath(corner)

    def _paint_label(self, painter: QPainter, box: QRectF) -> QRectF:
        small = box.height() < 240  # noqa: PLR2004 - the preview of the ready stage
        text = self._look.say(self._note or (READY if self._ready else NONE_SMALL if small else NONE))
        height, edge = (28, 8) if small else (36, 16)
        font = self._look.size.font(Role.LABEL if small else Role.SMALL_BUTTON)
        while font.pixelSize() > _SMALLEST and _wide(font, text) + _BESIDE > box.width() - 2 * edge:
            font.setPixelSize(font.pixelSize() - 1)
        painter.setFont(font)
        pill = QRectF(box.left() + edge, box.bottom() - edge - height, _wide(font, text) + _BESIDE, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.colour("camera")))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        token = "found" if self._note else "on_camera"
        name = "tick" if self._ready or self._note else "scan"
        tick = icon(name, self._look.colour(token), 18, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(pill.left() + 12, pill.center().y() - 9), tick)
        painter.setPen(QColor(self._look.colour("on_camera")))
        painter.drawText(pill.adjusted(38, 0, 0, 0).intersected(box), Qt.AlignmentFlag.AlignVCenter, text)
        return pill


def _wide(font: QFont, text: str) -> int:
    return QFontMetrics(font).horizontalAdvance(text)


def _paint_counter(painter: QPainter, box: QRectF) -> None:
    """A shelf and a counter in three greys: what stands there while there is no video."""
    painter.setPen(Qt.PenStyle.NoPen)
    for colour, top, height in (
        ("#3D464F", 0.0, box.height()),
        ("#39424B", 0.36, box.height()),
        ("#2C333B", 0.78, box.height()),
        ("#4A545F", 0.30, 4.0),
    ):
        painter.setBrush(QColor(colour))
        painter.drawRect(QRectF(box.left(), box.height() * top, box.width(), height))
    unit = box.width() / 20
    for place, size in ((1, 1.8), (3, 1.3), (4.7, 1.5), (13.8, 1.4), (15.6, 1.7), (17.7, 1.4)):
        height = box.height() * 0.13 * size
        painter.drawRoundedRect(QRectF(place * unit, box.height() * 0.30 - height, unit * size * 0.9, height), 3, 3)
