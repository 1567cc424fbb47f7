"""Refund (F4): the right payment, never more than is left, one intent for each press, and its stages."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from pos_app.checkout.events import (
    ActDone,
    FoundView,
    PinState,
    PrintState,
    PrintView,
    RecentView,
    Seen,
    SlipSeen,
    StoryView,
)
from pos_app.checkout.search import fits
from pos_app.checkout.views import PaymentView, RefundStage, RefundView, ScanSource, Stage
from pos_app.payments.acts import Act
from pos_app.payments.payment_code import WRONG_CODES, NotACode
from tests.ui import samples
from tests.ui.conftest import OpenScene
from tests.ui.gallery import Scene

ENTER, ESC, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down
OLD = replace(samples.REFUNDABLE, payment_id="261101_02-000007-k7qx", slip_number="02-000007", amount=333_000,
              refundable=333_000)  # fmt: skip


@pytest.fixture
def scene(open_scene: OpenScene) -> Scene:
    made = open_scene()
    made.clock.now_ms = samples.at("15:04:10")
    made.bridge.post(PinState(is_set=True))
    made.bridge.post(RecentView((samples.PARTLY, *samples.TODAY[1:])))
    made.press(Qt.Key.Key_F4)
    return made


def approve(scene: Scene) -> None:
    scene.window.screens.approval.who.edit.setText("Ngọc Lan")
    scene.window.screens.approval.pin.setFocus()
    scene.type(DOWN, *"831642", ENTER)


def test_only_what_can_be_given_back_is_listed(scene: Scene) -> None:
    stages = {view.stage for view in scene.window.screens.refund.rows.views}
    assert stages == {Stage.PAID}
    assert all(view.refundable for view in scene.window.screens.refund.rows.views)


def test_what_was_paid_meanwhile_joins_the_list(scene: Scene) -> None:
    newer = replace(samples.REFUNDABLE, payment_id="261121_02_000199")
    scene.bridge.post(RecentView((newer, samples.PARTLY, *samples.TODAY[1:])))
    assert scene.window.screens.refund.rows.views[0] == newer


def test_by_keyboard_from_the_list_to_the_till(scene: Scene) -> None:
    scene.type(DOWN, ENTER, *"15000", ENTER)
    assert scene.window.on("approval")
    assert "15.000\u00a0₫" in scene.window.screens.approval.panel.box.accessibleName().replace(" ", "\u00a0")
    approve(scene)
    (act,) = scene.till.acts
    second = scene.window.screens.refund.rows.views[1]
    assert (act.act, act.payment_id, act.amount) == (Act.REFUND, second.payment_id, 15_000)
    assert len(act.intent) == 32


def test_the_whole_rest_is_offered_and_more_is_not_taken(scene: Scene) -> None:
    assert scene.window.screens.refund.box.accessibleName() == "140.000 ₫"
    scene.type(ENTER, *"140001")
    assert scene.window.screens.refund.box.accessibleName() == "14.000 ₫"
    assert "Chỉ còn hoàn được 140.000\u00a0₫." in scene.words()
    scene.type(Qt.Key.Key_Delete)
    assert scene.window.screens.refund.box.accessibleName() == "0 ₫"
    scene.type(ENTER)
    assert scene.window.on("refund")  # nothing is no refund


def test_what_is_being_typed_survives_news_of_other_payments(scene: Scene) -> None:
    scene.type(ENTER, *"45000")
    newer = replace(samples.TODAY[0], payment_id="261121_02_000199")
    scene.bridge.post(RecentView((newer, samples.PARTLY, *samples.TODAY[1:])))
    scene.bridge.post(samples.PARTLY)
    assert scene.window.screens.refund.box.accessibleName() == "45.000 ₫"
    scene.type(ENTER)
    approve(scene)
    assert (scene.till.acts[0].payment_id, scene.till.acts[0].amount) == (samples.PARTLY.payment_id, 45_000)


def test_less_is_left_when_another_refund_came_between(scene: Scene) -> None:
    scene.type(ENTER, *"120000")
    scene.bridge.post(replace(samples.PARTLY, refundable=100_000))
    assert scene.window.screens.refund.box.accessibleName() == "100.000 ₫"


def test_one_intent_for_one_refund_however_often_the_pin_is_typed(scene: Scene) -> None:
    scene.type(ENTER, *"45000", ENTER)
    approve(scene)
    scene.type(ESC)
    scene.type(ENTER)
    approve(scene)
    assert len({act.intent for act in scene.till.acts}) == 1
    scene.bridge.post(ActDone(Act.REFUND, samples.PARTLY.payment_id))
    scene.type(ENTER, ENTER, ENTER)
    approve(scene)
    assert len(scene.till.acts) == 3
    assert len({act.intent for act in scene.till.acts}) == 2


@pytest.mark.parametrize(
    ("typed", "hit"),
    [("185", True), ("185.000", True), ("000148", True), ("02-000148", True), ("4821", True), ("8100", False),
     ("48", False), ("", True)],
)  # fmt: skip
def test_search_by_amount_slip_number_and_last_digits(typed: str, hit: bool) -> None:
    view = replace(samples.REFUNDABLE, zp_trans_id="261121000004821")
    assert fits(view, typed) is hit


def test_an_older_one_is_searched_in_the_journal(scene: Scene) -> None:
    scene.type(*"333000")
    assert not scene.window.screens.refund.rows.views
    scene.type(ENTER)
    assert scene.till.calls[-1] == "find 333000"
    scene.bridge.post(FoundView("333", ()))  # the answer to an older question
    assert "Đang tìm trong tháng qua." in scene.words()
    scene.bridge.post(FoundView("333000", (OLD,)))
    assert scene.window.screens.refund.rows.views == (OLD,)
    scene.bridge.post(RecentView(samples.TODAY))
    assert scene.window.screens.refund.rows.views == (OLD,)
    scene.type(ENTER, ENTER)
    approve(scene)
    assert scene.till.acts[0].payment_id == OLD.payment_id


def test_the_code_on_a_slip_picks_its_payment_on_this_screen_only(scene: Scene) -> None:
    seen = Seen(WRONG_CODES[NotACode.SLIP], ScanSource.SCANNER, 1)
    scene.bridge.post(seen)
    scene.bridge.post(SlipSeen(OLD.payment_id))
    assert scene.till.calls[-1] == f"story {OLD.payment_id}"
    scene.bridge.post(StoryView(OLD, samples.STORY))
    assert scene.window.screens.refund.rows.views == (OLD,)
    assert scene.window.screens.refund.box.accessibleName() == "333.000 ₫"
    scene.press(ESC)
    scene.till.calls.clear()
    scene.keys("185000")
    scene.bridge.post(seen)
    scene.bridge.post(SlipSeen(OLD.payment_id))
    assert scene.window.sale.stage.currentWidget() is scene.window.sale.stage.wrong  # in a sale it is a wrong code
    assert f"story {OLD.payment_id}" not in scene.till.calls


def test_a_slip_of_what_was_not_paid_says_why_not(scene: Scene) -> None:
    scene.bridge.post(SlipSeen(samples.DECLINED.payment_id))
    scene.bridge.post(StoryView(samples.DECLINED, samples.STORY))
    assert "Khoản này không hoàn được: Số dư không đủ." in scene.words()


def running(scene: Scene, refund: RefundView) -> PaymentView:
    """A refund of the chosen payment, approved, as far as `refund` is."""
    scene.type(ENTER, *"45000", ENTER)
    approve(scene)
    fresh = replace(refund, m_refund_id="fresh")
    view = replace(samples.PARTLY, refundable=95_000, refunds=(samples.REFUND_DONE, fresh))
    scene.bridge.post(view)
    return view


@pytest.mark.parametrize(
    ("refund", "said", "look"),
    [
        (samples.REFUND_SENDING, {"Đang gửi lệnh hoàn"}, "card"),
        (samples.REFUND_PROCESSING, {"ZaloPay đang hoàn tiền"}, "card"),
        (samples.REFUND_DONE, {"Đã hoàn tiền"}, "card"),
        (samples.REFUND_DECLINED, {"Chưa hoàn tiền", "Quá hạn hoàn tiền"}, "declined"),
        (samples.REFUND_UNKNOWN, {"ĐỪNG hoàn lại", "Chưa rõ đã hoàn chưa"}, "unknown"),
    ],
)
def test_the_stages_of_a_refund(scene: Scene, refund: RefundView, said: set[str], look: str) -> None:
    running(scene, refund)
    assert scene.window.on("refund")  # it has begun: nobody waits for the first answer in the approval
    assert said <= scene.words()
    assert scene.window.screens.refund.stages._card.property("look") == look
    assert ("Đã hoàn tiền" in scene.words()) is (refund.stage is RefundStage.DONE)


def test_its_slip_is_shown_and_printed_again(scene: Scene) -> None:
    running(scene, samples.REFUND_DONE)
    scene.bridge.post(PrintView("fresh", PrintState.PRINTED))
    assert "Đã in phiếu" in scene.words()
    scene.type(Qt.Key.Key_F9)
    assert scene.till.calls[-1] == "slip fresh"
    scene.type(Qt.Key.Key_F9)
    assert scene.till.calls[-1] == "reprint fresh"


def test_an_older_refunds_news_is_not_taken_for_this_one(scene: Scene) -> None:
    view = running(scene, samples.REFUND_PROCESSING)
    assert scene.window.screens.refund.refund is not None
    assert scene.window.screens.refund.refund.m_refund_id == "fresh"
    scene.bridge.post(replace(view, refunds=(replace(samples.REFUND_DONE, settled_at_ms=1), view.refunds[1])))
    assert "Đã hoàn tiền" not in scene.words()
