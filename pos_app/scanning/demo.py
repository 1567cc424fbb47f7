"""The demo customer's code on its way to the till: drawn as a picture, then read by the same decoders as a camera's."""

import json
from urllib.request import ProxyHandler, build_opener

import numpy as np

from pos_app.qr.picture import modules
from pos_app.scanning.decoders import decode

MODULE_PIXELS = 6


def seen_on_the_demo_phone(phone_url: str) -> str:
    """Ask the demo customer's phone for a fresh payment code and read it from its picture.

    Raises:
        OSError: the phone does not answer.
        ValueError: the decoders cannot read what was drawn.
    """
    with build_opener(ProxyHandler({})).open(f"{phone_url}/code", timeout=5) as answer:
        shown = str(json.load(answer)["code"])
    dark = np.array(modules(shown), dtype=bool)
    picture = np.where(np.kron(dark, np.ones((MODULE_PIXELS, MODULE_PIXELS), dtype=bool)), 0, 255).astype(np.uint8)
    seen = decode(picture)
    if not seen:
        message = "the drawn code could not be read"
        raise ValueError(message)
    return seen[0].text
