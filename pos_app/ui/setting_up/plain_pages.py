"""The pages of plain settings: store and till, look and habits, other ways to pay."""

from functools import partial

from PySide6.QtCore import Slot

from pos_app.setting_up import pages
from pos_app.setting_up.standing import journal_begun
from pos_app.setting_up.trials import Told, slip_picture
from pos_app.ui.look import Look
from pos_app.ui.setting_up.background import Background
from pos_app.ui.setting_up.form import Form
from pos_app.ui.setting_up.page import Draft, SetUpPage
from pos_app.ui.setting_up.trial import SlipPicture, Trial, words_of
from pos_app.ui.theme import Theme
from pos_app.words import Text

_LIKE_THIS = Told.good(Text("Phiếu sẽ in như thế này", "Slips will look like this"))


class StorePage(SetUpPage):
    """Store and till, with the slip that comes of it."""

    def __init__(self, look: Look, draft: Draft) -> None:
        super().__init__(look, pages.STORE, draft)
        self._slip = SlipPicture()
        self._background = Background(self)
        trial = Trial(look, pages.STORE.test, self.test, self._slip)
        self._fill(Form(look, pages.STORE.fields, columns=2), trial)

    def begin(self) -> None:
        """The till of a journal that was begun or restored keeps its number."""
        super().begin()
        if self.form is not None:
            names = [one.name for one in self.page.fields]
            draft = self._draft
            kept = draft.restored or draft.afterwards or draft.keys_for is not None or journal_begun()
            self.form.show_only([name for name in names if not (kept and name == "shop.till")])
            self.form.begin()

    def test(self) -> None:
        """Draw a slip with what stands in the fields."""
        if self.take():
            work = partial(slip_picture, self._draft.settings, self._draft.clock.wall_ms())
            self._background.begin(work, self._drawn)

    def _drawn(self, png: object) -> None:
        if self.trial is None:
            return
        if isinstance(png, bytes):
            self._slip.show_slip(png)
            self.trial.tell(_LIKE_THIS)
        elif isinstance(png, Exception):
            self.trial.tell(words_of(png))


class HabitsPage(SetUpPage):
    """Language, theme, customer display, lock, shift."""

    def __init__(self, look: Look, draft: Draft) -> None:
        super().__init__(look, pages.HABITS, draft)
        self._fill(Form(look, pages.HABITS.fields, columns=2))
        self._language = look.language
        look.changed.connect(self._follow)

    @Slot()
    def _follow(self) -> None:
        """Another language was chosen in the head: it stands here too."""
        if self._look.language is not self._language and self.form is not None:
            self._language = self._look.language
            self.form.show_values({"look.language": self._language.value})

    def begin(self) -> None:
        """The language of the head is the one that is in force."""
        settings = self._draft.settings
        look = settings.look._replace(language=self._look.language)
        self._draft.settings = settings._replace(look=look)
        super().begin()

    def take(self) -> bool:
        """Language and theme are seen at once."""
        taken = super().take()
        if taken:
            self._look.speak(self._draft.settings.look.language)
            self._look.wear(Theme(self._draft.settings.look.theme))
        return taken


class WaysPage(SetUpPage):
    """The shop's own account, AppotaPay, links."""

    def __init__(self, look: Look, draft: Draft) -> None:
        super().__init__(look, pages.WAYS, draft)
        self._fill(Form(look, pages.WAYS.fields, columns=2))
