"""A scanner that types while a manager's PIN is asked for leaves no digit in it, nor in any other field there."""

from pathlib import Path
from shutil import which

import pytest

from tests.ui.test_scan_filter import CODE, display, shown

__all__ = ["display"]

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.skipif(not (which("Xvfb") and which("xdotool")), reason="needs Xvfb and xdotool"),
]

PROGRAM = """
import json, sys
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication
from pos_app.checkout.events import PinState
from pos_app.payments.acts import Act
from pos_app.ui.scan_filter import ScanFilter
from pos_app.ui.theme import load_fonts
from tests.ui import samples
from tests.ui.gallery import Scene

application = QApplication(sys.argv)
load_fonts()
scene = Scene((1024, 768))
scene.bridge.post(PinState(is_set=True))
scene.window.approvals.want(Act.RELEASE, samples.WATCHED)
approval = scene.window.screens.approval
approval.who.edit.setText("Lan")
(approval.note if "--note" in sys.argv else approval.pin).setFocus()
scans, asked = [], []

def tell():
    print(json.dumps({"asked": len(asked), "scans": scans, "digits": approval.pin.count, "note": approval.note.text,
                      "who": approval.who.text, "acts": len(scene.till.acts)}), flush=True)

if "--no-filter" not in sys.argv:
    scan_filter = ScanFilter(application)
    scene.window.windowHandle().installEventFilter(scan_filter)
    scan_filter.scanned.connect(lambda scan: (scans.append(len(scan.text)), tell()))
approval.pin.changed.connect(tell)
approval.note.changed.connect(lambda _: tell())
QShortcut(QKeySequence("F12"), scene.window, lambda: (asked.append(1), tell()))
tell()
application.exec()
"""


@pytest.mark.parametrize("field", ["", "--note"])
def test_a_scan_leaves_nothing(display: str, tmp_path: Path, field: str) -> None:
    with shown(display, tmp_path, field, program=PROGRAM) as screen:
        screen.scan()
        screen.scan(CODE[::-1])
        told = screen.told()
        assert told == {"scans": [18, 18], "digits": 0, "note": "", "who": "Lan", "acts": 0}
        if not field:
            screen.xdotool("type", "--delay", "120", "831642")
            assert screen.told()["digits"] == 6  # a person's typing comes through


def test_without_the_filter_it_would(display: str, tmp_path: Path) -> None:
    with shown(display, tmp_path, "--no-filter", program=PROGRAM) as screen:
        screen.scan()
        assert screen.told()["digits"] == 12
