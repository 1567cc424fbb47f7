"""What happens in a world, in words, for whoever has to understand it; nothing is kept when nobody wants it."""

import zlib

from pos_app.gateways.gateway import Order
from pos_app.payments.refund import Refund
from pos_app.simulation.checks import Checks
from pos_app.simulation.virtual_time import VirtualTime


class Trace:
    """The lines, in the order they happened.

    Attributes:
        lines: each with its time.
        kept: whether there are any.
    """

    def __init__(self, time: VirtualTime, *, kept: bool) -> None:
        self._time = time
        self.kept = kept
        self.lines: list[str] = []

    def note(self, what: object, of: object = "") -> None:
        """Something happens."""
        if self.kept:
            self.lines.append(f"{self._time.now_ms} {what} {of}".rstrip())

    @property
    def hash(self) -> int:
        """Of all of it; 0 for nothing."""
        of_all = 0
        for line in self.lines:
            of_all = zlib.crc32(line.encode(), of_all)
        return of_all


class Watcher:
    """Notes what leaves the till, and has it checked (`network.OnTheWire`)."""

    def __init__(self, checks: Checks, trace: Trace) -> None:
        self._checks = checks
        self._trace = trace

    def charge_left(self, order: Order, code: bytes) -> None:
        """See `network.OnTheWire`."""
        self._trace.note("left", order)
        self._checks.charge_left(order, code)

    def wallet_left(self, order: Order) -> None:
        """See `network.OnTheWire`."""
        self._trace.note("left", order)
        self._checks.wallet_left(order)

    def order_left(self, order: Order) -> None:
        """See `network.OnTheWire`."""
        self._trace.note("left", order)
        self._checks.order_left(order)

    def refund_left(self, refund: Refund) -> None:
        """See `network.OnTheWire`."""
        self._trace.note("left", refund)
        self._checks.refund_left(refund)

    def asked(self, app_trans_id: str) -> None:
        """See `network.OnTheWire`."""
        self._trace.note("asked", app_trans_id)
        self._checks.asked(app_trans_id)
