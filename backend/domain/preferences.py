"""What a follower wants to hear of, how often, and when they are left in peace.

Days, weeks and months are those of Hubei, which has no summer time. Whether something was sent “since the beginning of the
period” is asked, never “how many hours ago”: a clock put back cannot make a second message of a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from backend.domain.clock import CHINA

VERSION = "2026-11"  # of what a follower agrees to when they agree to recommendations (bot/texts/zh/preference.yml)
QUIET_FROM, QUIET_UNTIL = 21, 8  # hours; nobody is disturbed between them, whatever they chose
PAUSE_DAYS = 30


class Frequency(StrEnum):
    """At most one recommendation in this time."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"

    def begin(self, at: datetime) -> datetime:
        """When the period that `at` falls into began."""
        day = at.astimezone(CHINA).date()
        if self is Frequency.WEEKLY:
            day -= timedelta(days=day.weekday())
        elif self is Frequency.MONTHLY:
            day = day.replace(day=1)
        return _at_hour(day, 0)

    def next(self, at: datetime) -> datetime:
        """When the next period begins."""
        day = self.begin(at).date()
        if self is Frequency.MONTHLY:
            return _at_hour((day + timedelta(days=31)).replace(day=1), 0)
        return _at_hour(day + timedelta(days=7 if self is Frequency.WEEKLY else 1), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """`topics` are 51020 clusters or words, `places` codes of places; empty is all of them. The quiet hours are those of
    the house or longer. `paused_until`: nothing that comes unasked before then."""

    topics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    frequency: Frequency = Frequency.DAILY
    quiet_from: int = QUIET_FROM
    quiet_until: int = QUIET_UNTIL
    paused_until: datetime | None = None

    def is_paused(self, at: datetime) -> bool:
        return self.paused_until is not None and at < self.paused_until

    def is_quiet(self, at: datetime) -> bool:
        hour = at.astimezone(CHINA).hour
        return hour >= min(self.quiet_from, QUIET_FROM) or hour < max(self.quiet_until, QUIET_UNTIL)

    def after_quiet(self, at: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours it falls into."""
        if not self.is_quiet(at):
            return at
        local = at.astimezone(CHINA)
        until = max(self.quiet_until, QUIET_UNTIL)
        return _at_hour(local.date() + timedelta(days=local.hour >= until), until)


HOUSE = Preference()


@dataclass(frozen=True, slots=True)
class Chosen:
    """What holds for a follower; `wanted` is whether they agreed to recommendations at all."""

    preference: Preference = HOUSE
    wanted: bool = False


def _at_hour(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), CHINA)
