"""Annuities: how much, until when, and what becomes of a right whose annuity is missing.

Patent years run from the filing date. The annuity of the year of the grant is paid with the grant; every later one before
the year before it ends. Six months remain to pay late, with 5 % of the annuity more for each month begun after the first;
then the right has lapsed as of the day on which the annuity was due (Patent Law art. 43 and 44, Implementing Regulations
art. 114 and 115). Amounts are whole yuan without any reduction.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from backend.domain.patents import PatentKind, anniversary, term_years

LATE_MONTHS = 6
SURCHARGE_PERCENT = (0, 5, 10, 15, 20, 25)  # of the full annuity, in the first to the sixth month after the due day
_UTILITY = ((3, 600), (5, 900), (8, 1200), (10, 2000))
FEES: dict[PatentKind, tuple[tuple[int, int], ...]] = {  # up to which year, how many yuan
    PatentKind.INVENTION: ((3, 900), (6, 1200), (9, 2000), (12, 4000), (15, 6000), (20, 8000)),
    PatentKind.UTILITY_MODEL: _UTILITY,
    PatentKind.DESIGN: (*_UTILITY, (15, 3000)),
}


def annuity_yuan(kind: PatentKind, year: int) -> Decimal:
    """The full annuity of a patent year from 1 on. Raises ValueError beyond the term."""
    for up_to, yuan in FEES[kind]:
        if year <= up_to:
            return Decimal(yuan)
    raise ValueError(year)


def patent_year(filed_on: date, on: date) -> int:
    """Which patent year a day falls in, from 1."""
    year = on.year - filed_on.year
    return year + 1 if anniversary(filed_on, year) <= on else year


def months_later(day: date, months: int) -> date:
    """The corresponding day; the month's last where there is none (Implementing Regulations art. 5)."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class AnnuityStanding(StrEnum):
    PAID = "paid"
    LATE = "late"  # may still be paid, with the surcharge; no open license meanwhile (art. 86 (3))
    LAPSED = "lapsed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnuityDue:
    """The next annuity that is not paid. `surcharge_yuan` is what paying on the day asked about costs more."""

    standing: AnnuityStanding
    year: int | None = None
    due_on: date | None = None
    late_until: date | None = None
    amount_yuan: Decimal | None = None
    surcharge_yuan: Decimal = Decimal(0)


def annuity_due(kind: PatentKind, filed_on: date, paid_until: date | None, on: date) -> AnnuityDue:
    """`paid_until` is the last day of the patent years that are paid, as the register has it; without it: UNKNOWN.

    `year` and what hangs on it are None where no annuity is left to pay before the term ends.
    """
    if paid_until is None:
        return AnnuityDue(standing=AnnuityStanding.UNKNOWN)
    year = max(patent_year(filed_on, paid_until + timedelta(days=1)), 1)  # a year half paid is not paid
    due_on = anniversary(filed_on, year - 1)
    if year > term_years(kind, filed_on):
        return AnnuityDue(standing=AnnuityStanding.PAID)
    late_until = months_later(due_on, LATE_MONTHS)
    amount = annuity_yuan(kind, year)
    standing, surcharge = AnnuityStanding.PAID, Decimal(0)
    if on > late_until:
        standing = AnnuityStanding.LAPSED
    elif on > due_on:
        standing = AnnuityStanding.LATE
        surcharge = amount * _surcharge_percent(due_on, on) / 100
    return AnnuityDue(
        standing=standing,
        year=year,
        due_on=due_on,
        late_until=late_until,
        amount_yuan=amount,
        surcharge_yuan=surcharge,
    )


def _surcharge_percent(due_on: date, on: date) -> int:
    month = next(month for month in range(1, LATE_MONTHS + 1) if on <= months_later(due_on, month))
    return SURCHARGE_PERCENT[month - 1]
