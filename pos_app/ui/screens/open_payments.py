"""What is not over: no result yet, late money, what does not fit, refunds on their way. Opened from the counter.

At the left the list, at the right what the till does about the chosen one, when it will know, and what can be done.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pos_app.checkout.events import StoryView
from pos_app.checkout.views import PaymentView
from pos_app.clock import Clock
from pos_app.money import with_sign
from pos_app.payments.acts import Act
from pos_app.payments.gateway_names import named
from pos_app.ui.commands import Commands
from pos_app.ui.look import Look
from pos_app.ui.screens.facts import Facts
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.screens.situation import (
    act_words,
    age,
    asks,
    can_cancel,
    facts,
    is_open,
    possible_acts,
    when,
)
from pos_app.ui.signs import waits_away
from pos_app.ui.theme import Role
from pos_app.ui.widgets.amount_and_sign import AmountAndSign
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import Frame, Label
from pos_app.ui.widgets.layouts import empty
from pos_app.ui.widgets.payment_list import PaymentList
from pos_app.ui.widgets.scrolled import Scrolled
from pos_app.words import Text

_TITLE = Text("Cần theo dõi", "To be watched")
_LINKS = Text("Liên kết đang chờ", "Links that wait")
_ROW_PX = 64
_LINKS_SEEN = 3
"""How many links are seen without scrolling."""
_NOTHING = Text("Không có khoản nào đang chờ.", "Nothing is open.")
_LEAVING = Text("Còn {n} khoản chưa xong", "{n} payments are not over")
_LEAVING_WHY = Text("Máy ghi lại cả. Lần mở sau, máy hỏi ZaloPay tiếp.",
                    "All are kept. At the next start the till goes on asking ZaloPay.")  # fmt: skip


class OpenPaymentsScreen(OtherScreen):
    """The list of what is open, and the chosen one.

    Signals:
        asks_manager: an act and its payment: the manager is to approve it.
        tries_again: a sale that was let go on is to be charged with a new code.
        leaves: the program is to be closed all the same.
    """

    asks_manager = Signal(object, object)
    tries_again = Signal(object)
    leaves = Signal()
    stays = Signal()

    def __init__(self, look: Look, clock: Clock) -> None:
        super().__init__()
        self._look, self._clock = look, clock
        self._view: PaymentView | None = None
        self._wanted = ""
        self._shown_acts: tuple[object, ...] = ()
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self._leaving(look))
        self._columns = QHBoxLayout()
        self._outer.addLayout(self._columns, 1)
        self._columns.addWidget(self._list(look), 5)
        self._columns.addWidget(self._detail(look), 6)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._tick)
        look.changed.connect(self._dress)
        self._dress()
        self._show_chosen(None)

    def _leaving(self, look: Look) -> QWidget:
        self._warning = Frame("unknown")
        row = QHBoxLayout(self._warning)
        row.setContentsMargins(20, 14, 16, 14)
        row.setSpacing(16)
        row.addWidget(Disc(look, 48, "amber", "on_amber", icon="triangle"))
        words = QVBoxLayout()
        words.setSpacing(0)
        self._how_many = Label(look, Role.DETAIL_STRONG, wrap=True)
        words.addWidget(self._how_many)
        words.addWidget(Label(look, Role.BODY, _LEAVING_WHY, ink="text2", wrap=True))
        row.addLayout(words, 1)
        row.addWidget(Button(look, Text("Đóng máy", "Close the till"), self.leaves.emit))
        row.addWidget(Button(look, Text("Ở lại", "Stay"), self.stays.emit, kind="primary", cap="Enter"))
        self._warning.hide()
        return self._warning

    def _list(self, look: Look) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 16, 1, 12)
        column.setSpacing(10)
        title = Label(look, Role.TITLE, _TITLE)
        title.setContentsMargins(20, 4, 0, 0)
        column.addWidget(title)
        self.rows = PaymentList(look, _TITLE, below=self._below, row_px=_ROW_PX)
        column.addWidget(self.rows, 1)
        self._links_title = Label(look, Role.DETAIL_STRONG, _LINKS)
        self._links_title.setContentsMargins(20, 4, 0, 0)
        column.addWidget(self._links_title)
        self.links = PaymentList(look, _LINKS, below=self._below, row_px=_ROW_PX)
        column.addWidget(self.links)
        for rows in (self.rows, self.links):
            rows.chosen.connect(self._choose)
        return card

    def _below(self, view: PaymentView) -> Text:
        now = self._clock.wall_ms()
        text = Text("{at} · {age} trước · {slip}{note}", "{at} · {age} ago · {slip}{note}")
        note = f" · {view.note}" if view.note else ""
        return text.fill(at=when(view.scanned_at_ms, now), age=age(view.scanned_at_ms, now), slip=view.slip_number,
                         note=note)  # fmt: skip

    def _detail(self, look: Look) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(24, 20, 20, 20)
        column.setSpacing(12)
        self._head = AmountAndSign(look)
        column.addWidget(self._head)
        self._said = Label(look, Role.SMALL, ink="text2", wrap=True)
        column.addWidget(self._said)
        self._facts = Facts(look)
        page = QWidget()
        page.setObjectName("page")
        inside = QVBoxLayout(page)
        inside.setContentsMargins(0, 4, 8, 0)
        inside.addWidget(self._facts)
        inside.addStretch()
        self._scroll = Scrolled(look, page)
        column.addWidget(self._scroll, 1)
        self._buttons = QGridLayout()
        self._buttons.setSpacing(8)
        column.addLayout(self._buttons)
        self._nothing = Label(look, Role.BODY, _NOTHING, ink="text2", wrap=True)
        column.insertWidget(0, self._nothing)
        return card

    # What the till tells

    def show_open(self, views: tuple[PaymentView, ...]) -> None:
        """Show what is open now, the newest first."""
        newest = tuple(reversed(views))
        links = tuple(view for view in newest if waits_away(view))
        wanted, self._wanted = self._wanted or self.chosen_id, ""
        self._links_title.setVisible(bool(links))
        self.links.setVisible(bool(links))
        self.rows.show_payments(tuple(view for view in newest if view not in links), wanted=wanted)
        self.links.show_payments(links, wanted=wanted)
        self._fit_links()
        self._how_many.show_text(_LEAVING.fill(n=len(views)))
        found = next((view for view in newest if view.payment_id == wanted), None)
        current = found or self.rows.current or self.links.current
        self._mark(current)
        if (current and current.payment_id) != (self._view and self._view.payment_id):
            self._choose(current)
        else:
            self._show_chosen(current)
        if not views:
            self._warning.hide()

    def _mark(self, view: PaymentView | None) -> None:
        """Only one of the two lists has the chosen one."""
        for rows in (self.rows, self.links):
            there = view is not None and any(one.payment_id == view.payment_id for one in rows.views)
            if there and view is not None:
                rows.show_payments(rows.views, wanted=view.payment_id)
            else:
                rows.leave()

    def show_payment(self, view: PaymentView) -> None:
        """A payment changed: the chosen one is shown as it is now."""
        if self._view is not None and view.payment_id == self._view.payment_id:
            self._show_chosen(view)
            self._ask_story()

    def show_story(self, story: StoryView) -> None:
        """What the gateway said last, of the chosen one."""
        if self._view is not None and story.payment.payment_id == self._view.payment_id and story.lines:
            last = story.lines[-1]
            text = Text("{at} {said}", "{at} {said}")
            self._said.show_text(text.fill(at=when(last.at_ms, self._clock.wall_ms()), said=last.text))

    def choose(self, payment_id: str) -> None:
        """Show this one, as soon as it is in the list."""
        self._wanted = payment_id
        for rows in (self.rows, self.links):
            if any(view.payment_id == payment_id for view in rows.views):
                rows.show_payments(rows.views, wanted=payment_id)

    def warn(self) -> None:
        """The program was asked to close: say what is open, and ask once more."""
        self._warning.show()
        self._tick()

    @property
    def chosen_id(self) -> str:
        """The chosen payment, "" for none."""
        return self._view.payment_id if self._view is not None else ""

    @property
    def warns(self) -> bool:
        """Whether the next wish to close closes."""
        return not self._warning.isHidden()

    # The chosen one

    @Slot(object)
    def _choose(self, view: PaymentView | None) -> None:
        self._said.show_text("")
        self._mark(view)
        self._show_chosen(view)
        self._ask_story()

    def _ask_story(self) -> None:
        if self._commands is not None and self._view is not None:
            self._commands.story(self._view.payment_id)

    def obey(self, commands: Commands | None) -> None:
        """See `OtherScreen`."""
        super().obey(commands)
        self._ask_story()

    def _show_chosen(self, view: PaymentView | None) -> None:
        self._view = view
        for widget in (self._head, self._said, self._scroll):
            widget.setVisible(view is not None)
        self._nothing.setVisible(view is None)
        if view is not None:
            self._head.show_payment(view)
        self._tick()

    @Slot()
    def _tick(self) -> None:
        """Each second: what was said in seconds is said anew, and what has become possible is offered."""
        view, now = self._view, self._clock.wall_ms()
        for rows in (self.rows, self.links):
            rows.viewport().update()
        if view is not None:
            self._facts.show_facts(facts(view, now))
        self._offer(view, now)

    def _offer(self, view: PaymentView | None, now_ms: int) -> None:
        acts = possible_acts(view, now_ms) if view else ()
        can = (
            self.warns,
            view and view.payment_id,
            acts,
            *((asks(view), can_cancel(view), _again(view), _link(view)) if view else ()),
        )
        if can == self._shown_acts:
            return
        self._shown_acts = can
        empty(self._buttons)
        if view is None:
            return
        before: QWidget = self._scroll
        for place, button in enumerate(self._make_buttons(view, acts)):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._buttons.addWidget(button, place // 2, place % 2)
            self.setTabOrder(before, button)
            before = button

    def _make_buttons(self, view: PaymentView, acts: tuple[Act, ...]) -> list[Button]:
        buttons = []
        if _again(view):
            text = Text("Thu lại {amount}", "Charge {amount} again").fill(amount=with_sign(view.amount))
            buttons.append(self._button(text, "scan", lambda: self.tries_again.emit(view)))
        if asks(view):
            cap = "" if self.warns else "Enter"  # while it warns, Enter stays
            ask = named(Text("Hỏi ZaloPay ngay", "Ask ZaloPay now"), view.gateway)
            buttons.append(self._button(ask, "refresh", self._ask_now, cap=cap))
        if link := _link(view):
            copy = Text("Chép liên kết", "Copy the link")
            buttons.append(self._button(copy, "send", lambda: QGuiApplication.clipboard().setText(link)))
        if can_cancel(view):
            buttons.append(self._button(Text("Hủy khoản này", "Cancel it"), "cross", self._cancel))
        words = (act_words(act, view.gateway) for act in acts)
        buttons += [self._button(one.button, "lock", self._asker(act)) for act, one in zip(acts, words, strict=True)]
        return buttons

    def _button(self, text: Text, icon: str, act: Callable[[], None], *, cap: str = "") -> Button:
        sign = None if cap else (icon, "text")
        return Button(self._look, text, act, role=Role.SMALL_BUTTON, icon=sign, cap=cap,
                      kind="primary" if cap else "")  # fmt: skip

    def _asker(self, act: Act) -> Callable[[], None]:
        return lambda: self.asks_manager.emit(act, self._view)

    def _ask_now(self) -> None:
        if self._commands is not None and self._view is not None:
            self._commands.ask_now(self._view.payment_id)

    def _cancel(self) -> None:
        if self._commands is not None and self._view is not None:
            self._commands.cancel(self._view.payment_id)

    # Keys and life

    def press(self, event: QKeyEvent) -> bool:
        """The arrows choose, Enter asks now; while it warns, Enter stays."""
        key = event.key()
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self.warns:
                self.stays.emit()
            elif self._view is not None and asks(self._view):
                self._ask_now()
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        """Through both lists as through one."""
        views = (*self.rows.views, *self.links.views)
        if views:
            ids = [view.payment_id for view in views]
            place = ids.index(self.chosen_id) + by if self.chosen_id in ids else 0
            self._choose(views[min(max(place, 0), len(views) - 1)])

    def showEvent(self, event: QShowEvent) -> None:
        """The seconds run while it is seen."""
        self._second.start()
        self._tick()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """The wish to close is forgotten when it is left."""
        self._second.stop()
        self._warning.hide()
        super().hideEvent(event)

    @Slot()
    def _dress(self) -> None:
        gap = self._look.size.gap
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._outer.setSpacing(gap)
        self._columns.setSpacing(gap)
        self._fit_links()

    def _fit_links(self) -> None:
        self.links.setFixedHeight(min(len(self.links.views), _LINKS_SEEN) * max(self.links.sizeHintForRow(0), 0))


def _link(view: PaymentView) -> str:
    """What a customer who is not here pays by, "" for none."""
    return view.shown.link if waits_away(view) and view.shown is not None else ""


def _again(view: PaymentView) -> bool:
    """Whether the sale may be charged once more: a manager let it go on without a result."""
    return view.released and is_open(view)
