"""Whether a journal and the keys belong together: live, sandbox and demo are never mixed, nothing changes unseen."""

from pos_app.journal.errors import (
    DemoJournalError,
    OtherEnvironmentError,
    RealJournalError,
    UnconfirmedAccountError,
    UnconfirmedKeysError,
)
from pos_app.journal.key_changes import last_key_change
from pos_app.journal.store import Journal
from pos_app.payments.environment import Environment


def hosts_of(environment: Environment) -> str:
    """The hosts that are compiled in for an environment, as the journal keeps them."""
    from pos_app.gateways.trust import HOSTS  # noqa: PLC0415 - dear to import

    return " ".join(sorted(HOSTS[environment]))


def refuse_strangers(journal: Journal, environment: Environment, summary: str, own_account: str = "") -> None:
    """Return when the journal is of this environment, and the owner agreed to these keys and this account. Blocks.

    Args:
        journal: open.
        environment: of the gateway that the till is to use.
        summary: what is held, by `fingerprint.summary`; "" for the built-in gateway.
        own_account: the shop's own, "" for none; only real money can go there.

    Raises:
        RealJournalError, DemoJournalError, OtherEnvironmentError: of another environment.
        UnconfirmedKeysError: other keys, or other hosts, than the owner agreed to.
        UnconfirmedAccountError: another account.
    """
    last = journal.read(last_key_change).result()
    if environment is Environment.BUILT_IN:
        if last is not None:
            raise RealJournalError
        return
    if last is None:
        raise DemoJournalError
    if last.environment != environment.value:
        raise OtherEnvironmentError
    if (last.after, last.hosts) != (summary, hosts_of(environment)):
        raise UnconfirmedKeysError
    if environment is Environment.LIVE and own_account not in ("", last.own_account):
        raise UnconfirmedAccountError(own_account)
