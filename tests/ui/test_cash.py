"""Cash by keys: what was given, the change, one Enter; the blind count at F6; and a shop that takes none."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_app.checkout.events import (
    ActDone,
    CashDone,
    CashRefused,
    DrawerMoved,
    PinState,
    RecentView,
    Refused,
    ShiftRefused,
)
from pos_app.payments.acts import Act
from pos_app.payments.cash import CashKind
from pos_app.sandbox.server import Sandbox
from pos_app.ui.facing import Page, facing
from pos_app.ui.sounds import Sound
from pos_app.words import Text
from tests.clocks import FastClock
from tests.ui import cash, people, samples, shifts
from tests.ui.conftest import OpenScene
from tests.ui.gallery import Scene
from tests.ui.real_till import real_shop

ENTER, ESC, F2, F4, F6, F7 = (Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_F2, Qt.Key.Key_F4, Qt.Key.Key_F6,
                              Qt.Key.Key_F7)  # fmt: skip
DOWN = Qt.Key.Key_Down
WHY = "Thối nhầm cho khách"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def scene(open_scene: OpenScene) -> Scene:
    made = open_scene()
    cash.takes_cash(made)
    made.bridge.post(PinState(is_set=True))
    made.bridge.post(people.HA_IS_HERE)
    return made


def standing(scene: Scene) -> None:
    scene.window.sale.card.note.edit.setText("Bàn 5")
    scene.keys("185000")
    scene.press(ENTER)
    scene.press(F7)


def plain(scene: Scene) -> set[str]:
    return {one.replace("\xa0", " ") for one in scene.words()}


def test_what_is_typed_is_given_and_enter_takes_it_once(scene: Scene) -> None:
    standing(scene)
    scene.press(ENTER)
    scene.keys("100000")
    assert "Còn thiếu" in scene.words()
    scene.press(ENTER)
    assert scene.till.cash == [], "not enough"
    scene.press(Qt.Key.Key_Delete)
    scene.keys("200000")
    assert (scene.window.sale.stage.cash._change._amount, "Thối lại" in scene.words()) == (15_000, True)
    scene.press(ENTER)
    scene.press(ENTER)
    ((amount, given, note, intent),) = scene.till.cash
    assert (amount, given, note) == (185_000, 200_000, "Bàn 5")
    scene.press(ESC)
    assert scene.window.sale.now.is_taking_cash, "it is being written down: nothing can be taken back"
    scene.bridge.post(CashDone("another till's", cash.SALE))
    assert scene.window.sale.now.is_taking_cash
    scene.bridge.post(CashDone(intent, cash.SALE))
    assert {"Đã thu tiền mặt", "Thu 185.000 ₫, khách đưa 200.000 ₫"} <= plain(scene)
    assert "Đã thanh toán" not in scene.words(), "that is a gateway's word"
    assert scene.till.charges == []
    scene.keys("7")
    assert scene.window.sale.facts()[0] == 7, "any key goes on"


def test_notes_add_up_and_f7_again_is_exact(scene: Scene) -> None:
    standing(scene)
    for name in ("100.000", "50.000", "50.000"):
        scene.buttons()[name].click()
    assert scene.window.sale.stage.cash.given == 200_000
    scene.press(F7)
    assert scene.window.sale.stage.cash.given == 185_000
    scene.keys("5")
    assert scene.window.sale.stage.cash.given == 5, "a digit begins anew"
    scene.keys("0" * 9)
    assert scene.window.sale.stage.cash.given == 500_000_000, "no more digits than there is money"
    assert any("Nhiều nhất" in one for one in scene.words())
    scene.press(Qt.Key.Key_Backspace)
    assert scene.window.sale.stage.cash.given == 50_000_000


@pytest.mark.parametrize(("amount", "note"), [("10000", "100000"), ("20000", "200000"), ("50000", "500000")])
def test_a_note_that_begins_with_the_amount_can_be_typed(scene: Scene, amount: str, note: str) -> None:
    scene.stand(amount)
    scene.press(F7)
    scene.keys(note)
    assert scene.window.sale.stage.cash.given == int(note)


def test_esc_takes_nothing_and_the_amount_still_stands(scene: Scene) -> None:
    standing(scene)
    scene.keys("200000")
    scene.press(ESC)
    assert (scene.till.cash, scene.window.sale.now.standing) == ([], 185_000)
    scene.press(F2)
    assert scene.till.shows[-1][0] == 185_000


def test_no_code_is_shown_or_taken_while_cash_is(scene: Scene) -> None:
    standing(scene)
    scene.press(F2)
    scene.scan()
    assert (scene.till.shows, scene.till.charges) == ([], [])
    assert scene.window.sale.now.is_taking_cash


def test_a_refusal_is_told_and_can_be_tried_again(scene: Scene) -> None:
    standing(scene)
    scene.press(F7)
    scene.press(ENTER)
    scene.bridge.post(CashRefused(scene.till.cash[0][3], Text("Không ghi được sổ", "x"), Text("Gọi người.", "x")))
    assert "Không ghi được sổ. Gọi người." in scene.words()
    scene.press(ENTER)
    assert len(scene.till.cash) == 2
    assert len({intent for *_, intent in scene.till.cash}) == 1, "one sale, even if it was stored all the same"
    scene.bridge.post(CashRefused(scene.till.cash[1][3], Text("Không ghi được sổ", "x"), Text("Gọi người.", "x")))
    scene.press(Qt.Key.Key_Delete)
    scene.keys("200000")
    scene.press(ENTER)
    assert scene.till.cash[2][:2] == (185_000, 200_000)
    assert len({intent for *_, intent in scene.till.cash}) == 1, "and whatever the customer gives for it"


def test_cash_that_seemed_refused_and_is_written_down_all_the_same_is_told(scene: Scene) -> None:
    standing(scene)
    scene.press(F7)
    scene.press(ENTER)
    scene.bridge.post(Refused(Text("Không được phép", "x"), Text("Gọi quản lý.", "x")))  # of whatever was asked for
    assert "Không được phép. Gọi quản lý." in scene.words()
    scene.bridge.post(CashDone(scene.till.cash[0][3], cash.SALE))
    assert "Đã thu tiền mặt" in scene.words()
    scene.press(ENTER)
    assert len(scene.till.cash) == 1


def test_a_declined_sale_can_be_paid_in_cash(scene: Scene) -> None:
    scene.charge(samples.DECLINED)
    scene.press(F7)
    scene.press(F7)
    scene.press(ENTER)
    assert scene.till.cash[0][:2] == (185_000, 185_000)


def test_without_cash_f7_is_the_reports_and_nothing_is_asked(open_scene: OpenScene) -> None:
    scene = open_scene()
    standing(scene)
    assert not scene.window.sale.now.is_taking_cash
    assert "Tiền mặt" not in scene.words()
    scene.press(F6)
    scene.bridge.post(shifts.fresh())
    assert scene.window.screens.shift.opening.float.isHidden()
    scene.bridge.post(shifts.running())
    scene.type(ENTER)
    assert len(scene.till.closings) == 1
    assert not any("iền mặt" in one for one in scene.words())


def test_the_customer_sees_what_was_given_and_the_change(scene: Scene) -> None:
    standing(scene)
    assert facing(*scene.window.sale.facts()).page is Page.CASH
    scene.keys("200000")
    seen = facing(*scene.window.sale.facts())
    assert (seen.page, seen.amount, seen.given) == (Page.CASH, 185_000, 200_000)
    taken = facing(0, cash.SALE, 0)
    assert (taken.page, taken.amount, taken.given, taken.paid_at, taken.number) == (
        Page.CASH_TAKEN, 185_000, 200_000, "", "",
    )  # fmt: skip


def test_cash_has_not_the_sound_of_a_gateway(open_scene: OpenScene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = open_scene()
    played: list[Sound] = []
    monkeypatch.setattr(scene.window.sale._sounds, "play", played.append)
    cash.taken(scene)
    assert Sound.PAID not in played


# --- F6 --------------------------------------------------------------------------------------------------------------


def test_the_count_is_blind_and_comes_before_the_closing(scene: Scene) -> None:
    cash.looked_at(cash.running())(scene)
    assert not any("2.670.000" in one for one in plain(scene)), "what must be there is told only after the count"
    scene.type(ENTER)
    screen = scene.window.screens.shift
    assert screen.counting.isVisible()
    assert not screen.figures.isVisible(), "no figures while it is counted"
    scene.type("3", DOWN, "1", "2", ENTER)
    assert (scene.till.calls[-1], scene.till.closings) == ("counts 3900000", [])
    scene.bridge.post(cash.running(2_640_000))
    assert {"Tiền mặt thiếu 30.000 ₫", "Đếm được 2.640.000 ₫, phải có 2.670.000 ₫"} <= plain(scene)
    scene.type(ENTER)
    assert scene.till.closings == [], "short, and nobody said why"
    screen.closing.difference.edit.setText(WHY)
    scene.type(ENTER)
    assert (len(scene.till.closings), scene.till.differences) == (1, [WHY])


def test_the_arrows_choose_who_signs(scene: Scene) -> None:
    cash.SCENES["44l-cash-signs"](scene)
    screen = scene.window.screens.shift
    first = screen.pin.signer
    scene.press(Qt.Key.Key_Right)
    assert {first, screen.pin.signer} == {people.OWNER.id, people.LAN.id}


def test_letters_are_keys_until_a_reason_is_asked_for(scene: Scene) -> None:
    """That is after the count."""
    cash.looked_at(cash.open_running())(scene)
    screen = scene.window.screens.shift
    scene.type("D")
    assert (screen.drawer.isVisible(), screen.closing.reason.text) == (True, "")


def test_what_is_right_needs_no_reason(scene: Scene) -> None:
    cash.looked_at(cash.running(2_670_000), ENTER)(scene)
    assert "Tiền mặt đủ" in scene.words()
    assert scene.till.differences == [""]


def test_one_sum_stands_in_place_of_the_notes(scene: Scene) -> None:
    cash.looked_at(cash.running(), ENTER, "5", Qt.Key.Key_Up, *"1234567", ENTER)(scene)
    assert scene.till.calls[-1] == "counts 1234567"


def test_a_count_that_is_too_large_is_not_taken_in(scene: Scene) -> None:
    cash.looked_at(cash.running(), ENTER, *"99999999")(scene)
    assert scene.window.screens.shift.counting.counted <= 999_999_999
    scene.bridge.post(ShiftRefused(Text("Không ghi được", "x"), Text("Thử lại.", "x")))
    scene.press(ESC)
    assert scene.till.calls[-1] == "shift None"


def test_a_float_opens_the_shift(scene: Scene) -> None:
    scene.window.screens.shift._takes_cash = True
    cash.looked_at(shifts.fresh())(scene)
    opening = scene.window.screens.shift.opening
    opening.float.edit.setText("nhiều")
    scene.type(ENTER)
    assert "opens the shift" not in scene.till.calls
    opening.float.edit.setText("500.000")
    scene.type(ENTER)
    assert scene.till.calls[-1] == "opens the shift with 500000"


def test_money_moves_with_a_reason_and_a_managers_pin(scene: Scene) -> None:
    cash.SCENES["44k-cash-moves"](scene)
    screen = scene.window.screens.shift
    screen.drawer.reason.edit.setText("đá")
    screen.drawer.reason.setFocus()
    scene.type(ENTER)
    assert not screen.pin.isVisible(), "no reason"
    screen.drawer.reason.edit.setText("Trả tiền đá")
    scene.type(ENTER)
    scene.press(Qt.Key.Key_Right)
    scene.press(Qt.Key.Key_Left)
    scene.type(*"831642", ENTER)
    assert scene.till.moves == [(CashKind.PAY_OUT, 200_000, "Trả tiền đá", people.OWNER.id, "831642")]
    assert screen.pin.pin.count == 0
    scene.bridge.post(ShiftRefused(*people.WRONG, 8))
    assert scene.till.closings == []


def test_a_move_once_more_after_a_refusal_is_the_same_move(scene: Scene) -> None:
    cash.SCENES["44k-cash-moves"](scene)
    screen = scene.window.screens.shift
    refused = ShiftRefused(Text("Không ghi được sổ", "x"), Text("Gọi người.", "x"))
    screen.drawer.reason.setFocus()
    scene.type(ENTER)
    for _ in range(2):
        scene.type(*"831642", ENTER)
        scene.bridge.post(refused)
    for amount in ("200.000", "300.000"):
        scene.press(ESC)
        scene.bridge.post(cash.running())
        scene.type("D")
        screen.drawer.dong.edit.setText(amount)
        screen.drawer.reason.edit.setText("Trả tiền đá")
        screen.drawer.reason.setFocus()
        scene.type(ENTER, *"831642", ENTER)
        scene.bridge.post(refused)
    assert (len(scene.till.intents), len(set(scene.till.intents))) == (4, 1), "it may have been stored all the same"


def test_a_move_that_is_in_the_journal_is_left_and_the_next_is_another_one(scene: Scene) -> None:
    cash.SCENES["44k-cash-moves"](scene)
    screen = scene.window.screens.shift
    screen.drawer.reason.setFocus()
    scene.type(ENTER, *"831642", ENTER)
    scene.bridge.post(DrawerMoved("another program's"))
    assert screen.pin.isVisible()
    scene.bridge.post(DrawerMoved(scene.till.intents[0]))
    assert not screen.pin.isVisible(), "nobody asks for it once more"
    scene.bridge.post(ShiftRefused(Text("Đã ghi xong", "x"), Text("ĐỪNG làm lại.", "x")))
    assert "Đã ghi xong. ĐỪNG làm lại." in scene.words()
    scene.bridge.post(cash.running())
    scene.type("D")
    screen.drawer.dong.edit.setText("200.000")
    screen.drawer.reason.edit.setText("Trả tiền đá")
    screen.drawer.reason.setFocus()
    scene.type(ENTER, *"831642", ENTER)
    assert len(set(scene.till.intents)) == 2


# --- the real till ---------------------------------------------------------------------------------------------------


def test_a_cash_refund_at_f4(scene: Scene) -> None:
    scene.bridge.post(RecentView((cash.SALE, *samples.TODAY)))
    scene.window.approvals.want(Act.REFUND, cash.SALE)
    scene.press(ENTER)
    assert "Trả tiền mặt cho khách. Ngăn kéo mở khi duyệt xong." in scene.words()
    assert not any("ZaloPay của khách" in one for one in scene.words())
    asked = scene.window.screens.approval._asked
    assert asked is not None
    scene.window.approvals._asked = asked
    scene.bridge.post(ActDone(Act.REFUND, cash.SALE.payment_id))
    scene.bridge.post(replace(cash.SALE, refundable=140_000, refunds=(cash.BACK,)))
    assert "Đã trả tiền mặt cho khách" in scene.words()


def test_with_the_real_till(sandbox: Sandbox, tmp_path: Path) -> None:
    """Opened with a float, sold, counted short, closed: by keys alone."""
    with real_shop(sandbox, tmp_path, FastClock(), cash=True) as shop:
        shop.press(F6)
        shop.until(lambda: "Ca 1 chưa mở" in shop.words(), "no shift")
        shop.press(*"500000", ENTER)
        shop.until(lambda: "Trước khi chốt" in shop.words(), "not opened")
        shop.press(F6, *"185000", ENTER, F7, *"200000", ENTER)
        shop.until(lambda: "Đã thu tiền mặt" in shop.words(), "not taken")
        assert shop.window.sale.stage.cash_taken._change._amount == 15_000
        shop.press(ENTER, F6)
        shop.until(lambda: "Đếm tiền trong ngăn kéo" in shop.words(), "no count")
        shop.press(ENTER, Qt.Key.Key_Up, *"680000", ENTER)
        shop.until(lambda: "Tiền mặt thiếu 5.000\xa0₫" in shop.words(), "not counted")
        for letter in ("B", "A", "N", "H", "O", "A"):
            shop.press(letter)
        shop.press(ENTER)
        shop.until(lambda: "Đã chốt ca 1" in shop.words(), "not closed")
        assert shop.till.journal.verify().result().ok
