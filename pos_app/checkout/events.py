"""What the till tells those who watch it, apart from a payment's own pictures (those are in `views`). Free of Qt."""

from dataclasses import dataclass, field
from enum import StrEnum

from pos_app.checkout.views import PaymentView, ScanSource, StoryLine
from pos_app.customers.customer import RegularCustomer
from pos_app.gateways.gateway import PayMethod
from pos_app.payments.acts import Act
from pos_app.payments.payment_code import PaymentCode, WrongCode
from pos_app.shifts.report import ShiftReport
from pos_app.shifts.shift import Shift
from pos_app.staff.permissions import Right
from pos_app.staff.roster import Person
from pos_app.words import Text


@dataclass(frozen=True, slots=True)
class Ready:
    """The till is built and takes commands.

    Attributes:
        phone_address: where the demo customer's phone opens, "" for none.
        methods: what can be shown to a customer.
    """

    phone_address: str = ""
    methods: tuple[PayMethod, ...] = (PayMethod.ANY,)


@dataclass(frozen=True, slots=True)
class RecentView:
    """Today's payments, newest first."""

    payments: tuple[PaymentView, ...]


@dataclass(frozen=True, slots=True)
class StoryView:
    """One payment with its time line, oldest line first."""

    payment: PaymentView
    lines: tuple[StoryLine, ...]


@dataclass(frozen=True, slots=True)
class OpenCount:
    """What is not over: no result yet, or something for a manager to settle; for the counter and its list.

    Refunds that are on their way are in it too (`PaymentView.refunds`).
    """

    views: tuple[PaymentView, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The till would not begin a charge: nothing was sent, no money moved."""

    title: Text
    advice: Text


@dataclass(frozen=True, slots=True)
class ActDone:
    """What a manager allowed is done (for a refund: on its way; its own views tell the rest)."""

    act: Act
    payment_id: str


@dataclass(frozen=True, slots=True)
class ActRefused:
    """It is not done: wrong PIN, or the rules forbid it. `wait_s` is how long the PIN waits before it can be tried."""

    act: Act
    payment_id: str
    title: Text
    advice: Text
    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class PinState:
    """Whether a manager's PIN is set."""

    is_set: bool


@dataclass(frozen=True, slots=True)
class PinChanged:
    """A PIN was set. `recovery_code` is shown this once, to be written down by the owner."""

    recovery_code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PinRefused:
    """No PIN was set: too easy to guess, or not the recovery code."""

    title: Text
    advice: Text


@dataclass(frozen=True, slots=True)
class SettingsAllowed:
    """Whoever stands here may change the settings: the till closes for it."""


@dataclass(frozen=True, slots=True)
class DutyView:
    """Who stands at the till, and who could.

    Attributes:
        person: who is signed in; None for nobody.
        signs_in: whether somebody has to be. Else the till is open to whoever stands there.
        people: everybody who ever worked here, the owner first.
    """

    person: Person | None
    signs_in: bool
    people: tuple[Person, ...]

    @property
    def locked(self) -> bool:
        """Whether the till waits for somebody to sign in."""
        return self.signs_in and self.person is None


@dataclass(frozen=True, slots=True)
class SignInRefused:
    """Nobody was signed in: not the PIN, or too early. `wait_s` is how long the pad waits before it can be tried."""

    title: Text
    advice: Text
    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class Permitted:
    """Somebody with the right to it allowed it with a PIN, until it is given back."""

    right: Right


@dataclass(frozen=True, slots=True)
class PermitRefused:
    """It was not allowed. `wait_s` is how long the pad waits before it can be tried."""

    title: Text
    advice: Text
    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class StaffDone:
    """Who works here was changed, as it was wished: the person whom it concerns."""

    person: Person


@dataclass(frozen=True, slots=True)
class StaffRefused:
    """It was not changed. `wait_s` is how long the pad waits before it can be tried."""

    title: Text
    advice: Text
    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class ShiftState:
    """Which shift is running; `opened_at_ms` is None before anything opened it."""

    number: int
    opened_at_ms: int | None
    opened_by: str


@dataclass(frozen=True, slots=True)
class ShiftView:
    """A shift as it was asked for, opened or closed: its figures, and its report in words."""

    report: ShiftReport
    shift: Shift


@dataclass(frozen=True, slots=True)
class ShiftSaved:
    """A report lies in this file."""

    path: str


@dataclass(frozen=True, slots=True)
class ShiftRefused:
    """It was not opened, closed or saved. `wait_s` is how long the pad waits before a PIN can be tried."""

    title: Text
    advice: Text
    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class CashDone:
    """A sale was taken in cash: it is in the journal. `intent` is that of the press of the button."""

    intent: str
    sale: PaymentView


@dataclass(frozen=True, slots=True)
class CashRefused:
    """Nothing was taken."""

    intent: str
    title: Text
    advice: Text


@dataclass(frozen=True, slots=True)
class DrawerMoved:
    """A move of cash under this intent is in the journal, now or before: another move takes another intent."""

    intent: str


@dataclass(frozen=True, slots=True)
class LatestView:
    """The newest payments, newest first, each with its story: for the answer to "is it paid?"."""

    stories: tuple[StoryView, ...]


@dataclass(frozen=True, slots=True)
class FoundView:
    """The payments that a search found, newest first. `text` is what was searched for."""

    text: str
    payments: tuple[PaymentView, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A scan, already judged: a payment code, or surely something else.

    `scanned_at_ns` and `decoded_at_ns` are monotonic; the second is 0 where nobody noted it.
    """

    read: PaymentCode | WrongCode
    source: ScanSource
    scanned_at_ns: int
    decoded_at_ns: int = 0


@dataclass(frozen=True, slots=True)
class SlipSeen:
    """The code of one of our own slips was scanned: the order id of its payment."""

    payment_id: str


@dataclass(frozen=True, slots=True)
class CameraView:
    """The newest frame of the camera.

    Attributes:
        rgb: `width * height * 3` bytes, "" when there is no picture.
        outline: corners of the code found in it, in px of the frame; empty when none.
        ready: whether the camera works.
    """

    rgb: bytes = field(repr=False)
    width: int
    height: int
    outline: tuple[tuple[int, int], ...] = ()
    ready: bool = True


class BindingState(StrEnum):
    """How far the linking of a regular customer's wallet is."""

    WAITING = "waiting"
    """The customer scans, and agrees on the phone."""
    BOUND = "bound"
    REFUSED = "refused"
    OVER = "over"
    """Nobody answered in time."""


@dataclass(frozen=True, slots=True)
class BindingView:
    """The linking of a regular customer's wallet.

    Attributes:
        binding_id: of this wish.
        number: that the customer will have.
        name: that the customer will have.
        state: how far it is.
        link: what the customer scans, "" when nothing is to be shown.
    """

    binding_id: str
    number: str
    name: str
    state: BindingState
    link: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CustomersView:
    """The regular customers, by name."""

    customers: tuple[RegularCustomer, ...]


class PrintState(StrEnum):
    """How far a slip is."""

    PRINTING = "printing"
    PRINTED = "printed"
    """The printer itself said so."""
    SENT = "sent"
    """The printer took it, and cannot say more."""
    SAVED = "saved"
    """It is a file: no printer is set up."""
    WAITING = "waiting"
    """It did not come out; the printer's light says why."""
    OFF = "off"


@dataclass(frozen=True, slots=True)
class PrintView:
    """How far the slip of a payment is, or of the refund of that id."""

    payment_id: str
    state: PrintState


@dataclass(frozen=True, slots=True)
class SlipView:
    """The picture of the slip of a payment, or of the refund of that id, as PNG."""

    payment_id: str
    png: bytes = field(repr=False)


OfDuty = DutyView | SignInRefused | Permitted | PermitRefused | StaffDone | StaffRefused
"""Who stands at the till, and who works here."""
