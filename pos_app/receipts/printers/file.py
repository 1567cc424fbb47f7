"""Documents as files in a folder: a PDF to keep or send, a PNG to show. For shops without a printer, and for tests."""

import os
import tempfile
from pathlib import Path

from pos_app.private_file import refuse_unwritable
from pos_app.receipts.document import Document
from pos_app.receipts.layout import A5, Paper, lay_out
from pos_app.receipts.printers.pdf import pdf
from pos_app.receipts.printers.printer import Outcome, PrinterError, PrinterState, PrinterStatus, no_drawer
from pos_app.receipts.raster import png
from pos_app.words import Text

_CANNOT_WRITE = Text("Không lưu được phiếu", "The slip could not be saved")
_CHECK_FOLDER = Text(
    "Kiểm tra thư mục lưu phiếu và dung lượng đĩa: {folder}",
    "Check the folder for slips and the disk space: {folder}",
)


class FilePrinter:
    """Writes each document into a folder by its name: `02-000148.pdf`, `02-000148-copy-1.pdf` and so on.

    Args:
        folder: where to; made when it does not exist.
        paper: the page.
    """

    def __init__(self, folder: Path, *, paper: Paper = A5) -> None:
        self._folder = folder
        self._paper = paper

    @property
    def name(self) -> str:
        """The word "file": the folder's name is nobody's business but this machine's."""
        return "file"

    def print(self, document: Document) -> Outcome:
        """Write its PDF and PNG. See `Printer`."""
        sheets = lay_out(document.blocks, self._paper)
        content = pdf(sheets, title=document.title, language=document.language)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(self._folder / f"{document.name}.pdf", content)
            _write(self._folder / f"{document.name}.png", png(sheets))
        except OSError as error:
            raise PrinterError(_CANNOT_WRITE, _CHECK_FOLDER.fill(folder=self._folder)) from error
        return Outcome.SAVED

    def open_drawer(self) -> None:
        """A folder has none. See `Printer`."""
        raise no_drawer()

    def status(self) -> PrinterStatus:
        """Whether a file can be made in the folder."""
        try:
            refuse_unwritable(self._folder)
            return PrinterStatus(PrinterState.READY)
        except OSError:
            return PrinterStatus(PrinterState.TROUBLE, _CANNOT_WRITE, _CHECK_FOLDER.fill(folder=self._folder))


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
