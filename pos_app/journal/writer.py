"""The one thread that owns the journal's connection. Callers get futures; nothing here knows what is stored."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

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
    """Does what it is handed, one piece after the other, in a thread of its own."""

    def __init__(self, name: str) -> None:
        self._work: SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = SimpleQueue()
        self._door = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def do(self, work: Callable[[], Result], *, closed: Exception) -> "Future[Result]":
        """Hand over `work`; its result or error comes by the future, `closed` when nothing is taken any more."""
        promise: Future[Result] = _Promise(self._thread)
        with self._door:
            if self._closed:
                promise.set_exception(closed)
            else:
                self._work.put((work, promise))
        return promise

    def stop(self) -> None:
        """Finish what was handed over, then end. May be called again."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._work.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (piece := self._work.get()) is not None:
            work, promise = piece
            try:
                result = work()
            except BaseException as error:  # noqa: BLE001 - it belongs to whoever asked
                promise.set_exception(error)
            else:
                promise.set_result(result)
