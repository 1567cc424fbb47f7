"""Thermal printers on the network that speak ESC/POS. A slip goes as one picture, never as text.

Vietnamese code pages differ from model to model; a picture comes out the same everywhere. The library is imported
with the first print, because it takes half a second that the window should not wait for.
"""

import contextlib
import socket
from collections.abc import Iterator
from typing import Any

from pos_app.receipts.content import Slip, slip_blocks
from pos_app.receipts.layout import ROLL_80, Paper, lay_out
from pos_app.receipts.printers.printer import PrinterError, PrinterState, PrinterStatus
from pos_app.receipts.raster import raster
from pos_app.words import Language, Text

_BAND_ROWS = 192
"""Rows sent at once: 14 kB on 80 mm paper, which small printers' buffers hold."""
_PROFILE = "TM-T20II"
"""Any profile of 576 dots: of all it says, only this width is used, as the widest picture that may be sent."""
_SEND_BUFFER = 16_384
"""Bytes this machine may keep unsent: little, so that a printer that stopped reading is noticed."""
_ANSWER_SECONDS = 0.5
_GOODBYE_SECONDS = 0.5
_FEED_LINES = 1

_ASK_PRINTER, _ASK_CAUSE, _ASK_PAPER = b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x04"
"""DLE EOT 1, 2 and 4: on line or not, why not, paper."""
_FIXED_BITS, _FIXED_VALUE = 0x93, 0x12
"""Bits that are the same in each answer to DLE EOT: other bytes are no answer."""
_OFFLINE = 0x08
_COVER_OPEN = 0x04
_PAPER_GONE = 0x60
_PAPER_LOW = 0x0C

_READY = PrinterStatus(PrinterState.READY)
_LOW = PrinterStatus(
    PrinterState.PAPER_LOW,
    Text("Sắp hết giấy", "Paper low"),
    Text("Chuẩn bị cuộn giấy mới.", "Have a new roll ready."),
)
_NO_PAPER = PrinterStatus(
    PrinterState.TROUBLE,
    Text("Hết giấy", "Out of paper"),
    Text("Thay cuộn giấy rồi in lại.", "Put in a new roll, then print again."),
)
_COVER = PrinterStatus(
    PrinterState.TROUBLE,
    Text("Nắp đang mở", "Cover open"),
    Text("Đóng nắp máy in rồi in lại.", "Close the printer's cover, then print again."),
)
_NOT_READY = PrinterStatus(
    PrinterState.TROUBLE,
    Text("Máy in chưa sẵn sàng", "Printer not ready"),
    Text("Xem đèn báo trên máy in rồi in lại.", "Check the lights on the printer, then print again."),
)
_NOT_FOUND = PrinterStatus(
    PrinterState.TROUBLE,
    Text("Không thấy máy in", "Printer not found"),
    Text(
        "Bật máy in, kiểm tra dây mạng và địa chỉ máy in.",
        "Switch the printer on; check its network cable and its address.",
    ),
)
_STUCK = PrinterStatus(
    PrinterState.TROUBLE,
    Text("Máy in không nhận dữ liệu", "Printer takes no data"),
    Text("Tắt máy in, bật lại rồi in lại.", "Switch the printer off and on, then print again."),
)


class NetworkPrinter:
    """An ESC/POS printer at a network address.

    Args:
        host: its name or address.
        port: its raw port.
        paper: what is in it.
        language: what slips are written in.
        timeout_seconds: for connecting, and for each band of the picture.

    Raises:
        ValueError: the paper is no roll.
    """

    def __init__(
        self,
        host: str,
        port: int = 9100,
        *,
        paper: Paper = ROLL_80,
        language: Language = Language.VI,
        timeout_seconds: float = 3,
    ) -> None:
        if paper.page_height is not None:
            message = "an ESC/POS printer prints on a roll"
            raise ValueError(message)
        self._host = host
        self._port = port
        self._paper = paper
        self._language = language
        self._timeout_seconds = timeout_seconds

    @property
    def name(self) -> str:
        """Its address."""
        return f"{self._host}:{self._port}"

    def print(self, slip: Slip) -> None:
        """Print `slip` and cut. See `Printer`."""
        picture = raster(lay_out(slip_blocks(slip, self._language), self._paper))
        with self._connected() as device:
            before = _ask(device, wait_seconds=_ANSWER_SECONDS)
            _refuse(before or _READY)
            device.device.settimeout(self._timeout_seconds)
            device.hw("INIT")
            device.image(picture, fragment_height=_BAND_ROWS)
            device.print_and_feed(_FEED_LINES)
            device.cut(feed=False)
            if before is not None:
                # It may answer only after all rows are on paper; a printer that could answer and is mute is stuck.
                _refuse(_ask(device, wait_seconds=self._timeout_seconds) or _STUCK)
            _say_goodbye(device.device)

    def status(self) -> PrinterStatus:
        """Connect and ask. A printer that takes the connection and never answers counts as ready."""
        try:
            with self._connected() as device:
                return _ask(device, wait_seconds=_ANSWER_SECONDS) or _READY
        except PrinterError as error:
            return PrinterStatus(PrinterState.TROUBLE, error.cause, error.remedy)

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Any]:
        """A printer of the library on a connection of ours; what goes wrong comes out as `PrinterError`.

        The library's own way to connect leaves a socket behind when it fails, and its way to close sets up logging.
        """
        from escpos.printer import Network  # noqa: PLC0415 - see the top

        try:
            connection = socket.create_connection((self._host, self._port), self._timeout_seconds)
        except (OSError, UnicodeError) as error:
            raise PrinterError(_NOT_FOUND.cause, _NOT_FOUND.remedy) from error
        device = Network(self._host, self._port, profile=_PROFILE)
        with connection:
            device.device = connection
            try:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
                yield device
            except OSError as error:
                raise PrinterError(_STUCK.cause, _STUCK.remedy) from error
            finally:
                device.device = False


def _ask(device: Any, *, wait_seconds: float) -> PrinterStatus | None:
    """How the printer is, None when it does not answer questions."""
    device.device.settimeout(wait_seconds)
    printer = _answer(device, _ASK_PRINTER)
    if printer is None:
        return None
    cause = _answer(device, _ASK_CAUSE) or 0
    paper = _answer(device, _ASK_PAPER) or 0
    signs = (
        (_COVER, cause & _COVER_OPEN),
        (_NO_PAPER, paper & _PAPER_GONE),
        (_NOT_READY, printer & _OFFLINE),
        (_LOW, paper & _PAPER_LOW),
    )
    return next((status for status, shown in signs if shown), _READY)


def _answer(device: Any, question: bytes) -> int | None:
    try:
        answer = device.query_status(question)
    except TimeoutError:
        return None
    known = [byte for byte in answer if byte & _FIXED_BITS == _FIXED_VALUE]
    return known[-1] if known else None


def _refuse(status: PrinterStatus) -> None:
    if status.state is PrinterState.TROUBLE:
        raise PrinterError(status.cause, status.remedy)


def _say_goodbye(connection: socket.socket) -> None:
    """End our side and let the printer end its own: closing over an unread answer could cost it the last rows.

    Everything was taken by now; that some printers hang up rudely is no trouble.
    """
    with contextlib.suppress(OSError):
        connection.settimeout(_GOODBYE_SECONDS)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(64):
            pass
