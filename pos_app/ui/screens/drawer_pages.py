"""The cash drawer at the shift: the blind count, note by note or as one sum; and money that moves without a sale."""

from collections.abc import Callable
from secrets import token_hex

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from pos_app.money import AMOUNT_MAX, grouped, read_amount, with_sign
from pos_app.payments.cash import MOVE_WORDS, NOTES, CashError, CashKind, counted
from pos_app.payments.reason import REASON_LENGTH_MAX, is_too_short
from pos_app.ui.look import Look
from pos_app.ui.screens.shift_pages import Card
from pos_app.ui.theme import Role
from pos_app.ui.widgets.amount_box import BigAmount
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choices import Choices
from pos_app.ui.widgets.label import Label
from pos_app.ui.widgets.pin_field import DigitPad
from pos_app.ui.widgets.text_field import TextField
from pos_app.words import NOTHING, Text

_TITLE = Text("Đếm tiền trong ngăn kéo", "Count the cash drawer")
_HOW = Text(
    "Gõ số tờ của từng loại, hoặc gõ thẳng tổng số. Máy chưa cho biết phải có bao nhiêu.",
    "Type how many of each note, or the sum. What must be there is not shown yet.",
)
_SUM = Text("Gõ tổng", "Type the sum")
_NOTE = Text("{note}  ×  {n}", "{note}  ×  {n}")
_TOTAL = Text("Đếm được", "Counted")
_KEPT = Text("Mỗi lần đếm đều ghi vào sổ.", "Each count is kept in the journal.")
_COUNT_MAX = 99_999
_BY_SUM = len(NOTES)
"""The place behind the notes: one sum for all."""


class CountPage(Card):
    """How many of each note; the sum typed as one stands in place of them."""

    def __init__(self, look: Look, act: Callable[[], None]) -> None:
        super().__init__(look, act)
        self.title.show_text(_TITLE)
        self._counts = [0] * (len(NOTES) + 1)
        self._place = 0
        self.column.addWidget(Label(look, Role.BODY, _HOW, ink="text2", wrap=True))
        body = QHBoxLayout()
        body.setSpacing(24)
        grid = QGridLayout()
        grid.setSpacing(8)
        self._buttons: list[Button] = []
        for place in range(len(self._counts)):
            button = Button(look, "", self._chooser(place), kind="choice", role=Role.FIGURE_STRONG)
            button.setMinimumHeight(48)
            self._buttons.append(button)
            grid.addWidget(button, place % 5, place // 5)
        left = QVBoxLayout()
        left.addLayout(grid)
        left.addSpacing(8)
        left.addWidget(Label(look, Role.LABEL, _TOTAL, ink="text2"))
        self._total = BigAmount(look, Role.AMOUNT, ink="text", left=True)
        left.addWidget(self._total)
        left.addStretch(1)
        body.addLayout(left, 1)
        self._pad = DigitPad(look, self._digits, self._delete, self._clear, zeros=True, key_height=50)
        body.addWidget(self._pad)
        self.column.addLayout(body, 1)
        look.changed.connect(self._dress)
        self._dress()
        self.begin()

    @Slot()
    def _dress(self) -> None:
        self._pad.setFixedWidth(DigitPad.WIDE if self._look.size.wide else 260)

    def begin(self) -> None:
        """Nothing is counted yet."""
        self._counts, self._place = [0] * (len(NOTES) + 1), 0
        self._show()

    @property
    def counted(self) -> int:
        """The dong that were counted."""
        return self._counts[_BY_SUM] or counted(dict(zip(NOTES, self._counts, strict=False)))

    def _chooser(self, place: int) -> Callable[[], None]:
        return lambda: self._choose(place)

    def _choose(self, place: int) -> None:
        self._place = place % len(self._counts)
        self._show()

    def _digits(self, digits: str) -> None:
        self._put(int(str(self._counts[self._place]) + digits))

    def _delete(self) -> None:
        self._put(self._counts[self._place] // 10)

    def _clear(self) -> None:
        self._put(0)

    def _put(self, count: int) -> None:
        before = self._counts[self._place]
        self._counts[self._place] = count
        try:
            fits = self.counted <= AMOUNT_MAX and count <= (AMOUNT_MAX if self._place == _BY_SUM else _COUNT_MAX)
        except CashError:
            fits = False
        if not fits:
            self._counts[self._place] = before
        self._show()

    def _show(self) -> None:
        by_sum = bool(self._counts[_BY_SUM])
        for place, (button, count) in enumerate(zip(self._buttons, self._counts, strict=True)):
            if place == _BY_SUM:
                button.show_text(
                    Text(f"{_SUM.vi}  {grouped(count)}", f"{_SUM.en}  {grouped(count)}") if count else _SUM
                )
            else:
                button.show_text(_NOTE.fill(note=grouped(NOTES[place]), n=grouped(count)))
                button.setEnabled(not by_sum)
            button.choose(chosen=place == self._place)
        self._total.show_amount(self.counted)
        self.say(_KEPT)

    def press(self, event: QKeyEvent) -> bool:
        """Digits count the chosen note, the arrows choose."""
        key, text = event.key(), event.text()
        if len(text) == 1 and text in "0123456789":
            self._digits(text)
        elif key == Qt.Key.Key_Backspace:
            self._delete()
        elif key == Qt.Key.Key_Delete:
            self._clear()
        elif key in _STEPS:
            self._choose(self._place + _STEPS[Qt.Key(key)])
        else:
            return False
        return True


_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 5, Qt.Key.Key_Left: -5}
_MOVE = Text("Ngăn kéo", "The drawer")
_WAYS = {kind.value: words for kind, words in MOVE_WORDS.items()}
_MISSING = Text(
    "Chọn việc, ghi số tiền và lý do. Quản lý ký bằng PIN.", "Choose, enter amount and reason. A manager signs."
)
_ABOUT = Text("{what} {amount}: {why}", "{what} {amount}: {why}")


class DrawerPage(Card):
    """Money in or out without a sale, or the drawer only opened: what, how much, why."""

    changed = Signal()

    def __init__(self, look: Look, act: Callable[[], None]) -> None:
        super().__init__(look, act)
        self.title.show_text(_MOVE)
        self._intent = ""  # of the move that is asked for, however often
        self.choice = Choices(look)
        self.dong = TextField(look, Text("Số tiền", "Amount"), icon="money", length=15)
        self.reason = TextField(look, Text("Lý do", "Reason"), length=REASON_LENGTH_MAX, tells_end=True)
        for widget in (self.choice, self.dong, self.reason):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self.choice.chosen.connect(self._chosen)
        for field in (self.dong, self.reason):
            field.changed.connect(self.changed)
        self.dong.entered.connect(self.reason.setFocus)
        self.reason.entered.connect(act)

    def begin(self) -> None:
        """Nothing is chosen yet."""
        self.dong.forget()
        self.reason.forget()
        self.choice.offer(_WAYS)
        self.choice.choose(CashKind.PAY_OUT.value)
        self.say(_MISSING)
        self.dong.setFocus()

    def _chosen(self, _value: str) -> None:
        self.dong.setVisible(self.choice.value != CashKind.OPENED.value)
        (self.reason if self.dong.isHidden() else self.dong).setFocus()
        self.changed.emit()

    @property
    def what(self) -> CashKind:
        """What is to be done."""
        return CashKind(self.choice.value)

    @property
    def amount(self) -> int:
        """Dong; 0 for none, or where it is no amount."""
        try:
            return 0 if self.what is CashKind.OPENED else read_amount(self.dong.text)
        except ValueError:
            return 0

    @property
    def intent(self) -> str:
        """The same until it is known to be used up: what seemed refused may have been stored all the same.

        Asked for anew with other words or another amount, the till then says what was booked.
        """
        self._intent = self._intent or token_hex(8)
        return self._intent

    def moved(self, intent: str) -> bool:
        """A move under this intent is in the journal: whether it was ours, and the next is another one."""
        ours = intent == self._intent
        if ours:
            self._intent = ""
        return ours

    @property
    def is_complete(self) -> bool:
        """Whether all was said."""
        moves = self.what is CashKind.OPENED or 0 < self.amount <= AMOUNT_MAX
        return moves and not is_too_short(self.reason.text)

    @property
    def about(self) -> Text:
        """What the manager signs."""
        amount = with_sign(self.amount) if self.amount else NOTHING
        return _ABOUT.fill(what=_WAYS[self.choice.value], amount=amount, why=self.reason.text)

    def press(self, event: QKeyEvent) -> bool:
        """The arrows choose."""
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.choice.step(1 if event.key() == Qt.Key.Key_Down else -1)
            return True
        return False
