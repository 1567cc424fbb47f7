"""The stage on which a way to pay is chosen before anything is shown to the customer."""

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout

from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.label import Frame, Label
from pos_app.ui.widgets.way_choice import WayChoice
from pos_app.words import Text

_NOTHING_YET = Text(
    "Chưa tạo gì. Quét mã của khách lúc này vẫn được.", "Nothing is made yet. Their code can still be scanned now."
)


class WaysStage(Frame):
    """All ways to pay, one below the other."""

    def __init__(self, look: Look, *, choose: Callable[[str], None], back: Callable[[], None]) -> None:
        super().__init__("card")
        self._look = look
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 20, 24, 20)
        self._column.setSpacing(12)
        self.choice = WayChoice(look, choose=choose, back=back, word=Text("Quay lại", "Back"), title=Role.TITLE)
        self._column.addWidget(self.choice)
        self._column.addWidget(Label(look, Role.BODY, _NOTHING_YET, ink="text2", wrap=True))
        self._column.addStretch(1)
        look.changed.connect(self._dress)
        self._dress()

    @Slot()
    def _dress(self) -> None:
        narrow = self._look.size.narrow
        self.choice.stand_in(1 if narrow else 2, large=not narrow)
