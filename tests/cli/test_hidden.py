"""PINs and passphrases are typed without an echo, and never where they would be seen."""

import os
import sys
import time

import pytest

pytest.importorskip("pty", reason="there are no such terminals here")

import pty

ASKS = """
from pos_app.cli.hidden import Hidden, NotTypedError
from pos_app.cli.say import Say
from pos_app.settings import Settings
from pos_app.words import Text
hidden = Hidden(Say(Settings(), as_json=False), option="--pin-stdin", from_stdin=False)
try:
    print("right" if hidden.get_new(Text("PIN quản lý", "Manager's PIN")) == "582931" else "wrong", flush=True)
except NotTypedError as error:
    print(error.title.en, "/", error.advice.en, flush=True)
"""


def talk(*lines: str) -> str:
    """All that is seen on a terminal on which the lines are typed, each when it is asked for."""
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover - the other process
        os.execv(sys.executable, [sys.executable, "-c", ASKS])
    seen, asked = b"", 0
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            seen += os.read(terminal, 4096)
        except OSError:  # the other process has ended
            break
        if seen.count(b": ") > asked and asked < len(lines):
            time.sleep(0.1)  # the echo is off by now
            os.write(terminal, lines[asked].encode() + b"\n")
            asked += 1
    os.waitpid(pid, 0)
    os.close(terminal)
    return seen.decode()


def test_typed_twice_and_not_seen() -> None:
    seen = talk("582931", "582931")
    assert "PIN quản lý: " in seen
    assert "lần nữa" in seen
    assert "right" in seen
    assert "582931" not in seen


def test_typed_differently_or_not_at_all() -> None:
    assert "It was typed differently the second time" in talk("582931", "582930")
    assert "Nothing was typed" in talk("", "")


def test_without_a_terminal_it_is_refused_not_shown() -> None:
    import subprocess  # noqa: PLC0415 - only here

    done = subprocess.run(
        [sys.executable, "-c", ASKS], input="582931\n", capture_output=True, text=True, timeout=30, check=True,
        start_new_session=True,
    )  # fmt: skip
    assert "Nothing was typed / Where there is no keyboard, use --pin-stdin." in done.stdout
    assert "582931" not in done.stdout + done.stderr
