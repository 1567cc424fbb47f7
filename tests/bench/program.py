"""The whole program as a process: until its window is there, until it can charge, and what it costs while it waits."""

import ctypes
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np

from pos_app.scanning.opencv import cv2
from tests.bench.figures import folder_on_disk, line

STARTS = 6
IDLE_S = 10
SETTLE_S = 4
FRAMES_PER_SECOND = 15

BARE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication(sys.argv[:1])
window = QWidget()
window.resize(1366, 768)
window.show()
QTimer.singleShot(0, lambda: print('{"window": "shown"}', flush=True))
app.exec()
"""
"""The baseline: the same toolkit with one empty window, told at the same moment of its event loop."""


def run() -> list[str]:
    """The lines of the table."""
    with folder_on_disk() as place:
        folder = Path(place)
        bare, first, again = [], [], []
        # As on a machine where it ran before: the first start of all writes what Python compiles.
        start(["-m", "pos_app", "run", "--demo", "--json"], folder / "before", ready=True)
        for number in range(STARTS):
            bare.append(start(["-c", BARE], folder)["window"])
            first.append(start(["-m", "pos_app", "run", "--demo", "--json"], folder / str(number), ready=True))
            again.append(start(["-m", "pos_app", "run", "--demo", "--json"], folder / "0", ready=True))
            print(f"  start {number + 1} of {STARTS}", file=sys.stderr, flush=True)
        beside = ("bare Qt window", bare)
        lines = [
            line("first window, new data folder", [one["window"] for one in first], "ms", beside=beside, aim="≤ 2 ×"),
            line("first window, started before", [one["window"] for one in again], "ms", beside=beside, aim="≤ 2 ×"),
            line("ready to scan, new data folder", [one["till"] for one in first], "ms", beside=beside),
            line("ready to scan, started before", [one["till"] for one in again], "ms", beside=beside),
        ]
        return lines + idle(folder / "idle")


def begin(arguments: list[str], home: Path) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.Popen(
        [sys.executable, *arguments],
        env={**environment, "POS_APP_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def moments(program: subprocess.Popen[str], began_ns: int, *, ready: bool) -> dict[str, float]:
    """Milliseconds from before the process began until it told each thing; all of them when it is ready."""
    assert program.stdout
    reached: dict[str, float] = {}
    for told in program.stdout:
        for name in json.loads(told):
            reached[name] = (time.perf_counter_ns() - began_ns) / 1e6
        if ("till" if ready else "window") in reached:
            return reached
    raise RuntimeError("the program ended before it was ready")


def start(arguments: list[str], home: Path, *, ready: bool = False) -> dict[str, float]:
    began = time.perf_counter_ns()
    with begin(arguments, home) as program:
        try:
            return moments(program, began, ready=ready)
        finally:
            end(program)


def end(program: subprocess.Popen[str]) -> None:
    program.send_signal(signal.SIGTERM)
    try:
        program.wait(20)
    except subprocess.TimeoutExpired:
        program.kill()


# --- at rest --------------------------------------------------------------------------------------------------------


class MjpegCamera:
    """A camera on the network: a counter in front of it, no code in view, 15 pictures a second."""

    def __init__(self) -> None:
        noise = np.random.default_rng(7)
        scene = cv2.GaussianBlur(noise.integers(0, 255, (720, 1280, 3), dtype=np.uint8), (0, 0), 9)
        self._pictures = []
        for _ in range(FRAMES_PER_SECOND):
            grain = noise.normal(0, 3, scene.shape)
            self._pictures.append(cv2.imencode(".jpg", np.clip(scene + grain, 0, 255).astype(np.uint8))[1].tobytes())
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}/"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._show, args=(client,), daemon=True).start()

    def _show(self, client: socket.socket) -> None:
        with client:
            try:
                client.recv(4096)
                client.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=f\r\n\r\n")
                while True:
                    for picture in self._pictures:
                        part = io.BytesIO()
                        part.write(b"--f\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(picture))
                        part.write(picture + b"\r\n")
                        client.sendall(part.getvalue())
                        time.sleep(1 / FRAMES_PER_SECOND)
            except OSError:
                return

    def stop(self) -> None:
        self._server.close()


def idle(home: Path) -> list[str]:
    if not Path("/proc/self/stat").exists():
        return ["idle: this system does not tell what a process costs"]
    camera = MjpegCamera()
    home.mkdir()
    (home / "settings.toml").write_text(f'version = 1\n\n[scanning]\ncamera = "{camera.url}"\n', encoding="utf-8")
    began = time.perf_counter_ns()
    with begin(["-m", "pos_app", "run", "--demo", "--json"], home) as program:
        try:
            moments(program, began, ready=True)
            time.sleep(SETTLE_S)
            shares = []
            for _ in range(IDLE_S):
                before, at = cpu_s(program.pid), time.monotonic()
                time.sleep(1)
                shares.append(100 * (cpu_s(program.pid) - before) / (time.monotonic() - at))
            resident = resident_mb(program.pid)
        finally:
            end(program)
            camera.stop()
    return [
        line("idle, MJPEG camera 15 fps, of a core", shares, "%", aim="≤ 5 %"),
        line("resident memory after that", [resident], "MB"),
    ]


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(one.split()[1]) for one in status.splitlines() if one.startswith("VmRSS")) / 1024


class _Allocator(ctypes.Structure):
    """What glibc tells of its allocator (`mallinfo2`), bytes."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks")
    ] + [("keepcost", ctypes.c_size_t)]


def in_use_mb() -> float:
    """How much this process has from the allocator and not given back; the resident memory also counts the holes."""
    ask = ctypes.CDLL(None).mallinfo2
    ask.restype = _Allocator
    told = ask()
    return float(told.uordblks + told.hblkhd) / 2**20
