"""Text in both languages of the till, Vietnamese first.

A `Text` cannot exist in one language only, so nothing on screen or paper can be half translated.
"""

from enum import StrEnum
from typing import NamedTuple


class Language(StrEnum):
    """A language of screens and paper."""

    VI = "vi"
    EN = "en"


class Text(NamedTuple):
    """One text, in both languages. `{name}` marks what `fill` puts in."""

    vi: str
    en: str

    def say(self, language: Language) -> str:
        """The text in `language`."""
        return self.vi if language is Language.VI else self.en

    def fill(self, **values: object) -> "Text":
        """The same text with its marks filled; values that are themselves texts follow the language."""
        texts = {name: value for name, value in values.items() if isinstance(value, Text)}
        vi = {**values, **{name: text.vi for name, text in texts.items()}}
        en = {**values, **{name: text.en for name, text in texts.items()}}
        return Text(self.vi.format(**vi), self.en.format(**en))


NOTHING = Text("", "")


def same(text: str) -> Text:
    """A text that reads the same in both languages: a name, a number, an id."""
    return Text(text, text)
