"""The printer that the settings name. The libraries of the others are not even imported."""

from pathlib import Path

from pos_app.receipts.layout import PAPERS
from pos_app.receipts.printers.escpos import EscPosPrinter
from pos_app.receipts.printers.file import FilePrinter
from pos_app.receipts.printers.printer import Printer
from pos_app.receipts.printers.wires import DeviceWire, NetworkWire, SerialWire, Wire
from pos_app.receipts.spool import FILE_NAME, SlipLedger, Spool
from pos_app.settings import PrinterSettings

USB_FOLDER = Path("/dev/usb")
"""Where Linux shows USB printers, as lp0, lp1 and so on."""


def chosen_printer(settings: PrinterSettings, folder: Path) -> Printer:
    """The printer to hand slips out by.

    A page does not come out of a printer of rolls: with "A5" such a one is not used, slips are saved.

    Args:
        settings: which one.
        folder: the data folder, for slips that are saved.
    """
    paper = PAPERS[settings.paper]
    if settings.kind == "system":
        from pos_app.receipts.printers.system import SystemPrinter  # noqa: PLC0415 - few shops have one

        return SystemPrinter(settings.device, paper=paper)
    wire = None if paper.page_height else _wire(settings)
    if wire is None:
        return FilePrinter(Path(settings.folder) if settings.folder else folder / "slips", paper=paper)
    return EscPosPrinter(wire, paper=paper, cutter=settings.cutter, drawer=settings.drawer)


def chosen_spool(settings: PrinterSettings, folder: Path) -> Spool:
    """The spool of the chosen printer, with the ledger of the data folder."""
    return Spool(chosen_printer(settings, folder), SlipLedger(folder / FILE_NAME))


def saves_slips(settings: PrinterSettings) -> bool:
    """Whether slips are files and no paper."""
    paged = bool(PAPERS[settings.paper].page_height)
    return settings.kind != "system" and (paged or _wire(settings) is None)


def _wire(settings: PrinterSettings) -> Wire | None:
    """How an ESC/POS printer is reached, None where there is none."""
    match settings.kind:
        case "auto":
            return NetworkWire(settings.host, settings.port) if settings.host else None
        case "network":
            return NetworkWire(settings.host, settings.port)
        case "usb":
            return DeviceWire(settings.device or first_usb_printer())
        case "serial":
            return SerialWire(settings.device, settings.baud)
        case "file":
            return DeviceWire(settings.device, create=True)
        case _:
            return None


def usb_printers(folder: Path = USB_FOLDER) -> tuple[str, ...]:
    """The USB printers that Linux shows; none elsewhere."""
    return tuple(str(path) for path in sorted(folder.glob("lp*")))


def first_usb_printer() -> str:
    """The one that is used where none is named, also while it is switched off."""
    return next(iter(usb_printers()), str(USB_FOLDER / "lp0"))
