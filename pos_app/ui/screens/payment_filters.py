"""What the list of payments (F3) is narrowed by: day, shift, cashier, method, state, and what is typed."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pos_app.checkout.how_paid import method_words
from pos_app.checkout.views import ScanSource
from pos_app.journal.wanted import Choices, Wanted
from pos_app.payments.payment import DECIDED, LIVE, NEGATIVE, State
from pos_app.reports.ranges import SPAN_WORDS, Days, Span, days_of
from pos_app.ui.look import Look
from pos_app.ui.widgets.days_popup import DaysPopup
from pos_app.ui.widgets.picker import Picker
from pos_app.ui.widgets.text_field import TextField
from pos_app.words import Text, same

TYPED_MS = 200
"""How long nothing more is typed before it is looked for."""
_ANY_DAY, _SOME_DAYS = "any", "days"
_STATES: dict[str, tuple[Text, frozenset[State]]] = {
    "paid": (Text("Đã thanh toán", "Paid"), frozenset({State.PAID})),
    "declined": (Text("Chưa thu được", "Declined"), NEGATIVE),
    "open": (Text("Chưa rõ", "Not known yet"), LIVE),
    "decided": (Text("Quản lý quyết định", "Manager decided"), DECIDED),
}
_REFUNDED = "refunded"
_NO_NAME = "\0"
_SEARCH = Text("Số tiền, ghi chú, số cuối mã", "Amount, note, end of an ID")


class PaymentFilters(QWidget):
    """A row of pickers and a field.

    Args:
        today: the Vietnamese day.
    """

    changed = Signal()

    def __init__(self, look: Look, *, today: Callable[[], date]) -> None:
        super().__init__()
        self._look, self._today = look, today
        self._methods: dict[str, tuple[tuple[str, str], ...]] = {}
        self._days: Days | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.day = Picker(look, SPAN_WORDS[Span.TODAY], icon="calendar")
        self.shift = Picker(look, Text("Mọi ca", "Any shift"))
        self.cashier = Picker(look, Text("Mọi thu ngân", "Any cashier"))
        self.method = Picker(look, Text("Mọi cách trả", "Any method"))
        self.state = Picker(look, Text("Mọi trạng thái", "Any state"))
        self.search = TextField(look, _SEARCH, icon="search", length=60)
        for picker in (self.day, self.shift, self.cashier, self.method, self.state):
            row.addWidget(picker)
        row.addWidget(self.search, 1)
        spans = {span.value: words for span, words in SPAN_WORDS.items() if span is not Span.TODAY}
        more = {_ANY_DAY: Text("Mọi ngày", "Any day"), _SOME_DAYS: Text("Chọn ngày…", "Choose days…")}
        self.day.offer({"": SPAN_WORDS[Span.TODAY], **spans, **more})
        self.state.offer(
            {name: words for name, (words, _) in _STATES.items()} | {_REFUNDED: Text("Có hoàn tiền", "Refunded")}
        )
        self.popup: DaysPopup | None = None
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.timeout.connect(self.changed)
        self.day.chosen.connect(self._choose_day)
        for picker in (self.shift, self.cashier, self.method, self.state):
            picker.chosen.connect(self._choose)
        self.search.changed.connect(self._type)
        self.search.entered.connect(self._enter)

    @property
    def is_default(self) -> bool:
        """Whether it is all of today."""
        pickers = (self.day, self.shift, self.cashier, self.method, self.state)
        return not any(picker.value for picker in pickers) and not self.search.text

    @property
    def wanted(self) -> Wanted:
        """What is looked for now."""
        bounds = self._span()
        state = self.state.value
        return Wanted(
            bounds[0], bounds[1],
            shift=int(self.shift.value) if self.shift.value else None,
            cashier=self.cashier.value.replace(_NO_NAME, "") if self.cashier.value else None,
            methods=self._methods.get(self.method.value, ()),
            states=tuple(sorted(_STATES[state][1])) if state in _STATES else (),
            refunded=state == _REFUNDED,
            text=self.search.text,
        )  # fmt: skip

    def _span(self) -> tuple[int | None, int | None]:
        if self.day.value == _ANY_DAY:
            return None, None
        if self.day.value == _SOME_DAYS and self._days is not None:
            return self._days.bounds_ms
        return days_of(Span(self.day.value or Span.TODAY), self._today()).bounds_ms

    def offer(self, choices: Choices) -> None:
        """What there is to choose from."""
        self.shift.offer({str(n): Text("Ca {n}", "Shift {n}").fill(n=n) for n in choices.shifts if n})
        nobody = Text("Không ghi tên", "No name noted")
        self.cashier.offer({name or _NO_NAME: same(name) if name else nobody for name in choices.cashiers})
        self._methods = {}
        known: dict[str, Text] = {}
        for gateway, source in choices.methods:
            words = method_words(gateway, ScanSource(source))
            known[words.vi] = words
            self._methods[words.vi] = (*self._methods.get(words.vi, ()), (gateway, source))
        self.method.offer(known)

    def look_for(self, text: str) -> None:
        """Any payment of that id, of whatever day; told at once."""
        for picker in (self.day, self.shift, self.cashier, self.method, self.state):
            with QSignalBlocker(picker):
                picker.pick(_ANY_DAY if picker is self.day else "")
        self.search.edit.setText(text)
        self._enter()

    @Slot(str)
    def _choose(self, _value: str) -> None:
        self.changed.emit()

    @Slot(str)
    def _choose_day(self, value: str) -> None:
        if value == _SOME_DAYS:
            today = self._today()
            self.popup = self.popup or DaysPopup(self._look, self.window(), today=self._today, taken=self._take_days)
            self.popup.drop(self.day, self._days or Days(today, today))
        else:
            self.changed.emit()

    def _take_days(self, days: Days) -> None:
        self._days = days
        self.day.show_text(days.words)
        self.changed.emit()

    @Slot(str)
    def _type(self, _text: str) -> None:
        self._typed.start(TYPED_MS)

    @Slot()
    def _enter(self) -> None:
        self._typed.stop()
        self.changed.emit()
