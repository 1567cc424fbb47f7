"""What a webcam of a till sees of a phone held out, drawn from a seed: stills, a phone on its way, strips of bars.

Each picture is made when it is asked for and is the same for the same seed. A still is of one kind: what makes it
hard, on top of a little of everything else. Nothing here knows the decoders.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tests.scanning.pictures import Picture, code128, ean13, qr

WIDTH, HEIGHT = 1280, 720
FRAMES_PER_SECOND = 15
"""What the till takes of its camera."""

Floats = NDArray[Any]
"""Light, in grey levels that may go beyond what a sensor tells."""
_Box = tuple[float, float, float, float]
Shows = str
"""What the phone's screen shows: "qr", "bars", or "both", as ZaloPay does: the bars above, the QR below."""

SHOWS: tuple[Shows, ...] = ("qr", "bars", "both")
_FOCAL = 1100.0
_SCREEN = (540, 1080)
_NUMBER_DIGITS = 18


@dataclass(frozen=True)
class Still:
    """One picture and what is true of it. `text` is the payment code on the screen."""

    picture: Picture = field(repr=False)
    text: str = field(repr=False)
    kind: str
    shows: Shows
    seed: int


@dataclass(frozen=True)
class Approach:
    """A phone that comes into view and is held still: one picture each 1/15 s, `settled` the first that is at rest.

    The pictures are drawn as they are taken from the iterator, once.
    """

    pictures: Iterator[Picture] = field(repr=False)
    text: str = field(repr=False)
    settled: int


@dataclass
class _View:
    """How one picture is taken; every kind changes some of it."""

    width_px: float
    """Of the phone's screen, at the middle of the picture."""
    turn: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    middle: tuple[float, float] = (WIDTH / 2, HEIGHT / 2)
    motion: tuple[float, float] = (0.0, 0.0)
    """Way during the exposure, pixels."""
    defocus: float = 0.0
    light: float = 1.0
    screen: float = 1.0
    noise: float = 3.0
    quality: int = 90
    busy: float = 0.3
    dark: bool = False
    glare: float = 0.0
    cracks: int = 0
    stripes: float = 0.0
    moire: float = 0.0


# ---------------------------------------------------------------------- the kinds of stills


def _way(rng: Generator, length: float) -> tuple[float, float]:
    angle = rng.uniform(0, 2 * math.pi)
    return length * math.cos(angle), length * math.sin(angle)


def _plain(rng: Generator) -> _View:
    return _View(
        width_px=rng.uniform(290, 440),
        turn=rng.normal(0, 4),
        yaw=rng.normal(0, 6),
        pitch=rng.normal(0, 6),
        middle=(rng.normal(WIDTH / 2, 90), rng.normal(HEIGHT / 2, 40)),
        motion=_way(rng, abs(rng.normal(0, 0.7))),
        defocus=abs(rng.normal(0, 0.35)),
        light=rng.uniform(0.8, 1.05),
        noise=rng.uniform(1.5, 5),
        quality=int(rng.integers(75, 95)),
        busy=rng.uniform(0, 0.5),
    )


def _tilt(rng: Generator, view: _View) -> None:
    view.turn = rng.uniform(8, 45) * rng.choice([-1, 1])


def _turn(rng: Generator, view: _View) -> None:
    view.turn = rng.uniform(45, 315)


def _perspective(rng: Generator, view: _View) -> None:
    view.yaw, view.pitch = rng.uniform(-38, 38), rng.uniform(-38, 38)


def _motion(rng: Generator, view: _View) -> None:
    view.motion = _way(rng, rng.uniform(3, 13))


def _defocus(rng: Generator, view: _View) -> None:
    view.defocus = rng.uniform(1.0, 3.6)


def _glare(rng: Generator, view: _View) -> None:
    view.glare = rng.uniform(0.3, 0.9)


def _low_light(rng: Generator, view: _View) -> None:
    view.light, view.noise = rng.uniform(0.12, 0.4), rng.uniform(6, 18)
    view.screen = rng.uniform(0.7, 1.1)


def _stripes(rng: Generator, view: _View) -> None:
    view.stripes = rng.uniform(0.3, 0.85)


def _moire(rng: Generator, view: _View) -> None:
    view.moire = rng.uniform(0.3, 0.9)


def _small(rng: Generator, view: _View) -> None:
    view.width_px = rng.uniform(130, 250)


def _busy(rng: Generator, view: _View) -> None:
    view.busy = 1.0


def _inverted(rng: Generator, view: _View) -> None:
    view.dark = True


def _cracked(rng: Generator, view: _View) -> None:
    view.cracks = int(rng.integers(3, 13))


def _dim(rng: Generator, view: _View) -> None:
    view.screen, view.light = rng.uniform(0.1, 0.3), rng.uniform(0.5, 1.0)


def _half_out(rng: Generator, view: _View) -> None:
    view.width_px = rng.uniform(300, 400)


def _jpeg(rng: Generator, view: _View) -> None:
    view.quality = int(rng.integers(8, 40))


_KINDS = {
    "plain": lambda rng, view: None, "tilt": _tilt, "turn": _turn, "perspective": _perspective, "motion": _motion,
    "defocus": _defocus, "glare": _glare, "low light": _low_light, "stripes": _stripes, "moire": _moire,
    "small": _small, "busy": _busy, "inverted": _inverted, "cracked": _cracked, "dim": _dim, "half out": _half_out,
    "jpeg": _jpeg,
}  # fmt: skip
KINDS = tuple(_KINDS)


def still(kind: str, shows: Shows, seed: int) -> Still:
    """One picture of a phone held out."""
    rng = np.random.default_rng([seed, KINDS.index(kind), SHOWS.index(shows)])
    text = number(rng)
    view = _plain(rng)
    _KINDS[kind](rng, view)
    screen, codes = _screen(rng, text, shows, dark=view.dark)
    if kind == "half out":
        _move_half_out(rng, view, codes[-1] if shows != "both" else codes[int(rng.integers(2))], shows)
    else:
        _keep_in(view, codes)
    scene = _counter(rng, view.busy)
    _hold(rng, scene, screen, codes, view)
    return Still(_taken(rng, scene, view), text, kind, shows, seed)


def two_phones(seed: int) -> tuple[Picture, str, str]:
    """Two customers at once: the picture, and both payment codes."""
    rng = np.random.default_rng([seed, 1_001])
    scene = _counter(rng, 0.3)
    texts = number(rng), number(rng)
    view = _plain(rng)
    for text, x in zip(texts, (WIDTH * 0.27, WIDTH * 0.73), strict=True):
        view = _plain(rng)
        view.middle = (x + rng.normal(0, 20), HEIGHT / 2 + rng.normal(0, 20))
        view.width_px = rng.uniform(280, 360)
        screen, codes = _screen(rng, text, "both", dark=False)
        _hold(rng, scene, screen, codes, view)
    return _taken(rng, scene, view), *texts


def nobody(seed: int) -> Picture:
    """The counter with no phone held out: goods, light, noise; half of them with a hand or a dark phone."""
    rng = np.random.default_rng([seed, 1_002])
    view = _plain(rng)
    scene = _counter(rng, rng.uniform(0, 1))
    if seed % 2:
        blank = cv2.GaussianBlur(
            rng.integers(20, 240, (_SCREEN[1] // 60, _SCREEN[0] // 60)).astype(np.float32), (0, 0), 1
        )
        _hold(rng, scene, cv2.resize(blank, _SCREEN), [], view)
    return _taken(rng, scene, view)


def approach(shows: Shows, seed: int) -> Approach:
    """A phone that comes in from a side within a third to two thirds of a second and is then held by a hand."""
    rng = np.random.default_rng([seed, 1_003, SHOWS.index(shows)])
    text = number(rng)
    end = _plain(rng)
    end.width_px = rng.uniform(300, 420)
    screen, codes = _screen(rng, text, shows, dark=bool(rng.random() < 0.15))
    _keep_in(end, codes)
    from_x, from_y = _way(rng, rng.uniform(600, 900))
    moving = int(rng.integers(5, 11))
    return Approach(_coming(rng, end, (screen, codes), (from_x, from_y), moving), text, moving)


def _coming(
    rng: Generator, end: _View, phone: tuple[Floats, list[_Box]], start: tuple[float, float], moving: int
) -> Iterator[Picture]:
    turn_from, exposure = rng.normal(0, 25), rng.uniform(0.1, 0.5)
    scene, before = _counter(rng, end.busy), None
    for at in range(moving + FRAMES_PER_SECOND):
        left = max(1 - at / moving, 0.0) ** 2
        tremble = rng.normal(0, 1.2, 2)
        middle = (end.middle[0] + start[0] * left + tremble[0], end.middle[1] + start[1] * left + tremble[1])
        step = (0.0, 0.0) if before is None else (middle[0] - before[0], middle[1] - before[1])
        before = middle
        view = _View(
            width_px=end.width_px * (1 + 0.15 * left), turn=end.turn + turn_from * left, yaw=end.yaw, pitch=end.pitch,
            middle=middle, motion=(step[0] * exposure, step[1] * exposure),
            defocus=end.defocus + 1.5 * max(1 - max(at - moving + 2, 0) / 2, 0) * rng.uniform(0, 1),
            light=end.light, noise=end.noise, quality=end.quality,
        )  # fmt: skip
        picture = scene.copy()
        _hold(rng, picture, *phone, view)
        yield _taken(rng, picture, view)


def strip(seed: int) -> tuple[Picture, str]:
    """A Code 128 at the edge of legibility, laid about level, and its number: bars of little more than a pixel."""
    rng = np.random.default_rng([seed, 1_004])
    text = number(rng)
    bars = code128(text, module_px=4, height=160)
    module_px = rng.uniform(0.95, 1.75)
    size = (int(bars.shape[1] / 4 * module_px) + 60, int(rng.integers(40, 90)))
    turn, half = math.radians(rng.normal(0, 1.5)), bars.shape[1] / 2
    scale = module_px / 4
    place = np.array([
        [scale * math.cos(turn), -scale * math.sin(turn), 0.0], [scale * math.sin(turn), scale * math.cos(turn), 0.0]
    ])  # fmt: skip
    place[:, 2] = np.array(size) / 2 + rng.uniform(-1, 1, 2) - place[:, :2] @ np.array([half, 80.0])
    ready = cv2.GaussianBlur(bars.astype(np.float32), (0, 0), 0.45 / scale)
    seen = cv2.warpAffine(ready, place, size, flags=cv2.INTER_LINEAR, borderValue=rng.uniform(90, 240))
    if rng.random() < 0.5:
        seen = cv2.GaussianBlur(seen, (0, 0), rng.uniform(0.2, 1.1))
    if rng.random() < 0.3:
        seen = _moved(seen, (rng.uniform(0.5, 2.5), 0.0))
    contrast = rng.uniform(0.12, 1.0)
    seen = 20 + rng.uniform(0, 40) + seen * contrast * 0.8 + rng.normal(0, rng.uniform(1, 12), seen.shape)
    picture = _bytes(seen)
    if rng.random() < 0.25:
        _flaw(rng, picture)
    return (255 - picture if rng.random() < 0.15 else picture), text


def number(rng: Generator) -> str:
    """A payment code as the wallet shows one: 18 digits."""
    return "".join(map(str, rng.integers(0, 10, _NUMBER_DIGITS)))


# ---------------------------------------------------------------------- the phone's screen


def _screen(rng: Generator, text: str, shows: Shows, *, dark: bool) -> tuple[Floats, list[_Box]]:
    """The screen in grey, and where its codes are: x, y, width, height."""
    width, height = _SCREEN
    screen = np.full((height, width), int(rng.uniform(235, 255)), np.uint8)
    cv2.rectangle(screen, (0, 0), (width, int(rng.uniform(80, 190))), rng.uniform(60, 200), -1)
    _words(rng, screen, 60, 1.0)
    codes: list[_Box] = []
    y = rng.uniform(200, 260)
    if shows in {"bars", "both"}:
        bars = code128(text, module_px=1, height=int(rng.uniform(30, 60)))
        bars_px = (int(width * rng.uniform(0.8, 0.97)), int(rng.uniform(90, 170)))
        codes.append(_paste(screen, bars, (width / 2, y + bars_px[1] / 2), bars_px))
        y += bars_px[1]
        if rng.random() < 0.7:
            cv2.putText(screen, text, (60, int(y + 34)), cv2.FONT_HERSHEY_SIMPLEX, 0.95, 40, 2, cv2.LINE_AA)
        y += 60
    if shows in {"qr", "both"}:
        square = qr(text, module_px=4)
        side = int(width * rng.uniform(0.45, 0.8))
        codes.append(_paste(screen, square, (width / 2, y + side / 2), (side, side)))
        if rng.random() < 0.25:  # the wallet's sign in the middle
            sign = side * 0.055
            middle = (int(width / 2 - sign), int(y + side / 2 - sign))
            cv2.rectangle(screen, middle, (int(middle[0] + 2 * sign), int(middle[1] + 2 * sign)), 255, -1)
            cv2.circle(screen, (int(width / 2), int(y + side / 2)), int(sign * 0.8), 90, -1)
        y += side
    for line in range(int(rng.integers(2, 5))):
        _words(rng, screen, min(int(y) + 60 + 70 * line, height - 20), 0.8)
    return (265.0 - screen if dark else screen).astype(np.float32), codes


def _words(rng: Generator, screen: Picture, y: int, size: float) -> None:
    said = rng.choice(
        ["Thanh toan", "Dua ma cho thu ngan", "Nguon tien: so du vi", "Uu dai cua ban", "Tu dong cap nhat"]
    )
    cv2.putText(screen, str(said), (int(rng.uniform(20, 120)), y), cv2.FONT_HERSHEY_SIMPLEX, size,
                rng.uniform(0, 130), 2, cv2.LINE_AA)  # fmt: skip


def _paste(screen: Picture, code: Picture, middle: tuple[float, float], size: tuple[int, int]) -> _Box:
    left, top = int(middle[0] - size[0] / 2), int(middle[1] - size[1] / 2)
    drawn = cv2.resize(code, size, interpolation=cv2.INTER_NEAREST)  # whole pixels, as a wallet draws it
    screen[top : top + size[1], left : left + size[0]] = drawn
    return left, top, size[0], size[1]


# ---------------------------------------------------------------------- the counter


def _counter(rng: Generator, busy: float) -> Floats:
    return _goods(int(rng.integers(24)), round(busy * 3) if busy < 1 else 4).copy()


@cache
def _goods(seed: int, busy: int) -> Floats:
    """A counter in grey: wood or stone, light from a side, and goods; `busy` 0 to 4."""
    rng = np.random.default_rng([seed, busy, 1_005])
    grain = cv2.resize(rng.normal(0, 1, (HEIGHT // 4, WIDTH // 40)).astype(np.float32), (WIDTH, HEIGHT))
    fine = cv2.GaussianBlur(rng.normal(0, 1, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), 1.2)
    slope = np.linspace(rng.uniform(-50, 50), rng.uniform(-50, 50), WIDTH, dtype=np.float32)
    scene = rng.uniform(70, 170) + slope + grain * rng.uniform(2, 12) + fine * rng.uniform(2, 14)
    scene = _bytes(scene)
    for _ in range(busy * 9):
        x, y = int(rng.uniform(0, WIDTH)), int(rng.uniform(0, HEIGHT))
        w, h = int(rng.uniform(30, 260)), int(rng.uniform(20, 200))
        grey = rng.uniform(10, 245)
        what = rng.integers(6)
        if what == 0:
            cv2.rectangle(scene, (x, y), (x + w, y + h), grey, -1)
        elif what == 1:
            cv2.ellipse(scene, (x, y), (w // 2, h // 2), rng.uniform(0, 180), 0, 360, grey, -1, cv2.LINE_AA)
        elif what == 2:
            for line in range(5):
                cv2.putText(scene, "KHUYEN MAI 25.000d Sua tuoi 1L", (x, y + 24 * line), cv2.FONT_HERSHEY_SIMPLEX,
                            rng.uniform(0.4, 0.8), grey, 1 + int(rng.integers(2)), cv2.LINE_AA)  # fmt: skip
        elif what == 3:
            step = int(rng.integers(4, 14))
            for at in range(0, w, step):
                cv2.line(scene, (x + at, y), (x + at + int(h * rng.choice([0, 0.4])), y + h), grey, max(step // 3, 1))
        elif what == 4:
            squares = rng.integers(0, 2, (h // 10 + 1, w // 10 + 1)).astype(np.uint8) * 200 + 20
            _lay(scene, cv2.resize(squares, (w, h), interpolation=cv2.INTER_NEAREST), x, y)
        elif busy == 4:
            digits = "893" + "".join(map(str, rng.integers(0, 10, 9)))
            check = -sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits)) % 10
            _lay(scene, ean13(f"{digits}{check}", module_px=2, height=70), x, y)
    return scene.astype(np.float32)


def _lay(scene: Picture, thing: NDArray[Any], x: int, y: int) -> None:
    thing = thing[: max(HEIGHT - y, 0), : max(WIDTH - x, 0)]
    scene[y : y + thing.shape[0], x : x + thing.shape[1]] = thing


# ---------------------------------------------------------------------- the phone in the picture


def _move_half_out(rng: Generator, view: _View, code: _Box, shows: Shows) -> None:
    """The phone so far out that `code` is at the picture's edge: cut through where another remains, else just in."""
    scale = view.width_px / _SCREEN[0]
    _x, y, _w, h = code
    above = y + h / 2 < _SCREEN[1] / 2
    cut = 0.5 if shows == "both" else rng.uniform(-0.01, 0.01) if shows == "qr" else rng.uniform(0, 0.6)
    inside = (y + h * cut if above else y + h * (1 - cut)) - _SCREEN[1] / 2
    view.turn, view.yaw, view.pitch = rng.normal(0, 2), rng.normal(0, 3), 0.0
    edge = 0.0 if above else HEIGHT
    view.middle = (view.middle[0], edge - inside * scale)


def _keep_in(view: _View, codes: list[_Box]) -> None:
    """Move the phone so far that its codes are in the picture: what is cut off is a kind of its own."""
    corners = [(x + w * right, y + h * below) for x, y, w, h in codes for right in (0, 1) for below in (0, 1)]
    seen = cv2.perspectiveTransform(np.array([corners], np.float64), _outline(view))[0]
    low, high = seen.min(axis=0) - 14, seen.max(axis=0) + 14
    by = np.maximum(-low, 0) - np.maximum(high - np.array([WIDTH, HEIGHT]), 0)
    view.middle = (view.middle[0] + by[0], view.middle[1] + by[1])


def _outline(view: _View) -> NDArray[np.float64]:
    """The map from the screen's pixels to the picture's."""
    turn, yaw, pitch = math.radians(view.turn), math.radians(view.yaw), math.radians(view.pitch)
    about_z = np.array([[math.cos(turn), -math.sin(turn), 0], [math.sin(turn), math.cos(turn), 0], [0, 0, 1]])
    about_y = np.array([[math.cos(yaw), 0, math.sin(yaw)], [0, 1, 0], [-math.sin(yaw), 0, math.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, math.cos(pitch), -math.sin(pitch)], [0, math.sin(pitch), math.cos(pitch)]])
    turned = about_z @ about_y @ about_x
    width, height = _SCREEN
    scale = view.width_px / width
    flat = np.array([[scale, 0, -width * scale / 2], [0, scale, -height * scale / 2], [0, 0, 0], [0, 0, 1]])
    lens = np.array([[_FOCAL, 0, 0], [0, _FOCAL, 0], [0, 0, 1]])
    moved = np.hstack([turned, np.array([[0], [0], [_FOCAL]])])
    mapped = lens @ moved @ flat
    shift = np.array([[1, 0, view.middle[0]], [0, 1, view.middle[1]], [0, 0, 1]])
    return np.asarray(shift @ mapped)


def _hold(rng: Generator, scene: Floats, screen: Floats, codes: list[_Box], view: _View) -> None:
    """Draw the phone into the scene as the camera sees it, with all that happens between glass and sensor."""
    shown = screen * view.screen + 12
    if view.moire:
        shown = shown + _moire_of(rng, screen.shape, view)
    glass = _bytes(shown)
    for _ in range(view.cracks):
        _crack(rng, glass, codes)
    shown = np.pad(glass, 18, constant_values=18)
    place = _outline(view) @ np.array([[1, 0, -18], [0, 1, -18], [0, 0, 1]])
    height, width = shown.shape
    corners = cv2.perspectiveTransform(
        np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64), place
    )[0]
    left, top = np.floor(corners.min(axis=0)).astype(int) - 24
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + 24
    left, top, right, bottom = max(left, 0), max(top, 0), min(right, WIDTH), min(bottom, HEIGHT)
    if right - left < 8 or bottom - top < 8:
        return
    # What one pixel of the sensor gathers: smoothed before it is made smaller.
    ready = cv2.GaussianBlur(shown.astype(np.float32), (0, 0), max(0.45 * width / view.width_px, 0.3))
    here = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]]) @ place
    size = (int(right - left), int(bottom - top))
    seen = cv2.warpPerspective(ready, here, size, flags=cv2.INTER_LINEAR)
    covers = cv2.warpPerspective(np.ones_like(ready), here, size, flags=cv2.INTER_LINEAR)
    if view.glare:
        seen = seen + _glare_on(rng, seen.shape, view) * covers
    around = scene[top:bottom, left:right]
    seen = seen * covers + around * view.light * (1 - covers)
    if any(view.motion):
        seen = _moved(seen, view.motion)
    if view.defocus > 0.15:
        seen = _unsharp(seen, view.defocus)
    scene[top:bottom, left:right] = seen / view.light


def _moire_of(rng: Generator, shape: tuple[int, ...], view: _View) -> Floats:
    """The screen's grid against the sensor's: waves of a few pixels of the picture, bent a little."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    waves = np.zeros(shape, np.float32)
    for _ in range(2):
        length = rng.uniform(5, 22) * _SCREEN[0] / view.width_px
        angle, bend = rng.uniform(0, math.pi), rng.uniform(-0.0006, 0.0006)
        way = x * math.cos(angle) + y * math.sin(angle) + bend * (x - 270) * (y - 540)
        waves += np.sin(way * np.float32(2 * math.pi / length))
    return (waves * 110 * view.moire * view.screen * 0.5).astype(np.float32)


def _crack(rng: Generator, shown: Picture, codes: list[_Box]) -> None:
    x, y, w, h = codes[int(rng.integers(len(codes)))]
    at = np.array([rng.uniform(x, x + w), rng.uniform(y, y + h)])
    angle = rng.uniform(0, 2 * math.pi)
    bright = rng.uniform(60, 255)
    for _ in range(int(rng.integers(3, 9))):
        angle += rng.normal(0, 0.5)
        to = at + np.array([math.cos(angle), math.sin(angle)]) * rng.uniform(20, 90)
        cv2.line(
            shown,
            tuple(at.astype(int).tolist()),
            tuple(to.astype(int).tolist()),
            bright,
            int(rng.integers(1, 4)),
            cv2.LINE_AA,
        )
        at = to


def _glare_on(rng: Generator, shape: tuple[int, ...], view: _View) -> Floats:
    """A lamp in the glass: a soft veil and one hard spot or tube."""
    height, width = shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    middle_x, middle_y = rng.uniform(0.2, 0.8) * width, rng.uniform(0.15, 0.7) * height
    angle, long, wide = rng.uniform(0, math.pi), rng.uniform(60, 300), rng.uniform(10, 45)
    along = (x - middle_x) * math.cos(angle) + (y - middle_y) * math.sin(angle)
    across = -(x - middle_x) * math.sin(angle) + (y - middle_y) * math.cos(angle)
    spot = np.exp(-((along / long) ** 2) - (across / wide) ** 2)
    veil = np.exp(-((x - middle_x) ** 2 + (y - middle_y) ** 2) / (2 * (0.5 * width) ** 2))
    return np.asarray((spot * 230 + veil * 90) * view.glare, np.float32)


def _moved(seen: Floats, way: tuple[float, float]) -> Floats:
    length = math.hypot(*way)
    if length < 0.6:
        return seen
    side = int(length) + 3 | 1
    path = np.zeros((side * 8, side * 8), np.float32)
    middle, half = side * 4, np.array(way) * 4
    start, end = middle - half, middle + half
    cv2.line(path, tuple(start.astype(int).tolist()), tuple(end.astype(int).tolist()), 1.0, 8, cv2.LINE_AA)
    small = cv2.resize(path, (side, side), interpolation=cv2.INTER_AREA)
    return cv2.filter2D(seen, -1, small / small.sum(), borderType=cv2.BORDER_REPLICATE)


def _unsharp(seen: Floats, radius: float) -> Floats:
    """A lens out of focus draws each point as a disc."""
    side = int(2 * radius + 3) | 1
    y, x = np.mgrid[0 : side * 8, 0 : side * 8].astype(np.float32) / 8 - side / 2 + 1 / 16
    disc = cv2.resize((x * x + y * y <= radius * radius).astype(np.float32), (side, side), interpolation=cv2.INTER_AREA)
    return cv2.filter2D(seen, -1, disc / disc.sum(), borderType=cv2.BORDER_REPLICATE)


def _flaw(rng: Generator, picture: Picture) -> None:
    height, width = picture.shape
    ends = (int(rng.uniform(0, width)), 0), (int(rng.uniform(0, width)), height)
    cv2.line(picture, *ends, rng.uniform(0, 255), int(rng.integers(1, 4)), cv2.LINE_AA)


# ---------------------------------------------------------------------- the sensor


def _taken(rng: Generator, scene: Floats, view: _View) -> Picture:
    """What the camera makes of the light: brightness, rolling stripes, noise, JPEG, three colours."""
    seen = scene * view.light
    if view.stripes:
        rows = np.arange(HEIGHT, dtype=np.float32)
        band = np.sin(rows * 2 * math.pi / rng.uniform(40, 400) + rng.uniform(0, 6)) * 0.5 + 0.5
        if rng.random() < 0.5:
            band = np.round(band)
        seen = seen * (1 - view.stripes * band)[:, None]
    noise = _noise()
    y, x = int(rng.integers(0, noise.shape[0] - HEIGHT)), int(rng.integers(0, noise.shape[1] - WIDTH))
    seen = seen + noise[y : y + HEIGHT, x : x + WIDTH] * view.noise
    grey = _bytes(seen)
    packed = cv2.imencode(".jpg", cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), [cv2.IMWRITE_JPEG_QUALITY, view.quality])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


@cache
def _noise() -> Floats:
    return np.random.default_rng(1_006).standard_normal((HEIGHT + 400, WIDTH + 400), dtype=np.float32)


def _bytes(seen: NDArray[np.floating]) -> Picture:
    return np.asarray(np.clip(seen, 0, 255), np.uint8)
