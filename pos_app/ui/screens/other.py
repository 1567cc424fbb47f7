"""What the window expects of every screen beside the sale."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from pos_app.ui.commands import Commands


class OtherScreen(QWidget):
    """A screen that is opened from the foot and left with Esc.

    Attributes:
        begins_at: takes the keys when it is opened, where there is something to type into.
    """

    _commands: "Commands | None" = None
    begins_at: QWidget | None = None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the keys on. Not by a focus proxy: with one, Tab turns back there and never reaches what follows."""
        if self.begins_at is not None:
            self.begins_at.setFocus(event.reason())
        else:
            super().focusInEvent(event)

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
