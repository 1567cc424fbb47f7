"""What is read at a counter: a few pictures of every kind from fixed seeds, a phone on its way, bars at the edge.

The floors stand well under what was measured (`tests/bench/decode.py`, on other seeds): they tell a broken reader, not
a worse day.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pos_app.scanning import bars, decoders, readers
from pos_app.scanning.bars import PLACES_MAX, find_bars, fitted, read_bars
from pos_app.scanning.decoders import DEARER_TRIES, LOOK_BESIDE_EVERY, FrameDecoder, Picture, decode
from pos_app.scanning.opencv import cv2
from pos_app.scanning.soft_bars import read_soft_bars
from tests.scanning.counter_top import KINDS, SHOWS, approach, nobody, still, strip, two_phones
from tests.scanning.legibility import of_strips, rates

FLOORS = {"qr": 0.85, "bars": 0.8, "both": 0.9}


def test_a_picture_is_the_same_for_the_same_seed() -> None:
    first, again, other = (still("glare", "both", seed) for seed in (5, 5, 6))

    assert np.array_equal(first.picture, again.picture)
    assert first.text == again.text != other.text
    assert first.picture.shape == (720, 1280, 3)


def test_stills_of_every_kind_are_read() -> None:
    read = rates((31,))

    assert len(read) == len(KINDS) * len(SHOWS)
    for shows, floor in FLOORS.items():
        counts = [count for (_, shown), (count, _) in read.items() if shown == shows]
        assert sum(counts) >= floor * len(counts), (shows, [kind for kind, (count, _) in read.items() if not count])


@pytest.mark.parametrize("shows", SHOWS)
def test_a_phone_that_comes_in_is_read_soon_after_it_is_held_still(shows: str) -> None:
    coming, decoder = approach(shows, 3), FrameDecoder()

    looks = ([code.text for code in decoder.decode(picture)] for picture in coming.pictures)
    at, texts = next((at, texts) for at, texts in enumerate(looks) if texts)

    assert texts == [coming.text]
    assert at <= coming.settled + len(DEARER_TRIES), "one turn of all tries after it was still"


@pytest.mark.parametrize("seed", range(3))
def test_bars_in_dark_mode_are_read(seed: int) -> None:
    dark = still("inverted", "bars", 40 + seed)

    assert [code.text for code in decode(dark.picture)] == [dark.text]


@pytest.mark.parametrize("seed", range(3))
def test_a_code_half_out_of_the_picture_leaves_the_other_one(seed: int) -> None:
    cut = still("half out", "both", 50 + seed)

    assert [code.text for code in decode(cut.picture)] == [cut.text]


def test_no_wrong_number_comes_of_bars_at_the_edge_of_legibility() -> None:
    found = of_strips(range(250))

    assert found.wrong == []
    assert 100 <= found.read <= 225, "the control: at the edge, neither clear nor hopeless"


# ---------------------------------------------------------------------- two readings of bars


def test_bars_are_found_where_they_are_and_fitted_to_their_ends() -> None:
    seen = still("tilt", "bars", 60)
    grey = decoders.to_grey(seen.picture)

    code = read_bars(grey)

    assert code is not None
    assert code.text == seen.text
    (left, top), (right, other_top), _, _ = code.corners
    width = np.hypot(right - left, other_top - top)
    plain = decode(seen.picture)[0]
    assert 0.9 < width / np.hypot(*np.subtract(plain.corners[1], plain.corners[0])) < 1.1


def test_bars_count_only_when_another_reading_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = still("tilt", "bars", 60)
    grey = decoders.to_grey(seen.picture)
    assert read_bars(grey) is not None, "the control"

    for plain, by_zbar in ((None, None), ("281234567890123465", seen.text), (None, "281234567890123465")):
        monkeypatch.setattr(bars, "_read_plain", lambda _, says=plain: says)
        monkeypatch.setattr(bars, "_read_zbar", lambda _, says=by_zbar: says)
        assert read_bars(grey) is None, (plain is None, by_zbar is None)


def test_a_scratch_through_bars_forges_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one strip of 13,400 of which two different readings said the same wrong number: both saw the scratch."""
    picture, text = strip(7_002_379)

    assert {code.text for code in decode(picture)} <= {text}
    monkeypatch.setattr(bars, "_rows_say", lambda *_: True)
    assert {code.text for code in decode(picture)} - {text}, "the control: without the three heights"


def test_nothing_is_blurred_or_sharpened_across_bars_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each try on its own: what was smoothed is asked for QR codes only."""
    smoothed: list[str] = []
    asked: list[str] = []

    def watch(name: str, is_across: Callable[..., bool]) -> None:
        original = getattr(cv2, name)

        def watched(*arguments: Any, **named: Any) -> Any:
            if is_across(*arguments[1:]):
                smoothed.append(name)
            return original(*arguments, **named)

        monkeypatch.setattr(cv2, name, watched)

    watch("GaussianBlur", lambda *_: True)
    watch("medianBlur", lambda *_: True)
    watch("bilateralFilter", lambda *_: True)
    watch("filter2D", lambda *_: True)
    watch("adaptiveThreshold", lambda *_: True)
    # Along the bars (one pixel wide) is averaging, and a picture as small as the cells of `find_bars` is never read.
    watch("blur", lambda size, *_: size[0] > 1 and size != (3, 3))
    for name in ("read_barcode", "read_barcodes"):
        original = getattr(readers.zxingcpp, name)

        def read(grey: Picture, *, formats: tuple[Any, ...], original: Any = original, **named: Any) -> Any:
            asked.extend(one.name for one in formats)
            return original(grey, formats=formats, **named)

        monkeypatch.setattr(readers.zxingcpp, name, read)
    blank = decoders.to_grey(nobody(1))
    barred = decoders.to_grey(still("plain", "bars", 61).picture)

    tries_that_smooth = []
    for one_try in (*dict.fromkeys(DEARER_TRIES), decoders._first_try):
        for grey in (blank, barred):
            smoothed.clear()
            asked.clear()
            one_try(grey)
            asks_nobody = one_try in (read_bars, read_soft_bars, decoders._read_halved)
            assert asked or asks_nobody, "the control: the library was asked"
            assert not smoothed or "Code128" not in asked, getattr(one_try, "__name__", one_try)
            tries_that_smooth += smoothed
    assert tries_that_smooth, "the control: QR codes do get smoothed pictures"


# ---------------------------------------------------------------------- how much a picture may cost


def test_a_picture_costs_one_dearer_try_at_most_and_few_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    readings: list[int] = []

    def counted(reader: decoders.Reader) -> decoders.Reader:
        def read(grey: Picture) -> Any:
            calls.append(reader.__name__)
            return reader(grey)

        return read

    for name in ("read_barcode", "read_barcodes"):
        original = getattr(readers.zxingcpp, name)

        def count(grey: Picture, original: Any = original, **named: Any) -> Any:
            readings.append(grey.size)
            return original(grey, **named)

        monkeypatch.setattr(readers.zxingcpp, name, count)
    monkeypatch.setattr(decoders, "DEARER_TRIES", tuple(counted(reader) for reader in DEARER_TRIES))
    pictures = [nobody(2), still("busy", "bars", 62).picture, still("glare", "qr", 63).picture]
    decoder, most = FrameDecoder(), 2 + 4 * PLACES_MAX
    for at in range(2 * len(DEARER_TRIES)):
        before, read_before = len(calls), len(readings)
        decoder.decode(pictures[at % len(pictures)])
        assert len(calls) - before <= 1
        assert len(readings) - read_before <= most
    assert len(set(calls)) > 2, "another one each time"


def test_places_with_bars_are_few_and_their_strips_small() -> None:
    """What bounds the time of a try: never more places, and never more pixels of one, than these."""
    for seed in range(8):
        grey = decoders.to_grey(still("busy", "both", 70 + seed).picture)
        places = find_bars(grey)
        assert len(places) <= PLACES_MAX
        for place in places:
            strip = fitted(grey, place)
            if strip is not None:
                assert bars.laid_level(grey, strip, bars.STRETCH).size < grey.size / 20


# ---------------------------------------------------------------------- more than one code in the picture


@pytest.mark.parametrize("seed", range(4))
def test_two_phones_are_two_codes_and_one_phone_with_two_codes_is_one(seed: int) -> None:
    picture, *texts = two_phones(80 + seed)
    one = still("plain", "both", 80 + seed)

    assert sorted(code.text for code in decode(picture)) == sorted(texts)
    assert sorted(code.text for code in FrameDecoder().decode(picture)) == sorted(texts)
    assert [code.text for code in decode(one.picture)] == [one.text]


def test_a_second_phone_beside_one_in_view_is_seen_soon_and_named_first() -> None:
    picture, *texts = two_phones(84)
    left = picture.copy()
    left[:, 640:] = 128
    decoder = FrameDecoder()

    assert [code.text for code in decoder.decode(left)] == [texts[0]]
    looks = [[code.text for code in decoder.decode(picture)] for _ in range(LOOK_BESIDE_EVERY)]

    both = next(look for look in looks if len(look) > 1)
    assert both == [texts[1], texts[0]]
