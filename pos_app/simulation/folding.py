"""The same evidence is folded once in a world: the desk folds it to write it, the disk once more when it is written.

The fold is a pure function, so this changes nothing but the time that it takes; `Checks` folds on its own. What is
written is compared with what was folded: evidence that differs is folded anew.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pos_app.checkout import open_payment
from pos_app.journal import bookkeeping
from pos_app.payments.payment import Attempt, Evidence, Verdict, fold


@contextmanager
def folded_once() -> Iterator[None]:
    """As long as this lasts, desk and disk share what the last fold came to."""
    was = open_payment.fold, bookkeeping.fold  # type: ignore[attr-defined]
    open_payment.fold = bookkeeping.fold = _Folded().fold  # type: ignore[attr-defined]
    try:
        yield
    finally:
        open_payment.fold, bookkeeping.fold = was  # type: ignore[attr-defined]


class _Folded:
    def __init__(self) -> None:
        self._last: tuple[Attempt, tuple[Evidence, ...], Verdict] | None = None

    def fold(self, attempt: Attempt, evidence: Iterable[Evidence]) -> Verdict:
        happened, last = tuple(evidence), self._last
        if last is not None and last[0] is attempt and last[1] == happened:
            return last[2]
        verdict = fold(attempt, happened)
        self._last = attempt, happened, verdict
        return verdict
