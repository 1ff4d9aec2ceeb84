"""A technical need: what a company looks for in public, until when, and who may learn whom to call.

Matching a need with a listing is information for both sides, never the recommendation of a product (Patent Law art. 79).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from backend.domain.errors import AssistantError

PURPOSE = "need"
READER_PURPOSE = "need_reader"
VERSION = "2026-11"  # of the wording in bot/texts/zh/flow_need.yml and need.yml
MOST_OPEN = 10  # of one follower
LONGEST_DAYS = 366


class NeedState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class NeedEnd(StrEnum):
    """Why a need was closed."""

    MET = "met"
    WITHDRAWN = "withdrawn"
    DEADLINE = "deadline"


class NeedNotFound(AssistantError):
    code = "need.not_found"


class TooManyNeeds(AssistantError):
    code = "need.too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """`ends_on` is the last day. `budget_yuan` is None for a need without a bound."""

    id: int
    openid: str
    problem: str
    industry: str
    place_code: str
    budget_yuan: Decimal | None
    ends_on: date
    contact_name: str
    contact_phone: str
    state: NeedState
    end: NeedEnd | None
    posted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedMatch:
    """A need and a patent of the pool. Contacts pass when both have agreed; `told` once the poster heard of it."""

    id: int
    need_id: int
    number: str
    score: Decimal
    at: datetime
    firm_agreed: bool
    holder_agreed: bool

    @property
    def both_agree(self) -> bool:
        return self.firm_agreed and self.holder_agreed


@dataclass(frozen=True, slots=True)
class NeedView:
    """A need with what fits it, best first: the match, the patent's title, whether the patent is still on show."""

    need: Need
    matches: tuple[tuple[NeedMatch, str], ...]


@dataclass(frozen=True, slots=True)
class HolderNeed:
    """A need as a holder sees it: which match, which of their patents, and the need without whom to call."""

    match: NeedMatch
    title: str
    need: Need


def months_later(day: date, count: int) -> date:
    """The same day of a later month, or its last: 31 January and one month is 28 or 29 February."""
    month = day.year * 12 + day.month - 1 + count
    year, month = divmod(month, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def masked_name(name: str) -> str:
    """The family name, and that there is more."""
    return f"{name[:1]}**" if name else ""


def masked_phone(phone: str) -> str:
    """Enough to see that there is one: 138******00."""
    return f"{phone[:3]}{'*' * max(len(phone) - 5, 3)}{phone[-2:]}" if len(phone) > 5 else "*" * len(phone)  # noqa: PLR2004 3 + 2 shown
