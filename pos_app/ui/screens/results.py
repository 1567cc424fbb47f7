"""The stage from sending on: processing, paid, declined or not sent, not known yet, and amounts that differ."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.checkout.views import PaymentView, Stage
from pos_app.clock import Clock
from pos_app.money import with_sign
from pos_app.ui.bridge import PrintState
from pos_app.ui.look import Look
from pos_app.ui.screens.stages import MIDDLE
from pos_app.ui.theme import Role
from pos_app.ui.widgets.amount_box import BigAmount
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.disc import Countdown, Disc, Ring
from pos_app.ui.widgets.label import FiguresLabel, FitLabel, Frame, IconLabel, Label
from pos_app.ui.widgets.steps import Steps
from pos_app.vietnam_day import clock_time
from pos_app.words import Text

LONG_WAIT_S = 10
PAID_MS = 5_000
PRINT_WORDS = {
    PrintState.PRINTING: Text("Đang in phiếu", "Printing the slip"),
    PrintState.PRINTED: Text("Đã in phiếu", "Slip printed"),
    PrintState.SAVED: Text("Đã lưu phiếu", "Slip saved"),
    PrintState.WAITING: Text("Phiếu đang đợi máy in", "Slip waits for the printer"),
    PrintState.OFF: Text("Bấm F9 để in phiếu", "Press F9 for the slip"),
}


class ProcessingStage(Frame):
    """The money is on its way: the ring of seconds and the four steps."""

    def __init__(self, look: Look, clock: Clock, *, ask: Callable[[], None]) -> None:
        super().__init__("card")
        self._clock = clock
        self._view: PaymentView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._ring = Ring(look)
        self._sentence = Label(look, Role.SENTENCE).centred()
        self._detail = Label(look, Role.DETAIL, ink="text2", wrap=True).centred()
        column.addStretch(3)
        column.addWidget(self._ring, alignment=MIDDLE)
        column.addSpacing(16)
        column.addWidget(self._sentence)
        column.addSpacing(6)
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
        rows.addWidget(self._ask, alignment=MIDDLE)
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

    def show_payment(self, view: PaymentView) -> None:
        """Show how far the payment is."""
        self._view = view
        sending = view.stage is Stage.SENDING
        self._sentence.show_text(
            Text("Đang gửi ZaloPay", "Sending to ZaloPay") if sending
            else Text("Chờ khách xác nhận", "Waiting for the customer")
        )  # fmt: skip
        self._detail.show_text(
            Text("Chờ một chút.", "One moment.") if sending
            else Text("Khách bấm xác nhận trên điện thoại.", "The customer confirms on the phone.")
        )  # fmt: skip
        self._steps.show_payment(view)
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
        parts = Text(f"{when}  ·  ZaloPay", f"{when}  ·  ZaloPay")
        if view.zp_trans_id:
            tail = view.zp_trans_id[-4:]
            parts = Text(f"{parts.vi}  ·  mã giao dịch …{tail}", f"{parts.en}  ·  transaction …{tail}")
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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._disc = Disc(look, look.size.disc, "red", "on_red", icon="cross")
        self._above = Label(look, Role.DETAIL_STRONG, ink="red_text").centred()
        self._cause = Label(look, Role.SENTENCE, wrap=True).centred()
        self._advice = Label(look, Role.DETAIL, wrap=True).centred()
        self._code = FiguresLabel(look, Role.BODY, ink="text2")
        column.addStretch(3)
        column.addWidget(self._disc, alignment=MIDDLE)
        column.addSpacing(20)
        for widget, below in ((self._above, 2), (self._cause, 10), (self._advice, 14), (self._code, 0)):
            row = QHBoxLayout()
            row.setContentsMargins(24, 0, 24, 0)
            row.addWidget(widget)
            column.addLayout(row)
            column.addSpacing(below)
        column.addStretch(3)
        foot = Frame("buttons")
        buttons = QHBoxLayout(foot)
        buttons.setContentsMargins(24, 20, 24, 20)
        buttons.setSpacing(16)
        self._retry = Button(look, Text("Thử lại", "Try again"), retry, kind="primary", cap="Enter")
        buttons.addStretch()
        buttons.addWidget(self._retry)
        buttons.addWidget(Button(look, Text("Sửa số tiền", "Edit amount"), back, cap="Esc"))
        buttons.addStretch()
        column.addWidget(foot)
        look.changed.connect(self._dress)

    def show_payment(self, view: PaymentView) -> None:
        """Show why, and what to do."""
        when = clock_time(view.settled_at_ms if view.settled_at_ms is not None else view.scanned_at_ms)
        code = Text(f"{when} · mã lỗi ZaloPay {view.cause_code}", f"{when} · ZaloPay code {view.cause_code}")
        self._show(view.cause, view.advice, code if view.cause_code else Text(when, when), view.amount)

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


class UnknownStage(Frame):
    """Whether the money came is not known yet, or does not fit: nothing may be charged again."""

    def __init__(self, look: Look, clock: Clock, *, done: Callable[[], None]) -> None:
        super().__init__("unknown")
        self._look, self._clock = look, clock
        self._view: PaymentView | None = None
        self._print = PrintState.OFF
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._band())
        column.addStretch(1)
        rows = QVBoxLayout()
        rows.setContentsMargins(32, 8, 32, 8)
        self._spread = rows
        self._rows = (self._row(rows), self._row(rows), self._row(rows))
        column.addLayout(rows)
        column.addStretch(1)
        foot = Frame("buttons")
        buttons = QHBoxLayout(foot)
        buttons.setContentsMargins(24, 20, 24, 20)
        next_one = Text("Bán cho khách kế tiếp", "Serve the next customer")
        buttons.addWidget(Button(look, next_one, done, kind="primary", cap="Enter"))
        buttons.addStretch()
        column.addWidget(foot)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)
        look.changed.connect(self._dress)
        self._dress()

    def _band(self) -> QWidget:
        band = Frame("band")
        row = QHBoxLayout(band)
        row.setContentsMargins(32, 22, 24, 24)
        row.setSpacing(24)
        self._disc = Disc(self._look, 112, "on_amber", "amber", icon="hourglass")
        row.addWidget(self._disc)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._title = Label(self._look, Role.BAND, ink="on_amber", wrap=True)
        words.addStretch()
        words.addWidget(self._title)
        self._strong = FitLabel(self._look, Role.DO_NOT, Text("ĐỪNG thu lại", "Do NOT charge again"), ink="on_amber")
        words.addWidget(self._strong)
        words.addStretch()
        row.addLayout(words, 1)
        return band

    def _row(self, column: QVBoxLayout) -> tuple[Disc, Label, Label]:
        row = QHBoxLayout()
        row.setSpacing(20)
        disc = Disc(self._look, 48, "surface", "amber_text")
        row.addWidget(disc)
        words = QVBoxLayout()
        words.setSpacing(2)
        title = Label(self._look, Role.DETAIL_STRONG, wrap=True)
        detail = Label(self._look, Role.BODY, ink="text2", wrap=True)
        words.addWidget(title)
        words.addWidget(detail)
        row.addLayout(words, 1)
        column.addLayout(row)
        return disc, title, detail

    def show_payment(self, view: PaymentView, state: PrintState) -> None:
        """Show what the till does meanwhile and when it will know."""
        self._view, self._print = view, state
        mismatch = view.stage is Stage.MISMATCH
        self._disc.show_sign(fill="on_amber", ink="amber", icon="triangle" if mismatch else "hourglass")
        self._title.show_text(view.cause if mismatch else Text("Chưa rõ kết quả", "Result not known yet"))
        self._show_rows(view, mismatch=mismatch)
        self._timer.start()

    def stop(self) -> None:
        """The stage is not shown any more."""
        self._timer.stop()

    @Slot()
    def _tick(self) -> None:
        if self._view is not None and self._view.stage is Stage.UNKNOWN:
            self._show_rows(self._view, mismatch=False)

    def _show_rows(self, view: PaymentView, *, mismatch: bool) -> None:
        if mismatch:
            rows: tuple[tuple[Text, Text], ...] = _mismatch_rows(view)
        else:
            rows = _unknown_rows(view, self._print, self._clock.wall_ms())
        icons = ("user", "info", "chat") if mismatch else ("refresh", "clock", "user")
        for (disc, title, detail), icon, (above, below) in zip(self._rows, icons, rows, strict=True):
            disc.show_sign(fill="surface", ink="amber_text", icon=icon)
            title.show_text(above)
            detail.show_text(below)

    @Slot()
    def _dress(self) -> None:
        self._disc.resize_to(self._look.size.disc_small)
        self._spread.setSpacing(self._look.size.gap + 8)


def _unknown_rows(view: PaymentView, state: PrintState, now_ms: int) -> tuple[tuple[Text, Text], ...]:
    asked = Text("Đã hỏi {n} lần.", "Asked {n} times.").fill(n=view.asked)
    if view.next_ask_at_ms is not None:
        seconds = max(0, -(-(view.next_ask_at_ms - now_ms) // 1000))
        soon = Text("{asked} Lần tới sau {s} giây.", "{asked} Next in {s} seconds.")
        asked = soon.fill(asked=asked, s=seconds)
    tell = Text("Nói với khách, bấm F9 in phiếu chờ", "Tell the customer, press F9 for a slip")
    quote = Text("“Giao dịch đang được xác nhận. Anh/chị giữ giúp phiếu này nhé.”",
                 "“Your payment is being confirmed. Please keep this slip.”")  # fmt: skip
    if state in {PrintState.PRINTING, PrintState.PRINTED, PrintState.SAVED}:
        tell = Text("Nói với khách", "Tell the customer")
    if state is PrintState.SAVED:
        quote = Text("“Giao dịch đang được xác nhận. Có kết quả em báo ngay.”",
                     "“Your payment is being confirmed. We will tell you at once.”")  # fmt: skip
    known = Text("Máy hỏi tiếp đến khi có kết quả", "The till asks until there is a result")
    if view.known_by_ms is not None:
        by = clock_time(view.known_by_ms, seconds=False)
        known = Text(f"Biết kết quả chậm nhất lúc {by}", f"Known by {by} at the latest")
    return (
        (Text("Máy đang tự hỏi ZaloPay", "The till keeps asking ZaloPay"), asked),
        (known, Text("Có kết quả, máy sẽ báo bằng âm thanh và trên đầu màn hình.",
                     "The till will tell you by sound and at the top of the screen.")),
        (tell, quote),
    )  # fmt: skip


def _mismatch_rows(view: PaymentView) -> tuple[tuple[Text, Text], ...]:
    tail = view.payment_id[-6:]
    return (
        (Text("Gọi quản lý", "Call the manager"), view.advice),
        (Text(f"Mã đơn …{tail}", f"Order …{tail}"),
         Text("Xem diễn biến ở Giao dịch (F3).", "See its time line under Payments (F3).")),
        (Text("Nói với khách", "Tell the customer"),
         Text("“Giao dịch cần kiểm tra lại. Anh/chị chờ quản lý nhé.”",
              "“This payment needs a check. The manager is coming.”")),
    )  # fmt: skip
