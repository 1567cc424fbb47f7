"""Whole dong: grouping, reading what a person types, amounts in words.

Money is an `int` number of dong everywhere, never a float. Rules for the words: see `in_words`.
"""

import re

from pos_app.words import Text

DONG = "₫"
MINUS = "−"
AMOUNT_MAX = 999_999_999
"""The largest amount that can be typed, in dong. What may be charged is a setting of the shop."""

_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*|[0-9]+")

_DIGITS_VI = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS_VI = ("", "nghìn", "triệu")
_UNITS_EN = (
    "", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS_EN = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_GROUPS_EN = ("", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion")


def grouped(amount: int) -> str:
    """`1250000` → `1.250.000`; a minus is U+2212, glued to the number."""
    digits = f"{abs(amount):,}".replace(",", ".")
    return f"{MINUS}{digits}" if amount < 0 else digits


def with_sign(amount: int) -> str:
    """`69000` → `69.000 ₫`, with a blank that does not break."""
    return f"{grouped(amount)}\u00a0{DONG}"


def read_amount(text: str) -> int:
    """The whole dong that a person typed: `100000`, `100.000` or `100,000`.

    Raises:
        ValueError: for anything else: `100.00`, `1.5`, a sign, nothing, words.
    """
    cleaned = text.strip().removesuffix(DONG).strip()
    if not _GROUPED.fullmatch(cleaned):
        message = "not a whole number of dong"
        raise ValueError(message)
    return int(re.sub(r"[.,]", "", cleaned))


def in_words(amount: int) -> Text:
    """The amount in words, as slips in Vietnam print it: capital first letter, ending with `đồng`.

    The choices among accepted forms: bốn (not tư), linh (not lẻ), nghìn (not ngàn), a whole group of zeros
    is left out, a zero of hundreds in a lower group is read ("một nghìn không trăm linh năm").
    """
    if amount < 0:
        minus = in_words(-amount)
        return Text("Âm " + _lower_first(minus.vi), "Minus " + _lower_first(minus.en))
    vi, en = _number_vi(amount) or "không", _number_en(amount) or "zero"
    return Text(f"{vi[0].upper()}{vi[1:]} đồng", f"{en[0].upper()}{en[1:]} dong")


def _lower_first(text: str) -> str:
    return text[0].lower() + text[1:]


def _number_vi(number: int) -> str:
    billions, rest = divmod(number, 10**9)
    words: list[str] = []
    if billions:
        words += [_number_vi(billions), "tỷ"]
    for power in (2, 1, 0):
        group = rest // 1000**power % 1000
        if group:
            words += [_group_vi(group, leading=not words), _GROUPS_VI[power]]
    return " ".join(filter(None, words))


def _group_vi(group: int, *, leading: bool) -> str:
    hundreds, tens, units = group // 100, group // 10 % 10, group % 10
    words: list[str] = []
    if hundreds or not leading:
        words.append(f"{_DIGITS_VI[hundreds]} trăm")
    if tens == 0 and units and words:
        words.append("linh")
    if tens == 1:
        words.append("mười")
    elif tens > 1:
        words.append(f"{_DIGITS_VI[tens]} mươi")
    if units:
        words.append(_unit_vi(tens, units))
    return " ".join(words)


def _unit_vi(tens: int, units: int) -> str:
    if units == 1 and tens > 1:
        return "mốt"
    if units == 5 and tens > 0:  # noqa: PLR2004 - the digit five
        return "lăm"
    return _DIGITS_VI[units]


def _number_en(number: int) -> str:
    words: list[str] = []
    for power in range(len(_GROUPS_EN) - 1, -1, -1):
        group = number // 1000**power % 1000
        if group:
            words += [_group_en(group), _GROUPS_EN[power]]
    return " ".join(filter(None, words))


def _group_en(group: int) -> str:
    hundreds, rest = divmod(group, 100)
    words = [f"{_UNITS_EN[hundreds]} hundred"] if hundreds else []
    if rest < len(_UNITS_EN):
        words.append(_UNITS_EN[rest])
    else:
        words.append("-".join(filter(None, (_TENS_EN[rest // 10], _UNITS_EN[rest % 10]))))
    return " ".join(filter(None, words))
