"""The ways to pay to choose from: a button each, with its digit; the arrows go from one to the next."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.label import Label
from pos_app.ui.widgets.layouts import empty
from pos_app.words import Text

_TITLE = Text("Khách trả bằng cách nào?", "How does the customer pay?")


_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class _WayButton(Button):
    """A button that leaves the arrows to the grid it stands in: Qt would take each for the next key of Tab."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See `Button`."""
        if event.key() in _ARROWS:
            event.ignore()
        else:
            super().keyPressEvent(event)


class WayChoice(QWidget):
    """Buttons in columns under a question, with the way back beside it, or as the last of them where room is short.

    Args:
        choose: called with the way that is chosen.
        back: what Esc does; `word` says it.

    Attributes:
        ways: what is offered, in the order of the digits.
    """

    def __init__(
        self, look: Look, *, choose: Callable[[str], None], back: Callable[[], None], word: Text,
        title: Role = Role.DETAIL_STRONG,
    ) -> None:  # fmt: skip
        super().__init__()
        self._look, self._choose, self._back, self._word = look, choose, back, word
        self._columns, self._compact, self._large = 1, False, False
        self.ways: dict[str, Text] = {}
        self._title_role = title
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(12)
        self._title = Label(look, title, _TITLE, wrap=True)
        self._keep = Button(look, word, back, role=Role.SMALL_BUTTON, cap="Esc")
        self._keep.setMinimumHeight(48)
        self._keep.narrow()
        self._buttons: list[Button] = []
        head.addWidget(self._title, 1)
        head.addWidget(self._keep)
        column.addLayout(head)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        column.addLayout(self._grid)

    def offer(self, ways: dict[str, Text]) -> None:
        """Show these."""
        if ways != self.ways:
            self.ways = ways
            self._build()

    def stand_in(self, columns: int, *, compact: bool = False, large: bool = False) -> None:
        """Take so many columns; `compact` where each line counts, `large` where there is room."""
        if (columns, compact, large) != (self._columns, self._compact, self._large):
            self._columns, self._compact, self._large = columns, compact, large
            self._grid.setSpacing(12 if large else 8)
            self._title.play(Role.LABEL if compact else self._title_role)
            self._keep.setVisible(not compact)
            self._build()

    def _build(self) -> None:
        empty(self._grid)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)
        buttons = [self._button(text, self._chooser(way), str(place + 1))
                   for place, (way, text) in enumerate(self.ways.items())]  # fmt: skip
        if self._compact:
            buttons.append(self._button(self._word, self._back, "Esc"))
        self._buttons = buttons
        for place, button in enumerate(buttons):
            self._grid.addWidget(button, place // self._columns, place % self._columns)

    def _button(self, text: Text, press: Callable[[], None], cap: str) -> Button:
        button = _WayButton(self._look, text, press, kind="way", cap=cap,
                            role=Role.BUTTON if self._large else Role.SMALL_BUTTON)  # fmt: skip
        button.setMinimumHeight(56 if self._large else 48)
        button.narrow()
        return button

    def _chooser(self, way: str) -> Callable[[], None]:
        return lambda: self._choose(way)

    def press(self, key: Qt.Key) -> bool:
        """A digit chooses, an arrow goes to the next button. False when it means nothing here."""
        if key in _ARROWS:
            self._step(*_ARROWS[key])
            return True
        place = key - Qt.Key.Key_1
        if not 0 <= place < len(self.ways):
            return False
        self._choose(list(self.ways)[place])
        return True

    def _step(self, across: int, down: int) -> None:
        """Give the keys to the next button, and after the last one to the first."""
        by = across + down * self._columns
        focused = self.window().focusWidget()
        at = next((place for place, button in enumerate(self._buttons) if button is focused), None)
        place = (0 if by > 0 else -1) if at is None else (at + by) % len(self._buttons)
        self._buttons[place].setFocus(Qt.FocusReason.TabFocusReason)
