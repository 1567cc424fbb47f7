"""Who works here: adding somebody, another name, role or PIN, letting somebody go. Each change is signed with a PIN.

The list at the left; at the right the chosen person, or the steps of a change: what it is to be, a new PIN twice, and
the PIN of whoever may say yes. What may be is decided by the till; a PIN is handed over once and gone from here.
"""

from dataclasses import replace
from enum import Enum, auto

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.checkout.events import DutyView, StaffDone, StaffRefused
from pos_app.checkout.staffing import StaffWish, Wish
from pos_app.clock import Clock
from pos_app.staff.permissions import Right
from pos_app.staff.pin_rules import find_weakness
from pos_app.staff.roles import Role
from pos_app.staff.roster import Person
from pos_app.ui.look import Look
from pos_app.ui.pin_wait import PinWait
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.screens.staff_pages import LET_GO, PIN, RENAME, ROLE, TAKE_BACK, FormPage, PersonPage, PinPage
from pos_app.ui.theme import Role as Type
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.label import Frame, Label
from pos_app.ui.widgets.pages import Pages
from pos_app.ui.widgets.people_list import PeopleList
from pos_app.words import NOTHING, Text

_TITLE = Text("Nhân viên", "Staff")
_ADD = Text("Thêm người", "Add a person")
_ALONE = Text(
    "Thêm thu ngân đầu tiên: từ đó ai đứng quầy cũng vào máy bằng PIN.",
    "Add the first cashier: from then on everybody signs in with a PIN.",
)
_HOW = Text("Mỗi thay đổi cần PIN của người có quyền.", "Each change needs the PIN of somebody who may.")
_FORM = Text("Tên này in trên phiếu và ghi trong sổ.", "Slips and the journal show this name.")
_NEW_PIN = Text("PIN mới của {name}", "A new PIN for {name}")
_SELF = Text("{name} tự gõ, từ 6 đến 12 chữ số.", "{name} types it: 6 to 12 digits.")
_AGAIN = Text("Nhập lại PIN đó", "The same PIN again")
_SURE = Text("Để chắc là không gõ nhầm.", "To be sure that nothing was mistyped.")
_DIFFERENT = Text("Hai lần không giống nhau. Nhập lại từ đầu.", "The two did not match. Start again.")
_SIGN = Text("Ký bằng PIN", "Sign with the PIN")
_WHAT = Text("{name}: {what}", "{name}: {what}")
_DONE = Text("Đã ghi vào sổ.", "It is noted in the journal.")
_KEYS = {Qt.Key.Key_1: 0, Qt.Key.Key_2: 1, Qt.Key.Key_3: 2, Qt.Key.Key_4: 3}


class _Step(Enum):
    LIST = auto()
    FORM = auto()
    NEW = auto()
    AGAIN = auto()
    SIGN = auto()


class StaffScreen(OtherScreen):
    """Leads through one change at a time.

    Signals:
        wants_first_pin: nobody could sign yet: the owner's PIN comes first.
    """

    wants_first_pin = Signal()

    def __init__(self, look: Look, clock: Clock) -> None:
        super().__init__()
        self._look = look
        self._duty = DutyView(None, signs_in=False, people=())
        self._pin_is_set = False
        self._step = _Step.LIST
        self._wish = StaffWish(Wish.ADD)
        self._what = NOTHING
        self._wait = PinWait(clock, self)
        self._outer = QHBoxLayout(self)
        self._outer.addWidget(self._list(look), 5)
        self.pages = Pages(look)
        self.person = PersonPage(look, (self._rename, self._other_role, self._other_pin, self._end_or_begin))
        self.form = FormPage(look, back=self.back, on=self.go_on)
        self.pin = PinPage(look, back=self.back, on=self.go_on)
        for page in (self.person, self.form, self.pin):
            self.pages.join(page)
        self.pin.pin.changed.connect(self._check)
        self.pin.owner.changed.connect(self._check)
        self.pin.who.chosen.connect(self.pin.pin.forget)
        self._outer.addWidget(self.pages, 6)
        self._wait.changed.connect(self._check)
        look.changed.connect(self._dress)
        self._dress()

    def _list(self, look: Look) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 16, 1, 16)
        column.setSpacing(10)
        top = QVBoxLayout()
        top.setContentsMargins(20, 0, 16, 0)
        top.setSpacing(6)
        top.addWidget(Label(look, Type.TITLE, _TITLE))
        self._hint = Label(look, Type.BODY, ink="text2", wrap=True)
        top.addWidget(self._hint)
        column.addLayout(top)
        self.people = PeopleList(look, _TITLE)
        self.people.chosen.connect(self._choose)
        column.addWidget(self.people, 1)
        self._add = Button(look, _ADD, self.add, cap="5")
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 4, 16, 0)
        foot.addWidget(self._add)
        foot.addStretch(1)
        column.addLayout(foot)
        return card

    # --- what the till tells ---------------------------------------------------------------------------------------

    def begin(self, duty: DutyView, *, pin_is_set: bool) -> None:
        """It was opened."""
        self._pin_is_set = pin_is_set
        self._to_list()
        self.show_duty(duty)
        self.setFocus()

    def show_pin_set(self) -> None:
        """The owner's PIN is there now."""
        self._pin_is_set = True

    def show_duty(self, duty: DutyView) -> None:
        """Who works here."""
        self._duty = duty
        here = sorted(duty.people, key=lambda one: not one.active)
        self._hint.show_text(_HOW if duty.signs_in else _ALONE)
        self.people.show_people(tuple(here))
        if self._step is _Step.LIST:
            self._show_chosen()

    def show_done(self, done: StaffDone) -> None:
        """What was wished is so."""
        self._to_list()
        self.people.show_people(self.people.rows, wanted=done.person.id)
        self._show_chosen(_DONE)

    def show_staff_refused(self, refused: StaffRefused) -> None:
        """It is not: the PIN can be typed again."""
        if self._wait.checking:
            self._wait.refuse(refused, refused.wait_s)

    # --- the list --------------------------------------------------------------------------------------------------

    @Slot(object)
    def _choose(self, _person: Person | None) -> None:
        if self._step is _Step.LIST:
            self._show_chosen()

    def _show_chosen(self, note: Text = NOTHING) -> None:
        person = self.people.current
        if person is not None:
            self.person.show_person(person, note)
        self.pages.turn_to(self.person)

    def _to_list(self) -> None:
        self._step = _Step.LIST
        self._wait.forget()
        self._wish = StaffWish(Wish.ADD)
        self.pin.pin.forget()
        self.people.setEnabled(True)
        self._add.setEnabled(True)
        self._show_chosen()
        self.setFocus()

    # --- the changes -----------------------------------------------------------------------------------------------

    @Slot()
    def add(self) -> None:
        """Somebody comes."""
        if not self._pin_is_set:
            self.wants_first_pin.emit()
            return
        self._begin(StaffWish(Wish.ADD), _ADD)
        self._show_form(_ADD, name="", role=Role.CASHIER)

    def _rename(self) -> None:
        person = self._chosen()
        if person is not None:
            self._begin(StaffWish(Wish.CHANGE, person.id), RENAME)
            self._show_form(RENAME, name=person.name)

    def _other_role(self) -> None:
        person = self._chosen()
        if person is not None:
            self._begin(StaffWish(Wish.CHANGE, person.id), ROLE)
            self._show_form(ROLE, role=person.role)

    def _other_pin(self) -> None:
        person = self._chosen()
        if person is not None:
            self._begin(StaffWish(Wish.PIN, person.id), PIN)
            self._ask_new_pin()

    def _end_or_begin(self) -> None:
        person = self._chosen()
        if person is not None:
            what = LET_GO if person.active else TAKE_BACK
            self._begin(StaffWish(Wish.CHANGE, person.id, active=not person.active), what)
            self._ask_signature()

    def _chosen(self) -> Person | None:
        """Whom a change is about, if one can be begun."""
        if not self._pin_is_set:
            self.wants_first_pin.emit()
            return None
        return self.people.current

    def _begin(self, wish: StaffWish, what: Text) -> None:
        self._wish, self._what = wish, what
        self.people.setEnabled(False)
        self._add.setEnabled(False)

    def _name(self) -> Text:
        person = next((one for one in self._duty.people if one.id == self._wish.person_id), None)
        if person is not None:
            return person.words
        return Text(self._wish.name or "", self._wish.name or "")

    # --- the steps -------------------------------------------------------------------------------------------------

    def _show_form(self, title: Text, *, name: str | None = None, role: Role | None = None) -> None:
        self._step = _Step.FORM
        self.pages.turn_to(self.form)
        self.form.begin(title, _FORM if name is not None else NOTHING, name=name, role=role)
        if name is None:
            self.setFocus()

    def _ask_new_pin(self, trouble: Text = NOTHING) -> None:
        self._step = _Step.NEW
        self._wish = replace(self._wish, new_pin="")
        self.pages.turn_to(self.pin)
        self.pin.begin(_NEW_PIN.fill(name=self._name()), _SELF.fill(name=self._name()))
        if trouble.vi:
            self.pin.say(trouble, wrong=True)
        self._check()

    def _ask_signature(self) -> None:
        self._step = _Step.SIGN
        self.pages.turn_to(self.pin)
        adds = self._wish.wish is Wish.ADD
        self.pin.begin(_SIGN, self._about(), signers=self._signers(), wanted=self._wanted(), asks_name=adds)
        self._check()

    def _about(self) -> Text:
        return _WHAT.fill(name=self._name(), what=self._what)

    def _signers(self) -> tuple[Person, ...]:
        """Who may say yes: to a PIN whoever is above, and the person."""
        active = tuple(one for one in self._duty.people if one.active)
        if self._wish.wish is not Wish.PIN:
            return tuple(one for one in active if one.may(Right.STAFF))
        whose = next((one for one in active if one.id == self._wish.person_id), None)
        return tuple(one for one in active if whose is not None and (one.may_give_pin_to(whose) or one == whose))

    def _wanted(self) -> str:
        return self._duty.person.id if self._duty.person is not None else ""

    @Slot()
    def go_on(self) -> None:
        """Enter: to the next step, if this one is well done."""
        match self._step:
            case _Step.FORM:
                self._take_form()
            case _Step.NEW:
                self._take_new_pin()
            case _Step.AGAIN:
                self._take_again()
            case _Step.SIGN:
                self._sign()
            case _Step.LIST:
                pass

    def _take_form(self) -> None:
        adds = self._wish.wish is Wish.ADD
        if not self.form.next.isEnabled():
            return
        if adds or self._what is RENAME:
            self._wish = replace(self._wish, name=self.form.name.text)
        if adds or self._what is ROLE:
            self._wish = replace(self._wish, role=Role(self.form.role.value))
        if adds:
            self._ask_new_pin()
        else:
            self._ask_signature()

    def _take_new_pin(self) -> None:
        typed = self.pin.pin.take()
        weakness = find_weakness(typed)
        if weakness is not None:
            self._ask_new_pin(weakness)
            return
        self._wish = replace(self._wish, new_pin=typed)
        self._step = _Step.AGAIN
        self.pin.begin(_AGAIN, _SURE)
        self._check()

    def _take_again(self) -> None:
        if self.pin.pin.take() != self._wish.new_pin:
            self._ask_new_pin(_DIFFERENT)
        else:
            self._ask_signature()

    def _sign(self) -> None:
        if self._commands is None or not self._can_go_on:
            return
        self._commands.change_staff(self._wish, by=self.pin.signer, pin=self.pin.pin.take())
        self._wait.check()

    # --- what stands there -----------------------------------------------------------------------------------------

    @property
    def _can_go_on(self) -> bool:
        return self.pin.pin.complete and bool(self.pin.signer or self._step is not _Step.SIGN) and not self._closed

    @property
    def _closed(self) -> bool:
        return self._step is _Step.SIGN and self._wait.closed

    @Slot()
    def _check(self) -> None:
        self.pin.pin.close_for_now(closed=self._closed)
        self.pin.pad.setEnabled(not self._closed)
        self.pin.open_next(on=self._can_go_on, text=_SIGN if self._step is _Step.SIGN else Text("Tiếp", "Next"))
        if self._step is _Step.SIGN:
            said, wrong = self._wait.words(self._about())
            self.pin.say(said, wrong=wrong)

    # --- keys and life ---------------------------------------------------------------------------------------------

    @property
    def can_go_back(self) -> bool:
        """Whether Esc goes back to the list."""
        return self._step is not _Step.LIST

    @Slot()
    def back(self) -> None:
        """Esc: nothing is changed."""
        self._to_list()

    def press(self, event: QKeyEvent) -> bool:
        """The arrows choose, the digits begin a change or go to the PIN, Enter goes on."""
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.go_on()
        elif self._step is _Step.LIST:
            return self._press_in_list(key)
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_Down} and self._step is _Step.FORM and self.form.role.isVisible():
            self.form.role.step(1 if key == Qt.Key.Key_Down else -1)
        else:
            return self._step is not _Step.FORM and self.pin.press(event)
        return True

    def _press_in_list(self, key: int) -> bool:
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.people.step(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_5:
            self.add()
        elif key in _KEYS and self.person.buttons[_KEYS[Qt.Key(key)]].isVisible():
            self.person.buttons[_KEYS[Qt.Key(key)]].click()
        else:
            return False
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        """No digit of a PIN outlives the sight of it."""
        self.pin.pin.forget()
        self._wish = replace(self._wish, new_pin="")
        super().hideEvent(event)

    @Slot()
    def _dress(self) -> None:
        gap = self._look.size.gap
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._outer.setSpacing(gap)
