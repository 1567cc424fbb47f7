"""The cards of a report (F7): a figure in large type, and a chart under its title."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.label import FitLabel, Frame, IconLabel, Label
from pos_app.words import Text

if TYPE_CHECKING:
    from pos_app.ui.widgets.bar_chart import Bar, BarChart


class FigureCard(Frame):
    """One figure in large type, with what it is above and a line below."""

    def __init__(self, look: Look, icon: str, name: Text) -> None:
        super().__init__("card")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(16)
        row.addWidget(IconLabel(look, icon, "accent", 24))
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(Label(look, Role.LABEL, name, ink="text2"))
        line = QHBoxLayout()
        line.setSpacing(6)
        self._figure = Label(look, Role.FIGURE_TITLE)
        self._unit = Label(look, Role.DETAIL, ink="text2")
        line.addWidget(self._figure)
        line.addWidget(self._unit)
        line.addStretch()
        column.addLayout(line)
        self._about = FitLabel(look, Role.SMALL, ink="text2")
        column.addWidget(self._about)
        row.addLayout(column, 1)

    def tell(self, figure: str, unit: Text, about: Text) -> None:
        """Show these."""
        self._figure.show_text(figure)
        self._unit.show_text(unit)
        self._about.show_text(about)


class ChartCard(Frame):
    """A title, what its bars are counted in, and the bars."""

    def __init__(self, look: Look, name: Text) -> None:
        super().__init__("card")
        self._look, self._name = look, name
        self._chart: BarChart | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 10, 12, 6)
        self._column.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(Label(look, Role.BODY_STRONG, name))
        head.addStretch()
        self._unit = Label(look, Role.SMALL, ink="text2")
        head.addWidget(self._unit)
        self._column.addLayout(head)
        self._column.addStretch()

    def draw(self, bars: "list[Bar]", unit: Text) -> None:
        """Show the bars."""
        from pos_app.ui.widgets.bar_chart import BarChart  # noqa: PLC0415 - dear to import

        if self._chart is None:
            self._column.takeAt(1)
            self._chart = BarChart(self._look, self._name)
            self._column.addWidget(self._chart, 1)
        self._chart.show_bars(bars)
        self._unit.show_text(unit)
