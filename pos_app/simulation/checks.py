"""The invariants, looked at after every event, and the gateway's truth against ours.

Nothing here trusts the program: what left the till is what the line saw, what was paid is what the gateway knows.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from random import Random

from pos_app.checkout.views import PaymentView, RefundStage, Stage
from pos_app.gateways.gateway import Order
from pos_app.gateways.notification import Notification, Taken
from pos_app.journal.entries import Entry, OrphanNotified, PaymentPrepared, RefundRequested
from pos_app.payments.answer import AnswerClass
from pos_app.payments.ledger import balance
from pos_app.payments.payment import (
    DECIDED,
    GATEWAY_WINDOW_MS,
    LIVE,
    MINUTE_MS,
    NEGATIVE,
    NOT_FOUND_APART_MS,
    STATUS_VALID_MS,
    TAKEN,
    Evidence,
    Source,
    State,
    fold,
)
from pos_app.payments.refund import NOT_REFUNDED, OPEN, Refund, RefundState, fold_refund
from pos_app.simulation.bank import Accepted, Bank
from pos_app.simulation.store import Row, Store
from pos_app.simulation.virtual_time import VirtualTime

ASKED_WITHIN_MS = 13 * MINUTE_MS
"""An open payment is asked about every 10 minutes at least, give or take the jitter."""
ASKED_WHEN_TOLD_WITHIN_MS = 30_000
"""What the gateway told by itself is asked about right after that, and after what is on its way."""
_CLOCK_STEP_MS = 3_000
"""The gateway's clock is read to the second, and the reading may change between two questions."""
_TOLD = {
    Stage.PAID: frozenset({State.PAID}),
    Stage.SHOWN: frozenset({State.PROCESSING}),
    Stage.DECLINED: NEGATIVE,
    Stage.NOT_SENT: frozenset({State.NOT_SENT}),
    Stage.MISMATCH: frozenset({State.MISMATCH}),
    Stage.DECIDED_PAID: frozenset({State.MANUAL_PAID}),
    Stage.DECIDED_UNPAID: frozenset({State.MANUAL_UNPAID}),
}


@dataclass(frozen=True, slots=True)
class Violation:
    """An invariant that did not hold.

    Attributes:
        invariant: its id, or "lost", "doubled", "mis-stated", "unresolved".
        payment: the order id.
        what: in words.
        begun: how many payments had been begun in that world.
    """

    invariant: str
    payment: str
    what: str
    begun: int


class Checks:
    """Watches one world.

    Args:
        store: the disk.
        time: virtual time.
        chance: for the samples.
    """

    def __init__(self, store: Store, time: VirtualTime, chance: Random) -> None:
        self.bank: Bank
        self.violations: list[Violation] = []
        self._store = store
        self._time = time
        self._chance = chance
        self._states: dict[str, State] = {}
        self._numbers: dict[str, str] = {}
        self._charges: Counter[str] = Counter()
        self._codes: set[bytes] = set()
        self._orphans: set[tuple[str, str, int]] = set()
        self._refunds_sent: Counter[str] = Counter()
        self._asked: dict[str, int] = {}
        self._thanked: dict[str, int] = {}
        self._fences: dict[str, int] = {}
        self._asked_after_fence: dict[str, tuple[int, int]] = {}
        self.code_life_ms = 0
        self.enough_at: Collection[str] = ()
        self._uneven = 0
        self.patience_ms = 0
        self.clock_known: Callable[[int], bool] = lambda _app_time_ms: True

    def expect(self, holds: object, invariant: str, payment: str, what: str) -> None:
        """Note it when it does not hold."""
        if not holds and len(self.violations) < 20:  # noqa: PLR2004 - one broken rule breaks many payments
            self.violations.append(Violation(invariant, payment, what, len(self._store.payments)))
            self._time.enough = self._time.enough or invariant in self.enough_at

    # --- what comes to the disk --------------------------------------------------------------------------------------

    def stored(self, entries: Iterable[Entry], rows: Iterable[Row]) -> None:
        """A write is durable."""
        for row in rows:
            account = row.account
            payment, state = account.attempt.app_trans_id, account.verdict.state
            if self._states.get(payment) is not state:
                self._states[payment] = state
                self._new_state(payment, row, state)
            if account.refunds:
                self._refunds(payment, row)
        if self._store.uneven != self._uneven:
            self._uneven = self._store.uneven
            self.expect(False, "I12", "", "a posting is not even")  # noqa: FBT003 - it is a fact
        for one in entries:
            if isinstance(one, PaymentPrepared):
                self.expect(one.attempt.amount > 0, "I12", one.app_trans_id, "no positive amount")
            elif isinstance(one, RefundRequested):
                self.expect(one.refund.amount > 0, "I12", one.app_trans_id, "no positive refund")
            elif isinstance(one, OrphanNotified):
                self._orphans.add((one.order_id, one.zp_trans_id, one.amount))

    def _new_state(self, payment: str, row: Row, state: State) -> None:
        account, order, now = row.account, self.bank.orders.get(payment), self._time.now_ms
        number = account.verdict.zp_trans_id
        known = self._numbers.setdefault(payment, number) if number else number
        self.expect(known == number or state is State.MISMATCH, "I17", payment, "the gateway's number changed")
        if state is State.PAID:
            told = any(_says(one, Source.QUERY) for one in account.evidence)
            self.expect(told, "I4", payment, "PAID without the gateway's word to a question of ours")
            fits = order is not None and order.paid(now) and order.zp_trans_id == number
            self.expect(fits, "mis-stated", payment, "PAID, but the gateway has no money")
            self.expect(
                order is None or order.took == account.attempt.amount, "I4", payment, "PAID with another amount"
            )
        elif state is State.NOT_SENT:
            self.expect(not self._charges[payment], "I5", payment, "NOT_SENT, but it left")
        elif state is State.NOT_CREATED and payment in self._fences:
            first, last = self._asked_after_fence.get(payment, (0, 0))
            apart = last - first >= NOT_FOUND_APART_MS - _CLOCK_STEP_MS
            self.expect(apart, "I5", payment, "NOT_CREATED, but it was not asked twice when it could not come any more")
        if state in NEGATIVE and order is not None:
            self.expect(order.lied or order.pays_at_ms is None, "I5", payment, f"{state}, but it is or will be paid")
        if state in NEGATIVE and state is not State.NOT_SENT:
            self._closed(payment, row, state)
        blocking = [one for one in self._store.sales[account.attempt.sale_id] if self._store.payments[one].blocks]
        self.expect(len(blocking) <= 1, "I1", payment, "two live attempts of one sale")
        held = {name: amount for name, amount in row.postings.items() if amount}
        wanted = {name: amount for name, amount in balance(account.standing()).items() if amount}
        self.expect(held == wanted, "I12", payment, "the ledger holds something else than the state says")
        if state not in LIVE and self._chance.random() < 0.25:  # noqa: PLR2004 - a sample
            self._fold_again(payment, row)

    def _closed(self, payment: str, row: Row, state: State) -> None:
        """The gateway says no: is that certain?"""
        order, now = self.bank.orders.get(payment), self._time.now_ms
        told = any(_says(one, Source.NOTIFIED) for one in row.account.evidence)
        self.expect(not told, "I5", payment, f"{state}, but the gateway has told by itself that it was paid")
        waits = order is not None and order.waits(now)
        # The gateway took a cancel and said that it is over: more cannot be known.
        lied = order is not None and order.lied and state is State.CANCELLED
        self.expect(not waits or lied, "I5", payment, f"{state}, but a customer can still pay what was shown")

    def _fold_again(self, payment: str, row: Row) -> None:
        account = row.account
        mixed = account.evidence + self._chance.choices(account.evidence, k=2)
        self._chance.shuffle(mixed)
        self.expect(fold(account.attempt, mixed) == account.verdict, "I7", payment, "another order, another state")

    def _refunds(self, payment: str, row: Row) -> None:
        account = row.account
        going = [one for one in account.refunds.values() if one.verdict.state not in NOT_REFUNDED]
        most = account.attempt.amount if account.verdict.state is State.PAID else 0
        self.expect(sum(one.refund.amount for one in going) <= most, "I10", payment, "more refunds than was paid")
        intents = {one.refund.intent for one in account.refunds.values()}
        self.expect(len(intents) == len(account.refunds), "I11", payment, "one press, two refunds")
        for number, one in account.refunds.items():
            taken = self.bank.refunds.get(number)
            done = taken is not None and taken.done(self._time.now_ms)
            if one.verdict.state is RefundState.DONE:
                self.expect(done, "mis-stated", payment, "refunded, but the gateway has not")
            elif one.verdict.state in NOT_REFUNDED:
                gone = taken is not None and taken.fails_at_ms is None
                self.expect(not gone, "mis-stated", payment, f"{one.verdict.state}, but the gateway refunds")

    # --- what leaves the till, and what the gateway takes ------------------------------------------------------------

    def charge_left(self, order: Order, code: bytes) -> None:
        """The first byte of a charge is about to leave."""
        self.expect(code not in self._codes, "I3", order.app_trans_id, "its code leaves a second time")
        self._codes.add(code)
        self._fences[order.app_trans_id] = order.app_time_ms + min(GATEWAY_WINDOW_MS, self.code_life_ms)
        self._left(order)

    def wallet_left(self, order: Order) -> None:
        """The first byte of a charge of a linked wallet is about to leave."""
        self._fences[order.app_trans_id] = order.app_time_ms + GATEWAY_WINDOW_MS
        self._left(order)

    def order_left(self, order: Order) -> None:
        """The first byte of an order to be shown is about to leave."""
        row = self._store.payments.get(order.app_trans_id)
        expires = row.account.attempt.expires_at_ms if row else None
        self.expect(expires, "I2", order.app_trans_id, "it leaves, and nobody wrote down how long it can be paid")
        self._fences[order.app_trans_id] = expires or order.app_time_ms
        self._left(order)

    def _left(self, order: Order) -> None:
        payment = order.app_trans_id
        row = self._store.payments.get(payment)
        durable = row is not None and any(one.source is Source.SENDING for one in row.account.evidence)
        self.expect(durable, "I2", payment, "it leaves, but SENDING is not durable")
        self._charges[payment] += 1
        self.expect(self._charges[payment] == 1, "I3", payment, "it leaves a second time")
        if row is not None:
            others = [one for one in self._store.sales[row.account.attempt.sale_id] if one != payment]
            unsettled = [one for one in others if self._store.payments[one].blocks]
            self.expect(not unsettled, "I1", payment, "it leaves while another attempt of the sale is open")
            taken = [one for one in others if self._store.state(one) in TAKEN]
            self.expect(not taken, "doubled", payment, "it leaves although the sale is paid")
        near = abs(order.app_time_ms - self._time.now_ms) <= GATEWAY_WINDOW_MS
        self.expect(
            near or not self.clock_known(order.app_time_ms), "clock", payment, "its time is out of the gateway's window"
        )

    def refund_left(self, refund: Refund) -> None:
        """The first byte of a refund is about to leave."""
        row = self._store.payments.get(refund.app_trans_id)
        account = row.account.refunds.get(refund.m_refund_id) if row else None
        durable = account is not None and any(one.source is Source.SENDING for one in account.evidence)
        self.expect(durable, "I2", refund.app_trans_id, "a refund leaves, but SENDING is not durable")
        self._refunds_sent[refund.intent] += 1
        self.expect(self._refunds_sent[refund.intent] == 1, "I11", refund.app_trans_id, "one press is sent twice")

    def asked(self, app_trans_id: str) -> None:
        """A question leaves."""
        now = self._time.now_ms
        self._asked[app_trans_id] = self._time.mono_ms
        if app_trans_id in self._thanked:
            waited = self._time.mono_ms - self._thanked.pop(app_trans_id)
            soon = waited <= ASKED_WHEN_TOLD_WITHIN_MS + self.patience_ms
            self.expect(soon, "I22", app_trans_id, "the gateway told of it, and it was not asked about then")
        if now >= self._fences.get(app_trans_id, now + 1):
            first, _ = self._asked_after_fence.get(app_trans_id, (now, now))
            self._asked_after_fence[app_trans_id] = (first, now)

    def accepted(self, it: Accepted) -> None:
        """The gateway takes an order."""
        payment = it.order.app_trans_id
        state = self._store.state(payment)
        self.expect(state not in {None, State.PREPARED, State.NOT_SENT}, "I2", payment, f"it came, and is {state}")
        closed = state in NEGATIVE and not it.lied
        self.expect(not closed or it.pays_at_ms is None, "I5", payment, f"{state} before the gateway even had it")

    def acknowledged(self, told: Notification, taken: Taken) -> None:
        """I18: the till says that it has what the gateway told by itself, so it is on the disk."""
        facts, row = (told.app_trans_id, told.zp_trans_id, told.amount), self._store.payments.get(told.app_trans_id)
        noted = (one.answer for one in row.account.evidence if one.source is Source.NOTIFIED) if row else ()
        durable = any(one and (one.zp_trans_id, one.amount) == facts[1:] for one in noted)
        self.expect(durable or facts in self._orphans, "I18", told.app_trans_id, "acknowledged, but not stored")
        if taken is Taken.NEW and row is not None and row.account.verdict.state in LIVE:
            self._thanked.setdefault(told.app_trans_id, self._time.mono_ms)

    # --- what is told ------------------------------------------------------------------------------------------------

    def told(self, view: PaymentView) -> None:
        """A picture of a payment reaches a screen."""
        wanted = _TOLD.get(view.stage)
        if wanted is not None:
            state = self._store.state(view.payment_id)
            self.expect(state in wanted, "I16", view.payment_id, f"{view.stage} is told, {state} is stored")
        if view.shown is not None:
            order = self.bank.orders.get(view.payment_id)
            right = order is not None and order.code == view.shown.text and order.order.amount == view.amount
            self.expect(right, "mis-stated", view.payment_id, "a code is shown that is not this order's")
        if view.refunds:
            accounts = self._store.payments[view.payment_id].account.refunds
            for one in view.refunds:
                done = accounts[one.m_refund_id].verdict.state is RefundState.DONE
                self.expect(done or one.stage is not RefundStage.DONE, "I16", view.payment_id, "told as refunded")

    # --- from time to time -------------------------------------------------------------------------------------------

    def still_asked(self, since_mono_ms: int, *, open_now: Collection[str], listed: Collection[str]) -> None:
        """I8, I22: what is open is asked about, whatever the wall clock does; it runs since `since_mono_ms`."""
        now = self._time.mono_ms
        for payment in self._store.unsettled:
            row = self._store.payments[payment]
            state, age = row.account.verdict.state, self._time.now_ms - row.account.attempt.app_time_ms
            if (
                state not in LIVE
                or state is State.PREPARED
                or payment in listed
                or age > STATUS_VALID_MS - 60 * MINUTE_MS
            ):
                continue
            last = max(self._asked.get(payment, 0), since_mono_ms, row.entries[0][0])
            self.expect(
                now - last <= ASKED_WITHIN_MS + self.patience_ms, "I22", payment, "open, and nobody asks any more"
            )
        for payment in self._store.unsettled:
            state = self._store.payments[payment].account.verdict.state
            self.expect(state not in LIVE or payment in open_now, "I8", payment, f"{state}, and the program forgot it")

    def snapshot(self) -> dict[str, State]:
        """The states before a crash."""
        return {one: self._store.payments[one].account.verdict.state for one in self._store.unsettled}

    def recovered(self, before: dict[str, State]) -> None:
        """I23: a restart changes nothing, except PREPARED to NOT_SENT and SENDING to UNKNOWN."""
        self._thanked.clear()
        wanted = {State.PREPARED: State.NOT_SENT, State.SENDING: State.UNKNOWN}
        for payment, was in before.items():
            now = self._store.state(payment)
            self.expect(now is wanted.get(was, was), "I23", payment, f"a restart made {now} of {was}")

    # --- the end -----------------------------------------------------------------------------------------------------

    def finish(self, listed: Iterable[str]) -> None:
        """After two days of working network; `listed` is what a manager has to look at."""
        on_the_list = set(listed)
        for payment, row in self._store.payments.items():
            self._finish_payment(payment, row, listed=payment in on_the_list)
        for sale, attempts in self._store.sales.items():
            on_time = [one for one in attempts if self._has_money(one) and not self._store.payments[one].account.late]
            self.expect(len(on_time) <= 1, "doubled", sale, "a sale is paid twice, and nobody is told")

    def _has_money(self, payment: str) -> bool:
        order = self.bank.orders.get(payment)
        taken = order is not None and order.paid(self._time.now_ms)
        return taken and self._store.state(payment) in {State.PAID, State.MANUAL_PAID}

    def _finish_payment(self, payment: str, row: Row, *, listed: bool) -> None:
        account, order, now = row.account, self.bank.orders.get(payment), self._time.now_ms
        state = account.verdict.state
        paid = order is not None and order.paid(now)
        self.expect(state not in LIVE or listed, "unresolved", payment, f"{state} at the end, and on no list")
        if paid:
            self.expect(state not in NEGATIVE, "lost", payment, f"the gateway was paid, we say {state}")
            right = state is State.PAID or order is None or order.said != account.attempt.amount
            self.expect(right or state in LIVE | DECIDED, "lost", payment, f"the gateway was paid, we say {state}")
        else:
            self.expect(state is not State.PAID, "mis-stated", payment, "PAID, but the gateway has no money")
        if not account.refunds:
            return
        done = 0
        for number, one in account.refunds.items():
            taken, is_done = self.bank.refunds.get(number), one.verdict.state is RefundState.DONE
            went = taken is not None and taken.done(now)
            self.expect(
                is_done == went or one.verdict.state in OPEN, "lost", payment, "a refund, and the ledger differs"
            )
            self.expect(one.verdict.state not in OPEN, "unresolved", payment, f"a refund is {one.verdict.state}")
            again = fold_refund(one.refund, [*reversed(one.evidence), *one.evidence])
            self.expect(again == one.verdict, "I7", payment, "a refund: another order, another state")
            done += one.refund.amount if is_done else 0
        self.expect(done <= account.attempt.amount, "I10", payment, "more was refunded than was paid")


def _says(one: Evidence, source: Source) -> bool:
    return one.source is source and one.answer is not None and one.answer.meaning is AnswerClass.PAID
