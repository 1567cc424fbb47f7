"""Sample regular customers, and the scenes of their screen for the gallery."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from pos_app.checkout.events import BindingState, BindingView, CustomersView
from pos_app.customers.customer import RegularCustomer
from tests.ui import samples

if TYPE_CHECKING:
    from tests.ui.gallery import Scene

KEY = Qt.Key.Key_F12
DAY_MS = 86_400_000
LAN = RegularCustomer("kh-lan0000000", "Chị Lan", "****3801", "b1", samples.at("09:00:00") - 40 * DAY_MS, 500_000)
DUC = RegularCustomer("kh-duc0000000", "Anh Đức, quán phở đầu ngõ", "****1177", "b2", samples.at("09:00:00") - DAY_MS)
MAI = RegularCustomer("kh-mai0000000", "Bà Mai", "****4020", "b3", samples.at("08:00:00"), 100_000)
ENDED = RegularCustomer("kh-old0000000", "Chú Tư", "****9900", "b4", samples.at("08:00:00") - 400 * DAY_MS, 0,
                        samples.at("08:00:00") - DAY_MS)  # fmt: skip
ALL = CustomersView((DUC, MAI, LAN, ENDED))
WAITING = BindingView(
    "261121_b00000000000000aa", "kh-hoa0000000", "Cô Hoa", BindingState.WAITING,
    "https://qcgateway.zalopay.vn/openinapp?order=" + "x" * 120,
)  # fmt: skip


def ended(state: BindingState) -> BindingView:
    """What came of it."""
    return BindingView(WAITING.binding_id, WAITING.number, WAITING.name, state)


def opened(scene: "Scene", amount: str = "") -> None:
    """The amount stands, if any, and the list is open, the first one chosen."""
    if amount:
        scene.keys(amount)
        scene.press(Qt.Key.Key_Return)
    scene.press(KEY)
    scene.bridge.post(ALL)


def _choosing(number: str, amount: str) -> Callable[["Scene"], None]:
    def play(scene: "Scene") -> None:
        opened(scene, amount)
        regulars = scene.window.screens.regulars
        regulars.rows.show_rows(regulars.rows.rows, wanted=number)

    return play


def asks_to_agree(scene: "Scene") -> None:
    """A new one was typed and asked for; the code is there."""
    opened(scene)
    regulars = scene.window.screens.regulars
    regulars.begin_new()
    regulars.new.name.edit.setText("Cô Hoa")
    regulars.new.limit.edit.setText("300.000")
    regulars.new.go_on()
    scene.bridge.post(WAITING)


def _came_to(state: BindingState) -> Callable[["Scene"], None]:
    def play(scene: "Scene") -> None:
        asks_to_agree(scene)
        scene.bridge.post(ended(state))

    return play


def _nobody(scene: "Scene") -> None:
    scene.press(KEY)
    scene.bridge.post(CustomersView(()))


def _new(scene: "Scene") -> None:
    opened(scene)
    scene.window.screens.regulars.begin_new()
    scene.window.screens.regulars.new.go_on()


def _asked(scene: "Scene") -> None:
    opened(scene)
    regulars = scene.window.screens.regulars
    regulars.new.name.edit.setText("Cô Hoa")
    regulars.new.go_on()


def _letting_go(scene: "Scene") -> None:
    opened(scene, "185000")
    scene.buttons()["Bỏ liên kết" if scene.look.language == "vi" else "Unlink"].click()


def _charged(scene: "Scene") -> None:
    opened(scene, "185000")
    scene.type(Qt.Key.Key_Return)


SCENES: dict[str, Callable[["Scene"], None]] = {
    "25-regulars": lambda scene: opened(scene, "185000"),
    "25b-nobody": _nobody,
    "25c-no-amount": opened,
    "25d-too-much": _choosing(MAI.number, "185000"),
    "25e-ended": _choosing(ENDED.number, "185000"),
    "25f-letting-go": _letting_go,
    "25g-new": _new,
    "25h-asked": _asked,
    "25i-waiting": asks_to_agree,
    "25j-bound": _came_to(BindingState.BOUND),
    "25k-refused": _came_to(BindingState.REFUSED),
    "25l-over": _came_to(BindingState.OVER),
    "25m-charged": _charged,
}
