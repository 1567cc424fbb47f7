"""Refund (F4): pick the payment, say how much; a manager approves it elsewhere; then its stages, as for a sale."""

import secrets

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.checkout.events import FoundView, PrintView, StoryView
from pos_app.checkout.search import fits
from pos_app.checkout.views import PaymentView, RefundStage, RefundView
from pos_app.clock import Clock
from pos_app.money import in_words, with_sign
from pos_app.payments.acts import Act
from pos_app.ui.commands import Commands
from pos_app.ui.look import Look
from pos_app.ui.screens.approval import Asked
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.screens.refund_stages import RefundStages
from pos_app.ui.screens.situation import can_refund, when
from pos_app.ui.theme import Role
from pos_app.ui.widgets.amount_box import AmountBox
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.label import Frame, Label
from pos_app.ui.widgets.pages import Pages
from pos_app.ui.widgets.payment_list import PaymentList
from pos_app.ui.widgets.pin_field import DigitPad
from pos_app.ui.widgets.text_field import TextField
from pos_app.words import NOTHING, Text

_TITLE = Text("Hoàn khoản nào?", "Refund which payment?")
_SEARCH = Text("Số tiền, số phiếu, số cuối của mã", "Amount, slip number, last digits")
_SCAN = Text("Hoặc quét mã trên phiếu của khách.", "Or scan the code on the customer’s slip.")
_NONE = Text("Không thấy khoản nào hoàn được. Bấm Enter để tìm cả tháng.",
             "Nothing to refund is found. Press Enter to search the month.")  # fmt: skip
_NONE_MONTH = Text("Trong tháng qua không có khoản nào như vậy.", "There is none in the last month.")
_SEARCHING = Text("Đang tìm trong tháng qua.", "Searching the last month.")
_ABOVE = Text("Chỉ còn hoàn được {left}.", "Only {left} can be refunded.")
_NOT_THIS = Text("Khoản này không hoàn được: {why}.", "This one cannot be refunded: {why}.")


class RefundScreen(OtherScreen):
    """Pick, amount, and the stages of the refund.

    Signals:
        asks_manager: what is to be approved (`Asked`).
        wants_slip: payment id and refund id of the slip to show.
    """

    asks_manager = Signal(object)
    wants_slip = Signal(str, str)

    def __init__(self, look: Look, clock: Clock) -> None:
        super().__init__()
        self._look, self._clock = look, clock
        self._recent: tuple[PaymentView, ...] = ()
        self._found: tuple[PaymentView, ...] = ()
        self._amount = 0
        self._fresh = True
        self._chosen: PaymentView | None = None
        self._intent = ""
        self._running_id = ""
        self._refunds_before: frozenset[str] = frozenset()
        self._wanted = ""
        self._outer = QHBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self.pages = Pages(look)
        self._outer.addWidget(self.pages)
        self._pick = QWidget()
        self._columns = QHBoxLayout(self._pick)
        self._columns.addWidget(self._list(look), 1)
        self._columns.addWidget(self._entry(look))
        self.stages = RefundStages(look, clock, done=self.begin, slip=self._show_slip)
        self.pages.turn_to(self._pick)
        self.pages.join(self.stages)
        look.changed.connect(self._dress)
        self._dress()

    # --- how it is built -------------------------------------------------------------------------------------------

    def _list(self, look: Look) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 16, 1, 12)
        column.setSpacing(10)
        top = QVBoxLayout()
        top.setContentsMargins(20, 0, 16, 0)
        top.setSpacing(10)
        top.addWidget(Label(look, Role.TITLE, _TITLE))
        self.search = TextField(look, _SEARCH, icon="search", length=40)
        self.search.changed.connect(self._filter)
        self.search.entered.connect(self._search_entered)
        top.addWidget(self.search)
        self._hint = Label(look, Role.BODY, _SCAN, ink="text2", wrap=True)
        top.addWidget(self._hint)
        column.addLayout(top)
        self.rows = PaymentList(look, _TITLE, below=self._below)
        self.rows.chosen.connect(self._choose)
        self.rows.clicked.connect(self._to_amount)
        column.addWidget(self.rows, 1)
        return card

    def _below(self, view: PaymentView) -> Text:
        now = self._clock.wall_ms()
        text = Text("{at} · {slip}{tail}{note}", "{at} · {slip}{tail}{note}")
        tail = Text(" · mã …{tail}", " · ID …{tail}").fill(tail=view.zp_trans_id[-4:]) if view.zp_trans_id else NOTHING
        note = f" · {view.note}" if view.note else ""
        return text.fill(at=when(view.scanned_at_ms, now), slip=view.slip_number, tail=tail, note=note)

    def _entry(self, look: Look) -> QWidget:
        self._card = Frame("card")
        column = QVBoxLayout(self._card)
        column.setContentsMargins(20, 15, 20, 18)
        column.setSpacing(8)
        column.addWidget(Label(look, Role.LABEL, Text("Số tiền hoàn", "To be refunded"), ink="text2"))
        self.box = AmountBox(look)
        column.addWidget(self.box)
        self._words = Label(look, Role.SMALL, ink="text2", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._words)
        self._left = Label(look, Role.BODY_STRONG, wrap=True)
        column.addWidget(self._left)
        self._whole = Button(look, Text("Hoàn hết", "Refund all"), self._take_whole, kind="quick",
                             role=Role.SMALL_BUTTON)  # fmt: skip
        column.addWidget(self._whole)
        self.pad = DigitPad(look, self._digits, self._delete, self._clear, zeros=True, key_height=50)
        column.addWidget(self.pad, 1)
        self._go = Button(look, Text("Mời quản lý duyệt", "Ask the manager"), self.go_on, kind="primary", cap="Enter")
        column.addWidget(self._go, alignment=Qt.AlignmentFlag.AlignHCenter)
        return self._card

    # --- picking ---------------------------------------------------------------------------------------------------

    @Slot()
    def begin(self) -> None:
        """Pick a payment, from the beginning."""
        self._found, self._running_id, self._chosen = (), "", None
        self.stages.stop()
        self.search.forget()
        self._hint.show_text(_SCAN)
        self._show_rows()
        self.pages.turn_to(self._pick)
        self.search.setFocus()

    def begin_with(self, view: PaymentView) -> None:
        """Refund this one."""
        self.begin()
        self._show_found((view,))

    def take_slip(self, payment_id: str) -> None:
        """The code on a slip was scanned: its payment is picked as soon as the journal has told it."""
        if self.pages.currentWidget() is self._pick and self._commands is not None:
            self._wanted = payment_id
            self._commands.story(payment_id)

    def show_story(self, story: StoryView) -> None:
        """The payment of the scanned slip."""
        if story.payment.payment_id != self._wanted:
            return
        self._wanted = ""
        if can_refund(story.payment):
            self._show_found((story.payment,))
        else:
            self._hint.show_text(_NOT_THIS.fill(why=story.payment.cause))

    def _show_found(self, views: tuple[PaymentView, ...]) -> None:
        self.search.forget()
        self._found = views
        self._show_rows()
        self._to_amount()

    def show_recent(self, views: tuple[PaymentView, ...]) -> None:
        """The newest payments; what was found in the journal stays."""
        self._recent = views
        if not self._found:
            self._show_rows()

    def show_found(self, found: FoundView) -> None:
        """What the journal found."""
        if found.text != self.search.text:
            return
        self._found = tuple(view for view in found.payments if can_refund(view))
        self._show_rows()
        if not self._found:
            self._hint.show_text(_NONE_MONTH)

    def _show_rows(self) -> None:
        text = self.search.text
        views = tuple(view for view in self._found or self._recent if can_refund(view) and fits(view, text))
        self.rows.show_payments(views)
        current = self.rows.current if views else None
        if current is None or self._chosen is None or current.payment_id != self._chosen.payment_id:
            self._choose(current)
        if not views and text:
            self._hint.show_text(_NONE)
        elif views:
            self._hint.show_text(_SCAN)

    @Slot(str)
    def _filter(self, _text: str) -> None:
        self._found = ()
        self._show_rows()

    @Slot()
    def _search_entered(self) -> None:
        if self.rows.views:
            self._to_amount()
        elif self.search.text and self._commands is not None:
            self._hint.show_text(_SEARCHING)
            self._commands.find(self.search.text)

    # --- the amount ------------------------------------------------------------------------------------------------

    @Slot(object)
    def _choose(self, view: PaymentView | None) -> None:
        before, self._chosen = self._chosen, view
        if before and view and (before.payment_id, before.refundable) == (view.payment_id, view.refundable):
            return  # the list was told anew: what is being typed stays
        self._intent = secrets.token_hex(16)
        self._take_whole()

    @Slot()
    def _to_amount(self) -> None:
        self.box.setFocus()

    def _take_whole(self) -> None:
        self._amount, self._fresh = (self._chosen.refundable if self._chosen else 0), True
        self._show_amount()

    def _digits(self, digits: str) -> None:
        if self._chosen is None:
            return
        before = "" if self._fresh else str(self._amount)
        amount = int(before + digits)
        if amount > self._chosen.refundable:
            self._left.set_ink("red_text")
            self._left.show_text(_ABOVE.fill(left=with_sign(self._chosen.refundable)))
            return
        self._amount, self._fresh = amount, False
        self._show_amount()

    def _delete(self) -> None:
        self._amount, self._fresh = self._amount // 10, False
        self._show_amount()

    def _clear(self) -> None:
        self._amount, self._fresh = 0, False
        self._show_amount()

    def _show_amount(self) -> None:
        view = self._chosen
        self.box.show_amount(self._amount, stands=self._fresh and view is not None, locked=view is None)
        self._words.show_text(in_words(self._amount) if self._amount else NOTHING)
        self._left.set_ink("text2")
        said = Text("Chọn một khoản ở bên trái.", "Choose a payment at the left.")
        if view is not None:
            rest = Text("Phiếu {slip}, còn lại {left}", "Slip {slip}, {left} left")
            said = rest.fill(slip=view.slip_number, left=with_sign(view.refundable - self._amount))
            whole = Text("Hoàn hết {a}", "Refund all {a}").fill(a=with_sign(view.refundable))
            self._whole.show_text(whole)
        self._left.show_text(said)
        self._whole.setVisible(view is not None)
        self._go.lead(on=self._amount > 0 and view is not None)

    @Slot()
    def go_on(self) -> None:
        """The amount is right: a manager is to approve it."""
        if self._chosen is not None and 0 < self._amount <= self._chosen.refundable:
            self.asks_manager.emit(Asked(Act.REFUND, self._chosen, self._amount, self._intent))

    # --- the stages ------------------------------------------------------------------------------------------------

    def approved(self, asked: Asked) -> None:
        """A manager approved it: from now on its stages are shown."""
        self._running_id = asked.view.payment_id
        self._refunds_before = frozenset(one.m_refund_id for one in asked.view.refunds)
        self.stages.begin(asked.view, asked.amount)
        self.pages.turn_to(self.stages)
        self._intent = secrets.token_hex(16)

    def show_payment(self, view: PaymentView) -> None:
        """A payment changed: the refund that runs comes further."""
        if view.payment_id == self._running_id:
            fresh = [one for one in view.refunds if one.m_refund_id not in self._refunds_before]
            if fresh:
                self.stages.show_refund(view, fresh[-1])
        elif self._chosen is not None and view.payment_id == self._chosen.payment_id and not self._running_id:
            self._found = _renewed(self._found, view)
            if view.refundable != self._chosen.refundable:
                self._recent = _renewed(self._recent, view)
                self._chosen = None
                self._show_rows()

    def show_print(self, view: PrintView) -> None:
        """The slip of the refund came further."""
        self.stages.show_print(view)

    @property
    def refund(self) -> RefundView | None:
        """The refund whose stages are shown."""
        return self.stages.refund if self.pages.currentWidget() is self.stages else None

    @property
    def can_go_back(self) -> bool:
        """Whether Esc goes one step back within this screen."""
        return self.pages.currentWidget() is self.stages

    def back(self) -> None:
        """Esc: to what can be refunded."""
        self.begin()

    def _show_slip(self) -> None:
        refund = self.stages.refund
        if refund is not None and refund.stage is RefundStage.DONE:
            self.wants_slip.emit(refund.payment_id, refund.m_refund_id)

    # --- keys and life ---------------------------------------------------------------------------------------------

    def obey(self, commands: Commands | None) -> None:
        """See `OtherScreen`."""
        super().obey(commands)
        self.stages.obey(commands)

    def press(self, event: QKeyEvent) -> bool:
        """The arrows choose, digits are the amount, Enter goes on."""
        key, text = event.key(), event.text()
        if self.pages.currentWidget() is self.stages:
            return self.stages.press(event)
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.rows.step(1 if key == Qt.Key.Key_Down else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.go_on()
        elif len(text) == 1 and text in "0123456789":
            self._digits(text)
        elif key == Qt.Key.Key_Backspace:
            self._delete()
        elif key == Qt.Key.Key_Delete:
            self._clear()
        else:
            return False
        return True

    @Slot()
    def _dress(self) -> None:
        size = self._look.size
        self._columns.setContentsMargins(size.gap, size.gap, size.gap, size.gap)
        self._columns.setSpacing(size.gap)
        self._card.setFixedWidth(size.left)
        self._words.setFixedHeight(size.words)


def _renewed(views: tuple[PaymentView, ...], view: PaymentView) -> tuple[PaymentView, ...]:
    """The same payments, one of them as it is now."""
    return tuple(view if one.payment_id == view.payment_id else one for one in views)
