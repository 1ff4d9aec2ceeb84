"""Company ↔ patent: a score of named parts, and why. Information on what may fit, never a recommendation of a product:
offices that administer patents may not recommend patented products to the public (Patent Law art. 79).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.domain.companies import Company, CompanySize
from backend.domain.hubei import places
from backend.domain.institutions import InstitutionLabel
from backend.domain.listings import Guidance, Listing, Track


class Part(StrEnum):
    """The parts of a score, in the order of their weight."""

    WORDS = "words"
    CLASS = "class"
    FEE = "fee"
    PLACE = "place"
    CAPACITY = "capacity"
    HOLDER = "holder"
    FEEDBACK = "feedback"


# What a whole part counts. Words and class decide, the rest orders what fits.
WEIGHTS: Mapping[Part, float] = {
    Part.WORDS: 0.50,
    Part.CLASS: 0.25,
    Part.FEE: 0.10,
    Part.PLACE: 0.07,
    Part.CAPACITY: 0.05,
    Part.HOLDER: 0.03,
    Part.FEEDBACK: 0.30,
}
LEAST = 0.12  # below it nothing is shown: a fee and a place alone are no match
LEAST_FIT = 0.08  # words and class together: what is shown has something to do with the company
STRONG = 0.60  # so strong a match is shown however often the patent already stands in lists
MATURE = 7  # technology readiness from here on has been shown in operation


class ReasonKind(StrEnum):
    """What a reason says. Each can be checked against the two rows by a rule of one line; the tests do."""

    WORDS = "words"
    CLUSTER = "cluster"
    DIVISION = "division"
    FREE = "free"
    WITHIN_BUDGET = "within_budget"
    PLACE = "place"
    LABEL = "label"
    MATURE = "mature"
    GUIDED = "guided"
    HOLDER = "holder"


@dataclass(frozen=True, slots=True)
class Reason:
    """`said` are the words that both sides hold, or one code: cluster, division, place, label."""

    kind: ReasonKind
    said: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return self.said[0] if self.said else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One pair. `parts` are 0 to 1 before their weight, FEEDBACK from minus 1; `reasons` the strongest first."""

    company: Company
    listing: Listing
    score: float
    parts: Mapping[Part, float]
    reasons: tuple[Reason, ...]
    demonstration: bool = False
    vouched_by: str = ""


class Verdict(StrEnum):
    """What a follower said of a patent for their company."""

    NOT_RELEVANT = "not_relevant"
    INTERESTED = "interested"


@dataclass(frozen=True, slots=True)
class Feedback:
    openid: str
    number: str
    verdict: Verdict
    at: datetime


@dataclass(frozen=True, slots=True)
class HolderLabels:
    """What staff have on record of institutions and cities: labels by holder's name, and the key cities."""

    by_name: Mapping[str, tuple[InstitutionLabel, ...]]
    key_places: frozenset[str] = frozenset()

    def of(self, listing: Listing) -> tuple[InstitutionLabel, ...]:
        """The labels of the holders, and of the city where the first one is."""
        named = [label for holder in listing.holders for label in self.by_name.get(holder, ())]
        if listing.place_code in self.key_places:
            named.append(InstitutionLabel.KEY_CITY)
        return tuple(dict.fromkeys(named))


def may_take(company: Company, listing: Listing) -> bool:
    """Whether a pilot's own limits leave room for the company; a statutory license is for anybody (Patent Law art. 50).

    Limits are free text: only what plainly shuts the company out does.
    """
    if for_small_only(listing) and company.size is CompanySize.LARGE:
        return False
    named = region_codes(listing)
    return not (named and company.place_code and company.place_code not in named)


def for_small_only(listing: Listing) -> bool:
    scope = listing.licensee_scope if listing.track is Track.PILOT else ""
    return "中小微" in scope and "不限" not in scope


def region_codes(listing: Listing) -> frozenset[str]:
    """The prefecture-level units a pilot is limited to; empty where it names none."""
    region = listing.region if listing.track is Track.PILOT else ""
    return frozenset(place.code for place in places().values() if region and place.short in region)


def within_budget(company: Company, listing: Listing) -> bool:
    """Where both are known: a running royalty without an entry fee asks for nothing before the first use."""
    return company.budget_yuan is not None and listing.fee.upfront_yuan <= company.budget_yuan


def is_mature(listing: Listing) -> bool:
    return (listing.maturity or 0) >= MATURE


def is_guided(listing: Listing) -> bool:
    return listing.guidance is Guidance.INCLUDED


@dataclass(frozen=True, slots=True)
class MatchList:
    """One page for one company, best first. `total` counts what fits; `own` says whether it is the follower's profile."""

    items: tuple[Match, ...]
    total: int
    page: int
    own: bool
    shown: int

    @property
    def has_more(self) -> bool:
        return self.total > (self.page + 1) * self.shown
