"""The ring round the focused button, when what it lies in goes away without a word."""

import pytest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.ui.look import Look
from pos_app.ui.widgets.focus_ring import FocusRing


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_the_ring_outlives_the_page_that_it_was_on(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    page, stays = QWidget(window), QPushButton("stays", window)
    first = QPushButton("first", page)
    QVBoxLayout(page).addWidget(first)
    layout = QVBoxLayout(window)
    layout.addWidget(page)
    layout.addWidget(stays)
    ring = FocusRing(Look(), window)
    with qtbot.waitActive(window):
        window.show()
    first.setFocus()
    qtbot.waitUntil(ring.isVisible)
    page.removeEventFilter(ring)  # it does not hear that it is hidden on its way out
    delete(page)
    stays.setFocus()
    qtbot.waitUntil(lambda: ring.isVisible() and ring._target is stays)
