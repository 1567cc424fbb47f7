"""F2: our code on the stage, read back from the window's picture; and each way in which it ends."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from pos_app.checkout.events import Refused, Seen
from pos_app.checkout.views import PaymentView, ScanSource, Stage
from pos_app.gateways.gateway import PayMethod
from pos_app.payments.payment_code import PaymentCode
from pos_app.qr.picture import modules
from pos_app.qr.vietqr import check_gateway_code
from pos_app.sandbox.server import Sandbox
from pos_app.scanning.decoders import Picture, decode
from pos_app.ui.theme import Theme
from pos_app.ui.widgets.shown_code import SIDE_MIN
from pos_app.words import Language, Text
from tests.fault_matrix.window import TillWindow, window_at
from tests.ui import samples
from tests.ui.conftest import OpenScene
from tests.ui.gallery import SIZES, Scene

TWO_METRES = 0.45
"""A 12-megapixel phone (65 degrees wide) two metres from a 15-inch screen of 1024 px sees it this small."""


@pytest.fixture
def scene(open_scene: OpenScene) -> Scene:
    return open_scene()


def on_stage(scene: Scene) -> QWidget | None:
    return scene.window.sale.stage.currentWidget()


def grey(widget: QWidget, *, scaled: float = 1.0) -> Picture:
    """What the window shows, as a camera's frame."""
    QApplication.processEvents()
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    if scaled != 1.0:
        smooth = Qt.TransformationMode.SmoothTransformation
        image = image.scaledToWidth(round(image.width() * scaled), smooth)
    lines = np.frombuffer(bytes(image.constBits()), np.uint8).reshape(image.height(), image.bytesPerLine())
    picture: Picture = lines[:, : image.width()].copy()
    return picture


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def type_amount(scene: Scene) -> None:
    scene.keys("185000")
    scene.press(Qt.Key.Key_Return)


def test_f2_makes_an_order_of_an_amount_that_stands(scene: Scene) -> None:
    scene.window.sale.card.note.edit.setText("Bàn 5")
    scene.press(Qt.Key.Key_F2)
    scene.keys("185000")
    scene.press(Qt.Key.Key_F2)
    assert scene.till.shows == [], "an amount that is being typed is no order"
    scene.press(Qt.Key.Key_Return)
    scene.press(Qt.Key.Key_F2)
    scene.press(Qt.Key.Key_F2)
    assert scene.till.shows == [(185_000, "Bàn 5", "")]
    assert on_stage(scene) is scene.window.sale.stage.processing
    assert "Đã quét mã" not in words(scene.window), "nothing was scanned"


def test_the_foot_says_so(scene: Scene) -> None:
    def foot() -> list[str]:
        QApplication.processEvents()
        return [button.accessibleName() for button in scene.window.foot.findChildren(QPushButton) if button.isVisible()]

    assert "Khách quét QR" not in foot()
    type_amount(scene)
    assert "Khách quét QR" in foot()
    name = next(one for one in scene.window.foot.findChildren(QPushButton) if one.accessibleName() == "Khách quét QR")
    QTest.mouseClick(name, Qt.MouseButton.LeftButton)
    assert scene.till.shows == [(185_000, "", "")]


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize("view", [samples.SHOWN, samples.SHOWN_WALLET], ids=["any bank", "wallet"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_the_code_is_read_from_the_window(
    open_scene: OpenScene, size: tuple[int, int], view: PaymentView, theme: Theme
) -> None:
    scene = open_scene(size, theme=theme)
    scene.show(view)
    assert view.shown is not None
    for scaled in (1.0, TWO_METRES):
        assert [seen.text for seen in decode(grey(scene.window, scaled=scaled))] == [view.shown.text], scaled


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_the_code_is_large_enough_on_white_with_its_quiet_zone(open_scene: OpenScene, size: tuple[int, int]) -> None:
    scene = open_scene(size, theme=Theme.DARK)
    scene.show(samples.SHOWN)
    code = scene.window.sale.stage.customer_scans.code
    picture = grey(code)
    dark = np.argwhere(picture < 40)
    inside = dark[(dark[:, 1] > (code.width() - code.height()) // 2 + 4)]  # not the dark card around the white square
    inside = inside[inside[:, 1] < code.width() - (code.width() - code.height()) // 2 - 4]
    (top, left), (bottom, right) = inside.min(axis=0), inside.max(axis=0)
    rows = len(modules(samples.ORDER)) - 8
    unit = (bottom - top + 1) // rows
    assert (bottom - top + 1, right - left + 1) == (unit * rows, unit * rows), "whole pixels to a module"
    assert unit * (rows + 8) >= SIDE_MIN
    quiet = picture[top - 4 * unit : bottom + 4 * unit + 1, left - 4 * unit : right + 4 * unit + 1].copy()
    assert quiet.shape == (unit * (rows + 8), unit * (rows + 8))
    quiet[4 * unit : -4 * unit, 4 * unit : -4 * unit] = 255
    assert quiet.min() == 255


def test_which_apps_and_how_long(scene: Scene) -> None:
    scene.show(samples.SHOWN)
    stage = scene.window.sale.stage.customer_scans
    assert "ZaloPay và 40+ ứng dụng ngân hàng" in words(stage)
    assert stage.left.words == "3:52"
    scene.bridge.post(samples.SHOWN_WALLET)
    assert "Chỉ quét bằng ZaloPay" in words(stage)
    assert "ngân hàng" not in words(stage)


def test_the_time_left_is_of_the_monotonic_clock(scene: Scene) -> None:
    scene.show(samples.SHOWN)
    stage = scene.window.sale.stage.customer_scans
    scene.clock.now_ms += 3_600_000  # the wall clock is set
    stage._tick()
    assert stage.left.words == "3:52"
    scene.clock.ticks_ms += 231_500
    stage._tick()
    assert (stage.left.words, stage.code.readable) == ("0:01", True)
    scene.clock.ticks_ms += 500
    stage._tick()
    assert (stage.left.words, stage.code.readable) == ("0:00", False)
    assert decode(grey(scene.window)) == []
    assert "Mã đã hết giờ" in words(stage)
    assert "ĐỪNG thu lại" in words(stage)
    assert on_stage(scene) is stage, "only the gateway ends it"


class Painted(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.times = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.times += event.type() == QEvent.Type.Paint
        return False


def test_the_seconds_run_and_the_code_is_not_painted_anew(scene: Scene) -> None:
    scene.show(samples.SHOWN)
    stage = scene.window.sale.stage.customer_scans
    QApplication.processEvents()
    code, ring = Painted(stage.code), Painted(stage.left)
    for _ in range(5):
        scene.clock.ticks_ms += 1000
        stage._tick()
        QApplication.processEvents()
    assert (code.times, ring.times) == (0, 5)
    scene.look.speak(Language.EN)
    QApplication.processEvents()
    assert stage.code.accessibleName() == "Code for the customer to scan"


def test_esc_cancels_and_waits_for_the_gateway(scene: Scene) -> None:
    scene.show(samples.SHOWN)
    scene.press(Qt.Key.Key_Escape)
    assert f"cancel {samples.SHOWN.payment_id}" in scene.till.calls
    scene.bridge.post(samples.STOPPING)
    stage = scene.window.sale.stage.customer_scans
    assert on_stage(scene) is stage
    assert "Đang hủy mã" in words(stage)
    assert decode(grey(scene.window)) == []
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_F2):
        scene.press(key)
        assert on_stage(scene) is stage
    assert scene.till.calls.count(f"cancel {samples.SHOWN.payment_id}") == 1
    scene.bridge.post(samples.CANCELLED)
    assert on_stage(scene) is scene.window.sale.stage.code_over
    assert "Đã hủy, chưa thu tiền" in words(scene.window.sale.stage.code_over)


@pytest.mark.parametrize("over", [samples.CANCELLED, samples.TIMED_OUT], ids=lambda view: view.state)
def test_a_new_code_of_the_same_amount_by_one_key(scene: Scene, over: PaymentView) -> None:
    scene.show(samples.SHOWN)
    scene.bridge.post(over)
    assert "quét" not in words(scene.window.sale.stage.code_over), "there is no customer's code to ask for"
    scene.press(Qt.Key.Key_Return)
    assert scene.till.shows[1:] == [(185_000, "Bàn 5", over.payment_id)]
    again = replace(samples.CREATING, payment_id="261121_02_000149", attempt=2)
    scene.bridge.post(again)
    scene.bridge.post(replace(samples.SHOWN, payment_id="261121_02_000149"))
    assert on_stage(scene) is scene.window.sale.stage.customer_scans
    assert scene.window.sale.stage.customer_scans.left.words == "5:00"


def test_the_amount_can_be_changed_after_a_cancel_and_then_be_scanned(scene: Scene) -> None:
    scene.show(samples.SHOWN)
    scene.bridge.post(samples.CANCELLED)
    scene.press(Qt.Key.Key_Escape)
    assert on_stage(scene) is scene.window.sale.stage.waiting
    scene.press(Qt.Key.Key_Return)
    scene.scan()
    assert [charge[0] for charge in scene.till.charges] == [185_000]


def test_a_declined_scan_may_become_a_shown_code(scene: Scene) -> None:
    scene.charge(samples.DECLINED)
    scene.press(Qt.Key.Key_F2)
    assert scene.till.shows == [(185_000, "Bàn 5", samples.DECLINED.payment_id)]


def test_paid_is_the_paid_stage_as_ever(scene: Scene) -> None:
    scene.show(samples.SHOWN)
    scene.bridge.post(samples.SHOWN_PAID)
    assert on_stage(scene) is scene.window.sale.stage.paid
    assert not scene.window.sale.stage.customer_scans.code.readable
    scene.press(Qt.Key.Key_Return)
    type_amount(scene)
    scene.scan()
    assert scene.till.charges == [(185_000, "", ScanSource.SCANNER, "")]


def test_a_code_held_out_meanwhile_is_refused_in_words(scene: Scene) -> None:
    scene.show(samples.SHOWN)
    code = PaymentCode(samples.CODE)
    scene.bridge.post(Seen(code, ScanSource.SCANNER, 2))
    stage = scene.window.sale.stage.customer_scans
    assert code.used
    assert scene.till.charges == []
    assert "Chưa lấy mã vừa quét" in words(stage)
    assert stage.code.readable
    stage._drop_notice()
    assert "Chưa lấy mã vừa quét" not in words(stage)


def test_an_order_without_a_code_can_be_cancelled(scene: Scene) -> None:
    scene.show(samples.NO_CODE)
    assert "Chưa có mã để quét" in words(scene.window.sale.stage.customer_scans)
    scene.press(Qt.Key.Key_Escape)
    assert f"cancel {samples.SHOWN.payment_id}" in scene.till.calls


def test_what_a_manager_let_go_on_is_scanned_no_more(scene: Scene) -> None:
    scene.show(samples.SHOWN)
    scene.bridge.post(replace(samples.SHOWN, released=True))
    assert decode(grey(scene.window)) == []


def test_refused_by_the_till_and_tried_again(scene: Scene) -> None:
    type_amount(scene)
    scene.press(Qt.Key.Key_F2)
    scene.bridge.post(Refused(Text("Không ghi được", "Cannot write"), Text("Gọi người cài đặt", "Call")))
    assert on_stage(scene) is scene.window.sale.stage.declined
    scene.press(Qt.Key.Key_Return)
    assert scene.till.shows == [(185_000, "", ""), (185_000, "", "")]


def test_an_unfinished_scan_of_the_same_amount_is_not_taken_for_the_order(scene: Scene) -> None:
    type_amount(scene)
    scene.press(Qt.Key.Key_F2)
    scene.bridge.post(replace(samples.PROCESSING, payment_id="261121_02_000147", scanned_at_ms=samples.at("14:32:15")))
    assert scene.window.sale.now.payment_id == ""


def test_the_demo_customer_scans(open_scene: OpenScene) -> None:
    scene = open_scene(place=samples.DEMO)
    scene.press(Qt.Key.Key_F8)
    scene.show(samples.SHOWN)
    scene.press(Qt.Key.Key_F8)
    assert scene.till.calls[-1] == f"scans {samples.SHOWN.payment_id}"
    assert "demo" not in scene.till.calls
    plain = open_scene()
    plain.show(samples.SHOWN)
    plain.press(Qt.Key.Key_F8)
    assert not [call for call in plain.till.calls if call.startswith("scans")]


@pytest.mark.parametrize("own", [False, True], ids=["ZaloPay", "own account"])
def test_the_foot_names_no_demo_scan_of_a_code_whose_time_is_over(open_scene: OpenScene, *, own: bool) -> None:
    scene = open_scene(place=samples.DEMO)
    if own:
        scene.show_by(PayMethod.OWN_VIETQR.value, samples.OWN)
    else:
        scene.show(samples.SHOWN)
    assert "Khách mẫu quét" in scene.buttons()
    scene.clock.ticks_ms += 24 * 60 * 60 * 1000
    stage = scene.window.sale.stage.code_stage
    assert stage is not None
    stage._tick()
    assert "Khách mẫu quét" not in scene.buttons()


def test_the_card_never_moves_between_code_and_result(open_scene: OpenScene) -> None:
    scene = open_scene((1024, 768), language=Language.EN)
    type_amount(scene)

    def place() -> QRect:
        box = scene.window.sale.card.box
        return QRect(box.mapTo(scene.window, box.rect().topLeft()), box.size())

    before = place()
    scene.press(Qt.Key.Key_F2)
    for view in (samples.CREATING, samples.SHOWN, samples.STOPPING, samples.CANCELLED):
        scene.bridge.post(view)
        QApplication.processEvents()
        assert place() == before


# With a real till and the built-in gateway


def shown(made: TillWindow) -> PaymentView:
    """The payment on the stage, once its code is there."""
    made.until(lambda: made.window.sale.code_is_shown)
    view = made.window.sale.facts()[1]
    assert view is not None
    return view


def test_from_f2_to_paid_with_a_real_till(tmp_path: Path) -> None:
    with Sandbox() as sandbox, window_at(sandbox, tmp_path) as made:
        made.window.resize(1024, 768)
        made.amount("69000")
        made.press(Qt.Key.Key_F2)
        view = shown(made)
        made.until(lambda: not made.window.sale.stage.fading)
        [seen] = decode(grey(made.window))
        assert check_gateway_code(seen.text, amount=69_000).amount == 69_000
        made.scan(sandbox.customer.fresh_code())
        made.until_shown("Chưa lấy mã vừa quét")
        assert sandbox.pay_order(view.payment_id)
        made.until_shown("Đã thanh toán")
        assert [order["state"] for order in sandbox.orders()] == ["paid"]


def test_cancel_new_code_and_the_demo_customer_with_a_real_till(tmp_path: Path) -> None:
    with Sandbox() as sandbox, window_at(sandbox, tmp_path) as made:
        made.amount("69000")
        made.press(Qt.Key.Key_F2)
        first = shown(made)
        made.press(Qt.Key.Key_Escape)
        made.until_shown("Đã hủy, chưa thu tiền", 20)
        made.press(Qt.Key.Key_Return)
        second = shown(made)
        assert (second.attempt, second.amount, second.payment_id == first.payment_id) == (2, 69_000, False)
        made.till.demo_customer_scans(second.payment_id)
        made.until_shown("Đã thanh toán")
        assert [order["state"] for order in sandbox.orders()] == ["cancelled", "paid"]
        assert made.window.sale.facts()[1] is not None
        assert made.window.sale.facts()[1].stage is Stage.PAID  # type: ignore[union-attr]
