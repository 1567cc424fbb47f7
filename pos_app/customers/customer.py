"""Who a regular customer is, and a binding that is under way. No token stands here: the store hands it out alone."""

from dataclasses import dataclass, field

NAME_LENGTH_MAX = 60


@dataclass(frozen=True, slots=True)
class RegularCustomer:
    """A customer whose wallet is bound to the shop.

    Attributes:
        number: the shop's own, as the gateway knows it (`identifier`).
        name: as the cashier calls the customer, at most 60 characters.
        phone: masked by ZaloPay: `****3801`; "" when not told.
        binding_id: what the binding is ended by.
        bound_at_ms: when the customer agreed, ms since 1970.
        max_amount: the most of one payment in dong, 0 for no limit but the wallet's.
        expires_at_ms: when the binding ends by itself, ms since 1970; None for never.
    """

    number: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    binding_id: str
    bound_at_ms: int
    max_amount: int = 0
    expires_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class BindingUnderWay:
    """A customer was asked to bind the wallet and has not answered yet.

    Attributes:
        app_trans_id: the id of the request at the gateway.
        number: the number that the customer will have.
        name: the name that the customer will have.
        max_amount: the most of one payment in dong, 0 for no limit.
        asked_at_ms: when, ms since 1970.
        link: what the customer scans; "" while the gateway has not given one.
        dropped: nobody waits any more: should the customer agree after all, the binding is ended.
    """

    app_trans_id: str
    number: str
    name: str = field(repr=False)
    max_amount: int
    asked_at_ms: int
    link: str = field(default="", repr=False)
    dropped: bool = False
