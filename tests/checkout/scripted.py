"""A counter for tests of the desk: the real journal, a clock moved by hand, and a gateway that says its lines."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from concurrent.futures import Future
from contextlib import asynccontextmanager
from functools import wraps
from pathlib import Path
from typing import Any

from sqlalchemy import select

from pos_app.checkout.desk import Desk
from pos_app.checkout.shop import Approval, Charge, Shop
from pos_app.checkout.views import PaymentView, ScanSource
from pos_app.checkout.ways import Way, Ways
from pos_app.gateways.gateway import AboutToSend, Order
from pos_app.journal import ballast, projections
from pos_app.journal.entries import (
    Entry,
    EvidenceAdded,
    PaymentPrepared,
    PaymentSettled,
    RefundEvidenceAdded,
    RefundSettled,
)
from pos_app.journal.errors import CannotStoreError
from pos_app.journal.projections import PaymentRecord, RefundRecord
from pos_app.journal.store import Journal
from pos_app.payments.acts import Act, Reason
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.refund import Refund

ballast.BYTES = 64 * 1024  # hundreds of journals are opened here
T0 = 1_795_300_000_000
AMOUNT_MAX = 50_000_000
PROCESSING = Answer(AnswerClass.PROCESSING, 3)
NEGATIVE = Answer(AnswerClass.NEGATIVE, 2, -63)
NOT_FOUND = Answer(AnswerClass.NOT_FOUND, 2, -101)
UNUSABLE = Answer(AnswerClass.UNUSABLE, fault="timeout")
RATE_LIMITED = Answer(AnswerClass.UNUSABLE, 2, -429)


MANAGER = Approval("Chị Lan", Reason.OTHER.value, "đã xem với khách")


def paid(amount: int = 50_000, number: str = "zp1") -> Answer:
    return Answer(AnswerClass.PAID, 1, 1, number, amount)


def on_a_loop(test: Callable[[Path], Coroutine[None, None, None]]) -> Callable[[Path], None]:
    @wraps(test)
    def run(tmp_path: Path) -> None:
        asyncio.run(test(tmp_path))

    return run


class HandClock:
    """Time stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 0
        self.calm: Callable[..., Awaitable[None]]
        self._sleepers: list[tuple[int, asyncio.Event]] = []

    def wall_ms(self) -> int:
        return T0 + self.now

    def monotonic_ms(self) -> int:
        return self.now

    async def sleep(self, ms: int) -> None:
        woken = asyncio.Event()
        self._sleepers.append((self.now + ms, woken))
        await woken.wait()

    async def move(self, ms: int) -> None:
        """Let `ms` pass, everybody waking at their time."""
        await self.calm()
        end = self.now + ms
        while due := [one for one in self._sleepers if one[0] <= end]:
            at, woken = min(due, key=lambda one: one[0])
            self._sleepers.remove((at, woken))
            self.now = max(self.now, at)
            woken.set()
            await self.calm()
        self.now = end
        await self.calm()


class ScriptedGateway:
    """Says its lines in turn, the last one for ever. Writes down what left, and when."""

    def __init__(self, log: list[str], create: object, *queries: object) -> None:
        self.log = log
        self.create: object = create
        self.queries: deque[object] = deque(queries or (PROCESSING,))
        self.asked_at: list[int] = []
        self.orders: list[Order] = []
        self.answer_held = asyncio.Event()
        self.answer_held.set()
        self.before_send: Callable[[], None] = lambda: None
        self.now: Callable[[], int] = lambda: 0
        self.cancel_line: Answer = UNUSABLE
        self.cancelled: list[str] = []
        self.refund_line: object = PROCESSING
        self.refund_lines: deque[Answer] = deque([PROCESSING])
        self.refunds: list[Refund] = []
        self.refund_asked: list[tuple[int, str]] = []
        self.connected = asyncio.Event()
        self.connected.set()
        self.says_what_left = False

    async def open_ahead(self) -> None:
        self.log.append("open")

    async def submit(self, order: Order, code: PaymentCode, about_to_send: AboutToSend) -> Answer:
        self.before_send()
        if isinstance(self.create, Exception):
            raise self.create
        left = await about_to_send()
        code.take()
        self.log.append("bytes")
        if self.says_what_left and left is not None:
            left()
        self.orders.append(order)
        await self.answer_held.wait()
        return said(self.create)

    async def query(self, app_trans_id: str) -> Answer:
        self.log.append("ask")
        self.asked_at.append(self.now())
        answer = self.queries.popleft() if len(self.queries) > 1 else self.queries[0]
        return said(answer)

    async def cancel(self, app_trans_id: str) -> Answer:
        self.log.append("cancel")
        self.cancelled.append(app_trans_id)
        return self.cancel_line

    async def refund(self, refund: Refund, about_to_send: AboutToSend) -> Answer:
        await self.connected.wait()
        if isinstance(self.refund_line, Exception):
            raise self.refund_line
        await about_to_send()
        self.log.append("refund bytes")
        self.refunds.append(refund)
        await self.answer_held.wait()
        return said(self.refund_line)

    async def query_refund(self, m_refund_id: str) -> Answer:
        self.log.append("ask refund")
        self.refund_asked.append((self.now(), m_refund_id))
        return self.refund_lines.popleft() if len(self.refund_lines) > 1 else self.refund_lines[0]

    async def close(self) -> None:
        self.log.append("close")


def said(line: object) -> Answer:
    assert isinstance(line, Answer)
    return line


def ways_of(gateway: object) -> Ways:
    """One way, to a gateway of the test."""
    return Ways(Way("demo", gateway, 2553))  # type: ignore[arg-type]  # shows no orders: `create` is its line for a charge


class World:
    """One till's desk over the real journal in `folder`."""

    def __init__(self, folder: Path, create: object = PROCESSING, *queries: object) -> None:
        self.folder = folder
        self.log: list[str] = []
        self.views: list[PaymentView] = []
        self.clock = HandClock()
        self.clock.calm = self.calm
        self.gateway = ScriptedGateway(self.log, create, *queries)
        self.gateway.now = self.clock.monotonic_ms
        self.ways: Ways | None = None
        self.failing: Callable[[tuple[Entry, ...]], bool] = lambda _entries: False
        self.now_ms: Callable[[], int] = self._by_the_clock
        self.clock_doubtful: Callable[[], bool] = lambda: False
        self.codes = 0

    def open(self) -> None:
        self.journal = Journal.open(self.folder, till="02", now_ms=self.clock.wall_ms(), entropy=bytes(16))
        self._spy()
        self.desk = Desk(
            ways=self.ways or ways_of(self.gateway),
            journal=self.journal,
            clock=self.clock,
            now_ms=self.now_ms,
            clock_doubtful=lambda: self.clock_doubtful(),  # noqa: PLW0108 - a test sets another
            shop=Shop("Tạp hóa", AMOUNT_MAX, 300_000),
            tell=self._told,
            chance=lambda count: bytes([127]) * count,  # no jitter
        )

    def _by_the_clock(self) -> int:
        return self.clock.wall_ms()

    def _told(self, view: PaymentView) -> None:
        self.views.append(view)
        self.log.append(f"tell {view.stage.value}")

    def _spy(self) -> None:
        """Note when a write is durable; refuse as a full disk would what the test wants refused."""
        real = self.journal.write

        def write(*entries: Any, at_ms: int) -> Future[None]:
            if self.failing(entries):
                refused: Future[None] = Future()
                refused.set_exception(CannotStoreError("no room"))
                return refused
            done = real(*entries, at_ms=at_ms)
            done.add_done_callback(lambda _: self.log.extend(f"durable {kind_of(one)}" for one in entries))
            return done

        self.journal.write = write  # type: ignore[method-assign]

    def code(self) -> PaymentCode:
        self.codes += 1
        return PaymentCode(f"28{self.codes:016}")

    async def charge(self, amount: int = 50_000, *, retry_of: str = "", code: PaymentCode | None = None) -> PaymentView:
        request = Charge(amount, "Bàn 5", ScanSource.CAMERA, self.clock.wall_ms() - 200, retry_of)
        return await self.desk.charge(request, code or self.code())

    async def paid_one(self, amount: int = 50_000) -> PaymentView:
        """A payment that the gateway confirmed; the counter is free."""
        self.gateway.create, self.gateway.queries = (
            paid(amount, f"zp{self.codes}"),
            deque([paid(amount, f"zp{self.codes}")]),
        )
        view = await self.charge(amount)
        await self.clock.move(0)
        assert (await self.record(view.payment_id)).state.value == "paid"
        self.desk.next_customer()
        return view

    def refunding(self, payment_id: str, amount: int, intent: str = "press-1") -> asyncio.Task[None]:
        return asyncio.ensure_future(self.refund(payment_id, amount, intent))

    async def refund(self, payment_id: str, amount: int, intent: str = "press-1") -> None:
        await self.desk.refunds.refund(payment_id, amount, intent, MANAGER)

    async def act(self, act: Act, payment_id: str) -> None:
        await self.desk.act(act, payment_id, MANAGER)

    async def crash(self) -> None:
        """The program is gone in an instant: from now on nothing is stored and nobody is told."""
        self.failing = lambda _entries: True
        await self.restart()

    async def restart(self) -> None:
        """Stop, and start anew over the same folder."""
        await self.desk.stop()
        self.journal.close()
        self.failing = lambda _entries: False
        self.views.clear()
        self.open()
        await self.desk.recover()
        self.desk.watch_on()

    async def record(self, payment_id: str) -> PaymentRecord:
        found = await asyncio.wrap_future(self.journal.payment(payment_id))
        assert found is not None
        return found

    async def refunds_of(self, payment_id: str) -> tuple[RefundRecord, ...]:
        return (await self.record(payment_id)).refunds

    async def ledger(self) -> dict[str, int]:
        """What stands in each account, by the postings in the database, which must be even; the journal must verify."""
        report = await asyncio.wrap_future(self.journal.verify())
        assert report.ok, report.lines
        return await self.posted()

    async def posted(self) -> dict[str, int]:
        """What stands in each account, by the postings in the database, which must be even."""
        table = projections.posting
        rows = await asyncio.wrap_future(
            self.journal._in_transaction(lambda connection: connection.execute(select(table)).all())
        )
        total: Counter[str] = Counter()
        even: Counter[tuple[str, int]] = Counter()
        for row in rows:
            total[row.account] += row.amount
            even[row.app_trans_id, row.at_ms] += row.amount
        assert not any(even.values())
        return {account: amount for account, amount in sorted(total.items()) if amount}

    async def calm(self, rounds: int = 6) -> None:
        """Let everything that can go on go on; a read waits for every write that was handed over before it."""
        for _ in range(rounds):
            for _ in range(6):
                await asyncio.sleep(0)
            await asyncio.wrap_future(self.journal.recent(1))

    async def states(self) -> list[str]:
        records = await asyncio.wrap_future(self.journal.recent(10))
        return [record.state.value for record in reversed(records)]


def kind_of(entry: Entry) -> str:
    match entry:
        case PaymentPrepared():
            return "prepared"
        case EvidenceAdded():
            return entry.evidence.source.value
        case RefundEvidenceAdded():
            return f"refund {entry.evidence.source.value}"
        case RefundSettled():
            return f"refund {entry.state.value}"
        case PaymentSettled():
            return f"settled {entry.state.value}"
        case _:
            return entry.kind


@asynccontextmanager
async def counter(folder: Path, create: object = PROCESSING, *queries: object) -> AsyncIterator[World]:
    world = World(folder, create, *queries)
    world.open()
    try:
        yield world
    finally:
        await world.desk.stop()
        world.journal.close()
