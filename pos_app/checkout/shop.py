"""What the desks are given: the shop's facts, what is asked of them, and a manager's word."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pos_app.checkout.moments import Moments
from pos_app.checkout.open_payment import OpenPayment
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.views import ScanSource
from pos_app.gateways.gateway import Gateway, PayMethod
from pos_app.payments.acts import Act, forbidden
from pos_app.payments.gateway_names import named
from pos_app.words import Text


@dataclass(frozen=True, slots=True)
class Shop:
    """What the desk must know of the shop and its gateway account.

    Attributes:
        description: what the payer reads; the slip number is added.
        amount_max: largest amount that may be charged, in dong.
        shown_life_s: how long an order can be scanned by the customer.
        code_life_ms: after how long a payment code is surely dead.
    """

    description: str
    amount_max: int
    code_life_ms: int
    shown_life_s: int = 300


@dataclass(frozen=True, slots=True)
class Charge:
    """A request to charge a code.

    Attributes:
        amount: dong.
        note: what the cashier typed.
        source: how the code was read.
        scanned_at_ms: when, corrected wall clock.
        retry_of: the payment that this one tries again, "" for a new sale.
        moments: where its steps are noted.
    """

    amount: int
    note: str
    source: ScanSource
    scanned_at_ms: int
    retry_of: str = ""
    moments: Moments = field(default_factory=Moments, compare=False)


@dataclass(frozen=True, slots=True)
class Show:
    """A request for a code that the customer scans.

    Attributes:
        amount: dong.
        note: what the cashier typed.
        method: which apps it is meant for.
        retry_of: the payment that this one tries again, "" for a new sale.
        link: it goes to a customer who is not at the counter.
        life_s: how long it can be paid, None for as long as is usual.
        bank_code: the bank whose form the customer gets, "" for any.
    """

    amount: int
    note: str
    method: PayMethod = PayMethod.ANY
    retry_of: str = ""
    link: bool = False
    life_s: int | None = None
    bank_code: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """A manager's word for one act; the PIN was checked before this was made.

    Attributes:
        by: who.
        reason: a word of the list of reasons (`payments.acts.Reason`).
        note: in the manager's own words.
        number: the gateway's number that the manager read elsewhere, "" for none.
        by_id: who, by the person's id; "" where nobody was entered.
    """

    by: str
    reason: str
    note: str = ""
    number: str = ""
    by_id: str = ""


async def ask_the_time(gateway: Gateway, clock_doubtful: Callable[[], bool]) -> None:
    """After a sleep, or when the clock was set or is far off, have the gateway say the time before anything is dated.

    A request dated wrongly has its fence at the wrong time: what the gateway may still accept would count as not paid.

    Raises:
        RefusedError: it cannot be asked now, or says that the clock is still wrong.
    """
    if clock_doubtful():
        await gateway.open_ahead()
    if clock_doubtful():
        raise RefusedError(
            Text("Giờ máy không chắc đúng", "The computer's clock cannot be trusted"),
            Text(
                "Chỉnh giờ máy tự động theo mạng, kiểm tra mạng, rồi thử lại.",
                "Set the computer's clock from the network, check the network, then try again.",
            ),
        )


def refuse_forbidden(act: Act, payment: OpenPayment, now_ms: int) -> None:
    """Hold an act to its rule.

    Raises:
        RefusedError: the rule forbids it now.
    """
    late = payment.late_money and not payment.kept
    why = forbidden(act, payment.attempt, payment.state, released=payment.let_go, late=late, now_ms=now_ms)
    if why is not None:
        raise RefusedError(Text("Không làm được", "This cannot be done"), named(why, payment.attempt.gateway))
