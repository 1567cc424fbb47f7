"""What every printer can do, and how it says what is wrong. No library of any printer is known here."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pos_app.receipts.document import Document
from pos_app.words import NOTHING, Text


class PrinterError(Exception):
    """No whole slip came out, as far as can be known. Never a reason to doubt the payment.

    Attributes:
        cause: what is wrong, two or three words.
        remedy: what to do, one sentence.
        begun: whether some of it may be on paper: bytes had left for the printer.
    """

    def __init__(self, cause: Text, remedy: Text, *, begun: bool = False) -> None:
        super().__init__(cause.en)
        self.cause = cause
        self.remedy = remedy
        self.begun = begun


class PrinterState(StrEnum):
    """How a printer is."""

    READY = "ready"
    PAPER_LOW = "paper_low"
    TROUBLE = "trouble"


class Outcome(StrEnum):
    """What is known of a document that was handed to a printer without trouble."""

    PRINTED = "printed"
    """The printer itself said so, after the last row."""
    SENT = "sent"
    """It took every byte and cannot say more: it answers no questions, or the system's own queue has it."""
    SAVED = "saved"
    """It is a file."""


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """How a printer is, with the cause (two or three words) and the remedy (one sentence) unless it is ready."""

    state: PrinterState
    cause: Text = NOTHING
    remedy: Text = NOTHING


class Printer(Protocol):
    """Something that hands out documents. All calls may take seconds: only the spool's own thread makes them."""

    @property
    def name(self) -> str:
        """What the records call it."""
        ...

    def print(self, document: Document) -> Outcome:
        """Hand out one document.

        Raises:
            PrinterError: it did not come out whole.
        """
        ...

    def open_drawer(self) -> None:
        """Open the cash drawer that hangs on it.

        Raises:
            PrinterError: it has none, or cannot be reached.
        """
        ...

    def status(self) -> PrinterStatus:
        """How the printer is now. Never raises for a printer's trouble."""
        ...


def no_drawer() -> PrinterError:
    """What a printer says that no drawer hangs on."""
    return PrinterError(
        Text("Không có ngăn kéo tiền", "No cash drawer"),
        Text("Đặt `drawer` trong mục [printer].", "Set `drawer` under [printer]."),
    )
