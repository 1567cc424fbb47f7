"""The shop's own VietQR on the stage, and what stands there when a manager saw the money. No gateway has a part in it.

Nobody but a person can say that money came, so it is told apart at every step: never the green of a gateway's word.
"""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from pos_app.checkout.events import PrintState
from pos_app.checkout.views import PaymentView
from pos_app.clock import Clock
from pos_app.qr.banks import bank_name
from pos_app.qr.vietqr import read_vietqr
from pos_app.ui.look import Look
from pos_app.ui.screens.customer_scans import DEMO_SCANS, KEEP, NOTICE_MS, ONE_AT_A_TIME, TICK_MS
from pos_app.ui.screens.results import SlipFoot, stand
from pos_app.ui.theme import Role
from pos_app.ui.time_left import seconds_left
from pos_app.ui.ways_to_pay import WAYS
from pos_app.ui.widgets.amount_box import BigAmount
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.details import Details, Row
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import CentredLines, Frame, IconLabel, Label
from pos_app.ui.widgets.shown_code import CodeAndWords, ShownQr
from pos_app.ui.widgets.way_choice import WayChoice
from pos_app.vietnam_day import clock_time
from pos_app.words import NOTHING, Text

SEEN = Text("Đã thấy tiền", "Money is seen")
_NO_GATEWAY = Text(
    "KHÔNG qua cổng: quản lý xem tiền vào rồi xác nhận bằng PIN",
    "NOT through a gateway: a manager looks, confirms by PIN",
)
_TITLE = Text("Mời khách chuyển khoản", "Ask for the transfer")
_TRANSFERRED = Text(
    "Khách đã chuyển rồi thì ĐỪNG đổi cách trả. Chưa chuyển: chọn lại lần nữa.",
    "Do NOT change if the transfer was made. If it was not, choose once more.",
)
_DEMO_TRANSFERRED = Text(
    "Khách mẫu đã chuyển, nhưng không cổng nào báo: quản lý xem tài khoản rồi bấm Enter.",
    "The demo customer made the transfer, but no gateway tells: a manager looks, then presses Enter.",
)
_WAITS = Text("Đang chờ khách chuyển khoản", "Waiting for the transfer")
_ONE_MOMENT = Text("Chờ một chút", "One moment")
_CANCELLING = Text("Đang cất mã", "Taking the code back")


def account_of(text: str) -> tuple[str, str, str]:
    """Bank, account and transfer reference that a code of the shop's own account names."""
    code = read_vietqr(text)
    return bank_name(code.receiver.bin), code.receiver.account, code.purpose or ""


class OwnAccountStage(Frame):
    """The code, bank and account, the reference on the bank's statement, and who confirms.

    Args:
        seen: a manager sees the money in the account.
        cancel: nobody waits for the transfer any more.
        choose: another way was chosen; keep: none was.
        demo: the demo customer makes the transfer; None in a shop.
        over: its time has run out: nobody can scan it now.
    """

    def __init__(  # noqa: PLR0913 - what its buttons do, by keyword
        self, look: Look, clock: Clock, *, seen: Callable[[], None], cancel: Callable[[], None],
        choose: Callable[[str], None], keep: Callable[[], None], demo: Callable[[], None] | None,
        over: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__("card")
        self._look, self._clock, self._over = look, clock, over
        self._view: PaymentView | None = None
        self._until_ms = 0
        self._then = ""
        self._noticed = NOTHING
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.code = ShownQr(look)
        self.choice = WayChoice(look, choose=choose, back=keep, word=KEEP)
        self.choice.hide()
        self._body = CodeAndWords(self.code, self._beside(), narrow_px=280)
        column.addLayout(self._body, 1)
        self._foot = self._make_foot(seen, cancel, demo)
        column.addWidget(self._foot)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._notice_timer = QTimer(self)
        self._notice_timer.setSingleShot(True)
        self._notice_timer.setInterval(NOTICE_MS)
        self._notice_timer.timeout.connect(self._show_words)
        look.changed.connect(self._dress)
        self._dress()

    def _make_foot(
        self, seen: Callable[[], None], cancel: Callable[[], None], demo: Callable[[], None] | None
    ) -> Frame:
        foot = Frame("buttons")
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 20, 24, 20)
        row.setSpacing(16)
        self._dot = Disc(self._look, 20, "", "accent")
        self._dot.show_sign(line="accent", ink="accent")
        self._waits = Label(self._look, Role.BODY, ink="text2", wrap=True)
        self._seen = Button(self._look, SEEN, seen, kind="primary", cap="Enter")
        self._cancel = Button(self._look, Text("Hủy mã", "Cancel code"), cancel, cap="Esc")
        row.addWidget(self._dot)
        row.addWidget(self._waits, 1000)
        row.addStretch(1)
        self._demo: Button | None = None
        if demo is not None:
            self._demo = Button(self._look, DEMO_SCANS, demo, cap="F8")
            row.addWidget(self._demo)
        row.addWidget(self._seen)
        row.addWidget(self._cancel)
        self._cancel.keep_room()  # the code keeps its place
        return foot

    def _beside(self) -> QVBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addStretch(1)
        self._title = Label(self._look, Role.TITLE, wrap=True)
        self._amount = BigAmount(self._look, Role.AMOUNT, ink="text", left=True)
        self._mark = Frame("pill_amber")
        row = QHBoxLayout(self._mark)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(12)
        row.addWidget(IconLabel(self._look, "person", "amber_text", 24))
        row.addWidget(Label(self._look, Role.BODY_STRONG, _NO_GATEWAY, ink="amber_text", wrap=True), 1)
        self._rows = Details(self._look)
        self._line = Label(self._look, Role.BODY, wrap=True)
        for widget in (self._title, self._amount, self._mark, self._rows, self._line, self.choice):
            words.addWidget(widget)
        words.addStretch(1)
        return words

    def show_payment(self, view: PaymentView, until: int, then: str) -> None:
        """Show the code, or that it is being taken back.

        Args:
            view: a payment to the shop's own account, still open.
            until: monotonic milliseconds until which the code is shown.
            then: the way that is wanted when this code is taken back, "" for none.
        """
        if view.cancel_wished and not (self._view is not None and self._view.cancel_wished):
            self._notice_timer.stop()  # it said how to come to this
        self._view, self._until_ms, self._then = view, until, then
        self._amount.show_amount(view.amount)
        self._timer.start()
        self._tick()

    def stop(self) -> None:
        """The stage is not shown any more."""
        self._timer.stop()
        self._notice_timer.stop()
        self.show_choice(on=False)
        self.code.show_code("")
        self._view = None

    def show_refused_scan(self) -> bool:
        """A payment code was held out: it is not used, and that is said. False while it still stands there."""
        new = not self._notice_timer.isActive()
        self._tell(ONE_AT_A_TIME)
        return new

    def warn(self, _view: PaymentView) -> None:
        """Another way was chosen, and the customer may have made the transfer already."""
        self._tell(_TRANSFERRED)

    def tell_demo_transfer(self) -> None:
        """Demo: the transfer is made. There is nothing that the till could hear of it: who can say so, and how."""
        self._tell(_DEMO_TRANSFERRED)

    def _tell(self, text: Text) -> None:
        self._noticed = text
        self._notice_timer.start()
        self._show_words()

    @property
    def can_scan(self) -> bool:
        """Whether a code is there to be scanned."""
        left_s = seconds_left(self._until_ms, self._clock.monotonic_ms())
        view = self._view
        return view is not None and view.shown is not None and not view.cancel_wished and left_s > 0

    def show_choice(self, *, on: bool) -> None:
        """Whether the ways to pay stand in the place of the words, while the code goes on being shown."""
        self.choice.setVisible(on)
        self._show_words()

    @Slot()
    def _tick(self) -> None:
        shown, was = self._view.shown if self._view is not None and self.can_scan else None, self.code.readable
        self.code.show_code(shown.text if shown is not None else "")
        self._show_words()
        if was and not self.code.readable:
            self._over()

    @Slot()
    def _show_words(self) -> None:
        view = self._view
        if view is None:
            return
        narrow, chooses = self._look.size.narrow, not self.choice.isHidden()
        cancels = view.cancel_wished
        self._title.show_text(_CANCELLING if cancels else _TITLE)
        after = Text("Xong thì làm: {way}.", "Then: {way}.")
        line = after.fill(way=WAYS[self._then]) if cancels and self._then else NOTHING
        noticed = self._notice_timer.isActive()
        self._line.show_text(self._noticed if noticed else line)
        self._line.set_ink("amber_text" if noticed else "text2")
        if view.shown is not None:
            self._show_account(view.shown.text)
        self._title.setVisible(not chooses)
        self._amount.setVisible(not narrow and not chooses)
        self._mark.setVisible(not cancels and not chooses)
        self._rows.setVisible(self.can_scan and not chooses and not (narrow and noticed))
        self._line.setVisible(bool(self._line.text()) and not chooses)
        self._foot.setVisible(not (narrow and chooses))
        for button in (self._seen, self._cancel):
            button.setVisible(not cancels and not chooses)
        self._waits.show_text(_ONE_MOMENT if cancels else _WAITS)
        for widget in (self._dot, self._waits):
            widget.setVisible(cancels or (not narrow if self._demo is None else self._look.size.wide))
        if self._demo is not None:
            self._demo.setVisible(self.can_scan and not narrow and not chooses)

    def _show_account(self, text: str) -> None:
        bank, account, reference = account_of(text)
        rows: tuple[Row, ...] = (
            (Text("Tài khoản", "Account"), f"{bank} · {account}", True),
            (Text("Nội dung", "Reference"), reference, True),
        )
        self._rows.show_rows(rows)

    @Slot()
    def _dress(self) -> None:
        narrow = self._look.size.narrow
        self._body.fit(self._look.size)
        self.choice.stand_in(2 if narrow else 1, compact=not self._look.size.wide)
        self._show_words()


class SeenMoneyStage(Frame):
    """A manager saw the money in the shop's account: done, and said in other colours than a gateway's word."""

    def __init__(self, look: Look, *, done: Callable[[], None]) -> None:
        super().__init__("card")
        self._look = look
        self._disc = Disc(look, look.size.disc, "accent_soft", "accent", icon="person")
        self._amount = BigAmount(look, Role.AMOUNT, ink="text")
        self._detail = CentredLines(look, Role.DETAIL)
        self._at = CentredLines(look, Role.BODY, ink="text2")
        title = CentredLines(look, Role.SENTENCE, Text("Quản lý đã thấy tiền", "A manager saw the money"))
        self._foot = SlipFoot(look, done=done)
        stand(self, self._disc, ((one, 8) for one in (title, self._amount, self._detail, self._at)), self._foot)
        look.changed.connect(self._dress)

    def show_payment(self, view: PaymentView, state: PrintState) -> None:
        """Show what a manager confirmed, and how far its slip is."""
        self._amount.show_amount(view.amount)
        self._detail.show_text(Text("Không qua cổng thanh toán.", "Not confirmed by a gateway."))
        at = clock_time(view.settled_at_ms if view.settled_at_ms is not None else view.scanned_at_ms)
        self._at.show_text(Text("{at} · chuyển khoản", "{at} · bank transfer").fill(at=at))
        self._foot.tell(state)

    @Slot()
    def _dress(self) -> None:
        self._disc.resize_to(self._look.size.disc)
