"""The form of a PIN, what is too easy to guess, and the waits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.staff.pin_rules import (
    DOUBLED,
    FEW_DIGITS,
    KEYPAD,
    MIRRORED,
    MISSES_MAX,
    REPEATED,
    SEQUENCE,
    WAITS_S,
    WRONG_FORM,
    find_weakness,
    has_form,
    wait_s,
)
from pos_app.words import Text


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("", WRONG_FORM), ("12345", WRONG_FORM), ("1234567890123", WRONG_FORM), ("48291a", WRONG_FORM),
        ("482 915", WRONG_FORM), ("482915\n", WRONG_FORM), ("٤٨٢٩١٥", WRONG_FORM), ("４８２９１５", WRONG_FORM),
        ("000000", SEQUENCE), ("999999999999", SEQUENCE), ("123456", SEQUENCE), ("654321", SEQUENCE),
        ("890123", SEQUENCE), ("012345678901", SEQUENCE), ("135791", SEQUENCE), ("864208", SEQUENCE),
        ("121212", REPEATED), ("1212121", REPEATED), ("123123", REPEATED), ("12341234", REPEATED),
        ("111222", FEW_DIGITS), ("110100", FEW_DIGITS), ("123321", MIRRORED), ("1234321", MIRRORED),
        ("112233", DOUBLED), ("22993388", DOUBLED), ("147258", KEYPAD), ("159753", KEYPAD),
    ],
)  # fmt: skip
def test_what_cannot_be_a_pin(pin: str, why: Text) -> None:
    assert find_weakness(pin) == why


@pytest.mark.parametrize("pin", ["482915", "739106", "010290", "112358", "123457", "482915739106"])
def test_what_can(pin: str) -> None:
    assert find_weakness(pin) is None


@given(st.text(max_size=14))
def test_only_digits_have_the_form(text: str) -> None:
    assert has_form(text) == (text.isascii() and text.isdigit() and 6 <= len(text) <= 12)


@given(st.text("0123456789", min_size=1, max_size=6), st.integers(2, 6))
def test_no_repeated_block_passes(block: str, times: int) -> None:
    assert find_weakness(block * times) is not None


def test_few_pins_are_lost_to_the_rules() -> None:
    """People must still find one: at least 99 of 100 are free."""
    free = sum(find_weakness(f"{number:06}") is None for number in range(0, 10**6, 97))
    assert free / len(range(0, 10**6, 97)) > 0.99


def test_waits_double_up_to_five_minutes() -> None:
    assert [wait_s(misses) for misses in range(MISSES_MAX)] == [0, 1, 2, 4, 8, 16, 32, 64, 128, 300]
    assert MISSES_MAX == 10
    assert list(WAITS_S) == sorted(WAITS_S)
