"""Money: whole dong, grouped by dots, read back, and in words as an independent package reads them."""

import random

import pytest
import vn_money
from hypothesis import given
from hypothesis import strategies as st

from pos_app.money import MINUS, grouped, in_words, read_amount, with_sign

AMOUNTS = st.integers(0, 10**15)

EXAMPLES = {
    0: "Không đồng",
    5: "Năm đồng",
    15: "Mười lăm đồng",
    21: "Hai mươi mốt đồng",
    55: "Năm mươi lăm đồng",
    101: "Một trăm linh một đồng",
    1_005: "Một nghìn không trăm linh năm đồng",
    10_015: "Mười nghìn không trăm mười lăm đồng",
    24_000: "Hai mươi bốn nghìn đồng",
    69_000: "Sáu mươi chín nghìn đồng",
    100_000: "Một trăm nghìn đồng",
    121_000: "Một trăm hai mươi mốt nghìn đồng",
    1_000_005: "Một triệu không trăm linh năm đồng",
    2_050_000: "Hai triệu không trăm năm mươi nghìn đồng",
    105_005_005: "Một trăm linh năm triệu không trăm linh năm nghìn không trăm linh năm đồng",
    15_021_000_000: "Mười lăm tỷ không trăm hai mươi mốt triệu đồng",
    1_000_000_001: "Một tỷ không trăm linh một đồng",
}


def words_of_the_peer(amount: int) -> str:
    """The peer's words in the forms chosen here: bốn, and no word for a whole group of zeros."""
    words = vn_money.to_words(amount)
    words = words.replace("không triệu ", "").replace("không nghìn ", "").replace("mươi tư", "mươi bốn")
    return f"{words[0].upper()}{words[1:]} đồng"


@pytest.mark.parametrize(("amount", "words"), EXAMPLES.items())
def test_words_as_slips_print_them(amount: int, words: str) -> None:
    assert in_words(amount).vi == words
    assert words_of_the_peer(amount) == words


def test_words_agree_with_an_independent_package() -> None:
    chance = random.Random(20260628)
    amounts = [*range(10_000), *(chance.randrange(10 ** chance.randint(4, 12)) for _ in range(20_000)), 10**12]
    assert [
        (amount, in_words(amount).vi) for amount in amounts if in_words(amount).vi != words_of_the_peer(amount)
    ] == []


def test_words_beyond_the_peer() -> None:
    assert in_words(-50_000).vi == "Âm năm mươi nghìn đồng"
    assert in_words(3 * 10**15).vi == "Ba triệu tỷ đồng"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Zero dong"),
        (1, "One dong"),
        (13, "Thirteen dong"),
        (40, "Forty dong"),
        (101, "One hundred one dong"),
        (185_000, "One hundred eighty-five thousand dong"),
        (1_000_005, "One million five dong"),
        (90_012_019, "Ninety million twelve thousand nineteen dong"),
        (999_000_999, "Nine hundred ninety-nine million nine hundred ninety-nine dong"),
        (-20_000, "Minus twenty thousand dong"),
    ],
)  # fmt: skip
def test_words_in_english(amount: int, words: str) -> None:
    assert in_words(amount).en == words


@given(st.integers(1, 10**13), st.integers(1, 10**13))
def test_no_two_amounts_share_their_words(one: int, other: int) -> None:
    assert (in_words(one).vi == in_words(other).vi) is (one == other)
    assert (in_words(one).en == in_words(other).en) is (one == other)


@given(AMOUNTS)
def test_words_are_clean(amount: int) -> None:
    for words in in_words(amount):
        assert words == " ".join(words.split())
        assert words[0].isupper()


@given(AMOUNTS)
def test_what_is_grouped_is_read_back(amount: int) -> None:
    assert read_amount(grouped(amount)) == amount
    assert read_amount(str(amount)) == amount
    assert read_amount(with_sign(amount)) == amount
    assert read_amount(grouped(amount).replace(".", ",")) == amount


@given(AMOUNTS)
def test_groups_are_three_digits(amount: int) -> None:
    first, *others = grouped(amount).split(".")
    assert 1 <= len(first) <= 3
    assert all(len(group) == 3 for group in others)
    assert "".join((first, *others)) == str(amount)
    assert grouped(-amount) == (f"{MINUS}{grouped(amount)}" if amount else "0")


def test_the_sign_follows_a_blank_that_does_not_break() -> None:
    assert with_sign(69_000) == "69.000\u00a0₫" == vn_money.format_vnd(69_000)


@pytest.mark.parametrize(("text", "amount"), [(" 100.000 ", 100_000), ("100,000", 100_000), ("1.250.000₫", 1_250_000),
                                              ("0", 0), ("007", 7), ("100.000\u00a0₫", 100_000)])  # fmt: skip
def test_amounts_that_people_type(text: str, amount: int) -> None:
    assert read_amount(text) == amount


@pytest.mark.parametrize(
    "text",
    ["", " ", "₫", "100.00", "1.5", "1,5", "1.000,5", "1.000,000", "1,000.000", "1000.000", ".000", "1.", "-5", "+5",
     "−5", "100k", "1e5", "0x10", "1_000", "1 000", "１００", "٣", "một trăm", "9" * 5000],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"whole number of dong|integer string"):
        read_amount(text)


@given(st.text(max_size=12))
def test_reading_never_guesses(text: str) -> None:
    try:
        amount = read_amount(text)
    except ValueError:
        return
    assert str(amount) == "".join(letter for letter in text if letter.isdecimal()).lstrip("0") or amount == 0
