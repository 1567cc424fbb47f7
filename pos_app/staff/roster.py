"""Who works here: folded from the changes that the journal holds, oldest first. Pure; PINs are elsewhere.

One person is always there: the owner, whose PIN is the one that was set first and whose recovery code lies on paper.
Nobody can take that person away, so there is never a shop without an owner. As long as nobody else was entered, nobody
signs in.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pos_app.staff.permissions import NEEDS, Right
from pos_app.staff.roles import ROLE_WORDS, Role
from pos_app.words import Text, same

OWNER_ID = "owner"
NAME_LENGTH_MAX = 40


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here.

    Attributes:
        id: never given to anybody else.
        name: as it is printed.
        role: what the person is.
        active: whether the person works here now.
    """

    id: str
    name: str
    role: Role
    active: bool = True

    @property
    def printed(self) -> str:
        """As paper and journal name the person; Vietnamese, as all paper is."""
        return self.name or ROLE_WORDS[self.role].vi

    @property
    def words(self) -> Text:
        """As screens name the person."""
        return same(self.name) if self.name else ROLE_WORDS[self.role]

    def may(self, right: Right) -> bool:
        """Whether the person may do it."""
        return self.active and self.role.covers(NEEDS[right])

    def may_give_pin_to(self, other: "Person") -> bool:
        """Whether the person may set that one's PIN anew: of those below, and the owner of all others.

        The owner's own is not among them: it goes with the recovery code.
        """
        below = self.role.rank > other.role.rank or self.id == OWNER_ID
        return self.may(Right.RESET_PIN) and below and other.id != OWNER_ID


_OWNER = Person(OWNER_ID, "", Role.OWNER)


class UnlawfulChangeError(Exception):
    """The change cannot be: `why` says it."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


_NO_NAME = Text("Thiếu tên.", "The name is missing.")
_LONG_NAME = Text("Tên dài quá {n} chữ.", "The name is longer than {n} letters.").fill(n=NAME_LENGTH_MAX)
_ODD_NAME = Text("Tên có ký tự không in được.", "The name has letters that cannot be printed.")
_NAME_TAKEN = Text(
    "Đã có người tên này. Thêm họ hoặc số.", "There is somebody of that name. Add a surname or a number."
)
_OWNER_STAYS = Text(
    "Người này giữ mã khôi phục: đổi tên được, không ngừng hay đổi vai được.",
    "This person keeps the recovery code: the name can change, the role and the work cannot end.",
)


class Roster:
    """The people, in the order in which they came."""

    def __init__(self, changes: Iterable[Person] = ()) -> None:
        """`changes`: what was noted, oldest first; the last word on each person holds."""
        self._people: dict[str, Person] = {OWNER_ID: _OWNER}
        for person in changes:
            self._people[person.id] = person

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who ever worked here, the owner first."""
        return tuple(self._people.values())

    @property
    def active(self) -> tuple[Person, ...]:
        """Those who work here now."""
        return tuple(one for one in self.people if one.active)

    @property
    def signs_in(self) -> bool:
        """Whether somebody has to be signed in at the till: there is somebody beside the owner."""
        return len(self.active) > 1

    def known(self, name: str) -> Person | None:
        """The person of an id or a name, whether or not still here: who is, comes first."""
        gone = (one for one in self.people if not one.active and _folded(one.name) == _folded(name))
        return self.person(name) or self.named(name) or next(gone, None)

    def person(self, person_id: str) -> Person | None:
        """The person of an id, whether or not still here."""
        return self._people.get(person_id)

    def named(self, name: str) -> Person | None:
        """Who works here now under this name or id, however it is written; None for nobody."""
        wanted = _folded(name)
        return next((one for one in self.active if wanted and wanted in (_folded(one.name), one.id)), None)

    def who_may(self, right: Right) -> tuple[Person, ...]:
        """Those who may do it."""
        return tuple(one for one in self.active if one.may(right))

    def below(self, person: Person) -> tuple[str, ...]:
        """The ids of those whose PIN this person may set anew."""
        return tuple(one.id for one in self.people if person.may_give_pin_to(one))

    def changed(self, person: Person) -> "Roster":
        """The roster with this change."""
        return Roster((*self.people, person))

    def new(self, name: str, role: Role) -> Person:
        """A person who comes: with an id that nobody had.

        Raises:
            UnlawfulChangeError: see `lawful`.
        """
        return self.lawful(Person(f"p{len(self._people)}", name, role))

    def lawful(self, person: Person) -> Person:
        """The person as it may be noted, the name tidied up.

        Raises:
            UnlawfulChangeError: no such name can be, somebody has it, or the owner would go.
        """
        tidy = replace(person, name=" ".join(unicodedata.normalize("NFC", person.name).split()))
        other = self.named(tidy.name)
        rules = (
            (not tidy.name, _NO_NAME),
            (len(tidy.name) > NAME_LENGTH_MAX, _LONG_NAME),
            (not tidy.name.isprintable(), _ODD_NAME),
            (tidy.active and other is not None and other.id != tidy.id, _NAME_TAKEN),
            (tidy.id == OWNER_ID and not (tidy.active and tidy.role is Role.OWNER), _OWNER_STAYS),
        )
        for broken, why in rules:
            if broken:
                raise UnlawfulChangeError(why)
        return tidy


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().strip()
