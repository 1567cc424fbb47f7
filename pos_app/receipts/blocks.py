"""The blocks a slip is made of, in reading order. `content` says what is in them, `layout` where they stand."""

from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """How a line of text is set."""

    STORE = "store"
    ADDRESS = "address"
    TITLE = "title"
    SUBTITLE = "subtitle"
    THANKS = "thanks"
    FOOT = "foot"
    BODY = "body"
    ITEM = "item"


class Sign(StrEnum):
    """The icon in a box."""

    TICK = "tick"
    HOURGLASS = "hourglass"
    CROSS = "cross"
    BACK = "back"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Centred:
    """A text in the middle; wraps."""

    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class Plain:
    """A text from the left edge; wraps."""

    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class Row:
    """A label at the left and its value at the right. An id is never broken and never cut."""

    label: str
    value: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Price, quantity and amount of one item; the head of the columns is not strong."""

    price: str
    quantity: str
    amount: str
    strong: bool = True


@dataclass(frozen=True, slots=True)
class Total:
    """The biggest thing on the slip; the amount never wraps."""

    label: str
    amount: str


@dataclass(frozen=True, slots=True)
class Box:
    """What the slip says about the money, with its sign. Filled is black with white letters: not confirmed."""

    text: str
    sign: Sign
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A black band from edge to edge with white letters: nobody overlooks it."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code with a heading and a sentence beside it."""

    text: str
    heading: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the slip."""

    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Ruler:
    """A ruler from edge to edge, margins and all: shows what the printer can reach."""


Block = Centred | Plain | Row | Columns | Total | Box | Band | Code | Rule | Ruler
