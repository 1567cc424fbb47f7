"""The gesture as it is: real window, real till, real gateway over TLS, a real picture: every step in its order."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import pytest
from PySide6.QtCore import Qt

from pos_app.checkout.moments import Step
from pos_app.checkout.views import ScanSource, Stage
from pos_app.journal.entries import GestureTimed
from pos_app.sandbox.server import Sandbox
from pos_app.scanning.camera import Camera
from pos_app.scanning.motion import Effort
from pos_app.scanning.source import Scan
from tests.clocks import FastClock
from tests.scanning.pictures import in_view, qr
from tests.ui.real_till import RealShop, real_shop

ALL = [step.value for step in Step]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealShop]:
    clock = FastClock()
    with (
        Sandbox(clock=clock) as sandbox,
        real_shop(sandbox, tmp_path_factory.mktemp("shop"), clock) as made,
    ):
        yield made


@pytest.fixture(autouse=True)
def _the_next_customer(shop: RealShop) -> Iterator[None]:
    yield
    shop.window.sale.next_customer()


def amount(shop: RealShop, dong: int) -> None:
    """It stands."""
    shop.press(*str(dong), Qt.Key.Key_Return)


def hold_out(shop: RealShop) -> None:
    """A picture with the customer's code comes from the camera, on a thread that is not the window's."""
    picture = cv2.cvtColor(in_view(qr(shop.sandbox.customer.fresh_code())), cv2.COLOR_GRAY2BGR).astype("uint8")
    camera = Camera("", on_frame=shop.till._scans.frame)
    threading.Thread(target=camera._look, args=(picture, Effort.HARDER, time.monotonic_ns())).start()


def scan_by_hand(shop: RealShop) -> None:
    shop.window.take_scan(Scan(shop.sandbox.customer.fresh_code(), "scanner", time.monotonic_ns()))


def ended(shop: RealShop, before: set[str], stage: Stage) -> str:
    shop.until(lambda: any(one not in before and shop.views[one].stage is stage for one in shop.views), f"no {stage}")
    return next(one for one in shop.views if one not in before and shop.views[one].stage is stage)


def timed(shop: RealShop, payment_id: str) -> GestureTimed:
    """What the journal says, as soon as it does."""

    def noted() -> list[GestureTimed]:
        return [one for _, one in shop.record(payment_id).entries if isinstance(one, GestureTimed)]

    shop.until(lambda: bool(noted()), "its moments were not written")
    (one,) = noted()
    return one


def steps(one: GestureTimed) -> list[str]:
    """Those that were noticed; their times must be in their order."""
    found = {name: us for name in ALL if (us := getattr(one, name)) is not None}
    assert list(found.values()) == sorted(found.values()), found
    return list(found)


@pytest.mark.parametrize("way", [hold_out, scan_by_hand])
def test_a_paid_gesture_has_every_step(shop: RealShop, way: Callable[[RealShop], None]) -> None:
    before = set(shop.views)
    amount(shop, 50_000)
    way(shop)
    payment_id = ended(shop, before, Stage.PAID)
    assert steps(timed(shop, payment_id)) == ALL
    record = shop.record(payment_id)
    kinds = [entry.kind for _, entry in record.entries]
    assert kinds.index("gesture_timed") > kinds.index("payment_settled"), "after the result"
    assert record.attempt.source == (ScanSource.CAMERA if way is hold_out else ScanSource.SCANNER).value
    shop.until(shop.till.journal.verify().done, "no verdict")
    assert shop.till.journal.verify().result().ok


def test_a_code_that_waits_for_enter_was_read_before(shop: RealShop) -> None:
    before = set(shop.views)
    shop.press(*"30000")
    hold_out(shop)
    sale = shop.window.sale
    shop.until(lambda: sale.now.gesture.has_code(now_ms=shop.clock.monotonic_ms()), "the code was not kept")
    shop.press(Qt.Key.Key_Return)
    one = timed(shop, ended(shop, before, Stage.PAID))
    assert steps(one) == ALL[1:], "all but the reading"


def test_a_declined_gesture_and_the_one_that_tries_again(shop: RealShop) -> None:
    before = set(shop.views)
    shop.sandbox.arm("balance_too_low")
    amount(shop, 20_000)
    scan_by_hand(shop)
    shop.clock.run(3)  # a refusal is asked about for some seconds
    declined = ended(shop, before, Stage.DECLINED)
    shop.clock.run(1)
    assert steps(timed(shop, declined)) == ALL
    shop.press(Qt.Key.Key_Return)
    scan_by_hand(shop)
    paid = ended(shop, before, Stage.PAID)
    assert steps(timed(shop, paid)) == ALL
    assert shop.record(paid).attempt.attempt == 2


def test_a_result_that_nobody_knows_has_no_answer(tmp_path: Path) -> None:
    clock = FastClock()
    with Sandbox(clock=clock) as sandbox, real_shop(sandbox, tmp_path, clock) as shop:
        sandbox.arm("answer_http_500")
        sandbox.arm("answer_http_500", on="query", times=50)
        amount(shop, 40_000)
        scan_by_hand(shop)
        payment_id = ended(shop, set(), Stage.UNKNOWN)
        assert steps(timed(shop, payment_id)) == [*ALL[:5], "shown_us"]
