"""Scanners with a line of their own: a pseudo terminal in place of a serial port, a pipe in place of a keyboard."""

import errno
import os
import struct
import sys
import termios
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from serial.tools import list_ports

from pos_app.scanning.exclusive import exclusive_scanner, keyboards
from pos_app.scanning.hand_held import LENGTH_MAX, QUIET_S, Framing, HandHeld
from pos_app.scanning.serial import serial_scanner
from pos_app.scanning.source import SourceHealth, SourceState, bare
from pos_app.scanning.trouble import NO_EXCLUSIVE, SCANNER_BROKE, SCANNER_GONE, SCANNER_TAKEN, WELL, scanner_trouble

CODE = "281234567890123456"
OTHER = "289876543210987654"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals and pipes with a name")


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Listening:
    """A scanner that is read, and what it told."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.healths: list[SourceHealth] = []
        self.threads: set[str] = set()
        self.scanner: HandHeld

    def code(self, code: str, at_ns: int) -> None:
        assert at_ns <= time.monotonic_ns()
        self.threads.add(threading.current_thread().name)
        self.codes.append(code)

    def states(self) -> list[SourceState]:
        return [health.state for health in self.healths]


class Port:
    """A serial port that a scanner is plugged into, and out of."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self.plug_in()

    def plug_in(self) -> None:
        self._scanner, self._port = os.openpty()
        tty.setraw(self._port)
        self.link.symlink_to(os.ttyname(self._port))

    def unplug(self) -> None:
        self.link.unlink()
        os.close(self._port)
        os.close(self._scanner)

    def send(self, data: bytes) -> None:
        os.write(self._scanner, data)


def test_a_serial_scanner_read_whole_unplugged_and_back(tmp_path: Path) -> None:
    port, told = Port(tmp_path / "scanner"), Listening()
    scanner = serial_scanner(str(port.link), 9600, on_code=told.code, on_health=told.healths.append)
    scanner.start()
    try:
        until(lambda: told.states() == [SourceState.RUNNING])
        port.send(CODE[:7].encode())
        port.send(CODE[7:].encode() + b"\r\n")
        until(lambda: told.codes == [CODE])
        port.send(b"\x02" + OTHER.encode() + b"\x03")
        until(lambda: told.codes == [CODE, OTHER])
        port.send(CODE.encode())  # and no end: silence is one
        until(lambda: told.codes == [CODE, OTHER, CODE])

        port.unplug()
        until(lambda: told.states()[-1] is SourceState.TROUBLE)
        assert told.healths[-1].trouble == SCANNER_GONE
        port.plug_in()
        until(lambda: told.states()[-1] is SourceState.RUNNING)
        assert scanner.health().trouble == WELL
        port.send(OTHER.encode() + b"\t")
        until(lambda: told.codes == [CODE, OTHER, CODE, OTHER])
    finally:
        scanner.stop()
        port.unplug()
    assert told.threads == {"scanner"}
    assert scanner.health().state is SourceState.STOPPED


def test_a_fault_that_nobody_foresaw_is_said_and_the_scanner_is_read_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    port, told = Port(tmp_path / "scanner"), Listening()

    def listen(code: str, at_ns: int) -> None:
        if code == CODE:
            raise RuntimeError(code)
        told.code(code, at_ns)

    scanner = serial_scanner(str(port.link), 9600, on_code=listen, on_health=told.healths.append)
    scanner.start()
    until(lambda: told.states() == [SourceState.RUNNING])
    port.send(f"{CODE}\r".encode())
    until(lambda: told.states() == [SourceState.RUNNING, SourceState.TROUBLE, SourceState.RUNNING])
    port.send(f"{OTHER}\r".encode())
    until(lambda: told.codes == [OTHER])
    scanner.stop()
    port.unplug()
    assert told.healths[1].trouble == SCANNER_BROKE
    assert "RuntimeError" in caplog.text
    assert CODE not in caplog.text


def test_a_scanner_that_is_not_there_says_so(tmp_path: Path) -> None:
    told = Listening()
    for scanner in (
        serial_scanner(str(tmp_path / "none"), 9600, on_code=told.code, on_health=told.healths.append),
        exclusive_scanner(str(tmp_path / "none"), on_code=told.code, on_health=told.healths.append),
    ):
        told.healths.clear()
        scanner.start()
        until(lambda: bool(told.healths))
        scanner.stop()
        assert [health.trouble for health in told.healths] == [SCANNER_GONE]


def test_a_device_of_which_the_system_tells_nothing_is_told_and_looked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a name that no file can have nor a sandbox that hides `/dev` ends the scanner's thread."""
    told = Listening()
    scanner = serial_scanner(str(tmp_path / ("x" * 300)), 9600, on_code=told.code, on_health=told.healths.append)
    scanner.start()
    until(lambda: bool(told.healths))
    scanner.stop()
    assert [health.trouble for health in told.healths] == [SCANNER_GONE]

    def hidden(_path: Path) -> bool:
        raise PermissionError

    monkeypatch.setattr(Path, "exists", hidden)
    assert scanner_trouble(str(tmp_path / "scanner")).what.en == "not allowed"


def test_a_port_that_goes_away_while_it_is_set_is_told_and_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the system says then is no `OSError`, and no port can be made to say it at will."""
    port, told, real = Port(tmp_path / "scanner"), Listening(), termios.tcflush
    failures = [termios.error(errno.EIO, "Input/output error")]

    def flush(*arguments: Any) -> None:
        if failures:
            raise failures.pop()
        real(*arguments)

    monkeypatch.setattr(termios, "tcflush", flush)
    scanner = serial_scanner(str(port.link), 9600, on_code=told.code, on_health=told.healths.append)
    scanner.start()
    try:
        until(lambda: told.states() == [SourceState.TROUBLE, SourceState.RUNNING])
        assert told.healths[0].trouble.what.vi
        assert told.healths[0].trouble.remedy.en
        port.send(CODE.encode() + b"\r")
        until(lambda: told.codes == [CODE])
    finally:
        scanner.stop()
        port.unplug()


def test_where_no_keyboard_can_be_read_alone_that_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(os, "O_NONBLOCK")
    told = Listening()
    scanner = exclusive_scanner(str(tmp_path), on_code=told.code, on_health=told.healths.append)
    scanner.start()
    try:
        until(lambda: bool(told.healths))
    finally:
        scanner.stop()
    assert [health.trouble for health in told.healths] == [NO_EXCLUSIVE]


def test_on_windows_a_port_that_is_there_is_in_use_and_another_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(list_ports, "comports", lambda: [SimpleNamespace(device="COM3")])

    assert scanner_trouble("com3") == SCANNER_TAKEN
    assert scanner_trouble("COM4") == SCANNER_GONE


EVENT = struct.Struct("llHHi")
KEYS = {key: 2 + place for place, key in enumerate("1234567890")} | {"a": 30, "\n": 28, "SHIFT": 42, "-": 12}


def pressed(text: str) -> bytes:
    """A recording of a scanner's keys, as the system's device gives them."""
    events = b""
    for key in text:
        shift = key.isupper()
        number = KEYS[key.lower()]
        for code, value in ([(42, 1)] if shift else []) + [(number, 1), (number, 0)] + ([(42, 0)] if shift else []):
            events += EVENT.pack(1, 2, 4, 4, code) + EVENT.pack(1, 2, 1, code, value) + EVENT.pack(1, 2, 0, 0, 0)
    return events


def test_a_keyboard_read_alone_gives_its_codes_and_comes_back(tmp_path: Path) -> None:
    device, told = tmp_path / "event-kbd", Listening()
    os.mkfifo(device)
    scanner = exclusive_scanner(str(device), on_code=told.code, on_health=told.healths.append)
    scanner.start()
    until(lambda: told.states() == [SourceState.RUNNING])
    with device.open("wb", buffering=0) as keys:
        keys.write(pressed(CODE) + pressed("\n"))  # in one go: after a silence it would be two codes
        until(lambda: told.codes == [CODE])
        keys.write(pressed("Aa-1\n"))
        until(lambda: told.codes == [CODE, "Aa-1"])
        keys.write(pressed("123") + EVENT.pack(1, 2, 0, 3, 0) + pressed(OTHER + "\n"))  # the system lost keys
        until(lambda: told.codes == [CODE, "Aa-1", OTHER])
    until(lambda: told.states() == [SourceState.RUNNING, SourceState.TROUBLE, SourceState.RUNNING])
    with device.open("wb", buffering=0) as keys:
        keys.write(pressed(CODE))
        until(lambda: told.codes[-1] == CODE)
        scanner.stop()


def test_keyboards_are_listed_by_what_stays_theirs(tmp_path: Path) -> None:
    for name in ("usb-Newland_HR11-event-kbd", "usb-Logitech_Mouse-event-mouse"):
        (tmp_path / name).touch()
    assert keyboards(tmp_path) == [(str(tmp_path / "usb-Newland_HR11-event-kbd"), "Newland HR11")]
    assert keyboards(tmp_path / "none") == []


@pytest.mark.parametrize(
    ("arrived", "codes", "after_silence"),
    [
        (["12", "34\r"], ["1234"], []),
        (["12\r\n34\t"], ["12", "34"], []),
        (["\x0212\x03"], ["12"], []),
        (["12"], [], ["12"]),
        (["\r\n\r\n"], [], []),
        (["9" * (LENGTH_MAX + 1), "12\r"], ["12"], []),
        (["1\0", "\0002\r"], ["12"], []),
    ],
)
def test_codes_are_cut_at_their_ends(arrived: list[str], codes: list[str], after_silence: list[str]) -> None:
    framing = Framing()
    assert [code for part in arrived for code in framing.feed(part)] == codes
    assert framing.silence() == after_silence
    assert framing.silence() == []
    assert QUIET_S < 0.1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (CODE, CODE), (f"]C1{CODE}", CODE), (f"]Q1{CODE}", CODE), (f"]c1{CODE}", CODE), (f"A+{CODE}", CODE),
        (f"A+]Q1{CODE}##", CODE), (f"]Q1A+{CODE}##", CODE), ("", ""), ("A+##", ""),
    ],
)  # fmt: skip
def test_what_a_scanner_sends_around_a_code_is_taken_away(text: str, code: str) -> None:
    assert bare(text, prefix="A+", suffix="##") == code
