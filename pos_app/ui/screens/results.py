"""The stage from sending on: processing, paid, declined or not sent. What is not known yet is in `unknown`."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.checkout.events import PrintState
from pos_app.checkout.views import PaymentView, ScanSource, Stage
from pos_app.clock import Clock
from pos_app.money import with_sign
from pos_app.payments.gateway_names import brand, named
from pos_app.ui.at_the_counter import can_be_dropped
from pos_app.ui.look import Look
from pos_app.ui.screens.stages import MIDDLE
from pos_app.ui.theme import Role
from pos_app.ui.widgets.amount_box import BigAmount
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.disc import Countdown, Disc, Ring
from pos_app.ui.widgets.label import CentredLines, FiguresLabel, Frame, IconLabel, Label
from pos_app.ui.widgets.steps import Steps
from pos_app.vietnam_day import clock_time
from pos_app.words import Text, same

LONG_WAIT_S = 10
PAID_MS = 5_000
PRINT_WORDS = {
    PrintState.PRINTING: Text("Đang in phiếu", "Printing the slip"),
    PrintState.PRINTED: Text("Đã in phiếu", "Slip printed"),
    PrintState.SENT: Text("Đã gửi phiếu tới máy in", "Slip sent to the printer"),
    PrintState.SAVED: Text("Đã lưu phiếu", "Slip saved"),
    PrintState.WAITING: Text("Chưa in được phiếu, bấm F9", "Slip not printed, press F9"),
    PrintState.OFF: Text("Bấm F9 để in phiếu", "Press F9 for the slip"),
}


def stand(frame: QWidget, disc: Disc, lines: Iterable[tuple[QWidget, int]], foot: QWidget, *, sides: int = 24) -> None:
    """Lay a result out: the disc, its words below each other in the middle, the foot.

    Args:
        frame: what it stands in.
        disc: its sign.
        lines: its words, each with the px that are kept free below it.
        foot: its buttons.
        sides: px kept free beside the words.
    """
    column = QVBoxLayout(frame)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addStretch(3)
    column.addWidget(disc, alignment=MIDDLE)
    column.addSpacing(20)
    for widget, below in lines:
        row = QHBoxLayout()
        row.setContentsMargins(sides, 0, sides, 0)
        row.addWidget(widget)
        column.addLayout(row)
        column.addSpacing(below)
    column.addStretch(3)
    column.addWidget(foot)


class SlipFoot(Frame):
    """How far the slip is, and on to the next customer."""

    def __init__(self, look: Look, *, done: Callable[[], None]) -> None:
        super().__init__("buttons")
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 20, 24, 20)
        row.setSpacing(12)
        row.addWidget(IconLabel(look, "printer", "text2", 24))
        self._print = Label(look, Role.BODY, ink="text2", wrap=True)
        row.addWidget(self._print, 1)
        row.addWidget(Button(look, Text("Khách kế tiếp", "Next customer"), done, kind="primary", cap="Enter"))

    def tell(self, state: PrintState) -> None:
        """How far it is now."""
        self._print.show_text(PRINT_WORDS[state])


class ProcessingStage(Frame):
    """The money is on its way: the ring of seconds and the four steps."""

    def __init__(self, look: Look, clock: Clock, *, ask: Callable[[], None], cancel: Callable[[], None]) -> None:
        super().__init__("card")
        self._clock = clock
        self._view: PaymentView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._ring = Ring(look)
        self._sentence = Label(look, Role.SENTENCE).centred()
        self._detail = CentredLines(look, Role.DETAIL, ink="text2")
        column.addStretch(3)
        column.addWidget(self._ring, alignment=MIDDLE)
        column.addSpacing(16)
        column.addWidget(self._sentence)
        column.addSpacing(6)
        self._detail.setContentsMargins(24, 0, 24, 0)
        column.addWidget(self._detail)
        column.addSpacing(20)
        self._next = self._what_next(look)
        column.addWidget(self._next, alignment=MIDDLE)
        column.addStretch(3)
        lower = Frame("buttons")
        rows = QVBoxLayout(lower)
        rows.setContentsMargins(16, 20, 16, 20)
        rows.setSpacing(16)
        self._steps = Steps(look)
        rows.addWidget(self._steps)
        self._ask = Button(look, Text("Hỏi ZaloPay ngay", "Ask ZaloPay now"), ask, icon=("refresh", "text"))
        self._cancel = Button(look, Text("Hủy", "Cancel"), cancel, cap="Esc")
        buttons = QHBoxLayout()
        buttons.setSpacing(16)
        buttons.addStretch()
        buttons.addWidget(self._ask)
        buttons.addWidget(self._cancel)
        buttons.addStretch()
        rows.addLayout(buttons)
        column.addWidget(lower)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)

    def _what_next(self, look: Look) -> Frame:
        box = Frame("box")
        row = QHBoxLayout(box)
        row.setContentsMargins(20, 12, 20, 12)
        row.setSpacing(12)
        words = Text("Sau 60 giây, máy tự hỏi tiếp và bạn bán được cho khách khác.",
                     "After 60 seconds the till goes on asking and you can serve others.")  # fmt: skip
        row.addWidget(IconLabel(look, "clock", "text2", 20))
        row.addWidget(Label(look, Role.BODY, words))
        return box

    def show_payment(self, view: PaymentView, then: str = "") -> None:
        """Show how far the payment is; `then`: the way that is wanted once it has ended without money."""
        self._view = view
        sending = view.stage is Stage.SENDING
        self._sentence.show_text(
            Text("Đang tạo mã", "Making the code") if sending and view.source is ScanSource.SHOWN
            else named(Text("Đang gửi ZaloPay", "Sending to ZaloPay"), view.gateway) if sending
            else Text("Chờ khách xác nhận", "Waiting for the customer")
        )  # fmt: skip
        self._detail.show_text(
            Text("Chờ một chút.", "One moment.") if sending
            else Text("Khách bấm xác nhận trên điện thoại.", "The customer confirms on the phone.")
        )  # fmt: skip
        if view.cancel_wished and then:
            from pos_app.ui.ways_to_pay import switching  # noqa: PLC0415 - the window comes up without it

            title, detail, _ = switching(then, view)
            self._sentence.show_text(title)
            self._detail.show_text(detail)
        elif view.cancel_wished:
            self._sentence.show_text(Text("Đã ghi nhận hủy", "Cancel noted"))
            asking = Text("Đang hỏi ZaloPay. ĐỪNG thu lại khi chưa có kết quả.",
                          "Asking ZaloPay. Do NOT charge again before the result.")  # fmt: skip
            self._detail.show_text(named(asking, view.gateway))
        if view.told_paid:
            self._sentence.show_text(view.cause)
            self._detail.show_text(view.advice)
        self._steps.show_payment(view)
        self._cancel.setVisible(bool(view.payment_id) and can_be_dropped(view))
        self._ask.setVisible(not sending)
        self._tick()
        self._timer.start()

    def stop(self) -> None:
        """The stage is not shown any more."""
        self._timer.stop()

    @Slot()
    def _tick(self) -> None:
        if self._view is None:
            return
        began = self._view.sent_at_ms or self._view.scanned_at_ms
        seconds = max(0, self._clock.wall_ms() - began) // 1000
        self._ring.show_seconds(seconds)
        self._next.setVisible(seconds >= LONG_WAIT_S)


class PaidStage(Frame):
    """The money is there: solid green, read from three metres, goes away by itself."""

    def __init__(self, look: Look, *, done: Callable[[], None]) -> None:
        super().__init__("paid")
        self._look = look
        self._done = done
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 24, 0, 0)
        column.setSpacing(0)
        self._disc = Disc(look, 152, "on_green", "green", icon="tick")
        self._amount = BigAmount(look)
        self._detail = FiguresLabel(look, Role.DETAIL, ink="on_green")
        column.addStretch(3)
        column.addWidget(self._disc, alignment=MIDDLE)
        column.addSpacing(20)
        column.addWidget(Label(look, Role.SENTENCE, Text("Đã thanh toán", "Paid"), ink="on_green").centred())
        column.addWidget(self._amount)
        column.addSpacing(12)
        column.addWidget(self._detail)
        column.addStretch(3)
        column.addLayout(self._foot(look))
        column.addSpacing(18)
        self._line = Countdown(look)
        column.addWidget(self._line)
        self._left_ms = 0
        self._timer = QTimer(self)
        self._timer.setInterval(100)
        self._timer.timeout.connect(self._tick)
        look.changed.connect(self._dress)
        self._dress()

    def _foot(self, look: Look) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(25, 0, 24, 0)
        row.setSpacing(12)
        row.addWidget(IconLabel(look, "printer", "on_green", 24))
        self._print = Label(look, Role.SMALL_BUTTON, ink="on_green")
        row.addWidget(self._print)
        row.addStretch()
        self._any = Label(look, Role.BODY, Text("Phím bất kỳ để bán tiếp", "Any key to go on"), ink="on_green")
        row.addWidget(self._any)
        row.addWidget(Button(look, Text("Khách kế tiếp", "Next customer"), self._done, kind="on_green", cap="Enter"))
        return row

    def show_payment(self, view: PaymentView, state: PrintState) -> None:
        """Show the result; the seconds begin to run when it is first shown."""
        self._amount.show_amount(view.amount)
        when = clock_time(view.settled_at_ms if view.settled_at_ms is not None else view.scanned_at_ms)
        parts = Text("{when}  ·  {who}", "{when}  ·  {who}").fill(when=when, who=brand(view.gateway))
        if view.zp_trans_id:
            number = Text("{parts}  ·  mã giao dịch …{tail}", "{parts}  ·  transaction …{tail}")
            parts = number.fill(parts=parts, tail=view.zp_trans_id[-4:])
        self._detail.show_text(parts)
        self._print.show_text(PRINT_WORDS[state])
        if not self._timer.isActive():
            self._left_ms = PAID_MS
            self._line.show_left(1.0)
            self._timer.start()

    def stop(self) -> None:
        """The stage is not shown any more."""
        self._timer.stop()

    def hold(self, part: float) -> None:
        """Stop the seconds where `part` of them is left: for pictures."""
        self._timer.stop()
        self._line.show_left(part)

    @Slot()
    def _tick(self) -> None:
        self._left_ms -= self._timer.interval()
        self._line.show_left(max(0, self._left_ms) / PAID_MS)
        if self._left_ms <= 0:
            self._timer.stop()
            self._done()

    @Slot()
    def _dress(self) -> None:
        self._disc.resize_to(self._look.size.disc + (0 if self._look.size.disc > 150 else 16))  # noqa: PLR2004
        self._any.setVisible(not self._look.size.narrow)


class DeclinedStage(Frame):
    """Nothing was charged, for sure: the cause, what to do, and how to try again."""

    def __init__(self, look: Look, *, retry: Callable[[], None], back: Callable[[], None]) -> None:
        super().__init__("declined")
        self._look = look
        self._disc = Disc(look, look.size.disc, "red", "on_red", icon="cross")
        self._above = Label(look, Role.DETAIL_STRONG, ink="red_text").centred()
        self._cause = CentredLines(look, Role.SENTENCE)
        self._advice = CentredLines(look, Role.DETAIL)
        self._code = FiguresLabel(look, Role.BODY, ink="text2")
        foot = Frame("buttons")
        buttons = QHBoxLayout(foot)
        buttons.setContentsMargins(24, 20, 24, 20)
        buttons.setSpacing(16)
        self._retry = Button(look, Text("Thử lại", "Try again"), retry, kind="primary", cap="Enter")
        buttons.addStretch()
        buttons.addWidget(self._retry)
        buttons.addWidget(Button(look, Text("Sửa số tiền", "Edit amount"), back, cap="Esc"))
        buttons.addStretch()
        stand(self, self._disc, ((self._above, 2), (self._cause, 10), (self._advice, 14), (self._code, 0)), foot)
        look.changed.connect(self._dress)

    def show_payment(self, view: PaymentView) -> None:
        """Show why, and what to do."""
        when = clock_time(view.settled_at_ms if view.settled_at_ms is not None else view.scanned_at_ms)
        code = Text("{when} · mã lỗi {who} {code}", "{when} · {who} code {code}")
        told = code.fill(when=when, who=brand(view.gateway), code=view.cause_code) if view.cause_code else same(when)
        self._show(view.cause, view.advice, told, view.amount)

    def show_refused(self, title: Text, advice: Text, amount: int) -> None:
        """Show that the till itself would not begin."""
        self._show(title, advice, Text("", ""), amount)

    def _show(self, cause: Text, advice: Text, code: Text, amount: int) -> None:
        self._above.show_text(Text("Chưa thu được tiền", "No money was taken"))
        self._cause.show_text(cause)
        self._advice.show_text(advice)
        self._code.show_text(code)
        self._retry.show_text(Text("Thử lại {amount}", "Try again {amount}").fill(amount=with_sign(amount)))

    @Slot()
    def _dress(self) -> None:
        self._disc.resize_to(self._look.size.disc)
