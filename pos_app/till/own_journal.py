"""The journal that a till opens: its own, made with these gateways and keys, and sound, or only looked at."""

import logging
import secrets
from pathlib import Path

from pos_app.gateway_access import GatewayAccess
from pos_app.journal.errors import JournalDamagedError
from pos_app.journal.store import Journal
from pos_app.keys.home_check import refuse_strangers
from pos_app.payments.environment import Environment
from pos_app.settings import Settings

log = logging.getLogger(__name__)


def open_journal(
    folder: Path,
    settings: Settings,
    access: GatewayAccess | None,
    *,
    now_ms: int,
    take_over: bool,
    look_when_damaged: bool,
) -> Journal:
    """The journal, once it is known to go with the gateways and their keys.

    Args:
        folder: where it is.
        settings: whose it is, and the shop's own bank account.
        access: the gateways; None for the built-in one.
        now_ms: wall clock.
        take_over: a manager said that a journal that was copied here goes on here.
        look_when_damaged: open a damaged one for reading only: its files stay untouched.

    Raises:
        JournalError: it cannot be used, or is of another environment, or the owner did not agree to these.
    """
    till = settings.shop.till
    try:
        journal = Journal.open(folder, till=till, now_ms=now_ms, entropy=secrets.token_bytes(16), take_over=take_over)
    except JournalDamagedError:
        if not look_when_damaged:
            raise
        log.exception("the journal is damaged; it is opened for reading only")
        return Journal.open_read_only(folder)
    try:
        environment, marks = (access.environment, access.marks) if access else (Environment.BUILT_IN, "")
        refuse_strangers(journal, environment, marks, settings.own_vietqr.receiver)
    except BaseException:
        journal.close()
        raise
    return journal
