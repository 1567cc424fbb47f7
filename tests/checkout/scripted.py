"""A counter for tests of the desk: the real journal, a clock moved by hand, and a gateway that says its lines."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pos_app.checkout.desk import Charge, Desk, Shop
from pos_app.checkout.views import PaymentView, ScanSource
from pos_app.gateways.gateway import AboutToSend, Order
from pos_app.journal.entries import Entry, EvidenceAdded, PaymentPrepared, PaymentSettled
from pos_app.journal.errors import CannotStoreError
from pos_app.journal.store import Journal
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment_code import PaymentCode

T0 = 1_795_300_000_000
AMOUNT_MAX = 50_000_000
PROCESSING = Answer(AnswerClass.PROCESSING, 3)
NEGATIVE = Answer(AnswerClass.NEGATIVE, 2, -63)
NOT_FOUND = Answer(AnswerClass.NOT_FOUND, 2, -101)
UNUSABLE = Answer(AnswerClass.UNUSABLE, fault="timeout")
RATE_LIMITED = Answer(AnswerClass.UNUSABLE, 2, -429)


def paid(amount: int = 50_000, number: str = "zp1") -> Answer:
    return Answer(AnswerClass.PAID, 1, 1, number, amount)


class HandClock:
    """Time stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 0
        self.calm: Callable[[], Awaitable[None]]
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

    async def open_ahead(self) -> None:
        self.log.append("open")

    async def submit(self, order: Order, code: PaymentCode, about_to_send: AboutToSend) -> Answer:
        self.before_send()
        if isinstance(self.create, Exception):
            raise self.create
        await about_to_send()
        code.take()
        self.log.append("bytes")
        self.orders.append(order)
        await self.answer_held.wait()
        return said(self.create)

    async def query(self, app_trans_id: str) -> Answer:
        self.log.append("ask")
        self.asked_at.append(self.now())
        answer = self.queries.popleft() if len(self.queries) > 1 else self.queries[0]
        return said(answer)

    async def close(self) -> None:
        self.log.append("close")


def said(line: object) -> Answer:
    assert isinstance(line, Answer)
    return line


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
        self.failing: Callable[[tuple[Entry, ...]], bool] = lambda _entries: False
        self.codes = 0

    def open(self) -> None:
        self.journal = Journal.open(self.folder, till="02", now_ms=self.clock.wall_ms(), entropy=bytes(16))
        self._spy()
        self.desk = Desk(
            gateway=self.gateway,
            journal=self.journal,
            clock=self.clock,
            offset_ms=lambda: 0,
            shop=Shop(2553, "demo", "Tạp hóa", AMOUNT_MAX, 300_000),
            tell=self._told,
            chance=lambda count: bytes([127]) * count,  # no jitter
        )

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

    async def calm(self) -> None:
        """Let everything that can go on go on; a read waits for every write that was handed over before it."""
        for _ in range(6):
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
