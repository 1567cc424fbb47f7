"""Scanners of every kind, with the focus in a field, a dialog, a table's editor or a PIN, and typing tools between."""

import itertools
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos_app.scanning.source import Scan, bare
from pos_app.ui.look import Look
from pos_app.ui.scan_filter import ScanFilter
from pos_app.ui.theme import Theme
from pos_app.ui.widgets.pin_field import PinField
from pos_app.words import Language
from tests.scanning.vni import Vni

CODE = "281234567890123456"
_NAMED = {"\n": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab, "\b": Qt.Key.Key_Backspace}


pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class Counter:
    """Windows with something to type into, the filter, and a keyboard whose times are told, not measured."""

    def __init__(self, qtbot: QtBot, application: QApplication) -> None:
        self.filter = ScanFilter(application)
        self.scans: list[Scan] = []
        self.filter.scanned.connect(self.scans.append)
        self._qtbot = qtbot
        self._now_ms = 1_000_000
        self.kept: list[QWidget] = []

    def open(self, place: str) -> Callable[[], str]:
        """Something that has the focus; gives what stands in it."""
        return {"field": self._field, "dialog": self._dialog, "table": self._table, "pin": self._pin}[place]()

    def _show(self, widget: QWidget) -> None:
        self.kept.append(widget)
        self._qtbot.addWidget(widget)
        widget.show()
        widget.activateWindow()
        self._qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is widget.windowHandle(), timeout=60_000)

    def _field(self) -> Callable[[], str]:
        window = QWidget()
        field = QLineEdit(window)
        self._show(window)
        field.setFocus()
        return field.text

    def _dialog(self) -> Callable[[], str]:
        self._field()
        dialog = QDialog(self.kept[0], modal=True)
        field = QLineEdit()
        QVBoxLayout(dialog).addWidget(field)
        self._show(dialog)
        field.setFocus()
        return field.text

    def _table(self) -> Callable[[], str]:
        table = QTableWidget(2, 2)
        item = QTableWidgetItem("")
        table.setItem(0, 0, item)
        self._show(table)
        table.setCurrentCell(0, 0)
        table.editItem(item)
        editor = table.findChild(QLineEdit)
        assert editor is not None
        return editor.text

    def _pin(self) -> Callable[[], str]:
        pin = PinField(Look(Language.VI, Theme.LIGHT))
        self._show(pin)
        pin.setFocus()
        return lambda: "•" * pin.count

    def type(self, keys: str, gap_ms: int) -> None:
        for key in keys:
            self._now_ms += gap_ms
            self._send(key)

    def through(self, tool: Vni, keys: str, gap_ms: int) -> None:
        """What a typing tool makes of keys: it sends all that one key causes at once."""
        for key in keys:
            for place, seen in enumerate(tool.type(key)):
                self._now_ms += 0 if place else gap_ms
                self._send(seen)

    def _send(self, key: str) -> None:
        code = _NAMED.get(key, Qt.Key(ord(key.upper())) if key.isascii() else Qt.Key.Key_unknown)
        shift = Qt.KeyboardModifier.ShiftModifier if key.isupper() else Qt.KeyboardModifier.NoModifier
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, code, shift, "\r" if key == "\n" else key)
            event.setTimestamp(self._now_ms)
            window = QGuiApplication.focusWindow()
            assert window is not None
            QCoreApplication.sendEvent(window, event)

    def rest(self) -> None:
        """Until what is held is decided."""
        deadline = time.monotonic() + 60
        while self.filter._detector.holding:
            assert time.monotonic() < deadline
            QCoreApplication.processEvents()
        self._now_ms += 1_000


@pytest.fixture
def counter(qtbot: QtBot, qapp: QApplication) -> Iterator[Counter]:
    made = Counter(qtbot, qapp)
    yield made
    made.filter.deleteLater()


@pytest.mark.parametrize("place", ["field", "dialog", "table", "pin"])
def test_a_scanner_of_any_kind_leaves_nothing(counter: Counter, place: str) -> None:
    text = counter.open(place)
    kinds = list(
        itertools.product([1, 8, 20, 45], ["\n", "\t", ""], [("", ""), ("]C1", ""), ("]Q1", ""), ("A+", "##")])
    )
    for gap_ms, end, (before, after) in kinds:
        counter.type(before + CODE + after + end, gap_ms)
        counter.rest()
        assert text() == "", (gap_ms, end, before)
    assert [bare(scan.text, prefix="A+", suffix="##") for scan in counter.scans] == [CODE] * len(kinds)


@pytest.mark.parametrize("place", ["field", "dialog", "table", "pin"])
def test_a_persons_keys_arrive_everywhere(counter: Counter, place: str) -> None:
    text = counter.open(place)
    counter.type("831642", 55)
    counter.rest()
    assert (text(), counter.scans) == ("••••••" if place == "pin" else "831642", [])


@pytest.mark.parametrize("end", ["\n", ""])
@pytest.mark.parametrize("place", ["field", "dialog", "table"])
def test_a_typing_tool_between(counter: Counter, place: str, end: str) -> None:
    text = counter.open(place)
    tool = Vni()
    counter.through(tool, "Ba2n", 130)
    counter.rest()
    assert text() == "Bàn", "the tool works for who types"
    counter.through(tool, CODE, 12)
    counter.type(end, 12)
    counter.rest()
    assert (text(), [scan.text for scan in counter.scans]) == ("Bàn", [CODE])
