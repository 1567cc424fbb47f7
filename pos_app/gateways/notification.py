"""What a gateway told us by itself, once its signature was checked. No protocol and no network here.

A notification is a reason to ask: it came over the open internet, perhaps twice, late, or for an order of another till.
Nothing that is not rightly signed ever becomes one.
"""

from dataclasses import dataclass
from enum import StrEnum

MESSAGE_BYTES_MAX = 64 * 1024
"""No notification is longer than this."""


class Kind(StrEnum):
    """What a notification is about."""

    ORDER = "order"
    AGREEMENT = "agreement"


class Rejected(StrEnum):
    """Why a message is no notification. Only the last two are rightly signed."""

    MALFORMED = "malformed"
    """Not the shape that the gateway documents; its signature was not looked at."""
    WRONG_SIGNATURE = "wrong_signature"
    OTHER_ACCOUNT = "other_account"
    """About an app or partner that is not ours."""
    UNREADABLE = "unreadable"
    """Signed, yet not what the gateway documents."""


class Taken(StrEnum):
    """What became of a notification that is now durable."""

    NEW = "new"
    REPEATED = "repeated"
    """It was known before; nothing changed."""
    ORPHAN = "orphan"
    """Kept, but no order of ours has its id."""


@dataclass(frozen=True, slots=True)
class Notification:
    """The facts of a verified message.

    Attributes:
        gateway: "zalopay" or "appotapay".
        app_trans_id: our order's id, as the gateway names it.
        zp_trans_id: the gateway's own number, of an agreement its binding; never "" for an order.
        amount: dong that the gateway says it is about, without its fees and discounts; 0 for an agreement.
        app_id: of ZaloPay, None elsewhere.
        kind: an order, or an agreement.
        says_paid: the message's own word; None when it has none, as ZaloPay's about orders.
    """

    gateway: str
    app_trans_id: str
    zp_trans_id: str
    amount: int
    app_id: int | None
    kind: Kind
    says_paid: bool | None = None

    def agrees_with(self, app_trans_id: str, amount: int, app_id: int | None) -> bool:
        """Whether it is about exactly this order, this amount (dong) and this app."""
        order = (Kind.ORDER, app_trans_id, amount, app_id)
        return (self.kind, self.app_trans_id, self.amount, self.app_id) == order


@dataclass(frozen=True, slots=True)
class Redirect:
    """A customer's browser came back from the gateway, rightly signed. What it claims of the payment is not kept.

    Attributes:
        gateway: "zalopay" or "appotapay".
        app_trans_id: our order's id.
    """

    gateway: str
    app_trans_id: str
