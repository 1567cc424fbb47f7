"""Printers that speak ESC/POS, at the end of any wire. A document goes as one picture, never as text.

Vietnamese code pages differ from model to model; a picture comes out the same everywhere. The library that makes the
bytes is imported with the first print, because it takes half a second that the window should not wait for.

Three questions tell how a printer is. `DLE EOT` is answered at once, even while it prints: asked before (paper, cover)
and, while it works, whether it got into trouble. `GS r` waits in line behind the picture: its answer means that
everything before it was worked off, which is the only word for "printed" that ESC/POS has.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from pos_app.receipts.document import Document
from pos_app.receipts.layout import ROLL_80, Paper, lay_out
from pos_app.receipts.printers.printer import Outcome, PrinterError, PrinterState, PrinterStatus, no_drawer
from pos_app.receipts.printers.wires import Line, Wire
from pos_app.receipts.raster import raster
from pos_app.words import Text

_BAND_ROWS = 192
"""Rows sent at once: 14 kB on 80 mm paper, which small printers' buffers hold."""
_PROFILE = "TM-T20II"
"""Any profile of 576 dots: of all it says, only this width is used, as the widest picture that may be sent."""
_PIECE_BYTES = 4096
_ANSWER_SECONDS = 0.5
_BYTES_BEFORE_AN_ANSWER = 4
"""What else may come first: the answer to a question asked before, some noise."""
_ROWS_PER_SECOND = 400
"""The slowest head there is: 50 mm a second."""
_FEED_TO_CUT, _FEED_TO_TEAR = 1, 6
"""Lines: the cutter feeds by itself; without one, the last row has to pass the tear bar."""
_PINS = {2: 0, 5: 1}
"""The two drawers of a printer, by the pins of its socket; the number ESC/POS has for each."""
_PULSE = (25, 250)
"""How long the drawer's magnet is on, and rests: 50 and 500 ms in steps of 2."""

_ASK_PRINTER, _ASK_CAUSE, _ASK_PAPER = b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x04"
"""DLE EOT 1, 2 and 4: on line or not, why not, paper."""
_NO_CHINESE = b"\x1c."
"""FS . : many clones start in Chinese mode, where two bytes make one character."""
_ASK_WHEN_DONE = b"\x1dr\x01"
"""GS r 1: the paper's state, told in turn."""
_FIXED_BITS, _FIXED_VALUE = 0x93, 0x12
"""Bits that are the same in each answer to DLE EOT: other bytes are no answer."""
_DONE_BITS, _DONE_VALUE = 0x90, 0x00
"""Bits that are the same in each answer to GS r, and other than those."""
_DONE_PAPER_GONE = 0x0C
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
_STUCK = PrinterStatus(
    PrinterState.TROUBLE,
    Text("Máy in không nhận dữ liệu", "Printer takes no data"),
    Text("Tắt máy in, bật lại rồi in lại.", "Switch the printer off and on, then print again."),
)


class EscPosPrinter:
    """An ESC/POS printer with a roll in it.

    Args:
        wire: where it is connected.
        paper: what is in it.
        cutter: whether it has one; without, the slip is fed past the tear bar.
        drawer: the pin that a cash drawer hangs on (2 or 5), 0 for none.
        timeout_seconds: for each piece of the picture, and for a printer that works to say that it is well.

    Raises:
        ValueError: the paper is no roll.
    """

    def __init__(
        self,
        wire: Wire,
        *,
        paper: Paper = ROLL_80,
        cutter: bool = True,
        drawer: int = 0,
        timeout_seconds: float = 3,
    ) -> None:
        if paper.page_height is not None:
            message = "an ESC/POS printer prints on a roll"
            raise ValueError(message)
        self._wire = wire
        self._paper = paper
        self._cutter = cutter
        self._drawer = drawer
        self._timeout_seconds = timeout_seconds
        self._says_when_done = True
        """Until it once did not."""

    @property
    def name(self) -> str:
        """Where it is connected."""
        return self._wire.name

    def print(self, document: Document) -> Outcome:
        """Print it and cut. See `Printer`."""
        picture = raster(lay_out(document.blocks, self._paper))
        commands = self._commands(picture, opens_drawer=document.opens_drawer)
        with self._opened() as line:
            talk = _Talk(line)
            before = talk.state(_ANSWER_SECONDS)
            _refuse(before or _READY)
            with contextlib.suppress(OSError):
                for start in range(0, len(commands), _PIECE_BYTES):
                    line.send(commands[start : start + _PIECE_BYTES], self._timeout_seconds)
                return Outcome.SENT if before is None else self._until_printed(talk, picture.height)
        # It stopped taking bytes, or hung up. Another line may still learn why.
        _refuse(self.status(), begun=True)
        raise PrinterError(_STUCK.cause, _STUCK.remedy, begun=True)

    def open_drawer(self) -> None:
        """Send the pulse. See `Printer`."""
        if not self._drawer:
            raise no_drawer()
        with self._opened() as line:
            line.send(self._pulse(_device()), self._timeout_seconds)

    def status(self) -> PrinterStatus:
        """Open the line and ask. A printer that takes the connection and never answers counts as ready."""
        try:
            with self._opened() as line:
                return _Talk(line).state(_ANSWER_SECONDS) or _READY
        except PrinterError as error:
            return PrinterStatus(PrinterState.TROUBLE, error.cause, error.remedy)

    def _commands(self, picture: Any, *, opens_drawer: bool) -> bytes:
        """All that is sent for one document."""
        device = _device()
        pulse = self._pulse(device) if opens_drawer and self._drawer else b""
        device.hw("INIT")
        device.image(picture, fragment_height=_BAND_ROWS)
        device.print_and_feed(_FEED_TO_CUT if self._cutter else _FEED_TO_TEAR)
        if self._cutter:
            device.cut(feed=False)
        return pulse + _NO_CHINESE + bytes(device.output)

    def _pulse(self, device: Any) -> bytes:
        device.clear()
        device.cashdraw([0x1B, ord("p"), _PINS[self._drawer], *_PULSE])
        pulse = bytes(device.output)
        device.clear()
        return pulse

    def _until_printed(self, talk: "_Talk", rows: int) -> Outcome:
        """Wait for the word that all was worked off, and look for trouble meanwhile.

        A printer that is well all the time and never gives that word does not know the question: it is not waited for
        again.
        """
        wait_seconds = self._timeout_seconds + talk.line.lag_seconds
        if not self._says_when_done:
            _refuse(talk.state(wait_seconds) or _STUCK, begun=True)
            return Outcome.SENT
        talk.ask_when_done(wait_seconds)
        left_seconds = wait_seconds + rows / _ROWS_PER_SECOND
        while left_seconds > 0:
            paper = talk.done(_ANSWER_SECONDS)
            # Asked also when it is done: some clones do not let that word wait in line. One that could answer and is
            # mute is stuck.
            state = talk.state(wait_seconds)
            _refuse(state or (_STUCK if paper is None else _READY), begun=True)
            if paper is not None:
                _refuse(_NO_PAPER if paper & _DONE_PAPER_GONE == _DONE_PAPER_GONE else _READY, begun=True)
                return Outcome.PRINTED
            left_seconds -= _ANSWER_SECONDS
        self._says_when_done = False
        return Outcome.SENT

    @contextlib.contextmanager
    def _opened(self) -> Iterator[Line]:
        """A line to the printer; what goes wrong on it comes out as `PrinterError`."""
        line = self._wire.open()
        try:
            yield line
        except OSError as error:
            raise PrinterError(_STUCK.cause, _STUCK.remedy) from error
        finally:
            with contextlib.suppress(OSError):
                line.close()


class _Talk:
    """Questions to one printer, and its answers sorted: those given at once, and the one that waited in line."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._at_once: list[int] = []
        self._in_turn: list[int] = []

    def state(self, wait_seconds: float) -> PrinterStatus | None:
        """How the printer is, None when it does not answer questions."""
        if not self.line.two_way:
            return None
        printer = self._ask(_ASK_PRINTER, wait_seconds)
        if printer is None:
            return None
        cause = self._ask(_ASK_CAUSE, wait_seconds) or 0
        paper = self._ask(_ASK_PAPER, wait_seconds) or 0
        signs = (
            (_COVER, cause & _COVER_OPEN),
            (_NO_PAPER, paper & _PAPER_GONE),
            (_NOT_READY, printer & _OFFLINE),
            (_LOW, paper & _PAPER_LOW),
        )
        return next((status for status, shown in signs if shown), _READY)

    def ask_when_done(self, wait_seconds: float) -> None:
        """Put the question behind the picture."""
        self._in_turn.clear()
        self.line.send(_ASK_WHEN_DONE, wait_seconds)

    def done(self, wait_seconds: float) -> int | None:
        """The answer that waited in line, None while it has not come."""
        if not self._in_turn:
            self._take(self.line.receive(wait_seconds))
        return self._in_turn[0] if self._in_turn else None

    def _ask(self, question: bytes, wait_seconds: float) -> int | None:
        """The answer to a question that is answered at once, None for silence or noise."""
        self._at_once.clear()
        self.line.send(question, wait_seconds)
        for _ in range(_BYTES_BEFORE_AN_ANSWER):
            said = self.line.receive(wait_seconds)
            self._take(said)
            if not said or self._at_once:
                break
        return self._at_once[-1] if self._at_once else None

    def _take(self, said: bytes) -> None:
        for byte in said:
            if byte & _FIXED_BITS == _FIXED_VALUE:
                self._at_once.append(byte)
            elif byte & _DONE_BITS == _DONE_VALUE:
                self._in_turn.append(byte)


def _device() -> Any:
    """The library's printer that only collects what would be sent."""
    from escpos.printer import Dummy  # noqa: PLC0415 - see the top

    return Dummy(profile=_PROFILE)


def _refuse(status: PrinterStatus, *, begun: bool = False) -> None:
    if status.state is PrinterState.TROUBLE:
        raise PrinterError(status.cause, status.remedy, begun=begun)
