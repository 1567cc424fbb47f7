"""All ways to pay: never two codes of one sale at a time, the shop's own account, and links. Window and keys."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from pos_app.checkout.events import OpenCount, PinState, PrintState, PrintView, Ready, Refused, Seen
from pos_app.checkout.views import PaymentView, ScanSource, Stage
from pos_app.gateways.gateway import PayMethod
from pos_app.journal.entries import ManagerActed
from pos_app.payments.acts import Act, Reason
from pos_app.payments.payment_code import PaymentCode
from pos_app.sandbox.server import Sandbox
from pos_app.scanning.decoders import decode
from pos_app.ui.customer_window import CustomerWindow
from pos_app.ui.facing import Page
from pos_app.ui.sounds import Sound
from pos_app.ui.theme import Theme
from pos_app.ui.ways_to_pay import LINK
from pos_app.words import Text
from tests.clocks import FastClock
from tests.ui import samples
from tests.ui.conftest import OpenScene
from tests.ui.gallery import SIZES, Scene
from tests.ui.real_till import RealShop, real_shop
from tests.ui.test_customer_scans import TWO_METRES, grey

ENTER, ESC, F2 = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_F2
ALL = tuple(PayMethod)
QUICK_LOOK = 0.25
"""What a phone's viewfinder makes of it: 1080 p across the 2.55 m that 65 degrees see at two metres are 0.75 px to the
mm; the 305 mm of a 15-inch screen of 1024 px become 230 px. (`TWO_METRES` is the whole 12-megapixel picture.)"""
AGAIN = "261121_02_000151"
BESIDE = samples.PLACE._replace(customer_screen="window")


@pytest.fixture
def scene(open_scene: OpenScene) -> Scene:
    return open_scene()


def on(scene: Scene) -> str:
    stage = scene.window.sale.stage
    return next(name for name in vars(stage) if stage.on(name))


def words(scene: Scene) -> str:
    return "\n".join(scene.words())


def cancels(scene: Scene) -> list[str]:
    return [call for call in scene.till.calls if call.startswith("cancel")]


# One gesture stays one gesture


def test_f2_shows_the_code_that_most_can_pay_at_once(scene: Scene) -> None:
    scene.stand("185000")
    scene.press(F2)
    assert scene.till.methods == [PayMethod.ANY]
    assert scene.till.shows == [(185_000, "Bàn 5", "")]


@pytest.mark.parametrize("method", ALL)
def test_each_way_can_be_chosen_before_anything_is_made(scene: Scene, method: PayMethod) -> None:
    scene.stand("185000")
    scene.choose(method.value)
    assert (scene.till.methods, scene.till.shows) == ([method], [(185_000, "Bàn 5", "")])


def test_the_choice_makes_nothing_and_a_scan_still_pays(scene: Scene) -> None:
    scene.stand("185000")
    scene.buttons()["Cách trả khác"].click()
    assert on(scene) == "ways"
    scene.press(ESC)
    assert on(scene) == "waiting"
    scene.buttons()["Cách trả khác"].click()
    scene.scan(ScanSource.CAMERA)
    assert (scene.till.shows, [one[0] for one in scene.till.charges]) == ([], [185_000])


def test_an_amount_that_is_being_typed_has_no_choice(scene: Scene) -> None:
    scene.bridge.post(samples.HEALTHY[0])
    scene.keys("185000")
    scene.window.sale.tender.choose_way()
    assert on(scene) == "waiting"
    assert "Cách trả khác" not in scene.buttons()


# Never two codes at a time


def shown(scene: Scene) -> None:
    scene.stand("185000")
    scene.press(F2)
    scene.bridge.post(samples.CREATING)
    scene.bridge.post(samples.SHOWN)


def test_digits_choose_nothing_while_the_choice_is_not_open(scene: Scene) -> None:
    """The next amount, typed too early, must not cancel what the customer is just scanning."""
    shown(scene)
    scene.type(*"123456789")
    assert (cancels(scene), len(scene.till.shows)) == ([], 1)


def test_the_code_goes_on_being_shown_while_one_chooses(scene: Scene) -> None:
    shown(scene)
    scene.press(F2)
    assert [seen.text for seen in decode(grey(scene.window))] == [samples.ORDER]
    scene.bridge.post(replace(samples.SHOWN, asked=2))
    assert scene.window.sale.now.choosing
    scene.press(ESC)
    assert (on(scene), scene.window.sale.now.choosing, cancels(scene)) == ("customer_scans", False, [])


def test_another_way_waits_until_the_first_has_ended(scene: Scene) -> None:
    shown(scene)
    scene.choose(PayMethod.BANK_CARD.value, shift=False)
    assert cancels(scene) == [f"cancel {samples.SHOWN.payment_id}"]
    for view in (samples.STOPPING, replace(samples.STOPPING, asked=1)):
        scene.bridge.post(view)
        assert len(scene.till.shows) == 1
        assert decode(grey(scene.window)) == []
    assert {"Đang hủy mã cũ"} <= scene.words()
    assert "Thẻ quốc tế" in words(scene)
    scene.bridge.post(samples.CANCELLED)
    assert scene.till.shows[1:] == [(185_000, "Bàn 5", samples.SHOWN.payment_id)]
    assert scene.till.methods[1:] == [PayMethod.BANK_CARD]
    scene.bridge.post(samples.CANCELLED)  # told once more: it is over
    scene.bridge.post(replace(samples.CREATING, payment_id=AGAIN, attempt=2))
    scene.bridge.post(replace(samples.CARD, payment_id=AGAIN))
    assert [seen.text for seen in decode(grey(scene.window))] == [samples.CARD_PAGE]
    assert len(scene.till.shows) == 2


@pytest.mark.parametrize("ended", [samples.SHOWN_PAID, samples.MISMATCH, samples.UNKNOWN], ids=lambda one: one.stage)
def test_what_turns_out_otherwise_meanwhile_is_shown_and_nothing_new_is_made(scene: Scene, ended: PaymentView) -> None:
    shown(scene)
    scene.choose(PayMethod.OWN_VIETQR.value, shift=False)
    scene.bridge.post(samples.STOPPING)
    scene.bridge.post(replace(ended, source=ScanSource.SHOWN))
    assert on(scene) == ("paid" if ended is samples.SHOWN_PAID else "unknown")
    assert len(scene.till.shows) == 1


def test_a_cancel_that_could_not_be_noted_wants_nothing_afterwards(scene: Scene) -> None:
    shown(scene)
    scene.choose(PayMethod.OWN_VIETQR.value, shift=False)
    scene.bridge.post(Refused(Text("Không ghi được", "Cannot write"), Text("Gọi người cài đặt", "Call")))
    scene.bridge.post(samples.TIMED_OUT)
    assert on(scene) == "code_over"
    assert len(scene.till.shows) == 1


def card(scene: Scene) -> None:
    scene.show_by(PayMethod.BANK_ATM.value, samples.CARD)


def test_a_gateway_without_a_cancel_is_said_before_its_code_is_put_away(scene: Scene) -> None:
    card(scene)
    scene.choose("any", shift=False)
    assert cancels(scene) == []
    assert any("AppotaPay không hủy được mã: khách vẫn trả được đến 14:37" in text for text in scene.words())
    assert [seen.text for seen in decode(grey(scene.window))] == [samples.CARD_PAGE]
    scene.choose("any", shift=False)
    assert cancels(scene) == [f"cancel {samples.CARD.payment_id}"]
    scene.bridge.post(samples.CARD_STOPPING)
    scene.bridge.post(samples.CARD_UNKNOWN)
    assert "AppotaPay không có lệnh hủy" in scene.words()
    assert len(scene.till.shows) == 1, "the first can still be paid"


def test_esc_too_says_it_before_the_code_is_put_away(scene: Scene) -> None:
    card(scene)
    scene.press(ESC)
    assert cancels(scene) == []
    assert any(text.startswith("AppotaPay không hủy được mã") for text in scene.words())
    scene.press(ESC)
    assert cancels(scene) == [f"cancel {samples.CARD.payment_id}"]


def test_who_may_have_made_the_transfer_is_not_sent_another_way_at_once(scene: Scene) -> None:
    own(scene)
    scene.choose("any", shift=False)
    assert cancels(scene) == []
    assert any(text.startswith("Khách đã chuyển rồi thì ĐỪNG đổi cách trả") for text in scene.words())
    scene.choose("any", shift=False)
    assert cancels(scene) == [f"cancel {samples.OWN.payment_id}"]
    scene.bridge.post(samples.OWN_STOPPING)
    scene.bridge.post(samples.OWN_CANCELLED)
    assert scene.till.methods == [PayMethod.OWN_VIETQR, PayMethod.ANY]


@pytest.mark.parametrize(
    ("method", "shown", "stopping"),
    [
        (PayMethod.OWN_VIETQR, samples.OWN, samples.OWN_STOPPING),
        (PayMethod.BANK_ATM, samples.CARD, samples.CARD_STOPPING),
    ],
    ids=["own", "card"],
)
def test_the_warning_goes_when_it_was_heeded(
    scene: Scene, method: PayMethod, shown: PaymentView, stopping: PaymentView
) -> None:
    scene.show_by(method.value, shown)
    scene.choose("any", shift=False)
    assert any("lần nữa" in text for text in scene.words())
    scene.choose("any", shift=False)
    scene.bridge.post(stopping)
    assert not any("lần nữa" in text for text in scene.words())
    assert any("ZaloPay, mọi ngân hàng" in text for text in scene.words())


def test_a_manager_lets_it_go_on_in_the_way_that_was_wanted(scene: Scene) -> None:
    card(scene)
    for _ in range(2):
        scene.choose("any", shift=False)
    scene.bridge.post(samples.CARD_UNKNOWN)
    scene.bridge.post(replace(samples.CARD_UNKNOWN, released=True))
    scene.buttons()["Thu lại"].click()
    assert scene.till.methods == [PayMethod.BANK_ATM, PayMethod.ANY]
    assert scene.till.shows[-1] == (185_000, "Bàn 5", samples.CARD.payment_id)


def test_a_new_code_is_of_the_same_way_and_f2_of_the_first(scene: Scene) -> None:
    card(scene)
    scene.bridge.post(replace(samples.TIMED_OUT, gateway=samples.CARD.gateway))
    scene.press(ENTER)
    scene.bridge.post(replace(samples.CREATING, payment_id=AGAIN))
    scene.bridge.post(replace(samples.CARD, payment_id=AGAIN))
    scene.bridge.post(replace(samples.TIMED_OUT, payment_id=AGAIN))
    scene.press(F2)
    assert scene.till.methods == [PayMethod.BANK_ATM, PayMethod.BANK_ATM, PayMethod.ANY]


# What reads it, and that it is read

EACH = [
    (PayMethod.ANY, samples.SHOWN, "ZaloPay và 40+ ứng dụng ngân hàng", "Mở ZaloPay hoặc ứng dụng ngân hàng"),
    (PayMethod.WALLET, samples.SHOWN, "Chỉ quét bằng ZaloPay", "Mở ZaloPay (chỉ ZaloPay)"),
    (PayMethod.VIETQR, samples.SHOWN, "Chỉ quét bằng ứng dụng ngân hàng", "Mở ứng dụng ngân hàng"),
    (PayMethod.BANK_ATM, samples.CARD, "Quét bằng camera điện thoại", "Mở camera điện thoại"),
    (PayMethod.BANK_CARD, samples.CARD, "Quét bằng camera điện thoại", "Mở camera điện thoại"),
    (PayMethod.BANK_QR, samples.BANK_QR, "Chỉ quét bằng ứng dụng ngân hàng", "Mở ứng dụng ngân hàng"),
    (PayMethod.OWN_VIETQR, samples.OWN, "Mời khách chuyển khoản", "Chuyển tiền, rồi chờ quầy xác nhận"),
]


def display(scene: Scene) -> CustomerWindow:
    QApplication.processEvents()
    made = scene.window._customer_display
    assert made is not None
    assert made.window is not None
    return made.window


def read_there(window: QWidget) -> str:
    QApplication.processEvents()
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize(("method", "view", "here", "there"), EACH, ids=[one[0].value for one in EACH])
def test_what_reads_the_code_is_said_to_both(
    open_scene: OpenScene, method: PayMethod, view: PaymentView, here: str, there: str
) -> None:
    scene = open_scene((1024, 768), place=BESIDE)
    scene.show_by(method.value, view)
    assert here in scene.words()
    assert there in read_there(display(scene))
    assert view.shown is not None
    for window in (scene.window, display(scene)):
        assert [seen.text for seen in decode(grey(window))] == [view.shown.text]


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
@pytest.mark.parametrize(("method", "view"), [one[:2] for one in EACH[3:]], ids=[one[0].value for one in EACH[3:]])
def test_each_code_is_read_from_the_window(
    open_scene: OpenScene, method: PayMethod, view: PaymentView, size: tuple[int, int], theme: Theme
) -> None:
    scene = open_scene(size, theme=theme)
    scene.show_by(method.value, view)
    assert view.shown is not None
    for scaled in (1.0, TWO_METRES, QUICK_LOOK):
        assert [seen.text for seen in decode(grey(scene.window, scaled=scaled))] == [view.shown.text], scaled


# The shop's own account


def own(scene: Scene) -> None:
    scene.bridge.post(PinState(is_set=True))
    scene.show_by(PayMethod.OWN_VIETQR.value, samples.OWN)


def test_account_reference_and_who_confirms_stand_there(scene: Scene) -> None:
    own(scene)
    assert {
        "Vietcombank · 0071000123456", "02000148K7QX", "KHÔNG qua cổng: quản lý xem tiền vào rồi xác nhận bằng PIN",
    } <= scene.words()  # fmt: skip
    assert "ZaloPay" not in "\n".join(
        label.text() for label in scene.window.sale.stage.own_account.findChildren(QLabel) if label.isVisible()
    )


def test_money_is_seen_by_name_and_pin_alone(scene: Scene) -> None:
    own(scene)
    scene.press(ENTER)
    assert scene.window.on("approval")
    assert scene.till.acts == []
    approval = scene.window.screens.approval
    assert not approval.number.isVisible()
    approval.who.edit.setText("Ngọc Lan")
    approval.pin.setFocus()
    scene.type(*"831642", ENTER)
    assert scene.till.acts == [
        samples.Approved(Act.DECIDE_PAID, samples.OWN.payment_id, "831642", "Ngọc Lan", Reason.SEEN_IN_BANK.value,
                         "", "", 0, "")
    ]  # fmt: skip


def test_what_a_manager_saw_never_looks_like_a_gateways_word(open_scene: OpenScene) -> None:
    heard: list[Sound] = []
    scene = open_scene(place=BESIDE)
    own(scene)
    scene.window.sale._sounds.play = heard.append  # type: ignore[assignment,method-assign]
    scene.bridge.post(samples.OWN_SEEN)
    scene.bridge.post(PrintView(samples.OWN.payment_id, PrintState.PRINTED))
    assert on(scene) == "seen_money"
    assert {"Quản lý đã thấy tiền", "Không qua cổng thanh toán.", "Đã in phiếu"} <= scene.words()
    assert Sound.PAID not in heard
    green = scene.look.colour("green").upper()
    image = scene.window.grab().toImage()
    inside = {image.pixelColor(x, y).name().upper() for x in range(470, 1350, 8) for y in range(70, 690, 8)}
    assert green not in inside
    assert display(scene).shown.page is Page.RECEIVED
    assert "Quầy đã nhận chuyển khoản" in read_there(display(scene))
    scene.press(ENTER)
    assert on(scene) == "ready"


def test_a_code_that_was_taken_back_promises_the_customer_nothing(open_scene: OpenScene) -> None:
    scene = open_scene(place=BESIDE)
    own(scene)
    scene.press(ESC)
    scene.bridge.post(samples.OWN_STOPPING)
    assert decode(grey(scene.window)) == []
    assert display(scene).shown.page is Page.TAKEN_BACK
    scene.bridge.post(samples.OWN_CANCELLED)
    assert "Nếu khách đã chuyển, xem lại tài khoản." in scene.words()
    assert "chưa thu tiền" not in read_there(display(scene)).lower()
    assert "Nếu quý khách đã chuyển tiền, xin báo cho quầy" in read_there(display(scene))


def test_a_payment_code_is_refused_while_a_transfer_is_awaited(scene: Scene) -> None:
    own(scene)
    code = PaymentCode(samples.CODE)
    scene.bridge.post(Seen(code, ScanSource.SCANNER, 2))
    assert code.used
    assert scene.till.charges == []
    assert any(text.startswith("Chưa lấy mã vừa quét") for text in scene.words())


def test_a_transfer_that_nobody_saw_stays_and_is_decided_from_the_list(scene: Scene) -> None:
    own(scene)
    scene.bridge.post(samples.OWN_UNKNOWN)
    assert on(scene) == "unknown"
    assert not any("ZaloPay" in text and "hỏi" in text for text in scene.words()), "nobody is asked"
    scene.bridge.post(OpenCount((samples.OWN_UNKNOWN,)))
    scene.window._show_open()
    assert {"Đã thấy tiền", "Không thấy tiền"} <= scene.buttons().keys()
    assert "Hỏi Chuyển khoản ngay" not in scene.buttons()
    scene.buttons()["Không thấy tiền"].click()
    assert {"Quản lý xác nhận không thấy tiền"} <= scene.words()


# Links


def link(scene: Scene) -> None:
    scene.stand("185000")
    scene.choose(LINK)
    scene.bridge.post(samples.LINK_MAKING)
    scene.bridge.post(samples.LINK_WAITS)


def test_a_link_is_copied_and_the_counter_is_free(scene: Scene) -> None:
    link(scene)
    assert scene.till.links == [(185_000, "Bàn 5")]
    assert [seen.text for seen in decode(grey(scene.window))] == [samples.LINK]
    assert "Khách trả được đến 16:32." in scene.words()
    scene.press(ENTER)
    assert QGuiApplication.clipboard().text() == samples.LINK
    assert "Đã chép" in scene.buttons()
    scene.type(*"92000", ENTER)  # the next sale begins as it does anywhere
    scene.scan()
    assert [one[0] for one in scene.till.charges] == [92_000]
    assert cancels(scene) == []


def test_a_link_is_never_taken_for_the_sale_at_the_counter(scene: Scene) -> None:
    """The same amount, in the same seconds, and another customer."""
    link(scene)
    scene.press(ESC)
    scene.stand("185000")
    scene.scan()
    scene.bridge.post(replace(samples.LINK_WAITS, asked=1))
    scene.bridge.post(replace(samples.OTHER_LINK, amount=185_000, scanned_at_ms=samples.at("14:32:15")))
    scene.bridge.post(samples.LINK_PAID)
    assert on(scene) == "processing"
    scene.bridge.post(replace(samples.SENDING, payment_id=AGAIN))
    assert scene.window.sale.now.payment_id == AGAIN


def test_a_link_that_is_paid_is_news_with_a_sound(scene: Scene) -> None:
    heard: list[Sound] = []
    scene.window.arrivals._sounds.play = heard.append  # type: ignore[assignment,method-assign]
    link(scene)
    scene.press(ESC)
    heard.clear()
    scene.bridge.post(samples.LINK_PAID)
    assert heard == [Sound.PAID]
    assert any(text.startswith("185.000") and text.endswith("Đã thanh toán") for text in scene.words())


def test_links_that_wait_have_their_own_heading_and_a_way_there(scene: Scene) -> None:
    link(scene)
    scene.press(ESC)
    scene.bridge.post(samples.OTHER_LINK)
    scene.bridge.post(OpenCount((samples.WATCHED,)))
    scene.buttons()["2 liên kết"].click()
    screen = scene.window.screens.open_payments
    assert "Liên kết đang chờ" in scene.words()
    assert [one.payment_id for one in screen.rows.views] == [samples.WATCHED.payment_id]
    assert {one.payment_id for one in screen.links.views} == {
        samples.LINK_WAITS.payment_id, samples.OTHER_LINK.payment_id
    }  # fmt: skip
    QGuiApplication.clipboard().clear()
    scene.type(Qt.Key.Key_Down)
    assert screen.chosen_id in {one.payment_id for one in screen.links.views}
    scene.buttons()["Chép liên kết"].click()
    assert QGuiApplication.clipboard().text() == samples.LINK
    scene.buttons()["Hủy khoản này"].click()
    assert cancels(scene) == [f"cancel {screen.chosen_id}"]
    for view in (samples.LINK_WAITS, samples.OTHER_LINK):
        scene.bridge.post(replace(samples.LINK_PAID, payment_id=view.payment_id))
    scene.bridge.post(OpenCount(()))
    assert "Liên kết đang chờ" not in scene.words()
    assert not [name for name in scene.buttons() if name.endswith("liên kết")]


def test_a_link_is_nothing_for_the_customer_who_stands_here(open_scene: OpenScene) -> None:
    scene = open_scene(place=BESIDE)
    link(scene)
    assert display(scene).shown.page is Page.IDLE
    assert "185.000" not in read_there(display(scene))
    assert decode(grey(display(scene))) == []
    scene.bridge.post(samples.LINK_PAID)
    assert display(scene).shown.page is Page.IDLE


def test_a_link_that_is_refused_can_be_tried_again(scene: Scene) -> None:
    scene.stand("185000")
    scene.choose(LINK)
    scene.bridge.post(Refused(Text("Không ghi được", "Cannot write"), Text("Gọi người cài đặt", "Call")))
    assert on(scene) == "declined"
    scene.press(ENTER)
    assert scene.till.links == [(185_000, "Bàn 5")] * 2


# The arrows


def focused(scene: Scene) -> str:
    widget = scene.window.focusWidget()
    assert isinstance(widget, QWidget)
    return widget.accessibleName()


@pytest.mark.parametrize(
    ("size", "keys", "name"),
    [
        ((1366, 768), ["Right"], "Chỉ ví ZaloPay"),
        ((1366, 768), ["Down", "Down"], "Chỉ ngân hàng (VietQR)"),
        ((1366, 768), ["Left"], "Giữ mã này"),
        ((1366, 768), ["Right", "Up", "Left"], "Gửi liên kết"),
        ((1024, 768), ["Right", "Right"], "Chỉ ngân hàng (VietQR)"),
        ((1024, 768), ["Right", "Down"], "Thẻ ATM nội địa"),
        ((1024, 768), ["Right", "Down", "Up"], "Chỉ ví ZaloPay"),
        ((1920, 1080), ["Up"], "Gửi liên kết"),
    ],
)
def test_the_arrows_go_from_way_to_way(
    open_scene: OpenScene, size: tuple[int, int], keys: list[str], name: str
) -> None:
    scene = open_scene(size)
    scene.bridge.post(Ready(methods=ALL))
    scene.show(samples.SHOWN)
    scene.press(F2)
    for key in keys:
        scene.type(Qt.Key[f"Key_{key}"])
    assert focused(scene) == name
    assert scene.till.calls[-1:] != ["next"]
    assert scene.window._ring.isVisible(), "nobody sees where the keys are"


def test_enter_takes_the_way_that_the_arrows_came_to_and_leaves_no_button_in_focus(scene: Scene) -> None:
    scene.bridge.post(Ready(methods=ALL))
    scene.show(samples.SHOWN)
    scene.press(F2)
    scene.type(Qt.Key.Key_Down, ENTER)
    assert cancels(scene) == [f"cancel {samples.SHOWN.payment_id}"]
    assert scene.window.focusWidget() is scene.window.sale.card.box
    scene.bridge.post(samples.STOPPING)
    scene.bridge.post(samples.CANCELLED)
    assert scene.till.methods[-1] is PayMethod.WALLET


def test_keeping_the_code_gives_the_keys_back(scene: Scene) -> None:
    """The key after that must not press the button beside the ways: it would cancel the code."""
    scene.bridge.post(Ready(methods=ALL))
    scene.show(samples.SHOWN)
    scene.press(F2)
    scene.type(Qt.Key.Key_Down, ESC, ENTER, Qt.Key.Key_Space)
    assert scene.window.focusWidget() is scene.window.sale.card.box
    assert cancels(scene) == []


# What the gateway tells by itself


def test_told_that_it_is_paid_the_code_goes_and_nothing_is_green(open_scene: OpenScene) -> None:
    scene = open_scene(place=BESIDE)
    scene.show(samples.SHOWN)
    assert scene.window.sale.code_is_shown
    scene.bridge.post(samples.TOLD_PAID)
    assert on(scene) == "customer_scans"
    assert {"ZaloPay báo đã trả", "Máy đang kiểm tra lại. ĐỪNG thu lại."} <= scene.words()
    assert decode(grey(scene.window)) == decode(grey(display(scene))) == []
    assert display(scene).shown.page is Page.CHECKING
    assert "Đã thanh toán" not in words(scene) + read_there(display(scene))
    assert "Hủy mã" not in scene.buttons()
    scene.type(ESC, F2)
    assert cancels(scene) == []
    assert not scene.window.sale.now.choosing
    scene.bridge.post(samples.SHOWN_PAID)
    assert on(scene) == "paid"


def test_told_while_another_way_is_chosen_it_says_so(scene: Scene) -> None:
    scene.bridge.post(Ready(methods=ALL))
    scene.show(samples.SHOWN)
    scene.press(F2)
    scene.bridge.post(samples.TOLD_PAID)
    assert not scene.window.sale.now.choosing
    assert "ZaloPay báo đã trả" in scene.words()
    scene.type("1")
    assert cancels(scene) == []


def test_told_of_a_scanned_code_or_a_link_it_is_said_too(scene: Scene) -> None:
    scene.charge(samples.SCANNED_TOLD_PAID)
    assert "ZaloPay báo đã trả" in scene.words()
    assert "Hủy" not in scene.buttons()
    scene.bridge.post(samples.PAID)
    scene.press(ENTER)
    link(scene)
    scene.bridge.post(samples.LINK_TOLD_PAID)
    assert "ZaloPay báo đã trả" in scene.words()
    assert "Chép liên kết" not in scene.buttons()
    assert decode(grey(scene.window)) == []


# The demo customer


def test_f8_pays_whatever_is_shown_and_tells_that_nobody_hears_of_a_transfer(open_scene: OpenScene) -> None:
    scene = open_scene(place=samples.DEMO)
    scene.show_by(PayMethod.BANK_CARD.value, samples.CARD)
    scene.press(Qt.Key.Key_F8)
    assert scene.till.calls[-1] == f"scans {samples.CARD.payment_id}"
    own = open_scene(place=samples.DEMO)
    own.show_by(PayMethod.OWN_VIETQR.value, samples.OWN)
    own.press(Qt.Key.Key_F8)
    assert not [call for call in own.till.calls if call.startswith("scans")]
    assert "không cổng nào báo" in words(own)
    sent = open_scene(place=samples.DEMO)
    link(sent)
    sent.press(Qt.Key.Key_F8)
    assert sent.till.calls[-1] == f"scans {samples.LINK_WAITS.payment_id}"


# With a real till and the built-in gateway


def choose(shop: RealShop, way: str) -> None:
    QTest.keyClick(shop.window, F2, Qt.KeyboardModifier.ShiftModifier)
    shop.press(str(1 + list(shop.window.sale.stage.choice.ways).index(way)))


def over(shop: RealShop, payment_id: str) -> bool:
    """Whether it ended as not paid; an answer of the very millisecond of the cancel proves nothing, so ask anew."""
    shop.till.ask_now(payment_id)
    return shop.views[payment_id].stage is Stage.DECLINED


def test_from_one_way_to_the_next_with_a_real_till(tmp_path: Path) -> None:
    """ZaloPay's code, then a card's page instead, then the shop's own account: one code at a time, one sale."""
    clock = FastClock()
    with Sandbox(clock=clock) as sandbox, real_shop(sandbox, tmp_path, clock) as shop:
        sale = shop.window.sale
        shop.until(lambda: len(sale.now.methods) == len(ALL), "the ways are not told")
        shop.press(*"69000", ENTER, F2)
        shop.until(lambda: sale.code_is_shown, "no code")
        first = sale.now.payment_id
        choose(shop, PayMethod.OWN_VIETQR.value)
        shop.until(lambda: sale.stage.on("own_account") and sale.code_is_shown, "no code of the shop's own account")
        second = shop.views[sale.now.payment_id]
        assert shop.views[first].stage is Stage.DECLINED
        assert (second.attempt, second.amount, second.gateway) == (2, 69_000, "demo_own_vietqr")
        assert [order["state"] for order in sandbox.orders()] == ["cancelled"]
        for _ in range(2):
            choose(shop, PayMethod.BANK_CARD.value)
        shop.until(lambda: over(shop, second.payment_id), "not cancelled")
        shop.until(lambda: sale.stage.on("customer_scans") and sale.code_is_shown, "no card page")
        third = shop.views[sale.now.payment_id]
        assert shop.views[second.payment_id].stage is Stage.DECLINED
        shop.until(lambda: not sale.stage.fading, "it fades for ever")
        [seen] = decode(grey(shop.window))
        assert third.shown is not None
        assert seen.text == third.shown.text
        assert shop.record(third.payment_id).attempt.sale_id == shop.record(first).attempt.sale_id
        assert sandbox.pay_order(third.payment_id)
        shop.until_stage(third.payment_id, Stage.PAID)
        shop.sees("Đã thanh toán")
        assert any("AppotaPay" in text for text in shop.words())


def test_own_account_from_code_to_slip_with_a_real_till(tmp_path: Path) -> None:
    clock = FastClock()
    with Sandbox(clock=clock) as sandbox, real_shop(sandbox, tmp_path, clock) as shop:
        sale = shop.window.sale
        shop.until(lambda: len(sale.now.methods) == len(ALL), "the ways are not told")
        shop.press(*"45000", ENTER)
        choose(shop, PayMethod.OWN_VIETQR.value)
        shop.until(lambda: sale.code_is_shown, "no code")
        payment_id = sale.now.payment_id
        shop.press(ENTER)
        shop.set_first_pin()
        shop.approve()
        shop.until_stage(payment_id, Stage.DECIDED_PAID)
        shop.until(lambda: shop.window.on("sale") and "Đã lưu phiếu" in shop.words(), "no slip")
        assert sale.stage.on("seen_money")
        acted = [entry for _, entry in shop.record(payment_id).entries if isinstance(entry, ManagerActed)]
        assert [(one.act, one.reason, one.note) for one in acted] == [(Act.DECIDE_PAID, Reason.SEEN_IN_BANK, "")]


def test_a_link_is_paid_while_others_are_served_with_a_real_till(tmp_path: Path) -> None:
    clock = FastClock()
    with Sandbox(clock=clock) as sandbox, real_shop(sandbox, tmp_path, clock) as shop:
        sale = shop.window.sale
        shop.until(lambda: len(sale.now.methods) == len(ALL), "the ways are not told")
        shop.press(*"70000", ENTER)
        choose(shop, LINK)
        shop.until(lambda: shop.can_tap("Chép liên kết"), "no link")
        link_id = sale.now.payment_id
        shop.press(ESC)
        served = shop.charge(70_000, Stage.PAID)
        assert served.payment_id != link_id
        shop.until(lambda: shop.can_tap("1 liên kết"), "the link is out of sight")
        assert sandbox.pay_order(link_id)
        shop.tap("1 liên kết")
        shop.tap("Hỏi ZaloPay ngay")
        paid = shop.until_stage(link_id, Stage.PAID)
        assert paid.late
        shop.until(lambda: not shop.can_tap("1 liên kết"), "a paid link still waits")
        assert any(text.startswith("70.000") and text.endswith("Đã thanh toán") for text in shop.words())


# A scan whose result is slow


@pytest.fixture
def slow(scene: Scene) -> None:
    scene.stand("185000")
    scene.scan()
    for view in (samples.SENDING, samples.PROCESSING):
        scene.bridge.post(view)


@pytest.mark.usefixtures("slow")
def test_our_code_takes_the_place_of_a_slow_scan_once_that_has_ended(scene: Scene) -> None:
    scene.press(F2)
    assert (cancels(scene), scene.till.shows) == ([f"cancel {samples.PROCESSING.payment_id}"], [])
    scene.bridge.post(samples.CANCELLING)
    assert {"Đang hủy lần quét"} <= scene.words()
    scene.press(F2)
    scene.press(F2)
    assert scene.till.shows == [], "it may still be paid"
    scene.bridge.post(replace(samples.DECLINED, payment_id=samples.PROCESSING.payment_id, state="cancelled"))
    assert scene.till.shows == [(185_000, "Bàn 5", samples.PROCESSING.payment_id)]
    assert on(scene) == "processing"


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("ended", [samples.PAID, samples.UNKNOWN], ids=lambda one: one.stage)
def test_a_slow_scan_that_is_paid_after_all_gets_no_code_of_ours(scene: Scene, ended: PaymentView) -> None:
    scene.press(F2)
    scene.bridge.post(samples.CANCELLING)
    scene.bridge.post(replace(ended, payment_id=samples.PROCESSING.payment_id))
    assert (on(scene), scene.till.shows) == ("paid" if ended is samples.PAID else "unknown", [])
