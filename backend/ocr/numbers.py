"""A number is believed when readings agree, its check digit is right and nothing on the sheet speaks against it.

One wrong digit never passes the check digit; two wrong ones pass once in eleven. So a number needs two readings of the
line made differently, no rival with a right check digit, and the year and kind that are printed beside it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backend.domain.certificates import Seen
from backend.domain.errors import AssistantError
from backend.domain.patent_number import PatentNumber, parse_patent_number, tidy
from backend.domain.patents import PatentKind

_DIGITS = r"(\d{12}[\dX]|\d{8}[\dX])(?![\dX])"
_SHAPES = (re.compile(rf"(?:Z[LI1]|[27]L){_DIGITS}"), re.compile(rf"利号[^\dXC]{{0,4}}{_DIGITS}"))
AGREEING = 2
AGREEING_AGAINST_DATES = 3  # a divisional application keeps its parent's day: rare, so proven better


@dataclass(frozen=True, slots=True)
class Reading:
    """One recognition of the number's line."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Beside:
    """What the sheet says elsewhere, where it was read."""

    kind: PatentKind | None = None
    filed_on: date | None = None
    granted_on: date | None = None

    def contradict(self, number: PatentNumber) -> bool:
        """Another kind, filed before its own day (a divisional's number is later, never earlier), or after its grant."""
        return (
            (self.kind is not None and number.kind is not self.kind)
            or (self.filed_on is not None and number.year < self.filed_on.year)
            or (self.granted_on is not None and number.year > self.granted_on.year)
        )


def number_in(text: str) -> PatentNumber | None:
    """The number with a right check digit behind “ZL” or its label; application and announcement numbers are neither."""
    bare = tidy(text)
    for shape in _SHAPES:
        match = shape.search(bare)
        if match:
            try:
                return parse_patent_number(match.group(1))
            except AssistantError:
                continue
    return None


def elect(readings: Sequence[Reading], beside: Beside) -> Seen[PatentNumber] | None:
    """The one number that enough readings agree on, or None."""
    votes: dict[PatentNumber, list[float]] = defaultdict(list)
    for reading in readings:
        number = number_in(reading.text)
        if number:
            votes[number].append(reading.score)
    if len(votes) != 1:
        return None
    ((number, scores),) = votes.items()
    fits = beside.filed_on is None or number.year == beside.filed_on.year
    if beside.contradict(number) or len(scores) < (AGREEING if fits else AGREEING_AGAINST_DATES):
        return None
    return Seen(number, round(sum(scores) / len(scores) * (1.0 if fits else 0.8), 3))
