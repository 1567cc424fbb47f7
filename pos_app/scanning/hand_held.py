"""A hand-held scanner with a line of its own (serial, or a keyboard read alone): characters in, codes out.

One thread opens the line, reads, and opens it again when the scanner was unplugged. What a code means is not decided
here. Somebody pressed the trigger: each code is told, also the same one again.
"""

import threading
import time
from collections.abc import Callable
from typing import Protocol

from pos_app.scanning.source import HealthListener, SourceHealth, SourceState
from pos_app.scanning.trouble import SCANNER_BROKE, WELL, Trouble, note_fault, scanner_trouble

QUIET_S = 0.06
"""A code that is sent without an end is over when nothing came for this long."""
LENGTH_MAX = 512
"""More characters than this without an end are no code; what is kept stays bounded."""
REOPEN_S = 1.0

_ENDS = "\r\n\t\x03"
_STX = "\x02"
_NOTHING = "\0"

CodeListener = Callable[[str, int], None]
"""Gets a code, and when it was read by the monotonic clock (ns)."""


class Line(Protocol):
    """An open line from a scanner."""

    def read(self) -> str:
        """What arrived, a NUL where it was no character; "" when nothing came for `QUIET_S`.

        Raises:
            OSError: the scanner is gone.
        """
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class NeverHereError(OSError):
    """A line of this kind cannot be had on this system, whatever is plugged in.

    Attributes:
        trouble: what to tell.
    """

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.what.en)
        self.trouble = trouble


class Framing:
    """Cuts what arrives into codes: at CR, LF, Tab or ETX, or at silence."""

    def __init__(self) -> None:
        self._begun = ""

    def feed(self, characters: str) -> list[str]:
        """The codes that are whole with this."""
        codes = []
        for character in characters:
            if character in _ENDS:
                codes.append(self._begun)
            if character in _ENDS + _STX:
                self._begun = ""
            elif character != _NOTHING:
                self._begun += character
        if len(self._begun) > LENGTH_MAX:
            self._begun = ""
        return [code for code in codes if code]

    def silence(self) -> list[str]:
        """Nothing came for `QUIET_S`: what was begun is whole."""
        code, self._begun = self._begun, ""
        return [code] if code else []


class HandHeld:
    """A scanner that is being read.

    Args:
        device: as the settings name it, for what is said when it is missing.
        open_line: opens it; an `OSError` when it cannot be had.
        on_code: called on the scanner's thread for each code.
        on_health: called there whenever the state changes.
    """

    def __init__(
        self, device: str, open_line: Callable[[], Line], *, on_code: CodeListener, on_health: HealthListener
    ) -> None:
        self._device, self._open_line = device, open_line
        self._on_code, self._on_health = on_code, on_health
        self._stopping = threading.Event()
        self._health = SourceHealth(SourceState.STARTING)
        self._thread = threading.Thread(target=self._run, name="scanner", daemon=True)

    def start(self) -> None:
        """Begin to read; call once."""
        self._thread.start()

    def stop(self) -> None:
        """End within a second; nothing is reported after this returns."""
        self._stopping.set()
        if self._thread is not threading.current_thread():
            self._thread.join(timeout=1)

    def health(self) -> SourceHealth:
        """How the scanner is now."""
        return SourceHealth(SourceState.STOPPED) if self._stopping.is_set() else self._health

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._read(self._open_line())
            except NeverHereError as error:
                self._tell(SourceState.TROUBLE, error.trouble)
            except OSError:
                self._tell(SourceState.TROUBLE, scanner_trouble(self._device))
            except Exception as error:  # noqa: BLE001 - whatever it was, a scanner does not end silently
                note_fault("a scanner broke", error)
                self._tell(SourceState.TROUBLE, SCANNER_BROKE)
            self._stopping.wait(REOPEN_S)

    def _read(self, line: Line) -> None:
        """Read until `stop`.

        Raises:
            OSError: the scanner is gone.
        """
        self._tell(SourceState.RUNNING, WELL)
        framing = Framing()
        try:
            while not self._stopping.is_set():
                arrived = line.read()
                for code in framing.feed(arrived) if arrived else framing.silence():
                    if not self._stopping.is_set():
                        self._on_code(code, time.monotonic_ns())
        finally:
            line.close()

    def _tell(self, state: SourceState, trouble: Trouble) -> None:
        health = SourceHealth(state, trouble=trouble)
        if health != self._health and not self._stopping.is_set():
            self._health = health
            self._on_health(health)
