"""Clocks for tests: a machine's clock that can be made to run faster, for waits that take minutes in a shop."""

import asyncio
import time


class FastClock:
    """The machine's clocks, `rate` times as fast from the moment the rate is set; both stay continuous."""

    def __init__(self, rate: int = 1) -> None:
        self._rate = rate
        self._from_ns = time.monotonic_ns()
        self._wall_ns = time.time_ns()
        self._mono_ns = self._from_ns

    def run(self, rate: int) -> None:
        """From now on, `rate` times as fast."""
        passed = (time.monotonic_ns() - self._from_ns) * self._rate
        self._wall_ns += passed
        self._mono_ns += passed
        self._from_ns = time.monotonic_ns()
        self._rate = rate

    def wall_ms(self) -> int:
        return (self._wall_ns + (time.monotonic_ns() - self._from_ns) * self._rate) // 1_000_000

    def monotonic_ms(self) -> int:
        return (self._mono_ns + (time.monotonic_ns() - self._from_ns) * self._rate) // 1_000_000

    async def sleep(self, ms: int) -> None:
        # In slices, so that a change of rate reaches those who sleep.
        until = self.monotonic_ms() + ms
        while (left := until - self.monotonic_ms()) > 0:
            await asyncio.sleep(min(left / 1000 / self._rate, 0.05))
