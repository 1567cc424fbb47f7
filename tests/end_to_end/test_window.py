"""The real program in a real X window: every way a code comes in ends PAID on screen, in the journal, on the slip,
and in the gateway's own record.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pytest
from PIL import Image, ImageGrab

from pos_app.door import NobodyHomeError, ask
from pos_app.qr.picture import modules
from pos_app.sandbox.server import Sandbox
from pos_app.scanning.opencv import cv2
from tests.end_to_end.programs import run
from tests.end_to_end.world import leaks

PAID_GREEN = (0x0B, 0x75, 0x44)
pytestmark = [pytest.mark.xvfb, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1366x768x24", "-noreset"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as numbers:
        number = numbers.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


class Window:
    """The program on its screen, used as a person and a scanner use it."""

    def __init__(self, display: str, home: Path, program: subprocess.Popen[bytes]) -> None:
        self.display = display
        self.home = home
        self.program = program

    def keys(self, *keys: str, delay_ms: int = 120) -> None:
        self._xdotool("key", "--delay", str(delay_ms), *keys)

    def scanner(self, code: str) -> None:
        """A hand-held scanner that plays keyboard."""
        # The code goes by standard input: an argument could be read by everybody.
        # All keys at once: a busy machine can then put no gap between them that no scanner would.
        script = f"type --delay 0 {code}\nkey --delay 0 Return\n"
        subprocess.run(
            ["xdotool", "-"], input=script, text=True, check=True, env={**os.environ, "DISPLAY": self.display}
        )

    def amount(self, digits: str) -> None:
        self.keys(*digits, "Return")

    def payments(self) -> list[dict[str, Any]]:
        return list(ask(self.home, "payments", day="")["payments"])

    def until_paid(self, seconds: float = 60) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            paid = [one for one in self.payments() if one["state"] == "paid" and one["copies"]]
            if paid:
                return paid[-1]
            time.sleep(0.1)
        raise AssertionError(f"not paid: {self.payments()}")

    def turns_green(self, seconds: float = 60) -> bool:
        """Whether the stage is the solid green of a payment; it fades in."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if ImageGrab.grab(xdisplay=self.display).getpixel((700, 120)) == PAID_GREEN:
                return True
            time.sleep(0.05)
        return False

    def _xdotool(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], check=True, env={**os.environ, "DISPLAY": self.display})


@contextmanager
def open_till(display: str, home: Path, sandbox: Sandbox, camera: str, *, scanner: str = "") -> Iterator[Window]:
    home.mkdir()
    settings = f'[scanning]\ncamera = "{camera}"\nserial = "{scanner}"\n'
    (home / "settings.toml").write_text(settings, encoding="utf-8")
    environment = {**os.environ, "DISPLAY": display, "POS_APP_HOME": str(home), "QT_QPA_PLATFORM": "xcb"}
    log = (home.parent / "output.log").open("w+", encoding="utf-8")
    program = subprocess.Popen(
        [sys.executable, "-m", "pos_app", "run", "--demo-url", sandbox.url], env=environment, stdout=log, stderr=log
    )
    try:
        window = Window(display, home, program)
        deadline = time.monotonic() + 60
        while True:
            try:
                ask(home, "payments", day="")
                break
            except NobodyHomeError:
                assert program.poll() is None, (home.parent / "output.log").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.1)
        focus: list[str] = []
        while not focus:
            assert time.monotonic() < deadline
            time.sleep(0.7)
            focus = subprocess.run(
                ["xdotool", "search", "--onlyvisible", "--pid", str(program.pid)],
                capture_output=True, text=True, check=False, env=environment,
            ).stdout.split()  # fmt: skip
        subprocess.run(["xdotool", "windowfocus", "--sync", focus[-1]], check=True, env=environment)
        yield window
    finally:
        program.send_signal(signal.SIGTERM)
        try:
            program.wait(60)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()
        log.close()


def agree(window: Window, sandbox: Sandbox, amount: int) -> None:
    """Journal, screen, slip and gateway say the same."""
    paid = window.until_paid()
    assert window.turns_green()
    order = next(one for one in sandbox.orders() if one["app_trans_id"] == paid["order_id"])
    assert (order["state"], order["amount"], str(order["zp_trans_id"])) == ("paid", amount, paid["zp_trans_id"])
    assert order["creates"] == 1
    slip = pypdf.PdfReader(window.home / "slips" / f"{paid['slip_number']}.pdf").pages[0].extract_text()
    assert f"{amount:,}".replace(",", ".") in slip
    assert "ĐÃ THANH TOÁN" in slip
    assert paid["zp_trans_id"] in slip
    assert "DEMO" in slip
    assert leaks([sandbox.key1], window.home.parent) == []


def phone_picture(code: str) -> np.ndarray:
    """A phone with a code on it, 1280×720, as a webcam sees it."""
    dark = np.array(modules(code), dtype=bool)
    shown = Image.fromarray(np.where(np.kron(dark, np.ones((8, 8), dtype=bool)), 20, 235).astype(np.uint8))
    scene = Image.new("L", (1280, 720), 70)
    scene.paste(Image.new("L", (shown.width + 60, 560), 235), (500, 80))
    scene.paste(shown, (530, 200))
    return np.array(scene.rotate(4, fillcolor=70).convert("RGB"))


def nothing_picture() -> np.ndarray:
    return np.full((720, 1280, 3), 70, dtype=np.uint8)


def test_hand_held_scanner(display: str, sandbox: Sandbox, tmp_path: Path) -> None:
    with open_till(display, tmp_path / "home", sandbox, "") as window:
        window.amount("50000")
        window.scanner(sandbox.customer.fresh_code())
        agree(window, sandbox, 50_000)


def test_typed_digits_are_never_a_payment(display: str, sandbox: Sandbox, tmp_path: Path) -> None:
    with open_till(display, tmp_path / "home", sandbox, "") as window:
        window.amount("50000")
        window.keys(*sandbox.customer.fresh_code(), "Return", delay_ms=60)
        time.sleep(1)
        assert window.payments() == []


def test_photo(display: str, sandbox: Sandbox, tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    cv2.imwrite(str(photo), phone_picture(sandbox.customer.fresh_code()))
    with open_till(display, tmp_path / "home", sandbox, str(photo)) as window:
        window.amount("60000")
        photo.unlink()
        agree(window, sandbox, 60_000)


def test_video_of_a_phone(display: str, sandbox: Sandbox, tmp_path: Path) -> None:
    video = tmp_path / "phone.avi"
    writer = cv2.VideoWriter(str(video), cv2.VideoWriter.fourcc(*"MJPG"), 10, (1280, 720))
    code = phone_picture(sandbox.customer.fresh_code())
    for picture in [nothing_picture()] * 40 + [code] * 120:
        writer.write(picture)
    writer.release()
    with open_till(display, tmp_path / "home", sandbox, str(video)) as window:
        window.amount("70000")
        agree(window, sandbox, 70_000)


def test_mjpeg_camera(display: str, sandbox: Sandbox, tmp_path: Path) -> None:
    held_out = threading.Event()
    pictures = {False: nothing_picture(), True: phone_picture(sandbox.customer.fresh_code())}
    jpegs = {key: cv2.imencode(".jpg", picture)[1].tobytes() for key, picture in pictures.items()}

    class Camera(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            self.end_headers()
            try:
                while True:
                    jpeg = jpegs[held_out.is_set()]
                    head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                    self.wfile.write(head.encode() + jpeg + b"\r\n")
                    time.sleep(1 / 15)
            except OSError:
                return

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Camera)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/camera.mjpg"
    try:
        with open_till(display, tmp_path / "home", sandbox, address) as window:
            held_out.set()  # in view during all of the typing: nothing may be charged before Enter
            window.keys(*"80000")
            time.sleep(1.5)
            assert window.payments() == []
            window.keys("Return")
            agree(window, sandbox, 80_000)
    finally:
        server.shutdown()
        server.server_close()


def test_ctrl_c_ends_in_order_and_nothing_stays_open(display: str, sandbox: Sandbox, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with open_till(display, home, sandbox, "") as window:
        window.amount("10003")  # stuck in processing
        window.scanner(sandbox.customer.fresh_code())
        deadline = time.monotonic() + 60
        while [one["state"] for one in window.payments()] != ["processing"]:
            assert time.monotonic() < deadline, window.payments()
            time.sleep(0.1)
        window.program.send_signal(signal.SIGINT)
        assert window.program.wait(60) == 0
    assert not (home / "till.door").exists()
    code, told, _ = run(home, "payments", "--json")
    assert code == 0
    assert [one["state"] for one in json.loads(told)["payments"]] == ["processing"]
