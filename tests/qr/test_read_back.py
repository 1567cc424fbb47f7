"""Our codes as others read them: drawn and read by both decoders, parsed by packages that share no code with us.

The parser packages are for tests only and optional: where one is not installed, its test is skipped.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pos_app.qr.picture import modules
from pos_app.qr.vietqr import Receiver, Service, read_vietqr, write_vietqr
from pos_app.scanning.readers import Picture, read_with_zbar, read_with_zxing

DATA = Path(__file__).parents[1] / "data"
VECTORS = json.loads((DATA / "vietqr-vectors.json").read_text("utf-8"))["vectors"]
TAKEN = {one["id"]: one["payload"].strip() for one in VECTORS if one["expect"] == "accept"}
OURS = {
    "own, one payment": write_vietqr(Receiver("970436", "0123456789"), amount=125_000, reference="DH 251122 0001"),
    "own, many payments": write_vietqr(Receiver("970422", "190012345678")),
    "own, card": write_vietqr(
        Receiver("970415", "9704150000000000018", Service.TO_CARD), amount=9_999_999_999_999, reference="D" * 25
    ),
}


def drawn(text: str, dots: int = 4) -> Picture:
    dark = np.array(modules(text))
    return np.where(np.kron(dark, np.ones((dots, dots), dtype=bool)), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("text", [*TAKEN.values(), *OURS.values()], ids=[*TAKEN, *OURS])
def test_both_decoders_read_the_drawn_code(text: str) -> None:
    by_zxing, by_zbar = read_with_zxing(drawn(text)), read_with_zbar(drawn(text))
    assert by_zxing is not None
    assert by_zxing.text == text
    assert by_zbar is not None
    assert by_zbar.text == text


@pytest.mark.parametrize("text", [*TAKEN.values(), *OURS.values()], ids=[*TAKEN, *OURS])
def test_a_general_emv_reader_agrees(text: str) -> None:
    """cemacqr, written for another country's codes: the same objects, and it finds the checksum right."""
    reader: Any = pytest.importorskip("cemacqr")
    theirs = reader.parse_payload(text)
    ours = read_vietqr(text)
    assert theirs.crc_ok
    assert [tuple(one) for one in theirs.objects[:-1]] == [tuple(one) for one in ours.objects]
    assert theirs.currency == "704"
    assert (theirs.amount and int(theirs.amount)) == ours.amount


@pytest.mark.parametrize("text", OURS.values(), ids=OURS)
def test_a_vietqr_reader_agrees(text: str) -> None:
    """vietnam-qr-pay: bank, account, amount and reference of our own codes."""
    reader: Any = pytest.importorskip("vietnam_qr_pay")
    theirs = reader.QRPay(text)
    ours = read_vietqr(text)
    assert theirs.is_valid
    assert (theirs.consumer.bank_bin, theirs.consumer.bank_number) == (ours.receiver.bin, ours.receiver.account)
    assert theirs.amount == (None if ours.amount is None else str(ours.amount))
    assert theirs.additional_data.purpose == ours.purpose
    assert theirs.provider.service == ours.receiver.service
