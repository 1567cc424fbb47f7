"""The stage with a link for a customer who is not at the counter: to be copied and sent. The counter stays free."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from pos_app.checkout.views import PaymentView, Stage
from pos_app.clock import Clock
from pos_app.payments.gateway_names import named
from pos_app.ui.at_the_counter import CHARGING, is_without_money, looks_paid
from pos_app.ui.look import Look
from pos_app.ui.screens.situation import when
from pos_app.ui.theme import Role
from pos_app.ui.widgets.amount_box import BigAmount
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.label import Frame, IconLabel, Label
from pos_app.ui.widgets.shown_code import NOT_PAID, PAID, WAITS, CodeAndWords, Instead, ShownQr
from pos_app.words import NOTHING, Text

COPIED_MS = 4_000
_MAKING = Text("Đang tạo liên kết", "Making the link")
_SEND = Text("Gửi liên kết cho khách", "Send this link")
_COPY, _COPIED = Text("Chép liên kết", "Copy the link"), Text("Đã chép", "Copied")
_FREE = Text(
    "Quầy vẫn bán tiếp được: máy báo bằng âm thanh khi khách trả.",
    "The counter is free: the till tells by sound when it is paid.",
)


class LinkStage(Frame):
    """The link as text and as a code, its amount and until when; then how it ended.

    Args:
        done: back to selling; the link goes on in the background.
        demo: the demo customer opens it and pays; None in a shop.
    """

    def __init__(self, look: Look, clock: Clock, *, done: Callable[[], None], demo: Callable[[], None] | None) -> None:
        super().__init__("card")
        self._look, self._clock = look, clock
        self._link = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.code = ShownQr(look)
        self._body = CodeAndWords(self.code, self._beside(), narrow_px=320)
        column.addLayout(self._body, 1)
        foot = Frame("buttons")
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 20, 24, 20)
        row.setSpacing(16)
        self._copy = Button(look, _COPY, self._copy_it, kind="primary", cap="Enter")
        row.addStretch()
        self._demo: Button | None = None
        if demo is not None:
            self._demo = Button(look, Text("Khách mẫu trả", "Demo customer pays"), demo, cap="F8")
            row.addWidget(self._demo)
        row.addWidget(self._copy)
        row.addWidget(Button(look, Text("Bán tiếp", "Go on selling"), done, cap="Esc"))
        column.addWidget(foot)
        self._copied_timer = QTimer(self)
        self._copied_timer.setSingleShot(True)
        self._copied_timer.setInterval(COPIED_MS)
        self._copied_timer.timeout.connect(self._ready_to_copy)
        look.changed.connect(self._dress)
        self._dress()

    def _beside(self) -> QVBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(12)
        self._sign = IconLabel(self._look, "send", "accent", 32)
        self._title = Label(self._look, Role.TITLE, wrap=True)
        head.addWidget(self._sign)
        head.addWidget(self._title, 1)
        words.addLayout(head)
        self._amount = BigAmount(self._look, Role.AMOUNT, ink="text", left=True)
        words.addWidget(self._amount)
        self._box = Frame("box")
        row = QHBoxLayout(self._box)
        row.setContentsMargins(14, 10, 14, 10)
        self._text = Label(self._look, Role.FIGURE)
        self._text.setMinimumWidth(1)
        row.addWidget(self._text)
        words.addWidget(self._box)
        self._until = Label(self._look, Role.BODY, ink="text2", wrap=True)
        self._free = Label(self._look, Role.BODY, _FREE, ink="text2", wrap=True)
        words.addWidget(self._until)
        words.addWidget(self._free)
        words.addStretch(1)
        return words

    def show_payment(self, view: PaymentView) -> None:
        """Show the link, or how it ended."""
        shown = view.shown if view.stage is Stage.SHOWN else None
        self._link = (shown.link or shown.text) if shown is not None else ""
        self.code.show_code(self._link, instead=_instead(view))
        self._amount.show_amount(view.amount)
        icon, token, title, detail = self._said(view)
        self._sign.show_icon(icon, token)
        self._title.show_text(title)
        self._until.show_text(detail)
        self._until.setVisible(bool(detail.vi))
        self._copy.setVisible(bool(self._link))
        if self._demo is not None:
            self._demo.setVisible(bool(self._link) and not self._look.size.narrow)
        self._box.setVisible(bool(self._link))
        self._free.setVisible(view.stage in CHARGING)
        self._shorten()

    def _said(self, view: PaymentView) -> tuple[str, str, Text, Text]:
        until = NOTHING
        if view.expires_at_ms is not None:
            at = when(view.expires_at_ms, self._clock.wall_ms())
            until = Text("Khách trả được đến {t}.", "It can be paid until {t}.").fill(t=at)
        if view.stage is Stage.SENDING:
            return "send", "accent", _MAKING, NOTHING
        if looks_paid(view):
            return "tick", "green_text", Text("Đã thanh toán", "Paid"), NOTHING
        if is_without_money(view):
            return "cross", "red_text", view.cause, view.advice
        if view.told_paid:
            return "refresh", "accent", view.cause, view.advice
        if self._link:
            return "send", "accent", _SEND, until
        none = Text("Chưa có liên kết để gửi", "There is no link to send")
        return "hourglass", "amber_text", none, named(Text("Đang hỏi ZaloPay.", "Asking ZaloPay."), view.gateway)

    def stop(self) -> None:
        """The stage is not shown any more."""
        self._copied_timer.stop()
        self._ready_to_copy()

    def copy(self) -> bool:
        """Put the link where it can be pasted from. False when there is none."""
        if self._link:
            QGuiApplication.clipboard().setText(self._link)
            self._copy.show_text(_COPIED)
            self._copied_timer.start()
        return bool(self._link)

    @Slot()
    def _copy_it(self) -> None:
        self.copy()

    @Slot()
    def _ready_to_copy(self) -> None:
        self._copy.show_text(_COPY)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of the link as there is room for."""
        super().resizeEvent(event)
        self._shorten()

    def _shorten(self) -> None:
        room = (504 if self._look.size.narrow else self.width() - self.code.width() - 150) - 28
        font = self._text.fontMetrics()
        self._text.show_text(font.elidedText(self._link, Qt.TextElideMode.ElideMiddle, max(room, 120)))

    @Slot()
    def _dress(self) -> None:
        self._body.fit(self._look.size)
        self._amount.setVisible(not self._look.size.narrow)
        if self._demo is not None:
            self._demo.setVisible(bool(self._link) and not self._look.size.narrow)
        self._shorten()


def _instead(view: PaymentView) -> Instead:
    return PAID if looks_paid(view) else NOT_PAID if is_without_money(view) else WAITS
