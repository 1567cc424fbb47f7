"""One payment after the other, through the window: keys, taps, scans, and what is sent to the till."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from pos_app.checkout.events import OpenCount, PrintState, PrintView, Refused, Seen
from pos_app.checkout.views import PaymentView, ScanSource, Stage
from pos_app.payments.payment_code import WRONG_CODES, NotACode, PaymentCode
from pos_app.scanning.source import Scan
from pos_app.ui.screens.results import PAID_MS, PRINT_WORDS
from pos_app.words import Text
from tests.ui import samples
from tests.ui.conftest import OpenScene
from tests.ui.gallery import Scene

RESULTS = (samples.PAID, samples.DECLINED, samples.NOT_SENT, samples.UNKNOWN, samples.MISMATCH)


@pytest.fixture
def scene(open_scene: OpenScene) -> Scene:
    return open_scene()


def on_stage(scene: Scene) -> QWidget | None:
    return scene.window.sale.stage.currentWidget()


def button(scene: Scene, name: str) -> QPushButton:
    return next(b for b in scene.window.findChildren(QPushButton) if b.isVisible() and b.accessibleName() == name)


def charges(scene: Scene) -> list[tuple[int, str, ScanSource, str]]:
    return scene.till.charges


def test_typed_amount_and_a_scan_are_a_payment(scene: Scene) -> None:
    scene.keys("185000")
    assert on_stage(scene) is scene.window.sale.stage.waiting
    assert charges(scene) == []
    scene.scan()
    assert charges(scene) == [(185_000, "", ScanSource.SCANNER, "")]
    assert on_stage(scene) is scene.window.sale.stage.processing


def test_a_camera_needs_an_amount_that_stands(scene: Scene) -> None:
    for digit in "185000":
        scene.keys(digit)
        scene.scan(ScanSource.CAMERA)
        assert charges(scene) == []
    scene.press(Qt.Key.Key_Return)
    assert charges(scene) == [(185_000, "", ScanSource.CAMERA, "")]


def test_a_camera_submits_a_standing_amount_at_once(scene: Scene) -> None:
    scene.keys("5000")
    scene.press(Qt.Key.Key_Enter)
    assert "stands 5000" in scene.till.calls
    scene.scan(ScanSource.CAMERA)
    assert charges(scene) == [(5000, "", ScanSource.CAMERA, "")]


def test_a_digit_just_before_the_scanner_waits_for_enter(scene: Scene) -> None:
    scene.keys("185000")
    QTest.keyClick(scene.window, Qt.Key.Key_0)
    scene.scan()
    assert charges(scene) == []
    scene.press(Qt.Key.Key_Return)
    assert charges(scene) == [(1_850_000, "", ScanSource.SCANNER, "")]


def test_keypad_quick_amount_delete_and_clear(scene: Scene) -> None:
    for name in ("7", "000", "Xóa số cuối"):
        QTest.mouseClick(button(scene, name), Qt.MouseButton.LeftButton)
    assert scene.window.sale.card.box.accessibleName() == "700 ₫"
    QTest.mouseClick(button(scene, "Xóa hết"), Qt.MouseButton.LeftButton)
    assert on_stage(scene) is scene.window.sale.stage.ready
    QTest.mouseClick(button(scene, "50.000"), Qt.MouseButton.LeftButton)
    assert "stands 50000" in scene.till.calls
    scene.scan(ScanSource.CAMERA)
    assert charges(scene) == [(50_000, "", ScanSource.CAMERA, "")]


def test_a_code_first_then_the_amount_and_enter(scene: Scene) -> None:
    scene.scan()
    scene.keys("42000")
    assert charges(scene) == []
    scene.press(Qt.Key.Key_Return)
    assert charges(scene) == [(42_000, "", ScanSource.SCANNER, "")]


def test_a_code_is_forgotten_after_its_life(scene: Scene) -> None:
    code = PaymentCode(samples.CODE)
    scene.bridge.post(Seen(code, ScanSource.SCANNER, 1))
    scene.clock.ticks_ms += 60_000
    scene.window.sale._check_code()
    assert code.used
    scene.keys("42000")
    scene.press(Qt.Key.Key_Return)
    assert charges(scene) == []


def test_enter_in_the_note_makes_nothing_stand(scene: Scene) -> None:
    scene.keys("5000")
    edit = scene.window.sale.card.note.edit
    edit.setFocus()
    QTest.keyClicks(edit, "Ban 5")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert "stands 5000" not in scene.till.calls
    scene.scan()
    assert charges(scene) == [(5000, "Ban 5", ScanSource.SCANNER, "")]


def test_the_caret_is_where_digits_go(scene: Scene) -> None:
    card = scene.window.sale.card

    def has_caret() -> bool:
        QApplication.processEvents()
        inside = card.box.grab().toImage().copy(card.box.rect().adjusted(8, 8, -8, -8))
        accent = QColor(scene.look.colour("accent"))
        return any(inside.pixelColor(x, inside.height() // 2) == accent for x in range(inside.width()))

    scene.keys("5000")
    seen = [has_caret()]
    for field in (card.note.edit, card.box):
        field.setFocus()
        seen.append(has_caret())
    assert seen == [True, False, True]


def test_wrong_code_sends_nothing_and_goes_on_waiting(scene: Scene) -> None:
    scene.keys("185000")
    scene.bridge.post(Seen(WRONG_CODES[NotACode.VIETQR], ScanSource.SCANNER, 1))
    assert on_stage(scene) is scene.window.sale.stage.wrong
    assert charges(scene) == []
    scene.scan()
    assert charges(scene) == [(185_000, "", ScanSource.SCANNER, "")]


def test_two_codes_at_once_are_refused_in_words_and_the_one_that_was_kept_is_forgotten(scene: Scene) -> None:
    scene.scan(ScanSource.CAMERA)
    scene.bridge.post(Seen(WRONG_CODES[NotACode.TWO_CODES], ScanSource.CAMERA, 2))
    scene.keys("185000")
    scene.press(Qt.Key.Key_Return)
    assert charges(scene) == [], "which of the two customers pays is not known"

    scene.bridge.post(Seen(WRONG_CODES[NotACode.TWO_CODES], ScanSource.CAMERA, 3))
    assert on_stage(scene) is scene.window.sale.stage.wrong
    assert scene.look.say(WRONG_CODES[NotACode.TWO_CODES].title) in scene.words()
    assert "Nói với khách: “Anh/chị nào trả thì đưa mã, điện thoại kia cất giúp em nhé.”" in scene.words()
    assert {"Chỉ một điện thoại", "Mở ZaloPay"} & scene.words() == {"Chỉ một điện thoại"}
    scene.bridge.post(Seen(WRONG_CODES[NotACode.LINK], ScanSource.CAMERA, 3))
    assert {"Chỉ một điện thoại", "Mở ZaloPay"} & scene.words() == {"Mở ZaloPay"}
    scene.scan(ScanSource.CAMERA)
    assert charges(scene) == [(185_000, "", ScanSource.CAMERA, "")]


def test_esc_leaves_the_wrong_code_with_the_amount_kept(scene: Scene) -> None:
    scene.keys("185000")
    scene.bridge.post(Seen(WRONG_CODES[NotACode.LINK], ScanSource.CAMERA, 1))
    scene.press(Qt.Key.Key_Escape)
    assert on_stage(scene) is scene.window.sale.stage.waiting
    assert scene.window.sale.card.box.accessibleName() == "185.000 ₫"
    scene.press(Qt.Key.Key_Escape)
    assert on_stage(scene) is scene.window.sale.stage.ready


@pytest.mark.parametrize("view", RESULTS, ids=lambda view: view.stage)
def test_scans_and_digits_do_nothing_to_a_payment(scene: Scene, view: PaymentView) -> None:
    scene.charge(samples.PROCESSING)
    code = PaymentCode(samples.CODE)
    scene.keys("9")
    scene.bridge.post(Seen(code, ScanSource.SCANNER, 2))
    assert code.used
    scene.bridge.post(view)
    scene.scan(ScanSource.CAMERA)
    assert len(charges(scene)) == 1
    assert scene.window.sale.card.box.accessibleName() == "185.000 ₫"


def test_an_open_payment_cannot_be_left(scene: Scene) -> None:
    scene.charge(samples.PROCESSING)
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        scene.press(key)
        assert on_stage(scene) is scene.window.sale.stage.processing
    QTest.mouseClick(button(scene, "Hỏi ZaloPay ngay"), Qt.MouseButton.LeftButton)
    assert f"ask {samples.SENDING.payment_id}" in scene.till.calls


def test_paid_goes_away_by_itself(scene: Scene, qtbot: QtBot) -> None:
    scene.charge(samples.PAID)
    assert on_stage(scene) is scene.window.sale.stage.paid
    scene.window.sale.stage.paid._left_ms = 200
    qtbot.waitUntil(lambda: on_stage(scene) is scene.window.sale.stage.ready, timeout=3000)
    assert scene.till.calls.count("next") == 1
    assert PAID_MS == 5000


def test_a_digit_on_paid_is_the_first_of_the_next_amount(scene: Scene) -> None:
    scene.charge(samples.PAID)
    scene.keys("92000")
    assert scene.till.calls.count("next") == 1
    assert scene.window.sale.card.box.accessibleName() == "92.000 ₫"
    assert scene.window.sale.card.note.edit.text() == ""


def test_declined_again_with_enter(scene: Scene) -> None:
    scene.charge(samples.DECLINED)
    scene.press(Qt.Key.Key_Return)
    assert on_stage(scene) is scene.window.sale.stage.waiting
    assert scene.till.calls[-2:].count("stands 185000") == 1
    scene.scan(ScanSource.CAMERA)
    assert charges(scene)[-1] == (185_000, "Bàn 5", ScanSource.CAMERA, samples.DECLINED.payment_id)


def test_declined_then_edit_does_not_stand(scene: Scene) -> None:
    scene.charge(samples.DECLINED)
    scene.press(Qt.Key.Key_Escape)
    scene.scan(ScanSource.CAMERA)
    assert len(charges(scene)) == 1
    scene.press(Qt.Key.Key_Escape)
    assert on_stage(scene) is scene.window.sale.stage.ready


def test_unknown_frees_the_cashier_and_comes_back_as_news(scene: Scene) -> None:
    scene.charge(samples.UNKNOWN)
    scene.bridge.post(OpenCount((samples.UNKNOWN,)))
    scene.press(Qt.Key.Key_Escape)
    assert on_stage(scene) is scene.window.sale.stage.unknown
    scene.press(Qt.Key.Key_Return)
    assert on_stage(scene) is scene.window.sale.stage.ready
    assert button(scene, "1 chưa rõ").isVisible()
    scene.keys("1000")
    scene.scan()
    scene.bridge.post(replace(samples.PAID, late=True))
    scene.bridge.post(OpenCount(()))
    assert on_stage(scene) is scene.window.sale.stage.processing
    assert scene.window.sale.card.box.accessibleName() == "1.000 ₫"
    assert button(scene, "185.000\u00a0₫: Đã thanh toán").isVisible()
    scene.bridge.post(replace(samples.SENDING, payment_id="261121_02_000149", amount=1000))
    assert scene.window.sale.now.payment_id == "261121_02_000149"


def test_an_older_payment_never_takes_the_stage(scene: Scene) -> None:
    scene.keys("1000")
    scene.scan()
    older = replace(samples.PAID, payment_id="261120_02_000001", scanned_at_ms=samples.at("09:00:00"))
    scene.bridge.post(older)
    assert on_stage(scene) is scene.window.sale.stage.processing


def test_unknown_that_settles_on_the_stage(scene: Scene) -> None:
    scene.charge(samples.UNKNOWN)
    scene.bridge.post(samples.PAID)
    assert on_stage(scene) is scene.window.sale.stage.paid


def test_refused_by_the_till_itself(scene: Scene) -> None:
    scene.keys("1000")
    scene.scan()
    scene.bridge.post(Refused(Text("Không ghi được", "Cannot write"), Text("Gọi người cài đặt", "Call")))
    assert on_stage(scene) is scene.window.sale.stage.declined
    scene.press(Qt.Key.Key_Return)
    assert on_stage(scene) is scene.window.sale.stage.waiting
    scene.scan()
    assert [charge[0] for charge in charges(scene)] == [1000, 1000]
    assert charges(scene)[-1][3] == ""


def test_refused_after_the_payment_had_begun_frees_the_cashier(scene: Scene) -> None:
    """The disk was full between the number and the sending: nothing left, and not even that could be stored."""
    begun = replace(samples.SENDING, amount=1000, state="prepared", sent_at_ms=None)
    scene.keys("1000")
    scene.scan()
    scene.bridge.post(begun)
    scene.bridge.post(replace(begun, stage=Stage.UNKNOWN))
    scene.bridge.post(Refused(Text("Không lưu được", "Cannot store"), Text("Dọn chỗ trống", "Free some space")))
    assert on_stage(scene) is scene.window.sale.stage.declined
    scene.press(Qt.Key.Key_Return)
    scene.scan()
    scene.bridge.post(begun)  # the old one, told again: not the payment on the stage
    assert scene.window.sale.now.payment_id == ""


def test_a_refusal_never_takes_a_payment_that_may_have_left_from_the_stage(scene: Scene) -> None:
    scene.charge(samples.PROCESSING)
    scene.bridge.post(Refused(Text("Không lưu được", "Cannot store"), Text("Dọn chỗ trống", "Free some space")))
    assert on_stage(scene) is scene.window.sale.stage.processing


def test_a_payment_taken_up_after_a_restart_never_takes_the_stage(scene: Scene) -> None:
    """It was scanned seconds ago, before the till was killed; another amount is being charged now."""
    scene.keys("1000")
    scene.scan()
    scene.bridge.post(replace(samples.UNKNOWN, scanned_at_ms=scene.clock.wall_ms() - 5_000))
    assert on_stage(scene) is scene.window.sale.stage.processing
    assert scene.window.sale.now.payment_id == ""


def test_print_state_is_told(scene: Scene) -> None:
    scene.charge(samples.PAID)
    scene.bridge.post(PrintView(samples.PAID.payment_id, PrintState.WAITING))
    assert any(label.text() == "Chưa in được phiếu, bấm F9" for label in scene.window.sale.stage.paid.findChildren(type(
        scene.window.sale.stage.paid._print)))  # fmt: skip


def test_nothing_of_the_slip_stands_between_a_result_and_its_picture(scene: Scene) -> None:
    saved = PRINT_WORDS[PrintState.SAVED].vi
    del scene.window.sale._painted.wait_for  # the real one again
    scene.charge(samples.PAID)
    scene.bridge.post(PrintView(samples.PAID.payment_id, PrintState.SAVED))
    assert saved not in scene.words()
    QApplication.processEvents()
    assert saved in scene.words()


def test_every_print_state_has_its_words() -> None:
    assert set(PRINT_WORDS) == set(PrintState)
    assert all(text.vi and text.en for text in PRINT_WORDS.values())


def test_f9_shows_the_slip_and_enter_prints_it(scene: Scene) -> None:
    scene.charge(samples.PAID)
    scene.press(Qt.Key.Key_F9)
    assert scene.till.calls[-1] == f"slip {samples.PAID.payment_id}"
    scene.press(Qt.Key.Key_Return)
    assert scene.till.calls[-1] == f"reprint {samples.PAID.payment_id}"


def test_the_camera_may_rest_while_there_is_no_amount(scene: Scene) -> None:
    def cameras() -> list[str]:
        return [call for call in scene.till.calls if call.startswith("camera")]

    assert "camera True awaited" not in cameras()
    scene.keys("1000")
    assert cameras()[-1] == "camera True awaited"
    scene.press(Qt.Key.Key_Escape)
    assert cameras()[-1] == "camera True"


def test_no_code_is_taken_behind_another_screen(scene: Scene) -> None:
    scene.keys("1000")
    scene.press(Qt.Key.Key_Return)
    scene.press(Qt.Key.Key_F3)
    assert scene.till.calls[-1] == "camera False"
    code = PaymentCode(samples.CODE)
    scene.bridge.post(Seen(code, ScanSource.SCANNER, 1))
    assert code.used
    scene.press(Qt.Key.Key_Escape)
    assert charges(scene) == []
    assert scene.till.calls[-1] == "camera True awaited"
    scene.scan()
    assert len(charges(scene)) == 1


def test_the_hand_held_scanner_goes_to_the_till(scene: Scene) -> None:
    scene.window.take_scan(Scan(samples.CODE, "scanner", 7))
    assert scene.till.calls[-1] == "scanned 19 7"


def test_demo_customer_only_while_a_code_is_awaited(open_scene: OpenScene) -> None:
    scene = open_scene(place=samples.DEMO)
    scene.press(Qt.Key.Key_F8)
    assert "demo" not in scene.till.calls
    scene.keys("1000")
    scene.press(Qt.Key.Key_F8)
    assert "demo" in scene.till.calls


def test_every_button_is_reached_by_tab_and_large_enough(scene: Scene) -> None:
    for stage in ("ready", "declined"):
        if stage == "declined":
            scene.charge(samples.DECLINED)
        for each in scene.window.findChildren(QPushButton):
            if each.isVisible():
                assert each.focusPolicy() & Qt.FocusPolicy.TabFocus, each.accessibleName()
                assert each.accessibleName()
                assert each.width() >= 48, each.accessibleName()


def test_closing_stops_the_till(scene: Scene, qtbot: QtBot) -> None:
    scene.window.close()
    qtbot.waitUntil(lambda: not scene.window.isVisible())
    assert scene.till.calls[-1] == "stop"


def test_every_stage_has_a_place(scene: Scene) -> None:
    for stage in Stage:
        scene.window.sale.next_customer()
        scene.charge(replace(samples.PROCESSING, stage=stage, payment_id=f"261121_02_{stage}"))
        assert on_stage(scene) not in (scene.window.sale.stage.ready, scene.window.sale.stage.waiting)
        scene.window.sale.now.payment = None


def test_a_slip_saved_without_a_printer_is_not_called_printed(scene: Scene) -> None:
    scene.charge(samples.PAID)
    scene.bridge.post(PrintView(samples.PAID.payment_id, PrintState.SAVED))
    texts = {label.text() for label in scene.window.sale.findChildren(QLabel)}
    assert "Đã lưu phiếu" in texts
    assert not {text for text in texts if "Đã in" in text}


def test_each_stage_is_told_to_a_screen_reader(scene: Scene) -> None:
    QAccessible.setActive(True)
    try:
        scene.charge(samples.PAID)
        assert (
            scene.window.sale.stage.paid.accessibleName().replace("\u00a0", " ").startswith("Đã thanh toán. 185.000 ₫")
        )
        scene.press(Qt.Key.Key_Return)
        assert scene.window.sale.stage.ready.accessibleName().startswith("Nhập số tiền")
    finally:
        QAccessible.setActive(False)


def test_a_till_that_refuses_at_once_leaves_nothing_being_sent(open_scene: OpenScene) -> None:
    scene = open_scene()
    refused = Refused(Text("Máy đang khóa", "The till is locked"), Text("Chọn tên.", "Choose a name."))
    scene.till.charge = lambda **_: scene.bridge.post(refused)  # type: ignore[method-assign]
    scene.keys("50000")
    scene.scan()
    assert on_stage(scene) is scene.window.sale.stage.declined
    assert "Máy đang khóa" in scene.words()
    assert not scene.window.sale.waits_to_show
