"""The real program in an empty home, in a real window: to its first payment with three keys; then its settings."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pos_app.door import NobodyHomeError, ask
from tests.end_to_end.test_window import Window, display

__all__ = ["display"]

pytestmark = [pytest.mark.xvfb, pytest.mark.timeout(180)]


def focused(program: "subprocess.Popen[bytes]", environment: dict[str, str], but: str = "") -> str:
    """Give the program's window the keys, once it is there."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert program.poll() is None
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--pid", str(program.pid)],
            capture_output=True, text=True, check=False, env=environment,
        ).stdout.split()  # fmt: skip
        if found and found[-1] != but:
            done = subprocess.run(["xdotool", "windowfocus", "--sync", found[-1]], check=False, env=environment)
            if done.returncode == 0:
                return found[-1]
        time.sleep(0.2)
    raise AssertionError("no window")


def until(home: Path, *, opened: bool) -> None:
    """Wait until a till is open there, or none is any more."""
    deadline = time.monotonic() + 60
    while opened is not is_open(home):
        assert time.monotonic() < deadline, f"opened is not {opened}"
        time.sleep(0.2)


def until_charged(window: Window, payments: int) -> None:
    deadline = time.monotonic() + 60
    while len(window.payments()) < payments:
        assert time.monotonic() < deadline, "nothing was charged"
        time.sleep(0.2)


def is_open(home: Path) -> bool:
    try:
        ask(home, "payments", day="")
    except NobodyHomeError:
        return False
    return True


def test_an_empty_home_comes_to_its_first_payment(display: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    environment = {**os.environ, "DISPLAY": display, "POS_APP_HOME": str(home), "QT_QPA_PLATFORM": "xcb"}
    with (tmp_path / "output.log").open("w+", encoding="utf-8") as log:
        program = subprocess.Popen([sys.executable, "-m", "pos_app"], env=environment, stdout=log, stderr=log)
        try:
            window = Window(display, home, program)
            first = focused(program, environment)
            deadline = time.monotonic() + 90
            while not home.exists() or not list(home.glob("journal.*")):
                assert time.monotonic() < deadline, "the demo does not open"
                window.keys("1")
                time.sleep(1)
            till = focused(program, environment, but=first)
            until(home, opened=True)
            window.keys("Escape")  # the key of the choice may have come twice
            window.amount("50000")
            window.keys("F8")
            assert window.until_paid()["amount"] == 50_000
            assert window.turns_green()
            window.keys("F1", "F8")  # the settings: the till closes for them
            until(home, opened=False)
            settings = focused(program, environment, but=till)
            window.keys("F10")
            until(home, opened=True)  # and opens again
            focused(program, environment, but=settings)
            assert (home / "settings.toml").is_file()
            window.amount("123000")  # typed into the second window of this program
            window.keys("F8")
            until_charged(window, 2)
            assert {one["amount"] for one in window.payments()} == {50_000, 123_000}
        finally:
            program.send_signal(signal.SIGTERM)
            try:
                program.wait(60)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()
