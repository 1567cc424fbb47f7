"""Serial scanners, and USB ones set to "USB COM" or "CDC": a port that sends a code's characters."""

import contextlib
import sys

from pos_app.scanning.hand_held import QUIET_S, CodeListener, HandHeld
from pos_app.scanning.source import HealthListener

if sys.platform == "win32":
    _PORT_ERRORS: tuple[type[Exception], ...] = (ValueError,)
else:
    import termios

    _PORT_ERRORS = (ValueError, termios.error)
"""What pyserial lets through of a system's driver, beside `OSError`: a setting that the port does not take, or a port
that went away while it was being set. `termios.error` is no `OSError`."""


class SerialLine:
    """An open serial port: 8 data bits, no parity, 1 stop bit, as scanners leave the factory.

    Raises:
        OSError: it cannot be had.
    """

    def __init__(self, port: str, baud: int) -> None:
        import serial  # noqa: PLC0415 - only where such a scanner is set

        try:
            # Nobody else may read along: a code would reach each reader in parts.
            self._port = serial.Serial(port, baud, timeout=QUIET_S, exclusive=True)
        except _PORT_ERRORS as error:
            raise OSError from error

    def read(self) -> str:
        """See `Line`."""
        try:
            arrived = self._port.read(1)
            if arrived:
                arrived += self._port.read(self._port.in_waiting)
        except _PORT_ERRORS as error:
            raise OSError from error
        return bytes(arrived).decode("utf-8", errors="replace")

    def close(self) -> None:
        """See `Line`."""
        with contextlib.suppress(OSError):
            self._port.close()


def serial_scanner(port: str, baud: int, *, on_code: CodeListener, on_health: HealthListener) -> HandHeld:
    """The scanner at a port such as `/dev/ttyACM0` or `COM3`; it runs after its `start`."""
    return HandHeld(port, lambda: SerialLine(port, baud), on_code=on_code, on_health=on_health)


def serial_ports() -> list[tuple[str, str]]:
    """The ports of this computer, each with the name of what hangs on it.

    On Linux as links that name the device, where there are: they stay when ports are numbered anew.
    """
    from serial.tools import list_ports, list_ports_common  # noqa: PLC0415 - only where somebody asks

    links = {one.device for one in list_ports.comports(include_links=True) if "/by-id/" in one.device}
    found: list[list_ports_common.ListPortInfo] = list(list_ports.comports(include_links=bool(links)))
    named = [one for one in found if not links or one.device in links]
    return [(one.device, one.description or one.device) for one in named]
