"""The window of the first start, and of the settings afterwards: while it is there, no till is open."""

from contextlib import suppress
from enum import Enum, auto

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import delete

from pos_app.clock import Clock, MachineClock
from pos_app.payments.environment import Environment
from pos_app.scanning.source import Scan
from pos_app.setting_up import pages
from pos_app.setting_up.standing import lacks_keys
from pos_app.settings import (
    FILE_NAME,
    Settings,
    SettingsError,
    data_folder,
    home_folder,
    load,
    save,
    use_environment,
)
from pos_app.ui.look import Look
from pos_app.ui.qt_words import QtWords
from pos_app.ui.scan_filter import ScanFilter
from pos_app.ui.setting_up.choice import ChoicePage
from pos_app.ui.setting_up.course import Course
from pos_app.ui.setting_up.page import Draft
from pos_app.ui.setting_up.restore_page import RestorePage
from pos_app.ui.theme import Role, Theme, colour_window, load_fonts
from pos_app.ui.widgets.focus_ring import FocusRing
from pos_app.ui.widgets.label import Frame, Label
from pos_app.ui.widgets.pages import Pages
from pos_app.ui.widgets.tabs import Tabs
from pos_app.words import Language, Text, same

WIDTH_MIN, HEIGHT_MIN = 1024, 768
_SOON_MS = 100
_TITLE = Text("Bắt đầu", "Welcome")
_SETTINGS = Text("Cài đặt", "Settings")


class Ended(Enum):
    """How the window ended."""

    GIVEN_UP = auto()
    """It was closed: no till opens."""
    OPEN_TILL = auto()
    """What was chosen is done: the till opens with the settings as they are kept now."""
    NEW_KEYS = auto()
    """The same, and keys were entered: it opens with these, whatever was asked for before."""
    BY_SIGNAL = auto()
    """The system, or Ctrl-C, closed it: the program is to end, whatever was open before."""


class FirstStart(QWidget):
    """Three choices, and where each leads.

    Args:
        settings: to begin with; at the first start its store is an example's, and not offered as the user's own.
        afterwards: the till was set up before: its settings, page by page.

    Attributes:
        ended: how it ended.
    """

    def __init__(self, look: Look, clock: Clock, settings: Settings, *, afterwards: bool = False) -> None:
        super().__init__()
        self._look, self._clock = look, clock
        self.ended = Ended.GIVEN_UP
        named = afterwards or (home_folder() / FILE_NAME).exists()
        blank = settings.shop if named else settings.shop._replace(store="", till="01", cashier="")
        self.draft = Draft(clock, settings._replace(shop=blank), afterwards=afterwards)
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(WIDTH_MIN, HEIGHT_MIN)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head(look, _SETTINGS if afterwards else _TITLE))
        self._pages = Pages(look)
        self._body = QVBoxLayout()
        self._body.addWidget(self._pages)
        column.addLayout(self._body, 1)
        self.choice = ChoicePage(look, self.try_it, self.set_up, self.restore)
        self.choice.setParent(self)  # also where it is never shown: it goes with the window
        self.choice.hide()
        self.course: Course | None = None
        self._restore: RestorePage | None = None
        self._ring = FocusRing(look, self)
        look.changed.connect(self._dress)
        self._dress()
        if afterwards:
            self._lead(pages.AFTERWARDS)
        elif lacks_keys():
            self._enter_keys()
        else:
            self._pages.turn_to(self.choice)
            self.setFocus()

    @Slot()
    def take_the_keys(self) -> None:
        """Where no field of the first page has them already."""
        now: QWidget | None = self.focusWidget()
        if now is None:
            self.setFocus()

    def _head(self, look: Look, title: Text) -> QWidget:
        head = Frame("head")
        row = QHBoxLayout(head)
        row.setContentsMargins(24, 4, 16, 4)
        row.addWidget(Label(look, Role.STORE, title))
        row.addStretch(1)
        self.languages = Tabs(look, {"vi": same("Tiếng Việt"), "en": same("English")})
        self.languages.chosen.connect(self._speak)
        row.addWidget(self.languages)
        self._title = title
        return head

    # --- the three ways --------------------------------------------------------------------------------------------

    def try_it(self) -> None:
        """The demo, whatever was entered before. A language that was chosen here is kept, and nothing else changed."""
        use_environment(Environment.BUILT_IN)
        with suppress(OSError, SettingsError):  # the demo opens all the same, and says of the disk what is to be said
            kept = load(home_folder())
            if self._look.language is not kept.look.language:
                save(kept._replace(look=kept.look._replace(language=self._look.language)), home_folder())
        self.ended = Ended.OPEN_TILL
        self.close()

    def set_up(self) -> None:
        """One page for each thing."""
        use_environment(None)
        self._lead(pages.FIRST)

    def restore(self) -> None:
        """A backup."""
        page = self._restore
        if page is None:
            page = self._restore = RestorePage(self._look, self.draft)
            page.left.connect(self._choose_again)
            page.restored.connect(self._restored)
        self._pages.turn_to(page)
        page.begin()

    def _enter_keys(self) -> None:
        """Real payments were begun or restored here, and then no keys came: on from there."""
        self.draft.restored = True
        self._lead(self._with_keys())
        if self.course is not None and self.draft.settings.shop.store:
            self.course.turn_to(pages.PageId.KEYS if self._guarded else pages.PageId.PIN)

    @property
    def _guarded(self) -> bool:
        """Whether the owner has a PIN where the till will open."""
        return self.draft.pins_in(data_folder()).is_set

    def _with_keys(self) -> tuple[pages.Page, ...]:
        """The pages after a restore; a PIN that is set is not set again."""
        return tuple(one for one in pages.RESTORED if not (one is pages.PIN and self._guarded))

    @Slot()
    def _choose_again(self) -> None:
        if self.draft.afterwards:
            self._end()
            return
        use_environment(None)
        if self.draft.restored:
            self.close()
            return
        self._pages.turn_to(self.choice)
        self.setFocus()

    @Slot(object)
    def _restored(self, backup: object) -> None:
        """Its till keeps its number; keys and PIN are entered again, where it had any."""
        from pos_app.journal.backup import Backup  # noqa: PLC0415 - dear to import

        assert isinstance(backup, Backup)  # noqa: S101 - for the type checker
        self.draft.restored = True
        shop = self.draft.settings.shop
        self.draft.settings = self.draft.settings._replace(shop=shop._replace(till=backup.till))
        try:
            self.draft.save()  # its number is kept from here on, whatever comes of the pages
            kept = True
        except OSError:
            kept = False
        if backup.environment is Environment.BUILT_IN:
            self._lead((pages.STORE, *(one for one in pages.RESTORED if one not in (pages.STORE, pages.KEYS))))
        else:
            self._lead(self._with_keys())
        if not kept and self.course is not None:
            self.course.show_trouble()

    def _lead(self, through: tuple[pages.Page, ...]) -> None:
        if self.course is not None and self.course.through != through:
            self.course.stop()
            self.course.deleteLater()
            self.course = None
            self.draft.done.clear()
        if self.course is None:
            self.course = Course(self._look, self.draft, through)
            self.course.left.connect(self._choose_again)
            self.course.finished.connect(self._finished)
        self._pages.turn_to(self.course)
        self.course.begin()

    @Slot()
    def _finished(self) -> None:
        """All pages are done or left: the settings are kept, and the till opens."""
        language, settings = self._look.language, self.draft.settings
        self.draft.settings = settings._replace(look=settings.look._replace(language=language))
        try:
            self.draft.save()
        except OSError:
            if self.course is not None:
                self.course.show_trouble()
            return
        self._end()

    def _end(self) -> None:
        self.ended = Ended.OPEN_TILL if self.draft.keys_for is None else Ended.NEW_KEYS
        self.close()

    # --- look, keys, life ------------------------------------------------------------------------------------------

    @Slot(str)
    def _speak(self, language: str) -> None:
        self._look.speak(Language(language))

    @Slot()
    def _dress(self) -> None:
        colour_window(self, self._look.tokens)
        self.setWindowTitle(self._look.say(self._title))
        self.languages.show_chosen(self._look.language.value)
        gap = self._look.size.gap
        self._body.setContentsMargins(gap, 12, gap, gap)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the measures for this width."""
        self._look.fit(self.width())
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The page's keys; a key that is held down means nothing more."""
        page = self._pages.currentWidget()
        repeats = event.isAutoRepeat() and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if repeats or not (isinstance(page, ChoicePage | Course | RestorePage) and page.press(event)):
            super().keyPressEvent(event)

    @Slot(object)
    def take_scan(self, scan: Scan) -> None:
        """The hand-held scanner read something."""
        if self.course is not None and self.course.page is not None and self._pages.currentWidget() is self.course:
            self.course.page.scanned(scan.text)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Devices are let go. Nothing is closed half done, and no recovery code before it was written down."""
        page = self._pages.currentWidget()
        if isinstance(page, Course | RestorePage) and page.busy:
            event.ignore()
            if not event.spontaneous():  # the program is to end: once this is done
                QTimer.singleShot(_SOON_MS, self.close)
            return
        if self.course is not None:
            if event.spontaneous() and self.course.holds_a_code:
                event.ignore()
                return
            self.course.stop()
        if self.draft.afterwards and self.draft.keys_for is not None:
            self.ended = Ended.NEW_KEYS  # they are in use, however this is left
        super().closeEvent(event)


def open_first_start(settings: Settings, *, afterwards: bool = False) -> Ended:
    """Open the window and stay until it is closed.

    Args:
        settings: to begin with.
        afterwards: the till was set up before: its settings.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([])
    app.setApplicationName("pos-app")
    load_fonts()
    kept = settings.look
    look = Look(kept.language, Theme(kept.theme), text=kept.text, motion=not kept.reduce_motion)
    QtWords(look)
    room = app.primaryScreen().availableGeometry()
    look.fit(room.width())
    app.setFont(look.size.font(Role.BODY))
    window = FirstStart(look, MachineClock(), settings, afterwards=afterwards)
    window.setGeometry(room)
    window.showMaximized()
    window.activateWindow()
    scanner = ScanFilter(app)
    window.windowHandle().installEventFilter(scanner)
    scanner.scanned.connect(window.take_scan)
    from pos_app.ui.closing import EndingOnSignals  # noqa: PLC0415 - as the till's window does

    signals = EndingOnSignals(window)
    QTimer.singleShot(0, window.take_the_keys)
    app.exec()
    signals.forget()
    delete(scanner)  # the till's window has one of its own
    ended = Ended.BY_SIGNAL if signals.came else window.ended
    delete(window)
    return ended
