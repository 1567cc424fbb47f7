"""The camera's rest: how little is looked at while nothing moves, and that it wakes with the first that does."""

import numpy as np
import pytest

from pos_app.scanning.capture import Picture
from pos_app.scanning.motion import Effort, MotionGate

SECOND = 1_000_000_000
FRAME = SECOND // 30


def counter(seed: int = 0) -> Picture:
    """A view at rest: a cheap sensor's noise only."""
    noise = np.random.default_rng(seed).normal(0, 1.5, (36, 64))
    return np.clip(120 + noise, 0, 255).astype(np.uint8)


def with_a_phone(seed: int = 0) -> Picture:
    picture = counter(seed)
    picture[10:14, 30:33] = 200
    return picture


class Watching:
    """A camera of 30 pictures a second at the gate, and what became of each."""

    def __init__(self, *, awaited: bool = False) -> None:
        self.gate = MotionGate()
        self.gate.awaited = awaited
        self.now_ns, self.taken_ns, self.number = 0, -SECOND, 0

    def see(self, pictures: int, *, phone: bool = False) -> list[Effort | None]:
        """The effort for each picture; None for those that were not even unpacked."""
        efforts: list[Effort | None] = []
        for _ in range(pictures):
            self.now_ns += FRAME
            self.number += 1
            if not self.gate.is_due(self.taken_ns, self.now_ns):
                efforts.append(None)
                continue
            self.taken_ns = self.now_ns
            small = with_a_phone(self.number) if phone else counter(self.number)
            efforts.append(self.gate.effort(small, self.now_ns))
        return efforts


def test_at_rest_few_pictures_are_unpacked_and_fewer_decoded() -> None:
    watching = Watching()
    watching.see(5 * 30)
    minute = watching.see(60 * 30)

    unpacked = [one for one in minute if one is not None]
    print(f"of {len(minute)} pictures {len(unpacked)} unpacked, {unpacked.count(Effort.FAST)} decoded, "
          f"{unpacked.count(Effort.HARDER)} decoded with all there is")  # fmt: skip
    assert 4 * 60 <= len(unpacked) <= 7 * 60
    assert 20 <= unpacked.count(Effort.FAST) <= 60
    assert 15 <= unpacked.count(Effort.HARDER) <= 25


@pytest.mark.parametrize("awaited", [False, True])
def test_the_picture_that_shows_a_phone_is_decoded_and_so_are_all_after_it(*, awaited: bool) -> None:
    watching = Watching(awaited=awaited)
    watching.see(10 * 30)
    seen = watching.see(30, phone=True)

    first = next(place for place, effort in enumerate(seen) if effort is not None)
    assert first <= (0 if awaited else 6), "at rest it looks five times a second"
    assert set(seen[first:]) == {Effort.HARDER}


def test_while_a_code_is_awaited_no_picture_is_left_out() -> None:
    watching = Watching()
    watching.see(10 * 30)
    watching.gate.awaited = True
    seen = watching.see(10 * 30)

    assert None not in seen
    assert seen.count(Effort.NONE) > 200, "and still nothing is decoded for nothing"
