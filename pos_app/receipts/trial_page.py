"""The page to try a printer with: whether the paper's width is set right, whether letters and code come out."""

from pos_app.payments.payment_code import SLIP_PREFIX
from pos_app.receipts.blocks import Band, Centred, Code, Plain, Row, Rule, Ruler, Style, Total
from pos_app.receipts.content import printable
from pos_app.receipts.document import Document
from pos_app.receipts.layout import DOTS_PER_MM, Paper
from pos_app.words import Language, Text

_TITLE = Text("TRANG IN THỬ", "TEST PAGE")
_NOT_A_SLIP = Text("– không phải phiếu –", "– not a slip –")
_PRINTER = Text("Máy in", "Printer")
_WIDTH = Text("Bề ngang", "Width")
_DOTS = Text("{dots} chấm · {mm} mm", "{dots} dots · {mm} mm")
_BOTH_ENDS = Text(
    "Hai đầu thước phải còn đủ vạch đậm. Mất một đầu: chọn giấy hẹp hơn ở mục [printer]. "
    "Thừa lề hai bên: chọn rộng hơn.",
    "Both ends of the ruler must show their thick mark. One is missing: choose a narrower paper under [printer]. "
    "Room is left at both sides: choose a wider one.",
)
_LETTERS = Text(
    "Chữ: Ắ Ẵ Ễ Ộ Ợ Ử Ỵ đ ư ơ ặ ẵ ỗ ự ỹ ₫ 0123456789", "Letters: Ắ Ẵ Ễ Ộ Ợ Ử Ỵ đ ư ơ ặ ẵ ỗ ự ỹ ₫ 0123456789"
)
_AMOUNT = Text("SỐ TIỀN", "AMOUNT")
_BLACK = Text("NỀN ĐEN, CHỮ TRẮNG", "WHITE ON BLACK")
_HEADING = Text("Quét thử mã này", "Scan this code")
_SENTENCE = Text("Đọc được là mã trên phiếu cũng đọc được.", "If it can be read, so can the code on a slip.")
CODE = SLIP_PREFIX + "TEST"
"""What the page's code says: a slip of no payment. Anything that no rule knows would be charged as a payment code."""


def trial_page(printer: str, paper: Paper, language: Language) -> Document:
    """The page for a printer of that name and paper."""
    width = _DOTS.fill(dots=paper.width, mm=paper.width // DOTS_PER_MM)
    blocks = (
        Centred(_TITLE.say(language), Style.TITLE),
        Centred(_NOT_A_SLIP.say(language), Style.SUBTITLE),
        Rule(),
        Row(_PRINTER.say(language), printable(printer), whole=True),
        Row(_WIDTH.say(language), width.say(language), whole=True),
        Ruler(),
        Plain(_BOTH_ENDS.say(language), Style.BODY),
        Rule(dashed=True),
        Plain(_LETTERS.say(language), Style.BODY),
        Total(_AMOUNT.say(language), "123.456.789\u00a0₫"),
        Band(_BLACK.say(language)),
        Code(CODE, _HEADING.say(language), _SENTENCE.say(language)),
        Rule(),
    )
    return Document("test-page", _TITLE.say(language), blocks, language)
