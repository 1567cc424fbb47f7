"""Rows of a payment: label at the left, value at the right, hairlines between."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.label import Divider, Label
from pos_app.words import Text

Row = tuple[Text, Text | str, bool]
"""Label, value, whether the value is a figure."""


class Details(QWidget):
    """The details of the payment, in the place of the keypad."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._rows: tuple[Row, ...] = ()
        self._lines: list[_Line] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch()

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show these rows."""
        if rows == self._rows:
            return
        self._rows = rows
        while len(self._lines) < len(rows):
            line = _Line(self._look, first=not self._lines)
            self._lines.append(line)
            self._column.insertWidget(len(self._lines) - 1, line)
        for line, row in zip(self._lines, rows, strict=False):
            line.show_row(row)
        for place, line in enumerate(self._lines):
            line.setVisible(place < len(rows))


class _Line(QWidget):
    """One row, under its hairline: made once and written anew, as a result must not wait for a dozen new labels."""

    def __init__(self, look: Look, *, first: bool) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if not first:
            column.addWidget(Divider())
        line = QWidget()
        line.setFixedHeight(48)
        column.addWidget(line)
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        self._label = Label(look, Role.BODY, ink="text2")
        self._value = Label(look, Role.BODY_STRONG).right()
        layout.addWidget(self._label)
        layout.addWidget(self._value, 1)

    def show_row(self, row: Row) -> None:
        """Say this."""
        label, value, figure = row
        self._label.show_text(label)
        self._value.play(Role.FIGURE_STRONG if figure else Role.BODY_STRONG)
        self._value.show_text(value)
