"""Payments (F3), the slip, and the lights: what they show and what they ask the till."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pos_app.checkout.events import OpenCount, RecentView, SlipView, StoryView
from pos_app.checkout.views import Stage
from tests.ui import samples
from tests.ui.conftest import OpenScene
from tests.ui.gallery import Scene, paper

UNKNOWN = samples.TODAY[2]


@pytest.fixture
def scene(open_scene: OpenScene) -> Scene:
    made = open_scene()
    made.bridge.post(RecentView(samples.TODAY))
    return made


def press_button(scene: Scene, name: str) -> None:
    QTest.mouseClick(scene.buttons()[name], Qt.MouseButton.LeftButton)


def test_f3_shows_the_newest_and_asks_for_its_story(scene: Scene) -> None:
    scene.press(Qt.Key.Key_F3)
    assert scene.till.calls[-1] == "camera False"
    assert f"story {samples.TODAY[0].payment_id}" in scene.till.calls
    assert "recent" in scene.till.calls
    scene.bridge.post(StoryView(samples.TODAY[0], samples.STORY))
    assert {"58.000\u00a0₫", "Quét mã bằng camera", "In phiếu"} <= scene.words()
    scene.press(Qt.Key.Key_Escape)
    assert scene.window.screens.currentWidget() is scene.window.sale


def test_arrows_choose_and_a_story_of_another_is_ignored(scene: Scene) -> None:
    scene.press(Qt.Key.Key_F3)
    scene.press(Qt.Key.Key_Down)
    assert scene.till.calls[-1] == f"story {samples.TODAY[1].payment_id}"
    scene.bridge.post(StoryView(samples.TODAY[0], samples.STORY))
    assert "Quét mã bằng camera" not in scene.words()


def test_a_screen_that_was_opened_before_obeys_the_till_too(scene: Scene) -> None:
    scene.press(Qt.Key.Key_F3)
    before = list(scene.till.calls)
    built = samples.WrittenDown()
    scene.window.obey(built)
    scene.press(Qt.Key.Key_Down)
    assert built.calls[-1] == f"story {samples.TODAY[1].payment_id}"
    assert scene.till.calls == before


def test_the_counter_opens_the_unknown_payment_which_can_be_asked(scene: Scene) -> None:
    scene.bridge.post(OpenCount((UNKNOWN,)))
    press_button(scene, "1 chưa rõ")
    assert scene.window.on("open_payments")
    assert scene.window.screens.open_payments.rows.current == UNKNOWN
    scene.bridge.post(StoryView(UNKNOWN, samples.STORY))
    press_button(scene, "Hỏi ZaloPay ngay")
    assert scene.till.calls[-1] == f"ask {UNKNOWN.payment_id}"


def test_a_settled_payment_offers_no_question(scene: Scene) -> None:
    scene.press(Qt.Key.Key_F3)
    scene.bridge.post(StoryView(samples.TODAY[0], samples.STORY))
    assert "Hỏi ZaloPay ngay" not in scene.words()
    press_button(scene, "In lại")
    assert f"slip {samples.TODAY[0].payment_id}" in scene.till.calls


def test_a_change_of_the_chosen_payment_brings_its_story_anew(scene: Scene) -> None:
    scene.press(Qt.Key.Key_F3)
    scene.till.calls.clear()
    scene.bridge.post(replace(samples.TODAY[0], copies=1))
    assert scene.till.calls[0] == f"story {samples.TODAY[0].payment_id}"


def test_the_list_keeps_the_chosen_one_when_a_newer_comes(scene: Scene) -> None:
    scene.press(Qt.Key.Key_F3)
    chosen = scene.window.screens.payments.chosen_id
    newer = replace(samples.PAID, payment_id="261121_02_000154", scanned_at_ms=samples.at("15:10:00"))
    scene.bridge.post(RecentView((newer, *samples.TODAY)))
    assert scene.window.screens.payments.chosen_id == chosen
    assert scene.window.screens.payments.rows.currentIndex().row() == 1


def test_sums_count_only_what_is_sure(scene: Scene) -> None:
    scene.press(Qt.Key.Key_F3)
    paid = sum(view.amount for view in samples.TODAY if view.stage is Stage.PAID)
    assert [label.text().replace("\u00a0", " ") for label in scene.window.screens.payments._sums] == [
        "9", f"{paid:,} ₫".replace(",", "."), "0 ₫", "68.000 ₫"]  # fmt: skip


def test_f9_takes_the_newest_payment_and_shows_its_paper(scene: Scene) -> None:
    scene.press(Qt.Key.Key_F9)
    newest = samples.TODAY[0].payment_id
    assert f"slip {newest}" in scene.till.calls
    scene.bridge.post(SlipView("another", paper()))
    assert scene.window.screens.slip._paper.pixmap().isNull()
    scene.bridge.post(SlipView(newest, paper()))
    assert scene.window.screens.slip._paper.pixmap().width() == 384
    scene.press(Qt.Key.Key_F9)
    assert scene.till.calls[-1] == f"reprint {newest}"


def test_a_bad_light_tells_cause_and_remedy(scene: Scene) -> None:
    scene.bridge.post(samples.NO_PAPER)
    press_button(scene, "Máy in: hết giấy")
    assert samples.NO_PAPER.remedy.vi in scene.words()
    scene.press(Qt.Key.Key_Escape)
    assert samples.NO_PAPER.remedy.vi not in scene.words()


def test_the_light_names_the_gateway_whose_trouble_it_is(scene: Scene) -> None:
    """In the head, on hover and in its note; nobody reads the name twice."""
    assert scene.buttons()["ZaloPay"].toolTip() == "ZaloPay\nHoạt động tốt."
    scene.bridge.post(samples.SLOW._replace(who=samples.APPOTAPAY_DOWN.who))
    assert scene.buttons()["AppotaPay: chậm"].toolTip().startswith("AppotaPay: chậm\n")
    assert "ZaloPay" not in scene.buttons()
    scene.bridge.post(samples.APPOTAPAY_DOWN)
    press_button(scene, "AppotaPay chưa trả lời")
    assert {"AppotaPay chưa trả lời", samples.APPOTAPAY_DOWN.remedy.vi} <= scene.words()
