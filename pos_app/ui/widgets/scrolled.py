"""What may be longer than its place: scrolls up and down, reached by Tab, with a name for the screen reader."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QScrollArea, QWidget

from pos_app.ui.look import Look
from pos_app.words import Text

_NAME = Text("Nội dung, cuộn bằng phím lên xuống", "Content, scrolled by the up and down keys")


class Scrolled(QScrollArea):
    """A widget that scrolls."""

    def __init__(self, look: Look, inside: QWidget) -> None:
        super().__init__()
        self._look = look
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setWidget(inside)
        look.changed.connect(self._dress)
        self._dress()

    @Slot()
    def _dress(self) -> None:
        self.setAccessibleName(self._look.say(_NAME))
