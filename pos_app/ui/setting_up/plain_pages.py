"""The pages of plain settings: store and till, look and habits, other ways to pay."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Slot

from pos_app.payments.environment import Environment
from pos_app.setting_up import pages
from pos_app.setting_up.fields import taken
from pos_app.setting_up.standing import journal_begun, takes_real_money
from pos_app.setting_up.trials import Told, slip_picture
from pos_app.settings import Settings, folder_of, home_folder, save
from pos_app.ui.look import Look
from pos_app.ui.setting_up.background import Background
from pos_app.ui.setting_up.form import Form
from pos_app.ui.setting_up.page import CANNOT_SAVE, Draft, SetUpPage
from pos_app.ui.setting_up.trial import SlipPicture, Trial, words_of
from pos_app.ui.theme import Theme
from pos_app.words import Text

_PIN = pages.OWNERS_PIN._replace(label=Text("PIN chủ tiệm, để đổi tài khoản", "Owner’s PIN, to change the account"))
_LIKE_THIS = Told.good(
    Text("Phiếu sẽ in như thế này", "Slips will look like this"),
    Text("Bán bằng tiền thật thì không có dòng DEMO.", "With real money it does not say DEMO."),
)


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
            self._look.whole.speak(self._draft.settings.look.language)
            self._look.whole.wear(Theme(self._draft.settings.look.theme))
        return taken


class WaysPage(SetUpPage):
    """The shop's own account, AppotaPay, links. Another account takes the owner's word: customers pay into it."""

    def __init__(self, look: Look, draft: Draft) -> None:
        super().__init__(look, pages.WAYS, draft)
        self._background = Background(self)
        self._ways = Form(look, (*pages.WAYS.fields, _PIN), columns=2, hidden=(_PIN.name,))
        self._fill(self._ways)

    def begin(self) -> None:
        """Show the settings; a PIN is asked for once the account is another one."""
        super().begin()
        self._show_fields()

    def _changed(self) -> None:
        super()._changed()
        self._show_fields()

    def _show_fields(self) -> None:
        typed = taken(self._draft.settings, self.page.fields, self._ways.typed()).settings
        asked = [_PIN] if self._is_other(typed) and self._guarded else []
        self._ways.show_only(one.name for one in (*self.page.fields, *asked))

    def _is_other(self, typed: Settings) -> bool:
        """Whether customers' money would go to another account; none at all is nobody's gain."""
        return takes_real_money() and typed.own_vietqr.receiver not in ("", self._draft.settings.own_vietqr.receiver)

    @property
    def _guarded(self) -> bool:
        return self._draft.pins_in(folder_of(Environment.LIVE)).is_set

    @property
    def busy(self) -> bool:
        """Whether the owner's word is being written down."""
        return self._background.busy

    def go_on(self, done: Callable[[], None]) -> None:
        """Another account is taken over once the owner's word for it is durable."""
        before = self._draft.settings
        if self.busy or not self.take():
            return
        wanted, self._draft.settings = self._draft.settings, before
        if not self._is_other(wanted):
            self._take_over(wanted, done, None)
            return
        work = partial(self._agree, wanted, self._ways.value(_PIN.name))
        self._background.begin(work, partial(self._take_over, wanted, done))

    def _agree(self, wanted: Settings, pin: str) -> None:
        """On a thread of its own: the journal is opened, a PIN is judged.

        The settings lie ready on the disk before the journal has the owner's word: neither stands without the other.
        """
        from pos_app.checkout.enrolment import owner_agrees  # noqa: PLC0415 - dear to import

        draft = self._draft
        pins = draft.pins_in(folder_of(Environment.LIVE))
        save(wanted, home_folder(), first=partial(owner_agrees, wanted, draft.clock, pin, pins))

    def _take_over(self, wanted: Settings, done: Callable[[], None], told: object) -> None:
        if isinstance(told, Exception):
            found = CANNOT_SAVE if isinstance(told, OSError) else words_of(told)
            said = Text("{said}. {advice}", "{said}. {advice}").fill(said=found.said, advice=found.advice)
            self._ways.show_mistakes({self._last_field: said})
            return
        self._draft.settings = wanted
        self._forget_pin()
        done()

    @property
    def _last_field(self) -> str:
        asked = _PIN.name
        return asked if asked in self._ways.typed() else "own_vietqr.account"

    def _forget_pin(self) -> None:
        self._ways.show_values({_PIN.name: ""})

    def leave(self) -> None:
        """A PIN does not outlive the page."""
        self._forget_pin()
