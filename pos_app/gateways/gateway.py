"""The protocol every gateway speaks, and the errors that say whether money may have moved."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pos_app.payments.answer import Answer, NotSentCause
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.refund import Refund

__all__ = [
    "AboutToSend",
    "Answer",
    "Created",
    "Gateway",
    "NotSentCause",
    "NotSentError",
    "Order",
    "PayMethod",
]

AboutToSend = Callable[[], Awaitable[Callable[[], None] | None]]
"""Awaited when the connection stands and no byte of the request has left. Raising in it sends nothing.

It may return what is to be called as soon as the first bytes have left, to be noted and told: it must not raise."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a gateway is asked to charge.

    Attributes:
        app_trans_id: the order's id: `yymmdd_…` by Vietnam's day of `app_time_ms`, at most 40 characters.
        amount: dong, 1 or more.
        app_time_ms: corrected wall clock, milliseconds since 1970.
        description: shown to the payer, at most 100 characters.
        bank_code: for what is shown, the bank whose form the customer gets, in the gateway's codes; "" for any.
    """

    app_trans_id: str
    amount: int
    app_time_ms: int
    description: str
    bank_code: str = ""


class PayMethod(StrEnum):
    """How the customer pays what is shown; each way that the till knows says which of them it offers."""

    ANY = "any"
    """The wallet or any bank's app."""
    WALLET = "wallet"
    VIETQR = "vietqr"
    BANK_ATM = "bank_atm"
    """A domestic card or internet banking, on the gateway's page."""
    BANK_CARD = "bank_card"
    """An international card, on the gateway's page."""
    BANK_QR = "bank_qr"
    """The gateway's own QR for bank apps."""
    OWN_VIETQR = "own_vietqr"
    """The shop's bank account: nobody but a person can say that money came."""


@dataclass(frozen=True, slots=True)
class Created:
    """What came of a shown order.

    Attributes:
        answer: as evidence.
        qr_code: an EMV code for the wallet and for bank apps, as it came; "" for none.
        order_url: a link for the wallet, as it came; "" for none.
    """

    answer: Answer
    qr_code: str = ""
    order_url: str = ""


class NotSentError(Exception):
    """The request provably never left: no money can have moved, the cashier may try again at once."""

    def __init__(self, cause: NotSentCause) -> None:
        super().__init__(cause.value)
        self.cause = cause


class Gateway(Protocol):
    """A gateway that charges a scanned payment code, and gives back.

    Nothing here is ever resent by itself. After `about_to_send` returned, every outcome is an `Answer`
    (UNUSABLE when there was none): no answer is not a no.
    """

    async def open_ahead(self) -> None:
        """Open the connection for the next `submit`, so that it needs no handshake. Never raises."""
        ...

    async def submit(self, order: Order, code: PaymentCode, about_to_send: AboutToSend) -> Answer:
        """Charge `order` to the customer's `code`, which is used up whatever happens.

        Raises:
            NotSentError: no byte has left.
        """
        ...

    async def create(self, order: Order, life_s: int, method: PayMethod, about_to_send: AboutToSend) -> Created:
        """Make an order for the customer to scan; it lives `life_s` seconds.

        Raises:
            NotSentError: no byte has left.
        """
        ...

    async def query(self, app_trans_id: str) -> Answer:
        """Ask what became of an order. Never raises for network trouble: UNUSABLE says so."""
        ...

    async def cancel(self, app_trans_id: str) -> Answer:
        """Ask that an unpaid order be never paid. PAID says that this was taken, all else promises nothing."""
        ...

    async def refund(self, refund: Refund, about_to_send: AboutToSend) -> Answer:
        """Give back, under the refund's own id. PAID is a claim: `query_refund` confirms it.

        Raises:
            NotSentError: no byte has left.
        """
        ...

    async def query_refund(self, m_refund_id: str) -> Answer:
        """Ask what became of a refund: PAID says refunded. Never raises for network trouble: UNUSABLE says so."""
        ...

    async def close(self) -> None:
        """Let go of all connections."""
        ...
