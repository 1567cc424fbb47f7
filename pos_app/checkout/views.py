"""What the checkout tells those who watch: frozen pictures of a payment, made from the journal and nothing else."""

from dataclasses import dataclass

from pos_app.checkout.standing import Health, HealthView, Light, RefundStage, ScanSource, Stage, Work
from pos_app.words import NOTHING, Text

__all__ = [
    "Health",
    "HealthView",
    "Light",
    "PaymentView",
    "RefundStage",
    "RefundView",
    "ScanSource",
    "ShownCode",
    "Stage",
    "StoryLine",
    "Work",
]


@dataclass(frozen=True, slots=True)
class ShownCode:
    """What the customer scans: checked, and byte for byte as the gateway gave it.

    Attributes:
        text: what the QR holds.
        any_bank: bank apps can read it too, not the wallet alone.
        link: opens the order in the wallet on the customer's own phone, "" for none.
    """

    text: str
    any_bank: bool
    link: str


@dataclass(frozen=True, slots=True)
class RefundView:
    """One refund as screens, slips and commands show it.

    Attributes:
        m_refund_id: its id at the gateway.
        payment_id: the payment it gives back.
        slip_number: printed number.
        amount: dong.
        stage: what is told.
        state: the state's name in the journal.
        cause, advice, cause_code: as for payments.
        refund_id: the gateway's number, "" while unknown.
        by: who allowed it.
        reason: why, in words.
        requested_at_ms, settled_at_ms: wall clock, None when not reached.
        copies: how many slips of it came out.
        cashier: who stood at the till, as slips name the person; "" for nobody in particular.
    """

    m_refund_id: str
    payment_id: str
    slip_number: str
    amount: int
    stage: RefundStage
    state: str
    cause: Text
    advice: Text
    cause_code: str
    refund_id: str
    by: str
    reason: Text
    requested_at_ms: int
    settled_at_ms: int | None
    copies: int = 0
    cashier: str = ""


@dataclass(frozen=True, slots=True)
class PaymentView:
    """One payment as screens, receipts and commands show it.

    Attributes:
        payment_id: the order id (`app_trans_id`).
        slip_number: `02-000148`.
        amount: dong.
        note: what the cashier typed: bill number, table.
        source: where the payment code came from.
        stage: what the cashier is told.
        state: the state's name in the journal, for the records.
        cause: in plain words why it is so ("Số dư không đủ"); for PAID "Đã thanh toán".
        advice: what to do now.
        cause_code: the gateway's code of the cause with U+2212 for minus ("−63"), "" when there is none.
        scanned_at_ms, sent_at_ms, accepted_at_ms, settled_at_ms: wall clock, None when not reached.
        zp_trans_id: the gateway's number, "" when not known.
        asked: how often the gateway was asked, last_asked_at_ms: when last.
        next_ask_at_ms: wall clock of the next question, None when none is planned.
        known_by_ms: when the result is known at the latest, None when settled.
        attempt: which try of this sale it is, from 1.
        demo: charged at the built-in gateway: no real money.
        copies: how many slips were printed or saved so far.
        late: settled after the cashier had been freed: news for the head counter.
        cancel_wished: somebody asked to cancel it; the gateway decides.
        released: a manager let the sale go on without a result.
        told_paid: the gateway told by itself that it was paid, and no question has agreed yet: not paid, and nothing
            that anybody may pay now.
        refunds: oldest first.
        refundable: dong that can still be given back, 0 when it is not paid.
        work: what a manager has to settle, None for nothing.
        expires_at_ms: until when a shown order can be paid, None for a scanned code.
        shown: what the customer scans now, None when nothing is to be shown.
        to_customer: what to say to the customer who asks whether it is paid.
        gateway: who was asked for the money; see `payments.gateway_names`.
        cashier: who stood at the till, as slips name the person; "" for nobody in particular.
        shift: which one it was begun in; 0 where that is not looked up.
        given: dong that the customer gave, for cash only.
    """

    payment_id: str
    slip_number: str
    amount: int
    note: str
    source: ScanSource
    stage: Stage
    state: str
    cause: Text
    advice: Text
    cause_code: str
    scanned_at_ms: int
    sent_at_ms: int | None
    accepted_at_ms: int | None
    settled_at_ms: int | None
    zp_trans_id: str
    asked: int
    last_asked_at_ms: int | None
    next_ask_at_ms: int | None
    known_by_ms: int | None
    attempt: int
    demo: bool
    copies: int = 0
    late: bool = False
    cancel_wished: bool = False
    released: bool = False
    told_paid: bool = False
    refunds: tuple[RefundView, ...] = ()
    refundable: int = 0
    work: Work | None = None
    to_customer: Text = NOTHING
    expires_at_ms: int | None = None
    shown: ShownCode | None = None
    gateway: str = ""
    cashier: str = ""
    shift: int = 0
    given: int = 0


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One line of a payment's time line, in words.

    Attributes:
        at_ms: wall clock.
        icon: name of the icon (scan, send, chat, refresh, tick, cross, hourglass, printer, triangle).
        text: what happened.
        strong: a result, shown bold.
    """

    at_ms: int
    icon: str
    text: Text
    strong: bool = False
