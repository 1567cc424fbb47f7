"""The real program, and devices of its counter that are unplugged while it runs: it says so, and they come back."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from PIL import ImageGrab

from pos_app.sandbox.server import Sandbox
from pos_app.scanning.opencv import cv2
from tests.end_to_end.test_window import agree, display, nothing_picture, open_till, phone_picture, sandbox
from tests.ports import free_port
from tests.scanning.test_hand_held import Port

__all__ = ["display", "sandbox"]

pytestmark = [pytest.mark.xvfb, pytest.mark.timeout(180)]

AMBER = (0x85, 0x50, 0x00)


class Camera:
    """A camera on the network, at the same address each time it is switched on."""

    def __init__(self) -> None:
        self.port = free_port()
        self.picture = nothing_picture()
        self.sent = 0

    @contextmanager
    def on(self) -> Iterator[None]:
        """Switched on for a while; after it, nobody answers there."""
        camera, off = self, threading.Event()

        class Pictures(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                while not off.is_set():
                    jpeg = cv2.imencode(".jpg", camera.picture)[1].tobytes()
                    head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                    try:
                        self.wfile.write(head.encode() + jpeg + b"\r\n")
                    except OSError:
                        return
                    camera.sent += 1
                    time.sleep(1 / 15)

            def log_message(self, *_: object) -> None:
                pass

        with ThreadingHTTPServer(("127.0.0.1", self.port), Pictures) as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.05,))
            thread.start()
            try:
                yield
            finally:
                off.set()
                server.shutdown()
                thread.join()


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def warns(display: str) -> bool:
    """Whether a light in the head is amber."""
    head = np.array(ImageGrab.grab(xdisplay=display).convert("RGB"))[:64, 683:]
    return bool(np.all(head == AMBER, axis=2).any())


def test_a_camera_and_a_scanner_that_vanish_and_return(display: str, sandbox: Sandbox, tmp_path: Path) -> None:
    camera, port = Camera(), Port(tmp_path / "scanner")
    address = f"http://127.0.0.1:{camera.port}/x.mjpg"
    try:
        with open_till(display, tmp_path / "home", sandbox, address, scanner=str(port.link)) as window:
            with camera.on():
                until(lambda: camera.sent > 0 and not warns(display))
                window.amount("90000")
                port.unplug()
                until(lambda: warns(display))
                port.plug_in()
                until(lambda: not warns(display))
                port.send(f"]C1{sandbox.customer.fresh_code()}\r".encode())
                agree(window, sandbox, 90_000)
            until(lambda: warns(display))
            window.amount("70000")
            camera.picture = phone_picture(sandbox.customer.fresh_code())
            with camera.on():
                until(lambda: any(one["amount"] == 70_000 and one["state"] == "paid" for one in window.payments()))
                until(lambda: not warns(display))
    finally:
        port.unplug()
