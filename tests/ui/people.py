"""The people of a shop, and the screens about them as pictures."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from pos_app.checkout.events import (
    DutyView,
    OpenCount,
    PinState,
    Refused,
    SignInRefused,
    StaffDone,
    StaffRefused,
    StoryView,
)
from pos_app.payments.acts import Act
from pos_app.staff.roles import Role
from pos_app.staff.roster import OWNER_ID, Person
from pos_app.words import Text
from tests.ui import samples

if TYPE_CHECKING:
    from tests.ui.gallery import Scene

OWNER = Person(OWNER_ID, "Trần Minh Anh", Role.OWNER)
LAN = Person("p1", "Nguyễn Thị Ngọc Lan", Role.MANAGER)
HA = Person("p2", "Thu Hà", Role.CASHIER)
PHUOC = Person("p3", "Đặng Hoàng Thiên Phước Nguyễn Văn Lộc", Role.CASHIER)
GONE = Person("p4", "Bảo", Role.CASHIER, active=False)
PEOPLE = (OWNER, LAN, HA, PHUOC, GONE)
NAMELESS = Person(OWNER_ID, "", Role.OWNER)
LOCKED = DutyView(None, signs_in=True, people=PEOPLE)
HA_IS_HERE = DutyView(HA, signs_in=True, people=PEOPLE)
NOBODY_YET = DutyView(None, signs_in=False, people=(NAMELESS,))
WRONG = (Text("PIN không đúng", "Wrong PIN"), Text("Chờ 8 giây rồi nhập lại.", "Wait 8 s, then enter it again."))
DOWN, ENTER = Qt.Key.Key_Down, Qt.Key.Key_Return


def lock(scene: "Scene") -> None:
    scene.bridge.post(PinState(is_set=True))
    scene.bridge.post(LOCKED)
    scene.type(DOWN, DOWN, *"4829")


def lock_wrong(scene: "Scene") -> None:
    lock(scene)
    scene.type(*"15", ENTER)
    scene.bridge.post(SignInRefused(*WRONG, 8))


def lock_scan(scene: "Scene") -> None:
    scene.bridge.post(PinState(is_set=True))
    scene.bridge.post(OpenCount((samples.UNKNOWN,)))
    scene.bridge.post(LOCKED)
    title = Text("Máy đang khóa", "The till is locked")
    scene.bridge.post(Refused(title, Text("Chọn tên và nhập PIN để vào.", "Choose your name and enter your PIN.")))


def lock_no_pin(scene: "Scene") -> None:
    scene.bridge.post(LOCKED)


def signed_in(scene: "Scene") -> None:
    scene.bridge.post(PinState(is_set=True))
    scene.bridge.post(HA_IS_HERE)


def staff(*keys: Qt.Key | str, view: DutyView = HA_IS_HERE) -> Callable[["Scene"], None]:
    def play(scene: "Scene") -> None:
        scene.bridge.post(PinState(is_set=True))
        scene.bridge.post(view)
        scene.press(Qt.Key.Key_F1)
        scene.press(Qt.Key.Key_F10)
        scene.type(*keys)

    return play


def adding(scene: "Scene") -> None:
    staff("5")(scene)
    scene.window.screens.staff.form.name.edit.setText("Lê Thị Mai")


def new_pin(scene: "Scene") -> None:
    adding(scene)
    scene.type(ENTER, *"111111", ENTER, *"482")


def signing(scene: "Scene") -> None:
    adding(scene)
    scene.type(ENTER, *"482915", ENTER, *"482915", ENTER, *"831")


def first_one(scene: "Scene") -> None:
    staff("5", view=NOBODY_YET)(scene)
    scene.window.screens.staff.form.name.edit.setText("Lê Thị Mai")
    scene.type(ENTER, *"482915", ENTER, *"482915", ENTER)


def staff_wrong(scene: "Scene") -> None:
    signing(scene)
    scene.type(*"642", ENTER)
    scene.bridge.post(StaffRefused(*WRONG, 8))


def staff_done(scene: "Scene") -> None:
    signing(scene)
    scene.type(*"642", ENTER)
    scene.bridge.post(HA_IS_HERE)
    scene.bridge.post(StaffDone(HA))


def permit(scene: "Scene") -> None:
    signed_in(scene)
    scene.press(Qt.Key.Key_F7)
    scene.type(Qt.Key.Key_Right, *"8316")


def approving(scene: "Scene") -> None:
    scene.clock.now_ms = samples.at("14:36:10")
    signed_in(scene)
    scene.bridge.post(OpenCount(samples.OPEN))
    scene.window._show_open()
    scene.window.approvals.want(Act.DECIDE_PAID, samples.WATCHED)
    approval = scene.window.screens.approval
    scene.bridge.post(StoryView(samples.WATCHED, samples.STORY[:4]))
    approval.why.step(1)
    approval.number.edit.setText("261121000004821")
    approval.note.edit.setText("Đã xem trên trang ZaloPay lúc 14:35")
    approval.pin.setFocus()
    scene.type(Qt.Key.Key_Right, *"8316")


SCENES: dict[str, Callable[["Scene"], None]] = {
    "40-lock": lock,
    "40b-wrong": lock_wrong,
    "40c-scan": lock_scan,
    "40d-no-pin": lock_no_pin,
    "40e-signed-in": signed_in,
    "41-staff": staff(DOWN),
    "41b-nobody": staff(view=NOBODY_YET),
    "41c-adding": adding,
    "41d-new-pin": new_pin,
    "41e-signing": signing,
    "41f-first": first_one,
    "41g-wrong": staff_wrong,
    "41h-done": staff_done,
    "41i-role": staff(DOWN, "2"),
    "41j-gone": staff(DOWN, DOWN, DOWN, DOWN),
    "41k-owner": staff(),
    "40f-approver": approving,
    "40g-permit": permit,
}
