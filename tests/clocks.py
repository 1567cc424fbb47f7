"""Clocks for tests: a machine's clock that can be made to run faster, for waits that take minutes in a shop."""

import asyncio
import threading
import time

STALL_NS = 200_000_000
"""Everything that waits on the clock looks at it more often than this; who did not look for longer was kept from it."""


class FastClock:
    """The machine's clocks, `rate` times as fast from the moment the rate is set; both stay continuous.

    They stand still while the machine keeps the whole program waiting: minutes of the shop's time do not go by within
    a moment in which a busy machine let nobody work.
    """

    def __init__(self, rate: int = 1) -> None:
        self._rate = rate
        self._rate_until_ns: int | None = None
        self._then = 1
        self._looked_at_ns = time.monotonic_ns()
        self._wall_ns, self._mono_ns = time.time_ns(), self._looked_at_ns
        self._passed_ns = 0
        self._one_at_a_time = threading.Lock()

    def run(self, rate: int, *, for_ms: int | None = None, then: int = 1) -> None:
        """From now on, `rate` times as fast (0: not at all); with `for_ms`, until so much has passed, and `then` so."""
        passed_ns = self._now_ns()
        self._rate, self._then = rate, then
        self._rate_until_ns = None if for_ms is None else passed_ns + for_ms * 1_000_000

    def wall_ms(self) -> int:
        return (self._wall_ns + self._now_ns()) // 1_000_000

    def monotonic_ms(self) -> int:
        return (self._mono_ns + self._now_ns()) // 1_000_000

    async def sleep(self, ms: int) -> None:
        # In slices, so that a change of rate reaches those who sleep.
        until = self.monotonic_ms() + ms
        while (left := until - self.monotonic_ms()) > 0:
            await asyncio.sleep(min(left / 1000 / max(self._rate, 1), 0.05))

    def _now_ns(self) -> int:
        """How much of the shop's time has passed since the clock was made."""
        with self._one_at_a_time:
            real_ns = time.monotonic_ns()
            step_ns = min(real_ns - self._looked_at_ns, STALL_NS)
            self._looked_at_ns = real_ns
            self._passed_ns += step_ns * self._rate
            if self._rate_until_ns is not None and self._passed_ns >= self._rate_until_ns:
                self._passed_ns = self._rate_until_ns
                self._rate, self._rate_until_ns = self._then, None
            return self._passed_ns
