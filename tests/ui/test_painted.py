"""What was painted is told once, also where the next is wanted while the first is being painted."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from pos_app.ui.painted import Painted


@pytest.fixture
def widget(qapp: QApplication) -> Iterator[QWidget]:
    made = QWidget()
    made.show()
    qapp.processEvents()
    yield made
    made.close()


def test_it_is_told_once_it_was_painted(qapp: QApplication, widget: QWidget) -> None:
    told: list[str] = []
    painted = Painted(widget, lambda what, _at_ns: told.append(what))
    painted.wait_for(widget, "first")
    assert painted.waits
    widget.repaint()
    assert told == [], "the loop has not come round"
    qapp.processEvents()
    widget.repaint()
    qapp.processEvents()
    assert told == ["first"]


def test_the_next_is_not_forgotten_while_the_first_is_painted(qapp: QApplication, widget: QWidget) -> None:
    told: list[str] = []
    painted = Painted(widget, lambda what, _at_ns: told.append(what))
    painted.wait_for(widget, "first")
    widget.repaint()
    painted.wait_for(widget, "second")
    qapp.sendPostedEvents(painted)
    assert told == []
    widget.repaint()
    qapp.processEvents()
    assert told == ["second"]
