"""A shop's shifts, and the screen about them as pictures."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from pos_app.checkout.events import PinState, ShiftRefused, ShiftSaved, ShiftState, ShiftView
from pos_app.checkout.shift_report import ReportHead, shift_report
from pos_app.payments.ledger import Standing
from pos_app.payments.payment import State
from pos_app.shifts.shift import Shift, SignedOff
from pos_app.shifts.totals import Open, PaymentFact, RefundFact, Tally, Totals
from pos_app.words import Text
from tests.ui import people, samples

if TYPE_CHECKING:
    from tests.ui.gallery import Scene

HEAD = ReportHead(
    "Tạp hóa Minh Anh", "45 Lê Lợi, P. Bến Nghé, TP. Hồ Chí Minh", "028 3822 1234", "0301234567", "02", demo=False
)
UNKNOWN = Open("261121_02-000201-k3p9", "02-000201", 68_000, 2)
OLD = Open("261121_02-000117-k3p9", "02-000117", 1_250_000, 1)
LEDGER = {"wallet": 9_832_500, "manual": 1_287_000, "suspense": 1_318_000, "surplus": 0}


def _paid(running: int, amount: int, source: str = "scanner", *, late: bool = False) -> PaymentFact:
    now = Standing(amount, State.PAID, late)
    return PaymentFact(f"02-{running:06}", running, "zalopay_v2", source, 2, None, now, "")


def totals(*opened: Open) -> Totals:
    """What the shift of the pictures comes to."""
    tally = Tally(2)
    for number in range(131, 177):
        tally.payment(_paid(number, 148_000))
    tally.payment(_paid(177, 34_500))
    for number in range(178, 188):
        tally.payment(_paid(number, 185_000, "shown"))
    tally.payment(_paid(188, 113_000, "link"))
    tally.payment(_paid(204, 1_287_000, "shown"))
    own = PaymentFact("02-000190", 190, "own_vietqr", "shown", 2, None, Standing(1_287_000, State.MANUAL_PAID), "")
    tally.payment(own)
    for number, cause in ((191, "-63"), (192, "-63"), (193, "-217")):
        now = Standing(50_000, State.FAILED)
        tally.payment(PaymentFact(f"02-{number:06}", number, "zalopay_v2", "scanner", 2, None, now, cause))
    over = Standing(90_000, State.EXPIRED)
    tally.payment(PaymentFact("02-000194", 194, "zalopay_v2", "shown", 2, None, over, ""))
    was, is_paid = Standing(415_000, State.UNKNOWN), Standing(415_000, State.PAID)
    tally.payment(PaymentFact("02-000098", 98, "zalopay_v2", "scanner", 1, was, is_paid, ""))
    tally.refund(RefundFact("02-000195", 195, "02-000148", "zalopay_v2", "scanner", 2, 45_000, "Ngọc Lan", done=True))
    tally.refund(RefundFact("02-000196", 196, "02-000152", "zalopay_v2", "shown", 2, 215_000, "Ngọc Lan", done=True))
    tally.act("Ngọc Lan", "decide_paid", 1_287_000)
    tally.reprinted(2)
    for one in opened:
        tally.open(one)
    return tally.totals(118_400_000, 0)


def _agreeing(figures: Totals) -> dict[str, int]:
    it = figures.moves
    return {"wallet": it.wallet, "manual": it.manual, "suspense": it.suspense, "surplus": it.surplus}


def running(*opened: Open, ledger: dict[str, int] | None = None) -> ShiftView:
    """The running shift."""
    figures = totals(*opened)
    it = _agreeing(figures) if ledger is None else ledger
    return _view(Shift(2, None, samples.at("13:58:10"), "Thu Hà", None, "", figures, it))


def closed(*opened: Open) -> ShiftView:
    """The same, closed."""
    figures = totals(*opened)
    signed = SignedOff("Ngọc Lan", "p1", "khách đã về, cổng chưa trả lời", opened)
    at = (samples.at("13:58:10"), "Thu Hà", samples.at("21:02:44"), "Thu Hà")
    return _view(Shift(2, 2, *at, figures, _agreeing(figures), signed))


def fresh() -> ShiftView:
    """The next one, that nobody has opened."""
    return _view(Shift(3, None, None, "", None, "", Tally(3).totals(128_232_500), {}))


def _view(shift: Shift) -> ShiftView:
    return ShiftView(shift_report(shift, HEAD, samples.at("21:02:44")), shift)


def shown(view: ShiftView, *keys: Qt.Key | str) -> Callable[["Scene"], None]:
    """F6, and what the till says."""

    def play(scene: "Scene") -> None:
        scene.bridge.post(PinState(is_set=True))
        scene.bridge.post(people.HA_IS_HERE)
        opened = view.shift.opened_at_ms if view.shift.z_number is None else None
        scene.bridge.post(ShiftState(view.shift.number, opened, view.shift.opened_by))
        scene.press(Qt.Key.Key_F6)
        scene.bridge.post(view)
        scene.type(*keys)

    return play


def signing(scene: "Scene") -> None:
    shown(running(OLD, UNKNOWN))(scene)
    scene.window.screens.shift.closing.reason.edit.setText("Khách đã về, cổng chưa trả lời")
    scene.type(Qt.Key.Key_Return, *"8316")


def wrong_pin(scene: "Scene") -> None:
    signing(scene)
    scene.type(*"42", Qt.Key.Key_Return)
    scene.bridge.post(ShiftRefused(*people.WRONG, 8))


def saved(scene: "Scene") -> None:
    shown(closed(UNKNOWN))(scene)
    scene.bridge.post(ShiftSaved("/home/tiem/pos-app/reports/02-z-000002.pdf"))


def being_sent(scene: "Scene") -> None:
    shown(running(), Qt.Key.Key_Return)(scene)
    title = Text("Chưa chốt được ca", "The shift cannot be closed")
    why = Text(
        "Đang gửi một khoản thu. Đợi vài giây rồi chốt lại.",
        "A payment is being sent. Wait a few seconds, then close again.",
    )
    scene.bridge.post(ShiftRefused(title, why))


SCENES: dict[str, Callable[["Scene"], None]] = {
    "42-shift": shown(running()),
    "42b-shift-open": shown(running(OLD, UNKNOWN)),
    "42c-shift-sign": signing,
    "42d-shift-wrong-pin": wrong_pin,
    "42e-shift-closed": saved,
    "42f-shift-fresh": shown(fresh()),
    "42g-shift-sent": being_sent,
    "42h-shift-differs": shown(running(ledger={"wallet": 9_832_499})),
}
