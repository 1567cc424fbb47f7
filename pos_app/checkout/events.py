"""What the till tells those who watch it, apart from a payment's own pictures (those are in `views`). Free of Qt."""

from dataclasses import dataclass, field
from enum import StrEnum

from pos_app.checkout.views import PaymentView, ScanSource, StoryLine
from pos_app.payments.payment_code import PaymentCode, WrongCode
from pos_app.words import Text


@dataclass(frozen=True, slots=True)
class Ready:
    """The till is built and takes commands. `phone_address` is where the demo customer's phone opens, "" for none."""

    phone_address: str = ""


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
    """The payments whose result is not known yet, for the counter in the head."""

    views: tuple[PaymentView, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The till would not begin a charge: nothing was sent, no money moved."""

    title: Text
    advice: Text


@dataclass(frozen=True, slots=True)
class Seen:
    """A scan, already judged: a payment code, or surely something else. `scanned_at_ns` is monotonic."""

    read: PaymentCode | WrongCode
    source: ScanSource
    scanned_at_ns: int


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


class PrintState(StrEnum):
    """How far a slip is."""

    PRINTING = "printing"
    PRINTED = "printed"
    SAVED = "saved"
    WAITING = "waiting"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class PrintView:
    """The slip of a payment: printing, printed, saved to a file since no printer is set up, or waiting for it."""

    payment_id: str
    state: PrintState


@dataclass(frozen=True, slots=True)
class SlipView:
    """The picture of a payment's slip as PNG."""

    payment_id: str
    png: bytes = field(repr=False)
