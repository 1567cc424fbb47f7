"""The thin head: where and who at the left, the counter and the health lights at the right."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.checkout.standing import Health, HealthView, Light, Stage
from pos_app.money import with_sign
from pos_app.ui.look import Look
from pos_app.ui.signs import sign_of
from pos_app.ui.theme import Role
from pos_app.ui.widgets.announced import announce
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.label import Divider, Frame, IconLabel, Label
from pos_app.ui.widgets.text_room import own_look
from pos_app.words import NOTHING, Text, same

if TYPE_CHECKING:
    from pos_app.checkout.views import PaymentView

_LIGHTS = {
    Light.GATEWAY: ("cloud", same("ZaloPay")),
    Light.CLOCK: ("clock", Text("Giờ", "Clock")),
    Light.SCANNER: ("scan", Text("Máy quét", "Scanner")),
    Light.PRINTER: ("printer", Text("Máy in", "Printer")),
    Light.JOURNAL: ("drive", Text("Sổ giao dịch", "Journal")),
}
_FINE = Text("Hoạt động tốt.", "Works well.")
_UNSET = Text("Chưa dùng.", "Not in use.")
_KINDS = {Health.OK: "light", Health.OFF: "light", Health.WARN: "warn", Health.BAD: "bad"}
_SIGNS = {Health.WARN: ("triangle", "amber_text"), Health.BAD: ("cross", "red_text")}
_EXAMINE = Text("Kiểm tra máy", "Doctor")
_POPOVER_MS = 10_000
STORE_MIN = 40


class Popover(Frame):
    """A small note under a light: what is wrong and what to do. Goes away by itself or at a tap.

    Args:
        examine: opens the doctor, who knows more.
    """

    def __init__(self, look: Look, window: QWidget, examine: Callable[[], None]) -> None:
        super().__init__("popover")
        self.setParent(window)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(4)
        self._title = Label(look, Role.BODY_STRONG, wrap=True)
        self._remedy = Label(look, Role.BODY, ink="text2", wrap=True)
        column.addWidget(self._title)
        column.addWidget(self._remedy)
        button = Button(look, _EXAMINE, examine, role=Role.SMALL_BUTTON, icon=("wrench", "text"))
        button.clicked.connect(self.hide)
        column.addSpacing(8)
        column.addWidget(button)
        self.setFixedWidth(340)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        look.changed.connect(self.hide)  # what it stands under may be elsewhere now
        self.hide()

    def tell(self, title: Text, remedy: Text, under: QWidget) -> None:
        """Show the note under a widget."""
        self._title.show_text(title)
        self._remedy.show_text(remedy)
        for label in (self._title, self._remedy):
            label.setMinimumHeight(0)  # that of the last note would count as needed
            label.setMinimumHeight(label.heightForWidth(self.width() - 34))
        self.adjustSize()
        corner = under.mapTo(self.window(), QPoint(under.width() - self.width(), under.height() + 10))
        self.move(max(16, corner.x()), corner.y())
        self.show()
        self.raise_()
        self._timer.start(_POPOVER_MS)

    def mousePressEvent(self, event: object) -> None:
        """A tap closes it."""
        self.hide()


class Head(Frame):
    """Store, till, cashier, the demo's mark, the counter of open payments, the lights.

    Args:
        who: store, till and cashier as the shop wrote them; "" leaves one out.
        show_open: what a tap on the counter or on news does.
        examine: opens the doctor, from the note under a light.
    """

    def __init__(
        self, look: Look, who: tuple[str, str, str], *, badge: Text | None, show_open: Callable[[], None],
        examine: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        super().__init__("head")
        look = self._look = own_look(self, look)
        store, till, cashier = who
        self._store_name, self._cashier = store, same(cashier)
        self._till = Text("Quầy {n}", "Till {n}").fill(n=till) if till else same("")
        self._shift = same("")
        self._views = {light: HealthView(light, Health.OFF) for light in Light}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 16, 0)
        self._row.setSpacing(0)
        self._add_who(store)
        self._badge = _Pill(look, badge or NOTHING)
        self._row.addWidget(self._badge)
        self._badge.setVisible(badge is not None)
        self._row.addStretch()
        self._show_open, self._examine = show_open, examine
        self._told: PaymentView | None = None
        self._news = Button(look, "", self._open, kind="good", role=Role.SMALL_BUTTON, icon=("tick", "green_text"))
        self._news_sign = self._news.findChildren(IconLabel)[0]
        self._news.setFixedHeight(40)
        self._news.hide()
        self._counter = Button(look, "", self._open, kind="pill_amber", role=Role.SMALL_BUTTON,
                               icon=("hourglass", "on_amber"))  # fmt: skip
        self._counter.setFixedHeight(40)
        self._counter.hide()
        self._links = Button(look, "", self._open, kind="light", role=Role.SMALL_BUTTON, icon=("send", "text2"))
        self._links.setFixedHeight(48)
        self._links.hide()
        self._row.addSpacing(8)
        self._row.addWidget(self._links)
        self._row.addWidget(self._news)
        self._row.addSpacing(8)
        self._row.addWidget(self._counter)
        self._row.addSpacing(8)
        self._lights: dict[Light, Button] = {}
        self._light_row = QHBoxLayout()
        self._light_row.setSpacing(4)
        self._row.addLayout(self._light_row)
        self._popover: Popover | None = None
        look.changed.connect(self._dress)
        self._dress()

    def _add_who(self, store: str) -> None:
        look = self._look
        self._store = Label(look, Role.STORE, store)
        self._line = Label(look, Role.BODY, ink="text2")
        self._parts = QWidget()
        parts = QHBoxLayout(self._parts)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(16)
        self._till_part = Label(look, Role.BODY, self._till, ink="text2")
        self._cashier_part = QWidget()
        person = QHBoxLayout(self._cashier_part)
        person.setContentsMargins(0, 0, 0, 0)
        person.setSpacing(8)
        person.addWidget(Divider(24))
        person.addSpacing(8)
        person.addWidget(IconLabel(look, "user", "text2", 20))
        self._cashier_label = Label(look, Role.BODY, self._cashier, ink="text2")
        person.addWidget(self._cashier_label)
        parts.addWidget(Divider(24))
        parts.addWidget(self._till_part)
        parts.addWidget(self._cashier_part)
        self._shift_part = QWidget()
        shift = QHBoxLayout(self._shift_part)
        shift.setContentsMargins(0, 0, 0, 0)
        shift.setSpacing(16)
        shift.addWidget(Divider(24))
        self._shift_label = Label(look, Role.BODY, self._shift, ink="text2")
        shift.addWidget(self._shift_label)
        parts.addWidget(self._shift_part)
        self._row.addWidget(self._store)
        self._row.addSpacing(16)
        self._row.addWidget(self._line)
        self._row.addWidget(self._parts)
        self._row.addSpacing(16)

    def show_health(self, view: HealthView) -> None:
        """Show the state of one light."""
        if self._views[view.light] != view:
            self._views[view.light] = view
            self._build_lights()

    def show_cashier(self, cashier: Text | str) -> None:
        """Show who stands at the till; "" for nobody."""
        self._cashier = cashier if isinstance(cashier, Text) else same(cashier)
        self._cashier_label.show_text(self._cashier)
        self._make_room()

    def show_shift(self, number: int, opened_at_ms: int | None) -> None:
        """Show which shift is running, and since when."""
        if opened_at_ms is None:
            self._shift = Text("Ca {n}, chưa mở", "Shift {n}, not open").fill(n=number)
        else:
            from pos_app.vietnam_day import clock_time  # noqa: PLC0415 - the window comes up without it

            at = clock_time(opened_at_ms, seconds=False)
            self._shift = Text("Ca {n}, mở {at}", "Shift {n}, since {at}").fill(n=number, at=at)
        self._shift_label.show_text(self._shift)
        self._make_room()

    def show_open(self, count: int, *, settle: bool = False) -> None:
        """Show how many payments are not known yet, or are for a manager to `settle`; 0 hides the counter."""
        word = Text("{n} cần xử lý", "{n} to settle") if settle else Text("{n} chưa rõ", "{n} not known")
        self._counter.show_text(word.fill(n=count))
        self._counter.setVisible(count > 0)
        self._make_room()

    def show_links(self, count: int) -> None:
        """Show how many links wait for customers who are not here: no trouble, and always a way to their list."""
        word = Text("{n} liên kết", "{n} links") if count > 1 else Text("{n} liên kết", "{n} link")
        self._links.show_text(word.fill(n=count))
        self._links.setVisible(count > 0)
        self._make_room()

    def show_news(self, view: "PaymentView | None") -> None:
        """Tell how a payment ended after the cashier was freed; None takes the news away."""
        news, self._told = view is not None and view is not self._told, view
        self._news.setVisible(view is not None)
        if view is not None:
            sign = sign_of(view)
            word = sign.tally if self._look.size.narrow else sign.word
            good = view.stage is Stage.PAID and view.work is None
            self._news.wear("good" if good else "warn" if sign.pill == "pill_amber" else "bad")
            self._news_sign.show_icon(sign.icon, sign.token)
            self._news.show_text(Text("{a}: {w}", "{a}: {w}").fill(a=with_sign(view.amount), w=word))
        if news:
            announce(self, self._news.accessibleName())
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what does not fit."""
        super().resizeEvent(event)
        self._make_room()

    @Slot()
    def _dress(self) -> None:
        self.setFixedHeight(self._look.size.head)
        self.show_news(self._told)
        self._build_lights()
        QTimer.singleShot(0, self, self._make_room)  # what each part needs is known once it was laid out

    def _build_lights(self) -> None:
        for button in self._lights.values():
            self._light_row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._lights = {}
        for light, view in self._views.items():
            if light is Light.JOURNAL and view.health not in _SIGNS:
                continue
            self._lights[light] = self._light(view)
            self._light_row.addWidget(self._lights[light])
            self._lights[light].show()
        self._make_room()

    def _light(self, view: HealthView) -> Button:
        bad = view.health in _SIGNS
        well = "green_text" if view.health is Health.OK else "text2"
        sign = _SIGNS[view.health] if bad else (_LIGHTS[view.light][0], well)
        text = _said(view) if bad else _word(view)
        button = Button(self._look, text, lambda: self._explain(view.light), kind=_KINDS[view.health],
                        role=Role.SMALL_BUTTON if bad else Role.SMALL, icon=sign)  # fmt: skip
        button.setFixedHeight(40 if bad else 48)
        button.setToolTip("\n".join(self._look.say(text) for text in (_said(view), self._remedy(view))))
        return button

    def _remedy(self, view: HealthView) -> Text:
        if view.remedy.vi:
            return view.remedy
        return _UNSET if view.health is Health.OFF else _FINE

    def _explain(self, light: Light) -> None:
        if self._popover is None:
            self._popover = Popover(self._look, self.window(), self._examine)
        if self._popover.isVisible():
            self._popover.hide()
            return
        view = self._views[light]
        self._popover.tell(_said(view), self._remedy(view), self._lights[light])

    def close_popover(self) -> bool:
        """Close an open note; False when there was none."""
        open_now = self._popover is not None and self._popover.isVisible()
        if self._popover is not None:
            self._popover.hide()
        return open_now

    def _open(self) -> None:
        self.show_news(None)
        self._show_open()

    @Slot()
    def _make_room(self) -> None:
        """Where room ends the cashier is called as people call each other, then goes; then the shift, then the till.

        Never a light or the counter.
        """
        beside = not self._look.size.narrow
        self._news_sign.show()
        self._news.updateGeometry()
        self._store.show_text(self._store_name)
        names = (self._cashier, _in_short(self._cashier), NOTHING, NOTHING, NOTHING)
        for parts, name in zip((3, 3, 2, 1, 0), names, strict=True):
            till, shift, cashier = parts > 0, parts > 1, parts > 2  # noqa: PLR2004 - how many of the three
            self._parts.setVisible(beside and till)
            self._cashier_label.show_text(name)
            self._cashier_part.setVisible(cashier and bool(name.vi))
            self._shift_part.setVisible(shift and bool(self._shift.vi))
            said = [part for part, on in ((self._till, till), (name, cashier), (self._shift, shift)) if on]
            self._show_line(said, beside=beside)
            self._row.invalidate()
            if self._row.minimumSize().width() <= self.width():
                break
        self._shorten_store()
        if self._overfull():
            self._news_sign.hide()
            self._news.updateGeometry()
            self._row.invalidate()
            self._shorten_store()

    def _overfull(self) -> bool:
        self._row.invalidate()
        return self._row.minimumSize().width() > self.width()

    def _show_line(self, said: list[Text], *, beside: bool) -> None:
        parts = [part for part in said if part.vi]
        self._line.show_text(Text(" · ".join(part.vi for part in parts), " · ".join(part.en for part in parts)))
        self._line.setVisible(not beside and bool(parts))

    def _shorten_store(self) -> None:
        """The last to give way is the store's name, which is shortened."""
        room = self.width() - self._row.minimumSize().width() + self._store.minimumSizeHint().width()
        font = self._store.fontMetrics()
        if font.horizontalAdvance(self._store_name) > room:
            self._store.show_text(font.elidedText(self._store_name, Qt.TextElideMode.ElideRight, max(room, STORE_MIN)))


def _in_short(cashier: Text) -> Text:
    """`Minh Khai` of `Nguyễn Thị Minh Khai`; what is no name has the same words in no two languages."""
    return same(" ".join(cashier.vi.split()[-2:])) if cashier.vi == cashier.en else cashier


def _word(view: HealthView) -> Text:
    return view.who if view.who.vi else _LIGHTS[view.light][1]


def _said(view: HealthView) -> Text:
    """Whose light it is, and its cause where it has one."""
    word, cause = _word(view), view.cause
    return Text(_joined(word.vi, cause.vi), _joined(word.en, cause.en)) if cause.vi else word


def _joined(word: str, cause: str) -> str:
    """`Máy in: hết giấy`; what begins with the word says it itself."""
    return cause if cause.startswith(f"{word} ") else f"{word}: {cause}"


class _Pill(Frame):
    """A word in a tinted pill."""

    def __init__(self, look: Look, text: Text) -> None:
        super().__init__("pill_accent")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.addWidget(Label(look, Role.LABEL, text, ink="accent_text"))
        self.setFixedHeight(28)
