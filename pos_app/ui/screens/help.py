"""Help on one page: how a sale goes, what never to do, language and theme, the demo customer's phone."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.theme import Role, Theme
from pos_app.ui.widgets.button import Button, KeyCap
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import Divider, Frame, Label
from pos_app.words import Language, Text, same

_STEPS = (
    (Text("Nhập số tiền, bấm Enter", "Enter the amount, press Enter"),
     Text("Chạm số tiền có sẵn thì không cần bấm Enter.", "Tap a ready amount and Enter is not needed.")),
    (Text("Quét mã thanh toán của khách", "Scan the customer’s payment code"),
     Text("Camera hoặc máy quét đều được. Quét xong là máy gửi ngay.", "Camera or scanner. It is sent at once.")),
    (Text("Chờ màn hình xanh “Đã thanh toán”", "Wait for the green screen “Paid”"),
     Text("Chưa thấy màu xanh thì chưa có tiền.", "No green screen, no money yet.")),
)  # fmt: skip
_RULES = (
    ("hourglass", "amber", "on_amber", Text("Chưa rõ kết quả: ĐỪNG thu lại", "Not known yet: do NOT charge again"),
     Text("Máy tự hỏi và báo khi có kết quả. Bạn bán tiếp được.",
          "The till keeps asking and tells you. You can go on selling.")),
    ("cross", "red", "on_red", Text("Chưa thu được tiền: thử lại được", "No money was taken: you may try again"),
     Text("Mời khách làm theo câu trên màn hình, rồi đưa mã mới.", "Do as the screen says, then ask for a new code.")),
)  # fmt: skip
_SETTINGS = Text("Cài đặt: khóa, camera, máy in…", "Settings: keys, camera, printer…")
_KEYS = (
    ("Enter", Text("Chốt số tiền, hoặc nút chính", "Confirm the amount, or the main button")),
    ("F2", Text("Khách quét mã; lần nữa: cách khác", "Our code; once more: other ways")),
    ("F4", Text("Hoàn tiền, quản lý duyệt", "Refund, a manager approves it")),
    ("F5", Text("Khách hỏi: đã trả chưa?", "The customer asks: is it paid?")),
    ("F12", Text("Khách quen: thu không cần mã", "Regular customers: no code needed")),
)


class HelpScreen(OtherScreen):
    """One page of help with the switches of language and theme."""

    def __init__(
        self, look: Look, *, phone_address: str, prefer: Callable[[], None], settings: Callable[[], None]
    ) -> None:
        super().__init__()
        self._look = look
        self._prefer, self._settings = prefer, settings
        self._discs: list[Disc] = []
        self._details: list[Label] = []
        self._outer = QHBoxLayout(self)
        self._outer.addWidget(self._how(look), 3)
        self._outer.addWidget(self._choices(look, phone_address), 2)
        look.changed.connect(self._dress)
        self._dress()

    def _how(self, look: Look) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(16)
        column.addWidget(Label(look, Role.TITLE, Text("Cách thu tiền", "How to take a payment")))
        for place, (title, detail) in enumerate(_STEPS, start=1):
            column.addStretch(1)
            column.addLayout(self._row(Disc(look, 40, "accent", "on_accent", figure=str(place)), title, detail))
        column.addStretch(1)
        column.addWidget(Divider())
        for icon, fill, ink, title, detail in _RULES:
            column.addStretch(1)
            column.addLayout(self._row(Disc(look, 40, fill, ink, icon=icon), title, detail))
        column.addStretch(2)
        return card

    def _row(self, disc: Disc, title: Text, detail: Text) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(disc, alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(self._look, Role.DETAIL_STRONG, title, wrap=True))
        below = Label(self._look, Role.BODY, detail, ink="text2", wrap=True)
        words.addWidget(below)
        row.addLayout(words, 1)
        self._discs.append(disc)
        self._details.append(below)
        return row

    def _choices(self, look: Look, phone_address: str) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(12)
        column.addWidget(Label(look, Role.LABEL, Text("Ngôn ngữ", "Language"), ink="text2"))
        self._languages = {
            Language.VI: Button(look, same("Tiếng Việt"), lambda: self._speak(Language.VI), kind="choice"),
            Language.EN: Button(look, same("English"), lambda: self._speak(Language.EN), kind="choice"),
        }
        column.addLayout(_pair(self._languages[Language.VI], self._languages[Language.EN]))
        column.addSpacing(8)
        column.addWidget(Label(look, Role.LABEL, Text("Giao diện", "Theme"), ink="text2"))
        self._themes = {
            Theme.LIGHT: Button(look, Text("Sáng", "Light"), lambda: self._wear(Theme.LIGHT), kind="choice",
                                icon=("sun", "text2")),
            Theme.DARK: Button(look, Text("Tối", "Dark"), lambda: self._wear(Theme.DARK), kind="choice",
                               icon=("moon", "text2")),
        }  # fmt: skip
        column.addLayout(_pair(self._themes[Theme.LIGHT], self._themes[Theme.DARK]))
        column.addSpacing(8)
        self._settings_button = Button(
            look, _SETTINGS, self._settings, kind="choice", icon=("wrench", "text2"), cap="F8"
        )  # fmt: skip
        column.addWidget(self._settings_button)
        if phone_address:
            column.addSpacing(8)
            column.addWidget(Divider())
            column.addSpacing(8)
            column.addWidget(Label(look, Role.LABEL, Text("Điện thoại của khách mẫu", "Demo customer’s phone"),
                                   ink="text2"))  # fmt: skip
            address = Label(look, Role.FIGURE_STRONG, phone_address, wrap=True)
            address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(address)
            how = Text(
                "Mở địa chỉ này bằng trình duyệt để đóng vai khách: đưa mã, xác nhận hoặc từ chối.",
                "Open this address in a browser to play the customer: show the code, confirm or refuse.",
            )
            column.addWidget(Label(look, Role.BODY, how, ink="text2", wrap=True))
        self._tells_phone = bool(phone_address)
        self._keys = self._key_list(look)
        column.addWidget(self._keys)
        column.addStretch()
        return card

    def _key_list(self, look: Look) -> QWidget:
        """The keys worth knowing: where there is room, since the foot says them too."""
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 8, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.addWidget(Divider(), 0, 0, 1, 2)
        grid.addWidget(Label(look, Role.LABEL, Text("Phím", "Keys"), ink="text2"), 1, 0, 1, 2)
        for place, (cap, word) in enumerate(_KEYS, start=2):
            grid.addWidget(KeyCap(look, cap), place, 0, Qt.AlignmentFlag.AlignLeft)
            label = Label(look, Role.BODY, word, wrap=True)
            grid.addWidget(label, place, 1)
            self._details.append(label)
        grid.setColumnStretch(1, 1)
        self._key_grid = grid
        return box

    def _speak(self, language: Language) -> None:
        self._look.speak(language)
        self._prefer()

    def _wear(self, theme: Theme) -> None:
        self._look.wear(theme)
        self._prefer()

    @Slot()
    def _dress(self) -> None:
        gap = self._look.size.gap
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._outer.setSpacing(gap)
        wide = self._look.size.wide
        self._settings_button.setVisible(self._look.size.narrow)  # elsewhere it is in the foot
        self._keys.setVisible(not (self._look.size.narrow and self._tells_phone))
        self._key_grid.setVerticalSpacing(20 if wide else 4)
        for disc in self._discs:
            disc.resize_to(64 if wide else 40)
        for detail in self._details:
            detail.play(Role.DETAIL if wide else Role.BODY)
        for language, button in self._languages.items():
            button.choose(chosen=language is self._look.language)
        for theme, button in self._themes.items():
            button.choose(chosen=theme is self._look.theme)


def _pair(left: Button, right: Button) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(12)
    row.addWidget(left, 1)
    row.addWidget(right, 1)
    return row
