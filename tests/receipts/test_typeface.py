"""The slip's fonts: every letter is there, and no mark reaches beyond the room that lines give it."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfbase.ttfonts import TTFont

from pos_app.receipts.content import printable
from pos_app.receipts.typeface import REACH_DOWN, REACH_UP, Face, balanced, font, width, wrapped
from pos_app.resources import font_file

TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VOWELS = [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES]
LETTERS = [form for letter in [*VOWELS, *"bcdđghklmnpqrstvx"] for form in (letter, letter.upper())]
PRINTABLE = [chr(number) for number in range(33, 0xFFFF) if printable(chr(number)) == chr(number)]

TEXTS = st.text(st.sampled_from(LETTERS + list("     0123456789.,-_")), min_size=1, max_size=120).map(printable)


@pytest.mark.parametrize("face", Face)
def test_every_printable_letter_is_in_every_font(face: Face) -> None:
    known = TTFont(face.name, str(font_file(face.file))).face.charToGlyph
    assert len(set(LETTERS)) == 2 * (12 * 6 + 17)
    assert set(LETTERS) <= set(PRINTABLE)
    assert [letter for letter in PRINTABLE if ord(letter) not in known] == []


@pytest.mark.parametrize("face", Face)
def test_no_vietnamese_letter_is_cut(face: Face) -> None:
    size = 200
    for letter in [*LETTERS, *"()[]{}|@₫,;_"]:
        _, top, _, bottom = font(face, size).getbbox(letter, anchor="ls")
        assert -top <= REACH_UP * size, letter
        assert bottom <= REACH_DOWN * size, letter


def test_figures_are_equally_wide() -> None:
    assert len({width(digit, Face.FIGURES_STRONG, 100) for digit in "0123456789"}) == 1


def test_the_variable_font_takes_its_weight() -> None:
    assert font(Face.FIGURES, 40).getmask("8").getbbox() is not None
    assert bytes(font(Face.FIGURES, 40).getmask("8")) != bytes(font(Face.FIGURES_STRONG, 40).getmask("8"))


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.integers(60, 500))
def test_wrapping_keeps_every_letter_and_stays_inside(text: str, room: int) -> None:
    for wrap in (wrapped, balanced):
        lines = wrap(text, Face.WORDS, 24, room)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(width(line, Face.WORDS, 24) <= room for line in lines)


def test_words_break_only_between_words() -> None:
    assert wrapped("một hai ba", Face.WORDS, 24, width("một hai", Face.WORDS, 24)) == ["một hai", "ba"]
    assert wrapped("một hai\u00a0ba", Face.WORDS, 24, width("một hai", Face.WORDS, 24)) == ["một", "hai ba"]


def test_balanced_lines_leave_no_word_alone() -> None:
    text = "12 Đường Mẫu, phường Bến Thành, TP. HCM"
    room = width(text, Face.FIGURES, 24) - 5
    assert wrapped(text, Face.FIGURES, 24, room)[-1] == "HCM"
    assert balanced(text, Face.FIGURES, 24, room) == ["12 Đường Mẫu, phường", "Bến Thành, TP. HCM"]
