"""The picture of a slip, and printing it once more."""

from PySide6.QtCore import QByteArray, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pos_app.checkout.events import PrintView, SlipView
from pos_app.ui.look import Look
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.screens.results import PRINT_WORDS
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.label import Frame, Label
from pos_app.ui.widgets.scrolled import Scrolled
from pos_app.words import Text

_WIDTH = 384


class SlipScreen(OtherScreen):
    """Shows one payment's slip; Enter prints a copy."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._payment_id, self._refund = "", ""
        self._outer = QHBoxLayout(self)
        card = Frame("card")
        self._outer.addWidget(card)
        row = QHBoxLayout(card)
        row.setContentsMargins(32, 16, 32, 16)
        row.setSpacing(32)
        row.addStretch()
        self._paper = QLabel()
        self._paper.setProperty("look", "paper")
        self._paper.setAlignment(Qt.AlignmentFlag.AlignTop)
        page = QWidget()
        page.setObjectName("page")
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._paper)
        inner.addStretch()
        self._scroll = Scrolled(look, page)
        self._scroll.setFixedWidth(_WIDTH + 20)
        row.addWidget(self._scroll)
        side = QVBoxLayout()
        side.setSpacing(16)
        side.addStretch()
        side.addWidget(Label(look, Role.TITLE, Text("Phiếu", "Slip")))
        self._state = Label(look, Role.DETAIL, ink="text2", wrap=True)
        self._state.setMinimumWidth(360)
        side.addWidget(self._state)
        side.addWidget(Button(look, Text("In lại", "Reprint"), self.print_again, kind="primary", cap="Enter"))
        side.addStretch()
        row.addLayout(side)
        row.addStretch()
        look.changed.connect(self._dress)
        self._dress()

    def ask(self, payment_id: str, *, refund: str = "") -> None:
        """Show the slip of a payment, or of its refund, as soon as the till has made its picture."""
        self._payment_id, self._refund = payment_id, refund
        self._paper.clear()
        self._state.show_text(Text("Đang mở phiếu.", "Opening the slip."))
        if self._commands is not None:
            self._commands.slip(payment_id, refund=refund)

    def show_slip(self, view: SlipView) -> None:
        """The picture is there."""
        if view.payment_id != (self._refund or self._payment_id):
            return
        picture = QPixmap()
        picture.loadFromData(QByteArray(view.png))
        self._paper.setPixmap(picture.scaledToWidth(_WIDTH, Qt.TransformationMode.SmoothTransformation))
        self._state.show_text(Text("Phiếu in lại có ghi “IN LẠI”.", "A reprint is marked as a copy."))

    def show_print(self, view: PrintView) -> None:
        """Tell how far the print is."""
        if view.payment_id == (self._refund or self._payment_id):
            self._state.show_text(PRINT_WORDS[view.state])

    def print_again(self) -> None:
        """Print a copy."""
        if self._commands is not None and self._payment_id:
            self._commands.reprint(self._payment_id, refund=self._refund)

    def press(self, event: QKeyEvent) -> bool:
        """Enter prints, the arrows move the paper."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.print_again()
            return True
        bar, step = self._scroll.verticalScrollBar(), self._scroll.height() // 2
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_PageDown}:
            bar.setValue(bar.value() + step)
        elif event.key() in {Qt.Key.Key_Up, Qt.Key.Key_PageUp}:
            bar.setValue(bar.value() - step)
        else:
            return False
        return True

    @Slot()
    def _dress(self) -> None:
        gap = self._look.size.gap
        self._outer.setContentsMargins(gap, gap, gap, gap)
