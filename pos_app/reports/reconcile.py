"""Our payments held against a gateway's statement: what matches, and each thing that does not, by its kind.

Matched by the order id, then by the gateway's number. Every difference names what it moves between the two totals, so
that theirs less ours is exactly the sum of the differences: nothing is forced to match, nothing is left unexplained.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from pos_app.payments.payment import LIVE, MINUTE_MS, State
from pos_app.reports.ranges import Days
from pos_app.reports.report import Money
from pos_app.reports.statement import Line, Unread
from pos_app.vietnam_day import day_of
from pos_app.words import NOTHING, Text

EDGE_MS = 30 * MINUTE_MS
"""What was paid so close to the end of the range may stand in the neighbouring statement."""


class Kind(StrEnum):
    """What is different."""

    MISSING_THERE = "missing_there"
    AT_THE_EDGE = "at_the_edge"
    MISSING_HERE = "missing_here"
    NOT_PAID_HERE = "not_paid_here"
    OPEN_HERE = "open_here"
    DECIDED_PAID = "decided_paid"
    DECIDED_UNPAID = "decided_unpaid"
    DECIDED_MISSING = "decided_missing"
    AMOUNT = "amount"
    NUMBER = "number"
    OTHER_DAY = "other_day"
    TWICE = "twice"
    REFUND_MISSING_THERE = "refund_missing_there"
    REFUND_MISSING_HERE = "refund_missing_here"
    REFUND_AMOUNT = "refund_amount"
    UNREAD = "unread"


KIND_WORDS = {
    Kind.MISSING_THERE: Text("Thiếu ở sao kê", "Missing in the statement"),
    Kind.AT_THE_EDGE: Text("Sát ranh giới ngày, xem sao kê kế bên", "At the edge of the range: see the next statement"),
    Kind.MISSING_HERE: Text("Thiếu ở đây", "Missing here"),
    Kind.NOT_PAID_HERE: Text("Sao kê có, ở đây chưa thu", "In the statement, not paid here"),
    Kind.OPEN_HERE: Text("Sao kê có, ở đây chưa rõ", "In the statement, not known here"),
    Kind.DECIDED_PAID: Text("Quản lý đã xác nhận, sao kê khớp", "Decided paid by a manager, the statement agrees"),
    Kind.DECIDED_UNPAID: Text("Quản lý ghi chưa trả, sao kê có tiền", "Decided unpaid, the statement has the money"),
    Kind.DECIDED_MISSING: Text("Quản lý ghi đã trả, sao kê không có", "Decided paid, not in the statement"),
    Kind.AMOUNT: Text("Khác số tiền", "Amounts differ"),
    Kind.NUMBER: Text("Khác mã giao dịch", "Transaction IDs differ"),
    Kind.OTHER_DAY: Text("Khác ngày", "On another day"),
    Kind.TWICE: Text("Sao kê ghi hai lần", "Twice in the statement"),
    Kind.REFUND_MISSING_THERE: Text("Khoản hoàn thiếu ở sao kê", "Refund missing in the statement"),
    Kind.REFUND_MISSING_HERE: Text("Khoản hoàn thiếu ở đây", "Refund missing here"),
    Kind.REFUND_AMOUNT: Text("Khác số tiền hoàn", "Refunded amounts differ"),
    Kind.UNREAD: Text("Dòng không đọc được", "Line that cannot be read"),
}


@dataclass(frozen=True, slots=True)
class OurRefund:
    """A refund that is done: its id at the gateway and ours, dong, when."""

    refund_id: str
    m_refund_id: str
    amount: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class OurPayment:
    """A payment as we have it; `at_ms` is when its result was known."""

    payment_id: str
    slip_number: str
    number: str
    amount: int
    state: State
    at_ms: int
    refunds: tuple[OurRefund, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is different.

    Attributes:
        kind: what.
        payment_id, slip_number: of our payment, "" where there is none.
        order_id, number: as the statement has them, else as we do.
        ours, theirs: dong that this thing adds to either total; refunds are negative.
        at_ms: when, as we have it, else as the statement does; None where nobody says.
        place: the line of the statement, 0 for none.
        note: more in words.
    """

    kind: Kind
    payment_id: str
    slip_number: str
    order_id: str
    number: str
    ours: int
    theirs: int
    at_ms: int | None
    place: int = 0
    note: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The comparison.

    Attributes:
        days: of the statement.
        ours, theirs: all that was compared, payments and refunds.
        matched, matched_amount: payments that agree in everything.
        matched_refunds: the same of refunds.
        differences: the rest, by kind and then by place and time.
    """

    days: Days
    ours: Money
    theirs: Money
    matched: int
    matched_amount: int
    matched_refunds: int
    differences: tuple[Difference, ...]

    @property
    def counts(self) -> Counter[Kind]:
        """How many differences of each kind."""
        return Counter(one.kind for one in self.differences)

    @property
    def explained(self) -> bool:
        """Whether the differences are exactly what the totals differ by; it is so by construction, and is checked."""
        return self.theirs.net - self.ours.net == sum(one.theirs - one.ours for one in self.differences)


def days_of_lines(lines: Iterable[Line]) -> Days | None:
    """From the first to the last day in the statement; None where no line has a time."""
    times = [one.at_ms for one in lines if one.at_ms is not None]
    return Days(day_of(min(times)), day_of(max(times))) if times else None


def reconcile(lines: Iterable[Line], unread: Iterable[Unread], ours: Iterable[OurPayment], days: Days) -> Reconciled:
    """Hold them against each other.

    Args:
        lines: the statement's.
        unread: its lines that cannot be read.
        ours: our payments: all of these days and some around them, and whatever else the statement names.
        days: the statement's.
    """
    work = _Work(days, tuple(ours))
    for line in lines:
        work.take(line)
    for one in unread:
        work.differences.append(
            Difference(Kind.UNREAD, "", "", "", "", 0, 0, None, one.place, _with(one.why, one.said))
        )  # fmt: skip
    return work.result()


def _with(why: Text, said: str) -> Text:
    return Text("{why}: {said}", "{why}: {said}").fill(why=why, said=said[:60]) if said else why


@dataclass
class _Work:
    days: Days
    payments: tuple[OurPayment, ...]
    differences: list[Difference] = field(default_factory=list)
    theirs: Money = field(default_factory=Money)
    ours: Money = field(default_factory=Money)
    matched: int = 0
    matched_amount: int = 0
    matched_refunds: int = 0

    def __post_init__(self) -> None:
        self.by_id = {one.payment_id: one for one in self.payments}
        self.by_number = {one.number: one for one in self.payments if one.number}
        self.paid_lines: dict[str, list[Line]] = defaultdict(list)
        self.refund_lines: dict[str, list[Line]] = defaultdict(list)
        self.start_ms, self.end_ms = self.days.bounds_ms

    def take(self, line: Line) -> None:
        """Put a line to its payment; one of none is missing here."""
        if line.is_refund:
            self.theirs += Money(refunds=1, refunded=line.amount)
        else:
            self.theirs += Money(count=1, amount=line.amount)
        mine = self.by_id.get(line.order_id) or self.by_number.get(line.number)
        if mine is None and line.is_refund:
            self._differs(Kind.REFUND_MISSING_HERE, None, line, 0, -line.amount)
        elif mine is None:
            self._differs(Kind.MISSING_HERE, None, line, 0, line.amount)
        elif line.is_refund:
            self.refund_lines[mine.payment_id].append(line)
        else:
            self.paid_lines[mine.payment_id].append(line)

    def result(self) -> Reconciled:
        """Look at each of our payments with its lines."""
        for one in self.payments:
            self._compare(one, self.paid_lines.get(one.payment_id, []))
            self._compare_refunds(one, self.refund_lines.get(one.payment_id, []))
        order = {kind: place for place, kind in enumerate(Kind)}
        self.differences.sort(key=lambda one: (order[one.kind], one.place, one.at_ms or 0, one.payment_id))
        return Reconciled(
            self.days,
            self.ours,
            self.theirs,
            self.matched,
            self.matched_amount,
            self.matched_refunds,
            tuple(self.differences),
        )

    def _in_range(self, at_ms: int) -> bool:
        return self.start_ms <= at_ms < self.end_ms

    def _at_the_edge(self, at_ms: int) -> bool:
        return at_ms < self.start_ms + EDGE_MS or at_ms >= self.end_ms - EDGE_MS

    def _compare(self, mine: OurPayment, lines: list[Line]) -> None:
        for again in lines[1:]:
            self._differs(Kind.TWICE, mine, again, 0, again.amount)
        if not lines:
            self._missing_there(mine)
            return
        line = lines[0]
        if mine.state is not State.PAID:
            self._differs(_UNPAID.get(mine.state, Kind.OPEN_HERE if mine.state in LIVE else Kind.NOT_PAID_HERE),
                          mine, line, 0, line.amount)  # fmt: skip
            return
        self.ours += Money(count=1, amount=mine.amount)
        if line.amount != mine.amount:
            self._differs(Kind.AMOUNT, mine, line, mine.amount, line.amount)
        elif line.number and line.number != mine.number:
            self._differs(Kind.NUMBER, mine, line, mine.amount, line.amount)
        elif line.at_ms is not None and day_of(line.at_ms) != day_of(mine.at_ms):
            self._differs(Kind.OTHER_DAY, mine, line, mine.amount, line.amount)
        else:
            self.matched += 1
            self.matched_amount += mine.amount

    def _missing_there(self, mine: OurPayment) -> None:
        if not self._in_range(mine.at_ms):
            return
        if mine.state is State.MANUAL_PAID:
            self._differs(Kind.DECIDED_MISSING, mine, None, 0, 0)
        elif mine.state is State.PAID:
            self.ours += Money(count=1, amount=mine.amount)
            kind = Kind.AT_THE_EDGE if self._at_the_edge(mine.at_ms) else Kind.MISSING_THERE
            self._differs(kind, mine, None, mine.amount, 0)

    def _compare_refunds(self, mine: OurPayment, lines: list[Line]) -> None:
        """By the refund's id; where a line has none, by its amount, then by what is left."""
        if not (lines or mine.refunds):
            return
        left = list(mine.refunds)
        pairs: list[tuple[OurRefund, Line]] = []
        unmatched: list[Line] = []
        for line in lines:
            same = next(
                (one for one in left if line.refund_id and line.refund_id in (one.refund_id, one.m_refund_id)), None
            )
            self._put(same, line, left, pairs, unmatched)
        lines, unmatched = unmatched, []
        for line in lines:
            same = next((one for one in left if not line.refund_id and one.amount == line.amount), None)
            self._put(same, line, left, pairs, unmatched)
        lines, unmatched = unmatched, []
        for line in lines:
            self._put(left[0] if left and not line.refund_id else None, line, left, pairs, unmatched)
        for one, line in pairs:
            self.ours += Money(refunds=1, refunded=one.amount)
            if one.amount == line.amount:
                self.matched_refunds += 1
            else:
                self._differs(Kind.REFUND_AMOUNT, mine, line, -one.amount, -line.amount)
        for line in unmatched:
            known = line.refund_id and any(line.refund_id in (one.refund_id, one.m_refund_id) for one in mine.refunds)
            self._differs(Kind.TWICE if known else Kind.REFUND_MISSING_HERE, mine, line, 0, -line.amount)
        for one in left:
            if self._in_range(one.at_ms):
                self.ours += Money(refunds=1, refunded=one.amount)
                kind = Kind.AT_THE_EDGE if self._at_the_edge(one.at_ms) else Kind.REFUND_MISSING_THERE
                self._differs(kind, mine, None, -one.amount, 0, at_ms=one.at_ms)

    @staticmethod
    def _put(
        same: OurRefund | None,
        line: Line,
        left: list[OurRefund],
        pairs: list[tuple[OurRefund, Line]],
        unmatched: list[Line],
    ) -> None:
        if same is None:
            unmatched.append(line)
        else:
            left.remove(same)
            pairs.append((same, line))

    def _differs(
        self, kind: Kind, mine: OurPayment | None, line: Line | None, ours: int, theirs: int, at_ms: int | None = None
    ) -> None:
        told = at_ms if at_ms is not None else mine.at_ms if mine else line.at_ms if line else None
        note = Text("", "")
        if mine is not None and line is not None and kind is Kind.NUMBER:
            note = Text("ở đây {number}", "here {number}").fill(number=mine.number)
        self.differences.append(
            Difference(
                kind,
                mine.payment_id if mine else "",
                mine.slip_number if mine else "",
                line.order_id if line else mine.payment_id if mine else "",
                line.number if line else mine.number if mine else "",
                ours,
                theirs,
                told,
                line.place if line else 0,
                note,
            )
        )


_UNPAID = {State.MANUAL_PAID: Kind.DECIDED_PAID, State.MANUAL_UNPAID: Kind.DECIDED_UNPAID}
