"""The facts the journal stores: one frozen dataclass each. How they are spelled is in `canonical`.

No database and no rules here. An entry never holds a payment code or a key.
"""

from dataclasses import dataclass
from typing import ClassVar

from pos_app.journal.cash_entries import CashCounted, CashEntry, CashGivenBack, CashMoved, CashSlipPrinted, CashTaken
from pos_app.payments.acts import Act
from pos_app.payments.payment import Attempt, Evidence, State
from pos_app.payments.refund import Refund, RefundState


@dataclass(frozen=True, slots=True)
class JournalOpened:
    """The program took the journal.

    Attributes:
        till: the till's id.
        epoch: the journal's random part of order ids.
        app_version: the version of the program.
    """

    kind: ClassVar[str] = "journal_opened"
    till: str
    epoch: str
    app_version: str


@dataclass(frozen=True, slots=True)
class PaymentPrepared:
    """An attempt was fixed; nothing has been sent.

    Attributes:
        attempt: its facts.
        cashier: who stood at the till, as slips name the person; "" for nobody in particular.
        cashier_id: the person's id, "" for nobody in particular.
    """

    kind: ClassVar[str] = "payment_prepared"
    attempt: Attempt
    cashier: str = ""
    cashier_id: str = ""

    @property
    def app_trans_id(self) -> str:
        """The order id of the payment this entry belongs to."""
        return self.attempt.app_trans_id


@dataclass(frozen=True, slots=True)
class EvidenceAdded:
    """Something happened to an attempt."""

    kind: ClassVar[str] = "evidence_added"
    app_trans_id: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class PaymentSettled:
    """An attempt reached a final state; stored in one transaction with the evidence that proves it."""

    kind: ClassVar[str] = "payment_settled"
    app_trans_id: str
    state: State
    zp_trans_id: str


@dataclass(frozen=True, slots=True)
class RefundRequested:
    """A refund was fixed and its amount reserved; nothing has been sent. The manager's act stands in front of it.

    Attributes:
        refund: its facts.
        cashier: who stood at the till, as slips name the person; "" for nobody in particular.
        cashier_id: the person's id, "" for nobody in particular.
    """

    kind: ClassVar[str] = "refund_requested"
    refund: Refund
    cashier: str = ""
    cashier_id: str = ""

    @property
    def app_trans_id(self) -> str:
        """The order id of the payment this entry belongs to."""
        return self.refund.app_trans_id


@dataclass(frozen=True, slots=True)
class RefundEvidenceAdded:
    """Something happened to a refund."""

    kind: ClassVar[str] = "refund_evidence_added"
    app_trans_id: str
    m_refund_id: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class RefundSettled:
    """A refund reached a final state; stored in one transaction with the evidence that proves it."""

    kind: ClassVar[str] = "refund_settled"
    app_trans_id: str
    m_refund_id: str
    state: RefundState
    refund_id: str


@dataclass(frozen=True, slots=True)
class ManagerActed:
    """A manager allowed something that a cashier may not do alone, with the PIN and a reason.

    Attributes:
        app_trans_id: the payment it concerns.
        act: what was allowed.
        by: who.
        reason: a word of the list of reasons.
        note: in the manager's own words.
        number: the gateway's number that the manager read elsewhere, or the refund's id; "" for none.
        by_id: who, by the person's id; "" for the one manager of a shop without a roster.
    """

    kind: ClassVar[str] = "manager_acted"
    app_trans_id: str
    act: Act
    by: str
    reason: str
    note: str
    number: str
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class CancelWished:
    """The cashier or the customer wants this payment not to happen; the gateway decides."""

    kind: ClassVar[str] = "cancel_wished"
    app_trans_id: str


@dataclass(frozen=True, slots=True)
class OrphanNotified:
    """A gateway told, verified, that an order was paid which this journal cannot know as paid: somebody must look.

    Attributes:
        gateway: which one.
        order_id: the order it names: of another till, of a lost journal, or one that never left here.
        zp_trans_id: the gateway's number.
        amount: dong.
        app_id: our number there, None where it names none.
    """

    kind: ClassVar[str] = "orphan_notified"
    gateway: str
    order_id: str
    zp_trans_id: str
    amount: int
    app_id: int | None


@dataclass(frozen=True, slots=True)
class EpochBegun:
    """Order ids get another random part: this journal was restored, or moved to another computer.

    Attributes:
        epoch: the new part.
        cause: "restored" or "moved".
    """

    kind: ClassVar[str] = "epoch_begun"
    epoch: str
    cause: str


@dataclass(frozen=True, slots=True)
class SlipPrinted:
    """A slip was printed or saved.

    Attributes:
        app_trans_id: the payment's order id.
        copy: the number on it: 0 for the original, n for its n-th copy; a refund's slips are counted for themselves.
        where: the printer, or the kind of file.
        m_refund_id: the refund whose slip it is, "" for the payment's own.
    """

    kind: ClassVar[str] = "slip_printed"
    app_trans_id: str
    copy: int
    where: str
    m_refund_id: str = ""


@dataclass(frozen=True, slots=True)
class GestureTimed:
    """How long a scanned payment took, step by step; written once, after its result was shown.

    All are µs of the monotonic clock since the frame was caught (the scanner's code was whole), or, where the code had
    waited for its amount, since the act that charged it. None for a step that was not taken, or not noticed. Nothing
    is ever concluded from them.

    Attributes:
        app_trans_id: the payment's order id.
        decoded_us: the code was read; None where it had been read before.
        c1_us: the prepared attempt was durable.
        connected_us: the connection stood, TLS included.
        c2_us: SENDING was durable.
        sent_us: the first bytes had left.
        answered_us: the gateway's first answer was whole.
        known_us: the answer that proved the result was whole.
        shown_us: the result was painted.
    """

    kind: ClassVar[str] = "gesture_timed"
    app_trans_id: str
    decoded_us: int | None = None
    c1_us: int | None = None
    connected_us: int | None = None
    c2_us: int | None = None
    sent_us: int | None = None
    answered_us: int | None = None
    known_us: int | None = None
    shown_us: int | None = None


@dataclass(frozen=True, slots=True)
class ShiftOpened:
    """Somebody opened the shift; without this entry it opens by itself with its first payment.

    Attributes:
        number: which shift of this till.
        by, by_id: who.
        float_dong: cash in the drawer at the beginning; 0 where no cash is kept.
    """

    kind: ClassVar[str] = "shift_opened"
    number: int
    by: str
    by_id: str
    float_dong: int


@dataclass(frozen=True, slots=True)
class OpenAtClose:
    """A payment whose result nobody knew when its shift was closed."""

    app_trans_id: str
    amount: int


@dataclass(frozen=True, slots=True)
class ShiftClosed:
    """A shift was closed; what comes after this entry belongs to the next one.

    Attributes:
        number: which shift of this till.
        z_number: the number on its report: 1, 2, 3 … without gaps.
        by, by_id: who closed it.
        signed_off: every payment without a result, by running number.
        signed_off_by, signed_off_by_id: the manager who answers for those and for the closing.
        counted_dong: cash that was counted; None where no cash is kept.
        reason: why those payments were left open, in the manager's words; "" where there are none.
        totals: what the shift comes to, in the one spelling of `shifts.totals`.
        difference_reason: why the cash that was counted is not what must be there; "" where it is.
    """

    kind: ClassVar[str] = "shift_closed"
    number: int
    z_number: int
    by: str
    by_id: str
    signed_off: tuple[OpenAtClose, ...]
    signed_off_by: str
    signed_off_by_id: str
    counted_dong: int | None
    reason: str
    totals: str
    difference_reason: str = ""


@dataclass(frozen=True, slots=True)
class ReportPrinted:
    """A shift's report was printed.

    Attributes:
        report: its name, such as `02-z-000001`.
        figures: eight hex digits that differ with its figures: a later look at a running shift is no copy.
        copy: 0 for the original, n for its n-th copy.
        where: the printer.
    """

    kind: ClassVar[str] = "report_printed"
    report: str
    figures: str
    copy: int
    where: str


@dataclass(frozen=True, slots=True)
class StaffChanged:
    """A person was put on the roster, changed, or taken off it, or was given another PIN.

    Attributes:
        person_id: for good.
        name: as slips name the person.
        role: a role of `staff`.
        active: may sign in.
        by: who changed it.
        by_id: by the person's id.
        pin: eight hex digits that differ with each PIN that is set, and tell nothing about it; "" when none was set.
    """

    kind: ClassVar[str] = "staff_changed"
    person_id: str
    name: str
    role: str
    active: bool
    by: str
    by_id: str = ""
    pin: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person took over the till."""

    kind: ClassVar[str] = "signed_in"
    person_id: str
    name: str


@dataclass(frozen=True, slots=True)
class SignedOut:
    """A person let go of the till, or it was locked."""

    kind: ClassVar[str] = "signed_out"
    person_id: str


@dataclass(frozen=True, slots=True)
class KeysChanged:
    """The owner agreed to the keys that this till uses, or to the shop's own account. A demo's journal has none.

    Attributes:
        what: "set", "forgotten" (set, in place of what could not be opened any more), "rotated", "dropped",
            "confirmed", or "account" where only that is new.
        environment: "live" or "sandbox".
        hosts: the hosts that are talked to with them, by name.
        before, after: what was and is held, as `keys.fingerprint.summary` marks it; `before` is "" at first.
        by: the owner, as slips name the person.
        by_id: by the person's id.
        own_account: bank and number of the account that customers may be shown, "" for none yet.
    """

    kind: ClassVar[str] = "keys_changed"
    what: str
    environment: str
    hosts: str
    before: str
    after: str
    by: str
    by_id: str
    own_account: str = ""


Entry = (
    JournalOpened
    | EpochBegun
    | OrphanNotified
    | PaymentPrepared
    | EvidenceAdded
    | PaymentSettled
    | ManagerActed
    | CancelWished
    | RefundRequested
    | RefundEvidenceAdded
    | RefundSettled
    | SlipPrinted
    | GestureTimed
    | ShiftOpened
    | ShiftClosed
    | StaffChanged
    | SignedIn
    | SignedOut
    | KeysChanged
    | CashTaken
    | CashGivenBack
    | CashMoved
    | CashCounted
    | CashSlipPrinted
    | ReportPrinted
)
OfNoPayment = (
    JournalOpened
    | EpochBegun
    | OrphanNotified
    | ShiftOpened
    | ShiftClosed
    | StaffChanged
    | SignedIn
    | SignedOut
    | KeysChanged
    | CashEntry
    | CashSlipPrinted
    | ReportPrinted
)
"""What concerns the till itself."""


def payment_of(entry: Entry) -> str | None:
    """The order id of the payment an entry belongs to; None for what concerns the journal itself."""
    return None if isinstance(entry, OfNoPayment) else entry.app_trans_id
