"""The commands of `pos-app`. Here is the list and the way in; each family of commands has a module beside this one.

Every command accepts `--json`. A command's module, and the heavy parts behind it, are imported when it is called, so
that the window comes up at once and `--help` costs nothing. Payment codes come from pictures, cameras or standard
input, PINs and passphrases from the keyboard or standard input; never from an argument: those can be read by
everybody on the machine.
"""

import argparse
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import NamedTuple, NoReturn

from pos_app import __version__
from pos_app.cli.say import STOPPED, Say
from pos_app.payments.environment import Environment
from pos_app.settings import Settings, SettingsError, home_folder, load, use_environment
from pos_app.words import Text


class _Command(NamedTuple):
    """A command: `pos_app.cli.<module>` has a function `add_<name>` that gives its parser arguments and the work.

    A `-` of the name is `_` there.
    """

    name: str
    module: str
    about: str


_COMMANDS = (
    _Command("run", "run", "open the till (this is the default)"),
    _Command("pay", "pay", "a whole payment without a window; exit 0 paid, 10 declined, 11 not known, 12 not sent"),
    _Command("show", "show", "a code for the customer to scan, by any way to pay; exit codes as for pay"),
    _Command("link", "show", "a link for a customer who is not at the counter; exit codes as for pay"),
    _Command("cash", "cash", "take a sale in cash, where the shop takes cash; exit 0 taken, 11 not known"),
    _Command("banks", "banks", "the banks whose form an order can open with"),
    _Command("customer", "customer", "regular customers: list, bind, balance, pay, unbind"),
    _Command("ask", "ask", "ask the gateway now what became of a payment; exit codes as for pay"),
    _Command("cancel", "ask", "cancel an open payment; exit 0 it will not be paid, 10 it is paid, 11 not known"),
    _Command("refund", "refund", "give money back; exit 0 refunded, 10 declined, 11 not known, 12 not sent"),
    _Command("manager", "manager", "what only a manager may allow: release, paid, unpaid, keep"),
    _Command("pin", "pin", "the manager's PIN: set, change, reset"),
    _Command("printer", "printer", "the printer: list, status, test (a page with rulers)"),
    _Command("keys", "keys", "the gateways' keys: show, set, check, rotate, drop, confirm"),
    _Command("staff", "staff", "who works here: list, add, change, pin"),
    _Command("payments", "payments", "a day's payments and refunds, each with its time line, and what is left to do"),
    _Command("report", "report", "the shop's figures of some days, as words, JSON, CSV, XLSX or PDF"),
    _Command("reconcile", "report", "hold a gateway's statement file against the journal"),
    _Command(
        "shift", "shift", "the shift: x (look), open, close (Z), and its cash; exit 1 when figures and ledger differ"
    ),
    _Command("verify", "payments", "check the journal: chain, states against evidence, invariants"),
    _Command("doctor", "doctor", "check everything that is needed to sell; exit 1 when something is to be done"),
    _Command("backup", "backup", "copy the journal into one sealed file; also while the till is open"),
    _Command("restore", "backup", "put a backup in place of a lost journal, and ask what became of its payments"),
    _Command("update", "update", "check a release of the program and lay it ready to install"),
    _Command("guide", "guide", "the two pages for a new cashier, as a PDF"),
    _Command("scan", "scan", "what the decoders see in pictures or videos; codes are masked"),
    _Command("scanners", "scanners", "the cameras and scanners that are plugged in, as the settings call them"),
    _Command("sandbox", "sandbox", "run the built-in gateway and print how to reach it"),
    _Command("self-check", "self_check", "whether all that was installed works; exit 1 when something does not"),
    _Command("simulate", "simulate", "drive the real payment code through invented days full of faults"),
)
_DEFAULT = _COMMANDS[0]


class _UsageError(Exception):
    """The command line is not understood."""


class _Parser(argparse.ArgumentParser):
    """Raises what it does not understand, so that `--json` holds for that too."""

    def error(self, message: str) -> NoReturn:
        raise _UsageError(f"{self.format_usage()}{self.prog}: {message}")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    _leave_no_core()
    words = sys.argv[1:] if arguments is None else arguments
    say = Say(Settings(), as_json="--json" in words)
    try:
        options = _parser(words).parse_args(words)
        use_environment(_chosen_by(options))
        settings = load(home_folder())
        say = Say(settings, as_json=options.json)
        command: Callable[[argparse.Namespace, Settings, Say], int] = options.command
        return command(options, settings, say)
    except (_UsageError, SettingsError) as error:
        said = f"pos-app: {error}" if isinstance(error, SettingsError) else str(error)
        return say.not_understood(said)
    except KeyboardInterrupt:
        return say.refuse(Text("Đã dừng", "Stopped"), Text("Chưa gửi gì.", "Nothing was sent."), STOPPED)


def _chosen_by(options: argparse.Namespace) -> Environment | None:
    """The environment that the options name, None for what is set up."""
    if options.demo or getattr(options, "demo_url", None):
        return Environment.BUILT_IN
    return Environment.SANDBOX if options.sandbox else None


def _leave_no_core() -> None:
    """A core file would hold payment codes and keys. Windows writes none unless it was told to."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - Windows has none

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _parser(words: list[str]) -> _Parser:
    parser = _Parser(prog="pos-app", description="Scan-to-pay till for ZaloPay.")
    parser.add_argument("--version", action="version", version=f"pos-app {__version__}")
    try:
        "".join(words).encode()
    except UnicodeEncodeError:
        parser.error("an argument is not text")
    by_name = {command.name: command for command in _COMMANDS}
    called = next((by_name[word] for word in words if word in by_name), None)
    commands = parser.add_subparsers(metavar="COMMAND")
    if called is not None:  # then nobody looks at the others
        _fill(_added(commands, called), called)
        return parser
    for command in _COMMANDS:
        _added(commands, command)
    _fill(parser, _DEFAULT)
    return parser


def _added(commands: "argparse._SubParsersAction[_Parser]", command: _Command) -> _Parser:
    return commands.add_parser(command.name, help=command.about, description=command.about)


def _fill(parser: argparse.ArgumentParser, command: _Command) -> None:
    """Only what is called is imported."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    getattr(import_module(f"pos_app.cli.{command.module}"), f"add_{command.name.replace('-', '_')}")(parser)
    with suppress(argparse.ArgumentError):  # some have it, with more to say of it
        parser.add_argument("--demo", action="store_true", help="with the demo's data, although keys are there")
    parser.add_argument("--sandbox", action="store_true", help="with the keys and data of the gateways' test hosts")
