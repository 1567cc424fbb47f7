"""Opens the window first and builds the till behind it.

What is heavy is imported while the cashier already sees the screen; this module imports nothing but Qt and views.
"""

import gc
import sys
from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

import pos_app.ui.plain_import  # noqa: F401 - before what is imported after it
from pos_app.clock import MachineClock
from pos_app.resources import resource
from pos_app.ui.bridge import Bridge
from pos_app.ui.look import Look
from pos_app.ui.main_window import MainWindow
from pos_app.ui.place import Place
from pos_app.ui.qt_words import QtWords
from pos_app.ui.sounds import Sounds
from pos_app.ui.theme import Role, Theme, load_fonts
from pos_app.words import Language, Text

if TYPE_CHECKING:
    from pos_app.ui.cannot_start import Ask
    from pos_app.ui.closing import EndingOnSignals
    from pos_app.ui.commands import Commands
    from pos_app.ui.scan_filter import ScanFilter
    from pos_app.ui.speech import Speech

CANNOT_START = 2
"""Exit code when the till could not be built."""
OPEN_SETTINGS = -1
"""No exit code: the till is closed, its settings are wanted, and then it opens again."""


class _Builder(QObject):
    """Builds the till on a thread of its own, once the window is on screen, and hands it to the window."""

    built = Signal(object)

    def __init__(  # noqa: PLR0913 - what may help, one after the other
        self,
        make_till: "Callable[[Bridge], Commands]",
        bridge: Bridge,
        window: MainWindow,
        look: Look,
        *,
        take_over: "Callable[[Bridge, str], Commands] | None",
        unlock: "Callable[[Bridge, str], Commands] | None",
        agree: "Callable[[Bridge, str], Commands] | None",
    ) -> None:
        super().__init__()
        self._make_till, self._bridge, self._window, self._look = make_till, bridge, window, look
        self._take_over, self._unlock, self._agree = take_over, unlock, agree
        self._asked: tuple[Callable[[Bridge, str], Commands] | None, Ask | None] = (None, None)
        self._again: Callable[[], None] | None = None
        self.error: BaseException | None = None
        self.built.connect(self._hand_over)

    def begin(self) -> None:
        """Start building."""
        Thread(target=self._build, args=(self._make_till,), name="build-till", daemon=True).start()

    def _build(self, make_till: "Callable[[Bridge], Commands]") -> None:
        try:
            till: object = make_till(self._bridge)
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            till = error
        self.built.emit(till)

    @Slot(object)
    def _hand_over(self, till: "Commands | BaseException") -> None:
        if isinstance(till, BaseException):
            self._fail(till)
            return
        self._again = None
        self._window.obey(till)

    def _fail(self, error: BaseException) -> None:
        """Say in the window why there is no till, if the error has words for people; then end."""
        title, advice = getattr(error, "title", None), getattr(error, "advice", None)
        if not (isinstance(title, Text) and isinstance(advice, Text)):
            self.error = error
            QApplication.quit()
            return
        from pos_app.journal.errors import MovedJournalError, UnconfirmedAccountError  # noqa: PLC0415 - only for bad news
        from pos_app.keys.errors import PassphraseNeededError  # noqa: PLC0415
        from pos_app.staff.errors import LockedError, PinError, WaitError  # noqa: PLC0415
        from pos_app.ui.cannot_start import AGREE, TAKE_OVER, UNLOCK, CannotStart  # noqa: PLC0415

        helped = {
            MovedJournalError: (self._take_over, TAKE_OVER),
            PassphraseNeededError: (self._unlock, UNLOCK),
            UnconfirmedAccountError: (self._agree, AGREE),
        }
        if not isinstance(error, PinError):  # after a wrong one, the same is asked again
            self._asked = next((way for kind, way in helped.items() if isinstance(error, kind)), (None, None))
        build, ask = self._asked
        go_on = partial(self._go_on, build) if build is not None and not isinstance(error, LockedError) else None
        said = CannotStart(self._window, self._look.language, closed=_give_up, go_on=go_on, ask=ask or TAKE_OVER)
        if isinstance(error, WaitError) and self._again is not None:
            said.count_down(title, error.wait_s, self._again)
        else:
            said.say(title, advice)
        self._again = None

    def _go_on(self, make_till: "Callable[[Bridge, str], Commands]", secret: str) -> None:
        """Somebody who may typed what it takes: a copied journal goes on here, the keys open, the account is right."""

        def build(bridge: Bridge) -> "Commands":
            return make_till(bridge, secret)

        self._again = partial(self._go_on, make_till, secret)  # forgotten once it is known what came of it
        Thread(target=self._build, args=(build,), name="build-till", daemon=True).start()


def _give_up() -> None:
    QApplication.exit(CANNOT_START)


class _FirstPaint(QObject):
    """Brings in what the cashier does not see, right after the window was painted for the first time."""

    def __init__(self, window: MainWindow, builder: _Builder, shown: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._builder, self._shown = window, builder, shown
        self._signals: EndingOnSignals | None = None
        self._scanner: ScanFilter | None = None
        window.windowHandle().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The exposure paints; what is queued now comes after it."""
        if event.type() == QEvent.Type.Expose:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._painted)
        return False

    @Slot()
    def _painted(self) -> None:
        self._shown()
        from pos_app.ui.closing import EndingOnSignals  # noqa: PLC0415 - not before the first paint
        from pos_app.ui.scan_filter import ScanFilter  # noqa: PLC0415

        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101 - for the type checker
        self._scanner = scanner = ScanFilter(app)
        # Without a window manager the window gets keys and never the focus; the filter must see them all the same.
        self._window.windowHandle().installEventFilter(scanner)
        scanner.scanned.connect(self._window.take_scan)
        self._signals = EndingOnSignals(self._window)
        gc.enable()
        self._builder.begin()

    def end(self) -> bool:
        """The window is closed; another may come in its place, with a filter of its own. True for the system's wish."""
        if self._scanner is not None:
            delete(self._scanner)
        if self._signals is not None:
            self._signals.forget()
        return self._signals is not None and self._signals.came


def _speech() -> "Speech":
    from pos_app.ui.speech import Speech  # noqa: PLC0415 - only where it is switched on

    return Speech()


def run(  # noqa: PLR0913 - what can be chosen, by keyword
    make_till: "Callable[[Bridge], Commands]", place: Place, *, language: Language = Language.VI,
    theme: Theme = Theme.LIGHT, text: int = 100, motion: bool = True, sound: bool = True, speak: bool = False,
    full_screen: bool = False, take_over: "Callable[[Bridge, str], Commands] | None" = None,
    unlock: "Callable[[Bridge, str], Commands] | None" = None,
    agree: "Callable[[Bridge, str], Commands] | None" = None, shown: Callable[[], None] = lambda: None,
) -> int:  # fmt: skip
    """Open the window, build the till behind it, and stay until the window is closed.

    Args:
        make_till: called once, on a thread of its own, after the window is on screen; may take its time.
        place: store, till and cashier, as the head shows them.
        language: the language to begin with.
        theme: the theme to begin with, unless the system wants strong contrast.
        text: how large the small texts are, in percent.
        motion: whether one stage fades into the next.
        sound: whether the states sound.
        speak: whether a paid amount is said aloud.
        full_screen: whether the window covers the screen.
        take_over: builds the till on a journal that was copied here, with the manager's PIN; None where nobody may.
        unlock: builds the till with the passphrase of the keys; None where they have none.
        agree: builds the till with the shop's own account as it is now, with the owner's PIN; None where nobody may.
        shown: called when the window has been painted for the first time.

    Returns:
        The exit code of the program, or `OPEN_SETTINGS`.

    Raises:
        Exception: whatever `make_till` raised; the window is closed by then.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("pos-app")
    app.setDesktopFileName("pos-app")  # by which a desktop knows whose window it is
    app.setWindowIcon(QIcon(str(resource("app", "pos-app.png"))))
    load_fonts()
    hints = app.styleHints()  # held: what it tells of lives no longer than it
    strong = hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast
    bridge, look = Bridge(), Look(language, Theme.CONTRAST if strong else theme, text=text, motion=motion)
    QtWords(look)
    # Fitted before the first widget is made: dressing the whole window twice would cost a third of its time.
    room = app.primaryScreen().availableGeometry()
    look.fit(room.width())
    app.setFont(look.size.font(Role.BODY))
    window = MainWindow(bridge, look, MachineClock(), place, Sounds(on=sound), speech=_speech() if speak else None)
    # Without a window manager nothing maximizes: the size is asked for as well.
    window.setGeometry(room)
    if full_screen:
        window.showFullScreen()
    else:
        window.showMaximized()
    window.activateWindow()
    builder = _Builder(make_till, bridge, window, look, take_over=take_over, unlock=unlock, agree=agree)
    watch = _FirstPaint(window, builder, shown)
    code = app.exec()
    ended = watch.end()
    if builder.error is not None:
        raise builder.error
    return OPEN_SETTINGS if window.opens_settings and not ended else code
