"""One of several out of a list that drops down: what is chosen stands on the button."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QBoxLayout, QMenu

from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.label import IconLabel
from pos_app.words import Text

_SIDE = 12


class Picker(Button):
    """A button with its choice; pressed, the others drop down. The first one is "any".

    Args:
        any_of: what stands there when nothing is chosen.
        icon: an icon in front, "" for none.
        only: there is no "any".
    """

    chosen = Signal(str)

    def __init__(self, look: Look, any_of: Text, *, icon: str = "", only: bool = False) -> None:
        super().__init__(look, any_of, self._drop, kind="picker", role=Role.SMALL_BUTTON,
                         icon=(icon, "accent_text", 18) if icon else None)  # fmt: skip
        self._any_of, self._only = any_of, only
        self._choices: dict[str, Text] = {}
        self.value = ""
        self._menu = QMenu(self)
        self._menu.setObjectName("choices")
        self.setMinimumHeight(48)
        row = self.layout()
        assert isinstance(row, QBoxLayout)  # noqa: S101 - every button has one
        row.setContentsMargins(_SIDE, 0, _SIDE - 2, 0)
        row.setSpacing(6)
        row.addWidget(IconLabel(look, "chevron", "text2", 18))
        for child in self.findChildren(IconLabel):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def offer(self, choices: Mapping[str, Text]) -> None:
        """What can be chosen; the choice stays where it is still there."""
        self._choices = dict(choices)
        if self.value not in self._choices:
            self.value = ""
        self._say()

    def pick(self, value: str) -> None:
        """Choose one, also the one that is chosen; "" for any."""
        self.value = value
        self._say()
        self.chosen.emit(value)

    def _say(self) -> None:
        self.choose(chosen=bool(self.value) and not self._only)  # a choice is tinted, any is not
        self.show_text(self._choices.get(self.value, self._any_of))

    def _drop(self) -> None:
        self._menu.clear()
        self._menu.setFont(self._look.size.font(Role.BODY))
        chosen: QAction | None = None
        entries = self._choices if self._only or "" in self._choices else {"": self._any_of, **self._choices}
        for value, text in entries.items():
            action = QAction(self._look.say(text), self._menu)
            action.setCheckable(True)
            action.setChecked(value == self.value)
            action.triggered.connect(self._chooser(value))
            self._menu.addAction(action)
            if action.isChecked():
                chosen = action
        self._menu.setMinimumWidth(self.width())
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))
        if chosen is not None:
            self._menu.setActiveAction(chosen)  # the arrow keys go on from what is chosen

    def _chooser(self, value: str) -> Callable[[], None]:
        return lambda: self.pick(value)
