"""The first start by keys alone: try it, set it up with real keys and devices, restore; and what goes wrong, in words.

The built-in gateway stands where the live host stands, for these tests alone.
"""

import argparse
import io
import os
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from pos_app.checkout.enrolment import Enrolment, open_enrolment
from pos_app.checkout.events import PinState, SettingsAllowed
from pos_app.checkout.staffing import Signature
from pos_app.cli import run
from pos_app.cli.say import DONE, Say
from pos_app.clock import Clock, MachineClock
from pos_app.gateway_access import open_keys
from pos_app.gateways import trust
from pos_app.journal.backup import Backup, back_up
from pos_app.journal.entries import KeysChanged
from pos_app.journal.key_changes import last_key_change
from pos_app.journal.store import Journal
from pos_app.keys.account import Account, AppotaPayKeys
from pos_app.keys.keychain import Keychain
from pos_app.keys.keystore import make_keystore
from pos_app.keys.start import what_to_start
from pos_app.payments.environment import Environment
from pos_app.sandbox import callbacks, requests
from pos_app.sandbox.server import Sandbox
from pos_app.scanning.opencv import cv2
from pos_app.scanning.source import Scan
from pos_app.setting_up import restoring, trials
from pos_app.setting_up.pages import PageId
from pos_app.settings import Settings, folder_of, home_folder, load, nothing_yet, save, use_environment
from pos_app.staff.pin import Cost, Pins
from pos_app.ui.look import Look
from pos_app.ui.setting_up.device_pages import PrinterPage
from pos_app.ui.setting_up.page import SetUpPage
from pos_app.ui.setting_up.window import Ended, FirstStart, open_first_start
from pos_app.ui.theme import Role
from pos_app.words import Language, Text
from tests.end_to_end.world import leaks
from tests.journal.small_disk import disk_of, fill
from tests.keys.shop_keys import CANARIES, KEY1, KEY2, NEW_KEY1
from tests.receipts.network_printer import NetworkPrinterPeer
from tests.scanning.pictures import phone
from tests.ui.conftest import OpenScene

PIN = "582931"
PASSPHRASE = "mat khau sao luu 2026"
CODE = "281234567890123456"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture(autouse=True)
def empty_home(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("POS_APP_HOME", str(tmp_path / "home"))
    here = trust.built_in(int(sandbox.url.rpartition(":")[2]), sandbox.ca_pem)
    for name in ("LIVE", "LIVE_V1"):
        monkeypatch.setattr(trust, name, here)
    monkeypatch.setattr("pos_app.keys.account._PUBLIC_TEST_APPS", set())  # the built-in gateway has one of them
    monkeypatch.setattr(requests, "KEY1", KEY1)
    monkeypatch.setattr(callbacks, "KEY2", KEY2)
    monkeypatch.setattr(Keychain, "works", property(lambda _self: False))  # the real ones: tests/keys/test_keychain.py
    monkeypatch.setattr(Pins.__init__, "__defaults__", (Cost(8, 1, 1),))
    monkeypatch.setattr(PrinterPage, "look_for", staticmethod(dict))
    use_environment(None)
    yield
    use_environment(None)
    assert leaks([*CANARIES, PIN, PASSPHRASE], tmp_path) == []


class Person:
    """Somebody at the window, with a keyboard and nothing else."""

    def __init__(self, settings: Settings | None = None, *, afterwards: bool = False) -> None:
        look = Look(motion=False)
        self.window = FirstStart(look, MachineClock(), settings or Settings(), afterwards=afterwards)
        self.window.resize(1024, 768)
        self.window.show()
        self.window.activateWindow()
        QApplication.processEvents()

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            focused: QWidget | None = self.window.focusWidget()
            QTest.keyClick(focused if focused is not None else self.window, key)
            QApplication.processEvents()

    def type(self, text: str) -> None:
        """Into the field that has the focus."""
        field = self.window.focusWidget()
        assert isinstance(field, QLineEdit), field
        field.selectAll()
        QTest.keyClicks(field, text) if text.isascii() else field.setText(text)

    def tab(self, times: int = 1) -> None:
        self.press(*[Qt.Key.Key_Tab] * times)

    def until(self, there: Callable[[], bool], why: str) -> None:
        deadline = time.monotonic() + 20
        while not there():
            assert time.monotonic() < deadline, f"{why}: {self.words()}"
            QApplication.processEvents()
            time.sleep(0.01)

    @property
    def page(self) -> SetUpPage:
        course = self.window.course
        assert course is not None
        assert course.page is not None
        return course.page

    def on(self, which: PageId) -> bool:
        course = self.window.course
        return course is not None and course.page is not None and course.page.page.id is which

    def told(self) -> trials.Told:
        """What the test of this page found, once it has."""
        trial = self.page.trial
        assert trial is not None
        self.until(lambda: trial.told is not None, "the test says nothing")
        assert trial.told is not None
        return trial.told

    def words(self) -> set[str]:
        QApplication.processEvents()
        labels = self.window.findChildren(QLabel)
        return {label.text() for label in labels if label.isVisible() and label.text()}

    def store(self, name: str = "Tiem Ba Tu") -> None:
        """The first page: all that the till cannot do without."""
        self.press(Qt.Key.Key_2)
        assert self.on(PageId.STORE)
        self.type(name)
        self.press(*[Qt.Key.Key_Return] * 6)
        assert self.on(PageId.KEYS), self.words()

    def account(self, key1: str, key2: str, public: str, app_id: str = "2553") -> None:
        """The fields of the keys' page, one after the other; it begins at whom they are for."""
        for text in (app_id, key1, key2, public):
            self.press(Qt.Key.Key_Return)
            self.type(text)

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))


@pytest.fixture
def person(qapp: QApplication) -> Iterator[Person]:
    made = Person()
    yield made
    made.close()


def test_trying_it_takes_one_key(person: Person) -> None:
    assert nothing_yet()
    person.press(Qt.Key.Key_1)
    assert person.window.ended is Ended.OPEN_TILL
    assert not person.window.isVisible()
    assert what_to_start().environment is Environment.BUILT_IN
    assert not home_folder().exists(), "nothing is written for it"


def test_the_language_chosen_first_is_kept(person: Person) -> None:
    person.window.languages._tapped("en")
    person.press(Qt.Key.Key_1)
    assert load(home_folder()).look.language is Language.EN
    assert not nothing_yet()


def test_closing_the_window_opens_no_till(person: Person) -> None:
    person.window.close()
    assert person.window.ended is Ended.GIVEN_UP
    assert nothing_yet()


def test_a_whole_set_up_by_keys_alone(person: Person, sandbox: Sandbox, tmp_path: Path) -> None:
    person.store()
    person.account(KEY1, KEY2, sandbox.public_key, str(sandbox.app_id))
    person.press(Qt.Key.Key_F5)
    assert person.told().well, person.words()
    person.press(Qt.Key.Key_Return)
    person.until(lambda: person.on(PageId.CAMERA), "the keys are not taken")
    assert not any(field.text() in (KEY1, KEY2) for field in person.window.findChildren(QLineEdit))
    person.press(Qt.Key.Key_F6)
    assert person.on(PageId.SCANNER)
    person.window.take_scan(Scan(CODE, "scanner", 1))
    assert person.told().well
    assert not any(CODE in text for text in person.words())
    person.press(Qt.Key.Key_Return)
    assert person.on(PageId.PRINTER)
    with NetworkPrinterPeer() as peer:
        person.press(Qt.Key.Key_Down, Qt.Key.Key_Return)
        person.type("127.0.0.1")
        person.press(Qt.Key.Key_Return)
        person.type(str(peer.port))
        person.press(Qt.Key.Key_F5)
        assert person.told().well, person.words()
        assert peer.paper.rows, "nothing came out of the printer"
    person.press(*[Qt.Key.Key_Return] * 4)
    assert person.on(PageId.PIN)
    digits = [Qt.Key(ord(digit)) for digit in PIN]
    person.press(*digits, Qt.Key.Key_Return, *digits, Qt.Key.Key_Return)
    course = person.window.course
    assert course is not None
    person.until(lambda: course.holds_a_code, "no recovery code")
    person.press(Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert person.window.ended is Ended.NEW_KEYS
    kept = load(home_folder())
    assert (kept.shop.store, kept.shop.till) == ("Tiem Ba Tu", "01")
    assert (kept.printer.kind, kept.printer.host, kept.printer.port) == ("network", "127.0.0.1", peer.port)
    start = what_to_start()
    assert (start.environment, start.set_up) == (Environment.LIVE, True)
    assert Pins(start.folder, MachineClock(), bytes).is_set


def test_wrong_keys_are_said_at_their_field_and_stay_there(person: Person, sandbox: Sandbox) -> None:
    person.store()
    person.account("short", KEY2, "no key at all", "12a")
    person.press(Qt.Key.Key_F5)
    said = " ".join(person.words())
    for part in ("app_id là số", "key1 có 5 ký tự", "Không đọc được khóa công khai"):
        assert part in said
    form = person.page.form
    assert form is not None
    assert (form.value("app_id"), form.value("key1"), form.value("key2")) == ("12a", "short", KEY2)
    person.press(Qt.Key.Key_Return)
    assert person.on(PageId.KEYS)
    assert what_to_start().environment is Environment.BUILT_IN


def test_keys_that_the_gateway_does_not_know(person: Person, sandbox: Sandbox) -> None:
    person.store()
    person.account(KEY2, KEY1, sandbox.public_key, str(sandbox.app_id))
    person.press(Qt.Key.Key_F5)
    told = person.told()
    assert (told.well, told.said.en) == (False, "key1 and key2 are swapped")


def test_no_key_is_ever_seen(person: Person, sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    person.store()
    before = person.window.grab().toImage()
    person.account(KEY1, NEW_KEY1, sandbox.public_key, str(sandbox.app_id))
    shown = person.window.grab().toImage()
    assert before != shown
    fields = [field for field in person.window.findChildren(QLineEdit) if field.text() in (KEY1, NEW_KEY1)]
    assert len(fields) == 2
    for field in fields:
        assert field.echoMode() is QLineEdit.EchoMode.Password
        field.selectAll()
        field.copy()
        assert QApplication.clipboard().text() not in (KEY1, NEW_KEY1)
        assert KEY1 not in field.displayText()
    assert not any(key in text for key in CANARIES for text in person.words())
    assert not any(key in caplog.text for key in CANARIES)
    course = person.window.course
    assert course is not None
    course.leave_for_later()
    assert not any(field.text() in (KEY1, NEW_KEY1) for field in person.window.findChildren(QLineEdit))


def test_keys_come_from_a_file(person: Person, sandbox: Sandbox, tmp_path: Path) -> None:
    from pos_app.ui.setting_up.keys_page import KeysPage  # noqa: PLC0415 - for the type alone

    file = tmp_path / "keys.txt"
    file.write_text(f"app_id: {sandbox.app_id}\nkey1: {KEY1}\nkey2: {KEY2}\npublic_key: {sandbox.public_key}\n")
    person.store()
    page = person.page
    assert isinstance(page, KeysPage)
    page.load(str(file))
    file.write_text("a letter to my aunt")
    assert page.form is not None
    assert page.form.value("key2") == KEY2
    page.load(str(file))
    assert person.told().said.en == "The keys cannot be read"
    assert page.form.value("key2") == KEY2, "what was there stays"
    file.unlink()
    person.press(Qt.Key.Key_Return)
    person.until(lambda: person.on(PageId.CAMERA), "the keys are not taken")


def test_the_camera_shows_its_picture_and_reads(person: Person, tmp_path: Path) -> None:
    picture = tmp_path / "phone.png"
    cv2.imwrite(str(picture), phone("261121_test"))
    person.store()
    person.press(Qt.Key.Key_F6)
    assert person.on(PageId.CAMERA)
    form = person.page.form
    assert form is not None
    while form.value("camera") != "other":
        person.press(Qt.Key.Key_Down)
    person.press(Qt.Key.Key_F5)
    assert "Cần địa chỉ hoặc tên tệp." in person.words()
    person.type(str(picture))
    person.press(Qt.Key.Key_F5)
    told = person.told()
    assert told.well, told
    assert not any("261121_test" in text for text in person.words())
    person.type(str(tmp_path / "none.mjpg"))
    person.press(Qt.Key.Key_F5)
    told = person.told()
    assert not told.well
    assert told.advice.en


def test_all_may_be_left_for_later_but_the_store(person: Person) -> None:
    person.press(Qt.Key.Key_2, Qt.Key.Key_F6)
    assert person.on(PageId.STORE)
    person.type("Tiem")
    person.press(*[Qt.Key.Key_Return] * 6, *[Qt.Key.Key_F6] * 4, Qt.Key.Key_Escape)
    assert "Chưa có khóa, nên mở bản dùng thử" in person.words()
    person.press(Qt.Key.Key_Return)
    assert person.window.ended is Ended.OPEN_TILL
    assert load(home_folder()).shop.store == "Tiem"


def test_escape_goes_back_to_the_three_choices(person: Person) -> None:
    person.press(Qt.Key.Key_2)
    person.type("Tiem")
    person.press(*[Qt.Key.Key_Return] * 6)
    assert person.on(PageId.KEYS)
    person.press(Qt.Key.Key_Escape)
    form = person.page.form
    assert form is not None
    assert form.value("shop.store") == "Tiem"
    person.press(Qt.Key.Key_Escape)
    assert person.window.choice.isVisible()


def test_a_disk_that_takes_nothing_is_said(person: Person, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    person.press(Qt.Key.Key_2)
    person.type("Tiem")
    person.press(*[Qt.Key.Key_Return] * 6, *[Qt.Key.Key_F6] * 4, Qt.Key.Key_Escape, Qt.Key.Key_Return)
    assert person.window.ended is Ended.GIVEN_UP
    assert any("Không lưu được cài đặt" in text for text in person.words())


@pytest.mark.parametrize("which", [PageId.HABITS, PageId.WAYS])
def test_a_disk_that_takes_nothing_is_said_on_every_page(qapp: QApplication, tmp_path: Path, which: PageId) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    person = Person(afterwards=True)
    course = person.window.course
    assert course is not None
    course.turn_to(which)
    for key in (Qt.Key.Key_F10, Qt.Key.Key_F10):
        person.press(key)
        assert person.window.isVisible()
        assert any("Không lưu được cài đặt" in text for text in person.words())
    course.go_on()
    assert person.on(which)
    (tmp_path / "home").unlink()
    course.go_on()
    if which is PageId.HABITS:
        assert person.on(PageId.WAYS)
        assert not any("Không lưu được cài đặt" in text for text in person.words())
        course.go_on()
    assert person.window.ended is Ended.OPEN_TILL
    assert (tmp_path / "home" / "settings.toml").is_file()
    person.close()


def test_the_last_page_stays_in_its_place_when_nothing_is_stored(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(afterwards=True)
    course = person.window.course
    assert course is not None
    course.turn_to(PageId.WAYS)
    monkeypatch.setattr(course, "_kept", lambda: True)  # the disk is full just before the last word
    save_now = person.window.draft.save

    def full() -> None:
        raise OSError

    monkeypatch.setattr(person.window.draft, "save", full)
    course.go_on()
    assert person.window.isVisible()
    assert any("Không lưu được cài đặt" in text for text in person.words())
    monkeypatch.setattr(person.window.draft, "save", save_now)
    course.go_on()
    assert person.window.ended is Ended.OPEN_TILL
    person.close()


def backup_of(folder: Path, file: Path) -> None:
    journal = Journal.open(folder, till="B7", now_ms=MachineClock().wall_ms(), entropy=bytes(16))
    back_up(journal, file, PASSPHRASE, made_at_ms=MachineClock().wall_ms())
    journal.close()


def test_a_backup_is_put_back(person: Person, tmp_path: Path) -> None:
    file = tmp_path / "tiem.posbackup"
    backup_of(tmp_path / "old", file)
    person.press(Qt.Key.Key_3)
    for nothing in (str(tmp_path / "none"), "~nobody-of-that-name/x"):
        person.type(nothing)
        person.press(Qt.Key.Key_F5)
        assert "Không có tệp này." in person.words()
    person.type(str(file))
    person.press(Qt.Key.Key_Return)
    person.type("something else")
    person.press(Qt.Key.Key_Return)
    restore = person.window._restore
    assert restore is not None
    person.until(lambda: restore.trial.told is not None and not restore.trial.told.well, "a wrong passphrase is taken")
    assert restore.form.value("passphrase") == "something else"
    person.type(PASSPHRASE)
    person.press(Qt.Key.Key_Return)
    person.until(lambda: person.on(PageId.STORE), "it is not put back")
    assert load(home_folder()).shop.till == "B7", "kept at once: the pages may never be finished"
    assert (home_folder() / "journal.sqlite3").is_file()
    person.type("Tiem")
    person.press(*[Qt.Key.Key_Return] * 5)
    assert person.on(PageId.PIN), person.words()
    person.press(Qt.Key.Key_Escape, *[Qt.Key.Key_F6] * 3, Qt.Key.Key_Return)
    assert person.window.ended is Ended.OPEN_TILL
    assert load(home_folder()).shop.till == "B7"


def test_a_restore_after_another_way_has_its_own_pages(person: Person, tmp_path: Path) -> None:
    file = tmp_path / "tiem.posbackup"
    backup_of(tmp_path / "old", file)
    person.store()
    first = person.window.course
    person.press(Qt.Key.Key_Escape, Qt.Key.Key_Escape, Qt.Key.Key_3)
    person.type(str(file))
    person.press(Qt.Key.Key_Return)
    person.type(PASSPHRASE)
    person.press(Qt.Key.Key_Return)
    person.until(lambda: person.window.course is not first, "it is not put back")
    assert person.on(PageId.STORE)
    assert person.window.draft.done == set()
    person.press(*[Qt.Key.Key_Return] * 5)
    assert person.on(PageId.PIN), "the demo's backup asks for no keys"


def test_a_till_of_real_money_comes_back_with_pin_and_keys(
    person: Person, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_APP_HOME", str(tmp_path / "old"))
    account = Account(Environment.LIVE, sandbox.app_id, KEY1, KEY2, sandbox.public_key)
    with open_enrolment(Environment.LIVE, till="B7", clock=MachineClock()) as enrolment:
        enrolment.enter(account, Signature("", ""))
    backup_of(folder_of(Environment.LIVE), tmp_path / "tiem.posbackup")
    monkeypatch.setenv("POS_APP_HOME", str(tmp_path / "home"))
    person.press(Qt.Key.Key_3)
    person.type(str(tmp_path / "tiem.posbackup"))
    person.press(Qt.Key.Key_Return)
    person.type(PASSPHRASE)
    person.press(Qt.Key.Key_Return)
    person.until(lambda: person.on(PageId.STORE), "it is not put back")
    assert (folder_of(Environment.LIVE) / "journal.sqlite3").is_file()
    assert not (home_folder() / "journal.sqlite3").exists(), "real payments never among the demo's"
    person.type("Tiem")
    person.press(*[Qt.Key.Key_Return] * 5)
    assert person.on(PageId.PIN), person.words()
    digits = [Qt.Key(ord(digit)) for digit in PIN]
    person.press(*digits, Qt.Key.Key_Return, *digits, Qt.Key.Key_Return)
    course = person.window.course
    assert course is not None
    person.until(lambda: course.holds_a_code, "no recovery code")
    person.press(Qt.Key.Key_Return)
    assert person.on(PageId.KEYS)
    person.account(KEY1, KEY2, sandbox.public_key, str(sandbox.app_id))
    person.press(Qt.Key.Key_Return)
    person.type("000000")
    person.press(Qt.Key.Key_Return)
    assert not person.told().well, "not the owner's PIN"
    assert person.on(PageId.KEYS)


def test_real_money_without_keys_goes_on_at_the_keys(qapp: QApplication, sandbox: Sandbox) -> None:
    with open_enrolment(Environment.LIVE, till="B7", clock=MachineClock()):
        pass  # begun, and then the keys were refused, or the program was killed
    save(Settings(shop=Settings().shop._replace(store="Tiem", till="B7")), home_folder())
    person = Person(load(home_folder()))
    assert person.on(PageId.PIN), person.words()
    person.press(Qt.Key.Key_Escape)
    assert person.on(PageId.KEYS)
    person.press(*[Qt.Key.Key_F6] * 4)
    assert "Chưa có khóa, nên chưa mở máy được" in person.words()
    assert not any("dùng thử" in text for text in person.words())
    person.press(Qt.Key.Key_Return)
    assert person.on(PageId.KEYS)
    person.account(KEY1, KEY2, sandbox.public_key, str(sandbox.app_id))
    person.press(Qt.Key.Key_Return)
    person.until(lambda: person.on(PageId.CAMERA), "the keys are not taken")
    person.press(*[Qt.Key.Key_F6] * 3)
    assert "Xong, bán được rồi" in person.words()
    person.press(Qt.Key.Key_Return)
    assert person.window.ended is Ended.NEW_KEYS
    assert what_to_start().set_up
    assert (load(home_folder()).shop.store, load(home_folder()).shop.till) == ("Tiem", "B7")
    person.close()


def test_the_till_waits_for_its_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def window(_settings: Settings, *, afterwards: bool = False) -> Ended:
        opened.append("settings" if afterwards else "keys")
        if len(opened) > 1:
            return Ended.GIVEN_UP
        (folder_of(Environment.LIVE) / "keys.sealed").touch()
        return Ended.NEW_KEYS

    def till(*_: object) -> int:
        opened.append("till")
        (folder_of(Environment.LIVE) / "keys.sealed").unlink()
        return -1

    monkeypatch.setattr("pos_app.ui.setting_up.window.open_first_start", window)
    monkeypatch.setattr(run, "_lacks", lambda: None)
    monkeypatch.setattr(run, "_open_till", till)
    folder_of(Environment.LIVE).mkdir(parents=True)
    options = argparse.Namespace(demo=False, demo_url=None, sandbox=False, json=False)
    assert run._run(options, Settings(), Say(Settings(), as_json=False)) == DONE
    assert opened == ["keys", "till", "settings", "keys"]


def test_the_till_keeps_its_number_once_keys_are_sealed(person: Person, sandbox: Sandbox) -> None:
    person.store()
    person.account(KEY1, KEY2, sandbox.public_key, str(sandbox.app_id))
    person.press(Qt.Key.Key_Return)
    person.until(lambda: person.on(PageId.CAMERA), "the keys are not taken")
    person.press(Qt.Key.Key_Escape, Qt.Key.Key_Escape)
    assert person.on(PageId.STORE)
    assert person.page.form is not None
    assert "shop.till" not in person.page.form.typed()


def test_the_till_keeps_its_number_once_a_journal_is_begun(person: Person) -> None:
    person.store()
    with open_enrolment(Environment.SANDBOX, till="01", clock=MachineClock()):
        pass  # and then the keys were refused
    person.press(Qt.Key.Key_Escape)
    assert person.on(PageId.STORE)
    assert person.page.form is not None
    assert "shop.till" not in person.page.form.typed()


def test_trying_it_is_the_demo_though_keys_were_entered(person: Person, sandbox: Sandbox) -> None:
    person.store()
    person.account(KEY1, KEY2, sandbox.public_key, str(sandbox.app_id))
    person.press(Qt.Key.Key_Return)
    person.until(lambda: person.on(PageId.CAMERA), "the keys are not taken")
    person.press(*[Qt.Key.Key_Escape] * 3)
    assert person.window.choice.isVisible()
    person.window.languages._tapped("en")
    person.press(Qt.Key.Key_1)
    assert person.window.ended is Ended.OPEN_TILL
    assert what_to_start().environment is Environment.BUILT_IN
    kept = load(home_folder())
    assert (kept.look.language, kept.shop.store) == (Language.EN, "Tiem Ba Tu")


class ClosedByHand(QCloseEvent):
    """As the window's own button sends it."""

    def spontaneous(self) -> bool:
        return True


def closes(person: Person) -> bool:
    event = ClosedByHand()
    person.window.closeEvent(event)
    return event.isAccepted()


@pytest.mark.parametrize("afterwards", [False, True])
def test_keys_that_are_being_sealed_are_not_left(
    qapp: QApplication, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, *, afterwards: bool
) -> None:
    over = Event()
    enter = Enrolment.enter

    def slowly(self: Enrolment, account: Account, signature: Signature) -> object:
        assert over.wait(20)
        return enter(self, account, signature)

    monkeypatch.setattr(Enrolment, "enter", slowly)
    person = Person(afterwards=afterwards)
    course = person.window.course
    if course is None:
        person.store()
        course = person.window.course
    assert course is not None
    course.turn_to(PageId.KEYS)
    person.account(KEY1, KEY2, sandbox.public_key, str(sandbox.app_id))
    person.press(Qt.Key.Key_Return)
    assert person.page.busy
    person.press(Qt.Key.Key_Escape, Qt.Key.Key_F6, Qt.Key.Key_F10, Qt.Key.Key_F5, Qt.Key.Key_Return)
    course._strip.chosen.emit(PageId.CAMERA.value)
    assert person.on(PageId.KEYS)
    assert not closes(person)
    person.window.close()  # as the system's wish to end does
    assert person.window.isVisible()
    over.set()
    person.until(lambda: person.on(PageId.CAMERA), "the keys are not taken")
    person.until(lambda: not person.window.isVisible(), "the program does not end")
    assert person.window.draft.keys_for is Environment.LIVE
    assert closes(person)
    person.close()


def test_a_backup_that_is_being_put_back_is_not_left(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = Event()
    put_back = restoring.put_back

    def slowly(file: Path, passphrase: str, clock: Clock) -> Backup:
        assert over.wait(20)
        return put_back(file, passphrase, clock)

    monkeypatch.setattr(restoring, "put_back", slowly)
    file = tmp_path / "tiem.posbackup"
    backup_of(tmp_path / "old", file)
    person.press(Qt.Key.Key_3)
    person.type(str(file))
    person.press(Qt.Key.Key_Return)
    person.type(PASSPHRASE)
    person.press(Qt.Key.Key_Return)
    restore = person.window._restore
    assert restore is not None
    assert restore.busy
    person.press(Qt.Key.Key_Escape, Qt.Key.Key_F5, Qt.Key.Key_Return)
    assert restore.isVisible()
    assert not closes(person)
    over.set()
    person.until(lambda: person.on(PageId.STORE), "it is not put back")


def test_keys_behind_a_passphrase_are_not_replaced_without_it(qapp: QApplication) -> None:
    folder = folder_of(Environment.LIVE)
    folder.mkdir(parents=True)
    make_keystore(folder, {"key1": KEY1}, passphrase=PASSPHRASE)
    sealed = (folder / "keys.sealed").read_bytes()
    person = Person(afterwards=True)
    course = person.window.course
    assert course is not None
    course.turn_to(PageId.KEYS)
    assert "Khóa ở đây được cất bằng mật khẩu" in person.words()
    assert any("pos-app keys set" in text for text in person.words())
    form = person.page.form
    assert form is not None
    assert set(form.typed()) == {"environment"}
    person.press(Qt.Key.Key_F5)
    form.show_values({"environment": "sandbox"})
    person.page._changed()
    assert "key1" in form.typed(), "the test hosts have keys of their own"
    assert "Khóa ở đây được cất bằng mật khẩu" not in person.words()
    form.turn_to("key1")
    person.type(NEW_KEY1)
    form.show_values({"environment": "live"})
    person.page._changed()
    assert form.value("key1") == ""
    person.press(Qt.Key.Key_F10)
    assert person.window.ended is Ended.OPEN_TILL
    assert (folder / "keys.sealed").read_bytes() == sealed
    person.close()


def test_settings_afterwards_keep_what_was_there(qapp: QApplication) -> None:
    shop = Settings().shop._replace(store="Tiem", till="B7")
    save(Settings(shop=shop), home_folder())
    person = Person(load(home_folder()), afterwards=True)
    assert person.on(PageId.STORE)
    person.type("Tiem Moi")
    course = person.window.course
    assert course is not None
    course.turn_to(PageId.HABITS)
    person.press(Qt.Key.Key_Down)
    person.press(Qt.Key.Key_F10)
    assert person.window.ended is Ended.OPEN_TILL
    kept = load(home_folder())
    assert (kept.shop.till, kept.look.language) == ("B7", Language.EN)
    assert kept.shop.store == "Tiem", "a page that was left without Enter is not kept"
    person.close()


def test_the_till_is_asked_before_it_closes_for_its_settings(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.press(Qt.Key.Key_F1)
    scene.press(Qt.Key.Key_F8)
    assert scene.till.calls[-1] == "settings"
    assert scene.window.isVisible(), "it waits for the till's word"
    scene.bridge.post(SettingsAllowed())
    assert scene.window.opens_settings
    guarded = open_scene()
    guarded.bridge.post(PinState(is_set=True))
    guarded.press(Qt.Key.Key_F1)
    guarded.press(Qt.Key.Key_F8)
    assert "settings" not in guarded.till.calls
    assert guarded.window.on("permit")


def test_live_keys_are_entered_from_the_demos_settings(qapp: QApplication, sandbox: Sandbox) -> None:
    save(Settings(), home_folder())
    person = Person(Settings(), afterwards=True)
    course = person.window.course
    assert course is not None
    course.turn_to(PageId.KEYS)
    person.account(KEY1, KEY2, sandbox.public_key, str(sandbox.app_id))
    person.press(Qt.Key.Key_F10)
    person.until(lambda: not person.window.isVisible(), "the keys are not taken")
    assert person.window.ended is Ended.NEW_KEYS
    assert (folder_of(Environment.LIVE) / "keys.sealed").is_file()
    person.close()


APPOTAPAY = AppotaPayKeys("TIEMPARTNER", f"a{KEY1}", f"s{KEY1}", "POS01")


def real_shop(sandbox: Sandbox, *, guarded: bool = True) -> None:
    """A till that takes real money, with keys of AppotaPay too."""
    account = Account(Environment.LIVE, sandbox.app_id, KEY1, KEY2, sandbox.public_key, APPOTAPAY)
    with open_enrolment(Environment.LIVE, till="02", clock=MachineClock()) as enrolment:
        enrolment.enter(account, Signature("", ""))
    if guarded:
        Pins(folder_of(Environment.LIVE), MachineClock(), secrets.token_bytes).set_first(PIN)
    save(Settings(), home_folder())


def last_word() -> KeysChanged:
    journal = Journal.open(folder_of(Environment.LIVE), till="02", now_ms=MachineClock().wall_ms(), entropy=bytes(16))
    found = journal.read(last_key_change).result()
    journal.close()
    assert found is not None
    return found


def at_the_ways() -> Person:
    """The settings of that till, with another bank account typed."""
    person = Person(load(home_folder()), afterwards=True)
    assert person.window.course is not None
    person.window.course.turn_to(PageId.WAYS)
    person.type("970436")
    person.press(Qt.Key.Key_Return)
    person.type("0071000123456")
    return person


def test_another_bank_account_takes_the_owners_pin(qapp: QApplication, sandbox: Sandbox) -> None:
    real_shop(sandbox)
    person = at_the_ways()
    form = person.page.form
    assert form is not None
    person.press(Qt.Key.Key_F10)
    person.until(lambda: any("Không dùng được PIN này" in text for text in person.words()), "no PIN at all")
    person.type("907346")
    person.press(Qt.Key.Key_F10)
    person.until(lambda: any("PIN không đúng" in text for text in person.words()), "not the owner's PIN")
    assert person.on(PageId.WAYS)
    assert load(home_folder()).own_vietqr == Settings().own_vietqr
    assert last_word().what == "set"

    def signed() -> bool:
        if person.on(PageId.WAYS) and not person.page.busy:  # after a miss the next one waits
            form.turn_to("pin")
            person.type(PIN)
            person.window.course._strip.chosen.emit(PageId.STORE.value)  # type: ignore[union-attr]
        return person.on(PageId.STORE)

    person.until(signed, "the account is not taken")
    assert form.value("pin") == ""
    assert load(home_folder()).own_vietqr.receiver == "970436 0071000123456"
    word = last_word()
    assert (word.what, word.own_account, word.by_id) == ("account", "970436 0071000123456", "owner")
    person.window.course.turn_to(PageId.WAYS)  # type: ignore[union-attr]
    form.show_values({"own_vietqr.bank": "", "own_vietqr.account": ""})
    assert "pin" not in form.typed(), "switched off, nobody gains"
    person.press(Qt.Key.Key_F10)
    assert person.window.ended is Ended.OPEN_TILL
    assert load(home_folder()).own_vietqr.receiver == ""
    person.close()


def test_the_journal_has_no_account_that_the_settings_could_not_take(
    qapp: QApplication, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the till would ask at its next start for the account of before. A disk that is really full."""
    with disk_of(tmp_path / "disk", "60m") as place:
        monkeypatch.setenv("POS_APP_HOME", str(place / "home"))
        real_shop(sandbox, guarded=False)
        person = at_the_ways()
        fill(place / "film")
        person.press(Qt.Key.Key_F10)
        person.until(lambda: any("Không lưu được cài đặt" in text for text in person.words()), "nothing is said")
        (place / "film").unlink()
        assert (last_word().what, last_word().own_account) == ("set", "")
        assert load(home_folder()).own_vietqr.receiver == ""
        person.press(Qt.Key.Key_F10)
        person.until(lambda: not person.window.isVisible(), "the account is not taken")
        assert last_word().own_account == load(home_folder()).own_vietqr.receiver == "970436 0071000123456"
        person.close()


def test_the_first_bank_account_of_a_till_without_a_pin(qapp: QApplication, sandbox: Sandbox) -> None:
    real_shop(sandbox, guarded=False)
    person = at_the_ways()
    person.press(Qt.Key.Key_F10)
    person.until(lambda: not person.window.isVisible(), "the account is not taken")
    person.close()
    assert last_word().own_account == "970436 0071000123456"
    other = Person(load(home_folder()), afterwards=True)
    assert other.window.course is not None
    other.window.course.turn_to(PageId.WAYS)
    other.type("970422")
    other.press(Qt.Key.Key_F10)
    other.until(lambda: any("Chủ tiệm cần có PIN trước" in text for text in other.words()), "anybody changes it")
    assert load(home_folder()).own_vietqr.bank == "970436"
    other.close()


def test_keys_of_zalopay_entered_again_leave_appotapays(qapp: QApplication, sandbox: Sandbox) -> None:
    real_shop(sandbox)
    person = Person(load(home_folder()), afterwards=True)
    assert person.window.course is not None
    person.window.course.turn_to(PageId.KEYS)
    person.account(NEW_KEY1, KEY2, sandbox.public_key, str(sandbox.app_id))
    person.press(Qt.Key.Key_Return)
    person.type(PIN)
    person.press(Qt.Key.Key_F10)
    person.until(lambda: not person.window.isVisible(), "the keys are not taken")
    access = open_keys(folder_of(Environment.LIVE)).access
    assert (access.key1, access.appotapay) == (NEW_KEY1, APPOTAPAY)
    person.close()


def test_a_file_of_appotapays_keys_alone_is_not_passed_over(person: Person, tmp_path: Path) -> None:
    person.store()
    file = tmp_path / "keys.txt"
    file.write_text("partner_code: TIEM\nterminal: POS 01\n")
    person.page.load(str(file))  # type: ignore[attr-defined]
    person.press(Qt.Key.Key_Return)
    assert person.on(PageId.KEYS), person.words()
    assert "app_id là số" in " ".join(person.words())


def ended_by(monkeypatch: pytest.MonkeyPatch, end: Callable[[FirstStart], object]) -> Ended:
    """How the settings end, when that happens to their window."""
    shown = FirstStart.showMaximized

    def then(self: FirstStart) -> None:
        shown(self)
        QTimer.singleShot(0, self, lambda: end(self))

    monkeypatch.setattr(FirstStart, "showMaximized", then)
    return open_first_start(Settings(), afterwards=True)


def test_the_systems_wish_to_end_ends_more_than_the_settings(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(_window: FirstStart) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    assert ended_by(monkeypatch, kill) is Ended.BY_SIGNAL


def test_closing_the_settings_goes_back_to_the_till(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ended_by(monkeypatch, lambda window: window.close()) is Ended.GIVEN_UP


def test_keys_that_were_entered_are_used_however_the_settings_are_left(qapp: QApplication, sandbox: Sandbox) -> None:
    save(Settings(), home_folder())
    person = Person(Settings(), afterwards=True)
    course = person.window.course
    assert course is not None
    course.turn_to(PageId.KEYS)
    person.account(KEY1, KEY2, sandbox.public_key, str(sandbox.app_id))
    person.press(Qt.Key.Key_Return)
    person.until(lambda: person.on(PageId.CAMERA), "the keys are not taken")
    person.window.close()
    assert person.window.ended is Ended.NEW_KEYS
    person.close()


@pytest.mark.parametrize(("ended", "tills"), [(Ended.BY_SIGNAL, 1), (Ended.GIVEN_UP, 2)])
def test_what_comes_after_the_settings(monkeypatch: pytest.MonkeyPatch, ended: Ended, tills: int) -> None:
    opened: list[str] = []

    def till(*_: object) -> int:
        opened.append("till")
        return DONE if len(opened) > 1 else -1

    monkeypatch.setattr("pos_app.ui.setting_up.window.open_first_start", lambda *_a, **_b: ended)
    monkeypatch.setattr(run, "_lacks", lambda: None)
    monkeypatch.setattr(run, "_open_till", till)
    save(Settings(), home_folder())
    options = argparse.Namespace(demo=False, demo_url=None, sandbox=False, json=False)
    assert run._run(options, Settings(), Say(Settings(), as_json=False)) == DONE
    assert len(opened) == tills


def test_the_windows_text_is_as_large_as_the_settings_say(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    shown = FirstStart.showMaximized

    def then(self: FirstStart) -> None:
        shown(self)
        sizes.append(self._look.size.font(Role.SMALL).pixelSize())
        QTimer.singleShot(0, self.close)

    monkeypatch.setattr(FirstStart, "showMaximized", then)
    for text in (100, 150):
        open_first_start(Settings(look=Settings().look._replace(text=text)), afterwards=True)
    assert sizes[0] < sizes[1]


def test_a_passphrase_comes_once_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSPHRASE}\n"))
    options = argparse.Namespace(demo=False, demo_url=None, sandbox=False, json=False, keys_stdin=True)
    passphrase = run._Passphrase(options, Say(Settings(), as_json=False))
    assert passphrase() == PASSPHRASE
    passphrase.forget()
    assert passphrase() == PASSPHRASE, "the till opens again after its settings"
    typed = run._Passphrase(argparse.Namespace(keys_stdin=False), Say(Settings(), as_json=False))
    assert typed() == ""
    typed.typed = PASSPHRASE
    assert typed() == PASSPHRASE
    typed.forget()
    assert typed() == ""


def test_what_does_not_work_is_not_summed_up_as_done(person: Person) -> None:
    person.press(Qt.Key.Key_2)
    course = person.window.course
    assert course is not None
    course.turn_to(PageId.CAMERA)
    for told in (trials.Told.bad(Text("Không thấy camera", "No camera")), None):
        assert person.page.trial is not None
        if told is not None:
            person.page.trial.tell(told)
        course.go_on()
        course.turn_to(PageId.PIN)
        course.leave_for_later()
        assert ("Không thấy camera" in person.words()) == (told is not None)
        course.turn_to(PageId.CAMERA)
