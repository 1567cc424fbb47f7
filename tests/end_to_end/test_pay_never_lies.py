"""`pay` ends before the till has spoken: it must not say "nothing was sent" of what is on its way."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pos_app.cli import main
from pos_app.cli.say import DONE, NOT_KNOWN
from pos_app.cli.watch import Watch
from pos_app.sandbox.server import Sandbox


def _paying(tmp_path: Path, sandbox: Sandbox, *more: str) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "pos_app", "pay", "--json", "--demo-url", sandbox.url, "--amount", "50000", *more],
        env={**os.environ, "POS_APP_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def test_no_time_to_wait_tells_what_the_gateway_and_the_journal_say(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        code, told = _paying(tmp_path, sandbox, "--wait", "0")
        sent = len(sandbox.orders())
    assert told["exit_code"] == code
    assert code == (11 if sent else 12) or (code, sent) == (0, 1)


@pytest.mark.parametrize("where", ["before the first word", "in the first word", "at the end"])
def test_ctrl_c_at_any_moment_after_the_charge_began_never_says_nothing_was_sent(
    tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The signal comes exactly there; the charge is given the time to be sent meanwhile."""
    struck: list[str] = []

    def strike() -> None:
        if not struck:
            struck.append(where)
            time.sleep(1)  # by now the charge has been sent
            signal.raise_signal(signal.SIGINT)

    def at(name: str, *, after: bool) -> None:
        real = getattr(Watch, name)

        def method(self: Any, *arguments: Any) -> Any:
            if not after:
                strike()
            done = real(self, *arguments)
            if after:
                strike()
            return done

        monkeypatch.setattr(Watch, name, method)

    points = {"before the first word": ("until_known", False), "in the first word": ("_note", False)}
    name, after = points.get(where, ("_end", True))
    at(name, after=after)
    monkeypatch.setenv("POS_APP_HOME", str(tmp_path))
    with Sandbox() as sandbox:
        code = main(["pay", "--demo-url", sandbox.url, "--amount", "50000"])
        assert len(sandbox.orders()) == 1
    out, err = capfd.readouterr()
    assert struck
    assert code in (DONE, NOT_KNOWN)
    assert "Chưa gửi gì" not in out + err
    assert len(re.findall(r"mã đơn", out)) == 1  # said once
