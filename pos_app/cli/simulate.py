"""`pos-app simulate`: the real payment code, driven through invented days full of faults."""

import argparse

from pos_app.cli.say import DONE, FOUND_WRONG, Say
from pos_app.settings import Settings
from pos_app.simulation.run import simulate
from pos_app.words import Text

PAYMENTS = 10_000


def add_simulate(parser: argparse.ArgumentParser) -> None:
    """The arguments of `simulate`."""
    parser.add_argument("--payments", type=_count, default=PAYMENTS, metavar="N", help=f"{PAYMENTS} by default")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="one integer replays it all; 1 by default")
    parser.add_argument(
        "--workers", type=_count, default=1, metavar="W", help="processes beside each other; 1 by default"
    )
    parser.set_defaults(command=_simulate)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _simulate(options: argparse.Namespace, _settings: Settings, say: Say) -> int:
    say.progress(
        Text("Mô phỏng {n} giao dịch, seed {seed}…", "Simulating {n} payments, seed {seed}…").fill(
            n=options.payments, seed=options.seed
        )
    )
    report = simulate(options.payments, options.seed, workers=options.workers, progress=say.count)
    say.result({**report.json(), "exit_code": FOUND_WRONG if report.violations else DONE})
    for line in report.lines():
        say.line(line)
    return FOUND_WRONG if report.violations else DONE
