"""The one thread that owns the journal's connection. Callers get futures; nothing here knows what is stored."""

import threading
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future
from typing import TypeVar

Result = TypeVar("Result")


class _Promise(Future[Result]):
    """A future that refuses to be awaited by the very thread that must fulfil it, and cannot be cancelled.

    Work handed over is done: a caller that goes away must not take an entry with it.
    """

    def __init__(self, writer: threading.Thread) -> None:
        super().__init__()
        self._writer = writer
        self.set_running_or_notify_cancel()

    def result(self, timeout: float | None = None) -> Result:
        if not self.done() and threading.current_thread() is self._writer:
            message = "the writer thread would wait for itself"
            raise RuntimeError(message)
        return super().result(timeout)


class Writer:
    """Does what it is handed, one piece after the other, in a thread of its own.

    Args:
        name: of the thread.
        closed: the error of whatever is handed over when nothing is taken any more.
    """

    def __init__(self, name: str, closed: Exception) -> None:
        self._closed_error = closed
        self._waiting: deque[Callable[[], None]] = deque()
        self._door = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def do(self, work: Callable[[], Result]) -> Future[Result]:
        """Hand over `work`; its result or error comes by the future."""
        promise: Future[Result] = _Promise(self._thread)
        self._put(lambda: _fulfil(promise, work), promise)
        return promise

    def do_in_slices(self, work: Generator[None, None, Result]) -> Future[Result]:
        """Hand over long work: after each `yield` it goes to the end of the queue, so that others get their turn."""
        promise: Future[Result] = _Promise(self._thread)

        def go_on() -> None:
            try:
                next(work)
            except StopIteration as end:
                promise.set_result(end.value)
            except BaseException as error:  # noqa: BLE001 - it belongs to whoever asked
                promise.set_exception(error)
            else:
                self._put(go_on, promise)

        self._put(go_on, promise)
        return promise

    def let_others_in(self) -> None:
        """Called by work that is being done: do what waits meanwhile, then come back.

        Raises:
            Exception: the `closed` error, when the writer is to end.
        """
        for _ in range(len(self._waiting) + 1):
            if self._closed:
                raise self._closed_error
            if self._waiting:
                self._waiting.popleft()()

    def stop(self, last: Callable[[], None] = lambda: None) -> None:
        """Finish what was handed over, do `last`, then end. May be called again."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._waiting.append(last)
                self._door.notify()
        self._thread.join()

    def _put(self, piece: Callable[[], None], promise: Future[Result]) -> None:
        with self._door:
            if not self._closed:
                self._waiting.append(piece)
                self._door.notify()
                return
        promise.set_exception(self._closed_error)

    def _run(self) -> None:
        while True:
            with self._door:
                while not self._waiting:
                    if self._closed:
                        return
                    self._door.wait()
                piece = self._waiting.popleft()
            piece()


def _fulfil(promise: Future[Result], work: Callable[[], Result]) -> None:
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever asked
        promise.set_exception(error)
    else:
        promise.set_result(result)
