"""How the till looks: colour tokens, sizes by window width, fonts, and the one style sheet made from them.

Colours and shapes come from the style sheet; a text's font comes from `Size.font`, since IBM Plex Sans is one
variable font, whose weight a style sheet cannot choose. No widget names a colour or a number of its own.
"""

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtGui import QFont, QFontDatabase

from pos_app.resources import font_file

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

WORDS = "Be Vietnam Pro"
FIGURES = "IBM Plex Sans"
_FILES = (
    "BeVietnamPro-Regular", "BeVietnamPro-Medium", "BeVietnamPro-SemiBold", "BeVietnamPro-Bold",
    "BeVietnamPro-ExtraBold", "IBMPlexSans",
)  # fmt: skip


class Theme(StrEnum):
    """Light, dark, or with the strongest contrast there is."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Tokens(NamedTuple):
    """The colours of one theme. Amber, green and red mean states and nothing else; accent never means a state."""

    bg: str = "#ECEFF2"
    surface: str = "#FFFFFF"
    sunk: str = "#F4F6F8"
    line: str = "#D6DBE2"
    pressed: str = "#D6DBE2"
    edge: str = "#7B8594"
    text: str = "#141A22"
    text2: str = "#4C5665"
    accent: str = "#2347C5"
    on_accent: str = "#FFFFFF"
    accent_soft: str = "#E7ECFC"
    accent_text: str = "#2347C5"
    green: str = "#0B7544"
    on_green: str = "#FFFFFF"
    green_soft: str = "#E1F3E9"
    green_text: str = "#0B6B3E"
    amber: str = "#F4B42C"
    on_amber: str = "#2A1C00"
    amber_soft: str = "#FFF4DB"
    amber_text: str = "#855000"
    red: str = "#B91C2B"
    on_red: str = "#FFFFFF"
    red_soft: str = "#FDEBEC"
    red_text: str = "#A81826"
    camera: str = "#11161C"
    on_camera: str = "#FFFFFF"
    found: str = "#3BD486"


LIGHT = Tokens()
DARK = Tokens(
    bg="#0F1318", surface="#181E26", sunk="#212934", line="#333D4A", pressed="#333D4A", edge="#7C8898", text="#F2F5F9",
    text2="#B4BECB", accent="#8FA7FF", on_accent="#0B1231", accent_soft="#232E55", accent_text="#A9BBFF",
    green="#0D7445", green_soft="#12331F", green_text="#63D99B", amber_soft="#35290F", amber_text="#F7C456",
    red="#D23845", red_soft="#3B1B1F", red_text="#FF979C",
)  # fmt: skip
CONTRAST = Tokens(
    bg="#000000", surface="#000000", sunk="#1C1C1C", line="#FFFFFF", pressed="#3C3C3C", edge="#FFFFFF", text="#FFFFFF",
    text2="#EDEDED", accent="#3DE4FF", on_accent="#000000", accent_soft="#003842", accent_text="#6CEBFF",
    green="#3DF08F", on_green="#000000", green_soft="#003A1C", green_text="#5CFFA8", amber="#FFD60A",
    on_amber="#000000", amber_soft="#352C00", amber_text="#FFE14D", red="#FF8585", on_red="#000000",
    red_soft="#470008", red_text="#FFB8B8", camera="#000000", found="#3DF08F",
)  # fmt: skip
TOKENS = {Theme.LIGHT: LIGHT, Theme.DARK: DARK, Theme.CONTRAST: CONTRAST}


class Role(StrEnum):
    """What a text is on screen; decides its font and size."""

    PAID_AMOUNT = "paid_amount"
    AMOUNT = "amount"
    DO_NOT = "do_not"
    SENTENCE = "sentence"
    TITLE = "title"
    DETAIL = "detail"
    DETAIL_STRONG = "detail_strong"
    BUTTON = "button"
    SMALL_BUTTON = "small_button"
    BODY = "body"
    BODY_STRONG = "body_strong"
    LABEL = "label"
    SMALL = "small"
    FIGURE = "figure"
    FIGURE_STRONG = "figure_strong"
    KEY = "key"
    CAP = "cap"
    COUNT = "count"
    STORE = "store"
    FIGURE_TITLE = "figure_title"
    BAND = "band"


FULL = 100
"""Percent: texts as they are drawn."""
TEXT_SIZES = (FULL, 125, 150)
LARGE_PX = 30
"""A text of this height is read from afar: larger texts stay as they are where all others grow."""


class Size(NamedTuple):
    """The measures of one window width, in px."""

    name: int
    head: int
    foot: int
    gap: int
    left: int
    padding: int
    amount_box: int
    field: int
    words: int
    preview: int
    disc: int
    disc_small: int
    ring: int
    fonts: dict[Role, tuple[str, int, int]]
    narrow: bool = False

    @property
    def wide(self) -> bool:
        """Whether there is room for more than a shop's usual screen has."""
        return self.name >= SIZES[-1].name

    def with_text(self, percent: int) -> "Size":
        """The same measures with texts of `percent` of their size; what is large already grows no further."""
        if percent == FULL:
            return self
        fonts = {
            role: (family, max(px, min(px * percent // 100, LARGE_PX)), weight)
            for role, (family, px, weight) in self.fonts.items()
        }
        return self._replace(fonts=fonts, words=self.words * percent // 100, narrow=not self.wide)

    def font(self, role: Role) -> QFont:
        """The font of a role."""
        family, px, weight = self.fonts[role]
        return make_font(family, px, weight)


def make_font(family: str, px: int, weight: int) -> QFont:
    """A font of the till: weights of Plex are a point on its axis."""
    font = QFont(family)
    font.setPixelSize(px)
    if family == FIGURES:
        font.setVariableAxis(QFont.Tag("wght"), weight)
    else:
        font.setWeight(QFont.Weight(weight))
    return font


_WEIGHTS = {
    Role.PAID_AMOUNT: (FIGURES, 600), Role.AMOUNT: (FIGURES, 600), Role.DO_NOT: (WORDS, 800),
    Role.SENTENCE: (WORDS, 700), Role.TITLE: (WORDS, 700), Role.DETAIL: (WORDS, 400),
    Role.DETAIL_STRONG: (WORDS, 600), Role.BUTTON: (WORDS, 600), Role.SMALL_BUTTON: (WORDS, 600),
    Role.BODY: (WORDS, 400), Role.BODY_STRONG: (WORDS, 600), Role.LABEL: (WORDS, 600), Role.SMALL: (WORDS, 500),
    Role.FIGURE: (FIGURES, 400), Role.FIGURE_STRONG: (FIGURES, 600), Role.KEY: (FIGURES, 500),
    Role.CAP: (FIGURES, 600), Role.COUNT: (FIGURES, 600), Role.STORE: (WORDS, 700),
    Role.FIGURE_TITLE: (FIGURES, 600), Role.BAND: (WORDS, 500),
}  # fmt: skip


def _fonts(*px: int) -> dict[Role, tuple[str, int, int]]:
    return {role: (family, size, weight) for (role, (family, weight)), size in zip(_WEIGHTS.items(), px, strict=True)}


SIZES = (
    Size(1024, 56, 64, 16, 376, 20, 88, 48, 50, 200, 136, 112, 160,
         _fonts(72, 48, 44, 40, 28, 18, 20, 17, 15, 15, 15, 14, 13, 15, 15, 28, 13, 56, 16, 28, 22), narrow=True),
    Size(1366, 56, 64, 16, 440, 20, 88, 48, 50, 288, 136, 112, 184,
         _fonts(96, 56, 56, 44, 32, 20, 20, 17, 15, 16, 16, 14, 14, 16, 16, 28, 13, 64, 16, 34, 28)),
    Size(1920, 64, 72, 24, 560, 24, 120, 56, 60, 400, 192, 144, 240,
         _fonts(128, 72, 72, 56, 40, 26, 26, 20, 17, 18, 18, 15, 15, 18, 18, 36, 15, 88, 20, 40, 36)),
)  # fmt: skip


def size_for(width: int) -> Size:
    """The measures for a window of `width` px: the widest that fits."""
    return next((size for size in reversed(SIZES) if size.name <= width), SIZES[0])


def load_fonts() -> None:
    """Give both fonts to Qt; needs a QApplication.

    Raises:
        FileNotFoundError: a font package is not installed.
    """
    for name in _FILES:
        QFontDatabase.addApplicationFont(str(font_file(name)))


@lru_cache(maxsize=len(Theme))
def style_sheet(tokens: Tokens) -> str:
    """The one style sheet. `@name` in it stands for a token."""
    sheet = _SHEET
    for name, colour in tokens._asdict().items():
        sheet = sheet.replace(f"@{name};", f"{colour};")
    return sheet


def colour_window(window: "QWidget", tokens: Tokens) -> None:
    """Give a window the sheet in these colours, unless it has it: with each sheet Qt polishes all widgets anew."""
    sheet = style_sheet(tokens)
    if window.styleSheet() != sheet:
        window.setStyleSheet(sheet)


_SHEET = """
#window { background: @bg; }
QLabel { color: @text; background: transparent; border: none; }
QLabel[ink="text2"] { color: @text2; }
QLabel[ink="accent_text"] { color: @accent_text; }
QLabel[ink="on_accent"] { color: @on_accent; }
QLabel[ink="green_text"] { color: @green_text; }
QLabel[ink="on_green"] { color: @on_green; }
QLabel[ink="amber_text"] { color: @amber_text; }
QLabel[ink="on_amber"] { color: @on_amber; }
QLabel[ink="red_text"] { color: @red_text; }
QLabel:disabled { color: @text2; }

QFrame[look="card"] { background: @surface; border: 1px solid @line; border-radius: 16px; }
QFrame[look="card_first"] { background: @surface; border: 2px solid @accent; border-radius: 16px; }
QFrame[look="head"] { background: @surface; border: none; border-bottom: 1px solid @line; }
QFrame[look="foot"] { background: @surface; border: none; border-top: 1px solid @line; }
QFrame[look="divider"] { background: @line; border: none; }
QFrame[look="strip"] { background: @sunk; border: none; border-top: 1px solid @line;
  border-bottom-left-radius: 15px; border-bottom-right-radius: 15px; }
QFrame[look="box"] { background: @sunk; border: none; border-radius: 12px; }
QFrame[look="buttons"] { background: @surface; border: none; border-top: 1px solid @line;
  border-bottom-left-radius: 14px; border-bottom-right-radius: 14px; }
QFrame[look="paid"] { background: @green; border: 1px solid @green; border-radius: 16px; }
QFrame[look="declined"] { background: @red_soft; border: 2px solid @red; border-radius: 16px; }
QFrame[look="unknown"] { background: @amber_soft; border: 2px solid @amber; border-radius: 16px; }
QFrame[look="band"] { background: @amber; border: none; border-top-left-radius: 14px; border-top-right-radius: 14px; }
QFrame[look="wrong"] { background: @amber_soft; border: none; border-bottom: 1px solid @line;
  border-top-left-radius: 15px; border-top-right-radius: 15px; }
QFrame[look="popover"] { background: @surface; border: 1px solid @edge; border-radius: 12px; }
QFrame[look="pill_accent"] { background: @accent_soft; border: none; border-radius: 14px; }
QFrame[look="pill_green"] { background: @green_soft; border: none; border-radius: 14px; }
QFrame[look="pill_amber"] { background: @amber_soft; border: none; border-radius: 14px; }
QFrame[look="pill_red"] { background: @red_soft; border: none; border-radius: 14px; }
QFrame[look="pill_none"] { background: @sunk; border: none; border-radius: 14px; }
QLabel[look="cap"] { border: 1px solid @edge; border-radius: 6px; padding: 0px 6px; color: @text2; }

QLabel[look="paper"] { background: #FFFFFF; border: 1px solid @line; }
QLineEdit { background: transparent; border: none; color: @text; selection-background-color: @accent;
  selection-color: @on_accent; placeholder-text-color: @text2; padding: 0px; }
QFrame[look="field"] { background: @surface; border: 1px solid @edge; border-radius: 10px; }
QFrame[look="field_focus"] { background: @surface; border: 2px solid @accent; border-radius: 10px; }

QPushButton { background: @surface; border: 1px solid @edge; border-radius: 12px; color: @text; }
QPushButton:hover { background: @sunk; }
QPushButton:pressed { background: @pressed; }
QPushButton:disabled { background: @sunk; border: 1px solid @line; color: @text2; }
QPushButton[kind="primary"] { background: @accent; border: 1px solid @accent; }
QPushButton[kind="primary"] QLabel { color: @on_accent; }
QPushButton[kind="primary"] QLabel[look="cap"] { border: 1px solid @on_accent; }
QPushButton[kind="on_green"] { background: @on_green; border: 1px solid @on_green; }
QPushButton[kind="on_green"] QLabel { color: @green; }
QPushButton[kind="on_green"] QLabel[look="cap"] { border: 1px solid @green; }
QPushButton[kind="key"] { background: @sunk; border: 1px solid @line; }
QPushButton[kind="key"]:hover { background: @pressed; }
QPushButton[kind="quick"] { background: @accent_soft; border: none; border-radius: 10px; }
QPushButton[kind="quick"] QLabel { color: @accent_text; }
QPushButton[kind="quick"]:pressed { background: @pressed; }
QPushButton[kind="plain"], QPushButton[kind="light"], QPushButton[kind="foot"] {
  background: transparent; border: none; border-radius: 8px; }
QPushButton[kind="plain"] QLabel { color: @accent_text; }
QPushButton[kind="light"] QLabel { color: @text2; }
QPushButton[kind="plain"]:hover, QPushButton[kind="light"]:hover, QPushButton[kind="foot"]:hover { background: @sunk; }
QPushButton[kind="foot"][chosen="true"] { background: @accent_soft; }
QPushButton[kind="foot"][chosen="true"] QLabel { color: @accent_text; }
QPushButton[kind="foot"][chosen="true"] QLabel[look="cap"] { border: 1px solid @accent; }
QPushButton[kind="pill_amber"] { background: @amber; border: none; border-radius: 20px; }
QPushButton[kind="pill_amber"] QLabel { color: @on_amber; }
QPushButton[kind="warn"] { background: @amber_soft; border: none; border-radius: 10px; }
QPushButton[kind="warn"] QLabel { color: @amber_text; }
QPushButton[kind="bad"] { background: @red_soft; border: none; border-radius: 10px; }
QPushButton[kind="bad"] QLabel { color: @red_text; }
QPushButton[kind="good"] { background: @green_soft; border: none; border-radius: 10px; }
QPushButton[kind="good"] QLabel { color: @green_text; }
QPushButton[kind="picker"] { border-radius: 12px; }
QPushButton[kind="picker"][chosen="true"], QPushButton[kind="tab"][chosen="true"] { background: @accent_soft;
  border: 1px solid @accent; }
QPushButton[kind="picker"][chosen="true"] QLabel, QPushButton[kind="tab"][chosen="true"] QLabel { color: @accent_text; }
QPushButton[kind="choice"][chosen="true"] { background: @accent_soft; border: 2px solid @accent; }
QPushButton[kind="choice"][chosen="true"] QLabel { color: @accent_text; }

QMenu#choices { background: @surface; color: @text; border: 1px solid @edge; padding: 6px; }
QMenu#choices::item { padding: 12px 28px 12px 14px; border-radius: 8px; background: transparent; }
QMenu#choices::item:selected { background: @accent_soft; color: @accent_text; }
QMenu#choices::item:checked { color: @accent_text; }
QMenu#choices::indicator { width: 0px; }
QTableView#figures { background: transparent; border: none; outline: none; color: @text; }
QTableView#figures::item { border: none; padding: 0px 8px; }
QTableView#figures::item:selected { background: @accent_soft; color: @text; }
QTableView#figures QHeaderView { background: transparent; }
QTableView#figures QHeaderView::section { background: transparent; color: @text2; border: none;
  border-bottom: 1px solid @line; padding: 0px 8px; }
QDialog { background: @surface; }
QDialog QPushButton { min-height: 44px; padding: 0px 20px; }
QDialog QPushButton:focus { border: 2px solid @accent; }
QDialog QLineEdit, QDialog QComboBox { background: @surface; color: @text; border: 1px solid @edge;
  border-radius: 10px; padding: 0px 10px; min-height: 42px; }
QDialog QComboBox::drop-down { border: none; width: 28px; }
QDialog QAbstractItemView { background: @surface; color: @text; border: 1px solid @line;
  selection-background-color: @accent_soft; selection-color: @text; }
QDialog QHeaderView, QDialog QHeaderView::section { background: @surface; color: @text2; border: none; padding: 4px; }
QDialog QToolButton { background: @pressed; border: none; border-radius: 6px; padding: 4px; }
QTableCornerButton::section { background: transparent; border: none; }
QToolTip { background: @surface; color: @text; border: 1px solid @edge; padding: 6px; }
QListView#rows { background: transparent; border: none; outline: none; }
QScrollArea { background: transparent; border: none; }
QWidget#page { background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar::handle:vertical { background: @edge; border-radius: 4px; min-height: 48px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle:horizontal { background: @edge; border-radius: 4px; min-width: 48px; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0px; width: 0px; }
"""
