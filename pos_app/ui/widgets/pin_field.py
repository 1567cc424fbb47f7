"""Where a PIN is typed: dots only. No text field, so there is no undo, no clipboard, no input method, no history."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import DELETE, Button
from pos_app.words import Text

LENGTH_MIN, LENGTH_MAX = 6, 12
_HEIGHT = 60
_KEY_MAX = 104
"""px: a key that is higher than wide is no key any more; what is left stays free under the last row."""
_MOST, _REST = 1000, 1
_NAME = Text("PIN quản lý", "Manager’s PIN")
_CLEAR = Text("Xóa hết", "Clear")


class PinField(QWidget):
    """Holds the digits until they are taken, and shows how many there are."""

    changed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._digits: list[str] = []
        self._closed = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)
        look.changed.connect(self._dress)
        self._dress()

    @property
    def count(self) -> int:
        """How many digits are typed."""
        return len(self._digits)

    @property
    def complete(self) -> bool:
        """Whether it is as long as a PIN."""
        return len(self._digits) >= LENGTH_MIN

    def close_for_now(self, *, closed: bool) -> None:
        """Take no digit for a while; the focus stays, so that no key does something else meanwhile."""
        if closed is not self._closed:
            self._closed = closed
            self.update()

    def type(self, digit: str) -> None:
        """Put one digit at the end; what no PIN can hold is let go."""
        if not self._closed and len(self._digits) < LENGTH_MAX and digit in "0123456789" and len(digit) == 1:
            self._digits.append(digit)
            self._told()

    def delete(self) -> None:
        """Take the last digit away."""
        if self._digits:
            self._digits.pop()
            self._told()

    def forget(self) -> None:
        """Empty it."""
        if self._digits:
            self._digits.clear()
            self._told()

    def take(self) -> str:
        """The digits, once: the field is empty from then on."""
        pin = "".join(self._digits)
        self.forget()
        return pin

    def _told(self) -> None:
        self.update()
        self.changed.emit()

    def press(self, event: QKeyEvent) -> bool:
        """A key for the field; False when it means nothing here."""
        key, text = event.key(), event.text()
        if len(text) == 1 and text in "0123456789":
            self.type(text)
        elif key == Qt.Key.Key_Backspace:
            self.delete()
        elif key == Qt.Key.Key_Delete:
            self.forget()
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits stay here; all other keys go on to the screen."""
        if not self.press(event):
            event.ignore()

    @Slot()
    def _dress(self) -> None:
        self.setAccessibleName(self._look.say(_NAME))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame and a dot for each digit, hollow ones up to the shortest PIN."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._look.colour
        on = not self._closed
        active = self.hasFocus()
        ink = ("accent" if active else "edge") if on else ("edge" if active else "line")
        painter.setBrush(QColor(colour("surface" if on else "sunk")))
        painter.setPen(QPen(QColor(colour(ink)), 2 if active else 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)
        places = max(LENGTH_MIN, self.count)
        step = min(32.0, (self.width() - 24) / places)
        radius = min(8.0, step * 0.28)
        x = self.width() / 2 - step * (places - 1) / 2
        for place in range(places):
            typed = place < self.count
            painter.setPen(Qt.PenStyle.NoPen if typed else QPen(QColor(colour("edge")), 1.5))
            painter.setBrush(QColor(colour("text")) if typed else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(x + place * step, self.height() / 2), radius, radius)


class DigitPad(QWidget):
    """Twelve keys for fingers: digits, clear all, delete."""

    WIDE = 400
    """px, where the screen has room for it."""

    def __init__(
        self, look: Look, digit: Callable[[str], None], delete: Callable[[], None], clear: Callable[[], None],
        *, zeros: bool = False, key_height: int = 54,
    ) -> None:  # fmt: skip
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        for place, name in enumerate("789456123"):
            grid.addWidget(self._key(look, name, digit), place // 3, place % 3)
        last = self._key(look, "000", digit) if zeros else Button(look, _CLEAR, clear, kind="key", role=Role.LABEL)
        grid.addWidget(self._key(look, "0", digit), 3, 0 if zeros else 1)
        grid.addWidget(last, 3, 1 if zeros else 0)
        back = Button(look, "", delete, kind="key", icon=("backspace", "text", 24))
        back.name(DELETE)
        grid.addWidget(back, 3, 2)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        for row in range(4):
            grid.setRowStretch(row, _MOST)
        grid.setRowStretch(4, _REST)
        for key in self.findChildren(Button):
            key.setMinimumHeight(key_height)
            key.setMaximumHeight(_KEY_MAX)
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has digits of its own

    def _key(self, look: Look, name: str, digit: Callable[[str], None]) -> Button:
        return Button(look, name, lambda: digit(name), kind="key", role=Role.KEY)
