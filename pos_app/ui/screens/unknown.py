"""The stage while it is not known whether the money came, when it does not fit, and when a person decided.

Nothing is charged again from here, but for what a manager let go on or took for not paid.
"""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.checkout.events import PrintState
from pos_app.checkout.views import PaymentView, Stage, Work
from pos_app.clock import Clock
from pos_app.payments.gateway_names import asks_nobody, named
from pos_app.ui.look import Look
from pos_app.ui.screens.situation import KNOWN_SOME_DAY, LATE_MONEY, RELEASED, asking, no_cancel, quoted
from pos_app.ui.signs import SIGNS
from pos_app.ui.theme import Role
from pos_app.ui.ways_to_pay import cannot_be_cancelled
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import FitLabel, Frame, Label
from pos_app.vietnam_day import clock_time
from pos_app.words import Text


class UnknownStage(Frame):
    """Whether the money came is not known yet, or does not fit: nothing may be charged again."""

    def __init__(
        self, look: Look, clock: Clock, *, done: Callable[[], None], manage: Callable[[], None],
        seen: Callable[[], None], again: Callable[[], None],
    ) -> None:  # fmt: skip
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
        buttons.setContentsMargins(16, 20, 16, 20)
        next_one = Text("Bán cho khách kế tiếp", "Next customer")
        self._manage = Button(look, Text("Quản lý quyết định", "Manager decides"), manage, icon=("lock", "text"))
        self._seen = Button(look, Text("Đã thấy tiền", "Money is seen"), seen, icon=("person", "text"))
        self._again = Button(look, Text("Thu lại", "Charge again"), again, icon=("scan", "text"))
        buttons.setSpacing(12)
        buttons.addWidget(Button(look, next_one, done, kind="primary", cap="Enter"))
        buttons.addWidget(self._seen)
        buttons.addWidget(self._manage)
        buttons.addWidget(self._again)
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
        icon, title, strong = _band_words(view)
        self._disc.show_sign(fill="on_amber", ink="amber", icon=icon)
        self._title.show_text(title)
        self._strong.show_text(strong)
        free = view.stage is Stage.DECIDED_UNPAID or (view.released and view.stage is not Stage.PAID)
        self._again.setVisible(free)
        own = asks_nobody(view.gateway) and view.stage is Stage.UNKNOWN
        self._seen.setVisible(own)
        self._manage.setVisible(not free and not own and view.stage not in _DECIDED)
        self._show_rows(view)
        self._timer.start()

    def stop(self) -> None:
        """The stage is not shown any more."""
        self._timer.stop()

    @Slot()
    def _tick(self) -> None:
        if self._view is not None and self._view.stage is Stage.UNKNOWN:
            self._show_rows(self._view)

    def _show_rows(self, view: PaymentView) -> None:
        icons, rows = _rows_of(view, self._print, self._clock.wall_ms())
        for (disc, title, detail), icon, (above, below) in zip(self._rows, icons, rows, strict=True):
            disc.show_sign(fill="surface", ink="amber_text", icon=icon)
            title.show_text(named(above, view.gateway))
            detail.show_text(named(below, view.gateway))

    @Slot()
    def _dress(self) -> None:
        self._disc.resize_to(self._look.size.disc_small)
        self._spread.setSpacing(self._look.size.gap + 8)
        for disc, _, _ in self._rows:
            disc.resize_to(64 if self._look.size.wide else 48)


_DECIDED = {Stage.DECIDED_PAID, Stage.DECIDED_UNPAID}


def _band_words(view: PaymentView) -> tuple[str, Text, Text]:
    """Icon, first line and strong line of the band."""
    do_not = Text("ĐỪNG thu lại", "Do NOT charge again")
    unknown = Text("Chưa rõ kết quả", "Result not known yet")
    if view.stage in _DECIDED:
        told = Text("ZaloPay chưa xác nhận", "ZaloPay has not confirmed it")
        title = view.advice if asks_nobody(view.gateway) else named(told, view.gateway)
        return "person", title, SIGNS[view.stage].word
    if asks_nobody(view.gateway) and not view.released:
        return "hourglass", view.cause, do_not
    if view.work is Work.LATE_MONEY:
        return "triangle", Text("Tiền về muộn", "Late money"), Text("Cần xử lý", "To be settled")
    if view.stage is Stage.MISMATCH:
        return "triangle", view.cause, do_not
    if view.released:
        return "hourglass", unknown, Text("Được thu lại", "May be charged again")
    return "hourglass", unknown, do_not


def _rows_of(
    view: PaymentView, state: PrintState, now_ms: int
) -> tuple[tuple[str, str, str], tuple[tuple[Text, Text], ...]]:
    """The three icons and the three rows under the band."""
    tell = (Text("Nói với khách", "Tell the customer"), quoted(view.to_customer))
    if asks_nobody(view.gateway):
        return ("person", "info", "chat"), _own_rows(view, tell)
    if view.stage in _DECIDED:
        differs = Text("Trái với quyết định này thì máy báo ngay.", "It tells at once if the answer differs.")
        still = (Text("Máy vẫn hỏi ZaloPay", "The till keeps asking ZaloPay"), differs)
        return ("person", "refresh", "chat"), ((view.cause, view.advice), still, tell)
    if view.work is Work.LATE_MONEY:
        manager = (Text("Gọi quản lý", "Call the manager"),
                   Text("Bấm “Quản lý quyết định”.", "Press “Manager decides”."))  # fmt: skip
        return ("triangle", "user", "chat"), (LATE_MONEY[1:], manager, tell)
    if view.stage is Stage.MISMATCH:
        return ("user", "info", "chat"), _mismatch_rows(view)
    known = RELEASED[1:] if view.released else _known_by(view)
    if view.cancel_wished and not view.released and cannot_be_cancelled(view):
        known = no_cancel(view, now_ms)[1:]
    rows = (asking(view, now_ms)[1:], known, _words_for_customer(state))
    return ("refresh", "person" if view.released else "clock", "user"), rows


def _own_rows(view: PaymentView, tell: tuple[Text, Text]) -> tuple[tuple[Text, Text], ...]:
    """The shop's own account: nobody is asked, a person looks."""
    if view.stage in _DECIDED:
        book = (Text("Đã ghi vào sổ", "It is in the journal"), Text("Tên, giờ và lý do.", "Name, time and reason."))
        return (view.cause, view.advice), book, tell
    stays = (Text("Khoản này nằm lại trong “Cần theo dõi”", "It stays under “To be watched”"),
             Text("Đến khi quản lý đã xem tài khoản.", "Until a manager has looked at the account."))  # fmt: skip
    look = (Text("Quản lý xem tài khoản của tiệm", "A manager looks at the shop’s account"),
            Text("Thấy tiền vào thì xác nhận bằng PIN.", "Once the money is there, it is confirmed."))  # fmt: skip
    return look, stays, tell


def _known_by(view: PaymentView) -> tuple[Text, Text]:
    known = KNOWN_SOME_DAY
    if view.known_by_ms is not None:
        by = clock_time(view.known_by_ms, seconds=False)
        known = Text(f"Biết kết quả chậm nhất lúc {by}", f"Known by {by} at the latest")
    return known, Text("Có kết quả, máy sẽ báo bằng âm thanh và trên đầu màn hình.",
                       "The till will tell you by sound and at the top of the screen.")  # fmt: skip


def _words_for_customer(state: PrintState) -> tuple[Text, Text]:
    tell = Text("Nói với khách, bấm F9 in phiếu chờ", "Tell the customer, press F9 for a slip")
    quote = Text("“Giao dịch đang được xác nhận. Anh/chị giữ giúp phiếu này nhé.”",
                 "“Your payment is being confirmed. Please keep this slip.”")  # fmt: skip
    if state in {PrintState.PRINTING, PrintState.PRINTED, PrintState.SENT, PrintState.SAVED}:
        tell = Text("Nói với khách", "Tell the customer")
    if state is PrintState.SAVED:
        quote = Text("“Giao dịch đang được xác nhận. Có kết quả em báo ngay.”",
                     "“Your payment is being confirmed. We will tell you at once.”")  # fmt: skip
    return tell, quote


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
