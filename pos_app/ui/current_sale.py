"""The sale at the counter as it is now: what stands, which payment it has, how it is to be paid, and what may be done.

Nothing of Qt and nothing that is shown: `screens.sale` shows it. A payment is begun here in each of its ways, by one
command to the till; what becomes of it the till tells.
"""

from collections import deque
from enum import Enum, auto
from typing import TYPE_CHECKING

from pos_app.checkout.gesture import Charge, SaleGesture
from pos_app.checkout.standing import ScanSource
from pos_app.clock import Clock
from pos_app.ui.at_the_counter import can_be_dropped, is_charging, is_over, is_same, is_without_money, looks_paid

if TYPE_CHECKING:
    from pos_app.checkout.events import CashDone, CashRefused, PrintState
    from pos_app.checkout.views import PaymentView
    from pos_app.gateways.gateway import PayMethod
    from pos_app.ui.commands import Commands

EARLIER_MAX = 64
_PREPARED = "prepared"
"""The journal's word for a payment of which nothing has left."""


class Mode(Enum):
    """What the sale is at."""

    ENTRY = auto()
    WRONG = auto()
    PAYMENT = auto()
    REFUSED = auto()
    LINK = auto()
    """A link for somebody who is not here is on the stage: the counter is free."""
    CASH = auto()
    """The customer pays in cash: nothing is taken before Enter."""


class CurrentSale:
    """One sale after the other.

    Args:
        clock: for the gesture and the seconds shown.
        demo: no real money moves.
        takes_cash: the shop takes cash here.

    Attributes:
        commands: the till; None before it is there and when it ends.
        methods: how customers can pay what we show.
        note: what the cashier typed beside the amount.
        gesture: the amount, and the code that may already be there.
        payment: the one on the stage.
        printing: how far its slip is.
        way: how the customer pays what we show, "" while we scan.
        then: the way that is wanted once what is shown has ended, "" for none.
        choosing: the ways to pay stand there to be chosen from.
        has_our_code: a code of ours is on the stage, or what became of it.
    """

    def __init__(self, clock: Clock, *, demo: bool, takes_cash: bool) -> None:
        self._clock, self._demo, self.takes_cash = clock, demo, takes_cash
        self.commands: Commands | None = None
        self.methods: tuple[PayMethod, ...] = ()
        self.mode, self.note = Mode.ENTRY, ""
        self.gesture = SaleGesture()
        self.payment: PaymentView | None = None
        self.printing: PrintState
        self.way = self.then = ""
        self.choosing = self.has_our_code = False
        self._retry_of = ""
        self._begun_ms = 0
        self._earlier: deque[str] = deque(maxlen=EARLIER_MAX)
        self._cash_intent = ""  # of the sale in cash, however often it is pressed
        self._cash_waits = False  # it is being written down

    # --- what may be done ------------------------------------------------------------------------------------------

    @property
    def amount(self) -> int:
        """Dong, as far as they were entered."""
        return self.gesture.amount

    @property
    def payment_id(self) -> str:
        """The payment on the stage, "" when there is none with a number."""
        return self.payment.payment_id if self.payment else ""

    @property
    def paying(self) -> "PaymentView | None":
        """The payment on the stage if it is this customer's."""
        return self.payment if self.mode is Mode.PAYMENT else None

    @property
    def is_entry(self) -> bool:
        """Whether amount and code are awaited."""
        return self.mode in {Mode.ENTRY, Mode.WRONG}

    @property
    def serves(self) -> bool:
        """Whether a customer stands here: an amount is typed, or something is on the stage."""
        return self.choosing or self.mode is not Mode.ENTRY or self.amount > 0

    @property
    def can_go_back(self) -> bool:
        """Whether Esc does something."""
        if self.mode is Mode.PAYMENT and not self.choosing:
            return self.payment is not None and (is_without_money(self.payment) or is_over(self.payment))
        return self.serves

    @property
    def can_cancel(self) -> bool:
        """Whether Esc notes that the payment on the stage is not wanted any more."""
        return self.can_be_dropped and not self.choosing

    @property
    def can_be_dropped(self) -> bool:
        """Whether that can be noted of it at all."""
        view = self.paying
        return view is not None and bool(view.payment_id) and can_be_dropped(view)

    @property
    def awaits_code(self) -> bool:
        """Whether a code would be taken for an amount that is there."""
        return self.is_entry and self.amount > 0

    @property
    def can_show_code(self) -> bool:
        """Whether F2 shows a code: an amount stands, and nothing is open."""
        if self.mode is Mode.PAYMENT:
            return self.payment is not None and is_without_money(self.payment)
        stands = self.amount > 0 and self.gesture.stands
        return self.commands is not None and self.mode not in {Mode.LINK, Mode.CASH} and stands

    @property
    def can_show_instead(self) -> bool:
        """Whether F2 puts our code in the place of theirs, whose result is slow: once that one has ended."""
        return self.commands is not None and not self.has_our_code and self.can_cancel

    @property
    def can_choose_way(self) -> bool:
        """Whether another way to pay can be chosen now, before a code is shown or in the place of one."""
        return self.can_show_code or (self.has_our_code and self.can_be_dropped)

    @property
    def can_change_way(self) -> bool:
        """Whether that would be in the place of a code that is shown."""
        return self.has_our_code and self.can_choose_way

    @property
    def standing(self) -> int:
        """The amount (dong) that a wallet can be charged now: one stands and nothing is open; else 0."""
        return self.amount if self.can_show_code else 0

    @property
    def can_take_cash(self) -> bool:
        """Whether the amount that stands can be taken in cash, or is being."""
        return self.takes_cash and (self.is_taking_cash or self.standing > 0)

    @property
    def is_taking_cash(self) -> bool:
        """Whether the customer pays in cash now."""
        return self.mode is Mode.CASH

    @property
    def writes_cash(self) -> bool:
        """Whether cash is being written down now."""
        return self.is_taking_cash and self._cash_waits

    def until_ms(self) -> int:
        """Until when its code can be scanned, monotonic; 0 for no code.

        The payment's times are corrected wall clock: only the span between them counts here.
        """
        view = self.payment
        if view is None or view.expires_at_ms is None:
            return 0
        return self._begun_ms + view.expires_at_ms - view.scanned_at_ms

    # --- one payment after the other -------------------------------------------------------------------------------

    def leave_payment(self) -> None:
        """What the stage showed goes on by itself, if it is still open."""
        if self.payment is not None:
            self._earlier.append(self.payment.payment_id)
        self.payment = None
        self.then, self.choosing = "", False

    def leave_for_retry(self) -> None:
        """The same sale is tried once more."""
        if self.payment is not None and self.payment.payment_id:
            self._retry_of = self.payment.payment_id
        self.leave_payment()

    def edit_again(self) -> None:
        """The same amount, to be changed: it does not stand any more."""
        amount = str(self.amount)
        self.way = ""
        self.leave_payment()
        self.gesture = SaleGesture()
        self.gesture.type_digits(amount, now_ms=self._clock.monotonic_ms())

    def next_customer(self, *, retry_of: str = "") -> None:
        """Free for the next sale, or for another try of an earlier one."""
        self.leave_payment()
        self._retry_of, self.way = retry_of, ""
        self.gesture.forget_code()
        self.gesture = SaleGesture()
        if self.commands:
            self.commands.next_customer()

    # --- how it is paid: each has the picture of a payment before the till is asked, which may refuse at once ------

    def charge(self, charge: Charge) -> bool:
        """Charge the customer's code. False when there is no till to do it."""
        if self.commands is None:
            charge.code.forget()
            return False
        self.way, self.choosing = "", False
        self._begin(charge.amount, charge.source)
        self.commands.charge(
            amount=charge.amount, note=self.note, code=charge.code, source=charge.source,
            scanned_at_ns=charge.scanned_at_ns, retry_of=self._retry_of, decoded_at_ns=charge.decoded_at_ns,
        )  # fmt: skip
        return True

    def pay(self, way: str) -> bool:
        """Make a code of ours for the amount, or a link. False when there is no till to do it."""
        from pos_app.gateways.gateway import PayMethod  # noqa: PLC0415 - there since the till is
        from pos_app.ui.ways_to_pay import LINK  # noqa: PLC0415

        if self.commands is None:
            return False
        self._begin_anew(way, ScanSource.LINK if way == LINK else ScanSource.SHOWN)
        if way == LINK:
            self.mode = Mode.LINK
            self.commands.link(amount=self.amount, note=self.note)
        else:
            method = PayMethod(way)
            self.commands.show(amount=self.amount, note=self.note, method=method, retry_of=self._retry_of)
        return True

    def charge_customer(self, number: str) -> bool:
        """Charge the wallet of the regular customer of that number; False when nothing can be charged now."""
        if self.commands is None or not self.standing:
            return False
        self._begin_anew("", ScanSource.REGULAR)
        self.commands.charge_customer(number, amount=self.amount, note=self.note, retry_of=self._retry_of)
        return True

    def _begin_anew(self, way: str, source: ScanSource) -> None:
        self.leave_for_retry()
        self.gesture.forget_code()
        self.way, self.choosing = way, False
        self._begin(self.amount, source)

    def _begin(self, amount: int, source: ScanSource) -> None:
        """A payment takes the stage, and until the till tells of it, a picture of it."""
        from pos_app.checkout.events import PrintState  # noqa: PLC0415 - there since the till is
        from pos_app.ui.screens.payment_rows import provisional  # noqa: PLC0415

        self.mode, self.printing = Mode.PAYMENT, PrintState.OFF
        self._begun_ms = self._clock.monotonic_ms()
        self.payment = provisional(amount, source, self.note, self._clock.wall_ms(), demo=self._demo)

    def ask_for_cash(self) -> None:
        """The customer pays the amount in cash."""
        from pos_app.checkout.events import PrintState  # noqa: PLC0415 - there since the till is

        self.leave_for_retry()
        self.gesture.forget_code()
        self.way, self._cash_intent, self._cash_waits = "", "", False
        self.mode, self.printing = Mode.CASH, PrintState.OFF

    def take_cash(self, given: int) -> None:
        """So many dong are in the cashier's hand: to be written down, once."""
        from secrets import token_hex  # noqa: PLC0415 - the window comes up without it

        if self.commands is None:
            return
        # Once more after a refusal is the same sale, whatever is given now: it may have been stored all the same.
        self._cash_intent, self._cash_waits = self._cash_intent or token_hex(8), True
        self.commands.take_cash(amount=self.amount, given=given, note=self.note, intent=self._cash_intent)

    # --- what the till tells ---------------------------------------------------------------------------------------

    def takes(self, view: "PaymentView") -> bool:
        """A payment changed: whether it is the one on the stage, which shows it from now on."""
        if self.mode not in {Mode.PAYMENT, Mode.LINK} or self.payment is None or view.payment_id in self._earlier:
            return False
        if not is_same(view, self.payment):
            return False
        self.payment = view
        return True

    def next_way(self) -> str:
        """The way that was waited for, once the code that stood in its way has ended without money; else ""."""
        way, view = self.then, self.payment
        if not way or view is None or is_charging(view):
            return ""
        self.then = ""
        if is_without_money(view):
            return way
        if not looks_paid(view):
            self.way = way  # for a try that a manager allows
        return ""

    def takes_cash_told(self, told: "CashDone | CashRefused") -> bool:
        """What became of cash: whether it is of the sale that is being taken, also where that seemed refused."""
        from pos_app.checkout.events import CashDone  # noqa: PLC0415 - there since the till is

        if not self.is_taking_cash or told.intent != self._cash_intent:
            return False
        self._cash_waits = False
        if isinstance(told, CashDone):
            self.mode, self.payment = Mode.PAYMENT, told.sale
        return True

    def refused(self) -> Mode:
        """The till would not begin something: which of ours it was; ENTRY for none of it."""
        if self.writes_cash:
            self._cash_waits = False
            return Mode.CASH
        if self.mode not in {Mode.PAYMENT, Mode.LINK} or self.payment is None:
            return Mode.ENTRY
        self.then = ""
        if self.payment.payment_id and self.payment.state != _PREPARED:
            return Mode.ENTRY
        self.leave_payment()
        self.mode = Mode.REFUSED
        return Mode.REFUSED
