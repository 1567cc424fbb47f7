"""A laid-out slip as black and white dots: what a thermal printer burns, and what a screen shows."""

import io
from collections.abc import Sequence
from dataclasses import fields, replace

from PIL import Image, ImageDraw

from pos_app.receipts.drawing import CodeModules, Line, Mark, Panel, Sheet, Stroke, Words
from pos_app.receipts.typeface import font

_WHITE = 255
_BLACK = 0
_HALF = 128


def raster(sheets: Sequence[Sheet]) -> Image.Image:
    """The sheets under each other, one bit per dot (mode "1", black is 0)."""
    picture = Image.new("L", (sheets[0].width, sum(sheet.height for sheet in sheets)), _WHITE)
    draw = ImageDraw.Draw(picture)
    top = 0
    for sheet in sheets:
        for mark in sheet.marks:
            _paint(draw, mark.moved(top))
        top += sheet.height
    # Painted smooth and then cut at half: keeps the letters' weight better than painting without smoothing.
    return picture.point(lambda grey: _WHITE if grey >= _HALF else _BLACK).convert("1", dither=Image.Dither.NONE)


def png(sheets: Sequence[Sheet]) -> bytes:
    """The sheets under each other as a PNG file."""
    file = io.BytesIO()
    raster(sheets).save(file, "PNG", dpi=(203, 203))
    return file.getvalue()


def finer(sheet: Sheet, times: int) -> Sheet:
    """The same sheet in dots so many times smaller, for printers finer than a thermal one."""
    marks = tuple(_finer(mark, times) for mark in sheet.marks)
    return Sheet(sheet.width * times, sheet.height * times, marks)


def _finer(mark: Mark, times: int) -> Mark:
    """Every length of it, whatever it is called."""
    if isinstance(mark, Stroke):
        points = tuple((x * times, y * times) for x, y in mark.points)
        return replace(mark, points=points, thickness=mark.thickness * times)
    lengths = {one.name: getattr(mark, one.name) for one in fields(mark) if one.type in (int, "int")}
    return replace(mark, **{name: length * times for name, length in lengths.items()})


def _paint(draw: ImageDraw.ImageDraw, mark: Mark) -> None:
    match mark:
        case Words():
            ink = _WHITE if mark.white else _BLACK
            draw.text((mark.x, mark.y), mark.text, fill=ink, font=font(mark.face, mark.size), anchor="ls")
        case Line():
            _fill(draw, mark.dashes)
        case CodeModules():
            _fill(draw, mark.bars)
        case Panel():
            left, top, right, bottom = mark.bounds
            fill = None if mark.thickness else _BLACK
            corners = (left, top, right - 1, bottom - 1)
            draw.rounded_rectangle(corners, mark.radius, fill=fill, outline=_BLACK, width=max(1, mark.thickness))
        case Stroke():
            _stroke(draw, mark)


def _fill(draw: ImageDraw.ImageDraw, rectangles: Sequence[tuple[int, int, int, int]]) -> None:
    for left, top, right, bottom in rectangles:
        draw.rectangle((left, top, right - 1, bottom - 1), fill=_BLACK)


def _stroke(draw: ImageDraw.ImageDraw, stroke: Stroke) -> None:
    ink = _WHITE if stroke.white else _BLACK
    draw.line(stroke.points, fill=ink, width=stroke.thickness, joint="curve")
    reach = (stroke.thickness - 1) / 2
    for x, y in stroke.points:
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=ink)
