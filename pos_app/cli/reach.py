"""How a command reaches a till that can do things: the one that is open, else one of its own without a window."""

import argparse
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from pos_app.checkout.errands import told
from pos_app.cli.journal_reading import ask_or_read
from pos_app.cli.own_till import own_till
from pos_app.cli.person import who_does_it
from pos_app.cli.say import SPEAK_EVERY_SECONDS, USAGE, Say
from pos_app.door import ask, somebody_home
from pos_app.settings import Settings, data_folder
from pos_app.till import Till
from pos_app.words import Text

_LOOK_EVERY_SECONDS = 0.3

Answer = dict[str, Any]
Found = TypeVar("Found")


class Reached(Protocol):
    """A till that does errands; see `checkout.errands`."""

    def ask(self, question: str, **given: Any) -> Answer:
        """Ask it something, or have it do something. Blocks.

        Raises:
            NobodyHomeError, NotAnsweredError, JournalError: it cannot.
        """
        ...

    def stop(self) -> None:
        """End it when it is the command's own: nothing is under way any more then. An open till goes on by itself."""
        ...


_READING = frozenset({"payment", "payments", "act", "cash_move"})
"""Questions that need nobody's name, or bring a manager's word of their own."""


class _OpenTill:
    def __init__(self, who: dict[str, str]) -> None:
        self._who = who

    def ask(self, question: str, **given: Any) -> Any:
        return ask(data_folder(), question, **given, **_signed(question, self._who))

    def stop(self) -> None:
        pass


class _OwnTill:
    def __init__(self, till: Till, who: dict[str, str]) -> None:
        self._till, self._who = till, who

    def ask(self, question: str, **given: Any) -> Any:
        return self._till.answer(question, given | _signed(question, self._who))

    def stop(self) -> None:
        self._till.stop()


def _signed(question: str, who: dict[str, str]) -> dict[str, Any]:
    return {"who": who} if who and question not in _READING else {}


@contextmanager
def reach(settings: Settings, options: argparse.Namespace, say: Say) -> Iterator[Reached]:
    """A till to ask, in the name of whoever the options name.

    Raises:
        NoGatewayError, JournalError: none is open, and none can be opened.
        NotTypedError: the PIN of whoever they name is missing.
    """
    who = who_does_it(options, say)
    if somebody_home(data_folder()):
        yield _OpenTill(who)
        return
    with own_till(settings, options, say, lambda _told: None) as till:
        yield _OwnTill(till, who)


def look_up(settings: Settings, payment: str) -> Answer:
    """What the journal says of a payment, whoever holds it now: the last word when a till went away or was stopped.

    Raises:
        JournalError, NotAnsweredError: it cannot be read now.
    """
    answer: Answer = ask_or_read("payment", settings, lambda journal: told(journal, payment), payment=payment)
    return answer


def refused(answer: Answer, say: Say, code: int = USAGE) -> int:
    """Say a refusal that came as an answer."""
    more = {"wait_s": answer["wait_s"]} if answer.get("wait_s") else {}
    return say.refuse(Text(**answer["refused"]["title"]), Text(**answer["refused"]["advice"]), code, **more)


class Waiting:
    """Waits for one thing after the other, with a word every few seconds, until the time is up."""

    def __init__(self, say: Say, seconds: float) -> None:
        self._say = say
        self._seconds = seconds
        self.begin()

    def begin(self) -> None:
        """The time runs from now on."""
        self._since = self._spoke_at = time.monotonic()

    def look_until(self, look: Callable[[], Found | None]) -> Found | None:
        """Look again and again until something is found; None when the time is up."""
        while (found := look()) is None and self._goes_on():
            time.sleep(_LOOK_EVERY_SECONDS)
        return found

    def done(self, work: Callable[[], Found]) -> Future[Found]:
        """Let it be done on another thread, and wait for it. It is not done yet when the time is up."""
        future: Future[Found] = Future()

        def run() -> None:
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001 - told to whoever asks for the result
                future.set_exception(error)

        threading.Thread(target=run, name="errand", daemon=True).start()
        while not future.done() and self._goes_on():
            time.sleep(0.05)
        return future

    def _goes_on(self) -> bool:
        now = time.monotonic()
        if now - self._spoke_at >= SPEAK_EVERY_SECONDS:
            self._spoke_at = now
            self._say.still_waiting(now - self._since)
        return now < self._since + self._seconds


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C is being answered: another one does not cut the answer off."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
