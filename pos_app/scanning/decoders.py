"""From a camera picture to the texts of its codes. No camera, no thread, no meaning of a code here.

zxing-cpp looks at every picture: with QR and Code 128 on grey it is both the fastest and the best reader we
measured. Only when it finds nothing, one dearer try follows, another one with each picture: a hand that holds a phone
gives fifteen pictures a second, so turns cost less than a picture that takes too long.

A QR is believed at once: its error correction does not let a wrong text through. A Code 128 counts only when a second,
*different* reading of the same strip agrees (`bars`), or, where its bars have run into each other, when no other number
comes near (`soft_bars`). Blurring and sharpening are for QR codes only.
"""

from collections.abc import Callable, Collection

import numpy as np

from pos_app.scanning.bars import confirmed, read_bars
from pos_app.scanning.opencv import cv2
from pos_app.scanning.readers import (
    PRODUCT_FORMATS,
    Corners,
    Decoded,
    Picture,
    picture,
    pyzbar,
    read_all_with_zxing,
    read_with_zbar,
    read_with_zxing,
    zxingcpp,
)
from pos_app.scanning.soft_bars import read_soft_bars
from pos_app.words import Text

__all__ = ["Corners", "Decoded", "FrameDecoder", "NoDecoderError", "Picture", "decode", "to_grey"]

LOOK_BESIDE_EVERY = 4
"""Of the pictures of a code that is held in view, every so manieth is searched for a second one."""

_QR = ("QRCode",)


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


Reader = Callable[[Picture], Decoded | None]


def decode(frame: Picture) -> list[Decoded]:
    """The codes in a picture, each text once, after trying everything; [] when none can be read.

    Args:
        frame: BGR or grey, any size.

    Raises:
        NoDecoderError: no decoder library is installed.
    """
    grey = to_grey(frame)
    found = _first_try(grey)
    if found is None:
        found = next(
            (one for reader in dict.fromkeys(_dearer_tries()) if (one := _believed(grey, reader)) is not None), None
        )
    return [] if found is None else _with_others(grey, found)


class FrameDecoder:
    """Decodes a stream of pictures: the fast try on each, and on a miss one dearer try, another one each time."""

    def __init__(self) -> None:
        self._turn = 0
        self._in_view: list[Decoded] = []
        self._pictures = 0

    def decode(self, frame: Picture, *, try_harder: bool = True) -> list[Decoded]:
        """The codes in this picture, each text once, what just came into view first.

        [] when neither the fast nor this turn's dearer try reads one.

        Args:
            frame: BGR or grey.
            try_harder: whether a miss may cost a dearer try.

        Raises:
            NoDecoderError: no decoder library is installed.
        """
        grey = to_grey(frame)
        found = _first_try(grey, proven={code.text for code in self._in_view})
        if found is None and try_harder:
            tries = _dearer_tries()
            reader = tries[self._turn % len(tries)]
            self._turn += 1
            found = _believed(grey, reader)
        self._in_view = [] if found is None else self._beside(grey, found)
        return self._in_view

    def _beside(self, grey: Picture, found: Decoded) -> list[Decoded]:
        """The code and those beside it, which are looked for when it is new and then now and again."""
        before = {code.text for code in self._in_view}
        self._pictures += 1
        if found.text in before and self._pictures % LOOK_BESIDE_EVERY:
            return [found]
        return sorted(_with_others(grey, found), key=lambda code: code.text in before)


def _with_others(grey: Picture, found: Decoded) -> list[Decoded]:
    """The code, and the QR codes of other texts beside it: another customer's phone, a sticker on the counter.

    At half size that costs a tenth of a full search, and no phone's QR is too small for it.
    """
    codes = {found.text: found}
    for other in read_all_with_zxing(_half(grey), formats=_QR):
        codes.setdefault(other.text, _doubled(other))
    return list(codes.values())


def to_grey(frame: Picture) -> Picture:
    """The picture in grey, contiguous in memory."""
    return picture(frame if frame.ndim == 2 else cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY))  # noqa: PLR2004 - rows and columns


def _first_try(grey: Picture, *, proven: Collection[str] = ()) -> Decoded | None:
    """One fast reading; of a Code 128 two, unless its number was `proven` by the picture before."""
    if zxingcpp is None and pyzbar is None:
        raise NoDecoderError
    found = read_with_zxing(grey)
    if found is None or found.format == "QRCode" or found.text in proven or confirmed(grey, found):
        return found
    # A doubtful Code 128 must not hide the QR that ZaloPay shows beside it.
    return read_with_zxing(grey, formats=_QR)


def _believed(grey: Picture, reader: Reader) -> Decoded | None:
    found = reader(grey)
    if found is None or found.format != "Code128" or reader in _CONFIRMED_ALREADY:
        return found
    return found if confirmed(grey, found, by_zbar=reader in _BY_ZBAR) else None


# ---------------------------------------------------------------------- the dearer tries


def _read_levelled(grey: Picture) -> Decoded | None:
    """Black and white by the neighbourhood: uneven light, a dark picture, noise, a cracked glass."""
    calm = cv2.GaussianBlur(grey, (5, 5), 0)
    levelled = cv2.adaptiveThreshold(calm, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 25, 3)
    return read_with_zxing(picture(levelled), formats=_QR)


def _read_softened(grey: Picture) -> Decoded | None:
    """Without what is finer than a module: noise, moiré, scratches."""
    return read_with_zxing(picture(cv2.GaussianBlur(grey, (0, 0), 2)), formats=_QR)


def _read_sharpened(grey: Picture) -> Decoded | None:
    """Edges drawn out, at half size: a phone held too near or too far for the focus, or not still."""
    half = _half(grey)
    soft = cv2.GaussianBlur(half, (0, 0), 3)
    found = read_with_zxing(picture(cv2.addWeighted(half, 5.0, soft, -4.0, 0)), formats=_QR)
    return found and _doubled(found)


def _read_evened(grey: Picture) -> Decoded | None:
    """Each row as bright as the others: the stripes of a lamp or a screen that flickers."""
    rows = np.maximum(cv2.blur(grey, (161, 1)), 4)
    return read_with_zxing(picture(cv2.divide(grey, rows, scale=128)), formats=_QR)


def _read_enlarged(grey: Picture) -> Decoded | None:
    """The middle at twice its size: a small code."""
    height, width = grey.shape
    top, left = height // 5, width // 5
    middle = grey[top : height - top, left : width - left]
    big = picture(cv2.resize(middle, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))
    found = read_with_zxing(big)
    return found and found._replace(corners=tuple((left + x // 2, top + y // 2) for x, y in found.corners))


def _read_halved(grey: Picture) -> Decoded | None:
    """Zbar, at half the size: it takes four times as long on the whole."""
    found = read_with_zbar(_half(grey))
    return found and _doubled(found)


def _read_product(grey: Picture) -> Decoded | None:
    return read_with_zxing(grey, formats=PRODUCT_FORMATS)


DEARER_TRIES: tuple[Reader, ...] = (
    read_bars, read_soft_bars, _read_levelled, _read_softened, read_bars, _read_halved, read_soft_bars, _read_evened,
    _read_sharpened, read_bars, _read_enlarged, _read_product,
)  # fmt: skip
"""What follows a miss, best first by our measurements (`tests/bench/decode.py`); each fits into a picture's time."""

_BY_ZBAR = (read_with_zbar, _read_halved)
_CONFIRMED_ALREADY = (read_bars, read_soft_bars)


def _dearer_tries() -> tuple[Reader, ...]:
    return DEARER_TRIES if zxingcpp is not None else (read_with_zbar,)


def _half(grey: Picture) -> Picture:
    height, width = grey.shape
    return picture(cv2.resize(grey, (max(width // 2, 1), max(height // 2, 1)), interpolation=cv2.INTER_AREA))


def _doubled(found: Decoded) -> Decoded:
    """The finding with its corners in the picture that was halved."""
    return found._replace(corners=tuple((2 * x, 2 * y) for x, y in found.corners))
