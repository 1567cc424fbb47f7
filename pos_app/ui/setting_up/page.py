"""What every page of the set-up is: title, fields at the left, the test at the right; and what the pages share."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.clock import Clock
from pos_app.payments.environment import Environment
from pos_app.setting_up.fields import shown, taken
from pos_app.setting_up.pages import Page, PageId
from pos_app.setting_up.trials import Told
from pos_app.settings import Settings, home_folder, save
from pos_app.ui.look import Look
from pos_app.ui.setting_up.form import Form
from pos_app.ui.setting_up.trial import Trial
from pos_app.ui.theme import Role
from pos_app.ui.widgets.label import Label
from pos_app.words import Text

if TYPE_CHECKING:
    from pos_app.staff.pin import Pins

CANNOT_SAVE = Told.bad(
    Text("Không lưu được cài đặt", "The settings cannot be stored"),
    Text("Kiểm tra ổ đĩa còn chỗ và ghi được, rồi thử lại.", "Check that the disk has room and can be written."),
)


@dataclass
class Draft:
    """What the pages work on.

    Attributes:
        clock: this machine's.
        settings: as they are so far.
        done: pages that were filled in and found well-formed.
        wrong: what the last test of a page found that does not work.
        afterwards: the till was set up before: it keeps its number.
        restored: a backup was put back, or a journal begun, and keys are missing: its till keeps its number too.
        keys_for: whose keys were entered on the page, None for none yet.
    """

    clock: Clock
    settings: Settings
    done: set[PageId] = field(default_factory=set)
    wrong: dict[PageId, Text] = field(default_factory=dict)
    afterwards: bool = False
    restored: bool = False
    keys_for: Environment | None = None
    _pins: "dict[Path, Pins]" = field(default_factory=dict)

    def pins_in(self, folder: Path) -> "Pins":
        """The PINs there, the same for the whole window: after a miss, the next guess waits from that miss on."""
        from pos_app.staff.pin import Pins  # noqa: PLC0415 - dear to import

        if folder not in self._pins:
            self._pins[folder] = Pins(folder, self.clock, secrets.token_bytes)
        return self._pins[folder]

    def save(self) -> None:
        """Keep the settings.

        Raises:
            OSError: the disk did not take them.
        """
        save(self.settings, home_folder())


class SetUpPage(QWidget):
    """One page. `form` and `trial` are there where it has them."""

    def __init__(self, look: Look, page: Page, draft: Draft) -> None:
        super().__init__()
        self._look, self.page, self._draft = look, page, draft
        self.form: Form | None = None
        self.trial: Trial | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 20, 28, 12)
        column.setSpacing(4)
        column.addWidget(Label(look, Role.TITLE, page.title))
        self._about = Label(look, Role.BODY, page.about, ink="text2", wrap=True)
        column.addWidget(self._about)
        column.addSpacing(10)
        self._row = QHBoxLayout()
        self._row.setSpacing(24)
        column.addLayout(self._row, 1)
        look.changed.connect(self._name)
        self._name()

    @Slot()
    def _name(self) -> None:
        self.setAccessibleName(self._look.say(self.page.title))

    def _fill(self, form: Form | None, trial: Trial | None = None, *below: QWidget) -> None:
        """Put fields and test in their places."""
        self.form, self.trial = form, trial
        left = QVBoxLayout()
        left.setSpacing(10)
        for widget in (form, *below):
            if widget is not None:
                left.addWidget(widget)
        left.addStretch(1)
        self._row.addLayout(left, 3)
        if trial is not None:
            self._row.addWidget(trial, 2)
        if form is not None:
            form.entered.connect(self._asked_on)
            form.changed.connect(self._changed)

    go_on_asked: Callable[[], None] = staticmethod(lambda: None)
    """Enter in the last field: the course goes on."""

    @Slot()
    def _asked_on(self) -> None:
        self.go_on_asked()

    @Slot()
    def _changed(self) -> None:
        """What was tried is not what stands there now."""
        if self.trial is not None and self.trial.told is not None:
            self.trial.clear()

    def begin(self) -> None:
        """The page is turned to: show the settings as they are."""
        if self.form is not None:
            names = [one.name for one in self.page.fields]
            self.form.show_values({name: shown(self._draft.settings, name) for name in names})
            self.form.begin()

    def take(self) -> bool:
        """Take over what was typed; False when something is wrong, said at its field."""
        if self.form is None:
            return True
        found = taken(self._draft.settings, self.page.fields, self.form.typed())
        self.form.show_mistakes(found.mistakes)
        if not found.mistakes:
            self._draft.settings = found.settings
        return not found.mistakes

    def go_on(self, done: Callable[[], None]) -> None:
        """Finish the page; `done` is called once it is, which may take a moment."""
        if self.take():
            done()

    @property
    def busy(self) -> bool:
        """Whether it is about something that must not be left half done: the page stays until it is over."""
        return False

    def leave(self) -> None:
        """The page is left: let go of devices and of what was typed."""

    def test(self) -> None:
        """F5, or the test button."""

    def press(self, event: QKeyEvent) -> bool:
        """A key that no field took."""
        if event.key() == Qt.Key.Key_F5 and self.trial is not None:
            self.test()
            return True
        return False

    def scanned(self, text: str) -> None:
        """The hand-held scanner read something; it is for the scanner's page alone."""
