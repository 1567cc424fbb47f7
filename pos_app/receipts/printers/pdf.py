"""A laid-out slip as a PDF with real text: it can be searched, copied and read aloud."""

import io
from collections.abc import Sequence
from functools import cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pos_app.receipts.drawing import Bounds, CodeModules, Line, Mark, Panel, Sheet, Stroke, Words
from pos_app.receipts.typeface import Face
from pos_app.resources import font_file
from pos_app.words import Language

_POINTS_PER_DOT = 72 / 25.4 / 8
_FILL = 0
_FILL_AND_OUTLINE = 2
_OUTLINES = {Face.FIGURES: 0.012, Face.FIGURES_STRONG: 0.045}
"""A PDF holds only the variable font's regular weight: an outline of this many sizes makes it as strong as on paper."""


def pdf(sheets: Sequence[Sheet], *, title: str, language: Language) -> bytes:
    """The sheets as a PDF file, a page each; the same slip gives the same bytes."""
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1, lang=language.value)
    canvas.setTitle(title)
    for sheet in sheets:
        canvas.setPageSize((sheet.width * _POINTS_PER_DOT, sheet.height * _POINTS_PER_DOT))
        canvas.scale(_POINTS_PER_DOT, _POINTS_PER_DOT)
        for mark in sheet.marks:
            _paint(canvas, mark, sheet.height)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _paint(canvas: Canvas, mark: Mark, page: int) -> None:
    """Paint one mark; a PDF counts upwards from the page's foot."""
    match mark:
        case Words():
            _write(canvas, mark, page)
        case Line():
            _fill(canvas, mark.dashes, page)
        case CodeModules():
            _fill(canvas, mark.bars, page)
        case Panel():
            _panel(canvas, mark, page)
        case Stroke():
            _stroke(canvas, mark, page)


@cache
def _font(face: Face) -> str:
    if face.file not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(face.file, str(font_file(face.file))))
    return face.file


def _write(canvas: Canvas, words: Words, page: int) -> None:
    text = canvas.beginText(words.x, page - words.y)
    name = _font(words.face)
    text.setFont(name, words.size)
    # This font may run a little wider or narrower than the one that was measured: as wide as the layout says.
    natural = pdfmetrics.stringWidth(words.text, name, words.size)
    text.setHorizScale(100 * words.width / natural if natural else 100)
    outline = _OUTLINES.get(words.face, 0)
    text.setTextRenderMode(_FILL_AND_OUTLINE if outline else _FILL)
    canvas.setLineWidth(outline * words.size)
    ink = 1 if words.white else 0
    text.setFillGray(ink)
    text.setStrokeGray(ink)
    text.textOut(words.text)
    canvas.drawText(text)


def _fill(canvas: Canvas, rectangles: Sequence[Bounds], page: int) -> None:
    canvas.setFillGray(0)
    for left, top, right, bottom in rectangles:
        canvas.rect(left, page - bottom, right - left, bottom - top, stroke=0, fill=1)


def _panel(canvas: Canvas, panel: Panel, page: int) -> None:
    canvas.setFillGray(0)
    canvas.setStrokeGray(0)
    canvas.setLineWidth(panel.thickness)
    inset = panel.thickness / 2
    left, bottom = panel.x + inset, page - panel.y - panel.height + inset
    width, height = panel.width - panel.thickness, panel.height - panel.thickness
    outlined = int(panel.thickness > 0)
    canvas.roundRect(left, bottom, width, height, panel.radius, stroke=outlined, fill=1 - outlined)


def _stroke(canvas: Canvas, stroke: Stroke, page: int) -> None:
    canvas.setStrokeGray(1 if stroke.white else 0)
    canvas.setLineWidth(stroke.thickness)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    path = canvas.beginPath()
    (x, y), *others = stroke.points
    path.moveTo(x, page - y)
    for x, y in others:
        path.lineTo(x, page - y)
    canvas.drawPath(path, stroke=1, fill=0)
