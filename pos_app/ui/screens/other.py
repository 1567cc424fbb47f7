"""What the window expects of every screen beside the sale."""

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from pos_app.ui.commands import Commands


class OtherScreen(QWidget):
    """A screen that is opened from the foot and left with Esc."""

    _commands: Commands | None = None

    def obey(self, commands: Commands) -> None:
        """The till is there: from now on acts go to it."""
        self._commands = commands

    def press(self, event: QKeyEvent) -> bool:
        """A key that no field took. False when it means nothing here."""
        return False
