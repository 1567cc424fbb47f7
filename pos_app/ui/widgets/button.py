"""Buttons: a word with its key cap or icon, big enough for a finger, reachable by Tab."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout

from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.label import IconLabel, Label
from pos_app.words import NOTHING, Text, same

_WIDE = {"key", "quick", "foot", "choice", "way"}
"""Kinds that share the width of their row; all others are as wide as their content."""
_FROM_LEFT = "way"
"""One of a list, one below the other: the words begin where those of the next one do."""


DELETE = Text("Xóa số cuối", "Delete the last digit")
"""The key of a keypad that shows an arrow only."""


class KeyCap(QLabel):
    """The name of a key in a small frame."""

    def __init__(self, look: Look, name: str) -> None:
        super().__init__(name)
        self._look = look
        self.setProperty("look", "cap")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        look.changed.connect(self.dress)
        self.dress()

    @Slot()
    def dress(self) -> None:
        """Follow the look."""
        self.setFont(self._look.size.font(Role.CAP))
        self.setFixedHeight(self.fontMetrics().height() + 7)


class Button(QPushButton):
    """A button with an icon or a key cap and a word. Tab reaches it; a tap leaves the focus where it was.

    Args:
        kind: its rule in the style sheet (primary, key, quick, plain, light, foot, warn, bad, good, choice, "").
        icon: an icon's name, the token of its colour, and its side in px where it is not 20.
        cap: the key that does the same, shown as a cap.
    """

    def __init__(  # noqa: PLR0913 - what a button can show, by keyword
        self, look: Look, text: Text | str, pressed: Callable[[], None], *, kind: str = "", role: Role = Role.BUTTON,
        icon: tuple[str, str] | tuple[str, str, int] | None = None, cap: str = "", stacked: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self._look = look
        self._text = text if isinstance(text, Text) else same(text)
        self._named = NOTHING
        self._short = kind in {"plain", "light", "warn", "bad", "good", "key", "quick", "foot"}
        self.setProperty("kind", kind)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumHeight(48 if self._short else 56)
        if kind not in _WIDE:
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        elif kind == "key":
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.clicked.connect(pressed)
        row: QBoxLayout = QVBoxLayout(self) if stacked else QHBoxLayout(self)
        self._row = row
        side = 0 if kind == "plain" else 16 if kind == "pill_amber" else 8 if self._short else 24
        row.setContentsMargins(side, 4 if stacked else 0, side, 4 if stacked else 0)
        row.setSpacing(2 if stacked else 8 if self._short else 12)
        middle = Qt.AlignmentFlag.AlignCenter
        if kind != _FROM_LEFT:
            row.addStretch()
        if icon:
            row.addWidget(IconLabel(look, *icon), alignment=middle)
        if cap:
            row.addWidget(KeyCap(look, cap), alignment=middle)
        self.word = Label(look, role, self._text)
        row.addWidget(self.word, alignment=middle)
        self.word.setHidden(not self._text.vi)
        if kind != "plain":
            row.addStretch()
        for child in self.findChildren(QLabel):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        look.changed.connect(self.dress)
        self.dress()

    def show_text(self, text: Text | str) -> None:
        """Show another word."""
        self._text = text if isinstance(text, Text) else same(text)
        self.word.show_text(self._text)
        self.word.setHidden(not self._text.vi)
        self.dress()

    def name(self, text: Text) -> None:
        """What a screen reader calls it where it shows an icon alone."""
        self._named = text
        self.dress()

    def narrow(self) -> None:
        """Less room at its sides, for one of many."""
        self._row.setContentsMargins(12, 0, 12, 0)
        self._row.setSpacing(10)

    def keep_room(self) -> None:
        """Hidden, it goes on taking its room: nothing beside it moves."""
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)

    def choose(self, *, chosen: bool) -> None:
        """Show it as the chosen one of several."""
        if chosen is not (self.property("chosen") == "true"):
            self._take("chosen", "true" if chosen else "false")

    def wear(self, kind: str) -> None:
        """Take another rule of the style sheet."""
        if self.property("kind") != kind:
            self._take("kind", kind)

    def lead(self, *, on: bool) -> None:
        """Be the one primary button of its screen, or be seen to do nothing now."""
        self.setEnabled(on)
        self.wear("primary" if on else "off")

    def _take(self, name: str, value: str) -> None:
        self.setProperty(name, value)
        for widget in (self, *self.findChildren(QLabel)):
            widget.style().polish(widget)

    @Slot()
    def dress(self) -> None:
        """Follow the look."""
        self.setAccessibleName(self._look.say(self._text if self._text.vi else self._named))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As large as its content, and never smaller than a finger."""
        return self._row.sizeHint().expandedTo(QSize(48, self.minimumHeight()))

    def minimumSizeHint(self) -> QSize:
        """Content is never cut."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, as Space does."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)
