"""The pieces of the customer display: a text in both languages, the store's mark, the amount."""

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.money import in_words
from pos_app.ui.icons import icon
from pos_app.ui.look import Look
from pos_app.ui.theme import WORDS, Role, make_font
from pos_app.ui.widgets.amount_box import BigAmount
from pos_app.ui.widgets.label import Frame, Label
from pos_app.words import NOTHING, Text

_AMOUNT = Text("Số tiền", "Amount")


class Said(QWidget):
    """A text; with `both` its English stands smaller beneath."""

    def __init__(  # noqa: PLR0913 - how it looks, by keyword
        self, look: Look, role: Role, text: Text = NOTHING, *, small: Role, both: bool, ink: str = "text",
        soft: str = "text2", centred: bool = False, wrap: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._first = Label(look, role, ink=ink, wrap=wrap)
        self._second = Label(look, small, ink=soft, wrap=wrap)
        column.addStretch()
        for label in (self._first, self._second):
            column.addWidget(label)
            if centred:
                label.centred()
        column.addStretch()
        self._second.setVisible(both)
        self.show_text(text)

    def show_text(self, text: Text) -> None:
        """Show another text."""
        self._first.show_text(text)
        self._second.show_text(text.en)

    def play(self, role: Role, small: Role) -> None:
        """Take other roles: where there is more room, more can be larger."""
        self._first.play(role)
        self._second.play(small)


class StoreMark(QWidget):
    """A mark for a store that has no picture: the first letters of its name on the accent."""

    def __init__(self, look: Look, store: str) -> None:
        super().__init__()
        self._look = look
        self.letters = "".join(word[0] for word in store.split()[-2:] if word[0].isalnum()).upper()
        self._dress()
        look.changed.connect(self._dress)

    @Slot()
    def _dress(self) -> None:
        side = round(self._look.size.disc * 1.2)
        self.setFixedSize(side, side)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the letters, or the sign of a code where the name has none."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self.width()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.colour("accent")))
        painter.drawRoundedRect(QRectF(0, 0, side, side), side * 0.24, side * 0.24)
        ink = self._look.colour("on_accent")
        if not self.letters:
            px = round(side * 0.6)
            painter.drawPixmap((side - px) // 2, (side - px) // 2,
                               icon("scan", ink, px, self.devicePixelRatioF(), bold=True))  # fmt: skip
            return
        painter.setPen(QColor(ink))
        painter.setFont(make_font(WORDS, round(side * 0.42), 700))
        painter.drawText(QRectF(0, 0, side, side), Qt.AlignmentFlag.AlignCenter, self.letters)


class AmountPart(QWidget):
    """The amount in figures, and in words where there is room."""

    def __init__(self, look: Look, *, both: bool) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addStretch()
        column.addWidget(Said(look, Role.DETAIL_STRONG, _AMOUNT, small=Role.BODY, both=both, ink="text2"))
        self._figures = BigAmount(look, Role.PAID_AMOUNT, ink="text", left=True)
        column.addWidget(self._figures)
        self._words = Label(look, Role.BODY, ink="text2", wrap=True)
        column.addWidget(self._words)
        column.addStretch()

    def show_amount(self, amount: int) -> None:
        """Show `amount` dong."""
        self._figures.show_amount(amount)
        self._words.show_text(in_words(amount))

    def say_words(self, *, on: bool) -> None:
        """Whether there is room for the words."""
        self._words.setVisible(on)


def note_pill(look: Look, note: Text) -> Frame:
    """The mark of the demo and the sandbox; see `Environment.note`."""
    pill = Frame("pill_accent")
    row = QHBoxLayout(pill)
    row.setContentsMargins(14, 7, 14, 7)
    row.addWidget(Label(look, Role.LABEL, note, ink="accent_text"))
    return pill
