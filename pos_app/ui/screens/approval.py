"""A manager's approval in place: who, why, a note where it goes against silence, the PIN. Nothing of it is kept here.

What may be approved is decided by the till (`payments.acts`); here it is only asked for in order. The PIN lives in
its field until the button is pressed, is handed over once, and is gone from the screen whatever comes of it.
"""

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.checkout.events import ActRefused, StoryView
from pos_app.checkout.views import PaymentView
from pos_app.clock import Clock
from pos_app.money import with_sign
from pos_app.payments.acts import NOTE_LENGTH_MIN, REASON_WORDS, Act, reasons, wants_proof
from pos_app.payments.gateway_names import named
from pos_app.payments.reason import REASON_LENGTH_MAX
from pos_app.staff.roster import Person
from pos_app.ui.look import Look
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.screens.payment_rows import paid_words
from pos_app.ui.screens.situation import act_words, when
from pos_app.ui.signs import sign_of
from pos_app.ui.theme import Role
from pos_app.ui.time_left import seconds_left
from pos_app.ui.widgets.amount_panel import AmountPanel
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choices import Choices
from pos_app.ui.widgets.details import Row
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import Frame, IconLabel, Label
from pos_app.ui.widgets.pin_field import DigitPad, PinField
from pos_app.ui.widgets.text_field import TextField
from pos_app.ui.widgets.who import Who
from pos_app.words import NOTHING, Text

_WHO, _WHY, _NOTE = Text("Người duyệt", "Approver"), Text("Lý do", "Reason"), Text("Ghi rõ", "Note")
_NUMBER = Text("Mã giao dịch ZaloPay", "ZaloPay transaction ID")
_KEPT = Text("Tên, giờ và lý do được ghi vào sổ. PIN thì không.", "Name, time and reason are kept. The PIN is not.")
_MISSING = {
    "who": Text("Còn thiếu: tên người duyệt.", "Missing: the approver’s name."),
    "why": Text("Còn thiếu: lý do.", "Missing: a reason."),
    "number": Text("Còn thiếu: mã giao dịch trên trang ZaloPay.", "Missing: the transaction ID from the portal."),
    "note": Text("Còn thiếu: ghi rõ, ít nhất {n} chữ.", "Missing: a note of at least {n} letters.").fill(
        n=NOTE_LENGTH_MIN
    ),
    "pin": Text("Còn thiếu: PIN của quản lý.", "Missing: the manager’s PIN."),
}
_CHECKING = Text("Đang kiểm PIN.", "Checking the PIN.")
_WRONG = Text("PIN không đúng", "Wrong PIN")
_WAIT = Text("{title}. Chờ {s} giây rồi nhập lại.", "{title}. Wait {s} s, then enter it again.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be approved.

    Attributes:
        act: the act.
        view: the payment.
        amount: dong, for a refund.
        intent: for a refund, one for each time it is asked for.
    """

    act: Act
    view: PaymentView
    amount: int = 0
    intent: str = ""

    @property
    def wants_note(self) -> bool:
        """Whether the manager has to say more than the reason."""
        return wants_proof(self.act, self.view.gateway)

    @property
    def wants_number(self) -> bool:
        """Whether the gateway's number is wanted, as read elsewhere."""
        return self.act is Act.DECIDE_PAID and self.wants_note


class ApprovalScreen(OtherScreen):
    """One act to approve.

    Signals:
        forgot: the PIN is not known any more: it is to be set anew with the recovery code.
        declines: it is not approved.
    """

    forgot = Signal()
    declines = Signal()

    def __init__(self, look: Look, clock: Clock) -> None:
        super().__init__()
        self._look, self._clock = look, clock
        self._asked: Asked | None = None
        self._checking = False
        self._wait_until_ms = 0
        self._refused: ActRefused | None = None
        self._last_said = NOTHING
        self._row = QHBoxLayout(self)
        self.panel = AmountPanel(look)
        self._row.addWidget(self.panel)
        self._row.addWidget(self._card(look), 1)
        self._timer = QTimer(self)
        self._timer.setInterval(250)
        self._timer.timeout.connect(self._tick)
        look.changed.connect(self._dress)
        self._dress()

    # --- how it is built -------------------------------------------------------------------------------------------

    def _card(self, look: Look) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(24, 16, 24, 8)
        head.setSpacing(16)
        head.addWidget(Disc(look, 52, "accent_soft", "accent", icon="lock"))
        words = QVBoxLayout()
        words.setSpacing(0)
        self._title = Label(look, Role.DETAIL_STRONG, wrap=True)
        self._state = Label(look, Role.BODY, ink="text2", wrap=True)
        words.addWidget(self._title)
        words.addWidget(self._state)
        head.addLayout(words, 1)
        column.addLayout(head)
        middle = QHBoxLayout()
        middle.setContentsMargins(24, 4, 24, 8)
        middle.setSpacing(24)
        middle.addLayout(self._questions(look), 1)
        middle.addWidget(self._keypad(look))
        column.addLayout(middle, 1)
        column.addWidget(self._foot(look))
        return card

    def _questions(self, look: Look) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        self.who = TextField(look, _WHO, icon="person", length=40)
        self.people = Who(look)
        self.people.chosen.connect(self._other_person)
        self.why = Choices(look)
        self.number = TextField(look, _NUMBER, icon="info", length=40, digits=True)
        self.note = TextField(look, _NOTE, length=REASON_LENGTH_MAX, tells_end=True)
        self._number_label = Label(look, Role.LABEL, _NUMBER, ink="text2")
        column.addWidget(Label(look, Role.LABEL, _WHO, ink="text2"))
        column.addWidget(self.who)
        column.addWidget(self.people)
        column.addSpacing(4)
        column.addWidget(Label(look, Role.LABEL, _WHY, ink="text2"))
        column.addWidget(self.why)
        self._only = Label(look, Role.BODY_STRONG, wrap=True)
        column.addWidget(self._only)
        column.addSpacing(4)
        column.addWidget(self._number_label)
        column.addWidget(self.number)
        column.addSpacing(4)
        self._note_label = Label(look, Role.LABEL, _NOTE, ink="text2")
        column.addWidget(self._note_label)
        column.addWidget(self.note)
        column.addStretch()
        for field, then in ((self.who, self.note), (self.number, self.note)):
            field.entered.connect(then.setFocus)
        self.note.entered.connect(self._to_pin)
        for field in (self.who, self.number, self.note):
            field.changed.connect(self._check)
        self.why.chosen.connect(self._check)
        return column

    def _keypad(self, look: Look) -> QWidget:
        self._right = QWidget()
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Label(look, Role.LABEL, Text("PIN của quản lý", "Manager’s PIN"), ink="text2"))
        self.pin = PinField(look)
        self.pin.changed.connect(self._check)
        column.addWidget(self.pin)
        self.pad = DigitPad(look, self.pin.type, self.pin.delete, self.pin.forget)
        column.addWidget(self.pad, 1)
        forgot = Button(look, Text("Quên PIN", "Forgot the PIN"), self.forgot.emit, kind="plain", role=Role.LABEL)
        column.addWidget(forgot, alignment=Qt.AlignmentFlag.AlignRight)
        return self._right

    def _foot(self, look: Look) -> QWidget:
        foot = Frame("buttons")
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 14, 24, 16)
        row.setSpacing(16)
        row.addWidget(Button(look, Text("Không duyệt", "Not approved"), self.declines.emit, cap="Esc"))
        row.addStretch()
        self._kept_icon = IconLabel(look, "info", "text2", 18)
        row.addWidget(self._kept_icon)
        self._kept = Label(look, Role.SMALL, _KEPT, ink="text2", wrap=True)
        row.addWidget(self._kept, 10)
        self._do = Button(look, "", self.approve, kind="primary", cap="Enter")
        row.addWidget(self._do)
        return foot

    # --- asking ----------------------------------------------------------------------------------------------------

    @property
    def asked(self) -> Asked | None:
        """What is being asked for, None when nothing is."""
        return self._asked

    def ask(self, asked: Asked, people: tuple[Person, ...] = (), wanted: str = "") -> None:
        """Ask a manager to approve this: one of `people`, or whoever types a name where there are no people yet."""
        self._asked = asked
        self.people.offer(people, wanted=wanted)
        self.people.setVisible(bool(people))
        self.who.setVisible(not people)
        self._checking = False
        self._refused, self._last_said = None, NOTHING
        words, gateway = act_words(asked.act, asked.view.gateway), asked.view.gateway
        self._title.show_text(words.title)
        offered = reasons(asked.act, gateway)
        self.why.offer({reason.value: named(REASON_WORDS[reason], gateway) for reason in offered})
        if len(offered) == 1:  # nothing to choose from
            self.why.choose(offered[0].value)
        self.why.setVisible(len(offered) > 1)
        self._only.show_text(named(REASON_WORDS[offered[0]], gateway))
        self._only.setVisible(len(offered) == 1)
        for widget in (self.number, self._number_label):
            widget.setVisible(asked.wants_number)
        self._number_label.show_text(named(_NUMBER, gateway))
        optional = Text("Ghi rõ (không bắt buộc)", "Note (if any)")
        self._note_label.show_text(_NOTE if asked.wants_note else optional)
        for field in (self.number, self.note):
            field.forget()
        self.pin.forget()
        self._do.show_text(words.do.fill(amount=with_sign(asked.amount)))
        self._show_panel()
        self._timer.start()
        self._check()
        if self._commands is not None:
            self._commands.story(asked.view.payment_id)
        (self.pin if self._by else self.who).setFocus()

    @property
    def _by(self) -> str:
        """Who approves: the person's id, or the name that was typed where there are no people yet."""
        return self.people.person.id if self.people.person is not None else self.who.text

    @Slot()
    def _other_person(self) -> None:
        self.pin.forget()
        self._check()

    def _show_panel(self) -> None:
        if self._asked is None:
            return
        asked, view, now = self._asked, self._asked.view, self._clock.wall_ms()
        rows: list[Row] = [
            (Text("Phiếu", "Slip"), view.slip_number, True),
            (Text("Lúc", "At"), when(view.scanned_at_ms, now), True),
        ]
        note = act_words(asked.act, view.gateway).after
        if asked.act is Act.REFUND:
            rows += [
                (paid_words(view), with_sign(view.amount), True),
                (Text("Đã hoàn trước đó", "Refunded before"), with_sign(view.amount - view.refundable), True),
                (Text("Còn lại sau khi hoàn", "Left after it"), with_sign(view.refundable - asked.amount), True),
            ]
            self.panel.show_amount(Text("Số tiền hoàn", "To be refunded"), asked.amount, tuple(rows), note, "refund")
            return
        rows += [
            (Text("Ghi chú", "Note"), view.note, False),
            (Text("Trạng thái", "State"), sign_of(view).word, False),
        ]
        if self._last_said.vi:
            last = Text("Lần cuối: {said}. {note}", "Last: {said}. {note}")
            note = last.fill(said=self._last_said, note=note)
        self.panel.show_amount(Text("Số tiền", "Amount"), view.amount, tuple(rows), note)

    def show_payment(self, view: PaymentView) -> None:
        """It changed meanwhile: the manager decides about what is now."""
        if self._asked is not None and view.payment_id == self._asked.view.payment_id and not self._checking:
            self._asked = Asked(self._asked.act, view, self._asked.amount, self._asked.intent)
            self._show_panel()
            if self._commands is not None:
                self._commands.story(view.payment_id)

    def show_story(self, story: StoryView) -> None:
        """What the gateway said last."""
        if self._asked is not None and story.payment.payment_id == self._asked.view.payment_id and story.lines:
            self._last_said = story.lines[-1].text
            self._show_panel()

    # --- approving -------------------------------------------------------------------------------------------------

    def missing(self) -> str:
        """What is still to be filled in: who, why, number, note or pin; "" for nothing."""
        if self._asked is None:
            return "who"
        parts = (
            ("who", bool(self._by)),
            ("why", bool(self.why.value)),
            ("number", not self._asked.wants_number or bool(self.number.text)),
            ("note", not self._asked.wants_note or len(self.note.text) >= NOTE_LENGTH_MIN),
            ("pin", self.pin.complete),
        )
        return next((name for name, there in parts if not there), "")

    @property
    def _waits_s(self) -> int:
        return seconds_left(self._wait_until_ms, self._clock.monotonic_ms())

    @Slot()
    def _check(self) -> None:
        """Show what is missing, and whether the button does something."""
        missing, waits = self.missing(), self._waits_s
        closed = bool(waits) or self._checking
        self.pin.close_for_now(closed=closed)
        self.pad.setEnabled(not closed)
        self._do.lead(on=not missing and not waits and not self._checking)
        self._say(missing, waits)

    def _say(self, missing: str, waits: int) -> None:
        gateway = self._asked.view.gateway if self._asked is not None else ""
        ink, said = "text2", named(_MISSING[missing], gateway) if missing else NOTHING
        if self._checking:
            said = _CHECKING
        elif waits:
            title = self._refused.title if self._refused is not None else _WRONG
            ink, said = "red_text", _WAIT.fill(title=title, s=waits)
        elif self._refused is not None and missing in ("pin", ""):
            ink = "red_text"
            said = Text("{title}. {advice}", "{title}. {advice}").fill(
                title=self._refused.title, advice=self._refused.advice
            )
            if self._wait_until_ms:  # the wait is over: its words are too
                said = Text("{title}. Nhập lại PIN.", "{title}. Enter the PIN again.").fill(title=self._refused.title)
        self._state.set_ink(ink)
        self._state.show_text(said)

    @Slot()
    def approve(self) -> None:
        """Hand it over with the PIN, once."""
        if self._asked is None or self._commands is None or self._checking or self.missing() or self._waits_s:
            return
        asked, self._checking, self._refused = self._asked, True, None
        self._commands.act(
            asked.act,
            asked.view.payment_id,
            pin=self.pin.take(),
            by=self._by,
            reason=self.why.value,
            note=self.note.text,
            number=self.number.text if asked.wants_number else "",
            amount=asked.amount,
            intent=asked.intent,
        )
        self._check()

    def show_refused(self, refused: ActRefused) -> None:
        """It was not done: say why, and how long the PIN waits."""
        self._checking = False
        self._refused = refused
        self._wait_until_ms = self._clock.monotonic_ms() + refused.wait_s * 1000 if refused.wait_s else 0
        self._timer.start()
        self._tick()

    def begun(self, view: PaymentView) -> bool:
        """Whether this is the payment whose refund was just approved and has begun."""
        asked = self._asked
        if asked is None or not self._checking or asked.act is not Act.REFUND:
            return False
        known = {one.m_refund_id for one in asked.view.refunds}
        return view.payment_id == asked.view.payment_id and any(one.m_refund_id not in known for one in view.refunds)

    def finish(self) -> None:
        """It is done, or not wanted any more: nothing of it is left here but the manager's name."""
        self._asked, self._checking, self._refused = None, False, None
        self._timer.stop()  # a wait goes on by the clock, and is counted again when the next act is asked for
        self.pin.forget()
        self.note.forget()
        self.number.forget()

    @Slot()
    def _tick(self) -> None:
        self._check()
        if not self._waits_s and not self._checking:
            self._timer.stop()

    @Slot()
    def _to_pin(self) -> None:
        self.pin.setFocus()

    # --- keys and life ---------------------------------------------------------------------------------------------

    def press(self, event: QKeyEvent) -> bool:
        """Digits go to the PIN, the arrows choose the reason and the approver, Enter approves."""
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.approve()
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.why.step(1 if key == Qt.Key.Key_Down else -1)
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self.people.step(1 if key == Qt.Key.Key_Right else -1)
        else:
            return self.pin.press(event)
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        """No digit of a PIN outlives the sight of it."""
        self.pin.forget()
        super().hideEvent(event)

    @Slot()
    def _dress(self) -> None:
        size = self._look.size
        self._row.setContentsMargins(size.gap, size.gap, size.gap, size.gap)
        self._row.setSpacing(size.gap)
        self._right.setFixedWidth(208 if size.narrow else 320)
        for widget in (self._kept_icon, self._kept):
            widget.setVisible(not size.narrow)
