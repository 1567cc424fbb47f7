"""Rows of a payment: label at the left, value at the right, hairlines between."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.label import Divider, Label
from pos_app.ui.widgets.layouts import empty
from pos_app.words import Text

Row = tuple[Text, Text | str, bool]
"""Label, value, whether the value is a figure."""


class Details(QWidget):
    """The details of the payment, in the place of the keypad."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._rows: tuple[Row, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show these rows."""
        if rows == self._rows:
            return
        self._rows = rows
        empty(self._column)
        for place, row in enumerate(rows):
            if place:
                self._column.addWidget(Divider())
            self._column.addWidget(self._line(row))
        self._column.addStretch()

    def _line(self, row: Row) -> QWidget:
        label, value, figure = row
        line = QWidget()
        line.setFixedHeight(48)
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(Label(self._look, Role.BODY, label, ink="text2"))
        shown = Label(self._look, Role.FIGURE_STRONG if figure else Role.BODY_STRONG, value).right()
        layout.addWidget(shown, 1)
        return line
