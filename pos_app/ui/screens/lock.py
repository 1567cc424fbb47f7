"""The locked till: who are you, and your PIN. Running payments go on behind it; a scan is refused in words."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.checkout.events import Refused, SignInRefused
from pos_app.clock import Clock
from pos_app.staff.roster import Person
from pos_app.ui.look import Look
from pos_app.ui.pin_wait import PinWait
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import FitLabel, Frame, Label
from pos_app.ui.widgets.people_list import PeopleList
from pos_app.ui.widgets.pin_field import DigitPad, PinField
from pos_app.words import NOTHING, Text

_TITLE = Text("Máy đang khóa", "The till is locked")
_WHO = Text("Ai đứng quầy?", "Who is at the till?")
_HOW = Text("Chọn tên, gõ PIN rồi bấm Enter.", "Choose your name, type the PIN, press Enter.")
_NO_PIN = Text(
    "Chưa có PIN nào trên máy này: đặt PIN chủ tiệm trước.", "No PIN is on this machine: set the owner’s first."
)
_FORGOT = Text("Mã khôi phục", "Recovery code")
_SET = Text("Đặt PIN chủ tiệm", "Set the owner’s PIN")


class LockScreen(OtherScreen):
    """The names at the left, the PIN at the right.

    Signals:
        forgot: the owner opens the till with the recovery code.
        wants_first_pin: there is no PIN at all.
    """

    forgot = Signal()
    wants_first_pin = Signal()

    def __init__(self, look: Look, clock: Clock) -> None:
        super().__init__()
        self._look = look
        self._pin_is_set = True
        self._wait = PinWait(clock, self)
        self._outer = QHBoxLayout(self)
        self._outer.addWidget(self._names(look), 5)
        self._outer.addWidget(self._entry(look), 6)
        self._wait.changed.connect(self._check)
        look.changed.connect(self._dress)
        self._dress()

    def _names(self, look: Look) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 20, 1, 16)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 16, 0)
        head.setSpacing(16)
        head.addWidget(Disc(look, 52, "accent_soft", "accent", icon="lock"))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(look, Role.TITLE, _TITLE))
        words.addWidget(Label(look, Role.BODY, _WHO, ink="text2"))
        head.addLayout(words, 1)
        column.addLayout(head)
        self.people = PeopleList(look, _WHO)
        self.people.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.people.chosen.connect(self._choose)
        column.addWidget(self.people, 1)
        return card

    def _entry(self, look: Look) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 20, 0, 0)
        column.setSpacing(12)
        self._name = FitLabel(look, Role.TITLE)
        self._state = Label(look, Role.BODY, ink="text2", wrap=True)
        self._state.setMinimumHeight(52)
        self._state.setAlignment(Qt.AlignmentFlag.AlignTop)
        top = QVBoxLayout()
        top.setContentsMargins(28, 0, 28, 0)
        top.setSpacing(6)
        top.addWidget(self._name)
        top.addWidget(self._state)
        column.addLayout(top)
        self._pad_box = QWidget()
        inner = QVBoxLayout(self._pad_box)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        self.pin = PinField(look)
        self.pin.changed.connect(self._check)
        self.pad = DigitPad(look, self.pin.type, self.pin.delete, self.pin.forget, key_height=65)
        inner.addWidget(self.pin)
        inner.addWidget(self.pad, 1)
        column.addStretch(1)
        column.addWidget(self._pad_box, 8, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        column.addWidget(self._foot(look))
        self.begins_at = self.pin
        return card

    def _foot(self, look: Look) -> QWidget:
        foot = Frame("buttons")
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 14, 24, 16)
        row.setSpacing(16)
        self._other = Button(look, _FORGOT, self._other_way, kind="plain", role=Role.LABEL)
        row.addWidget(self._other)
        row.addStretch()
        self._enter = Button(look, Text("Vào bán", "Sign in"), self.sign_in, kind="primary", cap="Enter")
        row.addWidget(self._enter)
        return foot

    # --- what is shown ---------------------------------------------------------------------------------------------

    def show_people(self, people: tuple[Person, ...], *, pin_is_set: bool) -> None:
        """The till was locked: these can sign in."""
        self._pin_is_set = pin_is_set
        self._wait.forget()
        self.pin.forget()
        self.people.show_people(tuple(one for one in people if one.active))
        self._other.show_text(_FORGOT if pin_is_set else _SET)
        self._check()

    def show_pin_set(self) -> None:
        """There is an owner's PIN now."""
        self._pin_is_set = True
        self._other.show_text(_FORGOT)
        self._check()

    def show_sign_in_refused(self, refused: SignInRefused) -> None:
        """Not the PIN, or too early."""
        self._wait.refuse(refused, refused.wait_s)

    def show_refused(self, refused: Refused) -> None:
        """Somebody scanned, or a program asked for something, while nobody is signed in."""
        if not self._wait.closed:
            self._wait.refuse(refused)

    @Slot(object)
    def _choose(self, _person: Person | None) -> None:
        self.pin.forget()
        if not self._wait.checking:
            self._wait.forget()
        self._check()

    @Slot()
    def _check(self) -> None:
        closed = self._wait.closed or not self._pin_is_set
        self.pin.close_for_now(closed=closed)
        self.pad.setEnabled(not closed)
        self._enter.lead(on=self.pin.complete and not closed)
        person = self.people.current
        self._name.show_text(person.words if person is not None else NOTHING)
        said, wrong = self._wait.words(_HOW) if self._pin_is_set else (_NO_PIN, True)
        self._state.set_ink("red_text" if wrong else "text2")
        self._state.show_text(said)

    # --- signing in ------------------------------------------------------------------------------------------------

    @Slot()
    def sign_in(self) -> None:
        """Hand the PIN over, once."""
        person = self.people.current
        if self._commands is None or person is None or not self.pin.complete or self._wait.closed:
            return
        self._commands.sign_in(person.id, pin=self.pin.take())
        self._wait.check()

    @Slot()
    def _other_way(self) -> None:
        (self.forgot if self._pin_is_set else self.wants_first_pin).emit()

    def press(self, event: QKeyEvent) -> bool:
        """The arrows choose the name, digits go to the PIN, Enter signs in."""
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.sign_in()
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.people.step(1 if key == Qt.Key.Key_Down else -1)
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
        self._outer.setContentsMargins(size.gap, size.gap, size.gap, size.gap)
        self._outer.setSpacing(size.gap)
        self._pad_box.setFixedWidth(320 if size.narrow else 380)
