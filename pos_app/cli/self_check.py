"""`pos-app self-check`: whether all that was installed is there and works. What every installer's test asks.

It is about the program, not about the shop: nothing of the till's data is read or changed, no network is used. What
can only be tried as a process of its own (a payment, the window) is: in a folder that goes away afterwards, with the
built-in gateway. Anything that goes wrong ends in an exit code, never in a window that waits.
"""

import argparse
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

from pos_app.cli.say import DONE, FOUND_WRONG, Say
from pos_app.settings import Settings
from pos_app.words import Text

if TYPE_CHECKING:
    from pos_app.scanning.readers import Picture

_SECONDS_MAX = 90
"""How long a command of ours may take on the slowest machine."""
_RUNS_WHEN_IMPORTED = frozenset({"pos_app.__main__", "pos_app.journal.migrations.env"})
_PIN = "739152"
"""Of nobody: for the folder that goes away."""


class BrokenError(Exception):
    """A part does not do what it is there for; the text says what was seen."""


def add_self_check(parser: argparse.ArgumentParser) -> None:
    """It needs no arguments."""
    parser.set_defaults(command=_self_check)


def _self_check(_options: argparse.Namespace, _settings: Settings, say: Say) -> int:
    with tempfile.TemporaryDirectory(prefix="pos-app-", ignore_cleanup_errors=True) as folder:
        return run_checks(CHECKS, Path(folder), say)


def run_checks(checks: Mapping[Text, Callable[[Path], object]], folder: Path, say: Say) -> int:
    """Try each, all of them; says which work. Exit code 1 when one does not."""
    results = []
    for name, check in checks.items():
        began = time.perf_counter()
        try:
            check(folder)
            wrong = ""
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is wrong
            wrong = f"{type(error).__name__}: {error}"
        results.append({"check": name._asdict(), "wrong": wrong, "ms": round(1000 * (time.perf_counter() - began))})
        say.line(f"{'✗' if wrong else '✓'} {say.words(name)}{f': {wrong}' if wrong else ''}")
    code = FOUND_WRONG if any(result["wrong"] for result in results) else DONE
    say.result({"checks": results, "exit_code": code})
    return code


# --- in this process -----------------------------------------------------------------------------------------------


def _modules(_folder: Path) -> None:
    import pos_app  # noqa: PLC0415 - only here

    for module in pkgutil.walk_packages(pos_app.__path__, "pos_app."):
        if module.name not in _RUNS_WHEN_IMPORTED:
            importlib.import_module(module.name)


def _resources(_folder: Path) -> None:
    from pos_app.receipts.typeface import Face, font  # noqa: PLC0415 - only here
    from pos_app.resources import resource  # noqa: PLC0415
    from pos_app.ui.sounds import Sound  # noqa: PLC0415

    for file in (*(f"sounds/{sound.value}.wav" for sound in Sound), "icons/tick.svg", "app/pos-app.svg"):
        if not resource(*file.split("/")).is_file():
            raise BrokenError(file)
    for face in Face:
        font(face, 24)


def _readers(_folder: Path) -> None:
    from pos_app.scanning import readers as by  # noqa: PLC0415 - only here

    picture = _drawn("pos-app")
    readers = {"zxing-cpp": by.read_with_zxing, "zbar": by.read_with_zbar}
    if sys.platform == "win32":  # zbar needs a library there that not every machine has; zxing-cpp goes on alone
        del readers["zbar"]
    for name, read in readers.items():
        found = read(picture)
        if found is None or found.text != "pos-app":
            raise BrokenError(name)


def _drawn(text: str) -> "Picture":
    import numpy as np  # noqa: PLC0415 - only here

    from pos_app.qr.picture import modules  # noqa: PLC0415

    dark = np.array(modules(text), dtype=bool)
    return np.where(np.kron(dark, np.ones((8, 8), dtype=bool)), 0, 255).astype(np.uint8)


def _camera(folder: Path) -> None:
    from pos_app.scanning.opencv import cv2  # noqa: PLC0415 - only here
    from pos_app.scanning.source import decode_file  # noqa: PLC0415

    file = folder / "camera.avi"
    picture = cv2.cvtColor(_drawn("pos-app"), cv2.COLOR_GRAY2BGR)
    film = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"MJPG"), 15, picture.shape[1::-1])
    for _ in range(3):
        film.write(picture)
    film.release()
    if [seen.text for seen in decode_file(file)] != ["pos-app"]:
        raise BrokenError("no code in the film")


def _slips(folder: Path) -> None:
    from pos_app.receipts.layout import ROLL_80  # noqa: PLC0415 - only here
    from pos_app.receipts.printers.escpos import EscPosPrinter  # noqa: PLC0415
    from pos_app.receipts.printers.file import FilePrinter  # noqa: PLC0415
    from pos_app.receipts.printers.printer import Printer  # noqa: PLC0415
    from pos_app.receipts.printers.wires import DeviceWire  # noqa: PLC0415
    from pos_app.receipts.trial_page import trial_page  # noqa: PLC0415
    from pos_app.words import Language  # noqa: PLC0415

    roll = folder / "roll.bin"
    printers: tuple[Printer, ...] = (FilePrinter(folder / "slips"), EscPosPrinter(DeviceWire(str(roll), create=True)))
    for printer in printers:
        printer.print(trial_page(printer.name, ROLL_80, Language.VI))
    if not (any((folder / "slips").glob("*.pdf")) and b"\x1dv0" in roll.read_bytes()):
        raise BrokenError("no page came out")


def _system_printers(_folder: Path) -> None:
    """There need be none: what is asked is whether the system can be asked."""
    from pos_app.receipts.printers.system import SystemPrinter  # noqa: PLC0415 - only here
    from pos_app.receipts.printers.wires import NOT_FOUND  # noqa: PLC0415

    status = SystemPrinter("pos-app self-check").status()
    if status.cause != NOT_FOUND:
        raise BrokenError(status.cause.en or "a printer that nobody has")


# --- as a process --------------------------------------------------------------------------------------------------


def _payment(folder: Path) -> None:
    _call(folder, "pay", "--amount", "50000")


def _pin(folder: Path) -> None:
    _call(folder, "pin", "set", "--stdin", typed=f"{_PIN}\n")


def _reports(folder: Path) -> None:
    _call(folder, "report", "--xlsx", str(folder / "report.xlsx"))
    _call(folder, "report", "--pdf", str(folder / "report.pdf"))


def _backup(folder: Path) -> None:
    _call(folder, "backup", str(folder / "backup"), "--passphrase-stdin", typed="of nobody, for nothing\n")


def _verify(folder: Path) -> None:
    _call(folder, "verify")


def _call(folder: Path, *words: str, typed: str = "") -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        _ourselves(*words, "--demo", "--json"), input=typed, env=_environment(folder), capture_output=True, text=True,
        encoding="utf-8", timeout=_SECONDS_MAX, check=False,
    )  # fmt: skip
    if done.returncode:
        said = (done.stdout.strip() or done.stderr.strip()).rpartition("\n")[2]
        message = f"exit {done.returncode}: {said[:300]}"
        raise BrokenError(message)


def _window(folder: Path) -> None:
    """Shows itself, has its till ready, and ends when it is told to."""
    with subprocess.Popen(  # noqa: S603 - our own program
        _ourselves("run", "--demo", "--json"), env=_environment(folder / "window"), stdout=subprocess.PIPE, text=True
    ) as program:
        stop = Timer(_SECONDS_MAX, program.kill)
        stop.start()
        try:
            assert program.stdout  # noqa: S101 - for the type checker
            ready = any("till" in json.loads(line) for line in program.stdout)
        finally:
            program.terminate()
            program.wait(_SECONDS_MAX)
            stop.cancel()
    if not ready:
        raise BrokenError("the window did not come up")
    if program.returncode and sys.platform != "win32":  # which knows no gentle end from outside
        message = f"the window ended with {program.returncode}"
        raise BrokenError(message)


def _ourselves(*words: str) -> list[str]:
    return [sys.executable, "-m", "pos_app", *words]


def _environment(folder: Path) -> dict[str, str]:
    """Our own data folder; where there is no screen, a window that nobody sees."""
    environment = {**os.environ, "POS_APP_HOME": str(folder / "data"), "PYTHONIOENCODING": "utf-8"}
    if sys.platform == "linux" and not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    return environment


CHECKS: Mapping[Text, Callable[[Path], object]] = {
    Text("Mọi phần của chương trình nạp được", "Every part of the program loads"): _modules,
    Text("Phông chữ, biểu tượng, âm thanh", "Fonts, icons, sounds"): _resources,
    Text("Bộ đọc mã", "Code readers"): _readers,
    Text("Hình từ máy quay", "Pictures of a camera"): _camera,
    Text("Phiếu: PDF và máy in nhiệt", "Slips: PDF and thermal printers"): _slips,
    Text("Máy in của máy tính", "Printers of the computer"): _system_printers,
    Text("Một khoản thu thử", "A demo payment"): _payment,
    Text("Báo cáo: XLSX và PDF", "Reports: XLSX and PDF"): _reports,
    Text("PIN quản lý", "Manager's PIN"): _pin,
    Text("Sao lưu có niêm phong", "A sealed backup"): _backup,
    Text("Nhật ký nguyên vẹn", "The journal is whole"): _verify,
    Text("Cửa sổ mở và đóng được", "The window opens and closes"): _window,
}
