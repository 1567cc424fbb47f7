"""The foot: the actions that do something now, with their keys. There are no dead keys."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel

from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.label import Frame
from pos_app.ui.widgets.layouts import empty
from pos_app.ui.widgets.text_room import own_look
from pos_app.words import Text


class FootKey(NamedTuple):
    """One action of the foot: a new one is one line in the list of the main window.

    Attributes:
        key: the key that does it. cap: its name on the cap. word: what it does.
        act: called when pressed. works: whether it does something now. chosen: whether its screen is open.
        shown: whether it is worth its room now; it works all the same.
    """

    key: Qt.Key
    cap: str
    word: Text
    act: Callable[[], None]
    works: Callable[[], bool]
    chosen: Callable[[], bool] = lambda: False
    shown: Callable[[], bool] = lambda: True

    @property
    def seen(self) -> bool:
        """Whether it stands in the foot now."""
        return self.works() and self.shown()


class Foot(Frame):
    """Shows the keys that work now, each as wide as its words want.

    Args:
        open_to: whether a key may do something at all now.
    """

    def __init__(
        self, look: Look, keys: tuple[FootKey, ...], *, open_to: Callable[[FootKey], bool] = lambda _key: True
    ) -> None:
        super().__init__("foot")
        look = self._look = own_look(self, look)
        self._keys = keys
        self._open_to = open_to
        self._shown: tuple[tuple[str, Text, bool], ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 16, 0)
        self._row.setSpacing(8)
        look.changed.connect(self._dress)
        self._dress()

    def press(self, key: Qt.Key) -> bool:
        """Do what the key says; False when no key of the foot that works now is meant."""
        for foot_key in self._keys:
            if foot_key.key == key and self._open_to(foot_key) and foot_key.works():
                foot_key.act()
                return True
        return False

    def told(self) -> tuple[tuple[str, Text], ...]:
        """The keys that work now and what they do, once each; also those that have no room in the foot."""
        works = [key for key in self._keys if self._open_to(key) and key.works()]
        return tuple({key.cap: (key.cap, key.word) for key in reversed(works)}.values())[::-1]

    def refresh(self) -> None:
        """Show the keys that work now."""
        shown = tuple((key.cap, key.word, key.chosen()) for key in self._seen())
        if shown != self._shown:
            self._shown = shown
            self._build()

    @Slot()
    def _dress(self) -> None:
        self.setFixedHeight(self._look.size.foot)
        self._shown = ()
        self.refresh()

    def _seen(self) -> list[FootKey]:
        return [key for key in self._keys if self._open_to(key) and key.seen]

    def _build(self) -> None:
        empty(self._row)
        keys = self._seen()
        buttons = [] if self._look.size.narrow else [self._button(key, stacked=False) for key in keys]
        room = self._look.size.name - 32 - 8 * len(keys)
        for button in buttons:
            self._settle(button)
        if sum(button.sizeHint().width() for button in buttons) > room or not buttons:
            for button in buttons:
                button.deleteLater()
            buttons = [self._button(key, stacked=True) for key in keys]
        for button in buttons:
            self._row.addWidget(button, button.sizeHint().width())

    def _settle(self, button: Button) -> None:
        """Have it know its width: what the style sheet adds counts from when it is in the window."""
        button.setParent(self)
        for child in button.findChildren(QLabel):
            child.ensurePolished()
            child.updateGeometry()
        button.updateGeometry()

    def _button(self, key: FootKey, *, stacked: bool) -> Button:
        button = Button(self._look, key.word, key.act, kind="foot", cap=key.cap, stacked=stacked,
                        role=Role.LABEL if stacked else Role.SMALL_BUTTON)  # fmt: skip
        if key.chosen():
            button.choose(chosen=True)
        return button
