"""Something that whoever stands at the till may not do alone: somebody who may types the PIN, for this one time."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from pos_app.checkout.events import PermitRefused
from pos_app.clock import Clock
from pos_app.staff.permissions import NEEDS, Right
from pos_app.staff.roles import ROLE_WORDS
from pos_app.staff.roster import Person
from pos_app.ui.look import Look
from pos_app.ui.pin_wait import PinWait
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.screens.staff_pages import PinPage
from pos_app.words import Text

_TITLES = {
    Right.REPORTS: Text("Xem báo cáo", "To see the reports"),
    Right.EXPORT: Text("Xuất tệp", "To export a file"),
    Right.SETTINGS: Text("Đổi cài đặt", "To change the settings"),
}
_HOW = Text("{role} chọn tên và gõ PIN, cho lần này.", "{role}: choose your name and type the PIN, for this time.")
_DO = Text("Cho phép", "Allow")


class PermitScreen(OtherScreen):
    """One PIN for one thing.

    Signals:
        declines: it is not allowed.
    """

    declines = Signal()

    def __init__(self, look: Look, clock: Clock) -> None:
        super().__init__()
        self._look = look
        self._right = Right.REPORTS
        self._wait = PinWait(clock, self)
        self._outer = QHBoxLayout(self)
        self.page = PinPage(look, back=self.declines.emit, on=self.allow)
        self.page.pin.changed.connect(self._check)
        self.page.who.chosen.connect(self.page.pin.forget)
        self.page.setFixedWidth(620)
        self._outer.addWidget(self.page)
        self._wait.changed.connect(self._check)
        self.begins_at = self.page.pin
        look.changed.connect(self._dress)
        self._dress()

    def ask(self, right: Right, people: tuple[Person, ...]) -> None:
        """One of these people may allow it."""
        self._right = right
        self._wait.forget()
        self.page.begin(_TITLES[right], self._how, signers=people)
        self._check()

    @property
    def _how(self) -> Text:
        return _HOW.fill(role=ROLE_WORDS[NEEDS[self._right]])

    def show_refused(self, refused: PermitRefused) -> None:
        """Not the PIN, or too early."""
        self._wait.refuse(refused, refused.wait_s)

    @Slot()
    def allow(self) -> None:
        """Hand the PIN over, once."""
        if self._commands is None or self._wait.closed or not self.page.pin.complete:
            return
        self._commands.permit(self._right, by=self.page.signer, pin=self.page.pin.take())
        self._wait.check()

    @Slot()
    def _check(self) -> None:
        closed = self._wait.closed
        self.page.pin.close_for_now(closed=closed)
        self.page.pad.setEnabled(not closed)
        self.page.open_next(on=self.page.pin.complete and not closed, text=_DO)
        said, wrong = self._wait.words(self._how)
        self.page.say(said, wrong=wrong)

    def press(self, event: QKeyEvent) -> bool:
        """Digits go to the PIN, the arrows choose who, Enter allows."""
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.allow()
        else:
            return self.page.press(event)
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        """No digit of a PIN outlives the sight of it."""
        self.page.pin.forget()
        super().hideEvent(event)

    @Slot()
    def _dress(self) -> None:
        gap = self._look.size.gap
        self._outer.setContentsMargins(gap, gap, gap, gap)
