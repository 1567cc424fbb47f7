"""Every state of the screens as a picture: `python -m tests.ui.gallery OUTDIR [SIZE% …] [PART+PART …]`."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QEvent, QIODevice, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from pos_app.checkout import fitness
from pos_app.checkout.events import (
    ActRefused,
    CameraView,
    LatestView,
    OpenCount,
    PinChanged,
    PinState,
    PrintState,
    PrintView,
    Ready,
    RecentView,
    Refused,
    Seen,
    SlipView,
    StoryView,
)  # fmt: skip
from pos_app.checkout.views import PaymentView, RefundView, ScanSource, StoryLine
from pos_app.clock import Clock
from pos_app.gateways.gateway import PayMethod
from pos_app.payments.acts import Act
from pos_app.payments.payment_code import WRONG_CODES, NotACode, PaymentCode
from pos_app.ui import facing
from pos_app.ui.bridge import Bridge
from pos_app.ui.customer_window import CustomerWindow
from pos_app.ui.look import Look
from pos_app.ui.main_window import MainWindow
from pos_app.ui.place import Place
from pos_app.ui.sounds import Sounds
from pos_app.ui.speech import Speech
from pos_app.ui.theme import FULL, WORDS, Role, Theme, load_fonts, make_font
from pos_app.ui.widgets.button import Button
from pos_app.words import Language, Text
from tests.ui import cash, figures, findings, first_start, people, regulars, samples, shifts

SIZES = ((1024, 768), (1366, 768), (1920, 1080))


class Scene:
    """A window with a written-down till behind it."""

    def __init__(
        self, size: tuple[int, int] = SIZES[1], *, language: Language = Language.VI, theme: Theme = Theme.LIGHT,
        place: Place = samples.PLACE, motion: bool = False, text: int = 100,
        speech: Speech | None = None,
    ) -> None:  # fmt: skip
        self.put_away: list[MainWindow] = []
        self.clock = samples.FixedClock()
        self.bridge, self.look, self.till = (
            Bridge(),
            Look(language, theme, text=text, motion=motion),
            samples.WrittenDown(),
        )
        self.window = MainWindow(self.bridge, self.look, self.clock, place, Sounds(on=False), speech=speech)
        # No till's threads are at work here: what waits a moment for them is shown at once.
        self.window.sale._show_soon = self.window.sale._show_begun  # type: ignore[method-assign]
        self.window.sale._painted.wait_for = lambda _widget, _what: None  # type: ignore[method-assign, assignment]
        self.window.resize(*size)
        self.window.show()
        self.window.obey(self.till)
        for view in samples.HEALTHY:
            self.bridge.post(view)
        self.bridge.post(RecentView(samples.RECENT))
        self.bridge.post(CameraView(b"", 0, 0))

    def keys(self, text: str) -> None:
        for letter in text:
            QTest.keyClick(self.window, Qt.Key(ord(letter)))
        self.clock.ticks_ms += 1000

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.window, key)

    def type(self, *keys: Qt.Key | str) -> None:
        """Keys where the focus is, as the window system delivers them."""
        for key in keys:
            pressed = key if isinstance(key, Qt.Key) else Qt.Key(ord(key))
            focused: QWidget | None = self.window.focusWidget()
            QTest.keyClick(focused if focused is not None else self.window, pressed)

    def scan(self, source: ScanSource = ScanSource.SCANNER) -> None:
        self.bridge.post(Seen(PaymentCode(samples.CODE), source, 1))

    def words(self) -> set[str]:
        """What can be read now."""
        QApplication.processEvents()
        return {label.text() for label in self.window.findChildren(QLabel) if label.isVisible()}

    def buttons(self) -> dict[str, QPushButton]:
        """What can be pressed now, by name; of two of one name the first."""
        QApplication.processEvents()
        there = [one for one in self.window.findChildren(QPushButton) if one.isVisible()]
        return {one.accessibleName(): one for one in reversed(there)}

    def charge(self, view: PaymentView) -> None:
        self.window.sale.card.note.edit.setText("Bàn 5")
        self.keys("185000")
        self.scan()
        self.bridge.post(samples.SENDING)
        self.bridge.post(view)

    def show(self, view: PaymentView) -> None:
        """F2, and what the till tells of it; 68 seconds later."""
        self.window.sale.card.note.edit.setText("Bàn 5")
        self.keys("185000")
        self.press(Qt.Key.Key_Return)
        self.press(Qt.Key.Key_F2)
        self.bridge.post(samples.CREATING)
        self.clock.ticks_ms += 68_000
        self.bridge.post(view)

    def choose(self, way: str, *, shift: bool = True) -> None:
        """Another way to pay, by keys: the choice, and its digit."""
        if shift:
            QTest.keyClick(self.window, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
        else:
            self.press(Qt.Key.Key_F2)
        place = list(self.window.sale.stage.choice.ways).index(way)
        self.type(str(place + 1))

    def show_by(self, way: str, view: PaymentView) -> None:
        """As `show`, by a way that is chosen before anything is shown."""
        self.stand("185000")
        self.choose(way)
        self.bridge.post(replace(samples.CREATING, gateway=view.gateway))
        self.clock.ticks_ms += 68_000
        self.bridge.post(view)

    def stand(self, digits: str, note: str = "Bàn 5") -> None:
        """All ways to pay are there, and an amount stands."""
        self.bridge.post(Ready(methods=tuple(PayMethod)))
        self.window.sale.card.note.edit.setText(note)
        self.keys(digits)
        self.press(Qt.Key.Key_Return)

    def close(self) -> None:
        self.window.close()
        while self.window.isVisible():
            QApplication.processEvents()
        for window in (self.window, *self.put_away):
            window.deleteLater()
        QApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))


def settle() -> None:
    """All that is laid out later is laid out now.

    A height found in one pass is used in the next, and a part without room for large texts takes the next smaller size.
    """
    for _ in range(12):
        QApplication.processEvents()


def _waiting(scene: Scene) -> None:
    scene.window.sale.card.note.edit.setText("Bàn 5")
    scene.keys("185000")
    scene.bridge.post(video())


def _standing(scene: Scene) -> None:
    _waiting(scene)
    scene.press(Qt.Key.Key_Return)


def _long(scene: Scene) -> None:
    scene.keys("999999999")
    scene.scan(ScanSource.CAMERA)


def _seen_no_amount(scene: Scene) -> None:
    scene.scan(ScanSource.SCANNER)


def _wrong(scene: Scene) -> None:
    scene.keys("185000")
    scene.bridge.post(Seen(WRONG_CODES[NotACode.VIETQR], ScanSource.SCANNER, 1))


def _wrong_long(scene: Scene) -> None:
    scene.keys("185000")
    scene.bridge.post(Seen(WRONG_CODES[NotACode.ZALOPAY_ORDER], ScanSource.SCANNER, 1))


def _two_codes(scene: Scene) -> None:
    scene.keys("185000")
    scene.bridge.post(Seen(WRONG_CODES[NotACode.TWO_CODES], ScanSource.CAMERA, 1))


def _paid(scene: Scene) -> None:
    scene.charge(samples.PAID)
    scene.bridge.post(PrintView(samples.PAID.payment_id, PrintState.PRINTING))
    scene.window.sale.stage.paid.hold(0.72)


def _unknown(scene: Scene) -> None:
    scene.clock.now_ms = samples.at("14:33:10")
    scene.charge(samples.UNKNOWN)
    scene.bridge.post(OpenCount((samples.UNKNOWN,)))
    scene.bridge.post(samples.SLOW)


def _refused(scene: Scene) -> None:
    scene.keys("185000")
    scene.scan()
    title = Text("Không ghi được sổ giao dịch", "The journal cannot be written")
    advice = Text("Dừng bán bằng mã, gọi người cài đặt.", "Stop selling by code and call the installer.")
    scene.bridge.post(Refused(title, advice))


def _payments(scene: Scene) -> None:
    scene.bridge.post(RecentView(samples.TODAY))
    scene.bridge.post(OpenCount((samples.UNKNOWN,)))
    scene.press(Qt.Key.Key_F3)
    scene.window.screens.payments.rows.setCurrentIndex(scene.window.screens.payments._model.index(5))
    scene.bridge.post(StoryView(samples.PAID, samples.STORY))


def _slip(scene: Scene) -> None:
    scene.charge(samples.PAID)
    scene.window.sale.stage.paid.hold(1)
    scene.press(Qt.Key.Key_F9)
    scene.bridge.post(SlipView(samples.PAID.payment_id, paper()))


def _helped(with_what: Callable[[Scene], None]) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        with_what(scene)
        QApplication.processEvents()
        scene.press(Qt.Key.Key_F1)

    return play


def _trouble(scene: Scene) -> None:
    scene.bridge.post(samples.SLOW)
    scene.bridge.post(samples.NO_PAPER)
    scene.bridge.post(OpenCount((samples.UNKNOWN, samples.UNKNOWN)))


def _camera_gone(scene: Scene) -> None:
    _no_camera(scene)
    scene.bridge.post(samples.CAMERA_GONE)
    next(each for each in scene.window.head.findChildren(Button) if each.property("kind") == "warn").click()


def _journal_not_checked(scene: Scene) -> None:
    scene.bridge.post(fitness.NOT_CHECKED)
    next(each for each in scene.window.head.findChildren(Button) if each.property("kind") == "warn").click()


def _popover(scene: Scene) -> None:
    scene.bridge.post(samples.NO_PAPER)
    next(each for each in scene.window.head.findChildren(Button) if each.property("kind") == "bad").click()
    scene.window.sale.card.box.setFocus()
    scene.press(Qt.Key.Key_Tab)


def _focus(scene: Scene) -> None:
    scene.charge(samples.DECLINED)
    for _ in range(2):
        scene.press(Qt.Key.Key_Tab)


def _saved(scene: Scene) -> None:
    scene.charge(samples.PAID)
    scene.bridge.post(PrintView(samples.PAID.payment_id, PrintState.SAVED))
    scene.window.sale.stage.paid.hold(0.4)


def _no_camera(scene: Scene) -> None:
    scene.keys("185000")
    scene.bridge.post(CameraView(b"", 0, 0, ready=False))


def _news(scene: Scene) -> None:
    scene.bridge.post(OpenCount((samples.UNKNOWN,)))
    scene.bridge.post(replace(samples.PAID, late=True))


def _no_payments(scene: Scene) -> None:
    scene.bridge.post(RecentView(()))
    scene.press(Qt.Key.Key_F3)


def _open_list(chosen: PaymentView) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        scene.clock.now_ms = samples.at("14:36:10")
        scene.bridge.post(OpenCount(samples.OPEN))
        scene.window._show_open()
        scene.window.screens.open_payments.choose(chosen.payment_id)
        scene.bridge.post(StoryView(chosen, samples.STORY[:4]))

    return play


def _refunding(scene: Scene) -> None:
    scene.clock.now_ms = samples.at("14:55:10")
    view = replace(samples.REFUNDABLE, refundable=140_000, refunds=(samples.REFUND_UNKNOWN,))
    scene.bridge.post(OpenCount((samples.LATE_MONEY, view)))
    scene.window._show_open()
    scene.window.screens.open_payments.choose(view.payment_id)


def _leaving(scene: Scene) -> None:
    _open_list(samples.WATCHED)(scene)
    scene.window._warns_of_open()


def _approving(act: Act, view: PaymentView) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        scene.clock.now_ms = samples.at("14:36:10")
        scene.bridge.post(PinState(is_set=True))
        scene.bridge.post(OpenCount(samples.OPEN))
        scene.window._show_open()
        scene.window.approvals.want(act, view)
        approval = scene.window.screens.approval
        scene.bridge.post(StoryView(view, samples.STORY[:4]))
        approval.who.edit.setText("Ngọc Lan")
        approval.why.step(1)
        approval.note.edit.setText("Đã xem trên trang ZaloPay lúc 14:35")
        approval.pin.setFocus()
        scene.keys("8316")

    return play


def _wrong_pin(scene: Scene) -> None:
    _approving(Act.DECIDE_PAID, samples.WATCHED)(scene)
    scene.window.screens.approval.number.edit.setText("261121000004821")
    scene.keys("42")
    scene.press(Qt.Key.Key_Return)
    title = Text("PIN không đúng", "Wrong PIN")
    advice = Text("Chờ 8 giây rồi nhập lại. Còn 6 lần.", "Wait 8 s, then enter it again. Tries left: 6.")
    scene.bridge.post(ActRefused(Act.DECIDE_PAID, samples.WATCHED.payment_id, title, advice, 8))


def _first_pin(scene: Scene) -> None:
    scene.window.approvals.want(Act.RELEASE, samples.WATCHED)
    scene.keys("111111")
    scene.press(Qt.Key.Key_Return)
    scene.keys("83")


def _recovery_code(scene: Scene) -> None:
    _first_pin(scene)
    scene.bridge.post(PinChanged("4821 0937 5560 1184 2290"))


def _recovering(scene: Scene) -> None:
    _approving(Act.RELEASE, samples.WATCHED)(scene)
    scene.window.approvals.recover_pin()
    scene.press(Qt.Key.Key_Return)


def _is_it_paid(place: int) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        scene.clock.now_ms = samples.at("15:04:10")
        scene.press(Qt.Key.Key_F5)
        scene.bridge.post(LatestView(samples.LATEST))
        for _ in range(place):
            scene.press(Qt.Key.Key_Down)

    return play


def _refund(scene: Scene) -> None:
    scene.clock.now_ms = samples.at("15:04:10")
    scene.bridge.post(RecentView((samples.PARTLY, *samples.TODAY)))
    scene.press(Qt.Key.Key_F4)


def _refund_none(scene: Scene) -> None:
    _refund(scene)
    scene.window.screens.refund.search.edit.setText("777777")


def _refund_amount(scene: Scene) -> None:
    _refund(scene)
    scene.type(Qt.Key.Key_Return, *"45000")


def _refund_approval(scene: Scene) -> None:
    scene.bridge.post(PinState(is_set=True))
    _refund_amount(scene)
    scene.type(Qt.Key.Key_Return)
    scene.window.screens.approval.who.edit.setText("Ngọc Lan")
    scene.press(Qt.Key.Key_Down)


def _refund_stage(refund: RefundView | None) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        scene.clock.now_ms = samples.at("14:52:10")
        _refund_approval(scene)
        asked = scene.window.screens.approval.asked
        assert asked is not None
        scene.window.approvals._approved()
        if refund is not None:
            view = replace(asked.view, refunds=(*asked.view.refunds, replace(refund, m_refund_id="fresh")))
            scene.bridge.post(view)
            scene.bridge.post(PrintView("fresh", PrintState.SAVED))

    return play


def _payments_refunded(scene: Scene) -> None:
    scene.bridge.post(RecentView((samples.PARTLY, samples.LATE_MONEY, *samples.TODAY)))
    scene.press(Qt.Key.Key_F3)
    refunded = StoryLine(samples.at("14:50:46"), "tick", Text("Đã hoàn tiền", "Refunded"), strong=True)
    scene.bridge.post(StoryView(samples.PARTLY, (*samples.STORY, refunded)))


def _payments_open(scene: Scene) -> None:
    _payments(scene)
    scene.clock.now_ms = samples.at("15:04:10")
    scene.window.screens.payments.rows.setCurrentIndex(scene.window.screens.payments._model.index(2))
    scene.bridge.post(StoryView(samples.TODAY[2], samples.STORY[:4]))


def _scan_refused(scene: Scene) -> None:
    scene.show(samples.SHOWN)
    scene.scan()


def _time_is_over(scene: Scene) -> None:
    scene.show(samples.SHOWN)
    scene.clock.ticks_ms += 300_000
    scene.window.sale.stage.customer_scans._tick()


def _ways(scene: Scene) -> None:
    scene.bridge.post(Ready(methods=tuple(PayMethod)))
    scene.show(samples.SHOWN)
    scene.press(Qt.Key.Key_F2)


def _ways_before(scene: Scene) -> None:
    scene.stand("185000")
    QTest.keyClick(scene.window, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)


def _by(way: PayMethod, *views: PaymentView) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        scene.show_by(way.value, views[0])
        for view in views[1:]:
            scene.bridge.post(view)

    return play


def _going_over(scene: Scene) -> None:
    _ways(scene)
    scene.type("4")
    scene.bridge.post(samples.STOPPING)


def _no_cancel(scene: Scene) -> None:
    _by(PayMethod.BANK_ATM, samples.CARD)(scene)
    scene.choose("any", shift=False)


def _own_ways(scene: Scene) -> None:
    _by(PayMethod.OWN_VIETQR, samples.OWN)(scene)
    scene.press(Qt.Key.Key_F2)


def _own_warned(scene: Scene) -> None:
    _own_ways(scene)
    scene.type("1")


def _own_going_over(scene: Scene) -> None:
    _own_warned(scene)
    scene.choose("any", shift=False)
    scene.bridge.post(samples.OWN_STOPPING)


def _our_code_instead(scene: Scene) -> None:
    """F2 while a scan is slow."""
    scene.charge(samples.PROCESSING)
    scene.press(Qt.Key.Key_F2)
    scene.bridge.post(samples.CANCELLING)


def _told_paid(scene: Scene) -> None:
    scene.show(samples.SHOWN)
    scene.bridge.post(samples.TOLD_PAID)


def _own_demo_transfer(scene: Scene) -> None:
    _by(PayMethod.OWN_VIETQR, samples.OWN)(scene)
    scene.press(Qt.Key.Key_F8)


def _way_by_arrows(scene: Scene) -> None:
    _ways(scene)
    scene.type(Qt.Key.Key_Right, Qt.Key.Key_Down)


def _way_before_by_arrows(scene: Scene) -> None:
    _ways_before(scene)
    scene.type(Qt.Key.Key_Left)


def _own_scan_refused(scene: Scene) -> None:
    _by(PayMethod.OWN_VIETQR, samples.OWN)(scene)
    scene.scan()


def _seen(scene: Scene) -> None:
    _by(PayMethod.OWN_VIETQR, samples.OWN, samples.OWN_SEEN)(scene)
    scene.bridge.post(PrintView(samples.OWN.payment_id, PrintState.SAVED))


def _seeing(scene: Scene) -> None:
    scene.bridge.post(PinState(is_set=True))
    _by(PayMethod.OWN_VIETQR, samples.OWN)(scene)
    scene.press(Qt.Key.Key_Return)
    scene.window.screens.approval.who.edit.setText("Ngọc Lan")
    scene.window.screens.approval.pin.setFocus()
    scene.keys("8316")


def _link(*views: PaymentView) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        scene.stand("185000")
        scene.choose("link")
        for view in (samples.LINK_MAKING, *views):
            scene.bridge.post(view)

    return play


def _links(scene: Scene) -> None:
    scene.clock.now_ms = samples.at("14:36:10")
    for view in (samples.OTHER_LINK, samples.LINK_WAITS):
        scene.bridge.post(view)
    scene.bridge.post(OpenCount(samples.OPEN))
    scene.window._show_open()
    scene.window.screens.open_payments.choose(samples.LINK_WAITS.payment_id)


def _own_open(scene: Scene) -> None:
    scene.clock.now_ms = samples.at("14:36:10")
    scene.bridge.post(OpenCount((samples.OWN_UNKNOWN,)))
    scene.window._show_open()


def _late_news(scene: Scene) -> None:
    scene.bridge.post(OpenCount((samples.LATE_MONEY, samples.UNKNOWN)))
    scene.bridge.post(replace(samples.LATE_MONEY, late=True))


def _reports(tab: str) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        scene.clock.now_ms = samples.at("15:02:00")
        scene.press(Qt.Key.Key_F7)
        reports = scene.window.screens.reports
        reports.spans._tapped("week")
        scene.bridge.post(figures.shown(reports.days, scene.clock.now_ms))
        reports.tabs._tapped(tab)

    return play


def _statement(scene: Scene) -> None:
    _reports("day")(scene)
    scene.window.screens.reports._open_reconcile()
    scene.bridge.post(figures.OPENED)


def _reconciled(scene: Scene) -> None:
    _statement(scene)
    scene.bridge.post(figures.COMPARED)


def _payments_filtered(scene: Scene) -> None:
    _payments_refunded(scene)
    payments = scene.window.screens.payments
    scene.bridge.post(figures.listed(payments.filters.wanted, samples.TODAY))
    payments.filters.cashier.pick("Thu Hà")
    scene.bridge.post(figures.listed(payments.filters.wanted, samples.TODAY[:4]))
    scene.bridge.post(StoryView(samples.PAID, samples.STORY))


SCENES: dict[str, Callable[[Scene], None]] = {
    "14-report": _reports("day"),
    "14b-report-declined": _reports("declined"),
    "14c-report-refunds": _reports("refunds"),
    "14d-report-speed": _reports("timed"),
    "14d-statement": _statement,
    "14e-reconciled": _reconciled,
    "12f-payments-filtered": _payments_filtered,
    "01-ready": lambda scene: None,
    "01c-no-camera": lambda scene: scene.bridge.post(CameraView(b"", 0, 0, ready=False)),
    "01b-ready-code": _seen_no_amount,
    "02-waiting": _waiting,
    "02b-standing": _standing,
    "02c-long": _long,
    "02d-no-camera": _no_camera,
    "03-sending": lambda scene: scene.charge(samples.SENDING),
    "03b-processing": lambda scene: scene.charge(samples.PROCESSING),
    "04-paid": _paid,
    "04b-saved": _saved,
    "05-declined": lambda scene: scene.charge(samples.DECLINED),
    "05b-not-sent": lambda scene: scene.charge(samples.NOT_SENT),
    "05c-refused": _refused,
    "06-unknown": _unknown,
    "06b-mismatch": lambda scene: scene.charge(samples.MISMATCH),
    "07-customer-scans": lambda scene: scene.show(samples.SHOWN),
    "07a-creating": lambda scene: scene.show(samples.CREATING),
    "07b-wallet-only": lambda scene: scene.show(samples.SHOWN_WALLET),
    "07c-scan-refused": _scan_refused,
    "07d-time-is-over": _time_is_over,
    "07e-no-code": lambda scene: scene.show(samples.NO_CODE),
    "07f-stopping": lambda scene: scene.show(samples.STOPPING),
    "07g-cancelled": lambda scene: scene.show(samples.CANCELLED),
    "07h-timed-out": lambda scene: scene.show(samples.TIMED_OUT),
    "07i-ways": _ways,
    "07j-ways-before": _ways_before,
    "07k-card": _by(PayMethod.BANK_CARD, samples.CARD),
    "07l-bank-qr": _by(PayMethod.BANK_QR, samples.BANK_QR),
    "07m-going-over": _going_over,
    "07n-no-cancel": _no_cancel,
    "07o-not-cancelled": _by(PayMethod.BANK_ATM, samples.CARD, samples.CARD_UNKNOWN),
    "07p-own": _by(PayMethod.OWN_VIETQR, samples.OWN),
    "07q-own-ways": _own_ways,
    "07q2-own-warned": _own_warned,
    "07r-own-going-over": _own_going_over,
    "07s-own-scan-refused": _own_scan_refused,
    "07t-own-not-seen": _by(PayMethod.OWN_VIETQR, samples.OWN, samples.OWN_UNKNOWN),
    "07u-own-seen": _seen,
    "07v-own-cancelled": _by(PayMethod.OWN_VIETQR, samples.OWN, samples.OWN_CANCELLED),
    "07w-card-paid": _by(
        PayMethod.BANK_CARD,
        samples.CARD,
        replace(samples.SHOWN_PAID, gateway="appotapay_v1", zp_trans_id="AP26112100482"),
    ),
    "07x-told-paid": _told_paid,
    "07y-own-demo-transfer": _own_demo_transfer,
    "07z-way-by-arrows": _way_by_arrows,
    "07z2-way-before-by-arrows": _way_before_by_arrows,
    "12-payments": _payments,
    "12d-none": _no_payments,
    "12b-help": lambda scene: scene.press(Qt.Key.Key_F1),
    "12b2-help-unknown": _helped(lambda scene: scene.charge(samples.UNKNOWN)),
    "12b3-help-payments": _helped(_payments),
    "12c-slip": _slip,
    "13-trouble": _trouble,
    "13b-popover": _popover,
    "13c-focus": _focus,
    "13d-news": _news,
    "13e-appotapay": lambda scene: scene.bridge.post(samples.APPOTAPAY_DOWN),
    "13f-camera": _camera_gone,
    "13g-journal": _journal_not_checked,
    "03d-told-paid": lambda scene: scene.charge(samples.SCANNED_TOLD_PAID),
    "03c-cancelling": lambda scene: scene.charge(samples.CANCELLING),
    "03e-our-code-instead": _our_code_instead,
    "06c-decided-paid": lambda scene: scene.charge(samples.DECIDED_PAID),
    "06d-decided-unpaid": lambda scene: scene.charge(samples.DECIDED_UNPAID),
    "06e-released": lambda scene: scene.charge(replace(samples.WATCHED, released=True)),
    "06f-late": lambda scene: scene.charge(
        replace(samples.LATE_MONEY, payment_id=samples.SENDING.payment_id, amount=185_000)
    ),
    "06g-cancelling": lambda scene: scene.charge(replace(samples.WATCHED, cancel_wished=True)),
    "14-open": _open_list(samples.WATCHED),
    "14b-late": _open_list(samples.LATE_MONEY),
    "14c-old": _open_list(samples.TOO_OLD),
    "14d-released": _open_list(samples.RELEASED),
    "14e-conflict": _open_list(samples.CONFLICT),
    "14f-refunding": _refunding,
    "14g-leaving": _leaving,
    "14h-news": _late_news,
    "14i-links": _links,
    "14j-own": _own_open,
    "15-is-it-paid": _is_it_paid(0),
    "15b-unknown": _is_it_paid(2),
    "15c-not-sent": _is_it_paid(4),
    "16-payments-refunded": _payments_refunded,
    "16b-payments-open": _payments_open,
    "17-refund": _refund,
    "17b-none": _refund_none,
    "17c-amount": _refund_amount,
    "17d-approval": _refund_approval,
    "17e-sending": _refund_stage(None),
    "17f-processing": _refund_stage(samples.REFUND_PROCESSING),
    "17g-done": _refund_stage(samples.REFUND_DONE),
    "17h-declined": _refund_stage(samples.REFUND_DECLINED),
    "17i-unknown": _refund_stage(samples.REFUND_UNKNOWN),
    "18-approve-paid": _approving(Act.DECIDE_PAID, samples.WATCHED),
    "18b-release": _approving(Act.RELEASE, samples.WATCHED),
    "18c-wrong-pin": _wrong_pin,
    "18d-first-pin": _first_pin,
    "18e-recovery-code": _recovery_code,
    "18f-recovering": _recovering,
    "18g-seeing-money": _seeing,
    "22-link": _link(samples.LINK_WAITS),
    "22b-link-made": _link(),
    "22c-link-paid": _link(samples.LINK_WAITS, samples.LINK_PAID),
    "22d-link-told-paid": _link(samples.LINK_WAITS, samples.LINK_TOLD_PAID),
    "19-wrong": _wrong,
    "19b-wrong": _wrong_long,
    "19c-two-codes": _two_codes,
    **regulars.SCENES,
    **people.SCENES,
    **shifts.SCENES,
    **findings.SCENES,
    **cash.SCENES,
    **first_start.SCENES,
}

CUSTOMER_SIZES = ((1024, 600), (1024, 768), (1366, 768), (1920, 1080), (768, 1366), (800, 600))
CUSTOMER = {
    "10-idle": facing.NOBODY,
    "10a-amount": facing.facing(185_000, None, 0),
    "10m-cash": facing.facing(185_000, None, 0, given=200_000),
    "10n-cash-taken": facing.facing(0, cash.SALE, 0),
    "10b-making": facing.facing(0, samples.CREATING, 0),
    "10c-scan": facing.facing(0, samples.SHOWN, 1_232_000),
    "10d-wallet-only": facing.facing(0, samples.SHOWN_WALLET, 1_232_000),
    "10i-banks": facing.facing(0, samples.BANK_QR, 1_232_000),
    "10j-page": facing.facing(0, samples.CARD, 1_232_000),
    "10k-own": facing.facing(0, samples.OWN, 1_232_000),
    "10l-stopped-card": facing.facing(0, samples.CARD_STOPPING, 0),
    "10n-checking": facing.facing(0, samples.TOLD_PAID, 0),
    "11f-received": facing.facing(0, samples.OWN_SEEN, 0),
    "11g-taken-back": facing.facing(0, samples.OWN_CANCELLED, 0),
    "10e-time-is-over": facing.facing(0, samples.SHOWN, 0),
    "10f-stopped": facing.facing(0, samples.STOPPING, 0),
    "10g-sending": facing.facing(0, samples.SENDING, 0),
    "10m-linked-wallet": facing.facing(0, replace(samples.PROCESSING, source=ScanSource.REGULAR), 0),
    "10h-confirm": facing.facing(0, samples.PROCESSING, 0),
    "11-paid": facing.facing(0, samples.PAID, 0),
    "11b-not-paid": facing.facing(0, samples.DECLINED, 0),
    "11c-not-known": facing.facing(0, samples.UNKNOWN, 0),
    "11d-manager": facing.facing(0, samples.MISMATCH, 0),
    "11e-long": facing.facing(999_999_999, None, 0),
}


def customer_window(
    size: tuple[int, int], *, words: str = "vi_en", theme: Theme = Theme.LIGHT, place: Place = samples.PLACE,
    clock: Clock | None = None,
) -> CustomerWindow:  # fmt: skip
    """A customer display of that size; close it yourself."""
    look = Look(theme=theme, motion=False)
    window = CustomerWindow(
        look, clock or samples.FixedClock(), words=words, store=place.store, note=place.note, closed=lambda: None
    )
    window.resize(*size)
    window.show()
    return window


def video() -> CameraView:
    """A frame with a code in it."""
    image = QImage(640, 480, QImage.Format.Format_RGB888)
    image.fill(QColor("#55606B"))
    painter = QPainter(image)
    painter.fillRect(230, 130, 180, 300, QColor("#11161C"))
    painter.fillRect(240, 150, 160, 260, QColor("#FFFFFF"))
    painter.fillRect(260, 190, 120, 120, QColor("#8A949E"))
    painter.end()
    rgb = bytes(image.constBits())
    return CameraView(rgb, 640, 480, ((255, 185), (385, 188), (384, 315), (254, 313)))


def paper() -> bytes:
    """A picture in place of a slip."""
    image = QImage(576, 900, QImage.Format.Format_RGB888)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    painter.setFont(make_font(WORDS, 30, 500))
    for line, text in enumerate(("Tạp hóa Minh Anh", "PHIẾU THANH TOÁN", "185.000 ₫", "Bàn 5")):
        painter.drawText(40, 80 + 60 * line, text)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def main(out: Path, *arguments: str) -> None:
    """Write all pictures, or those whose names contain one of `wanted`; with `150%` those with texts of that size."""
    app = QApplication([])
    load_fonts()
    app.setFont(Look().size.font(Role.BODY))
    out.mkdir(parents=True, exist_ok=True)
    texts = [int(one.removesuffix("%")) for one in arguments if one.endswith("%")] or [FULL]
    wanted = tuple(one for one in arguments if not one.endswith("%"))
    for language, theme, size, text, name in product(Language, Theme, SIZES, texts, SCENES):
        full = f"{name}-{size[0]}-{theme}-{language}" + (f"-{text}" if text != FULL else "")
        if not _wanted(full, wanted):
            continue
        place = samples.DEMO if language is Language.EN else samples.PLACE
        scene = Scene(size, language=language, theme=theme, place=place, text=text)
        SCENES[name](scene)
        settle()
        scene.window.grab().save(str(out / f"{full}.png"))
        scene.close()
        app.processEvents()
    if texts == [FULL]:
        _customer_pictures(app, out, wanted)


def _wanted(full: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or any(all(part in full for part in want.split("+")) for want in wanted)


def _customer_pictures(app: QApplication, out: Path, wanted: tuple[str, ...]) -> None:
    for words, theme, size in product(("vi_en", "vi", "en"), Theme, CUSTOMER_SIZES):
        for name, seen in CUSTOMER.items():
            full = f"c{name}-{size[0]}x{size[1]}-{theme}-{words}"
            if not _wanted(full, wanted):
                continue
            shown = customer_window(size, words=words, theme=theme,
                                    place=samples.DEMO if words == "en" else samples.PLACE)  # fmt: skip
            shown.face(seen)
            app.processEvents()
            shown.grab().save(str(out / f"{full}.png"))
            shown.close()
            shown.deleteLater()
            QApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
