"""A listening server with a till behind it that keeps its book in a real file, and a client that speaks plain HTTP."""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from pos_app.clock import MachineClock
from pos_app.gateways.notification import Notification, Taken
from pos_app.service.accounts import Accounts, AppotaPayListener, ZaloPayListener
from pos_app.service.app import notification_app
from pos_app.service.counts import Counters, Counts
from pos_app.service.limits import Limits
from pos_app.service.page import PageFacts, PageState
from pos_app.service.server import NotificationServer
from tests.service.messages import APP_ID, KEY2, OTHER_KEY2, PARTNER, SECRET, Message

ACCOUNTS = Accounts(ZaloPayListener(frozenset({APP_ID}), (KEY2, OTHER_KEY2)), AppotaPayListener(PARTNER, (SECRET,)))


@dataclass(frozen=True)
class Heard:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> object:
        return json.loads(self.body)


class Book:
    """Takes notifications into a file, as a till must: on the disk before it returns."""

    def __init__(self, path: Path, *known: str) -> None:
        self.path = path
        self.known = set(known)
        self.seen: set[Notification] = set()
        self.calls = 0
        self.may_store = asyncio.Event()
        self.may_store.set()
        self.trouble: Exception | None = None
        self.facts = PageFacts(PageState.NOT_KNOWN)
        self.asked: list[str] = []

    async def take(self, told: Notification) -> Taken:
        self.calls += 1
        await self.may_store.wait()
        if self.trouble:
            raise self.trouble
        if told in self.seen:
            return Taken.REPEATED
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{told.gateway} {told.app_trans_id} {told.zp_trans_id} {told.amount}\n")
            file.flush()
            os.fsync(file.fileno())
        self.seen.add(told)
        return Taken.NEW if told.app_trans_id in self.known else Taken.ORPHAN

    async def ask(self, app_trans_id: str) -> PageFacts:
        self.asked.append(app_trans_id)
        if self.trouble:
            raise self.trouble
        await self.may_store.wait()
        return self.facts

    def lines(self) -> list[str]:
        return self.path.read_text("utf-8").splitlines() if self.path.exists() else []


@dataclass
class Listening:
    """A running server."""

    server: NotificationServer
    book: Book
    counters: Counters = field(default_factory=Counters)

    @property
    def counts(self) -> Counts:
        return self.counters.now

    async def post(self, path: str, body: bytes, *, source: str = "127.0.0.1", **headers: str) -> Heard:
        extra = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        head = f"POST {path} HTTP/1.1\r\nHost: till\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
        return await self.raw(head.encode() + body, source=source)

    async def send(self, message: Message) -> Heard:
        if message.address.endswith("redirect"):
            return await self.get(f"{message.address}?{message.body.decode('latin-1')}")
        return await self.post(message.address, message.body)

    async def get(self, target: str, method: str = "GET") -> Heard:
        return await self.raw(f"{method} {target} HTTP/1.1\r\nHost: till\r\n\r\n".encode())

    async def raw(self, sent: bytes, *, source: str = "127.0.0.1") -> Heard:
        reader, writer = await self.connect(source)
        try:
            writer.write(sent)
            return await answer(reader)
        finally:
            writer.close()

    async def connect(self, source: str = "127.0.0.1") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.server.port, local_addr=(source, 0))


async def answer(reader: asyncio.StreamReader) -> Heard:
    """The answer, read until the server closes."""
    whole = b""
    async with asyncio.timeout(60):
        with contextlib.suppress(ConnectionError):
            while part := await reader.read(65_536):
                whole += part
    if not whole:
        raise ConnectionResetError
    head, _, body = whole.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    return Heard(int(first.split()[1]), headers, body)


@contextlib.asynccontextmanager
async def listening(
    folder: Path, *known: str, limits: Limits | None = None, accounts: Accounts = ACCOUNTS, host: str = "127.0.0.1"
) -> AsyncIterator[Listening]:
    book, counters = Book(folder / "book.txt", *known), Counters()
    app = notification_app(
        accounts, book.take, book.ask, counters=counters, clock=MachineClock(), store="Tạp hóa Minh Anh",
        limits=limits or Limits(burst=100_000),
    )  # fmt: skip
    server = NotificationServer(app, host)
    await server.start()
    try:
        yield Listening(server, book, counters)
    finally:
        await server.stop()
