"""T13: a year's statement held against the journal's payments: every planted difference found, none invented.

`make test` takes a part of a year; POS_APP_SOAK=1 takes 365 days of 2,000 payments with 5,000 differences.
"""

import os
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pos_app.payments.payment import State
from pos_app.reports import reconcile as reconciling
from pos_app.reports.ranges import Days
from pos_app.reports.reconcile import Difference, Kind, OurPayment, OurRefund, Reconciled, days_of_lines, reconcile
from pos_app.reports.statement import Line, Unread
from pos_app.reports.statement_file import read_statement
from pos_app.vietnam_day import day_bounds_ms
from pos_app.words import Text
from tests.reports.shop import FORM, PLANTS, Planted, Shop, csv_file, shop, xlsx_file

SOAK = bool(os.environ.get("POS_APP_SOAK"))
DAYS, PER_DAY, DIFFERENCES = (365, 2_000, 5_000) if SOAK else (12, 150, 280)
FIRST = date(2025, 11, 22)
SPAN = Days(FIRST, FIRST + timedelta(days=DAYS - 1))


def found(told: Reconciled) -> Counter[Planted]:
    return Counter(Planted(one.kind, one.order_id, one.ours, one.theirs) for one in told.differences)


def compared(made: Shop, path: Path) -> Reconciled:
    lines, unread = read_statement(path, FORM)
    assert unread == []
    assert days_of_lines(lines) == made.days
    return reconcile(lines, unread, made.ours, made.days)


@pytest.mark.timeout(3_600 if SOAK else 120)
@pytest.mark.parametrize("way", range(2 if SOAK else 6))
def test_all_that_was_planted_is_found_and_nothing_else(tmp_path: Path, way: int) -> None:
    made = shop(SPAN, PER_DAY, DIFFERENCES, seed=way)
    assert len({one.kind for one in made.planted}) == len(PLANTS) >= 12
    told = compared(made, csv_file(tmp_path / "sao kê.csv", made.theirs, way))
    assert found(told) == Counter(made.planted)
    assert_totals(made, told)


def assert_totals(made: Shop, told: Reconciled) -> None:
    """Each total, counted here by other means, and to the dong."""
    paid = [one for one in made.ours if one.state is State.PAID]
    assert (told.ours.count, told.ours.amount) == (len(paid), sum(one.amount for one in paid))
    assert told.ours.refunded == sum(refund.amount for one in made.ours for refund in one.refunds)
    assert told.theirs.amount == sum(one.amount for one in made.theirs if not one.is_refund)
    assert told.theirs.refunded == sum(one.amount for one in made.theirs if one.is_refund)
    assert told.explained
    assert told.theirs.net - told.ours.net == sum(one.theirs - one.ours for one in made.planted)


def test_a_workbook_says_the_same(tmp_path: Path) -> None:
    made = shop(SPAN, PER_DAY, DIFFERENCES, seed=99)
    told = compared(made, xlsx_file(tmp_path / "sao kê.xlsx", made.theirs))
    assert found(told) == Counter(made.planted)
    assert_totals(made, told)


@pytest.mark.parametrize("kind", sorted({Kind.MISSING_THERE, Kind.TWICE, Kind.REFUND_AMOUNT, Kind.OTHER_DAY}))
def test_control_a_kind_that_is_skipped_is_noticed(tmp_path: Path, kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    made = shop(SPAN, PER_DAY, DIFFERENCES, seed=3)
    real = reconciling._Work._differs

    def skips(work: reconciling._Work, which: Kind, *rest: object, **more: object) -> None:
        if which is not kind:
            real(work, which, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(reconciling._Work, "_differs", skips)
    assert found(compared(made, csv_file(tmp_path / "a.csv", made.theirs, 0))) != Counter(made.planted)


# --- one by one ----------------------------------------------------------------------------------------------------

DAY = date(2026, 11, 22)
START = day_bounds_ms(DAY)[0]
NOON = START + 12 * 3_600_000
PAID = OurPayment("o1", "02-000001", "n1", 50_000, State.PAID, NOON)
LINE = Line(7, "o1", "n1", 50_000, NOON + 5_000)


def one_by_one(*lines: Line, ours: tuple[OurPayment, ...] = (PAID,), unread: tuple[Unread, ...] = ()) -> Reconciled:
    told = reconcile(lines, unread, ours, Days(DAY, DAY))
    assert told.explained
    return told


def kinds(told: Reconciled) -> list[Kind]:
    return [one.kind for one in told.differences]


def test_what_agrees_is_matched_by_either_id() -> None:
    for line in (LINE, replace(LINE, order_id=""), replace(LINE, number=""), replace(LINE, at_ms=None)):
        told = one_by_one(line)
        assert (told.matched, told.matched_amount, kinds(told)) == (1, 50_000, [])


def test_each_row_leads_to_its_payment() -> None:
    (row,) = one_by_one(replace(LINE, amount=60_000)).differences
    assert (row.payment_id, row.slip_number, row.place, row.ours, row.theirs) == ("o1", "02-000001", 7, 50_000, 60_000)


def test_what_was_paid_around_midnight_is_not_called_missing() -> None:
    end = day_bounds_ms(DAY)[1]
    late = replace(PAID, at_ms=end - 1_000)
    early = replace(PAID, payment_id="o2", number="n2", at_ms=START + 1_000)
    before = replace(PAID, payment_id="o3", number="n3", at_ms=START - 1_000)
    told = one_by_one(ours=(late, early, before))
    assert kinds(told) == [Kind.AT_THE_EDGE, Kind.AT_THE_EDGE], "what is outside is the neighbour's"
    assert kinds(one_by_one(ours=(PAID,))) == [Kind.MISSING_THERE]
    assert kinds(one_by_one(Line(1, "o3", "n3", 50_000, START + 500), ours=(before,))) == [Kind.OTHER_DAY]


def test_refunds_are_paired_by_id_then_by_amount() -> None:
    refunds = (
        OurRefund("r1", "m1", 10_000, NOON),
        OurRefund("r2", "m2", 10_000, NOON),
        OurRefund("r3", "m3", 500, NOON),
    )
    ours = (replace(PAID, refunds=refunds),)
    back = replace(LINE, is_refund=True, amount=10_000)
    lines = (LINE, replace(back, refund_id="m2"), replace(back, refund_id="r1"), replace(back, amount=500))
    told = one_by_one(*lines, ours=ours)
    assert (told.matched, told.matched_refunds, kinds(told)) == (1, 3, [])
    twice = one_by_one(*lines, replace(back, refund_id="r1"), ours=ours)
    assert kinds(twice) == [Kind.TWICE]
    assert kinds(one_by_one(LINE, replace(back, amount=700), ours=ours))[-1] is Kind.REFUND_AMOUNT
    assert kinds(one_by_one(replace(back, order_id="?", number="?"), ours=())) == [Kind.REFUND_MISSING_HERE]


def test_a_line_that_cannot_be_read_is_told_and_never_dropped() -> None:
    told = one_by_one(LINE, unread=(Unread(9, Text("Số tiền không đọc được", "The amount cannot be read"), "12,5x"),))
    (row,) = told.differences
    assert (row.kind, row.place) == (Kind.UNREAD, 9)
    assert "12,5x" in row.note.vi


def test_every_kind_has_its_words() -> None:
    assert set(reconciling.KIND_WORDS) == set(Kind)
    assert isinstance(one_by_one().differences[0], Difference)
