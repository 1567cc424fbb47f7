"""Layouts that are built anew with every payment leave nothing behind."""

import ctypes
import sys

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from pos_app.ui.widgets.layouts import empty

_FIELDS = ["arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"]


class _MallInfo(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in _FIELDS]


@pytest.mark.skipif(sys.platform != "linux", reason="asks glibc")
def test_what_is_emptied_is_freed(qapp: QApplication) -> None:
    glibc = ctypes.CDLL(None)
    if not hasattr(glibc, "mallinfo2"):
        pytest.skip("asks a newer glibc")
    glibc.mallinfo2.restype = _MallInfo
    host = QWidget()
    layout = QVBoxLayout(host)

    def built_anew(times: int) -> int:
        for _ in range(times):
            layout.addStretch(1)
            layout.addSpacing(6)
            empty(layout)
        return int(glibc.mallinfo2().uordblks)

    before = built_anew(100)
    assert built_anew(5_000) - before < 100_000, "96 bytes stayed behind each time"
    assert layout.count() == 0
