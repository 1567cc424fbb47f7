"""Uncertain payments from the counter to their end: real till, real journal, the built-in gateway, keys and taps."""

import time
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import Qt

from pos_app.checkout.events import FoundView
from pos_app.checkout.views import RefundStage, Stage, Work
from pos_app.payments.acts import Act
from pos_app.payments.payment import State
from pos_app.payments.payment_code import SLIP_PREFIX
from pos_app.sandbox.server import Sandbox
from pos_app.scanning.source import Scan
from tests.clocks import FastClock
from tests.ui.real_till import PIN, RealShop, real_shop

Gateway = tuple[Sandbox, FastClock]


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    clock = FastClock()
    with Sandbox(clock=clock) as sandbox:
        yield sandbox, clock


@pytest.fixture
def shop(gateway: Gateway, tmp_path: Path) -> Iterator[RealShop]:
    with real_shop(gateway[0], tmp_path, gateway[1]) as made:
        yield made
        gateway[1].run(1)


def release(shop: RealShop, payment_id: str) -> None:
    shop.window._manage(payment_id)
    shop.tap("Cho đi tiếp")
    if shop.window.on("manager_pin"):
        shop.set_first_pin()
    shop.approve()
    shop.until(lambda: shop.views[payment_id].released, "not released")
    shop.until(lambda: shop.window.on("open_payments"), "not back in the list")


def late_money(shop: RealShop) -> str:
    shop.sandbox.arm("waits_for_customer")
    waiting = shop.charge(50_000, Stage.PROCESSING)
    release(shop, waiting.payment_id)
    assert shop.sandbox.customer.confirm(waiting.payment_id)
    shop.tap("Hỏi ZaloPay ngay")
    paid = shop.until_stage(waiting.payment_id, Stage.PAID)
    assert paid.work is Work.LATE_MONEY
    return paid.payment_id


def test_late_money_is_given_back_from_the_list(shop: RealShop) -> None:
    payment_id = late_money(shop)
    shop.sees("Tiền về muộn – cần xử lý", "1 cần xử lý")
    shop.press(Qt.Key.Key_Escape)
    assert shop.window.on("sale")
    assert (
        shop.window.sale.stage.currentWidget() is not shop.window.sale.stage.paid
    )  # late money never looks like a sale
    shop.tap("1 cần xử lý")
    shop.tap("Hoàn tiền")
    shop.press(Qt.Key.Key_Return)
    shop.approve()
    shop.sees("Đã hoàn tiền")
    refund = shop.views[payment_id].refunds[0]
    assert (refund.stage, refund.amount, refund.by) == (RefundStage.DONE, 50_000, "Ngoc Lan")
    slip = shop.folder / "slips" / f"{refund.slip_number}-refund.pdf"
    shop.sees("Đã lưu phiếu")
    said = pypdf.PdfReader(slip).pages[0].extract_text()
    assert "PHIẾU HOÀN TIỀN" in said
    assert "50.000" in said
    assert refund.refund_id in said
    shop.until(lambda: not shop.window.head._counter.isVisible(), "the counter still counts it")
    shop.press(Qt.Key.Key_F9, Qt.Key.Key_F9)
    copy = slip.with_stem(f"{refund.slip_number}-refund-copy-1")
    shop.until(copy.exists, "no copy of the refund slip")
    assert "IN LẠI lần 1" in pypdf.PdfReader(copy).pages[0].extract_text()
    assert len(list(slip.parent.glob("*.pdf"))) == 3  # the refund printed no second slip of the payment
    assert [one.act for one in shop.acted(payment_id)] == [Act.RELEASE, Act.REFUND]


def test_late_money_outlives_a_restart(gateway: Gateway, tmp_path: Path) -> None:
    with real_shop(gateway[0], tmp_path, gateway[1]) as shop:
        late_money(shop)
    with real_shop(gateway[0], tmp_path, gateway[1]) as shop:
        shop.tap("1 cần xử lý")
        shop.sees("Tiền về muộn – cần xử lý")
        shop.tap("Giữ cho đơn này")
        shop.approve()
        shop.sees("Không có khoản nào đang chờ.")


def test_a_released_sale_is_charged_with_a_new_code(shop: RealShop) -> None:
    shop.sandbox.arm("stuck")
    stuck = shop.charge(30_000, Stage.PROCESSING)
    release(shop, stuck.payment_id)
    before = set(shop.views)
    shop.tap("Thu lại 30.000\u00a0₫")
    assert shop.window.on("sale")
    shop.scan()
    shop.until(lambda: any(one not in before for one in shop.views), "no second try")
    second = next(one for one in shop.views if one not in before)
    paid = shop.until_stage(second, Stage.PAID)
    assert paid.attempt == 2
    assert shop.record(second).attempt.sale_id == shop.record(stuck.payment_id).attempt.sale_id
    assert shop.record(stuck.payment_id).state is State.PROCESSING  # still asked about


def test_a_decision_needs_the_pin_a_number_and_a_note(shop: RealShop, gateway: Gateway) -> None:
    shop.sandbox.arm("stuck")
    stuck = shop.charge(40_000, Stage.PROCESSING)
    shop.window._manage(stuck.payment_id)
    shop.until(lambda: shop.can_tap("Cho đi tiếp"), "nothing is offered")
    assert not shop.can_tap("Coi là đã trả")  # a person decides after three minutes, the gateway before
    gateway[1].run(200)
    shop.until(lambda: shop.can_tap("Coi là đã trả"), "no decision is offered")
    gateway[1].run(1)
    shop.tap("Coi là đã trả")
    shop.set_first_pin()
    shop.approve("759284", note="Trang ZaloPay co giao dich", number="261122000000001")
    shop.until(lambda: any("PIN không đúng" in text for text in shop.words()), "a wrong PIN passed")
    assert shop.acted(stuck.payment_id) == []
    assert shop.window.screens.approval.pin.count == 0
    shop.press(*PIN)  # it waits: nothing is taken
    assert shop.window.screens.approval.pin.count == 0
    shop.until(lambda: not shop.window.screens.approval.pin._closed, "the wait does not end")
    shop.press(*PIN, Qt.Key.Key_Return)
    decided = shop.until_stage(stuck.payment_id, Stage.DECIDED_PAID)
    assert decided.state == "manual_paid"
    acted = shop.acted(stuck.payment_id)
    assert [(one.act, one.by, one.number) for one in acted] == [(Act.DECIDE_PAID, "Ngoc Lan", "261122000000001")]
    shop.until(lambda: not shop.window.on("approval"), "the approval stays")
    shop.press(Qt.Key.Key_Escape)
    assert shop.window.sale.stage.currentWidget() is shop.window.sale.stage.unknown
    shop.sees("Quản lý: đã trả")


def test_cancel_is_noted_and_the_gateway_decides(shop: RealShop) -> None:
    shop.sandbox.arm("waits_for_customer")
    waiting = shop.charge(60_000, Stage.PROCESSING)
    shop.press(Qt.Key.Key_Escape)
    shop.until(lambda: shop.views[waiting.payment_id].cancel_wished, "the wish is not told")
    assert shop.window.on("sale")
    ended = shop.until_stage(waiting.payment_id, Stage.DECLINED, Stage.PAID)
    assert (ended.stage, ended.state) == (Stage.DECLINED, "cancelled")
    shop.sees("Đã hủy, chưa thu tiền")


def test_a_part_is_refunded_and_never_more_than_is_left(shop: RealShop) -> None:
    paid = shop.charge(70_000, Stage.PAID)
    shop.press(Qt.Key.Key_F4)
    shop.until(lambda: shop.window.screens.refund.rows.current is not None, "nothing to refund")
    shop.press(Qt.Key.Key_Return, *"45000", Qt.Key.Key_Return)
    shop.set_first_pin()
    shop.approve()
    shop.sees("Đã hoàn tiền")
    shop.press(Qt.Key.Key_Return)
    shop.until(
        lambda: shop.window.screens.refund.box.accessibleName().startswith("25.000"), "what is left is not offered"
    )
    shop.press(Qt.Key.Key_Return, *"26000")
    assert shop.window.screens.refund._amount == 2_600  # the digit that would go above is not taken
    shop.sees("Chỉ còn hoàn được 25.000\u00a0₫.")
    assert shop.record(paid.payment_id).refunds[0].refund.amount == 45_000


def test_a_payment_is_found_by_search_and_by_its_slip(shop: RealShop) -> None:
    paid = shop.charge(90_000, Stage.PAID)
    for wanted, ids in (("90000", [paid.payment_id]), (paid.slip_number, [paid.payment_id]), ("91000", [])):
        shop.till.find(wanted)
        found = shop.told(FoundView)
        assert found.text == wanted
        assert [one.payment_id for one in found.payments] == ids
    shop.press(Qt.Key.Key_F4, *"12345")
    assert not shop.window.screens.refund.rows.views
    shop.window.take_scan(Scan(f"{SLIP_PREFIX}{paid.payment_id}", "scanner", time.monotonic_ns()))
    shop.until(lambda: shop.window.screens.refund.box.accessibleName().startswith("90.000"), "the slip picks nothing")


def test_is_it_paid_while_the_network_is_down(gateway: Gateway, tmp_path: Path) -> None:
    own = Sandbox(clock=gateway[1])
    own.start()
    with real_shop(own, tmp_path, gateway[1]) as shop:
        shop.charge(80_000, Stage.PAID)
        own.stop()
        shop.press(Qt.Key.Key_F5)
        shop.until(lambda: shop.window.screens.is_it_paid.rows.current is not None, "nothing is shown")
        words = shop.words()
        assert {"Đã thanh toán", "“Dạ tiền đã vào rồi, cảm ơn anh chị.”"} <= words
        assert any("Đã thanh toán, giao dịch" in text for text in words)
