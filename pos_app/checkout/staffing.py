"""Who works here, as the journal has it, and every change of it: who may make it, the PIN, and only then the entry.

Everything here blocks for as long as a PIN takes to be judged: call it off the loop and off the window.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from pos_app.checkout.refused import RefusedError
from pos_app.journal.entries import StaffChanged
from pos_app.journal.errors import JournalError
from pos_app.journal.people import staff_changes
from pos_app.journal.store import Journal
from pos_app.staff.permissions import NEEDS, Right
from pos_app.staff.pin import Pins, fingerprint_of
from pos_app.staff.roles import ROLE_WORDS, Role
from pos_app.staff.roster import OWNER_ID, Person, Roster, UnlawfulChangeError
from pos_app.words import Text

_NOBODY = Text("Không có người này", "There is no such person")
_CHOOSE = Text("Chọn trong danh sách nhân viên.", "Choose from the list of people.")
_MAY_NOT = Text("{name} không được làm việc này", "{name} may not do this")
_NEEDS = Text("Việc này cần: {role}.", "This needs: {role}.")
_NOT_SO = Text("Không đổi được", "This cannot be changed")
_NOT_THEIRS = Text("{name} không được đặt PIN cho {other}", "{name} may not set a PIN for {other}")
_ABOVE = Text("Quản lý đặt PIN cho thu ngân, chủ tiệm cho mọi người.", "A manager sets cashiers' PINs, the owner all.")
_BY_CODE = Text("PIN của chủ tiệm đổi bằng PIN cũ hoặc mã khôi phục.", "The owner's goes with the old PIN or the code.")


class Wish(StrEnum):
    """What is to become of somebody."""

    ADD = "add"
    CHANGE = "change"
    PIN = "pin"
    """Another PIN: by the person's old one, or given by somebody who may."""


@dataclass(frozen=True, slots=True)
class StaffWish:
    """A change that is wanted. What is None stays as it is.

    Attributes:
        wish: what kind it is.
        person_id: whom it concerns, by id or name; "" for somebody new.
        name, role, active: as they are to be.
        new_pin: the PIN to be set, "" for none.
    """

    wish: Wish
    person_id: str = ""
    name: str | None = None
    role: Role | None = None
    active: bool | None = None
    new_pin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who says yes to something, and the PIN that proves it.

    Attributes:
        by: the person's name or id; free words where nobody was entered yet.
        pin: as typed.
    """

    by: str
    pin: str = field(repr=False)


class Staffing:
    """The people of one till.

    Args:
        journal: where changes are written.
        pins: the PINs.
        now_ms: corrected wall clock.

    Attributes:
        roster: who works here now.
    """

    def __init__(self, journal: Journal, pins: Pins, now_ms: Callable[[], int]) -> None:
        self._journal = journal
        self._now_ms = now_ms
        self._one_at_a_time = threading.Lock()
        self.pins = pins
        self.roster = Roster(_person(one) for one in journal.read(staff_changes).result())

    def find(self, name: str) -> Person:
        """Who works here under this name or id.

        Raises:
            RefusedError: nobody.
        """
        found = self.roster.named(name)
        if found is None:
            raise RefusedError(_NOBODY, _CHOOSE)
        return found

    def approve(self, right: Right, signature: Signature) -> Person:
        """The person who says yes: has the right, and typed the own PIN. Whether the right is there costs no guess.

        Where nobody was entered yet it is the owner, under the name that was typed.

        Raises:
            RefusedError: nobody of that name, or without that right.
            PinError: not the person's PIN.
        """
        if not self.roster.signs_in:
            owner = self.roster.people[0]
            self.pins.check(signature.pin)
            said = signature.by.strip()
            return owner if said in ("", OWNER_ID) else replace(owner, name=said)
        person = self.find(signature.by)
        if not person.may(right):
            raise RefusedError(_MAY_NOT.fill(name=person.words), _NEEDS.fill(role=ROLE_WORDS[NEEDS[right]]))
        self.check_pin(person, signature.pin)
        return person

    def check_pin(self, person: Person, pin: str) -> None:
        """Return when it is this person's PIN; takes back the misses of those below too.

        Raises:
            PinError: it is not.
        """
        self.pins.check(pin, person.id, forgives=self.roster.below(person))

    def change(self, wish: StaffWish, signature: Signature) -> Person:
        """Do what is wanted, if the person who signs may; returns whom it concerns, as from now on.

        Raises:
            RefusedError: it cannot be, or must not be; nothing was changed.
            PinError: not the PIN of who signs, or no PIN that can be set.
        """
        with self._one_at_a_time:
            match wish.wish:
                case Wish.ADD:
                    return self._add(wish, signature)
                case Wish.CHANGE:
                    return self._change(wish, signature)
                case Wish.PIN:
                    return self._other_pin(wish, signature)

    def _add(self, wish: StaffWish, signature: Signature) -> Person:
        person = _lawful(lambda: self.roster.new(wish.name or "", wish.role or Role.CASHIER))
        made = self.pins.made(wish.new_pin)
        by = self.approve(Right.STAFF, signature)
        if by.id == OWNER_ID and by != self.roster.people[0]:  # the owner's own name, with the first who comes
            owner = _lawful(lambda: self.roster.changed(person).lawful(by))
            self._note(owner, by=owner)
        self._note(person, by=by, made=made)
        self.pins.put(person.id, made)
        return person

    def _change(self, wish: StaffWish, signature: Signature) -> Person:
        was = self._known(wish.person_id)
        wanted = replace(
            was,
            name=was.name if wish.name is None else wish.name,
            role=was.role if wish.role is None else wish.role,
            active=was.active if wish.active is None else wish.active,
        )
        person = _lawful(lambda: self.roster.lawful(wanted))
        by = self.approve(Right.STAFF, signature)
        self._note(person, by=by)
        return person

    def _other_pin(self, wish: StaffWish, signature: Signature) -> Person:
        person = self._known(wish.person_id)
        made = self.pins.made(wish.new_pin)
        own = self.roster.named(signature.by) == person
        by = self.approve(Right.OWN_PIN if own else Right.RESET_PIN, signature)
        if not own and not by.may_give_pin_to(person):
            title = _NOT_THEIRS.fill(name=by.words, other=person.words)
            raise RefusedError(title, _BY_CODE if person.id == OWNER_ID else _ABOVE)
        self._note(person, by=by, made=made)
        self.pins.put(person.id, made)
        return person

    def _known(self, person_id: str) -> Person:
        person = self.roster.known(person_id)
        if person is None:
            raise RefusedError(_NOBODY, _CHOOSE)
        return person

    def _note(self, person: Person, *, by: Person, made: str = "") -> None:
        """Make it durable; only then it is so."""
        fingerprint = fingerprint_of(made) if made else ""
        entry = StaffChanged(
            person.id, person.name, person.role.value, person.active, by.printed, by.id, fingerprint
        )  # fmt: skip
        try:
            self._journal.write(entry, at_ms=self._now_ms()).result()
        except JournalError as error:
            raise RefusedError(error.title, error.advice) from error
        self.roster = self.roster.changed(person)


def _person(entry: StaffChanged) -> Person:
    return Person(entry.person_id, entry.name, Role(entry.role), entry.active)


def _lawful(made: Callable[[], Person]) -> Person:
    try:
        return made()
    except UnlawfulChangeError as error:
        raise RefusedError(_NOT_SO, error.why) from error


def person_json(person: Person) -> dict[str, Any]:
    """One person for other programs."""
    return {"id": person.id, "name": person.name, "role": person.role.value, "active": person.active}


def people_json(roster: Roster) -> dict[str, Any]:
    """Everybody for other programs."""
    return {"people": [person_json(one) for one in roster.people], "signs_in": roster.signs_in}
