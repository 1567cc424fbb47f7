"""`pay` ends before the till has spoken: it must not say "nothing was sent" of what is on its way."""

import json
import re
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from pos_app.cli import main
from pos_app.cli.say import DONE, NOT_KNOWN
from pos_app.cli.watch import Watch
from pos_app.sandbox.server import Sandbox
from tests.end_to_end.programs import run


def _paying(tmp_path: Path, sandbox: Sandbox, *more: str) -> tuple[int, dict[str, Any]]:
    code, out, err = run(tmp_path, "pay", "--json", "--demo-url", sandbox.url, "--amount", "50000", *more)
    assert "Traceback" not in err
    return code, json.loads(out)


def test_no_time_to_wait_tells_what_the_gateway_and_the_journal_say(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        code, told = _paying(tmp_path, sandbox, "--wait", "0")
        sent = len(sandbox.orders())
    assert told["exit_code"] == code
    # Between the durable "sending" and the first byte nothing left, and nobody can know that any more: 11 is true then.
    assert code in (11, 12 if sent == 0 else 0)


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
