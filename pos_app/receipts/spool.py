"""The print spool: documents wait here for the one printer, and each has its own truth.

    queued ── sending ─┬─ printed   the printer said so, after the last row
                       ├─ sent      it took every byte and can say no more
                       ├─ saved     it is a file
                       └─ failed    with a cause and a remedy; the next one is tried all the same

The printer is worked by one thread of its own: whoever prints gets a future at once, so a dead printer holds up
neither a payment nor the screen, and a stuck one cannot keep the program from ending.

What is owed survives a crash. What was printed is written in the journal, but only after it came out, so between the
two there is a moment in which nobody knows: the paper may be in the customer's hand already. `SlipLedger` therefore
writes down, before the first byte leaves, that a try has begun. A slip whose try has no known end is still owed, and
whatever is printed of it next is marked as a copy: one copy mark too many harms nobody, two unmarked slips of one
payment do. Nothing is printed again by itself: the customer may be gone, or have it.
"""

import contextlib
import json
import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple, TypeVar

from pos_app.private_file import put_in_place, read_within
from pos_app.receipts.document import Document
from pos_app.receipts.printers.printer import Outcome, Printer, PrinterError, PrinterStatus
from pos_app.words import NOTHING, Text

log = logging.getLogger(__name__)

FILE_NAME = "slips.json"
_VERSION = "slips-1"
_FILE_BYTES_MAX = 4 * 1024 * 1024
_KEPT_MAX = 2000
"""Slips that the ledger remembers; the oldest that nobody owes are forgotten first."""
_LAST_JOBS = 50
UNPRINTED = Text("{n} phiếu chưa in", "{n} slips not printed")

_FAULT = PrinterError(
    Text("Máy in gặp lỗi", "The printer failed"),
    Text("Tắt máy in, bật lại rồi in lại.", "Switch the printer off and on, then print again."),
    begun=True,
)

Result = TypeVar("Result")


class JobState(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    PRINTED = "printed"
    SAVED = "saved"
    FAILED = "failed"


_STATES = {Outcome.PRINTED: JobState.PRINTED, Outcome.SENT: JobState.SENT, Outcome.SAVED: JobState.SAVED}


@dataclass(frozen=True, slots=True)
class Job:
    """One document on its way.

    Attributes:
        key: which slip it is; a payment's order id (a refund's id behind it), or what else names it.
        title: what people call it.
        state: how far it is.
        cause, remedy: why it failed and what to do.
        begun: whether some of a failed one may be on paper.
    """

    key: str
    title: str
    state: JobState = JobState.QUEUED
    cause: Text = NOTHING
    remedy: Text = NOTHING
    begun: bool = False

    @property
    def came_out(self) -> bool:
        """Whether the customer has it, as far as can be known."""
        return self.state in _STATES.values()


class _Slip(NamedTuple):
    """Whether a slip is owed, and how many tries of it have no known end."""

    owed: bool
    tries: int


_NOTHING = _Slip(owed=False, tries=0)


class SlipLedger:
    """Which slips are owed, and of which a try to print has no known end. On disk before a byte leaves.

    Args:
        path: its file. One that cannot be read is set aside: the journal still knows what was printed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._slips = _read(path)

    def owed(self) -> tuple[str, ...]:
        """The slips that were to come out and did not, oldest first."""
        return tuple(key for key, slip in self._slips.items() if slip.owed)

    def tries(self, key: str) -> int:
        """How many tries of this slip have no known end: it may be on paper as often."""
        return self._slips.get(key, _NOTHING).tries

    def owe(self, key: str) -> None:
        """This slip is to come out."""
        self._change(key, 0, owed=True)

    def begin(self, key: str) -> None:
        """The first byte of it is about to leave."""
        self._change(key, +1)

    def not_begun(self, key: str) -> None:
        """The try ended before anything left for the printer."""
        self._change(key, -1)

    def done(self, key: str) -> None:
        """It came out, and the journal says so."""
        self._change(key, -1, owed=False)

    def drop(self, key: str) -> None:
        """Nobody waits for it any more."""
        self._change(key, 0, owed=False)

    def _change(self, key: str, tries: int, *, owed: bool | None = None) -> None:
        """A disk that takes nothing keeps no slip from the customer; after a crash a mark may be missing then."""
        with self._lock:
            before = self._slips.get(key, _NOTHING)
            now = _Slip(before.owed if owed is None else owed, max(0, before.tries + tries))
            if now == before:
                return
            # Never changed in place: whoever reads meanwhile sees the old ones, whole.
            slips = {**self._slips, key: now}
            if now == _NOTHING:
                del slips[key]
            self._slips = _kept(slips)
            content = json.dumps({_VERSION: self._slips}).encode()
            try:
                put_in_place(content, self._path)
            except OSError:
                log.exception("the ledger of slips could not be written")


def _kept(slips: dict[str, _Slip]) -> dict[str, _Slip]:
    """Without the oldest where there are too many, those first that nobody is owed."""
    too_many = max(0, len(slips) - _KEPT_MAX)
    oldest = sorted(slips, key=lambda key: slips[key].owed)[:too_many]
    return {key: slip for key, slip in slips.items() if key not in oldest} if oldest else slips


def _read(path: Path) -> dict[str, _Slip]:
    try:
        content = read_within(path, _FILE_BYTES_MAX)
        if content is None:
            return {}
        found = json.loads(content)
        slips = found[_VERSION]
        return {str(key): _Slip(bool(owed), int(tries)) for key, (owed, tries) in slips.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        log.exception("the ledger of slips cannot be read; it is set aside")
        with contextlib.suppress(OSError):
            path.replace(path.with_name(path.name + ".damaged"))
        return {}


class Spool:
    """Works one printer on a thread of its own.

    Args:
        printer: where documents go.
        ledger: what is owed and begun.
        tell: gets each job whenever it came further, on the printer's thread.
    """

    def __init__(self, printer: Printer, ledger: SlipLedger, tell: Callable[[Job], None] = lambda _job: None) -> None:
        self.ledger = ledger
        self._printer = printer
        self._tell = tell
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._jobs: deque[Job] = deque(maxlen=_LAST_JOBS)
        self._jobs_lock = threading.Lock()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="printer", daemon=True)
        self._thread.start()

    @property
    def printer_name(self) -> str:
        """What the records call the printer."""
        return self._printer.name

    def jobs(self) -> tuple[Job, ...]:
        """The last jobs, oldest first."""
        with self._jobs_lock:
            return tuple(self._jobs)

    def print(self, key: str, document: Document) -> "Future[Job]":
        """Print a document after those that wait already; the future has the job at its end, failed ones too.

        Once it came out and that is written down where it counts, tell the ledger that it is `done`.
        """
        job = Job(key, document.title)
        self._note(None, job)
        return self._do(lambda: self._print(job, document))

    def status(self) -> "Future[PrinterStatus]":
        """How the printer is, asked in turn."""
        return self._do(self._printer.status)

    def open_drawer(self) -> "Future[None]":
        """Open the cash drawer. The future raises `PrinterError` where it does not open."""
        return self._do(self._printer.open_drawer)

    def close(self, wait_seconds: float) -> None:
        """Begin nothing more, and let what is under way end, if it does so in time. What waited stays owed."""
        self._closing = True
        self._work.put(None)
        self._thread.join(wait_seconds)

    def _do(self, work: Callable[[], Result]) -> "Future[Result]":
        future: Future[Result] = Future()

        def run() -> None:
            if self._closing:
                future.cancel()
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001 - told to whoever asks for the result; the thread lives on
                future.set_exception(error)

        self._work.put(run)
        return future

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            work()

    def _print(self, job: Job, document: Document) -> Job:
        sending = replace(job, state=JobState.SENDING)
        self._note(job, sending)
        self.ledger.begin(job.key)
        try:
            ended = replace(job, state=_STATES[self._printer.print(document)])
        except PrinterError as error:
            ended = _failed(job, error)
        except Exception:
            log.exception("a printer ended by a fault")
            ended = _failed(job, _FAULT)
        if ended.state is JobState.FAILED and not ended.begun:
            self.ledger.not_begun(job.key)
        self._note(sending, ended)
        return ended

    def _note(self, before: Job | None, now: Job) -> None:
        with self._jobs_lock:
            if before is not None:
                with contextlib.suppress(ValueError):
                    self._jobs.remove(before)
            self._jobs.append(now)
        self._tell(now)


def _failed(job: Job, error: PrinterError) -> Job:
    return replace(job, state=JobState.FAILED, cause=error.cause, remedy=error.remedy, begun=error.begun)
