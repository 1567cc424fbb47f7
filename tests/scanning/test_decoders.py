"""What the decoders read, and above all what they must not."""

import os
import subprocess
import sys

import numpy as np
import pytest

from pos_app.scanning import decoders
from pos_app.scanning.bars import confirmed
from pos_app.scanning.decoders import DEARER_TRIES, Decoded, FrameDecoder, Picture, decode
from pos_app.scanning.readers import read_with_zbar, read_with_zxing
from tests.scanning.pictures import code128, ean13, in_view, phone, qr

CODE = "281234567890123456"

SEEN: dict[str, dict[str, float]] = {
    "sharp": {},
    "turned a little": {"angle": 8},
    "on its side": {"angle": 90},
    "upside down": {"angle": 180},
    "slanted": {"slant": 0.25},
    "noisy": {"noise": 18},
    "blurred": {"blur": 1.3},
    "dark": {"light": 0.15, "noise": 2},
    "bright around": {"background": 255},
    "dark around": {"background": 10},
    "all at once": {"angle": -6, "slant": 0.12, "noise": 8, "blur": 0.7, "light": 0.6},
}


@pytest.mark.parametrize("how", SEEN)
@pytest.mark.parametrize("kind", ["QRCode", "Code128"])
def test_reads_a_code_however_it_is_held(kind: str, how: str) -> None:
    drawn = qr(CODE) if kind == "QRCode" else code128(CODE)

    frame = in_view(drawn, **SEEN[how])  # type: ignore[arg-type]

    assert decode(frame) == [(kind, CODE, _any_corners(frame))]


def _any_corners(frame: Picture) -> tuple[tuple[int, int], ...]:
    corners = decode(frame)[0].corners
    height, width = frame.shape[:2]
    assert len(corners) == 4
    assert all(0 <= x < width and 0 <= y < height for x, y in corners)
    return corners


@pytest.mark.parametrize(
    ("drawn", "view"),
    [
        (qr(CODE), {"scale": 0.3}),
        (code128(CODE), {"scale": 0.5}),
        (255 - qr(CODE), {}),
        (code128(CODE), {"angle": 33}),
        (code128(CODE), {"angle": 57}),
        (qr(CODE), {"angle": 33}),
    ],
    ids=["small QR", "small Code 128", "light on dark QR", "aslant", "steep", "QR aslant"],
)
def test_reads_the_hard_ones(drawn: Picture, view: dict[str, float]) -> None:
    assert [found.text for found in decode(in_view(drawn, **view))] == [CODE]  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(6))
def test_reads_a_phone_held_out(seed: int) -> None:
    frame = in_view(
        phone(CODE), scale=0.6, angle=seed * 7 - 20, slant=0.04 * seed, blur=0.6, noise=6, background=90, seed=seed
    )

    assert [found.text for found in decode(frame)] == [CODE]


def test_colour_pictures_and_slices_of_larger_ones_are_taken() -> None:
    grey = in_view(qr(CODE))
    colour = np.dstack([grey, grey, grey])

    assert decode(colour)[0].text == CODE
    assert decode(colour[:, ::-1][:, ::-1])[0].text == CODE
    assert decode(np.asfortranarray(grey))[0].text == CODE


@pytest.mark.parametrize("level", [0, 128, 255])
def test_finds_nothing_in_nothing(level: int) -> None:
    assert decode(np.full((720, 1280), level, np.uint8)) == []


def test_finds_nothing_in_noise() -> None:
    assert decode(np.random.default_rng(1).integers(0, 255, (240, 320), dtype=np.uint8)) == []


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (40, 1), (1, 40)])
def test_tiny_pictures_do_no_harm(size: tuple[int, int]) -> None:
    assert decode(np.zeros(size, np.uint8)) == []


def test_a_products_barcode_is_read_only_to_be_refused() -> None:
    assert [(found.format, found.text) for found in decode(in_view(ean13("8934588012228")))] == [
        ("EAN13", "8934588012228")
    ]


def test_a_product_beside_the_phone_does_not_hide_the_payment_code() -> None:
    frame = in_view(qr(CODE))
    bottle = ean13("8934588012228", module_px=2, height=60)
    frame[20 : 20 + bottle.shape[0], 20 : 20 + bottle.shape[1]] = bottle

    assert [found.format for found in decode(frame)] == ["QRCode"]


def test_the_text_of_a_code_never_shows_in_a_repr() -> None:
    assert CODE not in repr(decode(in_view(qr(CODE))))
    assert CODE not in f"{Decoded('QRCode', CODE)} {Decoded('QRCode', CODE)!r}"


# ---------------------------------------------------------------------- the guard of Code 128

MISREAD = [
    ("197922199213369112", {"scale": 0.3717850195385762, "blur": 0.6542856524662066, "noise": 11.907652858372373,
                            "seed": 4179}),
    ("433881472761792110", {"scale": 0.3590877916300863, "blur": 0.7162005807361093, "noise": 4.58907070313701,
                            "light": 0.5, "angle": -0.3188011584060466, "seed": 4494}),
]  # fmt: skip
"""Pictures found by a search of 8,000 whose first reading passes the check digit and is wrong."""


@pytest.mark.parametrize(("text", "view"), MISREAD, ids=["noisy", "dim"])
def test_a_wrong_reading_that_passes_the_check_digit_is_not_reported(text: str, view: dict[str, float]) -> None:
    picture = in_view(code128(text, module_px=4, height=160), size=(640, 160), **view)  # type: ignore[arg-type]
    first = read_with_zxing(picture)

    assert first is not None, "the control: without the second reading"
    assert first.text != text, "the control: a wrong number would have been charged"
    assert not confirmed(picture, first)
    decoder = FrameDecoder()
    looks = [found.text for _ in range(2 * len(DEARER_TRIES)) for found in decoder.decode(picture)]
    assert set(looks + [found.text for found in decode(picture)]) <= {text}


def test_a_reading_that_another_one_contradicts_is_not_confirmed() -> None:
    picture = in_view(code128(CODE))
    right = read_with_zxing(picture)

    assert right is not None
    assert confirmed(picture, right), "the control"
    assert not confirmed(picture, right._replace(text="281234567890123465"))


def test_a_reading_with_nothing_under_it_is_not_confirmed() -> None:
    picture = in_view(code128(CODE))
    right = read_with_zxing(picture)

    assert right is not None
    assert not confirmed(np.full_like(picture, 200), right)


def test_zbar_confirms_by_another_picture_than_its_own() -> None:
    picture = in_view(code128(CODE))
    by_zbar = read_with_zbar(picture)

    assert by_zbar is not None
    assert confirmed(picture, by_zbar, by_zbar=True)


def test_a_doubtful_code_128_does_not_hide_the_qr_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = in_view(phone(CODE), scale=0.6)
    monkeypatch.setattr(decoders, "confirmed", lambda *_, **__: False)

    assert [found.format for found in decode(picture)] == ["QRCode"]


# ---------------------------------------------------------------------- the stream, and missing libraries


def test_on_a_miss_each_look_costs_one_dearer_try_in_turn() -> None:
    picture = in_view(code128(CODE), angle=33)
    decoder = FrameDecoder()

    looks = [bool(decoder.decode(picture)) for _ in range(2 * len(DEARER_TRIES))]

    assert any(looks)
    assert not all(looks)
    assert not any(decoder.decode(picture, try_harder=False) for _ in DEARER_TRIES)


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        (["pyzbar"], "QRCode Code128"),
        (["zxingcpp"], "QRCode Code128"),
        (["pyzbar", "zxingcpp"], "NoDecoderError NoDecoderError"),
    ],
    ids=["no zbar", "no zxing", "none"],
)
def test_either_library_may_be_missing(missing: list[str], expected: str) -> None:
    # The drawing needs zxing-cpp itself, so the pictures come in as files.
    frames = [in_view(qr(CODE)), in_view(code128(CODE))]
    program = f"""
import sys
for name in {missing!r}:
    sys.modules[name] = None
import numpy as np
from pos_app.scanning.decoders import FrameDecoder, NoDecoderError, decode
for _ in range(2):
    frame = np.frombuffer(sys.stdin.buffer.read({frames[0].size}), np.uint8).reshape({frames[0].shape})
    try:
        (found,), (again,) = decode(frame), FrameDecoder().decode(frame)
        print(found.format if found.text == again.text == {CODE!r} else "wrong")
    except NoDecoderError as error:
        print(type(error).__name__ if error.words.vi and error.words.en else "wordless")
"""
    result = subprocess.run(
        [sys.executable, "-c", program],
        input=b"".join(frame.tobytes() for frame in frames),
        stdout=subprocess.PIPE,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert result.stdout.decode().split() == expected.split()


def test_opencv_leaves_nothing_for_qt_to_stumble_over() -> None:
    program = """
import os
from pos_app.scanning import decoders
print(sorted(name for name in os.environ if name.startswith("QT_QPA_") and name != "QT_QPA_PLATFORM"))
"""
    result = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True)

    assert result.stdout.decode().strip() == "[]"
