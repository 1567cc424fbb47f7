"""The sale screen: the amount at the left, the stage at the right, and how one turns into the other.

It shows what the till says and sends what the cashier did; when a charge is made is decided by
`pos_app.checkout.gesture`, what became of it by the till.
"""

from collections import deque
from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from pos_app.checkout.gesture import Charge, Outcome, SaleGesture, Waits
from pos_app.checkout.views import PaymentView, ScanSource, Stage
from pos_app.clock import Clock
from pos_app.payments.payment import State
from pos_app.payments.payment_code import WrongCode
from pos_app.ui.bridge import CameraView, PrintState, PrintView, Refused, Seen
from pos_app.ui.commands import Commands
from pos_app.ui.look import Look
from pos_app.ui.screens.payment_rows import payment_rows, provisional
from pos_app.ui.screens.results import DeclinedStage, PaidStage, ProcessingStage, UnknownStage
from pos_app.ui.screens.stages import ReadyStage, WaitingStage, WrongStage
from pos_app.ui.signs import SIGNS
from pos_app.ui.sounds import Sound, Sounds
from pos_app.ui.theme import Role
from pos_app.ui.widgets.amount_box import BigAmount
from pos_app.ui.widgets.amount_card import AmountCard
from pos_app.ui.widgets.camera_view import SEEN, SEEN_ENTER
from pos_app.ui.widgets.label import Label

JUST_NOW_MS = 10_000
EARLIER_MAX = 64
_OPEN = {Stage.SENDING, Stage.PROCESSING}
_AGAIN = {Stage.DECLINED, Stage.NOT_SENT}
_SOUNDS = {
    Stage.PAID: Sound.PAID, Stage.DECLINED: Sound.DECLINED, Stage.NOT_SENT: Sound.DECLINED,
    Stage.UNKNOWN: Sound.UNKNOWN, Stage.MISMATCH: Sound.UNKNOWN,
}  # fmt: skip

_SPOKEN = {Role.BAND, Role.DO_NOT, Role.SENTENCE, Role.TITLE, Role.DETAIL}


class _Mode(Enum):
    ENTRY = auto()
    WRONG = auto()
    PAYMENT = auto()
    REFUSED = auto()


class SaleScreen(QWidget):
    """One sale after the other.

    Args:
        clock: for the gesture and the seconds shown.
        changed: called whenever other keys may work now.
    """

    def __init__(self, look: Look, clock: Clock, sounds: Sounds, *, demo: bool, changed: Callable[[], None]) -> None:
        super().__init__()
        self._look, self._clock, self._sounds, self._changed = look, clock, sounds, changed
        self._demo = demo
        self._commands: Commands | None = None
        self._gesture = SaleGesture()
        self._mode = _Mode.ENTRY
        self._payment: PaymentView | None = None
        self._earlier: deque[str] = deque(maxlen=EARLIER_MAX)
        self._retry_of = ""
        self._print = PrintState.OFF
        self._seen = True
        self._said = ""
        self._row = QHBoxLayout(self)
        self.card = AmountCard(look)
        self.stage = QStackedWidget()
        self._row.addWidget(self.card)
        self._row.addWidget(self.stage, 1)
        self._build_stages()
        self.card.digits.connect(self._digits)
        self.card.delete.connect(self._delete)
        self.card.clear.connect(self._clear)
        self.card.quick.connect(self._quick)
        self._code_timer = QTimer(self)
        self._code_timer.setInterval(1000)
        self._code_timer.timeout.connect(self._check_code)
        look.changed.connect(self._dress)
        self._dress()
        self._show_entry()

    def _build_stages(self) -> None:
        pays = self.demo_customer_pays if self._demo else None
        self.ready = ReadyStage(self._look)
        self.waiting = WaitingStage(self._look, enter=self.enter, demo=pays)
        self.wrong = WrongStage(self._look, back=self.back)
        self.processing = ProcessingStage(self._look, self._clock, ask=self._ask_now)
        self.paid = PaidStage(self._look, done=self.next_customer)
        self.declined = DeclinedStage(self._look, retry=self._retry, back=self.back)
        self.unknown = UnknownStage(self._look, self._clock, done=self.next_customer)
        for stage in (self.ready, self.waiting, self.wrong, self.processing, self.paid, self.declined, self.unknown):
            self.stage.addWidget(stage)

    def obey(self, commands: Commands) -> None:
        """The till is there: from now on the cashier's acts go to it."""
        self._commands = commands
        self._want_camera()

    # What the window asks

    @property
    def last_payment_id(self) -> str:
        """The payment on the stage, "" when there is none with a number."""
        return self._payment.payment_id if self._payment else ""

    @property
    def can_go_back(self) -> bool:
        """Whether Esc does something."""
        if self._mode is _Mode.PAYMENT:
            return self._payment is not None and self._payment.stage in _AGAIN | {Stage.PAID}
        return self._mode is not _Mode.ENTRY or self._gesture.amount > 0

    @property
    def awaits_code(self) -> bool:
        """Whether a code would be taken for an amount that is there."""
        return self._mode in {_Mode.ENTRY, _Mode.WRONG} and self._gesture.amount > 0

    # What the cashier does

    def press(self, event: QKeyEvent) -> bool:
        """A key that no field took. False when it means nothing here."""
        if self._mode is _Mode.PAYMENT and self._payment and self._payment.stage is Stage.PAID:
            return self._press_on_paid(event)
        key = Qt.Key(event.key())
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.enter()
        elif key == Qt.Key.Key_Escape:
            self.back()
        elif self._mode in {_Mode.ENTRY, _Mode.WRONG}:
            return self._press_amount(key, event.text())
        else:
            return False
        return True

    def _press_on_paid(self, event: QKeyEvent) -> bool:
        """Any key goes on; a digit is already the first of the next amount."""
        if Qt.Key.Key_Shift <= event.key() <= Qt.Key.Key_ScrollLock:
            return False
        self.next_customer()
        return self._press_amount(Qt.Key(event.key()), event.text()) or True

    def _press_amount(self, key: Qt.Key, text: str) -> bool:
        if len(text) == 1 and text in "0123456789":
            self._digits(text)
        elif key == Qt.Key.Key_Backspace:
            self._delete()
        elif key == Qt.Key.Key_Delete:
            self._clear()
        else:
            return False
        return True

    @Slot(str)
    def _digits(self, digits: str) -> None:
        if self._gesture.type_digits(digits, now_ms=self._clock.monotonic_ms()):
            self._show_entry()

    @Slot()
    def _delete(self) -> None:
        self._gesture.delete(now_ms=self._clock.monotonic_ms())
        self._show_entry()

    @Slot()
    def _clear(self) -> None:
        self._gesture.clear()
        self._show_entry()

    @Slot(int)
    def _quick(self, amount: int) -> None:
        self._take(self._gesture.tap_amount(amount, now_ms=self._clock.monotonic_ms()))

    def enter(self) -> None:
        """Enter: whatever the primary button of the stage does."""
        if self._mode is _Mode.REFUSED:
            self._retry()
        elif self._mode is not _Mode.PAYMENT:
            self._take(self._gesture.enter(now_ms=self._clock.monotonic_ms()))
        elif self._payment is not None and self._payment.stage in _AGAIN:
            self._retry()
        elif self._payment is not None and self._payment.stage not in _OPEN:
            self.next_customer()

    def back(self) -> None:
        """Esc: one step back, never out of a payment that is still open."""
        if self._mode is _Mode.ENTRY:
            self._gesture.clear()
            self._gesture.forget_code()
            self.card.note.edit.clear()
        elif self._mode is _Mode.PAYMENT:
            if self._payment is None or self._payment.stage not in _AGAIN:
                if self._payment is not None and self._payment.stage is Stage.PAID:
                    self.next_customer()
                return
            self._edit_again()
        elif self._mode is _Mode.REFUSED:
            self._edit_again()
        self._show_entry()

    def _edit_again(self) -> None:
        """The same amount, to be changed: it does not stand any more."""
        amount = str(self._gesture.amount)
        self._leave_payment()
        self._gesture = SaleGesture()
        self._gesture.type_digits(amount, now_ms=self._clock.monotonic_ms())

    def _retry(self) -> None:
        """The same amount again, with a new code."""
        if self._payment is not None and self._payment.payment_id:
            self._retry_of = self._payment.payment_id
        self._leave_payment()
        self._take(self._gesture.enter(now_ms=self._clock.monotonic_ms()))

    def next_customer(self) -> None:
        """Free for the next sale; an open payment goes on in the background."""
        self._leave_payment()
        self._retry_of = ""
        self._gesture.forget_code()
        self._gesture = SaleGesture()
        self.card.note.edit.clear()
        if self._commands:
            self._commands.next_customer()
        self._show_entry()

    def _leave_payment(self) -> None:
        if self._payment is not None:
            self._earlier.append(self._payment.payment_id)
        self._payment = None

    def demo_customer_pays(self) -> None:
        """Demo: the customer holds out the phone."""
        if self._commands and self.awaits_code:
            self._commands.demo_customer_pays()

    def _ask_now(self) -> None:
        if self._commands and self._payment is not None and self._payment.payment_id:
            self._commands.ask_now(self._payment.payment_id)

    # What the till tells

    def show_scan(self, seen: Seen) -> None:
        """A scan came in."""
        if isinstance(seen.read, WrongCode):
            self._show_wrong(seen.read, seen.source)
        elif self._mode in {_Mode.ENTRY, _Mode.WRONG} and self._commands is not None:
            self._take(self._gesture.scan(seen.read, seen.source, scanned_at_ns=seen.scanned_at_ns,
                                          now_ms=self._clock.monotonic_ms()))  # fmt: skip
        else:
            seen.read.forget()

    def show_payment(self, view: PaymentView) -> None:
        """A payment changed; only the one on the stage is shown here."""
        if self._mode is not _Mode.PAYMENT or self._payment is None or view.payment_id in self._earlier:
            return
        if not self._is_ours(view, self._payment):
            return
        before = self._payment.stage
        self._payment = view
        if view.stage is not before and view.stage in _SOUNDS:
            self._sounds.play(_SOUNDS[view.stage])
        self._show_stage()

    def _is_ours(self, view: PaymentView, ours: PaymentView) -> bool:
        """Whether it is the payment on the stage; until that has its number, the one that just began."""
        if ours.payment_id:
            return view.payment_id == ours.payment_id
        just_now = abs(view.scanned_at_ms - ours.scanned_at_ms) < JUST_NOW_MS
        return view.amount == ours.amount and not view.late and (view.stage is Stage.SENDING or just_now)

    def show_refused(self, refused: Refused) -> None:
        """The till would not begin the charge."""
        if self._mode is not _Mode.PAYMENT or self._payment is None:
            return
        if self._payment.payment_id and self._payment.state != State.PREPARED:
            return
        self._leave_payment()
        self._mode = _Mode.REFUSED
        self._sounds.play(Sound.DECLINED)
        self.declined.show_refused(refused.title, refused.advice, self._gesture.amount)
        self.card.show_payment(self._gesture.amount, SIGNS[Stage.NOT_SENT], ())
        self._turn_to(self.declined)

    def show_print(self, view: PrintView) -> None:
        """The slip of a payment came further."""
        if self._payment is not None and view.payment_id == self._payment.payment_id:
            self._print = view.state
            self._show_stage()

    def show_camera(self, frame: CameraView) -> None:
        """The newest frame."""
        shown = self.stage.currentWidget()
        self.waiting.show_ready(ready=frame.ready)
        if shown in (self.ready, self.waiting):
            (self.ready if shown is self.ready else self.waiting).camera.show_frame(frame)

    # From one to the other

    def _take(self, outcome: Outcome) -> None:
        if isinstance(outcome, Charge):
            self._charge(outcome)
            return
        if outcome is Waits.CODE and self._commands:
            self._commands.amount_stands(self._gesture.amount)
        self._show_entry()

    def _charge(self, charge: Charge) -> None:
        if self._commands is None:
            charge.code.forget()
            return
        note = self.card.note.edit.text().strip()
        self._mode = _Mode.PAYMENT
        self._print = PrintState.OFF
        self._payment = provisional(charge, note, self._clock.wall_ms(), demo=self._demo)
        self._sounds.play(Sound.SUBMIT)
        self._commands.charge(
            amount=charge.amount, note=note, code=charge.code, source=charge.source,
            scanned_at_ns=charge.scanned_at_ns, retry_of=self._retry_of,
        )  # fmt: skip
        self._show_stage()

    def _show_wrong(self, wrong: WrongCode, source: ScanSource) -> None:
        by_chance = source is ScanSource.CAMERA and self._gesture.amount == 0
        if self._mode not in {_Mode.ENTRY, _Mode.WRONG} or by_chance:
            return
        self._mode = _Mode.WRONG
        self._sounds.play(Sound.WRONG_CODE)
        self.wrong.show_wrong(wrong)
        self._turn_to(self.wrong)

    def _show_entry(self) -> None:
        self._mode = _Mode.ENTRY
        now_ms = self._clock.monotonic_ms()
        gesture = self._gesture
        has_code = gesture.has_code(now_ms=now_ms)
        self.card.show_entry(gesture.amount, stands=gesture.stands)
        self.ready.show_code(seen=has_code)
        self.ready.camera.show_note(SEEN if has_code else None)
        self.waiting.show_amount(stands=gesture.stands)
        self.waiting.camera.show_note(SEEN_ENTER if has_code else None)
        if has_code:
            self._code_timer.start()
        else:
            self._code_timer.stop()
        self._turn_to(self.waiting if gesture.amount else self.ready)

    @Slot()
    def _check_code(self) -> None:
        """Only forgets: time never charges anything."""
        if not self._gesture.has_code(now_ms=self._clock.monotonic_ms()) and self._mode is _Mode.ENTRY:
            self._show_entry()

    def _show_stage(self) -> None:
        view = self._payment
        if view is None:
            return
        self.card.show_payment(view.amount, SIGNS[view.stage], payment_rows(view, self._print))
        if view.stage in _OPEN:
            self.processing.show_payment(view)
            self._turn_to(self.processing)
        elif view.stage is Stage.PAID:
            self.paid.show_payment(view, self._print)
            self._turn_to(self.paid)
        elif view.stage in _AGAIN:
            self.declined.show_payment(view)
            self._turn_to(self.declined)
        else:
            self.unknown.show_payment(view, self._print)
            self._turn_to(self.unknown)

    def _turn_to(self, stage: QWidget) -> None:
        for timed in (self.processing, self.paid, self.unknown):
            if timed is not stage:
                timed.stop()
        if self.stage.currentWidget() is not stage:
            self.stage.setCurrentWidget(stage)
            self._want_camera()
            self.card.box.setFocus()
        self._announce(stage)
        self._changed()

    def _announce(self, stage: QWidget) -> None:
        """Tell a screen reader what the stage says now, once."""
        said = " ".join(_spoken(stage))
        if said == self._said:
            return
        self._said = said
        stage.setAccessibleName(said)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(stage, said))

    def _want_camera(self) -> None:
        if self._commands:
            on = self._seen and self.stage.currentWidget() in (self.ready, self.waiting)
            self._commands.look_at_camera(on=on)

    def be_seen(self, *, seen: bool) -> None:
        """Whether this screen is the one that is open: the camera's picture is wanted only then."""
        if seen is not self._seen:
            self._seen = seen
            self._want_camera()

    @Slot()
    def _dress(self) -> None:
        gap = self._look.size.gap
        self._row.setContentsMargins(gap, gap, gap, gap)
        self._row.setSpacing(gap)


def _spoken(stage: QWidget) -> list[str]:
    """The words of a stage that matter, in their order."""
    words = []
    for widget in stage.findChildren(QWidget):
        if isinstance(widget, Label) and widget.role in _SPOKEN and widget.text():
            words.append(widget.text())
        elif isinstance(widget, BigAmount):
            words.append(widget.accessibleName())
    return words
