"""The right side of "regular customers": the chosen one, a new one, and the code by which a new one agrees."""

from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pos_app.checkout.events import BindingState, BindingView
from pos_app.customers.customer import NAME_LENGTH_MAX, RegularCustomer
from pos_app.money import read_amount, with_sign
from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.amount_box import BigAmount
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.details import Details, Row
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import CentredLines, FitLabel, Frame, Label
from pos_app.ui.widgets.shown_code import ShownQr
from pos_app.ui.widgets.text_field import TextField
from pos_app.vietnam_day import day_text
from pos_app.words import NOTHING, Text

MIDDLE = Qt.AlignmentFlag.AlignHCenter
NO_AMOUNT = Text("Quay lại (Esc), nhập số tiền rồi bấm Enter.", "Go back (Esc), enter the amount and press Enter.")
_NO_AMOUNT_BUTTON = Text("Nhập số tiền trước", "Enter an amount first")
_TOO_MUCH = Text("Khách chỉ đồng ý tối đa {limit} mỗi lần.", "The customer agreed to {limit} at most each time.")
_AT_ONCE = Text("Khách đứng ở quầy: ví bị trừ tiền ngay.", "The customer is here: the wallet is charged at once.")
_ENDED = Text("Liên kết đã hết hạn. Thêm khách lại từ đầu.", "The link has ended. Add the customer anew.")


def _wide(button: Button) -> Button:
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return button


class _Card(Frame):
    """A card with a title and room below."""

    def __init__(self, look: Look) -> None:
        super().__init__("card")
        self.look = look
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(28, 24, 28, 24)
        self.column.setSpacing(12)


class ChosenPage(_Card):
    """Who is chosen, what would be charged, and the way to let the customer go.

    Args:
        charge: charges the chosen one.
        unbind: ends the link of the chosen one, once that was asked and answered here.
    """

    def __init__(self, look: Look, *, charge: Callable[[], None], unbind: Callable[[], None]) -> None:
        super().__init__(look)
        self._unbind = unbind
        self._name = FitLabel(look, Role.TITLE)
        self._rows = Details(look)
        self._to_charge = Label(look, Role.LABEL, Text("Số tiền thu", "To be charged"), ink="text2")
        self._amount = BigAmount(look, Role.AMOUNT, ink="text", left=True)
        self._why = Label(look, Role.BODY, ink="text2", wrap=True)
        self._charge = _wide(Button(look, _NO_AMOUNT_BUTTON, charge, kind="primary", cap="Enter"))
        self._let_go = _wide(Button(look, Text("Bỏ liên kết", "Unlink"), self._ask, role=Role.SMALL_BUTTON,
                                    icon=("cross", "text")))  # fmt: skip
        self.column.addWidget(self._name)
        self.column.addWidget(self._rows)
        self.column.addStretch(1)
        self._sure = self._confirmation(look)
        for widget in (self._to_charge, self._amount, self._why, self._charge, self._let_go, self._sure):
            self.column.addWidget(widget)

    def _confirmation(self, look: Look) -> Frame:
        """The question stands where the button was: no window comes up."""
        box = Frame("pill_amber")
        column = QVBoxLayout(box)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(10)
        self._question = Label(look, Role.BODY, ink="amber_text", wrap=True)
        column.addWidget(self._question)
        row = QHBoxLayout()
        row.setSpacing(12)
        self._yes = _wide(Button(look, Text("Bỏ liên kết", "Unlink"), self._sure_of_it, role=Role.SMALL_BUTTON,
                                 icon=("cross", "text")))  # fmt: skip
        self._no = _wide(Button(look, Text("Giữ lại", "Keep"), self.calm, role=Role.SMALL_BUTTON))
        row.addWidget(self._yes)
        row.addWidget(self._no)
        column.addLayout(row)
        box.hide()
        return box

    def show_customer(self, one: RegularCustomer, amount: int, now_ms: int) -> None:
        """Show a customer, and what would be charged: dong, 0 while no amount stands."""
        self.calm()
        self._name.show_text(one.name)
        self._rows.show_rows(tuple(row for row in _rows_of(one) if row[1]))
        why = _why_not(one, amount, now_ms)
        for widget in (self._to_charge, self._amount):
            widget.setVisible(amount > 0)
        self._amount.show_amount(amount)
        self._why.show_text(why or _AT_ONCE)
        charge = Text("Thu {amount}", "Charge {amount}").fill(amount=with_sign(amount))
        self._charge.show_text(charge if amount else _NO_AMOUNT_BUTTON)
        self._charge.lead(on=why is None)
        question = Text("Bỏ liên kết ví của {name}? Sau này khách phải đồng ý lại từ đầu.",
                        "Unlink {name}’s wallet? Later the customer must agree anew.")  # fmt: skip
        self._question.show_text(question.fill(name=one.name))

    @property
    def can_charge(self) -> bool:
        """Whether nothing is in the way, and nothing is asked here."""
        return self._charge.isEnabled() and not self.asks

    @property
    def asks(self) -> bool:
        """Whether the question stands there."""
        return not self._sure.isHidden()

    def _ask(self) -> None:
        self._sure.show()
        self._let_go.hide()
        self._charge.hide()
        self._no.setFocus()

    def calm(self) -> None:
        """The question goes: nothing is unlinked."""
        self._sure.hide()
        self._let_go.show()
        self._charge.show()

    def _sure_of_it(self) -> None:
        self.calm()
        self._unbind()


def _rows_of(one: RegularCustomer) -> tuple[Row, ...]:
    no_limit = Text("Không đặt mức", "No limit")
    return (
        (Text("Ví ZaloPay", "ZaloPay wallet"), one.phone, True),
        (Text("Mỗi lần tối đa", "At most each time"), with_sign(one.max_amount) if one.max_amount else no_limit,
         bool(one.max_amount)),
        (Text("Liên kết ngày", "Linked on"), day_text(one.bound_at_ms), True),
        (Text("Hết hạn ngày", "Ends on"), day_text(one.expires_at_ms) if one.expires_at_ms else "", True),
    )  # fmt: skip


def _why_not(one: RegularCustomer, amount: int, now_ms: int) -> Text | None:
    """What is in the way of charging; None for nothing."""
    if one.expires_at_ms is not None and one.expires_at_ms <= now_ms:
        return _ENDED
    if not amount:
        return NO_AMOUNT
    if one.max_amount and amount > one.max_amount:
        return _TOO_MUCH.fill(limit=with_sign(one.max_amount))
    return None


class NewPage(_Card):
    """Name and limit of a customer to be.

    Args:
        make: called with the name and the most of one payment in dong, 0 for no limit.
    """

    def __init__(self, look: Look, *, make: Callable[[str, int], None]) -> None:
        super().__init__(look)
        self._make = make
        self.name = TextField(look, Text("Tên khách", "Customer’s name"), icon="person", length=NAME_LENGTH_MAX)
        self.limit = TextField(look, Text("Số tiền, để trống là không đặt mức", "Amount, empty for no limit"),
                               icon="lock", length=15, digits=True)  # fmt: skip
        self._missing = Label(look, Role.BODY, ink="red_text", wrap=True)
        self.column.addWidget(Label(look, Role.TITLE, Text("Thêm khách quen", "Add a regular customer")))
        for label, field in (
            (Text("Tên, như bạn gọi khách", "The name, as you call the customer"), self.name),
            (Text("Mỗi lần thu tối đa", "At most for each payment"), self.limit),
        ):
            self.column.addSpacing(4)
            self.column.addWidget(Label(look, Role.LABEL, label, ink="text2"))
            self.column.addWidget(field)
            field.changed.connect(self._typed)
            field.entered.connect(self.go_on)
        self.column.addWidget(self._missing)
        self.column.addStretch(1)
        how = Text("Khách đồng ý một lần trong ứng dụng ZaloPay. Lần sau thu không cần mã.",
                   "The customer agrees once in the ZaloPay app. Later no code is needed.")  # fmt: skip
        self.column.addWidget(Label(look, Role.BODY, how, ink="text2", wrap=True))
        self.column.addWidget(_wide(Button(look, Text("Tạo mã liên kết", "Make the code"), self.go_on, kind="primary",
                                           cap="Enter")))  # fmt: skip

    def begin(self) -> None:
        """An empty page."""
        self.name.forget()
        self.limit.forget()
        self.name.setFocus()

    def show_refused(self, why: Text) -> None:
        """It could not be asked for; what was typed stays."""
        self._missing.show_text(why)

    @Slot(str)
    def _typed(self, _text: str) -> None:
        self._missing.show_text(NOTHING)

    @Slot()
    def go_on(self) -> None:
        """What was typed is taken, if it can be."""
        if not self.name.text:
            self.show_refused(Text("Còn thiếu tên khách.", "The name is missing."))
            self.name.setFocus()
            return
        try:
            limit = read_amount(self.limit.text) if self.limit.text else 0
        except ValueError:
            self.show_refused(Text("Số tiền chưa đúng, ví dụ 500.000.", "The amount is not right, such as 500.000."))
            self.limit.setFocus()
            return
        self._make(self.name.text, limit)


class _Wait(Enum):
    ASKED = auto()
    """The gateway has not given the code yet."""


_State = BindingState | _Wait
_SIGNS = {
    _Wait.ASKED: ("accent_soft", "accent", "hourglass"),
    BindingState.BOUND: ("green", "on_green", "tick"),
    BindingState.REFUSED: ("red", "on_red", "cross"),
    BindingState.OVER: ("sunk", "text2", "clock"),
}
_SAID = {
    _Wait.ASKED: (Text("Đang xin mã liên kết", "Asking for the code"), Text("Chờ một chút.", "One moment.")),
    BindingState.WAITING: (
        Text("Mời {name} quét mã này", "Ask {name} to scan this"),
        Text("Mở ZaloPay, quét mã, rồi bấm đồng ý. Máy tự biết.",
             "Open ZaloPay, scan, then agree. The till sees it by itself."),
    ),
    BindingState.BOUND: (
        Text("Đã liên kết ví của {name}", "{name}’s wallet is linked"),
        Text("Khách đứng ở quầy là thu được, không cần mã.", "With the customer here, no code is needed any more."),
    ),
    BindingState.REFUSED: (
        Text("{name} không đồng ý", "{name} did not agree"),
        Text("Chưa liên kết gì. Thu bằng mã như mọi khi.", "Nothing is linked. Scan a code as ever."),
    ),
    BindingState.OVER: (
        Text("Hết giờ chờ {name}", "The time for {name} is over"),
        Text("Chưa liên kết gì. Muốn thử lại thì thêm khách lần nữa.", "Nothing is linked. To try again, add anew."),
    ),
}  # fmt: skip


class BindingPage(_Card):
    """The code that a new regular customer scans, and what came of it.

    Args:
        done: it is over and was read.
        drop: nobody waits any more.
        agree: demo only: the demo customer agrees; None in a shop.
    """

    def __init__(
        self, look: Look, *, done: Callable[[], None], drop: Callable[[], None], agree: Callable[[], None] | None
    ) -> None:
        super().__init__(look)
        self.view: BindingView | None = None
        self.code = ShownQr(look)
        self._disc = Disc(look, look.size.disc, "accent_soft", "accent", icon="hourglass")
        self._title = CentredLines(look, Role.TITLE)
        self._detail = CentredLines(look, Role.DETAIL, ink="text2")
        self.column.addStretch(1)
        self.column.addWidget(self.code, alignment=MIDDLE)
        self.column.addWidget(self._disc, alignment=MIDDLE)
        self.column.addWidget(self._title)
        self.column.addWidget(self._detail)
        self.column.addStretch(1)
        self.column.addWidget(self._buttons(look, done, drop, agree))
        look.changed.connect(self._dress)
        self._dress()
        self.begin()  # what is not shown takes no width from the list beside it

    def _buttons(
        self, look: Look, done: Callable[[], None], drop: Callable[[], None], agree: Callable[[], None] | None
    ) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self._done = _wide(Button(look, Text("Xong", "Done"), done, kind="primary", cap="Enter"))
        small = Role.SMALL_BUTTON
        self._drop = _wide(Button(look, Text("Không chờ nữa", "Stop waiting"), drop, role=small,
                                  icon=("cross", "text")))  # fmt: skip
        self._agree: Button | None = None
        if agree is not None:
            said = Text("Khách mẫu đồng ý", "Demo customer agrees")
            self._agree = _wide(Button(look, said, agree, role=small, cap="F8"))
            row.addWidget(self._agree)
        row.addWidget(self._drop)
        row.addWidget(self._done)
        return box

    def begin(self) -> None:
        """A code was asked for."""
        self.view = None
        self._show(_Wait.ASKED, "")

    def show_binding(self, view: BindingView) -> None:
        """Show the code, or what came of it."""
        self.view = view
        self._show(view.state, view.name)

    @property
    def is_over(self) -> bool:
        """Whether the customer's answer is there, or no more awaited."""
        return self.view is not None and self.view.state is not BindingState.WAITING

    def _show(self, state: _State, name: str) -> None:
        waits = state is BindingState.WAITING
        self.code.show_code(self.view.link if self.view is not None and waits else "")
        self.code.setVisible(waits)
        self._disc.setVisible(not waits)
        if not waits:
            fill, ink, icon = _SIGNS[state]
            self._disc.show_sign(fill=fill, ink=ink, icon=icon)
        title, detail = _SAID[state]
        self._title.show_text(title.fill(name=name) if name else title)
        self._detail.show_text(detail)
        self._drop.setVisible(waits)
        self._done.setVisible(self.is_over)
        if self._agree is not None:
            self._agree.setVisible(waits)

    @Slot()
    def _dress(self) -> None:
        size = self.look.size
        side = 300 if size.narrow else 560 if size.wide else 320
        self.code.setFixedSize(side, side)
        self._disc.resize_to(size.disc)
