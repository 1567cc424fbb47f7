"""The right side of a page: its test button, and in words what works. A picture where there is one to see."""

import logging
from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from pos_app.setting_up.trials import Told
from pos_app.ui.look import Look
from pos_app.ui.setting_up.background import Background
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.label import Frame, IconLabel, Label
from pos_app.words import NOTHING, Text

log = logging.getLogger(__name__)

_TRYING = Text("Đang thử…", "Trying…")
_FAULT = Told.bad(Text("Không thử được", "It could not be tried"), Text("Thử lại.", "Try again."))
_SIGNS = {True: ("tick", "green_text"), False: ("cross", "red_text"), None: ("info", "text2")}


class Trial(Frame):
    """A test button and what it found.

    Args:
        test: what the button says.
        pressed: called when it is pressed.
        picture: a widget between the button and the words, None for none.
    """

    def __init__(self, look: Look, test: Text, pressed: Callable[[], None], picture: QWidget | None = None) -> None:
        super().__init__("box")
        self._look = look
        self._background = Background(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(14)
        self.button = Button(look, test, pressed, role=Role.SMALL_BUTTON, cap="F5")
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column.addWidget(self.button)
        if picture is not None:
            column.addWidget(picture, 1)
        row = QHBoxLayout()
        row.setSpacing(10)
        self._icon = IconLabel(look, "info", "text2", 24)
        row.addWidget(self._icon, alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        self.said = Label(look, Role.BODY_STRONG, wrap=True)
        self.advice = Label(look, Role.BODY, ink="text2", wrap=True)
        words.addWidget(self.said)
        words.addWidget(self.advice)
        row.addLayout(words, 1)
        column.addLayout(row)
        self.more = Label(look, Role.FIGURE, wrap=True)
        column.addWidget(self.more)
        if picture is None:
            column.addStretch(1)
        self.told: Told | None = None
        self.clear()

    def clear(self, advice: Text = NOTHING) -> None:
        """Nothing was tried yet; what to know before."""
        self._background.forget()
        self.told = None
        self._show(NOTHING, advice)

    def note(self, said: Text, advice: Text = NOTHING) -> None:
        """How it goes, neither well nor wrong."""
        self._show(said, advice)

    def tell(self, told: Told) -> None:
        """What was found."""
        self.told = told
        self._show(told.said, told.advice, well=told.well)

    def begin(self, work: Callable[[], Told]) -> None:
        """Try it behind the window, and say what was found."""
        self._show(_TRYING, NOTHING)
        self._background.begin(work, self._found)

    def show_more(self, text: Text) -> None:
        """Lines below: fingerprints."""
        self.more.show_text(text)
        self.more.setVisible(bool(text.vi))

    def _found(self, told: object) -> None:
        if isinstance(told, Exception):
            self.tell(words_of(told))
        elif isinstance(told, Told):
            self.tell(told)

    def _show(self, said: Text, advice: Text, *, well: bool | None = None) -> None:
        self._icon.show_icon(*_SIGNS[well])
        self._icon.setVisible(bool(said.vi or advice.vi))
        self.said.set_ink({True: "green_text", False: "red_text", None: "text"}[well])
        for label, text in ((self.said, said), (self.advice, advice)):
            label.show_text(text)
            label.setVisible(bool(text.vi))
        if not self.more.text():
            self.more.hide()


def words_of(error: Exception) -> Told:
    """An error that has words; one that has none is logged by its kind alone: its text may hold what was typed."""
    title, advice = getattr(error, "title", None), getattr(error, "advice", None)
    if isinstance(title, Text) and isinstance(advice, Text):
        return Told.bad(title, advice)
    log.error("a test of the set-up ended by %s", type(error).__name__)
    return _FAULT


class SlipPicture(QLabel):
    """A slip as it would be printed, as large as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._slip = QPixmap()

    def show_slip(self, png: bytes) -> None:
        """Show it."""
        self._slip.loadFromData(png)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        if not self._slip.isNull() and self.height() > 0:
            ratio = self.devicePixelRatioF()
            room = self.size() * ratio
            fitted = self._slip.scaled(
                room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            fitted.setDevicePixelRatio(ratio)
            self.setPixmap(fitted)

    def resizeEvent(self, event: object) -> None:
        """As large as there is room."""
        self._fit()
