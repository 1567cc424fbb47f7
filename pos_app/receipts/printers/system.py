"""Printers of the computer itself, through their driver: whatever Qt finds (CUPS, the Windows spooler, macOS).

Drivers hang, and on Windows they run inside whoever prints: so a process of its own talks to them (`system_child`),
and is ended when it takes too long. It gets the pages as pictures, drawn finer than a thermal printer's dots. The
system's queue takes a document over; whether it comes out of the machine is not told.
"""

import base64
import json
import subprocess
import sys
from typing import Any

from pos_app.receipts.document import Document
from pos_app.receipts.layout import DOTS_PER_MM, ROLL_80, Paper, lay_out
from pos_app.receipts.printers.printer import Outcome, PrinterError, PrinterState, PrinterStatus, no_drawer
from pos_app.receipts.printers.wires import NOT_FOUND
from pos_app.receipts.raster import finer, png
from pos_app.words import Text

_FINER = 2
"""Times 203 dots an inch: 406, as fine as a laser printer's text needs."""
_CHILD = "pos_app.receipts.printers.system_child"
_SECONDS_MAX = 20
_NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows would open a black one."""

_NOT_THERE = PrinterStatus(
    PrinterState.TROUBLE,
    NOT_FOUND,
    Text("Xem tên máy in bằng `pos-app printer list`.", "See the printers' names with `pos-app printer list`."),
)
_REFUSED = PrinterStatus(
    PrinterState.TROUBLE,
    Text("Máy tính không in được", "The system cannot print"),
    Text("Mở hàng đợi in của máy tính, xem lỗi.", "Open the computer's print queue and look at the error."),
)
_SILENT = PrinterStatus(
    PrinterState.TROUBLE,
    Text("Hàng đợi in không trả lời", "The print queue does not answer"),
    Text("Khởi động lại dịch vụ in của máy tính.", "Restart the computer's print service."),
)


class SystemPrinter:
    """A printer of this computer.

    Args:
        queue: its name, "" for the computer's default.
        paper: what is in it.
    """

    def __init__(self, queue: str = "", *, paper: Paper = ROLL_80) -> None:
        self._queue = queue
        self._paper = paper

    @property
    def name(self) -> str:
        """Its name in the system."""
        return self._queue or "system"

    def print(self, document: Document) -> Outcome:
        """Hand every page to the system. See `Printer`."""
        pages = [
            {
                "png": base64.b64encode(png([finer(sheet, _FINER)])).decode(),
                "width_mm": sheet.width / DOTS_PER_MM,
                "height_mm": sheet.height / DOTS_PER_MM,
            }
            for sheet in lay_out(document.blocks, self._paper)
        ]
        _ask("print", queue=self._queue, title=document.title, pages=pages)
        return Outcome.SENT

    def open_drawer(self) -> None:
        """Drivers have no word for it. See `Printer`."""
        raise no_drawer()

    def status(self) -> PrinterStatus:
        """What the system says of it."""
        try:
            answer = _ask("status", queue=self._queue)
        except PrinterError as error:
            return PrinterStatus(PrinterState.TROUBLE, error.cause, error.remedy)
        if answer["state"] == "error":
            return _REFUSED
        return PrinterStatus(PrinterState.READY)


def system_printers() -> tuple[str, ...]:
    """The printers of this computer by name, its default first; none where the system cannot say."""
    try:
        return tuple(_ask("list")["queues"])
    except PrinterError:
        return ()


def _ask(what: str, **given: Any) -> Any:
    """The child's answer.

    Raises:
        PrinterError: it has none.
    """
    question = json.dumps({"what": what, **given}).encode()
    try:
        child = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", _CHILD],
            input=question,
            capture_output=True,
            timeout=_SECONDS_MAX,
            check=False,
            creationflags=_NO_WINDOW,
        )
    except subprocess.TimeoutExpired as error:
        raise _error(_SILENT) from error
    except OSError as error:
        raise _error(_REFUSED) from error
    if child.returncode:
        raise _error(_REFUSED)
    answer = json.loads(child.stdout)
    if answer.get("trouble") == "not found":
        raise _error(_NOT_THERE, begun=False)
    if "trouble" in answer:
        raise _error(_REFUSED)
    return answer


def _error(status: PrinterStatus, *, begun: bool = True) -> PrinterError:
    """A new one each time: an exception that is raised again keeps all that ever stood around it, pages too."""
    return PrinterError(status.cause, status.remedy, begun=begun)
