"""The guide for a new cashier: two pages, with pictures of the screens, as a PDF whose words can be searched.

The pictures are drawn by the tests' gallery, which holds them to what the screens look like now.
"""

import io
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Image, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from pos_app.reports.pdf_file import STRONG, WORDS, register_fonts
from pos_app.resources import resource
from pos_app.words import Language, Text

PICTURES = ("02b-standing", "04-paid", "06-unknown", "07-customer-scans")
_MARGIN = 15 * mm
_PADDING = 6
"""Points: a frame of the page keeps them free at its sides."""
_WIDTH = A4[0] - 2 * _MARGIN - 2 * _PADDING
_INK, _LINE = HexColor("#141A22"), HexColor("#D6DBE2")

_TITLE = Text("Thu tiền bằng mã: hai trang cho người mới", "Payments by code: two pages for a new cashier")
_FIRST = Text("Lần thu đầu tiên", "Your first payment")
_STEPS = (
    Text("<b>1. Nhập số tiền, bấm Enter.</b> Có dấu tích là số tiền đã chốt. Đọc số tiền cho khách.",
         "<b>1. Type the amount, press Enter.</b> A tick shows that it stands. Tell the customer the amount."),
    Text("<b>2. Quét mã thanh toán của khách</b> bằng camera hoặc máy quét. Quét xong là máy gửi ngay.",
         "<b>2. Scan the customer’s payment code</b> with the camera or the scanner. It is sent at once."),
    Text("<b>3. Chờ màn hình xanh “Đã thanh toán”,</b> rồi giao hàng và đưa phiếu. Chưa xanh là chưa có tiền.",
         "<b>3. Wait for the green screen “Paid”,</b> then hand over goods and slip. Not green means no money yet."),
)  # fmt: skip
_OUR_CODE = Text(
    "<b>F2: khách quét mã của quầy.</b> Chốt số tiền, bấm F2, mời khách quét. Vẫn chờ màn hình xanh.",
    "<b>F2: the customer scans our code.</b> The amount stands, press F2, ask to scan. Wait for green.",
)
_DO_NOT = Text("Chưa rõ kết quả: ĐỪNG thu lại", "Not known yet: do NOT charge again")
_WHY_NOT = Text(
    "Có thể tiền đã tới rồi. Đọc cho khách câu trên màn hình, in phiếu chờ bằng F9, bấm Enter và bán tiếp. Máy tự hỏi "
    "và báo ở đầu màn hình. Khách muốn trả cách khác ngay: gọi quản lý.",
    "The money may have come. Read the screen’s sentence to the customer, print a slip with F9, press Enter and go on. "
    "The till keeps asking and tells at the top of the screen. Another way to pay at once: call the manager.",
)
_RESULTS_TITLE = Text("Năm kết quả và việc cần làm", "The five results, and what to do")
_RESULTS = (
    ("#0B7544", Text("Đã thanh toán", "Paid"),
     Text("Giao hàng, đưa phiếu.", "Hand over the goods and the slip.")),
    ("#B91C2B", Text("Chưa thu được tiền", "No money was taken"),
     Text("Đọc nguyên nhân cho khách. Thử lại bằng mã MỚI.", "Tell the customer why. Try again with a NEW code.")),
    ("#B91C2B", Text("Chưa gửi đi", "Not sent"),
     Text("Chưa có gì rời khỏi máy. Xem mạng, rồi thử lại.", "Nothing left the till. Look at the network, try again.")),
    ("#855000", Text("Chưa rõ kết quả", "Not known yet"),
     Text("ĐỪNG thu lại. Bán cho khách kế tiếp, máy tự hỏi.", "Do NOT charge again. Go on, the till asks by itself.")),
    ("#4C5665", Text("Mã của quầy hết giờ", "Our code’s time is over"),
     Text("Chưa ai trả. Bấm Enter để tạo mã mới.", "Nobody paid. Press Enter for a new code.")),
)  # fmt: skip
_KEYS_TITLE = Text("Phím hay dùng", "Keys you will use")
_KEYS = (
    ("F1", Text("Trợ giúp cho đúng màn hình đang mở", "Help on the screen that is open")),
    ("F3", Text("Tìm giao dịch; F9 in lại phiếu", "Find a payment; F9 reprints its slip")),
    ("F4", Text("Hoàn tiền: chọn giao dịch, nhập số tiền, quản lý nhập PIN. Chưa rõ thì ĐỪNG hoàn lần nữa.",
                "Refund: choose the payment, type the amount, a manager signs. Not known: do NOT refund again.")),
    ("F5", Text("Khách hỏi “đã trả chưa?”: mười giao dịch gần nhất và câu trả lời",
                "The customer asks “is it paid?”: the last ten payments and what to say")),
    ("F10", Text("Khóa máy khi rời quầy", "Lock the till when you leave")),
)  # fmt: skip
_SHIFT_TITLE = Text("Hết ca", "At the end of the shift")
_SHIFT = Text(
    "Bấm F6, xem số liệu, bấm Enter để chốt ca (Z). Còn khoản chưa rõ thì quản lý ký; kết quả sau này tính vào ca sau. "
    "Bản Z có số, không sửa được nữa.",
    "Press F6, look at the figures, press Enter to close the shift (Z). What is not known yet is signed by a manager "
    "and settles in a later shift. A Z has a number and is never changed.",
)


def picture_file(scene: str, language: Language) -> Path:
    """Where the picture of a scene lies."""
    return resource("guide", f"{scene}-{language}.png")


def guide(language: Language) -> bytes:
    """The two pages as a PDF file."""
    register_fonts()
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file, pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN,
        title=_TITLE.say(language), author="", lang=language.value, invariant=1,
    )  # fmt: skip
    document.build([*_first_page(language), PageBreak(), *_second_page(language)])
    return file.getvalue()


def _first_page(language: Language) -> list[Any]:
    half = (_WIDTH - 6 * mm) / 2
    steps = [_said(text, language) for text in _STEPS]
    return [
        _heading(_TITLE, language, 19), Spacer(1, 4 * mm), _heading(_FIRST, language), Spacer(1, 2 * mm),
        _beside([_picture("02b-standing", language, half), steps[:2]], half), Spacer(1, 4 * mm),
        _beside([[steps[2]], _picture("04-paid", language, half)], half), Spacer(1, 4 * mm),
        _beside([_picture("07-customer-scans", language, half), [_said(_OUR_CODE, language)]], half),
    ]  # fmt: skip


def _second_page(language: Language) -> list[Any]:
    half = (_WIDTH - 6 * mm) / 2
    results = [[_cell(name, language, ink="#FFFFFF"), _said(do, language)] for _, name, do in _RESULTS]
    keys = [[Paragraph(cap, _style(STRONG, 11, align=TA_CENTER)), _said(word, language)] for cap, word in _KEYS]
    fills = [("BACKGROUND", (0, row), (0, row), HexColor(fill)) for row, (fill, _, _) in enumerate(_RESULTS)]
    return [
        _heading(_DO_NOT, language, 19), Spacer(1, 2 * mm),
        _beside([_picture("06-unknown", language, half), [_said(_WHY_NOT, language)]], half), Spacer(1, 4 * mm),
        _heading(_RESULTS_TITLE, language), Spacer(1, 2 * mm), _lined(results, 52 * mm, fills), Spacer(1, 4 * mm),
        _heading(_KEYS_TITLE, language), Spacer(1, 2 * mm), _lined(keys, 18 * mm, []), Spacer(1, 4 * mm),
        _heading(_SHIFT_TITLE, language), Spacer(1, 2 * mm), _said(_SHIFT, language),
    ]  # fmt: skip


def _picture(scene: str, language: Language, width: float) -> Image:
    return Image(str(picture_file(scene, language)), width=width, height=width * 0.75)


def _beside(cells: list[Any], half: float) -> Table:
    table = Table([cells], colWidths=[half + 3 * mm, half + 3 * mm])
    table.setStyle(TableStyle([
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (0, 0), 0), ("RIGHTPADDING", (1, 0), (1, 0), 0),
    ]))  # fmt: skip
    return table


def _lined(rows: list[list[Any]], first: float, more: list[Any]) -> Table:
    table = Table(rows, colWidths=[first, _WIDTH - first])
    table.setStyle(TableStyle([
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("GRID", (0, 0), (-1, -1), 0.7, _LINE), *more,
    ]))  # fmt: skip
    return table


def _heading(text: Text, language: Language, size: int = 14) -> Paragraph:
    return Paragraph(escape(text.say(language)), _style(STRONG, size))


def _said(text: Text, language: Language) -> Paragraph:
    return Paragraph(text.say(language), _style(WORDS, 11))


def _cell(text: Text, language: Language, *, ink: str) -> Paragraph:
    return Paragraph(f'<font color="{ink}">{escape(text.say(language))}</font>', _style(STRONG, 11))


def _style(font: str, size: int, align: int = 0) -> ParagraphStyle:
    return ParagraphStyle(f"{font}-{size}-{align}", fontName=font, fontSize=size, leading=size * 1.5, textColor=_INK,
                          alignment=align, spaceAfter=4)  # fmt: skip
