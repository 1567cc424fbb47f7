"""Texts, icons and plain frames that follow the look."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from pos_app.ui.icons import icon
from pos_app.ui.look import Look
from pos_app.ui.theme import Role, make_font
from pos_app.words import Text, same

_TITLES = {Role.DO_NOT, Role.SENTENCE, Role.TITLE}


class Label(QLabel):
    """A text in the language in force, in the font of its role, in the colour of a token (`ink`)."""

    def __init__(self, look: Look, role: Role, text: Text | str = "", *, ink: str = "text", wrap: bool = False) -> None:
        super().__init__()
        self._look = look
        self._role = role
        self._text = text if isinstance(text, Text) else same(text)
        self.setProperty("ink", ink)
        self.setWordWrap(wrap)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role in _TITLES:
            # Stacked marks on capitals (Ừ, Ắ) rise above the font's own ascent.
            self.setContentsMargins(0, 4, 0, 0)
        look.changed.connect(self.dress)
        self.dress()

    def show_text(self, text: Text | str) -> None:
        """Show another text."""
        self._text = text if isinstance(text, Text) else same(text)
        self.setText(self._look.say(self._text))

    def set_ink(self, ink: str) -> None:
        """Take the colour of another token."""
        self.setProperty("ink", ink)
        self.style().polish(self)

    @Slot()
    def dress(self) -> None:
        """Follow the look."""
        self.setFont(self._look.size.font(self._role))
        self.setText(self._look.say(self._text))

    def centred(self) -> "Label":
        """The same label, its text in the middle."""
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return self

    def right(self) -> "Label":
        """The same label, its text at the right."""
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return self


class FitLabel(Label):
    """One line that takes a smaller step of its size where the room is short, instead of being cut."""

    STEPS = (1.0, 0.86, 0.74, 0.64)

    def sizeHint(self) -> QSize:
        """As wide as it may be: the layout gives what there is."""
        return QSize(0, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Its width never pushes anything."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the largest step that fits."""
        super().resizeEvent(event)
        self._fit()

    def show_text(self, text: Text | str) -> None:
        """Show another text."""
        super().show_text(text)
        self._fit()

    @Slot()
    def dress(self) -> None:
        """Follow the look."""
        super().dress()
        self._fit()

    def _fit(self) -> None:
        family, px, weight = self._look.size.fonts[self._role]
        for step in self.STEPS:
            self.setFont(make_font(family, round(px * step), weight))
            if QFontMetrics(self.font()).horizontalAdvance(self.text()) <= self.width():
                break


class IconLabel(QLabel):
    """One icon in the colour of a token."""

    def __init__(self, look: Look, name: str, token: str, px: int = 20) -> None:
        super().__init__()
        self._look, self._name, self._token, self._px = look, name, token, px
        self.setFixedSize(px, px)
        look.changed.connect(self.dress)
        self.dress()

    def show_icon(self, name: str, token: str) -> None:
        """Show another icon or colour."""
        self._name, self._token = name, token
        self.dress()

    @Slot()
    def dress(self) -> None:
        """Follow the look."""
        colour = self._look.colour(self._token)
        self.setPixmap(icon(self._name, colour, self._px, self.devicePixelRatioF()))


class Frame(QFrame):
    """A rounded, filled or bordered shape; `look` names its rule in the style sheet."""

    def __init__(self, look: str) -> None:
        super().__init__()
        self.setProperty("look", look)

    def wear(self, look: str) -> None:
        """Take another rule."""
        if self.property("look") != look:
            self.setProperty("look", look)
            self.style().polish(self)


class Divider(Frame):
    """A hairline: across, or upright with a given height."""

    def __init__(self, height: int = 0) -> None:
        super().__init__("divider")
        if height:
            self.setFixedSize(QSize(1, height))
        else:
            self.setFixedHeight(1)


def stretch() -> QWidget:
    """An empty widget that takes the room left."""
    widget = QWidget()
    widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    return widget
