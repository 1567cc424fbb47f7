"""The two libraries that read codes, each behind one function. Either may be missing; no try of our own here."""

import importlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


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

_ZBAR_NAMES = {"QRCODE": "QRCode", "CODE128": "Code128"}


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


def picture(array: NDArray[Any]) -> Picture:
    """As the readers want it: bytes, contiguous in memory."""
    return np.ascontiguousarray(array, dtype=np.uint8)


def read_with_zxing(
    grey: Picture, *, formats: Sequence[str] = PAYMENT_FORMATS, whole_picture: bool = True, two_levels: bool = False
) -> Decoded | None:
    """One reading by zxing-cpp, unconfirmed; None when nothing is found or the library is missing.

    Args:
        grey: what to look at.
        formats: what to look for.
        whole_picture: False for a strip that lies level in its own size.
        two_levels: whether the picture is black and white already.
    """
    if zxingcpp is None:
        return None
    found = zxingcpp.read_barcode(
        grey,
        formats=_formats(formats),
        text_mode=zxingcpp.TextMode.Plain,
        binarizer=zxingcpp.Binarizer.BoolCast if two_levels else zxingcpp.Binarizer.LocalAverage,
        try_downscale=whole_picture,
        try_rotate=whole_picture,
        try_invert=whole_picture,
    )
    return _decoded(found) if found is not None else None


def read_all_with_zxing(grey: Picture, *, formats: Sequence[str]) -> list[Decoded]:
    """All that zxing-cpp finds in this size of the picture, unconfirmed; [] without the library."""
    if zxingcpp is None:
        return []
    found = zxingcpp.read_barcodes(
        grey, formats=_formats(formats), text_mode=zxingcpp.TextMode.Plain, try_downscale=False
    )
    return [decoded for one in found if (decoded := _decoded(one)) is not None]


def _formats(names: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(zxingcpp.BarcodeFormat, name) for name in names)


def _decoded(found: Any) -> Decoded | None:
    if not found.valid or not found.text:
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
