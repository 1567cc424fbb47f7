"""The keys: pasted unseen or from a file, each mistake at its field, fingerprints shown, one signed call answered.

What is typed is in masked fields, is handed to the keystore, and is forgotten when the page is left.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog

from pos_app.keys.account import Typed, account_of, find_mistakes
from pos_app.keys.errors import KeysError
from pos_app.payments.environment import Environment
from pos_app.setting_up import pages
from pos_app.setting_up.fields import Field, Kind
from pos_app.setting_up.trials import Told, fingerprints, try_keys
from pos_app.settings import environment_in_use, folder_of
from pos_app.ui.look import Look
from pos_app.ui.setting_up.background import Background
from pos_app.ui.setting_up.form import Form
from pos_app.ui.setting_up.page import CANNOT_SAVE, Draft, SetUpPage
from pos_app.ui.setting_up.trial import Trial, words_of
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.words import NOTHING, Text, same

_WHOSE = Field(
    "environment", Text("Dùng cho", "For"), Kind.CHOICE,
    {"live": Text("Tiền thật", "Real money"), "sandbox": Text("Máy thử của ZaloPay (sandbox)", "ZaloPay’s test hosts")},
)  # fmt: skip
_FIELDS = (
    _WHOSE, Field("app_id", same("app_id")), Field("key1", same("key1")), Field("key2", same("key2")),
    Field("public_key", Text("Khóa công khai (public key)", "Public key")), pages.OWNERS_PIN,
)  # fmt: skip
_HIDDEN = ("key1", "key2", "public_key", "pin")
_APPOTAPAY = ("partner_code", "api_key", "secret", "terminal")
_KEEPING = Text("Đang cất khóa…", "Sealing the keys…")
_KEPT = Told.good(
    Text("Đã cất khóa", "The keys are sealed"), Text("So dấu vân với trang của ZaloPay.", "Compare the marks.")
)
_MARKS = Text("Dấu của khóa, để so:", "Marks, to compare keys by:")
_BY_PASSPHRASE = Text("Khóa ở đây được cất bằng mật khẩu", "The keys here are sealed with a passphrase")
_BY_COMMAND = Text("Muốn thay khóa: đóng máy rồi gõ `pos-app keys set`; lệnh này hỏi mật khẩu đó. "
                   "Quên mật khẩu thì thêm --forget.",
                   "To replace them, close the till and use `pos-app keys set`: it asks for it. "
                   "Where it is forgotten, add --forget.")  # fmt: skip
_FROM_FILE = Text("Lấy từ tệp…", "From a file…")
_LOADED = Text("Đã lấy {names} từ tệp. Xong thì xóa tệp đó.", "Took {names} from the file. Delete it afterwards.")


class KeysPage(SetUpPage):
    """Enters the first keys, or replaces them."""

    def __init__(self, look: Look, draft: Draft) -> None:
        super().__init__(look, pages.KEYS, draft)
        self._background = Background(self)
        self._others: dict[str, str] = {}
        self._dialog: QFileDialog | None = None
        trial = Trial(look, pages.KEYS.test, self.test)
        self._file = Button(look, _FROM_FILE, self._choose_file, role=Role.SMALL_BUTTON)
        self._keys = Form(look, _FIELDS, columns=2, hidden=_HIDDEN)
        self._fill(self._keys, trial, self._file)

    def begin(self) -> None:
        """Empty fields: what was entered is never shown again."""
        if not self._keys.value("environment"):
            self._keys.show_values({"environment": self._whose().value})
        self._show_fields()
        self._keys.begin()

    def _whose(self) -> Environment:
        used = environment_in_use()
        return Environment.LIVE if used is Environment.BUILT_IN else used

    @property
    def _environment(self) -> Environment:
        return Environment(self._keys.value("environment") or Environment.LIVE.value)

    @property
    def _by_passphrase(self) -> bool:
        """Whether keys are there that open with a passphrase: they are not replaced without it."""
        from pos_app.keys.keystore import SealedBy, sealed_by  # noqa: PLC0415 - dear to import

        try:
            return sealed_by(folder_of(self._environment)) is SealedBy.PASSPHRASE
        except KeysError:
            return False

    def _show_fields(self) -> None:
        """The owner signs where a PIN guards the keys already; where a passphrase seals them, nothing is entered."""
        closed = self._by_passphrase
        self._file.setVisible(not closed)
        if self.trial is not None:
            self.trial.button.setVisible(not closed)
        if closed:
            self._forget()
            self._keys.show_only([_WHOSE.name])
            if self.trial is not None:
                self.trial.tell(Told.bad(_BY_PASSPHRASE, _BY_COMMAND))
            return
        guarded = self._draft.pins_in(folder_of(self._environment)).is_set
        names = [one.name for one in _FIELDS if one is not pages.OWNERS_PIN or guarded]
        self._keys.show_only(names)

    def _changed(self) -> None:
        super()._changed()
        self._show_fields()
        if self.trial is not None:
            self.trial.show_more(NOTHING)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed, nor can be."""
        names = ("app_id", "key1", "key2", "public_key")
        return not (self._others or any(self._keys.value(name) for name in names))

    def _typed(self) -> Typed:
        names = ("app_id", "key1", "key2", "public_key")
        return Typed(self._environment, **{name: self._keys.value(name) for name in names}, **self._others)

    def take(self) -> bool:
        """Whether what was typed is an account; each mistake stands at its field."""
        mistakes = find_mistakes(self._typed())
        self._keys.show_mistakes({name: said for name, said in mistakes.items() if name not in _APPOTAPAY})
        other = next((said for name, said in mistakes.items() if name in _APPOTAPAY), None)
        if other is not None and self.trial is not None:
            self.trial.tell(Told.bad(same("AppotaPay"), other))
        return not mistakes

    @property
    def busy(self) -> bool:
        """Whether keys are being sealed."""
        return self._background.busy

    def test(self) -> None:
        """One signed call."""
        if not self.busy and not self._by_passphrase and self.take() and self.trial is not None:
            self._show_marks()
            api = self._draft.settings.gateway.api
            self.trial.begin(partial(try_keys, self._typed(), self._draft.clock, api=api))

    def _show_marks(self) -> None:
        if self.trial is not None:
            lines = "\n".join(f"{name}  {mark}" for name, mark in fingerprints(self._typed()).items())
            self.trial.show_more(Text(f"{_MARKS.vi}\n{lines}", f"{_MARKS.en}\n{lines}"))

    def go_on(self, done: Callable[[], None]) -> None:
        """Have the keys sealed, in the owner's name."""
        there = self._draft.afterwards or self._draft.keys_for is not None or self._by_passphrase
        if not self.busy and self.is_empty and there:
            done()
            return
        if self.busy or not self.take() or self.trial is None:
            return
        self._show_marks()
        self.trial.note(_KEEPING)
        work = partial(self._enter, self._typed(), self._keys.value("pin"))
        self._background.begin(work, partial(self._entered, done))

    def _enter(self, typed: Typed, pin: str) -> Environment:
        """On a thread of its own: the journal is opened, a keychain may ask, a PIN is judged."""
        from pos_app.checkout.enrolment import open_enrolment  # noqa: PLC0415 - dear to import
        from pos_app.checkout.staffing import Signature  # noqa: PLC0415
        from pos_app.staff.roster import OWNER_ID  # noqa: PLC0415

        draft = self._draft
        account = account_of(typed)
        draft.save()  # the journal is begun under the number of the till that stands there
        pins, settings = draft.pins_in(folder_of(typed.environment)), draft.settings
        till, own = settings.shop.till, settings.own_vietqr.receiver
        opened = open_enrolment(typed.environment, till=till, clock=draft.clock, pins=pins, own_account=own)
        with opened as enrolment:
            enrolment.enter(account, Signature(OWNER_ID if pin else "", pin))
        return typed.environment

    def _entered(self, done: Callable[[], None], told: object) -> None:
        if isinstance(told, Environment):
            self._draft.keys_for = told
            self._forget()
            done()
        elif self.trial is not None:
            self.trial.tell(CANNOT_SAVE if isinstance(told, OSError) else words_of(_error(told)))

    def _forget(self) -> None:
        self._keys.forget()
        self._others = {}

    def leave(self) -> None:
        """What was typed does not outlive the page."""
        self._forget()
        self._background.forget()
        if self.trial is not None:
            self.trial.show_more(NOTHING)
            self.trial.clear()

    # --- from a file -----------------------------------------------------------------------------------------------

    @Slot()
    def _choose_file(self) -> None:
        self._dialog = QFileDialog(self, self._look.say(_FROM_FILE))
        self._dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._dialog.fileSelected.connect(self.load)
        self._dialog.open()

    @Slot(str)
    def load(self, path: str) -> None:
        """Take what stands in a file into the fields."""
        from pos_app.keys.keys_file import NotKeysError, keys_of_file  # noqa: PLC0415 - only where a file is used

        if self.trial is None:
            return
        try:
            found = keys_of_file(Path(path))
        except NotKeysError as error:
            self.trial.tell(Told.bad(error.title, error.advice))
            return
        self._others = {name: text for name, text in found.items() if name in _APPOTAPAY}
        self._keys.show_values({name: text for name, text in found.items() if name not in _APPOTAPAY})
        if self.take():
            self._keys.turn_to("public_key")  # Enter goes on from there
        self.trial.note(_LOADED.fill(names=", ".join(found)))


def _error(told: object) -> Exception:
    return told if isinstance(told, Exception) else TypeError()
