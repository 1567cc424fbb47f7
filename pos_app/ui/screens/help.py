"""Help (F1) on the screen from which it was asked for: what it means, what to do, its keys. And how the till looks.

The words are in `help_topics`.
"""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.clock import Clock
from pos_app.ui.look import Look
from pos_app.ui.screens.exports import export_path
from pos_app.ui.screens.help_topics import OTHER, Topic
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.theme import TEXT_SIZES, Role, Theme
from pos_app.ui.widgets.button import Button, KeyCap
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import Divider, Frame, Label
from pos_app.ui.widgets.layouts import empty
from pos_app.words import Language, Text, same

_RULES = (
    ("hourglass", "amber", "on_amber", Text("Chưa rõ kết quả: ĐỪNG thu lại. Máy tự hỏi.",
                                            "Not known yet: do NOT charge again. The till asks.")),
    ("cross", "red", "on_red", Text("Chưa thu được tiền: thử lại được, với mã mới.",
                                    "No money was taken: you may try again, with a new code.")),
)  # fmt: skip
_SETTINGS = Text("Cài đặt", "Settings")
_THEMES = {
    Theme.LIGHT: Text("Sáng", "Light"),
    Theme.DARK: Text("Tối", "Dark"),
    Theme.CONTRAST: Text("Tương phản cao", "High contrast"),
}
_PHONE = Text("Điện thoại của khách mẫu, mở bằng trình duyệt:", "The demo customer’s phone, for a browser:")


_GUIDE = Text("Lưu hướng dẫn 2 trang (PDF)", "Save the two-page guide (PDF)")
_GUIDE_FILE = Text("huong-dan", "guide")
_SAVED = Text("Đã ghi {file}", "Wrote {file}")
_NOT_SAVED = Text("Không ghi được vào {folder}", "Nothing could be written to {folder}")


class HelpScreen(OtherScreen):
    """One page about the screen before it, above the switches of language, theme and size of text."""

    def __init__(
        self, look: Look, clock: Clock, *, phone_address: str, prefer: Callable[[], None], back: Callable[[], None],
        settings: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__()
        self._look, self._clock, self._prefer, self._leave = look, clock, prefer, back
        self._discs: list[Disc] = []
        self._details: list[Label] = []
        self._outer = QVBoxLayout(self)
        above = QHBoxLayout()
        above.addWidget(self._about(phone_address, settings), 3)
        above.addWidget(self._keys(), 2)
        self._above = above
        self._outer.addLayout(above, 1)
        self._outer.addWidget(self._choices())
        self.tell(OTHER, ())
        look.changed.connect(self._dress)
        self._dress()

    @property
    def can_go_back(self) -> bool:
        """Esc goes where F1 was pressed."""
        return True

    def back(self) -> None:
        """Esc: to the screen that this was about."""
        self._leave()

    def tell(self, topic: Topic, keys: Sequence[tuple[str, Text]]) -> None:
        """Tell of a screen.

        Args:
            topic: what there is to say.
            keys: caps of the foot that do something there, and what.
        """
        self._title.show_text(topic.title)
        self.setAccessibleName(f"{self._look.say(topic.title)}. {self._look.say(topic.meaning)}")
        self._meaning.show_text(topic.meaning)
        self._saved.hide()
        self._discs, self._details = self._rule_discs.copy(), []
        empty(self._todo)
        for place, text in enumerate(topic.todo, start=1):
            self._todo.addWidget(
                self._row(Disc(self._look, 32, "accent", "on_accent", figure=str(place)), text, Role.DETAIL_STRONG)
            )
        own = [cap for cap, _ in topic.keys]
        self._list_keys((*topic.keys, *(key for key in keys if key[0] not in own)))
        self._dress()

    def _about(self, phone_address: str, settings: Callable[[], None]) -> QWidget:
        look = self._look
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 20, 28, 20)
        column.setSpacing(8)
        self._title = Label(look, Role.TITLE, wrap=True)
        self._meaning = Label(look, Role.DETAIL, ink="text2", wrap=True)
        column.addWidget(self._title)
        column.addWidget(self._meaning)
        self._todo = QVBoxLayout()
        self._todo.setSpacing(8)
        column.addStretch(1)
        column.addLayout(self._todo)
        column.addStretch(1)
        column.addWidget(Divider())
        for icon, fill, ink, text in _RULES:
            column.addWidget(self._row(Disc(look, 32, fill, ink, icon=icon), text))
        self._rule_discs = self._discs.copy()
        column.addWidget(Divider())
        below, words = QHBoxLayout(), QVBoxLayout()
        words.setSpacing(0)
        if phone_address:
            words.addWidget(Label(look, Role.SMALL, _PHONE, ink="text2", wrap=True))
            address = Label(look, Role.FIGURE_STRONG, phone_address)
            address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.addWidget(address)
        self._saved = Label(look, Role.SMALL, ink="text2", wrap=True)
        self._saved.hide()
        words.addWidget(self._saved)
        below.addLayout(words, 1)
        self._settings_button = Button(look, _SETTINGS, settings, role=Role.SMALL_BUTTON, kind="quick", cap="F8")
        below.addWidget(self._settings_button)
        below.addWidget(Button(look, _GUIDE, self._save_guide, role=Role.SMALL_BUTTON, kind="quick"))
        column.addLayout(below)
        return card

    def _save_guide(self) -> None:
        """The two pages, in the language in force."""
        from pos_app.reports.guide import guide  # noqa: PLC0415 - only where it is made

        path = export_path(self._look.say(_GUIDE_FILE), ".pdf", self._clock.wall_ms())
        try:
            path.write_bytes(guide(self._look.language))
        except OSError:
            self._saved.show_text(_NOT_SAVED.fill(folder=path.parent))
        else:
            self._saved.show_text(_SAVED.fill(file=path))
        self._saved.show()

    def _row(self, disc: Disc, text: Text, role: Role = Role.BODY_STRONG) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(disc, alignment=Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(self._look, role, text, wrap=True), 1)
        self._discs.append(disc)
        return box

    def _keys(self) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(
            Label(self._look, Role.LABEL, Text("Phím của màn hình này", "Keys of this screen"), ink="text2")
        )
        self._key_grid = QGridLayout()
        self._key_grid.setHorizontalSpacing(16)
        self._key_grid.setColumnStretch(1, 1)
        column.addLayout(self._key_grid)
        column.addStretch()
        return card

    def _list_keys(self, keys: Sequence[tuple[str, Text]]) -> None:
        empty(self._key_grid)
        for place, (cap, word) in enumerate(keys):
            self._key_grid.addWidget(KeyCap(self._look, cap), place, 0, Qt.AlignmentFlag.AlignLeft)
            label = Label(self._look, Role.BODY, word)
            self._key_grid.addWidget(label, place, 1)
            self._details.append(label)

    def _choices(self) -> QWidget:
        look = self._look
        card = Frame("card")
        self._row_of_choices = QHBoxLayout(card)
        self._row_of_choices.setContentsMargins(20, 10, 20, 12)
        self._languages = {
            Language.VI: self._choice(same("Tiếng Việt"), partial(look.whole.speak, Language.VI)),
            Language.EN: self._choice(same("English"), partial(look.whole.speak, Language.EN)),
        }
        self._themes = {theme: self._choice(word, partial(look.whole.wear, theme)) for theme, word in _THEMES.items()}
        self._texts = {
            size: self._choice(same(f"{size}\u00a0%"), partial(look.whole.write, size)) for size in TEXT_SIZES
        }
        for title, buttons in (
            (Text("Ngôn ngữ", "Language"), self._languages), (Text("Giao diện", "Theme"), self._themes),
            (Text("Cỡ chữ", "Size of text"), self._texts),
        ):  # fmt: skip
            self._row_of_choices.addLayout(self._group(title, *buttons.values()), len(buttons))
        return card

    def _group(self, title: Text, *buttons: Button) -> QVBoxLayout:
        group, row = QVBoxLayout(), QHBoxLayout()
        group.setSpacing(4)
        row.setSpacing(8)
        group.addWidget(Label(self._look, Role.LABEL, title, ink="text2"))
        for button in buttons:
            row.addWidget(button, 1)
        group.addLayout(row)
        return group

    def _choice(self, word: Text, change: Callable[[], None]) -> Button:
        def chosen() -> None:
            change()
            self._prefer()

        button = Button(self._look, word, chosen, kind="choice", role=Role.SMALL_BUTTON)
        button.setMinimumHeight(48)
        button.narrow()
        return button

    @Slot()
    def _dress(self) -> None:
        size = self._look.size
        self._outer.setContentsMargins(size.gap, size.gap, size.gap, size.gap)
        self._outer.setSpacing(size.gap)
        self._above.setSpacing(size.gap)
        self._row_of_choices.setSpacing(32 if size.wide else 20)
        self._settings_button.setVisible(size.narrow)  # elsewhere it is in the foot
        self._key_grid.setVerticalSpacing(16 if size.wide else 4)
        for disc in self._discs:
            disc.resize_to(48 if size.wide else 32)
        for detail in self._details:
            detail.play(Role.DETAIL if size.wide else Role.BODY)
        for language, button in self._languages.items():
            button.choose(chosen=language is self._look.language)
        for theme, button in self._themes.items():
            button.choose(chosen=theme is self._look.theme)
        for text, button in self._texts.items():
            button.choose(chosen=text == self._look.whole.text)
