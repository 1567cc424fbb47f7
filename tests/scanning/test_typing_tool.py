"""A Vietnamese typing tool between scanner and till: what it makes of a code is undone, and nothing is left behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.scanning.keyboard import WedgeDetector
from pos_app.scanning.typing_tool import Key, keys_before
from tests.scanning.test_keyboard import CODE, Field
from tests.scanning.vni import Vni

codes = st.text("0123456789", min_size=12, max_size=20).filter(lambda code: len(set(code)) > 1)


def scan_into(word: str, code: str, *, gap_ms: int = 12, end: str = "\n") -> Field:
    """Somebody typed a word; then a scanner types a code, through the tool."""
    screen, tool = Field(), Vni()
    for letter in word:
        play(screen, tool.type(letter), 130)
    for place, digit in enumerate(code):
        play(screen, tool.type(digit), gap_ms if place else 130)
    if end:
        screen.key(end, gap_ms)
    screen.end()
    return screen


def play(screen: Field, seen: str, gap_ms: int) -> None:
    for place, key in enumerate(seen):
        screen.key(key, 0 if place else gap_ms)


def test_the_tool_does_change_the_keys() -> None:
    """The control: without what undoes it, the code would be another one."""
    tool = Vni("Nga")
    assert "".join(tool.type(digit) for digit in CODE) != CODE
    assert tool.type("a") == "a"
    assert [Vni("a").type(digit) for digit in "1268"] == ["\bá", "\bà", "\bâ", "\bă"]
    assert Vni("á").type("1") == "\ba1"
    assert Vni("Dung").type("9") == "\b\b\b\bĐung"


@pytest.mark.parametrize("word", ["a", "Nga", "Hoa", "Dung", "ban", "ngo", "y", "d", "xyz", "Tu"])
@pytest.mark.parametrize("end", ["\n", ""])
def test_a_code_scanned_after_a_word_is_whole_and_the_word_stays(word: str, end: str) -> None:
    screen = scan_into(word, CODE, end=end)
    assert (screen.text, screen.scans) == (word, [CODE])


@given(st.text("abcdeghiklmnoprstuvxy", max_size=7), codes, st.integers(1, 45))
def test_any_code_after_any_word_at_any_scanners_pace(word: str, code: str, gap_ms: int) -> None:
    screen = scan_into(word, code, gap_ms=gap_ms)
    assert (screen.text, screen.scans) == (word, [code])


@given(st.lists(st.text("abcdeghiou0123456789", min_size=1, max_size=12), max_size=5), st.integers(51, 300))
def test_words_typed_with_the_tool_arrive_as_it_sent_them(words: list[str], gap_ms: int) -> None:
    screen, expected = Field(), ""
    for word in words:
        tool = Vni()
        for key in word:
            seen = tool.type(key)
            expected += seen
            play(screen, seen, gap_ms)
        screen.key("<", gap_ms)  # Space
        expected += "<"
    assert screen.end() == (expected, [])


def test_what_no_rule_explains_is_an_empty_scan_and_leaves_nothing() -> None:
    """The till then says that the code could not be read; nobody is charged by a guess."""
    screen = Field().keys("\b" * 9 + "x" + CODE + "\n", 4)
    assert screen.end() == ("", [""])


def test_letters_that_a_tool_made_are_never_a_payment_code() -> None:
    screen = Field().keys("abcdef\bàghijklmnop\n", 4)
    assert screen.end() == ("", [""])


def test_backspace_of_a_person_deletes() -> None:
    screen = Field().keys("150", 120)
    screen.key("\b", 120)
    screen.keys("\b\n", 60)
    assert screen.end() == ("150\b\b\n", [])


def test_the_times_are_those_of_the_keys_that_were_pressed() -> None:
    seen = [Key("\b", 5), Key("à", 5), Key("8", 9)]
    assert keys_before("a", seen) == [Key("2", 5), Key("8", 9)]


def test_no_digit_of_a_pin_or_an_amount_is_kept() -> None:
    detector = WedgeDetector()
    screen = Field(detector).keys("Thu831642", 130)
    screen.end()
    assert detector._word == ""
