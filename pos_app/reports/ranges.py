"""The ranges of days that a report can have. Vietnamese calendar days; a week begins on Monday."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pos_app.vietnam_day import day_bounds_ms
from pos_app.words import Text, same


class Span(StrEnum):
    """A range by its name."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    MONTH = "month"


SPAN_WORDS = {
    Span.TODAY: Text("Hôm nay", "Today"),
    Span.YESTERDAY: Text("Hôm qua", "Yesterday"),
    Span.WEEK: Text("Tuần này", "This week"),
    Span.MONTH: Text("Tháng này", "This month"),
}


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last day, both counted.

    Raises:
        ValueError: it ends before it begins.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            message = "a range that ends before it begins"
            raise ValueError(message)

    @property
    def bounds_ms(self) -> tuple[int, int]:
        """Its first instant, and the first one after it."""
        return day_bounds_ms(self.first)[0], day_bounds_ms(self.last)[1]

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    @property
    def words(self) -> Text:
        """`16/11/2026 – 21/11/2026`, or the one day."""
        first, last = (day.strftime("%d/%m/%Y") for day in (self.first, self.last))
        return same(first if first == last else f"{first} – {last}")


def days_of(span: Span, today: date) -> Days:
    """The days of a range by its name; a week and a month go up to today."""
    match span:
        case Span.TODAY:
            return Days(today, today)
        case Span.YESTERDAY:
            return Days(today - timedelta(days=1), today - timedelta(days=1))
        case Span.WEEK:
            return Days(today - timedelta(days=today.weekday()), today)
        case Span.MONTH:
            return Days(today.replace(day=1), today)


def before(days: Days) -> Days:
    """As many days, just before: what a week is compared with."""
    length = (days.last - days.first).days + 1
    return Days(days.first - timedelta(days=length), days.last - timedelta(days=length))


def named_days(first: date, last: date) -> Days:
    """The range that a person named by its first and last day.

    Raises:
        ValueError: it ends before it begins, or no till was there then: a range of millennia would take hours.
    """
    if not _FIRST <= first <= last <= _LAST:
        message = "a range of days that no shop has"
        raise ValueError(message)
    return Days(first, last)


_FIRST, _LAST = date(2020, 1, 1), date(2099, 12, 31)


def read_days(text: str, today: date) -> Days:
    """The range that a person named: a `Span`, a day `YYYY-MM-DD`, a month `YYYY-MM`, or `first..last`.

    Raises:
        ValueError: none of these.
    """
    if text in set(Span):
        return days_of(Span(text), today)
    first, dots, last = text.partition("..")
    if dots:
        return named_days(date.fromisoformat(first), date.fromisoformat(last))
    if len(text) == len("2026-11"):
        start = date.fromisoformat(f"{text}-01")
        named_days(start, start)
        return Days(start, (start + timedelta(days=31)).replace(day=1) - timedelta(days=1))
    return named_days(date.fromisoformat(text), date.fromisoformat(text))
