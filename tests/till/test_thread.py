"""The till's thread: does what it is given, logs what goes wrong, and takes nothing once it is to end."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from pos_app.till.thread import TillThread

PATIENCE_S = 60


@pytest.fixture
def thread() -> Iterator[TillThread]:
    made = TillThread()
    made.start()
    yield made
    made.take_no_more()
    made.end(asyncio.sleep(0), seconds_max=PATIENCE_S)


def test_it_gives_back_what_came(thread: TillThread) -> None:
    async def add() -> int:
        return 1 + 1

    assert thread.run(add()).result(PATIENCE_S) == 2


def test_a_fault_is_logged_and_the_next_is_done(thread: TillThread, caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise RuntimeError("broken")

    thread.do(fail())
    thread.run(asyncio.sleep(0)).result(PATIENCE_S)
    assert "a command ended by a fault" in caplog.text


def test_once_it_is_to_end_nothing_is_begun(thread: TillThread) -> None:
    begun = threading.Event()

    async def begin() -> None:
        begun.set()

    assert thread.take_no_more()
    assert not thread.take_no_more(), "only the first call ends it"
    thread.do(begin())
    thread.run(asyncio.sleep(0)).result(PATIENCE_S)
    assert not begun.is_set()
