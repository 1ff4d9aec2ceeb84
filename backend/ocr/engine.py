"""RapidOCR's three networks, used one by one: find boxes, tell which way is up, recognise.

Used apart because a certificate needs less than the whole chain does: boxes are found on a smaller copy, the sheet is
turned once instead of line by line, and only the lines that are asked for are recognised, from the full picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from rapidocr_onnxruntime import RapidOCR

from backend.ocr.lines import Line, Point, Quad
from backend.ocr.numbers import Reading
from backend.ocr.picture import Pixels

FINDING_SIDE = 1280  # pixels of the longer side on which boxes are found; twice that costs four times the time
LEAST_FINDING_SIDE = 960
LEAST_SHORT_SIDE = 64
MOST_LINES = 150  # a sheet has about twenty-five; a wall of text is not read to its end
LONGEST_STRIP = 60  # widths to a height, some ninety characters; the network's memory grows with the square
VOTERS = 8  # longest lines that say which way is up


class Engine:
    """Loaded once (about half a second, 300 MB at work). Not for several threads at once."""

    def __init__(self, threads: int = 2) -> None:
        cv2.setNumThreads(threads)
        self._networks = RapidOCR(
            intra_op_num_threads=threads,
            inter_op_num_threads=1,
            det_limit_side_len=32,  # `find` has chosen the size already
            det_limit_type="min",
            rec_batch_num=1,  # lines differ in length; padding six to the longest doubles the time
        )

    def find(self, picture: Pixels, side: int = FINDING_SIDE) -> list[Line]:
        """Boxes of text in the picture's own pixels, without their text."""
        height, width = picture.shape[:2]
        if min(height, width) < LEAST_SHORT_SIDE:
            return []
        longer = max(height, width)
        scale = min(side, max(longer, LEAST_FINDING_SIDE)) / longer
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale != 1 else picture
        if min(small.shape[:2]) < LEAST_SHORT_SIDE // 2:
            return []
        boxes, _ = self._networks.text_det(small)
        if boxes is None:
            return []
        return [Line(_quad(np.asarray(box, dtype=np.float64) / scale)) for box in boxes[:MOST_LINES]]

    def upright(self, picture: Pixels, lines: Sequence[Line]) -> tuple[Pixels, list[Line]]:
        """Both turned by quarters until the text reads from left to right."""
        turned, moved = picture, list(lines)
        if sum(line.width for line in lines if line.width > line.height) < sum(
            line.height for line in lines if line.height > line.width
        ):
            turned, moved = quarter_turn(turned, moved)
        longest = sorted(moved, key=lambda line: line.width, reverse=True)[:VOTERS]
        if longest:
            _, votes, _ = self._networks.text_cls([crop(turned, line.quad) for line in longest])
            if sum(float(score) if label == "180" else -float(score) for label, score in votes) > 0:
                turned, moved = quarter_turn(*quarter_turn(turned, moved))
        return turned, moved

    def recognise(self, pictures: Sequence[Pixels]) -> list[Reading]:
        """What each strip of text says."""
        if not pictures:
            return []
        found, _ = self._networks.text_rec(list(pictures))
        return [Reading(str(text), float(score)) for text, score in found]


def _quad(box: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Quad:
    """Starting with the side that runs most to the right: the engine starts slanting upright strips at their long side."""
    corners = [(float(x), float(y)) for x, y in box]
    start = max(range(4), key=lambda at: _rightward(corners[at], corners[(at + 1) % 4]))
    a, b, c, d = corners[start:] + corners[:start]
    return a, b, c, d


def _rightward(a: Point, b: Point) -> float:
    return (b[0] - a[0]) / (_length(a, b) or 1.0)


def quarter_turn(picture: Pixels, lines: Sequence[Line]) -> tuple[Pixels, list[Line]]:
    """Both turned to the right by ninety degrees; boxes start at their new top left."""
    height = picture.shape[0]

    def moved(point: Point) -> Point:
        return height - 1 - point[1], point[0]

    quads = [(moved(line.quad[3]), moved(line.quad[0]), moved(line.quad[1]), moved(line.quad[2])) for line in lines]
    return np.ascontiguousarray(np.rot90(picture, -1)), [Line(quad) for quad in quads]


def crop(picture: Pixels, quad: Quad, stretch: float = 1.0) -> Pixels:
    """The box as a level strip; `stretch` widens the letters."""
    width = max(2, round(max(_length(quad[0], quad[1]), _length(quad[3], quad[2])) * stretch))
    height = max(2, round(max(_length(quad[0], quad[3]), _length(quad[1], quad[2]))))
    width = min(width, LONGEST_STRIP * height)
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(np.array(quad, np.float32), corners)
    strip = cv2.warpPerspective(
        picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(strip, dtype=np.uint8)


def _length(a: Point, b: Point) -> float:
    return float(np.hypot(a[0] - b[0], a[1] - b[1]))


def _sharper(strip: Pixels) -> Pixels:
    blurred = cv2.GaussianBlur(strip, (0, 0), 1.5)
    return np.asarray(cv2.addWeighted(strip, 1.8, blurred, -0.8, 0), dtype=np.uint8)


def _contrasted(strip: Pixels) -> Pixels:
    grey = cv2.cvtColor(strip, cv2.COLOR_BGR2GRAY)
    even = cv2.createCLAHE(clipLimit=2.0, tileGridSize=(2, 8)).apply(grey)
    return np.asarray(cv2.cvtColor(even, cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def _smoother(strip: Pixels) -> Pixels:
    return np.asarray(cv2.GaussianBlur(strip, (0, 0), 0.8), dtype=np.uint8)


def _larger(strip: Pixels) -> Pixels:
    return np.asarray(cv2.resize(strip, None, fx=2, fy=2, interpolation=cv2.INTER_LANCZOS4), dtype=np.uint8)


_PLANS: tuple[tuple[float, Callable[[Pixels], Pixels]], ...] = (
    (1.08, _sharper),
    (0.94, _contrasted),
    (1.16, _smoother),
    (1.04, lambda strip: _sharper(_larger(strip))),
    (1.25, _larger),
)


def variants(picture: Pixels, quad: Quad, first: int, last: int) -> list[Pixels]:
    """The same line prepared differently, so that two readings do not share their mistakes by construction."""
    return [prepare(crop(picture, quad, stretch)) for stretch, prepare in _PLANS[first:last]]
