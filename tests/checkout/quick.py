"""A counter without the journal's own thread, for tests that live through thousands of steps."""

import asyncio
from collections.abc import Generator
from concurrent.futures import Future
from typing import Any

import pytest

from pos_app.journal import store
from tests.checkout.scripted import World


class AtOnce:
    """The journal's writer without its thread: done when it is handed over, so that a life is quick."""

    def __init__(self, _name: str, _closed: Exception) -> None:
        self._open = True

    def do(self, work: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(work())
        except Exception as error:  # noqa: BLE001 - it belongs to whoever asked
            done.set_exception(error)
        return done

    def do_in_slices(self, work: Generator[None, None, Any]) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            while True:
                next(work)
        except StopIteration as end:
            done.set_result(end.value)
        return done

    def let_others_in(self) -> None:
        """Nobody waits."""

    def stop(self, last: Any = lambda: None) -> None:
        if self._open:
            self._open = False
            last()


class QuickWorld(World):
    """The desk over the real journal, all on one thread."""

    async def calm(self, rounds: int = 0) -> None:
        ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
        await asyncio.sleep(rounds * 0)
        while ready:
            await asyncio.sleep(0)


def at_once() -> pytest.MonkeyPatch:
    """From now on journals write at once; `undo` it."""
    patch = pytest.MonkeyPatch()
    patch.setattr(store, "Writer", AtOnce)
    return patch
