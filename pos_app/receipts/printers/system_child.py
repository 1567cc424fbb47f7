"""The process that talks to the system's printers through Qt: one question on standard input, one answer back.

It is the only part of this room that knows Qt, and the till never imports it. See `system`.
"""

import base64
import json
import os
import sys
from typing import Any

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

_MM_PER_INCH = 25.4
_BROKEN = (QPrinter.PrinterState.Aborted, QPrinter.PrinterState.Error)


def main() -> None:
    """Answer the one question."""
    if sys.platform.startswith("linux"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"  # no display is needed to print
    _application = QGuiApplication(sys.argv[:1])
    question = json.load(sys.stdin.buffer)
    match question.pop("what"):
        case "list":
            answer = _list()
        case "status":
            answer = _status(**question)
        case _:
            answer = _print(**question)
    json.dump(answer, sys.stdout)


def _list() -> dict[str, Any]:
    default = QPrinterInfo.defaultPrinterName()
    names = QPrinterInfo.availablePrinterNames()
    return {"queues": sorted(names, key=lambda name: (name != default, name))}


def _found(queue: str) -> QPrinterInfo:
    return QPrinterInfo.printerInfo(queue) if queue else QPrinterInfo.defaultPrinter()


def _status(queue: str) -> dict[str, Any]:
    info = _found(queue)
    if info.isNull():
        return {"trouble": "not found"}
    return {"state": "error" if info.state() in _BROKEN else "ready"}


def _print(queue: str, title: str, pages: list[dict[str, Any]]) -> dict[str, Any]:
    info = _found(queue)
    if info.isNull():
        return {"trouble": "not found"}
    printer = QPrinter(info, QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    return paint(printer, pages)


def paint(printer: QPrinter, pages: list[dict[str, Any]]) -> dict[str, Any]:
    """Paint every page in its true size, from the paper's own corner."""
    painter = QPainter()
    for number, page in enumerate(pages):
        _lay_in(printer, page)
        if not (printer.newPage() if number else painter.begin(printer)):
            return {"trouble": "refused"}
        picture = QImage.fromData(base64.b64decode(page["png"]))
        dots_per_mm = printer.resolution() / _MM_PER_INCH
        size = QRectF(0, 0, page["width_mm"] * dots_per_mm, page["height_mm"] * dots_per_mm)
        painter.drawImage(size, picture, QRectF(picture.rect()), Qt.ImageConversionFlag.MonoOnly)
    return {} if painter.end() else {"trouble": "refused"}


def _lay_in(printer: QPrinter, page: dict[str, Any]) -> None:
    """Paper as large as the page; a driver that has only its own sizes keeps its nearest."""
    size = QPageSize(QSizeF(page["width_mm"], page["height_mm"]), QPageSize.Unit.Millimeter)
    printer.setFullPage(True)
    printer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))


if __name__ == "__main__":
    main()
