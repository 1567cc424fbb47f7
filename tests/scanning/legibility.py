"""How much is read, and whether anything wrong is. The long run: `python -m tests.scanning.legibility 50000 20000`.

Every try is made on every picture, which is more than the till ever does: what could be misread, is.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from pos_app.scanning.decoders import decode
from pos_app.scanning.opencv import cv2
from tests.figures import note
from tests.scanning.counter_top import KINDS, SHOWS, nobody, still, strip, two_phones
from tests.scanning.pictures import Picture

SEED = 7_000_000
_PAYMENT = {"QRCode", "Code128"}
_AT_ONCE = 200


@dataclass
class Legibility:
    """What was read of how many pictures; `wrong` names those of which a number came that stands nowhere in them."""

    pictures: int = 0
    read: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str, picture: Picture, *truth: str) -> None:
        """Read one picture, and hold it against what stands in it."""
        told = {code.text for code in decode(picture) if code.format in _PAYMENT}
        self.pictures += 1
        self.read += bool(told & set(truth))
        if told - set(truth):
            self.wrong.append(name)


def of_strips(seeds: Iterable[int]) -> Legibility:
    """Strips of bars at the edge of legibility."""
    found = Legibility()
    for seed in seeds:
        picture, text = strip(seed)
        found.add(f"strip {seed}", picture, text)
    return found


def of_frames(seeds: Iterable[int]) -> Legibility:
    """Whole pictures of a counter: of each kind, of each code, now and then of nobody or of two phones."""
    found = Legibility()
    for seed in seeds:
        what = int(np.random.default_rng(seed).integers(10 * len(KINDS)))
        if what == 0:
            found.add(f"nobody {seed}", nobody(seed))
        elif what == 1:
            found.add(f"two phones {seed}", *two_phones(seed))
        else:
            one = still(KINDS[what % len(KINDS)], SHOWS[seed % len(SHOWS)], seed)
            found.add(f"{one.kind}, {one.shows} {seed}", one.picture, one.text)
    return found


def rates(seeds: Iterable[int]) -> dict[tuple[str, str], tuple[int, int]]:
    """Of each kind of still and each code on the screen: how many were read, of how many."""
    read: Counter[tuple[str, str]] = Counter()
    seeds = list(seeds)
    for kind in KINDS:
        for shows in SHOWS:
            pictures = (still(kind, shows, seed) for seed in seeds)
            read[kind, shows] = sum(any(code.text == one.text for code in decode(one.picture)) for one in pictures)
    return {what: (count, len(seeds)) for what, count in read.items()}


def _all(of: str, count: int, pool: ProcessPoolExecutor) -> Legibility:
    whole = Legibility()
    work = {"strips": of_strips, "frames": of_frames}[of]
    starts = range(SEED, SEED + count, _AT_ONCE)
    for part in pool.map(work, (range(start, min(start + _AT_ONCE, SEED + count)) for start in starts)):
        whole.pictures += part.pictures
        whole.read += part.read
        whole.wrong += part.wrong
        print(f"{of}: {whole.pictures:,}, {whole.read:,} read, wrong: {whole.wrong}", file=sys.stderr, flush=True)
    return whole


def main(strips: int, frames: int) -> int:
    """The long run; 1 when a wrong number was taken."""
    with ProcessPoolExecutor(2) as pool:
        of_bars, of_counter = _all("strips", strips, pool), _all("frames", frames, pool)
    wrong = of_bars.wrong + of_counter.wrong
    note(
        "decoding", strips=of_bars.pictures, strips_read=of_bars.read, wrong_of_strips=len(of_bars.wrong),
        frames=of_counter.pictures, frames_read=of_counter.read, wrong_of_frames=len(of_counter.wrong), seed=str(SEED),
    )  # fmt: skip
    print(f"{of_bars.pictures:,} strips: {of_bars.read:,} read, {len(of_bars.wrong)} wrong; "
          f"{of_counter.pictures:,} frames: {of_counter.read:,} read, {len(of_counter.wrong)} wrong")  # fmt: skip
    print(*wrong[:20], sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    cv2.setNumThreads(1)
    sys.exit(main(*(map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (2_000, 400))))
