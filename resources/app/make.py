# ruff: noqa: INP001 - data, not a package
"""Draws the program's icon from `pos-app.svg`: PNG for menus, ICO for Windows. `python resources/app/make.py`."""

from io import BytesIO
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIDE = 256
ICO_SIDES = (16, 24, 32, 48, 64, 256)
FOLDER = Path(__file__).parent

application = QGuiApplication(["make"])
drawn = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32)
drawn.fill(Qt.GlobalColor.transparent)
painter = QPainter(drawn)
QSvgRenderer(str(FOLDER / "pos-app.svg")).render(painter, QRectF(0, 0, SIDE, SIDE))
painter.end()
held = QBuffer()
held.open(QBuffer.OpenModeFlag.WriteOnly)
drawn.save(held, "PNG")
with Image.open(BytesIO(bytes(held.data().data()))) as icon:
    icon.save(FOLDER / "pos-app.png", optimize=True)
    icon.save(FOLDER / "pos-app.ico", sizes=[(side, side) for side in ICO_SIDES])
