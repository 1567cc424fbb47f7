"""Regular customers: the right one, for the amount that stands, at once; a new one by a code; nobody by accident."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from pos_app.checkout.events import BindingState, BindingView, CustomersView, Refused
from pos_app.checkout.views import ScanSource, Stage
from pos_app.scanning.decoders import decode
from pos_app.ui.customer_window import CustomerWindow
from pos_app.ui.theme import Theme
from pos_app.ui.widgets.customer_list import fits
from pos_app.words import Language, Text
from tests.ui import regulars, samples
from tests.ui.conftest import OpenScene
from tests.ui.gallery import SIZES, Scene
from tests.ui.test_customer_scans import grey

ENTER, ESC, DOWN, TAB = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Tab


@pytest.fixture
def scene(open_scene: OpenScene) -> Scene:
    return open_scene()


def charged(scene: Scene) -> list[str]:
    return [call for call in scene.till.calls if call.startswith("charge ")]


def click(scene: Scene, name: str) -> None:
    QTest.mouseClick(scene.buttons()[name], Qt.MouseButton.LeftButton)


def names(scene: Scene) -> list[str]:
    return [one.name for one in scene.window.screens.regulars.rows.rows]


# --- charging --------------------------------------------------------------------------------------------------------


def test_enter_charges_the_chosen_one_at_once_and_shows_it_on_the_sale(scene: Scene) -> None:
    scene.window.sale.card.note.edit.setText("Bàn 5")
    regulars.opened(scene, "185000")
    scene.type(DOWN, DOWN)
    assert "Thu 185.000\u00a0₫" in scene.buttons()
    scene.type(ENTER)
    assert charged(scene) == [f"charge {regulars.LAN.number} 185000 Bàn 5 "]
    assert scene.window.on("sale")
    sending = replace(samples.SENDING, source=ScanSource.REGULAR)
    scene.bridge.post(sending)
    scene.bridge.post(replace(samples.PAID, source=ScanSource.REGULAR))
    assert scene.window.sale.stage.currentWidget() is scene.window.sale.stage.paid


def test_the_button_charges_as_enter_does(scene: Scene) -> None:
    regulars.opened(scene, "20000")
    click(scene, "Thu 20.000\u00a0₫")
    assert charged(scene) == [f"charge {regulars.DUC.number} 20000  "]


def test_a_second_enter_charges_nothing_more(scene: Scene) -> None:
    regulars.opened(scene, "20000")
    scene.type(ENTER, ENTER)
    scene.press(regulars.KEY)
    scene.type(ENTER)
    assert len(charged(scene)) == 1
    assert "Nhập số tiền trước" in scene.buttons()


def test_a_key_that_is_held_down_charges_nothing(scene: Scene) -> None:
    regulars.opened(scene, "20000")
    held = QKeyEvent(QEvent.Type.KeyPress, ENTER, Qt.KeyboardModifier.NoModifier, "\r", autorep=True)
    focused: QWidget | None = scene.window.focusWidget()
    assert focused is not None
    QApplication.sendEvent(focused, held)
    assert charged(scene) == []
    scene.type(ENTER)
    assert len(charged(scene)) == 1


@pytest.mark.parametrize("typed", ["", "20000"])
def test_without_an_amount_that_stands_nothing_is_charged(scene: Scene, typed: str) -> None:
    scene.keys(typed)
    regulars.opened(scene)
    scene.type(ENTER)
    assert not scene.buttons()["Nhập số tiền trước"].isEnabled()
    assert charged(scene) == []
    assert scene.window.on("regulars")


def test_no_more_than_the_customer_agreed_to(scene: Scene) -> None:
    regulars.opened(scene, "100001")
    scene.type(DOWN, ENTER)
    assert charged(scene) == []
    assert "Khách chỉ đồng ý tối đa 100.000\u00a0₫ mỗi lần." in scene.words()


def test_a_link_that_has_ended_charges_nothing(scene: Scene) -> None:
    regulars.opened(scene, "20000")
    scene.type(DOWN, DOWN, DOWN, ENTER)
    assert charged(scene) == []
    assert "Liên kết đã hết hạn. Thêm khách lại từ đầu." in scene.words()


def test_while_another_sale_is_open_nothing_is_charged(scene: Scene) -> None:
    scene.charge(samples.PROCESSING)
    regulars.opened(scene)
    scene.type(ENTER)
    assert charged(scene) == []
    scene.press(ESC)
    assert scene.window.sale.now.payment_id == samples.PROCESSING.payment_id


def test_what_was_declined_is_tried_again_by_another_customers_wallet(scene: Scene) -> None:
    scene.charge(samples.DECLINED)
    regulars.opened(scene)
    scene.type(ENTER)
    assert charged(scene) == [f"charge {regulars.DUC.number} 185000 Bàn 5 {samples.DECLINED.payment_id}"]


def test_a_refused_charge_is_told_on_the_sale(scene: Scene) -> None:
    regulars.opened(scene, "20000")
    scene.type(ENTER)
    scene.bridge.post(Refused(Text("Quá mức khách đã đồng ý", "Too much"), Text("Thu bằng mã.", "Scan.")))
    assert "Quá mức khách đã đồng ý" in scene.words()


# --- the list --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [("lan", ["Chị Lan"]), ("dUc", [regulars.DUC.name]), ("đức", [regulars.DUC.name]), ("3801", ["Chị Lan"]),
     ("pho quan", [regulars.DUC.name]), ("x", []), ("", [one.name for one in regulars.ALL.customers])],
)  # fmt: skip
def test_the_list_is_filtered_as_one_types(scene: Scene, typed: str, found: list[str]) -> None:
    regulars.opened(scene)
    scene.window.screens.regulars.search.edit.setText(typed)
    assert names(scene) == found
    assert [one.name for one in regulars.ALL.customers if fits(one, typed)] == found


def test_nobody_is_charged_when_nobody_is_found(scene: Scene) -> None:
    regulars.opened(scene, "20000")
    scene.window.screens.regulars.search.edit.setText("x")
    scene.type(ENTER)
    assert charged(scene) == []
    assert "Không có khách quen nào như vậy." in scene.words()


def test_the_chosen_one_stays_chosen_when_the_list_is_told_anew(scene: Scene) -> None:
    regulars.opened(scene, "20000")
    scene.type(DOWN, DOWN)
    scene.bridge.post(CustomersView((regulars.LAN, *regulars.ALL.customers[:2])))
    scene.type(ENTER)
    assert charged(scene) == [f"charge {regulars.LAN.number} 20000  "]


# --- a new one -------------------------------------------------------------------------------------------------------


def test_by_keyboard_from_the_name_to_the_code(scene: Scene) -> None:
    regulars.opened(scene)
    click(scene, "Thêm khách")
    page = scene.window.screens.regulars.new
    scene.type(ENTER)
    assert "Còn thiếu tên khách." in scene.words()
    QTest.keyClicks(page.name.edit, "Co Hoa")
    scene.type(TAB, *"300000", ENTER)
    assert scene.till.calls[-1] == "bind Co Hoa 300000"
    assert "Đang xin mã liên kết" in scene.words()
    scene.bridge.post(replace(regulars.WAITING, name="Co Hoa"))
    assert "Mời Co Hoa quét mã này" in scene.words()


def test_an_amount_that_is_none_is_not_taken_for_no_limit(scene: Scene) -> None:
    regulars.opened(scene)
    page = scene.window.screens.regulars.new
    scene.window.screens.regulars.begin_new()
    page.name.edit.setText("Cô Hoa")
    page.limit.edit.setText("30.00")
    page.go_on()
    assert not [call for call in scene.till.calls if call.startswith("bind")]
    assert "Số tiền chưa đúng, ví dụ 500.000." in scene.words()


def test_what_the_gateway_refused_is_told_and_what_was_typed_stays(scene: Scene) -> None:
    regulars.opened(scene)
    page = scene.window.screens.regulars.new
    scene.window.screens.regulars.begin_new()
    page.name.edit.setText("Cô Hoa")
    page.go_on()
    scene.bridge.post(Refused(Text("Chưa liên kết được", "Not linked"), Text("Thử lại sau.", "Try later.")))
    assert "Chưa liên kết được. Thử lại sau." in scene.words()
    assert page.name.text == "Cô Hoa"
    page.go_on()
    assert len([call for call in scene.till.calls if call.startswith("bind")]) == 2


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
@pytest.mark.parametrize("theme", Theme)
def test_the_code_can_be_read_from_the_screen(open_scene: OpenScene, size: tuple[int, int], theme: Theme) -> None:
    scene = open_scene(size, theme=theme)
    regulars.asks_to_agree(scene)
    code = scene.window.screens.regulars.binding.code
    QApplication.processEvents()
    assert min(code.width(), code.height()) >= 240
    assert [one.text for one in decode(grey(scene.window))] == [regulars.WAITING.link]


@pytest.mark.parametrize(
    ("state", "said"),
    [(BindingState.BOUND, "Đã liên kết ví của Cô Hoa"), (BindingState.REFUSED, "Cô Hoa không đồng ý"),
     (BindingState.OVER, "Hết giờ chờ Cô Hoa")],
)  # fmt: skip
def test_what_came_of_it_is_said_and_the_code_is_gone(scene: Scene, state: BindingState, said: str) -> None:
    regulars.asks_to_agree(scene)
    scene.bridge.post(regulars.ended(state))
    assert said in scene.words()
    assert not scene.window.screens.regulars.binding.code.readable
    scene.type(ENTER)
    assert said not in scene.words()
    assert charged(scene) == []


def test_a_code_that_is_left_goes_on_waiting_in_the_list(scene: Scene) -> None:
    regulars.asks_to_agree(scene)
    scene.press(ESC)
    scene.press(regulars.KEY)
    assert names(scene)[0] == "Cô Hoa"
    assert "Mời Cô Hoa quét mã này" in scene.words()
    scene.type(DOWN)
    assert "Mời Cô Hoa quét mã này" not in scene.words()
    assert not any(call.startswith("drop") for call in scene.till.calls)
    scene.bridge.post(regulars.ended(BindingState.BOUND))
    assert "Đã liên kết ví của Cô Hoa" not in scene.words()
    assert "Cô Hoa" not in names(scene)


def test_nobody_waits_any_more_when_that_is_wished(scene: Scene) -> None:
    regulars.asks_to_agree(scene)
    click(scene, "Không chờ nữa")
    assert scene.till.calls[-1] == f"drop {regulars.WAITING.binding_id}"
    assert "Cô Hoa" not in names(scene)


def test_the_customer_of_another_code_is_never_shown_in_its_place(scene: Scene) -> None:
    regulars.asks_to_agree(scene)
    other = BindingView("other", "kh-other", "Ông Sáu", BindingState.WAITING, "https://example.com/other")
    scene.bridge.post(other)
    assert "Mời Cô Hoa quét mã này" in scene.words()
    scene.bridge.post(replace(other, state=BindingState.BOUND, link=""))
    assert "Mời Cô Hoa quét mã này" in scene.words()


@pytest.mark.parametrize("demo", [True, False])
def test_only_a_demo_has_a_demo_customer_who_agrees(open_scene: OpenScene, demo: bool) -> None:
    scene = open_scene(place=samples.DEMO if demo else samples.PLACE)
    regulars.asks_to_agree(scene)
    assert ("Khách mẫu đồng ý" in scene.buttons()) is demo
    if demo:
        click(scene, "Khách mẫu đồng ý")
        assert scene.till.calls[-1] == f"agrees {regulars.WAITING.binding_id}"


@pytest.mark.parametrize("language", list(Language))
def test_pages_that_are_not_shown_take_no_room_from_the_list(open_scene: OpenScene, language: Language) -> None:
    scene = open_scene((1024, 768), place=samples.DEMO, language=language)
    regulars.opened(scene)
    QApplication.processEvents()
    screen = scene.window.screens.regulars
    assert screen.rows.width() > 0.4 * screen.width()


# --- letting go ------------------------------------------------------------------------------------------------------


def test_it_is_asked_in_place_before_a_customer_is_let_go(scene: Scene) -> None:
    regulars.opened(scene, "20000")
    click(scene, "Bỏ liên kết")
    assert scene.buttons()["Giữ lại"].hasFocus()
    assert not any(call.startswith("unbind") for call in scene.till.calls)
    scene.window.screens.regulars.search.setFocus()
    scene.type(ENTER)
    assert charged(scene) == []  # the question stands there, nobody is charged
    scene.press(ESC)
    assert scene.window.on("regulars")
    assert "Giữ lại" not in scene.buttons()
    click(scene, "Bỏ liên kết")
    click(scene, "Giữ lại")
    click(scene, "Bỏ liên kết")
    click(scene, "Bỏ liên kết")
    assert scene.till.calls[-1] == f"unbind {regulars.DUC.number}"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_the_ring_is_round_the_answer_that_enter_gives(open_scene: OpenScene, size: tuple[int, int]) -> None:
    """The question needs two lines, found after the focus: the ring goes along when its box moves."""
    scene = open_scene(size)
    regulars.opened(scene, "185000")
    click(scene, "Bỏ liên kết")
    for _ in range(3):
        QApplication.processEvents()
    keep = scene.buttons()["Giữ lại"]
    assert scene.window._ring.geometry().center() == keep.mapTo(scene.window, keep.rect().center())


def test_another_customer_is_another_question(scene: Scene) -> None:
    regulars.opened(scene)
    click(scene, "Bỏ liên kết")
    scene.window.screens.regulars.rows.step(1)
    assert "Giữ lại" not in scene.buttons()


def test_what_could_not_be_ended_is_told(scene: Scene) -> None:
    regulars.opened(scene)
    scene.bridge.post(Refused(Text("Chưa hủy được liên kết", "Not unlinked"), Text("Thử lại khi có mạng.", "Try.")))
    assert "Chưa hủy được liên kết. Thử lại khi có mạng." in scene.words()


# --- nobody else sees it ---------------------------------------------------------------------------------------------


def test_the_customer_display_shows_no_name_and_no_link(open_scene: OpenScene) -> None:
    scene = open_scene(place=samples.PLACE._replace(customer_screen="window"))
    QApplication.processEvents()
    display = next(one for one in QApplication.topLevelWidgets() if isinstance(one, CustomerWindow))
    regulars.opened(scene, "185000")
    for turn in range(3):
        if turn == 1:
            scene.type(DOWN, DOWN, ENTER)
        elif turn == 2:
            for view in (samples.SENDING, samples.PAID):
                scene.bridge.post(replace(view, source=ScanSource.REGULAR))
        QApplication.processEvents()
        labels = [label.text() for label in display.findChildren(QLabel) if label.isVisible()]
        assert labels
        assert not [text for text in labels if "Lan" in text or "3801" in text]
        assert ("Đang thu từ ví đã liên kết" in labels) is (turn == 1)
    _, payment, *_ = scene.window.sale.facts()
    assert payment is not None
    assert payment.stage is Stage.PAID
