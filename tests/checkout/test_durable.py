"""What the journal was handed is waited for and taken in, or told as not stored; a stop comes after that."""

import asyncio
from concurrent.futures import Future

import pytest

from pos_app.checkout.durable import when_stored
from pos_app.journal.errors import CannotStoreError


@pytest.mark.parametrize("stops", [0, 1, 3])
@pytest.mark.parametrize("fails", [False, True])
def test_a_write_is_waited_for_and_a_stop_is_not_lost(*, fails: bool, stops: int) -> None:
    async def run() -> None:
        writing: Future[None] = Future()
        taken_in: list[str] = []
        waiting = asyncio.ensure_future(when_stored(writing, lambda: taken_in.append("it")))
        await asyncio.sleep(0)
        for _ in range(stops):
            waiting.cancel()
            await asyncio.sleep(0)
        assert not waiting.done()
        if fails:
            writing.set_exception(CannotStoreError("no room"))
        else:
            writing.set_result(None)
        await asyncio.wait((waiting,))
        assert taken_in == ([] if fails else ["it"])
        assert waiting.cancelled() is (stops > 0)
        if not stops:
            assert isinstance(waiting.exception(), CannotStoreError) is fails

    asyncio.run(run())
