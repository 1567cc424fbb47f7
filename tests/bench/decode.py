"""How long decoding takes, beside a named baseline in the same run: OpenCV's own QR detector."""

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from pos_app.scanning.decoders import FrameDecoder, Picture, decode
from pos_app.scanning.opencv import cv2
from tests.scanning.pictures import code128, in_view, phone, qr

CODE = "281234567890123456"
ROUNDS = 40


def run() -> list[str]:
    """One line for each kind of 1280×720 picture: median and p95 in ms, and how many times OpenCV takes as long."""
    lines = []
    for name, frame in _frames().items():
        stream = FrameDecoder()
        ours = _times_ms(lambda frame=frame, stream=stream: stream.decode(frame))  # type: ignore[misc]
        whole = _times_ms(lambda frame=frame: decode(frame))  # type: ignore[misc]
        baseline = cv2.QRCodeDetector()
        theirs = _times_ms(lambda frame=frame, baseline=baseline: baseline.detectAndDecode(frame))  # type: ignore[misc]
        lines.append(
            f"decode {name:<12} camera frame {_show(ours)}   every try {_show(whole)}   "
            f"cv2.QRCodeDetector {_show(theirs)}   ratio {median(theirs) / median(ours):.1f}"
        )
    return lines


def _frames() -> dict[str, Picture]:
    counter = cv2.GaussianBlur(np.random.default_rng(2).integers(0, 255, (720, 1280), dtype=np.uint8), (0, 0), 9)
    views = {
        "QR": in_view(qr(CODE), noise=6),
        "Code 128": in_view(code128(CODE), noise=6),
        "phone": in_view(phone(CODE), scale=0.6, angle=9, noise=6),
        "no code": cv2.normalize(counter, np.empty_like(counter), 40, 220, cv2.NORM_MINMAX).astype(np.uint8),
    }
    return {name: cv2.cvtColor(view, cv2.COLOR_GRAY2BGR).astype(np.uint8) for name, view in views.items()}


def _times_ms(work: Callable[[], object]) -> list[float]:
    work()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter_ns()
        work()
        times.append((time.perf_counter_ns() - began) / 1e6)
    return sorted(times)


def _show(times: list[float]) -> str:
    return f"median {median(times):6.2f} ms, p95 {times[int(len(times) * 0.95)]:6.2f} ms"


if __name__ == "__main__":
    print("\n".join(run()))
