"""Regular customers: who is bound, charging one of them at once, binding a new one, letting one go.

What is charged is the amount that stands on the sale screen, and the payment runs there as any other.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.checkout.events import BindingState, BindingView, CustomersView, Refused
from pos_app.clock import Clock
from pos_app.customers.customer import RegularCustomer
from pos_app.ui.look import Look
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.screens.regular_pages import BindingPage, ChosenPage, NewPage
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.customer_list import CustomerList, Regular, fits
from pos_app.ui.widgets.label import CentredLines, Frame, Label
from pos_app.ui.widgets.pages import Pages
from pos_app.ui.widgets.text_field import TextField
from pos_app.words import Text

TITLE = Text("Khách quen", "Regular customers")
_SEARCH = Text("Tên hoặc số cuối điện thoại", "Name or last digits of the phone")
_HOW = Text("Khách đã liên kết ví, có mặt ở quầy.", "They linked their wallet, and are at the counter.")
_NOBODY = Text("Chưa có khách quen nào.", "There are no regular customers yet.")
_NONE_SO = Text("Không có khách quen nào như vậy.", "There is no such regular customer.")
_CHOOSE = Text("Thêm khách để lần sau thu không cần mã.", "Add a customer: later no code is needed.")


class RegularsScreen(OtherScreen):
    """The list at the left; at the right the chosen one, a new one, or the code that a new one scans.

    Args:
        standing: the amount (dong) that can be charged now, 0 for none.
        demo: there is a demo customer who can agree.

    Signals:
        charges: the number of the customer whose wallet is to be charged.
    """

    charges = Signal(str)

    def __init__(self, look: Look, clock: Clock, *, standing: Callable[[], int], demo: bool) -> None:
        super().__init__()
        self._look, self._clock, self._standing, self._demo = look, clock, standing, demo
        self._customers: tuple[RegularCustomer, ...] = ()
        self._waiting: dict[str, BindingView] = {}
        self._asked_for = ""
        self._amount = 0
        self._outer = QHBoxLayout(self)
        self._outer.addWidget(self._list(look), 5)
        self.pages = Pages(look)
        self.chosen = ChosenPage(look, charge=self.charge, unbind=self._unbind)
        self.new = NewPage(look, make=self._make)
        agree = self.demo_customer_agrees if demo else None
        self.binding = BindingPage(look, done=self._read, drop=self._drop, agree=agree)
        self._nobody = self._empty(look)
        for page in (self._nobody, self.chosen, self.new, self.binding):
            self.pages.join(page)
        self._outer.addWidget(self.pages, 6)
        self.begins_at = self.search
        self._show_rows()
        look.changed.connect(self._dress)
        self._dress()

    def _list(self, look: Look) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 16, 1, 16)
        column.setSpacing(10)
        top = QVBoxLayout()
        top.setContentsMargins(20, 0, 16, 0)
        top.setSpacing(10)
        top.addWidget(Label(look, Role.TITLE, TITLE))
        self.search = TextField(look, _SEARCH, icon="search", length=40)
        self.search.changed.connect(self._filter)
        self.search.entered.connect(self._enter)
        top.addWidget(self.search)
        self._hint = Label(look, Role.BODY, _HOW, ink="text2", wrap=True)
        top.addWidget(self._hint)
        column.addLayout(top)
        self.rows = CustomerList(look, TITLE)
        self.rows.chosen.connect(self._choose)
        self.rows.clicked.connect(self._tapped)
        column.addWidget(self.rows, 1)
        self._add = Button(look, Text("Thêm khách", "Add a customer"), self.begin_new, icon=("user", "text"))
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 4, 16, 0)
        foot.addWidget(self._add, 1)
        foot.addStretch(1)
        column.addLayout(foot)
        return card

    def _empty(self, look: Look) -> Frame:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 24, 28, 24)
        column.addWidget(CentredLines(look, Role.DETAIL, _CHOOSE, ink="text2"))
        return card

    # --- what the till tells ---------------------------------------------------------------------------------------

    def begin(self) -> None:
        """It was opened: the amount that stands now is what can be charged."""
        self._amount, self._asked_for = self._standing(), ""
        self.search.forget()
        self._show_chosen()
        if self._commands is not None:
            self._commands.customers()
        self.search.setFocus()

    def receive(self, event: CustomersView | BindingView) -> None:
        """Who they are; or that one was asked, or has answered."""
        if isinstance(event, BindingView):
            self._show_binding(event)
        else:
            self._customers = event.customers
            self._show_rows()

    def _show_binding(self, view: BindingView) -> None:
        ours = self._asked_for == view.name and self.binding.view is None
        seen = self.binding.view if self.pages.currentWidget() is self.binding else None
        shown = seen is not None and seen.binding_id == view.binding_id
        if view.state is BindingState.WAITING:
            self._waiting[view.binding_id] = view
        else:
            self._waiting.pop(view.binding_id, None)
        self._show_rows(wanted=view.number if ours else "")
        if ours or shown:
            self._asked_for = ""
            self.binding.show_binding(view)
            self.pages.turn_to(self.binding)

    def show_refused(self, refused: Refused) -> None:
        """What was asked for here was not done."""
        why = Text("{title}. {advice}", "{title}. {advice}").fill(title=refused.title, advice=refused.advice)
        if self._asked_for:
            self._asked_for = ""
            self.pages.turn_to(self.new)
            self.new.show_refused(why)
        else:
            self._hint.show_text(why)
            self._hint.set_ink("red_text")

    # --- the list --------------------------------------------------------------------------------------------------

    def _show_rows(self, *, wanted: str = "") -> None:
        typed = self.search.text
        everyone: tuple[Regular, ...] = (*self._waiting.values(), *self._customers)
        rows = tuple(one for one in everyone if fits(one, typed))
        self._hint.set_ink("text2")
        self._hint.show_text(_HOW if rows else _NONE_SO if everyone else _NOBODY)
        self.rows.show_rows(rows, wanted=wanted)
        if self.pages.currentWidget() in (None, self.chosen, self._nobody):
            self._show_chosen()

    @Slot(str)
    def _filter(self, _text: str) -> None:
        self.pages.turn_to(self.chosen)
        self._show_rows()

    @Slot(object)
    def _choose(self, _one: Regular | None) -> None:
        if self.pages.currentWidget() in (self.chosen, self._nobody) or self._shows_another_wait():
            self._show_chosen()

    def _shows_another_wait(self) -> bool:
        """Whether the code of another than the chosen one is there: nobody may scan the wrong one."""
        if self.pages.currentWidget() is not self.binding or self.binding.view is None:
            return False
        return self.rows.current is not None and self.rows.current.number != self.binding.view.number

    @Slot()
    def _tapped(self) -> None:
        self._show_chosen()

    def _show_chosen(self) -> None:
        one = self.rows.current
        if isinstance(one, BindingView):
            self.binding.show_binding(one)
            self.pages.turn_to(self.binding)
        elif one is not None:
            self.chosen.show_customer(one, self._amount, self._clock.wall_ms())
            self.pages.turn_to(self.chosen)
        else:
            self.pages.turn_to(self._nobody)

    # --- what the cashier does -------------------------------------------------------------------------------------

    def charge(self) -> None:
        """Charge the chosen one at once, if that can be."""
        one = self.rows.current
        if self.pages.currentWidget() is self.chosen and isinstance(one, RegularCustomer) and self.chosen.can_charge:
            self.charges.emit(one.number)

    def _unbind(self) -> None:
        one = self.rows.current
        if self._commands is not None and isinstance(one, RegularCustomer):
            self._commands.unbind(one.number)

    def begin_new(self) -> None:
        """A new one."""
        self.pages.turn_to(self.new)
        self.new.begin()

    def _make(self, name: str, limit: int) -> None:
        if self._commands is None or self._asked_for:
            return
        self._asked_for = " ".join(name.split())
        self.binding.begin()
        self.pages.turn_to(self.binding)
        self._commands.bind(name=name, max_amount=limit)
        self.setFocus()

    def _drop(self) -> None:
        view = self.binding.view
        if self._commands is not None and view is not None:
            self._commands.drop_binding(view.binding_id)
            self._waiting.pop(view.binding_id, None)
        self._read()

    def _read(self) -> None:
        """What came of it was read: the list again."""
        number = self.binding.view.number if self.binding.view is not None else ""
        self.binding.begin()
        self.pages.turn_to(self.chosen)
        self._show_rows(wanted=number)
        self._show_chosen()
        self.search.setFocus()

    @property
    def demo_can_agree(self) -> bool:
        """Whether a code is there by which the demo customer could agree."""
        waits = self.pages.currentWidget() is self.binding and not self.binding.is_over
        return self._demo and waits and self.binding.view is not None

    def demo_customer_agrees(self) -> None:
        """Demo: the customer agrees on the phone."""
        if self._commands is not None and self.binding.view is not None and self.demo_can_agree:
            self._commands.demo_customer_agrees(self.binding.view.binding_id)

    # --- keys and life ---------------------------------------------------------------------------------------------

    @property
    def can_go_back(self) -> bool:
        """Whether Esc goes one step back within this screen."""
        return self.pages.currentWidget() is self.new or self.chosen.asks

    def back(self) -> None:
        """Esc: one step back. A code that waits goes on waiting, in the list."""
        self.chosen.calm()
        self._show_chosen()
        self.search.setFocus()

    def press(self, event: QKeyEvent) -> bool:
        """The arrows choose; Enter does what the primary button does."""
        key = event.key()
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.rows.step(1 if key == Qt.Key.Key_Down else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._enter()
        else:
            return False
        return True

    @Slot()
    def _enter(self) -> None:
        page = self.pages.currentWidget()
        if page is self.new:
            self.new.go_on()
        elif page is self.binding and self.binding.is_over:
            self._read()
        else:
            self.charge()

    @Slot()
    def _dress(self) -> None:
        gap = self._look.size.gap
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._outer.setSpacing(gap)
