"""From a camera picture to the texts of its codes. No camera, no thread, no meaning of a code here.

zxing-cpp looks at every picture: with QR and Code 128 on grey it is both the fastest and the best reader we
measured. Only when it finds nothing, dearer tries follow: zbar, and zxing-cpp on a picture made easier. Either
library may be missing; the other goes on.

A QR is believed at once: its error correction does not let a wrong text through. A Code 128 has one check digit of
modulus 103, and at the edge of legibility about 1 number in 1,000 is wrong; the next frame often repeats the very same
mistake. So a Code 128 counts only when a second, *different* reading of the same strip agrees (`confirmed`).
"""

import importlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pos_app.scanning.opencv import cv2
from pos_app.words import Text


def _library(name: str) -> Any:
    """The module, or None where it is not installed or (zbar) its system library is missing."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


zxingcpp = _library("zxingcpp")
pyzbar = _library("pyzbar.pyzbar")

Picture = NDArray[np.uint8]
"""Pixels, BGR (height, width, 3) or grey (height, width)."""

Corners = tuple[tuple[int, int], ...]

PAYMENT_FORMATS = ("QRCode", "Code128")
PRODUCT_FORMATS = ("EAN13", "EAN8", "UPCA", "UPCE")
"""Looked for last, only so that the cashier can be told "this is a product barcode"."""

STRETCH = 1.5
"""How much wider the second reading of a Code 128 sees its bars: other pixels, other roundings."""

_ZBAR_NAMES = {"QRCODE": "QRCode", "CODE128": "Code128"}


class NoDecoderError(Exception):
    """Neither zxing-cpp nor zbar can be loaded.

    Attributes:
        words: what to tell the person at the till.
    """

    words = Text(
        "Máy này chưa có bộ đọc mã. Hãy cài zxing-cpp rồi mở lại chương trình.",
        "This machine has no code reader. Install zxing-cpp and start the till again.",
    )

    def __init__(self) -> None:
        super().__init__(self.words.en)


class Decoded(NamedTuple):
    """One code in a picture. Its text never shows in a repr.

    Attributes:
        format: "QRCode", "Code128", or a product's "EAN13", "EAN8", "UPCA", "UPCE".
        text: what the code says.
        corners: the outline in pixels of the picture, in order around the code; () when not known.
    """

    format: str
    text: str
    corners: Corners = ()

    def __repr__(self) -> str:
        return f"Decoded({self.format}, {len(self.text)} characters)"


Reader = Callable[[Picture], Decoded | None]


def decode(frame: Picture) -> list[Decoded]:
    """The code in a picture, after trying everything; [] when none can be read.

    Args:
        frame: BGR or grey, any size.

    Raises:
        NoDecoderError: no decoder library is installed.
    """
    grey = to_grey(frame)
    first = _first_try(grey)
    if first is not None:
        return [first]
    return next(([found] for reader in _dearer_tries() if (found := _believed(grey, reader)) is not None), [])


class FrameDecoder:
    """Decodes a stream of pictures: the fast try on each, and on a miss one dearer try, another one each time."""

    def __init__(self) -> None:
        self._turn = 0

    def decode(self, frame: Picture, *, try_harder: bool = True) -> list[Decoded]:
        """The code in this picture; [] when neither the fast nor this turn's dearer try reads one.

        Args:
            frame: BGR or grey.
            try_harder: whether a miss may cost a dearer try.

        Raises:
            NoDecoderError: no decoder library is installed.
        """
        grey = to_grey(frame)
        found = _first_try(grey)
        if found is None and try_harder:
            tries = _dearer_tries()
            reader = tries[self._turn % len(tries)]
            self._turn += 1
            found = _believed(grey, reader)
        return [] if found is None else [found]


def to_grey(frame: Picture) -> Picture:
    """The picture in grey, contiguous in memory."""
    grey = frame if frame.ndim == 2 else cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)  # noqa: PLR2004 - rows and columns
    return _picture(grey)


def _picture(array: NDArray[Any]) -> Picture:
    return np.ascontiguousarray(array, dtype=np.uint8)


def _first_try(grey: Picture) -> Decoded | None:
    if zxingcpp is None and pyzbar is None:
        raise NoDecoderError
    found = read_with_zxing(grey)
    if found is None or found.format == "QRCode" or confirmed(grey, found):
        return found
    # A doubtful Code 128 must not hide the QR that ZaloPay shows beside it.
    return read_with_zxing(grey, formats=("QRCode",))


def _believed(grey: Picture, reader: Reader) -> Decoded | None:
    found = reader(grey)
    if found is None or found.format != "Code128" or confirmed(grey, found, by_zbar=reader is read_with_zbar):
        return found
    return None


# ---------------------------------------------------------------------- readers


def read_with_zxing(
    grey: Picture, *, formats: Sequence[str] = PAYMENT_FORMATS, whole_picture: bool = True
) -> Decoded | None:
    """One reading by zxing-cpp, unconfirmed; None when nothing is found or the library is missing."""
    if zxingcpp is None:
        return None
    found = zxingcpp.read_barcode(
        grey,
        formats=tuple(getattr(zxingcpp.BarcodeFormat, name) for name in formats),
        text_mode=zxingcpp.TextMode.Plain,
        try_downscale=whole_picture,
        try_rotate=whole_picture,
    )
    if found is None or not found.valid or not found.text:
        return None
    where = found.position
    points = (where.top_left, where.top_right, where.bottom_right, where.bottom_left)
    return Decoded(found.format.name, found.text, tuple((point.x, point.y) for point in points))


def read_with_zbar(grey: Picture) -> Decoded | None:
    """One reading by zbar, unconfirmed; None when nothing is found or the library is missing."""
    if pyzbar is None:
        return None
    symbols = [pyzbar.ZBarSymbol.QRCODE, pyzbar.ZBarSymbol.CODE128]
    for found in pyzbar.decode(grey, symbols=symbols):
        text = found.data.decode("utf-8", errors="replace")
        if text:
            return Decoded(_ZBAR_NAMES[found.type], text, _box(found.rect))
    return None


def _box(rect: tuple[int, int, int, int]) -> Corners:
    left, top, width, height = rect
    return ((left, top), (left + width, top), (left + width, top + height), (left, top + height))


def _read_levelled(grey: Picture) -> Decoded | None:
    """Black and white by the neighbourhood: uneven light, a dark picture, noise."""
    calm = _picture(cv2.GaussianBlur(grey, (5, 5), 0))
    levelled = cv2.adaptiveThreshold(calm, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 41, 5)
    return read_with_zxing(_picture(levelled))


def _read_sharpened(grey: Picture) -> Decoded | None:
    """The middle at twice its size, edges drawn out: a phone held too near or too far for the focus."""
    big, place = _middle_enlarged(grey)
    soft = cv2.GaussianBlur(big, (0, 0), 3)
    return _placed(read_with_zxing(_picture(cv2.addWeighted(big, 3.0, soft, -2.0, 0))), place)


def _read_enlarged(grey: Picture) -> Decoded | None:
    """The middle at twice its size: a small code."""
    big, place = _middle_enlarged(grey)
    return _placed(read_with_zxing(big), place)


def _read_calmed(grey: Picture) -> Decoded | None:
    """Without the sensor's salt and pepper."""
    return read_with_zxing(_picture(cv2.medianBlur(grey, 3)))


def _read_turned(degrees: int) -> Reader:
    """A Code 128 held aslant; QR codes are read at any angle anyway."""

    def read(grey: Picture) -> Decoded | None:
        height, width = grey.shape
        side = int(np.hypot(height, width))
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        turn[:, 2] += ((side - width) / 2, (side - height) / 2)
        turned = cv2.warpAffine(grey, turn, (side, side), borderValue=(128,))
        return _placed(read_with_zxing(_picture(turned), formats=("Code128",)), cv2.invertAffineTransform(turn))

    return read


def _read_product(grey: Picture) -> Decoded | None:
    return read_with_zxing(grey, formats=PRODUCT_FORMATS)


DEARER_TRIES: tuple[Reader, ...] = (
    _read_levelled, _read_sharpened, _read_enlarged, read_with_zbar, _read_calmed, _read_turned(30), _read_turned(60),
    _read_product,
)  # fmt: skip
"""What follows a miss, best first by our measurements (`tests/bench/decode.py` times them)."""


def _dearer_tries() -> tuple[Reader, ...]:
    return DEARER_TRIES if zxingcpp is not None else (read_with_zbar,)


def _middle_enlarged(grey: Picture) -> tuple[Picture, NDArray[np.float64]]:
    """The middle 60 % of the picture at twice its size, and the map from there back to the picture."""
    height, width = grey.shape
    top, left = height // 5, width // 5
    middle = grey[top : height - top, left : width - left]
    big = _picture(cv2.resize(middle, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))
    return big, np.array([[0.5, 0, left], [0, 0.5, top]])


def _placed(found: Decoded | None, place: NDArray[Any]) -> Decoded | None:
    """The finding with its corners mapped back into the picture it came from."""
    if found is None:
        return None
    mapped = np.hstack([np.array(found.corners), np.ones((len(found.corners), 1))]) @ np.asarray(place).T
    return found._replace(corners=tuple((round(x), round(y)) for x, y in mapped.tolist()))


# ---------------------------------------------------------------------- the second reading


def confirmed(grey: Picture, found: Decoded, *, by_zbar: bool = False) -> bool:
    """Whether a second, different reading of the same strip says the same as this Code 128.

    Args:
        grey: the picture the code was found in.
        found: the first reading.
        by_zbar: the first reading was zbar's, so zbar on unstretched bars is not different.
    """
    again = read_with_zxing(_strip(grey, found.corners, STRETCH), formats=("Code128",), whole_picture=False)
    if again is None:
        again = read_with_zbar(_strip(grey, found.corners, STRETCH if by_zbar else 1.0))
    return again is not None and again.format == "Code128" and again.text == found.text


def _strip(grey: Picture, corners: Corners, stretch: float) -> Picture:
    """The strip of the code, laid level, with its quiet zones, `stretch` times as wide, averaged along the bars."""
    top_left, top_right, _, bottom_left = np.array(corners, dtype=np.float64)
    across, down = top_right - top_left, bottom_left - top_left
    length, depth = float(np.hypot(*across)), float(np.hypot(*down))
    # zxing-cpp names the line it read, often a single one: the bars go on above and below it.
    depth = max(depth, length * _STRIP_DEPTH, 1.0)
    down = np.array([-across[1], across[0]]) / max(length, 1.0) * depth
    start = (top_left + bottom_left - down) / 2 - across * _STRIP_QUIET
    across = across * (1 + 2 * _STRIP_QUIET)
    width, height = max(round(length * (1 + 2 * _STRIP_QUIET) * stretch), 1), round(depth)
    here = np.array([start, start + across, start + down], dtype=np.float32)
    there = np.array([[0, 0], [width, 0], [0, height]], dtype=np.float32)
    level = cv2.warpAffine(
        grey, cv2.getAffineTransform(here, there), (width, height),
        flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return _picture(cv2.blur(level, (1, 5)))


_STRIP_DEPTH = 0.15
"""Share of the code's length taken of its height, measured: less confirms fewer right readings."""
_STRIP_QUIET = 0.12
"""Share of the code's length added at either side."""
