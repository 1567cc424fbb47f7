"""A till with real keys: the built-in gateway stands where the live host stands, for these tests alone.

It plays the gateway's side with keys of its own, so that it can have changed over to new ones, or not yet.
"""

import argparse
import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pos_app import settings as settings_module
from pos_app.checkout.enrolment import open_enrolment, owner_agrees
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.staffing import Signature, StaffWish, Wish
from pos_app.checkout.views import Stage
from pos_app.cli import run
from pos_app.cli.say import DONE, Say
from pos_app.clock import MachineClock
from pos_app.customers.seal_key import FILE_NAME as SEAL_NAME
from pos_app.doctor.alone import alone
from pos_app.doctor.checks import Check, Finding, Verdict
from pos_app.gateway_access import GatewayAccess, KeyedAccess, access_to, access_with, open_keys, open_ways
from pos_app.gateways import trust
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.notification import Rejected
from pos_app.gateways.own_vietqr import OwnVietQr
from pos_app.journal.backup import back_up, describe
from pos_app.journal.entries import KeysChanged, PaymentPrepared
from pos_app.journal.errors import (
    DemoJournalError,
    OtherEnvironmentError,
    RealJournalError,
    StorageFullError,
    UnconfirmedAccountError,
    UnconfirmedKeysError,
)
from pos_app.journal.key_changes import last_key_change
from pos_app.journal.store import Journal
from pos_app.keys.account import Account, AppotaPayKeys
from pos_app.keys.check import check_account
from pos_app.keys.errors import NoKeysError, OtherAccountError, OwnerFirstError, PassphraseNeededError, StillOpenError
from pos_app.keys.fingerprint import summary
from pos_app.keys.held import Held
from pos_app.keys.keychain import Keychain
from pos_app.keys.start import what_to_start
from pos_app.payments.environment import Environment
from pos_app.payments.payment import Attempt
from pos_app.sandbox import callbacks, requests
from pos_app.sandbox.server import Sandbox
from pos_app.settings import KEYS_NAME, OwnVietQrSettings, Settings, data_folder, folder_of, use_environment
from pos_app.staff.errors import PinError, WaitError, WrongPinError
from pos_app.staff.pin import Cost, Pins
from pos_app.staff.roles import Role
from pos_app.till import Till
from tests.end_to_end.world import Counter, leaks
from tests.journal import stories
from tests.keys.shop_keys import CANARIES, KEY1, KEY2, NEW_KEY1, NEW_KEY2
from tests.ports import free_port

PIN = "582931"
OWNER = Signature("", PIN)
NOBODY = Signature("", "")
WEEK_MS = 7 * 24 * 3_600_000


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture(autouse=True)
def where_the_live_host_is(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("POS_APP_HOME", str(tmp_path / "home"))
    here = trust.built_in(int(sandbox.url.rpartition(":")[2]), sandbox.ca_pem)
    for name in ("LIVE", "LIVE_V1", "SANDBOX", "SANDBOX_V1"):
        monkeypatch.setattr(trust, name, here)
    monkeypatch.setattr(Keychain, "works", property(lambda _self: False))  # the real ones: tests/keys/test_keychain.py
    gateway_has(KEY1, KEY2, monkeypatch)
    monkeypatch.setattr("pos_app.staff.pin.COST", Cost(8, 1, 1))
    monkeypatch.setattr(Pins.__init__, "__defaults__", (Cost(8, 1, 1),))
    yield
    use_environment(None)
    assert leaks([*CANARIES, PIN], tmp_path) == []


def gateway_has(key1: str, key2: str, patch: pytest.MonkeyPatch) -> None:
    """From now on the gateway knows these keys and no others."""
    patch.setattr(requests, "KEY1", key1)
    patch.setattr(callbacks, "KEY2", key2)


@pytest.fixture
def account(sandbox: Sandbox) -> Account:
    return Account(Environment.LIVE, sandbox.app_id, KEY1, KEY2, sandbox.public_key)


def enter(account: Account, signature: Signature = NOBODY) -> Held:
    with open_enrolment(account.environment, till="02", clock=MachineClock()) as enrolment:
        return enrolment.enter(account, signature)


def set_pin(environment: Environment = Environment.LIVE) -> None:
    Pins(folder_of(environment), MachineClock(), secrets.token_bytes, Cost(8, 1, 1)).set_first(PIN)


def keyed(folder: Path | None = None) -> KeyedAccess:
    return open_keys(folder or data_folder())


class LiveCounter(Counter):
    """A counter with the keys that are set up."""

    def __init__(self, sandbox: Sandbox, settings: Settings | None = None, folder: Path | None = None) -> None:
        opened = keyed(folder)
        super().__init__(sandbox, folder or data_folder(), settings=settings, access=opened.access)
        self.till._keystore = opened.keystore


def test_a_payment_with_real_keys(sandbox: Sandbox, account: Account) -> None:
    assert what_to_start() == (Environment.BUILT_IN, folder_of(Environment.BUILT_IN), None)
    enter(account)
    start = what_to_start()
    assert (start.environment, start.folder, start.set_up) == (Environment.LIVE, folder_of(Environment.LIVE), True)
    counter = LiveCounter(sandbox)
    counter.till.start()
    try:
        counter.scan(13_001)
        paid = counter.until_stage(Stage.PAID)
        assert (paid.gateway, paid.demo) == ("zalopay_v2", False), "real money, and it says so"
        made = counter.till.journal
        found = made.read(last_key_change).result()
        assert found is not None
        assert (found.what, found.environment, found.before, found.by) == ("set", "live", "", "Chủ tiệm")
        assert found.after == summary(Held(account))
        backed_up = data_folder().parent / "backup.pos"
        back_up(made, backed_up, "mật khẩu sao lưu", made_at_ms=MachineClock().wall_ms())
        assert describe(backed_up).environment is Environment.LIVE
    finally:
        counter.till.stop()
    assert not (data_folder() / SEAL_NAME).exists()


def test_live_and_demo_are_never_mixed(sandbox: Sandbox, account: Account) -> None:
    enter(account)
    live = data_folder()
    with pytest.raises(RealJournalError):
        Counter(sandbox, live, access=access_to(sandbox)).till.start()
    Journal.open(live, till="02", now_ms=MachineClock().wall_ms(), entropy=bytes(16)).close()  # nothing holds it

    demo = folder_of(Environment.BUILT_IN)
    Journal.open(demo, till="02", now_ms=MachineClock().wall_ms(), entropy=bytes(16)).close()
    (demo / KEYS_NAME).write_bytes((live / KEYS_NAME).read_bytes())
    (demo / "keys.key").write_bytes((live / "keys.key").read_bytes())
    with pytest.raises(DemoJournalError):
        LiveCounter(sandbox, folder=demo).till.start()

    test = replace(account, environment=Environment.SANDBOX)
    enter(test)
    for name in (KEYS_NAME, "keys.key"):
        (live / name).write_bytes((folder_of(Environment.SANDBOX) / name).read_bytes())
    with pytest.raises(OtherEnvironmentError):
        LiveCounter(sandbox, folder=live).till.start()
    with (
        pytest.raises(OtherEnvironmentError),
        open_enrolment(Environment.LIVE, till="02", clock=MachineClock()) as enrolment,
    ):
        enrolment.enter(test, NOBODY)


def test_what_was_tried_out_gets_no_keys(sandbox: Sandbox, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = Counter(sandbox, folder_of(Environment.LIVE))
    monkeypatch.setattr(requests, "KEY1", Sandbox.key1)
    counter.till.start()
    counter.scan(13_001)
    counter.until_final()
    counter.till.stop()
    with pytest.raises(DemoJournalError):
        enter(account)
    with pytest.raises(NoKeysError):
        keyed(folder_of(Environment.LIVE))


def test_a_changed_key_needs_the_owner(sandbox: Sandbox, account: Account) -> None:
    enter(account)
    other = replace(account, key1=NEW_KEY1)
    with pytest.raises(OwnerFirstError):
        enter(other)
    set_pin()
    opened = open_enrolment(Environment.LIVE, till="02", clock=MachineClock())
    with opened as enrolment:
        enrolment._staffing.change(StaffWish(Wish.ADD, name="Hoa", role=Role.MANAGER, new_pin="471835"), OWNER)
        with pytest.raises(RefusedError):
            enrolment.enter(other, Signature("Hoa", "471835"))
    for signature in (Signature("owner", ""), Signature("owner", "907346")):
        with pytest.raises(PinError):
            enter(other, signature)
    assert keyed().access.key1 == KEY1
    assert open_and_read() == summary(Held(account)), "nothing was noted either"


def read_last() -> KeysChanged:
    journal = Journal.open(data_folder(), till="02", now_ms=MachineClock().wall_ms(), entropy=bytes(16))
    found = journal.read(last_key_change).result()
    journal.close()
    assert found is not None
    return found


def open_and_read() -> str:
    return read_last().after


def enrol_until(done: Callable[[], object]) -> None:
    """After a wrong PIN the next one waits."""
    while True:
        try:
            done()
        except WaitError as error:
            time.sleep(error.wait_s)
        else:
            return


def test_a_key_that_came_from_elsewhere_is_not_used(sandbox: Sandbox, account: Account) -> None:
    """F80: the file of the keys is swapped for another one that opens."""
    enter(account)
    before = {name: (data_folder() / name).read_bytes() for name in (KEYS_NAME, "keys.key")}
    set_pin()
    with open_enrolment(Environment.LIVE, till="02", clock=MachineClock()) as enrolment:
        enrolment.enter(replace(account, key1=NEW_KEY1), OWNER)
    for name, content in before.items():
        (data_folder() / name).write_bytes(content)
    with pytest.raises(UnconfirmedKeysError):
        LiveCounter(sandbox).till.start()
    with open_enrolment(Environment.LIVE, till="02", clock=MachineClock()) as enrolment:
        enrolment.confirm(OWNER)
    counter = LiveCounter(sandbox)
    counter.till.start()
    counter.till.stop()


def test_other_hosts_need_the_owner(sandbox: Sandbox, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(account)
    monkeypatch.setattr(trust, "HOSTS", {**trust.HOSTS, Environment.LIVE: frozenset({"elsewhere.example"})})
    with pytest.raises(UnconfirmedKeysError):
        LiveCounter(sandbox).till.start()


def test_another_account_waits_until_all_is_known(sandbox: Sandbox, account: Account) -> None:
    enter(account)
    set_pin()
    counter = LiveCounter(sandbox)
    counter.till.start()
    counter.scan(10_003)  # stuck in processing
    counter.until_stage(Stage.UNKNOWN, Stage.PROCESSING)
    counter.till.stop()
    with pytest.raises(StillOpenError):
        enter(replace(account, app_id=4711), OWNER)
    with (
        open_enrolment(Environment.LIVE, till="02", clock=MachineClock()) as enrolment,
        pytest.raises(OtherAccountError),
    ):
        enrolment.rotate(replace(account, app_id=4711), 0, OWNER)
    enter(replace(account, key1=NEW_KEY1), OWNER)  # of the same account: fine
    assert keyed().access.key1 == NEW_KEY1


APPOTAPAY = AppotaPayKeys("TIEMPARTNER", f"a{KEY1}", f"s{KEY1}", "POS01")
OTHER_PARTNER = replace(APPOTAPAY, partner_code="ANOTHER")


def test_keys_of_zalopay_entered_again_leave_appotapays(sandbox: Sandbox, account: Account) -> None:
    whole = replace(account, appotapay=APPOTAPAY)
    enter(whole)
    set_pin()
    enter(replace(account, key1=NEW_KEY1), OWNER)
    assert (keyed().access.key1, keyed().access.appotapay) == (NEW_KEY1, APPOTAPAY)
    assert open_and_read() == summary(Held(replace(whole, key1=NEW_KEY1)))
    with open_enrolment(Environment.LIVE, till="02", clock=MachineClock()) as enrolment:
        assert enrolment.rotate(account, 0, OWNER).account.appotapay == APPOTAPAY
        with pytest.raises(OtherAccountError):
            enrolment.rotate(replace(account, appotapay=OTHER_PARTNER), 0, OWNER)
    enter(replace(account, appotapay=OTHER_PARTNER), OWNER)
    assert keyed().access.appotapay == OTHER_PARTNER


def begun_at(gateway: str, app_id: int) -> tuple[Journal, Attempt]:
    """An attempt that is being sent; the journal stays open."""
    now_ms = MachineClock().wall_ms()
    journal = Journal.open(folder_of(Environment.LIVE), till="02", now_ms=now_ms, entropy=bytes(16))
    attempt = replace(stories.an_attempt(journal, at_ms=now_ms), gateway=gateway, app_id=app_id)
    journal.write(PaymentPrepared(attempt), stories.sending(attempt), at_ms=now_ms).result()
    return journal, attempt


def test_another_partner_waits_until_its_payments_are_known(account: Account) -> None:
    enter(replace(account, appotapay=APPOTAPAY))
    set_pin()
    journal, _ = begun_at("appotapay_v1", APPOTAPAY.number)
    journal.close()
    with pytest.raises(StillOpenError):
        enter(replace(account, appotapay=OTHER_PARTNER), OWNER)
    enter(account, OWNER)
    assert keyed().access.appotapay == APPOTAPAY


@pytest.mark.parametrize("known", [False, True])
def test_another_account_waits_for_refunds_too(
    account: Account, monkeypatch: pytest.MonkeyPatch, *, known: bool
) -> None:
    monkeypatch.setattr(stories, "NOW", MachineClock().wall_ms() - 120_000)
    enter(account)
    set_pin()
    journal, attempt = begun_at("zalopay_v2", account.app_id)
    journal.write(*stories.paid(attempt), at_ms=attempt.app_time_ms + 1_000).result()
    for entries, at_ms in list(stories.a_refund(journal, attempt))[: None if known else 1]:
        journal.write(*entries, at_ms=at_ms).result()
    journal.close()
    if known:
        assert enter(replace(account, app_id=4711), OWNER).account.app_id == 4711
        return
    with pytest.raises(StillOpenError):
        enter(replace(account, app_id=4711), OWNER)


OWN, FOREIGN = OwnVietQrSettings("970436", "0071000123456"), OwnVietQrSettings("970422", "9999888877")
EMPTY = OwnVietQrSettings()


def agree(account: OwnVietQrSettings, signature: Signature = NOBODY, *, confirm: bool = False) -> None:
    opened = open_enrolment(Environment.LIVE, till="02", clock=MachineClock(), own_account=account.receiver)
    with opened as enrolment:
        if confirm:
            enrolment.confirm(signature)
        else:
            enrolment.agree_to_account(signature)


def opens(sandbox: Sandbox, account: OwnVietQrSettings) -> None:
    counter = LiveCounter(sandbox, Settings(own_vietqr=account))
    counter.till.start()
    counter.till.stop()


def test_another_bank_account_needs_the_owner(sandbox: Sandbox, account: Account) -> None:
    enter(account)
    before = read_last()
    agree(OWN)  # the first one, and nobody has a PIN yet
    opens(sandbox, OWN)
    for confirm in (False, True):
        with pytest.raises(OwnerFirstError):
            agree(FOREIGN, confirm=confirm)
    set_pin()
    with open_enrolment(Environment.LIVE, till="02", clock=MachineClock(), own_account=FOREIGN.receiver) as enrolment:
        enrolment._staffing.change(StaffWish(Wish.ADD, name="Hoa", role=Role.MANAGER, new_pin="471835"), OWNER)
        with pytest.raises(RefusedError):
            enrolment.agree_to_account(Signature("Hoa", "471835"))
        with pytest.raises(PinError):
            enrolment.agree_to_account(Signature("owner", "907346"))
    with pytest.raises(UnconfirmedAccountError) as caught:
        opens(sandbox, FOREIGN)  # as somebody wrote it into settings.toml
    assert "970422 9999888877" in caught.value.advice.vi
    opens(sandbox, OwnVietQrSettings())  # none at all is nobody's gain
    with open_enrolment(Environment.LIVE, till="02", clock=MachineClock(), own_account=FOREIGN.receiver) as enrolment:
        enrol_until(lambda: enrolment.agree_to_account(Signature("owner", PIN)))
    opens(sandbox, FOREIGN)
    found = read_last()
    assert (found.what, found.own_account, found.by) == ("account", FOREIGN.receiver, "Chủ tiệm")
    assert (found.before, found.after, found.hosts) == (before.after, before.after, before.hosts)
    with pytest.raises(UnconfirmedAccountError):
        opens(sandbox, OWN)


def test_the_first_bank_account_is_no_way_to_other_keys(sandbox: Sandbox, account: Account) -> None:
    """Without a PIN `confirm` takes the first account; not keys that somebody put there beside it."""
    enter(account)
    before = {name: (data_folder() / name).read_bytes() for name in (KEYS_NAME, "keys.key")}
    with open_enrolment(Environment.LIVE, till="02", clock=MachineClock()) as enrolment:
        assert enrolment.confirm(NOBODY).account == account, "there is nothing to confirm"
    set_pin()
    with open_enrolment(Environment.LIVE, till="02", clock=MachineClock()) as enrolment:
        enrolment.enter(replace(account, key1=NEW_KEY1), OWNER)
    (data_folder() / "manager.pin").unlink()
    for name, content in before.items():
        (data_folder() / name).write_bytes(content)
    with pytest.raises(OwnerFirstError):
        agree(OWN, confirm=True)
    assert read_last().own_account == ""


def test_a_till_from_before_this_is_asked_once(sandbox: Sandbox, account: Account) -> None:
    """It has an account, nobody noted it, and nobody has a PIN: what its window offers is enough."""
    enter(account)
    settings = Settings(shop=Settings().shop._replace(till="02"), own_vietqr=OWN)
    with pytest.raises(UnconfirmedAccountError):
        opens(sandbox, OWN)
    owner_agrees(settings, MachineClock(), "")
    opens(sandbox, OWN)
    foreign = settings._replace(own_vietqr=FOREIGN)
    with pytest.raises(OwnerFirstError):
        owner_agrees(foreign, MachineClock(), "")
    set_pin()
    owner_agrees(foreign, MachineClock(), PIN)
    opens(sandbox, FOREIGN)


@pytest.mark.parametrize("way", ["agree", "take_over"])
def test_a_slip_of_the_hand_shuts_nobody_out(account: Account, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """What the window offers where no till opens, each time by a program that was started anew."""
    enter(account)
    set_pin()
    settings = Settings(shop=Settings().shop._replace(till="02"), own_vietqr=OWN if way == "agree" else EMPTY)
    options = argparse.Namespace(demo=False, demo_url=None, sandbox=False, json=False, keys_stdin=False)
    bridge = SimpleNamespace(post=lambda _event: None)

    def offered(name: str) -> Callable[[object, str], Till]:
        found: dict[str, Any] = {}

        def window(make: Any, _place: object, **ways: Any) -> int:
            found.update(ways, make=make)
            return DONE

        monkeypatch.setattr("pos_app.ui.app.run", window)
        say = Say(settings, as_json=True)
        run._open_till(options, settings, say, run._Passphrase(options, say))
        build: Callable[[object, str], Till] = found[name]
        return build

    if way == "agree":
        with pytest.raises(UnconfirmedAccountError):
            offered("make")(bridge, "")
    with pytest.raises(WrongPinError):
        offered(way)(bridge, "907346")
    opened = offered(way)
    with pytest.raises(WaitError) as caught:
        opened(bridge, PIN)
    time.sleep(caught.value.wait_s)  # the window counts it down, and tries again by itself
    opened(bridge, PIN).stop()


def test_the_doctor_says_what_the_owner_did_not_agree_to(sandbox: Sandbox, account: Account) -> None:
    enter(account)

    @contextmanager
    def reach() -> Iterator[GatewayAccess]:
        yield keyed().access

    def told(settings: Settings) -> Finding:
        with alone(settings, data_folder(), MachineClock(), reach) as found:
            return next(one for one in found._gateways() if one.check is Check.KEYS)

    assert told(Settings()).verdict is Verdict.OK
    assert told(Settings()).seen.vi.startswith("Lệnh thử được trả lời. Chủ tiệm xác nhận lúc ")
    foreign = told(Settings(own_vietqr=FOREIGN))
    assert (foreign.verdict, foreign.seen) == (Verdict.BAD, UnconfirmedAccountError.title)
    assert "970422 9999888877" in foreign.remedy.en


def test_only_what_is_signed_for_is_agreed_to(sandbox: Sandbox, account: Account) -> None:
    opened = open_enrolment(Environment.LIVE, till="02", clock=MachineClock(), own_account=OWN.receiver)
    with opened as enrolment:
        enrolment.enter(account, NOBODY)
    opens(sandbox, OWN)  # it came with the first keys
    set_pin()
    opened = open_enrolment(Environment.LIVE, till="02", clock=MachineClock(), own_account=FOREIGN.receiver)
    with opened as enrolment:
        enrolment.enter(replace(account, key1=NEW_KEY1), OWNER)
        enrolment.rotate(account, 0, OWNER)
        enrolment.drop_old(OWNER)
    assert read_last().own_account == OWN.receiver
    agree(OwnVietQrSettings(), OWNER, confirm=True)
    opens(sandbox, OWN)
    agree(FOREIGN, OWNER, confirm=True)
    opens(sandbox, FOREIGN)


def test_a_forgotten_passphrase_has_a_way_out(account: Account) -> None:
    with open_enrolment(Environment.LIVE, till="02", clock=MachineClock()) as enrolment:
        enrolment.enter(account, NOBODY, passphrase="ba con mèo đen")
    with open_enrolment(Environment.LIVE, till="02", clock=MachineClock()) as enrolment:
        with pytest.raises(OwnerFirstError):
            enrolment.enter(account, NOBODY, forget=True)
        regulars = folder_of(Environment.LIVE) / "customers.sealed"
        regulars.write_bytes(b"sealed with what is lost")
        set_pin()
        with pytest.raises(PinError):
            enrolment.enter(account, Signature("", "907346"), forget=True)
        assert regulars.exists()
        enrol_until(lambda: enrolment.enter(replace(account, key1=NEW_KEY1), OWNER, forget=True))
        assert not regulars.exists(), "nobody can read it any more"
    assert keyed().access.key1 == NEW_KEY1
    assert read_last().what == "forgotten"


def test_when_the_journal_does_not_take_it_the_keys_stay(
    sandbox: Sandbox, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(account)
    set_pin()
    with open_enrolment(Environment.LIVE, till="02", clock=MachineClock()) as enrolment:
        full: Future[None] = Future()
        full.set_exception(StorageFullError("full"))
        monkeypatch.setattr(Journal, "write", lambda *_entries, **_at: full)
        with pytest.raises(StorageFullError):
            enrolment.enter(replace(account, key1=NEW_KEY1), OWNER)
    assert keyed().access.key1 == KEY1


def rotated(account: Account, *, for_ms: int = WEEK_MS) -> Account:
    new = replace(account, key1=NEW_KEY1, key2=NEW_KEY2)
    with open_enrolment(Environment.LIVE, till="02", clock=MachineClock()) as enrolment:
        enrolment.rotate(new, MachineClock().wall_ms() + for_ms, OWNER)
    return new


def test_while_keys_change_old_payments_are_still_known(
    sandbox: Sandbox, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(account)
    set_pin()
    counter = LiveCounter(sandbox)
    counter.till.start()
    counter.scan(10_003)  # stuck in processing
    begun = counter.until_stage(Stage.UNKNOWN, Stage.PROCESSING)
    counter.till.stop()
    rotated(account)
    assert sandbox.pay_later(begun.payment_id)
    counter = LiveCounter(sandbox)
    counter.till.start()  # the gateway has the old keys only
    try:
        counter.till.ask_now(begun.payment_id)
        counter.until_stage(Stage.PAID, of=begun)
        counter.scan(13_001)
        assert counter.until_final().stage is Stage.DECLINED, "what moves money is signed with the new key only"
        gateway_has(NEW_KEY1, NEW_KEY2, monkeypatch)
        counter.scan(13_001)
        assert counter.until_final().stage is Stage.PAID
    finally:
        counter.till.stop()


def heard(sandbox: Sandbox, account: Account, tmp_path: Path) -> dict[str, int]:
    """What the till makes of the gateway's word about one paid order."""
    port = free_port()
    told = settings_module.NotificationSettings(on=True, listen_port=port, public_url=f"http://127.0.0.1:{port}")
    counter = LiveCounter(sandbox, Settings(notifications=told))
    counter.till.start()
    try:
        counter.till.show(amount=13_001, note="")
        shown = counter.until_stage(Stage.SHOWN)
        sandbox.pay_order(shown.payment_id)
        counters = counter.till.parts.listening.counters
        counter.until(lambda _told: bool(counters.now.of))
        return dict(counters.now.of)
    finally:
        counter.till.stop()


@pytest.mark.parametrize("case", ["old", "expired", "dropped"])
def test_notifications_of_old_keys_count_until_these_are_dropped(
    sandbox: Sandbox, account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    enter(account)
    set_pin()
    rotated(account, for_ms=-60_000 if case == "expired" else WEEK_MS)
    if case == "dropped":
        with open_enrolment(Environment.LIVE, till="02", clock=MachineClock()) as enrolment:
            enrolment.drop_old(OWNER)
    gateway_has(NEW_KEY1, KEY2, monkeypatch)
    counts = heard(sandbox, account, tmp_path)
    assert (Rejected.WRONG_SIGNATURE in counts) is (case != "old"), counts


def test_what_is_sealed_by_a_passphrase_is_never_replaced_unopened(account: Account) -> None:
    with open_enrolment(Environment.LIVE, till="02", clock=MachineClock()) as enrolment:
        enrolment.enter(account, NOBODY, passphrase="ba con mèo đen")
    sealed = folder_of(Environment.LIVE) / "keys.sealed"
    before = sealed.read_bytes()
    set_pin()
    with (
        open_enrolment(Environment.LIVE, till="02", clock=MachineClock()) as enrolment,
        pytest.raises(PassphraseNeededError),
    ):
        enrolment.enter(account, OWNER)
    assert sealed.read_bytes() == before


def test_the_check_says_which_key_is_wrong(account: Account, sandbox: Sandbox) -> None:
    clock = MachineClock()
    assert check_account(account, clock).ok
    swapped = check_account(replace(account, key1=KEY2, key2=KEY1), clock)
    assert (swapped.ok, swapped.title.en) == (False, "key1 and key2 are swapped")
    for wrong in (replace(account, key1=NEW_KEY1), replace(account, app_id=4711)):
        told = check_account(wrong, clock)
        assert (told.ok, told.title.en) == (False, "ZaloPay does not accept the app_id or key1")


def test_the_check_says_when_nobody_answers(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust, "LIVE", trust.built_in(9, ""))
    told = check_account(account, MachineClock())
    assert (told.ok, told.title.en) == (False, "ZaloPay could not be asked")


def test_the_regulars_seal_lies_with_the_keys(sandbox: Sandbox, account: Account) -> None:
    enter(account)
    set_pin()
    counter = LiveCounter(sandbox)
    counter.till.start()
    seal = counter.till.parts.regulars._store._key
    counter.till.stop()
    key = seal.make()
    assert seal.get() == key
    assert keyed().keystore.get("customers") == key.hex()
    assert leaks([key.hex()], data_folder()) == []
    rotated(account)
    assert keyed().keystore.get("customers") == key.hex(), "new keys of the gateway leave it alone"


def test_in_the_sandbox_no_transfer_to_the_shops_own_account(sandbox: Sandbox, account: Account) -> None:
    """That one would be real."""
    own = Settings(own_vietqr=settings_module.OwnVietQrSettings("970436", "0071000123456"))
    clock = MachineClock()
    for environment, name in ((Environment.LIVE, "own_vietqr"), (Environment.SANDBOX, "sandbox_zalopay_v2")):
        access = access_with(Held(replace(account, environment=environment)))
        names = [way.name for way in open_ways(access, own, clock, ClockOffset(clock))]
        assert name in names
        assert (len(names) == 3) is (environment is Environment.LIVE), names


def test_the_demo_shows_nobodys_account(sandbox: Sandbox) -> None:
    """A transfer to the shop's own, or to one that somebody wrote into the settings, would be real."""
    clock = MachineClock()
    ways = open_ways(access_to(sandbox), Settings(own_vietqr=FOREIGN), clock, ClockOffset(clock))
    own = next(way.gateway for way in ways if way.name == "demo_own_vietqr")
    assert isinstance(own, OwnVietQr)
    assert FOREIGN.account not in repr(own._receiver)
