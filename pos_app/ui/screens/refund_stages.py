"""The stages of one refund: sending, ZaloPay is refunding, refunded, declined, not known. Amount left, stage right."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pos_app.checkout.events import PrintState, PrintView
from pos_app.checkout.views import PaymentView, RefundStage, RefundView
from pos_app.clock import Clock
from pos_app.money import with_sign
from pos_app.payments.gateway_names import CASH, is_appotapay, named
from pos_app.ui.commands import Commands
from pos_app.ui.look import Look
from pos_app.ui.screens.announcing import Announcer
from pos_app.ui.screens.payment_rows import paid_words
from pos_app.ui.screens.results import PRINT_WORDS, stand
from pos_app.ui.screens.situation import age
from pos_app.ui.theme import Role
from pos_app.ui.widgets.amount_panel import AmountPanel
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.details import Row
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import CentredLines, Frame, Label
from pos_app.vietnam_day import clock_time
from pos_app.words import NOTHING, Text

_LOOKS = {
    RefundStage.SENDING: ("card", "accent_soft", "accent", "refund"),
    RefundStage.PROCESSING: ("card", "accent_soft", "accent", "refund"),
    RefundStage.DONE: ("card", "green", "on_green", "refund"),
    RefundStage.DECLINED: ("declined", "red", "on_red", "cross"),
    RefundStage.NOT_SENT: ("declined", "red", "on_red", "cross"),
    RefundStage.UNKNOWN: ("unknown", "amber", "on_amber", "hourglass"),
}
_CASH_LOOKS = ("card", "accent_soft", "accent", "money")
"""Cash that was given back: never the green of a gateway's word."""
_ABOVE = {
    RefundStage.DECLINED: Text("Chưa hoàn tiền", "Nothing was refunded"),
    RefundStage.NOT_SENT: Text("Chưa hoàn tiền", "Nothing was refunded"),
    RefundStage.UNKNOWN: Text("Chưa rõ kết quả", "Result not known yet"),
}
_DO_NOT = Text("ĐỪNG hoàn lại", "Do NOT refund again")
_ASK = Text("Hỏi ZaloPay ngay", "Ask ZaloPay now")
_BACK = Text("Tiền hoàn về ZaloPay của khách.", "The money goes back to the customer’s ZaloPay.")
_BACK_TO_ITS_SOURCE = Text("Tiền hoàn về nguồn khách đã trả.", "The money goes back to where it came from.")
_BACK_IN_CASH = Text("Trả tiền mặt cho khách.", "Cash goes back to the customer.")
_KEEPS_ASKING = Text("Máy hỏi ZaloPay đến khi có kết quả, có khi vài ngày. Bạn làm việc khác được.",
                     "The till asks until there is a result, for days if need be. You can go on.")  # fmt: skip
_RUNNING = {RefundStage.SENDING, RefundStage.PROCESSING, RefundStage.UNKNOWN}


class RefundStages(QWidget):
    """Shows how a refund stands.

    Args:
        done: the cashier goes on.
        slip: the refund's slip is to be shown.
    """

    def __init__(self, look: Look, clock: Clock, *, done: Callable[[], None], slip: Callable[[], None]) -> None:
        super().__init__()
        self._look, self._clock, self._done = look, clock, done
        self._commands: Commands | None = None
        self._view: PaymentView | None = None
        self.refund: RefundView | None = None
        self._print = PrintState.OFF
        self._row = QHBoxLayout(self)
        self.panel = AmountPanel(look)
        self._row.addWidget(self.panel)
        self._row.addWidget(self._stage(look, slip), 1)
        self._second = QTimer(self)
        self._announcer = Announcer()
        self._second.setInterval(1000)
        self._second.timeout.connect(self._tick)
        look.changed.connect(self._dress)
        self._dress()

    def _stage(self, look: Look, slip: Callable[[], None]) -> QWidget:
        self._card = Frame("card")
        self._disc = Disc(look, look.size.disc, "accent_soft", "accent", icon="refund")
        self._above = Label(look, Role.DETAIL_STRONG).centred()
        self._sentence = CentredLines(look, Role.SENTENCE)
        self._detail = CentredLines(look, Role.DETAIL)
        self._small = CentredLines(look, Role.BODY, ink="text2")
        foot = Frame("buttons")
        buttons = QHBoxLayout(foot)
        buttons.setContentsMargins(24, 20, 24, 20)
        buttons.setSpacing(16)
        buttons.addStretch()
        self._go_on = Button(look, Text("Xong", "Done"), self._done, kind="primary", cap="Enter")
        self._ask = Button(look, _ASK, self._ask_now, icon=("refresh", "text"))
        self._slip = Button(look, Text("Xem phiếu hoàn", "Show the slip"), slip, cap="F9")
        for button in (self._go_on, self._ask, self._slip):
            buttons.addWidget(button)
        buttons.addStretch()
        lines = ((self._above, 2), (self._sentence, 10), (self._detail, 14), (self._small, 0))
        stand(self._card, self._disc, lines, foot, sides=32)
        return self._card

    def obey(self, commands: Commands | None) -> None:
        """See `OtherScreen`."""
        self._commands = commands

    def begin(self, view: PaymentView, amount: int) -> None:
        """It was approved; until the till has given it its number, it is on its way."""
        self._view, self.refund, self._print = view, None, PrintState.OFF
        self._announcer.forget()
        sending = (Text("Đang gửi lệnh hoàn", "Sending the refund"), Text("Chờ một chút.", "One moment."))
        self._dress_as(RefundStage.SENDING)
        self._show_words(NOTHING, *sending, NOTHING)
        self._show_panel(view, amount, ())
        self._second.start()

    def show_refund(self, view: PaymentView, refund: RefundView) -> None:
        """Show how it stands."""
        self._view, self.refund = view, refund
        self._dress_as(refund.stage)
        unknown = refund.stage is RefundStage.UNKNOWN
        sentence = _DO_NOT if unknown else refund.cause
        detail = refund.cause if unknown else refund.advice
        self._show_words(_ABOVE.get(refund.stage, NOTHING), sentence, detail, self._below(refund))
        rows: list[Row] = [
            (Text("Phiếu hoàn", "Refund slip"), refund.slip_number, True),
            (Text("Người duyệt", "Approver"), refund.by, False),
            (Text("Lý do", "Reason"), refund.reason, False),
        ]
        if refund.refund_id:
            rows.append((Text("Mã hoàn", "Refund ID"), f"…{refund.refund_id[-8:]}", True))
        self._show_panel(view, refund.amount, tuple(rows))
        self._second.start()

    def _show_panel(self, view: PaymentView, amount: int, rows: tuple[Row, ...]) -> None:
        first = (
            (Text("Phiếu gốc", "Original slip"), view.slip_number, True),
            (paid_words(view), with_sign(view.amount), True),
        )
        note = _BACK_TO_ITS_SOURCE if is_appotapay(view.gateway) else _BACK
        note = _BACK_IN_CASH if view.gateway == CASH else note
        self._ask.show_text(named(_ASK, view.gateway))
        self.panel.show_amount(Text("Số tiền hoàn", "Refund"), amount, (*first, *rows), note, "refund")

    def _below(self, refund: RefundView) -> Text:
        if refund.stage is RefundStage.DONE:
            return PRINT_WORDS[self._print]
        if refund.stage in {RefundStage.PROCESSING, RefundStage.UNKNOWN}:
            ago = age(refund.requested_at_ms, self._clock.wall_ms())
            return Text("{age} rồi. {why}", "{age} so far. {why}").fill(
                age=ago, why=named(_KEEPS_ASKING, self._gateway)
            )
        if refund.cause_code:
            at = clock_time(refund.settled_at_ms or refund.requested_at_ms)
            code = Text("{at} · mã lỗi ZaloPay {code}", "{at} · ZaloPay code {code}")
            return named(code, self._gateway).fill(at=at, code=refund.cause_code)
        return NOTHING

    @property
    def _gateway(self) -> str:
        return self._view.gateway if self._view is not None else ""

    def _show_words(self, above: Text, sentence: Text, detail: Text, small: Text) -> None:
        for label, text in (
            (self._above, above),
            (self._sentence, sentence),
            (self._detail, detail),
            (self._small, small),
        ):
            label.show_text(text)
            label.setVisible(bool(text.vi))
        self._announcer.announce(self._card)

    def _dress_as(self, stage: RefundStage) -> None:
        in_cash = stage is RefundStage.DONE and self._gateway == CASH
        frame, fill, ink, icon = _CASH_LOOKS if in_cash else _LOOKS[stage]
        self._card.wear(frame, fits=False)
        self._disc.show_sign(fill=fill, ink=ink, icon=icon)
        self._above.set_ink({"declined": "red_text", "unknown": "amber_text"}.get(frame, "text2"))
        self._ask.setVisible(stage in {RefundStage.PROCESSING, RefundStage.UNKNOWN})
        self._slip.setVisible(stage is RefundStage.DONE)
        self._go_on.show_text(Text("Xong", "Done") if stage not in _RUNNING else Text("Làm việc khác", "Go on"))

    def show_print(self, view: PrintView) -> None:
        """Its slip came further."""
        if self.refund is not None and view.payment_id == self.refund.m_refund_id and self._view is not None:
            self._print = view.state
            self.show_refund(self._view, self.refund)

    def stop(self) -> None:
        """It is not shown any more."""
        self._second.stop()
        self.refund, self._view = None, None

    def _ask_now(self) -> None:
        if self._commands is not None and self._view is not None:
            self._commands.ask_now(self._view.payment_id)

    @Slot()
    def _tick(self) -> None:
        if self.refund is not None and self.refund.stage in _RUNNING:
            text = self._below(self.refund)
            self._small.show_text(text)

    def press(self, event: QKeyEvent) -> bool:
        """Enter goes on."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._done()
            return True
        return False

    @Slot()
    def _dress(self) -> None:
        size = self._look.size
        self._row.setContentsMargins(size.gap, size.gap, size.gap, size.gap)
        self._row.setSpacing(size.gap)
        self._disc.resize_to(size.disc)
