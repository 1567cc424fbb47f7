"""The commands as processes of their own, beside one running built-in gateway."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pos_app.sandbox.server import Sandbox
from tests.end_to_end.world import leaks
from tests.warm import Warm


def begin(home: Path, *arguments: str) -> subprocess.Popen[str]:
    """A command on the data in `home`, with pipes to all it says."""
    return Warm(
        "pos_app",
        *arguments,
        env={**os.environ, "POS_APP_HOME": str(home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def end(started: subprocess.Popen[str], given: str = "") -> tuple[int, str, str]:
    """Its exit code, and what it said on each of its streams."""
    with started:
        out, err = started.communicate(given, timeout=100)
    return started.returncode, out, err


def run(home: Path, *arguments: str) -> tuple[int, str, str]:
    """As `begin` and `end`."""
    return end(begin(home, *arguments))


@dataclass
class Shop:
    """A data folder, a running built-in gateway, and all that was ever printed."""

    home: Path
    sandbox: Sandbox
    printed: list[str] = field(default_factory=list)

    def begin(self, *arguments: str, home: Path | None = None) -> subprocess.Popen[str]:
        return begin(home or self.home, *arguments)

    def end(self, started: subprocess.Popen[str], given: str = "") -> tuple[int, str, str]:
        code, out, err = end(started, given)
        self.printed += [out, err]
        return code, out, err

    def run(self, *arguments: str, given: str = "", home: Path | None = None) -> tuple[int, str, str]:
        return self.end(self.begin(*arguments, home=home), given)

    def json(self, *arguments: str, given: str = "", home: Path | None = None) -> tuple[int, dict[str, Any]]:
        code, out, err = self.run(*arguments, "--json", given=given, home=home)
        assert "Traceback" not in err
        told = json.loads(out)
        assert isinstance(told, dict)
        return code, told

    def refunds_at_the_gateway(self, order_id: str) -> list[tuple[int, str]]:
        """Each refund of an order by the gateway's own record: dong, state."""
        refunds = next(one["refunds"] for one in self.sandbox.orders() if one["app_trans_id"] == order_id)
        assert isinstance(refunds, list)
        return [(one["amount"], one["state"]) for one in refunds]


@contextmanager
def open_shop(home: Path) -> Iterator[Shop]:
    with Sandbox() as sandbox:
        made = Shop(home, sandbox)
        yield made
    # The built-in gateway's own words are its to say; nothing else that was ever printed or kept holds a code or a key.
    ours = [text for text in made.printed if sandbox.key1 not in text or '"ca_pem"' not in text]
    assert leaks([sandbox.key1], made.home, *ours) == []


def type_line(started: subprocess.Popen[str], line: str) -> None:
    """Give it a line on standard input; the input stays open."""
    assert started.stdin
    started.stdin.write(f"{line}\n")
    started.stdin.flush()


def wait_for(started: subprocess.Popen[str], words: str) -> None:
    """Read what it says of its progress until the words are there."""
    assert started.stderr
    for line in started.stderr:
        if words in line:
            return
    raise AssertionError(f"it never said {words!r}")
