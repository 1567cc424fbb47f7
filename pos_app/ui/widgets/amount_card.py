"""The left card: the amount in figures and words, the note, quick amounts and keypad; or the payment's details."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pos_app.money import grouped
from pos_app.ui.look import Look
from pos_app.ui.signs import Sign
from pos_app.ui.theme import FULL, Role
from pos_app.ui.widgets.amount_box import AmountBox
from pos_app.ui.widgets.amount_words import AmountWords
from pos_app.ui.widgets.button import DELETE, Button
from pos_app.ui.widgets.details import Details, Row
from pos_app.ui.widgets.label import Frame, IconLabel, Label
from pos_app.ui.widgets.text_field import TextField
from pos_app.ui.widgets.text_room import own_look
from pos_app.words import Text

QUICK = (20_000, 50_000, 100_000, 200_000)
KEYS = ("7", "8", "9", "4", "5", "6", "1", "2", "3", "0", "000")
NOTE_LENGTH_MAX = 40
_LEAVING = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}
_NOTE = Text("Số hóa đơn, ghi chú", "Bill number, note")
_NO_AMOUNT = Text("Chưa có số tiền", "No amount yet")


class NoteField(TextField):
    """Bill number or note. Enter and Esc go back to the amount and make nothing stand."""

    left = Signal()
    typing = Signal(bool)

    def __init__(self, look: Look) -> None:
        super().__init__(look, _NOTE, length=NOTE_LENGTH_MAX, indent=16)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell where digits go now; Enter and Esc leave the field."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.typing.emit(event.type() == QEvent.Type.FocusIn)
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _LEAVING:
            self.edit.clearFocus()
            self.left.emit()
            return True
        return super().eventFilter(watched, event)


class AmountCard(Frame):
    """The amount never moves; under it is the keypad while it can be changed, else the payment's details."""

    digits = Signal(str)
    delete = Signal()
    clear = Signal()
    quick = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__("card")
        self._look = look
        look = self._look = own_look(self, look)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self.box = AmountBox(look)
        self._words = AmountWords(look, _NO_AMOUNT)
        self.note = NoteField(look)
        self.note.left.connect(self.box.setFocus)
        self.note.typing.connect(self._note_typing)
        self.details = Details(look)
        self._lower = QStackedWidget()
        self._lower.addWidget(self._entry())
        self._lower.addWidget(self.details)
        self._column.addLayout(self._top())
        self._column.addWidget(self.box)
        self._column.addSpacing(6)
        self._column.addWidget(self._words)
        self._column.addSpacing(2)
        self._column.addWidget(self._lower, 1)
        look.changed.connect(self._dress)
        self._dress()

    def _top(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 4)
        row.setSpacing(0)
        row.addWidget(Label(self._look, Role.LABEL, Text("Số tiền", "Amount"), ink="text2"))
        row.addStretch()
        self._clear = Button(self._look, Text("Xóa hết", "Clear"), self.clear.emit, kind="plain", role=Role.LABEL)
        # 48 px to the finger, no taller in the layout than the line of the label.
        self._tally_icon = IconLabel(self._look, "tick", "text2", 18)
        self._tally = Label(self._look, Role.LABEL)
        row.addWidget(self._clear)
        row.addWidget(self._tally_icon)
        self._tally.setContentsMargins(6, 0, 0, 0)
        row.addWidget(self._tally)
        self._top_height = QWidget()
        row.addWidget(self._top_height)
        return row

    def _entry(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.note)
        quick = QHBoxLayout()
        quick.setSpacing(8)
        for amount in QUICK:
            button = Button(self._look, grouped(amount), self._quick(amount), kind="quick", role=Role.FIGURE_STRONG)
            quick.addWidget(button, 1)
        column.addLayout(quick)
        pad = QGridLayout()
        pad.setSpacing(8)
        self._keys: list[Button] = []
        for place, key in enumerate(KEYS):
            button = Button(self._look, key, self._digits(key), kind="key", role=Role.KEY)
            pad.addWidget(button, place // 3, place % 3)
            self._keys.append(button)
        delete = Button(self._look, "", self.delete.emit, kind="key", icon=("backspace", "text", 28))
        delete.name(DELETE)
        pad.addWidget(delete, 3, 2)
        self._keys.append(delete)
        for row in range(4):
            pad.setRowStretch(row, 1)
        for column_number in range(3):
            pad.setColumnStretch(column_number, 1)
        column.addLayout(pad, 1)
        return page

    def _quick(self, amount: int) -> Callable[[], None]:
        return lambda: self.quick.emit(amount)

    def _digits(self, key: str) -> Callable[[], None]:
        return lambda: self.digits.emit(key)

    def press(self, key: Qt.Key, text: str) -> bool:
        """A key of the keyboard that means the same as one of these; False for any other."""
        if len(text) == 1 and text in "0123456789":
            self.digits.emit(text)
        elif key == Qt.Key.Key_Backspace:
            self.delete.emit()
        elif key == Qt.Key.Key_Delete:
            self.clear.emit()
        else:
            return False
        return True

    def show_entry(self, amount: int, *, stands: bool) -> None:
        """The amount can be changed."""
        self._show(amount, stands=stands, locked=False)
        self._clear.setVisible(amount > 0)
        self._tally.hide()
        self._tally_icon.hide()
        self._lower.setCurrentIndex(0)

    @Slot(bool)
    def _note_typing(self, here: bool) -> None:  # noqa: FBT001 - a slot
        self.box.show_elsewhere(elsewhere=here)

    def show_payment(self, amount: int, sign: Sign, rows: tuple[Row, ...]) -> None:
        """The amount is locked: show how the payment stands."""
        self._show(amount, stands=True, locked=True)
        self._clear.hide()
        self._tally.show_text(sign.tally)
        self._tally.set_ink(sign.token)
        self._tally.show()
        self._tally_icon.show_icon(sign.icon, sign.token)
        self._tally_icon.show()
        self.details.show_rows(rows)
        self._lower.setCurrentIndex(1)

    def _show(self, amount: int, *, stands: bool, locked: bool) -> None:
        self.box.show_amount(amount, stands=stands, locked=locked)
        self._words.show_amount(amount)

    @Slot()
    def _dress(self) -> None:
        size = self._look.size
        self.setFixedWidth(size.left)
        for key in self._keys:
            key.setMinimumHeight(65 if self._look.text == FULL else 52)
        line = max(26, self._clear.word.sizeHint().height())
        self._clear.setFixedHeight(line)
        self._top_height.setFixedSize(0, line)
        self._column.setContentsMargins(size.padding - 1, 15, size.padding - 1, size.padding - 2)
