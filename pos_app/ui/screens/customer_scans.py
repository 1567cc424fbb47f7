"""The stage "customer scans": our code, the time left, and what stands there when it is over.

Whether it was paid, cancelled or expired is the gateway's word alone: time that has run out here only takes the code
off the screen.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.checkout.views import PaymentView
from pos_app.clock import Clock
from pos_app.money import with_sign
from pos_app.payments.gateway_names import asks_nobody, named
from pos_app.payments.payment import State
from pos_app.ui.at_the_counter import can_be_dropped
from pos_app.ui.look import Look
from pos_app.ui.screens.results import DeclinedStage
from pos_app.ui.theme import Role
from pos_app.ui.time_left import seconds_left
from pos_app.ui.ways_to_pay import DO_NOT, READERS, reader, switching
from pos_app.ui.widgets.amount_box import BigAmount
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import FiguresLabel, Frame, IconLabel, Label
from pos_app.ui.widgets.shown_code import TIMED_OUT, WAITS, CodeAndWords, Instead, ShownQr, TimeLeft
from pos_app.ui.widgets.way_choice import WayChoice
from pos_app.vietnam_day import clock_time
from pos_app.words import NOTHING, Text

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
NOTICE_MS = 8_000
TICK_MS = 200
"""How often the time is looked at; what is shown changes once a second."""

DEMO_SCANS = Text("Khách mẫu quét mã", "Demo customer scans")
KEEP = Text("Giữ mã này", "Keep this code")
ONE_AT_A_TIME = Text(
    "Chưa lấy mã vừa quét: khách đang trả bằng mã này. Muốn quét mã khách, bấm Esc hủy trước.",
    "That code was not taken: the customer is paying with this one. To scan theirs, press Esc first.",
)
_NO_CANCEL = Text(
    "ZaloPay không hủy được mã: khách vẫn trả được đến {t}. Bấm lần nữa để cất mã này.",
    "ZaloPay has no cancel: this code can be paid until {t}. Press once more to put it away.",
)


class CustomerScansStage(Frame):
    """The code, which apps read it, the time left as a ring; or why there is no code.

    Args:
        cancel: the code is not wanted any more. demo: the demo customer scans it; None in a shop.
        choose: another way to pay was chosen; keep: none was.
        over: its time has run out: nobody can scan it now.
    """

    def __init__(  # noqa: PLR0913 - what its buttons do, by keyword
        self, look: Look, clock: Clock, *, cancel: Callable[[], None], demo: Callable[[], None] | None,
        choose: Callable[[str], None], keep: Callable[[], None], over: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__("card")
        self._look, self._clock, self._over = look, clock, over
        self._view: PaymentView | None = None
        self._method = self._then = ""
        self._until_ms = self._life_s = 0
        self._left_s = -1
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.code = ShownQr(look)
        self._title = Label(look, Role.TITLE, wrap=True)
        self._title.setAlignment(LEFT)
        self._amount = BigAmount(look, Role.AMOUNT, ink="text", left=True)
        self.choice = WayChoice(look, choose=choose, back=keep, word=KEEP)
        self.choice.hide()
        self._body = CodeAndWords(self.code, self._beside(), narrow_px=328, below_px=12)
        column.addLayout(self._body, 1)
        self._foot = self._make_foot(cancel, demo)
        column.addWidget(self._foot)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._notice_timer = QTimer(self)
        self._notice_timer.setSingleShot(True)
        self._notice_timer.setInterval(NOTICE_MS)
        self._notice_timer.timeout.connect(self._drop_notice)
        look.changed.connect(self._dress)
        self._dress()

    def _beside(self) -> QVBoxLayout:
        """The words, the ring, and the notice that takes their place for a while."""
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._amount)
        self._detail = Label(self._look, Role.DETAIL, ink="text2", wrap=True)
        self._detail.setAlignment(LEFT)
        words.addWidget(self._detail)
        self._time = QWidget()
        row = QHBoxLayout(self._time)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(20)
        self.left = TimeLeft(self._look, 88)
        row.addWidget(self.left)
        still = QVBoxLayout()
        still.setSpacing(0)
        still.addStretch()
        self._apps = Label(self._look, Role.DETAIL_STRONG, wrap=True)
        still.addWidget(self._apps)
        self._until = FiguresLabel(self._look, Role.BODY, ink="text2")
        still.addWidget(self._until, alignment=Qt.AlignmentFlag.AlignLeft)
        still.addStretch()
        row.addLayout(still, 1)
        words.addWidget(self._time)
        self._notice = self._make_notice()
        words.addWidget(self._notice)
        words.addWidget(self.choice)
        words.addStretch(1)
        return words

    def _make_notice(self) -> Frame:
        box = Frame("pill_amber")
        row = QHBoxLayout(box)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        row.addWidget(IconLabel(self._look, "triangle", "amber_text", 24))
        self._noticed = Label(self._look, Role.BODY, ink="amber_text", wrap=True)
        row.addWidget(self._noticed, 1)
        box.hide()
        return box

    def _make_foot(self, cancel: Callable[[], None], demo: Callable[[], None] | None) -> Frame:
        foot = Frame("buttons")
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 20, 24, 20)
        row.setSpacing(16)
        dot = Disc(self._look, 20, "", "accent")
        dot.show_sign(line="accent", ink="accent")
        row.addWidget(dot)
        self._waits = Label(self._look, Role.BODY, ink="text2", wrap=True)
        row.addWidget(self._waits, 1000)
        row.addStretch(1)  # where there is no room for the words, the buttons keep to the right
        self._demo: Button | None = None
        if demo is not None:
            self._demo = Button(self._look, DEMO_SCANS, demo, cap="F8")
            row.addWidget(self._demo)
        self._cancel = Button(self._look, Text("Hủy mã", "Cancel code"), cancel, cap="Esc")
        self._cancel.keep_room()  # the code keeps its place
        row.addWidget(self._cancel)
        return foot

    def show_payment(self, view: PaymentView, until: int, method: str, then: str) -> None:
        """Show the code, or why there is none now.

        Args:
            view: a payment that the customer scans, still open.
            until: monotonic milliseconds at which the code ends.
            method: how it is meant to be paid.
            then: the way that is wanted when this code is cancelled, "" for none.
        """
        if view.cancel_wished and not (self._view is not None and self._view.cancel_wished):
            self._drop_notice()  # it said how to come to this
        self._view, self._until_ms, self._method, self._then = view, until, method, then
        self._life_s = ((view.expires_at_ms or view.scanned_at_ms) - view.scanned_at_ms) // 1000
        self._left_s = -1
        self._amount.show_amount(view.amount)
        if view.expires_at_ms is not None:
            at = clock_time(view.expires_at_ms)
            self._until.show_text(Text(f"Còn hiệu lực đến {at}", f"Valid until {at}"))
        self._timer.start()
        self._tick()

    def stop(self) -> None:
        """The stage is not shown any more."""
        self._timer.stop()
        self.show_choice(on=False)
        self._drop_notice()
        self.code.show_code("")
        self._view = None

    @property
    def can_scan(self) -> bool:
        """Whether a code is there to be scanned."""
        view = self._view
        return view is not None and view.shown is not None and not view.cancel_wished and self._left_s > 0

    def show_refused_scan(self) -> bool:
        """A payment code was held out: it is not used, and that is said. False while it still stands there."""
        return self._tell(ONE_AT_A_TIME)

    def warn(self, view: PaymentView) -> None:
        """It is to be cancelled, and this gateway has no cancel: say until when this code can still be paid."""
        until = clock_time(view.expires_at_ms or view.scanned_at_ms, seconds=False)
        self._tell(named(_NO_CANCEL, view.gateway).fill(t=until))

    def _tell(self, text: Text) -> bool:
        new = self._notice.isHidden()
        self._noticed.show_text(text)
        self._notice.show()
        self._show_words()
        self._notice_timer.start()
        return new

    def show_choice(self, *, on: bool) -> None:
        """Whether the ways to pay stand in the place of the words, while the code goes on being shown."""
        self.choice.setVisible(on)
        self._show_words()

    @Slot()
    def _drop_notice(self) -> None:
        self._notice.hide()
        if self._view is not None:
            self._show_words()

    @Slot()
    def _tick(self) -> None:
        if self._view is None:
            return
        left_s = seconds_left(self._until_ms, self._clock.monotonic_ms())
        if left_s == self._left_s:
            return
        self._left_s = left_s
        self.left.show_left(left_s, self._life_s)
        shown, was = self._view.shown if self.can_scan else None, self.code.readable
        self.code.show_code(shown.text if shown is not None else "", instead=self._instead())
        self._show_words()
        if was and not self.code.readable:
            self._over()

    def _instead(self) -> Instead:
        return TIMED_OUT if self._view is not None and self._view.shown is not None else WAITS

    def _show_words(self) -> None:
        view = self._view
        if view is None:
            return
        title, detail, waits = self._words_of(view)
        self._title.show_text(title)
        self._detail.show_text(detail)
        noticed, narrow, chooses = not self._notice.isHidden(), self._look.size.narrow, not self.choice.isHidden()
        demo = self._demo is not None and self.can_scan and not chooses
        self._waits.show_text(waits)
        self._waits.setVisible(not (narrow and demo))
        apps = NOTHING if view.shown is None else READERS[reader(view.shown, view.gateway, self._method)]
        self._apps.show_text(apps)
        self._title.setVisible(not chooses)
        self._time.setVisible(self.can_scan and not (narrow and noticed) and not chooses)
        self._detail.setVisible(bool(detail.vi) and not chooses)
        self._amount.setVisible(not narrow and not chooses)
        self._foot.setVisible(not (narrow and chooses))
        self._cancel.setVisible(can_be_dropped(view) and not chooses)
        if self._demo is not None:
            self._demo.setVisible(demo)

    def _words_of(self, view: PaymentView) -> tuple[Text, Text, Text]:
        if view.cancel_wished and self._then and not view.told_paid:
            return switching(self._then, view)
        title, detail, waits = _words_of(view, left=self._left_s > 0)
        return named(title, view.gateway), named(detail, view.gateway), named(waits, view.gateway)

    @Slot()
    def _dress(self) -> None:
        size = self._look.size
        narrow, wide = size.narrow, size.wide
        self._body.fit(size)
        self.left.resize_to(88 if narrow else 144 if wide else 112)
        self.choice.stand_in(2 if narrow else 1, compact=not self._look.size.wide)
        self._show_words()


def _words_of(view: PaymentView, *, left: bool) -> tuple[Text, Text, Text]:
    """What the stage says: title, detail, and the line at its foot."""
    if view.told_paid:
        return view.cause, view.advice, Text("Đang hỏi ZaloPay", "Asking ZaloPay")
    if view.cancel_wished:
        return (Text("Đang hủy mã", "Cancelling the code"),
                Text("Chờ ZaloPay xác nhận đã hủy. {do_not}", "Waiting for ZaloPay to confirm. {do_not}")
                .fill(do_not=DO_NOT),
                Text("Đang hỏi ZaloPay", "Asking ZaloPay"))  # fmt: skip
    if view.shown is None:
        return (Text("Chưa có mã để quét", "There is no code to scan"),
                Text("ZaloPay chưa gửi mã dùng được. Bấm Esc hủy, rồi tạo mã mới.",
                     "ZaloPay sent no code that can be used. Press Esc to cancel, then make a new one."),
                Text("Đang hỏi ZaloPay", "Asking ZaloPay"))  # fmt: skip
    if not left:
        return (Text("Mã đã hết giờ", "The code has timed out"),
                Text("Đang hỏi ZaloPay khách đã trả chưa. {do_not}", "Asking ZaloPay whether it was paid. {do_not}")
                .fill(do_not=DO_NOT),
                Text("Đang hỏi ZaloPay", "Asking ZaloPay"))  # fmt: skip
    return (Text("Mời khách quét mã", "Ask the customer to scan"), NOTHING,
            Text("Đang chờ khách thanh toán", "Waiting for the payment"))  # fmt: skip


_CLOSED = {State.CANCELLED.value, State.NOT_CREATED.value}
_EXPIRED_CODE = "−54"
"""ZaloPay's own word for it, where it says so itself (ZaloPay QuickPay API, return codes)."""


class CodeOverStage(DeclinedStage):
    """Nothing was paid with the code that was shown: a new one for the same amount by one key."""

    def show_payment(self, view: PaymentView) -> None:
        """Show how it ended, and offer the new code."""
        super().show_payment(view)
        if asks_nobody(view.gateway):  # that no money came is more than anybody knows
            self._above.show_text(Text("Không qua cổng thanh toán", "Not through a gateway"))
            self._retry.show_text(_new_code(view))
            return
        timed_out = view.state == State.EXPIRED.value or view.cause_code == _EXPIRED_CODE
        self._disc.show_sign(fill="red", ink="on_red", icon="clock" if timed_out else "cross")
        if timed_out or view.state in _CLOSED:
            self._advice.show_text(Text("Bấm Enter để tạo mã mới cùng số tiền.",
                                        "Press Enter for a new code of the same amount."))  # fmt: skip
        self._retry.show_text(_new_code(view))


def _new_code(view: PaymentView) -> Text:
    return Text("Tạo mã mới {amount}", "New code {amount}").fill(amount=with_sign(view.amount))
