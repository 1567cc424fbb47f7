"""What needs a manager is asked for in one place, with the PIN, and nothing of the PIN is left anywhere."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from pos_app.checkout.events import ActDone, ActRefused, OpenCount, PinChanged, PinRefused, PinState, StoryView
from pos_app.checkout.views import PaymentView
from pos_app.payments.acts import REASONS, Act
from pos_app.ui.screens.approval import Asked
from pos_app.words import Text
from tests.ui import samples
from tests.ui.conftest import OpenScene
from tests.ui.gallery import Scene

PIN = "831642"
WRONG = Text("PIN không đúng", "Wrong PIN")
ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape
VIEWS = {
    Act.RELEASE: samples.WATCHED,
    Act.DECIDE_PAID: samples.WATCHED,
    Act.DECIDE_UNPAID: samples.WATCHED,
    Act.REFUND: samples.REFUNDABLE,
    Act.KEEP: samples.LATE_MONEY,
}


@pytest.fixture
def scene(open_scene: OpenScene) -> Scene:
    made = open_scene()
    made.clock.now_ms = samples.at("14:40:00")
    made.bridge.post(PinState(is_set=True))
    made.bridge.post(OpenCount(samples.OPEN))
    return made


def ask(scene: Scene, act: Act) -> None:
    view = VIEWS[act]
    scene.window._show_open()
    if act is Act.REFUND:
        scene.window.approvals.ask(Asked(act, view, 45_000, "one press"))
    else:
        scene.window.approvals.want(act, view)


def fill_in(scene: Scene, *, without: str = "") -> None:
    """By keyboard; the note and the number are set, for letters no key of a test keyboard has."""
    approval = scene.window.screens.approval
    if without != "who":
        approval.who.edit.setText("Ngọc Lan")
    if without != "why":
        scene.type(Qt.Key.Key_Down)
    if without != "note":
        approval.note.edit.setText("Đã xem trên trang ZaloPay lúc 14:35")
    if without != "number":
        approval.number.edit.setText("261121000004821")
    approval.pin.setFocus()
    if without != "pin":
        scene.type(*PIN)


@pytest.mark.parametrize("act", list(Act))
def test_no_act_goes_without_the_pin(scene: Scene, act: Act) -> None:
    ask(scene, act)
    fill_in(scene, without="pin")
    scene.type(ENTER, *"83164", ENTER)  # five digits are no PIN
    assert not scene.buttons()[scene.window.screens.approval._do.accessibleName()].isEnabled()
    assert scene.till.acts == []


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("without", ["who", "why", "note", "number"])
def test_what_is_missing_is_said_and_nothing_is_sent(scene: Scene, act: Act, without: str) -> None:
    ask(scene, act)
    fill_in(scene, without=without)
    decides = act in (Act.DECIDE_PAID, Act.DECIDE_UNPAID)
    needed = {"note": decides, "number": act is Act.DECIDE_PAID}.get(without, True)
    said = {text for text in scene.words() if text.startswith("Còn thiếu")}
    scene.type(ENTER)
    assert bool(said) is needed
    assert bool(scene.till.acts) is not needed


@pytest.mark.parametrize("act", list(Act))
def test_an_act_is_handed_over_once_with_all_that_was_typed(scene: Scene, act: Act) -> None:
    ask(scene, act)
    fill_in(scene)
    scene.type(ENTER, ENTER, *PIN, ENTER)  # a second press while the first is being checked
    number = "261121000004821" if act is Act.DECIDE_PAID else ""
    amount, intent = (45_000, "one press") if act is Act.REFUND else (0, "")
    assert scene.till.acts == [
        samples.Approved(act, VIEWS[act].payment_id, PIN, "Ngọc Lan", REASONS[act][0].value,
                         "Đã xem trên trang ZaloPay lúc 14:35", number, amount, intent)
    ]  # fmt: skip


def test_only_the_approval_calls_the_till(scene: Scene) -> None:
    """Every button of the list, pressed: none of them does more than ask for an approval, cancel, or ask ZaloPay."""
    for view in samples.OPEN:
        scene.window._show_open()
        scene.window.screens.open_payments.choose(view.payment_id)
        QApplication.processEvents()
        for name in [one.accessibleName() for one in scene.window.screens.open_payments.findChildren(QPushButton)]:
            scene.window._show_open()
            scene.window.screens.open_payments.choose(view.payment_id)
            QApplication.processEvents()
            found = [one for one in scene.window.screens.open_payments.findChildren(QPushButton)
                     if one.isVisible() and one.accessibleName() == name]  # fmt: skip
            for one in found:
                one.click()
            scene.type(ENTER, ENTER)
    assert scene.till.acts == []


def pins_on(widget: QWidget) -> list[str]:
    """Every text that any widget shows, holds, or tells a screen reader, with a digit of a PIN in a row of four."""
    texts = [label.text() for label in widget.findChildren(QLabel)]
    texts += [edit.text() for edit in widget.findChildren(QLineEdit)]
    for one in widget.findChildren(QWidget):
        texts += [one.accessibleName(), one.accessibleDescription(), one.toolTip()]
    return [text for text in texts if PIN[:4] in text]


@pytest.mark.parametrize("leave", [ESC, Qt.Key.Key_F3, Qt.Key.Key_F5])
def test_a_pin_that_was_typed_is_gone_when_the_approval_is_left(scene: Scene, leave: Qt.Key) -> None:
    ask(scene, Act.RELEASE)
    fill_in(scene)
    assert scene.window.screens.approval.pin.count == 6
    assert pins_on(scene.window) == []
    scene.type(leave)
    assert not scene.window.on("approval")
    assert scene.window.screens.approval.pin.count == 0


def test_there_is_nothing_to_undo_or_paste_in_a_pin(scene: Scene) -> None:
    ask(scene, Act.RELEASE)
    fill_in(scene)
    pin = scene.window.screens.approval.pin
    assert not isinstance(pin, QLineEdit)
    assert pin.findChildren(QLineEdit) == []
    assert not pin.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    assert pin.take() == PIN
    assert pin.take() == ""


def test_a_wrong_pin_says_how_long_to_wait_and_counts_down(scene: Scene) -> None:
    ask(scene, Act.KEEP)
    fill_in(scene)
    scene.type(ENTER)
    assert scene.window.screens.approval.pin.count == 0
    scene.bridge.post(ActRefused(Act.KEEP, samples.LATE_MONEY.payment_id, WRONG, Text("Chờ.", "Wait."), 8))
    assert "PIN không đúng. Chờ 8 giây rồi nhập lại." in scene.words()
    scene.clock.ticks_ms += 5_000
    scene.window.screens.approval._tick()
    assert "PIN không đúng. Chờ 3 giây rồi nhập lại." in scene.words()
    scene.type(*PIN, ENTER)
    assert (scene.window.screens.approval.pin.count, len(scene.till.acts)) == (0, 1)
    scene.clock.ticks_ms += 3_000
    scene.window.screens.approval._tick()
    assert "PIN không đúng. Nhập lại PIN." in scene.words()
    scene.type(*PIN, ENTER)
    assert len(scene.till.acts) == 2
    assert [act.pin for act in scene.till.acts] == [PIN, PIN]


def test_after_the_act_the_list_is_there_again(scene: Scene) -> None:
    ask(scene, Act.KEEP)
    fill_in(scene)
    scene.type(ENTER)
    scene.bridge.post(ActDone(Act.RELEASE, samples.LATE_MONEY.payment_id))  # another act's word is not ours
    assert scene.window.on("approval")
    scene.bridge.post(ActDone(Act.KEEP, samples.LATE_MONEY.payment_id))
    assert scene.window.on("open_payments")
    assert not scene.window.screens.approval._timer.isActive()  # nothing is checked any more


def test_the_manager_sees_what_the_gateway_said_last(scene: Scene) -> None:
    ask(scene, Act.DECIDE_UNPAID)
    assert f"story {samples.WATCHED.payment_id}" in scene.till.calls
    scene.bridge.post(StoryView(samples.WATCHED, samples.STORY[:4]))
    assert any(text.startswith("Lần cuối: Hỏi lại: khách chưa xác nhận.") for text in scene.words())


# --- the first PIN, and a forgotten one ----------------------------------------------------------------------------


@pytest.fixture
def first(open_scene: OpenScene) -> Scene:
    made = open_scene()
    made.bridge.post(OpenCount(samples.OPEN))
    ask(made, Act.RELEASE)
    return made


def test_the_first_pin_is_typed_twice_and_the_code_shown_once(first: Scene) -> None:
    assert first.window.on("manager_pin")
    first.type(*PIN, ENTER, *PIN, ENTER)
    assert first.till.pins == [("", PIN)]
    assert pins_on(first.window) == []
    first.bridge.post(PinState(is_set=True))
    first.bridge.post(PinChanged("4821 0937 5560 1184 2290"))
    assert "4821 0937 5560 1184 2290" in first.words()
    first.type(ESC, Qt.Key.Key_F3, Qt.Key.Key_F5)  # it cannot be left by accident
    assert "4821 0937 5560 1184 2290" in first.words()
    first.type(ENTER)
    assert first.window.on("approval")
    assert all("4821" not in label.text() for label in first.window.findChildren(QLabel))


@pytest.mark.parametrize("leave", [ESC, Qt.Key.Key_F3, Qt.Key.Key_F5])
def test_what_was_typed_for_a_new_pin_is_gone_when_it_is_left(first: Scene, leave: Qt.Key) -> None:
    first.window.approvals.recover_pin()
    pin_screen = first.window.screens.manager_pin
    first.type(*"48210937556011842290", ENTER, *PIN)
    assert (pin_screen.code_field.text, pin_screen.pin.count) == ("48210937556011842290", 6)
    first.type(leave)
    assert not first.window.on("manager_pin")
    assert (pin_screen.code_field.text, pin_screen.pin.count) == ("", 0)


def test_a_weak_pin_and_two_that_differ_are_refused(first: Scene) -> None:
    first.type(*"111111", ENTER)
    assert any(text.startswith("Dễ đoán") for text in first.words())
    first.type(*PIN, ENTER, *"831643", ENTER)
    assert "Hai lần nhập không giống nhau. Nhập lại từ đầu." in first.words()
    assert first.till.pins == []
    first.type(ESC)
    assert first.window.on("open_payments")


def test_a_forgotten_pin_is_set_anew_with_the_recovery_code(scene: Scene) -> None:
    ask(scene, Act.RELEASE)
    scene.buttons()["Quên PIN"].click()
    scene.type(*"48210937", ENTER)
    assert "Mã có 20 chữ số." in scene.words()
    scene.type(*"556011842290", ENTER, *PIN, ENTER, *PIN, ENTER)
    assert scene.till.pins == [("48210937556011842290", PIN)]
    refused = PinRefused(Text("Mã khôi phục không đúng", "Wrong recovery code"), Text("Xem lại.", "Look again."))
    scene.bridge.post(refused)
    assert "Mã khôi phục không đúng. Xem lại." in scene.words()
    assert scene.window.screens.manager_pin.code_field.text == ""


# --- which acts are offered ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "acts"),
    [
        (samples.WATCHED, {"Cho đi tiếp", "Coi là đã trả", "Coi là chưa trả"}),
        (samples.RELEASED, {"Coi là đã trả", "Coi là chưa trả"}),
        (samples.LATE_MONEY, {"Hoàn tiền", "Giữ cho đơn này"}),
        (samples.CONFLICT, {"Hoàn tiền"}),
        (replace(samples.REFUNDABLE, refundable=100, refunds=(samples.REFUND_UNKNOWN,)), set()),
        (samples.DECLINED, set()),
        (samples.DECIDED_PAID, set()),
    ],
)
def test_the_acts_that_are_possible_are_offered(scene: Scene, view: PaymentView, acts: set[str]) -> None:
    scene.bridge.post(OpenCount((view,)))
    scene.window._show_open()
    QApplication.processEvents()
    named = {"Cho đi tiếp", "Coi là đã trả", "Coi là chưa trả", "Hoàn tiền", "Giữ cho đơn này"}
    shown = [one for one in scene.window.screens.open_payments.findChildren(QPushButton) if one.isVisible()]
    assert {one.accessibleName() for one in shown} & named == acts


def test_deciding_comes_after_three_minutes_and_the_list_says_when(scene: Scene) -> None:
    scene.clock.now_ms = samples.at("14:33:00")
    scene.bridge.post(OpenCount((samples.WATCHED,)))
    scene.window._show_open()
    assert "Quản lý quyết định được từ 14:35:05." in scene.words()
    assert "Coi là đã trả" not in scene.words()
    scene.clock.now_ms = samples.at("14:35:05")
    scene.window.screens.open_payments._tick()
    assert "Coi là đã trả" in scene.words()
