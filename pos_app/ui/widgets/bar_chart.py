"""Bars of dong, by pyqtgraph in the till's colours. Heavy to import: the screen of reports does so once it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.theme import FIGURES, Role, make_font
from pos_app.words import Text

_WIDTH = 0.62
_MILLION = 1_000_000
_TOPS = (3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 36, 42, 48, 60, 75, 90)
_LOWEST_TOP = 3_000
"""Dong: three steps that can be told apart in millions."""
_LABELLED_MAX = 12
"""Of more bars only the highest is labelled."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what stands under it, dong, and whether its time is not over yet."""

    name: Text
    amount: int
    unfinished: bool = False


def in_millions(amount: int, look: Look) -> str:
    """`10,9`, in English `10.9`; more digits for what is small."""
    millions = amount / _MILLION
    places = 1 if abs(millions) >= 1 or amount == 0 else 2 if abs(millions) >= 0.1 else 3  # noqa: PLR2004 - a tenth
    told = f"{millions:.{places}f}"
    return told.replace(".", look.say(Text(",", ".")))


class BarChart(QWidget):
    """All bars in the one accent colour; the highest is labelled, each where there are few, the unfinished dashed.

    Args:
        name: what it shows, for those who cannot see it; the table beside it has the figures.
    """

    def __init__(self, look: Look, name: Text) -> None:
        super().__init__()
        self._look, self._name = look, name
        self._bars: tuple[Bar, ...] = ()
        self._view = pg.PlotWidget()
        self._view.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        for part in (self._view, self._view.viewport()):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot = self._view.getPlotItem()
        self._plot.setMenuEnabled(False)
        self._plot.ctrlMenu.setParent(self)  # made all the same, and nobody's: it would outlive the window
        self._plot.hideButtons()
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.getViewBox().wheelEvent = lambda event, axis=None: event.ignore()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._view)
        look.changed.connect(self._draw)
        self._draw()

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show these."""
        self._bars = tuple(bars)
        self._draw()

    def _font(self) -> QFont:
        return make_font(FIGURES, self._look.size.fonts[Role.LABEL][1], 500)

    @Slot()
    def _draw(self) -> None:
        look, plot = self._look, self._plot
        self.setAccessibleName(look.say(self._name))
        self._view.setBackground(look.colour("surface"))
        plot.clear()
        bottom, left = plot.getAxis("bottom"), plot.getAxis("left")
        for axis in (bottom, left):
            axis.setPen(pg.mkPen(look.colour("line")))
            axis.setTextPen(pg.mkPen(look.colour("text2")))
            axis.setStyle(tickFont=self._font(), tickLength=0)
        left.setPen(pg.mkPen(None))
        if not self._bars:
            return
        amounts = [bar.amount for bar in self._bars]
        top = _nice(max(*amounts, _LOWEST_TOP))
        steps = [top * n // 3 for n in range(4)]
        for step in steps[1:]:
            plot.addItem(pg.InfiniteLine(step, angle=0, pen=pg.mkPen(look.colour("line"))))
        accent, soft = look.colour("accent"), look.colour("accent_soft")
        dashed = pg.mkPen(accent, style=Qt.PenStyle.DashLine)
        plot.addItem(
            pg.BarGraphItem(
                x=list(range(len(amounts))), height=amounts, width=_WIDTH,
                brushes=[soft if bar.unfinished else accent for bar in self._bars],
                pens=[dashed if bar.unfinished else pg.mkPen(accent) for bar in self._bars],
            )
        )  # fmt: skip
        self._label(amounts)
        left.setTicks([[(step, _round(in_millions(step, look))) for step in steps]])
        bottom.setTicks([self._names()])
        lowest = min(0, *amounts)
        plot.setXRange(-0.6, len(amounts) - 0.4, padding=0)
        plot.setYRange(lowest, top * 1.14, padding=0)

    def _names(self) -> list[tuple[int, str]]:
        """As many names as there is room for."""
        room = max(1, self.width() - 60)
        widest = max(len(self._look.say(bar.name)) for bar in self._bars) * self._look.size.fonts[Role.LABEL][1] * 0.62
        step = max(1, -(-int(widest * len(self._bars)) // room))
        return [(place, self._look.say(bar.name)) for place, bar in enumerate(self._bars) if place % step == 0]

    def _label(self, amounts: list[int]) -> None:
        highest = amounts.index(max(amounts))
        for place, amount in enumerate(amounts):
            if amount and (place == highest or len(amounts) <= _LABELLED_MAX):
                label = pg.TextItem(in_millions(amount, self._look), color=self._look.colour("text"), anchor=(0.5, 1.0))
                label.setFont(make_font(FIGURES, self._look.size.fonts[Role.LABEL][1], 600))
                label.setPos(place, max(0, amount))
                self._plot.addItem(label)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other names may fit now."""
        super().resizeEvent(event)
        if self._bars:
            self._plot.getAxis("bottom").setTicks([self._names()])


def _round(told: str) -> str:
    """Without the noughts behind its comma: `30`, `0,07`."""
    return told.rstrip("0").rstrip(",.")


def _nice(amount: int) -> int:
    """The first of 30, 36 … 90, 120 … times a power of ten that is not less: three even steps."""
    power = 1
    while True:
        for factor in _TOPS:
            if factor * power >= amount:
                return factor * power
        power *= 10
