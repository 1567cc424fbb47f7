"""The rules of a PIN: its form, what is too easy to guess, how long to wait after a miss. Pure; no PIN is kept."""

import re
from itertools import pairwise

from pos_app.words import Text

LENGTH_MIN = 6
LENGTH_MAX = 12

WAITS_S = (1, 2, 4, 8, 16, 32, 64, 128, 300)
"""Seconds to wait after the first, second … miss in a row. The miss after the last of them locks."""

MISSES_MAX = len(WAITS_S) + 1
"""Misses in a row at which only the owner's recovery code helps."""

_FORM = re.compile(rf"[0-9]{{{LENGTH_MIN},{LENGTH_MAX}}}")

_KEYPAD_WALKS = {
    "147258", "258369", "369258", "258147", "147369", "159357", "357159", "159753", "753159", "951753", "789456",
    "456123", "123789", "789123", "147852", "741852", "963852", "123654", "789654",
    "456789123", "147258369",
}  # fmt: skip

WRONG_FORM = Text(
    f"PIN có từ {LENGTH_MIN} đến {LENGTH_MAX} chữ số.",
    f"A PIN has {LENGTH_MIN} to {LENGTH_MAX} digits.",
)
SEQUENCE = Text(
    "Dễ đoán: các chữ số giống nhau hoặc cách đều. Chọn PIN khác.",
    "Easy to guess: digits all alike, or in even steps. Choose another.",
)
REPEATED = Text(
    "Dễ đoán: một nhóm chữ số lặp lại. Chọn PIN khác.",
    "Easy to guess: a group of digits repeats. Choose another.",
)
FEW_DIGITS = Text(
    "Dễ đoán: chỉ có hai chữ số khác nhau. Chọn PIN khác.",
    "Easy to guess: only two different digits. Choose another.",
)
MIRRORED = Text(
    "Dễ đoán: đọc xuôi ngược như nhau. Chọn PIN khác.",
    "Easy to guess: the same forwards and backwards. Choose another.",
)
DOUBLED = Text(
    "Dễ đoán: từng cặp chữ số giống nhau. Chọn PIN khác.",
    "Easy to guess: each digit stands twice. Choose another.",
)
KEYPAD = Text(
    "Dễ đoán: một đường trên bàn phím số. Chọn PIN khác.",
    "Easy to guess: a path over the keypad. Choose another.",
)


def has_form(pin: str) -> bool:
    """Whether this is 6 to 12 digits 0–9, as every PIN is."""
    return _FORM.fullmatch(pin) is not None


def find_weakness(pin: str) -> Text | None:
    """Why this cannot be a new PIN, to show beside the field; None when it can."""
    if not has_form(pin):
        return WRONG_FORM
    rules = (
        (SEQUENCE, _has_even_steps(pin)),
        (REPEATED, any(_repeats(pin, length) for length in range(1, len(pin) // 2 + 1))),
        (FEW_DIGITS, len(set(pin)) == 2),  # noqa: PLR2004 - the two of the text
        (MIRRORED, pin == pin[::-1]),
        (DOUBLED, len(pin) % 2 == 0 and pin[::2] == pin[1::2]),
        (KEYPAD, pin in _KEYPAD_WALKS),
    )
    return next((text for text, true in rules if true), None)


def wait_s(misses: int) -> int:
    """Seconds to wait after so many misses in a row, fewer than `MISSES_MAX`; 0 after none."""
    return WAITS_S[misses - 1] if misses else 0


def _has_even_steps(pin: str) -> bool:
    """`000000`, `123456`, `890123`, `135791`: from each digit to the next the same step, going on from 9 with 0."""
    digits = [int(digit) for digit in pin]
    return len({(after - before) % 10 for before, after in pairwise(digits)}) == 1


def _repeats(pin: str, length: int) -> bool:
    """`121212`, `1231231`: after `length` digits the same ones come again."""
    return all(again == before for before, again in zip(pin, pin[length:], strict=False))
