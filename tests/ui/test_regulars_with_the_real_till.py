"""A regular customer from the name to the slip, and the slip of the shop's own account: real till, built-in gateway."""

from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pos_app.checkout.events import BindingState, BindingView, CustomersView, PrintState, PrintView
from pos_app.checkout.views import PaymentView, ScanSource, Stage
from pos_app.gateways.gateway import PayMethod
from pos_app.gateways.own_vietqr import reference_of
from pos_app.payments.acts import Act, Reason
from pos_app.sandbox.server import Sandbox
from tests.clocks import FastClock
from tests.ui.real_till import PIN, RealShop, real_shop
from tests.ui.regulars import KEY

ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[RealShop]:
    clock = FastClock()
    with Sandbox(clock=clock) as sandbox, real_shop(sandbox, tmp_path, clock) as made:
        yield made


def until_bound(shop: RealShop, state: BindingState) -> BindingView:
    shop.until(lambda: any(isinstance(one, BindingView) and one.state is state for one in shop.events), str(state))
    return next(one for one in shop.events if isinstance(one, BindingView) and one.state is state)


def add(shop: RealShop, name: str) -> None:
    shop.press(KEY)
    shop.told(CustomersView)
    shop.tap("Thêm khách")
    QTest.keyClicks(shop.window.screens.regulars.new.name.edit, name)
    shop.press(ENTER)
    waiting = until_bound(shop, BindingState.WAITING)
    assert shop.window.screens.regulars.binding.code.readable
    shop.till.demo_customer_agrees(waiting.binding_id)
    until_bound(shop, BindingState.BOUND)
    shop.until(lambda: f"Đã liên kết ví của {name}" in shop.words(), "not said")
    shop.press(ENTER)
    shop.until(lambda: [one.name for one in shop.window.screens.regulars.rows.rows] == [name], "not listed")
    shop.press(ESC)


def slip_text(shop: RealShop, view: PaymentView, kind: str = "") -> str:
    path = shop.folder / "slips" / f"{view.slip_number}{kind}.pdf"
    shop.until(path.is_file, "no slip")
    return " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def test_from_a_name_to_money_to_goodbye(shop: RealShop) -> None:
    add(shop, "Chi Lan")
    shop.press(*"30000", ENTER, KEY)
    shop.tap("Thu 30.000\u00a0₫")
    shop.until(lambda: bool(shop.views), "no payment began")
    view = shop.until_stage(next(iter(shop.views)), Stage.PAID)
    assert (view.source, view.amount) == (ScanSource.REGULAR, 30_000)
    shop.until(lambda: "Đã thanh toán" in shop.words(), "not shown on the sale")
    shop.until(lambda: any(isinstance(one, PrintView) and one.state is PrintState.SAVED for one in shop.events), "")
    said = slip_text(shop, view)
    assert "ZaloPay, khách quen" in said
    assert "Lan" not in said
    shop.press(ESC, KEY)
    shop.tap("Bỏ liên kết")
    shop.tap("Bỏ liên kết")
    shop.until(lambda: "Chưa có khách quen nào." in shop.words(), "not let go")


def test_the_slip_of_the_shops_own_account_is_printed_by_itself_and_says_who_saw_the_money(shop: RealShop) -> None:
    shop.till.pins.set_first(PIN)
    shop.till.show(amount=50_000, note="", method=PayMethod.OWN_VIETQR)
    shop.until(lambda: bool(shop.views), "no payment began")
    view = shop.until_stage(next(iter(shop.views)), Stage.SHOWN)
    assert not (shop.folder / "slips").exists()
    shop.till.act(Act.DECIDE_PAID, view.payment_id, pin=PIN, by="Ngoc Lan", reason=Reason.SEEN_IN_BANK.value)
    shop.until_stage(view.payment_id, Stage.DECIDED_PAID)
    said = slip_text(shop, view, "-by_hand")
    for words in ("KHÔNG ĐƯỢC CỔNG THANH TOÁN XÁC NHẬN", "Ngoc Lan", reference_of(view.payment_id), "VietQR của tiệm"):
        assert words in said
    for words in ("ZaloPay", "ĐÃ THANH TOÁN", "PHIẾU THANH TOÁN"):
        assert words not in said
    shop.until(lambda: shop.record(view.payment_id).copies == 1, "not counted")
