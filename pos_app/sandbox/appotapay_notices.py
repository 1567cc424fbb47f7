"""Notifications: AppotaPay tells the shop's own server that an order was paid, and again when it is not answered."""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult

from pos_app.clock import Clock
from pos_app.sandbox.appotapay_orders import Book, Order
from pos_app.sandbox.shop_server import on_this_machine, post_json

RESEND_AFTER_MS, RESENDS_MAX = 5 * 60_000, 3


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
        """What leaves now; each is to be followed by `answered`. Only success is told, of the POS API any end."""
        now = self._clock.wall_ms()
        for order in self._book.all():
            where = on_this_machine(order.bill.notify_url)
            over = order.paid or (order.bill.api == "pos" and order.ended_ms)
            if over and where is not None and order.number not in self._told:
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


async def post_notice(notice: Notice) -> bool:
    """Send it; whether the shop's server answered 200 and `{"status": "ok"}`."""
    return (await post_json(notice.where, notice.body)).get("status") == "ok"
