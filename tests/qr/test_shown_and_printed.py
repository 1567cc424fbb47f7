"""Payment codes at the sizes of screens and slips: error correction M, the quiet zone kept, read by both decoders."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp

from pos_app.qr.picture import QUIET_ZONE, Modules, modules
from pos_app.scanning.readers import Picture, read_with_zbar, read_with_zxing

DATA = Path(__file__).parents[1] / "data"
VECTORS = json.loads((DATA / "vietqr-vectors.json").read_text("utf-8"))["vectors"]
TEXTS = {one["id"]: one["payload"] for one in VECTORS if one["id"] in ("V01", "V02", "V04", "V06", "V07", "V08")}
SIDES = {"V01": 37, "V02": 41, "V04": 61, "V06": 57, "V07": 57}
"""Modules a side at level M without the quiet zone, as drawn in one encoding mode (segno 1.6.6)."""

DARK, LIGHT = 22, 255


def shown(rows: Modules, side: int, *, around: int = DARK) -> Picture:
    """The code in the middle of a square of a dark screen, whole pixels to a module, as big as fits."""
    dots = side // len(rows)
    assert dots >= 1
    code = np.where(np.kron(np.array(rows), np.ones((dots, dots), dtype=bool)), 0, LIGHT)
    picture = np.full((side + 40, side + 40), around)
    start = (side + 40 - len(code)) // 2
    picture[start : start + len(code), start : start + len(code)] = code
    return picture.astype(np.uint8)


def photographed(picture: Picture) -> Picture:
    """The same, from a phone held aslant: turned, tilted, not quite sharp, grey instead of black and white."""
    side = picture.shape[0]
    here = np.array([[0, 0], [side, 0], [side, side], [0, side]], dtype=np.float32)
    there = np.array([[60, 40], [600, 70], [570, 610], [30, 560]], dtype=np.float32)
    seen = cv2.warpPerspective(picture, cv2.getPerspectiveTransform(here, there), (640, 640), borderValue=(120,))
    soft = cv2.GaussianBlur(seen, (3, 3), 0).astype(np.float32)
    noise = np.random.default_rng(20261122).normal(0, 4, soft.shape)
    grey: Picture = np.clip(soft * 0.6 + 50 + noise, 0, 255).astype(np.uint8)
    return grey


def test_no_code_is_bigger_than_in_one_mode() -> None:
    assert QUIET_ZONE == 4
    sides = {name: len(modules(TEXTS[name])) - 2 * QUIET_ZONE for name in SIDES}
    assert [name for name, side in sides.items() if side > SIDES[name]] == []


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_error_correction_is_m(text: str) -> None:
    [code] = zxingcpp.read_barcodes(shown(modules(text), 400))
    assert (code.text, code.ec_level) == (text, "M")


@pytest.mark.parametrize("side", [240, 320, 400, 520])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_screens_code_is_read_by_both(text: str, side: int) -> None:
    """320, 400 and 520 pixels are the look's own sizes; 240 is a small window."""
    picture = shown(modules(text), side)
    by_zxing, by_zbar = read_with_zxing(picture), read_with_zbar(picture)
    assert by_zxing is not None
    assert by_zbar is not None
    assert by_zxing.text == by_zbar.text == text


@pytest.mark.parametrize("side", [240, 400])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_phone_held_aslant_reads_it(text: str, side: int) -> None:
    read = read_with_zxing(photographed(shown(modules(text), side)))
    assert read is not None
    assert read.text == text


@pytest.mark.parametrize(("dots_of_paper", "dots_of_module"), [(576, 6), (384, 5)])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_slips_code_fits_the_paper_and_is_read(text: str, dots_of_paper: int, dots_of_module: int) -> None:
    """At 200 dpi a module wants at least four dots; 80 mm paper has 576 dots, 58 mm has 384."""
    rows = modules(text)
    assert len(rows) * dots_of_module <= dots_of_paper
    read = read_with_zxing(photographed(shown(rows, len(rows) * dots_of_module, around=LIGHT)))
    assert read is not None
    assert read.text == text


def test_control_without_its_quiet_zone_a_dark_screen_swallows_the_code() -> None:
    misses = 0
    for text in TEXTS.values():
        bare = tuple(row[QUIET_ZONE:-QUIET_ZONE] for row in modules(text)[QUIET_ZONE:-QUIET_ZONE])
        picture = shown(bare, 240)
        misses += read_with_zxing(picture) is None or read_with_zbar(picture) is None
    assert misses == len(TEXTS)
