"""`pos-app pin set | change | reset`: the manager's PIN, and the owner's recovery code, which is shown once."""

import argparse
import secrets
from typing import Any

from pos_app.checkout.staff_errands import change_pin
from pos_app.cli.approval import patiently
from pos_app.cli.hidden import Hidden, NotTypedError
from pos_app.cli.journal_reading import open_journal
from pos_app.cli.person import NEW_PIN
from pos_app.cli.reach import Answer, refused
from pos_app.cli.say import DONE, Say
from pos_app.clock import MachineClock
from pos_app.door import NobodyHomeError, NotAnsweredError, ask, somebody_home
from pos_app.journal.errors import JournalError
from pos_app.settings import Settings, data_folder
from pos_app.staff.pin import Pins
from pos_app.words import Text

_OLD = Text("PIN hiện nay", "PIN until now")
_CODE = Text("Mã khôi phục", "Recovery code")


def add_pin(parser: argparse.ArgumentParser) -> None:
    """The arguments of `pin`."""
    parser.add_argument("what", choices=("set", "change", "reset"),
                        help="the first one; another one by the old one; another one by the recovery code")  # fmt: skip
    parser.add_argument("--stdin", action="store_true",
                        help="read from standard input, a line each: old PIN or code, then the new PIN")  # fmt: skip
    parser.set_defaults(command=_pin)


def _pin(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    hidden = Hidden(say, option="--stdin", from_stdin=options.stdin)
    try:
        given: dict[str, Any] = {"what": options.what}
        if options.what == "change":
            given["old"] = hidden.get(_OLD)
        if options.what == "reset":
            given["code"] = hidden.get(_CODE)
        given["new"] = hidden.get_new(NEW_PIN)
        answer = _change(given, settings, say)
    except (JournalError, NotTypedError) as error:
        return say.refuse(error.title, error.advice)
    except (NobodyHomeError, NotAnsweredError):
        return say.cannot_answer()
    if "refused" in answer:
        return refused(answer, say)
    say.result({**answer, "exit_code": DONE})
    say.line(Text("Đã đặt PIN quản lý.", "The manager's PIN is set."))
    if answer["recovery_code"]:
        say.line(Text("Mã khôi phục: {code}", "Recovery code: {code}").fill(code=answer["recovery_code"]))
        say.line(
            Text(
                "Chép ra giấy, cất nơi chủ tiệm giữ. Mã chỉ hiện lần này.",
                "Write it on paper and keep it where only the owner can. It is shown this once.",
            )
        )
    return DONE


def _change(given: dict[str, Any], settings: Settings, say: Say) -> Answer:
    """By the till that is open; else with the journal held, so that no other program guesses meanwhile."""
    if somebody_home(data_folder()):
        return patiently(lambda: ask(data_folder(), "pin", **given), say)
    with open_journal(settings):
        pin = Pins(data_folder(), MachineClock(), secrets.token_bytes)
        return patiently(lambda: change_pin(pin, given), say)
