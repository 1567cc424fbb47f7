"""What stands at the bars and at their axis."""

import pytest
from PySide6.QtWidgets import QApplication

from pos_app.ui.look import Look
from pos_app.ui.widgets.bar_chart import Bar, BarChart, in_millions
from pos_app.words import Language, Text


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (0, ["0", "0,001", "0,002", "0,003"]),
        (65_000, ["0", "0,025", "0,05", "0,075"]),
        (205_000, ["0", "0,07", "0,14", "0,21"]),
        (2_950_000, ["0", "1", "2", "3"]),
        (29_900_000, ["0", "10", "20", "30"]),
        (300_000_000, ["0", "100", "200", "300"]),
    ],
)
def test_the_axis_says_no_nought_for_nothing(qapp: QApplication, highest: int, ticks: list[str]) -> None:
    chart = BarChart(Look(Language.VI), Text("Tiền", "Money"))
    chart.show_bars([Bar(Text("8", "8"), highest)])
    assert [told for _, told in chart._plot.getAxis("left")._tickLevels[0]] == ticks


@pytest.mark.parametrize(
    ("amount", "vi", "en"),
    [(0, "0,0", "0.0"), (10_900_000, "10,9", "10.9"), (140_000, "0,14", "0.14"), (70_000, "0,070", "0.070")],
)
def test_dong_in_millions(amount: int, vi: str, en: str) -> None:
    assert (in_millions(amount, Look(Language.VI)), in_millions(amount, Look(Language.EN))) == (vi, en)
