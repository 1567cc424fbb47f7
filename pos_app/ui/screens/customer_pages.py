"""The pages of the customer display. Words for a customer: polite, short, Vietnamese first, English beneath."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.clock import Clock
from pos_app.money import with_sign
from pos_app.payments.gateway_names import asks_nobody, brand, named
from pos_app.ui.facing import Facing, Page
from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.time_left import seconds_left
from pos_app.ui.ways_to_pay import Reader
from pos_app.ui.widgets.amount_box import BigAmount
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.for_customer import AmountPart, Said, StoreMark, note_pill
from pos_app.ui.widgets.label import CentredLines, Divider, FiguresLabel, FitLabel, Frame, IconLabel, Label
from pos_app.ui.widgets.phone import Phone
from pos_app.ui.widgets.shown_code import TIMED_OUT, ShownQr, TimeLeft
from pos_app.words import Text

TICK_MS = 200
HEIGHT_FOR_WORDS = 720
"""px of height from which the amount is said in words too."""
_STEP, _STEP_LOW = (Role.DETAIL_STRONG, Role.BODY), (Role.BODY_STRONG, Role.SMALL)
PHONE = 132
MIDDLE = Qt.AlignmentFlag.AlignHCenter

_PAY = Text("Xin mời quý khách thanh toán", "Please pay here")


class _Page(QWidget):
    """A page with the store's name above it."""

    def __init__(self, look: Look, store: str, *, both: bool, note: Text | None) -> None:
        super().__init__()
        self.look, self.both = look, both
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = Frame("head")
        row = QHBoxLayout(head)
        row.setContentsMargins(32, 12, 32, 12)
        row.setSpacing(24)
        name = FitLabel(look, Role.TITLE, store)
        row.addWidget(name, 1)
        if note is not None:
            row.addWidget(note_pill(look, note))
        self.invitation = Said(look, Role.DETAIL, _PAY, small=Role.SMALL, both=both, ink="text2", wrap=False)
        row.addWidget(self.invitation)
        column.addWidget(head)
        self.body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        column.addLayout(self.body, 1)

    def show_facing(self, seen: Facing) -> None:
        """Show this."""

    def fit(self, *, portrait: bool, low: bool) -> None:
        """Take the shape of the screen: standing, or too low for everything."""
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self.body.setDirection(down if portrait else across)


class IdlePage(QWidget):
    """Between customers: the store's mark and name."""

    def __init__(self, look: Look, store: str, *, both: bool, note: Text | None) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(20)
        column.addStretch(1)
        column.addWidget(StoreMark(look, store), alignment=MIDDLE)
        column.addWidget(CentredLines(look, Role.SENTENCE, store))
        welcome = Text("Kính chào quý khách", "Welcome")
        column.addWidget(Said(look, Role.DETAIL, welcome, small=Role.BODY, both=both, ink="text2", centred=True))
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addStretch()
        row.addWidget(IconLabel(look, "phone", "text2", 24))
        row.addWidget(Label(look, Role.BODY, Text("Nhận thanh toán bằng ZaloPay", "ZaloPay accepted"), ink="text2"))
        row.addStretch()
        column.addLayout(row)
        if note is not None:
            column.addWidget(note_pill(look, note), alignment=MIDDLE)


class AmountPage(_Page):
    """The amount, and how to get to the payment code."""

    def __init__(self, look: Look, store: str, *, both: bool, note: Text | None) -> None:
        super().__init__(look, store, both=both, note=note)
        self.body.setContentsMargins(40, 24, 40, 24)
        self.body.setSpacing(40)
        self._amount = AmountPart(look, both=both)
        self.body.addWidget(self._amount, 5)
        self._phones: list[Phone] = []
        steps = QWidget()
        self._steps = QHBoxLayout(steps)
        self._steps.setContentsMargins(0, 0, 0, 0)
        self._steps.setSpacing(16)
        self._steps.addStretch(1)
        self._steps.addWidget(self._step("open", Text("Mở ZaloPay", "Open ZaloPay")), 3)
        self._steps.addWidget(IconLabel(look, "arrow", "text2", 40))
        self._steps.addWidget(self._step("code", Text("Mã thanh toán", "Payment code")), 3)
        self._steps.addStretch(1)
        self.body.addWidget(steps, 6)

    def _step(self, shows: str, words: Text) -> QWidget:
        step = QWidget()
        column = QVBoxLayout(step)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addStretch()
        phone = Phone(self.look, shows, PHONE)
        self._phones.append(phone)
        column.addWidget(phone, alignment=MIDDLE)
        column.addWidget(Said(self.look, Role.DETAIL_STRONG, words, small=Role.BODY, both=self.both, centred=True))
        column.addStretch()
        return step

    def show_facing(self, seen: Facing) -> None:
        """Show the amount."""
        self._amount.show_amount(seen.amount)

    def fit(self, *, portrait: bool, low: bool) -> None:
        """See `_Page.fit`."""
        super().fit(portrait=portrait, low=low)
        self._amount.say_words(on=not low)
        for phone in self._phones:
            phone.resize_to(
                PHONE if self.look.size.narrow else 2 * PHONE if self.look.size.wide else round(1.3 * PHONE)
            )


class ScanPage(_Page):
    """The code to scan, three steps, and the time left."""

    def __init__(self, look: Look, clock: Clock, store: str, *, both: bool, note: Text | None) -> None:
        super().__init__(look, store, both=both, note=note)
        self._clock = clock
        self._seen = Facing(Page.SCAN)
        self._left_s = -1
        self.body.setContentsMargins(32, 24, 32, 24)
        self.body.setSpacing(32)
        self.code = ShownQr(look)
        self.body.addWidget(self.code, 6)
        self._beside = QWidget()
        column = QVBoxLayout(self._beside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self._amount = AmountPart(look, both=both)
        column.addStretch(1)
        column.addWidget(self._amount)
        column.addWidget(Divider())
        column.addWidget(self._steps())
        column.addWidget(Divider())
        row = QHBoxLayout()
        row.setSpacing(20)
        self.left = TimeLeft(look, 96)
        row.addWidget(self.left)
        self._still = Said(look, Role.DETAIL_STRONG, small=Role.BODY, both=both)
        row.addWidget(self._still, 1)
        column.addLayout(row)
        column.addStretch(1)
        self.body.addWidget(self._beside, 5)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    def _steps(self) -> QWidget:
        steps = QWidget()
        grid = QGridLayout(steps)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self._said = [Said(self.look, Role.BODY_STRONG, small=Role.SMALL, both=self.both) for _ in range(3)]
        for place, step in enumerate(self._said):
            grid.addWidget(Disc(self.look, 36, "accent_soft", "accent_text", figure=str(place + 1)), place, 0)
            grid.addWidget(step, place, 1)
        return steps

    def show_facing(self, seen: Facing) -> None:
        """Show the code and let its time run."""
        self._seen, self._left_s = seen, -1
        self._amount.show_amount(seen.amount)
        for said, text in zip(self._said, (*_OPEN[seen.reader], _LAST[asks_nobody(seen.gateway)]), strict=True):
            said.show_text(text)
        self._timer.start()
        self._tick()

    def leave(self) -> None:
        """Another page is shown: nothing is left to scan."""
        self._timer.stop()
        self.code.show_code("")

    @Slot()
    def _tick(self) -> None:
        left_s = seconds_left(self._seen.until_ms, self._clock.monotonic_ms())
        if left_s == self._left_s:
            return
        self._left_s = left_s
        self.left.show_left(left_s, self._seen.life_s)
        self.code.show_code(self._seen.code if left_s else "", instead=TIMED_OUT)
        self._still.show_text(Text("Mã còn hiệu lực", "The code is valid") if left_s
                              else Text("Mã đã hết giờ, đừng quét", "Timed out, do not scan"))  # fmt: skip

    def fit(self, *, portrait: bool, low: bool) -> None:
        """See `_Page.fit`."""
        super().fit(portrait=portrait, low=low)
        self._amount.say_words(on=not low)
        for step in self._said:
            step.play(*(_STEP_LOW if low else _STEP))
        self.left.resize_to(96 if low else 144 if self.look.size.wide else 112)


class WordPage(_Page):
    """One sign, one sentence, one line, and the amount."""

    def __init__(self, look: Look, store: str, *, both: bool, note: Text | None) -> None:
        super().__init__(look, store, both=both, note=note)
        column = QVBoxLayout()
        column.setContentsMargins(32, 20, 32, 24)
        column.setSpacing(14)
        self._disc = Disc(look, look.size.disc, "accent_soft", "accent", icon="hourglass")
        self._sentence = Said(look, Role.SENTENCE, small=Role.DETAIL, both=both, centred=True)
        self._amount = BigAmount(look, Role.AMOUNT, ink="text")
        self._detail = Said(look, Role.DETAIL, small=Role.BODY, both=both, ink="text2", centred=True)
        column.addStretch(1)
        column.addWidget(self._disc, alignment=MIDDLE)
        for widget in (self._sentence, self._amount, self._detail):
            column.addWidget(widget)
        column.addStretch(1)
        self.body.addLayout(column, 1)

    def show_facing(self, seen: Facing) -> None:
        """Show what the page says."""
        sign, fill, ink, sentence, detail = _SAID[seen.page]
        self.invitation.setVisible(seen.page in _TO_BE_PAID)
        self._disc.show_sign(fill=fill, ink=ink, icon=sign)
        self._sentence.show_text(named(sentence, seen.gateway))
        self._detail.show_text(_given(seen) if seen.given else named(detail, seen.gateway))
        self._amount.show_amount(seen.amount)


def _given(seen: Facing) -> Text:
    """What was given in cash, and what comes back or is missing."""
    rest = seen.given - seen.amount
    said = Text("Khách đưa {given}  ·  Thối lại {rest}", "Given {given}  ·  Change {rest}")
    if rest < 0:
        said = Text("Khách đưa {given}  ·  Còn thiếu {rest}", "Given {given}  ·  Missing {rest}")
    return said.fill(given=with_sign(seen.given), rest=with_sign(abs(rest)))


class PaidPage(QWidget):
    """The money is there: the whole screen is green."""

    def __init__(self, look: Look, store: str, *, both: bool, note: Text | None) -> None:
        super().__init__()
        self._look = look
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(8)
        column.addWidget(FitLabel(look, Role.TITLE, store, ink="on_green").centred())
        column.addStretch(1)
        self._disc = Disc(look, look.size.disc, "on_green", "green", icon="tick")
        column.addWidget(self._disc, alignment=MIDDLE)
        ink = "on_green"
        paid, thanks = Text("Đã thanh toán", "Paid"), Text("Cảm ơn quý khách!", "Thank you!")
        column.addWidget(Said(look, Role.SENTENCE, paid, small=Role.DETAIL, both=both, centred=True, ink=ink, soft=ink))
        self._amount = BigAmount(look)
        column.addWidget(self._amount)
        self._detail = FiguresLabel(look, Role.DETAIL, ink="on_green")
        column.addWidget(self._detail)
        column.addStretch(1)
        column.addWidget(
            Said(look, Role.DETAIL_STRONG, thanks, small=Role.BODY, both=both, centred=True, ink=ink, soft=ink)
        )
        if note is not None:
            column.addWidget(note_pill(look, note), alignment=MIDDLE)
        look.changed.connect(self._dress)

    @Slot()
    def _dress(self) -> None:
        self._disc.resize_to(self._look.size.disc)

    def show_facing(self, seen: Facing) -> None:
        """Show the result."""
        self._amount.show_amount(seen.amount)
        parts = Text("{at}  ·  {who}", "{at}  ·  {who}").fill(at=seen.paid_at, who=brand(seen.gateway))
        if seen.number:
            tail = Text("{parts}  ·  mã giao dịch …{n}", "{parts}  ·  transaction …{n}")
            parts = tail.fill(parts=parts, n=seen.number)
        self._detail.show_text(parts)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all of it green."""
        QPainter(self).fillRect(self.rect(), QColor(self._look.colour("green")))


_SCAN = Text("Quét mã này", "Scan this code")
_OPEN = {
    Reader.ANY: (Text("Mở ZaloPay hoặc ứng dụng ngân hàng", "Open ZaloPay or a banking app"), _SCAN),
    Reader.WALLET: (Text("Mở ZaloPay (chỉ ZaloPay)", "Open ZaloPay (ZaloPay only)"), _SCAN),
    Reader.BANKS: (Text("Mở ứng dụng ngân hàng", "Open a banking app"), _SCAN),
    Reader.PAGE: (Text("Mở camera điện thoại", "Open the phone’s camera"),
                  Text("Quét mã này, mở trang trả tiền", "Scan this code, open the page")),
}  # fmt: skip
_LAST = {
    False: Text("Xác nhận trên điện thoại", "Confirm on the phone"),
    True: Text("Chuyển tiền, rồi chờ quầy xác nhận", "Transfer, then wait for the counter"),
}
"""The last step; whether nobody but the counter can say that the money came."""
_TO_BE_PAID = {Page.SENDING, Page.WALLET, Page.MAKING, Page.CONFIRM}
"""Of the pages of words: where the customer is still to pay. The others say not to, or that it is over."""
_ONE_MOMENT = Text("Xin quý khách chờ một chút", "One moment, please")
_SAID: dict[Page, tuple[str, str, str, Text, Text]] = {
    Page.SENDING: ("send", "accent_soft", "accent", Text("Đang gửi ZaloPay", "Sending to ZaloPay"), _ONE_MOMENT),
    Page.WALLET: ("phone", "accent_soft", "accent",
                  Text("Đang thu từ ví đã liên kết", "Charging the linked wallet"), _ONE_MOMENT),
    Page.MAKING: ("scan", "accent_soft", "accent", Text("Đang tạo mã", "Making the code"), _ONE_MOMENT),
    Page.CONFIRM: ("phone", "accent_soft", "accent",
                   Text("Mời quý khách xác nhận", "Please confirm"),
                   Text("Bấm xác nhận trên điện thoại", "Tap confirm on your phone")),
    Page.STOPPED: ("hourglass", "amber", "on_amber", Text("Mã này đã dừng", "This code has been stopped"),
                   Text("Xin quý khách đừng trả lúc này, chờ ZaloPay trả lời",
                        "Please do not pay now; ZaloPay is being asked")),
    Page.CHECKING: ("hourglass", "accent_soft", "accent", Text("Đang kiểm tra", "Checking your payment"),
                    Text("Xin quý khách chờ một chút, ĐỪNG trả lần nữa", "One moment, please do NOT pay again")),
    Page.NOT_PAID: ("cross", "red", "on_red", Text("Chưa thanh toán", "Not paid"),
                    Text("Khoản này chưa thu tiền của quý khách", "You were not charged")),
    Page.TAKEN_BACK: ("cross", "sunk", "text", Text("Mã này đã cất", "This code was taken back"),
                      Text("Nếu quý khách đã chuyển tiền, xin báo cho quầy",
                           "If you have made the transfer, please tell the counter")),
    Page.RECEIVED: ("tick", "accent_soft", "accent", Text("Quầy đã nhận chuyển khoản", "Your transfer was received"),
                    Text("Cảm ơn quý khách!", "Thank you!")),
    Page.NOT_KNOWN: ("hourglass", "amber", "on_amber", Text("Đang chờ kết quả", "Waiting for the result"),
                     Text("Xin quý khách ĐỪNG trả lần nữa", "Please do NOT pay again")),
    Page.CASH: ("money", "accent_soft", "accent", Text("Trả tiền mặt", "Paying in cash"),
                Text("Mời quý khách đưa tiền cho quầy", "Please hand the cash to the counter")),
    Page.CASH_TAKEN: ("money", "accent_soft", "accent", Text("Quầy đã nhận tiền mặt", "Your cash was received"),
                      Text("Cảm ơn quý khách!", "Thank you!")),
    Page.MANAGER: ("person", "amber", "on_amber", Text("Quản lý đang kiểm tra", "The manager is checking"),
                   Text("Xin quý khách ĐỪNG trả lần nữa", "Please do NOT pay again")),
}  # fmt: skip


class CustomerPages:
    """The pages, each made when it is first wanted."""

    def __init__(self, look: Look, clock: Clock, *, both: bool, store: str, note: Text | None) -> None:
        self._look = look
        self._portrait = self._low = False
        self._pages: dict[str, QWidget] = {}
        self._make: dict[str, Callable[[], QWidget]] = {
            "idle": lambda: IdlePage(look, store, both=both, note=note),
            "amount": lambda: AmountPage(look, store, both=both, note=note),
            "scan": lambda: ScanPage(look, clock, store, both=both, note=note),
            "paid": lambda: PaidPage(look, store, both=both, note=note),
            "word": lambda: WordPage(look, store, both=both, note=note),
        }

    def page_for(self, seen: Facing) -> QWidget:
        """The page that shows this."""
        names = {Page.IDLE: "idle", Page.AMOUNT: "amount", Page.SCAN: "scan", Page.PAID: "paid"}
        name = names.get(seen.page, "word")
        if name not in self._pages:
            self._pages[name] = self._make[name]()
        page = self._pages[name]
        scan = self._pages.get("scan")
        if isinstance(scan, ScanPage) and scan is not page:
            scan.leave()
        if isinstance(page, _Page):
            page.fit(portrait=self._portrait, low=self._low)
        if isinstance(page, _Page | PaidPage):
            page.show_facing(seen)
        return page

    def fit(self, width: int, height: int) -> None:
        """Take the shape of the screen."""
        self._portrait, self._low = height > width, height < HEIGHT_FOR_WORDS
        for page in self._pages.values():
            if isinstance(page, _Page):
                page.fit(portrait=self._portrait, low=self._low)
