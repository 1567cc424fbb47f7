"""What every printer of slips can do, and how it says what is wrong. No library of any printer is known here."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pos_app.receipts.content import Slip
from pos_app.words import NOTHING, Text


class PrinterError(Exception):
    """No slip came out, as far as can be known. Never a reason to doubt the payment.

    Attributes:
        cause: what is wrong, two or three words.
        remedy: what to do, one sentence.
    """

    def __init__(self, cause: Text, remedy: Text) -> None:
        super().__init__(cause.en)
        self.cause = cause
        self.remedy = remedy


class PrinterState(StrEnum):
    """How a printer is."""

    READY = "ready"
    PAPER_LOW = "paper_low"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """How a printer is, with the cause (two or three words) and the remedy (one sentence) unless it is ready."""

    state: PrinterState
    cause: Text = NOTHING
    remedy: Text = NOTHING


class Printer(Protocol):
    """Something that hands out slips. Both calls may take seconds: never on the GUI's thread."""

    @property
    def name(self) -> str:
        """What the records call it."""
        ...

    def print(self, slip: Slip) -> None:
        """Hand out one slip.

        Raises:
            PrinterError: it did not come out.
        """
        ...

    def status(self) -> PrinterStatus:
        """How the printer is now. Never raises for a printer's trouble."""
        ...
