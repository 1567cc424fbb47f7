"""The list of those who work here, two lines each: the name, and below it the role."""

from pos_app.staff.roles import ROLE_WORDS, Role
from pos_app.staff.roster import Person
from pos_app.ui.look import Look
from pos_app.ui.widgets.row_list import RowList, TwoLinePainter, TwoLines
from pos_app.words import Text

ROW_PX = 68
_GONE = Text("Đã nghỉ", "Works here no more")
_KEEPS_CODE = Text("Giữ mã khôi phục", "Keeps the recovery code")
_SIGNS = {Role.CASHIER: "user", Role.MANAGER: "person", Role.OWNER: "lock"}


def below(person: Person) -> Text:
    """The second line of a row; an owner without a name has the role in the first."""
    if not person.name:
        return _KEEPS_CODE
    return ROLE_WORDS[person.role] if person.active else _GONE


def _lines(one: Person) -> TwoLines:
    return TwoLines(_SIGNS[one.role], one.words, below(one), "text" if one.active else "text2")


class PeopleList(RowList[Person]):
    """Shows people."""

    def __init__(self, look: Look, name: Text) -> None:
        super().__init__(look, name, lambda one: f"{look.say(one.words)}, {look.say(below(one))}")
        self.setItemDelegate(TwoLinePainter(look, self, ROW_PX, _lines))

    @property
    def rows(self) -> tuple[Person, ...]:
        """Who is shown."""
        return self._model.rows

    def show_people(self, people: tuple[Person, ...], *, wanted: str = "") -> None:
        """Show these and choose the one of the id `wanted`, or the one that was chosen, or the first."""
        self._show_and_choose(people, lambda one: one.id, wanted)
