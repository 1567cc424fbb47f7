"""The two clocks of the program: the wall clock for gateways, ids and paper, the monotonic one for every waiting time.

The only place that asks the operating system what time it is. The rules get instants as arguments.
"""

import time
from typing import Protocol


class Clock(Protocol):
    """Where time comes from: the machine here, a virtual world in simulations."""

    def wall_ms(self) -> int:
        """Milliseconds since 1970 (UTC) by this machine's clock; may jump."""
        ...

    def monotonic_ms(self) -> int:
        """Milliseconds that only ever grow; meaningless across restarts."""
        ...

    async def sleep(self, ms: int) -> None:
        """Wait `ms` of monotonic time."""
        ...


class MachineClock:
    """The clocks of this machine."""

    def wall_ms(self) -> int:
        """See `Clock`."""
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        """See `Clock`."""
        return time.monotonic_ns() // 1_000_000

    async def sleep(self, ms: int) -> None:
        """See `Clock`."""
        import asyncio  # noqa: PLC0415 - the window comes up without it

        await asyncio.sleep(ms / 1000)
