"""Answers about the rules: data with a source, never sentences that a program composed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class EntryTrack(StrEnum):
    """Whether an answer speaks of the pilot of 2022, of the statutory system since 2024-01-20, or of both."""

    PILOT = "pilot"
    STATUTORY = "statutory"
    BOTH = "both"


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Source:
    """A document that answers rest on. `as_of` is the day it was last checked, or its own date."""

    id: str
    title: str
    short: str
    number: str
    as_of: date
    in_force_on: date | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """The link to a passage: 第五十条, 第八十六条第（三）项, 第三部分（三）, 正文."""

    source: Source
    article: str


@dataclass(frozen=True, slots=True)
class Computed:
    """A number that no source holds because it was worked out: `3400`, and how."""

    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One answer. `doubt` is said aloud wherever the confidence is not high; `owner` is a role, not a person; entries of one
    `area` are about one matter.
    """

    id: str
    title: str
    answer: str
    next: str
    detail: str
    track: EntryTrack
    confidence: Confidence
    doubt: str
    citations: tuple[Citation, ...]
    phrasings: tuple[str, ...]
    owner: str
    review_by: date
    computed: tuple[Computed, ...] = ()
    area: str = ""

    @property
    def as_of(self) -> date:
        """The oldest day among its sources: no answer is fresher than its stalest ground."""
        return min(citation.source.as_of for citation in self.citations)


@dataclass(frozen=True, slots=True)
class PolicyHit:
    entry: Entry
    score: float


class Band(StrEnum):
    """How sure the retrieval is: answer, offer choices, or say that the material does not hold it."""

    ANSWER = "answer"
    CHOICES = "choices"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class TwoQuestions:
    """What the two questions of one message ask about, in their order; `sure`: both may be answered without asking back."""

    first: Entry
    second: Entry
    sure: bool


@dataclass(frozen=True, slots=True)
class PolicyAnswer:
    """`hits` best first: one for ANSWER, up to three for CHOICES, the nearest three for NOTHING. `ours` is how likely
    the question is about the rules at all, from 0 to 1; `both` is there where the message rather asks two things.
    """

    band: Band
    hits: tuple[PolicyHit, ...]
    ours: float = 1.0
    both: TwoQuestions | None = None
