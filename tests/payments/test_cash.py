"""Cash: change to the dong, notes counted, and what must be in the drawer."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.money import AMOUNT_MAX
from pos_app.payments.cash import (
    NOTES,
    CashError,
    CashKind,
    change,
    checked_amount,
    checked_reason,
    counted,
    left_to_give_back,
    moved,
    posting,
)
from pos_app.payments.ledger import Account

AMOUNTS = st.integers(1, AMOUNT_MAX)


@pytest.mark.parametrize(
    ("amount", "handed", "back"),
    [
        (185_000, 200_000, 15_000),
        (1, 1, 0),
        (999, 500_000, 499_001),
        (500_000, 500_000, 0),
        (1, AMOUNT_MAX, 999_999_998),
    ],
)
def test_change(amount: int, handed: int, back: int) -> None:
    assert change(amount, handed) == back


@given(amount=AMOUNTS, more=st.integers(0, AMOUNT_MAX))
def test_what_is_given_is_the_amount_and_the_change(amount: int, more: int) -> None:
    handed = min(amount + more, AMOUNT_MAX)
    back = change(amount, handed)
    assert (amount + back, type(back)) == (handed, int)


@pytest.mark.parametrize(
    ("amount", "handed", "why"),
    [
        (185_000, 184_999, "Còn thiếu 1\u00a0₫."),
        (185_000, 0, "Còn thiếu 185.000\u00a0₫."),
        (1, -5, "Còn thiếu 6\u00a0₫."),
        (0, 100, "Nhập số đồng nguyên."),
        (1, AMOUNT_MAX + 1, "Nhiều nhất 999.999.999\u00a0₫. Xem lại số vừa nhập."),
        (1, 10**40, "Nhiều nhất 999.999.999\u00a0₫. Xem lại số vừa nhập."),
    ],
)
def test_what_cannot_be_taken_is_said_clearly(amount: int, handed: int, why: str) -> None:
    with pytest.raises(CashError) as caught:
        change(amount, handed)
    assert caught.value.advice.vi == why


@given(st.dictionaries(st.sampled_from(NOTES), st.integers(0, 100)))
def test_notes_are_counted_one_by_one(notes: dict[int, int]) -> None:
    assert counted(notes) == sum(note for note, count in notes.items() for _ in range(count))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: counted({3_000: 1}),
        lambda: counted({1_000: -1}),
        lambda: counted({500_000: 2_000}),
        lambda: checked_amount(0),
        lambda: checked_amount(-1),
        lambda: checked_amount(AMOUNT_MAX + 1),
        lambda: checked_reason("  đá  "),
    ],
)
def test_what_is_no_count_no_amount_and_no_reason(wrong: Callable[[], Any]) -> None:
    with pytest.raises(CashError):
        wrong()


@given(kind=st.sampled_from(CashKind), amount=AMOUNTS)
def test_each_posting_is_even_and_moves_the_drawer_by_its_dong(kind: CashKind, amount: int) -> None:
    lines = posting(kind, amount)
    assert sum(lines.values()) == 0
    assert lines.get(Account.CASH, 0) == moved(kind, amount)
    assert not lines.keys() & {Account.WALLET, Account.MANUAL, Account.SUSPENSE, Account.SURPLUS}
    assert abs(moved(kind, amount)) == (0 if kind in (CashKind.OPENED, CashKind.COUNTED) else amount)


def test_what_is_left_to_give_back() -> None:
    assert left_to_give_back(100, ()) == 100
    assert left_to_give_back(100, (30, 70)) == 0
