"""One line of typed text in a frame with its icon: a name, a note, a number, a search."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.label import Frame, IconLabel, Label
from pos_app.words import Text

_WIDTH_MIN = 120
"""px: less shows nothing of what is typed."""
_FULL = Text("Nhiều nhất {n} ký tự", "{n} characters at most")
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class TextField(Frame):
    """A field. Enter is told, Esc is left to the screen; what is typed is told letter by letter.

    Args:
        hint: what is to be typed; also its accessible name.
        digits: only digits are wanted: no input method may come between.
        indent: px before the icon.
        labelled: the hint stands above it already: nothing is shown inside.
        tells_end: says in words that nothing more goes in, once it is full.
    """

    changed = Signal(str)
    entered = Signal()

    def __init__(  # noqa: PLR0913 - what a field can be, by keyword
        self, look: Look, hint: Text, *, icon: str = "note", length: int = 80, digits: bool = False, indent: int = 14,
        labelled: bool = False, tells_end: bool = False,
    ) -> None:  # fmt: skip
        super().__init__("field")
        self._look, self._hint, self._labelled = look, hint, labelled
        row = QHBoxLayout(self)
        row.setContentsMargins(indent, 0, 12, 0)
        row.setSpacing(10)
        row.addWidget(IconLabel(look, icon, "text2", 18))
        self.edit = QLineEdit()
        self.edit.setMaxLength(length)
        if digits:
            self.edit.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self.changed)
        self.edit.textChanged.connect(self._show_its_beginning)
        row.addWidget(self.edit)
        self._end = Label(look, Role.SMALL, _FULL.fill(n=length), ink="amber_text")
        row.addWidget(self._end)
        self._end.hide()
        if tells_end:
            self.edit.textChanged.connect(self._say_end)
        self.setMinimumWidth(_WIDTH_MIN)
        look.changed.connect(self._dress)
        self._dress()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The line inside takes it. Not as its focus proxy: with one, Tab turns back here and never gets further."""
        self.edit.setFocus(event.reason())

    @property
    def text(self) -> str:
        """What is typed, without blanks at its ends."""
        return self.edit.text().strip()

    def forget(self) -> None:
        """Empty it, its undo too: setting a text clears the history of a line."""
        self.edit.setText("")

    @Slot(str)
    def _say_end(self, typed: str) -> None:
        self._end.setVisible(len(typed) >= self.edit.maxLength())

    @Slot()
    def _show_its_beginning(self) -> None:
        """What is longer than the field is read from its first word on, unless somebody is typing."""
        if not (self.edit.hasFocus() or self.edit.isModified()):
            self.edit.home(False)  # noqa: FBT003 - Qt's name has no keyword

    @Slot()
    def _dress(self) -> None:
        said = self._look.say(self._hint)
        self.edit.setPlaceholderText("" if self._labelled else said)
        self.edit.setAccessibleName(said)
        self.edit.setFont(self._look.size.font(Role.BODY))
        self.setFixedHeight(self._look.size.field)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the focus; Enter is told, Esc leaves the field to the screen."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            begins = event.type() == QEvent.Type.FocusIn
            self.wear("field_focus" if begins else "field")
            (self.edit.end if begins else self.edit.home)(False)  # noqa: FBT003 - as above
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _ENTER:
            if not event.isAutoRepeat():  # a key that is held down enters once
                self.entered.emit()
            return True
        return super().eventFilter(watched, event)
