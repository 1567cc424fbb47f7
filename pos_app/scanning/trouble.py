"""What is wrong with a camera or scanner, in words, and what to do about it: gone, taken, not allowed, silent.

Devices are looked at, never opened here. An address may hold a password: it goes into no message.
"""

import logging
import os
import sys
import traceback
from pathlib import Path
from typing import NamedTuple

from pos_app.scanning.cameras import camera_number
from pos_app.words import NOTHING, Text

log = logging.getLogger(__name__)


class Trouble(NamedTuple):
    """What is wrong, in a few words, and the remedy as a sentence; both empty when nothing is."""

    what: Text
    remedy: Text


WELL = Trouble(NOTHING, NOTHING)

CAMERA_GONE = Trouble(
    Text("không thấy camera", "no camera"),
    Text("Cắm lại dây camera. Máy tự nhận lại.", "Plug the camera in again. The till finds it by itself."),
)
CAMERA_SILENT = Trouble(
    Text("camera đứng hình", "camera frozen"),
    Text("Nếu vài giây nữa chưa có hình, rút camera ra rồi cắm lại.",
         "If no picture comes within seconds, unplug the camera and plug it in again."),
)  # fmt: skip
CAMERA_TAKEN = Trouble(
    Text("camera đang bận", "camera in use"),
    Text("Một chương trình khác đang dùng camera. Hãy tắt nó: gọi video, trình duyệt, phần mềm camera.",
         "Another program uses the camera. Close it: a video call, a browser, a camera program."),
)  # fmt: skip
_CAMERA_TAKEN_BY = Text("{program} đang dùng camera. Hãy tắt nó.", "{program} uses the camera. Close it.")
CAMERA_NOT_OPEN = Trouble(
    Text("không mở được camera", "camera will not open"),
    Text("Cắm lại dây camera, tắt chương trình khác đang dùng camera, cho phép ứng dụng dùng camera trong cài đặt máy.",
         "Plug the camera in again; close other programs that use it; allow apps to use it in the system's settings."),
)  # fmt: skip
CAMERA_UNREACHED = Trouble(
    Text("mất camera mạng", "network camera gone"),
    Text("Bật camera, kiểm tra mạng và địa chỉ camera.", "Switch the camera on; check the network and its address."),
)
CAMERA_BROKE = Trouble(
    Text("camera gặp lỗi", "camera fault"),
    Text("Máy tự thử lại. Nếu vẫn báo lỗi, rút camera ra rồi cắm lại.",
         "The till tries again by itself. If this stays, unplug the camera and plug it in again."),
)  # fmt: skip
NO_SUCH_FILE = Trouble(
    Text("không mở được tệp hình", "no picture file"),
    Text("Kiểm tra tên tệp trong cài đặt.", "Check the file's name in the settings."),
)
NO_READER = Text("chưa có bộ đọc mã", "no code reader")
"""What is wrong; the remedy is the decoders' own."""

SCANNER_GONE = Trouble(
    Text("mất kết nối", "not connected"),
    Text("Cắm lại dây máy quét. Máy tự nhận lại.", "Plug the scanner in again. The till finds it by itself."),
)
SCANNER_TAKEN = Trouble(
    Text("đang bận", "in use"),
    Text("Một chương trình khác đang dùng máy quét. Hãy tắt nó.", "Another program uses the scanner. Close it."),
)
SCANNER_BROKE = Trouble(
    Text("gặp lỗi", "fault"),
    Text("Máy tự thử lại. Nếu vẫn báo lỗi, rút máy quét ra rồi cắm lại.",
         "The till tries again by itself. If this stays, unplug the scanner and plug it in again."),
)  # fmt: skip
NO_EXCLUSIVE = Trouble(
    Text("không dùng được ở máy này", "not on this system"),
    Text("Xóa dòng exclusive trong settings.toml: chỉ Linux có. Máy quét vẫn quét như bàn phím.",
         "Take exclusive out of settings.toml: only Linux has it. The scanner then works as a keyboard."),
)  # fmt: skip
_SCANNER_TAKEN_BY = Text("{program} đang dùng máy quét. Hãy tắt nó.", "{program} uses the scanner. Close it.")

_NOT_ALLOWED = Text("không được phép dùng", "not allowed")
_JOIN_GROUP = Text("Thêm người dùng này vào nhóm của {device}, rồi đăng nhập lại.",
                   "Add this user to the group of {device}, then log in again.")  # fmt: skip


def note_fault(what: str, error: Exception) -> None:
    """Write down what nobody foresaw: its kind and where it was. Its own text may hold a code, and is left out."""
    log.error("%s: %s\n%s", what, type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))


def camera_trouble(setting: str, *, plugged_in: bool, live: bool, ran: bool) -> Trouble:
    """Why a camera gives no picture.

    Args:
        setting: as the settings name it.
        plugged_in: it is a camera of this computer.
        live: it is that, or an address.
        ran: it gave pictures a moment ago.
    """
    if not live:
        return NO_SUCH_FILE
    if not plugged_in:
        return CAMERA_SILENT if ran else CAMERA_UNREACHED
    if not sys.platform.startswith("linux"):
        return CAMERA_SILENT if ran else CAMERA_NOT_OPEN
    number = camera_number(setting)
    if number is None:
        return CAMERA_GONE
    blocked = _blocked(Path(f"/dev/video{number}"), CAMERA_GONE, CAMERA_TAKEN, _CAMERA_TAKEN_BY)
    return CAMERA_SILENT if ran and blocked is CAMERA_TAKEN else blocked


def scanner_trouble(device: str) -> Trouble:
    """Why a scanner's device (`/dev/…`, `COM3`) does not open, or went away."""
    if sys.platform == "win32":  # ports are no files there
        from serial.tools import list_ports  # noqa: PLC0415 - only where such a scanner is set

        there = {port.device.upper() for port in list_ports.comports()}
        return SCANNER_TAKEN if device.upper() in there else SCANNER_GONE
    return _blocked(Path(device), SCANNER_GONE, SCANNER_TAKEN, _SCANNER_TAKEN_BY)


def _blocked(node: Path, gone: Trouble, taken: Trouble, taken_by: Text) -> Trouble:
    """Why a device that exists, or not, cannot be had."""
    if not _is_there(node):
        return gone
    if not os.access(node, os.R_OK | os.W_OK):
        return Trouble(_NOT_ALLOWED, _JOIN_GROUP.fill(device=node))
    program = who_uses(node.resolve())
    return taken._replace(remedy=taken_by.fill(program=program)) if program else taken


def _is_there(node: Path) -> bool:
    try:
        return node.exists()
    except PermissionError:  # a sandbox does not even tell that
        return True
    except OSError:  # no such name can be
        return False


def who_uses(node: Path) -> str:
    """Another program of this user's that holds the device open, "" when none is seen (only Linux tells)."""
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if link.parts[2] != str(os.getpid()) and str(link.readlink()) == str(node):
                return (link.parents[1] / "comm").read_text(encoding="utf-8", errors="replace").strip()
        except OSError:  # it ended meanwhile, or is somebody else's
            continue
    return ""
