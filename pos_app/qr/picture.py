"""A text as QR modules. Nothing here knows pixels, paper or colours: who shows the code draws the modules."""

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4
"""Light modules around a code that readers need; they are part of `modules`."""

Modules = tuple[tuple[bool, ...], ...]
"""Rows of modules from the top, True is dark."""


def modules(text: str) -> Modules:
    """The QR code of `text` with its quiet zone, error correction M, in the smallest version that fits.

    Raises:
        ValueError: there is nothing to encode, or more than a QR code holds (2,331 bytes).
    """
    if not text:
        message = "a QR code needs a text"
        raise ValueError(message)
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text)
    return tuple(tuple(bool(module) for module in row) for row in code.get_matrix())
