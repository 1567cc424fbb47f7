"""What a payment and a refund have in common on the way to the gateway: dated, durable, and never given up.

Asked           when something was asked, and when its answer was complete, by both clocks
when_stored     what the journal was handed is waited for and taken in; a stop in between parts nobody
what_is_left    what could not be stored of several pieces of evidence, so that it goes in with the next
wait            until its time, or until somebody wakes it
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import Future

from pos_app.clock import Clock
from pos_app.journal.errors import LawlessEntryError
from pos_app.payments.answer import Answer, AnswerClass, NotSentCause
from pos_app.payments.payment import Evidence, Source

log = logging.getLogger(__name__)


class Asked:
    """The moment of a question, or of a charge.

    Attributes:
        at_ms: corrected wall clock.
        mono_ms: monotonic clock.
    """

    def __init__(self, now_ms: Callable[[], int], clock: Clock) -> None:
        self._now_ms, self._clock = now_ms, clock
        self.at_ms, self.mono_ms = now_ms(), clock.monotonic_ms()

    def answered(self, source: Source, answer: Answer) -> Evidence:
        """The answer that is complete now, as evidence.

        The answer itself may have told that our clock was wrong when we asked. The earlier reading is the safe one: a
        "no such order" must not count as asked after the fence when it was not; no answer comes before its question.
        """
        received_at_ms = self._now_ms()
        asked_at_ms = min(self.at_ms, received_at_ms - (self._clock.monotonic_ms() - self.mono_ms))
        return Evidence(source, asked_at_ms, received_at_ms, answer)

    def not_sent(self, cause: str) -> Evidence:
        """It provably never left."""
        return Evidence(Source.NOT_SENT, self.at_ms, self._now_ms(), cause=cause)


async def usable_or_broken(question: Awaitable[Answer], **what: str) -> Answer:
    """The answer; a fault of ours is none, and the next question may do better."""
    try:
        return await question
    except Exception:
        log.exception("a question broke", extra=what)
        return Answer(AnswerClass.UNUSABLE, fault="broken")


async def when_stored(writing: Future[None], take_in: Callable[[], object] = lambda: None) -> None:
    """Wait until the journal has it, then take it in.

    What the journal was handed cannot be taken back: however often we are stopped meanwhile, it is waited for, or the
    journal and the running program would be of two minds. The stop goes on afterwards.

    Raises:
        JournalError: nothing of it is stored.
    """
    stored = asyncio.wrap_future(writing)
    stop: asyncio.CancelledError | None = None
    while not stored.done():
        try:
            await asyncio.shield(stored)
        except asyncio.CancelledError as error:
            stop = error
        except Exception:  # noqa: BLE001 - told below
            break
    fault = stored.exception()
    if fault is None:
        take_in()
    if stop is not None:
        raise stop
    if fault is not None:
        raise fault


async def what_is_left(
    note: Callable[..., Awaitable[None]], evidence: tuple[Evidence, ...], **what: str
) -> list[Evidence]:
    """Note the evidence, each for itself when all of it together cannot be; returns what must be noted with the next.

    A question's answer comes again by itself, and what contradicts the rules will never be taken: neither is kept.
    """
    try:
        await note(*evidence)
    except Exception as error:  # whatever it was: what is open is not forgotten
        log.exception("evidence could not be stored", extra=what)
        if len(evidence) > 1:  # one that cannot be stored must not take the others with it
            return [left for one in evidence for left in await what_is_left(note, (one,), **what)]
        if isinstance(error, LawlessEntryError):
            return []
        return [one for one in evidence if one.source is not Source.QUERY]
    return []


async def wait(clock: Clock, wait_ms: int, wake: asyncio.Event) -> None:
    """Until the time has passed on the monotonic clock, or `wake` is set; the time sets it too."""

    def passed(sleep: asyncio.Future[None]) -> None:
        if not sleep.cancelled():
            wake.set()

    sleep = asyncio.ensure_future(clock.sleep(wait_ms))
    sleep.add_done_callback(passed)
    try:
        await wake.wait()
    finally:
        sleep.cancel()


def stopped(evidence: Iterable[Evidence], now_ms: int, *, elsewhere: bool = False) -> tuple[Evidence, ...]:
    """What a stop in between means: before SENDING nothing left, after it nobody knows.

    Args:
        evidence: what is known.
        now_ms: corrected wall clock.
        elsewhere: the journal went on somewhere else after this (a backup was put back): it may have left there.
    """
    unknown = Answer(AnswerClass.UNUSABLE, fault=NotSentCause.STOPPED.value)
    if any(one.source is Source.SENDING for one in evidence):
        return (Evidence(Source.CREATE, now_ms, now_ms, unknown),)
    if elsewhere:
        return Evidence(Source.SENDING, now_ms, now_ms), Evidence(Source.CREATE, now_ms, now_ms, unknown)
    return (Evidence(Source.NOT_SENT, now_ms, now_ms, cause=NotSentCause.STOPPED.value),)
