"""A real ESC/POS printer on 127.0.0.1, as far as the slip needs one: it reads the bytes back into what is on paper."""

import socket
import threading
from dataclasses import dataclass, field


@dataclass
class PaperOut:
    """What came out: rows of raster bytes, in order, and what happened between them."""

    row_bytes: int = 0
    rows: bytes = b""
    happened: list[str] = field(default_factory=list)
    bands: list[int] = field(default_factory=list)


class NetworkPrinterPeer:
    """Listens at a free port and serves one connection after another.

    Args:
        answers: what DLE EOT 1, 2 and 4 are answered with; None for a printer that never answers.
        answers_after: the same once a picture has been printed; None: as before.
        reads: False for a printer that takes the connection and nothing else.
        breaks_after: bytes after which it drops the connection, 0 for never.
    """

    HOLDS_S = 100
    """How long it keeps a connection that it reads nothing from."""

    def __init__(
        self,
        answers: tuple[int, int, int] | None = (0x12, 0x12, 0x12),
        *,
        answers_after: tuple[int, int, int] | None = None,
        mute_after: bool = False,
        reads: bool = True,
        breaks_after: int = 0,
    ) -> None:
        self.answers = answers
        self.answers_after = answers_after
        self.mute_after = mute_after
        self.reads = reads
        self.breaks_after = breaks_after
        self.paper = PaperOut()
        self.asked = 0
        self.ends = 0
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
                    self._stopping.wait(self.HOLDS_S)

    def _read(self, connection: socket.socket) -> None:
        pending, received = b"", 0
        connection.settimeout(60)
        while chunk := connection.recv(4096):
            received += len(chunk)
            if self.breaks_after and received >= self.breaks_after:
                return
            pending = self._obey(pending + chunk, connection)
        assert pending == b""
        self.ends += 1

    def _obey(self, data: bytes, connection: socket.socket) -> bytes:
        """Do all whole commands in `data`, hand back the rest."""
        while data:
            length = self._length(data)
            if length is None or len(data) < length:
                return data
            self._do(data[:length], connection)
            data = data[length:]
        return data

    def _length(self, data: bytes) -> int | None:
        if data[:2] == b"\x1b@":
            return 2
        if data[:2] in (b"\x10\x04", b"\x1bd"):
            return 3
        if data[:2] == b"\x1dV":
            return 4
        if data[:3] == b"\x1dv0":
            if len(data) < 8:
                return None
            return 8 + (data[4] + 256 * data[5]) * (data[6] + 256 * data[7])
        assert len(data) < 3, f"not a command this printer knows: {data[:8]!r}"
        return None

    def _do(self, command: bytes, connection: socket.socket) -> None:
        match command[:2]:
            case b"\x10\x04":
                self._answer(command[2], connection)
            case b"\x1b@":
                self.paper.happened.append("start")
            case b"\x1bd":
                self.paper.happened.append(f"feed {command[2]}")
            case b"\x1dV":
                self.paper.happened.append(f"cut {command[2]} {command[3]}")
            case _:
                assert command[3] == 0, "single density would stretch the slip"
                self.paper.row_bytes = command[4] + 256 * command[5]
                self.paper.bands.append(command[6] + 256 * command[7])
                self.paper.rows += command[8:]
                self.paper.happened.append("picture")

    def _answer(self, question: int, connection: socket.socket) -> None:
        self.asked += 1
        printed = bool(self.paper.rows)
        answers = self.answers_after if printed and self.answers_after else self.answers
        if answers is not None and not (printed and self.mute_after):
            connection.sendall(bytes([answers[{1: 0, 2: 1, 4: 2}[question]]]))
