"""How the program ends: the till is stopped behind a window that stays alive and says so, and signals close it too.

Imported after the first paint or when the window is closed; nothing here is needed to open it.
"""

import logging
import signal
import socket
from collections.abc import Callable
from threading import Thread

from PySide6.QtCore import QObject, QSocketNotifier, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import Frame, Label
from pos_app.words import Text

log = logging.getLogger(__name__)

CLOSING = Text("Đang đóng…", "Closing…")
_WHY = Text("Máy ghi xong sổ giao dịch rồi tự tắt.", "The till finishes its journal, then ends by itself.")


class Stopping(QObject):
    """Stops the till on a thread of its own and tells when that is over, whatever came of it."""

    _stopped = Signal()

    def __init__(self, stop: Callable[[], None], over: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._stop, self._over = stop, over
        self._stopped.connect(self._end, Qt.ConnectionType.QueuedConnection)
        self._thread = Thread(target=self._run, name="stop-till", daemon=True)

    def begin(self) -> None:
        """Start stopping."""
        self._thread.start()

    def _run(self) -> None:
        try:
            self._stop()
        except Exception:
            log.exception("the till did not end in order")
        self._stopped.emit()

    @Slot()
    def _end(self) -> None:
        self._thread.join()  # it has told: what is left of it must be over before this object goes
        self._over()


class ClosingCover(QWidget):
    """Lies over the whole window while the till ends: says so, and takes every key and tap."""

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(look.say(CLOSING))
        card = Frame("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(64, 48, 64, 48)
        inside.setSpacing(12)
        middle = Qt.AlignmentFlag.AlignHCenter
        inside.addWidget(Disc(look, look.size.disc_small, "accent_soft", "accent", icon="clock"), alignment=middle)
        inside.addSpacing(8)
        inside.addWidget(Label(look, Role.SENTENCE, CLOSING).centred())
        inside.addWidget(Label(look, Role.DETAIL, _WHY, ink="text2").centred())
        outer = QVBoxLayout(self)
        outer.addWidget(card, alignment=Qt.AlignmentFlag.AlignCenter)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No key means anything any more."""
        event.accept()

    def mousePressEvent(self, event: object) -> None:
        """No tap reaches what lies below."""


class EndingOnSignals:
    """Ctrl-C and a system's wish to end close the window in order; Python alone hears them only at its next turn.

    Attributes:
        came: whether there was one: the window was not closed by a person.
    """

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self.came = False
        self._reading, self._writing = socket.socketpair()
        self._writing.settimeout(0)
        self._reading.settimeout(0)
        self._heard = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read)
        self._heard.activated.connect(self._close)
        self._wakeup_before = signal.set_wakeup_fd(self._writing.fileno())
        wanted = (signal.SIGINT, signal.SIGTERM)
        self._before = {number: signal.signal(number, lambda *_: None) for number in wanted}

    @Slot()
    def _close(self) -> None:
        self._reading.recv(64)
        self.came = True
        self._window.close()

    def forget(self) -> None:
        """Signals mean again what they meant before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        self._heard.setEnabled(False)
        self._reading.close()
        self._writing.close()
