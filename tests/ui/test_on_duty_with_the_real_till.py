"""A shop gets its first cashier, by keys alone, with the real till behind the window; the slip says who stood there."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pos_app.checkout.events import DutyView, Refused, StaffDone
from pos_app.checkout.slips import SlipHead, slip_of
from pos_app.checkout.views import RefundStage, RefundView, Stage
from pos_app.sandbox.server import Sandbox
from pos_app.scanning.source import Scan
from pos_app.staff import pin as pin_module
from tests.clocks import FastClock
from tests.ui.real_till import PIN, RealShop, real_shop

ENTER, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Down
HA, MAI = "604715", "839264"
HEAD = SlipHead("Tạp hóa", "", "", "", "02", "Nobody in particular")


@pytest.fixture
def shop(qapp: QApplication, tmp_path: Path) -> Iterator[RealShop]:
    sandbox = Sandbox()
    sandbox.start()
    with real_shop(sandbox, tmp_path, FastClock()) as made:
        yield made
    sandbox.stop()


def add(shop: RealShop, name: str, pin: str, owner: str = "") -> None:
    """F1, F10, 5: a cashier; signed by the owner."""
    shop.press(Qt.Key.Key_F1, Qt.Key.Key_F10, "5")
    staff = shop.window.screens.staff
    staff.form.name.edit.setText(name)
    shop.press(ENTER, *pin, ENTER, *pin, ENTER)
    if owner:
        staff.pin.owner.edit.setText(owner)
        shop.press(ENTER)
    shop.press(*PIN, ENTER)
    shop.told(StaffDone)


def sign_in(shop: RealShop, place: int, pin: str) -> None:
    """At the locked till: the name by arrows, the PIN, Enter."""
    shop.until(lambda: shop.window.on("lock"), "it is not locked")
    lock = shop.window.screens.lock
    lock.people.step(-9)
    shop.press(*[DOWN] * place, *pin, ENTER)
    shop.until(lambda: shop.window.on("sale"), "nobody was signed in")


def refunded(shop: RealShop, payment_id: str) -> RefundView:
    """The cashier asks, the one who may is already chosen, and is named."""
    shop.press(Qt.Key.Key_F4)
    shop.window.screens.refund.begin_with(shop.views[payment_id])
    shop.press(*"5000", ENTER)
    shop.until(lambda: shop.window.on("approval"), "nobody asks for an approval")
    approval = shop.window.screens.approval
    assert approval.people.person is not None
    assert approval.people.person.name == "Minh Anh"
    approval.why.step(1)
    approval.pin.setFocus()
    shop.press(*PIN, ENTER)
    shop.until(
        lambda: any(one.stage is RefundStage.DONE for one in shop.views[payment_id].refunds), "it is not refunded"
    )
    assert [(one.by, one.by_id) for one in shop.acted(payment_id)] == [("Minh Anh", "owner")]
    return shop.views[payment_id].refunds[0]


def test_from_the_first_cashier_on(shop: RealShop, monkeypatch: pytest.MonkeyPatch) -> None:
    judged_by: set[int] = set()
    judge = pin_module._matches

    def watched(secret: str, stored: str) -> bool:
        judged_by.add(threading.get_ident())
        return judge(secret, stored)

    monkeypatch.setattr(pin_module, "_matches", watched)
    shop.press(Qt.Key.Key_F1, Qt.Key.Key_F10, "5")
    shop.set_first_pin()
    shop.until(lambda: shop.window.on("staff"), "not back at the staff")
    shop.press(Qt.Key.Key_Escape)
    add(shop, "Thu Hà", HA, owner="Minh Anh")
    sign_in(shop, 1, HA)
    paid = shop.charge(20_000, Stage.PAID)
    assert slip_of(paid, HEAD).cashier == "Thu Hà"
    add(shop, "Mai", MAI)
    shop.until(lambda: len(shop.window.on_duty.view.people) == 3, "nobody was added")  # type: ignore[union-attr]
    shop.press(Qt.Key.Key_Escape)

    shop.press(Qt.Key.Key_F10)
    shop.until(lambda: shop.window.on("lock"), "F10 does not lock")
    before = set(shop.views)
    shop.scan()
    shop.window.take_scan(Scan(shop.sandbox.customer.fresh_code(), "scanner", 1))
    assert shop.told(Refused).title.en == "The till is locked"
    assert set(shop.views) == before
    sign_in(shop, 2, MAI)
    assert slip_of(shop.charge(30_000, Stage.PAID), HEAD).cashier == "Mai"

    refund = refunded(shop, paid.payment_id)
    assert (refund.by, refund.cashier) == ("Minh Anh", "Mai")
    assert judged_by
    assert threading.get_ident() not in judged_by, "a PIN was judged in the window's thread"
    assert shop.told(DutyView).signs_in
