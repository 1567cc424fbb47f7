"""One of several, each a button: the chosen one has a tick."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.label import IconLabel
from pos_app.ui.widgets.layouts import empty
from pos_app.words import Text


class Choices(QWidget):
    """Buttons one below the other; the arrows move the choice."""

    chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._buttons: dict[str, Button] = {}
        self.value = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def offer(self, choices: dict[str, Text]) -> None:
        """Show these, none of them chosen."""
        empty(self._column)
        self._buttons = {value: self._button(value, text) for value, text in choices.items()}
        for button in self._buttons.values():
            self._column.addWidget(button)
        self.choose("")

    def _button(self, value: str, text: Text) -> Button:
        button = Button(self._look, text, self._chooser(value), kind="choice", role=Role.SMALL_BUTTON,
                        icon=("tick", "accent_text", 18))  # fmt: skip
        layout = button.layout()
        assert layout is not None  # noqa: S101 - every button has one
        layout.setContentsMargins(10, 0, 10, 0)
        layout.setSpacing(8)
        button.setMinimumHeight(48)
        return button

    def _chooser(self, value: str) -> Callable[[], None]:
        return lambda: self.choose(value)

    def choose(self, value: str) -> None:
        """Choose one; "" for none."""
        self.value = value
        for name, button in self._buttons.items():
            button.choose(chosen=name == value)
            button.findChildren(IconLabel)[0].setVisible(name == value)
            button.updateGeometry()
        self.chosen.emit(value)

    def step(self, by: int) -> None:
        """Choose the next one, or the one before."""
        names = list(self._buttons)
        place = names.index(self.value) + by if self.value in names else 0 if by > 0 else -1
        self.choose(names[place % len(names)])
