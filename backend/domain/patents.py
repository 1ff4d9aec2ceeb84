"""Kinds of patents and how long they last (Patent Law art. 42)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

DESIGN_TERM_CHANGED_ON = date(2021, 6, 1)


class PatentKind(StrEnum):
    """The three kinds of art. 2."""

    INVENTION = "invention"
    UTILITY_MODEL = "utility_model"
    DESIGN = "design"


def term_years(kind: PatentKind, filed_on: date) -> int:
    """Years of protection from the filing date: 20, 10, 15; designs filed before 2021-06-01 have 10."""
    if kind is PatentKind.INVENTION:
        return 20
    if kind is PatentKind.UTILITY_MODEL or filed_on < DESIGN_TERM_CHANGED_ON:
        return 10
    return 15


def anniversary(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes 28 February where there is none (rule 5: the month's last day)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def expires_on(kind: PatentKind, filed_on: date) -> date:
    """The day the patent right ends, not counting any term compensation, which only the register knows."""
    return anniversary(filed_on, term_years(kind, filed_on))


def requires_evaluation_report(kind: PatentKind) -> bool:
    """Utility models and designs are granted without substantive examination (Patent Law art. 50)."""
    return kind in {PatentKind.UTILITY_MODEL, PatentKind.DESIGN}
