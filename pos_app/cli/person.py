"""Whose doing a command is, where people sign in: named with `--by`, and proven by the PIN."""

import argparse

from pos_app.cli.hidden import Hidden
from pos_app.cli.say import Say
from pos_app.words import Text

PIN_OF = Text("PIN của {name}", "PIN of {name}")
NEW_PIN = Text("PIN mới, 6 đến 12 chữ số", "New PIN, 6 to 12 digits")


def add_person(parser: argparse.ArgumentParser) -> None:
    """The arguments that say whose doing something is, where people sign in."""
    parser.add_argument("--by", default="", metavar="WHO", help="who does it, by name or id, where people sign in")
    parser.add_argument("--pin-stdin", action="store_true", help="read that person's PIN from standard input, first")


def who_does_it(options: argparse.Namespace, say: Say) -> dict[str, str]:
    """Who was named, with the PIN; nothing where nobody was.

    Raises:
        NotTypedError: the PIN is missing.
    """
    signs = bool(getattr(options, "reason", ""))  # a manager's word is given apart, for its act
    if signs or not getattr(options, "by", ""):
        return {}
    hidden = Hidden(say, option="--pin-stdin", from_stdin=options.pin_stdin)
    return {"by": options.by, "pin": hidden.get(PIN_OF.fill(name=options.by))}
