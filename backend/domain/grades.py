"""A grade of a listed patent from named parts: technical, legal, market. For the office's own use, never an endorsement.

Every part says its points, out of how many, and where its figure comes from. What is not known is missing: it counts
neither for nor against, and where too much is missing there is no letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from backend.domain.classes import Classes
from backend.domain.fees import PaymentMethod
from backend.domain.listings import Guidance, Listing, Standing
from backend.domain.patents import PatentKind
from backend.domain.pricing import Comparables, prices_of, years_left
from backend.domain.registry import LegalStatus, PatentRecord

RULES = "2026-1"  # a change of any figure below needs a new one
LEAST_KNOWN = 60  # points that must be known before a letter is given
NONE = "-"
LETTERS = (("A", 75), ("B", 60), ("C", 45), ("D", 0))  # from so many of a hundred known points on


class GradePart(StrEnum):
    LEGAL = "legal"
    TECHNICAL = "technical"
    MARKET = "market"


class GradeItem(StrEnum):
    """What is looked at, each in one part."""

    EXAMINED = "examined"
    TERM_LEFT = "term_left"
    STANDING = "standing"
    STATUS = "status"
    MATURITY = "maturity"
    BREADTH = "breadth"
    DESCRIBED = "described"
    GUIDANCE = "guidance"
    DEMAND = "demand"
    INTEREST = "interest"
    PRICE = "price"


class GradeSource(StrEnum):
    """Where a figure comes from."""

    TABLE = "table"  # the information table, as the holder gave it
    REGISTER = "register"
    COMPANIES = "companies"
    FOLLOWERS = "followers"
    POOL = "pool"


PART_OF = {
    GradeItem.EXAMINED: GradePart.LEGAL,
    GradeItem.TERM_LEFT: GradePart.LEGAL,
    GradeItem.STANDING: GradePart.LEGAL,
    GradeItem.STATUS: GradePart.LEGAL,
    GradeItem.MATURITY: GradePart.TECHNICAL,
    GradeItem.BREADTH: GradePart.TECHNICAL,
    GradeItem.DESCRIBED: GradePart.TECHNICAL,
    GradeItem.GUIDANCE: GradePart.TECHNICAL,
    GradeItem.DEMAND: GradePart.MARKET,
    GradeItem.INTEREST: GradePart.MARKET,
    GradeItem.PRICE: GradePart.MARKET,
}


@dataclass(frozen=True, slots=True)
class Scored:
    """`points` is None where nothing is known. `fact` is the figure behind it, as it was found."""

    item: GradeItem
    points: int | None
    of: int
    source: GradeSource
    fact: str = ""

    @property
    def part(self) -> GradePart:
        return PART_OF[self.item]


@dataclass(frozen=True, slots=True)
class Grade:
    """`points` of `known`; a hundred could be known."""

    items: tuple[Scored, ...]
    rules: str = RULES

    @property
    def points(self) -> int:
        return sum(item.points or 0 for item in self.items)

    @property
    def known(self) -> int:
        return sum(item.of for item in self.items if item.points is not None)

    @property
    def letter(self) -> str:
        if self.known < LEAST_KNOWN:
            return NONE
        return next(letter for letter, least in LETTERS if self.points * 100 >= least * self.known)

    def of_part(self, part: GradePart) -> tuple[int, int]:
        """(points, known) of one part."""
        mine = [item for item in self.items if item.part is part and item.points is not None]
        return sum(item.points or 0 for item in mine), sum(item.of for item in mine)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is known beside the listing. `companies` counts all profiles, `demand` those that named its surest cluster."""

    classes: Classes = field(default_factory=Classes)
    record: PatentRecord | None = None
    companies: int = 0
    demand: int = 0
    interested: int = 0
    not_relevant: int = 0
    comparables: Comparables | None = None


def grade(listing: Listing, around: Around, *, on: date) -> Grade:
    """All parts, in the order of the enumeration."""
    return Grade((*_legal(listing, around, on), *_technical(listing), *_market(listing, around)))


def _legal(listing: Listing, around: Around, on: date) -> Iterator[Scored]:
    table = GradeSource.TABLE
    unexamined = 7 if listing.evaluation_report else 3
    examined = 10 if listing.kind is PatentKind.INVENTION else unexamined  # granted after substantive examination
    yield Scored(GradeItem.EXAMINED, examined, 10, table, str(listing.kind))
    left = years_left(listing.expires_on, on)
    yield Scored(GradeItem.TERM_LEFT, min(left, 10), 10, table, str(left))
    standing = {Standing.ANNOUNCED: 10, Standing.PILOT: 6, Standing.NOT_ANNOUNCED: 3}[listing.standing]
    yield Scored(GradeItem.STANDING, standing, 10, table, str(listing.standing))
    status = around.record.status if around.record else LegalStatus.UNKNOWN
    points = {LegalStatus.IN_FORCE: 10, LegalStatus.LATE_PERIOD: 3, LegalStatus.SUSPENDED: 2, LegalStatus.UNKNOWN: None}
    yield Scored(GradeItem.STATUS, points.get(status, 0), 10, GradeSource.REGISTER, str(status))


def _technical(listing: Listing) -> Iterator[Scored]:
    table = GradeSource.TABLE
    maturity = listing.maturity
    points = None if maturity is None else round(12 * maturity / 9)
    yield Scored(GradeItem.MATURITY, points, 12, table, str(maturity or ""))
    subclasses = {symbol[:4] for symbol in (listing.ipc_main, *listing.ipc) if symbol and "-" not in symbol}
    breadth = None if not subclasses else min(2 * len(subclasses), 6)
    yield Scored(GradeItem.BREADTH, breadth, 6, table, str(len(subclasses) or ""))
    described = (3 if len(listing.abstract) >= 60 else 0) + (3 if listing.scenes else 0)  # noqa: PLR2004 a few sentences
    yield Scored(GradeItem.DESCRIBED, described, 6, table, str(len(listing.abstract)))
    guided = {Guidance.INCLUDED: 6, Guidance.PAID_EXTRA: 4, Guidance.NOT_INCLUDED: 0}
    guidance = guided[listing.guidance] if listing.guidance else None
    yield Scored(GradeItem.GUIDANCE, guidance, 6, table, str(listing.guidance or ""))


def _market(listing: Listing, around: Around) -> Iterator[Scored]:
    steps = ((20, 10), (5, 6), (1, 3), (0, 0))
    demand = next(points for least, points in steps if around.demand >= least) if around.companies else None
    yield Scored(GradeItem.DEMAND, demand, 10, GradeSource.COMPANIES, f"{around.demand}/{around.companies}")
    said = around.interested + around.not_relevant
    interest = round(Decimal(8 * around.interested) / said) if said else None
    yield Scored(GradeItem.INTEREST, interest, 8, GradeSource.FOLLOWERS, f"{around.interested}/{said}")
    yield _price(listing, around.comparables)


def _price(listing: Listing, comparables: Comparables | None) -> Scored:
    if listing.fee.method is PaymentMethod.FREE:
        return Scored(GradeItem.PRICE, 12, 12, GradeSource.TABLE, str(listing.fee.method))
    for kind, price in prices_of(listing.fee).items():
        spread = comparables.spread(kind) if comparables else None
        if spread is None or spread.low is None or spread.high is None:
            continue
        above = 0 if spread.is_far(price) else 4
        within = 10 if price < spread.low else 8
        points = above if price > spread.high else within
        return Scored(GradeItem.PRICE, points, 12, GradeSource.POOL, str(spread.count))
    return Scored(GradeItem.PRICE, None, 12, GradeSource.POOL)
