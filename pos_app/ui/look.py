"""The look in force: language, theme and size. Every widget that shows a word or a colour follows its signal."""

from PySide6.QtCore import QObject, Signal

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

    def speak(self, language: Language) -> None:
        """Change the language."""
        self._change(language, self.theme, self.size, self.text)

    def wear(self, theme: Theme) -> None:
        """Change the theme."""
        self._change(self.language, theme, self.size, self.text)

    def fit(self, width: int) -> None:
        """Take the measures for a window of `width` px."""
        self._change(self.language, self.theme, size_for(width), self.text)

    def write(self, text: int) -> None:
        """Show texts of that many percent of their size."""
        self._change(self.language, self.theme, size_for(self.size.name), text)

    def _change(self, language: Language, theme: Theme, size: Size, text: int) -> None:
        if (language, theme, size.name, text) == (self.language, self.theme, self.size.name, self.text):
            return
        self.language, self.theme, self.size, self.text = language, theme, size.with_text(text), text
        self.changed.emit()
