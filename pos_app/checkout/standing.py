"""The names of where things stand: payments, refunds, lights. Names only: the window comes up with them alone.

The views that carry them are in `pos_app.checkout.views`, which has these names too.
"""

from enum import StrEnum
from typing import NamedTuple

from pos_app.words import NOTHING, Text


class ScanSource(StrEnum):
    """Where a payment code came from."""

    CAMERA = "camera"
    SCANNER = "scanner"
    FILE = "file"
    STDIN = "stdin"
    DEMO = "demo"
    SHOWN = "shown"
    """Not scanned: our code was shown to the customer."""
    LINK = "link"
    """Not scanned: a link was sent to a customer who is not at the counter."""
    REGULAR = "regular"
    """Not scanned: the wallet of a regular customer, who agreed to it once."""
    RESTORED = "restored"
    """Nobody scanned it here: a restored journal learned of it from the gateway."""
    CASH = "cash"
    """Nothing was scanned: the customer gave cash."""


class Stage(StrEnum):
    """What the cashier is told about one payment. Unknown is a result of its own."""

    SENDING = "sending"
    PROCESSING = "processing"
    SHOWN = "shown"
    """The customer scans our code."""
    PAID = "paid"
    DECLINED = "declined"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    MISMATCH = "mismatch"
    DECIDED_PAID = "decided_paid"
    """A manager took it for paid; the gateway never said so."""
    DECIDED_UNPAID = "decided_unpaid"
    CASH = "cash"
    """Taken in cash: no gateway was asked, and none ever says paid."""


class RefundStage(StrEnum):
    """What is told about a refund."""

    SENDING = "sending"
    PROCESSING = "processing"
    DONE = "done"
    DECLINED = "declined"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


class Work(StrEnum):
    """What a manager still has to settle about a payment."""

    LATE_MONEY = "late_money"
    """It was paid when the sale no longer waited for it: give it back, or keep it for the goods."""
    MISMATCH = "mismatch"
    CONFLICT = "conflict"
    """Evidence speaks against a final state."""
    TOO_OLD = "too_old"
    """Open, and the gateway does not answer for it any more."""


class Light(StrEnum):
    """The things in the head of the screen whose health is shown."""

    GATEWAY = "gateway"
    CLOCK = "clock"
    SCANNER = "scanner"
    PRINTER = "printer"
    JOURNAL = "journal"
    """Shown in trouble only: whether it is sound is found out once a day."""


class Health(StrEnum):
    """How something is: fine is quiet, trouble has a filled shape."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    OFF = "off"


class HealthView(NamedTuple):
    """The state of one light, with its cause (few words, for the pill) and the remedy (one sentence).

    `who` is whom it speaks of, where one light stands for several.
    """

    light: Light
    health: Health
    cause: Text = NOTHING
    remedy: Text = NOTHING
    who: Text = NOTHING
