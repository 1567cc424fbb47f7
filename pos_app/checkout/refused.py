"""The one way the checkout says no, and how other programs read it."""

from typing import Any

from pos_app.journal.errors import JournalError
from pos_app.staff.errors import PinError
from pos_app.words import Text


class RefusedError(Exception):
    """This is not begun: nothing was sent, nothing was changed. `title` and `advice` are for the cashier."""

    def __init__(self, title: Text, advice: Text) -> None:
        super().__init__(title.en)
        self.title = title
        self.advice = advice


def refusal(error: RefusedError | PinError | JournalError, **more: Any) -> dict[str, Any]:
    """A refusal as an answer; `wait_s` is how long the PIN waits before it can be tried."""
    wait_s = getattr(error, "wait_s", 0)
    return {"refused": {"title": error.title._asdict(), "advice": error.advice._asdict()}, "wait_s": wait_s, **more}
