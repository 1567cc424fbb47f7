"""How much one source and all together may ask of the till, and the gate that holds them to it."""

from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pos_app.clock import Clock
from pos_app.gateways.notification import MESSAGE_BYTES_MAX
from pos_app.service.counts import Counters, Refused

_PREFIX_BITS = 64
"""An IPv6 source owns a whole network: its first 64 bits name it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is let in.

    Attributes:
        body_bytes: of one message.
        take_s: how long storing a notification may take before the gateway is asked to tell it again.
        ask_s: how long a customer's page waits for the gateway's word.
        at_once: requests at a time, from all sources.
        burst: requests that one source may send without a pause.
        every_ms: how often one source may send after that.
        sources: how many sources are remembered.
    """

    body_bytes: int = MESSAGE_BYTES_MAX
    take_s: float = 4
    ask_s: float = 8
    at_once: int = 64
    burst: int = 60
    every_ms: int = 200
    sources: int = 1024


class Sources:
    """Which source may send now: for each one number, the instant at which it will have been quiet long enough."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._quiet_at_ms: OrderedDict[str, int] = OrderedDict()

    def admit(self, source: str) -> bool:
        """Whether it may; if so, this one is counted."""
        now_ms, every_ms = self._clock.monotonic_ms(), self._limits.every_ms
        key = _network(source)
        quiet_at_ms = max(self._quiet_at_ms.pop(key, now_ms), now_ms)
        admitted = quiet_at_ms - now_ms <= (self._limits.burst - 1) * every_ms
        self._quiet_at_ms[key] = quiet_at_ms + every_ms if admitted else quiet_at_ms
        if len(self._quiet_at_ms) > self._limits.sources:
            self._quiet_at_ms.popitem(last=False)
        return admitted

    def __len__(self) -> int:
        return len(self._quiet_at_ms)


def _network(source: str) -> str:
    """What counts as one source; whatever is no address shares one place."""
    try:
        address = ip_address(source)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return str(int(address) >> (128 - _PREFIX_BITS))
        address = address.ipv4_mapped
    return str(address)


class Gate:
    """Stands before the app: turns away who sends too much, and lets each connection carry one request only."""

    def __init__(self, app: ASGIApp, limits: Limits, sources: Sources, counters: Counters) -> None:
        self._app = app
        self._limits = limits
        self._sources = sources
        self._counters = counters
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return

        async def send_last(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
            await send(message)

        client = scope.get("client")
        if not self._sources.admit(client[0] if client else ""):
            await self._turn_away(Refused.RATE_LIMITED, 429, scope, receive, send_last)
        elif self._inside >= self._limits.at_once:
            await self._turn_away(Refused.BUSY, 503, scope, receive, send_last)
        else:
            self._inside += 1
            try:
                await self._app(scope, receive, send_last)
            finally:
                self._inside -= 1

    async def _turn_away(self, why: Refused, status: int, scope: Scope, receive: Receive, send: Send) -> None:
        self._counters.add(why)
        await Response(status_code=status)(scope, receive, send)
