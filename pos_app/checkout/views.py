"""What the checkout tells those who watch: frozen pictures of a payment, made from the journal and nothing else."""

from dataclasses import dataclass
from enum import StrEnum

from pos_app.words import NOTHING, Text


class ScanSource(StrEnum):
    """Where a payment code came from."""

    CAMERA = "camera"
    SCANNER = "scanner"
    FILE = "file"
    STDIN = "stdin"
    DEMO = "demo"


class Stage(StrEnum):
    """What the cashier is told about one payment. Unknown is a result of its own."""

    SENDING = "sending"
    PROCESSING = "processing"
    PAID = "paid"
    DECLINED = "declined"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    MISMATCH = "mismatch"


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


class Light(StrEnum):
    """The things in the head of the screen whose health is shown."""

    GATEWAY = "gateway"
    CLOCK = "clock"
    SCANNER = "scanner"
    PRINTER = "printer"


class Health(StrEnum):
    """How something is: fine is quiet, trouble has a filled shape."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class HealthView:
    """The state of one light, with its cause (few words, for the pill) and the remedy (one sentence)."""

    light: Light
    health: Health
    cause: Text = NOTHING
    remedy: Text = NOTHING
