"""Where the content of a slip stands on the paper: one layout for narrow rolls, wide rolls and A5.

Blocks go in, sheets with marks come out. Nothing here knows what a payment is, or how a mark is painted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pos_app.qr.picture import modules
from pos_app.receipts.blocks import (
    Band,
    Block,
    Box,
    Centred,
    Code,
    Columns,
    Plain,
    Row,
    Rule,
    Ruler,
    Sign,
    Style,
    Total,
)
from pos_app.receipts.drawing import CodeModules, Line, Mark, Panel, Sheet, Stroke, Words
from pos_app.receipts.typeface import PITCH, REACH_UP, Face, balanced, width, wrapped

DOTS_PER_MM = 8


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to print on, in dots (8 per millimetre, 203 dpi).

    Attributes:
        width: what the printer can print across.
        margin: kept free at the left and right.
        edge: kept free above and below.
        percent: size of the letters, 100 on 80 mm paper.
        page_height: None for a roll, which is as long as the slip.
    """

    width: int
    margin: int
    edge: int
    percent: int
    page_height: int | None = None

    @property
    def room(self) -> int:
        """Dots between the margins."""
        return self.width - 2 * self.margin

    def sized(self, dots: int) -> int:
        """A length on 80 mm paper, in this paper's scale."""
        return max(1, round(dots * self.percent / 100))


ROLL_58 = Paper(width=384, margin=8, edge=16, percent=85)
"""K58: 48 mm printable."""
ROLL_80_NARROW = Paper(width=512, margin=12, edge=16, percent=94)
"""80 mm printers that print 512 dots, such as the TM-T88."""
ROLL_80 = Paper(width=576, margin=16, edge=16, percent=100)
"""K80: 72 mm printable."""
A5 = Paper(width=1184, margin=136, edge=88, percent=120, page_height=1680)
PAPERS = {"58": ROLL_58, "80": ROLL_80, "80-512": ROLL_80_NARROW, "A5": A5}
"""By the names that settings use."""

_STYLES = {
    Style.STORE: (Face.WORDS_STRONG, 38),
    Style.ADDRESS: (Face.FIGURES, 24),
    Style.TITLE: (Face.WORDS_STRONG, 38),
    Style.SUBTITLE: (Face.WORDS_STRONG, 26),
    Style.THANKS: (Face.WORDS_STRONG, 28),
    Style.FOOT: (Face.WORDS, 24),
    Style.BODY: (Face.WORDS, 24),
    Style.ITEM: (Face.FIGURES_STRONG, 24),
}
_BODY = 24
_TOTAL_LABEL = 31
_TOTAL = 48
_TOTAL_BESIDE = 40
"""How small the amount may get to stand beside its label; smaller, and it moves under it."""
_BOX = 31
_BAND = 27
_BAND_PERCENT_SMALLEST = 75
_SMALLEST = 14
_PERCENT_SMALLEST = 88
_JUST_OVERFULL = 2
"""Pages that smaller letters may make one."""
_GAP = 16
_CAPITAL = 0.74
"""Height of Be Vietnam Pro's capitals, in sizes."""
_MODULE_LARGEST = 7
_CODE_SHARE = 45

_Piece = tuple[int, list[Mark]]
"""How high a block is, and its marks as if it began at the top of the sheet."""


def lay_out(blocks: Sequence[Block], paper: Paper) -> tuple[Sheet, ...]:
    """The blocks on one sheet. A page overfilled by a little gets smaller letters, only then a second one."""
    sheets = _flowed(blocks, paper)
    while len(sheets) == _JUST_OVERFULL and paper.percent > _PERCENT_SMALLEST:
        paper = replace(paper, percent=paper.percent - 4)
        sheets = _flowed(blocks, paper)
    return sheets


def _flowed(blocks: Sequence[Block], paper: Paper) -> tuple[Sheet, ...]:
    edge = paper.edge
    sheets: list[Sheet] = []
    marks: list[Mark] = []
    y = edge
    for block in blocks:
        height, block_marks = _piece(block, paper)
        if paper.page_height is not None and y + height > paper.page_height - edge and marks:
            sheets.append(Sheet(paper.width, paper.page_height, tuple(marks)))
            marks, y = [], edge
        marks += [mark.moved(y) for mark in block_marks]
        y += height
    return (*sheets, Sheet(paper.width, paper.page_height or y + edge, tuple(marks)))


def _piece(block: Block, paper: Paper) -> _Piece:  # noqa: PLR0911 - one line for each kind of block
    match block:
        case Centred() | Plain():
            return _text(block, paper)
        case Row():
            return _row(block, paper)
        case Columns():
            return _columns(block, paper)
        case Total():
            return _total(block, paper)
        case Box():
            return _box(block, paper)
        case Band():
            return _band(block, paper)
        case Code():
            return _code(block, paper)
        case Rule():
            return _rule(block, paper)
        case Ruler():
            return _ruler(paper)


def _run(text: str, face: Face, size: int, y: int, *, left: int = 0, right: int = 0) -> Words:
    """A line whose letter room begins at `y`, from `left` on, up to `right`, or between both in the middle."""
    length = round(width(text, face, size))
    if left and right:
        left += (right - left - length) // 2
    elif right:
        left = right - length
    return Words(text, left, y + round(REACH_UP * size), length, face, size)


def _pitch(size: int) -> int:
    return round(PITCH * size) + 1


def _fitted(text: str, face: Face, size: int, room: int) -> int:
    """The size, made smaller until `text` fits into `room`."""
    while size > _SMALLEST and round(width(text, face, size)) > room:
        size -= 1
    return size


def _text(block: Centred | Plain, paper: Paper) -> _Piece:
    face, base = _STYLES[block.style]
    size = paper.sized(base)
    centred = isinstance(block, Centred)
    right = paper.width - paper.margin if centred else 0
    lines = (balanced if centred else wrapped)(block.text, face, size, paper.room)
    # A line that breaks at the dot between two numbers does not end with it.
    lines = [line.strip(" ·") for line in lines]
    return _lines(lines, face, size, left=paper.margin, right=right)


def _lines(lines: Sequence[str], face: Face, size: int, *, left: int = 0, right: int = 0, top: int = 0) -> _Piece:
    pitch = _pitch(size)
    marks: list[Mark] = [
        _run(line, face, size, top + number * pitch, left=left, right=right) for number, line in enumerate(lines)
    ]
    return pitch * len(lines), marks


def _row(row: Row, paper: Paper) -> _Piece:
    """Label and value in one line, or the value under its label, which may wrap, where both do not fit."""
    size, right = paper.sized(_BODY), paper.width - paper.margin
    face = Face.FIGURES_STRONG
    beside = paper.room - round(width(row.label, Face.WORDS, size)) - paper.sized(_GAP)
    fits = width(row.value, face, size) <= beside
    # What is never broken is a run without blanks: an id, an amount; a sentence wraps and stays readable.
    longest = max(row.value.split(" "), key=len)
    value_size = _fitted(longest, face, size, paper.room) if row.whole else size
    below = not fits and (row.whole or beside < paper.room // 2)
    values = wrapped(row.value, face, value_size, paper.room if below else beside)
    labels = wrapped(row.label, Face.WORDS, size, paper.room) if below else [row.label]
    label_height, label = _lines(labels, Face.WORDS, size, left=paper.margin)
    top = label_height if below else 0
    height, value = _lines(values, face, value_size, right=right, top=top)
    return max(label_height, top + height), [*label, *value]


def _columns(columns: Columns, paper: Paper) -> _Piece:
    face = Face.FIGURES if columns.strong else Face.WORDS
    last = Face.FIGURES_STRONG if columns.strong else Face.WORDS
    texts = tuple(filter(None, (columns.price, columns.quantity, columns.amount)))
    share = (paper.room - 2 * paper.sized(_GAP)) // max(1, len(texts))
    size = min(_fitted(text, last, paper.sized(_BODY), share) for text in texts)
    left, right = paper.margin, paper.width - paper.margin
    marks = [
        _run(columns.price, face, size, 0, left=left),
        _run(columns.quantity, face, size, 0, left=left, right=right),
        _run(columns.amount, last, size, 0, right=right),
    ]
    return _pitch(size) + paper.sized(4), [mark for mark in marks if mark.text]


def _total(total: Total, paper: Paper) -> _Piece:
    """Label and amount on one baseline, or the amount under the label; it shrinks before it would break."""
    face, largest, right = Face.FIGURES_STRONG, paper.sized(_TOTAL), paper.width - paper.margin
    label_size = paper.sized(_TOTAL_LABEL)
    label = _run(total.label, Face.WORDS_STRONG, label_size, 0, left=paper.margin)
    size = _fitted(total.amount, face, largest, paper.room - label.width - paper.sized(_GAP))
    if size >= paper.sized(_TOTAL_BESIDE):
        amount = _run(total.amount, face, size, 0, right=right)
        return _pitch(size), [label.moved(amount.y - label.y), amount]
    size, top = _fitted(total.amount, face, largest, paper.room), _pitch(label_size)
    return top + _pitch(size), [label, _run(total.amount, face, size, top, right=right)]


def _band(band: Band, paper: Paper) -> _Piece:
    """White letters on black from edge to edge; two lines before the letters would get too small to be seen."""
    face, base, gap = Face.WORDS_STRONG, paper.sized(_BAND), paper.sized(14)
    room = paper.room - 2 * gap
    size = _fitted(band.text, face, base, room)
    lines = [band.text] if size * 100 >= base * _BAND_PERCENT_SMALLEST else balanced(band.text, face, base, room)
    size = min(_fitted(line, face, base, room) for line in lines)
    pitch = _pitch(size)
    height = pitch * len(lines) + paper.sized(16)
    marks: list[Mark] = [Panel(paper.margin, gap, paper.room, height, paper.sized(8), 0)]
    for place, line in enumerate(lines):
        text = _run(line, face, size, 0, left=paper.margin, right=paper.width - paper.margin)
        middle = gap + paper.sized(8) + pitch * place + pitch // 2
        marks.append(replace(text, y=middle + round(_CAPITAL * size / 2), white=True))
    return height + 2 * gap, marks


def _box(box: Box, paper: Paper) -> _Piece:
    """The state in a box with round corners: white letters on black where it is filled."""
    face, base, gap = Face.WORDS_STRONG, paper.sized(_BOX), paper.sized(14)
    sign_room = base + paper.sized(16)
    size = _fitted(box.text, face, base, paper.room - 2 * gap - sign_room)
    height = _pitch(size) + paper.sized(16)
    middle = gap + height // 2
    text = _run(box.text, face, size, 0, left=paper.margin + sign_room, right=paper.width - paper.margin)
    # Capitals look centred when their own middle is on the box's, whatever their marks do.
    text = replace(text, y=middle + round(_CAPITAL * size / 2), white=box.filled)
    frame = 0 if box.filled else paper.sized(3)
    panel = Panel(paper.margin, gap, paper.room, height, paper.sized(8), frame)
    strokes = _strokes(box.sign, text.x - sign_room, middle, base, paper.sized(6))
    return height + 2 * gap, [panel, *(replace(stroke, white=box.filled) for stroke in strokes), text]


def _strokes(sign: Sign, left: int, middle: int, size: int, thickness: int) -> list[Stroke]:
    return [
        Stroke(tuple((left + x * size // 24, middle + (y - 12) * size // 24) for x, y in points), thickness)
        for points in _SIGNS[sign]
    ]


_SIGNS = {
    Sign.TICK: (((3, 13), (9, 19), (21, 6)),),
    Sign.BACK: (((10, 5), (4, 11), (10, 17)), ((4, 11), (15, 11), (20, 15), (20, 20))),
    Sign.PERSON: (
        ((12, 2), (16, 4), (17, 7), (16, 10), (12, 12), (8, 10), (7, 7), (8, 4), (12, 2)),
        ((3, 22), (4, 18), (8, 16), (16, 16), (20, 18), (21, 22)),
    ),
    Sign.CROSS: (((5, 5), (19, 19)), ((19, 5), (5, 19))),
    Sign.HOURGLASS: (
        ((5, 2), (19, 2)),
        ((5, 22), (19, 22)),
        ((7, 2), (7, 7), (12, 12), (17, 7), (17, 2)),
        ((7, 22), (7, 17), (12, 12), (17, 17), (17, 22)),
    ),
}
"""Line icons on a grid of 24."""


def _code(code: Code, paper: Paper) -> _Piece:
    """The QR code at the left, its text at the right in the middle of the code's height."""
    rows = modules(code.text)
    module = min(paper.sized(_MODULE_LARGEST), paper.room * _CODE_SHARE // 100 // len(rows))
    picture = CodeModules(paper.margin, 0, module, rows)
    left = picture.x + picture.side + paper.sized(4)
    room = paper.width - paper.margin - left
    heading_size, size = paper.sized(26), paper.sized(24)
    heading = wrapped(code.heading, Face.WORDS_STRONG, heading_size, room)
    sentence = wrapped(code.sentence, Face.WORDS, size, room)
    heading_height, heading_marks = _lines(heading, Face.WORDS_STRONG, heading_size, left=left)
    sentence_height, sentence_marks = _lines(sentence, Face.WORDS, size, left=left, top=heading_height)
    text_height = heading_height + sentence_height
    height = max(picture.side, text_height)
    texts = [mark.moved((height - text_height) // 2) for mark in (*heading_marks, *sentence_marks)]
    return height, [picture.moved((height - picture.side) // 2), *texts]


def _rule(rule: Rule, paper: Paper) -> _Piece:
    # Letters keep room above them for marks, so the line stands nearer to the text before it.
    return paper.sized(30), [Line(paper.margin, paper.sized(16), paper.room, paper.sized(2), rule.dashed)]


_TICKS = ((10, 32), (5, 20), (1, 10))
"""Every so many millimetres a mark of so many dots."""


def _ruler(paper: Paper) -> _Piece:
    """Marks for every millimetre from dot 0 to the last, numbers for every ten, and a thick mark at each end."""
    tick, end, top = 2, 6, 8
    tall, size = _TICKS[0][1], paper.sized(_BODY)
    marks: list[Mark] = []
    for mm in range(1, (paper.width - end) // DOTS_PER_MM + 1):
        height = next(height for every, height in _TICKS if mm % every == 0)
        marks.append(Line(mm * DOTS_PER_MM, height // 2, tick, height))
        if mm % _TICKS[0][0] == 0:
            number = _run(str(mm), Face.FIGURES, size, tall)
            marks.append(replace(number, x=mm * DOTS_PER_MM - number.width // 2))
    ends = [Line(x, tall // 2, end, tall) for x in (0, paper.width - end)]
    return top + tall + _pitch(size), [mark.moved(top) for mark in (*ends, *marks)]
