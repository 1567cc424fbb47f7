"""Bars that have run into each other: read where no edge is left, and never a number that another one comes near."""

import numpy as np
import pytest

from pos_app.scanning import decoders, soft_bars
from pos_app.scanning.bars import Strip, read_bars
from pos_app.scanning.decoders import FrameDecoder, decode
from pos_app.scanning.opencv import cv2
from pos_app.scanning.readers import Decoded
from pos_app.scanning.soft_bars import read_soft_bars
from tests.scanning.counter_top import nobody, still, strip
from tests.scanning.pictures import Picture, code128, in_view

CODE = "281234567890123456"


def drawn(symbols: list[int], *, height: int = 60) -> Picture:
    """Bars of these symbols between start and stop, three pixels a module, and a lens that draws over two of them."""
    modules = np.concatenate([np.zeros(10), *(soft_bars._DRAWN[one] for one in (105, *symbols, 106)), np.zeros(10)])
    level = np.tile(230 - 200 * np.repeat(modules, 3), (height, 1)).astype(np.uint8)
    return np.asarray(cv2.blur(level, (6, 1)), np.uint8)


def symbols_of(text: str) -> list[int]:
    pairs = [int(text[at : at + 2]) for at in range(0, len(text), 2)]
    return [*pairs, (105 + sum(at * pair for at, pair in enumerate(pairs, 1))) % 103]


def strip_in(level: Picture) -> Strip:
    return Strip(0.0, level.shape[1] / 2, level.shape[0] / 2, 134 * 3.0, float(level.shape[0]))


def test_the_symbols_are_those_of_the_standard() -> None:
    """Each pair of digits once, as another library draws it."""
    numbers = ["".join(f"{(first + at) % 100:02d}" for at in range(9)) for first in range(0, 100, 9)]

    for text in numbers:
        line = code128(text, module_px=1, height=1)[0, 10:-10]
        ours = np.concatenate([soft_bars._DRAWN[one] for one in (105, *symbols_of(text), 106)])
        assert np.array_equal(line == 0, ours == 1), text


@pytest.mark.parametrize(("kind", "seeds"), [("defocus", (2, 4, 6)), ("motion", (6, 12)), ("small", (12, 15))])
def test_bars_without_an_edge_are_read_in_either_direction(kind: str, seeds: tuple[int, ...]) -> None:
    for seed in seeds:
        seen = still(kind, "bars", seed)
        for picture in (seen.picture, np.ascontiguousarray(seen.picture[::-1, ::-1])):
            code = read_soft_bars(decoders.to_grey(picture))
            assert code is not None, seed
            assert (code.format, code.text) == ("Code128", seen.text)
            assert seen.text in [one.text for one in decode(picture)]
        assert read_bars(decoders.to_grey(seen.picture)) is None, (seed, "the control: nothing else reads it")


def test_a_counter_without_a_phone_says_no_number() -> None:
    for seed in range(6):
        assert read_soft_bars(decoders.to_grey(nobody(seed))) is None
    assert read_soft_bars(np.full((720, 1280), 128, np.uint8)) is None


def test_a_number_needs_its_check_digit() -> None:
    right = symbols_of(CODE)
    level = drawn(right)
    assert soft_bars._number(level, strip_in(level)) == CODE, "the control"

    for other in (1, 50):
        level = drawn([*right[:-1], (right[-1] + other) % 103])
        assert soft_bars._number(level, strip_in(level)) is None


def test_a_number_at_one_height_of_the_bars_is_none() -> None:
    """As a scratch or a glare would forge one: the average of all rows says it, two of three heights do not."""
    level = drawn(symbols_of(CODE))
    forged = np.full_like(level, 230)
    forged[20:40] = level[20:40]

    assert soft_bars._number(forged, strip_in(level)) is None
    assert soft_bars._number(forged[20:40], strip_in(forged[20:40])) == CODE, "the control"


def test_a_number_that_another_one_comes_near_is_none() -> None:
    """Two numbers shown one through the other: the stronger one is believed only when it is much stronger."""
    one, other = (drawn(symbols_of(text)) for text in (CODE, "170349250638471205"))

    def says(share: float) -> str | None:
        both = np.asarray(cv2.addWeighted(one, share, other, 1 - share, 0), np.uint8)
        return soft_bars._number(both, strip_in(both))

    assert says(0.72) is None
    assert says(0.85) == CODE, "the control"


def test_dirt_along_the_bars_makes_no_other_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two lines over two pairs, at every height, that come to another check digit: 1 of 4,000 such strips."""
    picture, text = strip(201_892)
    for top, bottom, grey in ((163, 162, 72), (165, 164, 178), (151, 153, 182)):
        cv2.line(picture, (top, 0), (bottom, picture.shape[0]), grey, 2, cv2.LINE_AA)

    assert {code.text for code in decode(picture)} <= {text}
    monkeypatch.setattr(soft_bars, "_UNEVEN_MAX", 100.0)
    assert {code.text for code in decode(picture)} - {text}, "the control"


def test_a_number_proven_by_the_picture_before_is_not_proven_again(monkeypatch: pytest.MonkeyPatch) -> None:
    decoder, picture = FrameDecoder(), in_view(code128(CODE))
    proofs: list[str] = []

    def proven(_: Picture, found: Decoded) -> bool:
        proofs.append(found.text)
        return True

    monkeypatch.setattr(decoders, "confirmed", proven)

    for _ in range(3):
        assert [code.text for code in decoder.decode(picture)] == [CODE]
    assert proofs == [CODE]
    decoder.decode(np.full_like(picture, 128), try_harder=False)
    decoder.decode(picture)
    assert proofs == [CODE, CODE], "out of view, it is new"
