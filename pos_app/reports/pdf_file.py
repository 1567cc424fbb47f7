"""Tables on A4 pages with real text: it can be searched, copied and read aloud."""

import io
from functools import cache, partial
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Spacer, TableStyle  # fmt: skip
from reportlab.platypus import Table as Grid

from pos_app.reports.table import RIGHT, Column, Row, Shape, Table, said
from pos_app.resources import font_file
from pos_app.words import Language, Text

WORDS, STRONG, _FIGURES = "BeVietnamPro-Regular", "BeVietnamPro-SemiBold", "IBMPlexSans"
_FIGURE_SHAPES = RIGHT | {Shape.ID, Shape.MOMENT}
_INK, _SOFT, _LINE, _SUNK = (colors.HexColor(one) for one in ("#141A22", "#4C5665", "#D6DBE2", "#F4F6F8"))
_MARGIN = 15 * mm
_WIDE_COLUMNS = 7
_LETTERS_MAX = 300
_PAGE = Text("Trang {n}", "Page {n}")


def pdf(title: Text, about: Text, tables: tuple[Table, ...], language: Language) -> bytes:
    """The tables as a PDF file, one after the other.

    Args:
        title: what it is.
        about: whose, of which days, made when.
        tables: what stands in it.
        language: of its words.
    """
    register_fonts()
    size = landscape(A4) if any(len(one.columns) > _WIDE_COLUMNS for one in tables) else A4
    file = io.BytesIO()
    document = BaseDocTemplate(
        file, pagesize=size, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN,
        title=title.say(language), author="", lang=language.value, invariant=1,
    )  # fmt: skip
    width = size[0] - 2 * _MARGIN
    frame = Frame(_MARGIN, _MARGIN, width, size[1] - 2 * _MARGIN, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate(frames=[frame], onPage=partial(_number, language=language))])
    story: list[Any] = [
        Paragraph(escape(title.say(language)), _style(STRONG, 18)),
        Paragraph(escape(about.say(language)), _style(WORDS, 9, ink=_SOFT)),
    ]
    for table in tables:
        story += [
            Spacer(1, 7 * mm),
            Paragraph(escape(table.name.say(language)), _style(STRONG, 12)),
            Spacer(1, 2 * mm),
        ]
        story.append(
            _grid(table, width, language)
            if table.rows
            else Paragraph(escape(table.empty.say(language)), _style(WORDS, 9, ink=_SOFT))
        )
    document.build(story)
    return file.getvalue()


@cache
def register_fonts() -> None:
    """Have the fonts of all papers at hand; `<b>` takes the stronger one."""
    for name in (WORDS, STRONG, _FIGURES):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(font_file(name))))
    pdfmetrics.registerFontFamily(WORDS, normal=WORDS, bold=STRONG, italic=WORDS, boldItalic=STRONG)


def _number(canvas: Canvas, document: Any, *, language: Language) -> None:
    canvas.setFont(WORDS, 8)
    canvas.setFillColor(_SOFT)
    canvas.drawRightString(document.pagesize[0] - _MARGIN, 8 * mm, _PAGE.say(language).format(n=canvas.getPageNumber()))


def _style(font: str, size: float, *, ink: Any = _INK, right: bool = False) -> ParagraphStyle:
    return ParagraphStyle(font, fontName=font, fontSize=size, leading=size * 1.5, textColor=ink, alignment=2 * right)


def _grid(table: Table, width: float, language: Language) -> Grid:
    shares = [column.share for column in table.columns]
    widths = [width * share / sum(shares) for share in shares]
    rows = [[_head(column, language) for column in table.columns]]
    rows += [_row(table.columns, row, language, strong=False) for row in table.rows]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, _LINE),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("BACKGROUND", (0, 0), (-1, 0), _SUNK),
    ]
    if table.total is not None:
        rows.append(_row(table.columns, table.total, language, strong=True))
        style.append(("BACKGROUND", (0, -1), (-1, -1), _SUNK))
    return Grid(rows, colWidths=widths, repeatRows=1, style=TableStyle(style))


def _fitting(text: str) -> str:
    """A row is never higher than a page."""
    return text if len(text) <= _LETTERS_MAX else f"{text[: _LETTERS_MAX - 1]}…"


def _head(column: Column, language: Language) -> Paragraph:
    return Paragraph(escape(column.name.say(language)), _style(STRONG, 8, ink=_SOFT, right=column.shape in RIGHT))


def _row(columns: tuple[Column, ...], row: Row, language: Language, *, strong: bool) -> list[Paragraph]:
    cells = []
    for column, value in zip(columns, row, strict=True):
        figures = column.shape in _FIGURE_SHAPES and not isinstance(value, Text)
        font = _FIGURES if figures else STRONG if strong else WORDS
        text = escape(_fitting(said(value, column.shape, language)))
        cells.append(Paragraph(text, _style(font, 8.5, right=column.shape in RIGHT)))
    return cells
