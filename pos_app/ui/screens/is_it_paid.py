"""Is it paid? The last ten payments, each with its verdict, one line of evidence, and what to say to the customer.

Everything comes from the journal: it works without a network, and while another payment runs.
"""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.checkout.events import LatestView, StoryView
from pos_app.checkout.how_paid import how_paid
from pos_app.checkout.views import PaymentView, Stage, StoryLine
from pos_app.clock import Clock
from pos_app.money import with_sign
from pos_app.payments.gateway_names import named
from pos_app.ui.look import Look
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.screens.situation import age, asks, quoted, when
from pos_app.ui.signs import sign_of
from pos_app.ui.theme import Role
from pos_app.ui.widgets.announced import announce
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import FitLabel, Frame, IconLabel, Label
from pos_app.ui.widgets.payment_list import PaymentList
from pos_app.ui.widgets.time_line import joined
from pos_app.vietnam_day import clock_time
from pos_app.words import NOTHING, Text

TITLE = Text("Đã trả chưa?", "Is it paid?")
_ASK = Text("Hỏi ZaloPay ngay", "Ask ZaloPay now")
_NONE = Text("Chưa có giao dịch nào.", "No payments yet.")
_ROW_PX = 54
_BESIDE_THE_RESULT = {"printer", "clock"}
"""Icons of lines that say nothing about the money: slips, and how long it took."""
_DISCS = {
    "green_text": ("green", "on_green"), "red_text": ("red", "on_red"), "amber_text": ("amber", "on_amber"),
    "accent_text": ("accent", "on_accent"),
}  # fmt: skip


def evidence_of(lines: tuple[StoryLine, ...]) -> StoryLine | None:
    """The newest line that says something about the money."""
    return next((line for line in reversed(lines) if line.icon not in _BESIDE_THE_RESULT), None)


class _FullHeightLabel(Label):
    """A wrapped text that claims the height it needs: beside hidden ones a layout reckons with too little."""

    def _claim(self) -> None:
        self.setMinimumHeight(0)  # the old claim would count as needed
        self.setMinimumHeight(max(0, self.heightForWidth(self.width())))

    def show_text(self, text: Text | str) -> None:
        """See `Label`."""
        super().show_text(text)
        self._claim()

    @Slot()
    def dress(self) -> None:
        """Another font is another height."""
        super().dress()
        self._claim()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width is another height."""
        super().resizeEvent(event)
        self._claim()


class IsItPaidScreen(OtherScreen):
    """The last ten at the left, the chosen one in large at the right."""

    def __init__(self, look: Look, clock: Clock) -> None:
        super().__init__()
        self._look, self._clock = look, clock
        self._stories: dict[str, StoryView] = {}
        self._told: tuple[str, Stage | None] = "", None
        self._outer = QHBoxLayout(self)
        self._outer.addWidget(self._list(look), 5)
        self._outer.addWidget(self._verdict(look), 6)
        look.changed.connect(self._dress)
        self._dress()
        self._show(None)

    def _list(self, look: Look) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 12, 1, 10)
        column.setSpacing(4)
        title = Label(look, Role.TITLE, TITLE)
        title.setContentsMargins(20, 4, 0, 0)
        column.addWidget(title)
        self.rows = PaymentList(look, TITLE, below=self._below, row_px=_ROW_PX)
        self.rows.chosen.connect(self._show)
        column.addWidget(self.rows, 1)
        return card

    def _below(self, view: PaymentView) -> Text:
        now = self._clock.wall_ms()
        text = Text("{at} · {age} trước · {slip}", "{at} · {age} ago · {slip}")
        return text.fill(at=when(view.scanned_at_ms, now), age=age(view.scanned_at_ms, now), slip=view.slip_number)

    def _verdict(self, look: Look) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(10)
        self._none = Label(look, Role.DETAIL, _NONE, ink="text2", wrap=True)
        column.addWidget(self._none)
        self._disc = Disc(look, look.size.disc_small, "sunk", "text2", icon="clock")
        self._word = FitLabel(look, Role.SENTENCE)
        self._amount = Label(look, Role.FIGURE_TITLE)
        self._when = Label(look, Role.DETAIL, ink="text2", wrap=True)
        top = QHBoxLayout()
        top.setSpacing(20)
        top.addWidget(self._disc)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        for widget in (self._word, self._amount, self._when):
            words.addWidget(widget)
        words.addStretch()
        top.addLayout(words, 1)
        column.addStretch(1)
        column.addLayout(top)
        column.addSpacing(12)
        self._boxes = (self._box(look, "info", Text("Bằng chứng", "Evidence")),
                       self._box(look, "chat", Text("Nói với khách", "Tell the customer")))  # fmt: skip
        for box, _ in self._boxes:
            column.addWidget(box)
        column.addStretch(1)
        self._ask = Button(look, _ASK, self._ask_now, kind="primary", cap="Enter")
        column.addWidget(self._ask)
        return card

    def _box(self, look: Look, icon: str, title: Text) -> tuple[Frame, Label]:
        box = Frame("box")
        row = QHBoxLayout(box)
        row.setContentsMargins(20, 14, 16, 14)
        row.setSpacing(16)
        row.addWidget(IconLabel(look, icon, "text2", 24), alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        said = _FullHeightLabel(look, Role.DETAIL_STRONG, wrap=True)
        words.addWidget(Label(look, Role.LABEL, title, ink="text2"))
        words.addWidget(said)
        row.addLayout(words, 1)
        return box, said

    # --- what the till tells ---------------------------------------------------------------------------------------

    def ask(self) -> None:
        """It was opened: the newest ten, the newest of them first."""
        if self.rows.views:
            self.rows.step(-len(self.rows.views))
        self.renew()

    def renew(self) -> None:
        """Something changed: ask the journal again."""
        if self._commands is not None:
            self._commands.latest()

    def show_latest(self, latest: LatestView) -> None:
        """Show the last ten."""
        self._stories = {story.payment.payment_id: story for story in latest.stories}
        self.rows.show_payments(tuple(story.payment for story in latest.stories))
        self._show(self.rows.current)

    @property
    def chosen_id(self) -> str:
        """The chosen payment, "" for none."""
        current = self.rows.current
        return current.payment_id if current is not None else ""

    @Slot(object)
    def _show(self, view: PaymentView | None) -> None:
        self._none.setVisible(view is None)
        for widget in (self._disc, self._word, self._amount, self._when, *(box for box, _ in self._boxes)):
            widget.setVisible(view is not None)
        self._ask.setVisible(view is not None and asks(view))
        if view is None:
            return
        sign = sign_of(view)
        fill, ink = _DISCS.get(sign.token, ("sunk", "text2"))
        self._disc.show_sign(fill=fill, ink=ink, icon=sign.icon)
        self._word.show_text(sign.word)
        self._word.set_ink(sign.token if sign.token in _DISCS else "text")
        self._amount.show_text(with_sign(view.amount))
        now = self._clock.wall_ms()
        note = f" · {view.note}" if view.note else ""
        text = Text("{at} · phiếu {slip} · {how}{note}", "{at} · slip {slip} · {how}{note}")
        self._when.show_text(
            text.fill(at=when(view.scanned_at_ms, now), slip=view.slip_number, how=how_paid(view), note=note)
        )
        self._ask.show_text(named(_ASK, view.gateway))
        line = evidence_of(self._stories[view.payment_id].lines) if view.payment_id in self._stories else None
        said = NOTHING
        if line is not None:
            said = Text("{at} {text}", "{at} {text}").fill(at=clock_time(line.at_ms), text=joined(line.text))
        for (box, label), words in zip(self._boxes, (said, quoted(view.to_customer)), strict=True):
            label.show_text(words)
            box.setVisible(bool(words.vi))
        self._tell_change(view)

    def _tell_change(self, view: PaymentView) -> None:
        """A screen reader reads the row that is chosen; of one that changes under it, it has to be told."""
        before, self._told = self._told, (view.payment_id, view.stage)
        if before[0] == view.payment_id and before != self._told and self.isVisible():
            announce(self, f"{self._word.text()}. {self._amount.text()}. {self._look.say(view.to_customer)}")

    def _ask_now(self) -> None:
        view = self.rows.current
        if self._commands is not None and view is not None:
            self._commands.ask_now(view.payment_id)

    def press(self, event: QKeyEvent) -> bool:
        """The arrows choose, Enter asks the gateway about an open one."""
        key = event.key()
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.rows.step(1 if key == Qt.Key.Key_Down else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._ask.isVisible():
            self._ask_now()
        else:
            return False
        return True

    @Slot()
    def _dress(self) -> None:
        size = self._look.size
        self._outer.setContentsMargins(size.gap, size.gap, size.gap, size.gap)
        self._outer.setSpacing(size.gap)
        self._disc.resize_to(size.disc_small)
