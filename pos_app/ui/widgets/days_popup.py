"""Two days, typed: the range of a report or of a list."""

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.reports.ranges import Days, named_days
from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.label import Frame, Label
from pos_app.ui.widgets.text_field import TextField
from pos_app.vietnam_day import VIETNAM
from pos_app.words import NOTHING, Text

_WIDTH = 320
_FORMS = ("%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%Y-%m-%d")
_NOT_A_DAY = Text("Ghi ngày như 22/11/2026.", "Write a day such as 22/11/2026.")


class DaysPopup(Frame):
    """Drops down below a button; Enter or the button takes the days, Esc leaves them.

    Args:
        today: the Vietnamese day, for what is typed without a year.
        taken: gets the days.
    """

    def __init__(
        self, look: Look, window: QWidget, *, today: Callable[[], date], taken: Callable[[Days], None]
    ) -> None:
        super().__init__("popover")
        self.setParent(window)
        self._window, self._today, self._taken = window, today, taken
        self.setFixedWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(Label(look, Role.LABEL, Text("Từ ngày", "From"), ink="text2"))
        self.first = TextField(look, Text("Từ ngày", "From"), icon="calendar", length=10)
        column.addWidget(self.first)
        column.addWidget(Label(look, Role.LABEL, Text("Đến hết ngày", "To the end of"), ink="text2"))
        self.last = TextField(look, Text("Đến hết ngày", "To the end of"), icon="calendar", length=10)
        column.addWidget(self.last)
        self._wrong = Label(look, Role.SMALL, ink="red_text", wrap=True)
        column.addWidget(self._wrong)
        self._wrong.hide()
        column.addWidget(Button(look, Text("Xem", "Show"), self.take, kind="primary"))
        self.first.entered.connect(self.last.setFocus)
        self.last.entered.connect(self.take)

    def drop(self, below: QWidget, days: Days) -> None:
        """Show it below a button, with these days in it."""
        self.first.edit.setText(f"{days.first:%d/%m/%Y}")
        self.last.edit.setText(f"{days.last:%d/%m/%Y}")
        self._say(NOTHING)
        self.adjustSize()
        window = self._window
        place = below.mapTo(window, QPoint(0, below.height() + 4))
        self.move(min(place.x(), window.width() - self.width() - 8), place.y())
        self.show()
        self.raise_()
        self.first.setFocus()
        self.first.edit.selectAll()

    def take(self) -> None:
        """Take what is typed, when it is two days."""
        try:
            days = named_days(self._read(self.first.text), self._read(self.last.text or self.first.text))
        except ValueError:
            self._say(_NOT_A_DAY)
            return
        self.hide()
        self._taken(days)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the days as they were."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _say(self, text: Text) -> None:
        self._wrong.show_text(text)
        self._wrong.setVisible(bool(text.vi))
        self.adjustSize()

    def _read(self, text: str) -> date:
        for form in _FORMS:
            try:
                return datetime.strptime(text, form).replace(tzinfo=VIETNAM).date()
            except ValueError:
                continue
        return datetime.strptime(f"{text}/{self._today().year}", "%d/%m/%Y").replace(tzinfo=VIETNAM).date()
