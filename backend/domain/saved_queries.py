"""Saved queries: what a follower wants to hear of, how often, and when they are left in peace.

Days are those of Hubei, which has no summer time; a clock that is put back never makes a second digest of a day, because a
digest is named after its day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from backend.domain.clock import CHINA, day_of
from backend.domain.errors import AssistantError
from backend.domain.queries import PatentQuery

PURPOSE = "alerts"
VERSION = "2026-11"  # of the wording in bot/texts/zh/subscription.yml; a change of meaning needs a new one
MOST_SAVED = 20  # of one follower
DIGEST_AT = time(9)
QUIET_FROM, QUIET_UNTIL = time(21), time(8)
MONDAY = 0


class Cadence(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"


class Change(StrEnum):
    """What happened to a patent in the pool. STANDING is told to those who follow the patent, and to nobody else."""

    NEW = "new"
    REPRICED = "repriced"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    STANDING = "standing"


class TooManySaved(AssistantError):
    code = "subscription.too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQuery:
    id: int
    openid: str
    query: PatentQuery
    cadence: Cadence
    paused: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Saving:
    """What saving did: the query as it is now kept, and whether the same one was kept before."""

    saved: SavedQuery
    known: bool


def at_hour(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, CHINA)


def next_digest(cadence: Cadence, after: datetime) -> datetime:
    """The first moment behind `after` at which a digest of this cadence is due: nine o'clock, weekly ones on Mondays."""
    day = day_of(after)
    if at_hour(day, DIGEST_AT) <= after:
        day += timedelta(days=1)
    if cadence is Cadence.WEEKLY:
        day += timedelta(days=(MONDAY - day.weekday()) % 7)
    return at_hour(day, DIGEST_AT)


def is_quiet(at: datetime) -> bool:
    """Between nine in the evening and eight in the morning nobody is disturbed."""
    hour = at.astimezone(CHINA).time()
    return hour >= QUIET_FROM or hour < QUIET_UNTIL


def not_before_morning(at: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into."""
    if not is_quiet(at):
        return at
    local = at.astimezone(CHINA)
    return at_hour(local.date() + timedelta(days=local.time() >= QUIET_FROM), QUIET_UNTIL)


def digest_key(day: date) -> str:
    """The notice key of a follower's digest: there is one a day, whatever the clock does."""
    return f"digest:{day.isoformat()}"
