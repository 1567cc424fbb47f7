"""Has all probes look at once and tells each finding as it comes. What a probe sees is the probe's own affair."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from pos_app.doctor.checks import CHECK_AGAIN, Cause, Check, Finding, not_checked
from pos_app.words import Text

log = logging.getLogger(__name__)

LIMIT_S = 60.0
"""A probe that says nothing for so long is not waited for."""
_TOO_LONG = Text("Kiểm tra mất quá lâu", "The check takes too long")
_FAULT = Text("Không kiểm tra được", "It could not be checked")


class Probe(NamedTuple):
    """Something that looks, and what it looks at.

    Attributes:
        checks: what it tells of.
        look: looks; blocks, and may raise anything.
    """

    checks: tuple[Check, ...]
    look: Callable[[], Iterable[Finding]]


def examine(
    probes: Iterable[Probe], tell: Callable[[Finding], None] = lambda _: None, *, limit_s: float = LIMIT_S
) -> tuple[Finding, ...]:
    """Look at everything; blocks until all have looked, or for `limit_s`.

    Args:
        probes: each on a thread of its own: one that hangs holds up no other.
        tell: gets each finding as it comes, on this thread.
        limit_s: seconds.

    Returns: one finding for each check of the probes, in the order of the table.
    """
    told: queue.SimpleQueue[Finding] = queue.SimpleQueue()
    waiting: set[Check] = set()
    for probe in probes:
        waiting |= set(probe.checks)
        threading.Thread(target=_look, args=(probe, told.put), name="doctor", daemon=True).start()
    found: dict[Check, Finding] = {}
    until = time.monotonic() + limit_s
    while waiting:
        try:
            finding = told.get(timeout=max(until - time.monotonic(), 0.001))
        except queue.Empty:
            finding = not_checked(min(waiting), Cause.TOO_LONG, _TOO_LONG, CHECK_AGAIN)
        waiting.discard(finding.check)
        if finding.check not in found:
            found[finding.check] = finding
            tell(finding)
    return tuple(found[check] for check in Check if check in found)


def _look(probe: Probe, tell: Callable[[Finding], None]) -> None:
    missing = list(probe.checks)
    try:
        for finding in probe.look():
            missing.remove(finding.check)
            tell(finding)
    except Exception:
        log.exception("a check broke")
    for check in missing:
        tell(not_checked(check, Cause.FAULT, _FAULT, CHECK_AGAIN))
