"""A whole till with its window, as a process of its own, for those who look at what it leaves (T14).

    python -m tests.fault_matrix.canary_till FOLDER

First line of standard input: how to reach the gateway, as JSON. Then on each line a payment code and the stage that it
ends in: it is scanned for an amount, and what the window shows at that stage is printed as JSON. It ends with the
input, or is killed.
"""

import json
import os
import sys
import traceback
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.fault_matrix.window import TillWindow


def main() -> None:
    """Run until the input ends."""
    application = QApplication([])
    asked: dict[str, Any] = json.loads(sys.stdin.readline())
    gateway = SimpleNamespace(credentials=lambda: asked["access"])
    window = TillWindow(gateway, Path(sys.argv[1]))  # type: ignore[arg-type]
    print(json.dumps({"title": window.window.windowTitle()}), flush=True)
    sale = window.window.sale

    def shows(wanted: object) -> bool:
        return window.stage is wanted

    for line in sys.stdin:
        code, stage = line.split()
        window.amount("50000")
        window.scan(code)
        window.until(partial(shows, getattr(sale.stage, stage)))
        print(json.dumps({"words": window.words(), "texts": window.every_text()}), flush=True)
        window.press(Qt.Key.Key_Return)
        window.press(Qt.Key.Key_Escape)
        window.press(Qt.Key.Key_Escape)
    window.till.stop()
    application.quit()


if __name__ == "__main__":
    try:
        main()
    except BaseException:  # noqa: BLE001 - said, and the process ends
        traceback.print_exc()
        os._exit(1)  # the till's threads must not keep alive what nobody waits for
