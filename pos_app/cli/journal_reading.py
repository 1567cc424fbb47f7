"""How a command reads the journal: it asks the till that is open; where none is, it opens the journal itself.

Who may ask is the same question either way: closing the till opens nothing.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pos_app.checkout.duty import Duty
from pos_app.checkout.refused import RefusedError, refusal
from pos_app.checkout.staffing import Staffing
from pos_app.clock import MachineClock
from pos_app.door import NobodyHomeError, ask
from pos_app.journal.store import Journal
from pos_app.settings import Settings, data_folder
from pos_app.staff.errors import PinError
from pos_app.staff.pin import Pins


def ask_or_read(question: str, settings: Settings, read: Callable[[Journal], Any], **arguments: Any) -> Any:
    """The open till's answer to the question, or what `read` finds in the journal; or a refusal, to who may not ask.

    Among the arguments may be `who`, see `Till.answer`.

    Raises:
        JournalError: the journal cannot be used.
        NotAnsweredError: the open till cannot answer.
    """
    try:
        return ask(data_folder(), question, **arguments)
    except NobodyHomeError:
        with open_journal(settings) as journal:
            duty = Duty(
                staffing_of(journal), journal, now_ms=MachineClock().wall_ms, tell=lambda _told: None,
                unnamed=settings.shop.cashier,
            )  # fmt: skip
            try:
                duty.admit(question, **arguments.get("who", {}))
            except (PinError, RefusedError) as error:
                return refusal(error)
            return read(journal)


def staffing_of(journal: Journal) -> Staffing:
    """Who works here, where no till is open."""
    return Staffing(journal, Pins(data_folder(), MachineClock(), secrets.token_bytes), MachineClock().wall_ms)


@contextmanager
def open_journal(settings: Settings) -> Iterator[Journal]:
    """The journal in this process; no till can be open meanwhile.

    Raises:
        JournalError: it cannot be used.
    """
    now_ms, entropy = MachineClock().wall_ms(), secrets.token_bytes(16)
    journal = Journal.open(data_folder(), till=settings.shop.till, now_ms=now_ms, entropy=entropy)
    try:
        yield journal
    finally:
        journal.close()
