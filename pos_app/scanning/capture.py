"""Opening what gives pictures: a camera by number, a video or image file, an MJPEG address: one protocol for all.

No thread, no pace, no decoding here. An address may hold a password: it goes into no message.
"""

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pos_app.scanning.opencv import cv2

Picture = NDArray[np.uint8]

WIDTH, HEIGHT, FRAMES_PER_SECOND = 1280, 720, 15
"""What a camera is asked for; it may give something else."""

IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff"})

_ANSWER_MS_MAX = 3_000
"""How long an address may take to connect, and then between two pictures."""

_STILL_FRAMES_PER_SECOND = 5.0


class Capture(Protocol):
    """A source of pictures that stands open.

    Attributes:
        frames_per_second: the pace of a file, at which it wants to be played; 0 for what is live.
    """

    frames_per_second: float

    def grab(self) -> bool:
        """Take the next picture without unpacking it; False when there is none any more. May block for seconds."""
        ...

    def retrieve(self) -> Picture | None:
        """The picture grabbed last, BGR; None when it is broken."""
        ...

    def release(self) -> None:
        """Close the source."""
        ...


def is_live(source: int | str) -> bool:
    """Whether the source goes on by itself (a camera, an address) instead of ending as a file does."""
    return isinstance(source, int) or "://" in source


def open_capture(source: int | str) -> Capture | None:
    """Open a camera number, a path, a `frames_%03d.png` pattern or an `http` address; None if it does not open."""
    if isinstance(source, str) and not is_live(source) and _is_one_image(Path(source)):
        picture = read_image(Path(source))
        return None if picture is None else _Still(picture)
    opened = _Video(source)
    if opened.is_open:
        return opened
    opened.release()
    return None


def _is_one_image(path: Path) -> bool:
    return path.suffix.lower() in IMAGE_SUFFIXES and "%" not in path.name


def read_image(path: Path) -> Picture | None:
    """The picture in an image file, BGR, turned upright as the phone that took it says; None if it is none."""
    try:
        packed = np.fromfile(path, dtype=np.uint8)  # OpenCV itself cannot open every path on Windows
    except OSError:
        return None
    picture = cv2.imdecode(packed, cv2.IMREAD_COLOR) if packed.size else None
    return None if picture is None else picture.astype(np.uint8)


class _Still:
    """One image, as a film of one frame."""

    frames_per_second = _STILL_FRAMES_PER_SECOND

    def __init__(self, picture: Picture) -> None:
        self._picture: Picture | None = picture
        self._grabbed: Picture | None = None

    def grab(self) -> bool:
        self._grabbed, self._picture = self._picture, None
        return self._grabbed is not None

    def retrieve(self) -> Picture | None:
        return self._grabbed

    def release(self) -> None:
        self._picture = self._grabbed = None


class _Video:
    """Everything OpenCV plays by itself."""

    def __init__(self, source: int | str) -> None:
        if isinstance(source, int):
            self._capture = cv2.VideoCapture(source)
            self._ask_for_size()
        elif is_live(source):
            limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _ANSWER_MS_MAX, cv2.CAP_PROP_READ_TIMEOUT_MSEC, _ANSWER_MS_MAX]
            self._capture = cv2.VideoCapture(source, cv2.CAP_FFMPEG, limits)
        else:
            self._capture = cv2.VideoCapture(source)
        self.is_open = self._capture.isOpened()
        pace = self._capture.get(cv2.CAP_PROP_FPS) if self.is_open and not is_live(source) else 0.0
        self.frames_per_second = float(pace)

    def _ask_for_size(self) -> None:
        # MJPG first: most webcams give 1280 by 720 raw at a few frames a second only.
        self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT)
        self._capture.set(cv2.CAP_PROP_FPS, FRAMES_PER_SECOND)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)

    def grab(self) -> bool:
        return self._capture.grab()

    def retrieve(self) -> Picture | None:
        good, picture = self._capture.retrieve()
        return picture.astype(np.uint8, copy=False) if good and picture is not None else None

    def release(self) -> None:
        self._capture.release()
