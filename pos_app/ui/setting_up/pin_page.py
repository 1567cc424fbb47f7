"""The owner's PIN: the screen that sets it in an open till, with a till's answers given by the PINs themselves."""

from collections.abc import Callable

from PySide6.QtGui import QKeyEvent

from pos_app.checkout.events import PinChanged, PinRefused
from pos_app.setting_up import pages
from pos_app.settings import data_folder
from pos_app.ui.look import Look
from pos_app.ui.screens.manager_pin import ManagerPinScreen
from pos_app.ui.setting_up.background import Background
from pos_app.ui.setting_up.page import Draft, SetUpPage
from pos_app.ui.setting_up.trial import words_of
from pos_app.ui.widgets.label import Frame, Label


class PinPage(SetUpPage):
    """A PIN typed twice, then the recovery code, shown once."""

    def __init__(self, look: Look, draft: Draft) -> None:
        super().__init__(look, pages.PIN, draft)
        for label in self.findChildren(Label):
            label.hide()
        self._background = Background(self)
        self.steps = ManagerPinScreen(look)
        self.steps.obey(self)  # type: ignore[arg-type]  # of a till's commands this screen uses the one below
        self.steps.done.connect(self._asked_on)
        self.steps.given_up.connect(self._later)
        frame = self.steps.findChild(Frame)
        if frame is not None:
            frame.wear("none")  # it lies in a card already
        self._row.addWidget(self.steps)
        self.later_asked: Callable[[], None] = lambda: None

    @property
    def is_set(self) -> bool:
        """Whether there is a PIN where this till will open."""
        return self._draft.pins_in(data_folder()).is_set

    def begin(self) -> None:
        """Ask for it."""
        self.steps.begin(recovers=False)

    def set_first_pin(self, pin: str) -> None:
        """What the screen asks of a till."""

        def work() -> str:
            folder = data_folder()
            folder.mkdir(parents=True, exist_ok=True)
            return self._draft.pins_in(folder).set_first(pin)

        self._background.begin(work, self._set)

    def _set(self, told: object) -> None:
        if isinstance(told, str):
            self.steps.show_changed(PinChanged(told))
            return
        found = words_of(told if isinstance(told, Exception) else TypeError())
        self.steps.show_refused(PinRefused(found.said, found.advice))

    def _later(self) -> None:
        self.later_asked()

    def press(self, event: QKeyEvent) -> bool:
        """Its own keys."""
        return self.steps.press(event)
