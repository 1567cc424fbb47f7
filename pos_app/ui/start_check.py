"""Whether this machine can open the window at all.

Asked before Qt is imported where Qt would end the process instead of saying what is missing (on an X server), and
elsewhere when Qt cannot be imported. Imports nothing of Qt.
"""

import os
import sys

from pos_app.words import Text

_NO_LIBRARIES = Text("Thiếu thư viện", "Libraries are missing")
_INSTALL = Text("Cài bằng: sudo apt-get install {packages}", "Install them: sudo apt-get install {packages}")
_NO_DISPLAY = (
    Text("Không có màn hình", "There is no display"),
    Text("Đăng nhập vào màn hình làm việc, hoặc đặt DISPLAY.", "Log in to a desktop, or set DISPLAY."),
)
_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libbrotlidec.so.1": "libbrotli1",
}
_X_LIBRARIES = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
}


def on_x() -> bool:
    """Whether the window will open on an X server: there Qt ends the whole process where something is missing.

    Anywhere else a missing library is an ordinary ImportError of Qt, and asking ahead would only take time.
    """
    if sys.platform != "linux":
        return False
    platform = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0]
    return platform == "xcb" or (not platform and not os.environ.get("WAYLAND_DISPLAY"))


def missing() -> tuple[Text, Text] | None:
    """What keeps the window from opening, and what to do; None when it can open.

    Only Linux needs it: elsewhere Qt brings what it needs.
    """
    if sys.platform != "linux":
        return None
    wanted = _LIBRARIES | (_X_LIBRARIES if on_x() else {})
    packages = [package for library, package in wanted.items() if not _loads(library)]
    if packages:
        return _NO_LIBRARIES, _INSTALL.fill(packages=" ".join(packages))
    return _NO_DISPLAY if on_x() and not _reaches_display() else None


def _loads(library: str) -> bool:
    import ctypes  # noqa: PLC0415 - only where it is asked

    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _reaches_display() -> bool:
    """Whether the X server that DISPLAY names lets us in; Qt would abort the process where it does not."""
    import ctypes  # noqa: PLC0415 - only where it is asked

    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not failed
