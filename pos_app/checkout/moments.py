"""The moments of a scanned payment, from the frame to the painted result: noted on its way, written when it is over.

They are looked at afterwards, by people: no rule reads them, and one that is lost is no fault. So nothing here raises,
nothing is written before the result was shown, and a journal that does not take them is no trouble of the payment.
"""

import logging
from collections.abc import Awaitable, Callable
from enum import StrEnum

from pos_app.journal.entries import Entry, GestureTimed
from pos_app.journal.errors import JournalError
from pos_app.newest import Newest

log = logging.getLogger(__name__)

WAITING_MAX = 64
"""How many payments may wait for their result to be shown; of older ones nothing is written."""


class Step(StrEnum):
    """Where a payment has come, by the name of its field in `GestureTimed`."""

    DECODED = "decoded_us"
    C1 = "c1_us"
    CONNECTED = "connected_us"
    C2 = "c2_us"
    SENT = "sent_us"
    ANSWERED = "answered_us"
    KNOWN = "known_us"
    SHOWN = "shown_us"


class Moments:
    """When one payment reached its steps.

    Args:
        now_ns: the monotonic clock; None for a payment that nobody times.
        scanned_at_ns: when the frame was caught, or the scanner's code was whole.
        decoded_at_ns: when its code was read; 0 for a code that waited for its amount: then the gesture begins now.
    """

    def __init__(
        self, now_ns: Callable[[], int] | None = None, *, scanned_at_ns: int = 0, decoded_at_ns: int = 0
    ) -> None:
        self._now_ns = now_ns
        self._at_ns: dict[Step, int] = {}
        self._heard_at_ns = 0
        if now_ns is not None:
            self._began_ns = scanned_at_ns if decoded_at_ns else now_ns()
        if decoded_at_ns:
            self.note(Step.DECODED, decoded_at_ns)

    def note(self, step: Step, at_ns: int | None = None) -> None:
        """The step is reached, now or at `at_ns`; the first time counts."""
        if self._now_ns is not None:
            self._at_ns.setdefault(step, self._now_ns() if at_ns is None else at_ns)

    def heard(self) -> None:
        """An answer that says something is whole."""
        if self._now_ns is not None:
            self._heard_at_ns = self._now_ns()
            self._at_ns.setdefault(Step.ANSWERED, self._heard_at_ns)

    def settled(self) -> None:
        """The answer heard last proved the result."""
        if self._heard_at_ns:
            self.note(Step.KNOWN, self._heard_at_ns)

    def entry(self, payment_id: str) -> GestureTimed | None:
        """What is written down, None for a payment that nobody times."""
        if self._now_ns is None:
            return None
        us = {step.value: max(0, at_ns - self._began_ns) // 1_000 for step, at_ns in self._at_ns.items()}
        return GestureTimed(payment_id, **us)


class Timed:
    """The payments whose moments were not written down yet.

    Args:
        write: makes entries durable, and raises where it cannot.
    """

    def __init__(self, write: Callable[[Entry], Awaitable[None]]) -> None:
        self._write = write
        self._waiting = Newest[str, Moments](WAITING_MAX)

    def begin(self, payment_id: str, moments: Moments) -> None:
        """A payment was begun."""
        self._waiting[payment_id] = moments

    async def shown(self, payment_id: str, shown_at_ns: int) -> None:
        """Its result was painted: write its moments, once."""
        moments = self._waiting.pop(payment_id, None)
        if moments is None:
            return
        moments.note(Step.SHOWN, shown_at_ns)
        entry = moments.entry(payment_id)
        if entry is None:
            return
        try:
            await self._write(entry)
        except JournalError as error:
            log.warning(
                "the moments of a payment are lost", extra={"payment": payment_id, "cause": type(error).__name__}
            )
