"""The right side of "staff": who is chosen, a name and a role, and a PIN to be typed."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pos_app.staff.roles import ROLE_WORDS, Role
from pos_app.staff.roster import NAME_LENGTH_MAX, OWNER_ID, Person
from pos_app.ui.look import Look
from pos_app.ui.theme import Role as Type
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choices import Choices
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import FitLabel, Frame, Label
from pos_app.ui.widgets.pin_field import DigitPad, PinField
from pos_app.ui.widgets.text_field import TextField
from pos_app.ui.widgets.who import Who
from pos_app.words import NOTHING, Text

MAY = {
    Role.CASHIER: Text("Thu tiền, in lại, mở và chốt ca.", "Takes payments, reprints, opens and closes the shift."),
    Role.MANAGER: Text("Thêm: hoàn tiền, quyết định, báo cáo.", "Also: refunds, decisions, reports."),
    Role.OWNER: Text("Tất cả, cả nhân viên và khôi phục.", "Everything, staff and restoring too."),
}
RENAME, ROLE = Text("Đổi tên", "Rename"), Text("Đổi vai", "Change the role")
PIN = Text("Đổi PIN", "Change the PIN")
LET_GO, TAKE_BACK = Text("Cho nghỉ", "Let go"), Text("Nhận lại", "Take back")
_GONE = Text("Đã nghỉ. Tên còn trong sổ, không vào được máy.", "Not here any more. The name stays in the journal.")
_CODE = Text("Giữ mã khôi phục, nên không đổi vai, không nghỉ.", "Keeps the recovery code: role and work stay.")
_NAME = Text("Tên, như in trên phiếu", "Name, as slips print it")


def _wide(button: Button) -> Button:
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return button


class _Card(Frame):
    """A card with a title, a line below, room, and a foot with the way back and the way on."""

    def __init__(self, look: Look, *, back: Callable[[], None], on: Callable[[], None]) -> None:
        super().__init__("card")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self.column = QVBoxLayout()
        self.column.setContentsMargins(28, 20, 28, 12)
        self.column.setSpacing(8)
        self.title = FitLabel(look, Type.TITLE)
        self.detail = Label(look, Type.BODY, ink="text2", wrap=True)
        self.column.addWidget(self.title)
        self.column.addWidget(self.detail)
        whole.addLayout(self.column, 1)
        foot = Frame("buttons")
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 14, 24, 16)
        row.addWidget(Button(look, Text("Thôi", "Not now"), back, cap="Esc"))
        row.addStretch()
        self.next = Button(look, Text("Tiếp", "Next"), on, kind="primary", cap="Enter")
        row.addWidget(self.next)
        whole.addWidget(foot)

    def say(self, detail: Text, *, wrong: bool = False) -> None:
        """What is to be done, or what is wrong."""
        self.detail.set_ink("red_text" if wrong else "text2")
        self.detail.show_text(detail)

    def open_next(self, *, on: bool, text: Text) -> None:
        """Name the way on, and say whether it can be gone."""
        self.next.show_text(text)
        self.next.lead(on=on)


class PersonPage(Frame):
    """Who is chosen, and what can become of this person: each by its digit."""

    def __init__(self, look: Look, acts: tuple[Callable[[], None], ...]) -> None:
        super().__init__("card")
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(12)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(Disc(look, 52, "accent_soft", "accent", icon="person"), alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._name = FitLabel(look, Type.TITLE)
        self._role = Label(look, Type.BODY_STRONG)
        self._about = Label(look, Type.BODY, ink="text2", wrap=True)
        for label in (self._name, self._role, self._about):
            words.addWidget(label)
        top.addLayout(words, 1)
        column.addLayout(top)
        column.addStretch(1)
        self._note = Label(look, Type.BODY, ink="text2", wrap=True)
        column.addWidget(self._note)
        self.buttons = [
            _wide(Button(look, text, act, role=Type.SMALL_BUTTON, cap=str(place)))
            for place, (text, act) in enumerate(zip((RENAME, ROLE, PIN, LET_GO), acts, strict=True), start=1)
        ]
        for button in self.buttons:
            column.addWidget(button)

    def show_person(self, person: Person, note: Text = NOTHING, *, wrong: bool = False) -> None:
        """Show a person, and what was said last."""
        self._name.show_text(person.words)
        self._role.show_text(ROLE_WORDS[person.role])
        holder = person.id == OWNER_ID
        self._about.show_text(_CODE if holder else MAY[person.role] if person.active else _GONE)
        self._note.set_ink("red_text" if wrong else "green_text")
        self._note.show_text(note)
        for button, shown in zip(self.buttons, (True, not holder, person.active, not holder), strict=True):
            button.setVisible(shown)
        self.buttons[3].show_text(LET_GO if person.active else TAKE_BACK)


class FormPage(_Card):
    """A name, a role, or both."""

    def __init__(self, look: Look, *, back: Callable[[], None], on: Callable[[], None]) -> None:
        super().__init__(look, back=back, on=on)
        self.name = TextField(look, _NAME, icon="person", length=NAME_LENGTH_MAX)
        self.role = Choices(look)
        self._about = Label(look, Type.BODY, ink="text2", wrap=True)
        self._label = Label(look, Type.LABEL, Text("Vai", "Role"), ink="text2")
        self.column.addSpacing(8)
        for widget in (self.name, self._label, self.role, self._about):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self.name.entered.connect(on)
        self.name.changed.connect(self._check)
        self.role.chosen.connect(self._check)

    def begin(self, title: Text, detail: Text, *, name: str | None, role: Role | None) -> None:
        """Ask for what is not None, beginning with that."""
        self.title.show_text(title)
        self.say(detail)
        self.name.setVisible(name is not None)
        self.name.edit.setText(name or "")
        for widget in (self._label, self.role, self._about):
            widget.setVisible(role is not None)
        self.role.offer({one.value: ROLE_WORDS[one] for one in Role})
        self.role.choose((role or Role.CASHIER).value)
        self._check()
        (self.name if name is not None else self).setFocus()

    def _check(self) -> None:
        if self.role.value:
            self._about.show_text(MAY[Role(self.role.value)])
        on = not self.name.isVisibleTo(self) or bool(self.name.text)
        self.open_next(on=on, text=Text("Tiếp", "Next"))


class PinPage(_Card):
    """A PIN to be typed: a new one, the same again, or that of whoever signs.

    Attributes:
        who: signs, where there are names to choose from.
        owner: the owner's name, where nobody has one yet.
    """

    def __init__(self, look: Look, *, back: Callable[[], None], on: Callable[[], None]) -> None:
        super().__init__(look, back=back, on=on)
        self.who = Who(look)
        self.owner = TextField(look, Text("Tên chủ tiệm", "The owner’s name"), icon="person", length=NAME_LENGTH_MAX)
        self.pin = PinField(look)
        self.pad = DigitPad(look, self.pin.type, self.pin.delete, self.pin.forget)
        self._box = QWidget()
        inside = QVBoxLayout(self._box)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(self.pin)
        inside.addWidget(self.pad, 1)
        self._box.setFixedWidth(340)
        self.column.addWidget(self.who)
        self.column.addWidget(self.owner)
        self.column.addWidget(self._box, 10, Qt.AlignmentFlag.AlignHCenter)
        self.owner.entered.connect(self.pin.setFocus)

    def begin(
        self, title: Text, detail: Text, *, signers: tuple[Person, ...] = (), wanted: str = "", asks_name: bool = False
    ) -> None:
        """Ask for a PIN: of one of the signers, or a new one where there are none."""
        self.title.show_text(title)
        self.say(detail)
        self.pin.forget()
        self.who.offer(signers, wanted=wanted)
        nameless = asks_name and not any(one.name for one in signers)
        self.who.setVisible(bool(signers) and not nameless)
        self.owner.setVisible(nameless)
        (self.owner if nameless and not self.owner.text else self.pin).setFocus()

    def press(self, event: QKeyEvent) -> bool:
        """The arrows choose who signs, digits go to the PIN."""
        if event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right} and self.who.isVisible():
            self.who.step(1 if event.key() == Qt.Key.Key_Right else -1)
            return True
        return self.pin.press(event)

    @property
    def signer(self) -> str:
        """Who signs: the id, or the owner's name where nobody has one yet."""
        person = self.who.person
        if person is None:
            return ""
        return person.id if person.name or not self.owner.text else self.owner.text
