"""A till of the command's own, without a window and a camera, for as long as the command runs."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypedDict

from pos_app.cli.hidden import Hidden
from pos_app.cli.say import Say
from pos_app.gateway_access import GatewayAccess, open_keys, sandbox_access
from pos_app.keys.errors import NoKeysError
from pos_app.keys.keystore import Keystore, SealedBy
from pos_app.keys.start import what_to_start
from pos_app.payments.environment import Environment
from pos_app.settings import Settings, data_folder
from pos_app.till import Till
from pos_app.words import Text

KEYS_PASSPHRASE = Text("Mật khẩu của khóa", "Passphrase of the keys")


def add_gateway(parser: argparse.ArgumentParser) -> None:
    """The arguments that name the gateway of a till."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--demo", action="store_true", help="start the built-in gateway for this call")
    where.add_argument("--demo-url", metavar="URL", help="use a running `pos-app sandbox`")
    add_keys_stdin(parser)


def add_keys_stdin(parser: argparse.ArgumentParser) -> None:
    """The argument for keys that are sealed with a passphrase."""
    said = "read the passphrase of the keys from standard input, before all else, where they have one"
    parser.add_argument("--keys-stdin", action="store_true", help=said)


class Gateway(TypedDict, total=False):
    """What `Till` is told of its gateways."""

    access: GatewayAccess
    keystore: Keystore


def passphrase_of(options: argparse.Namespace, say: Say) -> str:
    """The passphrase of the keys, typed or from standard input.

    Raises:
        NotTypedError: none came.
    """
    return Hidden(say, option="--keys-stdin", from_stdin=options.keys_stdin).get(KEYS_PASSPHRASE)


def gateway_of(options: argparse.Namespace, passphrase: Callable[[], str]) -> Gateway:
    """The gateways that a command's till talks to: what the options name, else what keys were entered for.

    Args:
        options: of the command.
        passphrase: gives that of the keys, asked for only where they have one; "" for not yet.

    Raises:
        NoGatewayError: it is not there, or the keys do not open.
        NotTypedError: the keys are sealed with a passphrase, and none came.
    """
    if options.demo_url:
        return {"access": sandbox_access(options.demo_url)}
    start = what_to_start()
    if not start.set_up:
        if start.environment is not Environment.BUILT_IN:
            raise NoKeysError
        return {}
    keyed = open_keys(start.folder, passphrase() if start.sealed_by is SealedBy.PASSPHRASE else "")
    return {"access": keyed.access, "keystore": keyed.keystore}


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
        NoGatewayError: no built-in gateway answers where the options say.
        JournalError: the journal cannot be used.
    """
    gateway = gateway_of(options, lambda: passphrase_of(options, say))
    say.progress(Text("Đang mở máy…", "Opening the till…"))
    till = Till(settings, data_folder(), post, **gateway, camera=False)
    till.start()
    try:
        yield till
    finally:
        till.stop()
