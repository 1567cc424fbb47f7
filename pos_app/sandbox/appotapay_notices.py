"""Notifications: AppotaPay tells the shop's own server that an order was paid, and again when it is not answered.

Posted to loopback addresses only, without TLS: this gateway talks to nobody else.
"""

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from pos_app.clock import Clock
from pos_app.sandbox.appotapay_orders import Book, Order

RESEND_AFTER_MS, RESENDS_MAX = 5 * 60_000, 3
_ANSWER_S, _ANSWER_SIZE_MAX = 5, 16 * 1024


@dataclass(slots=True)
class Notice:
    """One notification that is on its way. `tries` counts how often it left."""

    order: Order
    where: SplitResult
    body: bytes
    due_ms: int
    tries: int = 0


class Notices:
    """Which notifications are due, and how they were answered. Not locked: see `appotapay`."""

    def __init__(self, *, clock: Clock, book: Book, body_of: Callable[[Order], dict[str, object]]) -> None:
        self._clock = clock
        self._book = book
        self._body_of = body_of
        self._queue: list[Notice] = []
        self._told: set[str] = set()
        self._record: defaultdict[str, list[dict[str, object]]] = defaultdict(list)

    def due(self) -> list[Notice]:
        """What leaves now; each is to be followed by `answered`. Only success is told."""
        now = self._clock.wall_ms()
        for order in self._book.all():
            where = _on_this_machine(order.bill.notify_url)
            if order.paid and where is not None and order.number not in self._told:
                self._told.add(order.number)
                body = json.dumps(self._body_of(order), ensure_ascii=False).encode("utf-8", "replace")
                self._queue.append(Notice(order, where, body, order.ended_ms))
        leaving = [notice for notice in self._queue if notice.due_ms <= now]
        self._queue = [notice for notice in self._queue if notice.due_ms > now]
        return leaving

    def answered(self, notice: Notice, *, taken: bool) -> None:
        """Whether the shop's server said that it has it; again when it did not."""
        now = self._clock.wall_ms()
        notice.tries += 1
        self._record[notice.order.number].append({"at_ms": now, "taken": taken})
        if not taken and notice.tries <= RESENDS_MAX:
            notice.due_ms = now + RESEND_AFTER_MS
            self._queue.append(notice)

    def record(self, order: Order) -> list[dict[str, object]]:
        """When notifications of the order left and whether the shop's server took them, oldest first."""
        return list(self._record.get(order.number, []))


def _on_this_machine(url: str) -> SplitResult | None:
    """The parts of an address on loopback, None for all others."""
    try:
        where = urlsplit(url)
        host = "127.0.0.1" if where.hostname == "localhost" else where.hostname or ""
        near = ip_address(host).is_loopback and where.port != 0
    except ValueError:
        return None
    plain = url.isascii() and url.isprintable() and " " not in url
    return where if near and plain and where.scheme == "http" and not where.username else None


async def post_notice(notice: Notice) -> bool:
    """Send it; whether the shop's server answered 200 and `{"status": "ok"}`."""
    where = notice.where
    host = "127.0.0.1" if where.hostname == "localhost" else where.hostname
    with contextlib.suppress(OSError, TimeoutError, ValueError, RecursionError):
        async with asyncio.timeout(_ANSWER_S):
            reader, writer = await asyncio.open_connection(host, where.port or 80, limit=_ANSWER_SIZE_MAX)
            try:
                writer.write(_request_bytes(where, notice.body))
                await writer.drain()
                answer = b""
                while (more := await reader.read(_ANSWER_SIZE_MAX)) and len(answer) <= _ANSWER_SIZE_MAX:
                    answer += more
                return _is_taken(answer)
            finally:
                writer.transport.abort()
    return False


def _request_bytes(where: SplitResult, body: bytes) -> bytes:
    target = (where.path or "/") + (f"?{where.query}" if where.query else "")
    lines = [
        f"POST {target} HTTP/1.1", f"Host: {where.netloc}", "Content-Type: application/json; charset=utf-8",
        f"Content-Length: {len(body)}", "Connection: close",
    ]  # fmt: skip
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body


def _is_taken(answer: bytes) -> bool:
    """Whether the shop's server said 200 and ok.

    Raises:
        ValueError: it is no JSON.
    """
    head, _, body = answer.partition(b"\r\n\r\n")
    if head.split(b" ", 2)[1:2] != [b"200"]:
        return False
    told = json.loads(body)
    return isinstance(told, dict) and told.get("status") == "ok"
