"""Entering, replacing, rotating and dropping the gateways' keys, and the shop's own bank account beside them.

The owner's word, the keystore, and then the journal. With the till closed: what is held is read when it is opened.
Everything here blocks for as long as a PIN takes to be judged.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from pos_app.checkout.staffing import Signature, Staffing
from pos_app.clock import Clock
from pos_app.customers.store import FILE_NAME as REGULARS_NAME
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
from pos_app.payments.gateway_names import asks_nobody, is_appotapay
from pos_app.payments.refund import OPEN
from pos_app.settings import Settings, folder_of
from pos_app.staff.permissions import Right
from pos_app.staff.pin import Pins
from pos_app.staff.roster import OWNER_ID

DAYS_BOTH = 7
"""How long old keys are accepted beside new ones, unless somebody says otherwise."""


@contextmanager
def open_enrolment(  # noqa: PLR0913 - by keyword
    environment: Environment,
    *,
    till: str,
    clock: Clock,
    pins: Pins | None = None,
    own_account: str = "",
    passphrase: str = "",
    keychain: Keychain | None = None,
) -> "Iterator[Enrolment]":
    """The keys of this environment on this computer, with its journal held meanwhile; a new one is begun.

    Args:
        environment: whose.
        till: the till's number.
        clock: this machine's.
        pins: the folder's, of who calls more than once: new ones make each guess after a miss wait from the beginning.
        own_account: see `Enrolment`.
        passphrase: see `Enrolment`.
        keychain: see `Enrolment`.

    Raises:
        AlreadyOpenError: the till is open. Close it first.
        JournalError: the journal cannot be used.
    """
    folder = folder_of(environment)
    journal = Journal.open(folder, till=till, now_ms=clock.wall_ms(), entropy=secrets.token_bytes(16))
    try:
        staffing = Staffing(journal, pins or Pins(folder, clock, secrets.token_bytes), clock.wall_ms)
        yield Enrolment(
            folder, environment, journal, staffing, now_ms=clock.wall_ms, own_account=own_account,
            passphrase=passphrase, keychain=keychain,
        )  # fmt: skip
    finally:
        journal.close()


def owner_agrees(settings: Settings, clock: Clock, pin: str, pins: Pins | None = None) -> None:
    """The owner's word for the shop's own account in these settings, with the till for real money closed. Blocks.

    Args:
        settings: with the account that customers will pay into.
        clock: this machine's.
        pin: the owner's, "" for none.
        pins: see `open_enrolment`.

    Raises:
        AlreadyOpenError, JournalError: as `open_enrolment`.
        RefusedError, PinError, OwnerFirstError: as `Enrolment.agree_to_account`.
    """
    till, own = settings.shop.till, settings.own_vietqr.receiver
    with open_enrolment(Environment.LIVE, till=till, clock=clock, pins=pins, own_account=own) as enrolment:
        enrolment.agree_to_account(Signature(OWNER_ID if pin else "", pin))


class Enrolment:
    """The keys of one data folder, and who may change them.

    Args:
        folder: of the environment.
        environment: LIVE or SANDBOX.
        journal: the folder's, open.
        staffing: who works here.
        now_ms: wall clock.
        own_account: the shop's own, as the settings have it: agreed to with the first keys, by `confirm`, and by
            `agree_to_account`. Whatever else is signed leaves it as it was.
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
        own_account: str = "",
        passphrase: str = "",
        keychain: Keychain | None = None,
    ) -> None:
        self._folder, self._environment, self._journal = folder, environment, journal
        self._staffing, self._now_ms = staffing, now_ms
        self._own_account, self._passphrase, self._keychain = own_account, passphrase, keychain

    def held(self) -> Held:
        """What is held now.

        Raises:
            KeysError: nothing, or it cannot be read.
        """
        return held_in(self._keystore())

    def enter(self, account: Account, signature: Signature, *, passphrase: str = "", forget: bool = False) -> Held:
        """Use this account from now on, in place of any other; with a passphrase, seal the keys with it.

        Args:
            account: without an AppotaPay account the one that is held stays.
            signature: the owner's.
            passphrase: what seals them from now on.
            forget: what is sealed here cannot be opened any more: it goes, and the regulars' wallets with it.

        Raises:
            RefusedError, PinError: who signs is not the owner; nothing was changed.
            OwnerFirstError: there are keys, and no PIN that proves who the owner is.
            StillOpenError: payments or refunds at another account are not known yet.
            JournalError: the journal is not of this environment, or did not take it.
            KeysError: the keys cannot be kept.
        """
        self._refuse_other_journal(account.environment)
        store, before = (None, None) if forget else self._what_was()
        if before is not None:
            account = account.or_appotapay_of(before.account)
        if self._leaves_open(account):
            raise StillOpenError
        what = "forgotten" if forget else "set"
        held = self._keep(what, Held(account), before, signature, store=store, passphrase=passphrase)
        if forget:
            with suppress(OSError):  # nobody can read it: its page says so, if it stays
                (self._folder / REGULARS_NAME).unlink(missing_ok=True)
        return held

    def rotate(self, account: Account, until_ms: int, signature: Signature) -> Held:
        """Use these new keys of the same account; those of now are accepted too, until `until_ms`.

        Raises:
            OtherAccountError: another app id, or another AppotaPay partner.
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
        """What is held is right, and the shop's own account, whatever the journal has, or hosts; raises as `enter`.

        Where only the account is new, and the first one, it is as `agree_to_account`.
        """
        store = self._keystore()
        held = held_in(store)
        return self._keep("confirmed", held, held, signature, store=store)

    def agree_to_account(self, signature: Signature) -> None:
        """Let customers pay into the shop's own bank account as it is now; about keys and hosts nothing is said.

        Before the first keys there is nothing to agree to: it is taken along with these.

        Raises:
            RefusedError, PinError, OwnerFirstError, JournalError: as `enter`.
        """
        last = self._refuse_other_journal(self._environment)
        if last is None or last.own_account == self._own_account:
            return
        by, by_id = self._owner(signature, first=not last.own_account)
        entry = replace(
            last, what="account", before=last.after, by=by, by_id=by_id, own_account=self._own_account
        )  # fmt: skip
        self._journal.write(entry, at_ms=self._now_ms()).result()

    def _leaves_open(self, account: Account) -> bool:
        """Whether something is open that nobody could be asked about with this account.

        Without one at AppotaPay nothing is left that was there: there was none to keep, or none that could be read.
        """
        payments = self._journal.live().result()
        refunds = self._journal.open_refunds(self._now_ms()).result()
        given_back = (self._journal.payment(one.refund.app_trans_id).result() for one in refunds if one.state in OPEN)
        attempts = [one.attempt for one in (*payments, *given_back) if one is not None]
        return any(not _answers_for(account, one.gateway, one.app_id) for one in attempts)

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
        by, by_id = self._owner(signature, first=last is None or self._is_first_account(what, held, last))
        said, agreed = (last.after, last.own_account) if last else ("", self._own_account)
        if what == "confirmed":
            agreed = self._own_account or agreed  # switched off for now, it is still the one that was agreed to
        if store is None or passphrase:
            kept = {} if store is None else store.all()
            make_keystore(self._folder, kept | secrets_of(held), passphrase=passphrase, keychain=self._keychain)
        else:
            store.store(store.all() | secrets_of(held))
        entry = KeysChanged(
            what, self._environment.value, hosts_of(self._environment), said, summary(held), by, by_id, agreed
        )  # fmt: skip
        try:
            self._journal.write(entry, at_ms=self._now_ms()).result()
        except JournalError:
            # What the journal does not know is not used: as it was, where that can be done; else nothing starts.
            if store is not None and before is not None and not passphrase:
                store.store(store.all() | secrets_of(before))
            raise
        return held

    def _is_first_account(self, what: str, held: Held, last: KeysChanged) -> bool:
        """Whether nothing is confirmed but the shop's own account, where none was agreed to before."""
        known = (last.after, last.hosts) == (summary(held), hosts_of(self._environment))
        return what == "confirmed" and known and not last.own_account

    def _owner(self, signature: Signature, *, first: bool) -> tuple[str, str]:
        """Who signs. The first keys, and a first account, may be entered before there is a PIN: it guards none yet."""
        staffing = self._staffing
        if not staffing.pins.is_set and not staffing.roster.signs_in:
            if not first:
                raise OwnerFirstError
            return signature.by.strip() or staffing.roster.people[0].printed, ""
        person = staffing.approve(Right.KEYS, signature)
        return person.printed, person.id


def _answers_for(account: Account, gateway: str, app_id: int) -> bool:
    """Whether what was begun there under that number can be asked about with this account."""
    if asks_nobody(gateway):
        return True
    if is_appotapay(gateway):
        return account.appotapay is None or account.appotapay.number == app_id
    return account.app_id == app_id
