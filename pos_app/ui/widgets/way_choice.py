"""The ways to pay to choose from: a button each, with its digit."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.label import Label
from pos_app.ui.widgets.layouts import empty
from pos_app.words import Text

_TITLE = Text("Khách trả bằng cách nào?", "How does the customer pay?")


class WayChoice(QWidget):
    """Buttons in columns under a question, with the way back beside it.

    Args:
        choose: called with the way that is chosen.
        back: what Esc does; `word` says it.
    """

    def __init__(
        self, look: Look, *, choose: Callable[[str], None], back: Callable[[], None], word: Text, columns: int = 1,
        title: Role = Role.DETAIL_STRONG,
    ) -> None:  # fmt: skip
        super().__init__()
        self._look, self._choose, self._columns = look, choose, columns
        self._ways: dict[str, Text] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Label(look, title, _TITLE, wrap=True), 1)
        keep = Button(look, word, back, role=Role.SMALL_BUTTON, cap="Esc")
        keep.setMinimumHeight(48)
        head.addWidget(keep)
        column.addLayout(head)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        column.addLayout(self._grid)

    def offer(self, ways: dict[str, Text]) -> None:
        """Show these."""
        if ways != self._ways:
            self._ways = ways
            self._build()

    def stand_in(self, columns: int) -> None:
        """Take so many columns."""
        if columns != self._columns:
            self._columns = columns
            self._build()

    def _build(self) -> None:
        empty(self._grid)
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 1)
        for place, (way, text) in enumerate(self._ways.items()):
            button = Button(self._look, text, self._chooser(way), kind="choice", role=Role.SMALL_BUTTON,
                            cap=str(place + 1))  # fmt: skip
            button.setMinimumHeight(48)
            layout = button.layout()
            assert layout is not None  # noqa: S101 - every button has one
            layout.setContentsMargins(10, 0, 10, 0)
            layout.setSpacing(8)
            self._grid.addWidget(button, place // self._columns, place % self._columns)

    def _chooser(self, way: str) -> Callable[[], None]:
        return lambda: self._choose(way)

    def press(self, key: Qt.Key) -> bool:
        """A digit chooses. False when it means nothing here."""
        place = key - Qt.Key.Key_1
        if not 0 <= place < len(self._ways):
            return False
        self._choose(list(self._ways)[place])
        return True
