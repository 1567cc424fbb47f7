"""A manager's word on the command line: who, why, and the PIN. Asked for when all else is known to be right."""

import argparse
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from pos_app.cli.hidden import Hidden
from pos_app.cli.reach import Answer, Reached, Waiting
from pos_app.cli.say import Say
from pos_app.payments.acts import REASONS, Act
from pos_app.words import Text

MANAGERS_PIN = Text("PIN quản lý", "Manager's PIN")


def add_approval(parser: argparse.ArgumentParser, *acts: Act) -> None:
    """The arguments of what needs a manager."""
    words = dict.fromkeys(reason.value for act in acts for reason in REASONS[act])
    parser.add_argument("--payment", required=True, metavar="PAYMENT", help="order id or slip number")
    parser.add_argument("--reason", required=True, metavar="WORD", help=", ".join(words))
    parser.add_argument("--by", required=True, metavar="NAME", help="the manager who allows it")
    parser.add_argument("--note", default="", metavar="TEXT", help="in the manager's own words")
    parser.add_argument("--pin-stdin", action="store_true", help="read the manager's PIN from standard input")


class ManagersWord:
    """One act with one PIN.

    Attributes:
        begun: the till was asked: from here on it may happen, whatever becomes of this command.
    """

    def __init__(self, options: argparse.Namespace, say: Say) -> None:
        self._options = options
        self._say = say
        self.begun = False

    def pin(self) -> str:
        """The PIN.

        Raises:
            NotTypedError: none was given.
        """
        return Hidden(self._say, option="--pin-stdin", from_stdin=self._options.pin_stdin).get(MANAGERS_PIN)

    def act(self, till: Reached, act: Act, payment_id: str, pin: str, waiting: Waiting, **more: Any) -> Answer | None:
        """Have it done. None: no answer yet, and the time is up.

        After a miss the PIN is looked at again only when a wait is over: that is waited for here, and says so.

        Raises:
            NobodyHomeError, NotAnsweredError: the open till went away, or broke.
        """
        approval = {name: getattr(self._options, name) for name in ("by", "reason", "note")}
        given = {"act": act.value, "payment": payment_id, "pin": pin, **approval, **more}
        while True:
            self.begun = True
            doing = waiting.done(partial(till.ask, "act", **given))
            if not doing.done():
                return None
            answer = doing.result()
            if not answer.get("again"):
                return answer
            self.begun = False
            wait_for_pin(int(answer["wait_s"]), self._say)
            waiting.begin()


def patiently(ask: Callable[[], Answer], say: Say) -> Answer:
    """The answer to something with a PIN. After a miss the PIN is looked at again only when a wait is over."""
    while (answer := ask()).get("again"):
        wait_for_pin(int(answer["wait_s"]), say)
    return answer


def wait_for_pin(seconds: int, say: Say) -> None:
    """Let the wait after wrong entries pass."""
    words = Text("Nhập sai trước đó: chờ {n} giây…", "Wrong entries before: waiting {n} s…")
    say.progress(words.fill(n=seconds))
    time.sleep(seconds)
