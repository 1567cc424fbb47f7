"""Who signs: one name of several, with an arrow at each side; a single one stands alone."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout

from pos_app.staff.roster import Person
from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.label import FitLabel, Frame, IconLabel
from pos_app.words import Text

_PREVIOUS, _NEXT = Text("Người trước", "The one before"), Text("Người sau", "The next one")


class Who(Frame):
    """The chosen one, and the way to the others."""

    chosen = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__("field")
        self._look = look
        self._people: tuple[Person, ...] = ()
        self._place = 0
        row = self._row = QHBoxLayout(self)
        row.setSpacing(8)
        self._before = self._arrow("‹", -1)
        self._after = self._arrow("›", 1)
        self._sign = IconLabel(look, "person", "text2", 20)
        self._name = FitLabel(look, Role.BODY_STRONG)
        row.addWidget(self._before)
        row.addWidget(self._sign)
        row.addWidget(self._name, 1)
        row.addWidget(self._after)
        self.setFixedHeight(56)
        look.changed.connect(self._dress)
        self._dress()

    def _arrow(self, sign: str, by: int) -> Button:
        button = Button(self._look, sign, lambda: self.step(by), kind="light", role=Role.DETAIL_STRONG)
        button.setFixedSize(48, 48)
        return button

    @Slot()
    def _dress(self) -> None:
        self._before.setAccessibleName(self._look.say(_PREVIOUS))
        self._after.setAccessibleName(self._look.say(_NEXT))

    @property
    def person(self) -> Person | None:
        """Who is chosen, None where there is nobody to choose from."""
        return self._people[self._place] if self._people else None

    def offer(self, people: tuple[Person, ...], *, wanted: str = "") -> None:
        """Show these; chosen is the one of the id `wanted`, or the one that was, or the first."""
        before = self.person
        ids = [one.id for one in people]
        for person_id in (wanted, before.id if before is not None else "", *ids[:1]):
            if person_id in ids:
                self._place = ids.index(person_id)
                break
        self._people = people
        for arrow in (self._before, self._after):
            arrow.setVisible(len(people) > 1)
        side = 4 if len(people) > 1 else 14
        self._row.setContentsMargins(side, 0, side, 0)
        self._show()

    def step(self, by: int) -> None:
        """Choose the next one, or the one before."""
        if len(self._people) > 1:
            self._place = (self._place + by) % len(self._people)
            self._show()
            self.chosen.emit()

    def _show(self) -> None:
        if self.person is not None:
            self._name.show_text(self.person.words)
