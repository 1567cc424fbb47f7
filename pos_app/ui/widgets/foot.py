"""The foot: the actions that do something now, with their keys. There are no dead keys."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout

from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.label import Frame
from pos_app.words import Text


@dataclass(frozen=True, slots=True)
class FootKey:
    """One action of the foot: a new one is one line in the list of the main window.

    Attributes:
        key: the key that does it. cap: its name on the cap. word: what it does.
        act: called when pressed. works: whether it does something now. chosen: whether its screen is open.
    """

    key: Qt.Key
    cap: str
    word: Text
    act: Callable[[], None]
    works: Callable[[], bool]
    chosen: Callable[[], bool] = lambda: False


class Foot(Frame):
    """Shows the keys that work now, equally wide."""

    def __init__(self, look: Look, keys: tuple[FootKey, ...]) -> None:
        super().__init__("foot")
        self._look = look
        self._keys = keys
        self._shown: tuple[tuple[str, bool], ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 16, 0)
        self._row.setSpacing(8)
        look.changed.connect(self._dress)
        self._dress()

    def press(self, key: Qt.Key) -> bool:
        """Do what the key says; False when no key of the foot that works now is meant."""
        for foot_key in self._keys:
            if foot_key.key == key and foot_key.works():
                foot_key.act()
                return True
        return False

    def refresh(self) -> None:
        """Show the keys that work now."""
        shown = tuple((key.cap, key.chosen()) for key in self._keys if key.works())
        if shown != self._shown:
            self._shown = shown
            self._build()

    @Slot()
    def _dress(self) -> None:
        self.setFixedHeight(self._look.size.foot)
        self._shown = ()
        self.refresh()

    def _build(self) -> None:
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        in_row = not self._look.size.narrow
        for key in self._keys:
            if not key.works():
                continue
            button = Button(self._look, key.word, key.act, kind="foot", cap=key.cap, stacked=not in_row,
                            role=Role.SMALL_BUTTON if in_row else Role.LABEL)  # fmt: skip
            if key.chosen():
                button.choose(chosen=True)
            self._row.addWidget(button, 1)
