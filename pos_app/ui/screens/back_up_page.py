"""The journal backed up from the doctor's page: where to, the passphrase twice, and what came of it."""

import os
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from pos_app.doctor.views import BackedUp
from pos_app.journal.sealed_file import PASSPHRASE_LENGTH_MIN
from pos_app.money import grouped
from pos_app.setting_up.fields import Field
from pos_app.ui.look import Look
from pos_app.ui.setting_up.form import Form
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import Frame, Label
from pos_app.words import NOTHING, Text

_TITLE = Text("Sao lưu sổ giao dịch", "Back up the journal")
_ABOUT = Text("Cả sổ vào một tệp có mật khẩu; máy vẫn bán. Để tệp ở ổ USB, không chỉ ở máy này.",
              "The whole journal in one file with a passphrase; selling goes on. Keep it on a USB stick, "
              "not on this computer only.")  # fmt: skip
_FILE = Field("file", Text("Tệp sao lưu", "Backup file"), needed=True)
_PASSPHRASE = Field("passphrase", Text("Mật khẩu, ít nhất {n} ký tự", "Passphrase, {n} characters or more").fill(
    n=PASSPHRASE_LENGTH_MIN), blanks=True)  # fmt: skip
_AGAIN = Field("again", Text("Nhập lại mật khẩu", "The passphrase again"), blanks=True)
_NO_FILE = Text("Chọn chỗ để tệp.", "Choose where the file goes.")
_NO_FOLDER = Text("Không có thư mục này. Cắm ổ USB, rồi chọn chỗ.", "There is no such folder. Plug the stick in.")
_SHORT = Text("Dùng ít nhất {n} ký tự.", "Use at least {n} characters.").fill(n=PASSPHRASE_LENGTH_MIN)
_DIFFERENT = Text("Hai lần nhập không giống nhau.", "The two are not the same.")
_WITHOUT_IT = Text("Không có mật khẩu thì không khôi phục được: ghi ra giấy, cất riêng.",
                   "Without the passphrase nothing can be restored: write it down, keep it apart.")  # fmt: skip
_WORKING = Text("Đang sao lưu…", "Backing up…")
_DONE = Text("Đã sao lưu {n} mục: {file}", "Backed up {n} entries: {file}")
_AS_IT_IS = Text("Đã chép sổ như đang có, chưa kiểm tra: {file}", "Copied the journal as it is, unchecked: {file}")
_FOR_SUPPORT = Text("Gửi tệp này và mật khẩu cho người hỗ trợ.", "Give this file and its passphrase to support.")
_TOO_LONG = Text("Đường dẫn này dài quá. Chọn chỗ khác.", "This path is too long. Choose another place.")
_STILL_HERE = Text("Tệp còn trên ổ đĩa của máy này: chép thêm ra ổ USB.",
                   "The file is on this computer’s own disk: copy it onto a USB stick too.")  # fmt: skip
_REFUSED = Text("{title}. {advice}", "{title}. {advice}")
SUFFIX = ".posbackup"


class BackUpPage(Frame):
    """Asks for the file and the passphrase, and says what came of it. The till works; this page only waits.

    Attributes:
        busy: a backup is being made.

    Signals:
        wanted: the file and the passphrase.
        left: back to the checks.
    """

    wanted = Signal(object, str)
    left = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__("card")
        self._look = look
        self.busy = False
        self._made = self._unread = False
        self._dialog: QFileDialog | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 16, 16)
        column.setSpacing(14)
        column.addLayout(self._top(look))
        middle = QVBoxLayout()
        middle.setContentsMargins(56 + 12, 4, 0, 0)
        middle.setSpacing(12)
        self.form = Form(look, (_FILE, _PASSPHRASE, _AGAIN), hidden=("passphrase", "again"))
        self.form.entered.connect(self.go_on)
        self.form.changed.connect(self._touched)
        middle.addWidget(self.form)
        self._said = Label(look, Role.BODY_STRONG, wrap=True)
        self._advice = Label(look, Role.BODY, _WITHOUT_IT, ink="text2", wrap=True)
        middle.addWidget(self._said)
        middle.addWidget(self._advice)
        column.addLayout(middle)
        column.addStretch(1)

    def _top(self, look: Look) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Disc(look, 56, "accent_soft", "accent", icon="drive"))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(look, Role.TITLE, _TITLE))
        words.addWidget(Label(look, Role.BODY, _ABOUT, ink="text2", wrap=True))
        row.addLayout(words, 1)
        back = Button(look, Text("Quay lại", "Back"), self.left.emit, role=Role.SMALL_BUTTON, cap="Esc")
        self._choose_button = Button(look, Text("Chọn chỗ…", "Choose…"), self._choose, role=Role.SMALL_BUTTON)
        self._go = Button(look, Text("Sao lưu", "Back up"), self.go_on, role=Role.SMALL_BUTTON, kind="primary",
                          cap="Enter")  # fmt: skip
        for button in (back, self._choose_button, self._go):
            row.addWidget(button)
        return row

    def begin(self, file: Path) -> None:
        """Ask, with this file to begin with; what came of the last one is said until it could be read."""
        if not self.busy:
            if not self._unread:
                self._tell(NOTHING, _WITHOUT_IT)
            self._unread = False
            self.form.show_mistakes({})
            self.form.show_values({"file": str(file)})
        self.form.turn_to("passphrase")

    @Slot()
    def _touched(self) -> None:
        """Enter is for the next backup again."""
        self._made = False

    @Slot()
    def _choose(self) -> None:
        if self._dialog is None:
            self._dialog = QFileDialog(self)
            self._dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            self._dialog.setDefaultSuffix(SUFFIX.removeprefix("."))
            self._dialog.fileSelected.connect(self._choose_this)
        self._dialog.setWindowTitle(self._look.say(_FILE.label))
        self._dialog.selectFile(self.form.value("file"))
        self._dialog.open()

    @Slot(str)
    def _choose_this(self, path: str) -> None:
        self.form.show_values({"file": path})
        if self.form.value("file") != path:
            self.form.show_mistakes({"file": _TOO_LONG})
        elif self.isVisible():
            self.form.turn_to("passphrase")

    def go_on(self) -> None:
        """Have it backed up, once all that is needed is there; Enter once more, when it is made, goes back."""
        typed = self.form.typed()
        if self.busy:
            return
        if self._made and not typed["passphrase"]:
            self.left.emit()
            return
        mistakes = self._mistakes(typed)
        self.form.show_mistakes(mistakes)
        if not mistakes:
            self._set_busy(busy=True)
            self._tell(_WORKING, _WITHOUT_IT)
            self._forget()
            self.wanted.emit(_path(typed["file"]), typed["passphrase"])

    def _mistakes(self, typed: dict[str, str]) -> dict[str, Text]:
        mistakes: dict[str, Text] = {}
        if not _path(typed["file"]).is_absolute():
            mistakes["file"] = _NO_FILE
        elif not os.path.isdir(_path(typed["file"]).parent):  # noqa: PTH112 - one may not look into is no error here
            mistakes["file"] = _NO_FOLDER
        if len(typed["passphrase"]) < PASSPHRASE_LENGTH_MIN:
            mistakes["passphrase"] = _SHORT
        elif typed["passphrase"] != typed["again"]:
            mistakes["again"] = _DIFFERENT
        return mistakes

    def show_done(self, told: BackedUp) -> None:
        """It is made, whole and on the disk."""
        self._end()
        self._made = True
        if told.checked:
            said = _DONE.fill(n=grouped(told.entries), file=told.path)
            self._tell(said, _STILL_HERE if told.here else _WITHOUT_IT, ink="green_text")
        else:
            self._tell(_AS_IT_IS.fill(file=told.path), _FOR_SUPPORT, ink="amber_text")

    def refuse(self, title: Text, advice: Text) -> None:
        """It was not made."""
        self._end()
        self._tell(_REFUSED.fill(title=title, advice=advice), _WITHOUT_IT, ink="red_text")
        if self.isVisible():
            self.form.turn_to("passphrase")

    def _end(self) -> None:
        self._set_busy(busy=False)
        self._unread = not self.isVisible()

    def _tell(self, said: Text, advice: Text, *, ink: str = "text") -> None:
        self._said.show_text(said)
        self._said.set_ink(ink)
        self._said.setVisible(bool(said.vi))
        self._advice.show_text(advice)

    def _set_busy(self, *, busy: bool) -> None:
        self.busy = busy
        for widget in (self._go, self._choose_button, self.form):
            widget.setEnabled(not busy)

    def hideEvent(self, event: QHideEvent) -> None:
        """What was typed is gone with the page, and a dialog that was open."""
        if not event.spontaneous():
            self._forget()
            if self._dialog is not None:
                self._dialog.reject()
        super().hideEvent(event)

    def _forget(self) -> None:
        self.form.show_values({"passphrase": "", "again": ""})


def _path(typed: str) -> Path:
    return Path(os.path.expanduser(typed))  # noqa: PTH111 - that of a stranger is no error here
