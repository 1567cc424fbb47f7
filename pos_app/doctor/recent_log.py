"""The newest lines of the log, as far as support may see them: what was said, never of whom.

A line is the sentence as it stands in the program, without what was put into it, and the kind of the error.
"""

import logging
from collections import deque
from typing import NamedTuple

LINES_MAX = 30
_OURS = "pos_app"


class LogLine(NamedTuple):
    """One line: UTC milliseconds, level, where it was said, its sentence before anything was put in, kind of error."""

    at_ms: int
    level: str
    said_in: str
    sentence: str
    error: str


class RecentLog(logging.Handler):
    """Keeps the newest lines of this program's own modules from `begin` to `end`."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._lines: deque[LogLine] = deque(maxlen=LINES_MAX)

    def begin(self) -> None:
        """Hear what is logged from now on."""
        logging.getLogger(_OURS).addHandler(self)

    def end(self) -> None:
        """Hear no more."""
        logging.getLogger(_OURS).removeHandler(self)

    @property
    def lines(self) -> tuple[LogLine, ...]:
        """What there is, oldest first."""
        return tuple(self._lines)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what may be seen of a line; where nobody else listens, Python's own last resort goes on speaking."""
        if logging.lastResort is not None and not logging.getLogger().handlers:
            logging.lastResort.handle(record)
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        sentence = record.msg if isinstance(record.msg, str) else ""
        line = LogLine(int(record.created * 1000), record.levelname, record.name, sentence, error)
        self._lines.append(line)
