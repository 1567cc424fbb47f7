"""The demo customer: a code goes from phone to till, or from till to phone, as a picture that the decoders read."""

import json
from urllib.request import ProxyHandler, Request, build_opener

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
    return read_drawn(shown)


def scan_and_pay(phone_url: str, shown: str, app_trans_id: str) -> None:
    """The demo customer scans what the till shows, and confirms on the phone.

    Args:
        phone_url: the demo phone.
        shown: what the till's code holds.
        app_trans_id: the order that it is the code of.

    Raises:
        OSError: the phone does not answer, or the order cannot be paid any more.
        ValueError: the decoders cannot read what was drawn.
    """
    _tap(phone_url, "open_order", {"shown": read_drawn(shown)})
    _tap(phone_url, "confirm", {"app_trans_id": app_trans_id})


def agree(phone_url: str, app_trans_id: str) -> None:
    """The demo customer agrees to be a regular one.

    Args:
        phone_url: the demo phone.
        app_trans_id: the wish that waits for the customer.

    Raises:
        OSError: the phone does not answer, or nothing waits.
    """
    _tap(phone_url, "confirm_binding", {"app_trans_id": app_trans_id})


def _tap(phone_url: str, what: str, told: dict[str, str]) -> None:
    request = Request(f"{phone_url}/{what}", json.dumps(told).encode())  # noqa: S310 - the demo's own address
    build_opener(ProxyHandler({})).open(request, timeout=5).close()


def read_drawn(shown: str) -> str:
    """What the decoders make of the picture of a code.

    Raises:
        ValueError: nothing, or there is nothing to draw.
        NoDecoderError: there are none.
    """
    dark = np.array(modules(shown), dtype=bool)
    picture = np.where(np.kron(dark, np.ones((MODULE_PIXELS, MODULE_PIXELS), dtype=bool)), 0, 255).astype(np.uint8)
    seen = decode(picture)
    if not seen:
        message = "the drawn code could not be read"
        raise ValueError(message)
    return seen[0].text
