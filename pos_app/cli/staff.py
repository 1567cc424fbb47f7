"""`pos-app staff list | add | change | pin`: who works here. Whoever may signs each change with the PIN."""

import argparse
from typing import Any

from pos_app.checkout.staff_errands import change_staff
from pos_app.checkout.staffing import people_json
from pos_app.cli.approval import patiently
from pos_app.cli.hidden import Hidden, NotTypedError
from pos_app.cli.journal_reading import ask_or_read, open_journal, staffing_of
from pos_app.cli.person import NEW_PIN, PIN_OF
from pos_app.cli.reach import Answer, refused
from pos_app.cli.say import DONE, Say
from pos_app.door import NobodyHomeError, NotAnsweredError, ask, somebody_home
from pos_app.journal.errors import JournalError
from pos_app.settings import Settings, data_folder
from pos_app.staff.roles import ROLE_WORDS, Role
from pos_app.words import Text

_NEEDS = {"list": (), "add": ("name", "by"), "change": ("person", "by"), "pin": ("person", "by")}
_MISSING = Text("Thiếu {what}", "Missing: {what}")
_LINE = Text("{id}  {name} – {role}", "{id}  {name} – {role}")
_GONE = Text("{line} (đã nghỉ)", "{line} (not here any more)")


def add_staff(parser: argparse.ArgumentParser) -> None:
    """The arguments of `staff`."""
    about = "who there is; a new person; another name or role, or an end; another PIN"
    parser.add_argument("what", choices=tuple(_NEEDS), help=about)
    parser.add_argument("--person", default="", metavar="WHO", help="name or id of the person to change")
    parser.add_argument("--name", metavar="NAME", help="as slips print it")
    parser.add_argument("--role", choices=tuple(one.value for one in Role), help="cashier by default")
    here = parser.add_mutually_exclusive_group()
    here.add_argument("--off", dest="active", action="store_false", default=None, help="works here no more")
    here.add_argument("--on", dest="active", action="store_true", default=None, help="works here again")
    parser.add_argument("--by", default="", metavar="WHO", help="name or id of who signs; the owner's name at first")
    parser.add_argument("--pin-stdin", action="store_true",
                        help="read from standard input, a line each: the signer's PIN, then the new PIN")  # fmt: skip
    parser.set_defaults(command=_staff)


def _staff(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    missing = [f"--{name}" for name in _NEEDS[options.what] if not getattr(options, name)]
    if missing:
        return say.refuse(_MISSING.fill(what=", ".join(missing)), Text("Xem --help.", "See --help."))
    try:
        answer = _list(settings) if options.what == "list" else _change(_wished(options, say), settings, say)
    except (JournalError, NotTypedError) as error:
        return say.refuse(error.title, error.advice)
    except (NobodyHomeError, NotAnsweredError):
        return say.cannot_answer()
    if "refused" in answer:
        return refused(answer, say)
    say.result({**answer, "exit_code": DONE})
    for person in answer.get("people", [answer]):
        say.line(_line(person))
    return DONE


def _wished(options: argparse.Namespace, say: Say) -> dict[str, Any]:
    """What is wanted, with the PINs, the signer's first.

    Raises:
        NotTypedError: a PIN is missing.
    """
    hidden = Hidden(say, option="--pin-stdin", from_stdin=options.pin_stdin)
    given = {"wish": options.what, "person": options.person, "by": options.by}
    if options.what != "pin":
        given |= {"name": options.name, "role": options.role, "active": options.active}
    given["pin"] = hidden.get(PIN_OF.fill(name=options.by))
    if options.what != "change":
        given["new_pin"] = hidden.get_new(NEW_PIN)
    return given


def _list(settings: Settings) -> Answer:
    def read(journal: Any) -> Answer:
        return people_json(staffing_of(journal).roster)

    answer: Answer = ask_or_read("staff_list", settings, read)
    return answer


def _change(given: dict[str, Any], settings: Settings, say: Say) -> Answer:
    """By the till that is open; else with the journal held, so that no other program guesses meanwhile."""
    if somebody_home(data_folder()):
        return patiently(lambda: ask(data_folder(), "staff", **given), say)
    with open_journal(settings) as journal:
        staffing = staffing_of(journal)
        return patiently(lambda: change_staff(staffing, given), say)


def _line(person: Answer) -> Text:
    role = ROLE_WORDS[Role(person["role"])]
    line = _LINE.fill(id=person["id"], name=person["name"] or "–", role=role)
    return line if person["active"] else _GONE.fill(line=line)
