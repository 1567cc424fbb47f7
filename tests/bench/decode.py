"""How much is read of pictures whose seeds nobody tuned on, and what a frame costs beside a bare zxing-cpp.

Times are processor time of the one thread that decodes, so that what else the machine does is not in them.
"""

import time
from collections.abc import Callable
from statistics import median

from pos_app.scanning.decoders import FrameDecoder, Picture, decode, to_grey
from pos_app.scanning.readers import read_with_zxing
from tests.bench.figures import p95
from tests.scanning.counter_top import FRAMES_PER_SECOND, KINDS, SHOWS, approach, nobody, still
from tests.scanning.legibility import of_strips, rates

HELD_OUT = 500_000
"""The first of the seeds; tuning was done below 10,000."""
STILLS, SEQUENCES, STRIPS, PICTURES, ROUNDS = 8, 12, 2_000, 12, 6


def run() -> list[str]:
    """Rates of stills by kind, times of a frame, a moving phone from the moment it is at rest, wrong numbers."""
    return [*_stills(), *_frames(), *_sequences(), _strips()]


def _stills() -> list[str]:
    read = rates(range(HELD_OUT, HELD_OUT + STILLS))
    lines = []
    for kind in (*KINDS, "all"):
        of = {
            shows: [one for (name, shown), one in read.items() if shown == shows and kind in (name, "all")]
            for shows in SHOWS
        }
        told = (
            f"{shows} {sum(n for n, _ in all_):>3} of {sum(of_ for _, of_ in all_):>3}" for shows, all_ in of.items()
        )
        lines.append(f"stills {kind:<12} {'   '.join(told)}")
    return lines


def _frames() -> list[str]:
    seeds = range(HELD_OUT, HELD_OUT + PICTURES)
    blank = [nobody(seed) for seed in seeds]
    held = {
        f"with {name}": [still("plain", shows, seed).picture for seed in seeds]
        for name, shows in (("a QR", "qr"), ("both codes", "both"), ("a Code 128", "bars"))
    }
    lines = [
        _times(name, pictures, lambda decoder, picture: decoder.decode(picture)) for name, pictures in held.items()
    ]
    lines.append(
        _times("with a new Code 128", held["with a Code 128"], lambda _, picture: FrameDecoder().decode(picture))
    )
    lines.append(_times("empty", blank, lambda decoder, picture: decoder.decode(picture, try_harder=False)))
    lines.append(_times("empty, with a fallback", blank, lambda decoder, picture: decoder.decode(picture)))
    lines.append(_times("empty, every try", blank, lambda _, picture: decode(picture), rounds=1))
    return lines


def _times(
    name: str, pictures: list[Picture], work: Callable[[FrameDecoder, Picture], object], *, rounds: int = ROUNDS
) -> str:
    ours, bare = [], []
    for picture in pictures:
        grey, decoder = to_grey(picture), FrameDecoder()
        work(decoder, picture)
        for _ in range(rounds):
            bare.append(_ms(lambda grey=grey: read_with_zxing(grey)))  # type: ignore[misc]
            ours.append(_ms(lambda decoder=decoder, picture=picture: work(decoder, picture)))  # type: ignore[misc]
    return (
        f"frame {name:<24} median {median(ours):6.2f} ms, p95 {p95(ours):6.2f} ms, max {max(ours):6.2f} ms   "
        f"zxing-cpp alone {median(bare):6.2f} ms   ratio {median(ours) / median(bare):.2f}"
    )


def _sequences() -> list[str]:
    lines = []
    for shows in SHOWS:
        waits = [wait for seed in range(SEQUENCES) if (wait := _from_rest_ms(shows, HELD_OUT + seed)) is not None]
        told = f"median {median(waits):5.0f} ms, max {max(waits):5.0f} ms from the frame at rest" if waits else "none"
        lines.append(f"moving phone, {shows:<5} {len(waits)} of {SEQUENCES} read   {told}")
    return lines


def _from_rest_ms(shows: str, seed: int) -> float | None:
    """From the first frame at rest to the number; one that was read on the way took what its frame took."""
    coming, decoder = approach(shows, seed), FrameDecoder()
    for at, picture in enumerate(coming.pictures):
        began = time.thread_time_ns()
        texts = [code.text for code in decoder.decode(picture)]
        if coming.text in texts:
            waited_ms = max(at - coming.settled, 0) * 1_000 / FRAMES_PER_SECOND
            return waited_ms + (time.thread_time_ns() - began) / 1e6
    return None


def _strips() -> str:
    found = of_strips(range(HELD_OUT, HELD_OUT + STRIPS))
    return f"strips at the edge      {found.read} of {found.pictures} read   {len(found.wrong)} wrong"


def _ms(work: Callable[[], object]) -> float:
    began = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - began) / 1e6


if __name__ == "__main__":
    print("\n".join(run()))
