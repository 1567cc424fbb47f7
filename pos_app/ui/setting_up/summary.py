"""The last page: what is set up, and what was left for later."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.payments.environment import Environment
from pos_app.setting_up.pages import Page, PageId
from pos_app.setting_up.standing import lacks_keys
from pos_app.settings import environment_in_use
from pos_app.ui.look import Look
from pos_app.ui.setting_up.page import CANNOT_SAVE, Draft
from pos_app.ui.theme import Role
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import Label
from pos_app.words import Text

_READY = Text("Xong, bán được rồi", "Done: ready to sell")
_READY_TEST = Text("Xong, thử được với máy thử của ZaloPay", "Done: ready to try with ZaloPay’s test hosts")
_DEMO = Text("Chưa có khóa, nên mở bản dùng thử", "No keys yet, so the demo opens")
_ABOUT = Text("Mọi trang này có ở F1, mục “Cài đặt”.", "All these pages are under F1, “Settings”.")
_ABOUT_DEMO = Text("Có khóa thì vào F1, mục “Cài đặt”, trang khóa. Bản dùng thử không có tiền thật.",
                   "Enter them later under F1, “Settings”. The demo takes no real money.")  # fmt: skip
_LACKING = Text("Chưa có khóa, nên chưa mở máy được", "No keys yet, so the till cannot open")
_ABOUT_LACKING = Text("Sổ của máy này đã có, chỉ còn thiếu khóa ZaloPay. Đóng lại thì lần sau máy hỏi tiếp.",
                      "The journal of this till is here; only the ZaloPay keys are missing. "
                      "If you close this, it asks again next time.")  # fmt: skip
_SET, _LEFT = Text("Đã xong", "Done"), Text("Để sau", "Left for later")


class Summary(QWidget):
    """One line for each page.

    Attributes:
        is_real: keys are there: the till opens with the gateway.
        lacks_keys: there is a journal of real payments and no keys: nothing opens before they are entered.
    """

    def __init__(self, look: Look, draft: Draft, pages: tuple[Page, ...]) -> None:
        super().__init__()
        environment = environment_in_use()
        self.lacks_keys = lacks_keys()
        self.is_real = environment is not Environment.BUILT_IN and not self.lacks_keys
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 28, 40, 20)
        column.setSpacing(8)
        title, about = (_READY if environment.badge is None else _READY_TEST), _ABOUT
        if not self.is_real:
            title, about = (_LACKING, _ABOUT_LACKING) if self.lacks_keys else (_DEMO, _ABOUT_DEMO)
        column.addWidget(Label(look, Role.SENTENCE, title, wrap=True))
        column.addWidget(Label(look, Role.DETAIL, about, ink="text2", wrap=True))
        column.addSpacing(16)
        for page in pages:
            column.addLayout(_line(look, page, done=page.id in draft.done, wrong=draft.wrong.get(page.id)))
        self.trouble = Label(look, Role.BODY_STRONG, ink="red_text", wrap=True)
        self.trouble.hide()
        column.addSpacing(8)
        column.addWidget(self.trouble)
        column.addStretch(1)

    def show_trouble(self) -> None:
        """The settings could not be stored."""
        said = Text("{said}. {advice}", "{said}. {advice}").fill(said=CANNOT_SAVE.said, advice=CANNOT_SAVE.advice)
        self.trouble.show_text(said)
        self.trouble.show()


def _line(look: Look, page: Page, *, done: bool, wrong: Text | None) -> QHBoxLayout:
    """A page: done, left for later, or done and its test said that it does not work."""
    row = QHBoxLayout()
    row.setSpacing(14)
    fill, ink, icon = ("green_soft", "green_text", "tick") if done else ("pressed", "text2", "clock")
    if done and wrong is not None:
        fill, ink, icon = "amber_soft", "amber_text", "triangle"
    row.addWidget(Disc(look, 32, fill, ink, icon=icon))
    row.addWidget(Label(look, Role.DETAIL_STRONG, page.word))
    row.addStretch(1)
    needs_keys = page.id is PageId.KEYS and not done
    said = (wrong or _SET) if done else _LEFT
    amber = needs_keys or (done and wrong is not None)
    row.addWidget(Label(look, Role.BODY, said, ink="amber_text" if amber else "text2"))
    return row
