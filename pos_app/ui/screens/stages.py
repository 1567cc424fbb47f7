"""The stage before anything is sent: ready, waiting for the code, and a wrong code that was shown."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.money import with_sign
from pos_app.ui.look import Look
from pos_app.ui.signs import sign_of
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.camera_view import CameraPicture
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import CentredLines, Divider, Frame, IconLabel, Label
from pos_app.ui.widgets.layouts import empty
from pos_app.ui.widgets.phone import Phone
from pos_app.words import Text

if TYPE_CHECKING:
    from pos_app.checkout.views import PaymentView
    from pos_app.payments.payment_code import WrongCode

MIDDLE = Qt.AlignmentFlag.AlignHCenter
RECENT_SHOWN = 3
_AMOUNT_MIN = 108
_PREVIEW_LARGE = 400


class ReadyStage(Frame):
    """What to do first; below it the camera and what was just done."""

    def __init__(self, look: Look) -> None:
        super().__init__("card")
        self._look = look
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._disc = Disc(look, look.size.disc, "accent_soft", "accent", icon="keypad")
        self._detail = CentredLines(look, Role.DETAIL, ink="text2")
        column.addStretch(1)
        column.addWidget(self._disc, alignment=MIDDLE)
        column.addSpacing(20)
        column.addWidget(Label(look, Role.SENTENCE, Text("Nhập số tiền", "Enter the amount")).centred())
        column.addSpacing(6)
        column.addWidget(self._detail)
        column.addStretch(1)
        column.addWidget(self._strip())
        self.show_code(seen=False)
        look.changed.connect(self._dress)
        self._dress()

    def _strip(self) -> QWidget:
        strip = Frame("strip")
        row = QHBoxLayout(strip)
        row.setContentsMargins(24, 20, 24, 20)
        row.setSpacing(24)
        self.camera = CameraPicture(self._look)
        row.addWidget(self.camera)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        row.addLayout(self._recent, 1)
        self._lines: tuple[PaymentView, ...] = ()
        return strip

    def show_code(self, *, seen: bool) -> None:
        """Whether a code is already there and only the amount is missing."""
        first = Text("Nhập xong là quét mã của khách được ngay.", "Then scan the customer’s code straight away.")
        kept = Text("Đã có mã của khách. Nhập số tiền rồi bấm Enter.",
                    "The code is here. Enter the amount, then press Enter.")  # fmt: skip
        self._detail.show_text(kept if seen else first)

    def show_recent(self, payments: "tuple[PaymentView, ...]") -> None:
        """Show the newest payments."""
        if payments[:RECENT_SHOWN] != self._lines:
            self._lines = payments[:RECENT_SHOWN]
            self._build_recent()

    def _build_recent(self) -> None:
        empty(self._recent)
        self._recent.addWidget(Label(self._look, Role.LABEL, Text("Vừa xong", "Just now"), ink="text2"))
        self._recent.addSpacing(6)
        if not self._lines:
            nothing = Text("Chưa có giao dịch hôm nay.", "No payments yet today.")
            self._recent.addWidget(Label(self._look, Role.BODY, nothing, ink="text2"))
        figures = QFontMetrics(self._look.size.font(Role.FIGURE_STRONG))
        widest = max((figures.horizontalAdvance(with_sign(view.amount)) for view in self._lines), default=0)
        for place, view in enumerate(self._lines):
            if place:
                self._recent.addWidget(Divider())
            self._recent.addWidget(self._line(view, max(widest + 1, _AMOUNT_MIN)))
        self._recent.addStretch()

    def _line(self, view: "PaymentView", amount_width: int) -> QWidget:
        from pos_app.vietnam_day import clock_time  # noqa: PLC0415 - the window comes up without it

        sign = sign_of(view)
        line = QWidget()
        line.setFixedHeight(40 if self._look.size.preview < _PREVIEW_LARGE else 56)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Label(self._look, Role.FIGURE, clock_time(view.scanned_at_ms, seconds=False), ink="text2"))
        amount = Label(self._look, Role.FIGURE_STRONG, with_sign(view.amount)).right()
        amount.setMinimumWidth(amount_width)
        row.addWidget(amount)
        row.addStretch()
        row.addWidget(IconLabel(self._look, sign.icon, sign.token, 18))
        row.addWidget(Label(self._look, Role.LABEL, sign.word, ink=sign.token))
        return line

    @Slot()
    def _dress(self) -> None:
        size = self._look.size
        self._disc.resize_to(size.disc)
        self.camera.setFixedSize(size.preview, 162 if size.preview < _PREVIEW_LARGE else 225)
        self._build_recent()


class WaitingStage(Frame):
    """The camera, and how the customer gets to the payment code."""

    def __init__(
        self, look: Look, *, enter: Callable[[], None], demo: Callable[[], None] | None, other: Callable[[], None]
    ) -> None:
        super().__init__("card")
        self._look = look
        self._ready = True
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(Disc(look, 56, "accent_soft", "accent", icon="scan"))
        head.addWidget(Label(look, Role.TITLE, Text("Mời khách đưa mã thanh toán", "Ask for the payment code")), 1)
        column.addLayout(head)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.camera = CameraPicture(look)
        self._body.addWidget(self.camera, 1)
        self._steps_box = QWidget()
        self._steps = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._steps_box)
        self._steps.setContentsMargins(0, 0, 0, 0)
        self._steps.setSpacing(20)
        self._body.addWidget(self._steps_box)
        column.addLayout(self._body, 1)
        column.addLayout(self._buttons(enter, demo, other))
        look.changed.connect(self._dress)
        self._dress()

    def _buttons(
        self, enter: Callable[[], None], demo: Callable[[], None] | None, other: Callable[[], None]
    ) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        self._enter = Button(self._look, Text("Chốt số tiền", "Confirm amount"), enter, kind="primary", cap="Enter")
        row.addWidget(self._enter)
        if demo is not None:
            row.addWidget(Button(self._look, Text("Khách mẫu đưa mã", "Demo customer pays"), demo, cap="F8"))
        self._other = Button(self._look, Text("Cách trả khác", "Other ways"), other, cap="Shift F2")
        row.addWidget(self._other)
        row.addStretch()
        either = Text("Camera hoặc máy quét đều được", "Camera or scanner, either works")
        self._either = QWidget()
        line = QHBoxLayout(self._either)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(IconLabel(self._look, "camera", "text2", 20))
        line.addWidget(Label(self._look, Role.BODY, either, ink="text2"))
        row.addWidget(self._either)
        self._demo = demo is not None
        return row

    def show_ready(self, *, ready: bool) -> None:
        """Whether there is a camera that works: else nothing is said of it or its frame."""
        if ready is not self._ready:
            self._ready = ready
            self._dress()

    def show_amount(self, *, stands: bool) -> None:
        """Whether the amount stands or Enter is still to come."""
        self._enter.setVisible(not stands)
        self._other.setVisible(stands)
        self._room_for_hint()

    def _room_for_hint(self) -> None:
        beside = not self._look.size.narrow
        room = (beside and not self._demo) or (self._enter.isHidden() and self._other.isHidden())
        self._either.setVisible(room and self._ready)

    @Slot()
    def _dress(self) -> None:
        beside = not self._look.size.narrow
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._body.setDirection(across if beside else down)
        self._body.setSpacing(32 if beside else 12)
        self._steps.setDirection(down if beside else across)
        self._steps_box.setMinimumWidth(260 if beside else 0)
        empty(self._steps)
        first = (Text("Mở ZaloPay", "Open ZaloPay"), Text("trên điện thoại", "on the phone"))
        where = Text("đưa vào khung", "into the frame") if self._ready else Text("đưa để quét", "to be scanned")
        second = (Text("Mã thanh toán", "Payment code"), where)
        if beside:
            self._steps.addStretch()
        self._steps.addWidget(self._step("1", "open", *first))
        self._steps.addWidget(Divider() if beside else Divider(56))
        self._steps.addWidget(self._step("2", "code", *second))
        if beside:
            self._steps.addStretch()
        self._room_for_hint()

    def _step(self, number: str, shows: str, title: Text, detail: Text) -> QWidget:
        beside = not self._look.size.narrow
        step = QWidget()
        row = QHBoxLayout(step)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20 if beside else 12)
        row.addWidget(Phone(self._look, shows, 86 if beside else 44))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        words.addWidget(Disc(self._look, 28, "accent", "on_accent", figure=number))
        words.addSpacing(4)
        words.addWidget(Label(self._look, Role.DETAIL_STRONG if beside else Role.BODY_STRONG, title))
        words.addWidget(Label(self._look, Role.BODY if beside else Role.SMALL, detail, ink="text2"))
        words.addStretch()
        row.addLayout(words, 1)
        return step


_Mark = tuple[str, str, str]
_WRONG, _RIGHT = ("cross", "red", "on_red"), ("tick", "green", "on_green")


class _Coach(NamedTuple):
    """How a customer gets from what was shown to a code that can be charged.

    Attributes:
        nothing: that nothing was charged, and why.
        shown: the picture of what was shown, as `Phone` names it.
        steps: a picture, its title, a line below it and its mark, each.
        say: what the cashier says.
    """

    nothing: Text
    shown: str
    steps: tuple[tuple[str, Text, Text, _Mark | None], ...]
    say: Text


_TO_THE_CODE = _Coach(
    Text("Chưa gửi gì, chưa thu tiền. Cần mã thanh toán của khách.",
         "Nothing sent, nothing charged. We need the payment code."),
    "other",
    (("open", Text("Mở ZaloPay", "Open ZaloPay"), Text("trên điện thoại", "on the phone"), None),
     ("code", Text("Bấm “Mã thanh toán”", "Tap “Payment code”"), Text("rồi đưa vào khung", "then show it"), _RIGHT)),
    Text("Nói với khách: “Anh/chị mở giúp em Mã thanh toán trong ZaloPay nhé.”",
         "Say: “Please open Payment code in ZaloPay for me.”"),
)  # fmt: skip
_ONE_PHONE = _Coach(
    Text("Chưa gửi gì, chưa thu tiền. Máy không tự chọn khách nào trả.",
         "Nothing sent, nothing charged. The till does not choose who pays."),
    "two",
    (("code", Text("Chỉ một điện thoại", "Only one phone"), Text("trong khung", "in the frame"), _RIGHT),),
    Text("Nói với khách: “Anh/chị nào trả thì đưa mã, điện thoại kia cất giúp em nhé.”",
         "Say: “Whoever pays, please show your code; please put the other phone away.”"),
)  # fmt: skip


class WrongStage(Frame):
    """A code that is surely no payment code, or two at once. No result: nothing was sent, the till goes on waiting."""

    def __init__(self, look: Look, *, back: Callable[[], None]) -> None:
        super().__init__("card")
        self._look = look
        self._wrong: WrongCode | None = None
        self._coach = _TO_THE_CODE
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addStretch(1)
        self._phones = QHBoxLayout()
        column.addLayout(self._phones)
        column.addStretch(1)
        column.addWidget(self._say())
        column.addSpacing(18)
        column.addWidget(self._buttons(back))
        look.changed.connect(self._dress)
        self._dress()

    def _head(self) -> QWidget:
        head = Frame("wrong")
        row = QHBoxLayout(head)
        row.setContentsMargins(28, 22, 24, 22)
        row.setSpacing(20)
        row.addWidget(Disc(self._look, 80, "amber", "on_amber", icon="triangle"))
        words = QVBoxLayout()
        words.setSpacing(2)
        self._title = Label(self._look, Role.TITLE, wrap=True)
        self._nothing = Label(self._look, Role.DETAIL, self._coach.nothing, wrap=True)
        words.addWidget(self._title)
        words.addWidget(self._nothing)
        row.addLayout(words, 1)
        return head

    def _say(self) -> QWidget:
        box = QWidget()
        outer = QHBoxLayout(box)
        outer.setContentsMargins(28, 0, 28, 0)
        inner = Frame("box")
        outer.addWidget(inner)
        row = QHBoxLayout(inner)
        row.setContentsMargins(20, 12, 16, 12)
        row.setSpacing(16)
        row.addWidget(IconLabel(self._look, "chat", "accent", 24))
        self._words = Label(self._look, Role.BODY, self._coach.say, wrap=True)
        row.addWidget(self._words, 1)
        return box

    def _buttons(self, back: Callable[[], None]) -> QWidget:
        foot = Frame("buttons")
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 16, 24, 20)
        row.setSpacing(16)
        dot = Disc(self._look, 20, "", "accent")
        dot.show_sign(line="accent", ink="accent")
        row.addWidget(dot)
        still = Text("Máy vẫn đang chờ mã đúng", "Still waiting for the right code")
        row.addWidget(Label(self._look, Role.BODY, still, ink="text2", wrap=True), 1)
        row.addWidget(Button(self._look, Text("Sửa số tiền", "Edit amount"), back, cap="Esc"))
        return foot

    def show_wrong(self, wrong: "WrongCode") -> None:
        """Tell what was shown, and the way to what can be charged."""
        from pos_app.payments.payment_code import NotACode  # noqa: PLC0415 - there since the till is

        self._wrong = wrong
        self._coach = _ONE_PHONE if wrong.what is NotACode.TWO_CODES else _TO_THE_CODE
        self._title.show_text(wrong.title)
        self._nothing.show_text(self._coach.nothing)
        self._words.show_text(self._coach.say)
        self._dress()

    @Slot()
    def _dress(self) -> None:
        empty(self._phones)
        look = self._look
        shown = Label(look, Role.BODY, self._wrong.shown if self._wrong else "", ink="text2").centred()
        was = Text("Khách vừa đưa", "Customer showed")
        arrow = IconLabel(look, "arrow", "text2", 40)
        self._phones.addStretch(2)
        self._phones.addWidget(self._phone(self._coach.shown, was, shown, _WRONG))
        self._phones.addStretch(2)
        self._phones.addWidget(arrow)
        self._phones.addStretch(2)
        for shows, title, detail, mark in self._coach.steps:
            line = Label(look, Role.BODY, detail, ink="text2").centred()
            self._phones.addWidget(self._phone(shows, title, line, mark))
            self._phones.addStretch(1)
        self._phones.addStretch(1)

    def _phone(self, shows: str, title: Text, detail: Label, mark: _Mark | None) -> QWidget:
        beside = not self._look.size.narrow
        width = 116 if beside else 84
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        phone = Phone(self._look, shows, width)
        holder = QWidget()
        holder.setFixedSize(width + 44, phone.height() + 12)
        phone.setParent(holder)
        phone.move(22, 12)
        if mark:
            name, fill, ink = mark
            disc = Disc(self._look, 44, fill, ink, icon=name)
            disc.setParent(holder)
            disc.move(width, 0)
        column.addWidget(holder, alignment=MIDDLE)
        column.addSpacing(8)
        column.addWidget(Label(self._look, Role.DETAIL_STRONG if beside else Role.BODY_STRONG, title).centred())
        column.addWidget(detail)
        return box
