"""The sale screen: the amount at the left, the stage at the right, and how one turns into the other.

It shows what the till says and sends what the cashier did; when a charge is made is decided by
`pos_app.checkout.gesture`, what became of it by the till.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pos_app.checkout.gesture import Charge, Outcome, Waits
from pos_app.checkout.standing import ScanSource, Stage, Work
from pos_app.clock import Clock
from pos_app.payments.gateway_names import asks_nobody
from pos_app.ui.at_the_counter import is_charging, is_over, is_without_money, looks_paid
from pos_app.ui.current_sale import CurrentSale, Mode
from pos_app.ui.look import Look
from pos_app.ui.painted import Painted
from pos_app.ui.screens.announcing import Announcer
from pos_app.ui.screens.sale_stages import SaleStages
from pos_app.ui.screens.tender import Tender
from pos_app.ui.signs import SIGNS, sign_of
from pos_app.ui.sounds import Sound, Sounds
from pos_app.ui.widgets.amount_card import AmountCard

if TYPE_CHECKING:
    from pos_app.checkout.events import PrintView, Refused, Seen
    from pos_app.checkout.views import PaymentView
    from pos_app.payments.acts import Act
    from pos_app.payments.payment_code import WrongCode
    from pos_app.ui.commands import Commands
    from pos_app.ui.speech import Speech

SOON_MS = 100
"""How long the picture of a payment under way waits, no longer than what people take for at once: the request leaves
first, since painting keeps the till's threads from the interpreter; and a result that follows need not wait behind it.
"""
SUBMIT_MS = 16
"""How long the sound of a charge waits: as long as a screen's picture."""
_SOUNDS = {
    Stage.PAID: Sound.PAID, Stage.DECLINED: Sound.DECLINED, Stage.NOT_SENT: Sound.DECLINED,
    Stage.UNKNOWN: Sound.UNKNOWN, Stage.MISMATCH: Sound.UNKNOWN,
}  # fmt: skip


class SaleScreen(QWidget):
    """One sale after the other.

    Args:
        clock: for the gesture and the seconds shown.
        changed: called whenever other keys may work now.
        speech: says a paid amount; None keeps still.
        manage: shows the payment of that id where a manager can decide.
        allow: has a manager allow an act on a payment.
        cash: the shop takes cash here.

    Attributes:
        now: the sale as it is: what may be done is asked there.
        card: the amount, at the left.
        stage: what becomes of it, at the right.
        tender: how it is paid, where that is chosen.

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
        self._demo = demo
        self.now = CurrentSale(clock, demo=demo, takes_cash=cash)
        self._print_waits = False
        self._seen = True
        self._announcer = Announcer(opens_with_window=True)
        self._painted = Painted(self, self._tell_painted)
        self._row = QHBoxLayout(self)
        self.card = AmountCard(look)
        self.stage = SaleStages(look, clock, self, demo=demo)
        self.tender = Tender(
            self.now, self.card, self.stage, sounds=sounds, announcer=self._announcer,
            show=self._show_stage, show_entry=self._show_entry, turn_to=self._turn_to,
        )  # fmt: skip
        self._row.addWidget(self.card)
        self._row.addWidget(self.stage, 1)
        self.card.digits.connect(self._digits)
        self.card.delete.connect(self._delete)
        self.card.clear.connect(self._clear)
        self.card.quick.connect(self._quick)
        self.card.note.edit.textChanged.connect(self._noted)
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
        self.now.commands = commands
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
    def code_is_shown(self) -> bool:
        """Whether the customer can scan our code now."""
        stage = self.stage.code_stage
        return stage is not None and stage.can_scan

    @property
    def demo_can_scan(self) -> bool:
        """Whether there is something that the demo customer can scan and pay."""
        view = self.now.payment
        if not self._demo or view is None:
            return False
        return self.code_is_shown or (self.now.mode is Mode.LINK and view.shown is not None)

    def facts(self) -> "tuple[int, PaymentView | None, int, str, int | None]":
        """For the customer display: amount, payment on the stage, until when its code can be scanned, for which way.

        And what was given in cash, None where it is not paid so. A link is somebody else's: nothing of it.
        """
        now = self.now
        if now.mode is Mode.LINK:
            return 0, None, 0, "", None
        if now.is_taking_cash:
            return now.amount, None, 0, "", self.stage.cash.given
        return now.amount, now.paying, now.until_ms(), now.way, None

    # What the cashier does

    def press(self, event: QKeyEvent) -> bool:
        """A key that no field took. False when it means nothing here."""
        if self.now.mode is Mode.PAYMENT and self.now.payment and is_over(self.now.payment):
            return self._press_on_paid(event)
        key = Qt.Key(event.key())
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.enter()
        elif key == Qt.Key.Key_Escape:
            self.back()
        elif self.now.choosing or self.now.is_taking_cash:
            return self.stage.choice.press(key) if self.now.choosing else self.stage.cash.press(key, event.text())
        elif self.now.mode is Mode.LINK and "0" <= event.text() <= "9":
            self.next_customer()
            return self.card.press(key, event.text())
        elif self.now.is_entry:
            return self.card.press(key, event.text())
        else:
            return False
        return True

    def _press_on_paid(self, event: QKeyEvent) -> bool:
        """Any key goes on; a digit is already the first of the next amount."""
        if Qt.Key.Key_Shift <= event.key() <= Qt.Key.Key_ScrollLock:
            return False
        self.next_customer()
        return self.card.press(Qt.Key(event.key()), event.text()) or True

    @Slot(str)
    def _digits(self, digits: str) -> None:
        if self.now.gesture.type_digits(digits, now_ms=self._clock.monotonic_ms()):
            self._show_entry()

    @Slot()
    def _delete(self) -> None:
        self.now.gesture.delete(now_ms=self._clock.monotonic_ms())
        self._show_entry()

    @Slot()
    def _clear(self) -> None:
        self.now.gesture.clear()
        self._show_entry()

    @Slot(int)
    def _quick(self, amount: int) -> None:
        self._take(self.now.gesture.tap_amount(amount, now_ms=self._clock.monotonic_ms()))

    @Slot(str)
    def _noted(self, note: str) -> None:
        self.now.note = note.strip()

    def enter(self) -> None:
        """Enter: whatever the primary button of the stage does."""
        view = self.now.payment
        if self.now.choosing:
            return  # a way is chosen by its digit or its button: Enter would not say which
        if self.now.mode is Mode.REFUSED:
            self.retry()
        elif self.now.is_taking_cash:
            self.tender.confirm_cash()
        elif self.now.mode is Mode.LINK:
            if not self.stage.link.copy():
                self.next_customer()
        elif self.now.mode is not Mode.PAYMENT:
            self._take(self.now.gesture.enter(now_ms=self._clock.monotonic_ms()))
        elif view is not None and is_without_money(view):
            self.retry()
        elif view is not None and is_charging(view):
            self.money_is_seen()
        elif view is not None:
            self.next_customer()

    def back(self) -> None:
        """Esc: one step back, never out of a payment that is still open."""
        if self.now.choosing:
            self.tender.end_choosing()
            return
        if self.now.mode is Mode.LINK:
            self.next_customer()
            return
        if self.now.writes_cash:
            return  # it is being written down
        if self.now.mode is Mode.ENTRY:
            self.now.gesture.clear()
            self.now.gesture.forget_code()
            self.card.note.edit.clear()
        elif self.now.mode is Mode.PAYMENT:
            if self.now.payment is not None and is_without_money(self.now.payment):
                self.now.edit_again()
            else:
                self._leave_or_cancel()
                return
        elif self.now.mode is Mode.REFUSED:
            self.now.edit_again()
        self._show_entry()

    def _leave_or_cancel(self) -> None:
        if self.now.payment is not None and is_over(self.now.payment):
            self.next_customer()
        else:
            self.tender.cancel()

    def try_again(self, view: "PaymentView") -> bool:
        """Charge a sale once more that a manager let go on; False while something else is being charged."""
        if self.now.mode is Mode.PAYMENT and self.now.payment is not None and is_charging(self.now.payment):
            return False
        self.next_customer(retry_of=view.payment_id)
        self.card.note.edit.setText(view.note)
        self._take(self.now.gesture.tap_amount(view.amount, now_ms=self._clock.monotonic_ms()))
        return True

    def retry(self) -> None:
        """The same amount again: with a new code of theirs, or of ours."""
        if self.now.way:
            self.tender.pay(self.now.way)
            return
        self.now.leave_for_retry()
        self._take(self.now.gesture.enter(now_ms=self._clock.monotonic_ms()))

    def money_is_seen(self) -> None:
        """The money is in the shop's own account: a manager says so."""
        view = self.now.paying
        if view is not None and view.payment_id and asks_nobody(view.gateway) and not view.cancel_wished:
            from pos_app.payments.acts import Act  # noqa: PLC0415 - the window comes up without it

            self._allow(Act.DECIDE_PAID, view)

    # And on

    def next_customer(self, *, retry_of: str = "") -> None:
        """Free for the next sale; an open payment goes on in the background."""
        self.now.next_customer(retry_of=retry_of)
        self.card.note.edit.clear()
        self._show_entry()

    def manage_this(self) -> None:
        """Show the payment on the stage where a manager can decide."""
        if self.now.payment_id:
            self._manage(self.now.payment_id)

    def again(self) -> None:
        """What a manager let go on, or took for not paid: with a new code, in the way that was wanted."""
        if self.now.payment is None:
            return
        way = self.now.way
        if self.try_again(self.now.payment) and way:
            self.tender.pay(way)

    def demo_customer_pays(self) -> None:
        """Demo: the customer holds out the phone."""
        if self.now.commands and self.now.awaits_code:
            self.now.commands.demo_customer_pays()

    def demo_customer_scans(self) -> None:
        """Demo: the customer scans the code that is shown, and pays; a bank's transfer no gateway tells of."""
        if self.now.commands is None or self.now.payment is None or not self.demo_can_scan:
            return
        if self.stage.on("own_account"):
            self.stage.own_account.tell_demo_transfer()
            self._announcer.announce(self.stage.own_account)
        else:
            self.now.commands.demo_customer_scans(self.now.payment.payment_id)

    def ask_now(self) -> None:
        """Ask the gateway at once about the payment on the stage."""
        if self.now.commands and self.now.payment_id:
            self.now.commands.ask_now(self.now.payment_id)

    # What the till tells

    def show_scan(self, seen: "Seen") -> None:
        """A scan came in."""
        from pos_app.payments.payment_code import WrongCode  # noqa: PLC0415 - there since the till is

        if self.now.mode is Mode.LINK and seen.source is not ScanSource.CAMERA:
            self.next_customer()
        if isinstance(seen.read, WrongCode):
            self._show_wrong(seen.read, seen.source)
        elif self.now.is_entry and self.now.commands is not None:
            self._take(self.now.gesture.scan(
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
        now = self.now
        before = now.payment.stage if now.payment is not None else None
        if not now.takes(view):
            return
        if way := now.next_way():
            self.tender.pay(way)
            return
        if now.choosing and view.told_paid:
            self.tender.end_choosing()
        if now.mode is Mode.PAYMENT and view.stage in {Stage.SENDING, Stage.PROCESSING}:
            self._show_soon()
            return
        result = now.mode is Mode.PAYMENT and view.stage is not before and view.stage in _SOUNDS
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
        if self.now.commands is not None:
            self.now.commands.result_shown(payment_id, shown_at_ns=painted_at_ns)

    def _say_paid(self, view: "PaymentView") -> None:
        """Only for the payment on the stage: an older one's amount would pass for this customer's."""
        if looks_paid(view) and self._speech is not None:
            self._speech.say_paid(view.amount, self._look.language)

    def show_refused(self, refused: "Refused") -> None:
        """The till would not begin the charge."""
        of = self.now.refused()
        if of is Mode.CASH:
            self.tender.refuse_cash(refused.title, refused.advice)
        if of is not Mode.REFUSED:
            return
        self._sounds.play(Sound.DECLINED)
        self.stage.declined.show_refused(refused.title, refused.advice, self.now.amount)
        self.card.show_payment(self.now.amount, SIGNS[Stage.NOT_SENT], ())
        self._turn_to(self.stage.declined)

    def show_print(self, view: "PrintView") -> None:
        """The slip of a payment came further."""
        if self.now.payment is not None and view.payment_id == self.now.payment.payment_id:
            self.now.printing = view.state
            if self.waits_to_show:  # nothing stands between a result and its picture
                self._print_waits = True
            else:
                self._show_stage()

    # From one to the other

    def _take(self, outcome: Outcome) -> None:
        if isinstance(outcome, Charge):
            self._charge(outcome)
            return
        if outcome is Waits.CODE and self.now.commands:
            self.now.commands.amount_stands(self.now.amount)
        self._show_entry()

    def _charge(self, charge: Charge) -> None:
        if self.now.charge(charge):
            self._show_soon()
            QTimer.singleShot(SUBMIT_MS, partial(self._sounds.play, Sound.SUBMIT))

    def _show_wrong(self, wrong: "WrongCode", source: ScanSource) -> None:
        from pos_app.payments.payment_code import NotACode  # noqa: PLC0415 - there since the till is

        if wrong.what is NotACode.TWO_CODES:  # the one that was kept may be either customer's
            self.now.gesture.forget_code()
            self._check_code()
        by_chance = source is ScanSource.CAMERA and self.now.amount == 0
        if not self.now.is_entry or by_chance:
            return
        self.now.mode = Mode.WRONG
        self._sounds.play(Sound.WRONG_CODE)
        self.stage.wrong.show_wrong(wrong)
        self._turn_to(self.stage.wrong)

    def _show_entry(self) -> None:
        self.now.mode = Mode.ENTRY
        now_ms = self._clock.monotonic_ms()
        gesture = self.now.gesture
        has_code = gesture.has_code(now_ms=now_ms)
        self.card.show_entry(gesture.amount, stands=gesture.stands)
        self.now.choosing = False
        if has_code:
            self._code_timer.start()
        else:
            self._code_timer.stop()
        self._turn_to(self.stage.stage_for_entry(gesture.amount, stands=gesture.stands, has_code=has_code))

    @Slot()
    def _check_code(self) -> None:
        """Only forgets: time never charges anything."""
        if not self.now.gesture.has_code(now_ms=self._clock.monotonic_ms()) and self.now.mode is Mode.ENTRY:
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
        if self.now.mode is Mode.PAYMENT:
            self._show_stage()
        else:
            self._changed()

    def _show_stage(self) -> None:
        self._soon.stop()
        self._print_waits = False
        view = self.now.payment
        if view is None:
            return
        from pos_app.ui.screens.payment_rows import payment_rows  # noqa: PLC0415 - there since `prepare`

        self.card.show_payment(view.amount, sign_of(view), payment_rows(view, self.now.printing))
        if self.now.mode is Mode.LINK:
            self.stage.link.show_payment(view)
            self._turn_to(self.stage.link)
        elif not (self.now.choosing and is_without_money(view)):
            self._turn_to(
                self.stage.stage_for(view, self.now.printing, self.now.until_ms(), self.now.way, self.now.then)
            )

    def _turn_to(self, stage: QWidget) -> None:
        if self.stage.currentWidget() is not stage:
            self.stage.turn_to(stage, at_once=self.now.payment is not None and self.now.payment.stage in _SOUNDS)
            self._want_camera()
            if self.isVisible():  # a result that comes while another screen is open leaves the keys there
                self.card.box.setFocus()
        self.now.has_our_code = self.stage.code_stage is not None
        self.now.choosing = self.now.choosing and (self.stage.on("ways") or self.now.has_our_code)
        self._announcer.announce(stage)
        self.turned.emit()

    def _want_camera(self) -> None:
        if self.now.commands:
            looks = self._seen and self.stage.looks_for_codes
            self.now.commands.look_at_camera(on=looks, awaited=looks and self.stage.on("waiting"))

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
