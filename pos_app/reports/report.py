"""A report: a fold over counted facts. The same facts in any order, and split in any way, give the same report.

A payment counts in the hour in which its result was known, a refund when it was done. What a manager took for paid is
no gateway's word and stands apart from all sums; what is open stands apart too.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from pos_app.payments.acts import Act
from pos_app.payments.gateway_names import CASH, brand
from pos_app.payments.payment import LIVE, NEGATIVE, State
from pos_app.reports.drawer import NO_DRAWER, Drawer, drawer_of
from pos_app.reports.facts import (
    ActFact,
    CashCell,
    Cell,
    DrawerClosed,
    DrawerMoved,
    Facts,
    Method,
    Part,
    RefundFact,
    Timed,
    Wait,
    day_counted,
    day_of_hour,
    hour_of,
)
from pos_app.reports.ranges import Days
from pos_app.words import Text

PERMILLE = 1000
_P95 = 95
_Key = TypeVar("_Key", str, Text)
_From = TypeVar("_From")
_To = TypeVar("_To")


@dataclass(frozen=True, slots=True)
class Money:
    """What was taken and given back; dong.

    Attributes:
        count, amount: of the payments that a gateway confirmed.
        refunds, refunded: of the refunds that are done.
    """

    count: int = 0
    amount: int = 0
    refunds: int = 0
    refunded: int = 0

    @property
    def net(self) -> int:
        """What is left."""
        return self.amount - self.refunded

    def __add__(self, other: "Money") -> "Money":
        return Money(
            self.count + other.count,
            self.amount + other.amount,
            self.refunds + other.refunds,
            self.refunded + other.refunded,
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """How many, and how much."""

    count: int = 0
    amount: int = 0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(self.count + other.count, self.amount + other.amount)


@dataclass(frozen=True, slots=True)
class Declined:
    """One cause of payments that did not come about.

    Attributes:
        cause: in words.
        counted: how many, and how much was asked for.
        permille: its share of all that were declined, rounded so that the shares add up to 1000.
    """

    cause: Text
    counted: Counted
    permille: int


@dataclass(frozen=True, slots=True)
class Person:
    """What one manager allowed, by what it was."""

    name: str
    refunds: Counted = Counted()
    paid: Counted = Counted()
    unpaid: Counted = Counted()
    released: Counted = Counted()
    kept: Counted = Counted()


@dataclass(frozen=True, slots=True)
class Pace:
    """Whole ms that half of them, and 95 of a hundred, did not exceed."""

    median_ms: int
    p95_ms: int


@dataclass(frozen=True, slots=True)
class DayTimed:
    """The gestures of one day at one till.

    Attributes:
        day, till: which.
        count: how many were sent.
        parts: what each took; those that none came to are left out.
    """

    day: date
    till: str
    count: int
    parts: dict[Part, Pace]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which facts a report is of; "" and None stand for all."""

    till: str = ""
    cashier: str | None = None
    method: Text | None = None

    def fits(self, till: str, cashier: str, method: Text) -> bool:
        """Whether what that cashier did at that till, paid so, is chosen."""
        return self.till in ("", till) and self.cashier in (None, cashier) and self.method in (None, method)


EVERYTHING = Choice()


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a range of days.

    Attributes:
        days: which.
        total: of everything.
        by_day: each day of the range.
        by_hour: each hour of the clock, 0 to 23, all days together.
        by_method, by_cashier, by_till: the largest first.
        decided: taken for paid by a manager, no gateway's word.
        declined: why payments did not come about, the most frequent first.
        refused: all of those together.
        open: without a result.
        median_s, p95_s: whole seconds from the scan until it was known to be paid, None where none was scanned.
        refunds: each one, in order of time.
        acts: what managers allowed, refunds left out, in order of time.
        people: the same by person.
        timed: how long gestures took, each day at each till.
        cash: what was sold and given back in cash; in none of the sums above.
        cash_by_day: each day on which something was.
        drawer: what went through the cash drawer, sales or not.
        choice: which facts it is of.
    """

    days: Days
    total: Money
    by_day: tuple[tuple[date, Money], ...]
    by_hour: tuple[tuple[int, Money], ...]
    by_method: tuple[tuple[Text, Money], ...]
    by_cashier: tuple[tuple[str, Money], ...]
    by_till: tuple[tuple[str, Money], ...]
    decided: Counted
    declined: tuple[Declined, ...]
    refused: Counted
    open: Counted
    median_s: int | None
    p95_s: int | None
    refunds: tuple[RefundFact, ...]
    acts: tuple[ActFact, ...]
    people: tuple[Person, ...]
    timed: tuple[DayTimed, ...] = ()
    cash: Money = Money()
    cash_by_day: tuple[tuple[date, Money], ...] = ()
    drawer: Drawer = NO_DRAWER
    choice: Choice = EVERYTHING


@dataclass(frozen=True, slots=True)
class Wording:
    """How a method is called, and the cause of a payment that was declined (its method, state and noted cause)."""

    method: Callable[[Method], Text]
    cause: Callable[[Method, State, str], Text]


def report_of(facts: Facts, days: Days, wording: Wording, choice: Choice = EVERYTHING) -> Report:
    """Fold the facts of these days into a report of what is chosen."""
    chosen = _chosen(facts, wording, choice)
    # Many cells, few hours and fewer places: each cell is added twice, the rest are sums of those.
    hours: dict[int, Money] = defaultdict(Money)
    places: dict[tuple[str, str, Method], Money] = defaultdict(Money)
    for hour, one, money in _moved(chosen):
        hours[hour] += money
        places[one.till, one.cashier, one.method] += money
    by_day = _regrouped(hours, day_of_hour)
    by_hour = _regrouped(hours, lambda hour: hour % 24)
    cash_by_day: dict[date, Money] = defaultdict(Money)
    for sold in chosen.cash:
        sums = (sold.count, sold.amount)
        money = Money(0, 0, *sums) if sold.is_refund else Money(*sums)
        cash_by_day[day_of_hour(sold.hour)] += money
    seconds = _seconds(chosen.waits)
    return Report(
        days=days,
        total=sum(by_hour.values(), Money()),
        by_day=tuple((day, by_day[day]) for day in days),
        by_hour=tuple((hour, by_hour[hour]) for hour in range(24)),
        by_method=_largest_first(_regrouped(places, lambda place: wording.method(place[2]))),
        by_cashier=_largest_first(_regrouped(places, lambda place: place[1])),
        by_till=_largest_first(_regrouped(places, lambda place: place[0])),
        decided=_counted(one for one in chosen.cells if one.state is State.MANUAL_PAID),
        declined=_declined(chosen.cells, wording),
        refused=_counted(one for one in chosen.cells if one.state in NEGATIVE),
        open=_counted(one for one in chosen.cells if one.state in LIVE),
        median_s=share_of(seconds, 50),
        p95_s=share_of(seconds, _P95),
        refunds=tuple(sorted(chosen.refunds, key=lambda one: (one.at_ms, one.slip_number))),
        acts=tuple(sorted(chosen.acts, key=lambda one: (one.at_ms, one.payment_slip))),
        people=_people(chosen),
        timed=_timed(chosen.timed),
        cash=sum(cash_by_day.values(), Money()),
        cash_by_day=tuple(sorted(cash_by_day.items())),
        drawer=drawer_of(chosen.cash, chosen.drawer),
        choice=choice,
    )


def _chosen(facts: Facts, wording: Wording, choice: Choice) -> Facts:
    if choice == EVERYTHING:
        return facts

    def fits(one: Cell | Wait | RefundFact | ActFact | Timed) -> bool:
        return choice.fits(one.till, one.cashier, wording.method(one.method))

    def fits_cash(one: CashCell | DrawerMoved | DrawerClosed) -> bool:
        return choice.fits(one.till, one.cashier, brand(CASH))

    return Facts(
        tuple(filter(fits, facts.cells)),
        tuple(filter(fits, facts.waits)),
        tuple(filter(fits, facts.refunds)),
        tuple(filter(fits, facts.acts)),
        tuple(filter(fits, facts.timed)),
        tuple(filter(fits_cash, facts.cash)),
        tuple(filter(fits_cash, facts.drawer)),
    )


def _moved(facts: Facts) -> Iterable[tuple[int, Cell | RefundFact, Money]]:
    """Each hour in which money moved, whose it was, and what moved."""
    for cell in facts.cells:
        if cell.state is State.PAID:
            yield cell.hour, cell, Money(cell.count, cell.amount)
    for refund in facts.refunds:
        yield hour_of(refund.at_ms), refund, Money(refunds=1, refunded=refund.amount)


def _regrouped(sums: dict[_From, Money], key: Callable[[_From], _To]) -> dict[_To, Money]:
    """The same sums by something coarser; what is not in it is nothing."""
    regrouped: dict[_To, Money] = defaultdict(Money)
    for one, money in sums.items():
        regrouped[key(one)] += money
    return regrouped


def _largest_first(sums: dict[_Key, Money]) -> tuple[tuple[_Key, Money], ...]:
    return tuple(sorted(sums.items(), key=lambda item: (-item[1].net, item[0])))


def _counted(cells: Iterable[Cell]) -> Counted:
    return sum((Counted(one.count, one.amount) for one in cells), Counted())


def _declined(cells: Iterable[Cell], wording: Wording) -> tuple[Declined, ...]:
    causes: dict[Text, Counted] = defaultdict(Counted)
    for one in cells:
        if one.state in NEGATIVE:
            causes[wording.cause(one.method, one.state, one.cause)] += Counted(one.count, one.amount)
    ordered = sorted(causes.items(), key=lambda item: (-item[1].count, item[0]))
    shares = shares_of([counted.count for _, counted in ordered])
    return tuple(Declined(cause, counted, share) for (cause, counted), share in zip(ordered, shares, strict=True))


def shares_of(counts: list[int]) -> list[int]:
    """Each one's share in thousandths; what rounding leaves over goes to the largest remainders: they add up."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    shares = [count * PERMILLE // total for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda place: (-(counts[place] * PERMILLE % total), place))
    for place in by_remainder[: PERMILLE - sum(shares)]:
        shares[place] += 1
    return shares


def _seconds(waits: Iterable[Wait]) -> Counter[int]:
    seconds: Counter[int] = Counter()
    for one in waits:
        seconds[one.seconds] += one.count
    return seconds


def _timed(gestures: Iterable[Timed]) -> tuple[DayTimed, ...]:
    found: dict[tuple[int, str], dict[Part, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
    for one in gestures:
        found[one.day, one.till][one.span].update(one.took)
    return tuple(
        DayTimed(
            day_counted(day),
            till,
            max(values.total() for values in spans.values()),
            {span: _pace(spans[span]) for span in Part if span in spans},
        )
        for (day, till), spans in sorted(found.items())
    )


def _pace(values: Counter[int]) -> Pace:
    return Pace(share_of(values, 50) or 0, share_of(values, _P95) or 0)


def share_of(values: Counter[int], percent: int) -> int | None:
    """The smallest value that so many percent of all do not exceed (nearest rank); None when there are none."""
    rank = -(-values.total() * percent // 100)
    for value in sorted(values):
        rank -= values[value]
        if rank <= 0 and values.total():
            return value
    return None


def _people(facts: Facts) -> tuple[Person, ...]:
    sums: dict[str, dict[str, Counted]] = defaultdict(lambda: defaultdict(Counted))
    for refund in facts.refunds:
        sums[refund.by]["refunds"] += Counted(1, refund.amount)
    for act in facts.acts:
        if act.act in _COLUMNS:
            sums[act.by][_COLUMNS[act.act]] += Counted(1, act.amount)
    return tuple(Person(name, **sums[name]) for name in sorted(sums))


_COLUMNS = {Act.DECIDE_PAID: "paid", Act.DECIDE_UNPAID: "unpaid", Act.RELEASE: "released", Act.KEEP: "kept"}
