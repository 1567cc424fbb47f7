"""Cash on the stage: what the customer gives and what goes back, and that it was taken. Never the green of a gateway.

The figures here are for the eye: whether it is enough is checked again where it is written down.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout

from pos_app.checkout.events import PrintState
from pos_app.checkout.views import PaymentView
from pos_app.money import AMOUNT_MAX, grouped, with_sign
from pos_app.payments.cash import QUICK_NOTES
from pos_app.ui.look import Look
from pos_app.ui.screens.results import SlipFoot, stand
from pos_app.ui.theme import Role
from pos_app.ui.widgets.amount_box import AmountBox, BigAmount
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import CentredLines, Frame, Label
from pos_app.ui.widgets.pin_field import DigitPad
from pos_app.words import Text

_TITLE = Text("Thu tiền mặt", "Cash")
_NO_GATEWAY = Text("Không qua cổng nào. Chưa ghi gì trước khi bấm Enter.", "No gateway. Nothing is taken before Enter.")
_GIVEN, _CHANGE, _MISSING = Text("Khách đưa", "Given"), Text("Thối lại", "Change"), Text("Còn thiếu", "Missing")
_EXACT = Text("Vừa đủ", "Exact")
_RECEIVED = Text("Đã nhận tiền", "Money received")
_ENTER_GIVEN = Text("Nhập số tiền khách đưa.", "Enter what the customer gives.")
_TOO_MUCH = Text("Nhiều nhất {n}. Xem lại số vừa nhập.", "{n} at most. Look at the figures again.")
_WRITING = Text("Đang ghi sổ.", "Writing it down.")
_SAID = Text("{title}. {advice}", "{title}. {advice}")


class CashStage(Frame):
    """What was given, by notes or by digits, and the change in the largest type.

    Args:
        take: the money is in the cashier's hand.
        back: nothing is taken.
        changed: what the customer display shows may have changed.

    Attributes:
        given: dong so far.
    """

    def __init__(
        self, look: Look, *, take: Callable[[], None], back: Callable[[], None], changed: Callable[[], None]
    ) -> None:
        super().__init__("card")
        self._look, self._changed = look, changed
        self._amount = self.given = 0
        self._by_notes = self._exactly = self._waits = False
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self._head())
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setContentsMargins(24, 4, 24, 16)
        self._body.setSpacing(24)
        self._body.addLayout(self._figures(), 1)
        self.pad = DigitPad(look, self._digits, self._delete, self._clear, zeros=True)
        self._body.addWidget(self.pad)
        whole.addLayout(self._body, 1)
        whole.addWidget(self._foot(take, back))
        look.changed.connect(self._dress)
        self._dress()
        self.ask(0)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(24, 20, 24, 12)
        row.setSpacing(16)
        row.addWidget(Disc(self._look, 56, "accent_soft", "accent", icon="money"))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(self._look, Role.TITLE, _TITLE))
        words.addWidget(Label(self._look, Role.BODY, _NO_GATEWAY, ink="text2", wrap=True))
        row.addLayout(words, 1)
        return row

    def _figures(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(Label(self._look, Role.LABEL, _GIVEN, ink="text2"))
        self.box = AmountBox(self._look)
        column.addWidget(self.box)
        notes = QGridLayout()
        notes.setSpacing(8)
        for place, note in enumerate(QUICK_NOTES):
            button = Button(self._look, grouped(note), self._adder(note), kind="quick", role=Role.FIGURE_STRONG)
            notes.addWidget(button, place // 2, place % 2)
        exact = Button(self._look, _EXACT, self.give_exactly, kind="quick", role=Role.SMALL_BUTTON, cap="F7")
        notes.addWidget(exact, 2, 0, 1, 2)
        exact.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column.addLayout(notes)
        column.addStretch(1)
        self._label = Label(self._look, Role.DETAIL_STRONG, _CHANGE)
        self._change = BigAmount(self._look, Role.AMOUNT, ink="text", left=True)
        column.addWidget(self._label)
        column.addWidget(self._change)
        column.addStretch(1)
        return column

    def _adder(self, note: int) -> Callable[[], None]:
        return lambda: self._add(note)

    def _foot(self, take: Callable[[], None], back: Callable[[], None]) -> Frame:
        foot = Frame("buttons")
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 16, 24, 18)
        row.setSpacing(16)
        row.addWidget(Button(self._look, Text("Quay lại", "Back"), back, cap="Esc"))
        self._said = Label(self._look, Role.BODY, ink="text2", wrap=True)
        self._said.setMinimumWidth(120)  # in less it would be a word a line
        row.addWidget(self._said, 1)
        self._take = Button(self._look, _RECEIVED, take, kind="primary", cap="Enter")
        row.addWidget(self._take)
        return foot

    @Slot()
    def _dress(self) -> None:
        self.pad.setFixedWidth(DigitPad.WIDE if self._look.size.wide else 260)

    # --- what is shown ---------------------------------------------------------------------------------------------

    @property
    def is_enough(self) -> bool:
        """Whether it can be taken."""
        return not self._waits and 0 < self._amount <= self.given

    def ask(self, amount: int) -> None:
        """Ask what the customer gives for so many dong."""
        self._amount, self._waits = amount, False
        self._give(0)

    def wait(self) -> None:
        """It is being written down."""
        self._waits = True
        self._show()

    def refuse(self, title: Text, advice: Text) -> None:
        """Nothing was taken."""
        self._waits = False
        self._show()
        self._say(_SAID.fill(title=title, advice=advice), wrong=True)

    def _give(self, given: int, *, by_notes: bool = False) -> None:
        if self._waits:
            return
        if given > AMOUNT_MAX:
            self._say(_TOO_MUCH.fill(n=with_sign(AMOUNT_MAX)), wrong=True)
            return
        self.given, self._by_notes, self._exactly = given, by_notes, False
        self._show()
        self._changed()

    def _show(self) -> None:
        rest = self.given - self._amount
        self.box.show_amount(self.given, stands=False, locked=self._waits)
        short = rest < 0 < self.given
        self._label.show_text(_MISSING if short else _CHANGE)
        self._label.set_ink("amber_text" if short else "text")
        self._change.show_amount(abs(rest) if self.given else 0)
        self._take.lead(on=self.is_enough)
        self._say(_WRITING if self._waits else _ENTER_GIVEN if not self.given else Text("", ""))

    def _say(self, text: Text, *, wrong: bool = False) -> None:
        self._said.set_ink("red_text" if wrong else "text2")
        self._said.show_text(text)

    # --- what is done ----------------------------------------------------------------------------------------------

    def press(self, key: Qt.Key, text: str) -> bool:
        """Digits are what is given."""
        if len(text) == 1 and text in "0123456789":
            self._digits(text)
        elif key == Qt.Key.Key_Backspace:
            self._delete()
        elif key == Qt.Key.Key_Delete:
            self._clear()
        else:
            return False
        return True

    def give_exactly(self) -> None:
        """Exactly the amount."""
        self._give(self._amount)
        self._exactly = True

    def _add(self, note: int) -> None:
        """One more note, on top of other notes; what was typed begins anew."""
        self._give((self.given if self._by_notes else 0) + note, by_notes=True)

    def _digits(self, digits: str) -> None:
        before = "" if self._by_notes or self._exactly else str(self.given)
        self._give(int(before + digits))

    def _delete(self) -> None:
        self._give(self.given // 10)

    def _clear(self) -> None:
        self._give(0)


class CashTakenStage(Frame):
    """It is in the journal: what goes back to the customer, in the largest type."""

    def __init__(self, look: Look, *, done: Callable[[], None]) -> None:
        super().__init__("card")
        self._look = look
        self._disc = Disc(look, look.size.disc, "accent_soft", "accent", icon="money")
        self._change = BigAmount(look, ink="text")
        self._label = Label(look, Role.DETAIL_STRONG, _CHANGE).centred()
        self._detail = CentredLines(look, Role.DETAIL, ink="text2")
        title = CentredLines(look, Role.SENTENCE, Text("Đã thu tiền mặt", "Paid in cash"))
        self._foot = SlipFoot(look, done=done)
        stand(self, self._disc, ((one, 8) for one in (title, self._label, self._change, self._detail)), self._foot)
        look.changed.connect(self._dress)

    def show_payment(self, view: PaymentView, state: PrintState) -> None:
        """Show what was taken, and how far its slip is."""
        self._change.show_amount(view.given - view.amount)
        given = Text("Thu {amount}, khách đưa {given}", "{amount} taken, {given} given")
        self._detail.show_text(given.fill(amount=with_sign(view.amount), given=with_sign(view.given)))
        self._foot.tell(state)

    @Slot()
    def _dress(self) -> None:
        self._disc.resize_to(self._look.size.disc)
