"""Code 128 whose bars have run into each other: out of focus, moved, or hardly larger than a pixel each.

No edge is left to measure there, and nothing is sharpened to make one. What such a lens or hand makes of each symbol
can be computed instead; so of all numbers the one is found whose softened bars look most like those in the picture
(Viterbi, since a symbol's light reaches its neighbours only), then place, light and softness are fitted to it, and the
number is found again. Numbers of 18 digits only, as ZaloPay's app draws its payment codes: knowing what may stand
there is what makes them legible.

A number counts when its check digit is right, when no other one comes near, and when rows at two of three heights of
the strip, stretched to other pixels, each say it by themselves.
"""

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pos_app.scanning.bars import STRETCH, Strip, cut, find_bars, fitted
from pos_app.scanning.readers import Decoded, Picture

_Floats = NDArray[Any]

_WIDTHS = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122
123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323
131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131
213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122
141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112
124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141
411131 211412 211214 211232 2331112"""
"""Bars and spaces of each symbol in modules (ISO/IEC 15417): 0 to 99 are two digits, 105 starts a number, 106 stops."""
_DATA, _CHECKED, _START, _STOP = 100, 103, 105, 106
_EACH = np.arange(_CHECKED)
_PAIRS = 9
"""Of digits, in a number."""
_SYMBOL = 11
_MODULES = _SYMBOL * (_PAIRS + 2) + 13
_FINE = 4
"""Samples a module."""
_REACH = 5
"""How many modules a module's light goes to either side, at most: less than half a symbol."""
_PAD, _AROUND = _REACH * _FINE, 2 * _FINE
_ALONG = ((np.arange((_MODULES + 2 * _REACH) * _FINE) + 0.5) / _FINE - _REACH) / _MODULES * 2 - 1
"""Where each sample lies: -1 at the first bar, 1 at the last."""
_SOFT, _SMEAR = (0.15, 2.0), (0.0, 7.0)
"""What is taken for possible of a lens and a hand, modules."""

_MARGIN = 0.06
"""Share of the strip's length at either side in which the quiet zone's light is measured."""
_LEANS = (-1.2, 0.0, 1.2)
"""By how many modules the middle may lie aside, as one end is nearer to the camera: tried at first."""
_BEGINNINGS = (*((0.9, 0.0, lean) for lean in _LEANS), (0.4, 2.4, 0.0))
"""Softness, smear and lean that are tried at first."""
_KEPT, _ROUNDS = 2, 6
_AT_FIRST_MAX, _THEN_MAX, _BETTER = 0.1, 0.06, 0.7
"""What may be left over of bars at first, when they were fitted once, and by what share less with each time more, of
their own contrast: wood, words and goods leave more."""
_APART_MIN = 60.0
"""How much worse the next number fits, in mean squares left over: 98 of 100 right ones have more, no wrong one that we
saw had over 41, and that had dirt along its bars."""
_UNEVEN_MAX = 3.5
"""How much more may be left over around one pair than around most."""
_APART_ROWS_MIN = 12.0
"""The same for a third of the rows, which have more noise."""


def read_soft_bars(grey: Picture) -> Decoded | None:
    """The first number of 18 digits in a picture that its strip and the heights of it agree on."""
    for place in find_bars(grey):
        strip = fitted(grey, place)
        text = None if strip is None else _number(grey, strip)
        if strip is not None and text is not None:
            return Decoded("Code128", text, strip.corners)
    return None


def _number(grey: Picture, strip: Strip) -> str | None:
    """What the whole strip says, when rows of two of three of its heights say the same and no other number."""
    whole = _best_guess(_Profile.of(cut(grey, strip, 1.0, margin=_MARGIN), strip.length))
    if whole is None:
        return None
    level = cut(grey, strip, STRETCH, margin=_MARGIN)
    rows = max(level.shape[0] // 3, 1)
    said = []
    for top in (0, (level.shape[0] - rows) // 2, level.shape[0] - rows):
        part = whole.moved_to(_Profile.of(level[top : top + rows], strip.length * STRETCH), STRETCH)
        said.append(part.path if part.says(_APART_ROWS_MIN) else None)
    agree = sum(path == whole.path for path in said)
    if agree < 2 or any(path not in (None, whole.path) for path in said):  # noqa: PLR2004 - two of three
        return None
    return "".join(f"{pair:02d}" for pair in whole.path[:-1])


class _Profile(NamedTuple):
    """The light along a strip, dark bars on light, and the light of its quiet zones; `length` pixels of it are bars."""

    light: _Floats
    length: float
    left: float
    right: float
    is_turned: bool = False

    @classmethod
    def of(cls, level: Picture, length: float) -> "_Profile":
        light = level.mean(axis=0, dtype=np.float64)
        quiet = max(int(length * _MARGIN * 0.6), 2)
        left, right = float(np.median(light[:quiet])), float(np.median(light[-quiet:]))
        if light[quiet:-quiet].mean() > (left + right) / 2:  # light bars on dark
            light, left, right = 255 - light, 255 - left, 255 - right
        return cls(light, length, left, right)

    def turned(self) -> "_Profile":
        """The same from the other end."""
        return _Profile(self.light[::-1], self.length, self.right, self.left, not self.is_turned)

    def base_and_contrast(self) -> tuple[float, float, float]:
        """The quiet zone's light in the middle, how it changes to the right end, and how much darker a bar is."""
        middle, half = len(self.light) / 2, self.length / 2
        base = (self.left + self.right) / 2
        inside = self.light[max(round(middle - half), 0) : round(middle + half) + 1]
        return base, (self.right - self.left) / 2, max(2 * (base - float(inside.mean())), 1.0)


def _best_guess(profile: _Profile) -> "_Guess | None":
    """From either end and several beginnings, the one that comes to fit best; None when it says no number."""
    guesses = [_Guess.at_first(way, *begun) for way in (profile, profile.turned()) for begun in _BEGINNINGS]
    guesses = sorted(guesses, key=lambda guess: guess.left_over)[:_KEPT]
    if guesses[0].left_over > _AT_FIRST_MAX:
        return None
    for guess in guesses:
        guess.fit()
    best = min(guesses, key=lambda guess: guess.left_over)
    for at in range(_ROUNDS):
        if best.says(_APART_MIN):
            return best
        if best.left_over > _THEN_MAX * _BETTER**at:
            return None
        best.fit()
    return best if best.says(_APART_MIN) else None


# ---------------------------------------------------------------------- what softness makes of symbols


def _drawn(widths: str) -> _Floats:
    """1 where a module is dark."""
    return np.concatenate([np.full(int(width), 1.0 - at % 2) for at, width in enumerate(widths)])


_DRAWN = [_drawn(widths) for widths in _WIDTHS.split()]


@lru_cache(maxsize=512)
def _light_of_a_point(soft: int, smear: int) -> _Floats:
    """What becomes of a point: a blur of `soft` twentieths of a module, drawn over `smear` tenths of one."""
    at = np.arange(-_PAD, _PAD + 1) / _FINE
    bell = np.exp(-0.5 * (at * 20 / soft) ** 2)
    way = np.clip((smear / 20 - np.abs(at)) * _FINE + 0.5, 0, 1)
    seen = np.convolve(bell, way if smear else np.ones(1), "same")
    return np.asarray(seen / seen.sum(), np.float32)


def _softened(modules: _Floats, soft: int, smear: int) -> _Floats:
    """Modules as they are seen, `_FINE` samples each, with `_REACH` modules more at either side."""
    return np.convolve(np.repeat(modules, _FINE).astype(np.float32), _light_of_a_point(soft, smear))


class _Symbols(NamedTuple):
    """All symbols as they are seen, and what neighbours have in common."""

    seen: _Floats
    energy: _Floats
    start: _Floats
    stop: _Floats
    beside: _Floats
    """Of each symbol (columns) with each one after it (rows), doubled."""
    after_start: _Floats
    before_stop: _Floats


@lru_cache(maxsize=64)
def _symbols(soft: int, smear: int) -> _Symbols:
    seen = np.array([_softened(modules, soft, smear) for modules in _DRAWN[:_CHECKED]])
    start, stop = (_softened(_DRAWN[one], soft, smear) for one in (_START, _STOP))
    own, into = _SYMBOL * _FINE, 2 * _PAD
    return _Symbols(
        seen=seen,
        energy=(seen**2).sum(axis=1),
        start=start,
        stop=stop,
        beside=2 * seen[:, :into] @ seen[:, own:].T,
        after_start=2 * seen[:, :into] @ start[own:],
        before_stop=2 * seen[:, own:] @ stop[:into],
    )


# ---------------------------------------------------------------------- one guess, made better


class _Guess:
    """Where the bars of a profile lie, how light and how soft they are, and the number that looks most like them.

    Args:
        profile: the light along the strip.
        place: middle and half the length, pixels, and how far the way from module to pixel bends, by square and cube.
        light: of the quiet zone in the middle, its slope to either end, the contrast of the bars, and its slope.
        soft, smear: blur and way of the light, in modules.

    Attributes:
        path: the symbols between start and stop, the check digit last.
        left_over: the mean square of what this number does not explain, of the bars' own contrast.
    """

    def __init__(self, profile: _Profile, *, place: _Floats, light: _Floats, soft: float, smear: float) -> None:
        self._profile, self._place, self._light, self._soft, self._smear = profile, place, light, soft, smear
        self.path: list[int] = []
        self.left_over = math.inf
        self._read()

    @classmethod
    def at_first(cls, profile: _Profile, soft: float, smear: float, lean: float) -> "_Guess":
        """By the ends of the strip alone."""
        place = np.array([len(profile.light) / 2, profile.length / 2, lean * profile.length / _MODULES, 0.0])
        return cls(profile, place=place, light=np.array([*profile.base_and_contrast(), 0.0]), soft=soft, smear=smear)

    def moved_to(self, profile: _Profile, stretch: float) -> "_Guess":
        """The same bars in a strip that is `stretch` times as wide."""
        place = self._place * stretch
        place[0] += (len(profile.light) - len(self._profile.light) * stretch) / 2
        profile = profile.turned() if self._profile.is_turned else profile
        base, slope, contrast = self._profile.base_and_contrast()
        there = profile.base_and_contrast()
        light = self._light * ([1, 1] + [there[2] / contrast] * 2) + [there[0] - base, there[1] - slope, 0, 0]
        return _Guess(profile, place=place, light=light, soft=self._soft, smear=self._smear)

    def _seen(self) -> _Floats:
        """The light at each sample, 0 as the quiet zone, 1 as dark as a wide bar."""
        bend, light = self._place, self._light
        pixels = bend[0] + bend[1] * _ALONG + bend[2] * (_ALONG**2 - 1) + bend[3] * (_ALONG**3 - _ALONG)
        there = np.interp(pixels, np.arange(len(self._profile.light)), self._profile.light)
        dark = (light[0] + light[1] * _ALONG - there) / (light[2] + light[3] * _ALONG)
        return np.asarray(dark, np.float32)

    def _as_drawn(self) -> tuple[int, int]:
        return round(self._soft * 20), round(self._smear * 10)

    def _read(self) -> None:
        """Find the number by place and light as they are taken to be."""
        symbols, seen = _symbols(*self._as_drawn()), self._seen()
        own, wide = _SYMBOL * _FINE, _SYMBOL * _FINE + 2 * _PAD
        windows = np.stack([seen[at * own : at * own + wide] for at in range(_PAIRS + 2)])
        alike = 2 * windows[1:] @ symbols.seen.T - symbols.energy
        best, back = alike[0, :_DATA] - symbols.after_start[:_DATA], []
        self._alike, self._ahead = alike, [best]
        for at in range(1, _PAIRS + 1):
            after = best - symbols.beside[: _DATA if at < _PAIRS else _CHECKED, :_DATA]
            back.append(after.argmax(axis=1))
            best = after[_EACH[: len(after)], back[-1]] + alike[at, : len(after)]
            self._ahead.append(best)
        best = best - symbols.before_stop
        self.path = [int(best.argmax())]
        for before in reversed(back):
            self.path.append(int(before[self.path[-1]]))
        self.path.reverse()
        ends = 2 * windows[0] @ symbols.start - symbols.start @ symbols.start
        ends += 2 * seen[(_PAIRS + 2) * own :] @ symbols.stop - symbols.stop @ symbols.stop
        self.left_over = float((seen @ seen - ends - best.max()) / len(seen))

    def fit(self) -> None:
        """Fit place, light and softness to the number, and find it again."""
        seen, drawn = self._seen(), self._drawn()
        soft, smear = self._as_drawn()
        shown = _softened(drawn, soft, smear)
        slope = np.gradient(shown) * (_FINE * _MODULES / 2 / self._place[1])
        softer, further = _softened(drawn, soft + 1, smear) - shown, _softened(drawn, soft, smear + 2) - shown
        ways = np.stack([
            slope, slope * _ALONG, slope * (_ALONG**2 - 1), slope * (_ALONG**3 - _ALONG),
            shown, shown * _ALONG, np.ones_like(shown), _ALONG, softer * 20, further * 5,
        ], axis=1).astype(np.float64)  # fmt: skip
        by = np.linalg.solve(ways.T @ ways + np.eye(ways.shape[1]), ways.T @ (seen - shown))
        module = 2 * self._place[1] / _MODULES
        self._place -= np.clip(by[:4], -module, module)
        self._light += self._light[2] * np.clip([-by[6], -by[7], by[4], by[5]], -0.3, 0.3)
        self._light[2] = max(self._light[2], 1.0)
        self._light[3] = np.clip(self._light[3], -self._light[2] / 2, self._light[2] / 2)
        self._soft = float(np.clip(self._soft + np.clip(by[8], -0.3, 0.3), *_SOFT))
        self._smear = float(np.clip(self._smear + np.clip(by[9], -0.6, 0.6), *_SMEAR))
        self._read()

    def says(self, apart_min: float) -> bool:
        """Whether the check digit is right, and no other pair of digits fits nearly as well at any place.

        Args:
            apart_min: by how many times what is left over around a place the next pair must fit worse there.
        """
        check = (_START + sum(at * pair for at, pair in enumerate(self.path[:-1], 1))) % 103
        return check == self.path[-1] and self.apart() >= apart_min

    def apart(self) -> float:
        """How much worse the best other number fits, in what is left over around the pair in which it differs.

        0 where much more is left over around one pair than around the others: there is dirt on it.
        """
        left = (self._seen() - _softened(self._drawn(), *self._as_drawn())) ** 2
        own, aside = _SYMBOL * _FINE, _PAD - _AROUND
        around = [left[at * own + aside : (at + 1) * own + _PAD + _AROUND].mean() for at in range(1, _PAIRS + 2)]
        if max(around) > _UNEVEN_MAX * np.median(around):
            return 0.0
        symbols, nearest = _symbols(*self._as_drawn()), math.inf
        behind = -symbols.before_stop
        for at in range(_PAIRS, -1, -1):
            through = self._ahead[at] + behind
            best = through[self.path[at]]
            through[self.path[at]] = -math.inf
            nearest = min(nearest, float((best - through.max()) / max(around[at], self.left_over)))
            onward = (behind + self._alike[at, : len(behind)])[:, None] - symbols.beside[: len(behind), :_DATA]
            behind = onward.max(axis=0)
        return nearest

    def _drawn(self) -> _Floats:
        return np.concatenate([_DRAWN[one] for one in (_START, *self.path, _STOP)])
