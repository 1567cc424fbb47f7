"""Opening what gives pictures: a plugged-in camera, a video or image file, an MJPEG address: one protocol for all.

No thread, no pace, no decoding here. An address may hold a password: it goes into no message.
"""

import sys
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pos_app.scanning.cameras import NAMED, camera_number
from pos_app.scanning.opencv import cv2
from pos_app.settings import ANY_CAMERA

Picture = NDArray[np.uint8]

WIDTH, HEIGHT, FRAMES_PER_SECOND = 1280, 720, 30
"""What a camera is asked for; it may give something else, and less in the dark."""
SMALL_SIZE = (64, 36)
"""Width and height of what `Capture.glance` gives."""

IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff"})

ANSWER_MS_MAX = 3_000
"""How long an address may take to connect, and then between two pictures."""

_STILL_FRAMES_PER_SECOND = 5.0
_V4L2_EXPOSURE_BY_ITSELF = 3
"""V4L2_EXPOSURE_APERTURE_PRIORITY: what webcams call automatic."""


class Capture(Protocol):
    """A source of pictures that stands open.

    Attributes:
        frames_per_second: the pace of a file, at which it wants to be played; 0 for what is live.
    """

    frames_per_second: float

    def grab(self) -> bool:
        """Take the next picture without unpacking it; False when there is none any more. May block for seconds."""
        ...

    def glance(self) -> Picture | None:
        """The picture grabbed last, grey and of `SMALL_SIZE`, as cheaply as it can be had; None when it is broken."""
        ...

    def retrieve(self) -> Picture | None:
        """The picture grabbed last, BGR; None when it is broken."""
        ...

    def release(self) -> None:
        """Close the source."""
        ...


def is_plugged_in(setting: str) -> bool:
    """Whether the setting means a camera of this computer: "auto", a number, or "name:…"."""
    return setting == ANY_CAMERA or setting.isdecimal() or setting.startswith(NAMED)


def is_live(setting: str) -> bool:
    """Whether the source goes on by itself (a camera, an address) instead of ending as a file does."""
    return is_plugged_in(setting) or "://" in setting


def open_capture(setting: str) -> Capture | None:
    """Open a camera, a path, a `frames_%03d.png` pattern or an `http` address; None if it does not open.

    A camera is looked up each time: it may have come back under another number.
    """
    if is_plugged_in(setting):
        number = camera_number(setting)
        return None if number is None else _opened(_Video.of_camera(number))
    if is_live(setting):
        return _open_address(setting)
    if _is_one_image(Path(setting)):
        picture = read_image(Path(setting))
        return None if picture is None else _Still(picture)
    return _opened(_Video(cv2.VideoCapture(setting), at_its_own_pace=True))


def _open_address(address: str) -> Capture | None:
    if address.startswith("http://"):
        from pos_app.scanning.mjpeg import MjpegStream, NotThisKindError  # noqa: PLC0415 - it imports this module

        try:
            return MjpegStream(address)
        except OSError:
            return None
        except NotThisKindError:
            pass
    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, ANSWER_MS_MAX, cv2.CAP_PROP_READ_TIMEOUT_MSEC, ANSWER_MS_MAX]
    return _opened(_Video(cv2.VideoCapture(address, cv2.CAP_FFMPEG, limits)))


def _opened(video: "_Video") -> Capture | None:
    if video.is_open:
        return video
    video.release()
    return None


def small_grey(picture: Picture) -> Picture:
    """What `Capture.glance` gives, made of a whole picture."""
    few = cv2.resize(np.ascontiguousarray(picture[::4, ::4]), SMALL_SIZE, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(few, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)


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

    def glance(self) -> Picture | None:
        return None if self._grabbed is None else small_grey(self._grabbed)

    def retrieve(self) -> Picture | None:
        return self._grabbed

    def release(self) -> None:
        self._picture = self._grabbed = None


class _Video:
    """Everything OpenCV plays by itself."""

    def __init__(self, capture: cv2.VideoCapture, *, at_its_own_pace: bool = False) -> None:
        self._capture = capture
        self._unpacked: Picture | None = None
        self.is_open = capture.isOpened()
        self.frames_per_second = float(capture.get(cv2.CAP_PROP_FPS)) if self.is_open and at_its_own_pace else 0.0

    @classmethod
    def of_camera(cls, number: int) -> "_Video":
        """A camera, asked for what suits a counter; what its driver does not take changes nothing."""
        capture = cv2.VideoCapture(number)
        wishes = [
            # MJPG first: most webcams give 1280 by 720 raw at a few frames a second only.
            (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")),
            (cv2.CAP_PROP_FRAME_WIDTH, WIDTH),
            (cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT),
            (cv2.CAP_PROP_FPS, FRAMES_PER_SECOND),
            (cv2.CAP_PROP_BUFFERSIZE, 1),
            (cv2.CAP_PROP_AUTOFOCUS, 1),
        ]
        if sys.platform.startswith("linux"):  # other systems count this one otherwise
            wishes.append((cv2.CAP_PROP_AUTO_EXPOSURE, _V4L2_EXPOSURE_BY_ITSELF))
        for what, value in wishes if capture.isOpened() else []:
            capture.set(what, value)
        return cls(capture)

    def grab(self) -> bool:
        self._unpacked = None
        try:
            return self._capture.grab()
        except cv2.error:
            return False

    def glance(self) -> Picture | None:
        picture = self.retrieve()
        return None if picture is None else small_grey(picture)

    def retrieve(self) -> Picture | None:
        if self._unpacked is None:
            try:
                good, picture = self._capture.retrieve()
            except cv2.error:  # cut off on its way, or it says it is larger than any
                return None
            self._unpacked = picture.astype(np.uint8, copy=False) if good and picture is not None else None
        return self._unpacked

    def release(self) -> None:
        self._capture.release()
