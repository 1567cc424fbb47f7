"""A scanner that plays keyboard, read by the till alone and before the window system does (Linux).

No field, shortcut, keyboard layout or typing tool ever sees its keys. An option, where the user may read the device.
Windows has no such thing: its "raw input" names the keyboard that a key came from, and the window gets the key all the
same. There the filter on the window does the work.
"""

import contextlib
import os
import select
import stat
import struct
import sys
from pathlib import Path

from pos_app.scanning.hand_held import QUIET_S, CodeListener, HandHeld, NeverHereError
from pos_app.scanning.source import HealthListener
from pos_app.scanning.trouble import NO_EXCLUSIVE

_EVENT = struct.Struct("llHHi")
"""`struct input_event` of linux/input.h: seconds, microseconds, type, code, value."""
_GRAB = 0x40044590
"""EVIOCGRAB of linux/input.h: `_IOW('E', 0x90, int)`."""
_SYN, _SYN_DROPPED, _KEY = 0, 3, 1
_UP, _DOWN = 0, 1
_SHIFTS = frozenset({42, 54})
_EVENTS_AT_ONCE = 64

_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (71, "789-456+1230.", "789-456+1230."),
    (28, "\n", "\n"), (96, "\n", "\n"), (15, "\t", "\t"), (57, " ", " "), (55, "*", "*"), (98, "/", "/"),
)  # fmt: skip
"""Key numbers of linux/input-event-codes.h from the first on, as the US layout that scanners are set to."""
_PLAIN = {first + place: one for first, plain, _ in _ROWS for place, one in enumerate(plain)}
_SHIFTED = {first + place: one for first, _, shifted in _ROWS for place, one in enumerate(shifted)}

_PLACE = Path("/dev/input/by-id")


class ExclusiveLine:
    """A keyboard's device, read by nobody else while it is open.

    Raises:
        NeverHereError: this is no Linux.
        OSError: it cannot be had.
    """

    def __init__(self, device: str) -> None:
        if not sys.platform.startswith("linux"):
            raise NeverHereError(NO_EXCLUSIVE)
        self._device = os.open(device, os.O_RDONLY | os.O_NONBLOCK)
        self._shifts: set[int] = set()
        try:
            if stat.S_ISCHR(os.fstat(self._device).st_mode):  # else a recording, from a pipe
                self._grab()
        except OSError:
            self.close()
            raise

    def _grab(self) -> None:
        import fcntl  # noqa: PLC0415 - Windows has none

        fcntl.ioctl(self._device, _GRAB, 1)

    def read(self) -> str:
        """See `Line`."""
        if not select.select([self._device], [], [], QUIET_S)[0]:
            return ""
        arrived = os.read(self._device, _EVENT.size * _EVENTS_AT_ONCE)
        if not arrived:
            raise OSError
        whole = len(arrived) - len(arrived) % _EVENT.size
        # A null counts as something that arrived and as no character: a released key is no silence.
        return "".join(self._character(*event[2:]) for event in _EVENT.iter_unpack(arrived[:whole])) or "\0"

    def _character(self, kind: int, code: int, value: int) -> str:
        if (kind, code) == (_SYN, _SYN_DROPPED):  # keys were lost: what was begun is no code
            self._shifts.clear()
            return "\x02"
        if kind != _KEY:
            return ""
        if code in _SHIFTS:
            (self._shifts.discard if value == _UP else self._shifts.add)(code)
            return ""
        return (_SHIFTED if self._shifts else _PLAIN).get(code, "") if value == _DOWN else ""

    def close(self) -> None:
        """See `Line`. The system ends the grab with it."""
        with contextlib.suppress(OSError):
            os.close(self._device)


def exclusive_scanner(device: str, *, on_code: CodeListener, on_health: HealthListener) -> HandHeld:
    """The scanner at a device such as `/dev/input/by-id/usb-…-event-kbd`; it runs after its `start`."""
    return HandHeld(device, lambda: ExclusiveLine(device), on_code=on_code, on_health=on_health)


def keyboards(place: Path = _PLACE) -> list[tuple[str, str]]:
    """What plays keyboard here, scanners among it: device and name. Nothing where the system does not tell."""
    links = sorted(place.glob("*-event-kbd"))
    return [(str(link), link.name.removesuffix("-event-kbd").removeprefix("usb-").replace("_", " ")) for link in links]
