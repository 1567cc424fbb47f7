"""Texts, icons and plain frames that follow the look."""

import math
import re
from bisect import bisect_left

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel

from pos_app.ui.icons import icon
from pos_app.ui.look import Look
from pos_app.ui.theme import FIGURES, Role, make_font
from pos_app.ui.widgets.announced import announce
from pos_app.words import Text, same

_TITLES = {Role.DO_NOT, Role.SENTENCE, Role.TITLE}
_NOTES = {Role.BODY, Role.BODY_STRONG, Role.SMALL, Role.LABEL}
"""Roles of what is said beside what one does; larger words stand on a stage, which is told as a whole."""


class Label(QLabel):
    """A text in the language in force, in the font of its role, in the colour of a token (`ink`)."""

    def __init__(self, look: Look, role: Role, text: Text | str = "", *, ink: str = "text", wrap: bool = False) -> None:
        super().__init__()
        self._look = look
        self._role = role
        self._text = text if isinstance(text, Text) else same(text)
        self._alerted = ""
        self.setProperty("ink", ink)
        self.setWordWrap(wrap)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role in _TITLES:
            # Stacked marks on capitals (Ừ, Ắ) rise above the font's own ascent.
            self.setContentsMargins(0, 4, 0, 0)
        look.changed.connect(self.dress)
        self.dress()

    @property
    def role(self) -> Role:
        """What it is on screen."""
        return self._role

    def show_text(self, text: Text | str) -> None:
        """Show another text."""
        self._text = text if isinstance(text, Text) else same(text)
        self.setText(self._look.say(self._text))
        self._alert()

    def set_ink(self, ink: str) -> None:
        """Take the colour of another token."""
        if self.property("ink") != ink:
            self.setProperty("ink", ink)
            self.style().polish(self)
            self._alert()

    def _alert(self) -> None:
        """What is wrong is written in red: who cannot see it is told, once, and not of each second that is left."""
        wrong = self.property("ink") == "red_text" and self._role in _NOTES and self.isVisible()
        said = re.sub(r"\d+", "", self.text()) if wrong else ""
        if said and said != self._alerted:
            announce(self, self.text())
        self._alerted = said

    @Slot()
    def dress(self) -> None:
        """Follow the look."""
        self.setFont(self._look.size.font(self._role))
        self.setText(self._look.say(self._text))

    def play(self, role: Role) -> None:
        """Take another role: where there is more room, more can be larger."""
        self._role = role
        self.dress()

    def centred(self) -> "Label":
        """The same label, its text in the middle."""
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return self

    def right(self) -> "Label":
        """The same label, its text at the right."""
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return self


class CentredLines(Label):
    """A centred text whose lines are about equally long: no word is left alone in the last one."""

    def __init__(self, look: Look, role: Role, text: Text | str = "", *, ink: str = "text") -> None:
        super().__init__(look, role, text, ink=ink, wrap=True)
        self.centred()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it in the narrowest room that takes no more lines."""
        painter = QPainter(self)
        painter.setPen(QColor(self._look.colour(str(self.property("ink")))))
        flags = int(self.alignment()) | int(Qt.TextFlag.TextWordWrap)
        metrics, room = self.fontMetrics(), self.contentsRect()

        def high(width: int) -> int:
            return metrics.boundingRect(0, 0, width, room.height(), flags, self.text()).height()

        widest = max((metrics.horizontalAdvance(word) for word in self.text().split()), default=0)
        most = high(room.width())
        widths = range(min(widest, room.width()), room.width() + 1)
        width = widths[bisect_left(widths, -most, key=lambda one: -high(one), hi=len(widths) - 1)]
        room.adjust((room.width() - width) // 2, 0, -((room.width() - width + 1) // 2), 0)
        painter.drawText(room, flags, self.text())


class FiguresLabel(Label):
    """One centred line whose parts with a digit (times, ids, codes) are set in the font of figures."""

    def _runs(self) -> list[tuple[str, QFont]]:
        _, px, weight = self._look.size.fonts[self._role]
        figures = make_font(FIGURES, px, weight)
        parts = re.split(r"(\S*\d\S*)", self.text())
        return [(part, figures if place % 2 else self.font()) for place, part in enumerate(parts) if part]

    def _wide(self) -> int:
        return math.ceil(sum(QFontMetricsF(font).horizontalAdvance(part) for part, font in self._runs()))

    def sizeHint(self) -> QSize:
        """As wide as its parts."""
        return QSize(self._wide(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the parts on one base line."""
        painter = QPainter(self)
        painter.setPen(QColor(self._look.colour(str(self.property("ink")))))
        words = QFontMetricsF(self.font())
        x, base = (self.width() - self._wide()) / 2, (self.height() + words.ascent() - words.descent()) / 2
        for part, font in self._runs():
            painter.setFont(font)
            painter.drawText(QPointF(x, base), part)
            x += QFontMetricsF(font).horizontalAdvance(part)


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

    def wear(self, look: str, *, fits: bool = True) -> None:
        """Take another rule; with one whose border is thicker what is inside has to be fitted anew."""
        if self.property("look") != look:
            self.setProperty("look", look)
            self.style().polish(self)
            if not fits:
                QApplication.sendEvent(self, QEvent(QEvent.Type.StyleChange))


class Divider(Frame):
    """A hairline: across, or upright with a given height."""

    def __init__(self, height: int = 0) -> None:
        super().__init__("divider")
        if height:
            self.setFixedSize(QSize(1, height))
        else:
            self.setFixedHeight(1)
