"""What the customer may see of a sale, and nothing else.

Nothing of the cashier's has a place in a `Facing`: no note, no name, no counter, no cause of a decline. It is made from
the sale's own stage alone, so that no other payment ever gets to the customer display.
"""

from enum import Enum, auto
from typing import NamedTuple

from pos_app.checkout.views import PaymentView, ScanSource, Stage, Work
from pos_app.payments.gateway_names import CASH, asks_nobody
from pos_app.ui.at_the_counter import CHARGING
from pos_app.ui.ways_to_pay import Reader, reader
from pos_app.vietnam_day import clock_time

_NUMBER_TAIL = 4


class Page(Enum):
    """What the customer is shown."""

    IDLE = auto()
    AMOUNT = auto()
    SENDING = auto()
    MAKING = auto()
    WALLET = auto()
    """The wallet that the customer linked is charged: there is nothing to scan and nothing to do."""
    CONFIRM = auto()
    SCAN = auto()
    STOPPED = auto()
    """The code is off the screen, and what became of it is being asked."""
    PAID = auto()
    NOT_PAID = auto()
    TAKEN_BACK = auto()
    """The code of the shop's own account is off the screen: nobody knows whether a transfer was made."""
    RECEIVED = auto()
    """The shop saw a transfer; no gateway said so."""
    CHECKING = auto()
    """The gateway told that it was paid, and is asked: nothing is left to scan."""
    NOT_KNOWN = auto()
    MANAGER = auto()
    CASH = auto()
    """The customer pays in cash: what was given so far, and the change."""
    CASH_TAKEN = auto()


RESULTS = frozenset({Page.PAID, Page.NOT_PAID, Page.TAKEN_BACK, Page.RECEIVED, Page.CASH_TAKEN})
"""What stands there for a while and goes by itself; what is not known stays until the cashier goes on."""


class Facing(NamedTuple):
    """All that the customer may see.

    Attributes:
        page: which page.
        payment: tells one payment from the next; never shown.
        amount: dong.
        code: what the QR holds, "" for none. reader: what reads it.
        until_ms: until when it can be scanned, monotonic milliseconds. life_s: of how many seconds.
        paid_at: `14:32:18`. number: the last digits of the gateway's number, "" when it has none.
        gateway: whose brand is named.
        given: dong in cash, 0 for none yet.
    """

    page: Page
    payment: str = ""
    amount: int = 0
    code: str = ""
    reader: Reader = Reader.ANY
    until_ms: int = 0
    life_s: int = 0
    paid_at: str = ""
    number: str = ""
    gateway: str = ""
    given: int = 0


NOBODY = Facing(Page.IDLE)
_PAGES = {
    Stage.SENDING: Page.SENDING, Stage.PROCESSING: Page.CONFIRM, Stage.SHOWN: Page.SCAN, Stage.PAID: Page.PAID,
    Stage.DECLINED: Page.NOT_PAID, Stage.NOT_SENT: Page.NOT_PAID, Stage.UNKNOWN: Page.NOT_KNOWN,
    Stage.CASH: Page.CASH_TAKEN,
    Stage.MISMATCH: Page.MANAGER, Stage.DECIDED_PAID: Page.MANAGER, Stage.DECIDED_UNPAID: Page.MANAGER,
}  # fmt: skip


_OWN = {Stage.DECLINED: Page.TAKEN_BACK, Stage.DECIDED_PAID: Page.RECEIVED}
"""Of the shop's own account: no gateway said that the customer was not charged."""


def facing(amount: int, payment: PaymentView | None, until_ms: int, way: str = "", given: int | None = None) -> Facing:
    """What the customer may see of the sale.

    Args:
        amount: dong as entered, 0 for none.
        payment: the payment on the sale's stage, None before there is one.
        until_ms: until when its code can be scanned, monotonic.
        way: how it is meant to be paid, where a code is shown.
        given: dong that the customer gave so far, None where it is not paid in cash.
    """
    if given is not None:
        return Facing(Page.CASH, amount=amount, gateway=CASH, given=given)
    if payment is None:
        return Facing(Page.AMOUNT, amount=amount) if amount else NOBODY
    page = _page(payment)
    seen = Facing(page, payment.payment_id, payment.amount, gateway=payment.gateway)
    if page is Page.SCAN and payment.shown is not None and payment.expires_at_ms is not None:
        life_s = (payment.expires_at_ms - payment.scanned_at_ms) // 1000
        reads = reader(payment.shown, payment.gateway, way)
        return seen._replace(code=payment.shown.text, reader=reads, until_ms=until_ms, life_s=life_s)
    if page is Page.CASH_TAKEN:
        return seen._replace(given=payment.given)
    if page is Page.PAID:
        at = payment.settled_at_ms if payment.settled_at_ms is not None else payment.scanned_at_ms
        return seen._replace(paid_at=clock_time(at), number=payment.zp_trans_id[-_NUMBER_TAIL:])
    return seen


def _page(payment: PaymentView) -> Page:
    if payment.work in {Work.LATE_MONEY, Work.MISMATCH} or (payment.released and payment.stage in CHARGING):
        return Page.MANAGER
    own = asks_nobody(payment.gateway)
    if payment.stage in CHARGING:
        return _page_under_way(payment, own=own)
    return (_PAGES | _OWN if own else _PAGES)[payment.stage]


def _page_under_way(payment: PaymentView, *, own: bool) -> Page:
    if payment.told_paid:
        return Page.CHECKING
    if payment.cancel_wished:
        return Page.TAKEN_BACK if own else Page.STOPPED
    if payment.source is ScanSource.REGULAR:
        return Page.WALLET
    if payment.source is not ScanSource.SHOWN or payment.stage is Stage.SHOWN:
        return _PAGES[payment.stage]
    # With an order and no code there is none that anybody may scan.
    return Page.MAKING if payment.stage is Stage.SENDING else Page.STOPPED
