"""The shift (F6): its figures so far (X), opening it, and closing it for good (Z), signed where something is not known.

What may be closed is decided by the till; here it is shown and asked for. The PIN is handed over once and gone.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pos_app.checkout.events import DrawerMoved, PrintView, ShiftRefused, ShiftSaved, ShiftView
from pos_app.clock import Clock
from pos_app.shifts.shift import Shift
from pos_app.staff.roles import Role as StaffRole
from pos_app.staff.roster import OWNER_ID, Person
from pos_app.ui.look import Look
from pos_app.ui.screens.drawer_pages import CountPage, DrawerPage
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.screens.results import PRINT_WORDS
from pos_app.ui.screens.shift_pages import ClosePage, DonePage, FiguresCard, OpenPage
from pos_app.ui.screens.staff_pages import PinPage
from pos_app.ui.time_left import seconds_left
from pos_app.ui.widgets.pages import Pages
from pos_app.words import NOTHING, Text

_CLOSE = Text("Chốt ca (Z)", "Close the shift")
_COUNT, _COUNTED = Text("Đếm tiền", "Count the cash"), Text("Đếm xong", "Counted")
_COUNT_NOW = Text("Chưa đếm tiền mặt.", "The cash is not counted yet.")
_OPEN, _DO = Text("Mở ca", "Open the shift"), Text("Cho phép", "Allow")
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

    def __init__(self, look: Look, clock: Clock, *, takes_cash: bool = False) -> None:
        super().__init__()
        self._look, self._clock, self._takes_cash = look, clock, takes_cash
        self._shift: Shift | None = None
        self._name = ""
        self._signers: tuple[Person, ...] = ()
        self._pin_is_set = False
        self._closing = False
        self._wait_until_ms = 0
        self._refused: ShiftRefused | None = None
        self._keeps_cash = False
        self._moving = False  # the PIN is for a move of cash, not for the closing
        self._outer = QHBoxLayout(self)
        self.figures = FiguresCard(look, prints=self._print, saves=self._save)
        self.pages = Pages(look)
        self.closing = ClosePage(look, self.go_on, self._ask, self._to_drawer)
        self.counting = CountPage(look, self.go_on)
        self.drawer = DrawerPage(look, self.go_on)
        self.opening = OpenPage(look, self._open, self._close)
        self.pin = PinPage(look, back=self.back, on=self.go_on)
        self.done = DonePage(look, self._look_again)
        for page in (self.closing, self.drawer, self.opening, self.pin, self.done):
            self.pages.join(page)
        self._outer.addWidget(self.figures, 7)
        self._outer.addWidget(self.pages, 5)
        self._outer.addWidget(self.counting, 12)
        self.counting.hide()
        self.closing.reason.changed.connect(self._check)
        self.closing.reason.entered.connect(self.go_on)
        self.closing.difference.changed.connect(self._check)
        self.closing.difference.entered.connect(self.go_on)
        self.drawer.changed.connect(self._check)
        self.opening.float.changed.connect(self._check)
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
        for field in (self.closing.reason, self.closing.difference, self.opening.float):
            field.forget()
        self._look_again()

    @Slot()
    def _look_again(self) -> None:
        self._forget()
        if self._commands is not None:
            self._commands.look_at_shift()
        self.setFocus()

    def _forget(self) -> None:
        self._closing, self._refused, self._wait_until_ms = False, None, 0
        self._moving = False
        self._show_count(on=False)
        self.pin.pin.forget()
        self._timer.stop()

    # --- what the till tells -----------------------------------------------------------------------------------------

    def receive(self, event: ShiftView | ShiftRefused | ShiftSaved | DrawerMoved) -> None:
        """A shift, or why nothing was done; or that cash was moved, whatever is told of the shift behind it."""
        match event:
            case ShiftView():
                self._show(event)
            case ShiftSaved():
                self.figures.say(_SAVED.fill(path=event.path))
            case ShiftRefused():
                self._show_refused(event)
            case DrawerMoved() if self.drawer.moved(event.intent) and self._moving:
                self._forget()
                self.pages.turn_to(self.closing)
                self._check()

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
        self._keeps_cash = view.report.keeps_cash
        if page is self.closing:
            self.closing.show_shift(view.shift, keeps_cash=self._keeps_cash)
        elif page is self.opening:
            self.opening.show_shift(view.shift, takes_cash=self._takes_cash)
        else:
            page.show_shift(view.shift)
        self.pages.turn_to(page)
        self._check()
        if not self.isVisible():
            return  # somebody is elsewhere by now: the keys stay there
        if page is self.closing and view.shift.totals.cash.over:
            self.closing.difference.setFocus()
        elif page is self.opening and self._takes_cash:
            self.opening.float.setFocus()
        else:
            signs = page is self.closing and view.shift.totals.open and not self._must_count  # till then D is a key
            (self.closing.reason if signs else self).setFocus()

    def _show_refused(self, refused: ShiftRefused) -> None:
        self._closing, self._refused = False, refused
        self._wait_until_ms = self._clock.monotonic_ms() + refused.wait_s * 1000 if refused.wait_s else 0
        if self._page not in (self.pin, self.closing, self.counting):
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
        page = self._page
        if page is self.opening:
            self._open()
        elif page is self.done:
            self._look_again()
        elif not self._can_go_on:
            return
        elif page is self.counting:
            self._count()
        elif page is self.drawer or (page is self.pin and self._moving):
            self._move()
        elif page is self.closing and self._must_count:
            self._to_count()
        elif page is self.closing and self._shift is not None and self._shift.totals.open:
            self._to_sign()
        else:
            self._close()

    @Slot()
    def _open(self) -> None:
        float_dong = self.opening.float_dong if self._takes_cash else 0
        if self._commands is not None and float_dong is not None:
            self._commands.open_shift(float_dong=float_dong)

    # --- the drawer --------------------------------------------------------------------------------------------------

    @property
    def _must_count(self) -> bool:
        """Whether the drawer has to be counted before it can be closed."""
        return self._keeps_cash and self._shift is not None and self._shift.totals.cash.counted is None

    def _to_count(self) -> None:
        """Blind: nothing of the figures is to be seen meanwhile."""
        self._refused = None
        self.counting.begin()
        self._show_count(on=True)
        self._check()
        self.setFocus()

    def _show_count(self, *, on: bool) -> None:
        """The count has the screen for itself."""
        self.figures.setVisible(not on)
        self.pages.setVisible(not on)
        self.counting.setVisible(on)

    @property
    def _page(self) -> QWidget | None:
        """What is to be done now."""
        return self.pages.currentWidget() if self.counting.isHidden() else self.counting

    def _count(self) -> None:
        if self._commands is not None:
            self._closing = True
            self._commands.count_cash(self.counting.counted)
            self._check()

    @Slot()
    def _to_drawer(self) -> None:
        if self._keeps_cash:
            self._refused = None
            self.drawer.begin()
            self.pages.turn_to(self.drawer)
            self._check()

    def _move(self) -> None:
        if self._page is self.drawer:
            self._moving = True
            self._to_sign()
        elif self._commands is not None and not self._closing:
            self._closing, self._refused = True, None
            wish = self.drawer
            self._commands.move_cash(
                wish.what,
                wish.amount,
                reason=wish.reason.text,
                intent=wish.intent,
                by=self.pin.signer,
                pin=self.pin.pin.take(),
            )
            self._check()

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
        why = self.closing.difference.text if self._shift.totals.cash.over else ""
        self._commands.close_shift(self._shift.number, opened, reason=reason, by=by, pin=pin, difference_reason=why)
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
        if self.isVisible() and self._page is self.closing and not self._closing:
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
        page = self._page
        if page is self.pin:
            return self.pin.pin.complete and bool(self.pin.signer)
        if page is self.drawer:
            return self.drawer.is_complete
        if page is self.counting or self._must_count:
            return True
        if self._shift.totals.cash.over and not self.closing.explains:
            return False
        return self.closing.has_reason or not self._shift.totals.open

    @Slot()
    def _check(self) -> None:
        if self._shift is None:
            return
        signs = bool(self._shift.totals.open)
        close = _COUNT if self._must_count else _SIGN if signs else _CLOSE
        self.closing.open_button(close, on=self._can_go_on)
        self.counting.open_button(_COUNTED, on=self._can_go_on)
        self.drawer.open_button(_SIGN, on=self._can_go_on)
        self.opening.open_button(_OPEN, on=not self._takes_cash or self.opening.float_dong is not None)
        self.pin.open_next(on=self._can_go_on, text=_DO if self._moving else _CLOSE)
        self.pin.pin.close_for_now(closed=self._closing or bool(self._waits_s))
        said, wrong = self._words(signs=signs)
        self.closing.say(said, wrong=wrong)
        if self._refused is not None and self._page is self.counting:
            self.counting.say(said, wrong=True)
        about = _SIGNS_WHAT.fill(n=len(self._shift.totals.open), why=self.closing.reason.text)
        about = self.drawer.about if self._moving else about
        self.pin.say(said if wrong or self._closing else about, wrong=wrong)

    def _words(self, *, signs: bool) -> tuple[Text, bool]:
        refused = self._refused
        if self._closing:
            return _CHECKING, False
        if refused is not None and self._waits_s:
            return _WAIT.fill(title=refused.title, s=self._waits_s), True
        if refused is not None:
            return _SAID.fill(title=refused.title, advice=refused.advice), True
        if self._must_count:
            return _COUNT_NOW, False
        missing = (signs and not self.closing.has_reason) or (
            bool(self._shift and self._shift.totals.cash.over) and not self.closing.explains
        )
        return (_WHY if missing else _SURE), False

    @Slot()
    def _tick(self) -> None:
        self._check()
        if not self._waits_s:
            self._timer.stop()

    # --- keys and life -----------------------------------------------------------------------------------------------

    @property
    def can_go_back(self) -> bool:
        """Whether Esc goes back from the PIN, the count or the drawer."""
        return self._page in (self.pin, self.counting, self.drawer)

    @Slot()
    def back(self) -> None:
        """Esc: nothing is closed."""
        self._look_again()

    def press(self, event: QKeyEvent) -> bool:
        """Enter goes on, P prints, S saves, the arrows scroll, digits go to the PIN."""
        key = event.key()
        page = self._page
        if self.can_go_back and key not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return self._press_on(page, event)
        if key == Qt.Key.Key_D and page is self.closing:
            self._to_drawer()
            return True
        bar, step = self.figures.rows.verticalScrollBar(), self.figures.rows.height() // 2
        acts: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_Return: self.go_on,
            Qt.Key.Key_Enter: self.go_on,
            Qt.Key.Key_P: self._print,
            Qt.Key.Key_S: self._save,
            Qt.Key.Key_Down: lambda: bar.setValue(bar.value() + step),
            Qt.Key.Key_Up: lambda: bar.setValue(bar.value() - step),
        }
        if key == Qt.Key.Key_C and self._page is self.opening:
            self._close()
            return True
        if key not in acts:
            return False
        acts[Qt.Key(key)]()
        return True

    def _press_on(self, page: QWidget | None, event: QKeyEvent) -> bool:
        if page is self.counting:
            return self.counting.press(event)
        return self.drawer.press(event) if page is self.drawer else self.pin.press(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """No digit of a PIN outlives the sight of it."""
        self.pin.pin.forget()
        super().hideEvent(event)

    @Slot()
    def _dress(self) -> None:
        gap = self._look.size.gap
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._outer.setSpacing(gap)
