"""Why there is no till, said in the window; and the way on where somebody knows the PIN or the passphrase for it."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMessageBox, QWidget

from pos_app.words import Language, Text

_CLOSE = Text("Đóng", "Close")


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
