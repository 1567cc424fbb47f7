"""Why there is no till, said in the window; and the way on where somebody knows the PIN or the passphrase for it."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMessageBox, QWidget

from pos_app.words import Language, Text

_CLOSE = Text("Đóng", "Close")
_TRIED_IN = Text(
    "Vì có lần nhập sai trước đó. Còn {n} giây nữa máy tự thử PIN vừa nhập.",
    "A PIN before this one was wrong. In {n} s the one you typed is tried by itself.",
)
_SECOND_MS = 1000


class Ask(NamedTuple):
    """How somebody is asked for what helps: the button, and the question."""

    button: Text
    question: Text


TAKE_OVER = Ask(
    Text("Quản lý cho tiếp tục tại đây", "A manager lets it go on here"),
    Text("Mã PIN của quản lý", "The manager's PIN"),
)
AGREE = Ask(
    Text("Chủ tiệm xác nhận tài khoản", "The owner confirms the account"),
    Text("PIN chủ tiệm, để trống nếu chưa đặt", "The owner’s PIN, empty where none is set"),
)
UNLOCK = Ask(Text("Nhập mật khẩu", "Enter the passphrase"), Text("Mật khẩu của khóa", "Passphrase of the keys"))


class CannotStart(QObject):
    """A box with the error's words. It is never waited for: `closed` or `go_on` is called.

    Args:
        window: what it lies over.
        language: its words'.
        closed: called when there is nothing to go on with.
        go_on: called with what somebody typed; None when nobody can help.
        ask: how it is asked for.
    """

    def __init__(
        self,
        window: QWidget,
        language: Language,
        *,
        closed: Callable[[], None],
        go_on: Callable[[str], None] | None,
        ask: Ask = TAKE_OVER,
    ) -> None:
        super().__init__(window)
        self._window, self._language = window, language
        self._closed, self._go_on, self._ask_for = closed, go_on, ask
        self._box: QMessageBox
        self._asked: QInputDialog

    def say(self, title: Text, advice: Text) -> None:
        """Show it."""
        self._box = QMessageBox(QMessageBox.Icon.Warning, "", title.say(self._language), parent=self._window)
        self._box.setInformativeText(advice.say(self._language))
        self._box.addButton(_CLOSE.say(self._language), QMessageBox.ButtonRole.RejectRole)
        if self._go_on is not None:
            self._box.addButton(self._ask_for.button.say(self._language), QMessageBox.ButtonRole.AcceptRole)
        self._box.accepted.connect(self._ask)
        self._box.rejected.connect(self._end)
        self._box.open()

    def count_down(self, title: Text, seconds: int, then: Callable[[], None]) -> None:
        """After a miss the next PIN has to wait: say why and how long; `then` is called once that is over."""
        self._left_s, self._then = seconds, then
        self._box = QMessageBox(QMessageBox.Icon.Information, "", title.say(self._language), parent=self._window)
        self._box.addButton(_CLOSE.say(self._language), QMessageBox.ButtonRole.RejectRole)
        self._box.rejected.connect(self._end)
        self._timer = QTimer(self, interval=_SECOND_MS)
        self._timer.timeout.connect(self._second)
        self._box.rejected.connect(self._timer.stop)
        self._show_left()
        self._box.open()
        self._timer.start()

    @Slot()
    def _second(self) -> None:
        self._left_s -= 1
        if self._left_s > 0:
            self._show_left()
            return
        self._timer.stop()
        self._box.accept()
        self._then()

    def _show_left(self) -> None:
        self._box.setInformativeText(_TRIED_IN.fill(n=self._left_s).say(self._language))

    @Slot()
    def _ask(self) -> None:
        self._asked = QInputDialog(self._window)
        self._asked.setLabelText(self._ask_for.question.say(self._language))
        self._asked.setTextEchoMode(QLineEdit.EchoMode.Password)
        self._asked.accepted.connect(self._asked_for)
        self._asked.rejected.connect(self._end)
        self._asked.open()

    @Slot()
    def _asked_for(self) -> None:
        pin = self._asked.textValue()
        self._asked.setTextValue("")
        if self._go_on is not None:
            self._go_on(pin)

    @Slot()
    def _end(self) -> None:
        self._closed()
