"""The thread that a till works on: one asyncio loop. Whoever gives it something to do is not held up."""

import asyncio
import logging
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

log = logging.getLogger(__name__)

SWITCH_S = 0.000_5
"""After how long a thread of Python gives way to the one that waits."""
_Came = TypeVar("_Came")


class TillThread:
    """Does what it is given, from any thread, until it takes no more."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="till", daemon=True)
        self._takes_more = True

    def start(self) -> None:
        """Begin to work."""
        # The thread that sends must not stand behind the one that paints for 5 ms at each of its steps.
        sys.setswitchinterval(SWITCH_S)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, _Came]) -> Future[_Came]:
        """Do it, and give back what comes of it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def do(self, work: Coroutine[Any, Any, object]) -> None:
        """Do it, unless no more is taken; a fault is logged, never lost."""
        if self._takes_more:
            self.run(work).add_done_callback(_log_fault)
        else:
            work.close()

    def call(self, act: Callable[..., object], *given: object) -> None:
        """Call what does not wait for anything."""
        self._loop.call_soon_threadsafe(act, *given)

    def take_no_more(self) -> bool:
        """From now on, what `do` is given is let go. Whether that is new."""
        took, self._takes_more = self._takes_more, False
        return took

    def end(self, last: Coroutine[Any, Any, None], *, seconds_max: float) -> None:
        """Do the last thing, and end. Blocks.

        Raises:
            TimeoutError: the last thing takes longer.
        """
        self.run(last).result(seconds_max)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(seconds_max)
        self._loop.close()


def _log_fault(done: Future[Any]) -> None:
    if not done.cancelled() and done.exception() is not None:
        log.error("a command ended by a fault", exc_info=done.exception())
