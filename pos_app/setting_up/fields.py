"""The fields of a set-up page: how a setting is typed, and what was typed as a setting. Nothing is stored here."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from pos_app.settings import Settings, fits
from pos_app.words import NOTHING, Language, Text

YES, NO = "true", "false"
_YES_OR_NO = {YES: Text("Có", "Yes"), NO: Text("Không", "No")}
_NEEDED = Text("Cần nhập mục này.", "This is needed.")
_CANNOT_BE = Text("Không dùng được giá trị này.", "This cannot be used.")


class Kind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"


class Field(NamedTuple):
    """One setting on a page.

    Attributes:
        name: section and key, such as "shop.till".
        label: what stands above it.
        kind: how it is filled in.
        choices: of a CHOICE, by the value in the file.
        needed: it must not be empty.
        blanks: those at its ends belong to it.
        wrong: what is said of a value that cannot be.
    """

    name: str
    label: Text
    kind: Kind = Kind.TEXT
    choices: Mapping[str, Text] | None = None
    needed: bool = False
    blanks: bool = False
    wrong: Text = _CANNOT_BE


class Taken(NamedTuple):
    """What became of what was typed.

    Attributes:
        settings: with it, as far as it can be.
        mistakes: by the field's name, in words.
    """

    settings: Settings
    mistakes: dict[str, Text]


def switch(name: str, label: Text) -> Field:
    """A field with yes or no."""
    return Field(name, label, Kind.CHOICE, _YES_OR_NO)


def shown(settings: Settings, name: str) -> str:
    """A setting as a field shows it."""
    section, _, key = name.partition(".")
    value = getattr(getattr(settings, section), key)
    return (YES if value else NO) if isinstance(value, bool) else str(value)


def taken(settings: Settings, fields: Iterable[Field], typed: Mapping[str, str]) -> Taken:
    """The settings with what was typed; a field that was not on the page, and one with a mistake, stays as it was."""
    mistakes: dict[str, Text] = {}
    for field in fields:
        if field.name in typed:
            text = typed[field.name]
            settings, mistake = _put(settings, field, text if field.blanks else text.strip())
            if mistake != NOTHING:
                mistakes[field.name] = mistake
    return Taken(settings, mistakes)


def _put(settings: Settings, field: Field, text: str) -> tuple[Settings, Text]:
    section, _, key = field.name.partition(".")
    if field.needed and not text:
        return settings, _NEEDED
    value = _value(getattr(getattr(Settings(), section), key), text)
    if value is None or not fits(section, key, value):
        return settings, field.wrong
    changed = getattr(settings, section)._replace(**{key: value})
    return settings._replace(**{section: changed}), NOTHING


def _value(default: object, text: str) -> object:
    """What the text means where `default` stands, None for nothing."""
    if isinstance(default, bool):
        return {YES: True, NO: False}.get(text)
    if isinstance(default, int):
        digits = text.replace(".", "").replace(" ", "")
        return int(digits) if digits.isascii() and digits.isdecimal() else None
    if isinstance(default, Language):
        return Language(text) if text in list(Language) else None
    return text if _can_be_written(text) else None


def _can_be_written(text: str) -> bool:
    """Half a character, pasted from somewhere, is in no file's spelling."""
    return text == text.encode(errors="replace").decode()
