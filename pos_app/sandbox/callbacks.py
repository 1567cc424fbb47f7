"""Callbacks: the gateway tells the shop's own server that an order was paid, again when it is not answered.

Written from the documentation of ZaloPay's callback; how long it waits before it tries again is not documented.
"""

import hashlib
import hmac
import json
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import SplitResult

from pos_app.clock import Clock
from pos_app.sandbox.orders import ANSWERABLE_MS, Order, Orders, OrderState
from pos_app.sandbox.requests import APP_ID, KEY1, KEY2
from pos_app.sandbox.scenario import Callback, Waits
from pos_app.sandbox.shop_server import on_this_machine, post_json

RESEND_AFTER_MS, RESENDS_MAX = 10_000, 3
ACCEPTED, AGAIN = 1, 0
_ORDER, _AGREEMENT, _WALLET = 1, 2, 38
_DOUBLED_AFTER_MS = 1_000
_OTHER_BY = 1_000


@dataclass(slots=True)
class Posting:
    """One callback that is on its way, about an order or an agreement. `tries` counts how often it left."""

    app_trans_id: str
    where: SplitResult
    body: bytes
    due_ms: int
    tries: int = 0


class Callbacks:
    """Which callbacks are due, and how they were answered. Not locked: see `zalopay`."""

    def __init__(self, *, clock: Clock, orders: Orders) -> None:
        self._clock = clock
        self._orders = orders
        self._watched: list[Order] = []
        self._queue: list[Posting] = []
        self._record: defaultdict[str, list[dict[str, object]]] = defaultdict(list)

    def watch(self, order: Order) -> None:
        """Call back once the order is paid, if its bill names an address on this machine."""
        if order.bill.callback_url and on_this_machine(order.bill.callback_url) is not None:
            self._watched.append(order)
            if order.scenario.callback is Callback.FORGED:
                self._enqueue(order, order.created_ms)

    def tell(self, app_trans_id: str, url: str, data: dict[str, object]) -> None:
        """Call back about an agreement, now, if `url` is an address on this machine."""
        where = on_this_machine(url)
        if where is not None:
            body = _signed(data, KEY2, _AGREEMENT)
            self._queue.append(Posting(app_trans_id, where, body, self._clock.wall_ms()))

    def due(self) -> list[Posting]:
        """What leaves now; each is to be followed by `answered`."""
        now, watched = self._clock.wall_ms(), self._watched
        self._watched = [
            order for order in watched if not self._is_paid(order) and now - order.created_ms < ANSWERABLE_MS
        ]
        leaving = [posting for posting in self._queue if posting.due_ms <= now]
        self._queue = [posting for posting in self._queue if posting.due_ms > now]
        return leaving

    def answered(self, posting: Posting, return_code: int | None) -> None:
        """The shop's server answered, or None: it gave no answer that can be read. Again then, and when it asks so."""
        now = self._clock.wall_ms()
        posting.tries += 1
        self._record[posting.app_trans_id].append({"at_ms": now, "return_code": return_code})
        if return_code in {None, AGAIN} and posting.tries <= RESENDS_MAX:
            posting.due_ms = now + RESEND_AFTER_MS
            self._queue.append(posting)

    def record(self, order: Order) -> list[dict[str, object]]:
        """When callbacks of the order left and what the shop's server said, oldest first."""
        return list(self._record.get(order.app_trans_id, []))

    def _is_paid(self, order: Order) -> bool:
        """Whether it is, now; then its callbacks are on their way."""
        self._orders.settle(order)
        if order.state is not OrderState.PAID:
            return False
        scenario = order.scenario
        due_ms = order.ended_ms + (scenario.wait_ms if scenario.waits is Waits.CALLBACK else 0)
        if scenario.callback is not Callback.LOST:
            self._enqueue(order, due_ms)
        if scenario.callback is Callback.TWICE:
            self._enqueue(order, due_ms + _DOUBLED_AFTER_MS)
        return True

    def _enqueue(self, order: Order, due_ms: int) -> None:
        where = on_this_machine(order.bill.callback_url)
        if where is not None:
            self._queue.append(Posting(order.app_trans_id, where, _body(order), due_ms))


def _body(order: Order) -> bytes:
    kind, paid = order.scenario.callback, order.state is OrderState.PAID
    bill = order.bill
    data: dict[str, object] = {
        "app_id": APP_ID, "app_trans_id": bill.app_trans_id, "app_time": bill.app_time_ms, "app_user": bill.app_user,
        "amount": order.to_pay + (_OTHER_BY if kind is Callback.OTHER_AMOUNT else 0), "embed_data": bill.embed_data,
        "item": bill.item, "zp_trans_id": order.zp_trans_id, "server_time": order.ended_ms or order.created_ms,
        "channel": _WALLET, "merchant_user_id": bill.app_user, "zp_user_id": "demo", "user_fee_amount": 0,
        "discount_amount": 0,
    }  # fmt: skip
    wrong = kind is Callback.WRONG_MAC or (kind is Callback.FORGED and not paid)
    return _signed(data, KEY1 if wrong else KEY2, _ORDER)


def _signed(told: dict[str, object], key: str, kind: int) -> bytes:
    data = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    mac = hmac.new(key.encode(), data.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
    return json.dumps({"data": data, "mac": mac, "type": kind}, ensure_ascii=False).encode("utf-8", "replace")


async def post(posting: Posting) -> int | None:
    """Send it; the `return_code` of the answer, or None when there is none that can be read."""
    code = (await post_json(posting.where, posting.body)).get("return_code")
    return code if isinstance(code, int) and not isinstance(code, bool) else None
