"""A scanner's keys through a real X server into a real Qt window: the field stays empty, the scan comes whole."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.skipif(not (which("Xvfb") and which("xdotool")), reason="needs Xvfb and xdotool"),
]

CODE = "281234567890123456"

PROGRAM = """
import json, sys
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pos_app.ui.scan_filter import ScanFilter

application = QApplication(sys.argv)
scan_filter = ScanFilter(application)
window = QWidget()
field, button = QLineEdit(), QPushButton("confirm")
layout = QVBoxLayout(window)
layout.addWidget(field)
layout.addWidget(button)
told = {"scans": [], "entered": 0, "clicked": 0, "help": 0, "shortcut": 0, "asked": 0}

def tell():
    told.update(text=field.text(), undo=field.isUndoAvailable(), focus=field.hasFocus())
    print(json.dumps(told), flush=True)

def count(name):
    told[name] += 1
    tell()

scan_filter.scanned.connect(lambda scan: (told["scans"].append([len(scan.text), scan.text[-4:], scan.source]), tell()))
field.returnPressed.connect(lambda: count("entered"))
field.textChanged.connect(lambda: tell())
button.clicked.connect(lambda: count("clicked"))
QShortcut(QKeySequence("F1"), window, lambda: count("help"))
QShortcut(QKeySequence("F12"), window, lambda: count("asked"))
if "--enter-is-a-shortcut" in sys.argv:
    QShortcut(QKeySequence("Return"), window, lambda: count("shortcut"))
window.show()
field.setFocus()
application.focusWindowChanged.connect(lambda _: tell())
tell()
application.exec()
"""


class Screen:
    """A running window, and the keyboard before it."""

    def __init__(self, display: str, log: Path, *arguments: str, program: str = PROGRAM) -> None:
        self._environment = {
            **os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": os.pathsep.join(sys.path),
        }  # fmt: skip
        self._log, self._asked = log, 0
        with log.open("wb") as output:
            self.program = subprocess.Popen(
                [sys.executable, "-c", program, *arguments], stdout=output, env=self._environment
            )
        window = ""
        deadline = time.monotonic() + 60
        while not window and time.monotonic() < deadline:
            found = subprocess.run(
                ["xdotool", "search", "--onlyvisible", "--pid", str(self.program.pid)],
                env=self._environment, capture_output=True, check=False,
            )  # fmt: skip
            window = (found.stdout.decode().split() or [""])[-1]
            time.sleep(0.05)
        self.xdotool("windowfocus", "--sync", window)
        time.sleep(0.3)

    def run(self, *command: str) -> None:
        subprocess.run(command, env=self._environment, check=True)

    def xdotool(self, *arguments: str) -> None:
        self.run("xdotool", *arguments)

    def scan(self, code: str = CODE, *, end: str = "Return") -> None:
        # One process and all keys at once, so that a busy machine puts no gap between them that no scanner would.
        self.xdotool("type", "--delay", "0", "--args", "1", code, *(["key", "--delay", "0", end] if end else []))

    def told(self) -> dict[str, object]:
        """What it holds when it has come to the end of all that was typed."""
        time.sleep(0.4)  # no key of a burst any more
        self._asked += 1
        self.xdotool("key", "F12")
        deadline = time.monotonic() + 60
        while (last := dict(json.loads(self._log.read_text().splitlines()[-1]))).pop("asked") < self._asked:
            assert time.monotonic() < deadline, last
            time.sleep(0.02)
        return last


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "800x600x24", "-noreset", "-nolisten", "tcp"],
        pass_fds=[write_end], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write_end)
    with os.fdopen(read_end) as numbers:
        yield f":{numbers.readline().strip()}"
    server.terminate()
    server.wait()


@contextlib.contextmanager
def shown(display: str, folder: Path, *arguments: str, program: str = PROGRAM) -> Iterator[Screen]:
    screen = Screen(display, folder / "told", *arguments, program=program)
    try:
        yield screen
    finally:
        screen.program.terminate()
        screen.program.wait()


def test_scans_and_typing_with_the_focus_in_a_field(display: str, tmp_path: Path) -> None:
    with shown(display, tmp_path) as screen:
        screen.scan()
        screen.scan(CODE[::-1], end="Tab")
        screen.scan("998877665544332211", end="")
        told = screen.told()
        assert told["scans"] == [[18, CODE[-4:], "scanner"], [18, CODE[:4][::-1], "scanner"], [18, "2211", "scanner"]]
        assert (told["text"], told["undo"], told["entered"], told["focus"]) == ("", False, 0, True)

        screen.xdotool("type", "--delay", "120", "150000")
        screen.xdotool("key", "--delay", "120", "BackSpace", "F1")
        told = screen.told()
        assert (told["text"], told["help"], told["entered"]) == ("15000", 1, 0)

        screen.scan()
        told = screen.told()
        assert (told["text"], told["entered"]) == ("15000", 0), "the amount stays as it was typed, and unconfirmed"
        assert len(told["scans"]) == 4  # type: ignore[arg-type]

        time.sleep(0.4)
        screen.xdotool("key", "Return")
        assert screen.told()["entered"] == 1

        screen.xdotool("key", "--delay", "120", "Tab", "space")
        told = screen.told()
        assert (told["focus"], told["clicked"], len(told["scans"])) == (False, 1, 4)  # type: ignore[arg-type]

        screen.scan()
        told = screen.told()
        assert (told["text"], told["clicked"], len(told["scans"])) == ("15000", 1, 5)  # type: ignore[arg-type]


def test_a_key_held_down_is_typing(display: str, tmp_path: Path) -> None:
    with shown(display, tmp_path) as screen:
        screen.xdotool("keydown", "5")
        time.sleep(1.5)
        screen.xdotool("keyup", "5")
        told = screen.told()

        assert told["scans"] == []
        assert set(str(told["text"])) == {"5"}
        assert len(str(told["text"])) > 10, "the control: X repeats the key"


def test_no_shortcut_on_enter_takes_the_scanners_enter(display: str, tmp_path: Path) -> None:
    with shown(display, tmp_path, "--enter-is-a-shortcut") as screen:
        screen.scan()
        told = screen.told()
        assert (told["scans"], told["shortcut"], told["text"]) == ([[18, CODE[-4:], "scanner"]], 0, "")

        time.sleep(0.4)
        screen.xdotool("type", "--delay", "120", "12")
        screen.xdotool("key", "Return")
        told = screen.told()
        assert (told["shortcut"], told["text"]) == (1, "12")


def test_the_filter_does_not_pull_in_the_camera_before_the_window_is_shown() -> None:
    program = "import sys, pos_app.ui.scan_filter; print([name for name in ('cv2', 'numpy') if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True)

    assert result.stdout.decode().strip() == "[]"


ROW = [str(code) for code in range(10, 20)]
"""X's numbers for the keys "1" to "9" and "0" of the number row, as a scanner presses them in any layout."""


def keys_of(code: str) -> list[str]:
    return [ROW["1234567890".index(digit)] for digit in code]


@pytest.mark.skipif(which("setxkbmap") is None, reason="setxkbmap changes the layout")
def test_a_scanner_presses_the_same_keys_in_every_layout(display: str, tmp_path: Path) -> None:
    with shown(display, tmp_path) as screen:
        try:
            for number, layout in enumerate(("fr", "vn", "us -variant dvp"), start=1):
                screen.run("setxkbmap", *layout.split())
                screen.xdotool("key", "--delay", "0", *keys_of(CODE), "Return")
                told = screen.told()
                assert (told["scans"], told["text"], told["entered"]) == ([[18, CODE[-4:], "scanner"]] * number, "", 0)
        finally:
            screen.run("setxkbmap", "us")


def test_caps_lock_turns_no_letter_of_a_scan(display: str, tmp_path: Path) -> None:
    with shown(display, tmp_path) as screen:
        screen.xdotool("key", "Caps_Lock")
        try:
            screen.scan("12345678901234Ab")
            told = screen.told()
            screen.xdotool("type", "--delay", "120", "ab")
            typed = screen.told()
        finally:
            screen.xdotool("key", "Caps_Lock")
        assert (told["scans"], told["text"]) == ([[16, "34Ab", "scanner"]], "")
        assert typed["text"] == "AB", "the control: caps lock is on, and a person's letters are large"
