"""A day at the till for tests of shifts: payments of every outcome in any order, closings between them."""

from collections import Counter
from dataclasses import dataclass, field, replace

from pos_app.journal import shift_facts
from pos_app.journal.cash_entries import CashCounted, CashGivenBack, CashMoved, CashSlipPrinted, CashTaken
from pos_app.journal.entries import (
    Entry,
    EvidenceAdded,
    ManagerActed,
    OpenAtClose,
    PaymentSettled,
    RefundEvidenceAdded,
    ReportPrinted,
    ShiftClosed,
    ShiftOpened,
    SlipPrinted,
)
from pos_app.journal.store import Journal
from pos_app.payments.acts import Act
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.cash import CashKind
from pos_app.payments.order_number import slip_number
from pos_app.payments.payment import Attempt, Evidence, Source, State
from pos_app.shifts.shift import Shift
from pos_app.shifts.spelling import spelled
from tests.journal.stories import NOW, a_refund, an_attempt, answered, failed, paid, tell

PROCESSING = Answer(AnswerClass.PROCESSING)


def closed(now: Shift, sending: bool = False, *, z_number: int | None = None) -> ShiftClosed:
    """The entry that closes the running shift as it stands."""
    assert not sending
    signed = tuple(OpenAtClose(one.number, one.amount) for one in now.totals.open)
    z = now.number if z_number is None else z_number
    counted = now.totals.cash.counted
    why = "đếm lại hai lần" if now.totals.cash.over else ""
    return ShiftClosed(now.number, z, "An", "", signed, "Lan", "", counted, "khách đợi", spelled(now.totals), why)


@dataclass
class Till:
    """Drives a journal and counts by itself what each shift must come to.

    Attributes:
        confirmed, by_hand: dong by shift, counted as a person would with a pencil.
        drawer: the same of what must be in the drawer. sold: cash sales of which nothing was given back.
        open: what has no result.
    """

    journal: Journal
    at_ms: int = NOW
    shift: int = 1
    confirmed: Counter[int] = field(default_factory=Counter)
    by_hand: Counter[int] = field(default_factory=Counter)
    drawer: Counter[int] = field(default_factory=Counter)
    sold: list[CashTaken] = field(default_factory=list)
    open: list[Attempt] = field(default_factory=list)
    paid: list[Attempt] = field(default_factory=list)
    unpaid: list[Attempt] = field(default_factory=list)
    decided: list[Attempt] = field(default_factory=list)
    refunding: list[tuple[Attempt, tuple[Entry, ...]]] = field(default_factory=list)

    def later(self) -> int:
        self.at_ms += 1_000
        return self.at_ms

    def begin(self) -> None:
        """Sent, and not known."""
        attempt = an_attempt(self.journal, at_ms=self.later(), amount=1_000 * (1 + self.journal.next_running() % 7))
        tell(self.journal, attempt, answered(attempt, Source.CREATE, PROCESSING, 300), at_ms=self.at_ms)
        self.open.append(attempt)

    def pay(self, pick: int) -> None:
        """The gateway's word about one that is open."""
        if self.open:
            attempt = self.open.pop(pick % len(self.open))
            self._pay(attempt)

    def _pay(self, attempt: Attempt) -> None:
        self.journal.write(*paid(attempt), at_ms=self.later()).result()
        self.confirmed[self.shift] += attempt.amount
        self.paid.append(attempt)

    def decline(self, pick: int) -> None:
        """It was not paid."""
        if self.open:
            attempt = self.open.pop(pick % len(self.open))
            self.journal.write(*failed(attempt)[1:2], at_ms=self.later()).result()
            settled = answered(attempt, Source.QUERY, Answer(AnswerClass.NEGATIVE, 2, sub_return_code=-63), 9_000)
            self.journal.write(settled, failed(attempt)[2], at_ms=self.later()).result()
            self.unpaid.append(attempt)

    def turn(self, pick: int) -> None:
        """Late money: what was not paid was paid after all."""
        if self.unpaid:
            self._pay(self.unpaid.pop(pick % len(self.unpaid)))

    def decide(self, pick: int) -> None:
        """A manager takes one for paid."""
        if self.open:
            attempt = self.open.pop(pick % len(self.open))
            at_ms, number = self.later(), attempt.app_trans_id
            allowed = ManagerActed(number, Act.DECIDE_PAID, "Lan", "other", "đã xem kỹ rồi", "")
            decision = EvidenceAdded(number, Evidence(Source.DECIDED_PAID, at_ms, at_ms))
            settled = PaymentSettled(number, State.MANUAL_PAID, "")
            self.journal.write(allowed, decision, settled, at_ms=at_ms).result()
            self.by_hand[self.shift] += attempt.amount
            self.decided.append(attempt)

    def overrule(self, pick: int) -> None:
        """The gateway's word comes after the manager's."""
        if self.decided:
            attempt = self.decided.pop(pick % len(self.decided))
            self.by_hand[self.shift] -= attempt.amount
            self._pay(attempt)

    def ask_back(self, pick: int) -> None:
        """A refund is asked for."""
        if self.paid:
            attempt = self.paid.pop(pick % len(self.paid))
            steps = list(a_refund(self.journal, attempt))
            for entries, _ in steps[:2]:
                self.journal.write(*entries, at_ms=self.later()).result()
            sent = steps[1][0][0]
            assert isinstance(sent, RefundEvidenceAdded)
            unknown = replace(sent, evidence=Evidence(Source.CREATE, self.at_ms, self.at_ms, PROCESSING))
            self.journal.write(unknown, at_ms=self.later()).result()
            self.refunding.append((attempt, steps[2][0]))

    def give_back(self, pick: int) -> None:
        """A refund is done."""
        if self.refunding:
            attempt, entries = self.refunding.pop(pick % len(self.refunding))
            self.journal.write(*entries, at_ms=self.later()).result()
            self.confirmed[self.shift] -= attempt.amount // 2

    def reprint(self, pick: int) -> None:
        """A copy."""
        if self.paid:
            attempt = self.paid[pick % len(self.paid)]
            self.journal.write(SlipPrinted(attempt.app_trans_id, 1, "58 mm"), at_ms=self.later()).result()

    def sell_for_cash(self, pick: int) -> None:
        """A sale paid in cash."""
        slip, amount = slip_number("02", self.journal.next_running()), 1_000 * (1 + pick)
        taken = CashTaken(slip, amount, amount + 500 * (pick % 3), "", slip, "An", "")
        self.journal.write(taken, at_ms=self.later()).result()
        self.drawer[self.shift] += amount
        self.sold.append(taken)

    def give_cash_back(self, pick: int) -> None:
        """Half of one goes back, whatever shift it was taken in."""
        if self.sold:
            sold = self.sold.pop(pick % len(self.sold))
            slip, amount = slip_number("02", self.journal.next_running()), sold.amount // 2
            back = CashGivenBack(slip, sold.slip_number, amount, "other", "", "Lan", "", slip, "An", "")
            self.journal.write(back, at_ms=self.later()).result()
            self.drawer[self.shift] -= amount

    def move_cash(self, pick: int) -> None:
        """In, out, or only opened."""
        what = (CashKind.PAY_IN, CashKind.PAY_OUT, CashKind.OPENED)[pick % 3]
        amount = 0 if what is CashKind.OPENED else 700 * (1 + pick)
        moved = CashMoved(what, amount, "tiền lẻ đầu ca", "Lan", "", "An", "")
        self.journal.write(moved, at_ms=self.later()).result()
        self.drawer[self.shift] += amount if what is CashKind.PAY_IN else -amount

    def count(self, pick: int) -> None:
        """The drawer is counted."""
        self.journal.write(CashCounted(1_000 * pick, "An", ""), at_ms=self.later()).result()

    def reprint_cash(self, pick: int) -> None:
        """A copy of a slip of cash, and of a report."""
        if self.sold:
            slip = self.sold[pick % len(self.sold)].slip_number
            self.journal.write(CashSlipPrinted(slip, pick % 2, "58 mm"), at_ms=self.later()).result()
            self.journal.write(ReportPrinted("02-x", "00", pick % 2, "58 mm"), at_ms=self.later()).result()

    def close(self, _pick: int = 0) -> None:
        """Z."""
        self.journal.close_shift(closed, at_ms=self.later()).result()
        self.shift += 1

    def open_shift(self, _pick: int = 0) -> None:
        """By hand, where nothing opened it yet."""
        if self.look().opened_at_ms is None:
            self.journal.write(ShiftOpened(self.shift, "An", "", 1_000 * _pick), at_ms=self.later()).result()
            self.drawer[self.shift] += 1_000 * _pick

    def look(self, number: int | None = None) -> Shift:
        """X, or a Z again."""
        if number is None:
            return self.journal.read(shift_facts.running).result()
        found = self.journal.read(lambda connection: shift_facts.look(connection, number)).result()
        assert found is not None
        return found


ACTS = (
    Till.pay,
    Till.decline,
    Till.turn,
    Till.decide,
    Till.overrule,
    Till.ask_back,
    Till.give_back,
    Till.reprint,
    Till.close,
    Till.open_shift,
    Till.sell_for_cash,
    Till.give_cash_back,
    Till.move_cash,
    Till.count,
    Till.reprint_cash,
)
