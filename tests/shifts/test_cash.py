"""The cash of a shift: what must be in the drawer, a count that is blind and goes stale, and a Z that waits for it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.payments.cash import CashFact, CashKind
from pos_app.shifts.cash import NO_CASH, Cash, CashTally
from pos_app.shifts.shift import Shift, forbidden_to_close
from pos_app.shifts.spelling import figures_of, read, spelled
from pos_app.shifts.totals import Tally, Totals

WHY = "thối nhầm cho khách"
facts = st.lists(st.builds(CashFact, st.sampled_from(CashKind), st.integers(1, 500_000), st.just("02-000007")))


def tallied(told: list[CashFact], float_dong: int = 0) -> Totals:
    tally = Tally(5)
    for one in told:
        tally.cash(one)
    return tally.totals(float_dong=float_dong)


@given(told=facts, float_dong=st.integers(0, 10_000_000))
def test_the_drawer_holds_float_and_sales_and_pay_ins_less_refunds_and_pay_outs(
    told: list[CashFact], float_dong: int
) -> None:
    cash = tallied(told, float_dong).cash

    def dong(kind: CashKind) -> int:
        return sum(one.amount for one in told if one.kind is kind)

    into, out_of = dong(CashKind.SALE) + dong(CashKind.PAY_IN), dong(CashKind.REFUND) + dong(CashKind.PAY_OUT)
    assert cash.expected == float_dong + into - out_of
    assert (cash.paid_in, cash.paid_out, cash.refunded) == tuple(
        map(dong, (CashKind.PAY_IN, CashKind.PAY_OUT, CashKind.REFUND))
    )
    assert len(cash.openings) == sum(one.kind is CashKind.OPENED for one in told)


@given(told=facts)
def test_no_gateway_gets_a_dong_of_it(told: list[CashFact]) -> None:
    totals = tallied(told)
    assert (totals.net, totals.amount, totals.decided, totals.open_amount, totals.grand_total) == (0, 0, 0, 0, 0)
    assert (totals.moves.wallet, totals.moves.manual, totals.moves.suspense, totals.moves.surplus) == (0, 0, 0, 0)


@given(told=facts)
def test_a_count_holds_until_money_moves(told: list[CashFact]) -> None:
    cash = tallied(told).cash
    last = max((place for place, one in enumerate(told) if one.kind is CashKind.COUNTED), default=None)
    still = {CashKind.OPENED, CashKind.COUNTED}
    holds = last is not None and all(one.kind in still for one in told[last:])
    assert cash.counted == (told[last].amount if holds and last is not None else None)
    assert cash.over == (0 if cash.counted is None else cash.counted - cash.expected)


@given(told=facts, float_dong=st.integers(0, 9_000))
def test_one_spelling_that_reads_back(told: list[CashFact], float_dong: int) -> None:
    totals = tallied(told, float_dong)
    assert read(spelled(totals)) == totals
    assert figures_of(totals) == figures_of(replace(totals, reprints=7))


def test_a_shop_without_cash_has_the_spelling_of_before() -> None:
    text = spelled(tallied([]))
    assert "cash" not in text
    assert read(text).cash == NO_CASH
    with pytest.raises(ValueError, match="not the totals"):
        read(text.replace('"confirmed":[]', '"cash":null,"confirmed":[]'))


@pytest.mark.parametrize(
    ("cash", "keeps", "why", "word"),
    [
        (Cash(), False, "", None),
        (Cash(float_dong=5), True, "", "Đếm tiền"),
        (Cash(counts=(5,), float_dong=5, stale=True), True, "", "Đếm tiền"),
        (Cash(counts=(5,), float_dong=5), True, "", None),
        (Cash(counts=(4,), float_dong=5), True, "", "thừa hoặc thiếu"),
        (Cash(counts=(6,), float_dong=5), True, "  đá ", "thừa hoặc thiếu"),
        (Cash(counts=(6,), float_dong=5), True, WHY, None),
        (Cash(counts=(6,), float_dong=5), True, "x" * 200, None),
        (Cash(counts=(6,), float_dong=5), True, "x" * 201, "nhiều nhất 200"),
        (Cash(counts=(5,), float_dong=5), True, "x" * 201, None),
    ],
)
def test_a_drawer_is_counted_and_what_differs_is_explained(cash: Cash, keeps: bool, why: str, word: str | None) -> None:
    now = Shift(3, None, 1, "An", None, "", replace(tallied([]), cash=cash), {})
    told = forbidden_to_close(now, number=3, sending=False, reason="", keeps_cash=keeps, difference_reason=why)
    assert (told is None) if word is None else (told is not None and word in told.vi)


def test_the_order_of_what_happened_is_kept() -> None:
    tally = CashTally()
    for amount in (3, 2):
        tally.add(CashFact(CashKind.COUNTED, amount))
    tally.add(CashFact(CashKind.PAY_OUT, 1, by="Lan", reason=WHY))
    cash = tally.cash()
    assert (cash.counts, cash.stale, cash.moves[0].amount, cash.moves[0].reason) == ((3, 2), True, -1, WHY)
