"""The ESC/POS printer against a real socket: the slip arrives dot for dot, trouble is told soon."""

import contextlib
import socket
import threading
import time
from dataclasses import replace
from typing import Any

import pytest

from pos_app.receipts.content import Slip, slip_blocks
from pos_app.receipts.layout import A5, ROLL_58, ROLL_80, ROLL_80_NARROW, Paper, lay_out
from pos_app.receipts.printers.escpos import EscPosPrinter
from pos_app.receipts.printers.printer import Outcome, Printer, PrinterError, PrinterState
from pos_app.receipts.printers.wires import NetworkWire
from pos_app.receipts.raster import raster
from pos_app.words import Language
from tests.receipts.network_printer import COVER_OPEN, OFFLINE, PAPER_GONE, PAPER_LOW, READY, NetworkPrinterPeer
from tests.receipts.slips import ITEMS, LONG, PAID, paper_of

SLIP = paper_of(PAID)


def printer_at(port: int, *, paper: Paper = ROLL_80, cutter: bool = True, drawer: int = 0) -> EscPosPrinter:
    wire = NetworkWire("127.0.0.1", port, timeout_seconds=1)
    return EscPosPrinter(wire, paper=paper, cutter=cutter, drawer=drawer, timeout_seconds=1)


@pytest.mark.parametrize("paper", [ROLL_58, ROLL_80_NARROW, ROLL_80], ids=["58", "512", "80"])
@pytest.mark.parametrize("slip", [PAID, ITEMS, LONG], ids=["paid", "items", "long"])
def test_the_slip_arrives_dot_for_dot(slip: Slip, paper: Paper, capfd: pytest.CaptureFixture[str]) -> None:
    with NetworkPrinterPeer() as peer:
        printer_at(peer.port, paper=paper).print(paper_of(slip))
    expected = raster(lay_out(slip_blocks(slip, Language.VI), paper))
    arrived = peer.paper.picture
    assert arrived.size == expected.size
    assert arrived.tobytes() == expected.tobytes()
    assert peer.ends == 1
    assert "".join(capfd.readouterr()) == ""  # the library likes to print hints


def test_it_starts_clean_sends_small_bands_and_cuts() -> None:
    with NetworkPrinterPeer() as peer:
        printer_at(peer.port).print(SLIP)
    happened = peer.paper.happened
    assert happened[:2] == ["no chinese", "start"]
    assert happened[-2:] == ["feed 1", "cut 66 0"]
    assert set(happened[2:-2]) == {"picture"}
    assert len(peer.paper.bands) > 3
    assert max(peer.paper.bands) <= 256


def test_a_printer_that_never_answers_questions_still_prints() -> None:
    with NetworkPrinterPeer(None) as peer:
        printer = printer_at(peer.port)
        assert printer.status().state is PrinterState.READY
        printer.print(SLIP)
    assert peer.paper.happened[-1] == "cut 66 0"


def test_noise_is_no_answer() -> None:
    with NetworkPrinterPeer((0xFF, 0xFF, 0xFF)) as peer:
        printer_at(peer.port).print(SLIP)
    assert peer.paper.happened[-1] == "cut 66 0"


TROUBLES = [
    ((OFFLINE, READY, PAPER_GONE), "Hết giấy", "Out of paper"),
    ((OFFLINE, COVER_OPEN, READY), "Nắp đang mở", "Cover open"),
    ((OFFLINE, COVER_OPEN, PAPER_GONE), "Nắp đang mở", "Cover open"),
    ((OFFLINE, READY, READY), "Máy in chưa sẵn sàng", "Printer not ready"),
]


@pytest.mark.parametrize(("answers", "vi", "en"), TROUBLES)
def test_trouble_is_told_before_anything_is_sent(answers: tuple[int, int, int], vi: str, en: str) -> None:
    with NetworkPrinterPeer(answers) as peer:
        printer = printer_at(peer.port)
        status = printer.status()
        with pytest.raises(PrinterError) as raised:
            printer.print(SLIP)
    assert status.state is PrinterState.TROUBLE
    assert (status.cause.vi, status.cause.en) == (vi, en)
    assert (raised.value.cause, raised.value.remedy) == (status.cause, status.remedy)
    assert all(raised.value.remedy)
    assert peer.paper.happened == []


def test_little_paper_left_is_no_reason_not_to_print() -> None:
    with NetworkPrinterPeer((READY, READY, PAPER_LOW)) as peer:
        printer = printer_at(peer.port)
        assert printer.status().state is PrinterState.PAPER_LOW
        printer.print(SLIP)
    assert peer.paper.happened[-1] == "cut 66 0"


def test_paper_that_ends_within_the_slip_is_told() -> None:
    with (
        NetworkPrinterPeer(answers_after=(OFFLINE, READY, PAPER_GONE)) as peer,
        pytest.raises(PrinterError) as raised,
    ):
        printer_at(peer.port).print(SLIP)
    assert raised.value.cause.en == "Out of paper"


def test_a_printer_that_falls_silent_within_the_slip_is_told() -> None:
    with NetworkPrinterPeer(mute_after=True) as peer, pytest.raises(PrinterError) as raised:
        printer_at(peer.port).print(SLIP)
    assert raised.value.cause.en == "Printer takes no data"


def test_nobody_there_is_told_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(PrinterError) as raised:
        printer_at(port).print(SLIP)
    assert raised.value.cause.vi == "Không thấy máy in"
    assert str(raised.value) == "Printer not found"
    assert printer_at(port).status().cause.en == "Printer not found"


@pytest.mark.parametrize("host", ["máy in.invalid", "..", "x" * 70])
def test_a_wrong_name_is_told(host: str) -> None:
    with pytest.raises(PrinterError) as raised:
        EscPosPrinter(NetworkWire(host, timeout_seconds=1)).print(SLIP)
    assert raised.value.cause.en == "Printer not found"


def test_a_printer_that_takes_nothing_is_told_soon() -> None:
    with NetworkPrinterPeer(reads=False) as peer:
        began = time.monotonic()
        with pytest.raises(PrinterError) as raised:
            printer_at(peer.port).print(paper_of(LONG))
        assert time.monotonic() - began < peer.HOLDS_S / 2
    assert raised.value.cause.vi == "Máy in không nhận dữ liệu"


def test_a_printer_that_never_stops_talking_is_left_to_itself() -> None:
    over = threading.Event()

    def talk() -> None:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            while not over.wait(0.02):
                connection.sendall(bytes([READY]))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        asking = threading.Thread(target=printer_at(listener.getsockname()[1]).status)
        threads = (threading.Thread(target=talk), asking)
        for one in threads:
            one.start()
        asking.join(30)
        is_left = not asking.is_alive()
        over.set()
        for one in threads:
            one.join(30)
    assert is_left


def test_a_connection_that_breaks_is_told() -> None:
    with NetworkPrinterPeer(hangs_up_after=20_000) as peer, pytest.raises(PrinterError) as raised:
        printer_at(peer.port).print(SLIP)
    assert raised.value.cause.en == "Printer takes no data"


def test_it_prints_again_after_trouble() -> None:
    with NetworkPrinterPeer((OFFLINE, READY, PAPER_GONE)) as peer:
        printer = printer_at(peer.port)
        with pytest.raises(PrinterError):
            printer.print(SLIP)
        peer.answers = (READY, READY, READY)
        printer.print(SLIP)
    assert peer.paper.happened.count("cut 66 0") == 1


def test_the_printers_own_word_makes_it_printed() -> None:
    with NetworkPrinterPeer() as peer:
        assert printer_at(peer.port).print(SLIP) is Outcome.PRINTED
    with NetworkPrinterPeer(None) as mute:
        assert printer_at(mute.port).print(SLIP) is Outcome.SENT
    with NetworkPrinterPeer(done=None) as simple:  # well all the time, and knows no GS r
        assert printer_at(simple.port).print(SLIP) is Outcome.SENT


def test_paper_that_ends_with_the_last_row_is_told() -> None:
    with NetworkPrinterPeer(done=0x0C) as peer, pytest.raises(PrinterError) as raised:
        printer_at(peer.port).print(SLIP)
    assert raised.value.cause.en == "Out of paper"
    assert raised.value.begun


TROUBLED: dict[str, tuple[dict[str, Any], bool]] = {
    "before": ({"answers": (OFFLINE, READY, PAPER_GONE)}, False),
    "cover opened": ({"answers_after": (OFFLINE, COVER_OPEN, READY)}, True),
    "mute": ({"mute_after": True}, True),
    "hung up": ({"hangs_up_after": 20_000}, True),
}


@pytest.mark.parametrize("name", TROUBLED)
def test_whether_some_of_it_may_be_on_paper_is_known(name: str) -> None:
    how, begun = TROUBLED[name]
    with NetworkPrinterPeer(**how) as peer, pytest.raises(PrinterError) as raised:
        printer_at(peer.port).print(SLIP)
    assert raised.value.begun is begun


def test_a_printer_that_stops_in_the_middle_is_asked_why_on_another_line() -> None:
    with (
        NetworkPrinterPeer(answers_after=(OFFLINE, READY, PAPER_GONE), hangs_up_after=40_000) as peer,
        pytest.raises(PrinterError) as raised,
    ):
        printer_at(peer.port).print(paper_of(LONG))
    assert raised.value.cause.en == "Out of paper"
    assert raised.value.begun


def test_without_a_cutter_the_slip_is_fed_past_the_tear_bar() -> None:
    with NetworkPrinterPeer() as peer:
        printer_at(peer.port, cutter=False).print(SLIP)
    assert peer.paper.happened[-1] == "feed 6"


@pytest.mark.parametrize(("pin", "number"), [(2, 0), (5, 1)])
def test_the_drawer_opens_for_cash_and_for_nothing_else(pin: int, number: int) -> None:
    pulse = f"drawer {number} 25 250"
    with NetworkPrinterPeer() as peer:
        printer = printer_at(peer.port, drawer=pin)
        printer.print(SLIP)
        assert pulse not in peer.paper.happened
        printer.print(replace(SLIP, opens_drawer=True))
        printer.open_drawer()
        printer_at(peer.port).print(replace(SLIP, opens_drawer=True))  # no drawer hangs on it
    assert peer.paper.happened.count(pulse) == 2


def test_a_printer_without_a_drawer_says_so() -> None:
    with pytest.raises(PrinterError) as raised:
        printer_at(1).open_drawer()
    assert raised.value.cause.en == "No cash drawer"
    assert "drawer" in raised.value.remedy.vi


def test_a_page_is_no_paper_for_it() -> None:
    with pytest.raises(ValueError, match="roll"):
        EscPosPrinter(NetworkWire("192.0.2.7"), paper=A5)


def test_it_is_a_printer_with_a_name() -> None:
    printer: Printer = EscPosPrinter(NetworkWire("192.0.2.7"))
    assert printer.name == "192.0.2.7:9100"
