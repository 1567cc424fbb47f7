"""The pages one after the other: a strip that shows how far one is, the page, and a foot with the way back and on."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.setting_up.pages import Page, PageId
from pos_app.ui.look import Look
from pos_app.ui.setting_up.device_pages import CameraPage, PrinterPage, ScannerPage
from pos_app.ui.setting_up.keys_page import KeysPage
from pos_app.ui.setting_up.page import CANNOT_SAVE, Draft, SetUpPage
from pos_app.ui.setting_up.pin_page import PinPage
from pos_app.ui.setting_up.plain_pages import HabitsPage, StorePage, WaysPage
from pos_app.ui.setting_up.summary import Summary
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import Frame, Label
from pos_app.ui.widgets.pages import Pages
from pos_app.ui.widgets.tabs import Tabs
from pos_app.ui.widgets.text_room import TextRoom
from pos_app.words import NOTHING, Text

MADE: dict[PageId, Callable[[Look, Draft], SetUpPage]] = {
    PageId.STORE: StorePage, PageId.KEYS: KeysPage, PageId.CAMERA: CameraPage, PageId.SCANNER: ScannerPage,
    PageId.PRINTER: PrinterPage, PageId.PIN: PinPage, PageId.HABITS: HabitsPage, PageId.WAYS: WaysPage,
}  # fmt: skip
_NEXT, _SAVE, _LATER = Text("Tiếp", "Next"), Text("Lưu, sang trang", "Save, next page"), Text("Để sau", "Later")
_FINISH = Text("Lưu và mở máy", "Save and open the till")
_OPEN = Text("Mở máy bán hàng", "Open the till")
_OPEN_DEMO = Text("Mở bản dùng thử", "Open the demo")
_ENTER_KEYS = Text("Nhập khóa", "Enter the keys")


class Strip(QWidget):
    """The pages by number and word: those done with a tick, the one that is shown in the accent's colour."""

    chosen = Signal(str)

    def __init__(self, look: Look, pages: tuple[Page, ...]) -> None:
        super().__init__()
        self._marks: list[tuple[Page, Disc, Label]] = []
        self._look = look
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        for place, page in enumerate(pages, start=1):
            disc = Disc(look, 28, "sunk", "text2", figure=str(place))
            word = Label(look, Role.LABEL, page.word, ink="text2")
            row.addWidget(disc)
            row.addWidget(word)
            if place < len(pages):
                row.addStretch(1)
            self._marks.append((page, disc, word))

    def show_at(self, now: PageId | None, done: set[PageId]) -> None:
        """Show which page it is, and which are done."""
        for place, (page, disc, word) in enumerate(self._marks, start=1):
            here = page.id is now
            word.set_ink("accent_text" if here else "text" if page.id in done else "text2")
            if page.id in done and not here:
                disc.show_sign(fill="accent_soft", ink="accent", icon="tick")
            else:
                disc.show_number(str(place), fill="accent" if here else "pressed", ink="on_accent" if here else "text")


class Course(QWidget):
    """Leads through the pages.

    Attributes:
        through: which, in their order.

    Signals:
        finished: the last page is done, or left for later.
        left: back from the first page.
    """

    finished = Signal()
    left = Signal()

    def __init__(self, look: Look, draft: Draft, pages: tuple[Page, ...]) -> None:
        super().__init__()
        self._look = look = look.beside()
        self._room = TextRoom(self, look)
        self.draft, self.through = draft, pages
        self._made: dict[PageId, SetUpPage] = {}
        self._place = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._strip: Strip | Tabs
        if draft.afterwards:
            self._strip = Tabs(look, {page.id.value: page.word for page in pages}, side=10)
        else:
            self._strip = Strip(look, pages)
        self._strip.chosen.connect(self._go_to)
        column.addWidget(self._strip)
        card = Frame("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        self._stack = Pages(look)
        inside.addWidget(self._stack, 1)
        self._foot = self._make_foot(look)
        inside.addWidget(self._foot)
        column.addWidget(card, 1)
        self.summary: Summary | None = None

    def _make_foot(self, look: Look) -> QWidget:
        foot = Frame("buttons")
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 12, 24, 14)
        row.setSpacing(12)
        self._back = Button(look, Text("Quay lại", "Back"), self.back, cap="Esc")
        later, act = (_FINISH, self.finish) if self.draft.afterwards else (_LATER, self.leave_for_later)
        self._later = Button(look, later, act, cap="F10" if self.draft.afterwards else "F6")
        self._next = Button(look, _NEXT, self.go_on, kind="primary", cap="Enter")
        self._said = Label(look, Role.BODY_STRONG, ink="red_text", wrap=True)
        self._said.hide()
        row.addWidget(self._back)
        row.addWidget(self._said, 4)
        row.addStretch(1)
        row.addWidget(self._later)
        row.addWidget(self._next)
        return foot

    @property
    def page(self) -> SetUpPage | None:
        """The page that is shown; None for the summary."""
        widget = self._stack.currentWidget()
        return widget if isinstance(widget, SetUpPage) else None

    @property
    def busy(self) -> bool:
        """Whether the page must not be left now."""
        return self.page is not None and self.page.busy

    def begin(self) -> None:
        """From the first page."""
        self._turn_to(0)

    def turn_to(self, page: PageId) -> None:
        """Straight to one page."""
        self._turn_to(next(place for place, one in enumerate(self.through) if one.id is page))

    def _turn_to(self, place: int) -> None:
        self._show_said(NOTHING)
        if place == len(self.through) and self.draft.afterwards:
            self.finished.emit()  # the page stays until the settings are stored
            return
        if self.page is not None:
            self.page.leave()
        self._place = place
        self._room.begin()
        if place == len(self.through):
            self._sum_up()
            return
        described = self.through[place]
        page = self._made.get(described.id) or self._make(described.id)
        self._stack.turn_to(page)
        self._show_place(described.id)
        self._foot.setVisible(described.id is not PageId.PIN)
        self._later.setVisible(described.later or self.draft.afterwards)
        self._next.show_text(_SAVE if self.draft.afterwards else _NEXT)
        page.begin()

    def _show_place(self, now: PageId | None) -> None:
        if isinstance(self._strip, Strip):
            self._strip.show_at(now, self.draft.done)
        else:
            self._strip.show_chosen(now or "")

    @Slot(str)
    def _go_to(self, page: str) -> None:
        """Afterwards, to any page; what was typed on this one is taken along if it can be."""
        now = self.page

        def done() -> None:
            if self._kept():
                self.turn_to(PageId(page))

        if now is None or (isinstance(now, KeysPage) and not now.busy):
            self.turn_to(PageId(page))
        else:
            now.go_on(done)
        if now is not None and self.page is now:
            self._show_place(now.page.id)

    def _kept(self) -> bool:
        """Afterwards each page is kept by itself; at the first start all of them at the end."""
        return not self.draft.afterwards or self._keep()

    def _keep(self) -> bool:
        try:
            self.draft.save()
        except OSError:
            self.show_trouble()
            return False
        return True

    def finish(self) -> None:
        """Afterwards: what is typed here counts, and the till opens."""

        def done() -> None:
            self.finished.emit()

        if self.page is not None:
            self.page.go_on(done)

    def _make(self, which: PageId) -> SetUpPage:
        page = self._made[which] = MADE[which](self._look, self.draft)
        page.go_on_asked = self.go_on
        if isinstance(page, PinPage):
            page.later_asked = self.leave_for_later
        return page

    def _sum_up(self) -> None:
        self.summary = Summary(self._look, self.draft, self.through)
        self._stack.turn_to(self.summary)
        self._show_place(None)
        self._foot.show()
        self._later.hide()
        opens = _OPEN if self.summary.is_real else _OPEN_DEMO
        self._next.show_text(_ENTER_KEYS if self.summary.lacks_keys else opens)
        self._next.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.summary.lacks_keys:  # the window may be closed here, and what was filled in is not asked again
            self._keep()

    def go_on(self) -> None:
        """Enter: the next page, once this one is done."""
        page = self.page
        if page is None and self.summary is not None and self.summary.lacks_keys:
            self.turn_to(PageId.KEYS)
            return
        if page is None:
            self.finished.emit()
            return
        place, told = self._place, page.trial.told if page.trial is not None else None

        def done() -> None:
            self.draft.done.add(page.page.id)
            self.draft.wrong.pop(page.page.id, None)
            if told is not None and not told.well:
                self.draft.wrong[page.page.id] = told.said
            if self._kept() and self._place == place:
                self._turn_to(place + 1)

        page.go_on(done)

    def leave_for_later(self) -> None:
        """The next page, with nothing of this one taken."""
        if self.page is not None and self.page.page.later and not self.busy:
            self._turn_to(self._place + 1)

    def back(self) -> None:
        """Esc: the page before."""
        if self.busy:
            return
        if self._place == 0 or self.draft.afterwards:
            if self.page is not None:
                self.page.leave()
            self.left.emit()
            return
        place = self._place - 1
        if self.through[place].id is PageId.PIN and PageId.PIN in self.draft.done:
            place -= 1  # one that is set is not set again here
        self._turn_to(place)

    def press(self, event: QKeyEvent) -> bool:
        """Keys that no field took."""
        key, page = event.key(), self.page
        if page is not None and page.press(event):
            return True
        if isinstance(page, PinPage):
            if key == Qt.Key.Key_Escape and not page.steps.holds_a_code:
                self.leave_for_later()
            return key == Qt.Key.Key_Escape
        acts = {Qt.Key.Key_Escape: self.back, Qt.Key.Key_Return: self.go_on, Qt.Key.Key_Enter: self.go_on,
                Qt.Key.Key_F10 if self.draft.afterwards else Qt.Key.Key_F6: (
                    self.finish if self.draft.afterwards else self.leave_for_later
                )}  # fmt: skip
        act = acts.get(Qt.Key(key))
        if act is not None:
            act()
        return act is not None

    def show_trouble(self) -> None:
        """The settings could not be stored."""
        if self.summary is not None and self.page is None:
            self.summary.show_trouble()
        elif self.page is not None and self.page.trial is not None:
            self.page.trial.tell(CANNOT_SAVE)
        else:
            self._show_said(Text("{said}. {advice}", "{said}. {advice}").fill(
                said=CANNOT_SAVE.said, advice=CANNOT_SAVE.advice
            ))  # fmt: skip

    def _show_said(self, said: Text) -> None:
        """In the foot, where a page has no other place for it."""
        self._said.show_text(said)
        self._said.setVisible(bool(said.vi))

    @property
    def holds_a_code(self) -> bool:
        """Whether a recovery code stands on screen and was not written down yet."""
        page = self.page
        return isinstance(page, PinPage) and page.steps.holds_a_code

    def stop(self) -> None:
        """The window closes."""
        if self.page is not None:
            self.page.leave()
