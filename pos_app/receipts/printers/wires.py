"""How bytes get to a printer and its answers back: a network socket, a device file (USB), a serial line.

Every call has an end: what a printer does not take or say in time is an `OSError`. What the bytes mean is known in
`escpos` only.
"""

import contextlib
import os
import select
import socket
import stat
from pathlib import Path
from typing import Any, Protocol

from pos_app.receipts.printers.printer import PrinterError
from pos_app.words import Text

_SEND_BUFFER = 16_384
"""Bytes this machine may keep unsent: little, so that a printer that stopped reading is noticed."""
_GOODBYE_SECONDS = 0.5
_GOODBYE_ANSWERS = 8
_SERIAL_BUFFER_BITS = 4096 * 10
"""What the system may still hold of a serial line's bytes, in bits on the wire."""

NOT_FOUND = Text("Không thấy máy in", "Printer not found")
_CHECK_NETWORK = Text(
    "Bật máy in, kiểm tra dây mạng và địa chỉ máy in.",
    "Switch the printer on; check its network cable and its address.",
)
_CHECK_CABLE = Text("Bật máy in, cắm lại dây máy in.", "Switch the printer on; plug its cable in again.")
_NOT_ALLOWED = Text("Không được dùng máy in", "Not allowed to use the printer")
_JOIN_GROUP = Text(
    "Thêm người dùng này vào nhóm của {device}, rồi đăng nhập lại.",
    "Add this user to the group of {device}, then log in again.",
)


class Line(Protocol):
    """An open line to a printer."""

    @property
    def two_way(self) -> bool:
        """Whether answers can come back at all."""
        ...

    @property
    def lag_seconds(self) -> float:
        """How long what was sent last may still be on its way."""
        ...

    def send(self, data: bytes, wait_seconds: float) -> None:
        """Hand all of `data` over.

        Raises:
            OSError: the printer did not take it, or not in time.
        """
        ...

    def receive(self, wait_seconds: float) -> bytes:
        """What the printer says within the time, "" for nothing.

        Raises:
            OSError: the line is cut.
        """
        ...

    def close(self) -> None:
        """Let go of it; what was sent still arrives."""
        ...


class Wire(Protocol):
    """Where a printer is connected."""

    @property
    def name(self) -> str:
        """What the records call the printer."""
        ...

    def open(self) -> Line:
        """A line to the printer.

        Raises:
            PrinterError: it is not there.
        """
        ...


class NetworkWire:
    """A printer's raw port on the network.

    Args:
        host: its name or address.
        port: its raw port.
        timeout_seconds: for connecting.
    """

    def __init__(self, host: str, port: int = 9100, *, timeout_seconds: float = 3) -> None:
        self._host, self._port = host, port
        self._timeout_seconds = timeout_seconds

    @property
    def name(self) -> str:
        """Its address."""
        return f"{self._host}:{self._port}"

    def open(self) -> Line:
        """Connect."""
        try:
            connection = socket.create_connection((self._host, self._port), self._timeout_seconds)
        except (OSError, UnicodeError) as error:
            raise PrinterError(NOT_FOUND, _CHECK_NETWORK) from error
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        return _SocketLine(connection)


class _SocketLine:
    two_way = True
    lag_seconds = 0.0

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, data: bytes, wait_seconds: float) -> None:
        self._connection.settimeout(wait_seconds)
        self._connection.sendall(data)

    def receive(self, wait_seconds: float) -> bytes:
        self._connection.settimeout(wait_seconds)
        try:
            answer = self._connection.recv(64)
        except TimeoutError:
            return b""
        if not answer:
            raise ConnectionResetError
        return answer

    def close(self) -> None:
        """End our side and let the printer end its own: closing over an unread answer could cost it the last rows.

        Everything was taken by now; that some printers hang up rudely is no trouble. One that never stops talking is
        not listened to for ever.
        """
        with self._connection, contextlib.suppress(OSError):
            self._connection.settimeout(_GOODBYE_SECONDS)
            self._connection.shutdown(socket.SHUT_WR)
            for _ in range(_GOODBYE_ANSWERS):
                if not self._connection.recv(4096):
                    break


class DeviceWire:
    """A device file such as `/dev/usb/lp0`, a pipe, or a plain file that slips are added to.

    A USB printer of the common class needs no library on Linux: its kernel driver (usblp) makes this file, and it can
    be read for answers too.

    Args:
        path: the file.
        create: whether a plain file is made where there is none.
    """

    def __init__(self, path: str, *, create: bool = False) -> None:
        self._path = path
        self._create = create

    @property
    def name(self) -> str:
        """The file's path."""
        return self._path

    def open(self) -> Line:
        """Open the file without waiting for whoever is at its other end."""
        try:
            two_way = stat.S_ISCHR(Path(self._path).stat().st_mode)
        except (OSError, ValueError):
            two_way = False
        how = os.O_RDWR if two_way else os.O_WRONLY | os.O_APPEND | (os.O_CREAT if self._create else 0)
        # Windows knows neither waiting nor not waiting for a file.
        how |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
        try:
            return _DeviceLine(os.open(self._path, how, 0o600), two_way=two_way and os.name != "nt")
        except PermissionError as error:
            raise PrinterError(_NOT_ALLOWED, _JOIN_GROUP.fill(device=self._path)) from error
        except (OSError, ValueError) as error:
            raise PrinterError(NOT_FOUND, _CHECK_CABLE) from error


class _DeviceLine:
    lag_seconds = 0.0

    def __init__(self, descriptor: int, *, two_way: bool) -> None:
        self._descriptor = descriptor
        self.two_way = two_way

    def send(self, data: bytes, wait_seconds: float) -> None:
        while data:
            if os.name != "nt" and not select.select([], [self._descriptor], [], wait_seconds)[1]:
                raise TimeoutError
            with contextlib.suppress(BlockingIOError):
                data = data[os.write(self._descriptor, data) :]

    def receive(self, wait_seconds: float) -> bytes:
        if not select.select([self._descriptor], [], [], wait_seconds)[0]:
            return b""
        try:
            answer = os.read(self._descriptor, 64)
        except BlockingIOError:
            return b""
        if not answer:
            raise ConnectionResetError
        return answer

    def close(self) -> None:
        os.close(self._descriptor)


class SerialWire:
    """A serial line, or a USB adapter that makes one.

    Eight bits, no parity, one stop bit. No handshake: at every speed offered here the line is slower than the print
    head, so nothing overflows.

    Args:
        device: such as `/dev/ttyUSB0` or `COM3`.
        baud: bits per second, as the printer is set.
    """

    def __init__(self, device: str, baud: int = 19200) -> None:
        self._device, self._baud = device, baud

    @property
    def name(self) -> str:
        """The device."""
        return self._device

    def open(self) -> Line:
        """Open the line."""
        import serial  # noqa: PLC0415 - only shops with such a printer need it

        try:
            return _SerialLine(serial.Serial(self._device, self._baud, timeout=0, write_timeout=0), self._baud)
        except (OSError, ValueError) as error:  # pyserial's own error is an OSError
            if getattr(error, "errno", 0) in (1, 13):
                raise PrinterError(_NOT_ALLOWED, _JOIN_GROUP.fill(device=self._device)) from error
            raise PrinterError(NOT_FOUND, _CHECK_CABLE) from error


class _SerialLine:
    two_way = True

    def __init__(self, port: Any, baud: int) -> None:
        self._port = port
        self._baud = baud

    @property
    def lag_seconds(self) -> float:
        return _SERIAL_BUFFER_BITS / self._baud

    def send(self, data: bytes, wait_seconds: float) -> None:
        self._port.write_timeout = wait_seconds + len(data) * 10 / self._baud
        self._port.write(data)

    def receive(self, wait_seconds: float) -> bytes:
        self._port.timeout = wait_seconds
        return bytes(self._port.read(1))

    def close(self) -> None:
        self._port.close()
