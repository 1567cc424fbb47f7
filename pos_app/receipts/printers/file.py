"""Slips as files in a folder: a PDF to keep or send, a PNG to show. For shops without a printer, and for tests."""

import os
import re
import tempfile
from pathlib import Path

from pos_app.receipts.content import Slip, SlipKind, slip_blocks
from pos_app.receipts.layout import A5, Paper, lay_out
from pos_app.receipts.printers.pdf import pdf
from pos_app.receipts.printers.printer import PrinterError, PrinterState, PrinterStatus
from pos_app.receipts.raster import png
from pos_app.words import Language, Text

_CANNOT_WRITE = Text("Không lưu được phiếu", "The slip could not be saved")
_CHECK_FOLDER = Text(
    "Kiểm tra thư mục lưu phiếu và dung lượng đĩa: {folder}",
    "Check the folder for slips and the disk space: {folder}",
)


class FilePrinter:
    """Writes each slip into a folder, named by its number: `02-000148.pdf`, `02-000148-copy-1.pdf` and so on.

    Args:
        folder: where to; made when it does not exist.
        paper: the page.
        language: what slips are written in.
    """

    def __init__(self, folder: Path, *, paper: Paper = A5, language: Language = Language.VI) -> None:
        self._folder = folder
        self._paper = paper
        self._language = language

    @property
    def name(self) -> str:
        """The word "file": the folder's name is nobody's business but this machine's."""
        return "file"

    def print(self, slip: Slip) -> None:
        """Write the slip's PDF and PNG. See `Printer`."""
        sheets = lay_out(slip_blocks(slip, self._language), self._paper)
        name = file_name(slip)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(self._folder / f"{name}.pdf", pdf(sheets, title=slip.slip_number, language=self._language))
            _write(self._folder / f"{name}.png", png(sheets))
        except OSError as error:
            raise PrinterError(_CANNOT_WRITE, _CHECK_FOLDER.fill(folder=self._folder)) from error

    def status(self) -> PrinterStatus:
        """Whether a file can be made in the folder."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._folder):
                return PrinterStatus(PrinterState.READY)
        except OSError:
            return PrinterStatus(PrinterState.TROUBLE, _CANNOT_WRITE, _CHECK_FOLDER.fill(folder=self._folder))


def file_name(slip: Slip) -> str:
    """The slip's name without an ending; a slip that is not paid says so, and a copy says which."""
    parts = [re.sub(r"[^A-Za-z0-9_-]", "_", slip.slip_number)]
    if slip.kind is not SlipKind.PAID:
        parts.append(slip.kind.value)
    if slip.copy_number:
        parts.append(f"copy-{slip.copy_number}")
    return "-".join(parts)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a reader never finds half a file, not even after a power cut."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".slip-", suffix=path.suffix)
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
