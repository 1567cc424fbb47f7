"""What came in since the start, counted: for the lights and the doctor. Nothing of a message is kept."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from pos_app.gateways.notification import Rejected, Taken


class Refused(StrEnum):
    """Why a request was not even read."""

    RATE_LIMITED = "rate_limited"
    """One source sent too many."""
    BUSY = "busy"
    """Too many at a time, from all sources."""
    TOO_LARGE = "too_large"
    CUT_OFF = "cut_off"
    """It did not come whole within its time."""


TROUBLE = "trouble"
"""A verified notification could not be stored: the gateway was asked to tell it again."""
PAGES = "pages"
"""A customer came back, rightly signed, and was shown how it is."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each thing happened.

    Attributes:
        of: by `Taken`, `Rejected`, `Refused`, `TROUBLE` and `PAGES`; what never happened is not in it.
    """

    of: Mapping[str, int]

    @property
    def accepted(self) -> int:
        """Notifications that were acknowledged, repeats and orphans too."""
        return sum(self.of.get(what, 0) for what in Taken)

    @property
    def rejected(self) -> int:
        """Messages whose signature or content was wrong."""
        return sum(self.of.get(why, 0) for why in Rejected)


class Counters:
    """Counts, on one thread; `now` may be read from any."""

    def __init__(self) -> None:
        self._of: Counter[str] = Counter()

    def add(self, what: str) -> None:
        """It happened once more."""
        self._of[str(what)] += 1

    @property
    def now(self) -> Counts:
        """A snapshot."""
        return Counts(MappingProxyType(dict(self._of)))
