"""Virtual time: an event loop that jumps from one moment to the next, and the clocks of a computer that may be wrong.

Two kinds of moments wait. What happens in the world (`at`) comes when it comes. What a program waits for (`timer`)
goes by its computer's monotonic clock, which stands still while the computer sleeps, and dies with the program.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context
from heapq import heappop, heappush
from typing import Any, TypeVarTuple

Moment = tuple[int, int, Callable[[], None]]
Args = TypeVarTuple("Args")


class StandstillError(Exception):
    """Nothing is left that could ever happen, and somebody still waits."""


class EnoughError(Exception):
    """What was looked for has happened."""


class VirtualTime:
    """What is yet to come, and the time that it is.

    Attributes:
        now_ms: the true time, milliseconds since 1970.
        slept_ms: how long the computer has slept so far; its monotonic clock lacks that much.
        events: how many moments have come so far.
        enough: nobody wants to see more.
    """

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms
        self.slept_ms = 0
        self.events = 0
        self.enough = False
        self._order = 0
        self._world: list[Moment] = []
        self._computer: list[tuple[int, int, asyncio.Future[None]]] = []

    @property
    def mono_ms(self) -> int:
        """The computer's monotonic clock."""
        return self.now_ms - self.slept_ms

    def at(self, when_ms: int, happen: Callable[[], None]) -> None:
        """Let something happen in the world at a true time."""
        self._order += 1
        heappush(self._world, (max(when_ms, self.now_ms), self._order, happen))

    def timer(self, ms: int) -> asyncio.Future[None]:
        """A future that is done after `ms` of the computer's monotonic time."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._order += 1
        heappush(self._computer, (self.now_ms - self.slept_ms + ms, self._order, done))
        return done

    def sleep_computer(self, ms: int) -> None:
        """The computer sleeps from now on: the world goes on, its programs do not."""
        self.slept_ms += ms

    def drop_timers(self) -> None:
        """The program is gone: nothing that it waited for comes any more."""
        dropped, self._computer = self._computer, []
        for _, _, done in dropped:
            done.cancel()

    def pass_on(self) -> None:
        """Nothing is left to do now: let the next moment come.

        Raises:
            StandstillError: there is none.
            EnoughError: nobody wants to see it.
        """
        if self.enough:
            raise EnoughError
        world, computer, slept = self._world, self._computer, self.slept_ms
        while computer and computer[0][2].done():
            heappop(computer)
        if computer and (not world or computer[0][0] + slept < world[0][0]):
            when, _, done = heappop(computer)
            self.now_ms = max(self.now_ms, when + slept)
            done.set_result(None)
        elif world:
            when, _, happen = heappop(world)
            self.now_ms = max(self.now_ms, when)
            happen()
        else:
            raise StandstillError
        self.events += 1


class VirtualLoop(asyncio.BaseEventLoop):
    """The event loop of a world: one thing after the other, and when nothing is left to do, time passes.

    It has what tasks and futures ask of a loop: no network, no threads, no context variables.

    Args:
        time: passes.
    """

    def __init__(self, time: VirtualTime) -> None:
        super().__init__()
        self._time = time
        self._to_do: deque[tuple[Callable[..., object], tuple[Any, ...]]] = deque()

    def happen(self, work: Coroutine[Any, Any, None]) -> None:
        """Let it happen, whatever it has to wait for.

        Raises:
            StandstillError: it waits for what never comes.
            EnoughError: nobody wants to see more.
        """
        task, to_do = self.create_task(work), self._to_do
        asyncio._set_running_loop(self)  # noqa: SLF001 - documented as what a loop calls
        try:
            while not task.done():
                if not to_do:
                    self._time.pass_on()
                while to_do:
                    callback, its = to_do.popleft()
                    callback(*its)
        finally:
            asyncio._set_running_loop(None)  # noqa: SLF001 - as above
        task.result()

    def call_soon(self, callback: Callable[[*Args], object], *args: *Args, context: Context | None = None) -> Any:
        """See `asyncio`; gives no handle, for nothing is ever taken back."""
        del context
        self._to_do.append((callback, args))

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """What a dead run leaves unread is nobody's fault; `Checks` hears of the faults that are."""


class ComputerClock:
    """The clocks of the till's computer (`pos_app.clock.Clock`).

    Attributes:
        wrong_by_ms: how far its wall clock is from the true time.
    """

    def __init__(self, time: VirtualTime, wrong_by_ms: int) -> None:
        self._time = time
        self.wrong_by_ms = wrong_by_ms

    def wall_ms(self) -> int:
        """See `Clock`."""
        return self._time.now_ms + self.wrong_by_ms

    def monotonic_ms(self) -> int:
        """See `Clock`."""
        time = self._time
        return time.now_ms - time.slept_ms

    async def sleep(self, ms: int) -> None:
        """See `Clock`."""
        await self._time.timer(ms)
