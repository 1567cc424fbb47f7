"""The sale screen: the amount at the left, the stage at the right, and how one turns into the other.

It shows what the till says and sends what the cashier did; when a charge is made is decided by
`pos_app.checkout.gesture`, what became of it by the till.
"""

from collections import deque
from collections.abc import Callable
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pos_app.checkout.gesture import Charge, Outcome, SaleGesture, Waits
from pos_app.checkout.standing import ScanSource, Stage, Work
from pos_app.clock import Clock
from pos_app.payments.gateway_names import asks_nobody
from pos_app.ui.at_the_counter import can_be_dropped, is_charging, is_over, is_same, is_without_money, looks_paid
from pos_app.ui.look import Look
from pos_app.ui.painted import Painted
from pos_app.ui.screens.announcing import Announcer
from pos_app.ui.screens.sale_stages import SaleStages
from pos_app.ui.signs import SIGNS, sign_of
from pos_app.ui.sounds import Sound, Sounds
from pos_app.ui.widgets.amount_card import AmountCard
from pos_app.ui.widgets.camera_view import SEEN, SEEN_ENTER

if TYPE_CHECKING:
    from pos_app.checkout.events import CameraView, CashDone, CashRefused, PrintState, PrintView, Refused, Seen
    from pos_app.checkout.views import PaymentView
    from pos_app.gateways.gateway import PayMethod
    from pos_app.payments.acts import Act
    from pos_app.payments.payment_code import WrongCode
    from pos_app.ui.commands import Commands
    from pos_app.ui.speech import Speech
    from pos_app.words import Text

EARLIER_MAX = 64
SOON_MS = 100
"""How long the picture of a payment under way waits, no longer than what people take for at once: the request leaves
first, since painting keeps the till's threads from the interpreter; and a result that follows need not wait behind it.
"""
SUBMIT_MS = 16
"""How long the sound of a charge waits: as long as a screen's picture."""
_PREPARED = "prepared"
"""The journal's word for a payment of which nothing has left."""
_SOUNDS = {
    Stage.PAID: Sound.PAID, Stage.DECLINED: Sound.DECLINED, Stage.NOT_SENT: Sound.DECLINED,
    Stage.UNKNOWN: Sound.UNKNOWN, Stage.MISMATCH: Sound.UNKNOWN,
}  # fmt: skip


class _Mode(Enum):
    ENTRY = auto()
    WRONG = auto()
    PAYMENT = auto()
    REFUSED = auto()
    LINK = auto()
    """A link for somebody who is not here is on the stage: the counter is free."""
    CASH = auto()
    """The customer pays in cash: nothing is taken before Enter."""


_OURS = (_Mode.PAYMENT, _Mode.LINK)


class SaleScreen(QWidget):
    """One sale after the other.

    Args:
        clock: for the gesture and the seconds shown.
        changed: called whenever other keys may work now.
        speech: says a paid amount; None keeps still.
        manage: shows the payment of that id where a manager can decide.
        allow: has a manager allow an act on a payment.
        cash: the shop takes cash here.

    `turned` tells that what the stage shows may have changed.
    """

    turned = Signal()

    def __init__(  # noqa: PLR0913 - what it is given, by keyword
        self, look: Look, clock: Clock, sounds: Sounds, *, demo: bool, changed: Callable[[], None],
        speech: "Speech | None" = None, manage: Callable[[str], None] = lambda _: None,
        allow: "Callable[[Act, PaymentView], None]" = lambda _act, _view: None, cash: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self._speech = speech
        self._manage, self._allow = manage, allow
        self._look, self._clock, self._sounds, self._changed = look, clock, sounds, changed
        self._demo, self._takes_cash = demo, cash
        self._intent = ""  # of the cash that is being taken
        self._commands: Commands | None = None
        self._gesture = SaleGesture()
        self._mode = _Mode.ENTRY
        self._payment: PaymentView | None = None
        self._earlier: deque[str] = deque(maxlen=EARLIER_MAX)
        self._retry_of = ""
        self.methods: tuple[PayMethod, ...] = ()
        self._way = ""  # how the customer pays what we show, "" while we scan
        self._then = ""  # the way that is wanted once what is shown has ended
        self._choosing = False
        self._warned_of = ""
        self._begun_ms = 0
        self._print: PrintState
        self._print_waits = False
        self._seen = True
        self._announcer = Announcer()
        self._painted = Painted(self, self._tell_painted)
        self._row = QHBoxLayout(self)
        self.card = AmountCard(look)
        self.stage = SaleStages(look, clock, self, demo=demo)
        self._row.addWidget(self.card)
        self._row.addWidget(self.stage, 1)
        self.card.digits.connect(self._digits)
        self.card.delete.connect(self._delete)
        self.card.clear.connect(self._clear)
        self.card.quick.connect(self._quick)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS, timerType=Qt.TimerType.PreciseTimer)
        self._soon.timeout.connect(self._show_begun)
        self._code_timer = QTimer(self)
        self._code_timer.setInterval(1000)
        self._code_timer.timeout.connect(self._check_code)
        look.changed.connect(self._dress)
        self._dress()
        self._show_entry()

    def obey(self, commands: "Commands | None") -> None:
        """The till is there: from now on the cashier's acts go to it; None when it ends."""
        self._commands = commands
        self._want_camera()
        if commands is not None:
            QTimer.singleShot(0, self, self.prepare)

    @Slot()
    def prepare(self) -> None:
        """Make what the next payment shows now, so that nothing is imported or built on its way to the gateway."""
        from pos_app.ui.screens import payment_rows  # noqa: F401, PLC0415 - for `_charge`
        from pos_app.ui.widgets import fade  # noqa: F401, PLC0415 - for `turn_to`

        self.stage.prepare()

    # What the window asks

    @property
    def last_payment_id(self) -> str:
        """The payment on the stage, "" when there is none with a number."""
        return self._payment.payment_id if self._payment else ""

    @property
    def can_go_back(self) -> bool:
        """Whether Esc does something."""
        if self._mode is _Mode.PAYMENT and not self._choosing:
            return self._payment is not None and (is_without_money(self._payment) or is_over(self._payment))
        return self.serves

    @property
    def serves(self) -> bool:
        """Whether a customer stands here: an amount is typed, or something is on the stage."""
        return self._choosing or self._mode is not _Mode.ENTRY or self._gesture.amount > 0

    @property
    def can_cancel(self) -> bool:
        """Whether Esc notes that the payment on the stage is not wanted any more."""
        return self._can_cancel and not self._choosing

    @property
    def _can_cancel(self) -> bool:
        view = self._payment if self._mode is _Mode.PAYMENT else None
        return view is not None and bool(view.payment_id) and can_be_dropped(view)

    @property
    def awaits_code(self) -> bool:
        """Whether a code would be taken for an amount that is there."""
        return self._mode in {_Mode.ENTRY, _Mode.WRONG} and self._gesture.amount > 0

    @property
    def can_show_code(self) -> bool:
        """Whether F2 shows a code: an amount stands, and nothing is open."""
        if self._mode is _Mode.PAYMENT:
            return self._payment is not None and is_without_money(self._payment)
        stands = self._gesture.amount > 0 and self._gesture.stands
        return self._commands is not None and self._mode not in {_Mode.LINK, _Mode.CASH} and stands

    @property
    def can_show_instead(self) -> bool:
        """Whether F2 puts our code in the place of theirs, whose result is slow: once that one has ended."""
        return self._commands is not None and self.stage.code_stage is None and self.can_cancel

    @property
    def can_choose_way(self) -> bool:
        """Whether another way to pay can be chosen now, before a code is shown or in the place of one."""
        return self.can_show_code or (self.stage.code_stage is not None and self._can_cancel)

    @property
    def can_change_way(self) -> bool:
        """Whether that would be in the place of a code that is shown."""
        return self.stage.code_stage is not None and self.can_choose_way

    @property
    def chooses_way(self) -> bool:
        """Whether the ways to pay stand there to be chosen from."""
        return self._choosing

    @property
    def code_is_shown(self) -> bool:
        """Whether the customer can scan our code now."""
        stage = self.stage.code_stage
        return stage is not None and stage.can_scan

    @property
    def demo_can_scan(self) -> bool:
        """Whether there is something that the demo customer can scan and pay."""
        view = self._payment
        if not self._demo or view is None:
            return False
        return self.code_is_shown or (self._mode is _Mode.LINK and view.shown is not None)

    def facts(self) -> "tuple[int, PaymentView | None, int, str, int | None]":
        """For the customer display: amount, payment on the stage, until when its code can be scanned, for which way.

        And what was given in cash, None where it is not paid so. A link is somebody else's: nothing of it.
        """
        if self._mode is _Mode.LINK:
            return 0, None, 0, "", None
        if self._mode is _Mode.CASH:
            return self._gesture.amount, None, 0, "", self.stage.cash.given
        payment = self._payment if self._mode is _Mode.PAYMENT else None
        return self._gesture.amount, payment, self._until_ms(), self._way, None

    def _until_ms(self) -> int:
        """The payment's times are corrected wall clock: only the span between them counts here."""
        view = self._payment
        if view is None or view.expires_at_ms is None:
            return 0
        return self._begun_ms + view.expires_at_ms - view.scanned_at_ms

    # What the cashier does

    def press(self, event: QKeyEvent) -> bool:
        """A key that no field took. False when it means nothing here."""
        if self._mode is _Mode.PAYMENT and self._payment and is_over(self._payment):
            return self._press_on_paid(event)
        key = Qt.Key(event.key())
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.enter()
        elif key == Qt.Key.Key_Escape:
            self.back()
        elif self._choosing or self._mode is _Mode.CASH:
            return self.stage.choice.press(key) if self._choosing else self.stage.cash.press(key, event.text())
        elif self._mode is _Mode.LINK and "0" <= event.text() <= "9":
            self.next_customer()
            return self._press_amount(key, event.text())
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
        view = self._payment
        if self._choosing:
            return  # a way is chosen by its digit or its button: Enter would not say which
        if self._mode is _Mode.REFUSED:
            self.retry()
        elif self._mode is _Mode.CASH:
            self._confirm_cash()
        elif self._mode is _Mode.LINK:
            if not self.stage.link.copy():
                self.next_customer()
        elif self._mode is not _Mode.PAYMENT:
            self._take(self._gesture.enter(now_ms=self._clock.monotonic_ms()))
        elif view is not None and is_without_money(view):
            self.retry()
        elif view is not None and is_charging(view):
            self.money_is_seen()
        elif view is not None:
            self.next_customer()

    def back(self) -> None:
        """Esc: one step back, never out of a payment that is still open."""
        if self._choosing:
            self._end_choosing()
            return
        if self._mode is _Mode.LINK:
            self.next_customer()
            return
        if self._mode is _Mode.CASH and self._intent:
            return  # it is being written down
        if self._mode is _Mode.ENTRY:
            self._gesture.clear()
            self._gesture.forget_code()
            self.card.note.edit.clear()
        elif self._mode is _Mode.PAYMENT:
            if self._payment is not None and is_without_money(self._payment):
                self._edit_again()
            else:
                self._leave_or_cancel()
                return
        elif self._mode is _Mode.REFUSED:
            self._edit_again()
        self._show_entry()

    def _leave_or_cancel(self) -> None:
        if self._payment is not None and is_over(self._payment):
            self.next_customer()
        else:
            self.cancel()

    def cancel(self) -> None:
        """It is not wanted any more: noted; it stays on the stage until the gateway has decided."""
        from pos_app.ui.ways_to_pay import cannot_be_cancelled  # noqa: PLC0415 - the window comes up without it

        view = self._payment
        if self._commands is None or view is None or not self.can_cancel:
            return
        if not (cannot_be_cancelled(view) and self._warns(view)):
            self._commands.cancel(view.payment_id)

    def _warns(self, view: "PaymentView") -> bool:
        """Once for each code that may be paid all the same when it is put away; True while that is just being said."""
        code = self.stage.code_stage
        if code is None or self._warned_of == view.payment_id:
            return False
        self._warned_of = view.payment_id
        code.warn(view)
        self._announcer.announce(code)
        return True

    def try_again(self, view: "PaymentView") -> bool:
        """Charge a sale once more that a manager let go on; False while something else is being charged."""
        if self._mode is _Mode.PAYMENT and self._payment is not None and is_charging(self._payment):
            return False
        self.next_customer()
        self._retry_of = view.payment_id
        self.card.note.edit.setText(view.note)
        self._take(self._gesture.tap_amount(view.amount, now_ms=self._clock.monotonic_ms()))
        return True

    def _edit_again(self) -> None:
        """The same amount, to be changed: it does not stand any more."""
        amount = str(self._gesture.amount)
        self._way = ""
        self._leave_payment()
        self._gesture = SaleGesture()
        self._gesture.type_digits(amount, now_ms=self._clock.monotonic_ms())

    def retry(self) -> None:
        """The same amount again: with a new code of theirs, or of ours."""
        if self._way:
            self._pay(self._way)
            return
        self._leave_for_retry()
        self._take(self._gesture.enter(now_ms=self._clock.monotonic_ms()))

    def _leave_for_retry(self) -> None:
        if self._payment is not None and self._payment.payment_id:
            self._retry_of = self._payment.payment_id
        self._leave_payment()

    # What is shown to the customer, and in which way it is paid

    def show_code(self) -> None:
        """F2: an order of the amount that stands, for the customer to scan, by the way that most can pay."""
        way = self.methods[0].value if self.methods else "any"
        if self.can_show_instead and self._payment is not None:
            self._go_over_to(way, self._payment)
        elif self._commands is not None and self.can_show_code:
            self._pay(way)

    def choose_way(self) -> None:
        """Offer the ways to pay; while a code is shown, beside it."""
        if self._choosing:
            self._end_choosing()
        elif self._commands is not None and self.can_choose_way:
            from pos_app.ui.ways_to_pay import WAYS, offered  # noqa: PLC0415 - the window comes up without it

            code = self.stage.code_stage
            ways = {way: WAYS[way] for way in offered(self.methods, self._way if code is not None else "")}
            self._choosing = True
            (code or self.stage.ways).choice.offer(ways)
            if code is not None:
                code.show_choice(on=True)
            self._turn_to(code or self.stage.ways)

    def _end_choosing(self) -> None:
        self._choosing = False
        code = self.stage.code_stage
        if code is not None:
            code.show_choice(on=False)
        if self._mode is _Mode.PAYMENT:
            self._show_stage()
        else:
            self._show_entry()

    def pay_by(self, way: str) -> None:
        """A way was chosen: at once, or when the code that is shown has ended."""
        view = self._payment if self._mode is _Mode.PAYMENT else None
        if self._commands is None or not self._choosing:
            return
        if view is None or is_without_money(view):
            self._pay(way)
        elif self._can_cancel:
            self._end_choosing()
            self._go_over_to(way, view)

    def _go_over_to(self, way: str, view: "PaymentView") -> None:
        """Never two codes of one sale at a time: the one that may still be paid must have ended before the next."""
        from pos_app.ui.ways_to_pay import cannot_be_cancelled  # noqa: PLC0415 - there since the choice

        if (cannot_be_cancelled(view) or asks_nobody(view.gateway)) and self._warns(view):
            return
        self._then = way
        self.cancel()

    def _goes_on(self, view: "PaymentView") -> bool:
        """Whether the code that stood in the way has ended, and the next is being made now."""
        way = self._then
        if not way or is_charging(view):
            return False
        self._then = ""
        if is_without_money(view):
            self._pay(way)
            return True
        if not looks_paid(view):
            self._way = way  # for a try that a manager allows
        return False

    def _pay(self, way: str) -> None:
        from pos_app.gateways.gateway import PayMethod  # noqa: PLC0415 - there since the till is
        from pos_app.ui.ways_to_pay import LINK  # noqa: PLC0415

        if self._commands is None:
            return
        self._leave_for_retry()
        self._gesture.forget_code()
        self._way, self._choosing = way, False
        amount = self._gesture.amount
        if way == LINK:
            self._begin(amount, ScanSource.LINK)
            self._mode = _Mode.LINK
            self._commands.link(amount=amount, note=self._note)
        else:
            self._begin(amount, ScanSource.SHOWN)
            self._commands.show(amount=amount, note=self._note, method=PayMethod(way), retry_of=self._retry_of)
        self._sounds.play(Sound.SUBMIT)
        self._show_stage()

    @property
    def standing(self) -> int:
        """The amount (dong) that a wallet can be charged now: one stands and nothing is open; else 0."""
        return self._gesture.amount if self.can_show_code else 0

    def charge_customer(self, number: str) -> bool:
        """Charge the wallet of the regular customer of that number; False when nothing can be charged now."""
        amount = self.standing
        if self._commands is None or not amount:
            return False
        self._leave_for_retry()
        self._gesture.forget_code()
        self._way, self._choosing = "", False
        self._begin(amount, ScanSource.REGULAR)
        self._commands.charge_customer(number, amount=amount, note=self._note, retry_of=self._retry_of)
        self._sounds.play(Sound.SUBMIT)
        self._show_stage()
        return True

    # Cash

    @property
    def can_take_cash(self) -> bool:
        """Whether the amount that stands can be taken in cash, or is being."""
        return self._takes_cash and (self._mode is _Mode.CASH or self.standing > 0)

    @property
    def is_taking_cash(self) -> bool:
        """Whether the customer pays in cash now."""
        return self._mode is _Mode.CASH

    def take_cash(self) -> None:
        """F7: what does the customer give? Once more: exactly the amount."""
        amount = self.standing
        if self._mode is _Mode.CASH:
            self.stage.cash.give_exactly()
        elif self._commands is not None and self.can_take_cash:
            from pos_app.checkout.events import PrintState  # noqa: PLC0415 - there since `prepare`

            self._leave_for_retry()
            self._gesture.forget_code()
            self._way, self._choosing, self._intent, self._tried = "", False, "", (0, 0, "")
            self._mode, self._print = _Mode.CASH, PrintState.OFF
            self.stage.cash.ask(amount)
            self.card.show_payment(amount, SIGNS[Stage.CASH], ())
            self._turn_to(self.stage.cash)

    def _confirm_cash(self) -> None:
        from secrets import token_hex  # noqa: PLC0415 - the window comes up without it

        stage = self.stage.cash
        if self._commands is None or self._intent or not stage.is_enough:
            return
        # The same money once more, after a refusal, is the same sale: it may have been stored all the same.
        if self._tried[:2] != (self._gesture.amount, stage.given):
            self._tried = self._gesture.amount, stage.given, token_hex(8)
        self._intent = self._tried[2]
        stage.wait()
        note = self.card.note.edit.text().strip()
        self._commands.take_cash(amount=self._gesture.amount, given=stage.given, note=note, intent=self._intent)

    def show_cash(self, told: "CashDone | CashRefused") -> None:
        """It is in the journal, or nothing was taken."""
        from pos_app.checkout.events import CashDone  # noqa: PLC0415 - there since `prepare`

        if self._mode is not _Mode.CASH or told.intent != self._intent:
            return
        self._intent = ""
        if not isinstance(told, CashDone):
            self._refuse_cash(told.title, told.advice)
            return
        self._mode, self._payment = _Mode.PAYMENT, told.sale
        self._sounds.play(Sound.SUBMIT)
        self._show_stage()

    def _refuse_cash(self, title: "Text", advice: "Text") -> None:
        self._sounds.play(Sound.DECLINED)
        self.stage.cash.refuse(title, advice)
        self._announcer.announce(self.stage.cash)

    def money_is_seen(self) -> None:
        """The money is in the shop's own account: a manager says so."""
        view = self._payment if self._mode is _Mode.PAYMENT else None
        if view is not None and view.payment_id and asks_nobody(view.gateway) and not view.cancel_wished:
            from pos_app.payments.acts import Act  # noqa: PLC0415 - the window comes up without it

            self._allow(Act.DECIDE_PAID, view)

    # And on

    def next_customer(self) -> None:
        """Free for the next sale; an open payment goes on in the background."""
        self._leave_payment()
        self._retry_of = self._way = ""
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
        self._then, self._choosing = "", False

    def manage_this(self) -> None:
        """Show the payment on the stage where a manager can decide."""
        if self._payment is not None and self._payment.payment_id:
            self._manage(self._payment.payment_id)

    def again(self) -> None:
        """What a manager let go on, or took for not paid: with a new code, in the way that was wanted."""
        if self._payment is None:
            return
        way = self._way
        if self.try_again(self._payment) and way:
            self._pay(way)

    def demo_customer_pays(self) -> None:
        """Demo: the customer holds out the phone."""
        if self._commands and self.awaits_code:
            self._commands.demo_customer_pays()

    def demo_customer_scans(self) -> None:
        """Demo: the customer scans the code that is shown, and pays; a bank's transfer no gateway tells of."""
        if self._commands is None or self._payment is None or not self.demo_can_scan:
            return
        if self.stage.on("own_account"):
            self.stage.own_account.tell_demo_transfer()
            self._announcer.announce(self.stage.own_account)
        else:
            self._commands.demo_customer_scans(self._payment.payment_id)

    def ask_now(self) -> None:
        """Ask the gateway at once about the payment on the stage."""
        if self._commands and self._payment is not None and self._payment.payment_id:
            self._commands.ask_now(self._payment.payment_id)

    # What the till tells

    def show_scan(self, seen: "Seen") -> None:
        """A scan came in."""
        from pos_app.payments.payment_code import WrongCode  # noqa: PLC0415 - there since the till is

        if self._mode is _Mode.LINK and seen.source is not ScanSource.CAMERA:
            self.next_customer()
        if isinstance(seen.read, WrongCode):
            self._show_wrong(seen.read, seen.source)
        elif self._mode in {_Mode.ENTRY, _Mode.WRONG} and self._commands is not None:
            self._take(self._gesture.scan(
                seen.read, seen.source, scanned_at_ns=seen.scanned_at_ns, now_ms=self._clock.monotonic_ms(),
                decoded_at_ns=seen.decoded_at_ns,
            ))  # fmt: skip
        else:
            seen.read.forget()
            self._refuse_scan()

    def _refuse_scan(self) -> None:
        """Our own code is out: theirs is not taken, and that is said."""
        stage = self.stage.code_stage
        if stage is not None:
            if stage.show_refused_scan():
                self._sounds.play(Sound.WRONG_CODE)
            self._announcer.announce(stage)

    def show_payment(self, view: "PaymentView") -> None:
        """A payment changed; only the one on the stage is shown here."""
        if self._mode not in _OURS or self._payment is None or view.payment_id in self._earlier:
            return
        if not is_same(view, self._payment):
            return
        before = self._payment.stage
        self._payment = view
        if self._goes_on(view):
            return
        if self._choosing and view.told_paid:
            self._end_choosing()
        if self._mode is _Mode.PAYMENT and view.stage in {Stage.SENDING, Stage.PROCESSING}:
            self._show_soon()
            return
        result = self._mode is _Mode.PAYMENT and view.stage is not before and view.stage in _SOUNDS
        if result and self.isVisible():
            self._painted.wait_for(self.stage, view.payment_id)
        self._show_stage()
        if result:
            self._sounds.play(Sound.UNKNOWN if view.work is Work.LATE_MONEY else _SOUNDS[view.stage])
            self._say_paid(view)

    def _tell_painted(self, payment_id: str, painted_at_ns: int) -> None:
        if self._print_waits:
            self._show_stage()
        self._changed()
        if self._commands is not None:
            self._commands.result_shown(payment_id, shown_at_ns=painted_at_ns)

    def _say_paid(self, view: "PaymentView") -> None:
        """Only for the payment on the stage: an older one's amount would pass for this customer's."""
        if looks_paid(view) and self._speech is not None:
            self._speech.say_paid(view.amount, self._look.language)

    def show_refused(self, refused: "Refused") -> None:
        """The till would not begin the charge."""
        if self._mode is _Mode.CASH and self._intent:
            self._intent = ""
            self._refuse_cash(refused.title, refused.advice)
            return
        if self._mode not in _OURS or self._payment is None:
            return
        self._then = ""
        if self._payment.payment_id and self._payment.state != _PREPARED:
            return
        self._leave_payment()
        self._mode = _Mode.REFUSED
        self._sounds.play(Sound.DECLINED)
        self.stage.declined.show_refused(refused.title, refused.advice, self._gesture.amount)
        self.card.show_payment(self._gesture.amount, SIGNS[Stage.NOT_SENT], ())
        self._turn_to(self.stage.declined)

    def show_print(self, view: "PrintView") -> None:
        """The slip of a payment came further."""
        if self._payment is not None and view.payment_id == self._payment.payment_id:
            self._print = view.state
            if self.waits_to_show:  # nothing stands between a result and its picture
                self._print_waits = True
            else:
                self._show_stage()

    def show_camera(self, frame: "CameraView") -> None:
        """The newest frame."""
        self.stage.show_camera(ready=frame.ready)
        if self.stage.looks_for_codes:
            (self.stage.ready if self.stage.on("ready") else self.stage.waiting).camera.show_frame(frame)

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
        self._way, self._choosing = "", False
        self._begin(charge.amount, charge.source)  # before the till is asked: it may refuse at once
        self._commands.charge(
            amount=charge.amount, note=self._note, code=charge.code, source=charge.source,
            scanned_at_ns=charge.scanned_at_ns, retry_of=self._retry_of, decoded_at_ns=charge.decoded_at_ns,
        )  # fmt: skip
        self._show_soon()
        QTimer.singleShot(SUBMIT_MS, partial(self._sounds.play, Sound.SUBMIT))

    @property
    def _note(self) -> str:
        return self.card.note.edit.text().strip()

    def _begin(self, amount: int, source: ScanSource) -> None:
        """A payment takes the stage, and until the till tells of it, a picture of it."""
        from pos_app.checkout.events import PrintState  # noqa: PLC0415 - there since `prepare`
        from pos_app.ui.screens.payment_rows import provisional  # noqa: PLC0415

        self._mode = _Mode.PAYMENT
        self._print = PrintState.OFF
        self._begun_ms = self._clock.monotonic_ms()
        self._payment = provisional(amount, source, self._note, self._clock.wall_ms(), demo=self._demo)

    def _show_wrong(self, wrong: "WrongCode", source: ScanSource) -> None:
        from pos_app.payments.payment_code import NotACode  # noqa: PLC0415 - there since the till is

        if wrong.what is NotACode.TWO_CODES:  # the one that was kept may be either customer's
            self._gesture.forget_code()
            self._check_code()
        by_chance = source is ScanSource.CAMERA and self._gesture.amount == 0
        if self._mode not in {_Mode.ENTRY, _Mode.WRONG} or by_chance:
            return
        self._mode = _Mode.WRONG
        self._sounds.play(Sound.WRONG_CODE)
        self.stage.wrong.show_wrong(wrong)
        self._turn_to(self.stage.wrong)

    def _show_entry(self) -> None:
        self._mode = _Mode.ENTRY
        now_ms = self._clock.monotonic_ms()
        gesture = self._gesture
        has_code = gesture.has_code(now_ms=now_ms)
        self.card.show_entry(gesture.amount, stands=gesture.stands)
        self._choosing = False
        stages = self.stage
        stages.ready.show_code(seen=has_code)
        stages.ready.camera.show_note(SEEN if has_code else None)
        if gesture.amount or stages.made("waiting"):
            stages.waiting.show_amount(stands=gesture.stands)
            stages.waiting.camera.show_note(SEEN_ENTER if has_code else None)
        if has_code:
            self._code_timer.start()
        else:
            self._code_timer.stop()
        self._turn_to(stages.waiting if gesture.amount else stages.ready)

    @Slot()
    def _check_code(self) -> None:
        """Only forgets: time never charges anything."""
        if not self._gesture.has_code(now_ms=self._clock.monotonic_ms()) and self._mode is _Mode.ENTRY:
            self._show_entry()

    @property
    def waits_to_show(self) -> bool:
        """Whether the picture of a charge or of its result comes in a moment: what is beside it can wait."""
        return self._soon.isActive() or (self._painted.waits and self.isVisible())

    def _show_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _show_begun(self) -> None:
        if self._mode is _Mode.PAYMENT:
            self._show_stage()
        else:
            self._changed()

    def _show_stage(self) -> None:
        self._soon.stop()
        self._print_waits = False
        view = self._payment
        if view is None:
            return
        from pos_app.ui.screens.payment_rows import payment_rows  # noqa: PLC0415 - there since `prepare`

        self.card.show_payment(view.amount, sign_of(view), payment_rows(view, self._print))
        if self._mode is _Mode.LINK:
            self.stage.link.show_payment(view)
            self._turn_to(self.stage.link)
        elif not (self._choosing and is_without_money(view)):
            self._turn_to(self.stage.stage_for(view, self._print, self._until_ms(), self._way, self._then))

    def _turn_to(self, stage: QWidget) -> None:
        if self.stage.currentWidget() is not stage:
            self.stage.turn_to(stage, at_once=self._payment is not None and self._payment.stage in _SOUNDS)
            self._want_camera()
            if self.isVisible():  # a result that comes while another screen is open leaves the keys there
                self.card.box.setFocus()
        self._choosing = self._choosing and (self.stage.on("ways") or self.stage.code_stage is not None)
        self._announcer.announce(stage)
        self._changed()
        self.turned.emit()

    def _want_camera(self) -> None:
        if self._commands:
            looks = self._seen and self.stage.looks_for_codes
            self._commands.look_at_camera(on=looks, awaited=looks and self.stage.on("waiting"))

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
