"""Line icons from `resources/icons`, tinted by a colour, as pixmaps sharp on every screen."""

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from pos_app.resources import resource

STROKE = 'stroke-width="2"'


@lru_cache(maxsize=64)
def _drawing(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text("utf-8")


@lru_cache(maxsize=512)
def icon(name: str, colour: str, px: int, ratio: float = 1.0, *, bold: bool = False) -> QPixmap:
    """The icon as a square pixmap.

    Args:
        name: the file's name without its ending.
        colour: `#RRGGBB`.
        px: side in device independent px.
        ratio: the screen's device pixel ratio.
        bold: the 2.6 px stroke of large discs.
    """
    svg = _drawing(name).replace("currentColor", colour)
    if bold:
        svg = svg.replace(STROKE, 'stroke-width="2.6"')
    side = round(px * ratio)
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(svg.encode()).render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
