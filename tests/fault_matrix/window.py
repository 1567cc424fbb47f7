"""The real window before a real till, without a screen: what a cashier presses, and every word that stands there."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from pos_app.clock import MachineClock
from pos_app.gateway_access import access_to
from pos_app.sandbox.server import Sandbox
from pos_app.settings import Settings
from pos_app.till import Till
from pos_app.ui.bridge import Bridge
from pos_app.ui.look import Look
from pos_app.ui.main_window import MainWindow
from pos_app.ui.place import Place
from pos_app.ui.sounds import Sounds
from pos_app.ui.theme import Theme, load_fonts
from pos_app.words import Language
from tests.end_to_end.world import _ONE_MIGRATION_AT_A_TIME
from tests.fault_matrix.gateway import ScriptedGateway
from tests.fault_matrix.world import without_ballast


class TillWindow:
    """A window that a till obeys and that obeys a till."""

    def __init__(self, gateway: Sandbox | ScriptedGateway, folder: Path) -> None:
        load_fonts()
        self.folder = folder
        bridge = Bridge()
        self.window = MainWindow(
            bridge, Look(Language.VI, Theme.LIGHT), MachineClock(), Place("Tạp hóa", "02", "Thu Hà"), Sounds(on=False)
        )
        self.window.resize(1366, 768)
        self.window.show()
        access = access_to(gateway)  # type: ignore[arg-type]
        self.till = Till(Settings(), folder, bridge.post, access=access, camera=False)
        with _ONE_MIGRATION_AT_A_TIME:
            self.till.start()
        self.window.obey(self.till)

    def keys(self, text: str) -> None:
        for letter in text:
            QTest.keyClick(self.window, Qt.Key(ord(letter)))
        time.sleep(0.35)  # a person's pause: what follows is no part of the typing

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.window, key)

    def scan(self, text: str) -> None:
        """The hand-held scanner read this."""
        self.till.scanned(text, time.monotonic_ns())

    def amount(self, digits: str) -> None:
        self.keys(digits)
        self.press(Qt.Key.Key_Return)

    @property
    def stage(self) -> QWidget | None:
        return self.window.sale.stage.currentWidget()

    def until(self, true: Callable[[], bool], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, self.words()
            QTest.qWait(10)

    def until_shown(self, words: str, seconds: float = 60) -> None:
        self.until(lambda: words in self.words(), seconds)

    def words(self) -> str:
        """Every word in the window that can be read now: labels, buttons, fields, title, what a screen reader says."""
        found = [self.window.windowTitle()]
        for widget in self.window.findChildren(QWidget):
            if widget.isVisible():
                found += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
                if isinstance(widget, QLabel | QLineEdit | QPushButton):
                    found.append(widget.text())
        return "\n".join(found)

    def every_text(self) -> str:
        """As `words`, with what is hidden now."""
        children = self.window.findChildren(QWidget)
        texts = [one.text() for one in children if isinstance(one, QLabel | QLineEdit | QPushButton)]
        names = [text for one in children for text in (one.objectName(), one.accessibleName(), one.windowTitle())]
        return "\n".join([self.window.windowTitle(), *texts, *names])


@contextmanager
def window_at(gateway: Sandbox | ScriptedGateway, folder: Path) -> Iterator[TillWindow]:
    """The window, open as long as the block runs."""
    made = TillWindow(gateway, folder)
    try:
        QTest.qWait(20)
        yield made
    finally:
        made.till.stop()
        without_ballast(folder)
        made.window.close()
        made.until(lambda: not made.window.isVisible())
        made.window.deleteLater()
        QApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))
        QApplication.processEvents()
