"""Opens the window first and builds the till behind it.

What is heavy is imported while the cashier already sees the screen; this module imports nothing but Qt and views.
"""

import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QMessageBox

from pos_app.clock import MachineClock
from pos_app.ui.bridge import Bridge
from pos_app.ui.commands import Commands
from pos_app.ui.look import Look
from pos_app.ui.main_window import MainWindow, Place
from pos_app.ui.scan_filter import ScanFilter
from pos_app.ui.sounds import Sounds
from pos_app.ui.theme import Role, Theme, load_fonts
from pos_app.words import Language, Text

CANNOT_START = 2
"""Exit code when the till could not be built."""
_CLOSE = Text("Đóng", "Close")


class _Builder(QObject):
    """Builds the till on a thread of its own, once the window is on screen, and hands it to the window."""

    built = Signal(object)

    def __init__(self, make_till: Callable[[Bridge], Commands], bridge: Bridge, window: MainWindow, look: Look) -> None:
        super().__init__()
        self._look = look
        self._make_till, self._bridge, self._window = make_till, bridge, window
        self.error: BaseException | None = None
        self._thread = Thread(target=self._build, name="build-till", daemon=True)
        self.built.connect(self._hand_over)

    def begin(self) -> None:
        """Start building."""
        self._thread.start()

    def _build(self) -> None:
        try:
            till: object = self._make_till(self._bridge)
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            till = error
        self.built.emit(till)

    @Slot(object)
    def _hand_over(self, till: Commands | BaseException) -> None:
        if isinstance(till, BaseException):
            self._fail(till)
            return
        self._window.obey(till)

    def _fail(self, error: BaseException) -> None:
        """Say in the window why there is no till, if the error has words for people; then end."""
        title, advice = getattr(error, "title", None), getattr(error, "advice", None)
        if not (isinstance(title, Text) and isinstance(advice, Text)):
            self.error = error
            QApplication.quit()
            return
        language = self._look.language
        box = QMessageBox(QMessageBox.Icon.Warning, "", title.say(language), parent=self._window)
        box.setInformativeText(advice.say(language))
        box.addButton(_CLOSE.say(language), QMessageBox.ButtonRole.AcceptRole)
        box.finished.connect(self._give_up)
        box.open()

    @Slot(int)
    def _give_up(self, _: int) -> None:
        QApplication.exit(CANNOT_START)


@contextmanager
def _ending_on_signals(window: MainWindow) -> Iterator[None]:
    """Ctrl-C and a system's wish to end close the window in order; Python alone hears them only at its next turn."""
    reading, writing = socket.socketpair()
    writing.settimeout(0)
    heard = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read)
    heard.activated.connect(window.close)
    wakeup = signal.set_wakeup_fd(writing.fileno())
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wakeup)
        heard.setEnabled(False)
        reading.close()
        writing.close()


def run(
    make_till: Callable[[Bridge], Commands], place: Place, *, language: Language = Language.VI,
    theme: Theme = Theme.LIGHT, sound: bool = True, full_screen: bool = False,
) -> int:  # fmt: skip
    """Open the window, build the till behind it, and stay until the window is closed.

    Args:
        make_till: called once, on a thread of its own, after the window is on screen; may take its time.
        place: store, till and cashier, as the head shows them.
        language: the language to begin with.
        theme: the theme to begin with.
        sound: whether the states sound.
        full_screen: whether the window covers the screen.

    Returns:
        The exit code of the program.

    Raises:
        Exception: whatever `make_till` raised; the window is closed by then.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("pos-app")
    load_fonts()
    bridge, look = Bridge(), Look(language, theme)
    # Fitted before the first widget is made: dressing the whole window twice would cost a third of its time.
    room = app.primaryScreen().availableGeometry()
    look.fit(room.width())
    app.setFont(look.size.font(Role.BODY))
    window = MainWindow(bridge, look, MachineClock(), place, Sounds(on=sound))
    # Without a window manager nothing maximizes: the size is asked for as well.
    window.setGeometry(room)
    if full_screen:
        window.showFullScreen()
    else:
        window.showMaximized()
    window.activateWindow()
    scanner = ScanFilter(app)
    # Without a window manager the window gets keys and never the focus; the filter must see them all the same.
    window.windowHandle().installEventFilter(scanner)
    scanner.scanned.connect(window.take_scan)
    builder = _Builder(make_till, bridge, window, look)
    QTimer.singleShot(0, builder.begin)
    with _ending_on_signals(window):
        code = app.exec()
    if builder.error is not None:
        raise builder.error
    return code
