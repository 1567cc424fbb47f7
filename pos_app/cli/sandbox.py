"""`pos-app sandbox`: the built-in gateway on its own."""

import argparse
import json
import time

from pos_app.cli.say import DONE, Say
from pos_app.sandbox.server import Sandbox
from pos_app.settings import Settings
from pos_app.words import Text


def add_sandbox(parser: argparse.ArgumentParser) -> None:
    """The arguments of `sandbox`."""
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--no-tls", action="store_true", help="plain HTTP instead of HTTPS")
    parser.add_argument("--lan", action="store_true", help="let phones on this network open the demo wallet")
    parser.set_defaults(command=_sandbox)


def _sandbox(options: argparse.Namespace, _settings: Settings, say: Say) -> int:
    try:
        started = Sandbox(options.port, tls=not options.no_tls, lan=options.lan).start()
    except (OSError, OverflowError):
        return say.refuse(
            Text("Cổng {port} đang bận", "Port {port} is taken").fill(port=options.port),
            Text("Chọn cổng khác.", "Choose another one."),
        )
    try:
        print(json.dumps(started.credentials()), flush=True)
        say.progress(Text("Ctrl-C để dừng.", "Ctrl-C stops it."))
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return DONE
    finally:
        started.stop()
