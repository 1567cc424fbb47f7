"""Real ESC/POS printers to test against: they read the bytes back into what is on paper, at a socket or a terminal."""

import os
import pty
import socket
import threading
import tty
from dataclasses import dataclass, field

from PIL import Image, ImageOps

READY, OFFLINE = 0x12, 0x1A
COVER_OPEN, PAPER_GONE, PAPER_LOW = 0x16, 0x72, 0x1E


@dataclass
class PaperOut:
    """What came out: rows of raster bytes, in order, and what happened between them."""

    row_bytes: int = 0
    rows: bytes = b""
    happened: list[str] = field(default_factory=list)
    bands: list[int] = field(default_factory=list)

    @property
    def picture(self) -> Image.Image:
        """On paper a 1 is black; in a picture it is white."""
        width = 8 * self.row_bytes
        height = len(self.rows) // self.row_bytes
        return ImageOps.invert(Image.frombytes("1", (width, height), self.rows).convert("L")).convert("1")


class PrintHead:
    """Works off ESC/POS commands.

    Args:
        answers: what DLE EOT 1, 2 and 4 are answered with; None for a printer that never answers.
        answers_after: the same once a picture has been printed; None: as before.
        mute_after: no answers any more once a picture has been printed.
        done: what GS r is answered with, None for a printer that does not know the question.
    """

    HOLDS_S = 100
    """How long it keeps a connection that it reads nothing from."""

    def __init__(
        self,
        answers: tuple[int, int, int] | None = (READY, READY, READY),
        *,
        answers_after: tuple[int, int, int] | None = None,
        mute_after: bool = False,
        done: int | None = 0x00,
    ) -> None:
        self.answers = answers
        self.answers_after = answers_after
        self.mute_after = mute_after
        self.done = done
        self.asked = 0
        self.paper = PaperOut()

    def obey(self, data: bytes) -> tuple[bytes, bytes]:
        """Do all whole commands in `data`; hand back the rest, and what is answered."""
        said = b""
        while data:
            length = self._length(data)
            if length is None or len(data) < length:
                break
            said += self._do(data[:length])
            data = data[length:]
        return data, said

    def _length(self, data: bytes) -> int | None:
        fixed = {b"\x1b@": 2, b"\x1c.": 2, b"\x10\x04": 3, b"\x1bd": 3, b"\x1dr": 3, b"\x1dV": 4, b"\x1bp": 5}
        if data[:2] in fixed:
            return fixed[data[:2]]
        if data[:3] == b"\x1dv0":
            if len(data) < 8:
                return None
            return 8 + (data[4] + 256 * data[5]) * (data[6] + 256 * data[7])
        assert len(data) < 3, f"not a command this printer knows: {data[:8]!r}"
        return None

    def _do(self, command: bytes) -> bytes:
        match command[:2]:
            case b"\x10\x04":
                return self._answer(command[2])
            case b"\x1dr":
                mute = self.answers is None or self.mute_after or self.done is None
                return b"" if mute or self.done is None else bytes([self.done])
            case b"\x1b@":
                self.paper.happened.append("start")
            case b"\x1c.":
                self.paper.happened.append("no chinese")
            case b"\x1bd":
                self.paper.happened.append(f"feed {command[2]}")
            case b"\x1dV":
                self.paper.happened.append(f"cut {command[2]} {command[3]}")
            case b"\x1bp":
                self.paper.happened.append(f"drawer {command[2]} {command[3]} {command[4]}")
            case _:
                assert command[3] == 0, "single density would stretch the slip"
                self.paper.row_bytes = command[4] + 256 * command[5]
                self.paper.bands.append(command[6] + 256 * command[7])
                self.paper.rows += command[8:]
                self.paper.happened.append("picture")
        return b""

    def _answer(self, question: int) -> bytes:
        self.asked += 1
        printed = bool(self.paper.rows)
        answers = self.answers_after if printed and self.answers_after else self.answers
        if answers is None or (printed and self.mute_after):
            return b""
        return bytes([answers[{1: 0, 2: 1, 4: 2}[question]]])


class NetworkPrinterPeer(PrintHead):
    """Listens at a free port and serves one connection after another.

    Args:
        answers, answers_after, mute_after, done: see `PrintHead`.
        reads: False for a printer that takes the connection and nothing else.
        hangs_up_after: bytes after which it drops the connection, 0 for never.
    """

    def __init__(
        self,
        answers: tuple[int, int, int] | None = (READY, READY, READY),
        *,
        answers_after: tuple[int, int, int] | None = None,
        mute_after: bool = False,
        done: int | None = 0x00,
        reads: bool = True,
        hangs_up_after: int = 0,
    ) -> None:
        super().__init__(answers, answers_after=answers_after, mute_after=mute_after, done=done)
        self.reads = reads
        self.hangs_up_after = hangs_up_after
        self.ends = 0
        self.reached = threading.Event()
        """A connection was taken that is not read."""
        self.released = threading.Event()
        """Set it to let that connection go."""
        self._stopping = threading.Event()
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> "NetworkPrinterPeer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self.released.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(60)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                if self.reads:
                    self._read(connection)
                else:
                    self.reached.set()
                    self.released.wait(self.HOLDS_S)

    def _read(self, connection: socket.socket) -> None:
        pending, received = b"", 0
        connection.settimeout(60)
        while chunk := connection.recv(4096):
            received += len(chunk)
            if self.hangs_up_after and received >= self.hangs_up_after:
                return
            pending, said = self.obey(pending + chunk)
            if said:
                connection.sendall(said)
        assert pending == b""
        self.ends += 1


class TerminalPrinterPeer(PrintHead):
    """A printer at a pseudo terminal: what a serial line is on this side."""

    def __enter__(self) -> "TerminalPrinterPeer":
        self._ours, theirs = pty.openpty()
        tty.setraw(theirs)
        self.device = os.ttyname(theirs)
        self._theirs = theirs
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._theirs)
        self._thread.join(10)
        os.close(self._ours)

    def _serve(self) -> None:
        pending = b""
        while True:
            try:
                chunk = os.read(self._ours, 4096)
            except OSError:  # nobody has the other side open any more
                return
            pending, said = self.obey(pending + chunk)
            os.write(self._ours, said)
