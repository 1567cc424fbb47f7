"""From a camera's picture to the first byte of the request, with everything durable that must be durable before it."""

import json
import os
import queue
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

from pos_app.checkout.events import PrintState, PrintView, Seen
from pos_app.checkout.views import PaymentView, Stage
from pos_app.gateway_access import sandbox_access
from pos_app.gateways import transport
from pos_app.payments.payment_code import PaymentCode
from pos_app.scanning.camera import Camera
from pos_app.scanning.motion import Effort
from pos_app.scanning.opencv import cv2
from pos_app.settings import Settings
from pos_app.till import Till
from tests.bench.figures import folder_on_disk, line
from tests.scanning.pictures import Picture, in_view, qr

PAYMENTS = 110
WARM_UP = 10
PATIENCE_S = 30


class Wire:
    """Notes when the bytes of a charge went to the system.

    The HTTP library's own trace tells when it has handed the request's head to the TLS socket: that is just after the
    first byte left this process, so the figure errs to the long side. A gateway in another process could only see
    the byte later, by a time that is the system's and not ours.
    """

    def __init__(self) -> None:
        self.sent: queue.SimpleQueue[int] = queue.SimpleQueue()
        real = transport._Sending.trace

        async def trace(sending: Any, event: str, facts: dict[str, Any]) -> None:
            await real(sending, event, facts)
            if event == "http11.send_request_headers.complete" and sending._about_to_send is not None:
                self.sent.put(time.monotonic_ns())

        transport._Sending.trace = trace  # type: ignore[method-assign, assignment]


def picture_of(code: str) -> Picture:
    return cv2.cvtColor(in_view(qr(code), noise=6), cv2.COLOR_GRAY2BGR).astype("uint8")


def durable_writes_ms(folder: Path, count: int = 100) -> list[float]:
    """The baseline: two small writes, each forced to the disk, which no till can do without."""
    took = []
    with (folder / "baseline").open("wb") as file:
        for _ in range(count):
            began = time.perf_counter_ns()
            for _ in range(2):
                file.write(b"x" * 4096)
                file.flush()
                os.fsync(file.fileno())
            took.append((time.perf_counter_ns() - began) / 1e6)
    return took


def run() -> list[str]:
    """The line of the table."""
    with folder_on_disk() as place:
        command = [sys.executable, "-m", "pos_app", "sandbox", "--json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as sandbox:
            assert sandbox.stdout
            about = json.loads(sandbox.stdout.readline())
            try:
                baseline = durable_writes_ms(Path(place))
                values = payments(Path(place) / "till", about)
            finally:
                sandbox.terminate()
    return [
        line("frame to first request byte", values, "ms", beside=("two fsyncs", baseline), aim="≤ 25 ms, p95 ≤ 60 ms")
    ]


def payments(folder: Path, about: dict[str, Any]) -> list[float]:
    wire, told = Wire(), queue.SimpleQueue[object]()

    def post(view: object) -> None:
        told.put(view)
        if isinstance(view, Seen) and isinstance(view.read, PaymentCode):
            till.charge(
                amount=50_000,
                note="",
                code=view.read,
                source=view.source,
                scanned_at_ns=view.scanned_at_ns,
                retry_of="",
            )

    till = Till(Settings(), folder, post, access=sandbox_access(about["url"]), camera=False).start()
    camera = Camera("", on_frame=till._scans.frame)
    camera.preview(on=True)
    phone = build_opener(ProxyHandler({}))
    took = []
    try:
        for number in range(PAYMENTS):
            with phone.open(f"{about['phone_url']}/code", timeout=5) as answer:
                frame = picture_of(json.load(answer)["code"])
            till.amount_stands(50_000)  # as the screen does: the connection stands when the code comes
            time.sleep(0.05)
            arrived = time.monotonic_ns()
            camera._look(frame, Effort.HARDER, arrived)
            took.append((wire.sent.get(timeout=PATIENCE_S) - arrived) / 1e6)
            until_printed(told)
            if number % 20 == 0:
                print(f"  payment {number} of {PAYMENTS}", file=sys.stderr, flush=True)
    finally:
        till.stop()
    return took[WARM_UP:]


def until_printed(told: "queue.SimpleQueue[object]") -> None:
    paid = False
    while True:
        view = told.get(timeout=PATIENCE_S)
        paid = paid or (isinstance(view, PaymentView) and view.stage is Stage.PAID)
        if paid and isinstance(view, PrintView) and view.state is not PrintState.PRINTING:
            return
