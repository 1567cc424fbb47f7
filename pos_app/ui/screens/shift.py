"""The shift (F6): its figures so far (X), opening it, and closing it for good (Z), signed where something is not known.

What may be closed is decided by the till; here it is shown and asked for. The PIN is handed over once and gone.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from pos_app.checkout.events import PrintView, ShiftRefused, ShiftSaved, ShiftView
from pos_app.clock import Clock
from pos_app.shifts.shift import Shift
from pos_app.staff.roles import Role as StaffRole
from pos_app.staff.roster import OWNER_ID, Person
from pos_app.ui.look import Look
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.screens.results import PRINT_WORDS
from pos_app.ui.screens.shift_pages import ClosePage, DonePage, FiguresCard, OpenPage
from pos_app.ui.screens.staff_pages import PinPage
from pos_app.ui.time_left import seconds_left
from pos_app.ui.widgets.pages import Pages
from pos_app.words import NOTHING, Text

_CLOSE = Text("Chốt ca (Z)", "Close the shift")
_SIGN = Text("Ký bằng PIN", "Sign with the PIN")
_TO_SIGN = Text("Quản lý ký", "A manager signs")
_SURE = Text("Chốt rồi không sửa được nữa.", "Once closed, it cannot be changed.")
_WHY = Text("Còn thiếu: lý do.", "Missing: a reason.")
_SIGNS_WHAT = Text("{n} khoản chưa rõ chuyển sang ca sau: {why}", "{n} not known go over to the next shift: {why}")
_CHECKING = Text("Đang chốt.", "Closing.")
_SAID = Text("{title}. {advice}", "{title}. {advice}")
_WAIT = Text("{title}. Chờ {s} giây rồi nhập lại.", "{title}. Wait {s} s, then enter it again.")
_SAVED = Text("Đã lưu: {path}", "Saved: {path}")
_NAMELESS = (Person(OWNER_ID, "", StaffRole.OWNER),)


class ShiftScreen(OtherScreen):
    """One shift at a time: the running one, or the one that was just closed.

    Signals:
        wants_first_pin: somebody has to sign, and there is no PIN yet.
    """

    wants_first_pin = Signal()

    def __init__(self, look: Look, clock: Clock) -> None:
        super().__init__()
        self._look, self._clock = look, clock
        self._shift: Shift | None = None
        self._name = ""
        self._signers: tuple[Person, ...] = ()
        self._pin_is_set = False
        self._closing = False
        self._wait_until_ms = 0
        self._refused: ShiftRefused | None = None
        self._outer = QHBoxLayout(self)
        self.figures = FiguresCard(look, prints=self._print, saves=self._save)
        self.pages = Pages(look)
        self.closing = ClosePage(look, self.go_on, self._ask)
        self.opening = OpenPage(look, self._open, self._close)
        self.pin = PinPage(look, back=self.back, on=self.go_on)
        self.done = DonePage(look, self._look_again)
        for page in (self.closing, self.opening, self.pin, self.done):
            self.pages.join(page)
        self._outer.addWidget(self.figures, 7)
        self._outer.addWidget(self.pages, 5)
        self.closing.reason.changed.connect(self._check)
        self.closing.reason.entered.connect(self.go_on)
        self.pin.pin.changed.connect(self._check)
        self.pin.owner.changed.connect(self._check)
        self.pin.who.chosen.connect(self.pin.pin.forget)
        self._timer = QTimer(self, interval=250)
        self._timer.timeout.connect(self._tick)
        look.changed.connect(self._dress)
        self._dress()

    def begin(self, signers: tuple[Person, ...], *, pin_is_set: bool) -> None:
        """It was opened: look at the running shift. `signers` can sign; nobody where there are no names yet."""
        self._signers, self._pin_is_set = signers or _NAMELESS, pin_is_set
        self.closing.reason.forget()
        self._look_again()

    @Slot()
    def _look_again(self) -> None:
        self._forget()
        if self._commands is not None:
            self._commands.look_at_shift()
        self.setFocus()

    def _forget(self) -> None:
        self._closing, self._refused, self._wait_until_ms = False, None, 0
        self.pin.pin.forget()
        self._timer.stop()

    # --- what the till tells -----------------------------------------------------------------------------------------

    def receive(self, event: ShiftView | ShiftRefused | ShiftSaved) -> None:
        """A shift, or why nothing was done."""
        match event:
            case ShiftView():
                self._show(event)
            case ShiftSaved():
                self.figures.say(_SAVED.fill(path=event.path))
            case ShiftRefused():
                self._show_refused(event)

    def _show(self, view: ShiftView) -> None:
        self._forget()
        self._shift, self._name = view.shift, view.report.name
        self.figures.show_report(view.report, view.shift, self._clock.wall_ms())
        if view.shift.z_number is not None:
            page: ClosePage | OpenPage | DonePage = self.done
        elif view.shift.opened_at_ms is None and not view.shift.totals.adjustments:
            page = self.opening
        else:
            page = self.closing
        page.show_shift(view.shift)
        self.pages.turn_to(page)
        self._check()
        (self.closing.reason if page is self.closing and view.shift.totals.open else self).setFocus()

    def _show_refused(self, refused: ShiftRefused) -> None:
        self._closing, self._refused = False, refused
        self._wait_until_ms = self._clock.monotonic_ms() + refused.wait_s * 1000 if refused.wait_s else 0
        if self.pages.currentWidget() not in (self.pin, self.closing):
            self.figures.say(_SAID.fill(title=refused.title, advice=refused.advice), wrong=True)
        self._timer.start()
        self._tick()

    def show_print(self, view: PrintView) -> None:
        """How far the paper is."""
        if view.payment_id == self._name:
            self.figures.say(PRINT_WORDS[view.state])

    # --- what is done ------------------------------------------------------------------------------------------------

    @Slot()
    def go_on(self) -> None:
        """Enter."""
        page = self.pages.currentWidget()
        if page is self.opening:
            self._open()
        elif page is self.done:
            self._look_again()
        elif not self._can_go_on:
            return
        elif page is self.closing and self._shift is not None and self._shift.totals.open:
            self._to_sign()
        else:
            self._close()

    @Slot()
    def _open(self) -> None:
        if self._commands is not None:
            self._commands.open_shift()

    def _to_sign(self) -> None:
        if not self._pin_is_set:
            self.wants_first_pin.emit()
            return
        self._refused = None
        self.pages.turn_to(self.pin)
        self.pin.begin(_TO_SIGN, NOTHING, signers=self._signers)
        self._check()

    @Slot()
    def _close(self) -> None:
        if self._commands is None or self._shift is None or self._closing:
            return
        opened, self._closing, self._refused = self._shift.totals.open, True, None
        by, pin = (self.pin.signer, self.pin.pin.take()) if opened else ("", "")
        reason = self.closing.reason.text if opened else ""
        self._commands.close_shift(self._shift.number, opened, reason=reason, by=by, pin=pin)
        self._check()

    @Slot()
    def _ask(self) -> None:
        """Ask the gateway about each that is open, and look again."""
        if self._commands is not None and self._shift is not None:
            for one in self._shift.totals.open:
                self._commands.ask_now(one.number)
            QTimer.singleShot(2000, self, self._look_once_more)

    @Slot()
    def _look_once_more(self) -> None:
        if self.isVisible() and self.pages.currentWidget() is self.closing and not self._closing:
            self._look_again()

    def _print(self) -> None:
        if self._commands is not None and self._shift is not None:
            self._commands.print_shift(self._shown_number)

    def _save(self) -> None:
        if self._commands is not None and self._shift is not None:
            self._commands.save_shift(self._shown_number)

    @property
    def _shown_number(self) -> int | None:
        """None for the running one: it is printed as it is by then."""
        shift = self._shift
        return shift.number if shift is not None and shift.z_number is not None else None

    # --- what stands there -------------------------------------------------------------------------------------------

    @property
    def _waits_s(self) -> int:
        return seconds_left(self._wait_until_ms, self._clock.monotonic_ms())

    @property
    def _can_go_on(self) -> bool:
        if self._closing or self._waits_s or self._shift is None:
            return False
        if self.pages.currentWidget() is self.pin:
            return self.pin.pin.complete and bool(self.pin.signer)
        return self.closing.has_reason or not self._shift.totals.open

    @Slot()
    def _check(self) -> None:
        if self._shift is None:
            return
        signs = bool(self._shift.totals.open)
        self.closing.open_button(_SIGN if signs else _CLOSE, on=self._can_go_on)
        self.pin.open_next(on=self._can_go_on, text=_CLOSE)
        self.pin.pin.close_for_now(closed=self._closing or bool(self._waits_s))
        said, wrong = self._words(signs=signs)
        self.closing.say(said, wrong=wrong)
        about = _SIGNS_WHAT.fill(n=len(self._shift.totals.open), why=self.closing.reason.text)
        self.pin.say(said if wrong or self._closing else about, wrong=wrong)

    def _words(self, *, signs: bool) -> tuple[Text, bool]:
        refused = self._refused
        if self._closing:
            return _CHECKING, False
        if refused is not None and self._waits_s:
            return _WAIT.fill(title=refused.title, s=self._waits_s), True
        if refused is not None:
            return _SAID.fill(title=refused.title, advice=refused.advice), True
        return (_WHY if signs and not self.closing.has_reason else _SURE), False

    @Slot()
    def _tick(self) -> None:
        self._check()
        if not self._waits_s:
            self._timer.stop()

    # --- keys and life -----------------------------------------------------------------------------------------------

    @property
    def can_go_back(self) -> bool:
        """Whether Esc goes back from the PIN."""
        return self.pages.currentWidget() is self.pin

    @Slot()
    def back(self) -> None:
        """Esc: nothing is closed."""
        self._look_again()

    def press(self, event: QKeyEvent) -> bool:
        """Enter goes on, P prints, S saves, the arrows scroll, digits go to the PIN."""
        key = event.key()
        if self.can_go_back and key not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return self.pin.pin.press(event)
        bar, step = self.figures.rows.verticalScrollBar(), self.figures.rows.height() // 2
        acts: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_Return: self.go_on,
            Qt.Key.Key_Enter: self.go_on,
            Qt.Key.Key_P: self._print,
            Qt.Key.Key_S: self._save,
            Qt.Key.Key_Down: lambda: bar.setValue(bar.value() + step),
            Qt.Key.Key_Up: lambda: bar.setValue(bar.value() - step),
        }
        if key == Qt.Key.Key_C and self.pages.currentWidget() is self.opening:
            self._close()
            return True
        if key not in acts:
            return False
        acts[Qt.Key(key)]()
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        """No digit of a PIN outlives the sight of it."""
        self.pin.pin.forget()
        super().hideEvent(event)

    @Slot()
    def _dress(self) -> None:
        gap = self._look.size.gap
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._outer.setSpacing(gap)
