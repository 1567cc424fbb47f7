"""A backup put back: the file, what it says of itself, its passphrase, and what happens then."""

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.payments.environment import Environment
from pos_app.setting_up.fields import Field
from pos_app.setting_up.trials import Told
from pos_app.settings import data_folder
from pos_app.ui.look import Look
from pos_app.ui.setting_up.background import Background
from pos_app.ui.setting_up.form import Form
from pos_app.ui.setting_up.page import Draft
from pos_app.ui.setting_up.trial import Trial, words_of
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.label import Frame, Label
from pos_app.ui.widgets.text_room import own_look
from pos_app.words import Text

if TYPE_CHECKING:
    from pos_app.journal.backup import Backup
    from pos_app.staff.pin import Pins

_FILE = Field("file", Text("Tệp sao lưu", "Backup file"), needed=True)
_PASSPHRASE = Field("passphrase", Text("Mật khẩu của bản sao lưu", "Passphrase of the backup"), needed=True,
                    blanks=True)  # fmt: skip
_PIN = Field("pin", Text("PIN chủ tiệm của máy này", "Owner’s PIN of this computer"))
_NO_FILE = Text("Chọn tệp sao lưu.", "Choose the backup file.")
_NOT_THERE = Text("Không có tệp này.", "There is no such file.")
_NO_PASSPHRASE = Text("Cần mật khẩu đã đặt lúc sao lưu.", "The passphrase that was set for it is needed.")
_NO_PIN = Text("Cần PIN của chủ tiệm.", "The owner’s PIN is needed.")
_WORKING = Text("Đang kiểm tra và khôi phục…", "Checking and restoring…")
_OF = Text("Quầy {till}, {n} mục, sao lưu lúc {made}", "Till {till}, {n} entries, backed up at {made}")
_GOES = {
    Environment.LIVE: Text("Giao dịch tiền thật. Sau đó nhập lại khóa ZaloPay và đặt lại PIN.",
                           "Real payments. Afterwards the ZaloPay keys and a PIN are entered again."),
    Environment.SANDBOX: Text("Của máy thử ZaloPay. Sau đó nhập lại khóa thử và đặt lại PIN.",
                              "Of ZaloPay’s test hosts. Then its keys and a PIN are entered again."),
    Environment.BUILT_IN: Text("Của bản dùng thử: mở lại bản dùng thử.", "Of the demo: the demo opens again."),
}  # fmt: skip


class RestorePage(QWidget):
    """Looks at a backup, then puts it back.

    Signals:
        restored: it is in place; with what it says of itself.
        left: nothing was changed.
    """

    restored = Signal(object)
    left = Signal()

    def __init__(self, look: Look, draft: Draft) -> None:
        super().__init__()
        self._look, self._draft = own_look(self, look), draft
        look = self._look
        self._background = Background(self)
        self._dialog: QFileDialog | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        card = Frame("card")
        outer.addWidget(card)
        whole = QVBoxLayout(card)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        column = QVBoxLayout()
        column.setContentsMargins(28, 20, 28, 12)
        column.setSpacing(4)
        column.addWidget(Label(look, Role.TITLE, Text("Khôi phục từ bản sao lưu", "Restore a backup")))
        about = Text("Giao dịch và ca được lấy lại. Khóa, PIN và cài đặt không nằm trong bản sao lưu.",
                     "Payments and shifts come back. Keys, PINs and settings are in no backup.")  # fmt: skip
        column.addWidget(Label(look, Role.BODY, about, ink="text2", wrap=True))
        column.addSpacing(10)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(self._left_side(look), 3)
        self.trial = Trial(look, Text("Xem bản sao lưu", "Look at the backup"), self._look_at)
        row.addWidget(self.trial, 2)
        column.addLayout(row, 1)
        whole.addLayout(column, 1)
        whole.addWidget(self._foot(look))

    def _left_side(self, look: Look) -> QVBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(10)
        self.form = Form(look, (_FILE, _PASSPHRASE, _PIN), hidden=("passphrase", "pin"))
        self.form.show_only(["file", "passphrase"])
        self.form.entered.connect(self.go_on)
        left.addWidget(self.form)
        left.addWidget(Button(look, Text("Chọn tệp…", "Choose the file…"), self._choose, role=Role.SMALL_BUTTON))
        left.addStretch(1)
        return left

    def _foot(self, look: Look) -> QWidget:
        foot = Frame("buttons")
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 12, 24, 14)
        row.addWidget(Button(look, Text("Quay lại", "Back"), self.back, cap="Esc"))
        row.addStretch(1)
        row.addWidget(Button(look, Text("Khôi phục", "Restore"), self.go_on, kind="primary", cap="Enter"))
        return foot

    @property
    def busy(self) -> bool:
        """Whether a backup is being put back."""
        return self._background.busy

    def begin(self) -> None:
        """Ask for the file."""
        self.trial.clear()
        self.form.begin()

    @Slot()
    def _choose(self) -> None:
        self._dialog = QFileDialog(self, self._look.say(_FILE.label))
        self._dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._dialog.fileSelected.connect(self._choose_this)
        self._dialog.open()

    @Slot(str)
    def _choose_this(self, path: str) -> None:
        self.form.show_values({"file": path})
        self.look_at()

    @property
    def _pins(self) -> "Pins":
        """Where the owner's is set, the owner has to agree."""
        return self._draft.pins_in(data_folder())

    @property
    def _file(self) -> Path:
        return Path(os.path.expanduser(self.form.value("file")))  # noqa: PTH111 - that of a stranger is no error here

    def _look_at(self) -> None:
        self.look_at()

    def look_at(self) -> "Backup | None":
        """Say what the file says of itself, and where it will go. Not while one is being put back."""
        from pos_app.setting_up.restoring import begin_restore  # noqa: PLC0415 - dear to import
        from pos_app.vietnam_day import clock_time, day_text  # noqa: PLC0415 - with it

        if self.busy:
            return None
        mistake = _NO_FILE if not self.form.value("file") else None if self._file.is_file() else _NOT_THERE
        self.form.show_mistakes({"file": mistake} if mistake is not None else {})
        if mistake is not None:
            return None
        try:
            backup = begin_restore(self._file)
        except Exception as error:  # noqa: BLE001 - told in words
            self.trial.tell(words_of(error))
            return None
        made = f"{clock_time(backup.made_at_ms)} {day_text(backup.made_at_ms)}"
        said = _OF.fill(till=backup.till, n=backup.entries, made=made)
        self.trial.tell(Told.good(said, _GOES[backup.environment]))
        guarded = self._pins.is_set
        self.form.show_only(["file", "passphrase", *(["pin"] if guarded else [])])
        return backup

    def go_on(self) -> None:
        """Put it back."""
        if self.look_at() is None:
            return
        typed = self.form.typed()
        mistakes = {} if typed["passphrase"] else {"passphrase": _NO_PASSPHRASE}
        if "pin" in typed and not typed["pin"]:
            mistakes["pin"] = _NO_PIN
        self.form.show_mistakes(mistakes)
        if not mistakes:
            self.trial.note(_WORKING)
            work = partial(self._put_back, self._file, typed["passphrase"], typed.get("pin", ""))
            self._background.begin(work, self._done)

    def _put_back(self, file: Path, passphrase: str, pin: str) -> "Backup":
        """On a thread of its own."""
        from pos_app.setting_up.restoring import put_back  # noqa: PLC0415 - dear to import

        if pin:
            self._pins.check(pin)
        return put_back(file, passphrase, self._draft.clock)

    def _done(self, told: object) -> None:
        if isinstance(told, Exception):
            self.trial.tell(words_of(told))
            return
        self.form.forget()
        self.restored.emit(told)

    def back(self) -> None:
        """Esc: to the three choices."""
        if not self.busy:
            self.form.forget()
            self.left.emit()

    def press(self, event: QKeyEvent) -> bool:
        """Keys that no field took."""
        acts = {Qt.Key.Key_Escape: self.back, Qt.Key.Key_Return: self.go_on, Qt.Key.Key_Enter: self.go_on,
                Qt.Key.Key_F5: self._look_at}  # fmt: skip
        act = acts.get(Qt.Key(event.key()))
        if act is not None:
            act()
        return act is not None
