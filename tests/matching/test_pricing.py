"""Money: the three ways of payment are worth the same, quartiles are quartiles, and below five there is no range."""

from __future__ import annotations

import statistics
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.fees import Fee, PaymentMethod, RoyaltyBasis
from backend.domain.pricing import (
    CENT,
    FEWEST,
    Alike,
    Inputs,
    PriceInput,
    PriceKind,
    Spread,
    annuity_factor,
    calculate,
    comparables_of,
    prices_of,
    quartiles,
    spread_of,
    years_left,
)

SUMS = st.decimals(Decimal("0.01"), Decimal(10) ** 9, places=2)
SHARES = st.decimals(Decimal("0.05"), 1, places=2)
INPUTS = st.builds(
    Inputs,
    sales_yuan=st.decimals(1, Decimal(10) ** 9, places=2),
    rate_percent=st.decimals(Decimal("0.01"), 100, places=2),
    years=st.integers(1, 20),
    one_to_many=SHARES,
    interest_percent=st.decimals(0, 50, places=1),
    entry_share=SHARES,
)


@given(inputs=INPUTS)
def test_lump_sum_and_entry_fee_with_royalty_are_worth_the_same(inputs: Inputs) -> None:
    held = calculate(inputs)
    assert held is not None
    assert inputs.sales_yuan
    assert inputs.rate_percent
    assert inputs.years
    factor = annuity_factor(held.years, inputs.interest_percent)
    rest = inputs.sales_yuan * inputs.rate_percent * inputs.one_to_many * (1 - inputs.entry_share) / 100 * factor
    assert abs(held.entry_fee_yuan + rest - held.lump_sum_yuan) <= 2 * CENT
    assert held.lump_sum_yuan == held.lump_sum_yuan.quantize(CENT)
    assert held.reduced_royalty_percent <= held.royalty_percent <= inputs.rate_percent


@given(inputs=INPUTS, more=st.decimals(1, 3, places=1))
def test_more_sales_more_money_and_dearer_money_less(inputs: Inputs, more: Decimal) -> None:
    held = calculate(inputs)
    assert held is not None
    assert inputs.sales_yuan
    richer = calculate(replace(inputs, sales_yuan=inputs.sales_yuan * more))
    dearer = calculate(replace(inputs, interest_percent=inputs.interest_percent + 1))
    shorter = calculate(inputs, years_left=1)
    assert richer
    assert dearer
    assert shorter
    assert richer.lump_sum_yuan >= held.lump_sum_yuan >= dearer.lump_sum_yuan
    assert shorter.lump_sum_yuan <= held.lump_sum_yuan
    assert shorter.years == 1


def test_without_interest_it_is_plain_multiplication() -> None:
    held = calculate(
        Inputs(
            sales_yuan=Decimal(1_000_000),
            rate_percent=Decimal(4),
            years=5,
            one_to_many=Decimal("0.5"),
            interest_percent=Decimal(0),
        )
    )
    assert held is not None
    assert held.lump_sum_yuan == Decimal(100_000)
    assert (held.royalty_percent, held.entry_fee_yuan, held.reduced_royalty_percent) == (
        Decimal(2),
        Decimal(20_000),
        Decimal("1.6"),
    )
    assert not held.above_cap


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, tuple(PriceInput)),
        ({"sales_yuan": Decimal(1)}, (PriceInput.RATE, PriceInput.YEARS)),
        ({"sales_yuan": Decimal(1), "rate_percent": Decimal(3)}, (PriceInput.YEARS,)),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_made_up(changes: dict[str, Decimal], missing: tuple[str, ...]) -> None:
    inputs = Inputs(**changes)  # type: ignore[arg-type] # one field at a time
    assert inputs.missing == missing
    assert calculate(inputs) is None


def test_above_the_caps_it_says_so_and_still_calculates() -> None:
    held = calculate(Inputs(sales_yuan=Decimal(10) ** 9, rate_percent=Decimal(60), years=10, one_to_many=Decimal(1)))
    assert held is not None
    assert held.above_cap
    assert calculate(Inputs(sales_yuan=Decimal(1), rate_percent=Decimal(1), years=5), years_left=0) is None


@given(values=st.lists(SUMS, min_size=FEWEST, max_size=40))
def test_quartiles_are_those_of_the_standard_library(values: list[Decimal]) -> None:
    low, median, high = quartiles(values)
    expected = statistics.quantiles(values, n=4, method="inclusive")
    assert all(abs(one - other) <= CENT for one, other in zip((low, median, high), expected, strict=True))
    assert min(values) <= low <= median <= high <= max(values)


def lump(amount: object) -> Fee:
    return Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal(str(amount)))


@given(count=st.integers(0, 12))
def test_below_five_there_is_no_range(count: int) -> None:
    spread = spread_of(PriceKind.LUMP_SUM, [lump(1000 * (n + 1)) for n in range(count)])
    assert spread.count == count
    assert (spread.median is None) == (count < FEWEST)
    assert not Spread(PriceKind.LUMP_SUM, count).is_far(Decimal(10) ** 9)


def test_only_prices_of_one_kind_are_compared() -> None:
    royalty = Fee(
        method=PaymentMethod.RUNNING_ROYALTY, royalty_basis=RoyaltyBasis.NET_SALES, royalty_percent=Decimal(3)
    )
    both = replace(royalty, method=PaymentMethod.ENTRY_FEE_AND_ROYALTY, entry_fee_yuan=Decimal(5000))
    piece = Fee(method=PaymentMethod.RUNNING_ROYALTY, royalty_basis=RoyaltyBasis.UNIT, unit_yuan=Decimal(2))
    free = Fee(method=PaymentMethod.FREE)
    assert prices_of(free) == prices_of(piece) == {}
    assert prices_of(both) == {PriceKind.ENTRY_FEE: Decimal(5000), PriceKind.NET_SALES: Decimal(3)}
    fees = [free, free, royalty, both, *(lump(n) for n in (10_000, 20_000, 30_000, 40_000, 50_000))]
    found = comparables_of(Alike.SUBCLASS, "H01M", fees, as_of=date(2026, 3, 2))
    assert (found.count, found.free) == (9, 2)
    assert found.spread(PriceKind.NET_SALES) == Spread(PriceKind.NET_SALES, 2)
    assert found.spread(PriceKind.LUMP_SUM).median == Decimal(30_000)
    assert found.spread(PriceKind.PROFIT).count == 0
    assert found.spread(PriceKind.LUMP_SUM).is_far(Decimal(90_000))
    assert found.spread(PriceKind.LUMP_SUM).is_far(Decimal(10_000))
    assert not found.spread(PriceKind.LUMP_SUM).is_far(Decimal(60_000))


def test_years_left_are_whole_ones() -> None:
    assert years_left(date(2031, 3, 2), date(2026, 3, 2)) == 5
    assert years_left(date(2031, 3, 1), date(2026, 3, 2)) == 4
    assert years_left(date(2020, 1, 1), date(2026, 3, 2)) == 0
