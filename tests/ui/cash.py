"""A shop that takes cash, and its screens as pictures."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from pos_app.checkout.events import CashDone, PrintState, PrintView, RecentView, ShiftView, StoryView
from pos_app.checkout.views import RefundStage, RefundView, ScanSource, Stage, StoryLine
from pos_app.payments.cash import CashFact, CashKind
from pos_app.payments.gateway_names import CASH
from pos_app.shifts.cash import Cash, CashTally
from pos_app.words import Text
from tests.ui import figures, samples, shifts

if TYPE_CHECKING:
    from tests.ui.gallery import Scene

ENTER, F7 = Qt.Key.Key_Return, Qt.Key.Key_F7
SALE = replace(
    samples.PAID, payment_id="02-000148", slip_number="02-000148", source=ScanSource.CASH, stage=Stage.CASH,
    state="cash", cause=Text("Đã thu tiền mặt", "Paid in cash"), advice=Text("Thối lại 15.000 ₫.", "Change 15.000 ₫."),
    zp_trans_id="", sent_at_ms=None, accepted_at_ms=None, refundable=185_000, gateway=CASH, given=200_000,
)  # fmt: skip
BACK = RefundView(
    "02-000160", "02-000148", "02-000160", 45_000, RefundStage.DONE, "done",
    Text("Đã trả tiền mặt cho khách", "Cash was given back"), Text("Đưa phiếu hoàn cho khách.", "Hand over the slip."),
    "", "", "Ngọc Lan", Text("Khách trả lại hàng", "Goods returned"), samples.at("14:50:00"), samples.at("14:50:00"),
)  # fmt: skip
STORY = (
    StoryLine(SALE.scanned_at_ms, "money", Text("Khách đưa 200.000 ₫, thối lại 15.000 ₫ – Thu Hà",
                                                "200.000 ₫ given, change 15.000 ₫ – Thu Hà")),
    StoryLine(SALE.scanned_at_ms, "tick", Text("Đã thu tiền mặt", "Paid in cash"), strong=True),
)  # fmt: skip


def drawer(*counts: int, moves: bool = True) -> Cash:
    """The cash of the shift in the pictures: 500.000 at the beginning, 2.670.000 must be there."""
    tally = CashTally()
    for running in range(150, 164):
        tally.add(CashFact(CashKind.SALE, 185_000, f"02-{running:06}"))
    tally.add(CashFact(CashKind.REFUND, 45_000, "02-000165", "02-000151", "Ngọc Lan"))
    if moves:
        tally.add(CashFact(CashKind.PAY_OUT, 400_000, by="Ngọc Lan", reason="mua đá và ly nhựa"))
        tally.add(CashFact(CashKind.PAY_IN, 25_000, by="Ngọc Lan", reason="đổi tiền lẻ"))
        tally.add(CashFact(CashKind.OPENED, 0, by="Ngọc Lan", reason="khách đổi tiền"))
    for count in counts:
        tally.add(CashFact(CashKind.COUNTED, count))
    return tally.cash(500_000)


def takes_cash(scene: "Scene") -> None:
    """The shop of the scene takes cash."""
    scene.window.place = scene.window.place._replace(takes_cash=True)
    scene.window.sale.now.takes_cash = True


def running(*counts: int) -> ShiftView:
    """The running shift, counted so often."""
    return _with(shifts.running(), drawer(*counts))


def open_running(*counts: int) -> ShiftView:
    """The running shift with payments that are not known yet, counted so often."""
    return _with(shifts.running(shifts.OLD, shifts.UNKNOWN), drawer(*counts))


def closed(*counts: int, reason: str = "") -> ShiftView:
    """The same, closed."""
    return _with(shifts.closed(), drawer(*counts), reason)


def _with(view: ShiftView, cash: Cash, reason: str = "") -> ShiftView:
    totals = replace(view.shift.totals, cash=cash)
    ledger = {**view.shift.ledger, "cash": cash.moved}
    made = shifts._view(replace(view.shift, totals=totals, ledger=ledger, difference_reason=reason))
    return replace(made, report=replace(made.report, keeps_cash=True))


def asking(*keys: Qt.Key | str) -> Callable[["Scene"], None]:
    """An amount stands, F7, and more keys."""

    def play(scene: "Scene") -> None:
        takes_cash(scene)
        scene.window.sale.card.note.edit.setText("Bàn 5")
        scene.keys("185000")
        scene.press(ENTER)
        scene.press(F7)
        scene.type(*keys)

    return play


def taken(scene: "Scene") -> None:
    """It is in the journal."""
    asking(*"200000", ENTER)(scene)
    (*_, intent) = scene.till.cash[-1]
    scene.bridge.post(CashDone(intent, SALE))
    scene.bridge.post(PrintView(SALE.payment_id, PrintState.PRINTED))


def _listed(scene: "Scene") -> None:
    takes_cash(scene)
    view = replace(SALE, refundable=140_000, refunds=(BACK,))
    scene.bridge.post(RecentView((view, *samples.TODAY)))
    scene.press(Qt.Key.Key_F3)
    scene.bridge.post(StoryView(view, STORY))


def looked_at(view: ShiftView, *keys: Qt.Key | str) -> Callable[["Scene"], None]:
    """F6 in a shop that takes cash."""

    def play(scene: "Scene") -> None:
        takes_cash(scene)
        shifts.shown(view, *keys)(scene)

    return play


def _moving(scene: "Scene") -> None:
    looked_at(running(), "D")(scene)
    page = scene.window.screens.shift.drawer
    page.dong.edit.setText("200.000")
    page.reason.edit.setText("Trả tiền đá")


def _signing(scene: "Scene") -> None:
    _moving(scene)
    scene.window.screens.shift.drawer.reason.setFocus()
    scene.type(ENTER, *"8316")


def _differs(scene: "Scene") -> None:
    looked_at(running(2_640_000))(scene)
    scene.window.screens.shift.closing.difference.edit.setText("Thối nhầm cho khách")


def _report(tab: str) -> Callable[["Scene"], None]:
    """F7 of a week."""

    def play(scene: "Scene") -> None:
        takes_cash(scene)
        scene.clock.now_ms = samples.at("15:02:00")
        scene.press(F7)
        reports = scene.window.screens.reports
        reports.spans._tapped("week")
        scene.bridge.post(figures.shown(reports.days, scene.clock.now_ms, cash=True))
        reports.cash_tabs._tapped(tab)

    return play


SCENES: dict[str, Callable[["Scene"], None]] = {
    "44-cash": asking(),
    "44b-cash-short": asking(*"100000"),
    "44c-cash-change": asking(*"500000"),
    "44d-cash-taken": taken,
    "44e-cash-listed": _listed,
    "44f-cash-fresh": looked_at(shifts.fresh()),
    "44g-cash-to-count": looked_at(running()),
    "44h-cash-count": looked_at(running(), ENTER, *"3", Qt.Key.Key_Down, *"12"),
    "44i-cash-differs": _differs,
    "44j-cash-closed": looked_at(closed(2_640_000, 2_640_000, reason="Thối nhầm cho khách")),
    "44k-cash-moves": _moving,
    "44o-cash-to-count-and-open": looked_at(open_running()),
    "44p-cash-differs-and-open": looked_at(open_running(2_640_000)),
    "44l-cash-signs": _signing,
    "44m-cash-report": _report("cash"),
    "44n-cash-drawer-report": _report("drawer"),
}
