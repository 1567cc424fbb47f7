"""The fold of a report: the same for any order and any splitting of its facts; its shares, medians and ranges."""

from collections import Counter
from datetime import date
from statistics import median_high, median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.payments.payment import State
from pos_app.reports.facts import (
    Cell,
    Facts,
    Method,
    Part,
    RefundFact,
    Timed,
    Wait,
    day_counted,
    day_of_hour,
    hour_of,
    together,
)
from pos_app.reports.ranges import Days, Span, before, days_of, read_days
from pos_app.reports.report import PERMILLE, Choice, Wording, report_of, share_of, shares_of
from pos_app.reports.sheets import sheets
from pos_app.reports.table import Shape, said
from pos_app.vietnam_day import day_bounds_ms, day_of
from pos_app.words import Language, Text

DAY = date(2026, 11, 22)
DAYS = Days(date(2026, 11, 20), DAY)
WORDING = Wording(lambda method: Text(method.source, method.source), lambda _, state, cause: Text(cause or state, "x"))
HOURS = st.integers(hour_of(DAYS.bounds_ms[0]), hour_of(DAYS.bounds_ms[1] - 1))
METHODS = st.sampled_from([Method("demo", "camera"), Method("demo", "shown"), Method("zalopay_v2", "camera")])
NAMES = st.sampled_from(["Lan", "Hà", ""])
CELLS = st.builds(
    Cell, HOURS, st.sampled_from(["02", "03"]), NAMES, METHODS, st.sampled_from(list(State)),
    st.sampled_from(["", "-63", "-54"]), st.integers(1, 5), st.integers(1, 10**9),
)  # fmt: skip
WAITS = st.builds(Wait, st.integers(0, 400), st.just("02"), NAMES, METHODS, st.integers(1, 9))
REFUNDS = st.builds(
    RefundFact,
    st.integers(DAYS.bounds_ms[0], DAYS.bounds_ms[1] - 1),
    st.text("0123", min_size=3),
    st.just("02-1"),
    st.just("o"),
    st.just("m"),
    st.integers(1, 10**8),
    NAMES,
    st.just("other"),
    st.just("02"),
    NAMES,
    METHODS,
)
GESTURES = st.builds(
    Timed, st.integers(20_777, 20_779), st.sampled_from(Part), st.sampled_from(["02", "03"]), NAMES, METHODS,
    st.lists(st.integers(0, 90), min_size=1, max_size=5).map(tuple),
)  # fmt: skip
FACTS = st.builds(
    Facts, st.lists(CELLS, max_size=12).map(tuple), st.lists(WAITS, max_size=6).map(tuple),
    st.lists(REFUNDS, max_size=4, unique_by=lambda one: (one.at_ms, one.slip_number)).map(tuple), st.just(()),
    st.lists(GESTURES, max_size=6).map(tuple),
)  # fmt: skip


@given(FACTS, FACTS)
def test_the_order_and_the_splitting_of_facts_change_nothing(one: Facts, other: Facts) -> None:
    split = [Facts(cells=(Cell(cell.hour, cell.till, cell.cashier, cell.method, cell.state, cell.cause, 1, share),))
             for cell in one.cells for share in [cell.amount, *[0] * (cell.count - 1)]]  # fmt: skip
    whole = report_of(together([one]), DAYS, WORDING)
    assert (
        report_of(
            together([Facts(waits=one.waits, refunds=one.refunds[::-1], timed=one.timed[::-1]), *split[::-1]]),
            DAYS,
            WORDING,
        )
        == whole
    )
    assert report_of(together([one, other]), DAYS, WORDING).total == whole.total + report_of(other, DAYS, WORDING).total


@given(FACTS)
def test_every_table_comes_to_the_same(facts: Facts) -> None:
    report = report_of(facts, DAYS, WORDING)
    paid = [cell for cell in facts.cells if cell.state is State.PAID]
    assert report.total.amount == sum(cell.amount for cell in paid)
    assert report.total.refunded == sum(one.amount for one in facts.refunds)
    for table in (report.by_day, report.by_hour, report.by_method, report.by_cashier, report.by_till):
        assert sum(money.net for _, money in table) == report.total.net
        assert sum(money.count for _, money in table) == report.total.count
    assert sum(one.permille for one in report.declined) == (PERMILLE if report.declined else 0)
    assert sum((one.counted.count for one in report.declined), 0) == report.refused.count
    parts = [report_of(facts, DAYS, WORDING, Choice(cashier=name)) for name in ("Lan", "Hà", "")]
    assert sum(part.total.net for part in parts) == report.total.net
    for sheet in sheets(report):
        for row in (*sheet.rows, *([sheet.total] if sheet.total else [])):
            assert len(row) == len(sheet.columns)
            assert [said(value, column.shape, Language.VI) for value, column in zip(row, sheet.columns, strict=True)]


@given(st.lists(st.integers(0, 10_000), max_size=40))
def test_shares_are_near_and_add_up(counts: list[int]) -> None:
    shares = shares_of(counts)
    assert sum(shares) == (PERMILLE if sum(counts) else 0)
    for count, share in zip(counts, shares, strict=True):
        assert not sum(counts) or abs(share - count * PERMILLE / sum(counts)) < 1


@given(st.lists(st.integers(0, 90), min_size=1, max_size=60))
def test_half_and_95_of_a_hundred_are_not_exceeded(values: list[int]) -> None:
    counted = Counter(values)
    half, most = share_of(counted, 50), share_of(counted, 95)
    assert half is not None
    assert most is not None
    assert median_low(values) <= half <= median_high(values)
    assert sum(value <= most for value in values) * 100 >= 95 * len(values)
    assert sum(value < most for value in values) * 100 < 95 * len(values)
    assert share_of(Counter(), 50) is None


SPEEDS = (
    # what they took in ms, how many each; half of them and 95 of a hundred did not take longer than
    (((18, 1),), 18, 18),
    (((10, 1), (20, 1)), 10, 20),
    (((10, 1), (20, 1), (30, 1)), 20, 30),
    (((0, 50), (33, 50)), 0, 33),
    (((9, 95), (400, 5)), 9, 9),
    (((9, 94), (400, 6)), 9, 400),
    (((7, 19), (8, 1)), 7, 7),
    (((7, 18), (8, 2)), 7, 8),
)


@pytest.mark.parametrize(("took", "median_ms", "p95_ms"), SPEEDS)
@pytest.mark.parametrize("part", Part)
def test_speeds_by_a_table(took: tuple[tuple[int, int], ...], median_ms: int, p95_ms: int, part: Part) -> None:
    camera, day = Method("demo", "camera"), 20_777
    gestures = [Timed(day, part, "02", "Lan", camera, (ms,) * count) for ms, count in took]
    gestures.append(Timed(day, part, "03", "Hà", camera, (999,)))
    gestures.append(Timed(day + 1, part, "02", "Lan", camera, (77,)))
    told = report_of(Facts(timed=tuple(gestures)), DAYS, WORDING).timed
    assert [(one.day, one.till) for one in told] == [
        (day_counted(day), "02"), (day_counted(day), "03"), (day_counted(day + 1), "02"),
    ]  # fmt: skip
    assert told[0].count == sum(count for _, count in took)
    assert {one: (pace.median_ms, pace.p95_ms) for one, pace in told[0].parts.items()} == {part: (median_ms, p95_ms)}
    only_ha = report_of(Facts(timed=tuple(gestures)), DAYS, WORDING, Choice(cashier="Hà")).timed
    assert [(one.till, one.parts[part].median_ms) for one in only_ha] == [("03", 999)]


@given(st.integers(0, 4_000_000_000_000))
def test_an_hour_is_vietnams(at_ms: int) -> None:
    assert day_of_hour(hour_of(at_ms)) == day_of(at_ms)
    assert hour_of(at_ms) % 24 == (at_ms - day_bounds_ms(day_of(at_ms))[0]) // 3_600_000


def test_ranges() -> None:
    assert days_of(Span.TODAY, DAY) == Days(DAY, DAY)
    assert days_of(Span.YESTERDAY, DAY) == Days(date(2026, 11, 21), date(2026, 11, 21))
    assert days_of(Span.WEEK, DAY) == Days(date(2026, 11, 16), DAY), "from Monday on"
    assert days_of(Span.MONTH, DAY) == Days(date(2026, 11, 1), DAY)
    assert before(days_of(Span.WEEK, DAY)) == Days(date(2026, 11, 9), date(2026, 11, 15))
    assert read_days("2026-02", DAY) == Days(date(2026, 2, 1), date(2026, 2, 28))
    assert read_days("2026-11-01..2026-11-22", DAY) == Days(date(2026, 11, 1), DAY)
    assert read_days("2026-11-22", DAY) == read_days("today", DAY) == Days(DAY, DAY)
    assert len(list(DAYS)) == 3
    for text in (
        "",
        "2026",
        "tomorrow",
        "2026-13",
        "2026-11-22..2026-11-01",
        "22/11/2026",
        "9999-12",
        "0001-01-01..9999-12-31",
        "1999-12-31",
        "9999-12-31",
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
            read_days(text, DAY)


def test_shapes_as_people_read_them() -> None:
    assert said(41, Shape.PERMILLE, Language.VI) == "4,1%"
    assert said(1_250_000, Shape.DONG, Language.EN) == "1.250.000"
    assert said(DAY, Shape.DAY, Language.VI) == "Chủ nhật 22/11"
    assert said(None, Shape.DONG, Language.VI) == ""
