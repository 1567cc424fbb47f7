"""F6: the figures, opening, closing; what is not known is signed for, and nothing of the PIN is left."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_app.checkout.events import PinState, PrintState, PrintView, ShiftRefused, ShiftSaved, ShiftState, ShiftView
from pos_app.checkout.views import Stage
from pos_app.sandbox.server import Sandbox
from pos_app.ui.screens.shift import ShiftScreen
from pos_app.words import Text
from tests.clocks import FastClock
from tests.ui import people, shifts
from tests.ui.conftest import OpenScene
from tests.ui.gallery import Scene
from tests.ui.real_till import real_shop

ENTER, ESC, F6 = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_F6
PIN = "831642"
WHY = "Khách đã về, cổng chưa trả lời"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def scene(open_scene: OpenScene) -> Scene:
    made = open_scene()
    made.bridge.post(PinState(is_set=True))
    made.bridge.post(people.HA_IS_HERE)
    return made


def opened(scene: Scene, view: ShiftView) -> ShiftScreen:
    scene.press(F6)
    scene.bridge.post(view)
    return scene.window.screens.shift


def test_f6_looks_and_enter_closes_what_is_all_known(scene: Scene) -> None:
    opened(scene, shifts.running())
    assert scene.till.calls[-1] == "shift None"
    assert {"Ca 2", "10.247.500 ₫", "Mọi khoản đều có kết quả"} <= {one.replace("\xa0", " ") for one in scene.words()}
    scene.type(ENTER)
    assert scene.till.closings == [(2, (), "", "", "")]
    scene.type(ENTER)
    assert len(scene.till.closings) == 1, "pressed twice, closed once"
    scene.bridge.post(shifts.closed())
    assert {"Đã chốt ca 2", "Báo cáo Z số 2"} <= scene.words()
    scene.type(ENTER)
    assert scene.till.calls[-1] == "shift None"


def test_a_reason_that_is_full_says_so(scene: Scene) -> None:
    screen = opened(scene, shifts.running(shifts.OLD))
    full = "Nhiều nhất 200 ký tự"
    screen.closing.reason.edit.setText("x" * 199)
    assert full not in scene.words()
    screen.closing.reason.edit.setText("x" * 300)
    assert (len(screen.closing.reason.text), full in scene.words()) == (200, True)
    screen.closing.reason.edit.backspace()
    assert full not in scene.words()


def test_what_is_not_known_needs_a_reason_a_manager_and_the_pin(scene: Scene) -> None:
    screen = opened(scene, shifts.running(shifts.OLD, shifts.UNKNOWN))
    assert {"02-000117", "02-000201", "2 khoản chưa rõ kết quả"} <= scene.words()
    scene.type(ENTER)
    assert screen.pages.currentWidget() is screen.closing, "no reason yet"
    screen.closing.reason.edit.setText(WHY)
    scene.type(ENTER)
    assert screen.pages.currentWidget() is screen.pin
    assert [one.name for one in (screen.pin.who.person,) if one] == [people.OWNER.name]
    scene.type(*PIN[:4], ENTER)
    assert scene.till.closings == [], "the PIN is not complete"
    scene.type(*PIN[4:], ENTER)
    assert scene.till.closings == [(2, ("02-000117", "02-000201"), WHY, people.OWNER.id, PIN)]
    assert screen.pin.pin.count == 0
    scene.bridge.post(ShiftRefused(*people.WRONG, 8))
    scene.type(*PIN, ENTER)
    assert len(scene.till.closings) == 1, "the pad waits"
    scene.clock.ticks_ms += 9_000
    screen._tick()
    scene.type(*PIN, ENTER)
    assert len(scene.till.closings) == 2


def test_only_who_may_sign_is_offered(scene: Scene) -> None:
    screen = opened(scene, shifts.running(shifts.UNKNOWN))
    screen.closing.reason.edit.setText(WHY)
    scene.type(ENTER)
    offered = set()
    for _ in range(5):
        assert screen.pin.who.person is not None
        offered.add(screen.pin.who.person.id)
        screen.pin.who.step(1)
    assert offered == {people.OWNER.id, people.LAN.id}


def test_esc_leaves_the_pin_and_then_the_screen_and_forgets_the_digits(scene: Scene) -> None:
    screen = opened(scene, shifts.running(shifts.UNKNOWN))
    screen.closing.reason.edit.setText(WHY)
    scene.type(ENTER, *PIN)
    assert screen.pin.pin.count == 6
    scene.type(ESC)
    assert screen.pin.pin.count == 0
    assert scene.window.on("shift")
    scene.bridge.post(shifts.running(shifts.UNKNOWN))
    scene.press(ESC)
    assert scene.window.on("sale")
    assert scene.till.closings == []


def test_a_shift_that_nobody_opened_is_opened_or_closed_empty(scene: Scene) -> None:
    opened(scene, shifts.fresh())
    scene.type(ENTER)
    assert scene.till.calls[-1] == "opens the shift"
    scene.type("C")
    assert scene.till.closings == [(3, (), "", "", "")]


def test_printing_and_saving_say_what_became_of_them(scene: Scene) -> None:
    opened(scene, shifts.closed())
    scene.type("P")
    assert scene.till.calls[-1] == "prints shift 2"
    scene.bridge.post(PrintView("02-z-000002", PrintState.PRINTED))
    assert "Đã in" in " ".join(scene.words())
    scene.type("S")
    assert scene.till.calls[-1] == "saves shift 2"
    scene.bridge.post(ShiftSaved("/reports/02-z-000002.pdf"))
    assert "Đã lưu: /reports/02-z-000002.pdf" in scene.words()


def test_a_refusal_is_told_in_its_own_words_and_can_be_tried_again(scene: Scene) -> None:
    opened(scene, shifts.running())
    scene.type(ENTER)
    scene.bridge.post(ShiftRefused(Text("Chưa chốt được ca", "x"), Text("Đang gửi một khoản thu.", "x")))
    assert "Chưa chốt được ca. Đang gửi một khoản thu." in scene.words()
    scene.type(ENTER)
    assert len(scene.till.closings) == 2


def test_the_head_names_the_shift(scene: Scene) -> None:
    scene.bridge.post(ShiftState(2, shifts.running().shift.opened_at_ms, "Thu Hà"))
    assert "Ca 2, mở 13:58" in scene.words()
    scene.bridge.post(ShiftState(3, None, ""))
    assert "Ca 3, chưa mở" in scene.words()


def test_a_difference_to_the_ledger_is_red(scene: Scene) -> None:
    opened(scene, shifts.running(ledger={"wallet": 1}))
    assert "Số của ca và sổ cái không khớp" in scene.words()


def test_with_the_real_till(sandbox: Sandbox, tmp_path: Path) -> None:
    """Charged, looked at, closed, saved, and the next shift: by keys alone."""
    with real_shop(sandbox, tmp_path, FastClock()) as shop:
        assert shop.told(ShiftState) == ShiftState(1, None, "")
        shop.charge(50_000, Stage.PAID)
        assert shop.told(ShiftState).opened_at_ms is not None
        shop.press(F6)
        shop.until(lambda: "50.000\xa0₫" in shop.words(), "no figures")
        shop.press(ENTER)
        shop.until(lambda: "Đã chốt ca 1" in shop.words(), "not closed")
        shop.press("S")
        saved = shop.told(ShiftSaved)
        assert Path(saved.path).read_bytes().startswith(b"%PDF")
        shop.press(ENTER)
        shop.until(lambda: "Ca 2 chưa mở" in shop.words(), "no next shift")
        shop.press(ENTER)
        shop.until(lambda: "Trước khi chốt" in shop.words(), "not opened")
