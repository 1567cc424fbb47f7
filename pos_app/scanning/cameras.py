"""Which cameras are plugged in, and how a setting names one so that it stays the same one. No OpenCV here.

Linux tells a camera's name and its USB port. Both make its id, since numbers change whenever something is plugged in.
Elsewhere cameras have numbers only (Windows and macOS: not tried).
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple

from pos_app.settings import ANY_CAMERA

NAMED = "name:"
"""What a setting begins with that names a camera."""

_PLACE = Path("/sys/class/video4linux")
_NUMBERED = 2
"""How many numbers to offer where cameras have no names."""
_INTERFACE = re.compile(r":\d+\.\d+$")


class FoundCamera(NamedTuple):
    """A camera that is plugged in.

    Attributes:
        id: what to write into the setting.
        name: what to tell people.
        number: the system's number of the moment.
    """

    id: str
    name: str
    number: int


def cameras(place: Path = _PLACE) -> tuple[FoundCamera, ...]:
    """The cameras that give pictures, the first one first.

    Args:
        place: where Linux lists them.
    """
    if not sys.platform.startswith("linux"):
        return tuple(FoundCamera(str(number), f"Camera {number + 1}", number) for number in range(_NUMBERED))
    found = (_found(folder) for folder in sorted(place.glob("video*"), key=_number))
    return tuple(one for one in found if one is not None)


def camera_number(setting: str, place: Path = _PLACE) -> int | None:
    """The number that a setting means now; None when no such camera is plugged in.

    A camera that was moved to another port is found by its name, as long as no second one has the same.

    Args:
        setting: "auto", a number, or "name:…" as `cameras` gives it; the port may be left out.
        place: where Linux lists the cameras.
    """
    if setting.isdecimal():
        return int(setting)
    there = cameras(place)
    if setting == ANY_CAMERA:
        return next((one.number for one in there), None)
    exact = [one.number for one in there if one.id == setting]
    name = setting.removeprefix(NAMED).rpartition("@")[0] or setting.removeprefix(NAMED)
    same_name = [one.number for one in there if one.name == name]
    if exact:
        return exact[0]
    return same_name[0] if len(same_name) == 1 else None


def _number(folder: Path) -> int:
    digits = folder.name.removeprefix("video")
    return int(digits) if digits.isdecimal() else -1


def _found(folder: Path) -> FoundCamera | None:
    """The camera behind one node; None for the nodes beside it, which give data about the pictures only."""
    try:
        name = (folder / "name").read_text(encoding="utf-8", errors="replace").strip()
        index = (folder / "index").read_text(encoding="ascii").strip()
    except OSError:
        return None
    if index != "0" or _number(folder) < 0:
        return None
    port = _INTERFACE.sub("", (folder / "device").resolve().name)
    return FoundCamera(f"{NAMED}{name}@{port}", name, _number(folder))
