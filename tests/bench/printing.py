"""A slip from its facts to a printer's last word: drawing it, and sending it to a printer on this machine."""

import time

from pos_app.receipts.layout import ROLL_80, lay_out
from pos_app.receipts.printers.escpos import EscPosPrinter
from pos_app.receipts.printers.printer import Outcome
from pos_app.receipts.printers.wires import NetworkWire
from pos_app.receipts.raster import raster
from tests.bench.figures import line
from tests.receipts.network_printer import NetworkPrinterPeer
from tests.receipts.slips import HUNDRED, PAID, paper_of

SLIPS = 30


def ms_since(began_ns: int) -> float:
    return (time.perf_counter_ns() - began_ns) / 1e6


def run() -> list[str]:
    """The lines to show."""
    told = []
    for name, slip in (("a slip", PAID), ("a slip of 100 items", HUNDRED)):
        document, drawn, printed = paper_of(slip), [], []
        with NetworkPrinterPeer() as peer:
            printer = EscPosPrinter(NetworkWire("127.0.0.1", peer.port))
            printer.print(document)  # imports the library, opens the fonts
            for _ in range(SLIPS if slip is PAID else 5):
                began = time.perf_counter_ns()
                raster(lay_out(document.blocks, ROLL_80))
                drawn.append(ms_since(began))
                began = time.perf_counter_ns()
                assert printer.print(document) is Outcome.PRINTED
                printed.append(ms_since(began))
        told += [line(f"draw {name}", drawn, "ms"), line(f"print {name}", printed, "ms", beside=("drawing it", drawn))]
    return told
