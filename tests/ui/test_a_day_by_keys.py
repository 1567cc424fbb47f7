"""A day at the real till by the keyboard alone: nothing is tapped, and it is seen where the keys go."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from pos_app.checkout.views import RefundStage, Stage
from pos_app.sandbox.server import Sandbox
from pos_app.scanning.source import Scan
from tests.clocks import FastClock
from tests.ui.real_till import PIN, RealShop, real_shop

KEY = Qt.Key
ENTER, ESC, DOWN, TAB = KEY.Key_Return, KEY.Key_Escape, KEY.Key_Down, KEY.Key_Tab
HA = "604715"


@pytest.fixture
def shop(qapp: QApplication, tmp_path: Path) -> Iterator[RealShop]:
    clock = FastClock()
    with Sandbox(clock=clock) as sandbox, real_shop(sandbox, tmp_path, clock) as made:
        made.window.activateWindow()
        made.until(made.window.isActiveWindow, "the window is not active")
        yield made


def focused(shop: RealShop) -> QWidget:
    """Where the keys go: a widget that is there and can be seen."""
    QApplication.processEvents()
    widget: QWidget | None = QApplication.focusWidget()
    assert widget is not None
    assert widget.isVisible(), (shop.window.screens.name, widget.parent(), widget.accessibleName())
    return widget


def press(shop: RealShop, *keys: Qt.Key | str) -> None:
    for key in keys:
        QTest.keyClick(focused(shop), key if isinstance(key, Qt.Key) else Qt.Key(ord(key)))
    focused(shop)


def open_screen(shop: RealShop, key: Qt.Key, name: str) -> None:
    press(shop, key)
    shop.until(lambda: shop.window.on(name), f"no {name}")


def wedge(shop: RealShop) -> None:
    """What a scanner that types has read, past the filter that tells it from people."""
    shop.window.take_scan(Scan(shop.sandbox.customer.fresh_code(), "scanner", shop.clock.monotonic_ms() * 1_000_000))


def sell(shop: RealShop, amount: int, stage: Stage) -> str:
    before = set(shop.views)
    press(shop, *str(amount), ENTER)
    wedge(shop)
    shop.until(lambda: bool(set(shop.views) - before), "no payment began")
    (payment_id,) = set(shop.views) - before
    shop.until_stage(payment_id, stage)
    return payment_id


def sign_in(shop: RealShop, place: int) -> None:
    shop.until(lambda: shop.window.on("lock"), "it is not locked")
    press(shop, *[KEY.Key_Up] * 9, *[DOWN] * place, *HA, ENTER)
    shop.until(lambda: shop.window.on("sale"), "nobody was signed in")


def first_cashier(shop: RealShop) -> None:
    """F1, F10: the owner's PIN, then a cashier with one."""
    press(shop, KEY.Key_F1, KEY.Key_F10, "5")
    shop.set_first_pin()
    shop.until(lambda: shop.window.on("staff"), "not back at the staff")
    press(shop, ESC)
    press(shop, KEY.Key_F1, KEY.Key_F10, "5")
    QTest.keyClicks(focused(shop), "Thu Ha")
    press(shop, ENTER, *HA, ENTER, *HA, ENTER)
    QTest.keyClicks(focused(shop), "Minh Anh")
    press(shop, ENTER, *PIN, ENTER)
    sign_in(shop, 1)


def test_a_day_by_keys_alone(shop: RealShop) -> None:
    first_cashier(shop)
    shop.sandbox.arm("balance_too_low")
    declined = sell(shop, 40_000, Stage.DECLINED)
    press(shop, ENTER)
    wedge(shop)
    shop.until(lambda: len(shop.views) == 2, "no second try")
    paid = next(one for one in shop.views if one != declined)
    shop.until_stage(paid, Stage.PAID)
    press(shop, ESC)

    press(shop, *"25000", ENTER, KEY.Key_F2)  # a code of ours, and none after all
    shop.until(lambda: any(one.stage is Stage.SHOWN for one in shop.views.values()), "no code is shown")
    press(shop, ESC)
    shop.until(lambda: all(one.stage is not Stage.SHOWN for one in shop.views.values()), "it is not cancelled")
    press(shop, ESC)

    open_screen(shop, KEY.Key_F3, "payments")
    press(shop, DOWN, DOWN, TAB)
    open_screen(shop, KEY.Key_F9, "slip")
    press(shop, ESC)
    for key, name in ((KEY.Key_F5, "is_it_paid"), (KEY.Key_F6, "shift"), (KEY.Key_F12, "regulars")):
        open_screen(shop, key, name)
        open_screen(shop, KEY.Key_F1, "help")
        press(shop, ESC)
        assert shop.window.on(name)
        press(shop, ESC)

    open_screen(shop, KEY.Key_F4, "refund")
    shop.until(lambda: shop.window.screens.refund.rows.current is not None, "nothing to refund")
    press(shop, ENTER, ENTER)
    shop.until(lambda: shop.window.on("approval"), "nobody asks for an approval")
    press(shop, DOWN, *PIN, ENTER)
    shop.until(lambda: any(one.stage is RefundStage.DONE for one in shop.views[paid].refunds), "it is not refunded")
    press(shop, ESC, ESC)
    press(shop, KEY.Key_F10)
    sign_in(shop, 1)
    assert shop.window.on_duty.person_id
