"""A camera that sends JPEG pictures over plain HTTP, read without unpacking a picture that nobody looks at.

What is no such stream (another format, a login that we do not speak, TLS) is left to OpenCV's own reader.
"""

import base64
import contextlib
import http.client
from urllib.parse import SplitResult, unquote, urlsplit

import numpy as np

from pos_app.scanning.capture import ANSWER_MS_MAX, SMALL_SIZE, Picture
from pos_app.scanning.opencv import cv2

_PICTURE_BYTES_MAX = 16_000_000
_LINE_BYTES_MAX = 65_536


class NotThisKindError(Exception):
    """Something answers there, but not with a row of JPEG pictures."""


class MjpegStream:
    """A `Capture` of `multipart/x-mixed-replace`, as network cameras and phones send it.

    Raises:
        OSError: nobody answers there.
        NotThisKindError: another reader may understand it.
    """

    frames_per_second = 0.0

    def __init__(self, address: str) -> None:
        try:
            parts = urlsplit(address)
            self._line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=ANSWER_MS_MAX / 1000)
        except (ValueError, http.client.HTTPException):
            raise NotThisKindError from None
        try:
            self._answer = self._asked(parts)
            self._waiting = self._part()
            self._packed = b""
        except (ValueError, http.client.HTTPException):
            self._line.close()
            raise NotThisKindError from None
        except OSError:
            self._line.close()
            raise

    def _asked(self, parts: SplitResult) -> http.client.HTTPResponse:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._line.request("GET", path, headers=_login(parts.username, parts.password))
        answer = self._line.getresponse()
        kind = answer.headers.get_content_type()
        if answer.status != http.client.OK or not kind.startswith("multipart"):
            raise ValueError(kind)
        return answer

    def grab(self) -> bool:
        """See `Capture`."""
        self._packed, self._waiting = self._waiting, b""
        if self._packed:  # the one by which the stream was known
            return True
        try:
            self._packed = self._part()
        except (OSError, ValueError, http.client.HTTPException):
            self._packed = b""
        return bool(self._packed)

    def _part(self) -> bytes:
        """One picture as it came, b"" at the end.

        Raises:
            ValueError: no length is told, or none that can be.
        """
        line = self._answer.readline(_LINE_BYTES_MAX)
        while line and not line.strip():  # the end of the last one
            line = self._answer.readline(_LINE_BYTES_MAX)
        length = 0
        while line.strip():
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length":
                length = int(value)
            line = self._answer.readline(_LINE_BYTES_MAX)
        if not line:
            return b""
        if not 0 < length <= _PICTURE_BYTES_MAX:
            raise ValueError(length)
        packed = self._answer.read(length)
        return packed if len(packed) == length else b""

    def glance(self) -> Picture | None:
        """See `Capture`. Only an eighth of the picture is unpacked: half the work."""
        small = self._unpacked(cv2.IMREAD_REDUCED_GRAYSCALE_8)
        return None if small is None else _picture(cv2.resize(small, SMALL_SIZE, interpolation=cv2.INTER_AREA))

    def retrieve(self) -> Picture | None:
        """See `Capture`."""
        return self._unpacked(cv2.IMREAD_COLOR)

    def _unpacked(self, how: int) -> Picture | None:
        if not self._packed:
            return None
        try:
            picture = cv2.imdecode(np.frombuffer(self._packed, dtype=np.uint8), how)
        except cv2.error:  # a picture that says it is larger than any
            return None
        return None if picture is None else _picture(picture)

    def release(self) -> None:
        """See `Capture`."""
        with contextlib.suppress(OSError):
            self._answer.close()
            self._line.close()


def _picture(pixels: object) -> Picture:
    return np.asarray(pixels, dtype=np.uint8)


def _login(user: str | None, password: str | None) -> dict[str, str]:
    if not user:
        return {}
    both = f"{unquote(user)}:{unquote(password or '')}".encode()
    return {"Authorization": f"Basic {base64.b64encode(both).decode()}"}
