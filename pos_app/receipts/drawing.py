"""What a laid-out slip is made of: a few marks on sheets. Who paints them (raster, PDF) decides nothing about them.

All lengths are dots, eighths of a millimetre, from the sheet's top left corner.
"""

from dataclasses import dataclass, replace

from pos_app.qr.picture import Modules
from pos_app.receipts.typeface import REACH_DOWN, REACH_UP, Face

Point = tuple[int, int]
Bounds = tuple[int, int, int, int]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Words:
    """A run of text on one line, `width` wide, beginning at `x` on its baseline `y`."""

    text: str
    x: int
    y: int
    width: int
    face: Face
    size: int
    white: bool = False

    @property
    def bounds(self) -> Bounds:
        """The room that no other text may enter, marks above and below included."""
        up, down = round(REACH_UP * self.size), round(REACH_DOWN * self.size)
        return self.x, self.y - up, self.x + self.width, self.y + down

    def moved(self, down: int) -> "Words":
        """The same, further down."""
        return replace(self, y=self.y + down)


@dataclass(frozen=True, slots=True)
class Line:
    """A level line, its middle at `y`."""

    x: int
    y: int
    width: int
    thickness: int
    dashed: bool = False

    @property
    def bounds(self) -> Bounds:
        """The inked rectangle."""
        top = self.y - self.thickness // 2
        return self.x, top, self.x + self.width, top + self.thickness

    def moved(self, down: int) -> "Line":
        """The same, further down."""
        return replace(self, y=self.y + down)

    @property
    def dashes(self) -> tuple[Bounds, ...]:
        """The inked rectangles, one for a solid line."""
        left, top, right, bottom = self.bounds
        if not self.dashed:
            return (self.bounds,)
        dash = 4 * self.thickness
        starts = range(left, right, 2 * dash - self.thickness)
        return tuple((start, top, min(start + dash, right), bottom) for start in starts)


@dataclass(frozen=True, slots=True)
class Panel:
    """A rectangle with round corners: outlined, or filled where `thickness` is 0."""

    x: int
    y: int
    width: int
    height: int
    radius: int
    thickness: int = 0

    @property
    def bounds(self) -> Bounds:
        """The outer rectangle."""
        return self.x, self.y, self.x + self.width, self.y + self.height

    def moved(self, down: int) -> "Panel":
        """The same, further down."""
        return replace(self, y=self.y + down)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through some points, round at ends and corners."""

    points: tuple[Point, ...]
    thickness: int
    white: bool = False

    @property
    def bounds(self) -> Bounds:
        """The inked rectangle."""
        across, down = [x for x, _ in self.points], [y for _, y in self.points]
        reach = (self.thickness + 1) // 2
        return min(across) - reach, min(down) - reach, max(across) + reach, max(down) + reach

    def moved(self, down: int) -> "Stroke":
        """The same, further down."""
        return replace(self, points=tuple((x, y + down) for x, y in self.points))


@dataclass(frozen=True, slots=True)
class CodeModules:
    """A QR code, each module `module` dots wide; the quiet zone is among the modules."""

    x: int
    y: int
    module: int
    rows: Modules

    @property
    def side(self) -> int:
        """The code's width and height, quiet zone included."""
        return self.module * len(self.rows)

    @property
    def bounds(self) -> Bounds:
        """The square, quiet zone included."""
        return self.x, self.y, self.x + self.side, self.y + self.side

    def moved(self, down: int) -> "CodeModules":
        """The same, further down."""
        return replace(self, y=self.y + down)

    @property
    def bars(self) -> tuple[Bounds, ...]:
        """The dark modules, neighbours in a row joined to one rectangle, so that no hairline parts them."""
        return tuple(bar for row in range(len(self.rows)) for bar in self._bars_of(row))

    def _bars_of(self, row: int) -> list[Bounds]:
        top = self.y + row * self.module
        bars: list[Bounds] = []
        for column, dark in enumerate(self.rows[row]):
            left = self.x + column * self.module
            if dark and bars and bars[-1][2] == left:
                bars[-1] = (bars[-1][0], top, left + self.module, top + self.module)
            elif dark:
                bars.append((left, top, left + self.module, top + self.module))
        return bars


Mark = Words | Line | Panel | Stroke | CodeModules


@dataclass(frozen=True, slots=True)
class Sheet:
    """One piece of paper with its marks, in reading order."""

    width: int
    height: int
    marks: tuple[Mark, ...]
