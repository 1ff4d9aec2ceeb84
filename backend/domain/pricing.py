"""What can be said on the price of an open license, each figure with its source. For reference only, no official valuation.

The text of the national office's guideline (国知办发运字〔2022〕56号) is not in our hands, so no formula here is called official.
Money is Decimal yuan, rates are Decimal percent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from backend.domain.fees import LUMP_SUM_CAP_YUAN, NET_SALES_CAP_PERCENT, Fee, PaymentMethod, RoyaltyBasis

FEWEST = 5  # comparables; below it no range is given
CENT = Decimal("0.01")
HUNDRED = Decimal(100)
FAR = Decimal(3)  # times the median, or a third of it
MOST_YEARS = 20


class PriceInput(StrEnum):
    """What a calculation cannot do without."""

    SALES = "sales_yuan"
    RATE = "rate_percent"
    YEARS = "years"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a follower expects. `one_to_many` is the share that is left because several pay, `entry_share` the part of a
    lump sum that an entry fee takes. The defaults are assumptions of ours and are said with the result.
    """

    sales_yuan: Decimal | None = None
    rate_percent: Decimal | None = None
    years: int | None = None
    one_to_many: Decimal = Decimal("0.5")
    interest_percent: Decimal = Decimal(15)
    entry_share: Decimal = Decimal("0.2")

    @property
    def missing(self) -> tuple[PriceInput, ...]:
        """What the calculation still needs."""
        held = {PriceInput.SALES: self.sales_yuan, PriceInput.RATE: self.rate_percent, PriceInput.YEARS: self.years}
        return tuple(name for name, value in held.items() if value is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculation:
    """Three ways of payment that are worth the same under the assumptions; `years` is what is left of the patent at most."""

    inputs: Inputs
    years: int
    lump_sum_yuan: Decimal
    royalty_percent: Decimal
    entry_fee_yuan: Decimal
    reduced_royalty_percent: Decimal

    @property
    def above_cap(self) -> bool:
        """Above what the notice calls the general upper bound (国知发运字〔2024〕19号): said, never refused."""
        return self.lump_sum_yuan > LUMP_SUM_CAP_YUAN or self.royalty_percent > NET_SALES_CAP_PERCENT


def annuity_factor(years: int, interest_percent: Decimal) -> Decimal:
    """What one yuan at the end of each year is worth now."""
    step = 1 + interest_percent / HUNDRED
    return sum((1 / step**year for year in range(1, years + 1)), Decimal(0))


def calculate(inputs: Inputs, *, years_left: int | None = None) -> Calculation | None:
    """None while something is missing, or nothing is left of the patent.

    The lump sum is the discounted sum of a year's royalties; entry fee and reduced royalty share it.
    """
    if inputs.sales_yuan is None or inputs.rate_percent is None or inputs.years is None:
        return None
    years = min(inputs.years, MOST_YEARS, years_left if years_left is not None else MOST_YEARS)
    if years < 1:
        return None
    rate = inputs.rate_percent * inputs.one_to_many
    lump = inputs.sales_yuan * rate / HUNDRED * annuity_factor(years, inputs.interest_percent)
    return Calculation(
        inputs=inputs,
        years=years,
        lump_sum_yuan=_cents(lump),
        royalty_percent=_cents(rate),
        entry_fee_yuan=_cents(lump * inputs.entry_share),
        reduced_royalty_percent=_cents(rate * (1 - inputs.entry_share)),
    )


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


class PriceKind(StrEnum):
    """Prices of one kind can be compared; those of two kinds cannot."""

    LUMP_SUM = "lump_sum"
    ENTRY_FEE = "entry_fee"
    NET_SALES = "net_sales"
    PROFIT = "profit"

    @property
    def is_money(self) -> bool:
        return self in {PriceKind.LUMP_SUM, PriceKind.ENTRY_FEE}


def prices_of(fee: Fee) -> dict[PriceKind, Decimal]:
    """The comparable figures of a fee. A price per piece compares with nothing: pieces differ."""
    held: dict[PriceKind, Decimal | None] = {}
    if fee.method.has_lump_sum:
        held[PriceKind.LUMP_SUM] = fee.lump_sum_yuan
    if fee.method is PaymentMethod.ENTRY_FEE_AND_ROYALTY:
        held[PriceKind.ENTRY_FEE] = fee.entry_fee_yuan
    if fee.method.has_royalty and fee.royalty_basis is RoyaltyBasis.NET_SALES:
        held[PriceKind.NET_SALES] = fee.royalty_percent
    if fee.method.has_royalty and fee.royalty_basis is RoyaltyBasis.PROFIT:
        held[PriceKind.PROFIT] = fee.royalty_percent
    return {kind: value for kind, value in held.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Spread:
    """Listed prices of one kind: how many, and their quartiles. The range is None below FEWEST."""

    kind: PriceKind
    count: int
    low: Decimal | None = None
    median: Decimal | None = None
    high: Decimal | None = None

    def is_far(self, price: Decimal) -> bool:
        """Outside the middle half, and three times the median or a third of it. False where there are too few to say."""
        if self.low is None or self.median is None or self.high is None or self.low <= price <= self.high:
            return False
        return price >= FAR * self.median or price * FAR <= self.median


def quartiles(values: Sequence[Decimal]) -> tuple[Decimal, Decimal, Decimal]:
    """Lower quartile, median, upper quartile, by linear interpolation over the sorted values. At least one value."""
    ordered = sorted(values)

    def at(share: Decimal) -> Decimal:
        place = share * (len(ordered) - 1)
        below = int(place)
        above = min(below + 1, len(ordered) - 1)
        return _cents(ordered[below] + (ordered[above] - ordered[below]) * (place - below))

    return at(Decimal("0.25")), at(Decimal("0.5")), at(Decimal("0.75"))


def spread_of(kind: PriceKind, fees: Iterable[Fee]) -> Spread:
    values = [prices_of(fee)[kind] for fee in fees if kind in prices_of(fee)]
    if len(values) < FEWEST:
        return Spread(kind, len(values))
    return Spread(kind, len(values), *quartiles(values))


class Alike(StrEnum):
    """By what listings were taken for comparable."""

    SUBCLASS = "subclass"
    CLUSTER = "cluster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparables:
    """Listings on show that are like the one asked about, itself left out. `code` is an IPC subclass or a cluster's number."""

    alike: Alike
    code: str
    count: int
    free: int
    spreads: tuple[Spread, ...]
    as_of: date
    demonstration: bool = False

    @property
    def has_range(self) -> bool:
        """True where prices of at least one kind are enough to say something."""
        return any(spread.median is not None for spread in self.spreads)

    def spread(self, kind: PriceKind) -> Spread:
        return next((held for held in self.spreads if held.kind is kind), Spread(kind, 0))


def comparables_of(
    alike: Alike, code: str, fees: Sequence[Fee], *, as_of: date, demonstration: bool = False
) -> Comparables:
    spreads = tuple(spread for kind in PriceKind if (spread := spread_of(kind, fees)).count)
    free = sum(fee.method is PaymentMethod.FREE for fee in fees)
    return Comparables(
        alike=alike,
        code=code,
        count=len(fees),
        free=free,
        spreads=spreads,
        as_of=as_of,
        demonstration=demonstration,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IndustryRate:
    """A published figure, as staff imported it. `industry` is a section's letter, a division's code, or “all”."""

    industry: str
    year: str
    contracts: int
    source: str
    id: int = 0
    mean_yuan: Decimal | None = None
    median_yuan: Decimal | None = None
    mean_rate_percent: Decimal | None = None
    median_rate_percent: Decimal | None = None
    rate_basis: RoyaltyBasis | None = None
    link: str = ""

    @property
    def is_empty(self) -> bool:
        figures = (self.mean_yuan, self.median_yuan, self.mean_rate_percent, self.median_rate_percent)
        return all(figure is None for figure in figures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """All that is known. Empty parts are said to be empty: no figure without its source."""

    title: str = ""
    number: str = ""
    fee: Fee | None = None
    years_left: int | None = None
    comparables: Comparables | None = None
    references: tuple[IndustryRate, ...] = ()
    inputs: Inputs
    calculation: Calculation | None = None


class PriceDoubt(StrEnum):
    """Why a listed price is worth another look. Nobody is asked to change it."""

    A_YEAR = "a_year"
    HIGH = "high"
    LOW = "low"


def years_left(expires_on: date, on: date) -> int:
    """Whole years of protection, begun ones counted down."""
    whole = expires_on.year - on.year
    return max(whole - ((expires_on.month, expires_on.day) < (on.month, on.day)), 0)
