"""The left side of a page: its fields, each with its label above and its mistake below. Keys alone fill it in."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from pos_app.setting_up.fields import Field, Kind
from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.label import Label
from pos_app.ui.widgets.picker import Picker
from pos_app.ui.widgets.text_field import TextField
from pos_app.words import NOTHING, Text

_LENGTH = 200
SECRET_LENGTH = 4096
"""A whole file pasted into the wrong field is told as what it is, and not cut."""


class Choice(Picker):
    """One of several: Space or a tap drops it down, Up and Down choose at once, Enter goes on as in any field."""

    entered = Signal()

    def __init__(self, look: Look, label: Text, choices: Mapping[str, Text]) -> None:
        super().__init__(look, NOTHING, only=True)
        self._label = label
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.offer(choices)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down and Enter; all others as a button."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if not event.isAutoRepeat():
                self.entered.emit()
            return
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        values = list(self._choices)
        if step is None or not values:
            super().keyPressEvent(event)
            return
        place = values.index(self.value) + step if self.value in values else 0
        self.pick(values[max(0, min(place, len(values) - 1))])

    def dress(self) -> None:
        """Follow the look; its name is what it chooses, and what is chosen."""
        super().dress()
        if hasattr(self, "_label"):
            self.setAccessibleName(f"{self._look.say(self._label)}: {self._look.say(self._text)}")


class _Row(NamedTuple):
    field: Field
    box: QWidget
    input: TextField | Choice
    mistake: Label


class Form(QWidget):
    """Fields in one column, or in two.

    Signals:
        changed: something was typed or chosen.
        entered: Enter in the last field.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, look: Look, fields: Iterable[Field], *, columns: int = 1, hidden: Iterable[str] = ()) -> None:
        super().__init__()
        self._look = look
        self._rows: dict[str, _Row] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._columns = columns
        masked = set(hidden)
        for field in fields:
            self._rows[field.name] = self._make(field, masked=field.name in masked)
        self.show_only(self._rows)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)

    def _make(self, field: Field, *, masked: bool) -> _Row:
        look = self._look
        box = QWidget(self)  # of this form from the beginning: what is shown without a parent is a window
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Label(look, Role.LABEL, field.label, ink="text2"))
        made: TextField | Choice
        if field.kind is Kind.CHOICE:
            made = Choice(look, field.label, field.choices or {})
            made.chosen.connect(self._touched(field.name))
            made.entered.connect(self._leaver(field.name))
        else:
            made = TextField(look, field.label, icon="lock" if masked else "note",
                             length=SECRET_LENGTH if masked else _LENGTH, digits=field.kind is Kind.NUMBER,
                             labelled=True)  # fmt: skip
            if masked:
                mask(made)
            made.changed.connect(self._touched(field.name))
            made.entered.connect(self._leaver(field.name))
        column.addWidget(made)
        mistake = Label(look, Role.SMALL, ink="red_text", wrap=True)
        mistake.hide()
        column.addWidget(mistake)
        return _Row(field, box, made, mistake)

    def _touched(self, name: str) -> Callable[[str], None]:
        def touched(_text: str) -> None:
            self._say(self._rows[name], NOTHING)
            self.changed.emit()

        return touched

    def _leaver(self, name: str) -> Callable[[], None]:
        def leave() -> None:
            names = [one for one, row in self._rows.items() if row.box.isVisibleTo(self)]
            after = names[names.index(name) + 1 :]
            if after:
                self._rows[after[0]].input.setFocus(Qt.FocusReason.TabFocusReason)
            else:
                self.entered.emit()

        return leave

    def offer(self, name: str, choices: Mapping[str, Text]) -> None:
        """Other choices."""
        row = self._rows[name]
        assert isinstance(row.input, Choice)  # noqa: S101 - for the type checker
        row.input.offer(choices)

    def show_values(self, values: Mapping[str, str]) -> None:
        """Fill in these, as they are now."""
        for name, value in values.items():
            given = self._rows[name].input
            if isinstance(given, Choice):
                given.pick(value)
            else:
                given.edit.setText(value)

    def typed(self) -> dict[str, str]:
        """What stands in the fields that are shown, by name."""
        return {name: self.value(name) for name, row in self._rows.items() if row.box.isVisibleTo(self)}

    def value(self, name: str) -> str:
        """What stands in one field."""
        row = self._rows[name]
        if isinstance(row.input, Choice):
            return row.input.value
        return row.input.edit.text() if row.field.blanks else row.input.text

    def show_only(self, names: Iterable[str]) -> None:
        """Show these fields and no others."""
        shown = set(names)
        for row in self._rows.values():
            self._grid.removeWidget(row.box)
            row.box.setVisible(row.field.name in shown)
        there = [row for row in self._rows.values() if row.field.name in shown]
        for place, row in enumerate(there):
            self._grid.addWidget(row.box, *divmod(place, self._columns), Qt.AlignmentFlag.AlignTop)

    def show_mistakes(self, mistakes: Mapping[str, Text]) -> None:
        """Say what is wrong, each at its field; the first of them gets the focus, and keeps what was typed."""
        for name, row in self._rows.items():
            self._say(row, mistakes.get(name, NOTHING))
        first = next((row for name, row in self._rows.items() if name in mistakes), None)
        if first is not None:
            first.input.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin(self) -> None:
        """Give the first field the focus."""
        first = next((row.input for row in self._rows.values() if row.box.isVisibleTo(self)), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def turn_to(self, name: str) -> None:
        """Give one field the focus."""
        self._rows[name].input.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """Empty all that is typed; nothing of it can be brought back."""
        for row in self._rows.values():
            if isinstance(row.input, TextField):
                row.input.forget()

    def _say(self, row: _Row, mistake: Text) -> None:
        row.mistake.show_text(mistake)
        row.mistake.setVisible(bool(mistake.vi))


def mask(field: TextField) -> None:
    """Nothing that is typed there can be read, on no screen, and by no input method or clipboard."""
    field.edit.setEchoMode(QLineEdit.EchoMode.Password)
    field.edit.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData)
    field.edit.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
