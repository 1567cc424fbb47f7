"""The till's journal in a virtual world: outlives every crash, takes all of a write or nothing, may be full or slow.

What a write comes to is the real bookkeeping's word (`PaymentAccount`); the constraints beside it are those of the
journal's tables. `OpenStore` is the journal as one run of the program has it: it dies with it.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from pos_app.journal.bookkeeping import PaymentAccount, RefundAccount
from pos_app.journal.entries import (
    Entry,
    OrphanNotified,
    PaymentPrepared,
    RefundRequested,
    payment_of,
)
from pos_app.journal.errors import LawlessEntryError, LiveAttemptError, StorageFullError
from pos_app.journal.projections import PaymentRecord, RefundRecord
from pos_app.payments.ledger import Account, posting
from pos_app.payments.order_number import running_of
from pos_app.payments.payment import DECIDED, LIVE, NEGATIVE, State, fold, watched
from pos_app.payments.refund import left_to_refund, still_asked
from pos_app.simulation.commit_points import AFTER, BEFORE, commit_point
from pos_app.simulation.faults import Fault, Faults
from pos_app.simulation.virtual_time import VirtualTime

Result = TypeVar("Result")
TILL, EPOCH = "01", "s1m0"


@dataclass(slots=True)
class Row:
    """One payment as it is stored.

    Attributes:
        account: its evidence and what that proves.
        entries: all of it, with the wall clock of each.
        postings: what the ledger holds for it.
    """

    account: PaymentAccount
    entries: list[tuple[int, Entry]]
    postings: Counter[Account] = field(default_factory=Counter)

    @property
    def blocks(self) -> bool:
        """Whether its sale may have no other attempt."""
        return self.account.verdict.state in LIVE and self.account.released_at_ms is None

    def record(self) -> PaymentRecord:
        """The payment as the journal hands it out."""
        it = self.account
        return PaymentRecord(
            it.attempt,
            tuple(it.evidence),
            it.verdict.state,
            it.verdict.zp_trans_id,
            it.settled_at_ms,
            0,
            tuple(self.entries),
            it.released_at_ms,
            it.late,
            it.kept,
            self.refunds(),
        )

    def refunds(self) -> tuple[RefundRecord, ...]:
        """Its refunds as the journal hands them out."""
        return tuple(
            RefundRecord(one.refund, tuple(one.evidence), one.verdict.state, one.verdict.refund_id, one.settled_at_ms)
            for one in self.account.refunds.values()
        )


class Store:
    """The disk: what is in here was stored for good.

    Attributes:
        payments: by order id, in the order they were prepared.
        sales: the order ids of each sale.
        orphans: what the gateway told of money that is of no payment here, each with when.
        uneven: postings that were not even: there must be none.
    """

    def __init__(self) -> None:
        self.payments: dict[str, Row] = {}
        self.sales: dict[str, list[str]] = {}
        self.orphans: list[tuple[int, OrphanNotified]] = []
        self.uneven = 0
        self._unique: set[str] = set()
        self._zp_trans_ids: dict[str, str] = {}
        self.running = 0
        # What the program may take up again, so that a restart need not read a whole day.
        self.unsettled: dict[str, None] = {}

    def state(self, app_trans_id: str) -> State | None:
        """What is true of a payment; None for none of that id."""
        row = self.payments.get(app_trans_id)
        return row.account.verdict.state if row else None

    def append(self, entries: tuple[Entry, ...], at_ms: int) -> tuple[Row, ...]:
        """One transaction; gives the payments that it changed.

        Raises:
            JournalError: nothing of it is stored.
        """
        changed: dict[str, Row] = {}
        orphans: list[tuple[int, OrphanNotified]] = []
        for one in entries:
            app_trans_id = payment_of(one)
            if app_trans_id is None:
                orphans += [(at_ms, one)] if isinstance(one, OrphanNotified) else []
                continue
            if isinstance(one, PaymentPrepared):
                self._check_new(one)
                changed[app_trans_id] = Row(PaymentAccount(one.attempt, [], fold(one.attempt, ())), [])
            row = changed.get(app_trans_id) or changed.setdefault(app_trans_id, self._copy(app_trans_id))
            if isinstance(one, RefundRequested):
                row.account.request(one.refund)
                self._check_refund(row, one)
            elif not isinstance(one, PaymentPrepared):
                row.account.take_in(one, at_ms)
            row.entries.append((at_ms, one))
        for app_trans_id, row in changed.items():
            self._check_changed(app_trans_id, row)
        for app_trans_id, row in changed.items():
            self._keep(app_trans_id, row)
        self.orphans += orphans
        return tuple(changed.values())

    def _copy(self, app_trans_id: str) -> Row:
        row = self.payments.get(app_trans_id)
        if row is None:
            message = "an entry for a payment that was never prepared"
            raise LawlessEntryError(message)
        it = row.account
        refunds = {
            number: RefundAccount(one.refund, list(one.evidence), one.verdict, one.settled_at_ms)
            for number, one in it.refunds.items()
        }
        account = PaymentAccount(
            it.attempt, list(it.evidence), it.verdict, it.settled_at_ms, it.released_at_ms, it.late, it.kept, refunds
        )
        return Row(account, list(row.entries), row.postings)

    def _check_new(self, one: PaymentPrepared) -> None:
        attempt = one.attempt
        if attempt.app_trans_id in self.payments or attempt.slip_number in self._unique or attempt.amount <= 0:
            message = "an id was given twice"
            raise LawlessEntryError(message)

    def _check_refund(self, row: Row, one: RefundRequested) -> None:
        wanted, accounts = one.refund, row.account.refunds.values()
        if {wanted.m_refund_id, wanted.intent, wanted.slip_number} & self._unique:
            message = "a refund was asked for twice"
            raise LawlessEntryError(message)
        if left_to_refund(row.account.attempt.amount, ((it.refund.amount, it.verdict.state) for it in accounts)) < 0:
            message = "over the paid amount"
            raise LawlessEntryError(message)

    def _check_changed(self, app_trans_id: str, row: Row) -> None:
        account = row.account
        if account.unsettled or any(one.unsettled for one in account.refunds.values()):
            message = "paid or refunded without the settling entry in the same transaction"
            raise LawlessEntryError(message)
        number = account.verdict.zp_trans_id
        if number and self._zp_trans_ids.get(number, app_trans_id) != app_trans_id:
            message = "another payment has this number of the gateway"
            raise LawlessEntryError(message)
        others = self.sales.get(account.attempt.sale_id, ())
        if row.blocks and any(self.payments[one].blocks for one in others if one != app_trans_id):
            message = "one_live_attempt"
            raise LiveAttemptError(message)

    def _keep(self, app_trans_id: str, row: Row) -> None:
        account = row.account
        if app_trans_id not in self.payments:
            self.sales.setdefault(account.attempt.sale_id, []).append(app_trans_id)
            self._unique.add(account.attempt.slip_number)
            self.running = max(self.running, running_of(account.attempt.slip_number))
        self.payments[app_trans_id] = row
        self.unsettled[app_trans_id] = None
        if account.verdict.zp_trans_id:
            self._zp_trans_ids[account.verdict.zp_trans_id] = app_trans_id
        for one in account.refunds.values():
            self._unique |= {one.refund.m_refund_id, one.refund.intent, one.refund.slip_number}
            self.running = max(self.running, running_of(one.refund.slip_number))
        now = account.standing()
        if now != account.stood:
            moved = posting(account.stood, now)
            self.uneven += sum(moved.values()) != 0
            row.postings = row.postings.copy()
            row.postings.update(moved)

    # --- what a starting program reads -------------------------------------------------------------------------------

    def live(self) -> tuple[PaymentRecord, ...]:
        """See `Journal.live`."""
        return tuple(row.record() for row in self._open_rows() if row.account.verdict.state in LIVE)

    def watched(self, now_ms: int) -> tuple[PaymentRecord, ...]:
        """See `Journal.watched`."""
        return tuple(
            row.record()
            for row in self._open_rows()
            if row.account.verdict.state in NEGATIVE | DECIDED
            and watched(row.account.attempt, row.account.verdict.state, row.account.evidence, now_ms)
        )

    def open_refunds(self, now_ms: int) -> tuple[RefundRecord, ...]:
        """See `Journal.open_refunds`."""
        found = [
            one
            for row in self._open_rows()
            for one in row.refunds()
            if still_asked(one.refund, one.state, one.evidence, now_ms)
        ]
        return tuple(sorted(found, key=lambda one: one.refund.requested_at_ms))

    def _open_rows(self) -> list[Row]:
        return [self.payments[one] for one in self.unsettled]

    def forget_finished(self, now_ms: int) -> None:
        """Drop from `unsettled` what no restart would take up again."""
        self.unsettled = {one: None for one in self.unsettled if self._unfinished(self.payments[one], now_ms)}

    def _unfinished(self, row: Row, now_ms: int) -> bool:
        account = row.account
        state = account.verdict.state
        refunding = any(still_asked(one.refund, one.state, one.evidence, now_ms) for one in row.refunds())
        return state in LIVE or refunding or watched(account.attempt, state, account.evidence, now_ms)


class OpenStore:
    """The journal as one run of the program holds it (the part of `Journal` that the desks use).

    Args:
        store: the disk.
        time: virtual time.
        faults: what goes wrong.
        crash: ends this run of the program at once.
        stored: told of every write that came to the disk.
    """

    till, epoch = TILL, EPOCH
    restored_at_ms: int | None = None

    def __init__(
        self,
        store: Store,
        time: VirtualTime,
        faults: Faults,
        *,
        crash: Callable[[], None],
        stored: Callable[[tuple[Entry, ...], tuple[Row, ...]], None],
    ) -> None:
        self._store = store
        self._time = time
        self._faults = faults
        self._crash = crash
        self._stored = stored
        self._full_until_ms = 0
        self._waiting: deque[tuple[asyncio.Future[Any], Callable[[], Any]]] = deque()
        self._running = store.running
        self.alive = True

    def close(self) -> None:
        """Finish what was handed over; nothing is taken any more."""
        while self._waiting:
            _fulfil(*self._waiting.popleft())
        self.alive = False

    def die(self) -> None:
        """Nothing is stored any more, also what was handed over and waits."""
        self.alive = False
        for done, _ in self._waiting:
            done.cancel()

    def next_running(self) -> int:
        """See `Journal`."""
        self._running += 1
        return self._running

    def write(self, *entries: Entry, at_ms: int) -> asyncio.Future[None]:
        """See `Journal`; a crash may come right before or right after it is stored."""
        return self._do(lambda: self._write(entries, at_ms))

    def payment(self, app_trans_id: str) -> asyncio.Future[PaymentRecord | None]:
        """See `Journal`."""

        def read() -> PaymentRecord | None:
            row = self._store.payments.get(app_trans_id)
            return row.record() if row else None

        return self._do(read)

    def orphans(self, start_ms: int, end_ms: int) -> asyncio.Future[tuple[tuple[int, OrphanNotified], ...]]:
        """See `Journal`."""
        return self._do(lambda: tuple(one for one in self._store.orphans if start_ms <= one[0] < end_ms))

    def recent(self, count: int) -> asyncio.Future[tuple[PaymentRecord, ...]]:
        """See `Journal`."""
        return self._do(lambda: tuple(row.record() for row in islice(reversed(self._store.payments.values()), count)))

    def live(self) -> asyncio.Future[tuple[PaymentRecord, ...]]:
        """See `Journal`."""
        return self._do(self._store.live)

    def watched(self, now_ms: int) -> asyncio.Future[tuple[PaymentRecord, ...]]:
        """See `Journal`."""
        return self._do(lambda: self._store.watched(now_ms))

    def open_refunds(self, now_ms: int) -> asyncio.Future[tuple[RefundRecord, ...]]:
        """See `Journal`."""
        return self._do(lambda: self._store.open_refunds(now_ms))

    def sale_attempts(self, sale_id: str) -> asyncio.Future[tuple[PaymentRecord, ...]]:
        """See `Journal`."""
        store = self._store
        return self._do(lambda: tuple(store.payments[one].record() for one in store.sales.get(sale_id, ())))

    def _write(self, entries: tuple[Entry, ...], at_ms: int) -> None:
        point = commit_point(entries)
        if self._time.now_ms < self._full_until_ms and not self._faults.over:
            raise StorageFullError(point)
        if self._faults.strikes(Fault.DISK_FULL):
            self._full_until_ms = self._time.now_ms + self._faults.between(200, 300_000)
            raise StorageFullError(point)
        if point and self._faults.strikes(BEFORE[point]):
            self._crash()
            raise asyncio.CancelledError
        changed = self._store.append(entries, at_ms)
        self._stored(entries, changed)
        if point and self._faults.strikes(AFTER[point]):
            self._crash()
            raise asyncio.CancelledError

    # --- one thing after the other -----------------------------------------------------------------------------------

    def _do(self, work: Callable[[], Result]) -> asyncio.Future[Result]:
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        if not self.alive:
            done.cancel()
        elif self._waiting or self._faults.strikes(Fault.DISK_SLOW):
            self._waiting.append((done, work))
            self._work_later()
        else:
            _fulfil(done, work)
        return done

    def _work_later(self) -> None:
        self._time.timer(self._faults.between(20, 4_000)).add_done_callback(self._work)

    def _work(self, timer: asyncio.Future[None]) -> None:
        if self.alive and not timer.cancelled() and self._waiting:
            _fulfil(*self._waiting.popleft())


def _fulfil(done: asyncio.Future[Result], work: Callable[[], Result]) -> None:
    try:
        result = work()
    except asyncio.CancelledError:
        done.cancel()
    except Exception as error:  # noqa: BLE001 - it belongs to whoever asked
        if not done.done():
            done.set_exception(error)
            done.exception()  # a caller that went away leaves it unread
    else:
        if not done.done():
            done.set_result(result)
