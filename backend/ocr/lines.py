"""Lines of text on a sheet and the rows they form. Pure geometry, in the sheet's own upright directions."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]  # top left, top right, bottom right, bottom left

SAME_ROW = 0.6  # of a line's height: how far middles may be apart


@dataclass(frozen=True, slots=True)
class Line:
    """What stands in one box, how sure the engine is, and where; `text` is empty until it was recognised.

    `quad` is in the picture's pixels, `flat` the same turned so that the sheet's text runs level.
    """

    quad: Quad
    text: str = ""
    score: float = 0.0
    flat: Quad | None = None

    @property
    def _box(self) -> Quad:
        return self.flat or self.quad

    @property
    def width(self) -> float:
        return math.dist(self._box[0], self._box[1])

    @property
    def height(self) -> float:
        return math.dist(self._box[0], self._box[3])

    @property
    def left(self) -> float:
        return (self._box[0][0] + self._box[3][0]) / 2

    @property
    def middle(self) -> float:
        return sum(y for _, y in self._box) / 4


def slope(lines: Sequence[Line]) -> float:
    """Radians by which the text rises or falls: the median over long lines, which are measured best."""
    long = sorted(lines, key=lambda line: line.width)[len(lines) // 2 :]
    if not long:
        return 0.0
    return statistics.median(
        math.atan2(line.quad[1][1] - line.quad[0][1], line.quad[1][0] - line.quad[0][0]) for line in long
    )


def level(lines: Sequence[Line]) -> list[Line]:
    """The same lines with `flat`: turned about the origin so that the text runs level. From top to bottom."""
    angle = -slope(lines)
    cos, sin = math.cos(angle), math.sin(angle)

    def turned(quad: Quad) -> Quad:
        a, b, c, d = ((x * cos - y * sin, x * sin + y * cos) for x, y in quad)
        return a, b, c, d

    return sorted((replace(line, flat=turned(line.quad)) for line in lines), key=lambda line: line.middle)


def rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Level lines as rows from top to bottom, each from left to right."""
    found: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.middle):
        beside = found[-1] if found else []
        if beside and abs(line.middle - statistics.fmean(other.middle for other in beside)) < SAME_ROW * min(
            line.height, *(other.height for other in beside)
        ):
            beside.append(line)
        else:
            found.append([line])
    return [sorted(row, key=lambda line: line.left) for row in found]


def spanning(quads: Sequence[Quad]) -> Quad:
    """One box over boxes that stand in a row from left to right."""
    return quads[0][0], quads[-1][1], quads[-1][2], quads[0][3]
