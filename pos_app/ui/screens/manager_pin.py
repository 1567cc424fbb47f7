"""The manager's PIN set for the first time, or anew with the owner's recovery code; the next code is shown once."""

from enum import Enum, auto

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.checkout.events import PinChanged, PinRefused
from pos_app.staff.pin_rules import find_weakness
from pos_app.ui.look import Look
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import Frame, IconLabel, Label
from pos_app.ui.widgets.pin_field import DigitPad, PinField
from pos_app.ui.widgets.text_field import TextField
from pos_app.words import NOTHING, Text

RECOVERY_DIGITS = 20


class _Step(Enum):
    CODE = auto()
    FIRST = auto()
    AGAIN = auto()
    SETTING = auto()
    WRITE_DOWN = auto()


_TITLES = {
    _Step.CODE: Text("Nhập mã khôi phục", "Enter the recovery code"),
    _Step.FIRST: Text("Đặt PIN chủ tiệm", "Set the owner’s PIN"),
    _Step.AGAIN: Text("Nhập lại PIN đó", "Enter the same PIN again"),
    _Step.SETTING: Text("Đang đặt PIN", "Setting the PIN"),
    _Step.WRITE_DOWN: Text("Chép mã khôi phục ra giấy", "Write down the recovery code"),
}
_DETAILS = {
    _Step.CODE: Text("20 chữ số trên tờ giấy chủ tiệm giữ.", "The 20 digits on the owner’s paper."),
    _Step.FIRST: Text("Từ 6 đến 12 chữ số. Cần PIN để hoàn tiền và quyết định giao dịch chưa rõ.",
                      "6 to 12 digits. It is needed for refunds and for payments that are not known."),
    _Step.AGAIN: Text("Để chắc là không gõ nhầm.", "To be sure that nothing was mistyped."),
    _Step.SETTING: Text("Chờ một chút.", "One moment."),
    _Step.WRITE_DOWN: Text("Mã chỉ hiện lần này. Quên PIN thì chỉ mã này đặt lại được. Chủ tiệm giữ, không để ở quầy.",
                           "It is shown this once. Only this code sets a new PIN. The owner keeps it, not the till."),
}  # fmt: skip
_DIFFERENT = Text("Hai lần nhập không giống nhau. Nhập lại từ đầu.", "The two did not match. Start again.")
_SHORT_CODE = Text("Mã có {n} chữ số.", "The code has {n} digits.").fill(n=RECOVERY_DIGITS)


class ManagerPinScreen(OtherScreen):
    """Leads through the steps.

    Signals:
        done: a PIN is set and the code was written down.
        given_up: nothing was changed.
    """

    done = Signal()
    given_up = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._step = _Step.FIRST
        self._first = ""
        self._recovers = False
        self._outer = QHBoxLayout(self)
        card = Frame("card")
        self._outer.addWidget(card)
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setContentsMargins(40, 16, 40, 16)
        row.setSpacing(40)
        row.addLayout(self._words(look), 1)
        row.addWidget(self._keypad(look))
        column.addLayout(row)
        column.addStretch(1)
        column.addWidget(self._foot(look))
        look.changed.connect(self._dress)
        self._dress()

    def _words(self, look: Look) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addStretch()
        column.addWidget(Disc(look, 72, "accent_soft", "accent", icon="lock"))
        self._title = Label(look, Role.TITLE, wrap=True)
        self._detail = Label(look, Role.DETAIL, ink="text2", wrap=True)
        self._trouble = Label(look, Role.BODY_STRONG, ink="red_text", wrap=True)
        self._code = Label(look, Role.FIGURE_TITLE, wrap=True)
        self._code_box = Frame("box")
        inside = QHBoxLayout(self._code_box)
        inside.setContentsMargins(20, 16, 20, 16)
        inside.addWidget(self._code)
        self.code_field = TextField(look, Text("Mã khôi phục", "Recovery code"), icon="note", length=40, digits=True)
        self.code_field.entered.connect(self.go_on)
        for widget in (self._title, self._detail, self.code_field, self._code_box, self._trouble):
            column.addWidget(widget)
        column.addStretch()
        return column

    def _keypad(self, look: Look) -> QWidget:
        self._right = QWidget()
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.pin = PinField(look)
        column.addWidget(self.pin)
        column.addWidget(DigitPad(look, self.pin.type, self.pin.delete, self.pin.forget, key_height=65))
        return self._right

    def _foot(self, look: Look) -> QWidget:
        foot = Frame("buttons")
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 16, 24, 20)
        row.setSpacing(16)
        self._give_up = Button(look, Text("Thôi", "Not now"), self.given_up.emit, cap="Esc")
        row.addWidget(self._give_up)
        row.addStretch()
        never = Text("PIN không hiện, không lưu dạng đọc được.", "The PIN is never shown or kept in readable form.")
        self._never = (IconLabel(look, "info", "text2", 18), Label(look, Role.SMALL, never, ink="text2"))
        for widget in self._never:
            row.addWidget(widget)
        self._next = Button(look, "", self.go_on, kind="primary", cap="Enter")
        row.addWidget(self._next)
        return foot

    # --- the steps -------------------------------------------------------------------------------------------------

    def begin(self, *, recovers: bool) -> None:
        """Set the first PIN, or a new one with the recovery code."""
        self._recovers = recovers
        self._forget()
        self._show(_Step.CODE if recovers else _Step.FIRST)

    @Slot()
    def go_on(self) -> None:
        """Enter: to the next step, if this one is well done."""
        match self._step:
            case _Step.CODE:
                digits = "".join(self.code_field.text.split()).replace("-", "")
                full = len(digits) == RECOVERY_DIGITS
                self._show(_Step.FIRST if full else _Step.CODE, NOTHING if full else _SHORT_CODE)
            case _Step.FIRST:
                self._take_first()
            case _Step.AGAIN:
                self._take_again()
            case _Step.WRITE_DOWN:
                self._forget()
                self._step = _Step.FIRST
                self.done.emit()
            case _:
                pass

    def _take_first(self) -> None:
        pin = self.pin.take()
        weakness = find_weakness(pin)
        if weakness is not None:
            self._show(_Step.FIRST, weakness)
            return
        self._first = pin
        self._show(_Step.AGAIN)

    def _take_again(self) -> None:
        first, self._first = self._first, ""
        if self.pin.take() != first:
            self._show(_Step.FIRST, _DIFFERENT)
            return
        self._show(_Step.SETTING)
        if self._commands is not None and self._recovers:
            self._commands.recover_pin(self.code_field.text, first)
            self.code_field.forget()
        elif self._commands is not None:
            self._commands.set_first_pin(first)

    def show_changed(self, changed: PinChanged) -> None:
        """It is set: the recovery code is shown, this once."""
        self._code.show_text(changed.recovery_code)
        self._show(_Step.WRITE_DOWN)

    def show_refused(self, refused: PinRefused) -> None:
        """It is not set."""
        why = Text("{title}. {advice}", "{title}. {advice}").fill(title=refused.title, advice=refused.advice)
        self._show(_Step.CODE if self._recovers else _Step.FIRST, why)

    @property
    def holds_a_code(self) -> bool:
        """Whether the recovery code stands on screen and was not written down yet."""
        return self._step is _Step.WRITE_DOWN

    def _show(self, step: _Step, trouble: Text = NOTHING) -> None:
        self._step = step
        self._title.show_text(_TITLES[step])
        self.setAccessibleName(self._title.text())
        self._detail.show_text(_DETAILS[step])
        self._trouble.show_text(trouble)
        self._trouble.setVisible(bool(trouble.vi))
        typing = step in {_Step.FIRST, _Step.AGAIN, _Step.SETTING}
        for widget in (self._right, *self._never):
            widget.setVisible(typing)
        self._right.setEnabled(step is not _Step.SETTING)
        self.code_field.setVisible(step is _Step.CODE)
        self._code_box.setVisible(step is _Step.WRITE_DOWN)
        self._give_up.setVisible(step is not _Step.WRITE_DOWN)
        self._next.setVisible(step is not _Step.SETTING)
        written = Text("Đã chép xong", "Written down")
        self._next.show_text(written if step is _Step.WRITE_DOWN else Text("Tiếp", "Next"))
        (self.code_field if step is _Step.CODE else self.pin if typing else self).setFocus()

    def _forget(self) -> None:
        self._first = ""
        self.pin.forget()
        self.code_field.forget()
        self._code.show_text("")

    # --- keys and life ---------------------------------------------------------------------------------------------

    def press(self, event: QKeyEvent) -> bool:
        """Enter goes on, digits go to the PIN."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.go_on()
            return True
        return self._step in {_Step.FIRST, _Step.AGAIN} and self.pin.press(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing that was typed outlives the sight of it."""
        self._forget()
        super().hideEvent(event)

    @Slot()
    def _dress(self) -> None:
        gap = self._look.size.gap
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._right.setFixedWidth(320 if self._look.size.narrow else 380)
