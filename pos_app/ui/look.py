"""The look in force: language, theme and size. Every widget that shows a word or a colour follows its signal."""

from PySide6.QtCore import QObject, Signal, Slot

from pos_app.ui.theme import FULL, SIZES, TOKENS, Size, Theme, Tokens, size_for
from pos_app.words import Language, Text


class Look(QObject):
    """Language, theme, size of window and texts; they change while running.

    `text` is in percent. `motion` is False where the shop wants nothing to fade: then every change is at once.
    """

    changed = Signal()

    def __init__(
        self, language: Language = Language.VI, theme: Theme = Theme.LIGHT, *, text: int = FULL, motion: bool = True
    ) -> None:
        super().__init__()
        self.motion = motion
        self.language = language
        self.theme = theme
        self.text = text
        self.size: Size = SIZES[0].with_text(text)
        self._before: Look | None = None

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        return TOKENS[self.theme]

    def say(self, text: Text) -> str:
        """The text in the language in force."""
        return text.say(self.language)

    def colour(self, token: str) -> str:
        """A colour by its token's name, such as `green_text`."""
        value: str = getattr(self.tokens, token)
        return value

    def beside(self) -> "Look":
        """One that follows this one, for a part of the window that may have to write smaller."""
        other = Look(self.language, self.theme, text=self.text, motion=self.motion)
        other.size = self.size
        other._before = self
        self.changed.connect(other._follow)
        return other

    @property
    def whole(self) -> "Look":
        """The look of the whole window: what people choose is changed there."""
        return self if self._before is None else self._before.whole

    def speak(self, language: Language) -> None:
        """Change the language."""
        self._change(language, self.theme, self.size.name, self.text)

    def wear(self, theme: Theme) -> None:
        """Change the theme."""
        self._change(self.language, theme, self.size.name, self.text)

    def fit(self, width: int) -> None:
        """Take the measures for a window of `width` px."""
        self._change(self.language, self.theme, size_for(width).name, self.text)

    def write(self, text: int) -> None:
        """Show texts of that many percent of their size."""
        self._change(self.language, self.theme, self.size.name, text)

    @Slot()
    def _follow(self) -> None:
        if self._before is not None:
            before = self._before
            self._change(before.language, before.theme, before.size.name, before.text)

    def _change(self, language: Language, theme: Theme, size: int, text: int) -> None:
        if (language, theme, size, text) == (self.language, self.theme, self.size.name, self.text):
            return
        self.language, self.theme, self.text = language, theme, text
        self.size = size_for(size).with_text(text)
        self.changed.emit()
