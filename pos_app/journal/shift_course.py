"""One payment's way through the shifts, from its entries: what it stood at when each that touched it ended."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import RowMapping

from pos_app.journal.bookkeeping import replayed
from pos_app.journal.entries import Entry, ManagerActed, PaymentPrepared, RefundRequested, RefundSettled
from pos_app.journal.errors import LawlessEntryError
from pos_app.payments.cause import cause_of
from pos_app.payments.ledger import Standing, posting
from pos_app.payments.order_number import running_of
from pos_app.payments.payment import State
from pos_app.payments.refund import OPEN, Refund, RefundState
from pos_app.shifts.totals import Open, PaymentFact, RefundFact

Marks = tuple[int, int | None, str]
"""Of a refund: the shift it was asked for in, that in which it settled last, and who allowed it."""


class Told(NamedTuple):
    """An entry with its place in the journal."""

    n: int
    at_ms: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class End:
    """What a payment stood at when a shift that touched it ended."""

    shift: int
    standing: Standing
    cause: str
    open_refunds: tuple[Open, ...]


class Course:
    """The way of one payment.

    Attributes:
        story: its entries.
        prepared: the first of them.
        begun: the shift it was begun in.
        ends: one for each shift that touched it, in their order.
    """

    def __init__(
        self, story: list[Told], row: RowMapping, refunds: dict[str, RowMapping], shift_of: Callable[[int], int]
    ) -> None:
        """Read it.

        Args:
            story: all its entries.
            row: what stands in the table of payments.
            refunds: what stands in the table of refunds, by their ids.
            shift_of: the shift of an entry's number.

        Raises:
            LawlessEntryError: its entries contradict the rules.
        """
        self.story = story
        self._shift_of = shift_of
        self.prepared = _first(story)
        self.begun = shift_of(story[0].n)
        self._asked: dict[str, tuple[int, Refund]] = {
            one.refund.m_refund_id: (shift_of(n), one.refund) for n, _, one in story if isinstance(one, RefundRequested)
        }
        touched = sorted({shift_of(one.n) for one in story})
        self.ends = [*(self._at_end_of(number) for number in touched[:-1]), self._now(touched[-1], row, refunds)]

    def _at_end_of(self, number: int) -> End:
        account = replayed([(one.at_ms, one.entry) for one in self.story if self._shift_of(one.n) <= number])
        refunds = {it: one.verdict.state for it, one in account.refunds.items()}
        return End(number, account.standing(), cause_of(account.verdict, account.evidence), self._open(refunds))

    def _now(self, number: int, row: RowMapping, rows: dict[str, RowMapping]) -> End:
        """By its rows, which are held against the entries elsewhere (`faults`): nearly all end in their first shift."""
        refunds = {it: RefundState(line["state"]) for it, line in rows.items()}
        back = sum(line["amount"] for it, line in rows.items() if refunds[it] is RefundState.DONE)
        standing = Standing(row["amount"], State(row["state"]), bool(row["late"]), bool(row["kept"]), back)
        return End(number, standing, row["cause"] or "", self._open(refunds))

    def _open(self, refunds: dict[str, RefundState]) -> tuple[Open, ...]:
        asked = ((number, *self._asked[number]) for number, state in refunds.items() if state in OPEN)
        return tuple(Open(number, one.slip_number, one.amount, begun) for number, begun, one in asked)

    def pairs(self) -> Iterator[tuple[Standing | None, End]]:
        """Each shift's end with what stood before; None in the first."""
        before = None
        for end in self.ends:
            yield before, end
            before = end.standing

    def spans(self, last: int) -> Iterator[tuple[End, range]]:
        """Each end with the shifts for which it holds, up to the last one."""
        following = [*(end.shift for end in self.ends[1:]), last + 1]
        return ((end, range(end.shift, until)) for end, until in zip(self.ends, following, strict=True))

    def fact(self, before: Standing | None, end: End) -> PaymentFact:
        """What a shift did to it."""
        it = self.prepared.attempt
        number = running_of(it.slip_number)
        return PaymentFact(it.slip_number, number, it.gateway, it.source, self.begun, before, end.standing, end.cause)

    def open(self) -> Open:
        """It, as one without a result."""
        it = self.prepared.attempt
        return Open(it.app_trans_id, it.slip_number, it.amount, self.begun)

    def refund_facts(self) -> Iterator[tuple[int, RefundFact]]:
        """Each refund in the shift it was asked for in, and in the later one in which it was done."""
        it, marks, done = self.prepared.attempt, self.refund_marks(), self._done()
        for number, (asked, one) in self._asked.items():
            for here in {asked, done.get(number, asked)}:
                yield (
                    here,
                    RefundFact(
                        one.slip_number,
                        running_of(one.slip_number),
                        it.slip_number,
                        it.gateway,
                        it.source,
                        asked,
                        one.amount,
                        marks[number][2],
                        done=done.get(number) == here,
                    ),
                )

    def _done(self) -> dict[str, int]:
        settled = ((n, one) for n, _, one in self.story if isinstance(one, RefundSettled))
        return {one.m_refund_id: self._shift_of(n) for n, one in settled if one.state is RefundState.DONE}

    # --- what the rows must say --------------------------------------------------------------------------------------

    def said(self) -> tuple[object, ...]:
        """Shift, gateway, source, when it was scanned, cashier and id."""
        it = self.prepared
        attempt = it.attempt
        return self.begun, attempt.gateway, attempt.source, attempt.scanned_at_ms, it.cashier, it.cashier_id

    def carries(self, rows: dict[int, Standing]) -> bool:
        """Whether the rows are what it stood at before the shifts that changed it."""
        earlier = [(before, end) for before, end in self.pairs() if before is not None]
        stood = {end.shift: before for before, end in earlier}
        changed = {end.shift for before, end in earlier if before != end.standing}
        return changed <= rows.keys() <= stood.keys() and all(stood[it] == row for it, row in rows.items())

    def moves(self) -> dict[int, dict[str, int]]:
        """By how many dong it moved each account, by shift."""
        nothing = Standing(self.prepared.attempt.amount)
        lines = ((end.shift, posting(before or nothing, end.standing)) for before, end in self.pairs())
        return {shift: {name.value: dong for name, dong in line.items()} for shift, line in lines if line}

    def refund_marks(self) -> dict[str, Marks]:
        """What the rows of its refunds must say."""
        settled = {one.m_refund_id: self._shift_of(n) for n, _, one in self.story if isinstance(one, RefundSettled)}
        allowed = {one.number: one.by for _, _, one in self.story if isinstance(one, ManagerActed)}
        return {it: (asked, settled.get(it), allowed.get(it, "")) for it, (asked, _) in self._asked.items()}


def _first(story: list[Told]) -> PaymentPrepared:
    first = story[0].entry if story else None
    if not isinstance(first, PaymentPrepared):
        message = "a payment without its beginning"
        raise LawlessEntryError(message)
    return first
