"""Printers at other wires: a serial line (a pseudo terminal), a device, a pipe, a plain file. The same bytes."""

import contextlib
import os
import select
import threading
from pathlib import Path

import pytest

from pos_app.receipts.content import slip_blocks
from pos_app.receipts.layout import ROLL_58, ROLL_80, lay_out
from pos_app.receipts.printers.escpos import EscPosPrinter
from pos_app.receipts.printers.printer import Outcome, PrinterError, PrinterState
from pos_app.receipts.printers.wires import DeviceWire, SerialWire, Wire
from pos_app.receipts.raster import raster
from pos_app.words import Language
from tests.receipts.network_printer import COVER_OPEN, OFFLINE, PAPER_GONE, READY, PrintHead, TerminalPrinterPeer
from tests.receipts.slips import LONG, PAID, paper_of

SLIP = paper_of(PAID)
AT_A_TERMINAL = pytest.mark.parametrize("wire", [lambda it: SerialWire(it, 115200), DeviceWire], ids=["serial", "usb"])


def dots(width: int) -> bytes:
    paper = ROLL_58 if width == ROLL_58.width else ROLL_80
    return raster(lay_out(slip_blocks(PAID, Language.VI), paper)).tobytes()


@AT_A_TERMINAL
def test_a_slip_arrives_and_is_confirmed(wire: type[DeviceWire]) -> None:
    with TerminalPrinterPeer() as peer:
        printer = EscPosPrinter(wire(peer.device), paper=ROLL_58)
        assert printer.status().state is PrinterState.READY
        assert printer.print(SLIP) is Outcome.PRINTED
        assert printer.name == peer.device
    assert peer.paper.picture.tobytes() == dots(384)
    assert peer.paper.happened[-1] == "cut 66 0"


@AT_A_TERMINAL
def test_trouble_is_told_before_anything_is_sent(wire: type[DeviceWire]) -> None:
    with TerminalPrinterPeer((OFFLINE, COVER_OPEN, READY)) as peer:
        printer = EscPosPrinter(wire(peer.device))
        assert printer.status().cause.en == "Cover open"
        with pytest.raises(PrinterError) as raised:
            printer.print(SLIP)
    assert not raised.value.begun
    assert peer.paper.happened == []


@AT_A_TERMINAL
def test_paper_that_ends_is_told(wire: type[DeviceWire]) -> None:
    with TerminalPrinterPeer(answers_after=(OFFLINE, READY, PAPER_GONE)) as peer, pytest.raises(PrinterError) as raised:
        EscPosPrinter(wire(peer.device)).print(SLIP)
    assert raised.value.cause.en == "Out of paper"
    assert raised.value.begun


@AT_A_TERMINAL
def test_a_printer_that_takes_nothing_is_told(wire: type[DeviceWire]) -> None:
    ours, theirs = os.openpty()  # nobody reads
    try:
        with pytest.raises(PrinterError) as raised:
            EscPosPrinter(wire(os.ttyname(theirs)), timeout_seconds=0.3).print(paper_of(LONG))
    finally:
        os.close(theirs)
        os.close(ours)
    assert raised.value.cause.en == "Printer takes no data"
    assert raised.value.begun


@pytest.mark.parametrize("wire", [SerialWire("/dev/ttyUSB77"), DeviceWire("/dev/usb/lp77"), DeviceWire("\0")])
def test_a_device_that_is_not_there_is_told(wire: Wire) -> None:
    printer = EscPosPrinter(wire)
    status = printer.status()
    with pytest.raises(PrinterError) as raised:
        printer.print(SLIP)
    assert status.cause.en == raised.value.cause.en == "Printer not found"
    assert "cable" in raised.value.remedy.en
    assert not raised.value.begun


def test_a_device_that_may_not_be_used_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")  # root may open everything: the system has to say it

    device = tmp_path / "lp0"
    device.touch()
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PrinterError) as raised:
        EscPosPrinter(DeviceWire(str(device))).print(SLIP)
    assert raised.value.cause.en == "Not allowed to use the printer"
    assert str(device) in raised.value.remedy.vi


def test_slips_are_added_to_a_plain_file(tmp_path: Path) -> None:
    path = tmp_path / "out.bin"
    with pytest.raises(PrinterError):
        EscPosPrinter(DeviceWire(str(path))).print(SLIP)
    assert not path.exists()
    printer = EscPosPrinter(DeviceWire(str(path), create=True))
    assert [printer.print(SLIP), printer.print(SLIP)] == [Outcome.SENT, Outcome.SENT]
    head = PrintHead()
    assert head.obey(path.read_bytes()) == (b"", b"")
    assert head.asked == 0, "a file is asked nothing"
    assert head.paper.rows == 2 * (head.paper.rows[: len(head.paper.rows) // 2])
    assert head.paper.happened.count("cut 66 0") == 2


def test_a_pipe_is_written_and_never_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    printer = EscPosPrinter(DeviceWire(str(pipe)), timeout_seconds=0.3)
    with pytest.raises(PrinterError) as raised:
        printer.print(SLIP)
    assert raised.value.cause.en == "Printer not found", "nobody is at its other end"
    got = bytearray()
    ended = threading.Event()
    other_end = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    def read() -> None:
        while select.select([other_end], [], [], 10)[0] and (chunk := os.read(other_end, 4096)):
            got.extend(chunk)
        ended.set()

    with contextlib.closing(DeviceWire(str(pipe)).open()):  # so that the reader sees no end before the slip
        reader = threading.Thread(target=read)
        reader.start()
        assert printer.print(SLIP) is Outcome.SENT
    assert ended.wait(20)
    reader.join()
    os.close(other_end)
    head = PrintHead()
    assert head.obey(bytes(got))[0] == b""
    assert head.paper.picture.tobytes() == dots(576)


def test_a_pipe_that_is_full_is_told(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    held = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(PrinterError) as raised:
            EscPosPrinter(DeviceWire(str(pipe)), timeout_seconds=0.3).print(SLIP)
    finally:
        os.close(held)
    assert raised.value.cause.en == "Printer takes no data"
    assert raised.value.begun
