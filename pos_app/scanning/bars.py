"""Code 128: where bars stand in a picture, how their strip is laid level, and when a number counts.

A Code 128 has one check digit of modulus 103, and at the edge of legibility about 1 number in 1,000 is wrong; the next
frame often repeats the very same mistake. So a number counts only when two *different* readings of the same strip say
it, and rows at two of three heights of the strip each say it by themselves: a scratch forges one, never two.

Nothing here ever blurs or sharpens across the bars: where the bars end is all that a number is told by. Averaging
*along* them takes away noise and nothing else.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pos_app.scanning.opencv import cv2
from pos_app.scanning.readers import Corners, Decoded, Picture, picture, read_with_zbar, read_with_zxing

STRETCH = 1.5
"""How much wider the second reading of a Code 128 sees its bars: other pixels, other roundings."""
_FINE, _COARSE = 3.0, 2.0
"""How much wider the strip is cut for black and white, and for zbar, at most."""
_WIDE_PX = 1_000
"""What a strip need not be wider than: its finest bars have five pixels then."""
PLACES_MAX = 3
"""How many places with bars in one picture are read."""

_LOOKED_AT = 12
"""Of how many patches of one direction, the strongest, the shape is looked at."""
_CELL_PX = 8
"""Of the picture at half size: the grain in which directions are summed up."""
_ONE_WAY_MIN = 0.6
"""How much of the light's change in a cell goes one way, 0 to 1: across bars nearly all, in words and faces little."""
_EVERYWHERE_MIN = 0.3
"""How evenly the change is spread in a cell, 0 to 1: a single edge, as of a phone, stays below."""
_CHANGE_MIN = 300.0
"""Change of light in a cell, squared grey levels a pixel: less is noise."""
_CALM = 200.0
"""Added to the change, so that calm cells seem to have no direction."""
_SAME_WAY = math.radians(12)
_CELLS_MIN = 5
_LENGTH_MIN_PX = 60

_MARGIN, _QUIET = 0.04, 0.1
"""Shares of the strip's length at either side: what of the picture is taken with it, and the quiet added to that."""
_LEAN_MAX, _ALIKE_MIN = 0.4, 0.5
"""How far bars may lean, and how much alike their upper and lower ends are, 0 to 1."""
_GAP_MAX, _STEP_MIN, _BEYOND = 0.05, 0.3, 0.5
"""The widest bar as a share of the length, and what a step is of the large ones: a quiet zone ends a code. How far
beyond a place its bars are looked for, as a share of its length."""
_ENOUGH_PX = 20
"""How many rows tell where bars begin and end."""
_DEPTH = 0.15
"""Share of the length taken of the depth where only one line of a code is known: less confirms fewer right readings."""
_DEPTH_MAX = 0.3
"""Share of the length beyond which a place is no deeper: bars are long and flat."""
_ROWS = 12
"""How many rows of a strip are read, about: each is an average of a third of it, so more would say the same."""
_WINDOW = 0.125
"""Share of the length in which the lightest and the darkest are looked for: some twenty of the finest bars."""


class Strip(NamedTuple):
    """A place with bars: its middle and sizes in pixels of the picture, `angle` of the way across the bars, radians.

    Attributes:
        lean: by how much the bars lean from upright on that way, as a camera sees them from aside: pixels a pixel.
    """

    angle: float
    x: float
    y: float
    length: float
    depth: float
    lean: float = 0.0

    @property
    def corners(self) -> Corners:
        """The outline, in order around the strip."""
        across = np.array([math.cos(self.angle), math.sin(self.angle)]) * self.length / 2
        along = np.array([-math.sin(self.angle), math.cos(self.angle)]) * self.depth / 2
        middle = np.array([self.x, self.y])
        ends = (middle - across - along, middle + across - along, middle + across + along, middle - across + along)
        return tuple((round(float(x)), round(float(y))) for x, y in ends)


def strip_of(corners: Corners) -> Strip:
    """The strip of a code that was found with these corners."""
    top_left, top_right, _, bottom_left = np.array(corners, dtype=np.float64)
    across, down = top_right - top_left, bottom_left - top_left
    length, depth = math.hypot(*across), math.hypot(*down)
    # zxing-cpp names the line it read, often a single one: the bars go on above and below it.
    x, y = (top_left + bottom_left + across) / 2
    return Strip(math.atan2(across[1], across[0]), float(x), float(y), length, max(depth, length * _DEPTH, 1.0))


# ---------------------------------------------------------------------- two readings


def read_bars(grey: Picture) -> Decoded | None:
    """The first number in a picture that two readings of its strip agree on, dark on light or light on dark."""
    for place in find_bars(grey):
        strip = fitted(grey, place)
        text = None if strip is None else _agreed(grey, strip)
        if strip is not None and text is not None:
            return Decoded("Code128", text, strip.corners)
    return None


def confirmed(grey: Picture, found: Decoded, *, by_zbar: bool = False) -> bool:
    """Whether a second, different reading of the same strip says the same as this Code 128.

    Args:
        grey: the picture the code was found in.
        found: the first reading.
        by_zbar: the first reading was zbar's, so zbar on unstretched bars is not different.
    """
    strip = strip_of(found.corners)
    level = laid_level(grey, strip, STRETCH)
    again = _read_plain(level)
    if again is None:
        again = _read_zbar(level if by_zbar else laid_level(grey, strip, 1.0))
    return again is not None and again == found.text and _rows_say(level, found.text)


def _agreed(grey: Picture, strip: Strip) -> str | None:
    """What two different readings of the strip say, and no reading contradicts; None without."""
    widest = max(_WIDE_PX / strip.length, 1.0)
    fine = laid_level(grey, strip, min(_FINE, widest))
    first, flip = _read_black_and_white(fine), False
    if first is None:
        first, flip = _read_black_and_white(_flipped(fine)), True
    if first is None:
        return None
    for read, stretch in ((_read_plain, STRETCH), (_read_zbar, _COARSE), (_read_plain, _FINE)):
        level = laid_level(grey, strip, min(stretch, widest * 1.25))
        again = read(_flipped(level) if flip else level)
        if again is not None:
            return first if again == first and _rows_say(_flipped(fine) if flip else fine, first) else None
    return None


def _rows_say(level: Picture, text: str) -> bool:
    """Whether rows of two of three heights say this number each by themselves, and those of the third no other one.

    A scratch or a glare goes through each height at another place: it can spoil one, it cannot forge two.
    """
    rows = max(level.shape[0] // 4, 2)
    middle = (level.shape[0] - rows) // 2
    heights = (level[:rows], level[middle : middle + rows], level[-rows:])
    said = [_read_black_and_white(picture(part)) or _read_zbar(picture(part)) for part in heights]
    return said.count(text) >= 2 and {*said} <= {text, None}  # noqa: PLR2004 - two of three


def _read_plain(level: Picture) -> str | None:
    return _number(read_with_zxing(level, formats=("Code128",), whole_picture=False))


def _read_zbar(level: Picture) -> str | None:
    return _number(read_with_zbar(level))


def _read_black_and_white(level: Picture) -> str | None:
    """Each pixel held against the middle between the lightest and the darkest around it, across the bars only."""
    window = np.ones((1, round(level.shape[1] * _WINDOW) | 1), np.uint8)
    lightest, darkest = cv2.dilate(level, window), cv2.erode(level, window)
    white = cv2.compare(level, cv2.addWeighted(lightest, 0.5, darkest, 0.5, 0), cv2.CMP_GT)
    return _number(read_with_zxing(picture(white), formats=("Code128",), whole_picture=False, two_levels=True))


def _number(found: Decoded | None) -> str | None:
    return found.text if found is not None and found.format == "Code128" else None


def _flipped(level: Picture) -> Picture:
    return picture(cv2.bitwise_not(level))


def laid_level(grey: Picture, strip: Strip, stretch: float) -> Picture:
    """The strip with its quiet zones, `stretch` times as wide: some rows, each the average of many along the bars."""
    level = cut(grey, strip, stretch, margin=_MARGIN)
    height = level.shape[0]
    averaged = cv2.blur(level, (1, max(height // 3, 5)))[:: max(height // _ROWS, 1)]
    quiet = round(strip.length * stretch * _QUIET)
    return picture(cv2.copyMakeBorder(averaged, 0, 0, quiet, quiet, cv2.BORDER_REPLICATE))


def cut(grey: Picture, strip: Strip, stretch: float, *, margin: float) -> Picture:
    """The strip laid level, `stretch` times as wide, with `margin` of its length at either side."""
    width = max(round(strip.length * (1 + 2 * margin) * stretch), 1)
    height = max(round(min(strip.depth, strip.length * _DEPTH_MAX)), 1)
    cos, sin = math.cos(strip.angle), math.sin(strip.angle)
    back = np.array([
        [cos / stretch, strip.lean * cos - sin, 0.0], [sin / stretch, strip.lean * sin + cos, 0.0]
    ])  # fmt: skip
    back[:, 2] = np.array([strip.x, strip.y]) - back[:, :2] @ np.array([width / 2, height / 2])
    return picture(
        cv2.warpAffine(
            grey, back, (width, height), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
        )
    )


def fitted(grey: Picture, strip: Strip) -> Strip | None:
    """The strip fitted to its bars: how they lean, and where they begin and end; None when these are no bars."""
    level = cut(grey, strip, 1.0, margin=0.0).astype(np.float32)
    third, far = max(level.shape[0] // 3, 1), round(level.shape[0] * _LEAN_MAX) + 1
    if level.shape[1] < _LENGTH_MIN_PX:
        return None
    above, below = level[:third].mean(axis=0, keepdims=True), level[-third:].mean(axis=0, keepdims=True)
    alike = cv2.matchTemplate(above, below[:, far:-far], cv2.TM_CCOEFF_NORMED)[0]
    best = int(alike.argmax())
    if alike[best] < _ALIKE_MIN:
        return None
    upright: Strip | None = strip._replace(lean=(far - best) / max(level.shape[0] - third, 1))
    for _ in range(2):  # the place may hold half of the bars only
        upright = upright and _to_its_ends(grey, upright)
    return upright


def _to_its_ends(grey: Picture, strip: Strip) -> Strip | None:
    """The strip from its first to its last bar, which may lie beyond its own ends."""
    middle = strip._replace(depth=min(strip.depth, _ENOUGH_PX))
    profile = cut(grey, middle, 1.0, margin=_BEYOND).mean(axis=0)
    ends = _longest_run(np.abs(np.diff(profile)), gap_max=max(strip.length * _GAP_MAX, 5.0))
    if ends is None:
        return None
    first, last = ends
    off, length = (first + last + 1) / 2 - len(profile) / 2, float(last - first)
    return strip._replace(
        x=strip.x + math.cos(strip.angle) * off, y=strip.y + math.sin(strip.angle) * off, length=length
    )


def _longest_run(steps: NDArray[Any], *, gap_max: float) -> tuple[int, int] | None:
    """Where the longest row of steps between light and dark begins and ends, with no wider gap in between."""
    edges = np.flatnonzero(steps > np.percentile(steps, 90) * _STEP_MIN)
    if len(edges) < 2:  # noqa: PLR2004 - a run has two ends
        return None
    runs = np.split(edges, np.flatnonzero(np.diff(edges) > gap_max) + 1)
    longest = max(runs, key=lambda run: int(run[-1] - run[0]))
    first, last = int(longest[0]), int(longest[-1])
    return (first, last) if last - first >= _LENGTH_MIN_PX else None


# ---------------------------------------------------------------------- where bars stand


def find_bars(grey: Picture) -> list[Strip]:
    """Places where the light changes much and one way only, as across bars; the strongest first, PLACES_MAX at most.

    The structure tensor: the squares of the changes, summed up in cells, tell how much goes which way.
    """
    height, width = grey.shape
    columns, rows = width // 2 // _CELL_PX, height // 2 // _CELL_PX
    if columns < 3 or rows < 1:  # noqa: PLR2004 - smaller than any code
        return []
    change_x, change_y = cv2.spatialGradient(cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    horizontal, vertical = change_x.astype(np.float32), change_y.astype(np.float32)

    def summed(product: NDArray[Any]) -> NDArray[Any]:
        return cv2.blur(cv2.resize(product, (columns, rows), interpolation=cv2.INTER_AREA), (3, 3))

    squares_x, squares_y = horizontal * horizontal, vertical * vertical
    xx, yy, xy = summed(squares_x), summed(squares_y), summed(horizontal * vertical)
    change = xx + yy
    one_way = np.hypot(xx - yy, 2 * xy) / (change + _CALM)
    everywhere = summed(cv2.sqrt(squares_x + squares_y)) ** 2 / (change + _CALM)
    bars = (one_way > _ONE_WAY_MIN) & (everywhere > _EVERYWHERE_MIN) & (change > _CHANGE_MIN)
    count, labels = cv2.connectedComponents(bars.astype(np.uint8), connectivity=4)
    weight = np.where(bars, change * one_way, 0.0)
    strength = np.bincount(labels.ravel(), weights=weight.ravel(), minlength=count)
    angle = np.arctan2(2 * xy, xx - yy) / 2
    scale = np.array([width / columns, height / rows])
    places: list[Strip] = []
    for label in np.argsort(-strength)[:_LOOKED_AT]:
        cells = np.argwhere(labels == label)
        if strength[label] and len(cells) >= _CELLS_MIN and len(places) < PLACES_MAX:
            at = tuple(cells.T)
            place = _strip((cells[:, ::-1] + 0.5) * scale, angle[at], weight[at])
            if place is not None and place.depth <= place.length:  # else the edge of a phone
                places.append(place)
    return places


def _strip(points: NDArray[Any], angles: NDArray[Any], weights: NDArray[Any]) -> Strip | None:
    """The strip that cells of bars make up: where most of them stand, as long as they go."""
    angle = math.atan2((weights * np.sin(2 * angles)).sum(), (weights * np.cos(2 * angles)).sum()) / 2
    same = np.abs(np.angle(np.exp(2j * (angles - angle)))) / 2 < _SAME_WAY
    if same.sum() < _CELLS_MIN:
        return None
    points, weights = points[same], weights[same]
    across, along = np.array([math.cos(angle), math.sin(angle)]), np.array([-math.sin(angle), math.cos(angle)])
    step = 2.0 * _CELL_PX
    lowest = (points @ along).min()
    row = ((points @ along - lowest) / step).astype(int)
    first, last = _densest(np.bincount(row, weights=weights))
    inside = (row >= first) & (row <= last)
    left, right = (points @ across)[inside].min() - _CELL_PX, (points @ across)[inside].max() + _CELL_PX
    if right - left < _LENGTH_MIN_PX:
        return None
    x, y = across * (left + right) / 2 + along * (lowest + (first + last + 1) * step / 2)
    return Strip(angle, float(x), float(y), float(right - left), max((last - first + 1) * step * 0.7, 8.0))


def _densest(rows: NDArray[Any]) -> tuple[int, int]:
    """The first and the last of the rows around the densest one that are nearly as dense: bars, not a phone's edge."""
    peak = int(np.convolve(rows, [1, 1, 1], "same").argmax())
    dense = rows > 0.4 * rows.max()
    first = last = peak
    while first > 0 and dense[first - 1]:
        first -= 1
    while last + 1 < len(rows) and dense[last + 1]:
        last += 1
    return first, last
