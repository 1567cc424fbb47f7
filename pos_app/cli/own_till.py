"""A till of the command's own, without a window and a camera, for as long as the command runs."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pos_app.cli.say import Say
from pos_app.gateway_access import sandbox_access
from pos_app.settings import Settings, data_folder
from pos_app.till import Till
from pos_app.words import Text


def add_gateway(parser: argparse.ArgumentParser) -> None:
    """The arguments that name the gateway of a till."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--demo", action="store_true", help="start the built-in gateway for this call")
    where.add_argument("--demo-url", metavar="URL", help="use a running `pos-app sandbox`")


def add_wait(parser: argparse.ArgumentParser, seconds: int) -> None:
    """The argument that says how long to wait."""
    said = f"how long to wait for a result, {seconds} by default; the asking goes on"
    parser.add_argument("--wait", type=float, default=seconds, metavar="SECONDS", help=said)


@contextmanager
def own_till(
    settings: Settings, options: argparse.Namespace, say: Say, post: Callable[[object], None]
) -> Iterator[Till]:
    """A till that was started; it is stopped at the end.

    Raises:
        NoSandboxError: no built-in gateway answers where the options say.
        JournalError: the journal cannot be used.
    """
    access = sandbox_access(options.demo_url) if options.demo_url else None
    say.progress(Text("Đang mở máy…", "Opening the till…"))
    till = Till(settings, data_folder(), post, access=access, camera=False)
    till.start()
    try:
        yield till
    finally:
        till.stop()
