"""Which printer the settings mean."""

from pathlib import Path

import pytest

from pos_app.receipts.printers.choice import chosen_printer, first_usb_printer, usb_printers
from pos_app.receipts.printers.escpos import EscPosPrinter
from pos_app.receipts.printers.file import FilePrinter
from pos_app.receipts.printers.system import SystemPrinter
from pos_app.settings import PrinterSettings

CHOICES = {
    "nothing set": (PrinterSettings(), FilePrinter, "file"),
    "a host": (PrinterSettings(host="192.0.2.7"), EscPosPrinter, "192.0.2.7:9100"),
    "network": (PrinterSettings(kind="network", host="192.0.2.7", port=9101), EscPosPrinter, "192.0.2.7:9101"),
    "a page, on a printer of rolls": (PrinterSettings(host="192.0.2.7", paper="A5"), FilePrinter, "file"),
    "pdf, though a host is set": (PrinterSettings(kind="pdf", host="192.0.2.7"), FilePrinter, "file"),
    "usb": (PrinterSettings(kind="usb", device="/dev/usb/lp3"), EscPosPrinter, "/dev/usb/lp3"),
    "any usb": (PrinterSettings(kind="usb"), EscPosPrinter, first_usb_printer()),
    "serial": (PrinterSettings(kind="serial", device="COM3"), EscPosPrinter, "COM3"),
    "file": (PrinterSettings(kind="file", device="/srv/slips.bin"), EscPosPrinter, "/srv/slips.bin"),
    "system": (PrinterSettings(kind="system", device="Canon", paper="A5"), SystemPrinter, "Canon"),
    "the computer's default": (PrinterSettings(kind="system"), SystemPrinter, "system"),
}


@pytest.mark.parametrize("name", CHOICES)
def test_the_settings_choose(name: str, tmp_path: Path) -> None:
    settings, kind, called = CHOICES[name]
    printer = chosen_printer(settings, tmp_path)
    assert type(printer) is kind
    assert printer.name == called


def test_usb_printers_are_found_where_linux_shows_them(tmp_path: Path) -> None:
    assert usb_printers(tmp_path / "nowhere") == ()
    for name in ("lp1", "lp0", "hiddev0"):
        (tmp_path / name).touch()
    assert usb_printers(tmp_path) == (str(tmp_path / "lp0"), str(tmp_path / "lp1"))
