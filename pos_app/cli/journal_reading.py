"""How a command reads the journal: it asks the till that is open; where none is, it opens the journal itself."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pos_app.clock import MachineClock
from pos_app.door import NobodyHomeError, ask
from pos_app.journal.store import Journal
from pos_app.settings import Settings, data_folder


def ask_or_read(question: str, settings: Settings, read: Callable[[Journal], Any], **arguments: Any) -> Any:
    """The open till's answer to the question, or what `read` finds in the journal.

    Raises:
        JournalError: the journal cannot be used.
        NotAnsweredError: the open till cannot answer.
    """
    try:
        return ask(data_folder(), question, **arguments)
    except NobodyHomeError:
        with open_journal(settings) as journal:
            return read(journal)


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
