"""What the window expects of every screen beside the sale."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from pos_app.ui.commands import Commands


class OtherScreen(QWidget):
    """A screen that is opened from the foot and left with Esc."""

    _commands: "Commands | None" = None

    def obey(self, commands: "Commands | None") -> None:
        """The till is there: from now on acts go to it; None when it ends."""
        self._commands = commands

    @property
    def can_go_back(self) -> bool:
        """Whether Esc goes one step back within this screen; else it leaves it."""
        return False

    def back(self) -> None:
        """Esc: one step back."""

    def press(self, event: QKeyEvent) -> bool:
        """A key that no field took. False when it means nothing here."""
        return False
