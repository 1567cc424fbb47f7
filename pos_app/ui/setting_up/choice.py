"""The first question: try it, set it up, or restore. Three cards, each with what it takes and its key."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import Divider, Frame, IconLabel, Label
from pos_app.ui.widgets.text_room import own_look
from pos_app.words import Text


class _Card(NamedTuple):
    icon: str
    title: Text
    about: Text
    head: Text
    lines: tuple[tuple[str, Text], ...]
    button: Text


_NEEDS = Text("Cần có", "You need")
_CARDS = (
    _Card(
        "play", Text("Dùng thử", "Try it"),
        Text("Bán thử ngay với cổng thanh toán giả lập, không cần nhập gì.",
             "Sell at once with a built-in gateway. Nothing to enter."),
        Text("Khi dùng thử", "While trying"),
        (("phone", Text("Khách mẫu quét mã, trả tiền", "A demo customer scans and pays")),
         ("shield", Text("Không có tiền thật", "No real money")),
         ("slip", Text("Chỗ nào cũng ghi DÙNG THỬ", "Screens and slips say DEMO"))),
        Text("Dùng thử ngay", "Try it now"),
    ),
    _Card(
        "wrench", Text("Cài đặt để bán", "Set it up"),
        Text("Khoảng 10 phút. Mỗi thứ một trang, trang nào cũng có nút thử.",
             "About 10 minutes. A page for each thing, each with a test button."),
        _NEEDS,
        (("key", Text("app_id và khóa của ZaloPay", "app_id and keys from ZaloPay")),
         ("camera", Text("Camera hoặc máy quét", "Camera or scanner")),
         ("lock", Text("PIN chủ tiệm, tự đặt", "A PIN for the owner, yours to choose"))),
        Text("Bắt đầu cài đặt", "Begin"),
    ),
    _Card(
        "restore", Text("Khôi phục", "Restore"),
        Text("Máy mới hoặc máy cũ bị hỏng: lấy lại giao dịch và ca.",
             "A new computer, or a broken one: brings back payments and shifts."),
        _NEEDS,
        (("drive", Text("Tệp sao lưu", "The backup file")),
         ("lock", Text("Mật khẩu của tệp sao lưu", "Its passphrase")),
         ("key", Text("Khóa ZaloPay, nhập lại sau đó", "The ZaloPay keys, entered again"))),
        Text("Chọn tệp sao lưu", "Choose the backup"),
    ),
)  # fmt: skip


class ChoicePage(QWidget):
    """Three cards; 1, 2 and 3 choose, Enter the first.

    Args:
        chosen: what each leads to.
    """

    def __init__(self, look: Look, *chosen: Callable[[], None]) -> None:
        super().__init__()
        self._chosen, look = chosen, own_look(self, look)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 8, 24, 24)
        column.setSpacing(4)
        column.addStretch(1)
        column.addWidget(Label(look, Role.SENTENCE, Text("Bạn muốn làm gì?", "What would you like to do?")).centred())
        under = Text("Chọn một trong ba. Sau này đổi lại được.", "Choose one. You can change your mind later.")
        column.addWidget(Label(look, Role.DETAIL, under, ink="text2").centred())
        column.addSpacing(20)
        row = QHBoxLayout()
        row.setSpacing(20)
        for place, (card, act) in enumerate(zip(_CARDS, chosen, strict=True), start=1):
            row.addWidget(_make(look, card, act, place), 1)
        column.addLayout(row)
        column.addStretch(2)

    def press(self, event: QKeyEvent) -> bool:
        """A digit, or Enter."""
        keys = {Qt.Key.Key_1: 0, Qt.Key.Key_2: 1, Qt.Key.Key_3: 2, Qt.Key.Key_Return: 0, Qt.Key.Key_Enter: 0}
        place = keys.get(Qt.Key(event.key()))
        if place is not None:
            self._chosen[place]()
        return place is not None


def _make(look: Look, card: _Card, act: Callable[[], None], place: int) -> QWidget:
    first = place == 1
    frame = Frame("card_first" if first else "card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(24, 24, 24, 24)
    column.setSpacing(6)
    fill, ink = ("accent_soft", "accent") if first else ("sunk", "text")
    column.addWidget(Disc(look, 72, fill, ink, icon=card.icon))
    column.addSpacing(8)
    column.addWidget(Label(look, Role.TITLE, card.title))
    column.addWidget(Label(look, Role.BODY, card.about, ink="text2", wrap=True))
    column.addSpacing(6)
    column.addWidget(Divider())
    column.addSpacing(6)
    column.addWidget(Label(look, Role.LABEL, card.head, ink="text2"))
    lines = QGridLayout()
    lines.setHorizontalSpacing(10)
    lines.setVerticalSpacing(10)
    lines.setColumnStretch(1, 1)
    for number, (icon, text) in enumerate(card.lines):
        lines.addWidget(IconLabel(look, icon, ink if first else "text2"), number, 0)
        lines.addWidget(Label(look, Role.BODY, text, wrap=True), number, 1)
    column.addLayout(lines)
    column.addSpacing(16)
    column.addStretch(1)
    button = Button(look, card.button, act, kind="primary" if first else "", cap=str(place))
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    column.addWidget(button)
    return frame
