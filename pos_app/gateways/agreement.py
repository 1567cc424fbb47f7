"""Payment by bound token: what a till asks of a gateway that can charge a regular customer without a code.

A customer confirms once, on the own phone, that the shop may charge the wallet; from then on a token stands for that
wallet. The types here need no library: who shows or stores a binding imports them without the gateway behind them.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from pos_app.gateways.gateway import AboutToSend, NotSentError, Order
from pos_app.payments.answer import Answer, NotSentCause
from pos_app.payments.pay_token import PayToken

BIND_LIFE_MS = 15 * 60_000
"""How long the customer has to confirm a binding."""


@dataclass(frozen=True, slots=True)
class BindWish:
    """What a customer is asked to agree to.

    Attributes:
        app_trans_id: the id of this request: `yymmdd_…` as of an order, never used before.
        identifier: the shop's number for the customer, 1 to 50 letters, digits, `_` or `-`.
        asked_at_ms: corrected wall clock, ms since 1970; the id begins with its day.
        max_amount: the most one payment may take, in dong; 0 for no limit but the wallet's.
        callback_url: where ZaloPay tells that the customer confirmed or ended it, "" for nowhere.
    """

    app_trans_id: str
    identifier: str
    asked_at_ms: int
    max_amount: int = 0
    callback_url: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """What came of the wish to bind: a link for the customer, or the reason why there is none.

    Attributes:
        answer: as evidence; PROCESSING says that the customer can confirm now.
        link: what to show as QR, as it came; "" for none.
        deep_link: opens the wallet on the phone that shows it, "" for none.
        binding_token: the gateway's name for this request.
    """

    answer: Answer
    link: str = field(default="", repr=False)
    deep_link: str = field(default="", repr=False)
    binding_token: str = field(default="", repr=False)


class BindingStatus(StrEnum):
    """What a binding is, by the gateway's word."""

    WAITING = "waiting"
    """The customer has not confirmed yet."""
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    """The customer or the shop ended it."""
    DISABLED = "disabled"
    """ZaloPay ended it."""
    UNKNOWN = "unknown"
    """No answer, or one from which nothing follows."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A binding as it is now.

    Attributes:
        answer: as evidence; for UNKNOWN its codes or its fault say why.
        status: only CONFIRMED comes with a token and an id.
        pay_token: what the wallet is charged with, None when not confirmed.
        binding_id: what it is ended by.
        phone: the customer's, masked by ZaloPay: `****3801`; "" when not told.
        expires_at_ms: when it ends by itself, ms since 1970; None for never.
    """

    answer: Answer
    status: BindingStatus
    pay_token: PayToken | None = None
    binding_id: str = ""
    phone: str = ""
    expires_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """One source of money behind a token.

    Attributes:
        number: 38 the wallet, 37 a bank account, 36, 39 and 41 cards.
        payable: whether it can pay the amount that was asked about.
        bank_code: whose it is.
    """

    number: int
    payable: bool
    bank_code: str


@dataclass(frozen=True, slots=True)
class Balance:
    """Whether a token can pay an amount.

    Attributes:
        answer: as evidence; PROCESSING says that the question was answered.
        channels: none when it was not.
        discount_amount: dong that a voucher takes off, 0 for none.
    """

    answer: Answer
    channels: tuple[Channel, ...] = ()
    discount_amount: int = 0

    @property
    def payable(self) -> bool:
        """Whether any channel can pay."""
        return any(channel.payable for channel in self.channels)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose wallet a token stands for.

    Attributes:
        answer: as evidence; PROCESSING says that the question was answered.
        phone: masked by ZaloPay: `****2606`; "" when not told.
    """

    answer: Answer
    phone: str = ""


class NoOrderError(NotSentError):
    """The order that the token should have paid was not made, so the token was not charged.

    Attributes:
        answer: what the gateway said to the order; `explain` puts it into words.
    """

    def __init__(self, cause: NotSentCause, answer: Answer) -> None:
        super().__init__(cause)
        self.answer = answer


class AgreementGateway(Protocol):
    """A gateway that charges a wallet by its token. Questions never raise for network trouble: UNUSABLE says so."""

    async def open_ahead(self) -> None:
        """Open the connection for the next `charge`, so that it needs no handshake. Never raises."""
        ...

    async def bind(self, wish: BindWish) -> Bound:
        """Ask for a link with which the customer agrees. No money moves.

        Raises:
            ValueError: the wish breaks a rule of the API; nothing was sent.
        """
        ...

    async def binding(self, app_trans_id: str) -> Binding:
        """Ask what became of the wish of that id."""
        ...

    async def balance(self, token: PayToken, identifier: str, amount: int) -> Balance:
        """Ask whether the token can pay `amount` dong."""
        ...

    async def charge(self, order: Order, identifier: str, token: PayToken, about_to_send: AboutToSend) -> Answer:
        """Charge the wallet behind the token. PAID is a claim; the order's result is asked for as any order's.

        Raises:
            NotSentError: no byte of the charge has left. `NoOrderError`: since its order was not made.
            ValueError: the order or the identifier breaks a rule of the API; nothing was sent.
        """
        ...

    async def unbind(self, identifier: str, binding_id: str) -> Answer:
        """End a binding. PAID says that this was taken, all else promises nothing: `binding` tells."""
        ...

    async def customer(self, token: PayToken) -> Owner:
        """Ask whose wallet it is."""
        ...

    async def close(self) -> None:
        """Let go of all connections."""
        ...
