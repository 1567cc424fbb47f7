"""The customer display: the window on the second monitor, where it belongs, and when a result leaves it."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, SignalInstance, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QResizeEvent, QScreen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.checkout.views import PaymentView
from pos_app.clock import Clock
from pos_app.ui.facing import NOBODY, RESULTS, Facing, Page, facing
from pos_app.ui.look import Look
from pos_app.ui.screens.customer_pages import CustomerPages
from pos_app.ui.theme import colour_window
from pos_app.ui.widgets.pages import Pages
from pos_app.words import Language, Text

RESULT_MS = 5_000
"""How long a result stands there."""
WINDOW_SIZE = (800, 600)


class Place(Protocol):
    """What the display must know of where it stands."""

    @property
    def store(self) -> str:
        """The shop's name."""
        ...

    @property
    def note(self) -> Text | None:
        """That no real money moves, where none does."""
        ...

    @property
    def customer_screen(self) -> str:
        """`settings.DisplaySettings.screen`."""
        ...

    @property
    def customer_words(self) -> str:
        """`settings.DisplaySettings.words`."""
        ...


class Sale(Protocol):
    """What the display follows: the sale screen."""

    @property
    def turned(self) -> SignalInstance:
        """Tells that the facts may have changed."""
        ...

    def facts(self) -> tuple[int, PaymentView | None, int, str, int | None]:
        """Amount, payment on the stage, until when its code can be scanned (monotonic), by which way, cash given."""
        ...


class CustomerWindow(QWidget):
    """The window that the customer looks at. Takes no focus, no key and no click.

    Args:
        words: "vi_en", "vi" or "en".
        store: the shop's name.
        note: that no real money moves, where none does.
        closed: called when somebody closed the window.
    """

    def __init__(
        self, look: Look, clock: Clock, *, words: str, store: str, note: Text | None, closed: Callable[[], None]
    ) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus)
        self._tills_look, self._clock, self._closed = look, clock, closed
        self.look = Look(Language.EN if words == "en" else Language.VI, look.theme, motion=look.motion)
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.setWindowTitle(store)
        self.setMinimumSize(640, 480)
        self._facing = NOBODY
        self._shown = NOBODY
        self.made = CustomerPages(self.look, clock, both=words == "vi_en", store=store, note=note)
        self.pages = Pages(self.look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self._rest_timer = QTimer(self)
        self._rest_timer.setSingleShot(True)
        self._rest_timer.setInterval(RESULT_MS)
        self._rest_timer.timeout.connect(self._rest)
        look.changed.connect(self._follow_theme)
        self.look.changed.connect(self._dress)
        self._dress()
        self._turn(NOBODY)

    @property
    def shown(self) -> Facing:
        """What stands there now."""
        return self._shown

    def face(self, seen: Facing) -> None:
        """Show the customer where the sale stands. A result stands for its time, unless the next sale begins."""
        before, self._facing = self._facing, seen
        if seen == before:
            return
        resting = self._shown.page is Page.IDLE
        same_result = seen.page in RESULTS and (seen.page, seen.payment) == (before.page, before.payment)
        if (seen.page is Page.IDLE and self._rest_timer.isActive()) or (same_result and resting):
            return
        if seen.page not in RESULTS:
            self._rest_timer.stop()
        elif not same_result:
            self._rest_timer.start()
        self._turn(seen)

    @Slot()
    def _rest(self) -> None:
        self._turn(NOBODY)

    def _turn(self, seen: Facing) -> None:
        self._shown = seen
        self.pages.turn_to(self.made.page_for(seen))

    @Slot()
    def _follow_theme(self) -> None:
        self.look.wear(self._tills_look.theme)

    @Slot()
    def _dress(self) -> None:
        colour_window(self, self.look.tokens)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the measures for this size: it is read from further away than the till, so a step larger."""
        self.look.fit(min(self.width() * 134, self.height() * 178) // 100)
        self.made.fit(self.width(), self.height())
        super().resizeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closed by hand is turned off."""
        super().closeEvent(event)
        if event.spontaneous():
            self._closed()


def second_screen(screens: list[QScreen], tills: QScreen) -> QScreen | None:
    """The first monitor that shows nothing of the till's own; a mirrored one would hide the till."""
    return next((one for one in screens if not one.geometry().intersects(tills.geometry())), None)


class CustomerDisplay(QObject):
    """Opens the window where it belongs, follows monitors that come and go, and feeds it from the sale.

    Args:
        screen: "auto", "window" or "off", as the settings say.
        make: makes the window when it is first wanted.
        changed: called when it was opened or closed.
    """

    def __init__(
        self, till: QWidget, sale: Sale, *, screen: str, make: Callable[[Callable[[], None]], CustomerWindow],
        changed: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__(till)
        self._till, self._sale, self._make, self._changed = till, sale, make, changed
        self._on, self._in_a_window = screen != "off", screen == "window"
        self.window: CustomerWindow | None = None
        sale.turned.connect(self._follow)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)  # noqa: S101 - for the type checker
        app.screenAdded.connect(self._place)
        app.screenRemoved.connect(self._place)
        app.primaryScreenChanged.connect(self._place)
        handle = till.windowHandle()
        if handle is not None:
            handle.screenChanged.connect(self._place)
        self._place()

    @property
    def is_open(self) -> bool:
        """Whether the customer sees something."""
        return self.window is not None and self.window.isVisible()

    def toggle(self) -> None:
        """Turn it on, in a window where there is no second monitor, or off."""
        self._on = not self.is_open
        self._in_a_window = self._on
        self._place()

    def close(self) -> None:
        """The till closes."""
        self._on = False
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()
            self.window = None

    @Slot()
    def _place(self) -> None:
        """Where it belongs now: the second monitor, else a window of its own if one is wanted, else nowhere."""
        other = second_screen(QGuiApplication.screens(), self._till.screen()) if self._on else None
        if self._on and (other is not None or self._in_a_window):
            self._open(other)
        elif self.window is not None:
            self.window.hide()
        self._changed()

    def _open(self, other: QScreen | None) -> None:
        if self.window is None:
            self.window = self._make(self.toggle)
            self._follow()
        window = self.window
        if other is not None:
            window.setWindowFlag(Qt.WindowType.FramelessWindowHint, on=True)
            window.setScreen(other)
            window.setGeometry(other.geometry())
            window.showFullScreen()
        elif window.isFullScreen() or not window.isVisible():
            window.setWindowFlag(Qt.WindowType.FramelessWindowHint, on=False)
            window.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, on=True)
            room = self._till.screen().availableGeometry()
            window.showNormal()
            window.resize(*WINDOW_SIZE)
            window.move(room.right() - WINDOW_SIZE[0] - 24, room.bottom() - WINDOW_SIZE[1] - 48)

    @Slot()
    def _follow(self) -> None:
        if self.window is not None:
            self.window.face(facing(*self._sale.facts()))


def open_customer_display(
    till: QWidget, sale: Sale, look: Look, clock: Clock, place: Place, *, changed: Callable[[], None]
) -> CustomerDisplay:
    """The customer display of a till, open where the settings want it."""

    def make(closed: Callable[[], None]) -> CustomerWindow:
        return CustomerWindow(
            look, clock, words=place.customer_words, store=place.store, note=place.note, closed=closed
        )

    return CustomerDisplay(till, sale, screen=place.customer_screen, make=make, changed=changed)
