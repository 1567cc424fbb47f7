"""One virtual world: a shop day of one till with its own weather, and two days of working network after it."""

import asyncio
import logging
from collections import Counter
from collections.abc import Collection, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from pos_app.checkout.desk import Desk
from pos_app.checkout.shop import Charge
from pos_app.checkout.views import PaymentView
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.journal.entries import Entry
from pos_app.payments.payment import HOUR_MS, LIVE, MINUTE_MS, State
from pos_app.simulation.bank import Accepted, Bank
from pos_app.simulation.checks import Checks, Violation
from pos_app.simulation.customs import Customs, customs_of, way_of
from pos_app.simulation.faults import Fault, Faults
from pos_app.simulation.folding import folded_once
from pos_app.simulation.network import DEADLINE_MS, Line, Network
from pos_app.simulation.notices import Notices
from pos_app.simulation.people import People
from pos_app.simulation.store import OpenStore, Row, Store
from pos_app.simulation.till import Till
from pos_app.simulation.trace import Trace, Watcher
from pos_app.simulation.virtual_time import ComputerClock, EnoughError, StandstillError, VirtualLoop, VirtualTime

_MORNING_MS = 1_795_309_200_000
"""08:00 in Vietnam on a day in November 2026."""
_MIDNIGHT_MS = _MORNING_MS + 16 * HOUR_MS
_LOOK_EVERY_MS = 20 * MINUTE_MS
_DRAIN_MS = 54 * HOUR_MS
"""Working network at the end: the gateway answers for 48 hours, and the last payment is asked about a while longer."""
_WAKES_IN_MS = 1_000
"""Nobody presses anything in the instant in which the computer wakes."""
_LONGEST_MS = 400 * HOUR_MS
_SET_BY_MS = tuple(minutes * MINUTE_MS for minutes in (-24 * 60, -60, -10, -1, 10, 60, 2 * 60, 3 * 24 * 60))


@dataclass(frozen=True, slots=True)
class WorldReport:
    """What became of one world.

    Attributes:
        number: which world of its seed.
        payments: how many were begun.
        states: how many payments ended in each state.
        fired: how often each fault struck.
        violations: what did not hold.
        events: how many moments there were.
        trace_hash: of all that happened, when it was traced; else 0.
        trace: all that happened, when it was traced.
        ways: how many payments were begun by each way.
    """

    number: int
    payments: int
    states: Counter[State]
    fired: Counter[Fault]
    violations: tuple[Violation, ...]
    events: int
    trace_hash: int = 0
    trace: tuple[str, ...] = field(default=(), repr=False)
    ways: Counter[str] = field(default_factory=Counter)


def run_world(
    seed: int,
    number: int,
    payments: int,
    *,
    off: Collection[Fault] = (),
    traced: bool = False,
    until: Collection[str] = (),
) -> WorldReport:
    """Let one world happen.

    Args:
        seed: with the number it always gives the same world.
        number: which world of that seed.
        payments: how many are begun at least.
        off: faults that do not happen.
        traced: keep all that happened, in words.
        until: end it at the first violation of one of these invariants.
    """
    chance = Random(f"{seed}/{number}")  # noqa: S311 - to be replayed, not to be secret
    with _quiet(), folded_once():
        return _World(chance, off, customs_of(number), traced=traced, until=until).run(number, payments)


@contextmanager
def _quiet() -> Iterator[None]:
    """The program's log is not what is looked at here, and writing it takes longer than the payment."""
    log = logging.getLogger("pos_app")
    was = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(was)


class _World:
    """Also is where people work (`people.Shop`)."""

    def __init__(
        self, chance: Random, off: Collection[Fault], customs: Customs, *, traced: bool, until: Collection[str]
    ) -> None:
        self.chance = chance
        self.customs = customs
        self.faults = Faults(chance, off)
        start = _MORNING_MS + self.faults.between(0, 4 * HOUR_MS)
        if self.faults.strikes(Fault.MIDNIGHT):
            start = _MIDNIGHT_MS - self.faults.between(10 * MINUTE_MS, HOUR_MS)
        self.time = VirtualTime(start)
        self._trace = Trace(self.time, kept=traced)
        self.faults.noticed = self._trace.note if traced else None
        self._end_ms = start + _LONGEST_MS
        self.code_life_ms = chance.choice((1, 2, 5, 5, 5, 15)) * MINUTE_MS
        self._shown_life_s = chance.choice((300, 300, 300, 600))
        self.store = Store()
        self.checks = Checks(self.store, self.time, chance)
        self.checks.enough_at = until
        self._watcher = Watcher(self.checks, self._trace)
        self.checks.code_life_ms = self.code_life_ms
        self._notices = Notices(
            self.time,
            self.faults,
            till=self._reached,
            acknowledged=self.checks.acknowledged,
            spawn=self.spawn,
            note=self._trace.note,
        )
        self.bank = self.checks.bank = Bank(
            lambda: self.time.now_ms, self.faults, self._accepted, self._decided, customs
        )
        wrong_by = self.faults.between(-30, 31) * MINUTE_MS if self.faults.strikes(Fault.CLOCK_WRONG) else 0
        self._clock = ComputerClock(self.time, wrong_by)
        self._offset = ClockOffset(self._clock)
        self._network = Network()
        self._patient = chance.random() < 0.1  # noqa: PLR2004 - one world in ten
        self.checks.patience_ms = 25 * MINUTE_MS if self._patient else DEADLINE_MS
        self.checks.clock_known = self._clock_known
        self._people = People(self)
        self._till: Till | None = None
        self._started = asyncio.Event()
        self._before: dict[str, State] = {}
        self._asleep_until_ms = 0
        self._jumped_mono_ms = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self, number: int, payments: int) -> WorldReport:
        """Let it happen."""
        loop = VirtualLoop(self.time)
        try:
            loop.happen(self._happen(payments))
        except StandstillError:
            self.checks.expect(False, "standstill", "", "somebody waits for ever")  # noqa: FBT003 - it is a fact
        except EnoughError:
            pass
        finally:
            self.time.enough = False
            loop.happen(self._end())
            loop.close()
        states = Counter(row.account.verdict.state for row in self.store.payments.values())
        return WorldReport(
            number,
            len(self.store.payments),
            states,
            self.faults.fired,
            tuple(self.checks.violations),
            self.time.events,
            self._trace.hash,
            tuple(self._trace.lines),
            ways=Counter(way_of(row.account.attempt) for row in self.store.payments.values()),
        )

    async def _happen(self, payments: int) -> None:
        self.spawn(self._open())
        self.time.at(self.time.now_ms + _LOOK_EVERY_MS, self._look)
        while len(self.store.payments) < payments:
            await self.wait(self.faults.between(3_000, 90_000))
            await self.trouble()
            await self._people.serve()
        self.faults.over = True
        await self._drain()
        self.checks.finish(view.payment_id for view in (await self.desk()).open_views() if view.work is not None)
        self._check_sales()

    async def _end(self) -> None:
        """Leave nothing behind that waits."""
        if self._till is not None:
            self._till.die()
        self.time.drop_timers()
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for one in others:
                one.cancel()
            await asyncio.sleep(0)

    async def _drain(self) -> None:
        end = self.time.now_ms + _DRAIN_MS
        while self.time.now_ms < end:
            await self.wait(HOUR_MS)
            await self._people.settle_work()
            self.store.forget_finished(self.time.now_ms)
            if not self.store.unsettled:
                return

    # --- what people need --------------------------------------------------------------------------------------------

    async def desk(self) -> Desk:
        """The desk of the running program; waits while there is none, or while the computer sleeps."""
        while self._till is None or self.time.now_ms < self._asleep_until_ms:
            if self.time.now_ms < self._asleep_until_ms:
                await self.wait(self._asleep_until_ms - self.time.now_ms + _WAKES_IN_MS)
            else:
                await self._started.wait()
        return self._till.desk

    async def charge_wallet(self, request: Charge) -> None:
        """The running program charges the wallet of a regular customer."""
        if self._till is not None:
            await self._till.charge_wallet(request)

    async def wait(self, ms: int) -> None:
        """Let true time pass."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.time.at(self.time.now_ms + ms, lambda: done.set_result(None))
        await done

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Somebody else does it meanwhile."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            self.checks.expect(False, "fault", "", f"{type(fault).__name__}: {fault}")  # noqa: FBT003 - it is a fact

    # --- the program starts and ends ---------------------------------------------------------------------------------

    async def _open(self) -> None:
        self._trace.note("start")
        self._offset = ClockOffset(self._clock)
        self._line = line = Line(
            self.bank,
            self.customs,
            self._network,
            time=self.time,
            clock=self._clock,
            offset=self._offset,
            faults=self.faults,
            watcher=self._watcher,
            patient=self._patient,
        )
        store = OpenStore(self.store, self.time, self.faults, crash=self._crash, stored=self._stored)
        till = Till(
            store,
            line,
            self.customs,
            clock=self._clock,
            offset=self._offset,
            code_life_ms=self.code_life_ms,
            shown_life_s=self._shown_life_s,
            chance=self.chance,
            tell=self._told,
        )
        self._till, before, disk = till, self._before, self._disk_trouble()
        try:
            await till.desk.recover()
        except asyncio.CancelledError:
            return  # it died again
        if not till.alive:
            return
        if disk == self._disk_trouble():
            self.checks.recovered(before)
        with suppress(asyncio.CancelledError):
            await till.open()
        if till.alive:
            till.desk.watch_on()
            self._started.set()

    def _reached(self) -> Till | None:
        """The program, where the gateway gets through to it."""
        now = self.time.now_ms
        awake = self._started.is_set() and now >= self._asleep_until_ms
        return self._till if awake and now >= self._network.down_until_ms else None

    def _disk_trouble(self) -> int:
        return self.faults.fired[Fault.DISK_FULL] + self.faults.fired[Fault.DISK_SLOW]

    def _crash(self) -> None:
        """Power off: from this instant on nothing of this run happens any more."""
        till = self._till
        if till is None or not till.alive:
            return
        self._trace.note("crash")
        till.die()
        self.time.drop_timers()
        self.spawn(till.bury())
        self._gone()

    def _gone(self) -> None:
        self._till = None
        self._started.clear()
        self._before = self.checks.snapshot()
        self.time.at(self.time.now_ms + self.faults.between(2_000, 3 * MINUTE_MS), lambda: self.spawn(self._open()))

    async def _stop(self) -> None:
        till = self._till
        if till is None:
            return
        self._trace.note("stop")
        self._till = None
        self._started.clear()
        await till.stop()
        self.time.drop_timers()
        self._gone()

    # --- trouble -----------------------------------------------------------------------------------------------------

    async def trouble(self, *, likely: int = 1) -> None:
        """What may befall the computer now."""
        faults, now = self.faults, self.time.now_ms
        if faults.strikes(Fault.OUTAGE, likely):
            self._network.down_until_ms = now + faults.between(MINUTE_MS, 90 * MINUTE_MS)
        if faults.strikes(Fault.CLOCK_SET, likely):
            self._clock.wrong_by_ms += _SET_BY_MS[faults.between(0, len(_SET_BY_MS))]
            self._jumped_mono_ms = self.time.mono_ms
        if faults.strikes(Fault.COMPUTER_SLEEPS, likely):
            ms = faults.between(MINUTE_MS, 90 * MINUTE_MS)
            self._asleep_until_ms = now + ms
            self.time.sleep_computer(ms)
            self._jumped_mono_ms = self.time.mono_ms + ms
        if faults.strikes(Fault.CRASH_ANYWHERE, likely):
            self.time.at(now + faults.between(0, 2 * MINUTE_MS), self._crash)
        if faults.strikes(Fault.CLEAN_STOP, likely):
            await self.desk()
            await self._stop()

    def _clock_known(self, app_time_ms: int) -> bool:
        """Whether a charge that leaves now was dated when the till could know the time, and nothing moved it since."""
        since, ago_ms = self._line.knows_time_since_ms, self._offset.corrected_ms() - app_time_ms
        known = since is not None and 0 <= ago_ms < MINUTE_MS
        return known and max(since or 0, self._jumped_mono_ms) < self.time.mono_ms - ago_ms

    def _look(self) -> None:
        """From time to time: nothing open is forgotten."""
        if self.time.now_ms > self._end_ms:
            raise StandstillError
        if self._till is not None and self._started.is_set() and self.time.now_ms >= self._asleep_until_ms:
            self.store.forget_finished(self.time.now_ms - HOUR_MS)
            views = self._till.desk.open_views()
            self.checks.still_asked(
                self._till.started_mono_ms,
                open_now={view.payment_id for view in views},
                listed={view.payment_id for view in views if view.work is not None},
            )
        self.time.at(self.time.now_ms + _LOOK_EVERY_MS, self._look)

    def _check_sales(self) -> None:
        """I15: what a sale took in on time is its total or nothing; all else is somebody's open work."""
        for sale, attempts in self.store.sales.items():
            accounts = [self.store.payments[one].account for one in attempts]
            if any(one.verdict.state in LIVE for one in accounts):
                continue
            on_time = [one for one in accounts if one.verdict.state in {State.PAID, State.MANUAL_PAID} and not one.late]
            taken = sum(one.attempt.amount for one in on_time) + self._people.cash.get(sale, 0)
            self.checks.expect(taken in (0, accounts[0].attempt.amount), "I15", sale, f"a sale took in {taken}")

    # --- what happens is seen ----------------------------------------------------------------------------------------

    def _stored(self, entries: tuple[Entry, ...], rows: tuple[Row, ...]) -> None:
        if self._trace.kept:
            for one in entries:
                self._trace.note("stored", one)
        self.checks.stored(entries, rows)

    def _told(self, view: PaymentView) -> None:
        if self._trace.kept:
            self._trace.note(f"told {view.payment_id}", view.stage)
        self.checks.told(view)
        self._people.told(view)

    def _accepted(self, it: Accepted) -> None:
        self._trace.note("accepted", it)
        self.checks.accepted(it)

    def _decided(self, it: Accepted) -> None:
        self._trace.note("decided", it)
        self._notices.plan(it)
