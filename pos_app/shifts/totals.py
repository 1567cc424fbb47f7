"""What a shift comes to: figures that anybody can fold again from the same facts, in any order of them.

A fact is a difference: what a payment stood at when the shift began (nothing, when it was begun in it) and what it
stands at now. So nothing is counted in two shifts, and what settles after its shift was closed counts in the running
one, which names the other (`Adjustment`). "Confirmed" is only ever the gateway's word; what a manager decided is
apart, and what nobody knows is in no sum at all.

The ledger tells the same by another way (postings of the shift): `Moves` is what it must say.
"""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from pos_app.payments.cash import CashFact, CashKind
from pos_app.payments.gateway_names import OWN_VIETQR, asks_nobody, is_appotapay
from pos_app.payments.ledger import Account, Standing, balance
from pos_app.payments.order_number import running_of
from pos_app.payments.payment import LIVE, NEGATIVE, State
from pos_app.payments.refund import RefundState
from pos_app.shifts.cash import NO_CASH, Cash, CashTally

_GESTURES = ("shown", "link", "regular", "restored")
SCANNED = "scanned"


class Method(NamedTuple):
    """A way to pay, as reports tell them apart.

    Attributes:
        who: `zalopay`, `appotapay` or `own_vietqr`, whatever the API's version.
        how: by which gesture; "" where there is only one.
    """

    who: str
    how: str


def method_of(gateway: str, source: str) -> Method:
    """The way to pay of a payment, from what the journal calls its gateway and its source."""
    if asks_nobody(gateway):
        return Method(OWN_VIETQR, "")
    return Method("appotapay" if is_appotapay(gateway) else "zalopay", source if source in _GESTURES else SCANNED)


# --- facts ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """What happened to one payment in the shift.

    Attributes:
        slip_number, running: its number as printed, and as counted.
        gateway, source: how it was paid, as the journal has it.
        shift: the one it was begun in.
        before: what it stood at when this shift began; None when it was begun in this one.
        now: what it stands at.
        cause: why it did not happen (`payments.cause`); "" for all else.
    """

    slip_number: str
    running: int
    gateway: str
    source: str
    shift: int
    before: Standing | None
    now: Standing
    cause: str


@dataclass(frozen=True, slots=True)
class RefundFact:
    """A refund that was asked for in the shift, or done in it.

    Attributes:
        slip_number, running: its own number.
        of_slip: the payment's.
        gateway, source: how that was paid.
        shift: the one it was asked for in.
        amount: dong.
        allowed_by: the manager.
        done: the gateway confirmed it in this shift.
    """

    slip_number: str
    running: int
    of_slip: str
    gateway: str
    source: str
    shift: int
    amount: int
    allowed_by: str
    done: bool


@dataclass(frozen=True, slots=True)
class Open:
    """A payment or a refund without a result, of this shift or an earlier one."""

    number: str
    slip_number: str
    amount: int
    shift: int


# --- figures -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a gateway confirmed of one way to pay: payments, refunds of it, in counts and dong."""

    method: Method
    count: int
    amount: int
    refunds: int
    refunded: int

    @property
    def net(self) -> int:
        """Dong that stay."""
        return self.amount - self.refunded


@dataclass(frozen=True, slots=True)
class ByHand:
    """What managers decided to be paid. Below nothing when the gateway confirmed an earlier shift's after all."""

    method: Method
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Acts:
    """How often a manager did something, and over how many dong."""

    by: str
    act: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Declined:
    """How many payments did not happen, in which way and why."""

    who: str
    state: str
    cause: str
    count: int


@dataclass(frozen=True, slots=True)
class GivenBack:
    """One refund that was done."""

    slip_number: str
    of_slip: str
    amount: int
    by: str


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Something of an earlier shift that changed in this one; its dong are in this one's sums.

    Attributes:
        shift: the earlier one; 0 for before there were shifts.
        slip_number: of the payment, or of the refund.
        amount: dong.
        was, now: states.
    """

    shift: int
    slip_number: str
    amount: int
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Moves:
    """By how many dong each account must have moved."""

    wallet: int
    manual: int
    suspense: int
    surplus: int


@dataclass(frozen=True, slots=True)
class Totals:
    """All figures of a shift. Every tuple has one order, so that the same facts have one spelling.

    Attributes:
        shift: its number.
        confirmed, by_hand: by way to pay.
        acts: what managers did, by person.
        declined: what did not happen.
        refunds: each one that was done.
        open, open_refunds: what nobody knows at this moment.
        adjustments: what settled of earlier shifts.
        late_count, late_amount: money that came when its sale no longer waited; it is in `confirmed` too.
        first_slip, last_slip: "" where there was none.
        reprints: copies after the first.
        moves: what the ledger must say.
        grand_total, grand_by_hand: net of what was confirmed, and what was decided, since the journal began.
        cash: what the drawer comes to; in none of the sums above. Not spelled where there was none.
    """

    shift: int
    confirmed: tuple[Confirmed, ...]
    by_hand: tuple[ByHand, ...]
    acts: tuple[Acts, ...]
    declined: tuple[Declined, ...]
    refunds: tuple[GivenBack, ...]
    open: tuple[Open, ...]
    open_refunds: tuple[Open, ...]
    adjustments: tuple[Adjustment, ...]
    late_count: int
    late_amount: int
    first_slip: str
    last_slip: str
    reprints: int
    moves: Moves
    grand_total: int
    grand_by_hand: int
    cash: Cash = NO_CASH

    @property
    def count(self) -> int:
        """Payments that a gateway confirmed."""
        return sum(one.count for one in self.confirmed)

    @property
    def amount(self) -> int:
        """Their dong."""
        return sum(one.amount for one in self.confirmed)

    @property
    def refunded(self) -> int:
        """Dong that were given back."""
        return sum(one.refunded for one in self.confirmed)

    @property
    def net(self) -> int:
        """What was confirmed less what was given back."""
        return self.amount - self.refunded

    @property
    def decided(self) -> int:
        """What managers decided to be paid."""
        return sum(one.amount for one in self.by_hand)

    @property
    def open_amount(self) -> int:
        """Dong of which nobody knows."""
        return sum(one.amount for one in self.open)


class Tally:
    """Takes in facts one by one, in any order; `totals` says what they come to so far."""

    def __init__(self, shift: int) -> None:
        """For the shift of that number."""
        self._shift = shift
        self._confirmed: dict[Method, Counter[str]] = {}
        self._by_hand: dict[Method, Counter[str]] = {}
        self._acts: dict[tuple[str, str], Counter[str]] = {}
        self._declined: Counter[tuple[str, str, str]] = Counter()
        self._refunds: list[tuple[int, GivenBack]] = []
        self._open: list[Open] = []
        self._open_refunds: list[Open] = []
        self._adjustments: list[tuple[int, Adjustment]] = []
        self._late: Counter[str] = Counter()
        self._moves: Counter[Account] = Counter()
        self._slips: list[tuple[int, str]] = []
        self._reprints = 0
        self._cash = CashTally()

    def payment(self, one: PaymentFact) -> None:
        """Take in what happened to a payment."""
        method, was, now = method_of(one.gateway, one.source), one.before or _NOTHING, one.now
        amount = now.amount
        paid = (now.state is State.PAID) - (was.state is State.PAID)
        if paid:
            self._confirmed.setdefault(method, Counter()).update(count=paid, amount=paid * amount)
        decided = (now.state is State.MANUAL_PAID) - (was.state is State.MANUAL_PAID)
        if decided:
            self._by_hand.setdefault(method, Counter()).update(count=decided, amount=decided * amount)
        if paid and now.late:
            self._late.update(count=1, amount=amount)
        if now.state in NEGATIVE and was.state not in NEGATIVE:
            self._declined[method.who, now.state.value, one.cause] += 1
        if one.before is None:
            self._slip(one.running, one.slip_number)
        elif was.state is not now.state:
            told = Adjustment(one.shift, one.slip_number, amount, was.state.value, now.state.value)
            self._adjustments.append((one.running, told))
        self._moves[Account.WALLET] += paid * amount
        self._moves[Account.MANUAL] += decided * amount
        self._moves[Account.SUSPENSE] += amount * (_in_suspense(now) - _in_suspense(was))
        self._moves[Account.SURPLUS] += _surplus(now) - _surplus(was)

    def refund(self, one: RefundFact) -> None:
        """Take in a refund that was asked for, or done, in this shift."""
        if one.shift == self._shift:
            self._slip(one.running, one.slip_number)
        if not one.done:
            return
        confirmed = self._confirmed.setdefault(method_of(one.gateway, one.source), Counter())
        confirmed.update(refunds=1, refunded=one.amount)
        self._refunds.append((one.running, GivenBack(one.slip_number, one.of_slip, one.amount, one.allowed_by)))
        self._moves[Account.WALLET] -= one.amount
        if one.shift != self._shift:
            told = Adjustment(
                one.shift, one.slip_number, one.amount, RefundState.REQUESTED.value, RefundState.DONE.value
            )
            self._adjustments.append((one.running, told))

    def act(self, by: str, act: str, amount: int) -> None:
        """Take in what a manager did about a payment of so many dong."""
        self._acts.setdefault((by, act), Counter()).update(count=1, amount=amount)

    def open(self, one: Open) -> None:
        """Take in a payment that has no result."""
        self._open.append(one)

    def open_refund(self, one: Open) -> None:
        """Take in a refund whose end nobody knows."""
        self._open_refunds.append(one)

    def reprinted(self, copies: int = 1) -> None:
        """Take in copies of slips that are not the first."""
        self._reprints += copies

    def cash(self, one: CashFact) -> None:
        """Take in what happened at the cash drawer: of these, unlike all others, in their order."""
        self._cash.add(one)
        if one.kind in (CashKind.SALE, CashKind.REFUND):
            self._slip(running_of(one.slip_number), one.slip_number)

    def totals(self, grand_total: int = 0, grand_by_hand: int = 0, float_dong: int = 0) -> Totals:
        """What the facts come to, after what earlier shifts came to, and with so much cash at the beginning."""
        confirmed = tuple(
            Confirmed(method, it["count"], it["amount"], it["refunds"], it["refunded"])
            for method, it in sorted(self._confirmed.items())
        )
        by_hand = tuple(ByHand(method, it["count"], it["amount"]) for method, it in sorted(self._by_hand.items()))
        slips = sorted(self._slips)
        moves = self._moves
        return Totals(
            shift=self._shift,
            confirmed=confirmed,
            by_hand=by_hand,
            acts=tuple(Acts(by, act, it["count"], it["amount"]) for (by, act), it in sorted(self._acts.items())),
            declined=tuple(Declined(*why, count) for why, count in sorted(self._declined.items())),
            refunds=tuple(one for _, one in sorted(self._refunds, key=_running)),
            open=tuple(sorted(self._open, key=lambda one: (one.slip_number, one.number))),
            open_refunds=tuple(sorted(self._open_refunds, key=lambda one: (one.slip_number, one.number))),
            adjustments=tuple(one for _, one in sorted(self._adjustments, key=_running)),
            late_count=self._late["count"],
            late_amount=self._late["amount"],
            first_slip=slips[0][1] if slips else "",
            last_slip=slips[-1][1] if slips else "",
            reprints=self._reprints,
            moves=Moves(moves[Account.WALLET], moves[Account.MANUAL], moves[Account.SUSPENSE], moves[Account.SURPLUS]),
            grand_total=grand_total + sum(one.net for one in confirmed),
            grand_by_hand=grand_by_hand + sum(one.amount for one in by_hand),
            cash=self._cash.cash(float_dong),
        )

    def _slip(self, running: int, slip_number: str) -> None:
        """Only the outer two are needed."""
        slips = sorted([*self._slips, (running, slip_number)])
        self._slips = [slips[0], slips[-1]]


_NOTHING = Standing(0)


def _running(told: tuple[int, object]) -> int:
    return told[0]


def _in_suspense(one: Standing) -> bool:
    return one.state in LIVE and one.state is not State.PREPARED


def _surplus(one: Standing) -> int:
    return balance(one).get(Account.SURPLUS, 0)
