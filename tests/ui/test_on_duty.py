"""The locked window shows nothing but the way in; signing in, approving by name, the staff, the lock by itself."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from pos_app.checkout.events import (
    DutyView,
    OpenCount,
    PermitRefused,
    Permitted,
    PinState,
    Refused,
    SignInRefused,
    StaffDone,
    StaffRefused,
)
from pos_app.checkout.staffing import StaffWish, Wish
from pos_app.payments.acts import Act
from pos_app.staff.permissions import Right
from pos_app.staff.roles import Role
from pos_app.staff.roster import OWNER_ID
from pos_app.words import Text
from tests.ui import samples
from tests.ui.conftest import OpenScene
from tests.ui.gallery import Scene
from tests.ui.people import HA, HA_IS_HERE, LAN, LOCKED, NOBODY_YET, OWNER, PEOPLE, WRONG

ENTER, ESC, DOWN, LEFT, RIGHT = (
    Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right,
)  # fmt: skip
PIN, NEW = "831642", "482915"
OWNER_IS_HERE = DutyView(OWNER, signs_in=True, people=PEOPLE)


@pytest.fixture
def scene(open_scene: OpenScene) -> Scene:
    made = open_scene()
    made.bridge.post(PinState(is_set=True))
    return made


def holds(scene: Scene, digits: str) -> bool:
    """Whether any widget shows, holds, or tells a screen reader these digits."""
    texts = [label.text() for label in scene.window.findChildren(QLabel)]
    texts += [edit.text() for edit in scene.window.findChildren(QLineEdit)]
    texts += [one.accessibleName() for one in scene.window.findChildren(QWidget)]
    return any(digits in text for text in texts)


def test_out_of_the_box_nothing_is_locked(scene: Scene) -> None:
    scene.bridge.post(NOBODY_YET)
    assert scene.window.on("sale")
    scene.press(Qt.Key.Key_F10)
    assert "lock" not in scene.till.calls
    assert "F10" not in {label for label in scene.words() if label.startswith("F")}


def test_who_signs_in_is_chosen_by_arrows_and_proven_by_a_pin(scene: Scene) -> None:
    scene.bridge.post(LOCKED)
    assert scene.window.on("lock")
    scene.type(DOWN, DOWN, *PIN, ENTER, *PIN, ENTER)
    assert scene.till.sign_ins == [(HA.id, PIN)], "once, while it is being checked"
    assert scene.window.screens.lock.pin.count == 0
    scene.bridge.post(HA_IS_HERE)
    assert scene.window.on("sale")
    assert any("Thu Hà" in text for text in scene.words())


def test_another_name_begins_with_an_empty_pin(scene: Scene) -> None:
    scene.bridge.post(LOCKED)
    scene.type(*PIN[:4], DOWN)
    assert scene.window.screens.lock.pin.count == 0
    scene.type(*PIN[:4], ENTER)
    assert scene.till.sign_ins == []


@pytest.mark.parametrize(
    "key", [Qt.Key.Key_F1, Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F5, Qt.Key.Key_F6, Qt.Key.Key_F7,
            Qt.Key.Key_F8, Qt.Key.Key_F9, Qt.Key.Key_F10, Qt.Key.Key_F12, ESC],
)  # fmt: skip
def test_a_locked_window_shows_nothing_else(scene: Scene, key: Qt.Key) -> None:
    scene.bridge.post(LOCKED)
    before = list(scene.till.calls)
    scene.type(key)
    assert scene.window.on("lock")
    assert scene.till.calls == before


def test_nor_do_the_head_and_the_news(scene: Scene) -> None:
    scene.bridge.post(OpenCount(samples.OPEN))
    scene.bridge.post(LOCKED)
    scene.window._show_open()
    scene.window._manage(samples.WATCHED.payment_id)
    scene.window.try_again(samples.WATCHED)
    assert scene.window.on("lock")


def test_a_scan_at_a_locked_till_is_refused_in_words_and_charges_nothing(scene: Scene) -> None:
    scene.keys("185000")
    scene.bridge.post(LOCKED)
    scene.scan()
    assert scene.till.charges == []
    scene.bridge.post(Refused(Text("Máy đang khóa", "The till is locked"), Text("Nhập PIN.", "Enter the PIN.")))
    assert "Máy đang khóa. Nhập PIN." in scene.words()


def test_a_running_payment_goes_on_and_is_there_after_signing_in(scene: Scene) -> None:
    scene.bridge.post(HA_IS_HERE)
    scene.charge(samples.PROCESSING)
    scene.bridge.post(LOCKED)
    scene.bridge.post(samples.PAID)
    assert scene.window.on("lock")
    scene.bridge.post(HA_IS_HERE)
    assert "Đã thanh toán" in scene.words()


def test_a_wrong_pin_says_how_long_to_wait(scene: Scene) -> None:
    scene.bridge.post(LOCKED)
    scene.type(*PIN, ENTER)
    scene.bridge.post(SignInRefused(*WRONG, 8))
    assert "PIN không đúng. Chờ 8 giây rồi nhập lại." in scene.words()
    scene.type(*PIN, ENTER)
    assert len(scene.till.sign_ins) == 1
    scene.clock.ticks_ms += 8_000
    scene.window.screens.lock._wait.tick()
    assert "PIN không đúng. Nhập lại PIN." in scene.words()
    scene.type(*PIN, ENTER)
    assert len(scene.till.sign_ins) == 2


def test_where_no_pin_is_left_the_owners_is_set_first(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.bridge.post(LOCKED)
    scene.buttons()["Đặt PIN chủ tiệm"].click()
    assert scene.window.on("manager_pin")
    scene.type(ESC)
    assert scene.window.on("lock")


def test_the_recovery_code_is_the_other_way_in(scene: Scene) -> None:
    scene.bridge.post(LOCKED)
    scene.buttons()["Mã khôi phục"].click()
    assert scene.window.on("manager_pin")
    scene.type(ESC)
    assert scene.window.on("lock")


# --- the lock by itself ----------------------------------------------------------------------------------------------


def wait_out(scene: Scene) -> None:
    scene.window.on_duty._idle.timeout.emit()


def test_after_a_while_without_a_key_it_locks_by_itself(scene: Scene) -> None:
    scene.bridge.post(HA_IS_HERE)
    assert scene.window.on_duty._idle.isActive()
    assert scene.window.on_duty._idle.interval() == 5 * 60_000
    wait_out(scene)
    assert "lock" in scene.till.calls
    scene.bridge.post(LOCKED)
    assert not scene.window.on_duty._idle.isActive()


def test_never_while_a_payment_is_on_the_stage(scene: Scene) -> None:
    scene.bridge.post(HA_IS_HERE)
    scene.charge(samples.PROCESSING)
    wait_out(scene)
    assert "lock" not in scene.till.calls
    assert scene.window.on_duty._idle.isActive(), "it waits on"
    scene.bridge.post(samples.PAID)
    wait_out(scene)
    assert "lock" in scene.till.calls


def test_a_key_begins_the_wait_anew(scene: Scene) -> None:
    scene.bridge.post(HA_IS_HERE)
    idle = scene.window.on_duty._idle
    idle.stop()
    QTest.keyClick(scene.window.windowHandle(), Qt.Key.Key_1)
    assert idle.isActive()


def test_zero_minutes_is_never(open_scene: OpenScene) -> None:
    scene = open_scene(place=samples.PLACE._replace(lock_after_min=0))
    scene.bridge.post(HA_IS_HERE)
    assert not scene.window.on_duty._idle.isActive()


def test_f10_locks(scene: Scene) -> None:
    scene.bridge.post(HA_IS_HERE)
    scene.press(Qt.Key.Key_F10)
    assert scene.till.calls[-1] == "lock"


# --- approval by a named person --------------------------------------------------------------------------------------


def approve(scene: Scene, *keys: Qt.Key) -> None:
    scene.bridge.post(OpenCount(samples.OPEN))
    scene.window._show_open()
    scene.window.approvals.want(Act.KEEP, samples.LATE_MONEY)
    scene.window.screens.approval.why.step(1)
    scene.window.screens.approval.pin.setFocus()
    scene.type(*keys, *PIN, ENTER)


def test_whoever_may_is_chosen_by_name_and_nobody_else(scene: Scene) -> None:
    scene.bridge.post(HA_IS_HERE)
    approve(scene)
    assert not scene.window.screens.approval.who.isVisible()
    assert scene.till.acts[0].by == OWNER_ID
    scene.window.approvals.give_up()
    approve(scene, RIGHT)
    assert scene.till.acts[1].by == LAN.id
    scene.window.approvals.give_up()
    approve(scene, LEFT, LEFT)
    assert scene.till.acts[2].by == LAN.id, "two may, and a cashier is none of them"


def test_a_manager_who_is_signed_in_is_chosen_first(scene: Scene) -> None:
    scene.bridge.post(DutyView(LAN, signs_in=True, people=PEOPLE))
    approve(scene)
    assert scene.till.acts[0].by == LAN.id


def test_another_approver_begins_with_an_empty_pin(scene: Scene) -> None:
    scene.bridge.post(HA_IS_HERE)
    approve(scene)
    scene.window.approvals.give_up()
    scene.window.approvals.want(Act.KEEP, samples.LATE_MONEY)
    approval = scene.window.screens.approval
    approval.pin.setFocus()
    scene.type(*"4829", RIGHT)
    assert approval.pin.count == 0


def test_where_nobody_was_entered_the_name_is_typed_as_before(scene: Scene) -> None:
    scene.bridge.post(NOBODY_YET)
    scene.window.approvals.want(Act.KEEP, samples.LATE_MONEY)
    assert scene.window.screens.approval.who.isVisible()
    assert not scene.window.screens.approval.people.isVisible()


# --- the staff -------------------------------------------------------------------------------------------------------


def staff(scene: Scene, view: DutyView = HA_IS_HERE) -> None:
    scene.bridge.post(view)
    scene.press(Qt.Key.Key_F1)
    scene.press(Qt.Key.Key_F10)
    assert scene.window.on("staff")


def test_somebody_is_added_by_keys_alone(scene: Scene) -> None:
    staff(scene)
    scene.type("5")
    scene.window.screens.staff.form.name.edit.setText("Lê Thị Mai")  # letters that no key of a test keyboard has
    scene.type(ENTER, *NEW, ENTER, *NEW, ENTER, *PIN, ENTER)
    wish = StaffWish(Wish.ADD, name="Lê Thị Mai", role=Role.CASHIER, new_pin=NEW)
    assert scene.till.wishes == [(wish, OWNER_ID, PIN)]
    assert NEW not in repr(wish)


CHANGES: list[tuple[str, tuple[Qt.Key | str, ...], StaffWish]] = [
    ("2", (DOWN, ENTER), StaffWish(Wish.CHANGE, LAN.id, role=Role.OWNER)),
    ("4", (), StaffWish(Wish.CHANGE, LAN.id, active=False)),
    ("3", (*NEW, ENTER, *NEW, ENTER), StaffWish(Wish.PIN, LAN.id, new_pin=NEW)),
    ("1", (ENTER,), StaffWish(Wish.CHANGE, LAN.id, name=LAN.name)),
]


@pytest.mark.parametrize(("key", "keys", "wish"), CHANGES, ids=["role", "end", "pin", "name"])
def test_every_change_by_keys_alone(scene: Scene, key: str, keys: tuple[Qt.Key | str, ...], wish: StaffWish) -> None:
    staff(scene)
    scene.type(DOWN, key, *keys, *PIN, ENTER)
    assert scene.till.wishes == [(wish, OWNER_ID, PIN)]


def test_the_first_one_names_the_owner_too(scene: Scene) -> None:
    staff(scene, NOBODY_YET)
    scene.type("5")
    page = scene.window.screens.staff
    page.form.name.edit.setText("Lê Thị Mai")
    scene.type(ENTER, *NEW, ENTER, *NEW, ENTER)
    page.pin.owner.edit.setText("Minh Anh")
    scene.type(ENTER, *PIN, ENTER)
    assert scene.till.wishes[0][1:] == ("Minh Anh", PIN)


def test_without_an_owners_pin_that_comes_first(open_scene: OpenScene) -> None:
    scene = open_scene()
    staff(scene, NOBODY_YET)
    scene.type("5")
    assert scene.window.on("manager_pin")


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [("111111", "", "Dễ đoán"), (NEW, PIN, "Hai lần không giống nhau")],
)
def test_a_weak_or_mistyped_pin_begins_anew(scene: Scene, first: str, second: str, said: str) -> None:
    staff(scene)
    scene.type(DOWN, "3", *first, ENTER)
    if second:
        scene.type(*second, ENTER)
    assert any(text.startswith(said) for text in scene.words())
    assert scene.window.screens.staff._wish.new_pin == ""
    assert scene.till.wishes == []


def test_who_may_sign_a_pin(scene: Scene) -> None:
    staff(scene)
    scene.type(DOWN, DOWN, "3", *NEW, ENTER, *NEW, ENTER)
    page = scene.window.screens.staff.pin
    assert page.who.person == HA, "the one who stands here, whose own it is"
    page.who.step(1)
    names = {page.who.person}
    for _ in range(3):
        page.who.step(1)
        names.add(page.who.person)
    assert names == {OWNER, LAN, HA}


def test_a_refused_change_can_be_signed_again(scene: Scene) -> None:
    staff(scene)
    scene.type(DOWN, "4", *PIN, ENTER)
    scene.bridge.post(StaffRefused(*WRONG, 8))
    assert "PIN không đúng. Chờ 8 giây rồi nhập lại." in scene.words()
    scene.clock.ticks_ms += 8_000
    scene.window.screens.staff._wait.tick()
    scene.type(*PIN, ENTER)
    assert len(scene.till.wishes) == 2
    scene.bridge.post(StaffDone(LAN))
    assert "Đã ghi vào sổ." in scene.words()
    assert scene.window.screens.staff.people.current == LAN


@pytest.mark.parametrize("leave", [ESC, Qt.Key.Key_F3])
def test_nothing_that_was_typed_is_left(scene: Scene, leave: Qt.Key) -> None:
    staff(scene)
    scene.type(DOWN, "3", *NEW, ENTER, *NEW[:5])
    assert not holds(scene, NEW[:4])
    scene.type(leave)
    page = scene.window.screens.staff
    assert page.pin.pin.count == 0
    assert page._wish.new_pin == ""


# --- allowed for once ------------------------------------------------------------------------------------------------


@pytest.fixture
def opened(scene: Scene) -> Callable[[], list[str]]:
    calls: list[str] = []

    def ask() -> list[str]:
        scene.window.on_duty.ask_for(Right.REPORTS, lambda: calls.append("opened"))
        return calls

    return ask


def test_a_cashier_needs_somebody_who_may(scene: Scene, opened: Callable[[], list[str]]) -> None:
    scene.bridge.post(HA_IS_HERE)
    assert opened() == []
    assert scene.window.on("permit")
    scene.type(RIGHT, *PIN, ENTER)
    assert scene.till.permits == [(Right.REPORTS, LAN.id, PIN)]
    scene.bridge.post(PermitRefused(*WRONG, 8))
    assert "PIN không đúng. Chờ 8 giây rồi nhập lại." in scene.words()
    scene.bridge.post(Permitted(Right.REPORTS))
    assert opened() == ["opened"]


def test_it_is_given_back_with_the_screen(scene: Scene, opened: Callable[[], list[str]]) -> None:
    scene.bridge.post(HA_IS_HERE)
    opened()
    scene.bridge.post(Permitted(Right.REPORTS))
    scene.window.turn_to(scene.window.sale)
    assert scene.till.calls.count("give back") == 1
    scene.window.turn_to(scene.window.screens.help)
    assert scene.till.calls.count("give back") == 1


def test_what_was_given_up_is_given_back(scene: Scene, opened: Callable[[], list[str]]) -> None:
    """The PIN was being checked when the permission was not wanted any more."""
    scene.bridge.post(HA_IS_HERE)
    opened()
    scene.window.turn_to(scene.window.sale)
    scene.bridge.post(Permitted(Right.REPORTS))
    assert scene.till.calls.count("give back") == 1
    assert opened() == []


def test_who_may_is_not_asked(scene: Scene, opened: Callable[[], list[str]]) -> None:
    scene.bridge.post(OWNER_IS_HERE)
    assert opened() == ["opened"]


def test_alone_the_owners_pin_says_who_it_is(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.bridge.post(NOBODY_YET)
    calls: list[str] = []
    scene.window.on_duty.ask_for(Right.REPORTS, lambda: calls.append("opened"))
    assert calls == ["opened"], "no PIN is set: whoever stands here is the owner"
    scene.bridge.post(PinState(is_set=True))
    scene.window.on_duty.ask_for(Right.REPORTS, lambda: calls.append("again"))
    assert scene.window.on("permit")
    QApplication.processEvents()
    scene.type(*PIN, ENTER)
    assert scene.till.permits == [(Right.REPORTS, OWNER_ID, PIN)]
