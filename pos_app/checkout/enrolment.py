"""Entering, replacing, rotating and dropping the gateways' keys: the owner's word, the keystore, and then the journal.

With the till closed: keys are read when it is opened. Everything here blocks for as long as a PIN takes to be judged.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pos_app.checkout.staffing import Signature, Staffing
from pos_app.clock import Clock
from pos_app.journal.entries import KeysChanged
from pos_app.journal.errors import DemoJournalError, JournalError, OtherEnvironmentError
from pos_app.journal.key_changes import last_key_change
from pos_app.journal.store import Journal
from pos_app.keys.account import Account
from pos_app.keys.errors import KeysError, NoKeychainError, OwnerFirstError, PassphraseNeededError, StillOpenError
from pos_app.keys.fingerprint import summary
from pos_app.keys.held import Held, held_in, secrets_of
from pos_app.keys.home_check import hosts_of
from pos_app.keys.keychain import Keychain
from pos_app.keys.keystore import Keystore, make_keystore, open_keystore
from pos_app.payments.environment import Environment
from pos_app.settings import folder_of
from pos_app.staff.permissions import Right
from pos_app.staff.pin import Pins

DAYS_BOTH = 7
"""How long old keys are accepted beside new ones, unless somebody says otherwise."""


@contextmanager
def open_enrolment(
    environment: Environment, *, till: str, clock: Clock, passphrase: str = "", keychain: Keychain | None = None
) -> "Iterator[Enrolment]":
    """The keys of this environment on this computer, with its journal held meanwhile; a new one is begun.

    Raises:
        AlreadyOpenError: the till is open. Close it first.
        JournalError: the journal cannot be used.
    """
    folder = folder_of(environment)
    journal = Journal.open(folder, till=till, now_ms=clock.wall_ms(), entropy=secrets.token_bytes(16))
    try:
        staffing = Staffing(journal, Pins(folder, clock, secrets.token_bytes), clock.wall_ms)
        yield Enrolment(
            folder, environment, journal, staffing, now_ms=clock.wall_ms, passphrase=passphrase, keychain=keychain
        )
    finally:
        journal.close()


class Enrolment:
    """The keys of one data folder, and who may change them.

    Args:
        folder: of the environment.
        environment: LIVE or SANDBOX.
        journal: the folder's, open.
        staffing: who works here.
        now_ms: wall clock.
        passphrase: opens the keystore where it is sealed with one.
        keychain: the system's, unless a test brings its own.
    """

    def __init__(  # noqa: PLR0913 - what it works on
        self,
        folder: Path,
        environment: Environment,
        journal: Journal,
        staffing: Staffing,
        *,
        now_ms: Callable[[], int],
        passphrase: str = "",
        keychain: Keychain | None = None,
    ) -> None:
        self._folder, self._environment, self._journal = folder, environment, journal
        self._staffing, self._now_ms = staffing, now_ms
        self._passphrase, self._keychain = passphrase, keychain

    def held(self) -> Held:
        """What is held now.

        Raises:
            KeysError: nothing, or it cannot be read.
        """
        return held_in(self._keystore())

    def enter(self, account: Account, signature: Signature, *, passphrase: str = "") -> Held:
        """Use this account from now on, in place of any other; with a passphrase, seal the keys with it.

        Raises:
            RefusedError, PinError: who signs is not the owner; nothing was changed.
            OwnerFirstError: there are keys, and no PIN that proves who the owner is.
            StillOpenError: payments at another app id are not known yet.
            JournalError: the journal is not of this environment, or did not take it.
            KeysError: the keys cannot be kept.
        """
        last = self._refuse_other_journal(account.environment)
        store, before = self._what_was()
        if last and f"app_id {account.app_id}," not in last.after and self._journal.live().result():
            raise StillOpenError
        return self._keep("set", Held(account), before, signature, store=store, passphrase=passphrase)

    def rotate(self, account: Account, until_ms: int, signature: Signature) -> Held:
        """Use these new keys of the same account; those of now are accepted too, until `until_ms`.

        Raises:
            OtherAccountError: another app id.
            As `enter`.
        """
        store = self._keystore()
        before = held_in(store)
        return self._keep("rotated", before.rotated(account, until_ms), before, signature, store=store)

    def drop_old(self, signature: Signature) -> Held:
        """Accept the old keys no more; raises as `enter`."""
        store = self._keystore()
        before = held_in(store)
        return self._keep("dropped", before.without_old(), before, signature, store=store)

    def confirm(self, signature: Signature) -> Held:
        """What is held is right, though the journal does not know it, or other hosts; raises as `enter`."""
        store = self._keystore()
        held = held_in(store)
        return self._keep("confirmed", held, held, signature, store=store)

    def _what_was(self) -> tuple[Keystore | None, Held | None]:
        """What the new keys replace; nothing where it cannot be opened any more.

        A passphrase that was not given, or a keychain that is locked now, is no end: what is sealed there stays.
        """
        try:
            store = self._keystore()
            return store, held_in(store)
        except (PassphraseNeededError, NoKeychainError):
            raise
        except KeysError:
            return None, None

    def _keystore(self) -> Keystore:
        return open_keystore(self._folder, passphrase=self._passphrase, keychain=self._keychain)

    def _refuse_other_journal(self, environment: Environment) -> KeysChanged | None:
        """The last change; refuses keys in a journal that has payments of another environment."""
        last = self._journal.read(last_key_change).result()
        if environment is not self._environment or (last and last.environment != environment.value):
            raise OtherEnvironmentError
        if last is None and self._journal.recent(1).result():
            raise DemoJournalError
        return last

    def _keep(
        self,
        what: str,
        held: Held,
        before: Held | None,
        signature: Signature,
        *,
        store: Keystore | None,
        passphrase: str = "",
    ) -> Held:
        last = self._refuse_other_journal(held.account.environment)
        by, by_id = self._owner(signature, first=last is None)
        said = last.after if last else ""
        if store is None or passphrase:
            kept = {} if store is None else store.all()
            make_keystore(self._folder, kept | secrets_of(held), passphrase=passphrase, keychain=self._keychain)
        else:
            store.store(store.all() | secrets_of(held))
        entry = KeysChanged(
            what, self._environment.value, hosts_of(self._environment), said, summary(held), by, by_id
        )  # fmt: skip
        try:
            self._journal.write(entry, at_ms=self._now_ms()).result()
        except JournalError:
            # What the journal does not know is not used: as it was, where that can be done; else nothing starts.
            if store is not None and before is not None and not passphrase:
                store.store(store.all() | secrets_of(before))
            raise
        return held

    def _owner(self, signature: Signature, *, first: bool) -> tuple[str, str]:
        """Who signs. The first keys may be entered before there is a PIN: nothing is guarded by one yet."""
        staffing = self._staffing
        if not staffing.pins.is_set and not staffing.roster.signs_in:
            if not first:
                raise OwnerFirstError
            return signature.by.strip() or staffing.roster.people[0].printed, ""
        person = staffing.approve(Right.KEYS, signature)
        return person.printed, person.id
