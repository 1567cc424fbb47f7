"""A row of words, one of them chosen: the ranges of a report, the tables of a page."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.words import Text


class Tabs(QWidget):
    """Buttons in a row. One is chosen by a tap, or by Tab and Enter."""

    chosen = Signal(str)

    def __init__(
        self, look: Look, names: Mapping[str, Text], *, role: Role = Role.SMALL_BUTTON, side: int = 12
    ) -> None:
        super().__init__()
        self._buttons: dict[str, Button] = {}
        self.value = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for name, text in names.items():
            button = Button(look, text, self._chooser(name), kind="tab", role=role)
            button.setMinimumHeight(48)
            layout = button.layout()
            assert layout is not None  # noqa: S101 - every button has one
            layout.setContentsMargins(side, 0, side, 0)
            self._buttons[name] = button
            row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def _chooser(self, name: str) -> Callable[[], None]:
        return lambda: self._tapped(name)

    def _tapped(self, name: str) -> None:
        self.show_chosen(name)
        self.chosen.emit(name)

    def show_chosen(self, name: str) -> None:
        """Show one as chosen; nothing is told."""
        self.value = name
        for each, button in self._buttons.items():
            button.choose(chosen=each == name)

    def show_text(self, name: str, text: Text) -> None:
        """Let one say something else."""
        self._buttons[name].show_text(text)
