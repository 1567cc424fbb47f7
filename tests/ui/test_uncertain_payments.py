"""The counter and its list, "is it paid?", the wish to cancel, and closing while something is open."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication

from pos_app.checkout.events import LatestView, OpenCount, RecentView, StoryView
from pos_app.checkout.views import PaymentView, RefundStage, Stage, Work
from pos_app.ui.screens.is_it_paid import evidence_of
from tests.ui import samples
from tests.ui.conftest import OpenScene
from tests.ui.gallery import SCENES, Scene, settle

ENTER, ESC, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down


@pytest.fixture
def scene(open_scene: OpenScene) -> Scene:
    made = open_scene()
    made.clock.now_ms = samples.at("15:04:10")
    return made


# --- the counter and its list --------------------------------------------------------------------------------------

REFUNDING = replace(samples.REFUNDABLE, refundable=140_000, refunds=(samples.REFUND_PROCESSING,))


@pytest.mark.parametrize(
    ("views", "counter"),
    [
        ((samples.WATCHED,), "1 chưa rõ"),
        ((samples.WATCHED, samples.RELEASED), "2 chưa rõ"),
        ((samples.WATCHED, samples.LATE_MONEY), "2 cần xử lý"),
        ((samples.CONFLICT,), "1 cần xử lý"),
        ((replace(REFUNDING, refunds=(samples.REFUND_UNKNOWN,)),), "1 chưa rõ"),
    ],
)
def test_the_counter_counts_what_is_open_and_what_is_to_be_settled(
    scene: Scene, views: tuple[PaymentView, ...], counter: str
) -> None:
    scene.bridge.post(OpenCount(views))
    assert counter in scene.words()


def test_a_refund_that_zalopay_is_working_on_is_in_the_list_only(scene: Scene) -> None:
    scene.bridge.post(OpenCount((REFUNDING,)))
    assert not any("chưa rõ" in text for text in scene.words())
    scene.window._show_open()
    assert any("ZaloPay đang hoàn tiền: 45.000" in text for text in scene.words())


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (samples.WATCHED, "Máy đang tự hỏi ZaloPay"),
        (replace(samples.WATCHED, cancel_wished=True), "Đã ghi nhận hủy, đang hỏi ZaloPay"),
        (samples.RELEASED, "Quản lý đã cho đi tiếp"),
        (samples.LATE_MONEY, "Tiền về muộn – cần xử lý"),
        (samples.TOO_OLD, "ZaloPay không trả lời nữa"),
        (samples.CONFLICT, "Cần quản lý đối chiếu"),
        (samples.MISMATCH, "Số tiền không khớp"),
    ],
)
def test_each_says_what_is_the_matter_and_what_to_tell_the_customer(scene: Scene, view: PaymentView, said: str) -> None:
    view = replace(view, to_customer=samples.WATCHED.to_customer)
    scene.bridge.post(OpenCount((view,)))
    scene.window._show_open()
    assert {said, f"“{samples.WATCHED.to_customer.vi}”"} <= scene.words()


def test_by_keyboard_the_list_is_walked_and_the_gateway_asked(scene: Scene) -> None:
    scene.bridge.post(OpenCount((samples.RELEASED, samples.WATCHED)))
    scene.window._show_open()
    scene.type(DOWN, ENTER)
    assert scene.till.calls[-1] == f"ask {samples.RELEASED.payment_id}"
    scene.type(ESC)
    assert scene.window.on("sale")


def test_f9_shows_the_slip_of_the_chosen_one(scene: Scene) -> None:
    scene.bridge.post(OpenCount((samples.RELEASED, samples.WATCHED)))
    scene.window._show_open()
    scene.type(DOWN, Qt.Key.Key_F9)
    assert scene.till.calls[-1] == f"slip {samples.RELEASED.payment_id}"


def test_what_settles_leaves_the_list_and_the_next_is_shown(scene: Scene) -> None:
    scene.bridge.post(OpenCount((samples.RELEASED, samples.WATCHED)))
    scene.window._show_open()
    scene.bridge.post(OpenCount((samples.RELEASED,)))
    assert "Quản lý đã cho đi tiếp" in scene.words()
    scene.bridge.post(OpenCount(()))
    assert "Không có khoản nào đang chờ." in scene.words()


def test_cancel_is_asked_once(scene: Scene) -> None:
    scene.bridge.post(OpenCount((samples.WATCHED,)))
    scene.window._show_open()
    QApplication.processEvents()
    scene.buttons()["Hủy khoản này"].click()
    assert scene.till.calls[-1] == f"cancel {samples.WATCHED.payment_id}"
    scene.bridge.post(OpenCount((replace(samples.WATCHED, cancel_wished=True),)))
    assert "Hủy khoản này" not in scene.buttons()


# --- at the counter ------------------------------------------------------------------------------------------------


def test_esc_while_it_is_charged_notes_the_wish_and_stays(scene: Scene) -> None:
    scene.charge(samples.PROCESSING)
    assert "Hủy" in scene.buttons()
    scene.type(ESC)
    assert scene.till.calls[-1] == f"cancel {samples.PROCESSING.payment_id}"
    scene.bridge.post(samples.CANCELLING)
    assert {"Đã ghi nhận hủy", "Đang hỏi ZaloPay. ĐỪNG thu lại khi chưa có kết quả."} <= scene.words()
    scene.till.calls.clear()
    scene.type(ESC, ENTER)
    assert not [call for call in scene.till.calls if call.startswith(("cancel", "next"))]
    assert scene.window.sale.stage.currentWidget() is scene.window.sale.stage.processing


def test_before_it_has_a_number_there_is_nothing_to_cancel(scene: Scene) -> None:
    scene.keys("185000")
    scene.scan()
    assert "Hủy" not in scene.buttons()
    scene.type(ESC)
    assert not [call for call in scene.till.calls if call.startswith("cancel")]


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (samples.DECIDED_PAID, "Quản lý: đã trả"),
        (samples.DECIDED_UNPAID, "Quản lý: chưa trả"),
        (replace(samples.WATCHED, released=True), "Được thu lại"),
        (replace(samples.REFUNDABLE, work=Work.LATE_MONEY), "Cần xử lý"),
    ],
)
def test_what_is_no_plain_result_never_fills_the_stage_with_green(scene: Scene, view: PaymentView, said: str) -> None:
    scene.charge(view)
    assert scene.window.sale.stage.currentWidget() is scene.window.sale.stage.unknown
    assert said in scene.words()
    assert "ĐỪNG thu lại" not in scene.words()


def test_the_unknown_stage_leads_to_the_manager(scene: Scene) -> None:
    scene.charge(samples.WATCHED)
    scene.bridge.post(OpenCount((samples.LATE_MONEY, samples.WATCHED)))
    scene.buttons()["Quản lý quyết định"].click()
    assert scene.window.on("open_payments")
    assert scene.window.screens.open_payments.rows.current == samples.WATCHED


@pytest.mark.parametrize("view", [replace(samples.WATCHED, released=True), samples.DECIDED_UNPAID])
def test_what_was_let_go_on_is_tried_again_as_the_same_sale(scene: Scene, view: PaymentView) -> None:
    scene.charge(view)
    scene.buttons()["Thu lại"].click()
    scene.scan()
    assert scene.till.charges[-1][0] == view.amount
    assert scene.till.charges[-1][3] == view.payment_id


def test_a_running_payment_is_not_pushed_aside_by_another_try(scene: Scene) -> None:
    scene.charge(samples.PROCESSING)
    assert not scene.window.sale.try_again(samples.RELEASED)
    assert scene.window.sale.now.payment_id == samples.PROCESSING.payment_id


# --- is it paid? ---------------------------------------------------------------------------------------------------


def test_f5_asks_the_journal_and_answers_for_the_newest(scene: Scene) -> None:
    scene.press(Qt.Key.Key_F5)
    assert scene.till.calls[-1] == "latest"
    scene.bridge.post(LatestView(samples.LATEST))
    assert scene.window.screens.is_it_paid.rows.current == samples.LATEST[0].payment
    said = scene.words()
    assert {"Đã thanh toán", "58.000\u00a0₫", "“Dạ tiền đã vào rồi, cảm ơn anh chị.”"} <= said
    assert any("Đã thanh toán, giao dịch" in text for text in said)  # the evidence, and not that a slip was printed
    assert len(scene.window.screens.is_it_paid.rows.views) == 10
    scene.type(DOWN, DOWN)
    assert {"Chưa rõ", "68.000\u00a0₫"} <= scene.words()
    scene.type(ENTER)
    assert scene.till.calls[-1] == f"ask {samples.LATEST[2].payment.payment_id}"


def test_f5_keeps_no_room_for_the_longer_words_of_before(scene: Scene) -> None:
    SCENES["15-is-it-paid"](scene)
    settle()
    _, said = scene.window.screens.is_it_paid._boxes[0]
    said.show_text("Hỏi lại: khách chưa xác nhận. " * 5)
    tall = said.minimumHeight()
    said.show_text("Đã thanh toán")
    assert 0 < said.minimumHeight() < tall


def test_f5_while_a_payment_runs_leaves_it_alone(scene: Scene) -> None:
    scene.charge(samples.PROCESSING)
    scene.press(Qt.Key.Key_F5)
    scene.till.calls.clear()
    scene.bridge.post(samples.PAID)
    assert "latest" in scene.till.calls  # what changes is asked for anew
    scene.press(ESC)
    assert scene.window.sale.stage.currentWidget() is scene.window.sale.stage.paid


def test_evidence_is_about_the_money() -> None:
    line = evidence_of(samples.STORY)
    assert line is not None
    assert line.icon == "tick"
    assert evidence_of(()) is None


# --- closing -------------------------------------------------------------------------------------------------------


class ByHand(QCloseEvent):
    """The window system's wish, as the cross of the window sends it."""

    def spontaneous(self) -> bool:
        return True


def close_by_hand(scene: Scene) -> bool:
    """Whether the window goes on to close."""
    event = ByHand()
    scene.window.closeEvent(event)
    return scene.window._cover is not None


def test_closing_with_open_payments_shows_them_and_asks_once_more(scene: Scene) -> None:
    scene.bridge.post(OpenCount((samples.WATCHED, samples.LATE_MONEY)))
    assert not close_by_hand(scene)
    assert scene.window.on("open_payments")
    assert "Còn 2 khoản chưa xong" in scene.words()
    scene.type(ENTER)  # Enter stays
    assert scene.window.on("sale")
    assert not close_by_hand(scene)
    assert close_by_hand(scene)


def test_the_wish_to_close_is_forgotten_when_the_list_is_left(scene: Scene) -> None:
    scene.bridge.post(OpenCount((samples.WATCHED, samples.LATE_MONEY)))
    assert not close_by_hand(scene)
    scene.type(ESC)
    scene.window._show_open()
    assert "Còn 2 khoản chưa xong" not in scene.words()
    assert not close_by_hand(scene)


def test_the_payment_being_charged_is_warned_of_too(scene: Scene) -> None:
    scene.charge(samples.PROCESSING)
    assert not close_by_hand(scene)
    assert "Còn 1 khoản chưa xong" in scene.words()


def test_without_open_payments_it_closes_at_once(scene: Scene) -> None:
    assert close_by_hand(scene)


def test_a_signal_closes_at_once(scene: Scene) -> None:
    scene.bridge.post(OpenCount((samples.WATCHED,)))
    scene.window.close()
    assert scene.window._cover is not None


# --- payments ------------------------------------------------------------------------------------------------------


def test_payments_show_what_went_back_and_their_slips(scene: Scene) -> None:
    done = replace(samples.REFUND_DONE, stage=RefundStage.DONE)
    view = replace(samples.PARTLY, refunds=(done,))
    scene.bridge.post(RecentView((view, *samples.TODAY)))
    scene.press(Qt.Key.Key_F3)
    scene.bridge.post(StoryView(view, samples.STORY))
    assert {"Hoàn một phần", "Còn lại sau khi hoàn 140.000\u00a0₫", "Phiếu hoàn 149"} <= scene.words()
    scene.buttons()["Phiếu hoàn 149"].click()
    assert scene.till.calls[-1] == f"slip {done.m_refund_id}"
    scene.type(ENTER)
    assert scene.till.calls[-1] == f"reprint {done.m_refund_id}"


def test_a_released_payment_still_counts_as_open(scene: Scene) -> None:
    assert samples.RELEASED.stage is Stage.UNKNOWN
    scene.bridge.post(OpenCount((samples.RELEASED,)))
    assert "1 chưa rõ" in scene.words()
